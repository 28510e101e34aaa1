#include "index/near.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/fuzzy.h"
#include "index/post.h"
#include "index/term.h"

enum {
    WALK_MOST = 60000, /* terms looked at for one word: some 60 milliseconds, on the largest archives */
    BEGUN_LEAST = 3,   /* letters of a beginning, */
    BEGUN_MOST = 2000  /* and terms that begin so */
};

/* ---- the walk ---------------------------------------------------------------------------------------- */

struct search {
    struct arena *mem;
    struct index_view *view;
    enum field field;
    struct fuzzy fuzzy;
    struct fuzzy_walk walk;
    struct near *found;
    uint32_t count, cap;
};

/* How often a term stands in the index, and whether a living number has it. */
static int measure(struct search *s, struct near *n, bool *lives)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(s->view, &segment_count);
    struct arena lists = ARENA_INIT;
    bool docs = field_of_documents(s->field);
    int rc = 0, dead;

    *lives = false;
    for (uint32_t i = 0; i < segment_count && rc >= 0; i++) {
        struct post post;

        rc = post_open(&post, &lists, s->view, &segments[i], s->field, n->term);
        if (rc == 1 && (dead = post_measure(&post)) < 0)
            rc = dead;
        n->df += rc == 1 ? post.df : 0;
        while (rc == 1 && !*lives && (rc = post_next(&post)) == 1) {
            dead = docs ? view_doc_dead(s->view, post.doc) : view_quote_dead(s->view, post.doc);
            *lives = dead == 0;
            rc = dead < 0 ? dead : 1;
        }
        arena_reset(&lists);
    }
    arena_free(&lists);
    return rc < 0 ? rc : 0;
}

static int keep(struct search *s, struct span term, unsigned mistakes)
{
    struct near n = {.mistakes = mistakes, .term = arena_span(s->mem, term)};
    bool lives;
    int rc = measure(s, &n, &lives);

    if (rc < 0 || !lives)
        return rc;
    if (!ARENA_MORE(s->mem, s->found, s->count, s->cap))
        return ERR_NOMEM;
    s->found[s->count++] = n;
    return 0;
}

static int by_frequency(const void *a, const void *b)
{
    const struct near *x = a, *y = b;

    if (x->df != y->df)
        return x->df > y->df ? -1 : 1;
    if (x->mistakes != y->mistakes)
        return x->mistakes < y->mistakes ? -1 : 1;
    return span_cmp(x->term, y->term);
}

static int give(struct search *s, uint32_t most, struct near **out, uint32_t *count)
{
    if (s->count)
        qsort(s->found, s->count, sizeof *s->found, by_frequency);
    *out = s->found;
    *count = s->count < most ? s->count : most;
    return 0;
}

/* Compares a term. *at is where the walk goes on: behind all terms that begin as this one does, where none of those is near;
 * else behind its forms (term.h). */
static int compare(struct search *s, struct span term, char next[LIMIT_TERM + 1], struct span *at)
{
    size_t len = term_key_len(term);
    int rc = 0;

    if (fuzzy_is_near(&s->walk, &s->fuzzy, span_cut(term, 0, len)) && len == term.len &&
        fuzzy_distance(&s->walk, &s->fuzzy))
        rc = keep(s, term, fuzzy_distance(&s->walk, &s->fuzzy));
    memcpy(next, term.at, len);
    len = s->walk.dead ? s->walk.dead : len;
    next[len] = s->walk.dead ? (char)0xff /* no byte of UTF-8 is greater */ : TERM_PAIR + 1;
    *at = (struct span){next, len + 1};
    return rc;
}

int near_find(struct arena *mem, struct index_view *v, enum field field, struct span key, uint32_t most,
              struct near **out, uint32_t *count)
{
    struct search *s = arena_alloc(mem, sizeof *s);
    char next[LIMIT_TERM + 1];
    struct term_walk *walk;
    struct span term, from;
    int rc;

    *out = NULL;
    *count = 0;
    if (!s)
        return ERR_NOMEM;
    s->mem = mem;
    s->view = v;
    s->field = field;
    if (!fuzzy_init(&s->fuzzy, key) || s->fuzzy.most == 0)
        return 0;
    rc = term_walk_open(&walk, mem, v, field_of_lists(field), SPAN(""));
    for (uint32_t step = 0; rc == 0 && step < WALK_MOST && (rc = term_walk_next(walk, &term)) == 1; step++)
        if ((rc = compare(s, term, next, &from)) == 0)
            rc = term_walk_skip(walk, from);
    return rc < 0 ? rc : give(s, most, out, count);
}

int near_begun(struct arena *mem, struct index_view *v, enum field field, struct span key, uint32_t most,
               struct near **out, uint32_t *count)
{
    struct search s = {.mem = mem, .view = v, .field = field};
    struct term_walk *walk;
    struct span term;
    int rc;

    *out = NULL;
    *count = 0;
    if (fuzzy_init(&s.fuzzy, key) && s.fuzzy.count < BEGUN_LEAST)
        return 0;
    rc = term_walk_open(&walk, mem, v, field_of_lists(field), key);
    for (uint32_t step = 0; rc == 0 && step < BEGUN_MOST && (rc = term_walk_next(walk, &term)) == 1; step++)
        rc = term_is_form(term) || term.len == key.len ? 0 : keep(&s, term, 0);
    return rc < 0 ? rc : give(&s, most, out, count);
}
