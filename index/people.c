#include "index/people.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/fold.h"

/* ---- counting as quotes come ------------------------------------------------------------------------- */

void people_init(struct people *p, struct arena *mem)
{
    memset(p, 0, sizeof *p);
    p->mem = mem;
}

/* As the index keeps whole names: folded loosely, with single spaces. */
static struct span fold_name(struct span name, char out[LIMIT_WORD])
{
    struct span folded = fold_word(name, FOLD_LOOSE, out);
    size_t n = 0;

    for (size_t i = 0; i < folded.len; i++)
        if ((unsigned char)out[i] > ' ')
            out[n++] = out[i];
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    while (n && out[n - 1] == ' ')
        n--;
    return (struct span){out, n};
}

static uint32_t hash_of(struct span s)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * 16777619u;
    return h;
}

/* The slot that holds the folded name, or the free one where it belongs. */
static uint32_t *slot_of(const struct people *p, struct span folded)
{
    uint32_t i = hash_of(folded) & (p->slot_count - 1);

    while (p->slots[i] && !span_eq(p->at[p->slots[i] - 1].folded, folded))
        i = (i + 1) & (p->slot_count - 1);
    return &p->slots[i];
}

/* Keeps the table at most half full. */
static int make_room(struct people *p)
{
    if (!ARENA_MORE(p->mem, p->at, p->count, p->cap))
        return ERR_NOMEM;
    if (p->slots && p->count < p->slot_count / 2)
        return 0;
    p->slot_count = p->slot_count ? p->slot_count * 2 : 64;
    if (!(p->slots = arena_array(p->mem, p->slot_count, sizeof *p->slots)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->count; i++)
        *slot_of(p, p->at[i].folded) = i + 1;
    return 0;
}

int people_find(struct people *p, struct span name, uint32_t *person)
{
    char bytes[LIMIT_WORD];
    struct span folded = fold_name(name, bytes);
    uint32_t *slot;
    struct person *who;

    if (make_room(p) < 0)
        return ERR_NOMEM;
    slot = slot_of(p, folded);
    if (!*slot) {
        p->at[p->count] =
            (struct person){.name = arena_span(p->mem, name), .folded = arena_span(p->mem, folded)};
        *slot = ++p->count;
    }
    *person = *slot - 1;
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

static int by_quotes(const void *a, const void *b)
{
    const struct person *x = *(const struct person *const *)a, *y = *(const struct person *const *)b;

    if (x->quotes != y->quotes)
        return x->quotes > y->quotes ? -1 : 1;
    return span_cmp(x->folded, y->folded);
}

int people_order(const struct people *p, uint32_t **order)
{
    const struct person **sorted = arena_array(p->mem, (size_t)p->count + 1, sizeof(void *));

    if (!sorted || !(*order = arena_array(p->mem, (size_t)p->count + 1, sizeof **order)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->count; i++)
        sorted[i] = &p->at[i];
    qsort(sorted, p->count, sizeof *sorted, by_quotes);
    for (uint32_t i = 0; i < p->count; i++)
        (*order)[i] = (uint32_t)(sorted[i] - p->at);
    return 0;
}

static int by_folded(const void *a, const void *b)
{
    const struct person *x = *(const struct person *const *)a, *y = *(const struct person *const *)b;

    return span_cmp(x->folded, y->folded);
}

int people_rank(const struct people *p, uint32_t **rank)
{
    const struct person **sorted = arena_array(p->mem, (size_t)p->count + 1, sizeof(void *));

    if (!sorted || !(*rank = arena_array(p->mem, (size_t)p->count + 1, sizeof **rank)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->count; i++)
        sorted[i] = &p->at[i];
    qsort(sorted, p->count, sizeof *sorted, by_folded);
    for (uint32_t i = 0; i < p->count; i++)
        (*rank)[sorted[i] - p->at] = i;
    return 0;
}
