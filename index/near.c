#include "index/near.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/post.h"
#include "index/term.h"

enum {
    LETTERS = 64,      /* no word of so many is looked for */
    WALK_MOST = 60000, /* terms looked at for one word: some 60 milliseconds, on the largest archives */
    BEGUN_MOST = 2000  /* terms of one beginning */
};

static unsigned forgiven(uint32_t letters)
{
    return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

/* Letters of a text: how many, LETTERS at most; ends[i] is the byte behind letter i. */
static uint32_t spell(struct span s, uint32_t letters[LETTERS], uint16_t ends[LETTERS])
{
    const char *at = s.at, *end = s.at + s.len;
    uint32_t count = 0;

    while (at < end && count < LETTERS) {
        at += utf8_next(at, end, &letters[count]);
        ends[count++] = (uint16_t)(at - s.at);
    }
    return count;
}

/* ---- mistakes, row by row ---------------------------------------------------------------------------- */

/* rows[i][j]: mistakes between the first i letters of a term and the first j of the word. */
struct table {
    uint32_t word[LETTERS], word_count;
    uint32_t term[LETTERS];
    uint16_t word_ends[LETTERS], ends[LETTERS];
    uint8_t rows[LETTERS + 1][LETTERS + 1];
};

static uint8_t least_of(uint8_t a, uint8_t b)
{
    return a < b ? a : b;
}

static void table_open(struct table *t, struct span word)
{
    t->word_count = spell(word, t->word, t->word_ends);
    for (uint32_t j = 0; j <= t->word_count; j++)
        t->rows[0][j] = (uint8_t)j;
}

/* Fills row i for letter i - 1 of the term. Returns its least number: no longer term has fewer mistakes. */
static uint8_t fill_row(struct table *t, uint32_t i)
{
    uint8_t *row = t->rows[i], *above = t->rows[i - 1], least;

    least = row[0] = (uint8_t)i;
    for (uint32_t j = 1; j <= t->word_count; j++) {
        row[j] = (uint8_t)(above[j - 1] + (t->term[i - 1] != t->word[j - 1]));
        row[j] = least_of(row[j], (uint8_t)(least_of(above[j], row[j - 1]) + 1));
        if (i > 1 && j > 1 && t->term[i - 1] == t->word[j - 2] && t->term[i - 2] == t->word[j - 1])
            row[j] = least_of(row[j], (uint8_t)(t->rows[i - 2][j - 2] + 1));
        least = least_of(least, row[j]);
    }
    return least;
}

unsigned near_mistakes(struct span a, struct span b, unsigned most)
{
    struct table t;
    uint32_t count;

    table_open(&t, b);
    count = spell(a, t.term, t.ends);
    for (uint32_t i = 1; i <= count; i++)
        if (fill_row(&t, i) > most)
            return most + 1;
    return t.rows[count][t.word_count] > most ? most + 1 : t.rows[count][t.word_count];
}

/* ---- the walk ---------------------------------------------------------------------------------------- */

struct search {
    struct arena *mem;
    struct index_view *view;
    enum field field;
    struct table table;
    uint32_t known; /* letters of the table's term whose rows are filled */
    struct near *found;
    uint32_t count, cap;
};

/* How often a term stands in the index, and whether a living number has it. */
static int measure(struct search *s, struct near *n, bool *lives)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(s->view, &segment_count);
    struct arena lists = ARENA_INIT;
    bool docs = s->field == FIELD_TEXT;
    int rc = 0, dead;

    *lives = false;
    for (uint32_t i = 0; i < segment_count && rc >= 0; i++) {
        struct post post;

        rc = post_open(&post, &lists, s->view, &segments[i], s->field, n->term);
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

/* Where the walk goes on behind all terms that begin with the first `letters` letters of this one: at the same beginning with a
 * letter less and then the next letter of the word, when only letters of the word could help; else right behind. */
static struct span behind(struct search *s, struct span term, uint32_t letters, unsigned most,
                          char out[LIMIT_TERM + 8])
{
    struct table *t = &s->table;
    uint32_t kept = letters - 1, gone = t->term[kept], next = UINT32_MAX;
    size_t len = t->ends[kept];

    t->term[kept] = UINT32_MAX; /* no letter of the word */
    if (fill_row(t, letters) > most) {
        for (uint32_t j = 0; j < t->word_count; j++)
            if (t->word[j] > gone && t->word[j] < next)
                next = t->word[j];
        len = kept ? t->ends[kept - 1] : 0;
        memcpy(out, term.at, len);
        if (next != UINT32_MAX)
            return (struct span){out, len + utf8_put(out + len, next)};
    }
    memcpy(out, term.at, len);
    out[len] = (char)0xff; /* no byte of UTF-8 is greater */
    return (struct span){out, len + 1};
}

/* Compares a term, letter by letter from where it differs from the one before. *next is where the walk goes on. */
static int compare(struct search *s, struct span term, unsigned most, char next[LIMIT_TERM + 8],
                   struct span *at)
{
    struct table *t = &s->table;
    uint32_t letters[LETTERS], count, i = 0;
    uint16_t ends[LETTERS];
    int rc = 0;

    count = spell(term, letters, ends);
    while (i < s->known && i < count && letters[i] == t->term[i])
        i++;
    for (; i < count; i++) {
        t->term[i] = letters[i];
        t->ends[i] = ends[i];
        if (fill_row(t, i + 1) > most) {
            *at = behind(s, term, i + 1, most, next);
            s->known = i;
            return 0;
        }
    }
    s->known = count;
    if (count && ends[count - 1] == term.len && t->rows[count][t->word_count] <= most &&
        t->rows[count][t->word_count] > 0)
        rc = keep(s, term, t->rows[count][t->word_count]);
    memcpy(next, term.at, term.len); /* behind its forms (term.h) */
    next[term.len] = TERM_WIDE + 1;
    *at = (struct span){next, term.len + 1};
    return rc;
}

int near_find(struct arena *mem, struct index_view *v, enum field field, struct span key, uint32_t most,
              struct near **out, uint32_t *count)
{
    struct search *s = arena_alloc(mem, sizeof *s);
    char next[LIMIT_TERM + 8];
    struct term_walk *walk;
    struct span term, from;
    unsigned mistakes;
    int rc;

    *out = NULL;
    *count = 0;
    if (!s)
        return ERR_NOMEM;
    s->mem = mem;
    s->view = v;
    s->field = field;
    table_open(&s->table, key);
    mistakes = forgiven(s->table.word_count);
    if (mistakes == 0 || s->table.word_ends[s->table.word_count - 1] != key.len)
        return 0;
    rc = term_walk_open(&walk, mem, v, field, SPAN(""));
    for (uint32_t step = 0; rc == 0 && step < WALK_MOST && (rc = term_walk_next(walk, &term)) == 1; step++)
        if ((rc = compare(s, term, mistakes, next, &from)) == 0)
            rc = term_walk_skip(walk, from);
    return rc < 0 ? rc : give(s, most, out, count);
}

int near_begun(struct arena *mem, struct index_view *v, enum field field, struct span key, uint32_t most,
               struct near **out, uint32_t *count)
{
    struct search s = {.mem = mem, .view = v, .field = field};
    struct term_walk *walk;
    struct span term;
    uint32_t letters[LETTERS];
    uint16_t ends[LETTERS];
    int rc;

    *out = NULL;
    *count = 0;
    if (spell(key, letters, ends) < 3)
        return 0;
    rc = term_walk_open(&walk, mem, v, field, key);
    for (uint32_t step = 0; rc == 0 && step < BEGUN_MOST && (rc = term_walk_next(walk, &term)) == 1; step++)
        rc = term_is_form(term) || term.len == key.len ? 0 : keep(&s, term, 0);
    return rc < 0 ? rc : give(&s, most, out, count);
}
