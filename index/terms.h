/* terms.h -- the distinct terms of several segments, in the order of their bytes. What term_walk of store.h
 * and merge.c stand on. */
#ifndef INDEX_TERMS_H
#define INDEX_TERMS_H

#include "index/store_inner.h"

/* The terms of one segment and where their lists begin, in order: for who looks at many. Further chunks of long lists are passed
 * by. Everything is borrowed from the view. */
struct term_scan {
    MDB_cursor *cursor;
    struct key at; /* seeks from here, the first time and after a leap */
    bool leaps;
    struct span prefix;
    struct span key, value; /* of the current term's own record */
    struct span term;
};

/* From the first term of the field that begins with `prefix`, with a cursor over T_PARTS. */
void term_scan_open(struct term_scan *s, MDB_cursor *cursor, uint32_t segment, enum field field,
                    struct span prefix);

/* 1, 0 at the end, or an error. */
int term_scan_next(struct term_scan *s);

/* Passes by all terms that begin with so many bytes of the current one. */
void term_scan_leap(struct term_scan *s, size_t len);

/* Walks the terms of a field that begin with `prefix` and come after `after` (unless that is empty). */
int terms_open(struct term_walk **out, struct arena *mem, struct index_view *v,
               const struct segment *segments, uint32_t count, enum field field, struct span prefix,
               struct span after);

#endif
