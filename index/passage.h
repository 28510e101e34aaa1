/* passage.h -- the pieces of an article that show why it was found, in their original spelling.
 *
 * A passage is a block, or of a long block the part where the query's words stand closest. It begins and ends
 * between words, or where none are near between characters as readers see them, and never cuts a highlight.
 * Blocks in which more of the query's words and phrases meet come before those with few; those chosen are given
 * in the order of the text.
 */
#ifndef INDEX_PASSAGE_H
#define INDEX_PASSAGE_H

#include "index/match.h"
#include "index/schema.h"
#include "index/where.h"

enum { PASSAGES_MAX = 3, PASSAGE_BYTES = 320 };

struct passage {
    uint32_t start, end;    /* bytes of the document's text */
    const struct hit *hits; /* within it, rising, apart; bytes of the document's text */
    uint32_t hit_count;
};

/* The blocks of a document that are worth showing; `places` say where the query's words stand (where.h). Where nothing
 * stands (the query was a filter, or a title outside the text did), the first paragraph. Returns 0 or ERR_NOMEM. */
int passage_choose(struct arena *mem, const struct query *q, const struct doc_row *doc,
                   const struct leaf_place *places, uint32_t place_count,
                   const struct block *blocks[PASSAGES_MAX], uint32_t *count);

/* A passage of each of them; only those blocks of the text, and a byte on both sides, are looked at. All in the arena.
 * Returns 0 or ERR_NOMEM. */
int passage_make(struct arena *mem, const struct query *q, struct span text,
                 const struct block *blocks[PASSAGES_MAX], uint32_t block_count, struct passage **out,
                 uint32_t *count);

#endif
