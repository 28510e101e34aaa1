/* test_cache.c -- answers in shared memory: both ends, and what a damaged segment does to its reader: nothing. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/cache_segment.h"

enum { SMALL = CACHED_LEAST };

static struct cached *made(size_t bytes, uint64_t generation)
{
    char detail[CACHED_WORDS] = "";
    struct cached *c = cached_new(bytes, generation, detail);

    if (!c)
        fail_msg("%s", detail);
    return c;
}

static struct cache mapped(const struct cached *c)
{
    struct cache r;

    assert_true(cache_map(&r, cached_fd(c), cached_instance(c)));
    return r;
}

/* ---- both ends ----------------------------------------------------------------------------------------- */

static void what_is_kept_is_found(void **state)
{
    struct cached *c = made(4 << 20, 7);
    struct cache r = mapped(c);
    struct span value;
    char key[64], want[CACHE_VALUE];

    (void)state;
    for (unsigned n = 0; n < 64; n++)
        keep(c, n, 0, 7, CACHED_ALWAYS);
    for (unsigned n = 0; n < 64; n++) {
        assert_int_equal(has(&r, n, 0), 1);
        assert_true(cached_find(c, question(n, key), &value));
        assert_true(span_eq(value, answer(n, 0, want)));
    }
    assert_int_equal(has(&r, 64, 0), -1);
    keep(c, 5, 1, 7, CACHED_ALWAYS); /* another answer to the same question, as long */
    assert_int_equal(has(&r, 5, 1), 1);
    cached_keep(c, question(5, key), SPAN("short"), 7, CACHED_ALWAYS); /* and one of another class */
    assert_int_equal(cache_get(&r, question(5, key), want, sizeof want), 5);
    cache_unmap(&r);
    cached_free(c);
}

static void what_does_not_fit_is_a_miss(void **state)
{
    struct cached *c = made(SMALL, 1);
    struct cache r = mapped(c);
    char big[CACHE_VALUE + 1] = {1}, long_key[CACHE_KEY + 1];

    (void)state;
    memset(long_key, 'k', sizeof long_key);
    cached_keep(c, (struct span){long_key, CACHE_KEY + 1}, SPAN("v"), 1, CACHED_ALWAYS);
    cached_keep(c, SPAN("large"), (struct span){big, CACHE_VALUE + 1}, 1, CACHED_ALWAYS);
    cached_keep(c, SPAN("whole"), (struct span){big, CACHE_VALUE}, 1, CACHED_ALWAYS);
    cached_keep(c, (struct span){long_key, CACHE_KEY}, SPAN("v"), 1, CACHED_ALWAYS);
    assert_int_equal(cache_get(&r, (struct span){long_key, CACHE_KEY + 1}, big, sizeof big), -1);
    assert_int_equal(cache_get(&r, SPAN("large"), big, sizeof big), -1);
    assert_int_equal(cache_get(&r, SPAN("whole"), big, sizeof big), CACHE_VALUE);
    assert_int_equal(cache_get(&r, SPAN("whole"), big, CACHE_VALUE - 1), -1);
    assert_int_equal(cache_get(&r, (struct span){long_key, CACHE_KEY}, big, sizeof big), 1);
    assert_int_equal(cache_get(&r, SPAN(""), big, sizeof big), -1);
    cache_unmap(&r);
    cached_free(c);
}

static void a_commit_makes_stale_what_it_may_have_changed(void **state)
{
    struct cached *c = made(4 << 20, 10);
    struct cache r = mapped(c);

    (void)state;
    keep(c, 1, 0, 10, 0x3);           /* needs bits 0 and 1 */
    keep(c, 2, 0, 10, 0x4);           /* needs bit 2 */
    keep(c, 3, 0, 10, CACHED_ALWAYS); /* hangs on everything */
    keep(c, 4, 0, 9, 0x8);            /* of a generation that is over: not kept */
    assert_int_equal(has(&r, 4, 0), -1);
    cached_commit(c, 11, 0x1 | 0x4);
    for (unsigned n = 1; n <= 3; n++)
        assert_int_equal(has(&r, n, 0), -1);
    cached_sweep(c);
    assert_int_equal(has(&r, 1, 0), 1); /* only one of its bits was touched */
    assert_int_equal(has(&r, 2, 0), -1);
    assert_int_equal(has(&r, 3, 0), -1);
    keep(c, 2, 1, 11, 0x4);
    assert_int_equal(has(&r, 2, 1), 1);
    cached_commit(c, 12, 0);
    keep(c, 5, 0, 12, 0x10);
    cached_commit(c, 13, 0x2); /* before a sweep: both bits of 1 were touched by neither alone, but by both */
    cached_sweep(c);
    assert_int_equal(has(&r, 1, 0), 1);
    assert_int_equal(has(&r, 2, 1), 1);
    assert_int_equal(has(&r, 5, 0), -1); /* of a generation between two sweeps */
    cache_unmap(&r);
    cached_free(c);
}

