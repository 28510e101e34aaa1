#include "index/store_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/err.h"
#include "index/lens.h"
#include "index/merge.h"
#include "index/text_cache.h"

#define MAP_MOST  ((size_t)64 << 30) /* address space alone: pages come as the file grows */
#define MAP_LEAST ((size_t)64 << 20)

enum { READERS = 512, PER_RECORD = 16, PER_DROP = 256, PAGE_LEAST = 4096, DETAIL = 200, FULL_BLOCKS = 16 };

static const char *const names[TABLES] = {"meta", "parts", "lists", "pos", "docs", "dead", "text", "files"};

const char *table_name(enum table t)
{
    return names[t];
}

bool store_path(char out[LIMIT_PATH], const char *dir, const char *name)
{
    int n = snprintf(out, LIMIT_PATH, "%s/%s", dir, name);

    return n > 0 && (unsigned)n < LIMIT_PATH;
}

/* ---- errors ------------------------------------------------------------------------------------------ */

/* LMDB answers EIO for a write that was cut short: the disk is full, a limit on the size of files is reached,
 * or the disk is broken. */
static bool disk_is_full(const char *dir, const char *file)
{
    char path[LIMIT_PATH];
    struct rlimit limit;
    struct statvfs fs;
    struct stat st;

    if (!dir || !store_path(path, dir, file ? file : "data.mdb"))
        return false;
    if (statvfs(dir, &fs) == 0 && fs.f_bavail < FULL_BLOCKS)
        return true;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && stat(path, &st) == 0 &&
           (rlim_t)st.st_size + PAGE_LEAST >= limit.rlim_cur;
}

int store_error(const struct index *ix, int rc)
{
    switch (rc) {
    case 0:
        return 0;
    case MDB_NOTFOUND:
        return ERR_NOTFOUND;
    case MDB_VERSION_MISMATCH:
        return ERR_VERSION;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_VALSIZE:
    case MDB_MAP_RESIZED: /* the map is of the size that the file asked for */
    case MDB_CURSOR_FULL: /* pages that lead in a circle */
    case MDB_PAGE_FULL:
    case MDB_BAD_DBI:
        return ERR_CORRUPT;
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
        return ERR_FULL;
    case MDB_READERS_FULL:
        return ERR_BUSY;
    case MDB_PANIC: /* writing the last page failed; opening again makes it good */
        return ERR_IO;
    case EIO:
        return disk_is_full(ix->dir, ix->file) ? ERR_FULL : ERR_IO;
    default:
        return rc > 0 ? err_from_errno(rc) : ERR_IO;
    }
}

/* LMDB found its own pages broken. It aborts the program after this, so the next one is told by a file. */
static void on_assert(MDB_env *env, const char *words)
{
    const struct index *ix = mdb_env_get_userctx(env);
    char path[LIMIT_PATH];
    int fd;

    (void)words;
    if (!ix || !ix->dir || !store_path(path, ix->dir, "damaged"))
        return;
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
}

/* ---- records ----------------------------------------------------------------------------------------- */

int record_get(MDB_txn *txn, MDB_dbi dbi, struct span key, struct span *payload)
{
    MDB_val k = value_of(key), v;
    int rc = mdb_get(txn, dbi, &k, &v);

    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc)
        return rc == ENOMEM ? ERR_NOMEM : ERR_CORRUPT;
    rc = row_verify(key, span_of_value(v), payload);
    return rc < 0 ? rc : 1;
}

int record_seek(MDB_cursor *cursor, MDB_cursor_op op, struct span *key, struct span *payload)
{
    MDB_val k = value_of(*key), v;
    int rc = mdb_cursor_get(cursor, &k, &v, op);

    if (rc == MDB_NOTFOUND)
        return 0;
    if (rc)
        return rc == ENOMEM ? ERR_NOMEM : ERR_CORRUPT;
    *key = span_of_value(k);
    rc = row_verify(*key, span_of_value(v), payload);
    return rc < 0 ? rc : 1;
}

/* A cursor at the end may be wrong about it once others have written. */
static void forget_end(struct write *w, enum table t)
{
    if (w->ends[t])
        mdb_cursor_close(w->ends[t]);
    w->ends[t] = NULL;
}

