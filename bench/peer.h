/* peer.h -- another search engine beside ours: the same corpus, the same questions, the same records as bench_index.c prints.
 *
 *      peer_NAME build CORPUS_DIR INDEX_DIR       every *.txt below it, one document each
 *      peer_NAME query INDEX_DIR FILE             for every line TYPE<TAB>words of FILE
 *      peer_NAME update CORPUS_DIR INDEX_DIR      one document a commit, durable, a hundred times
 *
 * REP=n makes the corpus n times larger: the same texts, in another order each time. An engine is a struct peer and a main that
 * calls peer_main. In C and in C++.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { PEER_WORDS = 4, PEER_ROUNDS = 5, PEER_UPDATES = 100 };

struct question {
    char type[16], text[240];
    const char *words[PEER_WORDS];
    int count;
    double best_us;
};

struct peer {
    const char *name;
    void (*create)(const char *dir);
    void (*open)(const char *dir, bool write);
    void (*add)(const char *text, size_t len);
    void (*commit)(void);
    void (*close)(void);
    long (*ask)(const struct question *q, bool count_only); /* how many documents came, or match */
};

static double peer_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void peer_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(2);
}

/* ---- the corpus -------------------------------------------------------------------------------------- */

static char **peer_files;
static size_t peer_count, peer_room;
static double peer_bytes;

static int peer_note(const char *path, const struct stat *st, int type, struct FTW *at)
{
    size_t len = strlen(path);

    (void)st, (void)at;
    if (type != FTW_F || len < 4 || strcmp(path + len - 4, ".txt") != 0)
        return 0;
    if (peer_count == peer_room) {
        peer_room = peer_room ? peer_room * 2 : 1024;
        peer_files = (char **)realloc(peer_files, peer_room * sizeof *peer_files);
    }
    peer_files[peer_count++] = strdup(path);
    return 0;
}

static int peer_by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void peer_list(const char *dir)
{
    if (nftw(dir, peer_note, 32, FTW_PHYS) || peer_count == 0)
        peer_die(dir, "holds no texts");
    qsort(peer_files, peer_count, sizeof *peer_files, peer_by_name);
}

static char *peer_text(size_t n, size_t *len)
{
    FILE *f = fopen(peer_files[n], "rb");
    struct stat st;
    char *text;

    if (!f || fstat(fileno(f), &st) || !(text = (char *)malloc((size_t)st.st_size + 1)))
        peer_die(peer_files[n], "cannot be read");
    *len = fread(text, 1, (size_t)st.st_size, f);
    text[*len] = 0;
    fclose(f);
    peer_bytes += (double)*len;
    return text;
}

/* ---- bytes on the disk ------------------------------------------------------------------------------- */

static double peer_size;

static int peer_weigh(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)path, (void)type, (void)at;
    peer_size += (double)st->st_blocks * 512;
    return 0;
}

/* ---- the modes --------------------------------------------------------------------------------------- */

static void peer_build(const struct peer *p, const char *corpus, const char *dir)
{
    const char *rep = getenv("REP");
    size_t rounds = rep && atoi(rep) > 1 ? (size_t)atoi(rep) : 1;
    double began;

    peer_list(corpus);
    mkdir(dir, 0700);
    began = peer_now();
    p->create(dir);
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < peer_count; i++) {
            size_t len, n = (i + round * peer_count / rounds) % peer_count;
            char *text = peer_text(n, &len);

            p->add(text, len);
            free(text);
        }
    p->commit();
    p->close();
    began = peer_now() - began;
    nftw(dir, peer_weigh, 32, FTW_PHYS);
    printf("{\"engine\":\"%s\",\"build_s\":%.2f,\"docs\":%zu,\"bytes\":%.0f,\"mb_s\":%.1f,\"corpus_bytes\":%."
           "0f}\n",
           p->name, began, peer_count * rounds, peer_size, peer_bytes / began / 1e6, peer_bytes);
}

