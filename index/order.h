/* order.h -- many rows of an answer, and the first of them in order.
 *
 *      key   then   no            least key first; of equal keys the least `then`; then the least number
 *
 * No two rows are equal, so the order is the same however they come. Looks at *cancel (may be NULL) every millisecond or so.
 */
#ifndef INDEX_ORDER_H
#define INDEX_ORDER_H

#include "base/arena.h"

struct ordered {
    uint64_t key, then;
    uint32_t no, other; /* other: what the caller wants to remember */
};

/* Brings the first `want` rows (0: all) to the beginning, in order; the others stand behind them in no order. 0, ERR_NOMEM or
 * ERR_CANCELLED. */
int order_first(struct arena *mem, struct ordered *rows, uint32_t count, uint64_t want,
                const volatile bool *cancel);

/* Keys that make the larger number come first, and what has none last. */
static inline uint64_t order_falling(int64_t n)
{
    return UINT64_MAX / 2 - 1 - (uint64_t)(n + INT64_MAX / 4);
}

static inline uint64_t order_rising(int64_t n)
{
    return (uint64_t)(n + INT64_MAX / 4);
}

enum { ORDER_LAST = -1 }; /* (uint64_t)ORDER_LAST: behind all of them */

#endif