/* Makes room for a value. A table that is appended to keeps a cursor at its end, and needs no way down from its root. */
static int reserve(struct write *w, enum table t, MDB_val *k, MDB_val *v, bool append)
{
    int rc;

    w->bytes += k->mv_size + v->mv_size + PER_RECORD;
    if (!append) {
        forget_end(w, t);
        return mdb_put(w->txn, w->ix->table[t], k, v, MDB_RESERVE);
    }
    if (!w->ends[t] && (rc = mdb_cursor_open(w->txn, w->ix->table[t], &w->ends[t])) != 0)
        return rc;
    return mdb_cursor_put(w->ends[t], k, v, MDB_RESERVE | MDB_APPEND);
}

int record_put(struct write *w, enum table t, struct span key, struct span payload, bool append)
{
    MDB_val k = value_of(key), v = {payload.len + CHECKSUM, NULL};
    uint32_t sum = row_checksum(key, payload);
    uint8_t *at;
    int rc = reserve(w, t, &k, &v, append);

    if (rc)
        return rc == MDB_KEYEXIST ? ERR_CORRUPT : store_error(w->ix, rc);
    at = v.mv_data;
    if (payload.len)
        memcpy(at, payload.at, payload.len);
    for (size_t i = 0; i < CHECKSUM; i++)
        at[payload.len + i] = (uint8_t)(sum >> (8 * i));
    return 0;
}

int record_put_buf(struct write *w, enum table t, const struct key *key, struct buf *payload, bool append)
{
    int rc = buf_err(payload);

    return rc < 0 ? rc : record_put(w, t, key_span(key), buf_view(payload), append);
}

int record_drop(struct write *w, enum table t, const struct key *key)
{
    MDB_val k = value_of(key_span(key));
    int rc;

    forget_end(w, t);
    rc = mdb_del(w->txn, w->ix->table[t], &k, NULL);
    w->bytes += PER_DROP;
    return rc == MDB_NOTFOUND ? 0 : store_error(w->ix, rc);
}

int record_drop_all(struct write *w, enum table t, uint32_t first, uint32_t *budget)
{
    struct key k = key_number(first);
    MDB_cursor *c;
    size_t cost;
    int rc = 0;

    forget_end(w, t);
    if (mdb_cursor_open(w->txn, w->ix->table[t], &c))
        return ERR_NOMEM;
    while (*budget && rc == 0) {
        MDB_val key = value_of(key_span(&k)), value;
        rc = mdb_cursor_get(c, &key, &value, MDB_SET_RANGE);
        if (rc || key.mv_size < k.len || memcmp(key.mv_data, k.at, k.len) != 0)
            break;
        rc = mdb_cursor_del(c, 0);
        w->bytes += PER_DROP;
        cost = 1 + value.mv_size / 100;
        *budget -= cost < *budget ? (uint32_t)cost : *budget;
    }
    mdb_cursor_close(c);
    return rc == MDB_NOTFOUND ? 0 : store_error(w->ix, rc);
}

/* ---- one write --------------------------------------------------------------------------------------- */

static int put_totals_record(struct write *w)
{
    struct buf b = BUF_INIT(1 * KiB);
    int rc;

    put_totals(&b, &w->totals);
    rc = buf_err(&b);
    if (rc == 0)
        rc = record_put(w, T_META, SPAN("totals"), buf_view(&b), false);
    buf_fini(&b);
    return rc;
}

/* LMDB may leave the last pages of a transaction unwritten when they came free in it. store_attach tells a
 * file that was cut short by its size, so the size is made good here. */
static void fill_up(struct index *ix)
{
    MDB_envinfo info;
    MDB_stat stat;
    struct stat st;
    int fd;

    if (mdb_env_info(ix->env, &info) || mdb_env_stat(ix->env, &stat) || mdb_env_get_fd(ix->env, &fd) ||
        fstat(fd, &st))
        return;
    if ((uint64_t)st.st_size < ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize)
        (void)!ftruncate(fd, (off_t)(((uint64_t)info.me_last_pgno + 1) * stat.ms_psize));
}

