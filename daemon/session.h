/* session.h -- one client's life.
 *
 *      bytes --frame--> calls --> loop, reader or writer --> ready --> lines, as fast as the client reads
 *
 * Invariants:
 *  (1) while more than LIMIT_QUEUE_STOP bytes wait for the client, nothing is read from it and no answer is added;
 *  (2) a part of a large answer is sent only when nothing waits: a client that does not read holds one part;
 *  (3) a client that shut its writing side is answered, then closed;
 *  (4) the session is freed in its handle's close callback, never sooner; its calls that are with a thread then have
 *      lost their session, and end unheard.
 */
#ifndef DAEMON_SESSION_H
#define DAEMON_SESSION_H

#include <uv.h>

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
    uid_t uid; /* the peer's, from the kernel */

    struct frame_reader frames;
    struct buf gathered; /* answers of this turn, on their way */
    struct call *calls;  /* all of them, in the order in which they came */
    unsigned calls_count;
    struct document *put; /* the document whose pieces are coming, or NULL */

    bool subscribed; /* wants to hear of changes of the index */
    uint64_t heard;  /* the generation that it heard of last */

    bool eof;             /* the client writes no more */
    bool finishing;       /* we read no more: the daemon is ending */
    bool draining;        /* an error was said; what still comes is thrown away */
    bool reading;         /* libuv reads for us */
    bool pumping;         /* turn() is at work; it is not entered twice */
    bool part_under_way;  /* a part was written in this turn of the loop */
    bool closing;         /* uv_close was called */
    uint64_t frame_since; /* when the unfinished frame began; 0 when there is none */
    uint64_t drain_since; /* when draining began */
    uint64_t moved_at;    /* when the queue was last seen to change */
    size_t queue_seen;    /* its bytes then */
};

/* Accepts the connection that waits. Peers that may not ask, and clients beyond the limit, are told so and
 * closed. */
void session_accept(struct server *server, uv_stream_t *listener);

/* A call of this session is READY. */
void session_ready(struct session *s, struct call *c);

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
