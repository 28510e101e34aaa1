/* store_inner.h -- the store as its writers see it: the environment, records, one write at a time.
 *
 * Only this header includes lmdb.h. Everything that is read goes through record_get or record_check, which
 * verify the checksum; everything that is written goes through record_put, which adds it.
 *
 * One write is one LMDB transaction with the totals of `meta`, which it loads at the beginning and stores
 * at the end. Until write_commit returns 0 nothing of it is in the index.
 */
#ifndef INDEX_STORE_INNER_H
#define INDEX_STORE_INNER_H

#include <errno.h>
#include <lmdb.h>
#include <pthread.h>

#include "base/err.h"
#include "base/limits.h"
#include "index/columns.h"
#include "index/rows.h"
#include "index/seal.h"
#include "index/store.h"

enum table { T_META, T_PARTS, T_LISTS, T_POS, T_DOCS, T_DEAD, T_TEXT, T_FILES, TABLES };

struct merge; /* merge.h: a merge under way */
struct lens;  /* lens.h */

struct index {
    MDB_env *env;
    MDB_dbi table[TABLES];
    char *dir;
    const char *file;     /* its name in the folder; NULL: data.mdb */
    int lock;             /* descriptor that holds the lock on the folder */
    uint64_t generations; /* commits of the environments before this one */
    struct seal seal;
    struct merge *merge; /* NULL when none is under way */
    pthread_mutex_t stats_lock;
    struct index_stats stats; /* what was counted last, and of which generation (stats.c) */
    pthread_mutex_t lens_lock;
    struct lens *lens;        /* lens.h */
    struct text_cache *texts; /* text_cache.h */
    index_told_fn told;       /* of commits; NULL: nobody wants to know */
    void *told_ctx;
    bool large_write;      /* the environment keeps pages of one in memory */
    uint32_t recheck_from; /* files below this number have been looked at for older rules */
};

/* The row of the error table for a result of LMDB or an errno; `dir` decides whether the disk is full. */
int store_error(const struct index *ix, int rc);

/* The names of the tables, for check.c. */
const char *table_name(enum table t);

/* Makes a new, empty environment beside that of `ix`, in data.mdb.new, whose generations go on where those of `ix` end.
 * made->dir is the same folder. Nothing of it is durable before store_replace, which puts it in the place of the other; no
 * view may be open then. store_drop_new does away with it. */
int store_begin_new(struct index *ix, struct index *made);
int store_replace(struct index *ix, struct index *made);
void store_drop_new(struct index *made);

/* Closes the environment and opens it again; no view may be open. */
int store_reopen(struct index *ix);

/* Opens dir/data.mdb into ix->env and the tables; the folder and the lock are the caller's business. */
int store_attach(struct index *ix, char *detail);

/* LMDB keeps the pages of a large write for the next one, as long as the environment is open: opens it anew, unless a merge is
 * under way or nobody can see to it that no view is open (run->alone). 0 or an error. */
int store_let_go(struct index *ix, const struct index_run *run);

/* The same for a process that only looks, while no other writes. */
int store_attach_to_read(struct index *ix);

/* fsync of a folder, so that a rename in it is durable. */
int store_sync_folder(const char *dir);

/* dir/name, in a caller's buffer; false when it does not fit. */
bool store_path(char out[LIMIT_PATH], const char *dir, const char *name);

/* ---- records ----------------------------------------------------------------------------------------- */

static inline MDB_val value_of(struct span s)
{
    return (MDB_val){s.len, (void *)(uintptr_t)s.at};
}

static inline struct span span_of_value(MDB_val v)
{
    return (struct span){v.mv_data, v.mv_size};
}

/* The payload of a record, borrowed from the map until the transaction ends or writes: 1, 0 when there is
 * none, or an error. */
int record_get(MDB_txn *txn, MDB_dbi dbi, struct span key, struct span *payload);

/* The same where a cursor moves: `op` is MDB_SET_RANGE (from *key), MDB_NEXT, MDB_PREV, MDB_FIRST or
 * MDB_LAST. */
int record_seek(MDB_cursor *cursor, MDB_cursor_op op, struct span *key, struct span *payload);

