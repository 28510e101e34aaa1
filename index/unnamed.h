/* unnamed.h -- those whom an article speaks of without a name: a spokeswoman, critics, the letter.
 *
 * Who speaks without a name can be what a later pronoun means: a spokeswoman said … she added. So can a thing, or several
 * people, that speaks nowhere: the letter … it says. They are numbered on from the entities of the cast; a role that
 * somebody of the cast has is that entity.
 */
#ifndef INDEX_UNNAMED_H
#define INDEX_UNNAMED_H

#include "index/role.h"
#include "index/speaker.h"

struct unnamed {
    struct arena *mem;
    const struct cast *cast;
    struct entity *all; /* those who speak, then those that speak nowhere */
    uint32_t count, cap, speaking;
    uint32_t *at; /* by token, where the phrase begins: its entity; NO_ENTITY for most */
};

/* Reads who of voices[0 .. count) has no name, and in English the things. All memory is mem's. Returns 0 or ERR_NOMEM. Linear. */
int unnamed_read(struct arena *mem, const struct cast *cast, const struct roles *roles,
                 const struct voice *voices, uint32_t count, struct unnamed *out);

/* An entity of the cast, or past those one without a name. */
const struct entity *unnamed_entity(const struct unnamed *u, uint32_t entity);

/* Whether somebody without a name, or by a role, begins to speak at the token. */
bool unnamed_speaks(const struct unnamed *u, uint32_t token);

/* reports, their advisers, Democrats: a word for many, as far as its end tells */
bool unnamed_is_many(struct span word);

#endif
