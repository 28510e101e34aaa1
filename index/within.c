#include "index/within.h"

#include "base/err.h"
#include "base/search.h"

static int open_text(struct within *w)
{
    return post_open(&w->text, w->mem, w->view, w->segment, FIELD_TEXT, w->term);
}

int within_open(struct within *w, struct arena *mem, struct index_view *v, const struct segment *s,
                enum field field, struct span term)
{
    bool title = field == FIELD_TITLE;

    *w = (struct within){.view = v, .segment = s, .field = field, .term = arena_span(mem, term), .mem = mem};
    column_open(&w->first, v, s, title ? COLUMN_TITLE : COLUMN_STATEMENT);
    column_open(&w->words, v, s, title ? COLUMN_TITLE_WORDS : COLUMN_STATEMENT_WORDS);
    quote_docs_open(&w->docs, v, s);
    return arena_err(mem) ? arena_err(mem) : open_text(w);
}

int within_rewind(struct within *w)
{
    int rc = open_text(w);

    return rc == 0 ? ERR_CORRUPT : rc < 0 ? rc : 0;
}

/* The positions that lie in the stretch of a number, counted from its first. */
static int take(struct within *w, uint32_t number, const uint32_t *positions, uint32_t count)
{
    uint32_t first, words;
    int rc = column_at(&w->words, number, &words);

    if (rc < 0 || words == 0 || (rc = column_at(&w->first, number, &first)) < 0)
        return rc;
    if (first-- == 0)
        return ERR_CORRUPT;
    w->starts[w->count] = w->position_count;
    for (uint32_t low = search_from(positions, count, first); low < count && positions[low] - first < words;
         low++) {
        if (!ARENA_MORE(w->mem, w->positions, w->position_count, w->position_cap))
            return arena_err(w->mem);
        w->positions[w->position_count++] = positions[low] - first;
    }
    w->numbers[w->count] = number;
    w->counts[w->count] = w->position_count - w->starts[w->count];
    w->count += w->counts[w->count] != 0;
    return 0;
}

/* Numbers from `from` up to `until`, of the document that the list stands on, as far as they fit a block. */
static int take_all(struct within *w, uint32_t from, uint32_t until)
{
    const uint32_t *positions;
    int64_t count = post_positions(&w->text, &positions);
    int rc = count < 0 ? (int)count : 0;

    w->count = w->position_count = 0;
    for (uint32_t number = from; rc == 0 && number < until && w->count < WITHIN_BLOCK; number++)
        rc = take(w, number, positions, (uint32_t)count);
    return rc;
}

static int load_title(struct within *w, uint32_t number)
{
    int rc;

    for (; (rc = post_seek(&w->text, number)) == 1; number = w->text.doc + 1)
        if ((rc = take_all(w, w->text.doc, w->text.doc + 1)) < 0 || w->count)
            return rc < 0 ? rc : 1;
    return rc;
}

static int load_statements(struct within *w, uint32_t number)
{
    const struct segment *s = w->segment;
    uint32_t doc;
    int rc;

    if (number < s->first_quote)
        number = s->first_quote;
    if (number > s->last_quote || s->last_quote < s->first_quote)
        return 0;
    if ((rc = quote_docs_find(&w->docs, number, &doc)) < 0)
        return rc;
    for (; (rc = post_seek(&w->text, doc)) == 1; doc = w->text.doc + 1) {
        if ((rc = quote_docs_look(&w->docs, w->text.doc)) < 0)
            return rc;
        if ((rc = take_all(w, number > w->docs.from ? number : w->docs.from, w->docs.until)) < 0 || w->count)
            return rc < 0 ? rc : 1;
    }
    return rc;
}

int within_load(struct within *w, uint32_t number)
{
    return w->field == FIELD_TITLE ? load_title(w, number) : load_statements(w, number);
}
