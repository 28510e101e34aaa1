/* test_hostile.c -- the worst that can happen to a segment while it is read: damage of any kind, a process that writes all
 * over it, a writer that never rests. What a reader finds is an answer that was kept, whole, or a miss; after bounded work;
 * and it touches nothing but the segment and the buffer that it was given: both stand between pages that nobody may touch.
 *
 *   CACHE_ROUNDS=N (8000)       damaged segments
 *   CACHE_SCRIBBLE_MS=N (700)   how long a process writes all over one that is in use
 *   CACHE_HITS=N (200000)       answers found while others are written
 *
 * The reader is wire/cache.c, compiled in here so that what it loads can be counted; READER names another one, for the controls
 * (t_mutants.py): a reader that lacks one of its checks must not pass.
 */
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

static _Thread_local unsigned long loads; /* of the shared memory */

#ifdef __clang__
#define LOAD(at, order) __c11_atomic_load(at, order)
#else
#define LOAD(at, order) __atomic_load_n(at, order)
#endif
#undef atomic_load_explicit
#define atomic_load_explicit(at, order) (loads++, LOAD(at, order))
#define cache_map                       counted_map
#define cache_unmap                     counted_unmap
#define cache_get                       counted_get
#define cache_get_at                    counted_get_at
#define cache_hash                      counted_hash
#define cache_check                     counted_check
#ifndef READER
#define READER "wire/cache.c"
#endif
#include READER
#undef cache_hash
#undef cache_check

#include <cmocka.h>

#include "tests/cache_segment.h"

enum {
    QUESTIONS = 40,
    VERSIONS = 26, /* after so many, answers are what they were (cache_segment.h) */
    GUARD =
        256
        << 20, /* bytes of addresses on either side of a segment: more than a wrong number of a slot leads away */
    LOADS_MOST = 3 + CACHE_WAYS * (1 + TRIES * (8 + (CACHE_KEY + CACHE_VALUE) / 8))
};

static unsigned setting(const char *name, unsigned otherwise)
{
    return getenv(name) ? (unsigned)atoi(getenv(name)) : otherwise;
}

/* ---- what is right ------------------------------------------------------------------------------------- */

/* All answers there may be, and room for one that is found, which ends where a page begins that nobody may touch. */
static char *answers[QUESTIONS][VERSIONS];
static size_t lengths[QUESTIONS];
static char *room;

