#include "index/nearby.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/search.h"

/* The spans of one thing of the chain, and what of them is left. */
struct thing {
    struct nearby_span *at;
    uint32_t count, cap;
    uint32_t *starts, *ends; /* positions of those that are left, each rising */
    uint32_t most;           /* from the thing before it */
    bool ordered;
};

static int gather(struct arena *mem, const struct query_node *n, const struct phrase_places *places,
                  struct thing *t)
{
    struct phrase_reach *reach;
    uint32_t count;
    int rc = 0;

    if (n->kind != QUERY_WORDS) {
        for (const struct query_node *kid = n->kids; kid && rc == 0; kid = kid->next)
            rc = gather(mem, kid, places, t);
        return rc;
    }
    if (phrase_find(mem, n, places, &reach, &count) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        if (!ARENA_MORE(mem, t->at, t->count, t->cap))
            return ERR_NOMEM;
        t->at[t->count++] = (struct nearby_span){reach[i], n->leaf};
    }
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Most often they rise already. */
static void put_in_order(uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (numbers[i] < numbers[i - 1]) {
            qsort(numbers, count, sizeof *numbers, by_number);
            return;
        }
}

/* Notes the positions of what is left, for those beside it. */
static int note(struct arena *mem, struct thing *t)
{
    t->starts = arena_array(mem, (size_t)t->count + 1, sizeof *t->starts);
    t->ends = arena_array(mem, (size_t)t->count + 1, sizeof *t->ends);
    if (!t->starts || !t->ends)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < t->count; i++) {
        t->starts[i] = t->at[i].reach.from;
        t->ends[i] = t->at[i].reach.pos;
    }
    put_in_order(t->starts, t->count);
    put_in_order(t->ends, t->count);
    return 0;
}

/* Whether one of the rising numbers lies from `first` to `last`. */
static bool any_within(const uint32_t *numbers, uint32_t count, uint64_t first, uint64_t last)
{
    uint32_t at = search_from(numbers, count, first);

    return at < count && numbers[at] <= last;
}

static bool follows(const struct thing *before, const struct nearby_span *s, uint32_t most)
{
    uint32_t from = s->reach.from;

    return any_within(before->ends, before->count, from > most ? from - most : 0, from);
}

static bool precedes(const struct thing *behind, const struct nearby_span *s, uint32_t most)
{
    return any_within(behind->starts, behind->count, s->reach.pos, (uint64_t)s->reach.pos + most);
}

/* Keeps those that are near one of the thing before; one of them, if that will do. */
static int keep_reached(struct arena *mem, struct thing *t, const struct thing *before, bool one)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < t->count && !(one && kept); i++)
        if (follows(before, &t->at[i], t->most) || (!t->ordered && precedes(before, &t->at[i], t->most)))
            t->at[kept++] = t->at[i];
    t->count = kept;
    return note(mem, t);
}

/* Keeps those that one of the thing behind is near to. */
static int keep_leading(struct arena *mem, struct thing *t, const struct thing *behind)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < t->count; i++)
        if (precedes(behind, &t->at[i], behind->most) ||
            (!behind->ordered && follows(behind, &t->at[i], behind->most)))
            t->at[kept++] = t->at[i];
    t->count = kept;
    return note(mem, t);
}

/* Forwards: 1 when the end of the chain is reached, 0 when not. */
static int reach(struct arena *mem, const struct query_node *chain, const struct phrase_places *places,
                 bool one, struct thing **out, uint32_t *things)
{
    uint32_t at = 0;
    struct thing *t;
    int rc;

    *things = 0;
    for (const struct query_node *kid = chain->kids; kid; kid = kid->next)
        ++*things;
    if (!(*out = t = arena_array(mem, *things, sizeof *t)))
        return ERR_NOMEM;
    for (const struct query_node *kid = chain->kids; kid; kid = kid->next, at++) {
        t[at].most = kid->most;
        t[at].ordered = kid->ordered;
        if ((rc = gather(mem, kid, places, &t[at])) < 0 ||
            (rc = at ? keep_reached(mem, &t[at], &t[at - 1], one && !kid->next) : note(mem, &t[at])) < 0)
            return rc;
        if (t[at].count == 0)
            return 0;
    }
    return 1;
}

int nearby_holds(struct arena *mem, const struct query_node *chain, const struct phrase_places *places)
{
    struct thing *t;
    uint32_t things;

    return reach(mem, chain, places, true, &t, &things);
}

int nearby_find(struct arena *mem, const struct query_node *chain, const struct phrase_places *places,
                struct nearby_span **out, uint32_t *count)
{
    uint32_t things, at, all = 0;
    struct thing *t;
    int rc = reach(mem, chain, places, false, &t, &things);

    *out = NULL;
    *count = 0;
    if (rc <= 0)
        return rc;
    for (at = things - 1; at > 0; at--)
        if ((rc = keep_leading(mem, &t[at - 1], &t[at])) < 0)
            return rc;
    for (at = 0; at < things; at++)
        all += t[at].count;
    if (!(*out = arena_array(mem, all, sizeof **out)))
        return ERR_NOMEM;
    for (at = 0; at < things; *count += t[at++].count)
        memcpy(*out + *count, t[at].at, t[at].count * sizeof **out);
    return 0;
}

bool nearby_pair(const uint32_t *first, uint32_t first_count, const uint32_t *next, uint32_t next_count,
                 uint32_t most)
{
    for (uint32_t i = 0, j = 0; j < next_count; j++) {
        while (i < first_count && first[i] < next[j])
            i++;
        if (i && next[j] - first[i - 1] - 1 <= most)
            return true;
    }
    return false;
}
