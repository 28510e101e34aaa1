#include "index/crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/err.h"
#include "index/read.h"

enum {
    LENGTH = 256,
    THREADS_MOST = 64,
    SPARE = 16,       /* arenas kept for pieces to come, */
    KEPT = 256 * 1024 /* of so many bytes at most */
};

struct crew {
    const struct index_run *run;
    crew_known_fn known;
    void *ctx;
    size_t cost, cost_most;
    struct piece pieces[LENGTH];
    unsigned first, count; /* of the queue */
    unsigned taken;        /* of them, from the first on, by somebody */
    bool stopping;
    pthread_mutex_t lock;
    pthread_cond_t more; /* a piece waits, or the end has come */
    pthread_cond_t done; /* a piece is done */
    pthread_t threads[THREADS_MOST];
    unsigned thread_count, idle;
    struct arena spare[SPARE];
    unsigned spare_count;
    struct analyst analyst; /* the caller's */
};

static struct piece *piece_at(struct crew *crew, unsigned n)
{
    return &crew->pieces[(crew->first + n) % LENGTH];
}

/* ---- the work ---------------------------------------------------------------------------------------- */

int piece_add(struct piece *piece, const struct article *a)
{
    struct analysed *d = analysed_new(&piece->mem, a);

    if (!d)
        return ERR_NOMEM;
    *piece->end = d;
    piece->end = &d->next;
    return 0;
}

struct worker {
    struct crew *crew;
    struct analyst *analyst;
    struct piece *piece;
};

static int analyse_new(struct worker *w, struct analysed *d)
{
    struct crew *crew = w->crew;

    if (crew->known && crew->known(crew->ctx, d->content))
        return 0;
    return analyse(w->analyst, &w->piece->mem, d, crew->run);
}

/* Called by the reader. */
static int take(void *ctx, struct arena *mem, const struct article *a)
{
    struct worker *w = ctx;
    struct analysed **at = w->piece->end;

    (void)mem;
    w->piece->err = piece_add(w->piece, a);
    if (w->piece->err == 0)
        w->piece->err = analyse_new(w, *at);
    return w->piece->err;
}

static int read_text(struct worker *w, const struct seen *seen)
{
    struct arena mem = ARENA_INIT;
    struct span bytes;
    int rc = seen->texts->bytes(seen->texts->ctx, seen->text, &mem, &bytes);

    if (rc == 0)
        rc = read_bytes(bytes, span_of(seen->path), &w->crew->run->hints, take, w, &w->piece->report);
    arena_free(&mem);
    return rc;
}

static void do_piece(struct crew *crew, struct analyst *an, struct piece *piece)
{
    struct worker w = {crew, an, piece};

    if (piece->refused)
        return;
    if (piece->seen && piece->last) {
        piece->result = piece->seen->texts
                            ? read_text(&w, piece->seen)
                            : read_file(piece->seen->path, &crew->run->hints, take, &w, &piece->report, NULL);
        return;
    }
    for (struct analysed *d = piece->articles; d && piece->err == 0; d = d->next)
        piece->err = analyse_new(&w, d);
}

/* ---- the queue: all below holds the lock ------------------------------------------------------------- */

/* The first piece that nobody has taken, or NULL. */
static struct piece *take_piece(struct crew *crew)
{
    struct piece *piece;

    if (crew->taken == crew->count)
        return NULL;
    piece = piece_at(crew, crew->taken++);
    piece->state = PIECE_AT_WORK;
    return piece;
}

static void work_on(struct crew *crew, struct analyst *an, struct piece *piece)
{
    pthread_mutex_unlock(&crew->lock);
    do_piece(crew, an, piece);
    pthread_mutex_lock(&crew->lock);
    piece->state = PIECE_DONE;
}

static void *run_thread(void *ctx)
{
    struct crew *crew = ctx;
    struct analyst an;
    int rc = analyst_init(&an);

    pthread_mutex_lock(&crew->lock);
    while (rc == 0 && !crew->stopping) {
        struct piece *piece = take_piece(crew);
        if (!piece) {
            crew->idle++;
            pthread_cond_wait(&crew->more, &crew->lock);
            crew->idle--;
            continue;
        }
        work_on(crew, &an, piece);
        pthread_cond_signal(&crew->done);
    }
    pthread_mutex_unlock(&crew->lock);
    if (rc == 0)
        analyst_fini(&an);
    return NULL;
}

