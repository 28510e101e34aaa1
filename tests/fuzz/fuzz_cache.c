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

static void make(void)
{
    char detail[CACHED_WORDS];
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);

    assert(c);
    for (unsigned n = 0; n < QUESTIONS; n++)
        keep(c, n, 0, 1, CACHED_ALWAYS);
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
            assert(has(&r, n, 0) != 0);
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
