#include "index/people.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/err.h"
#include "index/fold.h"
#include "index/order.h"

/* ---- counting as quotes come ------------------------------------------------------------------------- */

void people_init(struct people *p, struct arena *mem)
{
    memset(p, 0, sizeof *p);
    p->mem = mem;
}

/* The slot that holds the folded name, or the free one where it belongs. */
static struct people_slot *slot_of(const struct people *p, struct span folded, uint32_t hash)
{
    uint32_t i = hash & (p->slot_count - 1);

    while (p->slots[i].person &&
           (p->slots[i].hash != hash || !span_eq(p->at[p->slots[i].person - 1].folded, folded)))
        i = (i + 1) & (p->slot_count - 1);
    return &p->slots[i];
}

/* Keeps the table at most half full. */
static int make_room(struct people *p)
{
    uint32_t count = p->slot_count;
    struct people_slot *old = p->slots;

    if (!ARENA_MORE(p->mem, p->at, p->count, p->cap))
        return ERR_NOMEM;
    if (old && p->count < count / 2)
        return 0;
    p->slot_count = count ? count * 4 : 64;
    if (!(p->slots = arena_array(p->mem, p->slot_count, sizeof *p->slots)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++)
        if (old[i].person) {
            uint32_t at = old[i].hash & (p->slot_count - 1);
            while (p->slots[at].person)
                at = (at + 1) & (p->slot_count - 1);
            p->slots[at] = old[i];
        }
    return 0;
}

int people_find(struct people *p, struct span name, uint32_t *person)
{
    char bytes[LIMIT_WORD];
    struct span folded = fold_name(name, bytes);
    uint32_t hash = (uint32_t)XXH3_64bits(folded.at, folded.len);
    struct people_slot *slot;
    struct person *who;

    if (make_room(p) < 0)
        return ERR_NOMEM;
    slot = slot_of(p, folded, hash);
    if (!slot->person) {
        p->at[p->count] =
            (struct person){.name = arena_span(p->mem, name), .folded = arena_span(p->mem, folded)};
        *slot = (struct people_slot){hash, ++p->count};
    }
    *person = slot->person - 1;
    who = &p->at[*person];
    if (span_cmp(name, who->name) > 0)
        who->name = arena_span(p->mem, name);
    return arena_err(p->mem);
}

int people_count(struct people *p, struct span name, uint32_t *person)
{
    int rc = people_find(p, name, person);

    if (rc == 0)
        p->at[*person].quotes++;
    return rc;
}

static int by_key_and_name(const void *a, const void *b, void *ctx)
{
    const struct ordered *x = a, *y = b;
    const struct people *p = ctx;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return span_cmp(p->at[x->no].folded, p->at[y->no].folded);
}

/* The first bytes of a name as a number, which decides most comparisons. */
static uint64_t head_of(struct span s)
{
    uint64_t head = 0;

    for (size_t i = 0; i < sizeof head; i++)
        head = head << 8 | (i < s.len ? (unsigned char)s.at[i] : 0);
    return head;
}

/* The people in the order of their rows' keys, then of their names; as people_order. */
static int put_in_order(const struct people *p, struct ordered *rows, uint64_t want,
                        const volatile bool *cancel)
{
    uint32_t first = want && want < p->count ? (uint32_t)want : p->count;
    int rc = order_first(p->mem, rows, p->count, first, cancel);

    for (uint32_t i = first, last = first - 1; rc == 0 && first && i < p->count; i++)
        if (rows[i].key == rows[last].key &&
            rows[i].then == rows[last].then) { /* its name may be before that */
            struct ordered row = rows[first];
            rows[first++] = rows[i];
            rows[i] = row;
        }
    if (rc == 0)
        qsort_r(rows, first, sizeof *rows, by_key_and_name, (void *)(uintptr_t)p);
    return rc;
}

int people_order(const struct people *p, uint64_t want, uint32_t **order, const volatile bool *cancel)
{
    struct ordered *rows = arena_array(p->mem, (size_t)p->count + 1, sizeof *rows);
    int rc;

    if (!rows || !(*order = arena_array(p->mem, (size_t)p->count + 1, sizeof **order)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->count; i++)
        rows[i] = (struct ordered){.key = ~p->at[i].quotes, .then = head_of(p->at[i].folded), .no = i};
    rc = put_in_order(p, rows, want, cancel);
    for (uint32_t i = 0; i < p->count; i++)
        (*order)[i] = rows[i].no;
    return rc;
}

int people_rank(const struct people *p, uint64_t want, uint32_t **rank, const volatile bool *cancel)
{
    struct ordered *rows = arena_array(p->mem, (size_t)p->count + 1, sizeof *rows);
    int rc;

    if (!rows || !(*rank = arena_array(p->mem, (size_t)p->count + 1, sizeof **rank)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->count; i++)
        rows[i] = (struct ordered){.then = head_of(p->at[i].folded), .no = i};
    rc = put_in_order(p, rows, want, cancel);
    for (uint32_t i = 0; i < p->count; i++)
        (*rank)[rows[i].no] = i;
    return rc;
}
