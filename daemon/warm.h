/* warm.h -- answers that were wanted before the daemon ended are there again soon after it started, before anybody asks.
 *
 *      the end ──► INDEX/wanted (daemon/wanted.h) ──► the next start: one question at a time ──► kept
 *
 * Nobody waits for it. A question goes to the long lane of the reader threads, and only while nobody else asks and the index
 * does not change; it may take WARM_MS. It is over when all of them have been answered, or when the segment is full: the answers
 * of today are worth more than the questions of yesterday. When the daemon ends before that, the rest stays in the file.
 *
 * The file says what people searched, so it is for the person alone (0600), and goes when `rm --erase` is asked for, as the kept
 * answers do. A daemon that keeps nothing (a system's, or with `cache = 0`) writes none, and takes away the one that it finds.
 * A segment that took another's place begins empty: its index is new, and what is in it changes at every moment; or
 * something was erased.
 */
#ifndef DAEMON_WARM_H
#define DAEMON_WARM_H

#include "base/buf.h"

struct call;
struct server;

enum { WARM_MS = 1000 /* for one question */ };

/* The loop's. */
struct warm {
    struct buf file;
    struct span rows;  /* of it, that have not been answered */
    uint64_t segment;  /* for which they were read */
    struct call *call; /* that is with a reader thread */
};

/* After READY: reads the file. */
void warm_start(struct server *server);

/* Once a second, and when one was answered: takes the next. */
void warm_step(struct server *server);

/* A question of ours has come back from its thread. It stays the caller's. */
void warm_done(struct server *server, struct call *c);

/* The daemon begins to end: what is with a thread is cancelled. And it has ended: writes the file. */
void warm_stop(struct server *server);
void warm_end(struct server *server);

/* On the writer thread, before something is erased: takes the file away. 0 or an error. */
int warm_forget(struct server *server);

#endif
