/* nearby.h -- which spans of words stand near each other?
 *
 *      council NEAR/2 "postponed its vote"
 *
 *      ... the council | has again | postponed its vote ...       two words between: it stands there
 *
 * A span goes from its first position to the one behind its last; as many words as `most` may stand between the end of one
 * and the beginning of the other, and the end of a paragraph counts as a word. In a chain each span is held against those of
 * the thing before it only. A chain is walked forwards, to see what can be reached, and backwards, to keep what leads to its
 * end: a search for each span and link, nothing quadratic.
 */
#ifndef INDEX_NEARBY_H
#define INDEX_NEARBY_H

#include "index/phrase.h"

/* A span that takes part. */
struct nearby_span {
    struct phrase_reach reach;
    uint32_t leaf; /* of its words */
};

/* Finds every span that takes part in a chain, of any of its things; none when the chain does not stand there. Returns 0 or
 * ERR_NOMEM. */
int nearby_find(struct arena *mem, const struct query_node *chain, const struct phrase_places *places,
                struct nearby_span **out, uint32_t *count);

/* Whether the chain stands there at all: 1, 0 or ERR_NOMEM. */
int nearby_holds(struct arena *mem, const struct query_node *chain, const struct phrase_places *places);

/* The same of two words, one position wide each, whose rising positions are known: whether one of `next` comes after one of
 * `first` so near. */
bool nearby_pair(const uint32_t *first, uint32_t first_count, const uint32_t *next, uint32_t next_count,
                 uint32_t most);

#endif