int write_begin(struct index *ix, struct write *w)
{
    struct span payload;
    int rc;

    *w = (struct write){.ix = ix, .touched = UINT64_MAX};
    if ((rc = seal_break(ix)) < 0)
        return rc;
    rc = mdb_txn_begin(ix->env, NULL, 0, &w->txn);
    if (rc) {
        w->txn = NULL;
        return store_error(ix, rc);
    }
    rc = record_get(w->txn, ix->table[T_META], SPAN("totals"), &payload);
    rc = rc == 1 ? get_totals(payload, &w->totals) : rc < 0 ? rc : ERR_CORRUPT;
    if (rc < 0)
        write_abort(w);
    return rc;
}

static void close_ends(struct write *w)
{
    for (unsigned t = 0; t < TABLES; t++)
        forget_end(w, (enum table)t);
}

int write_commit(struct write *w)
{
    struct index *ix = w->ix;
    uint64_t touched = w->touched;
    int rc = put_totals_record(w);

    if (rc < 0) {
        write_abort(w);
        return rc;
    }
    close_ends(w);
    rc = mdb_txn_commit(w->txn);
    *w = (struct write){0};
    if (rc)
        return store_error(ix, rc);
    if (ix->told)
        ix->told(ix->told_ctx, index_generation(ix), touched);
    fill_up(ix);
    return 0;
}

void index_watch(struct index *ix, index_told_fn told, void *ctx)
{
    ix->told = told;
    ix->told_ctx = ctx;
}

void write_abort(struct write *w)
{
    close_ends(w);
    if (w->txn)
        mdb_txn_abort(w->txn);
    *w = (struct write){0};
}

/* ---- making an environment --------------------------------------------------------------------------- */

/* Opens an environment with the largest map that the machine allows: containers and ulimit -v may not
 * give 64 GiB of addresses. */
static int open_env(struct index *ix, const char *path, unsigned flags)
{
    int rc = 0;

    for (size_t size = MAP_MOST; size >= MAP_LEAST; size /= 2) {
        rc = mdb_env_create(&ix->env);
        if (rc) {
            ix->env = NULL;
            return ERR_NOMEM;
        }
        (void)mdb_env_set_userctx(ix->env, ix);
        (void)mdb_env_set_assert(ix->env, on_assert);
        rc = mdb_env_set_maxdbs(ix->env, TABLES);
        rc = rc ? rc : mdb_env_set_maxreaders(ix->env, READERS);
        rc = rc ? rc : mdb_env_set_mapsize(ix->env, size);
        rc = rc ? rc : mdb_env_open(ix->env, path, flags | MDB_NOTLS, 0600);
        if (!rc)
            return 0;
        mdb_env_close(ix->env);
        ix->env = NULL;
        if (rc != ENOMEM && rc != EINVAL)
            break;
    }
    return store_error(ix, rc);
}

static int say(char *detail, int err, const char *words)
{
    if (detail)
        (void)snprintf(detail, DETAIL, "%s", words);
    return err;
}

static int check_format(struct index *ix, MDB_txn *txn, char *detail)
{
    struct span payload;
    int rc = record_get(txn, ix->table[T_META], SPAN("format"), &payload);

    if (rc == 1)
        rc = payload.len == 4 && key_read32(payload, 0) == FORMAT_OF_STORE
                 ? 0
                 : say(detail, ERR_VERSION, "the index has the format of another version");
    else if (rc == 0)
        rc = say(detail, ERR_CORRUPT, "the index does not name its format");
    else
        (void)say(detail, rc, "the record of the index's format is damaged");
    if (rc == 0 && record_get(txn, ix->table[T_META], SPAN("generations"), &payload) == 1 && payload.len == 8)
        ix->generations = key_read64(payload, 0);
    return rc;
}

