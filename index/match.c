#include "index/match.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/break.h"
#include "index/expand.h"
#include "index/nearby.h"
#include "index/word.h"

/* The places of one key, growing. */
struct gathered {
    uint32_t *pos, *start, *end;
    uint16_t *width;
    uint32_t count, cap;
    struct fuzzy_walk *walk; /* of a key that asks for what is spelled almost so */
};

struct gathering {
    struct arena *mem;
    const struct query *query;
    uint32_t *order; /* keys in the order of their bytes, those that are looked up by them first */
    uint32_t looked_up;
    struct gathered *keys;
    struct phrase_places *places;
};

/* ---- gathering places -------------------------------------------------------------------------------- */

/* Keys that ask for more than the same bytes come last and are tried one by one: there are few. */
static bool is_looked_up(const struct query_key *key)
{
    return !key_expands(key->how);
}

/* Keys are at most 256, so inserting each in its place costs less than a sort with a context would. */
static int sort_keys(struct gathering *g)
{
    const struct query *q = g->query;
    uint32_t last = q->key_count;

    if (!(g->order = arena_array(g->mem, (size_t)q->key_count + 1, sizeof *g->order)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < q->key_count; i++) {
        uint32_t at = g->looked_up;

        if (!is_looked_up(&q->keys[i])) {
            g->order[--last] = i;
            continue;
        }
        for (; at > 0 && span_cmp(q->keys[g->order[at - 1]].loose, q->keys[i].loose) > 0; at--)
            g->order[at] = g->order[at - 1];
        g->order[at] = i;
        g->looked_up++;
    }
    return 0;
}

/* The first place in `order` of a key with these bytes, or where it would stand. */
static uint32_t find_key(const struct gathering *g, struct span key)
{
    uint32_t low = 0, high = g->looked_up;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (span_cmp(g->query->keys[g->order[middle]].loose, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int more_places(struct arena *mem, struct gathered *k)
{
    uint32_t cap = k->cap ? k->cap * 2 : 8;

    k->pos = arena_grow(mem, k->pos, k->count, cap, sizeof *k->pos);
    k->start = arena_grow(mem, k->start, k->count, cap, sizeof *k->start);
    k->end = arena_grow(mem, k->end, k->count, cap, sizeof *k->end);
    k->width = arena_grow(mem, k->width, k->count, cap, sizeof *k->width);
    k->cap = cap;
    return k->pos && k->start && k->end && k->width ? 0 : ERR_NOMEM;
}

/* Adds a place; of those at one position the narrower stands first. */
static void put_place(struct gathered *k, uint32_t pos, uint16_t width, uint32_t start, uint32_t end)
{
    uint32_t at = k->count++;

    for (; at > 0 && k->pos[at - 1] == pos && k->width[at - 1] > width; at--) {
        k->pos[at] = k->pos[at - 1];
        k->width[at] = k->width[at - 1];
        k->start[at] = k->start[at - 1];
        k->end[at] = k->end[at - 1];
    }
    k->pos[at] = pos;
    k->width[at] = width;
    k->start[at] = start;
    k->end[at] = end;
}

/* What is shown begins and ends between characters as readers see them; some have a sign in front that is in no word. */
static void take_whole_characters(struct span text, uint32_t *start, uint32_t *end)
{
    size_t at, stop = *end;
    uint32_t cp;

    for (at = *start; at > 0; at -= utf8_prev(text.at, text.at + at, &cp)) {
        (void)utf8_prev(text.at, text.at + at, &cp);
        if (char_row(cp)->cluster != GCB_PREPEND)
            break;
    }
    *start = (uint32_t)at;
    while (at < stop)
        at = break_cluster(text, at);
    *end = (uint32_t)at;
}

/* A key that a word gives twice at one position (a whole and its part) counts once, unless it is wider there. */
static int note_place(struct gathering *g, struct span text, uint32_t key, const struct word *w,
                      uint32_t offset)
{
    uint32_t start = w->start, end = g->query->keys[key].how == KEY_BEGINS ? w->head : w->end;
    struct gathered *k = &g->keys[key];

    for (uint32_t i = k->count; i > 0 && k->pos[i - 1] == w->pos; i--)
        if (k->width[i - 1] == w->width || !key_expands(g->query->keys[key].how))
            return 0;
    if (k->count == k->cap && more_places(g->mem, k) < 0)
        return ERR_NOMEM;
    take_whole_characters(text, &start, &end);
    put_place(k, w->pos, w->width, offset + start, offset + end);
    return 0;
}

static bool is_possessive_of(struct span exact, struct span word)
{
    return exact.len == word.len + 2 && span_starts(exact, word) && memcmp(exact.at + word.len, "'s", 2) == 0;
}

/* Whether a word, whose loose key is that of the query's when it is one that is looked up, is what the key asks for. */
static bool is_meant(const struct query *q, const struct query_key *key, struct fuzzy_walk *walk,
                     struct word_reader *r, const struct word *w)
{
    struct span exact;

    if (key->how == KEY_LOOSE)
        return true;
    if (key->how == KEY_BEGINS && !w->pair)
        return false;
    if (key_expands(key->how) && !span_starts(w->key, key->loose) &&
        (key->how == KEY_STEM || key->how == KEY_PREFIX))
        return false;
    exact = key->exact.len ? word_exact(r, w) : w->key;
    if (key_expands(key->how))
        return expand_fits(q, key, walk, w->key, exact);
    return span_eq(exact, key->exact) || (key->how == KEY_UMLAUT && is_possessive_of(exact, key->exact));
}

static int gather_word(struct gathering *g, struct word_reader *r, const struct word *w, uint32_t offset)
{
    const struct query *q = g->query;
    int rc = 0;

    for (uint32_t i = find_key(g, w->key);
         i < g->looked_up && span_eq(q->keys[g->order[i]].loose, w->key) && rc == 0; i++)
        if (is_meant(q, &q->keys[g->order[i]], NULL, r, w))
            rc = note_place(g, r->text, g->order[i], w, offset);
    for (uint32_t i = g->looked_up; i < q->key_count && rc == 0; i++)
        if (is_meant(q, &q->keys[g->order[i]], g->keys[g->order[i]].walk, r, w))
            rc = note_place(g, r->text, g->order[i], w, offset);
    return rc;
}

static int gather(struct gathering *g, struct span text, const struct match_range *ranges, uint32_t count)
{
    uint32_t pos = 0;
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        struct word_reader r;
        struct word w;

        word_open(&r, span_cut(text, ranges[i].start, ranges[i].end), pos);
        for (uint32_t n = 0; rc == 0 && word_next(&r, &w); n++)
            rc = n % 4096 == 4095 && g->query->cancel && *g->query->cancel
                     ? ERR_CANCELLED
                     : gather_word(g, &r, &w, ranges[i].start);
        pos = word_pos(&r) + 1; /* a phrase does not run from one block into the next */
    }
    for (uint32_t i = 0; i < g->query->key_count; i++) {
        const struct gathered *k = &g->keys[i];

        g->places[i] = (struct phrase_places){k->pos, k->start, k->end, k->width, k->count};
    }
    return rc;
}

static int gathering_init(struct gathering *g, struct arena *mem, const struct query *q)
{
    g->mem = mem;
    g->query = q;
    g->keys = arena_array(mem, (size_t)q->key_count + 1, sizeof *g->keys);
    g->places = arena_array(mem, (size_t)q->key_count + 1, sizeof *g->places);
    if (!g->keys || !g->places)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < q->key_count; i++)
        if (q->keys[i].how == KEY_FUZZY && !(g->keys[i].walk = arena_alloc(mem, sizeof *g->keys[i].walk)))
            return ERR_NOMEM;
    return sort_keys(g);
}

/* ---- leaves ------------------------------------------------------------------------------------------ */

struct hits {
    struct hit *at;
    uint32_t count, cap;
};

static int find_leaf(struct gathering *g, const struct query_node *n, struct match *m, struct hits *hits)
{
    struct phrase_reach *reach;
    uint32_t count;

    if (phrase_find(g->mem, n, g->places, &reach, &count) < 0)
        return ERR_NOMEM;
    m->seen[n->leaf] = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!ARENA_MORE(g->mem, hits->at, hits->count, hits->cap))
            return ERR_NOMEM;
        hits->at[hits->count++] = (struct hit){reach[i].start, reach[i].end, n->leaf};
    }
    return 0;
}