static int set_up(void **state)
{
    char *pages = mmap(NULL, CACHE_VALUE + 2 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
         *text = malloc(CACHE_VALUE);

    (void)state;
    room = pages + 4096;
    if (pages == MAP_FAILED || mprotect(room, CACHE_VALUE, PROT_READ | PROT_WRITE) != 0)
        return -1;
    for (unsigned n = 0; n < QUESTIONS; n++)
        for (unsigned version = 0; version < VERSIONS; version++) {
            struct span a = answer(n, version, text);

            answers[n][version] = malloc(a.len + 1);
            memcpy(answers[n][version], a.at, a.len);
            lengths[n] = a.len;
        }
    free(text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned n = 0; n < QUESTIONS; n++)
        for (unsigned version = 0; version < VERSIONS; version++)
            free(answers[n][version]);
    return munmap(room - 4096, CACHE_VALUE + 2 * 4096);
}

struct tally {
    unsigned long hits, misses, wrong, loads_most;
};

/* Looks for question n; what is found must be one of the first `versions` answers. */
static void look_for(const struct cache *r, unsigned n, unsigned versions, struct tally *t)
{
    char key[64];
    unsigned version = 0;
    long len;

    loads = 0;
    len = cache_get(r, question(n, key), room, CACHE_VALUE);
    if (loads > t->loads_most)
        t->loads_most = loads;
    if (len < 0) {
        t->misses++;
        return;
    }
    while (version < versions &&
           ((size_t)len != lengths[n] || memcmp(room, answers[n][version], lengths[n]) != 0))
        version++;
    t->hits++;
    t->wrong += version == versions;
}

/* ---- between guards ------------------------------------------------------------------------------------ */

/* Moves a mapped segment to where nothing else is near. */
static bool put_between_guards(struct cache *r)
{
    static char *hole;

    if (!hole)
        hole = mmap(NULL, 2 * (size_t)GUARD + (64 << 20), PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (hole == MAP_FAILED)
        return false;
    r->at = mremap((void *)(uintptr_t)r->at, r->size, r->size, MREMAP_MAYMOVE | MREMAP_FIXED, hole + GUARD);
    return r->at != MAP_FAILED;
}

/* The hole is whole again. */
static void take_from_between_guards(struct cache *r)
{
    assert_ptr_equal(mmap((void *)(uintptr_t)r->at, r->size, PROT_NONE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0),
                     r->at);
    r->at = NULL;
}

/* ---- damage ---------------------------------------------------------------------------------------------- */

static uint32_t random_of(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*seed >> 33);
}

struct place {
    size_t at; /* in the segment */
    unsigned len;
};

static size_t slot_at_random(const struct cache_header *h, uint64_t *seed)
{
    const struct cache_class *k = &h->classes[random_of(seed) % CACHE_CLASSES];
    uint32_t some = k->slot_count < 12 || random_of(seed) % 2 ? k->slot_count : 12;

    return k->at + (size_t)(random_of(seed) % some) * k->slot_size;
}

/* A place where it hurts, or any. The first slots of a class are those in use. */
static struct place place_of(const struct cache_header *h, uint64_t *seed)
{
    static const struct place fields[] = {
        /* clang-format off */
        {offsetof(struct cache_header, size), 8},       {offsetof(struct cache_header, bucket_count), 4},
        {offsetof(struct cache_header, buckets_at), 8}, {offsetof(struct cache_header, class_count), 4},
    }; /* clang-format on */

    switch (random_of(seed) % 24) {
    case 0: /* the header */
        return (struct place){random_of(seed) % (sizeof *h / 8) * 8, 8};
    case 1: /* geometry */
        return fields[random_of(seed) % 4];
    case 2: /* a class: its place; the size of its slots; how many */
        return (struct place){128 + random_of(seed) % 4 * 16 + (size_t[]){0, 8, 12}[random_of(seed) % 3],
                              random_of(seed) % 2 ? 8 : 4};
    case 3: /* ways */
    case 4:
    case 5:
    case 6:
    case 7:
        return (struct place){h->buckets_at + random_of(seed) % (h->bucket_count * 8) * 8,
                              random_of(seed) % 2 ? 8 : 4};
    case 8: /* the head of a slot */
    case 9:
    case 10:
    case 11:
    case 12:
        return (struct place){slot_at_random(h, seed) + random_of(seed) % 8 * 8, 8};
    case 13: /* lengths */
    case 14:
    case 15:
    case 16:
        return (struct place){slot_at_random(h, seed) + 24 + random_of(seed) % 2 * 4, 4};
    case 17: /* key and value */
    case 18:
    case 19:
    case 20:
        return (struct place){slot_at_random(h, seed) + 64 + random_of(seed) % 400, 1};
    default:
        return (struct place){random_of(seed) % (h->size - 8), 1 + random_of(seed) % 8};
    }
}

/* What is written there: nonsense, or what nearly makes sense. */
static uint64_t word_of(uint64_t old, uint64_t *seed)
{
    static const uint64_t nasty[] = {
        0,       1,  0xffffffff, UINT64_MAX, UINT64_MAX / 2, UINT64_C(1) << 63, 4096,
        1 << 20, 63, 64,         128,        CACHE_VALUE,    CACHE_VALUE + 1};

    switch (random_of(seed) % 6) {
    case 0:
        return nasty[random_of(seed) % (sizeof nasty / sizeof *nasty)];
    case 1:
        return (uint64_t)random_of(seed) << 32 | random_of(seed);
    case 2:
        return old ^ UINT64_C(1) << random_of(seed) % 64;
    case 3:
        return old + (random_of(seed) % 2 ? 64 : (uint64_t)-64);
    case 4:
        return old * 2;
    default:
        return old + random_of(seed) % 9 - 4;
    }
}

static void hurt(uint8_t *segment, struct place p, uint64_t *seed)
{
    uint64_t word = 0;

    memcpy(&word, segment + p.at, p.len);
    word = word_of(word, seed);
    memcpy(segment + p.at, &word, p.len);
}

/* One slot, way or bucket takes the place of another. */
static void swap(uint8_t *segment, const struct cache_header *h, uint64_t *seed, struct place *a)
{
    uint8_t keep_it[64];
    size_t b;

    if (random_of(seed) % 2) {
        *a = (struct place){slot_at_random(h, seed) + random_of(seed) % 3 * 64, 64};
        b = slot_at_random(h, seed) + random_of(seed) % 3 * 64;
    } else {
        *a = (struct place){h->buckets_at + random_of(seed) % h->bucket_count * 64, 64};
        b = h->buckets_at + random_of(seed) % h->bucket_count * 64;
    }
    memcpy(keep_it, segment + b, 64);
    memcpy(segment + a->at, keep_it, 64);
}

/* However a segment is damaged: no crash, no wrong answer, and it ends. */
static void damage_is_a_miss(void **state)
{
    enum { MOST = 24 };
    unsigned rounds = setting("CACHE_ROUNDS", 8000), refused = 0, count = 0;
    struct tally t = {0};
    char detail[CACHED_WORDS];
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);
    struct place hurts[MOST];
    struct cache_header h;
    uint64_t seed = setting("SEED", 1);
    struct copy copy;
    uint8_t *good;

    (void)state;
    assert_non_null(c);
    for (unsigned n = 0; n < QUESTIONS; n++)
        keep(c, n, 0, 1, CACHED_ALWAYS);
    copy = copy_of(c);
    good = malloc(copy.size);
    memcpy(good, copy.at, copy.size);
    memcpy(&h, good, sizeof h);
    for (unsigned i = 0; i < rounds; i++) {
        unsigned fresh = 1 + random_of(&seed) % 8;
        struct cache r;

        while (fresh-- && count < MOST) {
            if (random_of(&seed) % 8 == 0)
                swap(copy.at, &h, &seed, &hurts[count]);
            else
                hurt(copy.at, hurts[count] = place_of(&h, &seed), &seed);
            count++;
        }
        if (cache_map(&r, copy.fd, h.instance)) {
            assert_true(put_between_guards(&r));
            for (unsigned n = 0; n < QUESTIONS; n++)
                look_for(&r, n, 1, &t);
            take_from_between_guards(&r);
        } else {
            refused++;
        }
        if (i % 3 == 0) /* else damage gathers */
            for (; count; count--)
                memcpy(copy.at + hurts[count - 1].at, good + hurts[count - 1].at, hurts[count - 1].len);
    }
    print_message("# %u damaged segments, %u of them refused: %lu hits, %lu misses, %lu wrong answers, at "
                  "most %lu loads\n",
                  rounds, refused, t.hits, t.misses, t.wrong, t.loads_most);
    assert_int_equal(t.wrong, 0);
    assert_true(t.loads_most <= LOADS_MOST);
    assert_true(t.hits > rounds && t.misses > rounds &&
                refused > rounds / 100); /* it was a test of something */
    free(good);
    (void)munmap(copy.at, copy.size);
    close(copy.fd);
    cached_free(c);
}

