/* stem.h -- words of one stem: bridge, bridges, bridged. The only door to libstemmer.
 *
 * Stems widen a question, when asked to; they are never stored, and never used for names or phrases.
 */
#ifndef INDEX_STEM_H
#define INDEX_STEM_H

#include <stdbool.h>

#include "base/span.h"

struct stemmer;

/* For a language by its English name or ISO 639 code ("german", "de"). NULL when it is not known, or memory is out. */
struct stemmer *stemmer_new(struct span language);
void stemmer_free(struct stemmer *s);

/* The stem of a folded word; valid until the next call. One thread at a time. */
struct span stemmer_stem(struct stemmer *s, struct span word);

#endif
