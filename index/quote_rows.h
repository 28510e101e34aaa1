/* quote_rows.h -- the quotes of a document as bytes: several to a record, each as what differs from the one before.
 *
 *      key      document, 'q', number of the last quote of the record
 *      record   | quotes | texts | length, bytes | ... | quote | quote | ...
 *      quote    | kind and flags | id, 8 bytes | start - end of the one before | length | context | cue | mention | line
 *               | column | confidence | speaker | role | person | rule | why | and, where flags say so: utterance, twin, inside
 *
 * A text is a number: 0 for nothing, one of the words that we say ourselves (known.h), or, from 64 on, one of the texts
 * at the beginning of the record, which holds each once. The context is given by how far it reaches out on both sides. A cue
 * is counted from the end of the words when it stands behind them, else from their start; the mention from the cue. What goes
 * either way is zigzag. Nothing in a record depends on its number or its document.
 *
 * A record takes about QUOTES_BYTES at most, so that it needs no page of its own, unless one quote alone is longer. What is
 * read is not trusted: what does not fit is ERR_CORRUPT.
 */
#ifndef INDEX_QUOTE_ROWS_H
#define INDEX_QUOTE_ROWS_H

#include "index/rows.h"

enum { QUOTES_BYTES = 1000, QUOTES_TEXTS = 128 /* of a record */ };

/* ---- writing ----------------------------------------------------------------------------------------- */

/* Writes rows of one document, numbered in a row, into one record: as many as it holds, one at least. Returns how many. */
uint32_t quote_rows_put(struct buf *b, const struct quote_row *rows, uint32_t count);

/* ---- reading ----------------------------------------------------------------------------------------- */

struct quote_reader {
    struct take t;
    uint32_t left;        /* quotes that are to come */
    struct quote_row row; /* the one at hand; its texts are borrowed from the record, or static */
    struct span texts[QUOTES_TEXTS];
    uint32_t text_count;
};

/* A record of the document, whose last quote has this number. 0 or ERR_CORRUPT. */
int quote_rows_open(struct quote_reader *r, struct span payload, uint32_t doc, uint32_t last);

/* The next quote is r->row: 1, 0 at the end, or ERR_CORRUPT. */
int quote_rows_next(struct quote_reader *r);

#endif
