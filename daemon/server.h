/* server.h -- the daemon as a whole: its socket, its clients, its threads, and how it ends.
 *
 * Ending goes in steps, each of which waits for the one before: no new clients and no new requests; the
 * writer finishes its transaction; what is being asked is answered; the answers are read; the threads end;
 * the loop runs empty.
 */
#ifndef DAEMON_SERVER_H
#define DAEMON_SERVER_H

#include <stdatomic.h>
#include <sys/stat.h>
#include <uv.h>

#include "daemon/config.h"
#include "daemon/door.h"
#include "daemon/guard.h"
#include "daemon/keeper.h"
#include "daemon/warm.h"
#include "daemon/work.h"
#include "daemon/writer.h"
#include "wire/frame.h"
#include "wire/paths.h"

struct call;
struct session;

struct server {
    uv_loop_t *loop;
    struct paths paths;
    struct config config;
    const char *config_path; /* given on the command line, or NULL */
    bool system;             /* a service for the members of a group, where only root may change things */

    struct guard guard;
    struct work work;
    struct writer writer;
    struct keeper keeper;
    struct warm warm;

    struct door door;
    uv_timer_t tick, watchdog;
    uv_idle_t again;          /* sessions whose slice of time ended go on */
    uv_prepare_t turned;      /* the loop is about to look who asks: */
    uint64_t read_ns;         /* what it has spent on reading the index since then */
    uv_async_t told;          /* the index has changed */
    atomic_ullong generation; /* as the writer told last */
    uv_signal_t on_term, on_int, on_hup;
    bool passed;         /* the socket came from systemd: it stays when we go */
    struct stat at_path; /* of our socket's file, to see whether it is still ours */
    int lock_fd;

    struct session *sessions;
    atomic_uint sessions_count; /* changed by the loop; status looks from other threads */
    atomic_bool stopping;
    bool ended;
    uint64_t stop_since, idle_since, looked_at, began; /* milliseconds of the loop's clock */
    uint64_t answered_at; /* when a thread last answered a question, until memory is given back; else 0 */
    size_t put_bytes;     /* of documents whose pieces are still coming */
    bool renewed;         /* the index was damaged or old, and begun anew */
    char renewed_why[200];
    char read_buffer[FRAME_READ]; /* one for all sessions: the loop reads them one after the other */
};

/* Listens on `passed` (a socket from systemd) or, when it is -1, on paths.socket; starts the threads; says
 * READY. The index is open and the paths and settings are in place. 0, or an error that was logged. */
int server_start(struct server *server, int passed);

/* Begins to end. */
void server_stop(struct server *server, const char *why);
bool server_stopping(struct server *server);

/* After the loop has run empty: takes away what server_start made on the disk. */
void server_fini(struct server *server);

/* Makes the folder of the socket and locks it against a second daemon. 0; ERR_LOCKED, or another error,
 * with words. */
int server_lock(struct server *server, bool passed, char *detail);

/* On the loop: a thread gives a call back, or tells how far it is. */
void server_done(struct server *server, struct call *c);
void server_progress(struct server *server, struct call *c, const struct index_progress *now);

/* On the loop: calls session_again in the next turn. */
void server_again(struct server *server);

/* On the loop: something ended; look whether everything has. */
void server_look(struct server *server);

#endif
