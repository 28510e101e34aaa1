/* terms.h -- the terms of segments, in the order of their bytes: over the records of the dictionary (entry.h). What term_walk of
 * store.h and merge.c stand on. */
#ifndef INDEX_TERMS_H
#define INDEX_TERMS_H

#include "index/entry.h"
#include "index/store_inner.h"

/* The key of the record that ends with a term; and where to look for that which has it. */
struct key terms_key(uint32_t segment, enum field field, struct span term);

/* Finds a term in one segment: 1, 0, or an error. The entry's list is borrowed from the view. */
int term_find(struct index_view *v, uint32_t segment, enum field field, struct span term,
              struct term_entry *e);

/* The terms of one segment, in order. */
struct term_scan {
    MDB_cursor *cursor;
    struct key head;         /* segment and field: what all keys begin with */
    struct span prefix, key; /* key: of the current record, empty before the first; borrowed from the view */
    struct entry_reader record; /* the current term is its current one; */
    size_t same;                /* as many bytes, at least, does it share with the term given before */
    /* term_scan_next passes by terms, but for the first of a record, that share so many bytes with the one before; 0: by none */
    size_t dead;
    /* And by terms (not by all) in which these two bytes end in none behind what is shared. The first is 0 when one byte is
     * looked for, the second when none is. */
    uint8_t wanted[2];
};

/* The terms of the field that begin with `prefix`, which stays where it is. A scan has a cursor over T_PARTS of its own. */
int term_scan_open(struct term_scan *s, struct index_view *v, uint32_t segment, enum field field,
                   struct span prefix);

/* The next term: 1, 0 at the end, or an error. */
int term_scan_next(struct term_scan *s);

/* The next term that is not before `from`, which comes after the current one. Same results. */
int term_scan_seek(struct term_scan *s, struct span from);

/* What segment `i` of a walk has of the term given last: 1, 0 (nothing), or an error. */
int term_walk_entry(const struct term_walk *w, uint32_t i, struct term_entry *e);

/* Walks the terms of a field that begin with `prefix` and come after `after` (unless that is empty). */
int terms_open(struct term_walk **out, struct arena *mem, struct index_view *v,
               const struct segment *segments, uint32_t count, enum field field, struct span prefix,
               struct span after);

#endif