/* Opens a cursor. A transaction in which LMDB met a broken page opens none any more: ERR_CORRUPT. */
static inline int cursor_open(MDB_txn *txn, MDB_dbi dbi, MDB_cursor **out)
{
    int rc = mdb_cursor_open(txn, dbi, out);

    return rc == 0 ? 0 : rc == ENOMEM ? ERR_NOMEM : ERR_CORRUPT;
}

/* The row of the first file from this number on: 1, 0 when there is none, or an error. */
int file_seek(MDB_cursor *cursor, uint32_t from, struct span *payload);

struct quote_reader; /* quote_rows.h */

/* Opens the record that holds a quote of a document, or the next one that does: 1, 0 when there is none, or an error. */
int quote_rows_seek(struct quote_reader *r, MDB_cursor *cursor, uint32_t doc, uint32_t quote);

/* ---- writing ----------------------------------------------------------------------------------------- */

struct write {
    struct index *ix;
    MDB_txn *txn;
    struct totals totals;
    MDB_cursor *ends[TABLES]; /* of tables that were appended to: at their last record */
    uint64_t bytes;           /* about how much was put: dirty pages stay in memory until the commit */
    uint64_t touched; /* what answers may hang on (touch.h); everything, unless the writer says less */
};

/* A write pays an fsync when it commits. *w must be zero before; it is zero again afterwards. */
int write_begin(struct index *ix, struct write *w);
int write_commit(struct write *w);
void write_abort(struct write *w); /* nothing to do after a commit */

/* Puts a record, new or in the place of the old. `append` says that its key is the highest of the table. */
int record_put(struct write *w, enum table t, struct span key, struct span payload, bool append);

/* Encodes with the given function into a scratch buf and puts. */
int record_put_buf(struct write *w, enum table t, const struct key *key, struct buf *payload, bool append);

/* 0, also when there is none. */
int record_drop(struct write *w, enum table t, const struct key *key);

/* Deletes up to *budget records whose keys begin with a number. Keys alone are read: a damaged record does not stop it. */
int record_drop_all(struct write *w, enum table t, uint32_t first, uint32_t *budget);

/* Marks a number dead ('d', 'q'), or tells. 1, 0 or an error. */
int dead_mark(struct write *w, char kind, uint32_t no);
int dead_test(MDB_txn *txn, MDB_dbi dbi, char kind, uint32_t no);

/* ---- what a view is ---------------------------------------------------------------------------------- */

struct index_view {
    struct index *ix;
    MDB_txn *txn;
    struct totals totals;
    const volatile bool *cancel; /* looked at where walks are long; may be NULL */
    struct segment *segments;
    uint32_t segment_count;
    MDB_cursor *terms;       /* of term_find; NULL until it is used, as the next three */
    MDB_cursor *lists;       /* of union_add */
    MDB_cursor *names;       /* of column_name */
    MDB_cursor *quotes;      /* over docs */
    struct quote_docs docs;  /* which document has a quote: of the segment asked for last */
    struct arena mem;        /* what lives as long as the view */
    struct path_test *paths; /* all that were asked for */
    MDB_cursor **kept;       /* cursors that live as long as the view */
    uint32_t kept_count, kept_cap;
    struct lens **lens;         /* borrowed, one a segment; NULL before the first is */
    const struct lens *lens_at; /* the one asked for last */
    struct span dead[2];        /* the bitmaps of documents and quotes used last, */
    uint32_t dead_no[2];        /* which they are, plus 1; 0 when none is held */
    MDB_cursor *texts;          /* NULL before a text is read */
    uint64_t text_at;           /* the text block opened last */
    uint8_t *text;              /* its bytes */
    size_t text_len;
    void *unzip; /* ZSTD_DCtx */
};

/* Whether who asked went away. Looked at for each chunk of a list, each term, each row and each block of text. */
static inline bool view_cancelled(const struct index_view *v)
{
    return v->cancel && *v->cancel;
}

/* A cursor that the view closes with itself: 0 or an error. */
int view_cursor(struct index_view *v, enum table t, MDB_cursor **out);

/* The live segments of a transaction in the order of their documents, allocated with malloc; or all of
 * them, in the order of their ids. */
int segments_load(MDB_txn *txn, MDB_dbi dbi, bool all, struct segment **out, uint32_t *count);

static inline MDB_dbi view_table(const struct index_view *v, enum table t)
{
    return v->ix->table[t];
}

#endif
