#include "wire/cache.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { TRIES = 4 /* at a slot that is being written */ };

uint64_t cache_hash(uint64_t seed, struct span key)
{
    return XXH3_64bits_withSeed(key.at, key.len, seed);
}

uint64_t cache_check(uint64_t seed, struct span key, struct span value)
{
    return XXH3_64bits_withSeed(value.at, value.len, XXH3_64bits_withSeed(key.at, key.len, ~seed));
}

/* ---- mapping ----------------------------------------------------------------------------------------- */

#if CACHE_READABLE

static bool is_power(uint32_t n)
{
    return n && !(n & (n - 1));
}

/* Does everything that the header names lie inside the segment? */
static bool fits(const struct cache_header *h, size_t size)
{
    uint64_t end = h->buckets_at + (uint64_t)h->bucket_count * CACHE_WAYS * sizeof(uint64_t);

    if (h->buckets_at % 64 || h->buckets_at < sizeof *h || h->buckets_at > size ||
        !is_power(h->bucket_count) || end > size || h->class_count == 0 || h->class_count > 8)
        return false;
    for (uint32_t i = 0; i < h->class_count; i++) {
        const struct cache_class *k = &h->classes[i];

        if (k->at % 64 || k->slot_size % 64 || k->slot_size < 128 || k->slot_size > size || k->at > size ||
            (uint64_t)k->slot_count * k->slot_size > size - k->at)
            return false;
    }
    return true;
}

/* Takes the geometry over: from here on nothing of it is read from the segment again. */
static bool adopt(struct cache *c, const struct cache_header *shared, size_t size, const uint8_t *instance)
{
    struct cache_header h;

    memcpy(&h, shared,
           offsetof(struct cache_header, generation)); /* this part never changes, unless it lies */
    if (memcmp(h.magic, "QUOTED\0", sizeof h.magic) != 0 || h.major != CACHE_MAJOR || h.order != 0x01020304 ||
        h.size > size || h.key_rules != CACHE_KEY_RULES ||
        memcmp(h.instance, instance, CACHE_INSTANCE) != 0 || !fits(&h, (size_t)h.size))
        return false;
    *c = (struct cache){.at = shared,
                        .size = size,
                        .seed = h.seed,
                        .buckets_at = h.buckets_at,
                        .bucket_count = h.bucket_count,
                        .class_count = h.class_count};
    memcpy(c->classes, h.classes, sizeof c->classes);
    return true;
}

bool cache_map(struct cache *c, int fd, const uint8_t instance[CACHE_INSTANCE])
{
    int seals = fcntl(fd, F_GET_SEALS);
    struct stat st;
    void *at;

    *c = (struct cache){.at = NULL};
    if (seals < 0 || !(seals & F_SEAL_SHRINK) || fstat(fd, &st) ||
        st.st_size < (off_t)sizeof(struct cache_header))
        return false;
    at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        return false;
    (void)madvise(at, (size_t)st.st_size, MADV_DONTDUMP); /* what others ask does not belong in our core */
    if (adopt(c, at, (size_t)st.st_size, instance))
        return true;
    (void)munmap(at, (size_t)st.st_size);
    return false;
}

void cache_unmap(struct cache *c)
{
    if (c->at)
        (void)munmap((void *)(uintptr_t)c->at, c->size);
    c->at = NULL;
}

/* ---- looking up -------------------------------------------------------------------------------------- */

/* The slot that a way names, if there is one. *room: bytes for key and value. */
static const struct cache_slot *slot_at(const struct cache *c, uint64_t way, size_t *room)
{
    unsigned class = (unsigned)(way >> 32 & 15);
    uint32_t number = (uint32_t)way - 1;

    if (class >= c->class_count || number >= c->classes[class].slot_count)
        return NULL;
    *room = c->classes[class].slot_size - sizeof(struct cache_slot);
    return (const void *)((const char *)c->at + c->classes[class].at +
                          (size_t)number * c->classes[class].slot_size);
}

