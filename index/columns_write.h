/* columns_write.h -- how the columns of a segment (columns.h) are made: out of a batch, and out of those of other segments. */
#ifndef INDEX_COLUMNS_WRITE_H
#define INDEX_COLUMNS_WRITE_H

#include "index/columns.h"
#include "index/store_inner.h"

/* ---- writing ----------------------------------------------------------------------------------------- */

/* The columns of a batch. */
struct column_draft;

struct column_draft *column_draft_new(void); /* NULL when memory is out */
void column_draft_free(struct column_draft *d);
void column_draft_clear(struct column_draft *d);

/* The next document, the next quote; and where the words of its title, of a statement stand. */
int column_draft_doc(struct column_draft *d, const struct doc_row *doc, struct words_at title);
int column_draft_quote(struct column_draft *d, const struct quote_row *quote, struct words_at statement);

int column_draft_write(struct column_draft *d, struct write *w, const struct segment *s);

/* ---- merging (columns_merge.c) ----------------------------------------------------------------------- */

struct column_merge;

struct column_merge *column_merge_new(const struct segment *target, const struct segment *sources,
                                      uint32_t count);
void column_merge_free(struct column_merge *m);

/* Writes about `bytes` more of the target's columns: 1 when there is more to do, 0 when not, or an error. */
int column_merge_step(struct column_merge *m, struct index_view *v, struct write *w, bool append,
                      uint64_t bytes);

/* What both writers write with. Numbers of a column from `first` on, at the beginning of a run; names from number `*next` on,
 * about `bytes` of them. */
int column_put(struct write *w, uint32_t segment, enum column column, uint32_t first, const uint32_t *values,
               uint32_t count, bool append);
int column_put_names(struct write *w, uint32_t segment, enum column column, const struct span *names,
                     uint32_t count, uint32_t *next, bool append, uint64_t bytes);

#endif
