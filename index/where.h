/* where.h -- where the words of a query stand in some documents, as the lists tell it: no text is read.
 *
 *      document 7      leaf 0 at 3, 88     leaf 1 at 90         quotes that may be meant: 12, 15
 *
 * For the page of an answer: the positions say which paragraphs are worth reading again (passage.h), and the lists of
 * quotes say which quotes of an article are. Both cost what the words' places cost, however long the article is.
 */
#ifndef INDEX_WHERE_H
#define INDEX_WHERE_H

#include "index/query.h"
#include "index/store.h"

/* A place of a leaf that is not under NOT: the position of its first word. */
struct leaf_place {
    uint32_t pos, leaf;
};

enum { WHERE_QUOTES = 16 }; /* quotes of a document that are worth showing, at most */

struct where {
    uint32_t doc, first_quote, quote_count; /* the caller's */
    const struct leaf_place *places;        /* rising by position, then leaf */
    uint32_t place_count;
    uint32_t quotes
        [WHERE_QUOTES]; /* the first that would match alone, hold a phrase, or are asked for by who said them and how; rising */
    uint32_t quotes_kept, quotes_found;
};

/* Fills `at`, whose documents rise. Everything is the arena's. 0 or an error. */
int where_find(struct arena *mem, struct index_view *v, const struct query *q, struct where *at,
               uint32_t count, const volatile bool *cancel);

#endif
