#include "daemon/door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "daemon/answer.h"
#include "daemon/log.h"
#include "daemon/server.h"
#include "daemon/session.h"
#include "wire/requests.h"

enum {
    BACKLOG = 512,
    AT_ONCE = 16,    /* accepted in one turn of the loop: whoever is in already is asking */
    FDS_MOST = 4096, /* we ask the system for so many; LimitNOFILE of the units */
    FDS_RUN = 64     /* files and folders that a run of the index has open, at most */
};

/* ---- sharing out ---- */

static unsigned at_most(unsigned n, unsigned most)
{
    return n < most ? n : most;
}

/* Descriptors that are open: the lowest free number says so well enough, since numbers are given from below. */
static unsigned open_now(void)
{
    int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

    if (fd >= 0)
        (void)close(fd);
    return fd < 0 ? UINT_MAX : (unsigned)fd;
}

/* Of what the system allows and is not in use, a quarter is for runs of the index, an eighth for refusals; the rest is for
 * clients, three of four, and for answers in files. */
static int share_out(struct door *d)
{
    struct rlimit files;
    unsigned all, used = open_now(), left;

    if (getrlimit(RLIMIT_NOFILE, &files) < 0)
        return UV_EMFILE;
    if (files.rlim_cur < FDS_MOST) {
        files.rlim_cur = files.rlim_max < FDS_MOST ? files.rlim_max : FDS_MOST;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    all = files.rlim_cur > FDS_MOST ? FDS_MOST : (unsigned)files.rlim_cur;
    if (used >= all || all - used < 8)
        return UV_EMFILE;
    left = all - used - 1; /* the one that is being accepted */
    left -= at_most(left / 4, FDS_RUN);
    d->refused = at_most(left / 8, LIMIT_REFUSED);
    left -= d->refused;
    d->clients = at_most(left - left / 4, LIMIT_CONNECTIONS);
    d->answers = at_most(left - d->clients, LIMIT_ANSWER_FILES);
    answer_files(d->answers);
    if (d->clients < LIMIT_CONNECTIONS)
        log_warn("the system allows %u open files: room for %u clients, where %u is usual", all, d->clients,
                 LIMIT_CONNECTIONS);
    return 0;
}

/* ---- who may come in ---- */

/* Says the error and closes. What does not fit the socket's buffer now, which is empty, never will. */
static void turn_away(int fd, int code, const char *words)
{
    char line[300];
    int len = snprintf(line, sizeof line,
                       "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,\"message\":\"%s\"}}\n", code,
                       words);

    (void)send(fd, line, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)close(fd);
}

/* The uid of the peer: the kernel's word, not its own. */
static bool is_known(int fd, uid_t *uid)
{
    struct ucred cred;
    socklen_t len = sizeof cred;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
        return false;
    *uid = cred.uid;
    return true;
}

static void let_in(struct server *server, int fd)
{
    const struct door *d = &server->door;
    unsigned all = 0, theirs = 0, refused = 0;
    const char *words = NULL;
    int code = ERR_BUSY;
    uid_t uid;

    if (!is_known(fd, &uid)) {
        turn_away(fd, WIRE_NOT_ALLOWED, "the system does not say who asks");
        return;
    }
    for (const struct session *s = server->sessions; s; s = s->next) {
        refused += s->refusal != NULL;
        all += !s->refusal;
        theirs += !s->refusal && s->uid == uid;
    }
    if (!server->system && uid != geteuid() && uid != 0) {
        code = WIRE_NOT_ALLOWED;
        words = "this daemon belongs to another person";
    } else if (theirs >= LIMIT_CONNECTIONS_UID)
        words = "you have too many connections open; close some, or try again";
    else if (all >= d->clients)
        words = "too many clients are connected; try again";
    if (words && refused >= d->refused)
        turn_away(fd, code, words);
    else if (!session_accept(server, fd, uid, code, words))
        turn_away(fd, ERR_NOMEM, err_words(ERR_NOMEM));
}

/* No descriptor is left: gives the spare one up for as long as it takes to say so. False when another thread took it. */
static bool use_spare(struct door *d)
{
    int fd;

    if (d->spare < 0)
        return false;
    (void)close(d->spare);
    fd = accept4(d->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        turn_away(fd, ERR_BUSY, "too many files are open; try again");
    d->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return fd >= 0;
}

static void on_connection(uv_poll_t *listener, int status, int events)
{
    struct server *server = listener->data;
    struct door *d = &server->door;

    (void)events;
    if (status < 0)
        log_warn("no client can be accepted: %s", uv_strerror(status));
    for (int n = 0; status == 0 && n < AT_ONCE; n++) {
        int fd = accept4(d->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0)
            let_in(server, fd);
        else if (errno == EAGAIN)
            return;
        else if (errno != EINTR && errno != ECONNABORTED && !use_spare(d)) {
            (void)uv_poll_stop(listener); /* until door_look: it would only be called again, and fail again */
            return;
        }
    }
}

/* ---- the whole ---- */

int door_open(struct server *server, int fd)
{
    struct door *d = &server->door;
    int rc;

    d->fd = fd;
    d->listener.data = server;
    d->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (listen(fd, BACKLOG) < 0)
        return uv_translate_sys_error(errno);
    if ((rc = share_out(d)) < 0 || (rc = uv_poll_init(server->loop, &d->listener, fd)) < 0)
        return rc;
    return uv_poll_start(&d->listener, UV_READABLE, on_connection);
}

void door_close(struct server *server)
{
    struct door *d = &server->door;

    uv_close((uv_handle_t *)&d->listener, NULL);
    (void)close(d->fd);
    if (d->spare >= 0)
        (void)close(d->spare);
}

void door_look(struct server *server)
{
    struct door *d = &server->door;

    if (d->spare < 0)
        d->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (!uv_is_active((uv_handle_t *)&d->listener))
        (void)uv_poll_start(&d->listener, UV_READABLE, on_connection);
}
