#include "daemon/cached.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/memfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

enum { SMALL_SHARE = 10 /* of a hundred */, ASKED_MOST = 3 };

/* The shapes of answers: a sum, a few quotes, ten of them, a page. `share`: of the bytes, in a hundred. */
static const struct {
    uint32_t slot_size, share;
} shapes[CACHE_CLASSES] = {{512, 26}, {2048, 26}, {8192, 24}, {CACHE_VALUE + CACHE_KEY + 64, 24}};

_Static_assert(ASKED_MOST + 1 == WANTED_ASKED, "what is in `main` was asked for once more");

enum queue { FREE, SMALL, MAIN };

/* What only we know of a slot. */
struct entry {
    uint64_t hash, needs, check;
    uint32_t next; /* in its queue: another entry, or NONE */
    uint16_t key_len, value_len;
    uint8_t queue, asked;
};

_Static_assert(CACHE_KEY <= UINT16_MAX && CACHE_VALUE <= UINT16_MAX, "every length fits");

#define NONE UINT32_MAX

struct fifo {
    uint32_t first, last, count;
};

struct class
{
    struct entry *entries;
    struct fifo queues[3]; /* by enum queue */
    uint64_t *ghosts;      /* a ring of hashes; as many as slots */
    uint32_t ghost_at;
    uint32_t *ghost_slots; /* a table of places in the ring, plus 1 */
    uint32_t ghost_mask;
};

/* What could harm us is kept here; the segment is read only for what may be anything: were it damaged, we would live. */
struct cached {
    struct cache_header *at;
    size_t size;
    int fd;
    uint64_t seed;
    uint64_t buckets_at;
    uint32_t bucket_count;
    struct cache_class places[CACHE_CLASSES];
    struct class classes[CACHE_CLASSES];
    uint64_t swept;           /* the generation that the sweep has come to */
    uint64_t hits;            /* ours, and those that readers told of */
    char *copy;               /* what cached_find gives out, or what is being written */
    uint64_t living, touched; /* since the last sweep */
    pthread_t sentinel;
    pthread_mutex_t gate;
    pthread_cond_t open;
    bool stands, watched, leave;
};

/* ---- the thread whose death is seen -------------------------------------------------------------------- */

/* The kernel walks a list that a thread has told it of, when that thread dies, and marks the words beside its entries. Ours
 * has one entry, in memory of our own; the word is `owner` of the segment. Nothing of the C library is shared with anybody
 * so. */
static void *stand_guard(void *ctx)
{
    struct cached *c = ctx;
    struct robust_list entry;
    struct robust_list_head head = {.list = {&entry}};

    entry.next = &head.list;
    head.futex_offset = (char *)&c->at->owner - (char *)&entry;
    pthread_mutex_lock(&c->gate);
    c->watched = syscall(SYS_set_robust_list, &head, sizeof head) == 0;
    atomic_store(&c->at->owner, (uint32_t)syscall(SYS_gettid));
    c->stands = true;
    pthread_cond_signal(&c->open);
    while (!c->leave)
        pthread_cond_wait(&c->open, &c->gate);
    pthread_mutex_unlock(&c->gate);
    return NULL; /* its end is a death too: by then the segment is retired */
}

static bool post_guard(struct cached *c)
{
    sigset_t all, before;
    bool posted;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&c->gate);
    posted = pthread_create(&c->sentinel, NULL, stand_guard, c) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    while (posted && !c->stands)
        pthread_cond_wait(&c->open, &c->gate);
    pthread_mutex_unlock(&c->gate);
    return posted;
}

static void relieve_guard(struct cached *c)
{
    pthread_mutex_lock(&c->gate);
    c->leave = true;
    pthread_cond_signal(&c->open);
    pthread_mutex_unlock(&c->gate);
    pthread_join(c->sentinel, NULL);
}

/* ---- making it ----------------------------------------------------------------------------------------- */

