/* work.h -- the reader threads: questions that are too long for the loop.
 *
 * Each thread takes a call, opens a view of its own, asks, closes the view, and gives the call back; the
 * loop hears of it through uv_async. There are two lanes, so that no short question waits for a long one:
 *
 *      quick   questions that read little, by their cost (index_ask_cost)
 *      long    the others, and those that walk everything; their threads are nicer to the rest of the machine
 *
 * In each lane the connections take turns: a thread takes the first call of the first connection, which then goes to the end.
 * So who asks 64 questions at once makes nobody wait for more than one of them. Passed over is a connection that
 *
 *      does not read what is ready for it (work_hold), or
 *      has a call at work in all threads of the lane but one: that one is for others; where there is one, it has that
 *
 * The cost is a guess. A call of the quick lane that turns out to take long keeps its thread, which goes over to the
 * long lane, and ends there; another one takes its place. So the system's own time slices share the processors between
 * questions of any length.
 *
 * While calls wait or run, the loop looks every ten milliseconds whose deadline has passed: those that wait are answered with
 * ERR_DEADLINE, those that run are told to end.
 */
#ifndef DAEMON_WORK_H
#define DAEMON_WORK_H

#include <pthread.h>
#include <stdbool.h>
#include <uv.h>

struct call;
struct server;
struct work;

enum { WORK_THREADS_MAX = 40 };

enum work_lane { WORK_QUICK, WORK_LONG, WORK_LANES };

/* What one connection has in the lanes. */
struct work_client {
    struct call *first[WORK_LANES], **last[WORK_LANES]; /* that wait, in order */
    struct work_client *next[WORK_LANES];               /* in the lane, while calls wait */
    unsigned running[WORK_LANES];                       /* calls that threads have */
    bool held;
};

struct work_thread {
    struct work *work;
    pthread_t id;
    int tid; /* the kernel's number */
    enum work_lane lane;
    bool used, moved, ended;    /* moved: from QUICK to LONG; ended: it may be joined */
    struct work_client *client; /* whose call is at work; NULL when the connection has gone */
    struct call *call;          /* at work, since: */
    uint64_t since;             /* milliseconds */
};

struct work {
    pthread_mutex_t lock; /* over everything below but the handles */
    pthread_cond_t more[WORK_LANES];
    struct work_client *first[WORK_LANES], **last[WORK_LANES]; /* whose calls wait, in turn */
    struct work_client own;                                    /* the daemon itself (daemon/warm.h) */
    struct call *done;                                         /* answered, the latest first */
    unsigned waiting, running, threads;                        /* threads: of each lane */
    bool stopping;
    struct work_thread thread[WORK_THREADS_MAX];
    struct server *server;
    uv_async_t async;
    uv_timer_t look;
};

/* Starts so many threads for each lane. */
int work_init(struct work *w, struct server *server, unsigned threads);

void work_client_init(struct work_client *client);

/* Gives the call away until it comes back through server_done(). */
void work_give(struct work *w, struct call *c);

/* Begins none of the client's calls, or goes on. */
void work_hold(struct work *w, struct work_client *client, bool hold);

/* The connection ends: its calls that no thread has taken are freed. */
void work_forget(struct work *w, struct work_client *client);

/* Calls that wait or run. */
unsigned work_count(struct work *w);

/* Ends the threads (nothing may wait or run any more) and closes the handles. */
void work_stop(struct work *w);

#endif
