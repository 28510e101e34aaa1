/* common.h -- words so common that pairs of them are listed too.
 *
 * A phrase of words that stand everywhere ("as a result of the") would read their longest lists with all positions. Where
 * two common words stand one after the other, the pair is a term of its own (term.h), and a phrase reads that instead: the
 * usual cure ("common grams"). One list for all languages: which one an article is in need not be known.
 */
#ifndef INDEX_COMMON_H
#define INDEX_COMMON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Whether a loose key is one of them. */
bool common_word(struct span key);

/* The same for who knows its XXH3-64 already. */
bool common_hashed(uint64_t hash);

/* Number n of them, NULL at the end: for tests. */
const char *common_at(size_t n);

#endif
