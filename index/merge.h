/* merge.h -- few segments: neighbours become one, the dead are left out, and what was replaced is deleted.
 *
 *      live       live  live  live       building            live (published)    retired, its keys
 *     [1..90]   [91] [92..93] [94]  ──►  [91..94]   ──►     [91..94]       +    deleted in slices
 *
 * A merge takes many transactions of bounded size. Its target is `building` until the last of them
 * publishes it and retires its sources, so a reader sees either. Where the merge has got to stands in memory
 * alone: killed before the end it never was, and its target is deleted like a retired one.
 */
#ifndef INDEX_MERGE_H
#define INDEX_MERGE_H

#include "index/store_inner.h"

/* One bounded step: of the merge under way, of deleting, or the start of a merge. 1: there may be more; 0:
 * nothing to do. */
int merge_step(struct index *ix);

/* Starts a merge of all segments into one, for index_compact. What was under way is given up. */
int merge_begin_all(struct index *ix);

/* True when there are so many segments that a writer should merge before it writes more. */
bool merge_is_due(struct index *ix);

/* Bytes of lists, about, that merges which are due will write, with those of retired segments that are still to be deleted. */
int merge_debt(struct index_view *v, uint64_t *bytes);

/* Lets go of a merge under way. */
void merge_forget(struct index *ix);

/* sweep.c: deletes rows and text of dead documents from *doc on, at most `most` rows; *doc is where it came
 * to, or 0 behind `last`. `erase` also overwrites text of theirs that shares a block with the living.
 * *live_end is where the last living text ended: 0 at the first document, UINT64_MAX when not known. */
int sweep(struct write *w, uint32_t *doc, uint32_t last, bool erase, uint32_t most, uint64_t *live_end);

#endif
