#include "index/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/err.h"
#include "index/store_inner.h"
#include "index/text_cache.h"

#define SEAL_AT_ONCE (64 * MiB) /* read in 10 ms from memory, 0.1 s from a disk without moving parts */
#define SEAL_STEP    (16 * MiB)
#define PIECE        (256 * KiB)

enum { SEAL_BYTES = 28, PROVE_SECONDS = 8, SOUND = 0, UNSOUND = 1, UNTRIED = 2 };

static bool place_of(const struct index *ix, char out[LIMIT_PATH])
{
    return store_path(out, ix->dir, "seal");
}

static uint64_t transaction_of(struct index *ix)
{
    MDB_envinfo info;

    return mdb_env_info(ix->env, &info) ? 0 : (uint64_t)info.me_last_txnid;
}

/* ---- the file of the seal ---------------------------------------------------------------------------- */

static uint32_t checksum(const char *bytes)
{
    return (uint32_t)XXH3_64bits(bytes, SEAL_BYTES - 4);
}

/* True when there is one that can be read. */
static bool load(const struct index *ix, uint64_t *transaction, uint64_t *size, uint64_t *hash)
{
    char path[LIMIT_PATH], bytes[SEAL_BYTES];
    struct span s = {bytes, sizeof bytes};
    int fd = place_of(ix, path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    bool whole = fd >= 0 && read(fd, bytes, sizeof bytes) == SEAL_BYTES;

    if (fd >= 0)
        (void)close(fd);
    if (!whole || key_read32(s, SEAL_BYTES - 4) != checksum(bytes))
        return false;
    *transaction = key_read64(s, 0);
    *size = key_read64(s, 8);
    *hash = key_read64(s, 16);
    return true;
}

static int store(const struct index *ix, uint64_t transaction, uint64_t size, uint64_t hash)
{
    struct buf b = BUF_INIT(64);
    char path[LIMIT_PATH];
    int fd, rc;

    buf_be64(&b, transaction);
    buf_be64(&b, size);
    buf_be64(&b, hash);
    if (buf_err(&b) == 0)
        buf_be32(&b, checksum(b.at));
    if ((rc = buf_err(&b)) == 0 && place_of(ix, path)) {
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        rc = fd >= 0 && write(fd, b.at, b.len) == (ssize_t)b.len ? 0 : ERR_IO;
        if (fd >= 0)
            (void)close(fd);
        if (rc < 0)
            (void)unlink(path);
    }
    buf_fini(&b);
    return rc;
}

/* ---- reading through --------------------------------------------------------------------------------- */

static void end_reading(struct seal *s)
{
    if (s->hash) {
        if (s->fd >= 0)
            (void)close(s->fd);
        (void)XXH3_freeState(s->hash);
    }
    s->hash = NULL;
}

static int begin_reading(struct index *ix)
{
    struct seal *s = &ix->seal;
    char path[LIMIT_PATH];
    struct stat st;

    if (!store_path(path, ix->dir, "data.mdb"))
        return ERR_TOOBIG;
    s->at = 0;
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0)
        return err_from_errno(errno);
    s->hash = XXH3_createState();
    if (!s->hash || XXH3_64bits_reset(s->hash) != XXH_OK || fstat(s->fd, &st)) {
        (void)close(s->fd);
        (void)XXH3_freeState(s->hash);
        s->hash = NULL;
        return ERR_NOMEM;
    }
    s->size = (uint64_t)st.st_size;
    return 0;
}

/* Up to `most` bytes more: 1 when there is more, 0 at the end. */
static int read_on(struct seal *s, uint64_t most)
{
    char *piece = malloc(PIECE);
    ssize_t n = 1;

    if (!piece)
        return ERR_NOMEM;
    for (uint64_t end = s->at + most; s->at < end && n > 0;) {
        do
            n = pread(s->fd, piece, PIECE, (off_t)s->at);
        while (n < 0 && errno == EINTR);
        if (n > 0) {
            (void)XXH3_64bits_update(s->hash, piece, (size_t)n);
            s->at += (uint64_t)n;
        }
    }
    free(piece);
    return n < 0 ? ERR_IO : n > 0;
}

/* ---- the doors --------------------------------------------------------------------------------------- */

int seal_step(struct index *ix)
{
    struct seal *s = &ix->seal;
    int rc;

    if (!s->hash)
        return 0;
    if ((rc = read_on(s, SEAL_STEP)) == 0 && XXH3_64bits_digest(s->hash) != s->wanted)
        rc = ERR_CORRUPT;
    if (rc <= 0)
        end_reading(s);
    return rc;
}

int seal_open(struct index *ix, char *detail)
{
    uint64_t transaction, size;
    struct seal *s = &ix->seal;
    int rc;

    end_reading(s);
    if (!(s->there = load(ix, &transaction, &size, &s->wanted)))
        return 0;
    if ((rc = begin_reading(ix)) < 0)
        return rc;
    if (transaction != transaction_of(ix) || size != s->size)
        rc = ERR_CORRUPT;
    while (rc == 0 && s->size <= SEAL_AT_ONCE && (rc = seal_step(ix)) == 1)
        rc = 0;
    if (rc == ERR_CORRUPT && detail)
        (void)snprintf(detail, 200, "the file of the index is not what it was when it was closed");
    if (rc < 0)
        end_reading(s);
    return rc;
}

/* In the child. What cannot be opened is told by the parent's own attempt. */
static int prove(const char *dir)
{
    struct index ix = {.dir = (char *)(uintptr_t)dir, .lock = -1, .texts = text_cache_new()};
    struct index_view *v;
    int rc;

    (void)alarm(PROVE_SECONDS);
    if (!ix.texts || !freopen("/dev/null", "w", stderr) || store_attach_to_read(&ix) < 0)
        return UNTRIED;
    rc = index_view_open(&ix, &v);
    if (rc == 0)
        rc = view_check(v, NULL, NULL, NULL);
    return rc == 0 ? SOUND : rc == ERR_NOMEM ? UNTRIED : UNSOUND;
}

int seal_prove(struct index *ix, char *detail)
{
    uint64_t transaction, size, hash;
    char path[LIMIT_PATH];
    struct stat st;
    int status = 0;
    pid_t child;

    if (load(ix, &transaction, &size, &hash) || !store_path(path, ix->dir, "data.mdb") || stat(path, &st) ||
        (uint64_t)st.st_size > SEAL_AT_ONCE)
        return 0;
    child = fork();
    if (child == 0)
        _exit(prove(ix->dir));
    while (child > 0 && waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) != UNSOUND))
        return 0;
    if (detail)
        (void)snprintf(detail, 200, "the index was not closed in order, and walking it found damage");
    return ERR_CORRUPT;
}

int seal_break(struct index *ix)
{
    char path[LIMIT_PATH];

    if (!ix->seal.there)
        return 0;
    end_reading(&ix->seal);
    if (!place_of(ix, path))
        return ERR_TOOBIG;
    if (unlink(path) && errno != ENOENT)
        return err_from_errno(errno);
    ix->seal.there = false;
    return store_sync_folder(ix->dir);
}

void seal_close(struct index *ix)
{
    struct seal *s = &ix->seal;

    end_reading(s);
    if (s->there || !s->due || !ix->env || begin_reading(ix) < 0)
        return;
    if (read_on(s, UINT64_MAX - s->at) == 0)
        (void)store(ix, transaction_of(ix), s->size, XXH3_64bits_digest(s->hash));
    end_reading(s);
}
