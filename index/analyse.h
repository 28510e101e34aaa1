/* analyse.h -- an article becomes all that the index will hold of it, but for its numbers: words, quotes, rows.
 *
 *      article ──copied──► analysed     its words as units of terms (bag.h), its quotes as rows
 *
 * Nothing here knows the store, so any thread can do it. What comes out lies in one arena and borrows from nothing else;
 * the writer gives numbers to the document and its quotes (ingest.c) and adds the units to its batch.
 */
#ifndef INDEX_ANALYSE_H
#define INDEX_ANALYSE_H

#include "index/bag.h"
#include "index/index.h"

/* Numbers of quotes, and those in units, count from 0. */
struct analysed {
    struct analysed *next;  /* of the same file */
    struct article article; /* a copy; its text is its part alone */
    struct block *blocks;   /* its blocks; each learns its first position */
    struct place_row place; /* where it stands: n and file are the writer's to set */
    uint64_t id, content;   /* as in doc_row */
    bool analysed;          /* what follows is filled: see analyse() */
    uint32_t words;         /* of FIELD_TEXT */
    struct words_at title;  /* where its words stand */
    struct quote_row *quotes;
    struct words_at *statements; /* the same of each quote that is one */
    uint32_t quote_count;
    struct bag_unit *units;
    uint32_t unit_count;
};

/* The memory that one thread works with: used again for every article. */
struct analyst {
    struct bag *text, *bag; /* of FIELD_TEXT, of the other fields */
    struct arena scratch;
};

int analyst_init(struct analyst *an);
void analyst_fini(struct analyst *an);

/* A copy of the article in `mem`, with the hash of its content; not analysed yet. NULL when memory is out. */
struct analysed *analysed_new(struct arena *mem, const struct article *a);

/* Finds its words and its quotes, as the run wants them. Results are in `mem`, that of analysed_new. */
int analyse(struct analyst *an, struct arena *mem, struct analysed *d, const struct index_run *run);

#endif
