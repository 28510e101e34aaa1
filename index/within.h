/* within.h -- the lists of titles and statements: those of the text, where they lie in one.
 *
 *      "bridge" in the text of document 7     at 3, 40, 41, 90
 *      its statements, by their columns       12: positions 38 to 47     13: none     14: positions 80 to 99
 *      "bridge" in statements                 12: at 2, 3     14: at 10
 *
 * The list is made as it is read, a document at a time: a block of numbers is what one document has (post.c gives it on as it
 * gives those that are stored).
 */
#ifndef INDEX_WITHIN_H
#define INDEX_WITHIN_H

#include "index/columns.h"
#include "index/post.h"

enum { WITHIN_BLOCK = 32 };

struct within {
    struct post text;
    struct index_view *view;
    const struct segment *segment;
    enum field field;
    struct span term;
    struct column_reader first, words;
    struct quote_docs docs;
    struct arena *mem;

    /* The numbers of one document, how often the term stands in each, and where: positions from starts[i] on. */
    uint32_t count, numbers[WITHIN_BLOCK], counts[WITHIN_BLOCK], starts[WITHIN_BLOCK];
    uint32_t *positions, position_count, position_cap;
};

/* As post_open. */
int within_open(struct within *w, struct arena *mem, struct index_view *v, const struct segment *s,
                enum field field, struct span term);

/* Makes the block where the first number >= `number` stands. 1, 0 at the end, or an error. Numbers rise from call to call. */
int within_load(struct within *w, uint32_t number);

/* Back to the beginning. 0 or an error. */
int within_rewind(struct within *w);

#endif
