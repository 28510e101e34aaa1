/* fold.h -- a word becomes the form that we compare. The only door to utf8proc.
 *
 *   exact key: NFKC_Casefold (Unicode 15.0), apostrophes and hyphens unified:   L’ÉTAT   -> l'état
 *   loose key: diacritics folded by script, Arabic letter forms, digits, 's off: l'état   -> l'etat
 *
 * Diacritics are folded only where the base letter is Latin, Greek, Arabic, Hebrew or Syriac: stripping
 * every mark would turn किताब into कतब and й into и. Pure functions of their input; any thread.
 */
#ifndef INDEX_FOLD_H
#define INDEX_FOLD_H

#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"

/* Raise it when a key changes: documents indexed with another are done again. */
enum { FOLD_RULES_VERSION = 1 };

/* What a character is, as a set of bits. */
enum char_bits {
    CHAR_LETTER = 1, /* letters and the marks that join them */
    CHAR_DIGIT = 2,  /* decimal digits of any script */
    CHAR_UPPER = 4,  /* upper or title case */
    CHAR_LOWER = 8,
    CHAR_SPACE = 16,   /* white space, line ends, no-break spaces */
    CHAR_MARK = 32,    /* combining: stays with what is before it */
    CHAR_DENSE = 64,   /* written without spaces: Han, kana, Thai, Lao, Khmer, Myanmar */
    CHAR_IGNORED = 128 /* soft hyphen, joiners, variation selectors, BOM */
};

/* What char_bits is made of: a table for ASCII, most of all text, and the rest. */
extern const uint8_t char_bits_ascii[128];
unsigned char_bits_other(uint32_t cp);

static inline unsigned char_bits(uint32_t cp)
{
    return cp < 128 ? char_bits_ascii[cp] : char_bits_other(cp);
}

/* Columns on a terminal: 0, 1 or 2. */
int char_width(uint32_t cp);

enum fold { FOLD_EXACT, FOLD_LOOSE };

/* Folds a word (or any piece of text; spaces are kept) into out and returns its length, at most `max`:
 * what is longer is cut between characters. */
size_t fold_text(struct span text, enum fold how, char *out, size_t max);

/* The key of a word: fold_text to at most LIMIT_WORD bytes, in a buffer of the caller. */
static inline struct span fold_word(struct span word, enum fold how, char out[LIMIT_WORD])
{
    return (struct span){out, fold_text(word, how, out, LIMIT_WORD)};
}

#endif
