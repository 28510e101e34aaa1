/* key.h -- what a word is looked up by.
 *
 *      printed      exact key     loose key      what was left out
 *      Müller’s     müller's      muller         accents, the possessive
 *      Al-Nadim     al-nadim      alnadim        joiners inside the word
 *      U.S          u.s           us             the stops of an initialism
 *      21,000       21,000        21000          separators of thousands
 *      3,5          3,5           3.5            the decimal comma
 *      وبالجسر      وبالجسر       جسر            the Arabic article, with the small words written onto it
 *
 * The loose key is what the index is ordered by; the exact key is kept beside it where the two differ
 * (schema.h), and asked for by =word. Both are folds (fold.h), and then rules for words. Making a key of a key gives
 * the same key. Pure functions, no allocation.
 */
#ifndef INDEX_KEY_H
#define INDEX_KEY_H

#include "index/fold.h"

/* The key of one word, as word.c cuts it, in a buffer of the caller. May be empty: a word of tatweel. */
struct span key_exact(struct span word, char out[LIMIT_WORD]);
struct span key_loose(struct span word, char out[LIMIT_WORD]);

/* The rules for words alone, over a loose fold in place; returns the new length. Of a word of letters alone only the
 * Arabic article can go. */
size_t key_of_fold(char *fold, size_t len);
size_t key_of_letters(char *fold, size_t len);

/* The bytes of one small Arabic word written onto a loose key (و ف ب ك ل before at least three letters), or 0. */
size_t key_clitic(struct span key);

/* 21.000 may be twenty-one or twenty-one thousand: the other reading of such a loose key in out, else empty. */
struct span key_other_number(struct span key, char out[LIMIT_WORD]);

#endif
