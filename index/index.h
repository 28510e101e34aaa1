/* index.h -- the one door to the index: open, bring a file in, take one out, ask, check, close.
 *
 *      files ──read──► articles ──word, quote──► batch ──one transaction──► LMDB
 *      question ──query──► view (a snapshot) ──plan, rank──► render ──► the caller's sink
 *
 * Threads: one thread writes (everything that takes `struct index *` and says "writer"). Any number of threads ask, each
 * with its own view. A view is a snapshot: short-lived, never kept while a client reads its answer.
 * Nothing here prints, logs, or knows of sockets.
 */
#ifndef INDEX_INDEX_H
#define INDEX_INDEX_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "index/quote.h"
#include "index/read.h"

struct index;      /* an open index */
struct index_view; /* a snapshot of it */

/* Opens the index in folder `dir` (made with mode 0700 when missing). A new index is made under a temporary
 * name and renamed. ERR_NETFS on NFS, CIFS, FUSE, 9p; ERR_VERSION for another format; ERR_CORRUPT for a file
 * shorter than its last page (checked before the first read). `detail` (may be NULL, 200 bytes) gets words. */
int index_open(const char *dir, struct index **out, char *detail);
void index_close(struct index *ix);

/* Moves a damaged or outdated index aside (data.mdb -> data.mdb.damaged-N), so that index_open makes a new
 * one. The archive is untouched; the caller reindexes. */
int index_set_aside(const char *dir);

/* Counts commits; equal numbers mean equal answers (LMDB's transaction id). */
uint64_t index_generation(struct index *ix);
uint64_t index_view_generation(const struct index_view *view);

/* Tells of each commit, on the writer's thread, before anything else happens: the generation, and what it touched, as bits of
 * which an answer may need some (ask_result.needs). */
typedef void (*index_told_fn)(void *ctx, uint64_t generation, uint64_t touched);
void index_watch(struct index *ix, index_told_fn told, void *ctx);

/* ---- bringing the archive in (writer) --------------------------------------------------------------- */

struct index_progress {
    uint64_t files_seen, files_new, files_unchanged, files_removed, files_skipped;
    uint64_t articles, quotes, bytes; /* of what was read in this run */
    uint64_t files_total;             /* 0 until the folders are walked */
    const char *path;                 /* at work on; may be NULL */
    bool committed;                   /* true when called after a commit: all before it is durable */
};

struct index_run {
    void (*progress)(
        void *ctx,
        const struct index_progress *p); /* may be NULL; called at most every 50 ms and after commits */
    void (*skipped)(void *ctx, const char *path, int err,
                    const char *detail); /* may be NULL; every skipped file */
    void (*alone)(void *ctx,
                  bool); /* may be NULL; true: no view may be open until it is called with false. With it, the
                                     * files that first come into an empty index go to a file of their own */
    bool (*belongs)(void *ctx,
                    const char *path); /* may be NULL; false: a file below a folder that is to be left out */
    void *ctx;
    const volatile bool *cancel; /* may be NULL: commits what is done and answers ERR_CANCELLED when true */
    struct read_hints hints;     /* for files that do not say themselves */
    bool force;                  /* read unchanged files again too */
    bool only_words;  /* neither quotes nor stored text: what a bare search engine does, to be compared */
    size_t memory;    /* bytes that the run may take, about: see ingest.h; 0 is LIMIT_INDEX_MEMORY */
    unsigned threads; /* that read and analyse, the caller's with them; 0 is 1 */
    struct index_progress total; /* filled */
};

/* Brings `path` (a file or a folder, absolute) into the index, durably: new and changed files are read,
 * unchanged ones (size, mtime_ns; content hash when mtime differs within a day) cost a stat, files below it that
 * vanished leave. Hidden names and symlink loops are skipped. Returns 0, ERR_CANCELLED, or what stopped the
 * whole run (ERR_FULL, ERR_IO, ERR_NOMEM, ERR_CORRUPT); a file's own trouble goes to skipped() and is kept
 * in its state. */
int index_add(struct index *ix, const char *path, struct index_run *run);

/* Texts that are no files, under paths that nobody looks for: documents that a program holds, and measurements. */
struct index_texts {
    const char *const *paths; /* absolute, each once; what stands under one is replaced */
    uint32_t count;
    uint32_t
        bytes_most; /* of one of them, about: so many are held at once as memory has room for; 0 is 32 KiB */
    /* The bytes of text `n`, in `mem` or the caller's; less than zero is an error like that of a file. */
    int (*bytes)(void *ctx, uint32_t n, struct arena *mem, struct span *out);
    void *ctx;
};

/* Brings the texts in, in their order, durably and as index_add does. Every one is read. */
int index_add_texts(struct index *ix, const struct index_texts *texts, struct index_run *run);

/* Takes out every file at or below `path`. */
int index_remove(struct index *ix, const char *path, struct index_run *run);

/* Takes out every file that is not at or below one of the paths. */
int index_keep_only(struct index *ix, const char *const *paths, size_t count, struct index_run *run);

