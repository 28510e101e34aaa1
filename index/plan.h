/* plan.h -- a tree becomes a walk over the lists of one segment.
 *
 * Each node can do two things. `approach` says the first number at or after a target that may match, by
 * moving lists only; `test` says whether a number does match, and may look at positions or rows:
 *
 *      node      approach                                test
 *      word      seeks its list                          stands on it
 *      words     as AND of their lists                   and at consecutive positions
 *      NEAR      the same                                and near each other
 *      AND       leapfrogs its lists, rarest first       all do
 *      OR        the least of its kids                   one does
 *      NOT       the target itself                       its kid does not
 *      DATE      the target itself                       the article's day is in the range
 *      SPEAKER   the article of the next quote           one of the article's quotes is by that name (ROLE, CUE likewise; those
 *                that holds                              side by side, and KIND beside them, hold for one quote)
 *      KIND      the target itself                       the quote, or one of the article's, is of that kind
 *      TITLE     seeks its list; over quotes the target  the article's title has the words (SOURCE, LANG likewise)
 *      PATH      the target itself; once all files were  the article stands in such a file
 *                looked at, the next that does
 *
 * The walk then is: approach, test, and on from the next number. It is always exact. No two nodes share a
 * list, since each moves its own.
 *
 * Numbers are documents (field TEXT), quotes but indirect ones (QUOTE) or indirect ones (STATEMENT), as plan_open is
 * told. Filters of quotes over documents look among indirect ones, the others, or both,
 * as the query asks for (query_kinds).
 */
#ifndef INDEX_PLAN_H
#define INDEX_PLAN_H

#include "index/lists.h"
#include "index/query.h"
#include "index/store.h"

struct plan;

/* Prepares the walk of the query over one segment. Everything is the arena's and ends before the view. The
 * dead are not left out. Looks at *cancel (may be NULL) while walking. */
int plan_open(struct plan **out, struct arena *mem, struct index_view *v, const struct segment *s,
              const struct query *q, enum field field, const volatile bool *cancel);

/* The next number that matches, rising: 1, 0 at the end, or an error. */
int plan_next(struct plan *p, uint32_t *number);

/* The same in two steps, for who knows better which numbers matter: the next one from `from` on that may match, and
 * whether it does. */
int plan_approach(struct plan *p, uint32_t from, uint32_t *number);
int plan_test(struct plan *p, uint32_t number);

/* The lists of a key, if every match stands on them: after a test that said yes they stand on its number. Else NULL. */
struct lists *plan_lists(struct plan *p, uint32_t key);

/* About how many bytes of lists the walk reads, and how many numbers it looks at; at most. */
uint64_t plan_bytes(const struct plan *p);
uint64_t plan_numbers(const struct plan *p);

/* Gives back what testing took; the lists stay with the arena. */
void plan_close(struct plan **p);

#endif
