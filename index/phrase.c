#include "index/phrase.h"

#include "base/err.h"

/* Every place of a key, as a way through one word. */
static struct phrase_reach *begin(struct arena *mem, const struct phrase_places *p)
{
    struct phrase_reach *r = arena_array(mem, (size_t)p->count + 1, sizeof *r);

    for (uint32_t i = 0; r && i < p->count; i++)
        r[i] = (struct phrase_reach){p->pos[i] + 1, p->start ? p->start[i] : 0, p->end ? p->end[i] : 0};
    return r;
}

/* Keeps the ways that the key prolongs; both rise, so one walk will do. Returns how many are left. */
static uint32_t prolong(struct phrase_reach *r, uint32_t count, const struct phrase_places *p)
{
    uint32_t kept = 0;

    for (uint32_t i = 0, j = 0; i < count; i++) {
        while (j < p->count && p->pos[j] < r[i].pos)
            j++;
        if (j < p->count && p->pos[j] == r[i].pos)
            r[kept++] = (struct phrase_reach){r[i].pos + 1, r[i].start, p->end ? p->end[j] : 0};
    }
    return kept;
}

/* Two rising sets become one, each position once. */
static uint32_t unite(struct phrase_reach *out, const struct phrase_reach *a, uint32_t a_count,
                      const struct phrase_reach *b, uint32_t b_count)
{
    uint32_t i = 0, j = 0, n = 0;

    while (i < a_count || j < b_count) {
        if (j == b_count || (i < a_count && a[i].pos <= b[j].pos)) {
            j += j < b_count && a[i].pos == b[j].pos;
            out[n++] = a[i++];
        } else {
            out[n++] = b[j++];
        }
    }
    return n;
}

/* The ways through the parts of a slot, from `from`, or from anywhere when that is NULL. */
static int through_parts(struct arena *mem, const struct query_slot *slot, const struct phrase_places *places,
                         const struct phrase_reach *from, uint32_t from_count, struct phrase_reach **out,
                         uint32_t *count)
{
    const struct phrase_places *first = &places[slot->parts[0]];
    uint32_t n = from ? from_count : first->count;

    *out = from ? arena_array(mem, (size_t)n + 1, sizeof **out) : begin(mem, first);
    if (!*out)
        return ERR_NOMEM;
    if (from)
        memcpy(*out, from, n * sizeof **out);
    for (uint32_t i = from ? 0 : 1; i < slot->part_count; i++)
        n = prolong(*out, n, &places[slot->parts[i]]);
    *count = n;
    return 0;
}

/* One slot further. `now` is NULL before the first. */
static int step(struct arena *mem, const struct query_slot *slot, const struct phrase_places *places,
                struct phrase_reach **now, uint32_t *count)
{
    const struct phrase_places *whole = &places[slot->whole];
    struct phrase_reach *parts = NULL, *both;
    uint32_t part_count = 0;
    int rc = 0;

    if (slot->part_count)
        rc = through_parts(mem, slot, places, *now, *count, &parts, &part_count);
    if (rc < 0)
        return rc;
    if (*now) {
        *count = prolong(*now, *count, whole);
    } else {
        *now = begin(mem, whole);
        *count = whole->count;
    }
    if (!*now || part_count == 0)
        return *now ? 0 : ERR_NOMEM;
    both = arena_array(mem, (size_t)*count + part_count, sizeof *both);
    if (!both)
        return ERR_NOMEM;
    *count = unite(both, *now, *count, parts, part_count);
    *now = both;
    return 0;
}

int phrase_find(struct arena *mem, const struct query_node *words, const struct phrase_places *places,
                struct phrase_reach **out, uint32_t *count)
{
    int rc = 0;

    *out = NULL;
    *count = 0;
    for (uint32_t i = 0; rc == 0 && i < words->slot_count && (i == 0 || *count); i++)
        rc = step(mem, &words->slots[i], places, out, count);
    return rc;
}
