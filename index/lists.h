/* lists.h -- the places of one key of a query in one segment: posting lists put together.
 *
 *      LOOSE     muller                               the list of the key
 *      SPELLED   resume, minus resume 01 *            where the key is the spelling, every other spelling goes
 *                resume 01 résumé                     else the list of that spelling
 *      UMLAUT    muller 01 müller + muller 01 müller's
 *      BEGINS    東 + 東京 + 東北 + ...                every pair that begins so
 *      STEM      bridge + bridged + bridges + ...     every term of the stem
 *      PREFIX    presid* and so on: every word that fits (expand.h); as the two above they are put together beforehand (union.h)
 *
 * All together behave like one list (post.h): numbers rise, and in each the positions rise. A number that only places
 * left out led to is given with count 0: it does not match.
 */
#ifndef INDEX_LISTS_H
#define INDEX_LISTS_H

#include "index/phrase.h"
#include "index/post.h"
#include "index/union.h"

struct lists {
    uint32_t doc;              /* the current number, after lists_seek returned 1 */
    uint32_t df;               /* numbers in all lists; at most, but of a key that expands */
    uint64_t cf;               /* occurrences in all lists, at most */
    uint64_t bytes;            /* about how many bytes they take */
    struct lists_state *state; /* the arena's; NULL when there is no list */
};

/* Opens the lists of a key. `wide`: positions will be asked for, with the widths of words. 1: there is one at least; 0: none;
 * or an error. They live in the arena and borrow from the view. */
int lists_open(struct lists *l, struct arena *mem, struct index_view *v, const struct segment *s,
               enum field field, const struct query *q, uint32_t key, bool wide);

/* Makes df and cf the sums of those of the lists, where they are only bounds (post_measure). Right after lists_open. 0 or an
 * error. */
int lists_measure(struct lists *l);

/* The first number that is >= doc, at or after the current one: 1, 0 at the end, or an error. */
int lists_seek(struct lists *l, uint32_t doc);

/* Whether it stands there at all: 1, 0, or an error. */
int lists_stands(struct lists *l);

/* What the key weighs for ranking in the current number: 0 where it is always spelled otherwise. Negative: an error. */
int64_t lists_weight(struct lists *l);

/* As post_bound, for all lists together: those that are left out only lower it. */
int lists_bound(struct lists *l, uint32_t doc, struct post_bound *bound);

/* Sets bit (number - first) for each number of the lists that is >= first and <= last. They end with it. */
int lists_mark(struct lists *l, uint32_t first, uint32_t last, uint64_t *bits);

/* The only list of the key, or NULL when several make it up or none is there. */
struct post *lists_one(struct lists *l);

/* The same, if besides every word in it is one position wide. */
struct post *lists_plain(struct lists *l);

/* The lists of a key that expands, put together; NULL for any other, and when none is there. */
const struct list_union *lists_union(const struct lists *l);

/* The places in the current number. Lives in the arena `mem`, or in that of the lists. */
int lists_places(struct lists *l, struct arena *mem, struct phrase_places *places);

#endif
