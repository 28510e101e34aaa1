/* dialogue.h -- speech that begins with a dash, as novels and much of the press outside English print it.
 *
 *      —No lo sé —dijo Marta—. Ya veremos.            Spanish, Portuguese
 *      — Nie wiem — powiedziała Anna. — Zobaczymy.    Polish, Russian, Ukrainian, Hungarian, Italian
 *      — Je ne sais pas, dit-elle. On verra.          French, Turkish, Greek, Swedish, Finnish
 *      [speech         ] [clause ] [speech ]
 *
 * A paragraph is a turn; what the reporter says inside it is cut out, and each stretch of speech is a piece
 * like those between marks. Whether the clause stands between dashes or after a comma is a habit of the
 * article. A dash alone proves nothing, it may head the items of a list: a paragraph is a turn when it holds
 * a clause (a verb of speech beside its dash or comma), or when one with a clause is near. English prints no
 * dialogue this way, so an English article has none: the file of a language says whether it does (language.h).
 */
#ifndef INDEX_DIALOGUE_H
#define INDEX_DIALOGUE_H

#include "index/language.h"
#include "index/mark.h"

/* Puts the pieces of all turns among those of mark_pair, in place of those inside them. mark.h's invariants
 * hold. Returns 0 or ERR_NOMEM. Linear. */
int dialogue_find(struct arena *mem, const struct article *a, const struct language *language,
                  struct marked **pieces, uint32_t *count);

#endif