/* The format is looked at first: another one has other tables. */
static int open_tables(struct index *ix, unsigned flags, char *detail)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(ix->env, NULL, flags & MDB_CREATE ? 0 : MDB_RDONLY, &txn), err = 0;

    if (rc)
        return store_error(ix, rc);
    for (unsigned t = 0; t < TABLES && !rc && !err; t++) {
        rc = mdb_dbi_open(txn, names[t], flags, &ix->table[t]);
        if (!rc && t == T_META && !(flags & MDB_CREATE))
            err = check_format(ix, txn, detail);
    }
    if (rc || err)
        mdb_txn_abort(txn);
    else
        rc = mdb_txn_commit(txn);
    if (rc)
        err = say(detail, rc == MDB_NOTFOUND ? ERR_CORRUPT : store_error(ix, rc),
                  "a table of the index is missing");
    return err;
}

static int put_format(struct write *w)
{
    struct buf b = BUF_INIT(64);
    int rc;

    buf_be32(&b, FORMAT_OF_STORE);
    rc = buf_err(&b);
    if (rc == 0)
        rc = record_put(w, T_META, SPAN("format"), buf_view(&b), false);
    buf_fini(&b);
    return rc;
}

/* Makes a new, empty environment in file `path` (an existing one is replaced) and opens its tables; `fast` leaves out
 * fsync. */
static int store_create(struct index *ix, const char *path, bool fast)
{
    char lock[LIMIT_PATH];
    struct write w = {.ix = ix, .totals = {1, 1, 1, 1, .next_text = 0}};
    int rc;

    if (snprintf(lock, sizeof lock, "%s-lock", path) >= (int)sizeof lock)
        return ERR_TOOBIG;
    (void)unlink(path);
    (void)unlink(lock);
    rc = open_env(ix, path, MDB_NOSUBDIR | (fast ? MDB_NOSYNC : 0));
    if (rc < 0 || (rc = open_tables(ix, MDB_CREATE, NULL)) < 0)
        return rc;
    rc = mdb_txn_begin(ix->env, NULL, 0, &w.txn);
    if (rc)
        return store_error(ix, rc);
    rc = put_format(&w);
    if (rc < 0) {
        write_abort(&w);
        return rc;
    }
    return write_commit(&w);
}

int store_sync_folder(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

    if (fd < 0)
        return err_from_errno(errno);
    rc = fsync(fd) ? err_from_errno(errno) : 0;
    (void)close(fd);
    return rc;
}

/* A new index appears whole: made beside its place, then renamed into it. */
static int make_new(const char *dir)
{
    char made[LIMIT_PATH], lock[LIMIT_PATH], path[LIMIT_PATH];
    struct index ix = {.dir = (char *)(uintptr_t)dir, .lock = -1};
    int rc;

    if (!store_path(made, dir, "data.mdb.new") || !store_path(lock, dir, "data.mdb.new-lock") ||
        !store_path(path, dir, "data.mdb"))
        return ERR_TOOBIG;
    rc = store_create(&ix, made, false);
    if (ix.env)
        mdb_env_close(ix.env);
    (void)unlink(lock);
    if (rc < 0) {
        (void)unlink(made);
        return rc;
    }
    if (rename(made, path))
        return err_from_errno(errno);
    return store_sync_folder(dir);
}

static bool new_paths(const char *dir, char made[LIMIT_PATH], char lock[LIMIT_PATH])
{
    return store_path(made, dir, "data.mdb.new") && store_path(lock, dir, "data.mdb.new-lock");
}

static int put_generations(struct index *made, uint64_t generations)
{
    struct buf b = BUF_INIT(64);
    struct write w = {0};
    int rc = write_begin(made, &w);

    buf_be64(&b, generations);
    if (rc == 0)
        rc = record_put(&w, T_META, SPAN("generations"), buf_view(&b), false);
    if (rc == 0)
        rc = write_commit(&w);
    write_abort(&w);
    buf_fini(&b);
    return rc;
}

int store_begin_new(struct index *ix, struct index *made)
{
    char path[LIMIT_PATH], lock[LIMIT_PATH];
    int rc;

    if (!new_paths(ix->dir, path, lock))
        return ERR_TOOBIG;
    made->file = "data.mdb.new";
    (void)pthread_mutex_init(&made->lens_lock, NULL);
    (void)pthread_mutex_init(&made->stats_lock, NULL);
    rc = store_create(made, path, true);
    return rc < 0 ? rc : put_generations(made, index_generation(ix));
}

