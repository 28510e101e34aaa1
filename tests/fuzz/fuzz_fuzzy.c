/* fuzz_fuzzy.c -- any text as words behind a key, cut at zero bytes: each is near if and only if the whole table of
 * distances says so, whatever came before it; and where a beginning is dead, no word that begins so is near. */
#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "index/fuzzy.h"

enum { MOST = LIMIT_WORD };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned spell(struct span s, uint32_t letters[MOST])
{
    unsigned count = 0;

    for (size_t i = 0; i < s.len; count++)
        i += utf8_next(s.at + i, s.at + s.len, &letters[count]);
    return count;
}

/* Left out, put in, put for another, two neighbours that changed places. */
static unsigned distance(struct span a, struct span b)
{
    static unsigned rows[MOST + 1][MOST + 1];
    uint32_t x[MOST], y[MOST];
    unsigned n = spell(a, x), m = spell(b, y);

    for (unsigned i = 0; i <= n; i++)
        for (unsigned j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            rows[i][j] =
                least(rows[i - 1][j - 1] + (x[i - 1] != y[j - 1]), least(rows[i - 1][j], rows[i][j - 1]) + 1);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    return rows[n][m];
}

static struct span next_word(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *from = *at, *zero = memchr(from, 0, (size_t)(end - from));
    size_t n = (size_t)((zero ? zero : end) - from);

    *at = zero ? zero + 1 : end;
    return (struct span){(const char *)from, n < MOST ? n : MOST};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const uint8_t *at = data, *end = data + len;
    struct fuzzy_walk walk = {.len = 0};
    struct fuzzy f;
    struct span key;

    if (len == 0)
        return 0;
    key = next_word(&at, end);
    if (!utf8_valid(key, NULL) || !fuzzy_init(&f, key))
        return 0;
    for (unsigned words = 0; at < end && words < 50; words++) {
        struct span word = next_word(&at, end);
        unsigned apart;
        bool near;

        if (!utf8_valid(word, NULL)) /* no term is */
            continue;
        near = fuzzy_is_near(&walk, &f, word);
        apart = distance(key, word);
        assert(near == (apart <= f.most));
        assert(!near || fuzzy_distance(&walk, &f) == apart);
        assert(!near || !walk.dead);
    }
    return 0;
}