static int make_memory(size_t size)
{
    int fd = memfd_create("quoted-cache", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

    if (fd < 0 && errno == EINVAL)
        fd = memfd_create("quoted-cache", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 &&
        (errno = posix_fallocate(fd, 0, (off_t)size)) != 0) { /* a hole would be a SIGBUS in a reader */
        close(fd);
        fd = -1;
    }
    return fd;
}

/* How many slots of each class, and how many buckets, make up about so many bytes. Returns the size. */
static size_t lay_out(struct cache_header *h, size_t bytes)
{
    uint64_t slots = 0, at;

    for (uint32_t i = 0; i < CACHE_CLASSES; i++) {
        h->classes[i].slot_size = shapes[i].slot_size;
        h->classes[i].slot_count = (uint32_t)(bytes / 100 * shapes[i].share / shapes[i].slot_size) + 1;
        slots += h->classes[i].slot_count;
    }
    h->class_count = CACHE_CLASSES;
    h->bucket_count = 16;
    while ((uint64_t)h->bucket_count * 2 < slots) /* two slots a bucket: hardly a bucket is ever full */
        h->bucket_count *= 2;
    h->header_size = sizeof *h;
    h->buckets_at = (sizeof *h + 63) / 64 * 64;
    at = h->buckets_at + (uint64_t)h->bucket_count * CACHE_WAYS * sizeof(uint64_t);
    for (uint32_t i = 0; i < CACHE_CLASSES; i++) {
        h->classes[i].at = at;
        at += (uint64_t)h->classes[i].slot_count * h->classes[i].slot_size;
    }
    h->size = (at + 4095) / 4096 * 4096;
    return (size_t)h->size;
}

static void push(struct class *k, enum queue queue, uint32_t slot)
{
    struct fifo *f = &k->queues[queue];

    k->entries[slot].queue = (uint8_t)queue;
    k->entries[slot].next = NONE;
    if (f->count++)
        k->entries[f->last].next = slot;
    else
        f->first = slot;
    f->last = slot;
}

static uint32_t pop(struct class *k, enum queue queue)
{
    struct fifo *f = &k->queues[queue];
    uint32_t slot = f->first;

    f->first = k->entries[slot].next;
    f->count--;
    return slot;
}

static bool make_class(struct class *k, uint32_t count)
{
    uint32_t table = 16;

    while (table < 2 * count)
        table *= 2;
    k->entries = calloc(count, sizeof *k->entries);
    k->ghosts = calloc(count, sizeof *k->ghosts);
    k->ghost_slots = calloc(table, sizeof *k->ghost_slots);
    k->ghost_mask = table - 1;
    if (!k->entries || !k->ghosts || !k->ghost_slots)
        return false;
    for (uint32_t i = 0; i < count; i++)
        push(k, FREE, i);
    return true;
}

static void drop(struct cached *c)
{
    if (c->at)
        (void)munmap(c->at, c->size);
    if (c->fd >= 0)
        close(c->fd);
    for (unsigned i = 0; i < CACHE_CLASSES; i++) {
        free(c->classes[i].entries);
        free(c->classes[i].ghosts);
        free(c->classes[i].ghost_slots);
    }
    free(c->copy);
    free(c);
}

static struct cached *fail(struct cached *c, const char *what, char *detail)
{
    (void)snprintf(detail, CACHED_WORDS, "%s: %s", what, strerror(errno));
    if (c)
        drop(c);
    return NULL;
}

/* Seals: nobody can cut or grow it, and nobody but us, who have mapped it already, can ever write it. */
static bool seal(int fd)
{
    return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0;
}

struct cached *cached_new(size_t bytes, uint64_t generation, char *detail)
{
    struct cache_header h = {.magic = "QUOTED",
                             .major = CACHE_MAJOR,
                             .minor = CACHE_MINOR,
                             .order = 0x01020304,
                             .key_rules = CACHE_KEY_RULES};
    struct cached *c = calloc(1, sizeof *c);
    size_t size = lay_out(&h, bytes < CACHED_LEAST ? CACHED_LEAST : bytes);
    void *at;

    if (!c)
        return fail(NULL, "memory for the cache", detail);
    c->fd = -1;
    if (getrandom(&h.seed, sizeof h.seed, 0) != sizeof h.seed ||
        getrandom(h.instance, sizeof h.instance, 0) != sizeof h.instance)
        return fail(c, "random numbers for the cache", detail);
    if ((c->fd = make_memory(size)) < 0)
        return fail(c, "shared memory for the cache", detail);
    at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);
    if (at == MAP_FAILED)
        return fail(c, "mapping the cache", detail);
    c->at = at;
    c->size = size;
    c->copy = malloc(CACHE_VALUE);
    if (!c->copy || !seal(c->fd))
        return fail(c, "sealing the cache", detail);
    for (unsigned i = 0; i < CACHE_CLASSES; i++)
        if (!make_class(&c->classes[i], h.classes[i].slot_count))
            return fail(c, "memory for the cache", detail);
    memcpy(c->at, &h, offsetof(struct cache_header, generation));
    memcpy(c->places, h.classes, sizeof c->places);
    c->seed = h.seed;
    c->buckets_at = h.buckets_at;
    c->bucket_count = h.bucket_count;
    c->swept = c->living = generation;
    pthread_mutex_init(&c->gate, NULL);
    pthread_cond_init(&c->open, NULL);
    if (!post_guard(c))
        return fail(c, "a thread for the cache", detail);
    atomic_store(&c->at->generation, generation);
    atomic_store(&c->at->state,
                 c->watched ? CACHE_LIVE : CACHE_RETIRED); /* a death that nobody could see is not risked */
    return c;
}

