/* people.h -- the distinct people behind quotes, with counts.
 *
 * Two spellings are one person when their whole names fold to the same: YOUSSEF AL-NADIM and Youssef
 * al-Nadim, but not Al-Nadim alone, who might be somebody else. Of several spellings the one that sorts last is
 * shown: small letters come after capitals and accents after plain letters, so it is the fullest one,
 * whatever the order of indexing.
 */
#ifndef INDEX_PEOPLE_H
#define INDEX_PEOPLE_H

#include "index/query.h"
#include "index/store.h"

struct person {
    struct span name;   /* as it is shown */
    struct span folded; /* as in FIELD_SPEAKER: loose, single spaces */
    uint64_t quotes, articles;
    uint32_t first_day, last_day; /* the earliest and latest of an article (columns.h); 0 when none has one */
    struct span first, last;      /* the same as dates */
};

struct people_slot {
    uint32_t hash, person; /* of the folded name; 1 + number of the person, 0: free */
};

struct people {
    struct arena *mem;
    struct person *at;
    uint32_t count, cap;
    struct people_slot *slots; /* a table of places by hash */
    uint32_t slot_count;
};

/* Empty, in an arena. */
void people_init(struct people *p, struct arena *mem);

/* The person of that name, new or known, of whom nothing is counted. Returns 0 or ERR_NOMEM. */
int people_find(struct people *p, struct span name, uint32_t *person);

/* Counts a quote by that name and says whose it is in *person. Returns 0 or ERR_NOMEM. */
int people_count(struct people *p, struct span name, uint32_t *person);

/* The people's numbers in the order to show them: most quotes first, then by name. Only the first `want` (0: all) are in
 * order, the others stand behind them as it happens. 0, ERR_NOMEM or ERR_CANCELLED. */
int people_order(const struct people *p, uint64_t want, uint32_t **order, const volatile bool *cancel);

/* By person: the place of the name among all names in the order of their folded bytes. Only the first `want` (0: all) have
 * theirs, the others stand behind them as it happens. As people_order. */
int people_rank(const struct people *p, uint64_t want, uint32_t **rank, const volatile bool *cancel);

/* Everybody in the index whose name has words that begin with each word typed (all when there is none), with their
 * living quotes and articles. What it costs hangs on how many quotes such words have, not on how many people there are. */
int people_list(struct people *p, struct arena *mem, struct index_view *v, struct span typed,
                const volatile bool *cancel);

/* Writes the dates of a listed person out. 0 or ERR_NOMEM. */
int people_fill(struct person *person, struct arena *mem);

#endif
