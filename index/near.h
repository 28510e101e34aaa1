/* near.h -- the terms of the archive that a mistyped word may have meant.
 *
 * What is near, and how many mistakes are forgiven, is told by fuzzy.h, as for ~word. As soon as a beginning has too many
 * mistakes, every term with that beginning is passed by in one step.
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

#endif