/* ---- a segment in use, and a process that writes all over it --------------------------------------------- */

/* Where this process has the segment mapped to write. */
static uint8_t *writable_map(size_t *size)
{
    FILE *f = fopen("/proc/self/maps", "re");
    char line[512];
    uintptr_t from, to;
    uint8_t *at = NULL;

    while (f && !at && fgets(line, sizeof line, f))
        if (strstr(line, " rw-s ") && strstr(line, "memfd:quoted-cache") &&
            sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) == 2) {
            at = (uint8_t *)from;
            *size = to - from;
        }
    if (f)
        (void)fclose(f);
    return at;
}

/* What stands in the segment harms its writer as little: no answer is given that was written over, nothing is written elsewhere.
 * Each damage is one that a writer that read its own words back would believe. */
static void the_writer_believes_nothing(void **state)
{
    enum { SHORT = 4, OTHER = 12 }; /* two questions of the same class */
    char key[64], detail[CACHED_WORDS], text[CACHE_VALUE];
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);
    const uint64_t far = (UINT64_C(0) << 32) + 0x7ffffff0;
    struct cache_header *h;
    struct cache_slot *slot;
    struct span value;
    uint64_t hash, *way;
    size_t size;

    (void)state;
    assert_non_null(c);
    h = (struct cache_header *)writable_map(&size);
    keep(c, SHORT, 0, 1, CACHED_ALWAYS);
    keep(c, OTHER, 0, 1, CACHED_ALWAYS);
    hash = counted_hash(h->seed, question(SHORT, key));
    way = (uint64_t *)((char *)h + h->buckets_at + (hash & (h->bucket_count - 1)) * CACHE_WAYS * sizeof *way);
    while (cache_tag(hash) != *way >> 36)
        way++;
    slot =
        (struct cache_slot *)((char *)h + h->classes[0].at + ((uint32_t)*way - 1) * h->classes[0].slot_size);
    assert_true(cached_find(c, question(SHORT, key), &value)); /* the control */
    assert_true(span_eq(value, answer(SHORT, 0, text)));

    h->seed++;
    h->classes[0].slot_count = UINT32_MAX;
    cached_told(c, 1, &far, 1);
    assert_true(cached_wish(c, question(SHORT, key), 1));

    slot->words[cache_room(question(SHORT, key).len) / 8]++;
    assert_false(cached_find(c, question(SHORT, key), &value));
    assert_true(cached_find(c, question(OTHER, key), &value));

    *way ^= UINT64_C(1) << 40;                                                  /* its tag */
    cached_keep(c, question(SHORT, key), answer(5, 0, text), 1, CACHED_ALWAYS); /* in another class */
    assert_true(cached_find(c, question(SHORT, key), &value));
    assert_true(span_eq(value, answer(5, 0, text)));
    cached_free(c);
}

