/* touch.h -- what a commit touches, and what an answer hangs on: a bit for the words of names that share it. So that most answers
 * outlive most commits.
 *
 * A commit that only brings in new documents touches the words of the names that they quote. Any that takes a document out,
 * or says that one stands elsewhere, touches everything; a merge touches nothing. What somebody said needs the bits of the
 * words of the name that was asked for: a quote that comes to be in such an answer has them all. Every other answer needs no
 * bit, and hangs on every commit.
 */
#ifndef INDEX_TOUCH_H
#define INDEX_TOUCH_H

#include <stdint.h>
#include <xxhash.h>

#include "index/query.h"

#define TOUCH_ALL UINT64_MAX

static inline uint64_t touch_name(struct span key)
{
    return UINT64_C(1) << XXH3_64bits(key.at, key.len) % 64;
}

/* What the words of speakers that a query asks for need; 0 when it asks for none that all its quotes have. */
uint64_t touch_needs(const struct query *q);

#endif
