/* work.h -- the reader threads: questions that are too long for the loop.
 *
 * Each thread takes a call, opens a view of its own, asks, closes the view, and gives the call back; the
 * loop hears of it through uv_async. Some calls are heavy (they walk everything): one thread is always kept
 * free of them, so that a dump never makes an editor wait.
 */
#ifndef DAEMON_WORK_H
#define DAEMON_WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <uv.h>

struct call;
struct server;

enum { WORK_THREADS_MAX = 16 };

struct work {
    pthread_mutex_t lock; /* over everything below but the async */
    pthread_cond_t more;
    struct call *first, **last; /* waiting, in order */
    struct call *done;          /* answered, the latest first */
    unsigned waiting, running, heavy_running, threads;
    bool stopping;
    pthread_t thread[WORK_THREADS_MAX];
    struct server *server;
    uv_async_t async;
};

int work_init(struct work *w, struct server *server, unsigned threads);

/* Gives the call away until it comes back through server_done(). */
void work_give(struct work *w, struct call *c);

/* Calls that wait or run. */
unsigned work_count(struct work *w);

/* Ends the threads (nothing may wait or run any more) and closes the async. */
void work_stop(struct work *w);

#endif