/* Writes over anything; after a moment it mostly puts back what was there, which by then is damage of another kind: always in
 * the header, else nothing would be found ever after. */
static void scribble(uint8_t *segment, const struct cache_header *h)
{
    uint64_t seed = 1;

    for (;;) {
        struct place p = place_of(h, &seed);
        uint64_t was;

        memcpy(&was, segment + p.at, p.len);
        hurt(segment, p, &seed);
        for (unsigned i = random_of(&seed) % 64; i; i--)
            atomic_signal_fence(memory_order_seq_cst);
        if (p.at < sizeof *h || random_of(&seed) % 2)
            memcpy(segment + p.at, &was, p.len);
        if (random_of(&seed) % 256 == 0)
            (void)usleep(50); /* else hardly an answer would ever be whole */
    }
}

/* The daemon's end, in a process of its own: keeps answers, commits and sweeps until its pipe is closed. */
static void keep_on(int in, int out)
{
    char detail[CACHED_WORDS], byte;
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);
    struct cache_header h;
    struct pollfd ended = {.fd = in, .events = POLLIN};
    size_t size = 0;
    uint8_t *segment = writable_map(&size);
    int fd = c ? cached_fd(c) : -1;
    uint64_t generation = 1;
    pid_t scribbler;

    if (!c || !segment)
        _exit(2);
    memcpy(&h, segment, sizeof h);
    if ((scribbler = fork()) == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        scribble(segment, &h);
    }
    if (write(out, &fd, sizeof fd) != sizeof fd || write(out, h.instance, CACHE_INSTANCE) != CACHE_INSTANCE)
        _exit(2);
    for (unsigned i = 0; poll(&ended, 1, 0) == 0; i++) {
        for (unsigned n = 0; n < QUESTIONS; n++)
            keep(c, n, i + n, generation, n % 2 ? CACHED_ALWAYS : 1);
        if (i % 64 == 0) {
            cached_commit(c, ++generation, 2);
            cached_sweep(c);
        }
    }
    (void)!read(in, &byte, 1);
    (void)kill(scribbler, SIGKILL);
    (void)waitpid(scribbler, NULL, 0);
    cached_free(c);
    _exit(0);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The segment of another process. */
