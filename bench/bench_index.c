/* bench_index.c -- the index in process, beside other engines on the same corpus: one JSON record a measurement.
 *
 *      bench-index build CORPUS INDEX [--threads N] [--index-only]
 *                                      every *.txt below CORPUS, each one document, indexed whole
 *      bench-index query INDEX FILE    what bench_query.h says, for every line TYPE<TAB>words of FILE
 *      bench-index update CORPUS INDEX one article a commit, durable and searchable, a hundred times
 *
 * REP=n in the environment makes the corpus n times larger: the same texts in another order, under other paths.
 * A mode is a row of the table at the end.
 */
#include <ftw.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "bench/bench_query.h"
#include "index/index.h"

enum { UPDATES = 100, STEP = 37 /* of the corpus from one update to the next */ };

static double now_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int failed(const char *what, int rc)
{
    (void)fprintf(stderr, "bench-index: %s: %s\n", what, err_words(rc));
    return 1;
}

/* ---- the corpus -------------------------------------------------------------------------------------- */

struct corpus {
    char **files; /* sorted */
    size_t count, cap;
    size_t *order;      /* of the texts, with repetitions: the file of each */
    const char **paths; /* and what it is called; the files themselves without repetitions */
    uint32_t texts;
};

static struct corpus corpus; /* nftw has no room for a context */

static int add_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    size_t len = strlen(path);

    (void)st, (void)ftw;
    if (type != FTW_F || len < 5 || strcmp(path + len - 4, ".txt") != 0)
        return 0;
    if (corpus.count == corpus.cap) {
        size_t cap = corpus.cap ? corpus.cap * 2 : 1024;
        char **files = realloc(corpus.files, cap * sizeof *files);
        if (!files)
            return 1;
        corpus.files = files;
        corpus.cap = cap;
    }
    corpus.files[corpus.count] = strdup(path);
    return !corpus.files[corpus.count++];
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files below `folder`, `rep` times: the order of each round is another one. */
static int load_corpus(const char *folder, unsigned rep)
{
    static char real[4096];

    if (!realpath(folder, real) || nftw(real, add_file, 64, FTW_PHYS) || !corpus.count)
        return ERR_NOTFOUND;
    qsort(corpus.files, corpus.count, sizeof *corpus.files, by_path);
    corpus.texts = (uint32_t)(corpus.count * rep);
    corpus.order = calloc(corpus.texts, sizeof *corpus.order);
    corpus.paths = calloc(corpus.texts, sizeof *corpus.paths);
    if (!corpus.order || !corpus.paths)
        return ERR_NOMEM;
    for (size_t i = 0; i < corpus.texts; i++) {
        size_t k = i / corpus.count, n = i % corpus.count;
        char *path = NULL;
        corpus.order[i] = rep > 1 ? (n * 7919 + k * 131) % corpus.count : n;
        if (asprintf(&path, "/round-%zu%s", k, corpus.files[corpus.order[i]]) < 0)
            return ERR_NOMEM;
        corpus.paths[i] = path;
    }
    return 0;
}

static int read_text(void *ctx, uint32_t n, struct arena *mem, struct span *out)
{
    int fd = open(corpus.files[corpus.order[n]], O_RDONLY | O_CLOEXEC);
    struct stat st;
    ssize_t got = -1;
    char *at;

    (void)ctx;
    if (fd < 0 || fstat(fd, &st) || !(at = arena_alloc(mem, (size_t)st.st_size + 1)))
        return ERR_IO;
    got = read(fd, at, (size_t)st.st_size);
    (void)close(fd);
    *out = (struct span){at, got < 0 ? 0 : (size_t)got};
    return got < 0 ? ERR_IO : 0;
}

/* ---- build ------------------------------------------------------------------------------------------- */

static int all_of_it(struct index *ix, const char *folder, unsigned rep, struct index_run *run)
{
    const struct index_texts texts = {corpus.paths, corpus.texts, 0, read_text, NULL};
    char real[4096];
    int rc = rep > 1                  ? index_add_texts(ix, &texts, run)
             : realpath(folder, real) ? index_add(ix, real, run)
                                      : ERR_NOTFOUND;

    while (rc == 0 && (rc = index_upkeep(ix, NULL)) == 1)
        rc = 0;
    return rc;
}

static int report(struct index *ix, double seconds, double bytes)
{
    struct index_view *view;
    struct index_stats stats;
    int rc = index_view_open(ix, &view);

    if (rc < 0 || (rc = index_view_stats(view, &stats)) < 0)
        return failed("asking the index", rc);
    index_view_close(&view);
    (void)printf("{\"engine\":\"ours\",\"build_s\":%.2f,\"docs\":%llu,\"quotes\":%llu,\"bytes\":%llu,\"text_"
                 "bytes\":%llu,"
                 "\"mb_s\":%.1f,\"segments\":%llu,\"free_bytes\":%llu,\"corpus_bytes\":%.0f}\n",
                 seconds, (unsigned long long)stats.documents, (unsigned long long)stats.quotes,
                 (unsigned long long)(stats.file_bytes - stats.stored_bytes),
                 (unsigned long long)stats.stored_bytes, bytes / seconds / 1e6,
                 (unsigned long long)stats.segments, (unsigned long long)stats.free_bytes, bytes);
    return 0;
}

