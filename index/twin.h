/* twin.h -- quotes that stand twice: once in the body, and again in a bullet, a headline, a pull quote. */
#ifndef INDEX_TWIN_H
#define INDEX_TWIN_H

#include "index/quote.h"

/* Sets twin_of of every quote whose words (letters and digits, folded) also stand in a quote of the body,
 * and gives a twin without a speaker the speaker of that quote. `kinds` is the kind of the block that each
 * quote stands in. Returns 0 or ERR_NOMEM. Linear but for the first few headline quotes, see twin.c. */
int twin_find(struct arena *mem, const struct article *a, struct quote *quotes, uint32_t count,
              const enum block_kind *kinds);

#endif
