/* Any bytes as the parameters of any request: the key is short enough, the same when asked for again, and is turned back into a
 * question that has it, unless it is no UTF-8. The first byte of the input chooses the request. */
#include <assert.h>
#include <stdint.h>

#include "base/utf8.h"
#include "wire/question.h"

static bool is_utf8(struct span s)
{
    for (size_t i = 0, n; i < s.len; i += n) {
        uint32_t cp;

        n = utf8_next(s.at + i, s.at + s.len, &cp);
        if (cp == UTF8_BAD && n == 1)
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct request_row *row = &request_rows[len ? data[0] % REQUESTS : 0];
    struct span method = {row->name, row->len}, params = {(const char *)data + (len > 0), len ? len - 1 : 0};
    struct buf back = BUF_INIT(8 * CACHE_KEY);
    char key[CACHE_KEY], again[CACHE_KEY];
    size_t n = question_key(method, params, key);

    assert(n <= CACHE_KEY && (n == 0 || row->kept != KEPT_NEVER));
    assert(question_key(method, params, again) == n && memcmp(key, again, n) == 0);
    assert(n == 0 || (n > row->len && memcmp(key, row->name, row->len) == 0 && key[row->len] == '\0'));
    assert(n == 0 || question_of((struct span){key, n}, &back) == row || !is_utf8((struct span){key, n}));
    buf_fini(&back);
    return 0;
}
