#include "index/order.h"

#include <stdlib.h>

#include "base/err.h"

enum { RUN = 8192 /* rows sorted, or looked at, between two looks at the asker */ };

static bool before(const struct ordered *x, const struct ordered *y)
{
    if (x->key != y->key)
        return x->key < y->key;
    return x->then != y->then ? x->then < y->then : x->no < y->no;
}

static int by_key(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;

    return before(y, x) - before(x, y);
}

static bool is_over(const volatile bool *cancel)
{
    return cancel && *cancel;
}

/* ---- all of them: runs are sorted, then joined two by two -------------------------------------------- */

static int join(const struct ordered *x, uint32_t x_count, const struct ordered *y, uint32_t y_count,
                struct ordered *out, const volatile bool *cancel)
{
    for (uint32_t i = 0, j = 0, n = 0; i < x_count || j < y_count; n++) {
        if (n % RUN == 0 && is_over(cancel))
            return ERR_CANCELLED;
        out[n] = j == y_count || (i < x_count && before(&x[i], &y[j])) ? x[i++] : y[j++];
    }
    return 0;
}

static int sort(struct arena *mem, struct ordered *rows, uint32_t count, const volatile bool *cancel)
{
    struct ordered *from = rows, *to, *swapped;

    for (uint32_t at = 0; at < count; at += RUN) {
        if (is_over(cancel))
            return ERR_CANCELLED;
        qsort(rows + at, count - at < RUN ? count - at : RUN, sizeof *rows, by_key);
    }
    if (count <= RUN)
        return 0;
    if (!(to = arena_array(mem, count, sizeof *to)))
        return ERR_NOMEM;
    for (uint64_t width = RUN; width < count; width *= 2) {
        for (uint64_t at = 0; at < count; at += 2 * width) {
            uint32_t left = (uint32_t)(count - at), x = left < width ? left : (uint32_t)width;
            uint32_t y = left - x < width ? left - x : (uint32_t)width;

            if (join(from + at, x, from + at + x, y, to + at, cancel) < 0)
                return ERR_CANCELLED;
        }
        swapped = from;
        from = to;
        to = swapped;
    }
    if (from != rows)
        memcpy(rows, from, count * sizeof *rows);
    return 0;
}

/* ---- a few of many: a heap of the first `want`, the last of them on top ------------------------------- */

static void sink(struct ordered *heap, uint32_t count, uint32_t at)
{
    struct ordered row = heap[at];

    for (uint32_t kid; (kid = 2 * at + 1) < count; at = kid) {
        if (kid + 1 < count && before(&heap[kid], &heap[kid + 1]))
            kid++;
        if (!before(&row, &heap[kid]))
            break;
        heap[at] = heap[kid];
    }
    heap[at] = row;
}

static int choose(struct ordered *rows, uint32_t count, uint32_t want, const volatile bool *cancel)
{
    for (uint32_t i = want / 2; i-- > 0;)
        sink(rows, want, i);
    for (uint32_t i = want; i < count; i++) {
        if (i % RUN == 0 && is_over(cancel))
            return ERR_CANCELLED;
        if (before(&rows[i], &rows[0])) {
            struct ordered last = rows[0];
            rows[0] = rows[i];
            rows[i] = last;
            sink(rows, want, 0);
        }
    }
    return 0;
}

int order_first(struct arena *mem, struct ordered *rows, uint32_t count, uint64_t want,
                const volatile bool *cancel)
{
    int rc = 0;

    if (want && want < count / 8) {
        rc = choose(rows, count, (uint32_t)want, cancel);
        count = (uint32_t)want;
    }
    return rc < 0 ? rc : sort(mem, rows, count, cancel);
}

/* ---- as they come ------------------------------------------------------------------------------------ */

enum { SPARE = 4096 /* rows more than are wanted, before it is chosen among them */ };

int chosen_take(struct chosen *c, struct ordered row, const volatile bool *cancel)
{
    if (++c->total % RUN == 0 && is_over(cancel))
        return ERR_CANCELLED;
    if (c->full && before(&c->last, &row))
        return 0;
    if (!ARENA_MORE(c->mem, c->at, c->count, c->cap))
        return ERR_NOMEM;
    c->at[c->count++] = row;
    if (c->want == 0 || c->count < 2 * c->want + SPARE)
        return 0;
    if (choose(c->at, c->count, (uint32_t)c->want, cancel) < 0)
        return ERR_CANCELLED;
    c->count = (uint32_t)c->want;
    c->last = c->at[0];
    c->full = true;
    return 0;
}

int chosen_end(struct chosen *c, const volatile bool *cancel)
{
    int rc = order_first(c->mem, c->at, c->count, c->want, cancel);

    if (c->want && c->want < c->count)
        c->count = (uint32_t)c->want;
    return rc;
}
