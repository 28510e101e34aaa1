/* term.h -- the terms that one word gives to the index: its loose key, and forms of it.
 *
 *      muller               every place where the word stands, however it is spelled
 *      muller 01 müller     the places where it is spelled so; only where the exact key differs from the loose one
 *      alnadim 02 '2'       the places where it takes so many positions; only where that is more than one
 *      of 03 the            the places where the next position is taken by the other word; only of two common ones (common.h),
 *                           only in the text of articles
 *
 * Bytes below ' ' stand in no key, so the forms of a key are its neighbours in the order of terms, and no key can be
 * mistaken for a form.
 */
#ifndef INDEX_TERM_H
#define INDEX_TERM_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/span.h"

enum { TERM_SPELLED = 1, TERM_WIDE = 2, TERM_PAIR = 3 };

/* key, `form`, rest: in a buffer of the caller. */
static inline struct span term_form(struct span key, char form, struct span rest, char out[LIMIT_TERM])
{
    memcpy(out, key.at, key.len);
    out[key.len] = form;
    memcpy(out + key.len + 1, rest.at, rest.len);
    return (struct span){out, key.len + 1 + rest.len};
}

static inline struct span term_spelled(struct span key, struct span exact, char out[LIMIT_TERM])
{
    return term_form(key, TERM_SPELLED, exact, out);
}

static inline struct span term_wide(struct span key, unsigned width, char out[LIMIT_TERM])
{
    char digit = (char)('0' + width);

    return term_form(key, TERM_WIDE, (struct span){&digit, 1}, out);
}

static inline struct span term_pair(struct span key, struct span next, char out[LIMIT_TERM])
{
    return term_form(key, TERM_PAIR, next, out);
}

static inline bool term_is_pair(struct span term)
{
    return term.len && memchr(term.at, TERM_PAIR, term.len);
}

/* The bytes of the key that a term begins with: all of them, unless it is a form. */
static inline size_t term_key_len(struct span term)
{
    for (size_t i = 0; i < term.len; i++)
        if (term.at[i] >= TERM_SPELLED && term.at[i] <= TERM_PAIR)
            return i;
    return term.len;
}

static inline bool term_is_form(struct span term)
{
    return term_key_len(term) < term.len;
}

#endif
