/* cache_segment.h -- segments of the cache for tests: questions that are known by a number, and copies that may be damaged. */
#ifndef TESTS_CACHE_SEGMENT_H
#define TESTS_CACHE_SEGMENT_H

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/cached.h"

/* Question n, and an answer that tells which it is, into `out` (NULL: only its length), which visits all classes. */
static inline struct span question(unsigned n, char out[64])
{
    return (struct span){out, (size_t)snprintf(out, 64, "by%c\x01venn %u", 0, n)};
}

static inline struct span answer(unsigned n, unsigned version, char *out)
{
    static const size_t lengths[] = {0, 1, 7, 8, 300, 1500, 4096, 30000};
    size_t len = lengths[n % 8];

    for (size_t i = 0; out && i < len; i++)
        out[i] = (char)('a' + (n * 31 + version * 7 + i * (1 + n % 5)) % 26);
    return (struct span){out, len};
}

static inline void keep(struct cached *c, unsigned n, unsigned version, uint64_t generation, uint64_t needs)
{
    char key[64], *value = malloc(CACHE_VALUE);

    cached_keep(c, question(n, key), answer(n, version, value), generation, needs);
    free(value);
}

/* -1: not there; 1: exactly that answer; 0: something else. */
static inline int has(const struct cache *r, unsigned n, unsigned version)
{
    char key[64], *want = malloc(CACHE_VALUE), *got = malloc(CACHE_VALUE);
    struct span a = answer(n, version, want);
    long len = cache_get(r, question(n, key), got, CACHE_VALUE);
    int result = len < 0 ? -1 : (size_t)len == a.len && memcmp(got, a.at, a.len) == 0;

    free(want);
    free(got);
    return result;
}

/* A copy of a segment that a test may write. */
struct copy {
    uint8_t *at;
    size_t size;
    int fd;
};

static inline struct copy copy_of(const struct cached *c)
{
    struct cached_counts counts;
    struct copy copy;
    void *from;

    cached_counts(c, &counts);
    copy.size = counts.bytes;
    copy.fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    from = mmap(NULL, copy.size, PROT_READ, MAP_SHARED, cached_fd(c), 0);
    if (copy.fd < 0 || from == MAP_FAILED || write(copy.fd, from, copy.size) != (ssize_t)copy.size)
        abort();
    (void)munmap(from, copy.size);
    copy.at = mmap(NULL, copy.size, PROT_READ | PROT_WRITE, MAP_SHARED, copy.fd, 0);
    if (copy.at == MAP_FAILED || fcntl(copy.fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE) != 0)
        abort();
    return copy;
}

#endif
