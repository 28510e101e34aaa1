/* role.h -- "the mayor", "the company": which one of those the article names.
 *
 * The article says it itself, somewhere, by a role beside a name:
 *
 *      Mayor Ada Kovar / fishmonger Ada Kovar        before it
 *      Ada Kovar, [54,] the mayor of Lindau,         after it
 *      the mayor, Ada Kovar,                         before it, with a comma
 *      Ada Kovar is the mayor of Lindau
 *      Lindau Water Board                            in it
 *
 * Every word of the phrase asked for must stand there ("the finance minister" is no other minister), and one who is the
 * former or the deputy mayor is not the mayor. A phrase means somebody only when it is definite ("the", "its"), of one
 * thing, and when one alone has that role: first of those whose role was told before it, else of the whole article.
 * Somebody without a name who came in between ("another officer") makes it doubtful, and what is doubtful stays as it is
 * printed.
 */
#ifndef INDEX_ROLE_H
#define INDEX_ROLE_H

#include "index/cast.h"

/* That an entity has a role: the phrase that says so. */
struct claim {
    uint32_t entity;     /* NO_ENTITY: somebody without a name */
    uint32_t first, end; /* tokens of the phrase */
    uint32_t head;       /* the token of the role itself */
    uint32_t word;       /* its hash (cast_word) */
    uint32_t at;         /* the token of the name; of somebody without a name, the head */
    uint32_t next;       /* of the same hash; NO_ENTITY for none */
    bool half;           /* former, deputy */
};

struct roles {
    struct arena *mem;
    const struct cast *cast;
    struct claim *claims;
    uint32_t claim_count, claim_cap;
    uint32_t only, other_at;     /* the first organisation named, and the token where another one is */
    uint32_t *heads, head_count; /* hash of a head -> its claims, latest first */
};

/* Reads which roles the article gives its cast; in English only. All memory is mem's. Returns 0 or ERR_NOMEM. Linear. */
int roles_read(struct arena *mem, const struct cast *cast, struct roles *out);

/* The critics, two officers: by the look of its head, more than one. */
bool role_is_many(const struct scan *s, struct noun n);

/* Whether the phrase is one that can mean somebody by a role: definite, of moderate length. */
bool role_may_be(const struct scan *s, struct noun n);

/* The entity that the phrase means, or NO_ENTITY; of roles that were not read (all zero) always. *told is the claim that says
 * so, or NULL where none does (the only organisation). Bounded. */
uint32_t role_entity(const struct roles *r, struct noun n, const struct claim **told);

#endif
