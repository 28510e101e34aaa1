#include "index/where.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/lists.h"
#include "index/nearby.h"
#include "index/plan.h"

struct finding {
    struct arena *mem;
    struct index_view *view;
    const struct query *query;
    const volatile bool *cancel;
    bool *asked;                  /* by key: some wanted leaf has it */
    struct lists *lists;          /* by key, of the segment at work */
    bool *stands;                 /* by key: there are lists and they have not ended */
    struct phrase_places *places; /* by key, of the document at work */
};

/* ---- leaves ------------------------------------------------------------------------------------------ */

/* Calls `each` for every WORDS and NEAR node that speaks for a document. */
static int each_leaf(struct finding *f, const struct query_node *n,
                     int (*each)(struct finding *f, const struct query_node *leaf, void *ctx), void *ctx)
{
    int rc = 0;

    for (; n && rc == 0; n = n->next) {
        if (n->kind == QUERY_WORDS || n->kind == QUERY_NEAR)
            rc = each(f, n, ctx);
        else if (!query_is_filter(n->kind) && n->kind != QUERY_NOT)
            rc = each_leaf(f, n->kids, each, ctx);
    }
    return rc;
}

static int ask_keys(struct finding *f, const struct query_node *leaf, void *ctx);

static int ask_keys_under(struct finding *f, const struct query_node *thing, void *ctx)
{
    if (thing->kind == QUERY_WORDS)
        return ask_keys(f, thing, ctx);
    for (const struct query_node *kid = thing->kids; kid; kid = kid->next)
        (void)ask_keys_under(f, kid, ctx);
    return 0;
}

static int ask_keys(struct finding *f, const struct query_node *leaf, void *ctx)
{
    (void)ctx;
    if (leaf->kind == QUERY_NEAR)
        for (const struct query_node *kid = leaf->kids; kid; kid = kid->next)
            (void)ask_keys_under(f, kid, ctx);
    for (uint32_t i = 0; i < leaf->slot_count; i++)
        for (uint32_t way = 0; way < leaf->slots[i].count; way++)
            for (uint32_t k = 0; k < leaf->slots[i].ways[way].count; k++)
                f->asked[leaf->slots[i].ways[way].keys[k]] = true;
    return 0;
}

static int open_lists(struct finding *f, struct arena *mem, const struct segment *s)
{
    int rc;

    for (uint32_t i = 0; i < f->query->key_count; i++) {
        if (!f->asked[i])
            continue;
        if ((rc = lists_open(&f->lists[i], mem, f->view, s, FIELD_TEXT, f->query, i, true)) < 0)
            return rc;
        f->stands[i] = rc == 1;
    }
    return 0;
}

/* The places of all keys in a document. */
static int read_places(struct finding *f, struct arena *mem, uint32_t doc)
{
    int rc;

    for (uint32_t i = 0; i < f->query->key_count; i++) {
        struct phrase_places *p = &f->places[i];

        *p = (struct phrase_places){0};
        if (!f->asked[i] || !f->stands[i])
            continue;
        if ((rc = lists_seek(&f->lists[i], doc)) < 0)
            return rc;
        f->stands[i] = rc == 1;
        if (rc == 1 && f->lists[i].doc == doc && (rc = lists_places(&f->lists[i], mem, p)) < 0)
            return rc;
    }
    return 0;
}

struct leaf_places {
    struct leaf_place *at;
    uint32_t count, cap;
};

static int add_near_places(struct finding *f, const struct query_node *chain, struct leaf_places *all)
{
    struct nearby_span *spans;
    uint32_t count;

    if (nearby_find(f->mem, chain, f->places, &spans, &count) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        if (!ARENA_MORE(f->mem, all->at, all->count, all->cap))
            return ERR_NOMEM;
        all->at[all->count++] = (struct leaf_place){spans[i].reach.from, spans[i].leaf};
    }
    return 0;
}

static int add_places(struct finding *f, const struct query_node *leaf, void *ctx)
{
    struct leaf_places *all = ctx;
    struct phrase_reach *reach;
    uint32_t count;

    if (leaf->kind == QUERY_NEAR)
        return add_near_places(f, leaf, all);
    if (phrase_find(f->mem, leaf, f->places, &reach, &count) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        if (!ARENA_MORE(f->mem, all->at, all->count, all->cap))
            return ERR_NOMEM;
        all->at[all->count++] = (struct leaf_place){reach[i].from, leaf->leaf};
    }
    return 0;
}

static int by_pos(const void *a, const void *b)
{
    const struct leaf_place *x = a, *y = b;

    if (x->pos != y->pos)
        return x->pos < y->pos ? -1 : 1;
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

static int find_places(struct finding *f, struct where *w, uint32_t count)
{
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        struct leaf_places all = {0};

        if (f->cancel && *f->cancel)
            return ERR_CANCELLED;
        if ((rc = read_places(f, f->mem, w[i].doc)) < 0 ||
            (rc = each_leaf(f, f->query->root, add_places, &all)) < 0)
            return rc;
        if (all.count)
            qsort(all.at, all.count, sizeof *all.at, by_pos);
        w[i].places = all.at;
        w[i].place_count = all.count;
    }
    return rc;
}