/* What is asked again and again stays while a hundred times as much passes by, and the segment goes on working. */
static void what_is_wanted_stays(void **state)
{
    struct cached *c = made(SMALL, 1);
    struct cached_counts counts;
    struct wanted keys[8];
    struct span value;
    char key[64];
    unsigned lost = 0;

    (void)state;
    for (unsigned round = 0; round < 400; round++) {
        for (unsigned n = 0; n < 8; n++)
            if (!cached_find(c, question(n * 8 + 4, key), &value)) {
                keep(c, n * 8 + 4, 0, 1, CACHED_ALWAYS);
                lost += round > 2;
            }
        for (unsigned i = 0; i < 50; i++)
            keep(c, 1000 + round * 50 + i, 0, 1, CACHED_ALWAYS);
    }
    assert_int_equal(lost, 0);
    cached_counts(c, &counts);
    assert_true(counts.evictions > 10000 && counts.used <= counts.slots);
    assert_int_equal(cached_wanted(c, keys, 8), 8);
    cached_free(c);
}

/* Eight answers are found by a reader, again and again, while others pass by. How often one had gone. */
static unsigned lost_while_others_pass(bool tells)
{
    struct cached *c = made(SMALL, 1);
    struct cache r = mapped(c);
    unsigned lost = 0;

    for (unsigned round = 0; round < 200; round++) {
        uint64_t slots[8] = {0};

        for (unsigned n = 0; n < 8; n++) {
            char key[64], out[CACHE_VALUE];

            if (cache_get_at(&r, question(n * 8 + 4, key), out, sizeof out, &slots[n]) < 0) {
                keep(c, n * 8 + 4, 0, 1, CACHED_ALWAYS);
                lost += round > 2;
            }
        }
        if (tells)
            cached_told(c, 8, slots, 8);
        for (unsigned i = 0; i < 50; i++)
            keep(c, 1000 + round * 50 + i, 0, 1, CACHED_ALWAYS);
    }
    cache_unmap(&r);
    cached_free(c);
    return lost;
}

static void what_readers_tell_of_stays(void **state)
{
    (void)state;
    assert_int_equal(lost_while_others_pass(true), 0);
    assert_true(lost_while_others_pass(false) > 0);
}

static void what_readers_tell_is_not_trusted(void **state)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   UINT32_MAX,
                                   UINT64_C(1) << 32,
                                   (UINT64_C(3) << 32) + UINT32_MAX,
                                   UINT64_C(4) << 32 | 1,
                                   UINT64_C(15) << 32 | 1,
                                   UINT64_MAX,
                                   (uint64_t)INT64_MAX};
    struct cached *c = made(SMALL, 1);
    struct cached_counts counts;

    (void)state;
    cached_told(c, UINT32_MAX, odd, sizeof odd / sizeof *odd);
    cached_told(c, 1, NULL, 0);
    cached_counts(c, &counts);
    assert_true(counts.hits == UINT64_C(1) << 32 && counts.used == 0);
    cached_free(c);
}

static void the_segment_can_be_neither_written_nor_cut(void **state)
{
    struct cached *c = made(SMALL, 1);
    char path[64];
    int fd;

    (void)state;
    assert_ptr_equal(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, cached_fd(c), 0), MAP_FAILED);
    assert_int_equal(ftruncate(cached_fd(c), 0), -1);
    assert_int_equal(ftruncate(cached_fd(c), 1 << 30), -1);
    assert_int_equal(pwrite(cached_fd(c), "x", 1, 0), -1);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", cached_fd(c));
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd < 0 || pwrite(fd, "x", 1, 0) == -1);
    if (fd >= 0)
        close(fd);
    assert_int_equal(fallocate(cached_fd(c), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096), -1);
    cached_free(c);
}

