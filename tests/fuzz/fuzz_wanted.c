/* Any bytes as the file of what was wanted, and the same bytes as rows behind a right head: what is read are keys of a length
 * that keys have, and each is a question that has this key again, or none. */
#include <assert.h>
#include <stdint.h>

#include "daemon/wanted.h"
#include "wire/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void walk(struct span file)
{
    struct buf params = BUF_INIT(8 * CACHE_KEY);
    struct span rows;
    struct wanted w;
    unsigned count = 0;

    if (!wanted_rows(file, &rows))
        return;
    for (; wanted_next(&rows, &w); count++) {
        const struct request_row *row = question_of(w.key, &params);
        char key[CACHE_KEY];

        assert(w.asked >= 1 && w.asked <= WANTED_ASKED && w.key.len >= 1 && w.key.len <= CACHE_KEY);
        if (row) {
            size_t n = question_key((struct span){row->name, row->len}, buf_view(&params), key);
            assert(row->kept != KEPT_NEVER && span_eq(w.key, (struct span){key, n}));
        }
    }
    assert(rows.len == 0 && count <= WANTED_KEYS);
    buf_fini(&params);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct buf file = BUF_INIT(WANTED_FILE);

    walk((struct span){(const char *)data, len});
    if (len) { /* the first byte: how many rows it says */
        wanted_file(&file, (struct span){(const char *)data + 1, len - 1}, data[0]);
        walk(buf_view(&file));
    }
    buf_fini(&file);
    return 0;
}