static unsigned rounds(void)
{
    const char *rep = getenv("REP");

    return rep && atoi(rep) > 1 ? (unsigned)atoi(rep) : 1;
}

/* Nobody else is here. */
static void alone(void *ctx, bool yes)
{
    (void)ctx, (void)yes;
}

static int mode_build(int argc, char **argv)
{
    struct index_run run = {.hints = {.whole = true}, .threads = 1, .alone = alone};
    char detail[200];
    struct index *ix;
    double began;
    int rc;

    for (int i = 2; i < argc; i++)
        if (strcmp(argv[i], "--index-only") == 0)
            run.only_words = true;
        else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            run.threads = (unsigned)atoi(argv[++i]);
        else
            return failed(argv[i], ERR_ARGS);
    if ((rc = load_corpus(argv[0], rounds())) < 0)
        return failed(argv[0], rc);
    if ((rc = index_open(argv[1], &ix, detail)) < 0)
        return failed(detail, rc);
    began = now_s();
    rc = all_of_it(ix, argv[0], rounds(), &run);
    began = now_s() - began;
    rc = rc < 0 ? failed("building", rc) : report(ix, began, (double)run.total.bytes);
    index_close(ix);
    return rc;
}

/* ---- update ------------------------------------------------------------------------------------------ */

/* Bytes that this process has sent to disks. */
static unsigned long long written(void)
{
    FILE *f = fopen("/proc/self/io", "r");
    unsigned long long n = 0;
    char line[100];

    while (f && fgets(line, sizeof line, f))
        (void)sscanf(line, "write_bytes: %llu", &n);
    if (f)
        (void)fclose(f);
    return n;
}

static int given_text(void *ctx, uint32_t n, struct arena *mem, struct span *out)
{
    (void)n, (void)mem;
    *out = *(struct span *)ctx;
    return 0;
}

/* Brings one text in; its time in ms, or less than zero. */
static double update_one(struct index *ix, unsigned n)
{
    char path[64];
    const char *paths[] = {path};
    struct index_run run = {.hints = {.whole = true}};
    struct arena mem = ARENA_INIT;
    struct span text;
    struct index_texts texts = {paths, 1, 0, given_text, &text};
    double began;
    int rc = read_text(NULL, (n * STEP) % corpus.texts, &mem, &text);

    (void)snprintf(path, sizeof path, "/update/%ld-%u.txt", (long)getpid(), n);
    began = now_s();
    if (rc == 0)
        rc = index_add_texts(ix, &texts, &run);
    began = (now_s() - began) * 1e3;
    arena_free(&mem);
    if (rc < 0 || run.total.articles != 1)
        (void)failed(path, rc);
    return rc < 0 || run.total.articles != 1 ? -1 : began;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int mode_update(int argc, char **argv)
{
    double ms[UPDATES];
    unsigned long long before;
    char detail[200];
    struct index *ix;
    int rc;

    (void)argc;
    if ((rc = load_corpus(argv[0], 1)) < 0)
        return failed(argv[0], rc);
    if ((rc = index_open(argv[1], &ix, detail)) < 0)
        return failed(detail, rc);
    before = written();
    for (unsigned i = 0; i < UPDATES && rc == 0; i++)
        if ((ms[i] = update_one(ix, i)) < 0)
            rc = 1;
    if (rc == 0) {
        qsort(ms, UPDATES, sizeof *ms, by_size);
        (void)printf(
            "{\"engine\":\"ours\",\"update\":\"1 article per commit, durable\",\"n\":%d,\"p50_ms\":%.3f,"
            "\"p99_ms\":%.3f,\"written_bytes\":%llu}\n",
            UPDATES, ms[UPDATES / 2], ms[UPDATES * 99 / 100], (written() - before) / UPDATES);
    }
    index_close(ix);
    return rc;
}

static int mode_query(int argc, char **argv)
{
    (void)argc;
    return bench_query(argv[0], argv[1]);
}

/* ---- the modes --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(int argc, char **argv); /* what follows the name */
    int least;
    const char *usage;
} modes[] = {
    {"build", mode_build, 2, "build CORPUS_DIR INDEX_DIR [--threads N] [--index-only]"},
    {"query", mode_query, 2, "query INDEX_DIR QUERIES_FILE"},
    {"update", mode_update, 2, "update CORPUS_DIR INDEX_DIR"},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (argc > 1 && strcmp(argv[1], modes[i].name) == 0 && argc - 2 >= modes[i].least)
            return modes[i].run(argc - 2, argv + 2);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        (void)fprintf(stderr, "usage: bench-index %s\n", modes[i].usage);
    return 2;
}
