#include "daemon/writer.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>

#include "base/err.h"
#include "daemon/call.h"
#include "daemon/jobs.h"
#include "daemon/log.h"
#include "daemon/server.h"

static struct call *take(struct writer *w)
{
    struct call *c = w->first;

    if (!c)
        return NULL;
    w->first = c->queue_next;
    if (!w->first)
        w->last = &w->first;
    c->queue_next = NULL;
    w->waiting--;
    w->running = c;
    w->progress = (struct index_progress){0};
    w->path[0] = '\0';
    return c;
}

static void give_back(struct writer *w, struct call *c)
{
    w->running = NULL;
    c->queue_next = w->done;
    w->done = c;
    uv_async_send(&w->async);
}

__attribute__((noinline, no_sanitize_thread)) static void raise_flag(volatile bool *flag)
{
    *flag = true; /* as call_cancel: looked at between pieces of work; late is fine */
}

/* One piece of upkeep. True when there is more to do. A failure ends it until the next job asks again. */
static bool tend(struct writer *w)
{
    struct index_run run = {.alone = guard_alone,
                            .ctx = &w->server->guard,
                            .cancel = &w->cancel_upkeep,
                            .memory = w->memory,
                            .threads = w->threads};
    int rc = w->server->guard.ix ? index_upkeep(w->server->guard.ix, &run) : 0;

    (void)guard_note(&w->server->guard, rc);
    if (rc < 0 && rc != ERR_CANCELLED)
        log_warn("upkeep of the index stopped: %s", err_words(rc));
    return rc == 1;
}

/* There is nothing else to do: a file that is more air than index is written anew. A job that comes stops it. */
static void compact(struct writer *w)
{
    struct guard *guard = &w->server->guard;
    int rc;

    if (!guard->ix || !index_is_hollow(guard->ix))
        return;
    rc = guard_compact(guard, &w->cancel_compact);
    if (rc == 0)
        log_info("the index was compacted: more than half of its file was free");
    else if (rc != ERR_CANCELLED)
        log_warn("compacting the index stopped: %s", err_words(rc));
}

static void *run(void *ctx)
{
    struct writer *w = ctx;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        struct call *c = w->stopping ? NULL : take(w);

        if (c) {
            pthread_mutex_unlock(&w->lock);
            jobs_run(w->server, c);
            pthread_mutex_lock(&w->lock);
            w->upkeep = true;
            give_back(w, c);
        } else if (w->stopping) {
            break;
        } else if (w->upkeep) {
            bool again;

            w->tending = true;
            pthread_mutex_unlock(&w->lock);
            again = tend(w);
            if (!again) {
                compact(w);
                (void)malloc_trim(0); /* what indexing took goes back to the system */
            }
            pthread_mutex_lock(&w->lock);
            w->cancel_compact = w->stopping;
            w->tending = false;
            if (!again && !w->first)
                w->upkeep = false;
        } else {
            pthread_cond_wait(&w->more, &w->lock);
        }
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* On the loop: sends progress on, at most every PROGRESS_MS, and hands back what is done. */
static void collect(uv_async_t *async)
{
    struct writer *w = async->data;
    struct index_progress now;
    struct call *done, *running;
    char path[LIMIT_PATH];
    bool due;

    pthread_mutex_lock(&w->lock);
    running = w->running;
    due = w->fresh && running && uv_now(w->server->loop) - w->told >= PROGRESS_MS;
    if (due) {
        w->fresh = false;
        now = w->progress;
        memcpy(path, w->path, sizeof path);
        now.path = path;
    }
    done = w->done;
    w->done = NULL;
    pthread_mutex_unlock(&w->lock);
    if (due) { /* the call is the writer's, but its session is the loop's, and it cannot be freed while it runs */
        w->told = uv_now(w->server->loop);
        server_progress(w->server, running, &now);
    }
    while (done) { /* one at a time is the rule; at the end, all that waited come back together */
        struct call *c = done;

        done = c->queue_next;
        c->queue_next = NULL;
        server_done(w->server, c);
    }
}

int writer_init(struct writer *w, struct server *server)
{
    sigset_t all, before;
    int rc;

    *w = (struct writer){.server = server,
                         .last = &w->first,
                         .memory = (size_t)server->config.index_memory << 20,
                         .threads = config_threads(&server->config)};
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    if ((rc = uv_async_init(server->loop, &w->async, collect)) < 0)
        return rc;
    w->async.data = w;
    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    w->started = pthread_create(&w->thread, NULL, run, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return w->started ? 0 : UV_EAGAIN;
}

int writer_give(struct writer *w, struct call *c)
{
    int rc = 0;

    pthread_mutex_lock(&w->lock);
    if (w->stopping) {
        rc = ERR_CANCELLED;
    } else if (w->waiting >= WRITER_JOBS_MAX) {
        rc = ERR_BUSY;
    } else {
        c->state = CALL_WRITING;
        c->queue_next = NULL;
        *w->last = c;
        w->last = &c->queue_next;
        w->waiting++;
        raise_flag(&w->cancel_compact);
        pthread_cond_signal(&w->more);
    }
    pthread_mutex_unlock(&w->lock);
    return rc;
}

void writer_tend(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->upkeep = true;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
}

void writer_cancel_all(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    raise_flag(&w->cancel_upkeep);
    raise_flag(&w->cancel_compact);
    if (w->running)
        call_cancel(w->running);
    while (w->first) {
        struct call *c = w->first;

        w->first = c->queue_next;
        call_fail(c, WIRE_SHUTDOWN, "the daemon is ending; %s was not begun", call_name(c));
        c->queue_next = w->done;
        w->done = c;
    }
    w->last = &w->first;
    w->waiting = 0;
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
    uv_async_send(&w->async);
}

bool writer_busy(struct writer *w)
{
    bool busy;

    pthread_mutex_lock(&w->lock);
    busy = w->first || w->running || w->tending || w->done || (w->upkeep && !w->stopping);
    pthread_mutex_unlock(&w->lock);
    return busy;
}

void writer_stop(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    raise_flag(&w->cancel_upkeep);
    raise_flag(&w->cancel_compact);
    pthread_cond_signal(&w->more);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    uv_close((uv_handle_t *)&w->async, NULL);
    pthread_cond_destroy(&w->more);
    pthread_mutex_destroy(&w->lock);
}

void writer_progress(struct writer *w, const struct index_progress *now)
{
    pthread_mutex_lock(&w->lock);
    w->progress = *now;
    snprintf(w->path, sizeof w->path, "%s", now->path ? now->path : "");
    w->progress.path = NULL;
    w->fresh = true;
    pthread_mutex_unlock(&w->lock);
    uv_async_send(&w->async);
}

void writer_look(struct writer *w, struct writer_state *state)
{
    pthread_mutex_lock(&w->lock);
    *state = (struct writer_state){.running = w->running != NULL,
                                   .tending = w->tending,
                                   .waiting = w->waiting,
                                   .name = w->running ? call_name(w->running) : NULL,
                                   .progress = w->progress};
    pthread_mutex_unlock(&w->lock);
}
