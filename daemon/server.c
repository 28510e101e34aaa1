#include "daemon/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "daemon/call.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/session.h"

enum {
    TICK_MS = 1000,
    STOP_TICK_MS = 50,   /* while ending, somebody waits for us */
    QUIET_MS = 5000,     /* without questions, and the memory that they took is given back */
    LOOK_MS = 2000,      /* how often we look whether our files are still there */
    STOP_ASK_MS = 3000,  /* questions under way may take so long; then they are cancelled */
    STOP_CLOSE_MS = 5000 /* answers may take so long to be read; then their clients are closed */
};

/* ---- the socket ---- */

/* Cuts the last name off, leaving the folder. */
static void folder_of(const char *path, char *folder)
{
    char *slash;

    snprintf(folder, LIMIT_PATH, "%s", path);
    if ((slash = strrchr(folder, '/')))
        slash[slash == folder] = '\0';
}

/* In a folder that others may write to without being held to their own files, anybody could take our
 * socket's place. */
static int check_folder(const char *folder, char *detail)
{
    struct stat st;

    if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode)) {
        snprintf(detail, 200, "the folder of the socket cannot be used: %s",
                 strerror(errno ? errno : ENOTDIR));
        return ERR_IO;
    }
    if (((st.st_mode & 022) && !(st.st_mode & S_ISVTX)) || (st.st_uid != geteuid() && st.st_uid != 0)) {
        snprintf(detail, 200, "the folder of the socket belongs to, or can be written by, others: %.120s",
                 folder);
        return ERR_DENIED;
    }
    return 0;
}

int server_lock(struct server *server, bool passed, char *detail)
{
    char folder[LIMIT_PATH], lock[LIMIT_PATH];
    const char *path = server->paths.socket;
    int rc;

    if (!paths_socket_fits(path)) {
        snprintf(detail, 200, "the path of the socket is %zu bytes long; the system takes %d at most",
                 strlen(path), SOCKET_PATH_MAX - 1);
        return ERR_ARGS;
    }
    folder_of(path, folder);
    if (mkdir(folder, server->system ? 0755 : 0700) < 0 && errno != EEXIST && !passed) {
        snprintf(detail, 200, "the folder of the socket cannot be made: %s", strerror(errno));
        return err_from_errno(errno);
    }
    if (!passed && (rc = check_folder(folder, detail)) < 0)
        return rc;
    snprintf(lock, sizeof lock, "%.4000s.lock", path);
    server->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (server->lock_fd < 0 && passed)
        return 0; /* systemd sees to it that there is one of us */
    if (server->lock_fd < 0) {
        snprintf(detail, 200, "the lock beside the socket cannot be made: %s", strerror(errno));
        return err_from_errno(errno);
    }
    if (flock(server->lock_fd, LOCK_EX | LOCK_NB) < 0) {
        snprintf(detail, 200, "another quoted serves this socket already");
        return ERR_LOCKED;
    }
    return 0;
}

/* A socket of our own at the path. We hold the lock, so a file that stands there is what an earlier daemon
 * left. It is made by hand: libuv would cut a long path in silence, and unlink the path at the end even if
 * it had become another's. */
static int bind_socket(struct server *server)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const char *path = server->paths.socket;
    struct stat st;
    int fd;

    if (lstat(path, &st) == 0) {
        if (!S_ISSOCK(st.st_mode)) {
            log_error("something that is no socket stands at %s", path);
            return ERR_IO;
        }
        (void)unlink(path);
    }
    strcpy(name.sun_path, path); /* server_lock looked at its length */
    if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) < 0)
        return err_from_errno(errno);
    if (bind(fd, (const struct sockaddr *)&name, sizeof name) < 0 ||
        chmod(path, server->system ? 0660 : 0600) < 0) {
        int rc = err_from_errno(errno);

        log_error("cannot listen on %s: %s", path, strerror(errno));
        (void)close(fd);
        return rc;
    }
    return fd;
}

/* ---- once a second ---- */

/* True when what made us useful has gone: then a new daemon is started more easily than we are mended. */
static bool has_vanished(const struct server *server)
{
    struct stat st;

    if (stat(server->paths.index, &st) < 0 && errno == ENOENT)
        return true;
    if (server->passed)
        return false;
    return (lstat(server->paths.socket, &st) < 0 && errno == ENOENT) ||
           (lstat(server->paths.socket, &st) == 0 &&
            (st.st_ino != server->at_path.st_ino || st.st_dev != server->at_path.st_dev));
}

/* What warms up is no work: nobody asked for it. */
static bool is_idle(struct server *server)
{
    return !server->sessions && work_count(&server->work) == (server->warm.call != NULL) &&
           !writer_busy(&server->writer);
}

static void look_at_idleness(struct server *server, uint64_t now)
{
    uint64_t allowed = (uint64_t)server->config.idle_exit * 1000;

    if (!is_idle(server))
        server->idle_since = now;
    else if (allowed && now - server->idle_since >= allowed)
        server_stop(server, "nobody asked for some time");
}

