#include "index/rank.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/lists.h"
#include "index/plan.h"

static const double k1 = 1.2, b = 0.75;

/* A word that the query wants: its weight over the whole index, its list in the segment at work. */
struct scorer {
    uint32_t key;
    double idf;
    struct lists lists;
    bool stands; /* there is a list, and it has not ended */
};

/* A heap with the worst on top while there is a limit; else a row in order of documents. */
struct best {
    struct ranked *at;
    uint32_t count, cap;
    uint64_t want;
};

struct ranking {
    struct arena *mem;
    struct index_view *view;
    const struct query *query;
    const volatile bool *cancel;
    struct scorer *scorers;
    uint32_t scorer_count;
    double mean_words;
    struct best best;
    uint64_t total;
};

/* The natural logarithm, here so that the index needs no libm and ranks alike everywhere: powers of two are
 * taken out, then ln x = 2 (y + y³/3 + y⁵/5 + ...) with y = (x - 1) / (x + 1), where |y| is below 0.2. */
static double natural_log(double x)
{
    static const double ln2 = 0.69314718055994530942;
    double y, power, sum = 0, halvings = 0;

    for (; x > 1.5; x /= 2)
        halvings++;
    power = y = (x - 1) / (x + 1);
    for (int i = 1; i < 27; i += 2, power *= y * y)
        sum += power / i;
    return 2 * sum + halvings * ln2;
}

/* True when x comes after y in an answer. */
static bool worse(const struct ranked *x, const struct ranked *y)
{
    return x->score < y->score || (x->score == y->score && x->doc > y->doc);
}

static void swap(struct ranked *x, struct ranked *y)
{
    struct ranked z = *x;

    *x = *y;
    *y = z;
}

static void sink_top(struct best *h)
{
    for (uint32_t i = 0, kid; (kid = 2 * i + 1) < h->count; i = kid) {
        if (kid + 1 < h->count && worse(&h->at[kid + 1], &h->at[kid]))
            kid++;
        if (!worse(&h->at[kid], &h->at[i]))
            break;
        swap(&h->at[kid], &h->at[i]);
    }
}

static int offer(struct arena *mem, struct best *h, struct ranked r)
{
    if (h->want && h->count == h->want) {
        if (worse(&h->at[0], &r)) {
            h->at[0] = r;
            sink_top(h);
        }
        return 0;
    }
    if (!ARENA_MORE(mem, h->at, h->count, h->cap))
        return ERR_NOMEM;
    h->at[h->count] = r;
    for (uint32_t i = h->count++; h->want && i > 0 && worse(&h->at[i], &h->at[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&h->at[i], &h->at[(i - 1) / 2]);
    return 0;
}

static int by_rank(const void *a, const void *c)
{
    const struct ranked *x = a, *y = c;

    return worse(x, y) ? 1 : worse(y, x) ? -1 : 0;
}

/* The weight of a word: how many documents of all segments have it. */
static int weigh(struct ranking *r, struct scorer *s)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(r->view, &segment_count);
    uint64_t df = 0, docs = view_doc_count(r->view);
    struct arena scratch = ARENA_INIT;
    struct lists lists;
    int rc = 0;

    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++) {
        if ((rc = lists_open(&lists, &scratch, r->view, &segments[i], FIELD_TEXT, r->query, s->key, false)) ==
            1)
            df += lists.df;
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    if (df > docs)
        df = docs; /* df counts the dead too, and what several lists hold */
    s->idf = natural_log(1 + ((double)(docs - df) + 0.5) / ((double)df + 0.5));
    return rc < 0 ? rc : 0;
}

static int choose_scorers(struct ranking *r)
{
    bool *wanted = arena_array(r->mem, (size_t)r->query->key_count + 1, sizeof *wanted);
    int rc = 0;

    r->scorers = arena_array(r->mem, (size_t)r->query->key_count + 1, sizeof *r->scorers);
    if (!wanted || !r->scorers)
        return ERR_NOMEM;
    query_mark_wanted(r->query, wanted);
    for (uint32_t i = 0; rc == 0 && i < r->query->key_count; i++)
        if (wanted[i]) {
            r->scorers[r->scorer_count].key = i;
            rc = weigh(r, &r->scorers[r->scorer_count++]);
        }
    return rc;
}

static int score(struct ranking *r, uint32_t doc, double *out)
{
    uint32_t words;
    double length;
    int rc = view_doc_words(r->view, doc, &words);

    if (rc < 0)
        return rc;
    length = k1 * (1 - b + b * (double)words / r->mean_words);
    *out = 0;
    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        int64_t count = 0;

        if (s->stands) {
            if ((rc = lists_seek(&s->lists, doc)) < 0)
                return rc;
            s->stands = rc == 1;
        }
        if (s->stands && s->lists.doc == doc && (count = lists_count(&s->lists)) < 0)
            return (int)count;
        if (count > 0)
            *out += s->idf * (double)count * (k1 + 1) / ((double)count + length);
    }
    return 0;
}

static int open_scorers(struct ranking *r, struct arena *mem, const struct segment *segment)
{
    int rc;

    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        if ((rc = lists_open(&s->lists, mem, r->view, segment, FIELD_TEXT, r->query, s->key, false)) < 0)
            return rc;
        s->stands = rc == 1;
    }
    return 0;
}

static int take(struct ranking *r, uint32_t doc)
{
    struct ranked found = {.doc = doc};
    int rc = view_doc_dead(r->view, doc);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    r->total++;
    if ((rc = score(r, doc, &found.score)) < 0)
        return rc;
    return offer(r->mem, &r->best, found);
}

static int rank_segment(struct ranking *r, const struct segment *segment)
{
    struct arena lists = ARENA_INIT;
    struct plan *plan = NULL;
    uint32_t doc;
    int rc;

    if ((rc = plan_open(&plan, &lists, r->view, segment, r->query, FIELD_TEXT, r->cancel)) < 0 ||
        (rc = open_scorers(r, &lists, segment)) < 0)
        goto out;
    while ((rc = plan_next(plan, &doc)) == 1)
        if ((rc = take(r, doc)) < 0)
            break;
out:
    plan_close(&plan);
    arena_free(&lists);
    return rc;
}

int rank_documents(struct arena *mem, struct index_view *v, const struct query *q, uint64_t want,
                   const volatile bool *cancel, struct ranked **out, uint32_t *count, uint64_t *total)
{
    struct ranking r = {.mem = mem, .view = v, .query = q, .cancel = cancel, .best.want = want};
    uint64_t docs = view_doc_count(v), words = view_word_count(v);
    uint32_t segment_count;
    const struct segment *segments = view_segments(v, &segment_count);
    int rc;

    r.mean_words = docs && words ? (double)words / (double)docs : 1;
    if ((rc = choose_scorers(&r)) < 0)
        return rc;
    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++)
        rc = rank_segment(&r, &segments[i]);
    if (rc < 0)
        return rc;
    if (r.best.count)
        qsort(r.best.at, r.best.count, sizeof *r.best.at, by_rank);
    *out = r.best.at;
    *count = r.best.count;
    *total = r.total;
    return 0;
}
