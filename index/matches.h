/* matches.h -- every living document or quote that matches a query, rising, for answers that need no ranking.
 *
 * A query that is met as soon as one of its words stands there (one word, or words between OR) marks a bit a number; any other
 * walks (plan.h).
 */
#ifndef INDEX_MATCHES_H
#define INDEX_MATCHES_H

#include "index/plan.h"

struct matches {
    struct index_view *view;
    const struct query *query;
    enum field field;
    const volatile bool *cancel;
    const struct segment *segment; /* of the current number; it changes only forward */
    uint32_t segment_at;           /* the next one */
    struct arena lists;            /* of the segment */
    struct plan *plan;             /* NULL where bits are walked, or no segment is open */
    uint64_t *bits;
    uint32_t first, last, next; /* of the bits */
};

/* Over the whole view. The query, view and field as for plan_open. */
void matches_open(struct matches *m, struct index_view *v, const struct query *q, enum field field,
                  const volatile bool *cancel);

/* The next number: 1, 0 at the end, or an error. */
int matches_next(struct matches *m, uint32_t *number);

/* How many there are in all, without looking at each where lists know. Not after matches_next. */
int matches_count(struct matches *m, uint64_t *total);

void matches_close(struct matches *m);

/* True where the number belongs to documents, not to quotes. */
static inline bool matches_documents(enum field field)
{
    return field == FIELD_TEXT;
}

#endif
