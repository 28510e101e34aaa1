#include "daemon/work.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/err.h"
#include "daemon/call.h"
#include "daemon/serve.h"
#include "daemon/server.h"
#include "daemon/session.h"
#include "wire/requests.h"

enum {
    LOOK_MS = 10,  /* how late a deadline may be noticed */
    QUICK_MS = 30, /* a call of the quick lane that takes longer was no quick one */
    NICER = 10     /* of the long lane: less of the processor when others want it */
};

/* ---- threads ----------------------------------------------------------------------------------------- */

static void append(struct work *w, enum work_lane lane, struct work_client *client)
{
    client->next[lane] = NULL;
    *w->last[lane] = client;
    w->last[lane] = &client->next[lane];
}

/* Takes the client that *at leads to out of the lane. */
static void take_client(struct work *w, enum work_lane lane, struct work_client **at)
{
    if (!(*at = (*at)->next[lane]))
        w->last[lane] = at;
}

/* Takes the call that *at leads to out of those that wait. */
static struct call *take_call(struct work *w, struct work_client *client, enum work_lane lane,
                              struct call **at)
{
    struct call *c = *at;

    if (!(*at = c->queue_next))
        client->last[lane] = at;
    c->queue_next = NULL;
    w->waiting--;
    return c;
}

/* True when the next call of the client may begin. Quick ones that turned out to be long and went over count there; where
 * there are too many of them, the client's next quick ones are as little to be trusted. */
static bool may_begin(const struct work *w, const struct work_client *client, enum work_lane lane)
{
    unsigned most = w->threads > 1 ? w->threads - 1 : 1;

    return !client->held && client->running[lane] < most && client->running[WORK_LONG] <= w->threads;
}

/* The thread takes the first call of the lane's first client that may have one. False when there is none. The lock is held. */
static bool take(struct work *w, struct work_thread *t)
{
    struct work_client **at = &w->first[t->lane], *client;

    while ((client = *at) && !may_begin(w, client, t->lane))
        at = &client->next[t->lane];
    if (!client)
        return false;
    take_client(w, t->lane, at);
    t->call = take_call(w, client, t->lane, &client->first[t->lane]);
    t->client = client;
    t->since = uv_hrtime() / 1000000;
    if (client->first[t->lane])
        append(w, t->lane, client);
    client->running[t->lane]++;
    w->running++;
    return true;
}

static void give_back(struct work *w, struct call *c)
{
    c->queue_next = w->done;
    w->done = c;
    uv_async_send(&w->async);
}

/* The thread's call is answered. */
static void end(struct work *w, struct work_thread *t)
{
    if (t->client) {
        t->client->running[t->lane]--;
        for (enum work_lane lane = 0; lane < WORK_LANES; lane++)
            if (t->client->first[lane] && (lane != t->lane || t->moved)) /* else this thread goes on itself */
                pthread_cond_signal(&w->more[lane]);
    }
    give_back(w, t->call);
    t->client = NULL;
    t->call = NULL;
    w->running--;
}

