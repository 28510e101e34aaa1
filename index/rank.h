/* rank.h -- which documents match a query, best first, and how many.
 *
 * BM25F over FIELD_TEXT (Robertson, Zaragoza & Taylor 2004: weigh occurrences, then saturate; k1 = 1.2, b = 0.75; impact.h): a
 * document's score is the sum, over the distinct words that the query wants (those of phrases too), of
 *
 *      idf · w · (k1 + 1) / (w + k1 · (1 - b + b · length / mean length))
 *      idf = ln(1 + (N - df + ½) / (df + ½))
 *
 * where w counts the places of the word: each 1, in the title 2 more, in a quote (not an indirect one) 1 more.
 * df counts the dead until a merge leaves them out; N does not. A word that stands for several (word*, ~word, a stem) is one
 * word: its places are theirs (in one document at most 65,535 are counted), its df the number of documents where any stands.
 * Equal scores stand in the order of documents.
 *
 * The best are found without looking at all. Each block of a list says what no number of it exceeds (post.h); as soon as there
 * are `want` documents, a block that cannot beat the last of them is passed by:
 *
 *      OR, one word   windows that end where the first block ends; in each, only lists whose bounds together could reach
 *                     the threshold lead to documents (block-max MaxScore: Ding & Suel 2011, Turtle & Flood 1995);
 *                     the greatest of them tell a threshold before anything is scored
 *      any other      where the bounds of all words together cannot reach it, the walk (plan.h) goes on behind the block;
 *                     and a document whose own words cannot is not asked whether it matches, unless all are counted
 *
 * The answer is the same, to the last bit, as that of scoring every match.
 */
#ifndef INDEX_RANK_H
#define INDEX_RANK_H

#include "index/query.h"
#include "index/store.h"

struct ranked {
    uint32_t doc;
    double score;
};

/* What a ranking did. Blocks are those of the posting lists that were looked at (read) or known to hold nothing better. */
struct rank_counts {
    uint64_t documents_scored, blocks_read, blocks_passed;
};

/* The best `want` live documents (0: all), best first, in the arena. *total (may be NULL, and then less is read) counts all
 * that match; *counts may be NULL. */
int rank_documents(struct arena *mem, struct index_view *v, const struct query *q, uint64_t want,
                   const volatile bool *cancel, struct ranked **out, uint32_t *count, uint64_t *total,
                   struct rank_counts *counts);

/* How many live documents match. One word costs nothing where no document is dead: lists know their length. */
int rank_count(struct index_view *v, const struct query *q, const volatile bool *cancel, uint64_t *total);

#endif
