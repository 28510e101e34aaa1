/* name.h -- "Kovar", "Ada Kovar", "she", "the mayor": who of the article is meant.
 *
 * First every run of capitals outside quotation marks is collected and typed (person, organisation, place),
 * titles taken off. Then the article is read once more in order: a surname becomes the full name that stands
 * somewhere in the article, a short name the organisation that begins with it, and a pronoun the person (or
 * organisation) of its sex who was lately the subject or the speaker. Nothing is carried from one article
 * into another, and what no rule resolves stays as it is printed; a pronoun that none resolves is nobody.
 */
#ifndef INDEX_NAME_H
#define INDEX_NAME_H

#include "index/speaker.h"

struct named {
    struct span name; /* empty: not resolved */
    struct span role; /* as printed, or empty */
    const char *why;  /* static; NULL when there is no mention */
    uint16_t percent; /* how far to trust the resolution, of 100 */
};

/* Resolves the mention of every piece: out[0 .. scan->piece_count). Returns 0 or ERR_NOMEM. Linear. */
int name_resolve(struct arena *mem, const struct scan *s, const struct voice *voices, struct named *out);

#endif