static void one_that_could_be_cut_is_not_mapped(void **state)
{
    struct cached *c = made(SMALL, 1);
    int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    uint8_t other[CACHE_INSTANCE] = {1};
    struct cached_counts counts;
    struct cache r;
    void *from;

    (void)state;
    cached_counts(c, &counts);
    from = mmap(NULL, counts.bytes, PROT_READ, MAP_SHARED, cached_fd(c), 0);
    assert_int_equal(write(fd, from, counts.bytes), counts.bytes);
    assert_false(cache_map(&r, fd, cached_instance(c)));
    assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    assert_true(cache_map(&r, fd, cached_instance(c)));
    cache_unmap(&r);
    assert_false(cache_map(&r, fd, other));
    assert_false(cache_map(&r, -1, other));
    (void)munmap(from, counts.bytes);
    close(fd);
    cached_free(c);
}

/* ---- its end ------------------------------------------------------------------------------------------- */

static void a_retired_segment_is_left(void **state)
{
    struct cached *c = made(SMALL, 1);
    struct cache r = mapped(c);

    (void)state;
    keep(c, 1, 0, 1, CACHED_ALWAYS);
    assert_true(cache_alive(&r));
    assert_int_equal(has(&r, 1, 0), 1);
    cached_free(c);
    assert_false(cache_alive(&r));
    assert_int_equal(has(&r, 1, 0), -1);
    cache_unmap(&r);
}

/* A process that keeps the segment dies of a signal; the reader sees it by a look into memory. */
static void a_death_is_seen(void **state)
{
    static const int signals[] = {SIGKILL, SIGSEGV, SIGTERM, SIGALRM};

    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct cached *(*make)(size_t, uint64_t) = made;
        int to_us[2], status;
        struct cache r;
        pid_t child;
        char byte;
        uint8_t instance[CACHE_INSTANCE];
        char path[64];
        int fd, number;

        assert_int_equal(pipe(to_us), 0);
        if ((child = fork()) == 0) {
            struct cached *c = make(SMALL, 1);

            (void)signal(SIGSEGV, SIG_DFL);
            keep(c, 1, 0, 1, CACHED_ALWAYS);
            number = cached_fd(c);
            (void)!write(to_us[1], &number, sizeof number);
            (void)!write(to_us[1], cached_instance(c), CACHE_INSTANCE);
            for (;;)
                pause();
        }
        assert_int_equal(read(to_us[0], &number, sizeof number), sizeof number);
        assert_int_equal(read(to_us[0], instance, sizeof instance), sizeof instance);
        (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)child, number);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_true(cache_map(&r, fd, instance));
        close(fd);
        assert_int_equal(has(&r, 1, 0), 1);
        assert_int_equal(kill(child, signals[i]), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_false(cache_alive(&r));
        assert_int_equal(has(&r, 1, 0), -1);
        cache_unmap(&r);
        close(to_us[1]);
        assert_int_equal(read(to_us[0], &byte, 1), 0);
        close(to_us[0]);
    }
}

/* ---- a writer that never rests --------------------------------------------------------------------------- */

static atomic_bool enough;

static void *write_on(void *ctx)
{
    for (unsigned i = 0; !enough; i++)
        keep(ctx, i % 16 * 8 + 4, i % 1000, 1, CACHED_ALWAYS);
    return NULL;
}

/* Every answer that is read is one that was written, whole. */
static void nothing_torn_is_read(void **state)
{
    struct cached *c = made(SMALL, 1);
    struct cache r = mapped(c);
    unsigned hits = 0, torn = 0, looks = 400000;
    char key[64], *got = malloc(CACHE_VALUE), *want = malloc(CACHE_VALUE);
    pthread_t writer;

    (void)state;
    enough = false;
    pthread_create(&writer, NULL, write_on, c);
    for (unsigned i = 0; i < looks; i++) {
        unsigned n = i % 16 * 8 + 4, version;
        long len = cache_get(&r, question(n, key), got, CACHE_VALUE);

        if (len < 0)
            continue;
        hits++;
        for (version = 0; version < 26; version++) /* versions are alike modulo 26 */
            if (answer(n, version, want).len == (size_t)len && memcmp(want, got, (size_t)len) == 0)
                break;
        torn += version == 26;
    }
    enough = true;
    pthread_join(writer, NULL);
    assert_int_equal(torn, 0);
    assert_true(hits > looks / 10);
    free(got);
    free(want);
    cache_unmap(&r);
    cached_free(c);
}

