/* segment.h -- a batch: the words of many articles in memory, and how they become a segment of the store.
 *
 * Each term keeps its list as it will be written, but for the packing into blocks: a run of bytes in slices that double,
 * so that a batch takes about as much memory as the segment takes disk.
 *
 *      pool     | term "the" . | slice 16 | term "dog" | slice 16 | ... | slice 24 of "the" | ...
 *      a list   slice ─► slice ─► slice     of entries: gap to the number before, count, extra, positions
 *
 * Documents and quotes come rising, so entries are only ever added. When the batch is written, terms are sorted, each
 * list is read once, and every record is appended in the order of keys.
 */
#ifndef INDEX_SEGMENT_H
#define INDEX_SEGMENT_H

#include "index/bag.h"
#include "index/store_inner.h"

struct batch;

struct batch *batch_new(void); /* NULL when memory is out */
void batch_free(struct batch *b);

/* Forgets everything; keeps memory for a small batch. */
void batch_clear(struct batch *b);

/* Documents in it, and bytes of memory that it takes. */
size_t batch_bytes(const struct batch *b);

/* The terms of document or quote `number`. In each field numbers rise. */
int batch_unit(struct batch *b, const struct bag_unit *unit, uint32_t number);

/* What else the segment keeps of a document (after its words) and of a quote. */
int batch_doc(struct batch *b, uint32_t doc, uint64_t id, uint64_t content, uint32_t words);
int batch_quote(struct batch *b, uint32_t quote, uint64_t id);

/* The numbers of their columns (columns.h). */
int batch_doc_columns(struct batch *b, const struct doc_row *doc, struct words_at title);
int batch_quote_columns(struct batch *b, const struct quote_row *quote, struct words_at statement);

/* The next document of the batch with this content: 0 when there is none. *at is 0 at first. */
uint32_t batch_same(const struct batch *b, uint64_t content, uint32_t *at);

/* Writes the segment, if the batch has a document. */
int batch_write(struct batch *b, struct write *w);

/* Writes `lens` of a run of documents. For merge.c too. */
int segment_put_lens(struct write *w, uint32_t segment, uint32_t first_doc, const uint16_t *words,
                     uint32_t count, bool append);
int segment_put(struct write *w, const struct segment *s);
int segment_forget(struct write *w, uint32_t id);

/* `words` as `lens` keeps it. */
static inline uint16_t words_capped(uint32_t words)
{
    return words > UINT16_MAX ? UINT16_MAX : (uint16_t)words;
}

#endif
