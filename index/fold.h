/* fold.h -- text becomes the form that we compare. The only door to utf8proc.
 *
 *   exact   NFKC_Casefold (Unicode 15.0), apostrophes and hyphens unified:     L’ÉTAT  -> l'état
 *   loose   exact, and what people leave out or type otherwise:                l'état  -> l'etat
 *           accents of Latin, Greek, Arabic, Hebrew and Syriac; ø œ ł ß; stress marks and ё in Cyrillic;
 *           Arabic, Persian and Hebrew letter forms; digits of any script; the possessive 's
 *
 * Marks are left out only where they are accents: taking every mark off would turn किताब into कतब and й into и.
 *
 * Three paths, by a flag of each character (char.h): ASCII; a character that folds to one character whatever
 * stands beside it, by table; and the rest, gathered in stretches that utf8proc decomposes and composes. All
 * three give what fold_slowly gives; a test says so for each of the 1,114,112 code points.
 *
 * Of a letter with more than 30 combining marks on it the rest of the marks is dropped: no writing has them,
 * and it bounds the work (the limit of UAX #15, Stream-Safe Text). Folding twice is folding once. No allocation, linear.
 */
#ifndef INDEX_FOLD_H
#define INDEX_FOLD_H

#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"
#include "index/char.h"

/* Raise it when a fold changes: documents indexed with another are done again. */
enum { FOLD_RULES_VERSION = 2 };

enum fold { FOLD_EXACT, FOLD_LOOSE };

/* Folds a word (or any piece of text; spaces are kept) into out and returns its length, at most `max`:
 * what is longer is cut between characters. Bytes that are no UTF-8 become U+FFFD. */
size_t fold_text(struct span text, enum fold how, char *out, size_t max);

/* The same without the fast paths: the reference that tests hold them to. */
size_t fold_slowly(struct span text, enum fold how, char *out, size_t max);

/* fold_text to at most LIMIT_WORD bytes, in a buffer of the caller. */
static inline struct span fold_word(struct span word, enum fold how, char out[LIMIT_WORD])
{
    return (struct span){out, fold_text(word, how, out, LIMIT_WORD)};
}

/* A whole name as the index keeps it, as one term: folded loosely, with single spaces. */
struct span fold_name(struct span name, char out[LIMIT_WORD]);

/* Columns on a terminal: 0, 1 or 2. */
int char_width(uint32_t cp);

#endif
