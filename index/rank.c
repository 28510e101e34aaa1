#include "index/ranking.h"

#include <stdlib.h>

#include "base/err.h"

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

/* ---- what a query wants ------------------------------------------------------------------------------ */

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
    s->worth = natural_log(1 + ((double)(docs - df) + 0.5) / ((double)df + 0.5)) * (BM25_K1 + 1) * POINTS;
    return rc < 0 ? rc : 0;
}

/* The distinct keys that speak for a document; their weights only when they are to be ranked by. */
static int choose_scorers(struct ranking *r, bool best)
{
    bool *wanted = arena_array(r->mem, (size_t)r->query->key_count + 1, sizeof *wanted);
    int rc = 0;

    r->scorers = arena_array(r->mem, (size_t)r->query->key_count + 1, sizeof *r->scorers);
    r->order = arena_array(r->mem, (size_t)r->query->key_count + 1, sizeof *r->order);
    if (!wanted || !r->scorers || !r->order)
        return ERR_NOMEM;
    query_mark_wanted(r->query, wanted);
    for (uint32_t i = 0; rc == 0 && i < r->query->key_count; i++)
        if (wanted[i]) {
            r->scorers[r->scorer_count].key = i;
            r->scorer_count++;
            if (best)
                rc = weigh(r, &r->scorers[r->scorer_count - 1]);
        }
    return rc;
}

/* True for one word, any way of which is one key. */
static bool is_word(const struct query_node *n)
{
    if (n->kind != QUERY_WORDS || n->slot_count != 1)
        return false;
    for (uint32_t i = 0; i < n->slots[0].count; i++)
        if (n->slots[0].ways[i].count > 1)
            return false;
    return true;
}

bool ranking_any_will_do(const struct query_node *n)
{
    if (n->kind != QUERY_OR)
        return is_word(n);
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (!ranking_any_will_do(kid))
            return false;
    return true;
}

/* ---- scores ------------------------------------------------------------------------------------------ */

static int score(struct ranking *r, uint32_t doc, double *points)
{
    uint32_t words;
    int rc = ranking_words(r, doc, &words);

    *points = 0;
    r->counts.documents_scored++;
    for (uint32_t i = 0; rc >= 0 && i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];
        int64_t weight;

        if ((rc = scorer_stands_on(s, doc)) != 1)
            continue;
        if ((weight = scorer_weight(s)) < 0)
            return (int)weight;
        *points += scorer_points(r, s, weight, words);
    }
    return rc < 0 ? rc : 0;
}

int ranking_offer_living(struct ranking *r, uint32_t doc, double points)
{
    int rc = view_doc_dead(r->view, doc);

    return rc != 0 ? (rc < 0 ? rc : 0) : offer(r->mem, &r->best, (struct ranked){doc, points});
}

int ranking_open(struct ranking *r, struct arena *mem, const struct segment *segment, struct plan *plan)
{
    int rc;

    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        s->doc = 0;
        s->stands = s->leads = true;
        if (!plan || !(s->lists = plan_lists(plan, s->key))) {
            s->lists = &s->own;
            s->leads = !plan;
            if ((rc = lists_open(s->lists, mem, r->view, segment, FIELD_TEXT, r->query, s->key, false)) < 0)
                return rc;
            s->stands = rc == 1;
        }
        s->post = lists_one(s->lists);
    }
    return 0;
}

int ranking_look_ahead(struct ranking *r, uint32_t from, uint32_t last, uint32_t *end, double *most)
{
    int rc, any = 0;

    *end = last;
    *most = 0;
    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        s->most = 0;
        if (!s->leads)
            *most += s->worth;
        if (!s->leads || !s->stands)
            continue;
        if ((rc = lists_bound(s->lists, from, &s->bound)) < 0)
            return rc;
        s->stands = rc == 1;
        any |= rc;
        if (rc == 1 && s->bound.last < *end)
            *end = s->bound.last;
    }
    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        if (s->leads && s->stands && s->bound.first <= *end)
            *most += s->most = s->worth * r->step * s->bound.impact + 1;
    }
    return any;
}

/* ---- any query --------------------------------------------------------------------------------------- */

/* Whether none that the walk meets from `doc` on can be among the best; holds up to *end. */
static int is_hopeless(struct ranking *r, uint32_t doc, uint32_t last, uint32_t *end, double *most)
{
    int rc;

    if (doc > *end && (rc = ranking_look_ahead(r, doc, last, end, most)) < 0)
        return rc;
    return !ranking_may_enter(r, *most);
}

/* Whether the document itself, if it matches, can be among the best: by the words that lead, which stand on it. */
static int has_hope(struct ranking *r, uint32_t doc)
{
    double points = 0;
    uint32_t words;
    int rc = ranking_words(r, doc, &words);

    for (uint32_t i = 0; rc >= 0 && i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];
        int64_t weight;

        if (!s->leads) {
            points += s->worth;
            continue;
        }
        if ((rc = scorer_stands_on(s, doc)) != 1)
            continue;
        if ((weight = scorer_weight(s)) < 0)
            return (int)weight;
        points += scorer_points(r, s, weight, words);
    }
    return rc < 0 ? rc : ranking_may_enter(r, points);
}

