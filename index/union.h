/* union.h -- many posting lists of one segment put together beforehand: a bit for each number, and what it weighs.
 *
 * For a word that stands for many (word*): moving from list to list would cost as many steps for each number as there are lists,
 * while reading each list once from end to end costs little more than the lists are long.
 */
#ifndef INDEX_UNION_H
#define INDEX_UNION_H

#include "index/entry.h"
#include "index/post.h"

struct list_union {
    uint32_t first, last; /* numbers of the segment */
    uint32_t count;       /* numbers that are there */
    uint64_t *bits;       /* bit (number - first) */
    uint16_t *weights;    /* by number - first, at most 65,535; NULL but for FIELD_TEXT */
};

/* Empty, for a segment. */
int union_init(struct list_union *u, struct arena *mem, const struct segment *s, enum field field);

/* Adds the list of a term. */
int union_add(struct list_union *u, struct arena *mem, struct index_view *v, const struct segment *s,
              enum field field, struct span term, const struct term_entry *e);

/* Counts when all are added. */
void union_close(struct list_union *u);

/* The first number >= from; 0 when there is none. */
uint32_t union_seek(const struct list_union *u, uint32_t from);

static inline uint32_t union_weight(const struct list_union *u, uint32_t number)
{
    return u->weights ? u->weights[number - u->first] : 1;
}

#endif
