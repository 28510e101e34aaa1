/* expand.h -- the words of the archive that one word of a query stands for.
 *
 *      presid*      president, presidents, presidency, ...        (query.h: the keys that expand)
 *
 * They are looked for once for a whole question, in all segments, and kept with the query: a list that is opened for a
 * segment finds its part ready. A word with a star or a tilde stands for as many words as limits.h says, those that most
 * documents (or quotes) have; of two that equally many have, the one that comes first in the order of bytes. What was left
 * out is remembered, so that the answer can say so.
 */
#ifndef INDEX_EXPAND_H
#define INDEX_EXPAND_H

#include "index/entry.h"
#include "index/query.h"
#include "index/union.h"

struct expanded {
    struct span term;
    struct term_entry entry; /* its list is borrowed from the view */
};

/* The words in one segment, in the order of their bytes. */
struct expanded_part {
    struct expanded *at, *wide; /* wide: lists of places that are wider than one position (term.h) */
    uint32_t count, cap, wide_count, wide_cap;
    uint64_t bytes, cf; /* of their lists, about; how often they stand there in all */
    struct list_union all;
};

/* The words of a key in a segment, NULL where there is none. 1, 0 (none), or an error. The query's arena keeps them: the
 * query and the view are used together, from one thread. Looks at query->cancel. */
int expand(const struct query *q, uint32_t key, struct index_view *v, const struct segment *s,
           enum field field, const struct expanded_part **out);

/* Whether a word of a text is one that the key stands for, by its spelling alone. `walk` is zero at first, and one key's. */
bool expand_fits(const struct query *q, const struct query_key *key, struct fuzzy_walk *walk,
                 struct span loose, struct span exact);

/* A key of which words were left out. */
struct query_cut {
    struct span term;     /* as typed, about: a*, *b*, ~cd */
    uint32_t words, used; /* how many there are, and how many were looked for */
};

/* All of them, so far, in the arena. */
int expand_cuts(const struct query *q, struct arena *mem, struct query_cut **out, uint32_t *count);

#endif
