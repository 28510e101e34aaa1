/* Any bytes as the parameters of any request: the key is short enough, the same when asked for again, and other parameters
 * have it only where they mean the same. The first byte of the input chooses the request. */
#include <assert.h>
#include <stdint.h>

#include "wire/question.h"
#include "wire/requests.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct request_row *row = &request_rows[len ? data[0] % REQUESTS : 0];
    struct span method = {row->name, row->len}, params = {(const char *)data + (len > 0), len ? len - 1 : 0};
    char key[CACHE_KEY], again[CACHE_KEY];
    size_t n = question_key(method, params, key);

    assert(n <= CACHE_KEY && (n == 0 || row->kept != KEPT_NEVER));
    assert(question_key(method, params, again) == n && memcmp(key, again, n) == 0);
    assert(n == 0 || (n > row->len && memcmp(key, row->name, row->len) == 0 && key[row->len] == '\0'));
    return 0;
}
