/* ingest.h -- files become documents: one open write, the batch of words that belongs to it, and the file
 * that is being read.
 *
 *      read_file ──article──► known by its content? ──yes──► a place more
 *                                   │ no
 *                                   └─► words and quotes into the batch, rows and text into the write
 *
 * The write is opened when something is to be written, and committed with its batch as one segment when
 * the batch is full (limits.h), when it grows old, and at the end. Until then nothing of it is in the index.
 */
#ifndef INDEX_INGEST_H
#define INDEX_INGEST_H

#include "index/segment.h"
#include "index/text.h"

struct ingest {
    struct index *ix;
    struct index_run *run;
    struct write w;           /* w.txn is NULL when none is open */
    struct segment *segments; /* live when the write was opened */
    uint32_t segment_count;
    struct batch *batch;
    struct text_writer text;
    struct buf row;       /* scratch */
    uint64_t bytes;       /* of text in the batch */
    uint64_t work;        /* files and articles handled since the write was opened */
    int64_t began_ms;     /* when the write was opened */
    int64_t told_ms;      /* when progress was told last */
    struct file_row file; /* being read */
    struct path_row path; /* its numbers */
    uint32_t n;           /* articles of it so far */
    int err;              /* what stopped the run, when it was ours and not the file's */
};

/* 0, or ERR_NOMEM with nothing to give back. */
int ingest_init(struct ingest *in, struct index *ix, struct index_run *run);

/* Aborts what is not committed. */
void ingest_fini(struct ingest *in);

/* Opens the write unless it is open. */
int ingest_begin(struct ingest *in);

/* Commits what there is, and tells. */
int ingest_commit(struct ingest *in);

/* Commits what was done, also when the run was cancelled, and gives everything back. After an error of the
 * store (rc) what is not committed is dropped. Returns how the run ended. */
int ingest_end(struct ingest *in, int rc);

/* Commits if the batch is full or old. */
int ingest_breathe(struct ingest *in);

/* A file as the file system shows it. */
struct seen {
    const char *path;
    uint64_t size;
    int64_t mtime_ns;
    bool unread;                     /* its name is none that a reader reads: it is listed as skipped */
    const struct index_texts *texts; /* where its bytes come from when it is no file, else NULL, */
    uint32_t text;                   /* and which text it is */
};

/* The state of a path's file in force: 1, 0 when there is none, or an error. */
int ingest_known(struct ingest *in, struct arena *mem, struct span path, struct file_row *known);

/* Brings a file in if it is new, changed, or was analysed by older rules. `known` is its state, or NULL.
 * Less than zero stops the run; trouble of the file's own is kept in its state and told. */
int ingest_file(struct ingest *in, const struct seen *seen, const struct file_row *known);

/* True when an upgrade of the rules asks for the file to be analysed again. */
bool ingest_outdated(const struct file_row *known);

/* Tells a skipped file, and counts it. */
void ingest_skipped(struct ingest *in, const char *path, int err, struct span detail);

/* Tells how far the run is, at most every 50 ms unless `committed`. */
void ingest_progress(struct ingest *in, const char *path, bool committed);

bool ingest_cancelled(const struct ingest *in);

/* analyse.c: an article that is not in the index yet becomes document `doc`, with its quotes. */
int analyse(struct ingest *in, struct arena *mem, const struct article *a, uint64_t content, uint32_t *doc);

/* The hash by which equal articles are known: of the text, every field, and the rules that analyse it. */
uint64_t analyse_content(const struct article *a);

#endif
