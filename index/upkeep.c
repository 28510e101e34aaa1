#include <stdio.h>
#include <sys/stat.h>

#include "base/err.h"
#include "index/ingest.h"
#include "index/merge.h"
#include "index/text.h"

/* ---- files that older rules analysed ----------------------------------------------------------------- */

enum { LOOK_MOST = 4096 }; /* rows of files looked through in one step */

/* The next file, by number, that asks for it: 1 with *file, 0 when all have been looked at. */
static int next_outdated(struct index *ix, struct arena *mem, struct file_row *file)
{
    struct span payload;
    MDB_cursor *c;
    MDB_txn *txn;
    int rc = mdb_txn_begin(ix->env, NULL, MDB_RDONLY, &txn);

    if (rc)
        return store_error(ix, rc);
    if ((rc = cursor_open(txn, ix->table[T_FILES], &c)) < 0) {
        mdb_txn_abort(txn);
        return rc;
    }
    while ((rc = file_seek(c, ix->recheck_from, &payload)) == 1) {
        if ((rc = get_file(mem, payload, file)) < 0)
            break;
        ix->recheck_from = file->no + 1;
        if (file->complete && ingest_outdated(file)) {
            rc = 1;
            break;
        }
    }
    mdb_cursor_close(c);
    mdb_txn_abort(txn);
    return rc;
}

/* Analyses some of them again. What they hold stays in force until the new rows take its place. 1 when
 * there may be more. */
static int recheck(struct index *ix, struct index_run *run)
{
    struct arena mem = ARENA_INIT; /* rows and what is queued */
    uint32_t from = ix->recheck_from;
    struct file_row file;
    struct ingest in;
    int rc, more = 1;

    if (ix->recheck_from == UINT32_MAX)
        return 0;
    if ((rc = ingest_init(&in, ix, run, false)) < 0)
        return rc;
    while (rc == 0 && run->total.bytes < LIMIT_RECHECK && run->total.files_seen < LOOK_MOST) {
        struct seen *seen;
        struct stat st;
        if ((rc = next_outdated(ix, &mem, &file)) <= 0) {
            more = 0;
            break;
        }
        rc = 0;
        if (ingest_cancelled(&in))
            rc = ERR_CANCELLED;
        else if (stat(file.path.at, &st) == 0 && S_ISREG(st.st_mode)) {
            /* A file that is not there (a disk that is not mounted) keeps what it has. */
            if (!(seen = arena_alloc(&mem, sizeof *seen))) {
                rc = ERR_NOMEM;
                break;
            }
            *seen = (struct seen){.path = file.path.at,
                                  .size = (uint64_t)st.st_size,
                                  .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
                                  .unread = file.err && !read_knows(file.path)};
            rc = ingest_file(&in, seen, &file);
        }
    }
    rc = ingest_end(&in, rc);
    arena_free(&mem);
    if (rc < 0)
        ix->recheck_from = from; /* what was queued and not taken in is looked at again */
    else if (!more)
        ix->recheck_from = UINT32_MAX;
    return rc < 0 ? rc : more;
}

int index_upkeep(struct index *ix, struct index_run *run)
{
    struct index_run empty = {0};
    int rc;

    run = run ? run : &empty;
    run->total = (struct index_progress){0};
    if ((rc = seal_step(ix)) == 0)
        rc = merge_step(ix);
    if (rc == 0)
        rc = recheck(ix, run);
    return rc != 0 ? rc : store_let_go(ix, run);
}

/* ---- compacting -------------------------------------------------------------------------------------- */

enum { SWEEP_ROWS = 4000 };

#define COPY_SLICE (16 * MiB) /* bytes copied in one transaction: dirty pages stay in memory */

static bool is_cancelled(const volatile bool *cancel)
{
    return cancel && *cancel;
}

