/* nested.h -- what one speaker says that another said: a quotation inside a quotation.
 *
 *      “Then he came over and my boss said, ‘You are done here,’ and left,” Kovar recalled.
 *       [                        whose: Kovar                             ]
 *                                            [whose: my boss   ]
 *
 * The words inside the outer marks are read as an article of their own, by the same rules. Only what a verb of speech ties
 * to a mention inside the same marks is a quotation there; a word in inner marks that nobody is told to have said is a
 * title or a term. "I" is who speaks the outer quotation. A name may be completed by the article round it; a pronoun
 * means nobody who is not named inside: whom the speaker had in mind is not to be read off the page.
 */
#ifndef INDEX_NESTED_H
#define INDEX_NESTED_H

#include "index/cast.h"
#include "index/quote.h"

struct nested {
    uint32_t piece; /* the outer one */
    struct quote
        quote; /* but for what it is inside of; its confidence does not know how sure the outer one is */
};

/* Adds the quotations inside piece `piece`, whose speaker is `outer` (empty: nobody named), to *out, a growing array of `mem`.
 * Linear in the piece. Returns 0 or ERR_NOMEM. */
int nested_find(struct arena *mem, const struct cast *cast, uint32_t piece, struct span outer,
                struct nested **out, uint32_t *count, uint32_t *cap);

#endif
