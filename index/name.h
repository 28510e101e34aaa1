/* name.h -- "Kovar", "Ada Kovar", "she", "the mayor": who of the article is meant.
 *
 * The article's cast is known (cast.h). A pronoun becomes one of those lately spoken of (antecedent.h), a role the one who
 * has it (role.h). What no rule resolves stays as it is printed; a pronoun that none resolves is nobody.
 */
#ifndef INDEX_NAME_H
#define INDEX_NAME_H

#include "index/antecedent.h"
#include "index/why.h"

struct named {
    struct span name;              /* empty: not resolved */
    struct span role;              /* as printed, or empty */
    struct span person;            /* whom a role means that the name is: the mayor, Ada Kovar; or empty */
    const char *why;               /* static; NULL when there is no mention */
    enum attribute means;          /* how it was resolved */
    struct step steps[STEPS_MOST]; /* from the mention to the name; none when it is the name as printed */
    uint32_t step_count;
    uint16_t percent; /* outside English: how far to trust the resolution, of 100 */
};

/* Adds a step; past STEPS_MOST nothing is added. */
void named_step(struct named *n, const char *how, uint32_t start, uint32_t end);

/* Resolves the mentions of voices[0 .. count), those of the pieces first; `watch` may be NULL. Returns 0 or ERR_NOMEM. Linear. */
int name_resolve(struct arena *mem, const struct cast *cast, const struct voice *voices, uint32_t count,
                 struct named *out, antecedent_watch *watch, void *watcher);

#endif