static int peer_by_time(const void *a, const void *b)
{
    const struct question *x = (const struct question *)a, *y = (const struct question *)b;

    return (x->best_us > y->best_us) - (x->best_us < y->best_us);
}

static void peer_measure(const struct peer *p, struct question *q, size_t count, bool count_only)
{
    long hits = 0;

    for (size_t i = 0; i < count; i++)
        q[i].best_us = 1e12;
    for (int round = 0; round <= PEER_ROUNDS; round++)
        for (size_t i = 0; i < count; i++) {
            double us = peer_now();
            long found = p->ask(&q[i], count_only);

            us = (peer_now() - us) * 1e6;
            hits += round ? 0 : found;
            if (round && us < q[i].best_us)
                q[i].best_us = us;
        }
    qsort(q, count, sizeof *q, peer_by_time);
    printf("{\"engine\":\"%s\",\"type\":\"%s\",\"mode\":\"%s\",\"n\":%zu,\"hits\":%ld,\"p50_us\":%.1f,\"p99_"
           "us\":%.1f}\n",
           p->name, q->type, count_only ? "count" : "top10", count, hits, q[count / 2].best_us,
           q[(size_t)((double)count * .99)].best_us);
    fflush(stdout);
}

static void peer_split(struct question *q)
{
    char *copy = strdup(q->text);

    for (char *w = strtok(copy, " "); w && q->count < PEER_WORDS; w = strtok(NULL, " "))
        q->words[q->count++] = w;
}

static void peer_query(const struct peer *p, const char *dir, const char *path)
{
    FILE *f = fopen(path, "r");
    struct question *q = NULL;
    size_t count = 0;
    char line[300];

    if (!f)
        peer_die(path, "cannot be read");
    while (fgets(line, sizeof line, f)) {
        q = (struct question *)realloc(q, (count + 1) * sizeof *q);
        memset(&q[count], 0, sizeof *q);
        if (sscanf(line, "%15[^\t]\t%239[^\n]", q[count].type, q[count].text) == 2)
            peer_split(&q[count++]);
    }
    fclose(f);
    p->open(dir, false);
    for (int mode = 0; mode < 2; mode++)
        for (size_t i = 0, j; i < count; i = j) {
            for (j = i; j < count && strcmp(q[i].type, q[j].type) == 0;)
                j++;
            peer_measure(p, q + i, j - i, mode == 1);
        }
    p->close();
}

static int peer_by_ms(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void peer_update(const struct peer *p, const char *corpus, const char *dir)
{
    double ms[PEER_UPDATES];

    peer_list(corpus);
    p->open(dir, true);
    for (size_t i = 0; i < PEER_UPDATES; i++) {
        size_t len;
        char *text = peer_text(i * 37 % peer_count, &len);

        ms[i] = peer_now();
        p->add(text, len);
        p->commit();
        ms[i] = (peer_now() - ms[i]) * 1e3;
        free(text);
    }
    p->close();
    qsort(ms, PEER_UPDATES, sizeof *ms, peer_by_ms);
    printf("{\"engine\":\"%s\",\"update\":\"1 article per commit, "
           "durable\",\"n\":%d,\"p50_ms\":%.3f,\"p99_ms\":%.3f}\n",
           p->name, PEER_UPDATES, ms[PEER_UPDATES / 2], ms[PEER_UPDATES * 99 / 100]);
}

static int peer_main(const struct peer *p, int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "build") == 0)
        peer_build(p, argv[2], argv[3]);
    else if (argc == 4 && strcmp(argv[1], "query") == 0)
        peer_query(p, argv[2], argv[3]);
    else if (argc == 4 && strcmp(argv[1], "update") == 0)
        peer_update(p, argv[2], argv[3]);
    else
        peer_die(argv[0], "build CORPUS INDEX, query INDEX FILE or update CORPUS INDEX");
    return 0;
}

static inline bool is_type(const struct question *q, const char *type)
{
    return strcmp(q->type, type) == 0;
}

#endif
