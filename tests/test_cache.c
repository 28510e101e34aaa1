/* test_cache.c -- answers in shared memory: both ends, what the kernel forbids, and the end of a segment. Those who mean harm are
 * in test_hostile.c. */
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
    struct span value, keys[8];
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

/* ---- seals --------------------------------------------------------------------------------------------- */

static char *map_of(int fd, int protection, size_t size)
{
    char *at = mmap(NULL, size, protection, MAP_SHARED, fd, 0);

    return at == MAP_FAILED ? NULL : at;
}

static bool maps_to_write(int fd)
{
    char *at = map_of(fd, PROT_READ | PROT_WRITE, 4096);

    return at && munmap(at, 4096) == 0;
}

static bool makes_its_map_writable(int fd)
{
    char *at = map_of(fd, PROT_READ, 4096);
    bool done = at && mprotect(at, 4096, PROT_READ | PROT_WRITE) == 0;

    (void)munmap(at, 4096);
    return done;
}

static bool takes_pages_out_of_its_map(int fd)
{
    char *at = map_of(fd, PROT_READ, 4096);
    bool done = at && madvise(at, 4096, MADV_REMOVE) == 0;

    (void)munmap(at, 4096);
    return done;
}

static bool writes(int fd)
{
    return pwrite(fd, "x", 1, 0) == 1;
}

static bool cuts_all(int fd)
{
    return ftruncate(fd, 0) == 0;
}

static bool grows(int fd)
{
    return ftruncate(fd, 1 << 30) == 0;
}

static bool grows_by_allocating(int fd)
{
    return fallocate(fd, 0, 0, 8 << 20) == 0;
}

static bool punches_a_hole(int fd)
{
    return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0;
}

static bool takes_a_seal_off_or_on(int fd)
{
    return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0;
}

/* Opened anew, as a file of its own. */
static int again(int fd, int flags)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, flags | O_CLOEXEC);
}

static bool writes_through_proc(int fd)
{
    int other = again(fd, O_RDWR);
    bool done = other >= 0 && (writes(other) || maps_to_write(other));

    if (other >= 0)
        close(other);
    return done;
}

static bool cuts_through_proc(int fd)
{
    int other = again(fd, O_RDWR | O_TRUNC);

    return other >= 0 && close(other) == 0;
}

/* Whoever holds the descriptor can read what is there, and nothing else. */
static void the_segment_can_be_neither_written_nor_cut(void **state)
{
    static const struct {
        const char *what;
        bool (*done)(int fd);
    } trials[] = {
        {"maps it to write", maps_to_write},
        {"makes its map writable", makes_its_map_writable},
        {"takes pages out of its map", takes_pages_out_of_its_map},
        {"writes", writes},
        {"cuts it", cuts_all},
        {"grows it", grows},
        {"grows it by allocating", grows_by_allocating},
        {"punches a hole", punches_a_hole},
        {"adds a seal", takes_a_seal_off_or_on},
        {"writes through /proc", writes_through_proc},
        {"cuts it through /proc", cuts_through_proc},
    };
    struct cached *c = made(SMALL, 1);
    struct cached_counts counts;
    char *map, *before;

    (void)state;
    keep(c, 5, 0, 1, CACHED_ALWAYS);
    cached_counts(c, &counts);
    map = map_of(cached_fd(c), PROT_READ, counts.bytes);
    assert_non_null(map);
    before = malloc(counts.bytes);
    memcpy(before, map, counts.bytes);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        int open_fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

        assert_int_equal(ftruncate(open_fd, (off_t)counts.bytes), 0);
        if (!trials[i].done(open_fd)) /* the control: one without seals */
            fail_msg("control: nobody %s, though nothing forbids it", trials[i].what);
        close(open_fd);
        if (trials[i].done(cached_fd(c)))
            fail_msg("a holder of the descriptor %s", trials[i].what);
    }
    assert_memory_equal(map, before, counts.bytes);
    free(before);
    (void)munmap(map, counts.bytes);
    cached_free(c);
}

static bool is_mapped(int fd, const uint8_t instance[CACHE_INSTANCE])
{
    struct cache r;
    bool mapped_it = cache_map(&r, fd, instance);

    cache_unmap(&r);
    return mapped_it;
}

/* A copy of the segment `from`, of `solid` bytes and a hole, with other seals. */
static int copy_with(const char *from, size_t solid, size_t size, int seals)
{
    int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0 || pwrite(fd, from, solid, 0) != (ssize_t)solid || ftruncate(fd, (off_t)size) != 0 ||
        fcntl(fd, F_ADD_SEALS, seals) != 0)
        abort();
    return fd;
}

