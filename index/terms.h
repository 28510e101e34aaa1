/* terms.h -- the distinct terms of several segments, in the order of their bytes. What term_walk of store.h
 * and merge.c stand on. */
#ifndef INDEX_TERMS_H
#define INDEX_TERMS_H

#include "index/store_inner.h"

/* Walks the terms of a field that begin with `prefix` and come after `after` (unless that is empty). */
int terms_open(struct term_walk **out, struct arena *mem, struct index_view *v,
               const struct segment *segments, uint32_t count, enum field field, struct span prefix,
               struct span after);

#endif