/* ---- damage ---------------------------------------------------------------------------------------------- */

static uint32_t random_of(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(*seed >> 33);
}

/* Damages a few words: anywhere, or where it hurts. */
static void damage(const struct copy *copy, const struct cache_header *h, uint64_t *seed)
{
    static const uint64_t nasty[] = {0, 1, 0xffffffff, UINT64_MAX, UINT64_MAX / 2, 4096, 1 << 20, 63};
    unsigned count = 1 + random_of(seed) % 8;

    for (unsigned i = 0; i < count; i++) {
        size_t at = random_of(seed) % copy->size;
        uint64_t word = random_of(seed) % 2 ? nasty[random_of(seed) % 8]
                                            : (uint64_t)random_of(seed) << 32 | random_of(seed);

        switch (random_of(seed) % 4) {
        case 0:
            at = random_of(seed) % sizeof *h;
            break;
        case 1:
            at = h->buckets_at + random_of(seed) % ((size_t)h->bucket_count * 64);
            break;
        case 2: { /* the head of a slot */
            const struct cache_class *k = &h->classes[random_of(seed) % CACHE_CLASSES];
            at = k->at + (size_t)(random_of(seed) % k->slot_count) * k->slot_size + random_of(seed) % 64;
            break;
        }
        default:
            break;
        }
        at = at / 8 * 8;
        if (at + 8 <= copy->size)
            memcpy(copy->at + at, &word, 8);
    }
}

/* However a segment is damaged: no crash, no wrong answer, and it ends. CACHE_ROUNDS is how many. */
static void damage_is_a_miss(void **state)
{
    unsigned rounds = getenv("CACHE_ROUNDS") ? (unsigned)atoi(getenv("CACHE_ROUNDS")) : 4000, wrong = 0,
             hits = 0, refused = 0;
    struct cached *c = made(SMALL, 1);
    struct cache_header h;
    uint64_t seed = 1;
    struct copy copy;
    uint8_t *good;

    (void)state;
    for (unsigned n = 0; n < 40; n++)
        keep(c, n, 0, 1, CACHED_ALWAYS);
    copy = copy_of(c);
    good = malloc(copy.size);
    memcpy(good, copy.at, copy.size);
    memcpy(&h, good, sizeof h);
    for (unsigned i = 0; i < rounds; i++) {
        struct cache r;

        damage(&copy, &h, &seed);
        if (cache_map(&r, copy.fd, h.instance)) {
            for (unsigned n = 0; n < 40; n++) {
                int got = has(&r, n, 0);
                wrong += got == 0;
                hits += got == 1;
            }
            cache_unmap(&r);
        } else {
            refused++;
        }
        if (i % 3 == 0) /* else damage gathers */
            memcpy(copy.at, good, copy.size);
    }
    assert_int_equal(wrong, 0);
    assert_true(hits > rounds && refused > rounds / 100);
    free(good);
    (void)munmap(copy.at, copy.size);
    close(copy.fd);
    cached_free(c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_found),
        cmocka_unit_test(what_does_not_fit_is_a_miss),
        cmocka_unit_test(a_commit_makes_stale_what_it_may_have_changed),
        cmocka_unit_test(what_is_wanted_stays),
        cmocka_unit_test(what_readers_tell_of_stays),
        cmocka_unit_test(what_readers_tell_is_not_trusted),
        cmocka_unit_test(the_segment_can_be_neither_written_nor_cut),
        cmocka_unit_test(one_that_could_be_cut_is_not_mapped),
        cmocka_unit_test(a_retired_segment_is_left),
        cmocka_unit_test(a_death_is_seen),
        cmocka_unit_test(nothing_torn_is_read),
        cmocka_unit_test(damage_is_a_miss),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