static bool attach(struct cache *r, pid_t maker, int from)
{
    uint8_t instance[CACHE_INSTANCE];
    char path[64];
    int number, fd;
    bool done;

    if (read(from, &number, sizeof number) != sizeof number ||
        read(from, instance, sizeof instance) != sizeof instance)
        return false;
    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)maker, number);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    for (unsigned i = 0; !(done = cache_map(r, fd, instance)) && i < 100000; i++)
        ; /* its header was written over at this moment */
    if (fd >= 0)
        close(fd);
    return done;
}

static void a_scribbler_is_survived(void **state)
{
    int to_it[2], from_it[2], status;
    int64_t until;
    struct tally t = {0};
    struct cache r;
    pid_t maker;

    (void)state;
    assert_true(pipe2(to_it, O_CLOEXEC) == 0 && pipe2(from_it, O_CLOEXEC) == 0);
    if ((maker = fork()) == 0) {
        (void)signal(SIGSEGV, SIG_DFL);
        close(to_it[1]);
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        keep_on(to_it[0], from_it[1]);
    }
    close(from_it[1]);
    assert_true(attach(&r, maker, from_it[0]));
    assert_true(put_between_guards(&r));
    until = now_ms() + setting("CACHE_SCRIBBLE_MS", 700);
    for (unsigned n = 0; n % 1024 || now_ms() < until || t.hits == 0; n++)
        look_for(&r, n % QUESTIONS, VERSIONS, &t);
    close(to_it[1]);
    assert_int_equal(waitpid(maker, &status, 0), maker);
    print_message("# %lu hits, %lu misses, %lu wrong answers, at most %lu loads a look\n", t.hits, t.misses,
                  t.wrong, t.loads_most);
    take_from_between_guards(&r);
    close(to_it[0]);
    close(from_it[0]);
    assert_int_equal(t.wrong, 0);
    assert_true(t.hits > 0 && t.misses > 0 && t.loads_most <= LOADS_MOST);
    assert_int_equal(status, 0); /* the writer lives, too: it never believes the segment */
}

/* ---- a writer that never rests --------------------------------------------------------------------------- */

static atomic_bool enough;
static atomic_ulong written;

/* A hundred thousand answers a second, as far as the machine can. */
static void *write_on(void *ctx)
{
    struct timespec next;

    clock_gettime(CLOCK_MONOTONIC, &next);
    for (unsigned i = 0; !enough; i++) {
        unsigned n = i % 16 * 8 + 4; /* of 300 bytes: `answer` */

        keep(ctx, n % QUESTIONS, i / 16, 1, CACHED_ALWAYS);
        written++;
        if (i % 100 != 99)
            continue;
        next.tv_nsec += 1000000;
        next.tv_sec += next.tv_nsec / 1000000000;
        next.tv_nsec %= 1000000000;
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    return NULL;
}

/* Every answer that is read is one that was written, whole. */
static void nothing_torn_is_read(void **state)
{
    unsigned wanted = setting("CACHE_HITS", 200000);
    char detail[CACHED_WORDS];
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);
    struct tally t = {0};
    struct cache r;
    pthread_t writer;
    int64_t began = now_ms(), took;

    (void)state;
    assert_non_null(c);
    assert_true(cache_map(&r, cached_fd(c), cached_instance(c)));
    enough = false;
    written = 0;
    pthread_create(&writer, NULL, write_on, c);
    for (unsigned i = 0; t.hits < wanted || written < 1000; i++)
        look_for(&r, (i % 16 * 8 + 4) % QUESTIONS, VERSIONS, &t);
    enough = true;
    pthread_join(writer, NULL);
    took = now_ms() - began + 1;
    print_message("# %lu hits, %lu misses, %lu torn, while %lu answers were written, %lu a second; at most "
                  "%lu loads a look\n",
                  t.hits, t.misses, t.wrong, (unsigned long)written,
                  (unsigned long)written * 1000 / (unsigned long)took, t.loads_most);
    assert_int_equal(t.wrong, 0);
    assert_true(t.loads_most <= LOADS_MOST);
    cache_unmap(&r);
    cached_free(c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_a_miss),
        cmocka_unit_test(the_writer_believes_nothing),
        cmocka_unit_test(a_scribbler_is_survived),
        cmocka_unit_test(nothing_torn_is_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
