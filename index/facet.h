/* facet.h -- what a document or quote counts under: its speaker, its source, its month.
 *
 * The number of a column (columns.h) leads to a value once a segment; after that it is a look into a table. Values are kept
 * as people are (people.h): two spellings of a name are one, and the fullest is shown. Who is not known is the value "".
 *
 * What is only counted is counted by the column's numbers first: a name is read and looked up once a segment, in the order of
 * names, when all of the segment were counted.
 */
#ifndef INDEX_FACET_H
#define INDEX_FACET_H

#include "index/columns.h"
#include "index/people.h"

struct facet_reader {
    struct people *values;
    enum ask_facet facet;
    bool of_quotes; /* the numbers asked about are quotes */
    const struct segment *segment;
    struct column_reader column;
    struct quote_docs docs;
    uint32_t *keys, *found; /* a table of numbers of the column, and 1 + the value of each; 0 is free */
    uint32_t slot_count, used;
    struct arena mem; /* the table's */
    uint32_t *counts; /* by number of a name of the segment; NULL: nothing was counted there */
    uint32_t name_count;
    struct arena counts_mem;
};

/* Values go into `values`. Moves to a segment, forward or anew. */
void facet_init(struct facet_reader *f, struct people *values, enum ask_facet facet, bool of_quotes);
void facet_enter(struct facet_reader *f, struct index_view *v, const struct segment *s);
void facet_fini(struct facet_reader *f);

/* The value of a number of the segment, as an index of values->at. Nothing is counted. */
int facet_of(struct facet_reader *f, uint32_t number, uint32_t *value);

/* Counts a number of the segment; values->at[].quotes have it after facet_settle, which comes before another segment is entered
 * and at the end. */
int facet_count(struct facet_reader *f, uint32_t number);
int facet_settle(struct facet_reader *f, const volatile bool *cancel);

#endif
