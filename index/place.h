/* place.h -- a quotation, the sentence it stands in, and what is seen of it.
 *
 * Of the words in the marks only their shape is looked at: how many, how capitalised, how they begin and end.
 */
#ifndef INDEX_PLACE_H
#define INDEX_PLACE_H

#include "index/attribute.h"
#include "index/cast.h"

enum {
    PLACE_LEFT = 70, /* tokens looked at before a quotation */
    PLACE_RIGHT = 30 /* and after it */
};

/* One quotation and the sentence it stands in. */
struct place {
    const struct scan *s;
    const struct cast *cast;
    uint32_t piece, at;        /* the piece and its token */
    uint32_t low, high;        /* the sentence's tokens */
    uint32_t block_end;        /* the first token past the block */
    const struct shape *shape; /* of its words */
    struct attributes seen;    /* of the quotation itself */
};

struct place place_of(const struct scan *s, const struct cast *cast, uint32_t piece);

/* The first token of the sentence, or the furthest that is looked at. */
uint32_t place_low(const struct place *at);

/* True when the sentence holds quotations only. */
bool place_stands_alone(const struct place *at);

/* the term “…”, known as “…”, a method called “…” */
bool place_is_named(const struct place *at);

/* The Winter Bridge: few words, all the longer ones with a capital. */
bool place_is_title(const struct place *at);

/* on NBC’s “Morning Hour”, told “Morning Hour”, in “The Bridge”: capitals there are a title's. */
bool place_leads_to_title(const struct place *at);

#endif
