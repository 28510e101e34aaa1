/* bench_text.c -- how fast text becomes words, keys and hashes, beside utf8proc and a plain loop, in one run.
 *
 *      bench_text NAME=FILE...      each file's lines, shuffled and repeated to TEXT_BYTES
 *
 * Each of the three takes turns ROUNDS times over the same bytes; the fastest turn counts, since noise only adds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <utf8proc.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/buf.h"
#include "index/word.h"

enum { TEXT_BYTES = 16 * 1024 * 1024, ROUNDS = 5 };

static uint64_t sink; /* keeps the compiler from leaving the work out */

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Splits at ASCII spaces and hashes what is between: what any indexer must do at least. */
static uint64_t plain_loop(struct span text)
{
    uint64_t h = 14695981039346656037u, sum = 0;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] > ' ') {
            h = (h ^ (unsigned char)text.at[i]) * 1099511628211u;
            continue;
        }
        sum += h;
        h = 14695981039346656037u;
    }
    return sum;
}

static uint64_t map_whole(struct span text)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)text.at, (utf8proc_ssize_t)text.len, &out,
                                        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                            UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

    free(out);
    return (uint64_t)len;
}

static uint64_t words_and_keys(struct span text)
{
    struct word_reader r;
    struct word w;
    uint64_t sum = 0;

    word_open(&r, text, 0);
    while (word_next(&r, &w))
        sum += XXH3_64bits(w.key.at, w.key.len);
    return sum;
}

static double seconds(uint64_t (*work)(struct span), struct span text)
{
    double start = now();

    sink += work(text);
    return now() - start;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* Lines of the file in a random order that is always the same, until there are TEXT_BYTES. */
static bool read_lines(const char *path, struct buf *out)
{
    struct span lines[256];
    struct buf file = BUF_INIT(TEXT_BYTES);
    uint32_t count = 0, seed = 1;
    char piece[4096];
    FILE *f = fopen(path, "re");
    size_t n;

    if (!f)
        return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_put(&file, piece, n);
    fclose(f);
    for (size_t at = 0; at < file.len && count < 256;) {
        const char *end = memchr(file.at + at, '\n', file.len - at);
        size_t stop = end ? (size_t)(end - file.at) + 1 : file.len;

        lines[count++] = (struct span){file.at + at, stop - at};
        at = stop;
    }
    while (count && out->len + 8192 < TEXT_BYTES && buf_err(out) == 0)
        buf_span(out, lines[next_random(&seed) % count]);
    buf_fini(&file);
    return count > 0 && buf_err(out) == 0;
}

static long peak_kb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void measure(const char *name, struct span text)
{
    uint64_t (*const works[])(struct span) = {plain_loop, words_and_keys, map_whole};
    double best[3] = {1e9, 1e9, 1e9}, mb = (double)text.len / 1e6;
    long before = peak_kb(), grown;

    (void)words_and_keys(text);
    grown = peak_kb() - before;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < 3; i++) {
            double s = seconds(works[i], text);
            best[i] = s < best[i] ? s : best[i];
        }
    printf("%-10s %8.0f %14.0f %14.0f %13.2f %10ld\n", name, mb / best[0], mb / best[1], mb / best[2],
           best[2] / best[1], grown);
}

int main(int argc, char **argv)
{
    printf("MB/s, one core, best of %d\n", ROUNDS);
    printf("%-10s %8s %14s %14s %13s %10s\n", "text", "a loop", "words + keys", "utf8proc_map",
           "times as fast", "KB grown");
    for (int i = 1; i < argc; i++) {
        struct buf text = BUF_INIT(TEXT_BYTES);
        char *path = strchr(argv[i], '=');

        if (!path) {
            fprintf(stderr, "usage: bench_text NAME=FILE...\n");
            return 2;
        }
        *path++ = 0;
        if (!read_lines(path, &text)) {
            fprintf(stderr, "bench_text: %s cannot be read, or is empty\n", path);
            return 2;
        }
        measure(argv[i], buf_view(&text));
        buf_fini(&text);
    }
    return sink == 42;
}
