#include "index/rank.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/impact.h"
#include "index/lists.h"
#include "index/plan.h"

/* A word that the query wants: its weight over the whole index, its list in the segment at work. */
struct scorer {
    uint32_t key;
    double idf;
    struct lists own, *lists;
    bool stands; /* there is a list, and it has not ended */
    struct post_bound bound;
    double most;   /* what it gives at most within the bounds looked at */
    double spared; /* in `order`: the same of this one and all before it */
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
    struct scorer *scorers, **order;
    uint32_t scorer_count;
    double mean_words;
    double step; /* what one step of an impact of the segment at work is now, at most */
    struct view_lens lens;
    struct best best;
    uint64_t *total; /* NULL: nobody wants to know */
    uint32_t turns;
};

static bool cancelled(struct ranking *r)
{
    return r->cancel && ++r->turns % 64 == 0 && *r->cancel;
}

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
    s->idf = natural_log(1 + ((double)(docs - df) + 0.5) / ((double)df + 0.5));
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

/* True when a document matches as soon as any of the wanted keys stands in it. */
static bool any_will_do(const struct query_node *n)
{
    if (n->kind != QUERY_OR)
        return is_word(n);
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (!any_will_do(kid))
            return false;
    return true;
}

/* ---- scores ------------------------------------------------------------------------------------------ */

static double part_of_score(const struct ranking *r, const struct scorer *s, int64_t weight, uint32_t words)
{
    return s->idf * (BM25_K1 + 1) * impact_saturation((double)weight, words, r->mean_words);
}

/* How long a document is: 0 or an error. */
static inline int words_of(struct ranking *r, uint32_t doc, uint32_t *words)
{
    int rc;

    if (doc - r->lens.first >= r->lens.count && (rc = view_lens(r->view, doc, &r->lens)) < 0)
        return rc;
    *words = lens_words(&r->lens, doc);
    return 0;
}

/* Whether a document that comes after all that were offered could be among the best with such a score, or one less by what
 * rounding may take away. */
static bool may_enter(const struct ranking *r, double score)
{
    return !r->best.want || r->best.count < r->best.want || score * (1 + 1e-12) > r->best.at[0].score;
}

/* Moves a scorer to the first number >= doc, and tells whether it stands on doc. */
static int stands_on(struct scorer *s, uint32_t doc)
{
    int rc;

    if (s->stands && s->lists->doc < doc) {
        if ((rc = lists_seek(s->lists, doc)) < 0)
            return rc;
        s->stands = rc == 1;
    }
    return s->stands && s->lists->doc == doc;
}

/* Adds up in the order of keys, so that a score is the same however it was come by. */
static int score(struct ranking *r, uint32_t doc, double *out)
{
    uint32_t words;
    int rc = words_of(r, doc, &words);

    *out = 0;
    for (uint32_t i = 0; rc >= 0 && i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];
        int64_t weight;

        if ((rc = stands_on(s, doc)) != 1)
            continue;
        if ((weight = lists_weight(s->lists)) < 0)
            return (int)weight;
        if (weight)
            *out += part_of_score(r, s, weight, words);
    }
    return rc < 0 ? rc : 0;
}

static int offer_living(struct ranking *r, uint32_t doc, double points)
{
    int rc = view_doc_dead(r->view, doc);

    return rc != 0 ? (rc < 0 ? rc : 0) : offer(r->mem, &r->best, (struct ranked){doc, points});
}

/* Opens the lists of a segment, or borrows those of the plan that stand on every match. */
static int open_scorers(struct ranking *r, struct arena *mem, const struct segment *segment,
                        struct plan *plan)
{
    int rc;

    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        s->stands = true;
        if (plan && (s->lists = plan_lists(plan, s->key)))
            continue;
        s->lists = &s->own;
        if ((rc = lists_open(s->lists, mem, r->view, segment, FIELD_TEXT, r->query, s->key, false)) < 0)
            return rc;
        s->stands = rc == 1;
    }
    return 0;
}

/* The bounds of all scorers from `from` on, and how far they hold. 0 when no scorer is left. */
static int look_ahead(struct ranking *r, uint32_t from, uint32_t last, uint32_t *end, double *most)
{
    int rc, any = 0;

    *end = last;
    *most = 0;
    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        s->most = 0;
        if (!s->stands)
            continue;
        if ((rc = lists_bound(s->lists, from, &s->bound)) < 0)
            return rc;
        s->stands = rc == 1;
        if (rc == 0)
            continue;
        any = 1;
        if (s->bound.last < *end)
            *end = s->bound.last;
    }
    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        if (s->stands && s->bound.first <= *end)
            *most += s->most = s->idf * (BM25_K1 + 1) * r->step * s->bound.impact;
    }
    return any;
}