static void one_that_could_go_away_under_us_is_not_mapped(void **state)
{
    enum { SOLID = F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE };
    struct cached *c = made(SMALL, 1);
    uint8_t other[CACHE_INSTANCE] = {1};
    struct cached_counts counts;
    int pipes[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);
    char *from;

    (void)state;
    cached_counts(c, &counts);
    from = map_of(cached_fd(c), PROT_READ, counts.bytes);
    assert_int_equal(pipe(pipes), 0);
    const struct {
        const char *what;
        int fd;
        const uint8_t *instance;
        bool fine;
    } cases[] = {
        {"a copy", copy_with(from, counts.bytes, counts.bytes, SOLID), cached_instance(c), true},
        {"one that can never be written",
         copy_with(from, counts.bytes, counts.bytes, F_SEAL_SHRINK | F_SEAL_WRITE), cached_instance(c), true},
        {"one that can be cut", copy_with(from, counts.bytes, counts.bytes, F_SEAL_FUTURE_WRITE),
         cached_instance(c), false},
        {"one that can get holes", copy_with(from, counts.bytes, counts.bytes, F_SEAL_SHRINK),
         cached_instance(c), false},
        {"one with a hole", copy_with(from, counts.bytes / 2, counts.bytes, SOLID), cached_instance(c),
         false},
        {"one that is shorter than it says", copy_with(from, counts.bytes - 4096, counts.bytes - 4096, SOLID),
         cached_instance(c), false},
        {"one shorter than a header", copy_with(from, 300, 300, SOLID), cached_instance(c), false},
        {"another instance", copy_with(from, counts.bytes, counts.bytes, SOLID), other, false},
        {"a pipe", pipes[0], cached_instance(c), false},
        {"/dev/null", null, cached_instance(c), false},
        {"no descriptor", -1, cached_instance(c), false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (is_mapped(cases[i].fd, cases[i].instance) != cases[i].fine)
            fail_msg("%s is %s", cases[i].what, cases[i].fine ? "refused" : "mapped");
        if (cases[i].fd >= 0)
            close(cases[i].fd);
    }
    close(pipes[1]);
    (void)munmap(from, counts.bytes);
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

/* Who still has it mapped finds no answer there, and no question. */
static void no_answer_stays_in_a_retired_segment(void **state)
{
    struct cached *c = made(SMALL, 1);
    struct cached_counts counts;
    char *map, key[64], *value = malloc(CACHE_VALUE);
    struct span q = question(7, key), a = answer(7, 0, value);

    (void)state;
    keep(c, 7, 0, 1, CACHED_ALWAYS);
    cached_counts(c, &counts);
    map = map_of(cached_fd(c), PROT_READ, counts.bytes);
    assert_non_null(memmem(map, counts.bytes, a.at, a.len)); /* the control */
    assert_non_null(memmem(map, counts.bytes, q.at, q.len));
    cached_free(c);
    assert_null(memmem(map, counts.bytes, a.at, 64));
    assert_null(memmem(map, counts.bytes, q.at, q.len));
    (void)munmap(map, counts.bytes);
    free(value);
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

/* Segments of another make: a later version, other rules for keys, another machine. None is an error, and none is read. */
static void one_of_another_make_is_not_mapped(void **state)
{
    static const struct {
        const char *what;
        size_t at;
        uint8_t byte;
        bool fine;
    } cases[] = {
        {"one as we make them", offsetof(struct cache_header, magic), 'Q', true},
        {"another magic", offsetof(struct cache_header, magic), 'q', false},
        {"a newer major version", offsetof(struct cache_header, major), CACHE_MAJOR + 1, false},
        {"an older major version", offsetof(struct cache_header, major), CACHE_MAJOR - 1, false},
        {"a newer minor version", offsetof(struct cache_header, minor), CACHE_MINOR + 1, true},
        {"another order of bytes", offsetof(struct cache_header, order), 1, false},
        {"other rules for keys", offsetof(struct cache_header, key_rules), CACHE_KEY_RULES + 1, false},
        {"no classes", offsetof(struct cache_header, class_count), 0, false},
        {"nine classes", offsetof(struct cache_header, class_count), 9, false},
        {"a number of buckets that is no power of two", offsetof(struct cache_header, bucket_count), 3,
         false},
        {"slots of a length that is none", offsetof(struct cache_header, classes[1].slot_size), 1, false},
    };
    struct cached *c = made(SMALL, 1);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct copy copy = copy_of(c);

        copy.at[cases[i].at] = cases[i].byte;
        if (is_mapped(copy.fd, cached_instance(c)) != cases[i].fine)
            fail_msg("%s is %s", cases[i].what, cases[i].fine ? "refused" : "mapped");
        (void)munmap(copy.at, copy.size);
        close(copy.fd);
    }
    cached_free(c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_found),
        cmocka_unit_test(what_does_not_fit_is_a_miss),
        cmocka_unit_test(a_commit_makes_stale_what_it_may_have_changed),
        cmocka_unit_test(what_is_wanted_stays),
        cmocka_unit_test(the_segment_can_be_neither_written_nor_cut),
        cmocka_unit_test(one_that_could_go_away_under_us_is_not_mapped),
        cmocka_unit_test(one_of_another_make_is_not_mapped),
        cmocka_unit_test(a_retired_segment_is_left),
        cmocka_unit_test(a_death_is_seen),
        cmocka_unit_test(no_answer_stays_in_a_retired_segment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
