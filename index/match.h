/* match.h -- a query over a text in memory: which of its words and phrases stand there, and where.
 *
 * For passages, highlights, and the quotes of an article that a query is about. The words are made as the
 * index makes them, so that what is highlighted is what was found.
 */
#ifndef INDEX_MATCH_H
#define INDEX_MATCH_H

#include "index/phrase.h"

struct hit {
    uint32_t start, end; /* bytes of the text */
    uint32_t leaf;       /* query_node.leaf, of WORDS */
};

struct match {
    struct hit *hits; /* in the order of their start; those of different leaves may overlap */
    uint32_t hit_count;
    bool *seen; /* by leaf: it stands somewhere */
};

/* A range of the text to read. */
struct match_range {
    uint32_t start, end;
};

/* Looks for every leaf of the query in ranges of the text, read one after the other. All in the arena.
 * Linear in the text. Returns 0, ERR_NOMEM, or ERR_CANCELLED. */
int match_text(struct match *m, struct arena *mem, const struct query *q, struct span text,
               const struct match_range *ranges, uint32_t range_count);

/* Would this text alone match? Filters count as true. */
bool match_whole(const struct match *m, const struct query *q);

/* Does a phrase of several words or a chain of near ones, not under NOT, stand there? */
bool match_phrase(const struct match *m, const struct query *q);

/* Leaves out hits of leaves under NOT. */
void match_drop_unwanted(struct match *m, const struct query *q);

/* The same, and joins what overlaps: ready to be shown. */
void match_tidy(struct match *m, const struct query *q);

#endif
