#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "index/ingest.h"
#include "index/merge.h"
#include "index/text.h"

/* ---- files that older rules analysed ----------------------------------------------------------------- */

enum { LOOK_MOST = 4096 }; /* rows of files looked through in one step */

/* The next file, by number, that asks for it: 1 with *file, 0 when all have been looked at. */
static int next_outdated(struct index *ix, struct arena *mem, struct file_row *file)
{
    struct key k = key_number(ix->recheck_from);
    struct span key = key_span(&k), payload;
    MDB_cursor *c;
    MDB_txn *txn;
    int rc = mdb_txn_begin(ix->env, NULL, MDB_RDONLY, &txn);

    if (rc)
        return store_error(ix, rc);
    if (mdb_cursor_open(txn, ix->table[T_FILES], &c)) {
        mdb_txn_abort(txn);
        return ERR_NOMEM;
    }
    for (rc = record_seek(c, MDB_SET_RANGE, &key, &payload); rc == 1;
         rc = record_seek(c, MDB_NEXT, &key, &payload)) {
        ix->recheck_from = key_read32(key, 0) + 1;
        if ((rc = get_file(mem, payload, file)) < 0)
            break;
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
    struct arena mem = ARENA_INIT;
    struct file_row file;
    struct ingest in;
    int rc, more = 1;

    if (ix->recheck_from == UINT32_MAX)
        return 0;
    if ((rc = ingest_init(&in, ix, run)) < 0)
        return rc;
    while (rc == 0 && run->total.bytes < LIMIT_BATCH_BYTES && run->total.files_seen < LOOK_MOST) {
        struct stat st;
        arena_reset(&mem);
        if ((rc = next_outdated(ix, &mem, &file)) <= 0) {
            more = 0;
            break;
        }
        rc = 0;
        if (ingest_cancelled(&in))
            rc = ERR_CANCELLED;
        else if (stat(file.path.at, &st) == 0 && S_ISREG(st.st_mode)) {
            /* A file that is not there (a disk that is not mounted) keeps what it has. */
            struct seen seen = {.path = file.path.at,
                                .size = (uint64_t)st.st_size,
                                .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
                                .unread = file.err && !read_knows(file.path)};
            rc = ingest_file(&in, &seen, &file);
        }
    }
    if (!more && rc == 0)
        ix->recheck_from = UINT32_MAX;
    arena_free(&mem);
    rc = ingest_end(&in, rc);
    return rc < 0 ? rc : more;
}

int index_upkeep(struct index *ix, struct index_run *run)
{
    struct index_run empty = {0};
    int rc;

    run = run ? run : &empty;
    run->total = (struct index_progress){0};
    rc = merge_step(ix);
    return rc != 0 ? rc : recheck(ix, run);
}

/* ---- compacting -------------------------------------------------------------------------------------- */

enum { SWEEP_ROWS = 4000 };

#define COPY_SLICE (16 * MiB) /* bytes copied in one transaction: dirty pages stay in memory */

/* The rows and texts of the dead. Text that lies behind the last living one is nobody's either. */
static int erase_dead(struct index *ix)
{
    uint32_t doc = 1;
    uint64_t live_end = 0;
    int rc = 0;

    while (rc == 0 && doc) {
        struct write w = {0};
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

static int put_generations(struct write *w, uint64_t generations)
{
    struct buf b = BUF_INIT(64);
    int rc;

    buf_be64(&b, generations);
    rc = buf_err(&b);
    if (rc == 0)
        rc = record_put(w, T_META, SPAN("generations"), buf_view(&b), false);
    buf_fini(&b);
    return rc;
}

/* Copies one table record by record. */
static int copy_table(MDB_txn *from, const struct index *old, struct index *made, enum table t,
                      const struct totals *totals)
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

static int copy_meta(struct index *made, const struct totals *totals, uint64_t generations)
{
    struct write w = {0};
    int rc = write_begin(made, &w);

    if (rc == 0) {
        w.totals = *totals;
        rc = put_generations(&w, generations);
    }
    if (rc == 0)
        rc = write_commit(&w);
    write_abort(&w);
    return rc;
}

/* Everything into a new environment. Record by record and not page by page: a page keeps bytes of records
 * that were deleted from it, and those must not come along. */
static int copy_all(struct index *ix, struct index *made, const char *path)
{
    struct index_view *v;
    int rc = index_view_open(ix, &v);

    if (rc < 0)
        return rc;
    rc = store_create(made, path, true);
    if (rc == 0)
        rc = copy_meta(made, &v->totals, index_generation(ix));
    for (unsigned t = T_META + 1; t < TABLES && rc == 0; t++)
        rc = copy_table(v->txn, ix, made, (enum table)t, &v->totals);
    index_view_close(&v);
    if (rc == 0)
        rc = store_error(ix, mdb_env_sync(made->env, 1));
    return rc;
}

int index_compact(struct index *ix)
{
    char path[LIMIT_PATH], made_path[LIMIT_PATH], made_lock[LIMIT_PATH], lock[LIMIT_PATH];
    struct index made = {.dir = ix->dir, .lock = -1};
    int rc;

    if (!store_path(path, ix->dir, "data.mdb") || !store_path(made_path, ix->dir, "data.mdb.new") ||
        !store_path(made_lock, ix->dir, "data.mdb.new-lock") || !store_path(lock, ix->dir, "lock.mdb"))
        return ERR_TOOBIG;
    if ((rc = merge_begin_all(ix)) < 0)
        return rc;
    while ((rc = merge_step(ix)) == 1)
        ;
    if (rc < 0 || (rc = erase_dead(ix)) < 0)
        return rc;
    rc = copy_all(ix, &made, made_path);
    if (made.env)
        mdb_env_close(made.env);
    (void)unlink(made_lock);
    if (rc == 0 && rename(made_path, path))
        rc = ERR_IO;
    if (rc < 0) {
        (void)unlink(made_path);
        return rc;
    }
    mdb_env_close(ix->env);
    ix->env = NULL;
    (void)unlink(lock);
    rc = store_sync_folder(ix->dir);
    return store_attach(ix, NULL) < 0 ? ERR_IO : rc;
}
