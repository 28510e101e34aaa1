#include "index/phrase.h"

#include <stdlib.h>

#include "base/err.h"

/* What was reached, by rising position. */
struct reached {
    struct phrase_reach *at;
    uint32_t count;
};

/* One step: from `start`, byte and position, over the place p[i]. */
static struct phrase_reach over(const struct phrase_places *p, uint32_t i, uint32_t from, uint32_t start)
{
    return (struct phrase_reach){from, p->pos[i] + (p->width ? p->width[i] : 1), start,
                                 p->end ? p->end[i] : 0};
}

static int by_pos(const void *a, const void *b)
{
    const struct phrase_reach *x = a, *y = b;

    if (x->pos != y->pos)
        return x->pos < y->pos ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

/* Wide words may overtake those that began after them. */
static void put_in_order(struct reached *r)
{
    for (uint32_t i = 1; i < r->count; i++)
        if (by_pos(&r->at[i], &r->at[i - 1]) < 0) {
            qsort(r->at, r->count, sizeof *r->at, by_pos);
            return;
        }
}

/* Every place of a key, as a way through one word. */
static int begin(struct arena *mem, const struct phrase_places *p, struct reached *r)
{
    r->count = p->count;
    if (!(r->at = arena_array(mem, (size_t)p->count + 1, sizeof *r->at)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->count; i++)
        r->at[i] = over(p, i, p->pos[i], p->start ? p->start[i] : 0);
    return 0;
}

/* Keeps the ways that the key prolongs, more than once where it stands in several widths; both rise, so one walk will do. */
static int prolong(struct arena *mem, const struct reached *r, const struct phrase_places *p,
                   struct reached *out)
{
    uint32_t cap = 0;

    *out = (struct reached){NULL, 0};
    for (uint32_t i = 0, j = 0; i < r->count; i++) {
        while (j < p->count && p->pos[j] < r->at[i].pos)
            j++;
        for (uint32_t k = j; k < p->count && p->pos[k] == r->at[i].pos; k++) {
            if (!ARENA_MORE(mem, out->at, out->count, cap))
                return ERR_NOMEM;
            out->at[out->count++] = over(p, k, r->at[i].from, r->at[i].start);
        }
    }
    put_in_order(out);
    return 0;
}

/* Two rising sets become one, each way from one position to another once. */
static int unite(struct arena *mem, struct reached *a, const struct reached *b)
{
    struct phrase_reach *out = arena_array(mem, (size_t)a->count + b->count + 1, sizeof *out);
    uint32_t i = 0, j = 0, n = 0;

    if (!out)
        return ERR_NOMEM;
    while (i < a->count || j < b->count) {
        const struct phrase_reach *next =
            j == b->count || (i < a->count && by_pos(&a->at[i], &b->at[j]) <= 0) ? &a->at[i++] : &b->at[j++];
        if (n == 0 || by_pos(&out[n - 1], next) != 0)
            out[n++] = *next;
    }
    *a = (struct reached){out, n};
    return 0;
}

/* The ways through the keys of one way, from `from`, or from anywhere when that is NULL. */
static int through(struct arena *mem, const struct query_way *way, const struct phrase_places *places,
                   const struct reached *from, struct reached *out)
{
    struct reached now;
    uint32_t key = 0;
    int rc = 0;

    if (from) {
        *out = *from;
    } else {
        if (begin(mem, &places[way->keys[key++]], out) < 0)
            return ERR_NOMEM;
        put_in_order(out);
    }
    for (; rc == 0 && key < way->count; key++) {
        now = *out;
        rc = prolong(mem, &now, &places[way->keys[key]], out);
    }
    return rc;
}

int phrase_find(struct arena *mem, const struct query_node *words, const struct phrase_places *places,
                struct phrase_reach **out, uint32_t *count)
{
    struct reached now = {NULL, 0};

    for (uint32_t i = 0; i < words->slot_count && (i == 0 || now.count); i++) {
        struct reached next = {NULL, 0}, one;

        for (uint32_t way = 0; way < words->slots[i].count; way++) {
            if (through(mem, &words->slots[i].ways[way], places, i ? &now : NULL, &one) < 0)
                return ERR_NOMEM;
            if (way == 0)
                next = one;
            else if (one.count && unite(mem, &next, &one) < 0)
                return ERR_NOMEM;
        }
        now = next;
    }
    *out = now.at;
    *count = now.count;
    return 0;
}