/* ---- any of the words -------------------------------------------------------------------------------- */

/* A window of one list is a block: straight through it. */
static int rank_block(struct ranking *r, struct scorer *s, struct post *post, uint32_t from, uint32_t end)
{
    const uint32_t *numbers, *weights;
    uint32_t count, words;
    int rc = post_block(post, &numbers, &weights, &count);

    for (uint32_t i = 0; rc >= 0 && i < count && numbers[i] <= end; i++) {
        double points;

        if (numbers[i] < from)
            continue;
        if ((rc = words_of(r, numbers[i], &words)) < 0)
            break;
        points = part_of_score(r, s, weights[i], words);
        if (may_enter(r, points))
            rc = offer_living(r, numbers[i], points);
    }
    return rc < 0 ? rc : 0;
}

/* The scorers in the order of what they can give, least first; *spare of them cannot reach the threshold together. */
static void put_in_order(struct ranking *r, uint32_t *spare)
{
    double sum = 0;

    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];
        uint32_t at = i;

        for (; at && r->order[at - 1]->most > s->most; at--)
            r->order[at] = r->order[at - 1];
        r->order[at] = s;
    }
    for (*spare = 0; *spare < r->scorer_count; ++*spare) {
        sum += r->order[*spare]->most;
        if (sum > 0 && may_enter(r, sum))
            break;
        r->order[*spare]->spared = sum;
    }
}

/* The least document from `from` on where a scorer that is not spare stands; UINT32_MAX when there is none. */
static int next_led(struct ranking *r, uint32_t spare, uint32_t from, uint32_t *doc)
{
    int rc;

    *doc = UINT32_MAX;
    for (uint32_t i = spare; i < r->scorer_count; i++) {
        struct scorer *s = r->order[i];

        if ((rc = stands_on(s, from)) < 0)
            return rc;
        if (s->stands && s->lists->doc < *doc)
            *doc = s->lists->doc;
    }
    return 0;
}

/* What the scorers that led here give, and at most the spare ones. */
static int hope(struct ranking *r, uint32_t spare, uint32_t doc, double *points)
{
    uint32_t words;
    int rc = words_of(r, doc, &words);

    *points = spare ? r->order[spare - 1]->spared : 0;
    for (uint32_t i = spare; rc >= 0 && i < r->scorer_count; i++) {
        struct scorer *s = r->order[i];
        int64_t weight;

        if (!s->stands || s->lists->doc != doc)
            continue;
        if ((weight = lists_weight(s->lists)) < 0)
            return (int)weight;
        *points += part_of_score(r, s, weight, words);
    }
    return rc < 0 ? rc : 0;
}

static int rank_window(struct ranking *r, uint32_t from, uint32_t end)
{
    uint32_t doc, spare;
    double points;
    int rc;

    put_in_order(r, &spare);
    for (; (rc = next_led(r, spare, from, &doc)) == 0 && doc <= end; from = doc + 1) {
        if ((rc = hope(r, spare, doc, &points)) < 0)
            return rc;
        if (!may_enter(r, points))
            continue;
        if ((rc = score(r, doc, &points)) < 0)
            return rc;
        if (points > 0 && may_enter(r, points) && (rc = offer_living(r, doc, points)) < 0)
            return rc;
    }
    return rc;
}

static int rank_any(struct ranking *r, struct arena *mem, const struct segment *segment)
{
    struct post *post;
    uint32_t end;
    double most;
    int rc = open_scorers(r, mem, segment, NULL);

    for (uint64_t from = segment->first_doc; rc >= 0 && from <= segment->last_doc; from = (uint64_t)end + 1) {
        if (cancelled(r))
            return ERR_CANCELLED;
        if ((rc = look_ahead(r, (uint32_t)from, segment->last_doc, &end, &most)) != 1)
            break;
        if (!may_enter(r, most))
            continue;
        if (r->scorer_count == 1 && (post = lists_one(r->scorers[0].lists)))
            rc = rank_block(r, &r->scorers[0], post, (uint32_t)from, end);
        else
            rc = rank_window(r, (uint32_t)from, end);
    }
    return rc < 0 ? rc : 0;
}

/* ---- any other query --------------------------------------------------------------------------------- */