/* The writer gives memory back when it has tended the index. */
static void look_at_memory(struct server *server, uint64_t now)
{
    if (!server->answered_at || now - server->answered_at < QUIET_MS || work_count(&server->work) ||
        writer_busy(&server->writer))
        return;
    server->answered_at = 0;
    writer_tend(&server->writer);
}

/* Ending: what takes too long is cut short, in the order questions, clients. */
static void hurry(struct server *server, uint64_t now)
{
    struct session *next;

    if (now - server->stop_since < STOP_ASK_MS)
        return;
    for (struct session *s = server->sessions; s; s = next) {
        next = s->next;
        if (now - server->stop_since >= STOP_CLOSE_MS) {
            session_close(s);
            continue;
        }
        for (struct call *c = s->calls; c; c = c->next)
            if (c->state == CALL_READING)
                call_cancel(c);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct server *server = timer->data;
    uint64_t now = uv_now(server->loop);
    struct session *next;

    if (server_stopping(server)) {
        hurry(server, now);
        server_look(server);
        return;
    }
    for (struct session *s = server->sessions; s; s = next) {
        next = s->next;
        session_tick(s, now);
    }
    door_look(server);
    look_at_idleness(server, now);
    look_at_memory(server, now);
    warm_step(server);
    if (now - server->looked_at >= LOOK_MS) {
        server->looked_at = now;
        if (has_vanished(server))
            server_stop(server, "its socket or its index is gone");
    }
}

static void on_watchdog(uv_timer_t *timer)
{
    (void)timer;
    notify_send("WATCHDOG=1");
}

/* ---- every turn of the loop ---- */

static void on_again(uv_idle_t *idle)
{
    struct server *server = idle->data;

    uv_idle_stop(idle);
    for (struct session *s = server->sessions, *next; s; s = next) {
        next = s->next;
        session_again(s);
    }
}

void server_again(struct server *server)
{
    (void)uv_idle_start(&server->again, on_again);
}

static void on_turned(uv_prepare_t *prepare)
{
    struct server *server = prepare->data;

    server->read_ns = 0;
}

static int start_turns(struct server *server)
{
    int rc;

    server->again.data = server->turned.data = server;
    if ((rc = uv_idle_init(server->loop, &server->again)) < 0 ||
        (rc = uv_prepare_init(server->loop, &server->turned)) < 0)
        return rc;
    return uv_prepare_start(&server->turned, on_turned);
}

/* ---- signals ---- */

static void on_end_signal(uv_signal_t *handle, int number)
{
    server_stop(handle->data, number == SIGTERM ? "SIGTERM" : "SIGINT");
}

static void on_reload(uv_signal_t *handle, int number)
{
    struct server *server = handle->data;
    struct config fresh;
    char detail[CONFIG_DETAIL] = "";

    (void)number;
    notify_reloading();
    config_defaults(&fresh);
    if ((*server->paths.config_common && config_read(&fresh, server->paths.config_common, 0, detail) < 0) ||
        config_read(&fresh, server->paths.config, server->config_path != NULL, detail) < 0) {
        log_error("the settings stay as they were: %s", detail);
    } else {
        server->config.idle_exit = fresh.idle_exit;
        log_info("settings read again; those of places, mode, readers and indexing come into force at the "
                 "next start");
    }
    notify_send("READY=1");
}

static int watch_signal(struct server *server, uv_signal_t *handle, uv_signal_cb then, int number)
{
    int rc = uv_signal_init(server->loop, handle);

    handle->data = server;
    return rc < 0 ? rc : uv_signal_start(handle, then, number);
}

/* ---- start ---- */

static void give_own_job(struct server *server, enum request method)
{
    struct call *c = call_own(method, server->paths.index);

    if (c && writer_give(&server->writer, c) < 0)
        call_free(c);
}

static int start_timers(struct server *server)
{
    uint64_t watchdog = notify_watchdog_ms();
    int rc;

    server->tick.data = server->watchdog.data = server;
    if ((rc = uv_timer_start(&server->tick, on_tick, TICK_MS, TICK_MS)) < 0)
        return rc;
    return watchdog ? uv_timer_start(&server->watchdog, on_watchdog, watchdog, watchdog) : 0;
}

/* ---- the index changes ---- */

/* The writer, after each commit: from here on no older answer is given. */
static void told(void *ctx, uint64_t generation, uint64_t touched)
{
    struct server *server = ctx;

    keeper_told(&server->keeper, generation, touched);
    atomic_store(&server->generation, generation);
    (void)uv_async_send(&server->told);
}

static void on_told(uv_async_t *async)
{
    struct server *server = async->data;
    uint64_t generation = atomic_load(&server->generation);

    keeper_sweep(&server->keeper);
    for (struct session *s = server->sessions, *next; s; s = next) {
        next = s->next;
        session_changed(s, generation);
    }
}

/* A system's daemon answers many people, who are not to see each other's questions: it keeps nothing. */
static int watch_index(struct server *server)
{
    size_t bytes = server->system ? 0 : (size_t)server->config.cache << 20;
    int rc = uv_async_init(server->loop, &server->told, on_told);

    if (rc < 0)
        return rc;
    server->told.data = server;
    atomic_init(&server->generation, index_generation(server->guard.ix));
    keeper_start(&server->keeper, bytes, atomic_load(&server->generation));
    guard_watch(&server->guard, told, server);
    return 0;
}

int server_start(struct server *server, int passed)
{
    uv_loop_t *loop = server->loop;
    int fd, rc;

    server->passed = passed >= 0;
    server->began = server->idle_since = server->looked_at = uv_now(loop);
    fd = passed >= 0 ? passed : bind_socket(server);
    if (fd < 0)
        return fd;
    if ((rc = uv_timer_init(loop, &server->tick)) < 0 || (rc = uv_timer_init(loop, &server->watchdog)) < 0 ||
        (rc = start_timers(server)) < 0 || (rc = start_turns(server)) < 0 ||
        (rc = watch_signal(server, &server->on_term, on_end_signal, SIGTERM)) < 0 ||
        (rc = watch_signal(server, &server->on_int, on_end_signal, SIGINT)) < 0 ||
        (rc = watch_signal(server, &server->on_hup, on_reload, SIGHUP)) < 0 ||
        (rc = work_init(&server->work, server, (unsigned)server->config.readers)) < 0 ||
        (rc = watch_index(server)) < 0 || (rc = writer_init(&server->writer, server)) < 0 ||
        (rc = door_open(server, fd)) < 0) {
        log_error("cannot start: %s", uv_strerror(rc));
        return rc;
    }
    if (stat(server->paths.socket, &server->at_path) < 0)
        memset(&server->at_path, 0, sizeof server->at_path);
    if (server->renewed)
        give_own_job(server, REQUEST_REINDEX);
    else
        give_own_job(server, REQUEST_PUT); /* documents kept just before we ended last time */
    writer_tend(&server->writer);          /* older segments, files that older rules read */
    notify_send("READY=1\nSTATUS=listening");
    warm_start(server);
    return 0;
}

/* ---- the end ---- */

void server_stop(struct server *server, const char *why)
{
    struct session *next;

    if (atomic_exchange(&server->stopping, true))
        return;
    notify_send("STOPPING=1");
    log_info("ending: %s", why);
    server->stop_since = uv_now(server->loop);
    door_close(server);
    writer_cancel_all(&server->writer);
    warm_stop(server);
    uv_timer_start(&server->tick, on_tick, STOP_TICK_MS, STOP_TICK_MS);
    for (struct session *s = server->sessions; s; s = next) {
        next = s->next;
        session_finish(s);
    }
}

bool server_stopping(struct server *server)
{
    return atomic_load(&server->stopping);
}

void server_look(struct server *server)
{
    if (!server_stopping(server) || server->ended || server->sessions ||
        atomic_load(&server->sessions_count) || work_count(&server->work) || writer_busy(&server->writer))
        return;
    server->ended = true;
    work_stop(&server->work);
    writer_stop(&server->writer);
    guard_watch(&server->guard, NULL, NULL);
    warm_end(server);
    keeper_stop(&server->keeper);
    uv_close((uv_handle_t *)&server->told, NULL);
    uv_close((uv_handle_t *)&server->again, NULL);
    uv_close((uv_handle_t *)&server->turned, NULL);
    uv_close((uv_handle_t *)&server->tick, NULL);
    uv_close((uv_handle_t *)&server->watchdog, NULL);
    uv_close((uv_handle_t *)&server->on_term, NULL);
    uv_close((uv_handle_t *)&server->on_int, NULL);
    uv_close((uv_handle_t *)&server->on_hup, NULL);
}

void server_fini(struct server *server)
{
    struct stat st;

    if (!server->passed && lstat(server->paths.socket, &st) == 0 && st.st_ino == server->at_path.st_ino &&
        st.st_dev == server->at_path.st_dev)
        (void)unlink(server->paths.socket);
    if (server->lock_fd >= 0)
        (void)close(server->lock_fd); /* the lock's file stays: removing it would race with the next daemon */
}

/* ---- from the threads ---- */

void server_done(struct server *server, struct call *c)
{
    struct session *s = c->session;

    /* An answer that was ready before anybody looked at the flag: who cancels never gets it. */
    if (c->state == CALL_READING && c->cancel && !c->late) {
        answer_fini(&c->answer);
        call_fail(c, WIRE_CANCELLED, "cancelled");
    }
    c->state = CALL_READY;
    server->answered_at = uv_now(server->loop);
    if (c == server->warm.call)
        warm_done(server, c);
    else
        server->idle_since = server->answered_at;
    if (s)
        session_ready(s, c);
    else
        call_free(c);
    server_look(server);
}

void server_progress(struct server *server, struct call *c, const struct index_progress *now)
{
    (void)server;
    if (c->session)
        session_progress(c->session, c, now);
}
