/* rank.h -- which documents match a query, best first.
 *
 * BM25 (k1 = 1.2, b = 0.75) over FIELD_TEXT: a document's score is the sum, over the distinct words that the
 * query wants (those of phrases too), of
 *
 *      idf · tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / mean length))
 *      idf = ln(1 + (N - df + ½) / (df + ½))
 *
 * df counts the dead until a merge leaves them out; N does not. Equal scores stand in the order of documents.
 */
#ifndef INDEX_RANK_H
#define INDEX_RANK_H

#include "index/query.h"
#include "index/store.h"

struct ranked {
    uint32_t doc;
    double score;
};

/* The best `want` live documents (0: all), best first, in the arena; *total counts all that match. */
int rank_documents(struct arena *mem, struct index_view *v, const struct query *q, uint64_t want,
                   const volatile bool *cancel, struct ranked **out, uint32_t *count, uint64_t *total);

#endif
