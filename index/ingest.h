/* ingest.h -- files become documents: the threads that read them, one open write, and the batch of words that belongs to it.
 *
 *      file ──crew.h──► articles, analysed ──► known by its content? ──yes──► a place more
 *                                                    │ no
 *                                                    └─► numbers; words into the batch, rows and text into the write
 *
 * The write is opened when something is to be written, and committed with its batch as one segment when its share of memory
 * is full, when it grows old, and at the end. Until then nothing of it is in the index. The first files of an empty index are
 * written to a file of their own, which takes the index's place when it is complete or large (docs/FORMAT.md).
 *
 * Memory (run->memory) is divided so: a quarter for files being read and analysed, three sixteenths for the batch, as much for
 * pages that the write holds until it is committed, and the rest for those that the batch will become.
 */
#ifndef INDEX_INGEST_H
#define INDEX_INGEST_H

#include "index/crew.h"
#include "index/hold.h"
#include "index/segment.h"
#include "index/text.h"

struct ingest {
    struct index *ix;   /* where is written: `live`, or `fresh` */
    struct index *live; /* the index of the run */
    struct index fresh; /* a first build, until it is published; fresh.env is NULL when there is none */
    struct index_run *run;
    size_t memory;
    struct crew *crew;
    struct write w;           /* w.txn is NULL when none is open */
    struct segment *segments; /* live when the write was opened */
    uint32_t segment_count;
    struct batch *batch;
    struct text_writer text;
    struct buf row;          /* scratch */
    int64_t began_ms;        /* when the write was opened */
    int64_t patience_ms;     /* how old it may grow */
    int64_t told_ms;         /* when progress was told last */
    int64_t fresh_ms;        /* when the first build began */
    const struct seen *seen; /* the file whose articles come in; NULL between files */
    struct file_row file;    /* it */
    struct path_row path;    /* its numbers */
    bool new_number;         /* nothing of it is in the index under the number that is coming */
    uint32_t n;              /* articles of it so far */
    int err;                 /* what stopped the run, when it was ours and not the file's */
};

/* 0, or an error with nothing to give back. `build` says that an empty index may be filled in a file of its own. */
int ingest_init(struct ingest *in, struct index *ix, struct index_run *run, bool build);

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

/* The state of a path's file in force: 1, 0 when there is none, or an error. */
int ingest_known(struct ingest *in, struct arena *mem, struct span path, struct file_row *known);

/* Brings a file in if it is new, changed, or was analysed by older rules. `known` is its state, or NULL. `seen` must
 * stay until ingest_drain. Less than zero stops the run; trouble of the file's own is kept in its state and told. */
int ingest_file(struct ingest *in, const struct seen *seen, const struct file_row *known);

/* Waits for the files that are still being read. */
int ingest_drain(struct ingest *in);

/* True when an upgrade of the rules asks for the file to be analysed again. */
bool ingest_outdated(const struct file_row *known);

/* Tells a skipped file, and counts it. */
void ingest_skipped(struct ingest *in, const char *path, int err, struct span detail);

/* Tells how far the run is, at most every 50 ms unless `committed`. */
void ingest_progress(struct ingest *in, const char *path, bool committed);

bool ingest_cancelled(const struct ingest *in);

#endif