/* Copies words, of which the last may be cut. */
static void copy_words(const _Atomic uint64_t *from, char *to, size_t len)
{
    uint64_t word;

    for (; len >= sizeof word; len -= sizeof word, to += sizeof word) {
        word = atomic_load_explicit(from++, memory_order_relaxed);
        memcpy(to, &word, sizeof word);
    }
    if (len) {
        word = atomic_load_explicit(from, memory_order_relaxed);
        memcpy(to, &word, len);
    }
}

/* One look at a slot: the length of the value; -1: it is another key's, or odd; -2: it was being written. */
static long look(const struct cache *c, const struct cache_slot *slot, size_t room, uint64_t hash,
                 uint64_t generation, struct span key, char *out, size_t size)
{
    uint64_t seq = atomic_load_explicit(&slot->seq, memory_order_acquire), check;
    uint32_t key_len = atomic_load_explicit(&slot->key_len, memory_order_relaxed);
    uint32_t value_len = atomic_load_explicit(&slot->value_len, memory_order_relaxed);
    char ours[CACHE_KEY];

    if (seq & 1)
        return -2;
    if (atomic_load_explicit(&slot->hash, memory_order_relaxed) != hash || key_len != key.len ||
        value_len > size || value_len > room || cache_room(key_len) > room - value_len ||
        atomic_load_explicit(&slot->generation, memory_order_relaxed) != generation)
        return atomic_load_explicit(&slot->seq, memory_order_acquire) == seq ? -1 : -2;
    check = atomic_load_explicit(&slot->check, memory_order_relaxed);
    copy_words(slot->words, ours, key.len);
    copy_words(slot->words + cache_room(key.len) / 8, out, value_len);
    atomic_thread_fence(memory_order_acquire);
    if (atomic_load_explicit(&slot->seq, memory_order_relaxed) != seq)
        return -2;
    if (memcmp(ours, key.at, key.len) != 0 ||
        cache_check(c->seed, key, (struct span){out, value_len}) != check)
        return -1;
    return (long)value_len;
}

long cache_get_at(const struct cache *c, struct span key, char *out, size_t size, uint64_t *at)
{
    const _Atomic uint64_t *bucket;
    uint64_t hash, generation;

    if (!cache_alive(c) || key.len == 0 || key.len > CACHE_KEY)
        return -1;
    hash = cache_hash(c->seed, key);
    generation = atomic_load_explicit(&c->at->generation, memory_order_acquire);
    bucket = (const void *)((const char *)c->at + c->buckets_at +
                            (hash & (c->bucket_count - 1)) * CACHE_WAYS * sizeof(uint64_t));
    for (unsigned i = 0; generation && i < CACHE_WAYS; i++) {
        uint64_t way = atomic_load_explicit(&bucket[i], memory_order_acquire);
        const struct cache_slot *slot;
        size_t room;
        long n = -1;

        if (way >> 36 != cache_tag(hash) || !(uint32_t)way || !(slot = slot_at(c, way, &room)))
            continue;
        for (int tries = 0;
             tries < TRIES && (n = look(c, slot, room, hash, generation, key, out, size)) == -2; tries++)
            ;
        if (n >= 0) {
            *at = cache_slot_of(way);
            return n;
        }
    }
    return -1;
}

#else

bool cache_map(struct cache *c, int fd, const uint8_t instance[CACHE_INSTANCE])
{
    (void)fd, (void)instance;
    *c = (struct cache){.at = NULL};
    return false;
}

void cache_unmap(struct cache *c)
{
    c->at = NULL;
}

long cache_get_at(const struct cache *c, struct span key, char *out, size_t size, uint64_t *at)
{
    (void)c, (void)key, (void)out, (void)size, (void)at;
    return -1;
}

#endif

long cache_get(const struct cache *c, struct span key, char *out, size_t size)
{
    uint64_t at;

    return cache_get_at(c, key, out, size, &at);
}