int cached_fd(const struct cached *c)
{
    return c->fd;
}

const uint8_t *cached_instance(const struct cached *c)
{
    return c->at->instance;
}

/* ---- slots ----------------------------------------------------------------------------------------------- */

static struct cache_slot *slot_at(const struct cached *c, unsigned class, uint32_t slot)
{
    const struct cache_class *k = &c->places[class];

    return (void *)((char *)c->at + k->at + (size_t)slot * k->slot_size);
}

static _Atomic uint64_t *bucket_of(const struct cached *c, uint64_t hash)
{
    return (void *)((char *)c->at + c->buckets_at +
                    (hash & (c->bucket_count - 1)) * CACHE_WAYS * sizeof(uint64_t));
}

/* The entry of the slot to which a way leads, and where that is; NULL: nowhere. */
static struct entry *entry_at(const struct cached *c, uint64_t way, unsigned *class, uint32_t *slot)
{
    *class = (unsigned)(way >> 32 & 15);
    *slot = (uint32_t)way - 1;
    if (*class >= CACHE_CLASSES || *slot >= c->places[*class].slot_count)
        return NULL;
    return &c->classes[*class].entries[*slot];
}

/* The way of the bucket that leads to the slot. */
static _Atomic uint64_t *way_to(const struct cached *c, uint64_t hash, unsigned class, uint32_t slot)
{
    _Atomic uint64_t *bucket = bucket_of(c, hash);

    for (unsigned i = 0; i < CACHE_WAYS; i++)
        if (atomic_load_explicit(&bucket[i], memory_order_relaxed) == cache_way(hash, class, slot))
            return &bucket[i];
    return NULL;
}

/* The words of a key or value into a slot; the last is filled up with zeros. */
static void put_words(_Atomic uint64_t *to, struct span s)
{
    for (size_t at = 0; at < s.len; at += sizeof(uint64_t)) {
        uint64_t word = 0;

        memcpy(&word, s.at + at, s.len - at < sizeof word ? s.len - at : sizeof word);
        atomic_store_explicit(to++, word, memory_order_relaxed);
    }
}

