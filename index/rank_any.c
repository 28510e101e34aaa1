/* rank_any.c -- the best documents where any of some words stands: window after window (rank.h). */
#include <stdlib.h>

#include "base/err.h"
#include "index/ranking.h"

enum { WINDOW = 4096 };

/* Documents whose points are added up at once: 32 KiB, which stay near the processor. */
struct window {
    uint32_t from, end; /* both included */
    uint64_t met[WINDOW / 64];
    double points[WINDOW]; /* of those that were met; the others hold anything */
};

static inline void add(struct window *w, uint32_t doc, double points)
{
    uint32_t at = doc - w->from;
    uint64_t bit = UINT64_C(1) << at % 64;

    w->points[at] = points + (w->met[at / 64] & bit ? w->points[at] : 0);
    w->met[at / 64] |= bit;
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
        if (sum > 0 && ranking_may_enter(r, sum))
            break;
        r->order[*spare]->spared = sum;
    }
}

/* The same of lists that are put together. */
static int add_union(struct ranking *r, struct scorer *s, const struct list_union *u, struct window *w)
{
    uint32_t words;
    int rc;

    for (uint32_t doc = w->from; (doc = union_seek(u, doc)) && doc <= w->end; doc++) {
        if ((rc = ranking_words(r, doc, &words)) < 0)
            return rc;
        add(w, doc, scorer_points(r, s, union_weight(u, doc), words));
    }
    return 0;
}

/* Adds what a scorer of several lists gives to the documents of a window. */
static int add_lists(struct ranking *r, struct scorer *s, struct window *w)
{
    const struct list_union *u = lists_union(s->lists);
    int rc = 0;

    if (u)
        return add_union(r, s, u, w);
    for (uint32_t doc = w->from; (rc = scorer_stands_on(s, doc)) >= 0 && s->stands && s->doc <= w->end;
         doc = s->doc + 1) {
        int64_t weight = lists_weight(s->lists);
        uint32_t words;

        if (weight < 0 || (rc = ranking_words(r, s->doc, &words)) < 0)
            return weight < 0 ? (int)weight : rc;
        if (weight)
            add(w, s->doc, scorer_points(r, s, weight, words));
    }
    return rc < 0 ? rc : 0;
}

/* The same of one list. A window ends where the block of any list ends, so this is one block. */
static int add_block(struct ranking *r, struct scorer *s, struct window *w)
{
    const uint32_t *numbers, *weights;
    uint32_t count, words;
    int rc = post_block(s->post, &numbers, &weights, &count);

    if (rc < 0)
        return rc;
    for (uint32_t i = 0; i < count && numbers[i] <= w->end; i++) {
        if (numbers[i] < w->from)
            continue;
        if ((rc = ranking_words(r, numbers[i], &words)) < 0)
            return rc;
        add(w, numbers[i], scorer_points(r, s, weights[i], words));
    }
    return 0;
}

/* Adds what the spare scorers give, the greatest first, as long as there is hope. */
static int add_spare(struct ranking *r, uint32_t spare, uint32_t doc, double *points)
{
    uint32_t words;
    int rc = ranking_words(r, doc, &words);

    while (rc >= 0 && spare-- && ranking_may_enter(r, *points + r->order[spare]->spared)) {
        struct scorer *s = r->order[spare];
        int64_t weight = 0;

        if ((rc = scorer_stands_on(s, doc)) == 1 && (weight = scorer_weight(s)) < 0)
            return (int)weight;
        if (weight)
            *points += scorer_points(r, s, weight, words);
    }
    return rc < 0 ? rc : 0;
}

/* Documents that any scorer which is not spare leads to; the spare ones are asked of those only that could be among the best with
 * all that they can give. */
static int rank_window(struct ranking *r, struct window *w)
{
    uint32_t spare;
    double spared;
    int rc = 0;

    put_in_order(r, &spare);
    spared = spare ? r->order[spare - 1]->spared : 0;
    memset(w->met, 0, ((w->end - w->from) / 64 + 1) * sizeof *w->met);
    for (uint32_t i = spare; rc == 0 && i < r->scorer_count; i++)
        if (r->order[i]->stands && r->order[i]->bound.first <= w->end)
            rc = r->order[i]->post ? add_block(r, r->order[i], w) : add_lists(r, r->order[i], w);
    for (uint32_t word = 0; rc == 0 && word <= (w->end - w->from) / 64; word++)
        for (uint64_t bits = w->met[word]; rc == 0 && bits; bits &= bits - 1) {
            uint32_t at = word * 64 + (uint32_t)__builtin_ctzll(bits);
            double points = w->points[at];

            r->counts.documents_scored++;
            if (ranking_may_enter(r, points + spared) &&
                (rc = add_spare(r, spare, w->from + at, &points)) == 0 && ranking_may_enter(r, points))
                rc = ranking_offer_living(r, w->from + at, points);
        }
    return rc;
}

