/* lens.h -- how many words each document has, in memory: two bytes a document, read once a segment.
 *
 * Ranking asks for the length of every document that it scores. A segment never changes, so what was read and checked for one
 * view serves all: the index keeps one column a live segment, views borrow them and give them back. A column whose segment is
 * no longer live goes when the last view that borrowed it closes. Any thread; a mutex guards the chain and the counts.
 */
#ifndef INDEX_LENS_H
#define INDEX_LENS_H

#include "index/store_inner.h"

/* The column of the view's segment number `n` (of view_segments), borrowed until the view closes. 0 or an error. */
int lens_borrow(struct index_view *v, uint32_t n, const struct lens **out);

/* Gives back all that the view borrowed, and forgets columns of segments that are gone. */
void lens_give_back(struct index_view *v);

/* Forgets everything; no view may be open. */
void lens_forget(struct index *ix);

struct lens {
    struct lens *next;
    uint32_t segment, first, count;
    uint32_t borrowed; /* by so many views */
    uint16_t words[];
};

#endif
