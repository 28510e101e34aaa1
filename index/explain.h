/* explain.h -- how an answer was come by: the tree of the query, the lists of each word, what was counted, how long each step
 * took.
 *
 *      AND
 *        word fishing
 *          fishing             text      12 articles    30 times    345 bytes  1 segment
 *        NOT
 *          word boats
 *            boats             text       4 articles     9 times     88 bytes  1 segment
 *      11 match; 10 scored, 3 blocks read, none passed by
 *      parse 9 µs, find 81 µs, render 230 µs: 4521 bytes
 */
#ifndef INDEX_EXPLAIN_H
#define INDEX_EXPLAIN_H

#include "index/rank.h"
#include "index/render.h"

/* In the order in which they are done. */
enum explain_step { STEP_PARSE, STEP_FIND, STEP_RENDER, EXPLAIN_STEPS };

struct explained {
    uint64_t began, ended[EXPLAIN_STEPS]; /* nanoseconds of the asker's clock; all 0 without one */
    bool ranked;                          /* the counts are those of a ranking */
    struct rank_counts counts;
    uint64_t matches, bytes; /* bytes: of the answer that would have been given */
    bool quotes;             /* words were looked for in quotes, not in articles */
};

/* Writes it in the format of the render. 0 or an error. */
int explain_put(struct render *r, struct index_view *v, const struct query *q, const struct explained *e);

#endif
