/* phrase.h -- do the words of a query stand one after the other at these positions?
 *
 *      slots       [alnadim | al nadim]  [said]
 *      positions   alnadim: 7, 2 wide    al: 7    nadim: 8    said: 9
 *
 * From each position where the first slot begins we step through the slots; a slot may have several ways through it, so
 * the reached positions are kept as a set. Reached 10 from 7: it stands there. Each list of positions is walked
 * once a way: nothing is guessed, and nothing is quadratic.
 */
#ifndef INDEX_PHRASE_H
#define INDEX_PHRASE_H

#include "index/query.h"

/* Where one key stands, rising. start and end are its bytes in the text, or both NULL when nobody asks for them; width
 * is NULL when it takes one position everywhere. A key that stands for several words may stand twice at one position, then with
 * rising widths. */
struct phrase_places {
    const uint32_t *pos, *start, *end;
    const uint16_t *width;
    uint32_t count;
};

/* One way through all slots so far. */
struct phrase_reach {
    uint32_t from, pos;  /* the position where it begins, and the one after it */
    uint32_t start, end; /* its bytes; 0 when there were none */
};

/* Finds every place where the node's words stand. `places` is indexed by key. In the order of `pos`.
 * Of equal ends the earlier beginning stands first, each once. Returns 0 or ERR_NOMEM. */
int phrase_find(struct arena *mem, const struct query_node *words, const struct phrase_places *places,
                struct phrase_reach **out, uint32_t *count);

#endif