/* ---- beginning and end ------------------------------------------------------------------------------- */

struct crew *crew_new(const struct index_run *run, size_t cost, crew_known_fn known, void *ctx)
{
    struct crew *crew = calloc(1, sizeof *crew);
    unsigned threads = run->threads < THREADS_MOST ? run->threads : THREADS_MOST;
    sigset_t all, before;

    if (!crew)
        return NULL;
    crew->run = run;
    crew->known = known;
    crew->ctx = ctx;
    crew->cost_most = cost;
    if (analyst_init(&crew->analyst) < 0) {
        free(crew);
        return NULL;
    }
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->more, NULL);
    pthread_cond_init(&crew->done, NULL);
    sigfillset(&all); /* signals are the caller's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (crew->thread_count + 1 < threads &&
           pthread_create(&crew->threads[crew->thread_count], NULL, run_thread, crew) == 0)
        crew->thread_count++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return crew;
}

void crew_free(struct crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->stopping = true;
    pthread_cond_broadcast(&crew->more);
    pthread_mutex_unlock(&crew->lock);
    for (unsigned i = 0; i < crew->thread_count; i++)
        pthread_join(crew->threads[i], NULL);
    for (unsigned i = 0; i < LENGTH; i++)
        arena_free(&crew->pieces[i].mem);
    for (unsigned i = 0; i < crew->spare_count; i++)
        arena_free(&crew->spare[i]);
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->more);
    pthread_cond_destroy(&crew->done);
    analyst_fini(&crew->analyst);
    free(crew);
}

/* ---- the caller -------------------------------------------------------------------------------------- */

/* Without other threads there is no use in a queue. */
static unsigned longest(const struct crew *crew)
{
    return crew->thread_count ? LENGTH : 1;
}

struct piece *crew_slot(struct crew *crew, size_t cost)
{
    struct piece *piece = piece_at(crew, crew->count);

    if (crew->count == longest(crew) || (crew->count && cost > crew->cost_most - crew->cost))
        return NULL;
    *piece = (struct piece){.cost = cost < crew->cost_most ? cost : crew->cost_most};
    piece->end = &piece->articles;
    if (crew->spare_count)
        piece->mem = crew->spare[--crew->spare_count];
    return piece;
}

void crew_push(struct crew *crew, struct piece *piece)
{
    bool sleeping;

    crew->cost += piece->cost;
    pthread_mutex_lock(&crew->lock);
    piece->state = PIECE_WAITING;
    crew->count++;
    sleeping = crew->idle != 0;
    pthread_mutex_unlock(&crew->lock);
    if (sleeping)
        pthread_cond_signal(&crew->more);
}

struct piece *crew_head(struct crew *crew)
{
    struct piece *head = piece_at(crew, 0), *other;

    if (!crew->count)
        return NULL;
    pthread_mutex_lock(&crew->lock);
    while (head->state != PIECE_DONE) {
        if ((other = take_piece(crew)) != NULL)
            work_on(crew, &crew->analyst, other);
        else
            pthread_cond_wait(&crew->done, &crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
    return head;
}

void crew_pop(struct crew *crew)
{
    struct piece *head = piece_at(crew, 0);

    if (head->mem.used <= KEPT && crew->spare_count < SPARE) {
        arena_reset(&head->mem);
        crew->spare[crew->spare_count++] = head->mem;
        head->mem = ARENA_INIT;
    } else {
        arena_free(&head->mem);
    }
    crew->cost -= head->cost;
    pthread_mutex_lock(&crew->lock);
    crew->first = (crew->first + 1) % LENGTH;
    crew->count--;
    crew->taken--;
    pthread_mutex_unlock(&crew->lock);
}

int crew_analyse(struct crew *crew, struct piece *piece, struct analysed *d)
{
    return analyse(&crew->analyst, &piece->mem, d, crew->run);
}
