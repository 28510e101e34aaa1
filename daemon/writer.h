/* writer.h -- the one thread that changes the index.
 *
 * It runs jobs (jobs.h) in the order in which they came, and between them, one bounded piece at a time, the
 * index's upkeep. It tells how far it is by a snapshot under the lock; the loop sends that on, at most
 * every PROGRESS_MS.
 */
#ifndef DAEMON_WRITER_H
#define DAEMON_WRITER_H

#include <pthread.h>
#include <stdbool.h>
#include <uv.h>

#include "base/limits.h"
#include "index/index.h"

struct call;
struct server;

enum { PROGRESS_MS = 100, WRITER_JOBS_MAX = 4096 };

struct writer {
    pthread_mutex_t lock; /* over everything below but the async and what is the loop's */
    pthread_cond_t more;
    struct call *first, **last; /* waiting, in order */
    struct call *running;       /* or NULL */
    struct call *done;          /* the latest first */
    unsigned waiting;
    bool upkeep;   /* there may be upkeep to do */
    bool tending;  /* upkeep is under way */
    bool stopping; /* no new job begins */
    volatile bool cancel_upkeep;
    struct index_progress progress; /* of the running job; its path is `path` below */
    char path[LIMIT_PATH];
    bool fresh; /* progress has changed since the loop looked */

    size_t memory;    /* of a run of the index, */
    unsigned threads; /* and its threads: as they were set when the daemon started */
    uint64_t told;    /* the loop's: when progress was sent last */
    pthread_t thread;
    bool started;
    struct server *server;
    uv_async_t async;
};

int writer_init(struct writer *w, struct server *server);

/* Gives the call away until it comes back through server_done(). When too many wait: ERR_BUSY and it stays
 * yours. */
int writer_give(struct writer *w, struct call *c);

/* Asks for a round of upkeep when there is nothing else to do. */
void writer_tend(struct writer *w);

/* Cancels what runs (it commits what it has) and gives back what waits as cancelled. */
void writer_cancel_all(struct writer *w);

/* True while a job waits or runs, or upkeep is under way. */
bool writer_busy(struct writer *w);

/* Ends the thread and closes the async. */
void writer_stop(struct writer *w);

/* For jobs, on the writer thread: how far they are. */
void writer_progress(struct writer *w, const struct index_progress *now);

/* What the writer does, for `status`; any thread. */
struct writer_state {
    bool running, tending;
    unsigned waiting;
    const char *name; /* of the running job */
    struct index_progress progress;
};
void writer_look(struct writer *w, struct writer_state *state);

#endif
