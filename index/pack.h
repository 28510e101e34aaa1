/* pack.h -- a block of a posting list: up to 128 numbers, how often the term stands in each, and where.
 *
 *     | count | last | gap bits | count bits | 8 * pos bytes + 4 * ranked + 2 * weighted + aside | extra bits | impact |
 *     | gaps - 1, bit-packed | counts - 1, bit-packed | extras, bit-packed | positions, unless aside |
 *
 * `last` counts from the number before the block, so that a seek passes a block by without unpacking it.
 * The weight of a number, for ranking, is its count and its extra: what its places in titles and quotes weigh more
 * than others (rank.h). A block that has no extras is not `weighted` and leaves out their width and row. A `ranked` block
 * tells its impact in two bytes, low end first: what no number of it exceeds in the part of a score (impact.h).
 * Positions are varint gaps, each number's first one counted from -1. Positions that take more than 600 bytes stand
 * aside, in records of their own.
 *
 * A list of one number (more than half of all lists) is no block. Its count is how often the term stands in all, and its
 * positions take what is left:
 *
 *     | 4 * number + 2 * weighted + aside | extra, if weighted | pos bytes, if aside | positions, unless aside |
 *
 * Its number counts as `last` does.
 *
 * Invariants of what a reader gives:
 *  (1) numbers rise, begin after `before`, and the last is `last`;
 *  (2) counts are 1 or more, weights not less;
 *  (3) there are as many positions as counts say, and those of one number rise.
 */
#ifndef INDEX_PACK_H
#define INDEX_PACK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/take.h"
#include "index/post.h"

enum { PACK_INLINE = 600 };

struct pack {
    uint32_t count, last;
    uint32_t impact; /* IMPACT_MOST when nothing is known */
    unsigned gap_bits, count_bits, extra_bits;
    uint32_t pos_bytes;
    bool weighted, aside;
    uint32_t one, extra;                               /* count and extra of a list of one, else 0 */
    const uint8_t *gaps, *counts, *extras, *positions; /* borrowed; positions is NULL when they stand aside */
    const uint8_t *end;                                /* of the bytes that may be read */
};

/* Takes one block from t; numbers in it are greater than `before`. 1, or ERR_CORRUPT. */
int pack_take(struct take *t, uint32_t before, struct pack *p);

/* The same of a list of one number, where the term stands `cf` times. Takes all of t. */
int pack_take_one(struct take *t, uint32_t before, uint64_t cf, struct pack *p);

/* Unpacks: 1, or ERR_CORRUPT when (1) does not hold; the others cannot fail. */
int pack_numbers(const struct pack *p, uint32_t before, uint32_t numbers[POST_BLOCK]);
void pack_counts(const struct pack *p, uint32_t counts[POST_BLOCK]);
void pack_weights(const struct pack *p, const uint32_t counts[POST_BLOCK], uint32_t weights[POST_BLOCK]);

/* Passes `count` positions by. False when there are not so many. */
bool pack_skip(struct take *positions, uint64_t count);

/* Takes `count` positions. 1, or ERR_CORRUPT when (3) does not hold. */
int pack_positions(struct take *positions, uint32_t count, uint32_t *out);

/* Writes a block; `impact` 0: it is not ranked. `aside` is decided by the length of the positions, and told. */
bool pack_put(struct buf *b, uint32_t before, const uint32_t *numbers, const uint32_t *counts,
              const uint32_t *extras, uint32_t count, uint32_t impact, struct span positions);

/* Writes a list of one number. */
bool pack_put_one(struct buf *b, uint32_t before, uint32_t number, uint32_t extra, struct span positions);

/* Adds the positions of one number, as pack_positions reads them. */
void pack_put_positions(struct buf *b, const uint32_t *positions, uint32_t count);

#endif
