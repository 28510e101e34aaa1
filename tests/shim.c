/* shim.c -- faults on order, for tests: LD_PRELOAD it into a program that knows nothing of it.
 *
 *      SHIM_KILL=N           the program is killed before its Nth sync of any file; SHIM_AFTER=1: right after it
 *      SHIM_RECORD=FILE      every write to, cut of and sync of a file named data.mdb, in order:
 *                            be64 kind, offset, length, bytes     kinds: 1 write, 2 write that is durable by itself, 3
 * sync, 4 cut
 *      SHIM_COMMIT=FILE      once FILE is there, the program is killed right after the next commit of LMDB: the write of a page
 *                            that is durable by itself
 *      SHIM_DENY=WHAT        no memory to share: memfd_create, posix_fallocate, mmap or seal fails for it, whenever it is tried
 *      shim_fail(N)          the Nth allocation from now on fails, once; 0: none. Returns how many there were since the
 * last call.
 */
#include <dlfcn.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

/* ---- allocations: glibc's own functions stand behind ours -------------------------------------------- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);
SHOWN unsigned long shim_fail(unsigned long n);

static atomic_ulong allocations, fatal;

SHOWN unsigned long shim_fail(unsigned long n)
{
    unsigned long were = atomic_exchange(&allocations, 0);

    atomic_store(&fatal, n);
    return were;
}

static bool fails(void)
{
    if (atomic_fetch_add(&allocations, 1) + 1 != atomic_load(&fatal))
        return false;
    errno = ENOMEM;
    return true;
}

SHOWN void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

SHOWN void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

SHOWN void *realloc(void *at, size_t size)
{
    return fails() ? NULL : __libc_realloc(at, size);
}

/* ---- the recorder ------------------------------------------------------------------------------------ */

enum kind { WRITE = 1, WRITE_DURABLE, SYNC, CUT };

static bool is_named(int fd, const char *end)
{
    char link[64], path[PATH_MAX];
    size_t len = strlen(end);
    ssize_t n;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof path - 1);
    return n >= (ssize_t)len && memcmp(path + n - len, end, len) == 0;
}

static bool is_ours(int fd)
{
    return getenv("SHIM_RECORD") && is_named(fd, "/data.mdb");
}

static void put(int fd, const void *bytes, size_t len)
{
    for (const char *at = bytes; len;) {
        ssize_t n = syscall(SYS_write, fd, at, len);

        if (n <= 0)
            abort();
        at += n;
        len -= (size_t)n;
    }
}

static void record(enum kind kind, int fd, uint64_t offset, const struct iovec *parts, int count)
{
    static int out = -1;
    uint64_t head[3] = {htobe64(kind), htobe64(offset), 0}, len = 0;

    if (!is_ours(fd))
        return;
    if (kind == WRITE && fcntl(fd, F_GETFL) & O_DSYNC)
        head[0] = htobe64(WRITE_DURABLE);
    if (out < 0)
        out = open(getenv("SHIM_RECORD"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    for (int i = 0; i < count; i++)
        len += parts[i].iov_len;
    head[2] = htobe64(len);
    put(out, head, sizeof head);
    for (int i = 0; i < count; i++)
        put(out, parts[i].iov_base, parts[i].iov_len);
}

static void record_one(int fd, uint64_t offset, const void *bytes, size_t len)
{
    struct iovec part = {(void *)(uintptr_t)bytes, len};

    record(WRITE, fd, offset, &part, 1);
}

SHOWN ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    const char *order = getenv("SHIM_COMMIT");
    ssize_t n;

    record_one(fd, (uint64_t)offset, bytes, len);
    n = syscall(SYS_pwrite64, fd, bytes, len, offset);
    if (order && access(order, F_OK) == 0 && fcntl(fd, F_GETFL) & O_DSYNC && is_named(fd, "/data.mdb"))
        (void)kill(getpid(), SIGKILL);
    return n;
}

SHOWN ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
    return pwrite(fd, bytes, len, offset);
}

SHOWN ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    record(WRITE, fd, (uint64_t)offset, parts, count);
    return syscall(SYS_pwritev, fd, parts, count, offset, 0L);
}

SHOWN ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
    return pwritev(fd, parts, count, offset);
}

SHOWN ssize_t write(int fd, const void *bytes, size_t len)
{
    off_t at = is_ours(fd) ? lseek(fd, 0, SEEK_CUR) : -1;

    if (at >= 0)
        record_one(fd, (uint64_t)at, bytes, len);
    return syscall(SYS_write, fd, bytes, len);
}

SHOWN ssize_t writev(int fd, const struct iovec *parts, int count)
{
    off_t at = is_ours(fd) ? lseek(fd, 0, SEEK_CUR) : -1;

    if (at >= 0)
        record(WRITE, fd, (uint64_t)at, parts, count);
    return syscall(SYS_writev, fd, parts, count);
}

SHOWN int ftruncate(int fd, off_t size)
{
    record(CUT, fd, (uint64_t)size, NULL, 0);
    return (int)syscall(SYS_ftruncate, fd, size);
}

/* ---- syncs, and the end at one of them --------------------------------------------------------------- */

static int sync_with(long call, int fd)
{
    static atomic_long syncs;
    const char *kill_at = getenv("SHIM_KILL");
    bool last = kill_at && atomic_fetch_add(&syncs, 1) + 1 == atol(kill_at);
    int rc;

    if (last && !getenv("SHIM_AFTER"))
        (void)kill(getpid(), SIGKILL);
    rc = (int)syscall(call, fd);
    if (last)
        (void)kill(getpid(), SIGKILL);
    record(SYNC, fd, 0, NULL, 0);
    return rc;
}

SHOWN int fsync(int fd)
{
    return sync_with(SYS_fsync, fd);
}

SHOWN int fdatasync(int fd)
{
    return sync_with(SYS_fdatasync, fd);
}

/* ---- memory to share --------------------------------------------------------------------------------- */

static bool is_denied(const char *what)
{
    const char *denied = getenv("SHIM_DENY");

    return denied && strcmp(denied, what) == 0;
}

SHOWN int memfd_create(const char *name, unsigned flags)
{
    if (is_denied("memfd_create")) {
        errno = EMFILE;
        return -1;
    }
    return (int)syscall(SYS_memfd_create, name, flags);
}

SHOWN int posix_fallocate(int fd, off_t from, off_t len)
{
    if (is_denied("posix_fallocate"))
        return ENOSPC;
    return syscall(SYS_fallocate, fd, 0, from, len) == 0 ? 0 : errno;
}

SHOWN void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t from)
{
    if (flags & MAP_SHARED && fd >= 0 && is_denied("mmap") && is_named(fd, "/memfd:quoted-cache (deleted)")) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, from);
}

SHOWN int fcntl(int fd, int command, ...)
{
    va_list ap;
    long operand;

    va_start(ap, command);
    operand = va_arg(ap, long);
    va_end(ap);
    if (command == F_ADD_SEALS && is_denied("seal")) {
        errno = EPERM;
        return -1;
    }
    return (int)syscall(SYS_fcntl, fd, command, operand);
}
