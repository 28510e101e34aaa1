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

/* Rows as they come, of which only the first `want` are kept (0: all), about: what cannot be among them any more is forgotten
 * from time to time, so that memory does not grow with them. */
struct chosen {
    struct arena *mem;
    struct ordered *at;
    uint32_t count, cap;
    uint64_t want, total; /* total: all that came */
    bool full;            /* `want` were chosen; none that comes after `last` is among the first */
    struct ordered last;
};

/* Takes a row. 0, ERR_NOMEM or ERR_CANCELLED. */
int chosen_take(struct chosen *c, struct ordered row, const volatile bool *cancel);

/* Puts what was kept in order: at[0] to at[count - 1], `want` at most. */
int chosen_end(struct chosen *c, const volatile bool *cancel);

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
