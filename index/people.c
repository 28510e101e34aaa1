#include "index/people.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/post.h"
#include "index/word.h"

enum { TYPED_MAX = 32 };

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
            (struct person){arena_span(p->mem, name), arena_span(p->mem, folded), 0, 0, {0}, {0}};
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

/* ---- everybody in the index -------------------------------------------------------------------------- */

/* The keys of what was typed; the parts of a hyphenated word stand for it. Other ways to find a word are not asked for. */
static uint32_t typed_keys(struct arena *mem, struct span typed, struct span keys[TYPED_MAX])
{
    struct word_reader r;
    struct word w;
    uint32_t count = 0, whole_pos = 0;

    word_open(&r, typed, 0);
    while (count < TYPED_MAX && word_next(&r, &w)) {
        if (w.kind == WORD_REST)
            continue;
        if (w.kind == WORD_PART && count && w.pos == whole_pos)
            count--; /* the first part takes the place of the whole */
        whole_pos = w.kind == WORD_PART ? UINT32_MAX : w.pos;
        keys[count++] = arena_span(mem, w.key);
    }
    return count;
}

static bool word_begins(struct span name, struct span key)
{
    struct word_reader r;
    struct word w;

    word_open(&r, name, 0);
    while (word_next(&r, &w))
        if (span_starts(w.key, key))
            return true;
    return false;
}

static bool name_has(struct span name, const struct span *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!word_begins(name, keys[i]))
            return false;
    return true;
}

/* How many live quotes the whole name has. */
static int count_quotes(struct index_view *v, struct person *who)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(v, &segment_count);
    struct arena lists = ARENA_INIT;
    int rc = 0;

    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++) {
        struct post post;

        rc = post_open(&post, &lists, v, &segments[i], FIELD_SPEAKER, who->folded);
        while (rc == 1 && (rc = post_next(&post)) == 1) {
            int dead = view_quote_dead(v, post.doc);
            if (dead < 0)
                rc = dead;
            else
                who->quotes += !dead;
            if (rc < 0)
                break;
        }
        arena_reset(&lists);
    }
    arena_free(&lists);
    return rc < 0 ? rc : 0;
}

static int by_quotes_now(const void *a, const void *b)
{
    const struct person *x = a, *y = b;

    return by_quotes(&x, &y);
}

int people_list(struct people *p, struct arena *mem, struct index_view *v, struct span typed,
                const volatile bool *cancel)
{
    struct span keys[TYPED_MAX], term;
    uint32_t key_count = typed_keys(mem, typed, keys), turns = 0;
    struct term_walk *walk;
    int rc;

    people_init(p, mem);
    if ((rc = term_walk_open(&walk, mem, v, FIELD_SPEAKER, SPAN(""))) < 0)
        return rc;
    while ((rc = term_walk_next(walk, &term)) == 1) {
        struct person who = {.quotes = 0};

        if (cancel && ++turns % 256 == 0 && *cancel)
            return ERR_CANCELLED;
        if (!name_has(term, keys, key_count))
            continue;
        who.name = who.folded = arena_span(mem, term);
        if ((rc = count_quotes(v, &who)) < 0)
            return rc;
        if (who.quotes == 0)
            continue;
        if (!ARENA_MORE(mem, p->at, p->count, p->cap))
            return ERR_NOMEM;
        p->at[p->count++] = who;
    }
    if (rc == 0 && p->count)
        qsort(p->at, p->count, sizeof *p->at, by_quotes_now);
    return rc;
}

/* What one more live quote says of the person; `doc` is the article of the quote before it. */
static int fill_from(struct person *who, struct arena *mem, struct arena *scratch, struct index_view *v,
                     uint32_t number, uint32_t *doc_no)
{
    struct quote_row quote;
    struct doc_row doc;
    int rc;

    arena_reset(scratch);
    if ((rc = view_quote(v, scratch, number, &quote)) < 0)
        return rc;
    if (who->name.at == who->folded.at || span_cmp(quote_whose(&quote), who->name) > 0)
        who->name = arena_span(mem, quote_whose(&quote));
    if (quote.doc == *doc_no)
        return arena_err(mem);
    *doc_no = quote.doc;
    who->articles++;
    if ((rc = view_doc(v, scratch, quote.doc, &doc)) < 0)
        return rc;
    if (doc.date.len && (!who->first.len || span_cmp(doc.date, who->first) < 0))
        who->first = arena_span(mem, doc.date);
    if (doc.date.len && span_cmp(doc.date, who->last) > 0)
        who->last = arena_span(mem, doc.date);
    return arena_err(mem);
}

int people_fill(struct person *person, struct arena *mem, struct index_view *v, const volatile bool *cancel)
{
    uint32_t segment_count, doc = 0, turns = 0;
    const struct segment *segments = view_segments(v, &segment_count);
    struct arena lists = ARENA_INIT, scratch = ARENA_INIT;
    int rc = 0;

    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++) {
        struct post post;

        rc = post_open(&post, &lists, v, &segments[i], FIELD_SPEAKER, person->folded);
        while (rc == 1 && (rc = post_next(&post)) == 1) {
            if (cancel && ++turns % 256 == 0 && *cancel)
                rc = ERR_CANCELLED;
            else if ((rc = view_quote_dead(v, post.doc)) == 0)
                rc = fill_from(person, mem, &scratch, v, post.doc, &doc);
            if (rc < 0)
                break;
            rc = 1;
        }
        arena_reset(&lists);
    }
    arena_free(&lists);
    arena_free(&scratch);
    return rc < 0 ? rc : 0;
}
