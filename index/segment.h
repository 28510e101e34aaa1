/* segment.h -- a batch: the words of some articles in memory, and how they become a segment of the store.
 *
 * Words arrive in the order of the text. Each is noted as (term, position), and each document or quote as
 * the place where its notes begin:
 *
 *      units   document 7 of TEXT   | quote 12 of QUOTE | ...
 *      notes   (the,0) (dog,1) ...  | (we,0) (will,1)   | ...
 *
 * When the batch is full the notes are dealt out by term, in one counting sort that keeps their order, so
 * the lists come out rising by number and position. Every record is then appended in the order of keys.
 */
#ifndef INDEX_SEGMENT_H
#define INDEX_SEGMENT_H

#include "index/store_inner.h"

struct batch;

struct batch *batch_new(void); /* NULL when memory is out */
void batch_free(struct batch *b);

/* Forgets everything, keeps the memory. */
void batch_clear(struct batch *b);

/* Documents in it. */
uint32_t batch_docs(const struct batch *b);

/* Starts the words of a document or quote. Documents rise, and so do quotes. */
int batch_unit(struct batch *b, enum field field, uint32_t number);

/* What each of the following words of the unit weighs more than 1, for ranking: 0 to 3. */
void batch_extra(struct batch *b, unsigned extra);

/* A word of it; positions do not fall. The same word at the same position counts once. */
int batch_word(struct batch *b, struct span key, uint32_t pos);

/* What else the segment keeps of a document (after its words) and of a quote. */
int batch_doc(struct batch *b, uint32_t doc, uint64_t id, uint64_t content, uint32_t words);
int batch_quote(struct batch *b, uint32_t quote, uint64_t id);

/* The numbers of their columns (columns.h). */
int batch_doc_columns(struct batch *b, const struct doc_row *doc);
int batch_quote_columns(struct batch *b, const struct quote_row *quote);

/* Documents of the batch with this content, newest first: pass 0 to begin; 0 is the end. */
uint32_t batch_same(const struct batch *b, uint64_t content, uint32_t after);

/* Writes the segment, if the batch has a document. */
int batch_write(struct batch *b, struct write *w);

/* Writes `lens` of a run of documents. For merge.c too. */
int segment_put_lens(struct write *w, uint32_t segment, uint32_t first_doc, const uint16_t *words,
                     uint32_t count, bool append);
int segment_put(struct write *w, const struct segment *s);

/* `words` as `lens` keeps it. */
static inline uint16_t words_capped(uint32_t words)
{
    return words > UINT16_MAX ? UINT16_MAX : (uint16_t)words;
}

#endif
