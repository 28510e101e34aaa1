#include "bench/bench_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "index/rank.h"

enum { ROUNDS = 5, TYPE_LONGEST = 16, QUERY_LONGEST = 240, BEST = 10 };

struct query_line {
    char type[TYPE_LONGEST], text[QUERY_LONGEST];
    double best_us;
};

struct queries {
    struct query_line *at;
    size_t count, cap;
};

static double now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* What a person would type for a line: a phrase in marks, a star behind a beginning, OR between words. */
static void spell(char out[QUERY_LONGEST], const char *type, const char *words)
{
    size_t n = 0;

    if (strcmp(type, "phrase3") == 0) {
        (void)snprintf(out, QUERY_LONGEST, "\"%s\"", words);
    } else if (strcmp(type, "prefix") == 0) {
        (void)snprintf(out, QUERY_LONGEST, "%s*", words);
    } else if (strcmp(type, "or3") == 0) {
        for (; *words && n + 6 < QUERY_LONGEST; words++)
            n += (size_t)snprintf(out + n, QUERY_LONGEST - n, *words == ' ' ? " OR " : "%c", *words);
    } else {
        (void)snprintf(out, QUERY_LONGEST, "%s", words);
    }
}

static int load(struct queries *q, const char *path)
{
    FILE *file = fopen(path, "r");
    char line[512];

    if (!file) {
        perror(path);
        return ERR_IO;
    }
    while (fgets(line, sizeof line, file)) {
        char *words = strchr(line, '\t');

        if (!words)
            continue;
        *words++ = 0;
        words[strcspn(words, "\n")] = 0;
        if (q->count == q->cap) {
            q->cap = q->cap ? 2 * q->cap : 256;
            if (!(q->at = realloc(q->at, q->cap * sizeof *q->at)))
                abort();
        }
        q->at[q->count] = (struct query_line){.best_us = 1e12};
        (void)snprintf(q->at[q->count].type, TYPE_LONGEST, "%.15s", line);
        spell(q->at[q->count++].text, line, words);
    }
    (void)fclose(file);
    return 0;
}

/* One question from nothing: how many were found, or an error. */
static int64_t ask(struct index *ix, const char *text, bool count_only)
{
    struct arena mem = ARENA_INIT;
    struct index_view *v = NULL;
    struct ranked *ranked = NULL;
    struct query q = {0};
    uint64_t total = 0;
    uint32_t count = 0;
    int rc = index_view_open(ix, &v);

    if (rc == 0 && (rc = query_parse(&q, &mem, span_of(text), SPAN(""))) == 0)
        rc = count_only ? rank_count(v, &q, NULL, &total)
                        : rank_documents(&mem, v, &q, BEST, NULL, &ranked, &count, NULL, NULL);
    query_fini(&q);
    index_view_close(&v);
    arena_free(&mem);
    return rc < 0 ? rc : count_only ? (int64_t)total : count;
}

static int by_time(const void *a, const void *b)
{
    const struct query_line *x = a, *y = b;

    return (x->best_us > y->best_us) - (x->best_us < y->best_us);
}

/* The lines of one type. */
static int measure(struct index *ix, struct query_line *at, size_t count, bool count_only)
{
    int64_t hits = 0, found;

    for (size_t i = 0; i < count; i++)
        at[i].best_us = 1e12;
    for (int round = 0; round <= ROUNDS; round++)
        for (size_t i = 0; i < count; i++) {
            double began = now_us(), us;

            if ((found = ask(ix, at[i].text, count_only)) < 0) {
                fprintf(stderr, "bench-index: %s: %s\n", at[i].text, err_words((int)found));
                return (int)found;
            }
            us = now_us() - began;
            hits += round == 0 ? found : 0;
            if (round && us < at[i].best_us)
                at[i].best_us = us;
        }
    qsort(at, count, sizeof *at, by_time);
    if (getenv("SLOWEST") && !count_only)
        for (size_t i = count - 3; i < count; i++)
            fprintf(stderr, "%s: %.0f us: %s\n", at[i].type, at[i].best_us, at[i].text);
    printf("{\"engine\":\"ours\",\"type\":\"%s\",\"mode\":\"%s\",\"n\":%zu,\"hits\":%lld,\"p50_us\":%.1f,"
           "\"p99_us\":%.1f}\n",
           at->type, count_only ? "count" : "top10", count, (long long)hits, at[count / 2].best_us,
           at[(size_t)((double)count * .99)].best_us);
    return fflush(stdout) ? ERR_IO : 0;
}

int bench_query(const char *dir, const char *queries)
{
    struct queries q = {NULL, 0, 0};
    struct index *ix = NULL;
    char detail[200] = "";
    int rc = load(&q, queries);

    if (rc == 0 && (rc = index_open(dir, &ix, detail)) < 0)
        fprintf(stderr, "bench-index: %s: %s\n", dir, *detail ? detail : err_words(rc));
    for (int mode = 0; rc == 0 && mode < 2; mode++)
        for (size_t i = 0, j; rc == 0 && i < q.count; i = j) {
            for (j = i; j < q.count && strcmp(q.at[i].type, q.at[j].type) == 0;)
                j++;
            rc = measure(ix, q.at + i, j - i, mode == 1);
        }
    index_close(ix);
    free(q.at);
    return rc < 0;
}