/* The first document from `from` on that some scorer stands on. */
static int next_start(struct ranking *r, uint32_t from, uint32_t *start)
{
    int rc;

    *start = UINT32_MAX;
    for (uint32_t i = 0; i < r->scorer_count; i++) {
        struct scorer *s = &r->scorers[i];

        if ((rc = scorer_stands_on(s, from)) < 0)
            return rc;
        if (s->stands && s->doc < *start)
            *start = s->doc;
    }
    return 0;
}

/* Each block of a list has a document that reaches the block's impact, all but a step. So when no document is dead, the
 * want-th of the greatest impacts tells what the best documents reach before any is looked at. */
static int raise_floor(struct ranking *r, struct arena *mem, const struct scorer *s)
{
    uint32_t count = post_block_count(s->post), held = 0;
    uint32_t *best;
    double floor;

    if (!r->best.want || count < r->best.want)
        return 0;
    if (!(best = arena_array(mem, (size_t)r->best.want, sizeof *best)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t impact = post_block_impact(s->post, i), at;

        if (impact == IMPACT_MOST || (held == r->best.want && impact <= best[held - 1]))
            continue; /* a list of one number does not tell its impact (pack.h) */
        for (at = held < r->best.want ? held++ : held - 1; at && best[at - 1] < impact; at--)
            best[at] = best[at - 1];
        best[at] = impact;
    }
    if (held < r->best.want)
        return 0;
    floor = s->worth * r->step_low * (best[held - 1] - 1) * (1 - 1e-9) - 2;
    if (floor > r->floor)
        r->floor = floor;
    return 0;
}

static int survey(struct ranking *r, struct arena *mem, const struct segment *segment)
{
    int rc = view_any_dead(r->view, segment->first_doc, segment->last_doc), dead = rc;

    for (uint32_t i = 0; rc >= 0 && i < r->scorer_count; i++) {
        if (r->scorers[i].post && (rc = post_survey(r->scorers[i].post)) >= 0 && !dead)
            rc = raise_floor(r, mem, &r->scorers[i]);
    }
    return rc < 0 ? rc : 0;
}

/* Whether a weight in a document of so many words may give as many points: told without dividing, with a little to spare. */
static bool may_reach(const struct ranking *r, const struct scorer *s, uint32_t weight, uint32_t words,
                      double points)
{
    double w = weight;

    return s->worth * w * (1 + 1e-12) >= points * (w + r->length_base + r->length_word * words);
}

/* One word whose lists are put together: all its documents, most of which are seen to give too little. */
static int rank_union(struct ranking *r, const struct scorer *s, const struct list_union *u)
{
    uint32_t words, number = u->first, count = (u->last - u->first) / 64 + 1;
    double points, least = 0;
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        if (ranking_cancelled(r))
            return ERR_CANCELLED;
        for (uint64_t bits = u->bits[i]; rc == 0 && bits; bits &= bits - 1) {
            number = u->first + 64 * i + (uint32_t)__builtin_ctzll(bits);
            if ((rc = ranking_words(r, number, &words)) < 0)
                return rc;
            if (!may_reach(r, s, union_weight(u, number), words, least))
                continue;
            points = scorer_points(r, s, union_weight(u, number), words);
            if (!ranking_may_enter(r, points))
                continue;
            rc = ranking_offer_living(r, number, points);
            if (r->best.want && r->best.count == r->best.want)
                least = r->best.at[0].score;
        }
    }
    return rc;
}

int rank_any(struct ranking *r, struct arena *mem, const struct segment *segment)
{
    struct window w;
    double most;
    int rc = ranking_open(r, mem, segment, NULL);

    if (rc == 0 && r->scorer_count == 1 && r->scorers[0].stands && lists_union(r->scorers[0].lists))
        return rank_union(r, &r->scorers[0], lists_union(r->scorers[0].lists));
    if (rc == 0)
        rc = survey(r, mem, segment);
    for (uint64_t from = segment->first_doc; rc >= 0 && from <= segment->last_doc;
         from = (uint64_t)w.end + 1) {
        if (ranking_cancelled(r))
            return ERR_CANCELLED;
        w.from = (uint32_t)from;
        if ((rc = ranking_look_ahead(r, w.from, segment->last_doc, &w.end, &most)) != 1)
            break;
        if (!ranking_may_enter(r, most)) {
            r->counts.blocks_passed++;
            continue;
        }
        r->counts.blocks_read++;
        if (w.end - w.from >= WINDOW && (rc = next_start(r, w.from, &w.from)) < 0)
            break;
        if (w.from > w.end)
            continue;
        if (w.end - w.from >= WINDOW)
            w.end = w.from + WINDOW - 1;
        rc = rank_window(r, &w);
    }
    return rc < 0 ? rc : 0;
}