static void *run(void *ctx)
{
    struct work_thread *t = ctx;
    struct work *w = t->work;

    pthread_mutex_lock(&w->lock);
    t->tid = gettid();
    if (t->lane == WORK_LONG)
        (void)setpriority(PRIO_PROCESS, (id_t)t->tid, NICER);
    while (!t->moved) {
        if (take(w, t)) {
            pthread_mutex_unlock(&w->lock);
            serve_read(w->server, t->call, true);
            pthread_mutex_lock(&w->lock);
            end(w, t);
        } else if (w->stopping) {
            break;
        } else {
            pthread_cond_wait(&w->more[t->lane], &w->lock);
        }
    }
    t->ended = true;
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Starts one more thread. The lock is held. False when there is no room, or the system has none to give. */
static bool start(struct work *w, enum work_lane lane)
{
    sigset_t all, before;
    int rc = -1;

    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < WORK_THREADS_MAX; i++) {
        struct work_thread *t = &w->thread[i];

        if (t->used)
            continue;
        *t = (struct work_thread){.work = w, .lane = lane};
        rc = pthread_create(&t->id, NULL, run, t);
        t->used = rc == 0;
        break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0;
}

/* ---- looking after them ------------------------------------------------------------------------------ */

/* Threads that have ended leave room. The lock is held. */
static void join_ended(struct work *w)
{
    for (unsigned i = 0; i < WORK_THREADS_MAX; i++)
        if (w->thread[i].used && w->thread[i].ended) {
            pthread_join(w->thread[i].id, NULL); /* it has let go of the lock, or is about to */
            w->thread[i].used = false;
        }
}

/* Moves a thread that is long at work out of the quick lane, if another can take its place. */
static void make_way(struct work *w, struct work_thread *t, uint64_t now)
{
    if (t->lane != WORK_QUICK || t->moved || now < t->since + QUICK_MS || !start(w, WORK_QUICK))
        return;
    if (t->client) {
        t->client->running[WORK_QUICK]--;
        t->client->running[WORK_LONG]++;
    }
    t->moved = true;
    t->lane = WORK_LONG;
    (void)setpriority(PRIO_PROCESS, (id_t)t->tid, NICER);
}

static bool is_late(const struct call *c, uint64_t now)
{
    return c->deadline && now >= c->deadline;
}

/* Gives calls of the client back that waited too long, or that nobody wants any more. */
static void end_waiting(struct work *w, struct work_client *client, enum work_lane lane, uint64_t now)
{
    struct call **at = &client->first[lane], *c;

    while ((c = *at)) {
        if (!is_late(c, now) && !c->cancel) {
            at = &c->queue_next;
            continue;
        }
        (void)take_call(w, client, lane, at);
        if (c->cancel)
            call_fail(c, WIRE_CANCELLED, "cancelled");
        else
            call_fail(c, ERR_DEADLINE, "%s", err_words(ERR_DEADLINE));
        give_back(w, c);
    }
}

static void look_at_waiting(struct work *w, uint64_t now)
{
    for (enum work_lane lane = 0; lane < WORK_LANES; lane++)
        for (struct work_client **at = &w->first[lane]; *at;) {
            end_waiting(w, *at, lane, now);
            if ((*at)->first[lane])
                at = &(*at)->next[lane];
            else
                take_client(w, lane, at);
        }
}

static void look(uv_timer_t *timer)
{
    struct work *w = timer->data;
    uint64_t now = uv_now(timer->loop), hr = uv_hrtime() / 1000000;

    pthread_mutex_lock(&w->lock);
    join_ended(w);
    look_at_waiting(w, now);
    for (unsigned i = 0; i < WORK_THREADS_MAX; i++) {
        struct work_thread *t = &w->thread[i];

        if (!t->used || !t->call)
            continue;
        if (is_late(t->call, now) && !t->call->cancel) /* who cancelled is told that */
            call_end(t->call);
        make_way(w, t, hr);
    }
    if (w->waiting + w->running == 0)
        uv_timer_stop(timer);
    pthread_mutex_unlock(&w->lock);
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

/* ---- the whole --------------------------------------------------------------------------------------- */

int work_init(struct work *w, struct server *server, unsigned threads)
{
    int rc;

    *w = (struct work){.server = server, .threads = threads};
    pthread_mutex_init(&w->lock, NULL);
    work_client_init(&w->own);
    for (int lane = 0; lane < WORK_LANES; lane++) {
        pthread_cond_init(&w->more[lane], NULL);
        w->last[lane] = &w->first[lane];
    }
    if ((rc = uv_async_init(server->loop, &w->async, collect)) < 0 ||
        (rc = uv_timer_init(server->loop, &w->look)) < 0)
        return rc;
    w->async.data = w->look.data = w;
    pthread_mutex_lock(&w->lock);
    for (unsigned i = 0; i < threads && rc == 0; i++)
        if (!start(w, WORK_QUICK) || !start(w, WORK_LONG))
            rc = UV_EAGAIN;
    pthread_mutex_unlock(&w->lock);
    return rc;
}

void work_client_init(struct work_client *client)
{
    *client = (struct work_client){.held = false};
    for (int lane = 0; lane < WORK_LANES; lane++)
        client->last[lane] = &client->first[lane];
}

void work_give(struct work *w, struct call *c)
{
    enum work_lane lane = c->heavy ? WORK_LONG : WORK_QUICK;
    struct work_client *client = c->session ? &c->session->work : &w->own;

    c->state = CALL_READING;
    c->queue_next = NULL;
    if (!uv_is_active((uv_handle_t *)&w->look))
        (void)uv_timer_start(&w->look, look, LOOK_MS, LOOK_MS);
    pthread_mutex_lock(&w->lock);
    if (!client->first[lane])
        append(w, lane, client);
    *client->last[lane] = c;
    client->last[lane] = &c->queue_next;
    w->waiting++;
    pthread_cond_signal(&w->more[lane]);
    pthread_mutex_unlock(&w->lock);
}

void work_hold(struct work *w, struct work_client *client, bool hold)
{
    pthread_mutex_lock(&w->lock);
    client->held = hold;
    for (int lane = 0; lane < WORK_LANES && !hold; lane++)
        pthread_cond_broadcast(&w->more[lane]);
    pthread_mutex_unlock(&w->lock);
}

void work_forget(struct work *w, struct work_client *client)
{
    pthread_mutex_lock(&w->lock);
    for (enum work_lane lane = 0; lane < WORK_LANES; lane++) {
        struct work_client **at = &w->first[lane];

        while (client->first[lane])
            call_free(take_call(w, client, lane, &client->first[lane]));
        while (*at && *at != client)
            at = &(*at)->next[lane];
        if (*at)
            take_client(w, lane, at);
    }
    for (unsigned i = 0; i < WORK_THREADS_MAX; i++)
        if (w->thread[i].client == client)
            w->thread[i].client = NULL;
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
    for (int lane = 0; lane < WORK_LANES; lane++)
        pthread_cond_broadcast(&w->more[lane]);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < WORK_THREADS_MAX; i++)
        if (w->thread[i].used)
            pthread_join(w->thread[i].id, NULL);
    uv_close((uv_handle_t *)&w->async, NULL);
    uv_close((uv_handle_t *)&w->look, NULL);
    for (int lane = 0; lane < WORK_LANES; lane++)
        pthread_cond_destroy(&w->more[lane]);
    pthread_mutex_destroy(&w->lock);
}
