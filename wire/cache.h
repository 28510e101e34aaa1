/* cache.h -- answers in shared memory: how the segment looks, and how it is read.
 *
 * The daemon keeps the answers that it gave in one piece of memory that programs of the same person map read-only. A question
 * that was answered before then costs what reading memory costs. Everything in it may be thrown away at any time, and
 * whatever looks odd is a miss: a miss asks the socket. Nothing in it, however damaged, may crash or hold up the program that
 * reads it.
 *
 *      0        128       256             320       header_size
 *      | fixed  | classes | the moving    | counts  | buckets ............ | slots of class 0 | of class 1 | ...
 *      |        |         | line          |         | 8 words of 8 bytes   |
 *
 *      way      | tag 28 bits | class 4 bits | slot + 1, 32 bits |                 0: empty
 *      slot     | seq | hash | generation | key length, value length | check | needs | 16 bytes free | key ... value ... |
 *               the key and the value each begin at a multiple of eight bytes
 *
 * The key is the question (wire/question.h), the value its answer (wire/kept.h). A key has one bucket, by its hash, and
 * stands in one of eight ways there: no chains, so a lookup is bounded work.
 *
 * Valid. An answer holds for one generation of the index (index_view_generation): that of the snapshot which made it. The header
 * says which generation lives; an answer of another one is a miss. So a commit makes all answers stale with one store; those
 * that it did not touch are stamped anew behind it.
 *
 * Torn. The daemon makes a slot's `seq` odd, writes, makes it even. A reader copies first, then looks whether `seq` is what
 * it was, then whether `check` fits what it copied: it never uses bytes that it has not copied and proved.
 *
 * Gone. `owner` is a robust futex of a thread of the daemon: the kernel sets a bit in it when the daemon dies, however it
 * dies, so a reader sees that without a system call. A daemon that is merely stopped is the only writer of the index, so its
 * answers stay true. `state` says that another segment has taken this one's place.
 *
 * All words that can change are C11 atomics of eight or four bytes. Everything is in the byte order of the machine.
 */
#ifndef WIRE_CACHE_H
#define WIRE_CACHE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#if ATOMIC_LLONG_LOCK_FREE == 2 && UINTPTR_MAX > UINT32_MAX
#define CACHE_READABLE \
    1 /* else loads may write, which read-only memory refuses: such machines ask the socket */
#else
#define CACHE_READABLE 0
#endif

enum {
    CACHE_MAJOR = 1,     /* another one cannot be read */
    CACHE_MINOR = 0,     /* a larger one can */
    CACHE_KEY_RULES = 1, /* of wire/question.h: keys of other rules are never found */
    CACHE_WAYS = 8,      /* a bucket is a line of the processor's cache */
    CACHE_CLASSES = 4,
    CACHE_KEY = 512,         /* bytes of a key at most */
    CACHE_VALUE = 32 * 1024, /* of a value: larger answers travel in parts */
    CACHE_INSTANCE = 16
};

enum cache_state { CACHE_MADE, CACHE_LIVE, CACHE_RETIRED };

struct cache_class {
    uint64_t at; /* bytes from the beginning of the segment, a multiple of 64 */
    uint32_t slot_size, slot_count;
};

struct cache_header {
    /* Never changes once the segment is handed out; a reader copies it once and trusts its copy only. */
    char magic[8]; /* "QUOTED\0\0" */
    uint16_t major, minor;
    uint32_t order;                     /* 0x01020304 */
    uint64_t size;                      /* of the segment */
    uint32_t header_size, bucket_count; /* a power of two */
    uint64_t buckets_at;
    uint64_t seed;                    /* of the hash */
    uint8_t instance[CACHE_INSTANCE]; /* random; the socket says it, too */
    uint32_t key_rules, class_count;
    uint8_t spare_1[56];
    struct cache_class classes[8];

    _Alignas(64) _Atomic uint64_t generation; /* the one that lives; 0: none */
    _Atomic uint32_t state;
    _Atomic uint32_t owner;
    uint8_t spare_2[48];

    _Atomic uint64_t puts, evictions, commits, restamps; /* for `quotes status` */
    uint8_t spare_3[32];
};

struct cache_slot {
    _Atomic uint64_t seq, hash, generation;
    _Atomic uint32_t key_len, value_len;
    _Atomic uint64_t check; /* of the bytes of key and value */
    _Atomic uint64_t needs; /* the daemon's: what the answer hangs on */
    uint64_t spare[2];
    _Atomic uint64_t words[];
};

_Static_assert(offsetof(struct cache_header, classes) == 128 &&
                   offsetof(struct cache_header, generation) == 256 &&
                   offsetof(struct cache_header, puts) == 320 && sizeof(struct cache_header) == 384 &&
                   offsetof(struct cache_slot, words) == 64 && sizeof(struct cache_class) == 16,
               "the layout is drawn above, and other programs were compiled for it");

/* A mapped segment. One thread at a time; as many as wanted may map the same. */
struct cache {
    const struct cache_header *at; /* NULL: none is mapped */
    size_t size;
    uint64_t seed, buckets_at;
    uint32_t bucket_count;
    struct cache_class classes[8]; /* ours, proved to lie inside */
    uint32_t class_count;
};

/* Maps the segment behind the descriptor, which stays the caller's to close. False when it is none that can be read, another
 * instance than `instance`, or memory that could go away under us. */
bool cache_map(struct cache *c, int fd, const uint8_t instance[CACHE_INSTANCE]);
void cache_unmap(struct cache *c);

/* True while the daemon lives that keeps it and no other segment took its place. */
static inline bool cache_alive(const struct cache *c)
{
    return c->at && atomic_load_explicit(&c->at->state, memory_order_relaxed) == CACHE_LIVE &&
           !(atomic_load_explicit(&c->at->owner, memory_order_relaxed) & 0x40000000u /* FUTEX_OWNER_DIED */);
}

/* Copies the answer to a question into `out`: its length, or -1 when it is not there, does not fit or does not hold any more. */
long cache_get(const struct cache *c, struct span key, char *out, size_t size);

/* The hash of a key, and the check of a value of so many bytes that belongs to the key of that hash. */
uint64_t cache_hash(uint64_t seed, struct span key);
uint64_t cache_check(const _Atomic uint64_t *words, size_t len, uint64_t hash);

/* ---- for both ends ----------------------------------------------------------------------------------- */

static inline uint32_t cache_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 36);
}

static inline size_t cache_room(size_t len)
{
    return (len + 7) & ~(size_t)7;
}

static inline uint64_t cache_way(uint64_t hash, unsigned class, uint32_t slot)
{
    return (uint64_t)cache_tag(hash) << 36 | (uint64_t) class << 32 | (slot + 1);
}

#endif
