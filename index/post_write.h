/* post_write.h -- the other side of post.h: numbers and positions become the records of lists and of the dictionary.
 *
 * The caller gives lists in the order of their terms, knows beforehand how many numbers each will have, gives them rising, and
 * gets the records of each table in the order of their keys, so that a segment can be appended. A record of the dictionary
 * (entry.h) comes when the next term does not fit it, or with post_flush.
 */
#ifndef INDEX_POST_WRITE_H
#define INDEX_POST_WRITE_H

#include "index/entry.h"
#include "index/post.h"
#include "index/store_inner.h"

enum {
    POST_NEAR = 200,   /* bytes of a list that stands in its entry */
    POST_CHUNK = 1000, /* bytes after which a chunk is closed: four fit a page */
    POST_PIECE = 1700  /* bytes of positions aside in one record: with the longest key inside a page */
};

struct post_writer {
    int (*put)(void *ctx, enum table t, const struct key *key, struct span payload);
    void *ctx;
    uint32_t segment;
    enum field field;
    struct span term;
    uint32_t base;         /* the number before the segment's first */
    uint32_t chunk_before; /* the number before the chunk, */
    uint32_t before;       /* and before its next block */
    uint32_t df, left;     /* numbers in all, and those to come */
    uint64_t cf;
    double mean;             /* words of a document of the segment; 0: the list is not ranked */
    bool far;                /* a chunk was put */
    struct buf chunk, block; /* payload so far; scratch */
    struct buf positions;    /* of the block being gathered */
    uint32_t count, impact;  /* of it */
    uint32_t last;           /* the last number given */
    uint32_t numbers[POST_BLOCK], counts[POST_BLOCK], extras[POST_BLOCK];
    struct buf record; /* of the dictionary, so far: segment and field of the list given last */
    char ends[LIMIT_TERM];
    size_t ends_len; /* its last term */
};

void post_writer_init(struct post_writer *w,
                      int (*put)(void *ctx, enum table t, const struct key *key, struct span payload),
                      void *ctx);
void post_writer_fini(struct post_writer *w);

/* Starts a list whose numbers are greater than `before`. `term` stays where it is until post_end. `mean` is that of impact.h,
 * 0 where nobody ranks by the list. */
void post_begin(struct post_writer *w, uint32_t segment, enum field field, struct span term, uint32_t before,
                uint32_t df, uint64_t cf, double mean);

/* Adds a number with its positions. `words` is the length of the document; `extra` what the positions
 * weigh more than their count. */
int post_add(struct post_writer *w, uint32_t number, uint32_t words, const uint32_t *positions,
             uint32_t count, uint32_t extra);

/* The same with its positions as pack_put_positions writes them. */
int post_add_packed(struct post_writer *w, uint32_t number, uint32_t words, struct span positions,
                    uint32_t count, uint32_t extra);

/* ERR_CORRUPT when there were not as many numbers as post_begin was told. */
int post_end(struct post_writer *w);

/* Puts what is left of the dictionary: at the end of each field. */
int post_flush(struct post_writer *w);

/* Reads a list out of memory, for tests and fuzzing: an entry that is not far, numbers in (before, limit]. */
int post_open_bytes(struct post *p, struct arena *mem, const struct term_entry *e, uint32_t before,
                    uint32_t limit);

#endif
