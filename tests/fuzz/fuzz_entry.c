/* fuzz_entry.c -- any bytes as a record of the dictionary: terms rise, and each that a walk gives is found by itself. */
#include <assert.h>
#include <stddef.h>

#include "index/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span record = {(const char *)data, len};
    char before[LIMIT_TERM];
    size_t before_len = 0;
    struct entry_reader r;

    entry_open(&r, record);
    while (entry_next(&r) == 1) {
        struct term_entry walked, found;
        int rc = entry_read(r.tail, &walked);

        assert(r.len > 0 && r.len <= LIMIT_TERM &&
               span_cmp((struct span){before, before_len}, entry_term(&r)) < 0);
        assert(entry_find(record, entry_term(&r), &found) == rc);
        if (rc == 1)
            assert(walked.df > 0 && walked.cf >= walked.df && found.df == walked.df &&
                   found.cf == walked.cf && found.far == walked.far && found.list.at == walked.list.at &&
                   found.list.len == walked.list.len);
        memcpy(before, r.term, r.len);
        before_len = r.len;
    }
    return 0;
}
