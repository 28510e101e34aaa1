#include "daemon/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"

int durable_sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;

    if (fd < 0)
        return err_from_errno(errno);
    if (fsync(fd) < 0 && errno != EINVAL &&
        errno != EROFS) /* some file systems cannot; nothing more to do there */
        rc = err_from_errno(errno);
    (void)close(fd);
    return rc;
}

/* Cuts the last name off, leaving the folder. */
static void up(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash == path)
        slash++;
    if (slash)
        *slash = '\0';
}

int durable_folder(const char *path)
{
    char part[LIMIT_PATH];
    int rc;

    if (mkdir(path, 0700) == 0) {
        snprintf(part, sizeof part, "%s", path);
        up(part);
        return durable_sync_folder(part);
    }
    if (errno == EEXIST)
        return 0;
    if (errno != ENOENT || strlen(path) >= sizeof part)
        return err_from_errno(errno);
    snprintf(part, sizeof part, "%s", path);
    up(part);
    if (strcmp(part, path) == 0 || !*part)
        return ERR_NOTFOUND;
    if ((rc = durable_folder(part)) < 0)
        return rc;
    return durable_folder(path);
}

int durable_write_all(int fd, struct span s)
{
    while (s.len) {
        ssize_t n = write(fd, s.at, s.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_from_errno(errno);
        s = span_cut(s, (size_t)n, s.len);
    }
    return 0;
}

int durable_write(const char *path, struct span bytes)
{
    char folder[LIMIT_PATH], beside[LIMIT_PATH];
    int fd, rc;

    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return ERR_TOOBIG;
    snprintf(folder, sizeof folder, "%s", path);
    up(folder);
    if ((rc = durable_folder(folder)) < 0)
        return rc;
    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_from_errno(errno);
    rc = durable_write_all(fd, bytes);
    if (rc == 0 && fsync(fd) < 0)
        rc = err_from_errno(errno);
    if (close(fd) < 0 && rc == 0)
        rc = err_from_errno(errno);
    if (rc == 0 && rename(beside, path) < 0)
        rc = err_from_errno(errno);
    if (rc < 0)
        (void)unlink(beside);
    return rc < 0 ? rc : durable_sync_folder(folder);
}

int durable_read(const char *path, struct buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
    ssize_t n = 1;

    if (fd < 0)
        return err_from_errno(errno);
    while (n > 0) {
        char piece[16384];

        n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n < 0)
            rc = err_from_errno(errno);
        else
            buf_put(out, piece, (size_t)n);
    }
    (void)close(fd);
    return rc < 0 ? rc : buf_err(out);
}