static int take(struct ranking *r, uint32_t doc, bool hopeless)
{
    double points;
    int rc = view_doc_dead(r->view, doc);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    if (r->total)
        ++*r->total;
    if (hopeless)
        return 0;
    rc = score(r, doc, &points);
    return rc < 0 ? rc : offer(r->mem, &r->best, (struct ranked){doc, points});
}

/* Words are compared by their places only where the scores leave a chance: a phrase that cannot be among the best need not be
 * one. Unless all are counted. */
static int rank_walk(struct ranking *r, struct arena *mem, const struct segment *segment)
{
    struct plan *plan = NULL;
    uint32_t doc, from = 0, end = 0;
    uint64_t *total = r->total;
    double most = 0;
    int rc, hopeless;

    if ((rc = plan_open(&plan, mem, r->view, segment, r->query, FIELD_TEXT, r->cancel)) < 0 ||
        (rc = ranking_open(r, mem, segment, plan)) < 0 ||
        (total && (rc = rank_count_without(r, mem, segment, plan)) < 0))
        goto out;
    if (total && rc == 1)
        r->total = NULL; /* they are counted */
    while ((rc = plan_approach(plan, from, &doc)) == 1) {
        bool full = r->best.want && r->best.count == r->best.want;

        if ((rc = hopeless = full ? is_hopeless(r, doc, segment->last_doc, &end, &most) : 0) < 0)
            break;
        if (hopeless && !r->total && end == segment->last_doc)
            break;
        if (hopeless && !r->total) {
            r->counts.blocks_passed++;
            from = end + 1;
            continue;
        }
        if (full && !r->total && (rc = has_hope(r, doc)) <= 0) {
            if (rc < 0)
                break;
            continue;
        }
        if ((rc = plan_test(plan, doc)) < 0 || (rc == 1 && (rc = take(r, doc, hopeless)) < 0))
            break;
    }
out:
    r->total = total;
    plan_close(&plan);
    return rc < 0 ? rc : 0;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static int rank_segment(struct ranking *r, const struct segment *segment, bool any, bool best)
{
    struct arena lists = ARENA_INIT;
    int rc = 0;

    r->step = impact_drift_up(r->mean_words, segment_mean(segment)) / IMPACT_MOST;
    r->step_low = impact_drift_down(r->mean_words, segment_mean(segment)) / IMPACT_MOST;
    if (r->total && (any || !best))
        rc = rank_count_segment(r, &lists, segment, any);
    if (best && rc >= 0)
        rc = any ? rank_any(r, &lists, segment) : rank_walk(r, &lists, segment);
    arena_free(&lists);
    return rc;
}

static int rank_all(struct ranking *r, bool best)
{
    uint64_t docs = view_doc_count(r->view), words = view_word_count(r->view);
    uint32_t segment_count;
    const struct segment *segments = view_segments(r->view, &segment_count);
    bool any = r->query->root && ranking_any_will_do(r->query->root);
    int rc;

    r->mean_words = docs && words ? (double)words / (double)docs : 1;
    r->length_base = BM25_K1 * (1 - BM25_B);
    r->length_word = BM25_K1 * BM25_B / r->mean_words;
    if (!r->query->root)
        return 0;
    if ((any || best) && (rc = choose_scorers(r, best)) < 0)
        return rc;
    rc = 0;
    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++)
        rc = rank_segment(r, &segments[i], any, best);
    return rc < 0 ? rc : 0;
}

int rank_documents(struct arena *mem, struct index_view *v, const struct query *q, uint64_t want,
                   const volatile bool *cancel, struct ranked **out, uint32_t *count, uint64_t *total,
                   struct rank_counts *counts)
{
    struct ranking r = {
        .mem = mem, .view = v, .query = q, .cancel = cancel, .best.want = want, .total = total};
    int rc;

    if (total)
        *total = 0;
    if ((rc = rank_all(&r, true)) < 0)
        return rc;
    if (r.best.count)
        qsort(r.best.at, r.best.count, sizeof *r.best.at, by_rank);
    for (uint32_t i = 0; i < r.best.count; i++)
        r.best.at[i].score /= POINTS;
    if (counts)
        *counts = r.counts;
    *out = r.best.at;
    *count = r.best.count;
    return 0;
}

int rank_count(struct index_view *v, const struct query *q, const volatile bool *cancel, uint64_t *total)
{
    struct arena mem = ARENA_INIT;
    struct ranking r = {.mem = &mem, .view = v, .query = q, .cancel = cancel, .total = total};
    int rc;

    *total = 0;
    rc = rank_all(&r, false);
    arena_free(&mem);
    return rc;
}