/* What readers of it left in memory, and the environment. */
static void close_env(struct index *ix)
{
    lens_forget(ix);
    if (ix->texts)
        text_cache_clear(ix->texts);
    if (ix->env)
        mdb_env_close(ix->env);
    ix->env = NULL;
}

static void drop_files(const char *dir)
{
    char path[LIMIT_PATH], lock[LIMIT_PATH];

    if (!new_paths(dir, path, lock))
        return;
    (void)unlink(path);
    (void)unlink(lock);
}

void store_drop_new(struct index *made)
{
    close_env(made);
    drop_files(made->dir);
}

int store_replace(struct index *ix, struct index *made)
{
    char path[LIMIT_PATH], lock[LIMIT_PATH], new_path[LIMIT_PATH], new_lock[LIMIT_PATH];
    int rc = store_error(made, mdb_env_sync(made->env, 1));

    if (rc == 0 && (!new_paths(ix->dir, new_path, new_lock) || !store_path(path, ix->dir, "data.mdb") ||
                    !store_path(lock, ix->dir, "lock.mdb")))
        rc = ERR_TOOBIG;
    close_env(made);
    if (rc == 0)
        rc = seal_break(ix);
    if (rc == 0 && rename(new_path, path))
        rc = err_from_errno(errno);
    if (rc < 0) {
        store_drop_new(made);
        return rc;
    }
    (void)unlink(new_lock);
    close_env(ix);
    (void)unlink(lock);
    rc = store_sync_folder(ix->dir);
    return store_reopen(ix) < 0 ? ERR_IO : rc;
}

int store_reopen(struct index *ix)
{
    int rc;

    close_env(ix);
    if ((rc = store_attach(ix, NULL)) == 0 && ix->told)
        ix->told(ix->told_ctx, index_generation(ix), UINT64_MAX);
    return rc;
}

int store_let_go(struct index *ix, const struct index_run *run)
{
    int rc;

    if (!ix->large_write || !run || !run->alone || ix->merge)
        return 0;
    ix->large_write = false;
    run->alone(run->ctx, true);
    rc = store_reopen(ix);
    run->alone(run->ctx, false);
    return rc;
}

/* ---- opening ----------------------------------------------------------------------------------------- */

/* Locks and maps of a file on another machine are not what LMDB needs them to be. */
static int refuse_remote(const char *dir, char *detail)
{
    static const struct {
        unsigned long magic;
        const char *words;
    } remote[] = {
        {NFS_SUPER_MAGIC, "the folder of the index is on NFS"},
        {0xFF534D42, "the folder of the index is on a Windows share (CIFS)"},
        {0xFE534D42, "the folder of the index is on a Windows share (SMB)"},
        {SMB_SUPER_MAGIC, "the folder of the index is on a Windows share (SMB)"},
        {0x65735546, "the folder of the index is on a FUSE file system"},
        {V9FS_MAGIC, "the folder of the index is on a 9p share"},
        {AFS_SUPER_MAGIC, "the folder of the index is on AFS"},
        {0x6B414653, "the folder of the index is on AFS"},
        {CODA_SUPER_MAGIC, "the folder of the index is on Coda"},
        {0x00C36400, "the folder of the index is on Ceph"},
        {0x786F4256, "the folder of the index is on a VirtualBox share"},
    };
    struct statfs fs;

    if (statfs(dir, &fs))
        return err_from_errno(errno);
    for (size_t i = 0; i < sizeof remote / sizeof remote[0]; i++)
        if ((unsigned long)(uint32_t)fs.f_type == remote[i].magic)
            return say(detail, ERR_NETFS, remote[i].words);
    return 0;
}

/* A lock of fcntl's kind ends with the process, also when children of it live on. */
static int lock_folder(struct index *ix, char *detail)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[LIMIT_PATH];

    if (!store_path(path, ix->dir, "owner.lock"))
        return say(detail, ERR_TOOBIG, "the path of the index is too long");
    ix->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (ix->lock < 0)
        return say(detail, err_from_errno(errno), "the lock of the index cannot be made");
    if (fcntl(ix->lock, F_SETLK, &whole))
        return errno == EAGAIN || errno == EACCES ? say(detail, ERR_LOCKED, "another process holds the index")
                                                  : err_from_errno(errno);
    return 0;
}

