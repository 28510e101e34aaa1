/* quote_score.h -- how well a quote answers a query, for those who ask for quotes in that order.
 *
 * The sum, over the distinct words that the query wants, of how rare the word is among quotes (the logarithm of all quotes by
 * those that have it) times w / (w + 1.2), where w counts its places. Quotes are short: their length does not matter.
 */
#ifndef INDEX_QUOTE_SCORE_H
#define INDEX_QUOTE_SCORE_H

#include "index/lists.h"

struct quote_scorer {
    uint32_t key;
    double rareness;
    struct lists lists;
    bool stands;
};

struct quote_score {
    struct index_view *view;
    const struct query *query;
    enum field field;
    struct quote_scorer *at;
    uint32_t count;
    struct arena mem; /* of the segment's lists */
};

/* `wanted`: scores will be asked for; else the other calls do nothing. */
int quote_score_open(struct quote_score *s, struct arena *mem, struct index_view *v, const struct query *q,
                     enum field field, bool wanted);

/* Moves to a segment. */
int quote_score_enter(struct quote_score *s, const struct segment *segment);

/* A key for order.h that puts the best first. The numbers asked for rise. */
int quote_score(struct quote_score *s, uint32_t number, uint64_t *key);

void quote_score_close(struct quote_score *s);

#endif
