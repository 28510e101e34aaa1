/* ranking.h -- one ranking under way: what rank.c (the best, any query), rank_any.c (the best, any of some words) and
 * rank_count.c (how many) share.
 *
 * A scorer is a word that the query wants: what it is worth, and its lists in the segment at work.
 *
 * Scores are added up in points, whole numbers of 2^-32: a sum is the same in whatever order its parts were come by, so
 * that what is passed by and what is not makes no difference to the last bit. They fit a double exactly below 2^53 points.
 */
#ifndef INDEX_RANKING_H
#define INDEX_RANKING_H

#include "index/impact.h"
#include "index/lists.h"
#include "index/plan.h"
#include "index/rank.h"

#define POINTS 4294967296.0 /* of a score of 1 */

struct scorer {
    uint32_t key;
    double worth; /* points of a place where the word is all there is: idf · (k1 + 1) */
    struct lists own, *lists;
    struct post *post; /* its only list, if it is one */
    uint32_t doc;      /* where it stands */
    bool stands;       /* there is a list, and it has not ended */
    bool leads; /* its lists lead from document to document; others are only asked about those that match */
    struct post_bound bound;
    double most;   /* points it gives at most within the bounds looked at */
    double spared; /* in `order`: the same of this one and all before it */
};

/* A heap with the worst on top while there is a limit; else a row in order of documents. Scores are points. */
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
    uint32_t turns;
    struct scorer *scorers, **order;
    uint32_t scorer_count;
    double mean_words, length_base, length_word; /* length in the formula is base + word · words */
    double step;     /* what one step of an impact of the segment at work is now, at most */
    double step_low; /* and at least */
    double floor;    /* points that so many as are wanted are known to reach */
    struct view_lens lens;
    struct best best;
    struct rank_counts counts;
    uint64_t *total; /* NULL: nobody wants to know */
};

static inline bool ranking_cancelled(struct ranking *r)
{
    return r->cancel && ++r->turns % 64 == 0 && *r->cancel;
}

/* True when a document matches as soon as any of the wanted keys stands in it. */
bool ranking_any_will_do(const struct query_node *n);

/* Opens the lists of a segment, or borrows those of the plan (may be NULL) that stand on every match. */
int ranking_open(struct ranking *r, struct arena *mem, const struct segment *segment, struct plan *plan);

/* The bounds of all scorers that lead from `from` on, and what the others can give at most; they hold up to *end, where
 * together they give at most *most. 0 when no scorer is left. */
int ranking_look_ahead(struct ranking *r, uint32_t from, uint32_t last, uint32_t *end, double *most);

/* Offers a document that scored so much, if it is alive. */
int ranking_offer_living(struct ranking *r, uint32_t doc, double points);

int rank_any(struct ranking *r, struct arena *mem, const struct segment *segment);
int rank_count_segment(struct ranking *r, struct arena *mem, const struct segment *segment, bool any);

/* The same of words without others, by bits, where that is less than walking: 1 when they are counted, 0 when not, or an
 * error. */
int rank_count_without(struct ranking *r, struct arena *mem, const struct segment *s,
                       const struct plan *plan);

/* ---- in the inner loops ------------------------------------------------------------------------------ */

/* Whether a document that comes after all that were offered could be among the best with so many points. */
static inline bool ranking_may_enter(const struct ranking *r, double points)
{
    return points >= r->floor &&
           (!r->best.want || r->best.count < r->best.want || points > r->best.at[0].score);
}

/* How long a document is: 0 or an error. */
static inline int ranking_words(struct ranking *r, uint32_t doc, uint32_t *words)
{
    int rc;

    if (doc - r->lens.first >= r->lens.count && (rc = view_lens(r->view, doc, &r->lens)) < 0)
        return rc;
    *words = r->lens.words[doc - r->lens.first];
    return 0;
}

static inline double scorer_points(const struct ranking *r, const struct scorer *s, int64_t weight,
                                   uint32_t words)
{
    double w = (double)weight;

    return (double)(int64_t)(s->worth * w / (w + r->length_base + r->length_word * words));
}

/* Moves a scorer to the first number >= doc, and tells whether it stands on doc. */
static inline int scorer_stands_on(struct scorer *s, uint32_t doc)
{
    int rc;

    if (s->stands && s->doc < doc) {
        rc = s->post ? post_seek(s->post, doc) : lists_seek(s->lists, doc);
        if (rc < 0)
            return rc;
        s->stands = rc == 1;
        s->doc = s->post ? s->post->doc : s->lists->doc;
    }
    return s->stands && s->doc == doc;
}

static inline int64_t scorer_weight(struct scorer *s)
{
    return s->post ? post_weight(s->post) : lists_weight(s->lists);
}

#endif