/* One piece of upkeep: merges neighbouring segments or analyses files of older rule versions again. Returns
 * 1 when there is more to do, 0 when not. Each call is one bounded transaction. */
int index_upkeep(struct index *ix, struct index_run *run);

/* Copies record by record into a new file and puts it in the place of the old: erased text is gone. Questions are answered
 * meanwhile; only between run->alone(true) and (false), which take a moment, may no view be open. Of `run` (may be NULL, when
 * nobody has a view) alone and cancel count. */
int index_compact(struct index *ix, struct index_run *run);

/* True when more than half of a file that is not small is free (LMDB never gives pages back), or more of its documents are
 * dead than alive. */
bool index_is_hollow(struct index *ix);

/* ---- asking (any thread, own view) ------------------------------------------------------------------ */

enum ask_verb { ASK_BY, ASK_SEARCH, ASK_SHOW, ASK_CONTEXT, ASK_SPEAKERS, ASK_FILES, ASK_DUMP, ASK_VERIFY };
/* The order of rows. USUAL: the best first for SEARCH, the newest first for BY. What has no date, or is nobody's, is last. */
enum ask_sort { SORT_USUAL, SORT_NEWEST, SORT_OLDEST, SORT_SPEAKER, SORT_RELEVANCE };
enum ask_facet { FACET_NONE, FACET_SPEAKER, FACET_SOURCE, FACET_MONTH };
enum ask_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMAT_CSV };

struct ask {
    enum ask_verb verb;
    enum ask_format format;
    struct span speaker; /* BY; SPEAKERS: a prefix or part, may be empty */
    struct span query;   /* SEARCH, BY (may be empty) */
    struct span stem; /* SEARCH, BY: words of the same stem count too, in this language; empty: they do not */
    struct span id;   /* SHOW, CONTEXT: one or more ids, separated by spaces */
    uint32_t limit, offset; /* limit 0: all */
    uint32_t context;       /* CONTEXT: paragraphs on each side */
    enum ask_sort sort;     /* SEARCH, BY */
    enum ask_facet
        facet;    /* SEARCH, BY: how much of what matches is whose, or of when; rows are those counts */
    bool count;   /* SEARCH, BY: only how many match */
    bool explain; /* SEARCH, BY, in TEXT and JSON: how the answer was come by, instead of its rows */
    bool brief;   /* SEARCH: only which articles, without passages and quotes */
    uint64_t (*clock_ns)(void); /* for `explain`, since the index has no clock; NULL: no times are told */
    bool why;                   /* SHOW: name the rule and the words it rested on */
    bool only_skipped;          /* FILES: only those skipped */
    bool color;                 /* TEXT: with ANSI colours */
    bool group;                 /* TEXT: grouped under headings (a terminal), else a line a quote */
    uint32_t width;             /* TEXT: columns; 0 is no wrapping */
};

enum { ASK_HINTS = 3, ASK_HINT_BYTES = 256 };

struct ask_result {
    uint64_t found;   /* all that match, before limit and offset; VERIFY: problems */
    uint64_t shown;   /* rows rendered */
    uint32_t people;  /* BY: distinct people that match */
    uint32_t column;  /* ERR_SYNTAX: where in the query, from 1 */
    char detail[200]; /* words for the person, on failure */
    uint32_t
        hint_count; /* nothing was found: what may have been meant, names or queries that find something */
    char hints[ASK_HINTS][ASK_HINT_BYTES];
    uint64_t
        needs; /* what the answer hangs on: a commit that did not touch all these bits left it as it is; 0: every commit may have
                       changed it */
};

/* Takes a piece of the answer; less than zero stops the asking with that error. */
typedef int (*ask_sink_fn)(void *ctx, struct span piece);

int index_view_open(struct index *ix, struct index_view **out);
void index_view_close(struct index_view **view);

/* "date", "-date", "speaker", "relevance"; "speaker", "source", "month". False for another word. */
bool ask_sort_named(struct span name, enum ask_sort *sort);
bool ask_facet_named(struct span name, enum ask_facet *facet);
const char *ask_facet_name(enum ask_facet facet);

/* About how many bytes of the store the answer will read; large ones belong on a reader thread. */
uint64_t index_ask_cost(struct index_view *view, const struct ask *ask);

/* Answers into the sink. Finding nothing is 0 with result->found == 0 (and, for JSON, an answer that says
 * so). */
int index_ask(struct index_view *view, const struct ask *ask, ask_sink_fn sink, void *ctx,
              const volatile bool *cancel, struct ask_result *result);

struct index_stats {
    uint64_t generation, documents, documents_dead, quotes, quotes_attributed, speakers, files, files_skipped;
    uint64_t terms, segments, text_bytes, outdated_files;
    uint64_t file_bytes, live_bytes, free_bytes; /* of the file, what holds something, what is free in it */
    uint64_t merge_debt;   /* bytes of lists that upkeep will still write again, about */
    uint64_t stored_bytes; /* of live_bytes: stored texts */
};
int index_view_stats(struct index_view *view, struct index_stats *stats);

#endif