/* ---- quotes ------------------------------------------------------------------------------------------ */

static int add_phrase(struct finding *f, const struct query_node *leaf, void *ctx)
{
    return leaf->slot_count > 1 || leaf->kind == QUERY_NEAR ? query_add_kid(f->mem, ctx, leaf) : 0;
}

/* Which quotes may be meant: those that are asked for by who said them and how; else those that match alone, or hold a phrase. */
static int quotes_query(struct finding *f, const struct query_node **root)
{
    struct query_node *either = arena_alloc(f->mem, sizeof *either);
    int rc = query_said(f->query, f->mem, root);

    if (rc < 0 || *root)
        return rc;
    if (!either)
        return ERR_NOMEM;
    either->kind = QUERY_OR;
    if ((rc = query_add_kid(f->mem, either, f->query->root)) < 0)
        return rc;
    if (f->query->root->kind != QUERY_WORDS && (rc = each_leaf(f, f->query->root, add_phrase, either)) < 0)
        return rc;
    *root = either->kids->next ? either : either->kids;
    return 0;
}

static void keep_quote(struct where *w, uint32_t quote)
{
    if (w->quotes_found++ < WHERE_QUOTES)
        w->quotes[w->quotes_kept++] = quote;
}

/* The quote at which a plan stands. A plan gives each once: one that belongs to a later document waits here for it. */
struct standing {
    bool there;
    uint32_t quote;
};

static int next_quote(struct plan *plan, uint32_t from, struct standing *at)
{
    int rc = at->there && at->quote >= from ? 1 : plan_approach(plan, from, &at->quote);

    at->there = rc == 1;
    return rc;
}

static int find_quotes_of(struct plan *plan, struct where *w, struct standing *at)
{
    uint32_t from = w->first_quote;
    int rc = 0;

    while (from - w->first_quote < w->quote_count && (rc = next_quote(plan, from, at)) == 1 &&
           at->quote - w->first_quote < w->quote_count) {
        if ((rc = plan_test(plan, at->quote)) == 1)
            keep_quote(w, at->quote);
        if (rc < 0)
            return rc;
        from = at->quote + 1;
    }
    return rc < 0 ? rc : 0;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int find_quotes(struct finding *f, struct arena *mem, const struct segment *s, struct where *w,
                       uint32_t count)
{
    const unsigned indirect = 1u << QUOTE_INDIRECT, kinds = query_kinds(f->query);
    static const enum field fields[] = {FIELD_QUOTE, FIELD_STATEMENT};
    struct query q = *f->query;
    const struct query_node *root;
    int rc = quotes_query(f, &root);

    for (size_t i = 0; rc == 0 && i < 2; i++) {
        struct standing at = {.there = false};
        struct plan *plan = NULL;

        if (!(kinds & (i ? indirect : ~indirect)))
            continue;
        q.root = (struct query_node *)(uintptr_t)root;
        rc = plan_open(&plan, mem, f->view, s, &q, fields[i], f->cancel);
        for (uint32_t n = 0; rc == 0 && n < count; n++)
            rc = find_quotes_of(plan, &w[n], &at);
        plan_close(&plan);
    }
    for (uint32_t n = 0; n < count; n++)
        qsort(w[n].quotes, w[n].quotes_kept, sizeof w[n].quotes[0], by_number);
    return rc;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static int find_in(struct finding *f, const struct segment *s, struct where *w, uint32_t count)
{
    struct arena lists = ARENA_INIT;
    int rc = open_lists(f, &lists, s);

    if (rc == 0)
        rc = find_places(f, w, count);
    if (rc == 0)
        rc = find_quotes(f, &lists, s, w, count);
    arena_free(&lists);
    return rc;
}

int where_find(struct arena *mem, struct index_view *v, const struct query *q, struct where *at,
               uint32_t count, const volatile bool *cancel)
{
    struct finding f = {.mem = mem, .view = v, .query = q, .cancel = cancel};
    uint32_t segment_count;
    const struct segment *segments = view_segments(v, &segment_count);
    size_t keys = (size_t)q->key_count + 1;
    int rc = 0;

    f.asked = arena_array(mem, keys, sizeof *f.asked);
    f.lists = arena_array(mem, keys, sizeof *f.lists);
    f.stands = arena_array(mem, keys, sizeof *f.stands);
    f.places = arena_array(mem, keys, sizeof *f.places);
    if (!f.asked || !f.lists || !f.stands || !f.places)
        return ERR_NOMEM;
    if (!q->root)
        return 0;
    (void)each_leaf(&f, q->root, ask_keys, NULL);
    for (uint32_t i = 0, s = 0; rc == 0 && i < count && s < segment_count; s++) {
        uint32_t end = i;

        while (end < count && at[end].doc <= segments[s].last_doc)
            end++;
        if (end > i)
            rc = find_in(&f, &segments[s], at + i, end - i);
        i = end;
    }
    return rc;
}
