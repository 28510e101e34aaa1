/* A segment of the cache in which any words have been written over: what is read from it is an answer that was kept, whole,
 * or a miss. The input is places and words. */
#include <assert.h>
#include <stdint.h>

#include "tests/cache_segment.h"

enum { QUESTIONS = 40, PIECE = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct copy copy;
static uint8_t *good;
static struct cache_header head;
static char wanted[QUESTIONS][CACHE_VALUE], got[CACHE_VALUE];

/* What is read as the answer to question n is that answer, if anything. */
static void look(const struct cache *r, unsigned n)
{
    char key[64];
    long len = cache_get(r, question(n, key), got, sizeof got);

    assert(len < 0 || ((size_t)len == answer(n, 0, NULL).len && memcmp(got, wanted[n], (size_t)len) == 0));
}

static void make(void)
{
    char detail[CACHED_WORDS];
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);

    assert(c);
    for (unsigned n = 0; n < QUESTIONS; n++) {
        keep(c, n, 0, 1, CACHED_ALWAYS);
        (void)answer(n, 0, wanted[n]);
    }
    copy = copy_of(c);
    good = malloc(copy.size);
    assert(good);
    memcpy(good, copy.at, copy.size);
    memcpy(&head, good, sizeof head);
    /* c stays: its guard keeps the segment alive */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cache r;

    if (!good)
        make();
    for (size_t i = 0; i + PIECE <= len; i += PIECE) {
        uint32_t at;

        memcpy(&at, data + i, 4);
        at %= (uint32_t)(copy.size - 8);
        memcpy(copy.at + at, data + i + 4, 8);
    }
    if (cache_map(&r, copy.fd, head.instance)) {
        for (unsigned n = 0; n < QUESTIONS; n++)
            look(&r, n);
        cache_unmap(&r);
    }
    for (size_t i = 0; i + PIECE <= len; i += PIECE) {
        uint32_t at;

        memcpy(&at, data + i, 4);
        at %= (uint32_t)(copy.size - 8);
        memcpy(copy.at + at, good + at, 8);
    }
    return 0;
}
