/* slots.h -- the words of a piece of a query become slots: places in a row, each with the ways to be there.
 *
 * query.h has the table of what is typed and what it asks for. Which ways there are is decided here, and what each means
 * for the lists of the index in lists.c.
 */
#ifndef INDEX_SLOTS_H
#define INDEX_SLOTS_H

#include "index/query.h"

/* How the words of a piece are meant. */
enum meaning {
    AS_WORD,   /* bare: any form of it */
    AS_PHRASE, /* in marks, or a name: the words as they stand */
    AS_SPELLED /* behind = : spelled just so */
};

struct slots_mistake {
    size_t at;       /* byte of the piece */
    char words[100]; /* for the person */
};

/* Reads the words of a piece; their keys go into q->keys (room for LIMIT_QUERY_TERMS). Everything is the arena's. Returns 0,
 * ERR_NOMEM, or ERR_SYNTAX with *why: too many words, or a star or tilde that cannot stand where it does. */
int slots_read(struct query *q, struct arena *mem, struct span piece, enum meaning as,
               const struct query_slot **out, uint32_t *count, struct slots_mistake *why);

#endif
