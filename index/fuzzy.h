/* fuzzy.h -- is a word spelled almost like another?
 *
 * The distance counts characters of the loose key that are left out, put in, put for another, or two neighbours that
 * changed places (optimal string alignment). How much is almost hangs on what was typed, as in Lucene and Meilisearch:
 *
 *      letters typed      1 to 3     4 to 7     8 and more
 *      distance at most   0          1          2
 *
 * Words come in the order of their bytes, so most of one was looked at with the word before it: a row of distances is kept
 * for each character, and only what is new is worked out. Where a row holds nothing small enough, no word that begins so is near.
 */
#ifndef INDEX_FUZZY_H
#define INDEX_FUZZY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/span.h"

/* A longer word is told from all others by less. */
enum { FUZZY_LETTERS = 60, FUZZY_MOST = 2, FUZZY_DEPTH = FUZZY_LETTERS + FUZZY_MOST + 1 };

struct fuzzy {
    uint32_t letters[FUZZY_LETTERS];
    unsigned count, most; /* of letters; the distance */
};

/* False when the key has more letters. */
bool fuzzy_init(struct fuzzy *f, struct span key);

/* One walk over words. Zero before the first. */
struct fuzzy_walk {
    char word[LIMIT_WORD]; /* the word before this one, */
    size_t len;
    unsigned depth; /* as many characters of it are worked out */
    uint32_t letters[FUZZY_DEPTH + 1];
    uint8_t ends[FUZZY_DEPTH + 1]; /* bytes up to behind each character */
    uint8_t rows[FUZZY_DEPTH + 1][FUZZY_LETTERS + 1];
    size_t dead; /* nothing that begins with so many bytes of the word is near; 0: not known */
};

/* Whether the word, at most LIMIT_WORD bytes, is near. */
bool fuzzy_is_near(struct fuzzy_walk *w, const struct fuzzy *f, struct span word);

/* The distance of the word that was found to be near last. */
unsigned fuzzy_distance(const struct fuzzy_walk *w, const struct fuzzy *f);

#endif
