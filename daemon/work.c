#include "daemon/work.h"

#include <signal.h>

#include "daemon/call.h"
#include "daemon/serve.h"
#include "daemon/server.h"

/* Takes the first call that may run now out of the queue; NULL when there is none. The lock is held. */
static struct call *take(struct work *w)
{
    for (struct call **at = &w->first; *at; at = &(*at)->queue_next) {
        struct call *c = *at;

        if (c->heavy && w->threads > 1 && w->heavy_running + 1 >= w->threads)
            continue;
        *at = c->queue_next;
        if (!*at)
            w->last = at;
        c->queue_next = NULL;
        w->waiting--;
        w->running++;
        w->heavy_running += c->heavy;
        return c;
    }
    return NULL;
}

static void give_back(struct work *w, struct call *c)
{
    w->running--;
    w->heavy_running -= c->heavy;
    c->queue_next = w->done;
    w->done = c;
    uv_async_send(&w->async);
}

static void *run(void *ctx)
{
    struct work *w = ctx;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct call *c = take(w);

        if (!c && w->stopping)
            break;
        if (!c) {
            pthread_cond_wait(&w->more, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        serve_read(w->server, c, true);
        pthread_mutex_lock(&w->lock);
        give_back(w, c);
        if (c->heavy)
            pthread_cond_signal(&w->more); /* the next heavy one may go */
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* On the loop: hands back what was answered, the oldest first. */
static void collect(uv_async_t *async)
{
    struct work *w = async->data;
    struct call *done, *in_order = NULL;

    pthread_mutex_lock(&w->lock);
    done = w->done;
    w->done = NULL;
    pthread_mutex_unlock(&w->lock);
    while (done) {
        struct call *next = done->queue_next;

        done->queue_next = in_order;
        in_order = done;
        done = next;
    }
    while (in_order) {
        struct call *c = in_order;

        in_order = c->queue_next;
        c->queue_next = NULL;
        server_done(w->server, c);
    }
}

int work_init(struct work *w, struct server *server, unsigned threads)
{
    sigset_t all, before;
    int rc;

    *w = (struct work){.server = server, .last = &w->first};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    if ((rc = uv_async_init(server->loop, &w->async, collect)) < 0)
        return rc;
    w->async.data = w;
    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&w->lock); /* the first thread must not count the threads while they are made */
    for (w->threads = 0; rc == 0 && w->threads < threads && w->threads < WORK_THREADS_MAX; w->threads++) {
        if (pthread_create(&w->thread[w->threads], NULL, run, w) != 0) {
            rc = UV_EAGAIN;
            break;
        }
    }
    pthread_mutex_unlock(&w->lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

void work_give(struct work *w, struct call *c)
{
    c->state = CALL_READING;
    c->queue_next = NULL;
    pthread_mutex_lock(&w->lock);
    *w->last = c;
    w->last = &c->queue_next;
    w->waiting++;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
}

unsigned work_count(struct work *w)
{
    unsigned count;

    pthread_mutex_lock(&w->lock);
    count = w->waiting + w->running;
    for (struct call *c = w->done; c; c = c->queue_next)
        count++;
    pthread_mutex_unlock(&w->lock);
    return count;
}

void work_stop(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->more);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->threads; i++)
        pthread_join(w->thread[i], NULL);
    uv_close((uv_handle_t *)&w->async, NULL);
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->lock);
}
