#include "index/text_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { SLOTS = 4096 }; /* a power of two; blocks are 8 KiB mostly */

#define KEPT_MAX (16 * MiB)

struct kept {
    uint64_t address;
    size_t len;
    uint8_t bytes[];
};

/* A table of open places for finding them, and a ring of the same in the order of their coming. */
struct text_cache {
    pthread_mutex_t lock;
    struct kept *slots[SLOTS];
    uint64_t ring[SLOTS / 2];
    size_t first, count, bytes;
};

struct text_cache *text_cache_new(void)
{
    struct text_cache *c = calloc(1, sizeof *c);

    if (c)
        (void)pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void forget_all(struct text_cache *c)
{
    for (size_t i = 0; i < SLOTS; i++) {
        free(c->slots[i]);
        c->slots[i] = NULL;
    }
    c->first = c->count = c->bytes = 0;
}

void text_cache_free(struct text_cache *c)
{
    if (!c)
        return;
    forget_all(c);
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

static size_t home(uint64_t address)
{
    return (size_t)(address * UINT64_C(0x9E3779B97F4A7C15) >> 40) % SLOTS;
}

/* Where the block is, or the free place where it would be. */
static size_t find(const struct text_cache *c, uint64_t address)
{
    size_t at = home(address);

    while (c->slots[at] && c->slots[at]->address != address)
        at = (at + 1) % SLOTS;
    return at;
}

/* Takes a block out; those behind it move up, so that no search stops short of them. */
static void drop(struct text_cache *c, uint64_t address)
{
    size_t hole = find(c, address);

    if (!c->slots[hole])
        return;
    c->bytes -= c->slots[hole]->len;
    free(c->slots[hole]);
    c->slots[hole] = NULL;
    for (size_t at = (hole + 1) % SLOTS; c->slots[at]; at = (at + 1) % SLOTS) {
        size_t from = home(c->slots[at]->address);

        if ((at - from) % SLOTS < (at - hole) % SLOTS)
            continue;
        c->slots[hole] = c->slots[at];
        c->slots[at] = NULL;
        hole = at;
    }
}

bool text_cache_copy(struct text_cache *c, uint64_t address, size_t from, size_t len, char *out, size_t *got)
{
    const struct kept *k;

    if (!c)
        return false;
    (void)pthread_mutex_lock(&c->lock);
    if ((k = c->slots[find(c, address)])) {
        *got = from < k->len ? k->len - from : 0;
        *got = *got < len ? *got : len;
        memcpy(out, k->bytes + from, *got);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return k;
}

void text_cache_keep(struct text_cache *c, uint64_t address, const uint8_t *bytes, size_t len)
{
    struct kept *k = c ? malloc(sizeof *k + len) : NULL;
    size_t at;

    if (!k)
        return;
    k->address = address;
    k->len = len;
    memcpy(k->bytes, bytes, len);
    (void)pthread_mutex_lock(&c->lock);
    drop(c, address);
    while (c->count && (c->bytes + len > KEPT_MAX || c->count == SLOTS / 2)) {
        drop(c, c->ring[c->first]);
        c->first = (c->first + 1) % (SLOTS / 2);
        c->count--;
    }
    at = find(c, address);
    c->slots[at] = k;
    c->bytes += len;
    c->ring[(c->first + c->count++) % (SLOTS / 2)] = address;
    (void)pthread_mutex_unlock(&c->lock);
}

void text_cache_clear(struct text_cache *c)
{
    (void)pthread_mutex_lock(&c->lock);
    forget_all(c);
    (void)pthread_mutex_unlock(&c->lock);
}
