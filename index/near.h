/* near.h -- the terms of the archive that a mistyped word may have meant.
 *
 * A letter added, left out, changed, or swapped with its neighbour is one mistake. So many are forgiven:
 *
 *      letters     1 to 3   4 to 7   8 and more
 *      mistakes    none     1        2
 *
 * The terms are walked as a tree: as soon as a beginning has too many mistakes, every term with that beginning is passed by
 * in one step.
 */
#ifndef INDEX_NEAR_H
#define INDEX_NEAR_H

#include "index/store.h"

struct near {
    struct span term; /* a key; the arena's */
    uint64_t df;      /* numbers that have it, the dead included */
    unsigned mistakes;
};

/* The `most` terms that stand nearest to a key, the most frequent first, then those with fewer mistakes, then by their bytes. The
 * key itself is not among them, nor is what only dead documents have. */
int near_find(struct arena *mem, struct index_view *v, enum field field, struct span key, uint32_t most,
              struct near **out, uint32_t *count);

/* The same for terms that begin with the key (three letters at least), whatever follows. */
int near_begun(struct arena *mem, struct index_view *v, enum field field, struct span key, uint32_t most,
               struct near **out, uint32_t *count);

/* How many mistakes lead from one word to the other; most + 1 if there are more. Of each word the first 64 letters. */
unsigned near_mistakes(struct span a, struct span b, unsigned most);

#endif
