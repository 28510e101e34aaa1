/* post_write.h -- the other side of post.h: numbers and positions become the chunks of a list.
 *
 * The caller knows beforehand how many numbers there will be, gives them rising, and gets every record in
 * the order of its key, so that a segment can be appended.
 */
#ifndef INDEX_POST_WRITE_H
#define INDEX_POST_WRITE_H

#include "index/post.h"
#include "index/rows.h"

enum {
    POST_CHUNK = 1000, /* bytes after which a chunk is closed: four fit a page */
    POST_PIECE = 1700  /* bytes of positions aside in one record: with the longest key inside a page */
};

struct post_writer {
    int (*put)(void *ctx, bool aside, const struct key *key, struct span payload);
    void *ctx;
    struct key term;
    uint32_t before; /* the number before the next block, in its chunk */
    uint32_t df;
    uint64_t cf;
    double mean;             /* words of a document of the segment; 0: the list is not ranked */
    uint32_t chunk_first;    /* 0 for the term's own record */
    struct buf chunk, block; /* payload so far; the block being packed */
    struct buf positions;    /* of the block being gathered */
    uint32_t count, impact;  /* of it */
    uint32_t last;           /* the last number given */
    uint32_t numbers[POST_BLOCK], counts[POST_BLOCK], extras[POST_BLOCK];
};

void post_writer_init(struct post_writer *w,
                      int (*put)(void *ctx, bool aside, const struct key *key, struct span payload),
                      void *ctx);
void post_writer_fini(struct post_writer *w);

/* Starts a list whose numbers are greater than `before`. `mean` is that of impact.h, 0 where nobody ranks by the list. */
void post_begin(struct post_writer *w, const struct key *term, uint32_t before, uint32_t df, uint64_t cf,
                double mean);

/* Adds a number with its positions. `words` is the length of the document; `extra` what the positions
 * weigh more than their count. */
int post_add(struct post_writer *w, uint32_t number, uint32_t words, const uint32_t *positions,
             uint32_t count, uint32_t extra);

/* The same with its positions as pack_put_positions writes them. */
int post_add_packed(struct post_writer *w, uint32_t number, uint32_t words, struct span positions,
                    uint32_t count, uint32_t extra);

int post_end(struct post_writer *w);

/* Reads a list of one chunk out of memory, for tests and fuzzing: the record's payload, numbers in
 * (before, limit]. A list that would go on elsewhere is ERR_CORRUPT. */
int post_open_bytes(struct post *p, struct arena *mem, struct span payload, uint32_t before, uint32_t limit);

#endif