/* Whether none that the walk meets from `doc` on can be among the best; holds up to *end. */
static int is_hopeless(struct ranking *r, uint32_t doc, uint32_t last, uint32_t *end, double *most)
{
    int rc;

    if (!r->best.want || r->best.count < r->best.want)
        return 0;
    if (doc > *end && (rc = look_ahead(r, doc, last, end, most)) < 0)
        return rc;
    return !may_enter(r, *most);
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

static int rank_walk(struct ranking *r, struct arena *mem, const struct segment *segment)
{
    struct plan *plan = NULL;
    uint32_t doc, from = 0, end = 0;
    double most = 0;
    int rc, hopeless;

    if ((rc = plan_open(&plan, mem, r->view, segment, r->query, FIELD_TEXT, r->cancel)) < 0 ||
        (rc = open_scorers(r, mem, segment, plan)) < 0)
        goto out;
    while ((rc = plan_approach(plan, from, &doc)) == 1) {
        if ((rc = hopeless = is_hopeless(r, doc, segment->last_doc, &end, &most)) < 0)
            break;
        if (hopeless && !r->total && end == segment->last_doc)
            break;
        if (hopeless && !r->total)
            from = end + 1;
        else if ((rc = plan_test(plan, doc)) < 0 || (rc == 1 && (rc = take(r, doc, hopeless)) < 0))
            break;
    }
out:
    plan_close(&plan);
    return rc < 0 ? rc : 0;
}

/* ---- counting ---------------------------------------------------------------------------------------- */

static uint64_t bits_set(const uint64_t *bits, size_t words)
{
    uint64_t count = 0;

    for (size_t i = 0; i < words; i++)
        count += (uint64_t)__builtin_popcountll(bits[i]);
    return count;
}

/* Any of the words: a bit a document, set by each list. */
static int count_any(struct ranking *r, struct arena *mem, const struct segment *s)
{
    size_t words = (s->last_doc - s->first_doc) / 64 + 1;
    struct post *post = r->scorer_count == 1 ? lists_one(r->scorers[0].lists) : NULL;
    int rc = view_any_dead(r->view, s->first_doc, s->last_doc);
    uint64_t *bits;

    if (rc == 0 && post) {
        *r->total += post->df;
        return 0;
    }
    if (rc < 0 || !(bits = arena_array(mem, words, sizeof *bits)))
        return rc < 0 ? rc : ERR_NOMEM;
    for (uint32_t i = 0; rc >= 0 && i < r->scorer_count; i++)
        if (r->scorers[i].stands)
            rc = cancelled(r) ? ERR_CANCELLED
                              : lists_mark(r->scorers[i].lists, s->first_doc, s->last_doc, bits);
    if (rc >= 0)
        rc = view_drop_dead(r->view, s->first_doc, s->last_doc, bits);
    *r->total += bits_set(bits, words);
    return rc;
}

static int count_walk(struct ranking *r, struct arena *mem, const struct segment *s)
{
    struct plan *plan = NULL;
    uint32_t doc;
    int rc = plan_open(&plan, mem, r->view, s, r->query, FIELD_TEXT, r->cancel), dead = 0;

    while (rc >= 0 && (rc = plan_next(plan, &doc)) == 1)
        if ((dead = view_doc_dead(r->view, doc)) < 0)
            rc = dead;
        else
            *r->total += !dead;
    plan_close(&plan);
    return rc;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static int rank_segment(struct ranking *r, const struct segment *segment, bool any, bool best)
{
    struct arena lists = ARENA_INIT;
    int rc = 0;

    r->step = impact_drift_up(r->mean_words, segment_mean(segment)) / IMPACT_MOST;
    if (any && r->total && (rc = open_scorers(r, &lists, segment, NULL)) == 0)
        rc = count_any(r, &lists, segment);
    if (any && best && rc >= 0)
        rc = rank_any(r, &lists, segment);
    if (!any)
        rc = best ? rank_walk(r, &lists, segment) : count_walk(r, &lists, segment);
    arena_free(&lists);
    return rc;
}

static int rank_all(struct ranking *r, bool best)
{
    uint64_t docs = view_doc_count(r->view), words = view_word_count(r->view);
    uint32_t segment_count;
    const struct segment *segments = view_segments(r->view, &segment_count);
    bool any = r->query->root && any_will_do(r->query->root);
    int rc;

    r->mean_words = docs && words ? (double)words / (double)docs : 1;
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
                   const volatile bool *cancel, struct ranked **out, uint32_t *count, uint64_t *total)
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