/* The beginning of each of LMDB's two first pages, as lmdb.h's library writes it. */
struct first_page {
    struct {
        size_t number;
        uint16_t pad, flags, lower, upper;
    } page;
    uint32_t magic, version;
    void *address;
    size_t map;
    struct {
        uint32_t pad; /* in the first of the two: bytes of a page */
        uint16_t flags, depth;
        size_t branches, leaves, overflows, entries, root;
    } tables[2];
    size_t last_page, transaction;
};

/* LMDB believes what its first pages say of the size of its map and pages: looked at before it does. */
static int check_first_pages(const char *path, char *detail)
{
    struct first_page first;
    struct stat st = {.st_size = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC), rc = fd < 0 || fstat(fd, &st) ? err_from_errno(errno) : 0;

    for (off_t at = 0, page = 0; rc == 0 && at <= page; at += page) {
        if (pread(fd, &first, sizeof first, at) != (ssize_t)sizeof first || first.map > MAP_MOST ||
            first.tables[0].pad < 512 || first.tables[0].pad > 65536)
            rc = say(detail, ERR_CORRUPT, "a first page of the index is damaged");
        else if ((uint64_t)st.st_size / first.tables[0].pad <= first.last_page)
            rc = say(detail, ERR_CORRUPT, "the file of the index is shorter than its last page");
        else if (page && page != (off_t)first.tables[0].pad)
            rc = say(detail, ERR_CORRUPT, "a first page of the index is damaged");
        page = (off_t)first.tables[0].pad;
    }
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

/* Everything that may be asked of the environment without reading a page of the map. */
static int check_size(struct index *ix, const char *path, char *detail)
{
    MDB_envinfo info;
    MDB_stat stat_;
    struct stat st;

    if (mdb_env_info(ix->env, &info) || mdb_env_stat(ix->env, &stat_) || stat(path, &st))
        return say(detail, ERR_IO, "the file of the index cannot be examined");
    if (stat_.ms_psize == 0 || (uint64_t)st.st_size / stat_.ms_psize <= (uint64_t)info.me_last_pgno)
        return say(detail, ERR_CORRUPT, "the file of the index is shorter than its last page");
    return 0;
}

int store_attach(struct index *ix, char *detail)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    char path[LIMIT_PATH];
    struct stat st;
    unsigned flags = 0;
    int rc, dead;

    if (!store_path(path, ix->dir, "data.mdb"))
        return ERR_TOOBIG;
    if (stat(path, &st))
        return err_from_errno(errno);
    if (st.st_size < 2 * PAGE_LEAST) /* LMDB would take an empty file for a new one */
        return say(detail, ERR_CORRUPT, "the file of the index was cut short");
    if (pages > 0 && page > 0 && (uint64_t)st.st_size > (uint64_t)pages * (uint64_t)page / 4)
        flags |= MDB_NORDAHEAD;
    if ((rc = check_first_pages(path, detail)) < 0)
        return rc;
    rc = open_env(ix, ix->dir, flags);
    if (rc < 0)
        return say(detail, rc == ERR_NOTFOUND ? ERR_CORRUPT : rc, "the file of the index cannot be opened");
    if ((rc = check_size(ix, path, detail)) < 0 || (rc = seal_open(ix, detail)) < 0)
        return rc;
    (void)mdb_reader_check(ix->env, &dead);
    rc = open_tables(ix, 0, detail);
    ix->seal.due = rc == 0;
    return rc;
}

int store_attach_to_read(struct index *ix)
{
    char path[LIMIT_PATH];
    int rc;

    if (!store_path(path, ix->dir, "data.mdb"))
        return ERR_TOOBIG;
    if ((rc = check_first_pages(path, NULL)) < 0 ||
        (rc = open_env(ix, ix->dir, MDB_RDONLY | MDB_NOLOCK)) < 0 || (rc = check_size(ix, path, NULL)) < 0)
        return rc;
    return open_tables(ix, 0, NULL);
}