static int find_near(struct gathering *g, const struct query_node *n, struct match *m, struct hits *hits)
{
    struct nearby_span *spans;
    uint32_t count;

    if (nearby_find(g->mem, n, g->places, &spans, &count) < 0)
        return ERR_NOMEM;
    m->seen[n->leaf] = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!ARENA_MORE(g->mem, hits->at, hits->count, hits->cap))
            return ERR_NOMEM;
        hits->at[hits->count++] = (struct hit){spans[i].reach.start, spans[i].reach.end, spans[i].leaf};
        m->seen[spans[i].leaf] = true;
    }
    return 0;
}

static int find_leaves(struct gathering *g, const struct query_node *n, struct match *m, struct hits *hits)
{
    int rc = 0;

    for (; n && rc == 0; n = n->next) {
        if (n->kind == QUERY_WORDS)
            rc = find_leaf(g, n, m, hits);
        else if (n->kind == QUERY_NEAR)
            rc = find_near(g, n, m, hits);
        else if (!query_is_filter(n->kind))
            rc = find_leaves(g, n->kids, m, hits);
    }
    return rc;
}

static int by_start(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

int match_text(struct match *m, struct arena *mem, const struct query *q, struct span text,
               const struct match_range *ranges, uint32_t range_count)
{
    struct gathering g = {0};
    struct hits hits = {0};
    int rc;

    memset(m, 0, sizeof *m);
    if (!(m->seen = arena_array(mem, (size_t)q->leaf_count + 1, sizeof *m->seen)))
        return ERR_NOMEM;
    if (q->leaf_count == 0)
        return 0;
    if ((rc = gathering_init(&g, mem, q)) < 0 || (rc = gather(&g, text, ranges, range_count)) < 0 ||
        (rc = find_leaves(&g, q->root, m, &hits)) < 0)
        return rc;
    if (hits.count)
        qsort(hits.at, hits.count, sizeof *hits.at, by_start);
    m->hits = hits.at;
    m->hit_count = hits.count;
    return 0;
}

/* ---- what they mean ---------------------------------------------------------------------------------- */

static bool holds(const struct match *m, const struct query_node *n)
{
    switch (n->kind) {
    case QUERY_WORDS:
    case QUERY_NEAR:
        return m->seen[n->leaf];
    case QUERY_AND:
        for (n = n->kids; n; n = n->next)
            if (!holds(m, n))
                return false;
        return true;
    case QUERY_OR:
        for (n = n->kids; n; n = n->next)
            if (holds(m, n))
                return true;
        return false;
    case QUERY_NOT:
        return query_is_filter(n->kids->kind) || !holds(m, n->kids);
    default: /* filters */
        break;
    }
    return true;
}

bool match_whole(const struct match *m, const struct query *q)
{
    return q->root && holds(m, q->root);
}

static bool has_phrase(const struct match *m, const struct query_node *n)
{
    for (; n; n = n->next) {
        if ((n->kind == QUERY_NEAR || (n->kind == QUERY_WORDS && n->slot_count > 1)) && m->seen[n->leaf])
            return true;
        if ((n->kind == QUERY_AND || n->kind == QUERY_OR) && has_phrase(m, n->kids))
            return true;
    }
    return false;
}

bool match_phrase(const struct match *m, const struct query *q)
{
    return has_phrase(m, q->root);
}

/* ---- ready to be shown ------------------------------------------------------------------------------- */

static bool is_wanted(const struct query_node *n, uint32_t leaf)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_WORDS && n->leaf == leaf)
            return true;
        if ((n->kind == QUERY_AND || n->kind == QUERY_OR || n->kind == QUERY_NEAR) &&
            is_wanted(n->kids, leaf))
            return true;
    }
    return false;
}

void match_drop_unwanted(struct match *m, const struct query *q)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < m->hit_count; i++)
        if (is_wanted(q->root, m->hits[i].leaf))
            m->hits[kept++] = m->hits[i];
    m->hit_count = kept;
}

void match_tidy(struct match *m, const struct query *q)
{
    uint32_t kept = 0;

    match_drop_unwanted(m, q);
    for (uint32_t i = 0; i < m->hit_count; i++) {
        struct hit h = m->hits[i];

        if (kept == 0 || h.start >= m->hits[kept - 1].end)
            m->hits[kept++] = h;
        else if (h.end > m->hits[kept - 1].end)
            m->hits[kept - 1].end = h.end;
    }
    m->hit_count = kept;
}
