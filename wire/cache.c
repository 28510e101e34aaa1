#include "wire/cache.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

enum { TRIES = 4 /* at a slot that is being written */ };

uint64_t cache_hash(uint64_t seed, struct span key)
{
    return XXH3_64bits_withSeed(key.at, key.len, seed);
}

/* ---- the check --------------------------------------------------------------------------------------- */

/* Both halves of a product hang on every bit of both factors: the mixing step of wyhash (Wang Yi, public domain). */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static const uint64_t odd[4] = {0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3,
                                0x589965cc75374cc3};

/* Copies a word, where it is wanted. */
static inline uint64_t word_to(char *to, size_t at, const _Atomic uint64_t *from)
{
    uint64_t word = atomic_load_explicit(from + at / 8, memory_order_relaxed);

    if (to)
        memcpy(to + at, &word, sizeof word);
    return word;
}

/* Copies two and mixes them into a lane. */
static inline uint64_t two_to(char *to, size_t at, const _Atomic uint64_t *from, uint64_t lane, uint64_t with)
{
    uint64_t a = word_to(to, at, from), b = word_to(to, at + 8, from);

    return mix(a ^ with, b ^ lane);
}

/* Copies words, of which the last may be cut, and makes their check on the way: reading the copy again would cost as much as
 * all the rest of a lookup. Four lanes, which do not wait for each other. `to` may be NULL. */
static inline uint64_t copy_words(const _Atomic uint64_t *from, char *to, size_t len, uint64_t hash)
{
    uint64_t lane0 = hash, lane1 = ~hash, lane2 = hash, lane3 = ~hash, last = 0;
    size_t at = 0;

    for (; len - at >= 64; at += 64) {
        lane0 = two_to(to, at, from, lane0, odd[0]);
        lane1 = two_to(to, at + 16, from, lane1, odd[1]);
        lane2 = two_to(to, at + 32, from, lane2, odd[2]);
        lane3 = two_to(to, at + 48, from, lane3, odd[3]);
    }
    for (; len - at >= 16; at += 16)
        lane0 = two_to(to, at, from, lane0, odd[1]);
    if (len - at >= 8) {
        lane1 = mix(word_to(to, at, from) ^ odd[2], lane1);
        at += 8;
    }
    if (len > at) {
        uint64_t word = word_to(NULL, at, from);

        memcpy(&last, &word, len - at);
        if (to)
            memcpy(to + at, &word, len - at);
    }
    return mix(mix(lane0 ^ odd[0], lane1 ^ last), mix(lane2 ^ odd[1], lane3 ^ len));
}

uint64_t cache_check(const _Atomic uint64_t *words, size_t len, uint64_t hash)
{
    return copy_words(words, NULL, len, hash);
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

/* Memory that cannot go away under a reader: it cannot be cut, no hole can be made in it, and it has none. Else one look at it
 * could be a SIGBUS, when it was cut or when there is no memory left to fill the hole. */
static bool is_solid(int fd, struct stat *st)
{
    int seals = fcntl(fd, F_GET_SEALS);

    return seals >= 0 && seals & F_SEAL_SHRINK && seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) &&
           fstat(fd, st) == 0 && st->st_blocks >= st->st_size / 512;
}

bool cache_map(struct cache *c, int fd, const uint8_t instance[CACHE_INSTANCE])
{
    struct stat st;
    void *at;

    *c = (struct cache){.at = NULL};
    if (!is_solid(fd, &st) || st.st_size < (off_t)sizeof(struct cache_header))
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

/* Are these words those of the key? The last of them is padded. */
static bool is_key(const _Atomic uint64_t *words, struct span key)
{
    uint64_t ours, differ = 0;
    size_t at = 0;

    for (; at + sizeof ours <= key.len; at += sizeof ours) {
        memcpy(&ours, key.at + at, sizeof ours);
        differ |= ours ^ atomic_load_explicit(words++, memory_order_relaxed);
    }
    if (at < key.len) {
        uint64_t word = atomic_load_explicit(words, memory_order_relaxed);

        ours = word;
        memcpy(&ours, key.at + at, key.len - at);
        differ |= ours ^ word;
    }
    return !differ;
}

/* One look at a slot: the length of the value; -1: it is another key's, or odd; -2: it was being written. */
static long look(const struct cache_slot *slot, size_t room, uint64_t hash, uint64_t generation,
                 struct span key, char *out, size_t size)
{
    uint64_t seq = atomic_load_explicit(&slot->seq, memory_order_acquire), check;
    uint32_t key_len = atomic_load_explicit(&slot->key_len, memory_order_relaxed);
    uint32_t value_len = atomic_load_explicit(&slot->value_len, memory_order_relaxed);
    bool same, fits;

    if (seq & 1)
        return -2;
    if (atomic_load_explicit(&slot->hash, memory_order_relaxed) != hash || key_len != key.len ||
        value_len > size || value_len > room || cache_room(key_len) > room - value_len ||
        atomic_load_explicit(&slot->generation, memory_order_relaxed) != generation)
        return atomic_load_explicit(&slot->seq, memory_order_acquire) == seq ? -1 : -2;
    check = atomic_load_explicit(&slot->check, memory_order_relaxed);
    same = is_key(slot->words, key);
    fits = copy_words(slot->words + cache_room(key.len) / 8, out, value_len, hash) == check;
    atomic_thread_fence(memory_order_acquire);
    if (atomic_load_explicit(&slot->seq, memory_order_relaxed) != seq)
        return -2;
    return same && fits ? (long)value_len : -1;
}

long cache_get(const struct cache *c, struct span key, char *out, size_t size)
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
        for (int tries = 0; tries < TRIES && (n = look(slot, room, hash, generation, key, out, size)) == -2;
             tries++)
            ;
        if (n >= 0)
            return n;
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

long cache_get(const struct cache *c, struct span key, char *out, size_t size)
{
    (void)c, (void)key, (void)out, (void)size;
    return -1;
}

#endif