/* Makes the folder and all above it; those that are there keep their mode. */
static int make_folder(const char *dir)
{
    char path[LIMIT_PATH];
    size_t len = strlen(dir);

    if (len == 0 || len >= sizeof path)
        return ERR_TOOBIG;
    memcpy(path, dir, len + 1);
    for (char *at = path + 1; *at; at++)
        if (*at == '/') {
            *at = 0;
            if (mkdir(path, 0700) && errno != EEXIST)
                return err_from_errno(errno);
            *at = '/';
        }
    return mkdir(path, 0700) && errno != EEXIST ? err_from_errno(errno) : 0;
}

static int open_here(struct index *ix, char *detail)
{
    char path[LIMIT_PATH], damaged[LIMIT_PATH];
    int rc;

    if (!store_path(path, ix->dir, "data.mdb") || !store_path(damaged, ix->dir, "damaged"))
        return say(detail, ERR_TOOBIG, "the path of the index is too long");
    drop_files(ix->dir); /* of a run that was killed */
    if (access(damaged, F_OK) == 0)
        return say(detail, ERR_CORRUPT, "an earlier run found damaged pages in the index");
    if (access(path, F_OK)) {
        if (errno != ENOENT)
            return say(detail, err_from_errno(errno), "the folder of the index cannot be read");
        if ((rc = make_new(ix->dir)) < 0)
            return say(detail, rc, "a new index cannot be made");
    } else if ((rc = seal_prove(ix, detail)) < 0) {
        return rc;
    }
    return store_attach(ix, detail);
}

int index_open(const char *dir, struct index **out, char *detail)
{
    struct index *ix = calloc(1, sizeof *ix);
    int rc = ERR_NOMEM;

    *out = NULL;
    if (detail)
        detail[0] = 0;
    if (ix)
        (void)pthread_mutex_init(&ix->lens_lock, NULL);
    (void)pthread_mutex_init(&ix->stats_lock, NULL);
    if (ix && !(ix->texts = text_cache_new())) {
        free(ix);
        return ERR_NOMEM;
    }
    if (!ix || (ix->lock = -1, ix->dir = strdup(dir)) == NULL)
        goto out;
    if ((rc = make_folder(dir)) < 0) {
        (void)say(detail, rc, "the folder of the index cannot be made");
        goto out;
    }
    if ((rc = refuse_remote(dir, detail)) < 0 || (rc = lock_folder(ix, detail)) < 0)
        goto out;
    if ((rc = open_here(ix, detail)) < 0)
        goto out;
    *out = ix;
    return 0;
out:
    index_close(ix);
    return rc;
}

void index_close(struct index *ix)
{
    if (!ix)
        return;
    merge_forget(ix);
    seal_close(ix);
    lens_forget(ix);
    text_cache_free(ix->texts);
    (void)pthread_mutex_destroy(&ix->lens_lock);
    (void)pthread_mutex_destroy(&ix->stats_lock);
    if (ix->env)
        mdb_env_close(ix->env);
    if (ix->lock >= 0)
        (void)close(ix->lock);
    free(ix->dir);
    free(ix);
}

int index_set_aside(const char *dir)
{
    char from[LIMIT_PATH], to[LIMIT_PATH], mark[LIMIT_PATH], lock[LIMIT_PATH], seal[LIMIT_PATH], name[40];

    if (!store_path(from, dir, "data.mdb") || !store_path(mark, dir, "damaged") ||
        !store_path(lock, dir, "lock.mdb") || !store_path(seal, dir, "seal"))
        return ERR_TOOBIG;
    for (unsigned n = 1; n < 10000; n++) {
        (void)snprintf(name, sizeof name, "data.mdb.damaged-%u", n);
        if (!store_path(to, dir, name))
            return ERR_TOOBIG;
        if (access(to, F_OK) == 0)
            continue;
        if (rename(from, to) && errno != ENOENT)
            return err_from_errno(errno);
        (void)unlink(mark);
        (void)unlink(lock);
        (void)unlink(seal);
        return store_sync_folder(dir);
    }
    return ERR_FULL;
}

uint64_t index_generation(struct index *ix)
{
    MDB_envinfo info;

    return mdb_env_info(ix->env, &info) ? 0 : ix->generations + info.me_last_txnid;
}
