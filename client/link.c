#include "client/link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/utf8.h"
#include "wire/paths.h"

#define SYSTEM_SOCKET "/run/quoted/sock" /* of a system service: only root can put a socket there */

enum {
    CONNECT_MS = 5000, /* a full queue of the daemon's socket may take so long to empty */
    CONNECT_AGAIN_MS = 10
};

int link_fail(char *words, int code, const char *format, ...)
{
    char all[2 * QUOTES_WORDS];
    struct span fits;
    va_list ap;

    if (!words)
        return code;
    va_start(ap, format);
    vsnprintf(all, sizeof all, format, ap);
    va_end(ap);
    fits = utf8_cut(span_of(all), QUOTES_WORDS - 1);
    memcpy(words, fits.at, fits.len);
    words[fits.len] = '\0';
    return code;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- connecting -------------------------------------------------------------------------------------- */

/* Connects to the socket at `path`. Returns a descriptor or a negative errno. */
static int connect_to(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int64_t until = now_ms() + CONNECT_MS;
    int fd, error;

    if (strlen(path) >= sizeof to.sun_path)
        return -ENAMETOOLONG;
    memcpy(to.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    while (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        error = errno;
        if (error == EINTR)
            continue;
        if (error != EAGAIN || now_ms() > until) { /* EAGAIN: its queue is full for the moment */
            close(fd);
            return -error;
        }
        (void)poll(NULL, 0, CONNECT_AGAIN_MS);
    }
    return fd;
}

/* Who listens there? Ourselves, root, or the service of the system, whose folder below /run only root can make.
 * Anybody else has put a socket in our way and must not see what we ask. */
static bool peer_is_ours(int fd, const char *path)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
        return false;
    return peer.uid == geteuid() || peer.uid == 0 || strcmp(path, SYSTEM_SOCKET) == 0;
}

static int open_socket(const char *path, int *fd, char *words)
{
    *fd = connect_to(path);
    if (*fd == -ENAMETOOLONG)
        return link_fail(words, QUOTES_ARGS,
                         "the name of the socket %s is longer than the %zu bytes that the system takes", path,
                         sizeof((struct sockaddr_un *)0)->sun_path - 1);
    if (*fd == -EACCES || *fd == -EPERM)
        return link_fail(words, QUOTES_DENIED, "the socket %s is not open to you", path);
    if (*fd < 0)
        return link_fail(words, QUOTES_NO_DAEMON, "no quoted answers at %s (%s)", path, strerror(-*fd));
    if (!peer_is_ours(*fd, path)) {
        close(*fd);
        return link_fail(words, QUOTES_DENIED,
                         "the program at %s belongs to another user; it was asked nothing", path);
    }
    return 0;
}

/* Finds the daemon that the options and the environment name; else the person's own; else the system's. The
 * last one's index is not the person's, so it is not asked whether it serves that. */
static int open_place(struct quotes_options *o, int *fd, char *words)
{
    struct paths p;
    char detail[200];
    int rc = paths_find(&p, false, o->index, o->socket, detail);

    if (rc < 0)
        return link_fail(words, QUOTES_ARGS, "the socket of quoted cannot be named: %s", detail);
    rc = open_socket(p.socket, fd, words);
    if (rc != QUOTES_NO_DAEMON || o->socket || p.is_private || getenv("QUOTED_SOCKET"))
        return rc;
    if (open_socket(SYSTEM_SOCKET, fd, NULL) < 0)
        return rc;
    o->index = NULL;
    return 0;
}

/* A page with a byte that is 1 here and 0 in every child. */
static char *page_of_ours(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return NULL;
    if (madvise(page, size, MADV_WIPEONFORK)) {
        (void)munmap(page, size);
        return NULL;
    }
    *page = 1;
    return page;
}

int link_open(struct link *l, struct quotes_options *o, char *words)
{
    struct stat st;
    int fd, rc = open_place(o, &fd, words);

    if (rc < 0)
        return rc;
    if (fstat(fd, &st)) {
        close(fd);
        return link_fail(words, QUOTES_GONE, "the socket of quoted cannot be used: %s", strerror(errno));
    }
    *l = (struct link){.fd = fd,
                       .dev = st.st_dev,
                       .ino = st.st_ino,
                       .ours = page_of_ours(),
                       .out = BUF_INIT(QUOTES_AT_ONCE * (size_t)LIMIT_FRAME),
                       .got = -1};
    frame_init(&l->in);
    return 0;
}

bool link_holds(const struct link *l)
{
    struct stat st;

    return fstat(l->fd, &st) == 0 && st.st_dev == l->dev && st.st_ino == l->ino;
}

void link_close(struct link *l)
{
    if (link_holds(l))
        close(l->fd);
    if (l->got >= 0)
        close(l->got);
    if (l->ours)
        (void)munmap(l->ours, (size_t)sysconf(_SC_PAGESIZE));
    frame_fini(&l->in);
    buf_fini(&l->out);
}

/* ---- writing and reading ------------------------------------------------------------------------------- */

void link_flush(struct link *l)
{
    bool fine = !l->out.len || link_holds(l);

    while (fine && l->sent < l->out.len) {
        ssize_t n = send(l->fd, l->out.at + l->sent, l->out.len - l->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n >= 0)
            l->sent += (size_t)n;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return;
        else
            fine = errno == EINTR;
    }
    l->sent = 0;
    if (l->out.cap > FRAME_READ)
        buf_fini(&l->out); /* an idle connection holds little */
    else
        buf_clear(&l->out);
}

/* As recv; a descriptor that comes along is kept, any further one closed. */
static ssize_t receive_bytes(struct link *l, char *bytes, size_t size)
{
    struct iovec part = {bytes, size};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(4 * sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(l->fd, &message, MSG_CMSG_CLOEXEC);

    for (struct cmsghdr *h = n < 0 ? NULL : CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
        size_t count = h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS
                           ? (h->cmsg_len - CMSG_LEN(0)) / sizeof(int)
                           : 0;

        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(h) + i * sizeof fd, sizeof fd);
            if (l->got < 0)
                l->got = fd;
            else
                close(fd);
        }
    }
    return n;
}

int link_fill(struct link *l)
{
    char bytes[FRAME_READ];
    ssize_t n = link_holds(l) ? receive_bytes(l, bytes, sizeof bytes) : 0;
    int rc;

    if (n < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : QUOTES_GONE;
    if (n == 0)
        return QUOTES_GONE;
    rc = frame_feed(&l->in, bytes, (size_t)n);
    return rc == ERR_TOOBIG ? QUOTES_PROTOCOL : rc < 0 ? rc : 1;
}

int link_frame(struct link *l, struct span *frame)
{
    int rc = frame_next(&l->in, frame);

    return rc == ERR_TOOBIG ? QUOTES_PROTOCOL : rc;
}

int link_wait(struct link *l, int ms)
{
    struct pollfd p = {.fd = l->fd, .events = (short)(POLLIN | (l->out.len ? POLLOUT : 0))};
    int n = link_holds(l) ? poll(&p, 1, ms) : 1; /* what reads or writes next finds out */

    return n > 0 ? 1 : n == 0 || errno == EINTR ? 0 : QUOTES_GONE;
}
