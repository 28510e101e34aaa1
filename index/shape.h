/* shape.h -- what the words in a quotation's marks look like: how many, how capitalised, how they begin. Of the words
 * themselves nothing is looked at. */
#ifndef INDEX_SHAPE_H
#define INDEX_SHAPE_H

#include <stdint.h>

#include "base/span.h"

struct shape {
    uint32_t words, long_words, capitals; /* capitals: of the long words, those that begin with one */
    bool starts_upper, starts_letter;     /* the first word does */
    bool dense;                           /* some of it is written without spaces */
    bool shouted;                         /* IT HAS NO SMALL LETTERS */
};

struct shape shape_of(struct span text);

#endif
