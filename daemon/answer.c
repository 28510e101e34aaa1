#include "daemon/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "daemon/durable.h"

enum { FLUSH = 256 * 1024 }; /* bytes gathered before they are written to the file */

static atomic_size_t in_memory; /* bytes of all answers that wait */
static atomic_uint in_files;    /* those that have a file, */
static unsigned in_files_max = LIMIT_ANSWER_FILES;

void answer_files(unsigned most)
{
    in_files_max = most;
}

void answer_init(struct answer *a, const char *dir)
{
    *a = (struct answer){.dir = dir, .held = BUF_INIT(LIMIT_ANSWER_MEMORY + FLUSH), .fd = -1};
}

/* Counts the memory that this answer takes now. */
static void recount(struct answer *a)
{
    if (a->held.cap > a->counted)
        atomic_fetch_add(&in_memory, a->held.cap - a->counted);
    else
        atomic_fetch_sub(&in_memory, a->counted - a->held.cap);
    a->counted = a->held.cap;
}

void answer_fini(struct answer *a)
{
    buf_fini(&a->held);
    recount(a);
    if (a->fd >= 0)
        (void)close(a->fd);
    if (a->filed)
        atomic_fetch_sub(&in_files, 1);
    a->filed = false;
    a->fd = -1;
    a->bytes = 0;
}

/* A file without a name. Not every file system has O_TMPFILE. */
static int open_unnamed(const char *dir)
{
    char path[LIMIT_PATH];
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0)
        return fd;
    if (snprintf(path, sizeof path, "%s/answer-XXXXXX", dir) >= (int)sizeof path)
        return ERR_TOOBIG;
    if ((fd = mkostemp(path, O_CLOEXEC)) < 0)
        return err_from_errno(errno);
    (void)unlink(path);
    return fd;
}

/* The disk is full, which stops the index from growing, not from answering: what the file holds, its first
 * `len` bytes, moves into memory that can be swapped out. */
static int leave_the_disk(struct answer *a, uint64_t len)
{
    int fd = a->bytes > LIMIT_ANSWERS ? ERR_FULL : memfd_create("answer", MFD_CLOEXEC);
    off_t at = 0;

    if (fd < 0)
        return ERR_FULL;
    while (a->fd >= 0 && (uint64_t)at < len)
        if (sendfile(fd, a->fd, &at, (size_t)(len - (uint64_t)at)) <= 0) {
            (void)close(fd);
            return ERR_FULL;
        }
    if (a->fd >= 0)
        (void)close(a->fd);
    a->fd = fd;
    return 0;
}

/* Gives the answer a file, unless too many have one. */
static int begin_file(struct answer *a)
{
    int fd;

    if (!a->filed && atomic_fetch_add(&in_files, 1) >= in_files_max) {
        atomic_fetch_sub(&in_files, 1);
        return ERR_BUSY;
    }
    a->filed = true;
    if ((fd = open_unnamed(a->dir)) < 0)
        return fd;
    a->fd = fd;
    return 0;
}

static int flush(struct answer *a)
{
    uint64_t before = a->bytes - a->held.len; /* in the file already */
    int rc = a->fd < 0 ? begin_file(a) : 0;

    if (rc == 0)
        rc = durable_write_all(a->fd, buf_view(&a->held));
    if (rc == ERR_FULL && (rc = leave_the_disk(a, before)) == 0)
        rc = durable_write_all(a->fd, buf_view(&a->held));
    buf_clear(&a->held);
    return rc;
}

/* True when what is held must go to the file before `more` bytes are added. */
static bool is_full(const struct answer *a, size_t more)
{
    if (a->fd >= 0)
        return a->held.len + more > FLUSH;
    return a->held.len + more > LIMIT_ANSWER_MEMORY ||
           (a->held.len + more > LIMIT_PART && atomic_load(&in_memory) > LIMIT_ANSWERS);
}

int answer_put(void *ctx, struct span piece)
{
    struct answer *a = ctx;
    int rc;

    while (piece.len) {
        size_t len = piece.len < FLUSH ? piece.len : FLUSH;

        if (a->held.len && is_full(a, len) && (rc = flush(a)) < 0)
            return rc;
        buf_put(&a->held, piece.at, len);
        if ((rc = buf_err(&a->held)) < 0)
            return rc;
        recount(a);
        a->bytes += len;
        piece = span_cut(piece, len, piece.len);
    }
    return 0;
}

int answer_end(struct answer *a)
{
    int rc;

    if (a->fd < 0)
        return 0;
    rc = flush(a);
    buf_fini(&a->held);
    recount(a);
    return rc;
}

static int read_file_at(int fd, uint64_t at, size_t len, char *to)
{
    while (len) {
        ssize_t n = pread(fd, to, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ERR_IO;
        to += n;
        at += (uint64_t)n;
        len -= (size_t)n;
    }
    return 0;
}

int answer_read(const struct answer *a, uint64_t at, size_t max, struct buf *out)
{
    size_t left = a->bytes - at < max + 1 ? (size_t)(a->bytes - at) : max + 1; /* one more shows the border */
    struct span piece;
    char *to;
    int rc;

    buf_clear(out);
    if (left == 0)
        return 0;
    if (!(to = buf_room(out, left)))
        return buf_err(out);
    if (a->fd < 0)
        memcpy(to, a->held.at + at, left);
    else if ((rc = read_file_at(a->fd, at, left, to)) < 0)
        return rc;
    piece = utf8_cut((struct span){to, left}, max);
    out->len += piece.len ? piece.len : max; /* a run of stray bytes has no border to cut at */
    return 0;
}