/* The rows and texts of the dead. Text that lies behind the last living one is nobody's either. */
static int erase_dead(struct index *ix, const volatile bool *cancel)
{
    uint32_t doc = 1;
    uint64_t live_end = 0;
    int rc = 0;

    while (rc == 0 && doc) {
        struct write w = {0};
        if (is_cancelled(cancel))
            return ERR_CANCELLED;
        if ((rc = write_begin(ix, &w)) == 0)
            rc = sweep(&w, &doc, w.totals.next_doc - 1, true, SWEEP_ROWS, &live_end);
        if (rc == 0 && doc == 0)
            rc = text_blank(&w, live_end, w.totals.next_text, true);
        if (rc == 0)
            rc = write_commit(&w);
        write_abort(&w);
    }
    return rc;
}

/* Copies one table record by record. */
static int copy_table(MDB_txn *from, const struct index *old, struct index *made, enum table t,
                      const struct totals *totals, const volatile bool *cancel)
{
    struct span key = {0}, payload;
    struct write w = {0};
    uint64_t bytes = 0;
    MDB_cursor *c;
    int rc;

    if (mdb_cursor_open(from, old->table[t], &c))
        return ERR_NOMEM;
    for (rc = record_seek(c, MDB_FIRST, &key, &payload); rc == 1;
         rc = record_seek(c, MDB_NEXT, &key, &payload)) {
        if (!w.txn && (rc = write_begin(made, &w)) < 0)
            break;
        w.totals = *totals;
        if ((rc = record_put(&w, t, key, payload, true)) < 0)
            break;
        bytes += key.len + payload.len;
        if (bytes >= COPY_SLICE) {
            bytes = 0;
            if (is_cancelled(cancel)) {
                rc = ERR_CANCELLED;
                break;
            }
            if ((rc = write_commit(&w)) < 0)
                break;
        }
    }
    mdb_cursor_close(c);
    if (rc == 0 && w.txn)
        rc = write_commit(&w);
    write_abort(&w);
    return rc;
}

/* The totals, and the list of segments. */
static int copy_meta(const struct index_view *v, struct index *made)
{
    struct span segments;
    struct write w = {0};
    int rc = write_begin(made, &w);

    if (rc == 0 && (rc = record_get(v->txn, view_table(v, T_META), SPAN("segments"), &segments)) == 1)
        rc = record_put(&w, T_META, SPAN("segments"), segments, false);
    if (rc == 0) {
        w.totals = v->totals;
        rc = write_commit(&w);
    }
    write_abort(&w);
    return rc;
}

/* Everything into a new environment. Record by record and not page by page: a page keeps bytes of records
 * that were deleted from it, and those must not come along. */
static int copy_all(struct index *ix, struct index *made, const volatile bool *cancel)
{
    struct index_view *v;
    int rc = index_view_open(ix, &v);

    if (rc < 0)
        return rc;
    rc = store_begin_new(ix, made);
    if (rc == 0)
        rc = copy_meta(v, made);
    for (unsigned t = T_META + 1; t < TABLES && rc == 0; t++)
        rc = copy_table(v->txn, ix, made, (enum table)t, &v->totals, cancel);
    index_view_close(&v);
    return rc;
}

int index_compact(struct index *ix, struct index_run *run)
{
    const volatile bool *cancel = run ? run->cancel : NULL;
    struct index made = {.dir = ix->dir, .lock = -1};
    int rc;

    if ((rc = merge_begin_all(ix)) < 0)
        return rc;
    while ((rc = is_cancelled(cancel) ? ERR_CANCELLED : merge_step(ix)) == 1)
        ;
    if (rc < 0 || (rc = erase_dead(ix, cancel)) < 0)
        return rc;
    if ((rc = copy_all(ix, &made, cancel)) < 0) {
        store_drop_new(&made);
        return rc;
    }
    if (run && run->alone)
        run->alone(run->ctx, true);
    rc = store_replace(ix, &made);
    if (run && run->alone)
        run->alone(run->ctx, false);
    return rc;
}

bool index_is_hollow(struct index *ix)
{
    struct index_stats stats = {0};
    struct index_view *v;
    bool hollow;

    if (index_view_open(ix, &v) < 0)
        return false;
    hollow = view_pages(v, &stats) == 0 && stats.file_bytes >= LIMIT_COMPACT &&
             (stats.free_bytes > stats.file_bytes / 2 || v->totals.docs_dead > v->totals.docs);
    index_view_close(&v);
    return hollow;
}