/* From here on no reader believes what is in the slot, until its seq is even again. */
static uint64_t begin_slot(struct cache_slot *s)
{
    uint64_t seq = atomic_load_explicit(&s->seq, memory_order_relaxed) | 1;

    atomic_store_explicit(&s->seq, seq, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    return seq;
}

/* Made of our own copy: whoever writes into the segment while we do must not be believed. */
static uint64_t check_of(const struct cached *c, struct span value, uint64_t hash)
{
    _Atomic uint64_t *words = (void *)c->copy;

    put_words(words, value);
    return cache_check(words, value.len, hash);
}

static void write_slot(const struct cached *c, struct cache_slot *s, struct entry *e, struct span key,
                       struct span value, uint64_t generation)
{
    uint64_t seq = begin_slot(s);

    e->check = check_of(c, value, e->hash);
    atomic_store_explicit(&s->hash, e->hash, memory_order_relaxed);
    atomic_store_explicit(&s->generation, generation, memory_order_relaxed);
    atomic_store_explicit(&s->key_len, (uint32_t)key.len, memory_order_relaxed);
    atomic_store_explicit(&s->value_len, (uint32_t)value.len, memory_order_relaxed);
    atomic_store_explicit(&s->check, e->check, memory_order_relaxed);
    atomic_store_explicit(&s->needs, e->needs, memory_order_relaxed);
    put_words(s->words, key);
    put_words(s->words + cache_room(key.len) / 8, value);
    atomic_store_explicit(&s->seq, seq + 1, memory_order_release);
}

/* Programs may hold the memory for days after it was retired: no answer stays in it. */
static void wipe(const struct cached *c)
{
    for (unsigned class = 0; class < CACHE_CLASSES; class ++)
        for (uint32_t i = 0; i < c->places[class].slot_count; i++) {
            struct cache_slot *s = slot_at(c, class, i);
            size_t words = (c->places[class].slot_size - sizeof *s) / sizeof(uint64_t);

            (void)begin_slot(s);
            for (size_t at = 0; at < words; at++)
                atomic_store_explicit(&s->words[at], 0, memory_order_relaxed);
        }
}

void cached_free(struct cached *c)
{
    if (!c)
        return;
    atomic_store(&c->at->state, CACHE_RETIRED);
    atomic_store(&c->at->generation, 0);
    wipe(c);
    relieve_guard(c);
    pthread_mutex_destroy(&c->gate);
    pthread_cond_destroy(&c->open);
    drop(c);
}

/* ---- ghosts ---------------------------------------------------------------------------------------------- */

static uint32_t ghost_place(const struct class *k, uint64_t hash)
{
    uint32_t at = (uint32_t)(hash >> 8) & k->ghost_mask;

    while (k->ghost_slots[at] && k->ghosts[k->ghost_slots[at] - 1] != hash)
        at = (at + 1) & k->ghost_mask;
    return at;
}

/* Takes a place out of the table and closes the gap behind it. */
static void forget_ghost(struct class *k, uint32_t at)
{
    uint32_t hole = at;

    k->ghost_slots[hole] = 0;
    for (;;) {
        uint32_t wants;

        at = (at + 1) & k->ghost_mask;
        if (!k->ghost_slots[at])
            return;
        wants = (uint32_t)(k->ghosts[k->ghost_slots[at] - 1] >> 8) & k->ghost_mask;
        if (((at - wants) & k->ghost_mask) >= ((at - hole) & k->ghost_mask)) {
            k->ghost_slots[hole] = k->ghost_slots[at];
            k->ghost_slots[at] = 0;
            hole = at;
        }
    }
}

static void add_ghost(struct class *k, uint32_t count, uint64_t hash)
{
    uint32_t at;

    if (k->ghosts[k->ghost_at] &&
        k->ghost_slots[at = ghost_place(k, k->ghosts[k->ghost_at])] == k->ghost_at + 1)
        forget_ghost(k, at);
    k->ghosts[k->ghost_at] = hash;
    k->ghost_slots[ghost_place(k, hash)] = k->ghost_at + 1;
    k->ghost_at = (k->ghost_at + 1) % count;
}

/* ---- who goes -------------------------------------------------------------------------------------------- */

/* Nothing leads to the slot any more. It stays in its queue, empty: it goes when its turn comes. */
static void empty_slot(struct cached *c, unsigned class, uint32_t slot)
{
    struct entry *e = &c->classes[class].entries[slot];
    _Atomic uint64_t *way = way_to(c, e->hash, class, slot);

    if (way) /* else somebody wrote over it */
        atomic_store_explicit(way, 0, memory_order_release);
    e->hash = 0;
}

static void let_go(struct cached *c, unsigned class, uint32_t slot)
{
    empty_slot(c, class, slot);
    push(&c->classes[class], FREE, slot);
    atomic_fetch_add_explicit(&c->at->evictions, 1, memory_order_relaxed);
}

/* Takes one look at the queue whose turn it is. */
static void make_way(struct cached *c, unsigned class)
{
    struct class *k = &c->classes[class];
    uint32_t count = c->places[class].slot_count, slot;
    struct entry *e;

    if (k->queues[SMALL].count &&
        (k->queues[SMALL].count * 100 >= count * SMALL_SHARE || !k->queues[MAIN].count)) {
        e = &k->entries[slot = pop(k, SMALL)];
        if (e->asked) {
            e->asked = 0;
            push(k, MAIN, slot);
            return;
        }
        if (e->hash)
            add_ghost(k, count, e->hash);
    } else {
        e = &k->entries[slot = pop(k, MAIN)];
        if (e->asked) {
            e->asked--;
            push(k, MAIN, slot);
            return;
        }
    }
    let_go(c, class, slot);
}

/* ---- asking and keeping ------------------------------------------------------------------------------------ */

/* The slot that has the key, whatever its generation: true, and where. */
static bool find(const struct cached *c, uint64_t hash, struct span key, unsigned *class, uint32_t *slot)
{
    _Atomic uint64_t *bucket = bucket_of(c, hash);

    for (unsigned i = 0; i < CACHE_WAYS; i++) {
        const struct entry *e =
            entry_at(c, atomic_load_explicit(&bucket[i], memory_order_relaxed), class, slot);
        const struct cache_slot *s = e ? slot_at(c, *class, *slot) : NULL;

        if (e && e->hash == hash && e->key_len == key.len &&
            memcmp((const void *)s->words, key.at, key.len) == 0)
            return true;
    }
    return false;
}

static void asked_again(struct entry *e)
{
    if (e->asked < ASKED_MOST)
        e->asked++;
}

static bool holds(const struct cached *c, const struct cache_slot *s)
{
    return atomic_load_explicit(&s->generation, memory_order_relaxed) == c->living;
}

bool cached_find(struct cached *c, struct span key, struct span *value)
{
    uint64_t hash = cache_hash(c->seed, key);
    const struct cache_slot *s;
    struct entry *e;
    unsigned class;
    uint32_t slot;

    if (key.len == 0 || key.len > CACHE_KEY || !find(c, hash, key, &class, &slot))
        return false;
    s = slot_at(c, class, slot);
    if (!holds(c, s))
        return false;
    e = &c->classes[class].entries[slot];
    memcpy(c->copy, (const char *)s->words + cache_room(key.len), e->value_len);
    if (cache_check((const void *)c->copy, e->value_len, hash) != e->check) /* somebody wrote over it */
        return false;
    asked_again(e);
    c->hits++;
    *value = (struct span){c->copy, e->value_len};
    return true;
}

void cached_told(struct cached *c, uint64_t count, const uint64_t *slots, size_t slot_count)
{
    c->hits += count;
    for (size_t i = 0; i < slot_count; i++) {
        uint64_t class = slots[i] >> 32;
        uint32_t slot = (uint32_t)slots[i] - 1;

        if (class < CACHE_CLASSES && slot < c->places[class].slot_count &&
            c->classes[class].entries[slot].queue != FREE)
            asked_again(&c->classes[class].entries[slot]);
    }
}

static unsigned class_for(const struct cached *c, struct span key, struct span value)
{
    unsigned class = 0;

    while (class < CACHE_CLASSES && c->places[class].slot_size < sizeof(struct cache_slot) +
                                                                     cache_room(key.len) +
                                                                     cache_room(value.len))
        class ++;
    return class;
}

/* A free way of the bucket; where there is none, that of the slot asked for least. */
static _Atomic uint64_t *free_way(struct cached *c, uint64_t hash)
{
    _Atomic uint64_t *bucket = bucket_of(c, hash), *worst = NULL;
    unsigned least = UINT32_MAX, class;
    uint32_t slot;

    for (unsigned i = 0; i < CACHE_WAYS; i++) {
        const struct entry *e =
            entry_at(c, atomic_load_explicit(&bucket[i], memory_order_relaxed), &class, &slot);

        if (!e)
            return &bucket[i];
        if (e->asked < least) {
            least = e->asked;
            worst = &bucket[i];
        }
    }
    return worst;
}

void cached_keep(struct cached *c, struct span key, struct span value, uint64_t generation, uint64_t needs)
{
    uint64_t hash = cache_hash(c->seed, key);
    unsigned class = class_for(c, key, value), old_class;
    uint32_t slot, old;
    struct class *k;
    bool known;

    if (key.len == 0 || key.len > CACHE_KEY || value.len > CACHE_VALUE || class == CACHE_CLASSES ||
        generation != c->living)
        return;
    k = &c->classes[class];
    known = find(c, hash, key, &old_class, &old);
    if (known && old_class == class) { /* the answer was stale: the same place will do */
        k->entries[old].needs = needs;
        k->entries[old].value_len = (uint16_t)value.len;
        write_slot(c, slot_at(c, class, old), &k->entries[old], key, value, generation);
        asked_again(&k->entries[old]);
        atomic_fetch_add_explicit(&c->at->puts, 1, memory_order_relaxed);
        return;
    }
    if (known)
        empty_slot(c, old_class, old);
    while (!k->queues[FREE].count)
        make_way(c, class);
    slot = pop(k, FREE);
    k->entries[slot] = (struct entry){
        .hash = hash, .needs = needs, .key_len = (uint16_t)key.len, .value_len = (uint16_t)value.len};
    write_slot(c, slot_at(c, class, slot), &k->entries[slot], key, value, generation);
    if (k->ghost_slots[ghost_place(k, hash)])
        push(k, MAIN, slot);
    else
        push(k, SMALL, slot);
    _Atomic uint64_t *way = free_way(c, hash);
    if (entry_at(c, atomic_load_explicit(way, memory_order_relaxed), &old_class, &old))
        empty_slot(c, old_class, old);
    atomic_store_explicit(way, cache_way(hash, class, slot), memory_order_release);
    atomic_fetch_add_explicit(&c->at->puts, 1, memory_order_relaxed);
}

/* ---- commits --------------------------------------------------------------------------------------------- */

uint64_t cached_generation(const struct cached *c)
{
    return c->living;
}

void cached_commit(struct cached *c, uint64_t generation, uint64_t touched)
{
    c->touched |= touched;
    c->living = generation;
    atomic_store_explicit(&c->at->generation, generation, memory_order_release);
    atomic_fetch_add_explicit(&c->at->commits, 1, memory_order_relaxed);
}

/* An answer of a commit between two sweeps is left stale: which of the commits touched it is not known. */
void cached_sweep(struct cached *c)
{
    uint64_t touched = c->touched, count = 0;

    c->touched = 0;
    if (c->living == c->swept)
        return;
    for (unsigned class = 0; class < CACHE_CLASSES; class ++) {
        for (uint32_t i = 0; i < c->places[class].slot_count; i++) {
            const struct entry *e = &c->classes[class].entries[i];
            struct cache_slot *s = slot_at(c, class, i);

            if (e->queue == FREE || !e->hash || (e->needs & touched) == e->needs ||
                atomic_load_explicit(&s->generation, memory_order_relaxed) != c->swept)
                continue;
            atomic_store_explicit(&s->generation, c->living, memory_order_release);
            count++;
        }
    }
    c->swept = c->living;
    atomic_fetch_add_explicit(&c->at->restamps, count, memory_order_relaxed);
}

/* ---- how it does ----------------------------------------------------------------------------------------- */

void cached_counts(const struct cached *c, struct cached_counts *counts)
{
    *counts = (struct cached_counts){.puts = atomic_load(&c->at->puts),
                                     .evictions = atomic_load(&c->at->evictions),
                                     .commits = atomic_load(&c->at->commits),
                                     .restamps = atomic_load(&c->at->restamps),
                                     .hits = c->hits,
                                     .bytes = c->size};
    for (unsigned i = 0; i < CACHE_CLASSES; i++) {
        counts->slots += c->places[i].slot_count;
        counts->used += c->places[i].slot_count - c->classes[i].queues[FREE].count;
    }
}

/* How much it is wanted: who is in `main` was asked for again before it came there. */
static unsigned wish(const struct entry *e)
{
    return e->queue == FREE || !e->hash ? 0 : e->asked + (e->queue == MAIN ? 1u : 0u);
}

size_t cached_wanted(struct cached *c, struct wanted *keys, size_t most)
{
    size_t count = 0;

    for (unsigned asked = WANTED_ASKED; asked; asked--)
        for (unsigned class = 0; class < CACHE_CLASSES; class ++)
            for (uint32_t i = 0; i < c->places[class].slot_count && count < most; i++) {
                const struct entry *e = &c->classes[class].entries[i];

                if (wish(e) == asked)
                    keys[count++] =
                        (struct wanted){{(const char *)slot_at(c, class, i)->words, e->key_len}, asked};
            }
    return count;
}

bool cached_wish(struct cached *c, struct span key, unsigned asked)
{
    struct entry *e;
    unsigned class;
    uint32_t slot;

    if (!find(c, cache_hash(c->seed, key), key, &class, &slot) || !holds(c, slot_at(c, class, slot)))
        return false;
    e = &c->classes[class].entries[slot];
    if (e->asked < asked)
        e->asked = (uint8_t)asked;
    return true;
}
