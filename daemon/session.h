/* session.h -- one client's life.
 *
 *      bytes --frame--> calls --> loop, reader or writer --> ready --> lines, as fast as the client reads
 *
 * Invariants:
 *  (1) while more than LIMIT_QUEUE_STOP bytes wait for the client, nothing is read from it and no answer is added;
 *  (2) a part of a large answer is sent only when nothing waits: a client that does not read holds one part;
 *  (3) while more than LIMIT_QUEUE_STOP bytes are queued or answered and not sent, no further question of it is begun;
 *  (4) it has the loop for a slice of time; then others have their turn, before it goes on;
 *  (5) a client that shut its writing side is answered, then closed;
 *  (6) the session is freed in its handle's close callback, never sooner; its calls that are with a thread then have
 *      lost their session, and end unheard.
 */
#ifndef DAEMON_SESSION_H
#define DAEMON_SESSION_H

#include <uv.h>

#include "daemon/work.h"
#include "index/index.h"
#include "wire/frame.h"

struct call;
struct document;
struct server;

struct session {
    unsigned magic;
    struct server *server;
    struct session *prev, *next;
    uv_pipe_t pipe;
    uid_t uid;           /* the peer's, from the kernel */
    const char *refusal; /* why it may not ask, else NULL: its first request is answered so, */
    int refusal_code;    /* with this */

    struct frame_reader frames;
    struct buf gathered; /* answers of this turn, on their way */
    struct call *calls;  /* all of them, in the order in which they came */
    unsigned calls_count;
    struct work_client work; /* those of them that wait for a thread, or have one */
    struct document *put;    /* the document whose pieces are coming, or NULL */

    bool subscribed; /* wants to hear of changes of the index */
    uint64_t heard;  /* the generation that it heard of last */

    bool eof;             /* the client writes no more */
    bool finishing;       /* we read no more: the daemon is ending */
    bool draining;        /* an error was said; what still comes is thrown away */
    bool reading;         /* libuv reads for us */
    bool pumping;         /* turn() is at work; it is not entered twice */
    bool again;           /* its slice of time ended before its frames did */
    bool held;            /* its questions wait until it has read */
    bool part_under_way;  /* a part was written in this turn of the loop */
    bool closing;         /* uv_close was called */
    uint64_t frame_since; /* when the unfinished frame began; 0 when there is none */
    uint64_t drain_since; /* when draining began */
    uint64_t moved_at;    /* when the queue was last seen to change */
    size_t queue_seen;    /* its bytes then */
};

/* Begins with a connection, whose descriptor is ours from here on. With `refusal`, words that last, the client is told those and
 * closed. False, and the descriptor is still the caller's, when there is no memory. */
bool session_accept(struct server *server, int fd, uid_t uid, int refusal_code, const char *refusal);

/* A call of this session is READY. */
void session_ready(struct session *s, struct call *c);

/* Goes on where its slice of time ended. */
void session_again(struct session *s);

/* Sends how far a job is, unless the client is slow. */
void session_progress(struct session *s, const struct call *c, const struct index_progress *now);

/* Tells of a change of the index, if the client wants to hear of such. Generation 0 is none: another index is being opened. */
void session_changed(struct session *s, uint64_t generation);

/* Cancels the call with that id. */
void session_cancel(struct session *s, const char *id);

/* Once a second: what takes too long. */
void session_tick(struct session *s, uint64_t now);

/* Reads no more; closes when all is answered. */
void session_finish(struct session *s);

/* At once. */
void session_close(struct session *s);

#endif
