/* ask_show.c -- quotes and articles by their ids: whole, or with the paragraphs round them. */
#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"
#include "index/asking.h"

/* Numbers that the ids stand for. */
struct numbers {
    uint32_t *at, count, cap;
};

static int add_numbers(struct asking *a, struct numbers *n, enum part part, uint64_t id)
{
    uint32_t *found, count;
    int rc = view_find(a->view, &a->mem, part, id, &found, &count);

    for (uint32_t i = 0; rc >= 0 && i < count; i++) {
        if (!ARENA_MORE(&a->mem, n->at, n->count, n->cap))
            return ERR_NOMEM;
        n->at[n->count++] = found[i];
    }
    return rc;
}

/* The next id of a list that is separated by spaces; empty at the end. */
static struct span next_id(struct span *list)
{
    struct span id = *list = span_trim(*list);

    for (id.len = 0; id.len < list->len && (unsigned char)id.at[id.len] > ' ';)
        id.len++;
    *list = span_cut(*list, id.len, list->len);
    return id;
}

/* Looks the ids up as quotes and, unless `docs` is NULL, as articles. */
static int find_ids(struct asking *a, struct numbers *quotes, struct numbers *docs)
{
    struct span list = a->ask->id, text;
    int rc = 0;

    while (rc >= 0 && (text = next_id(&list)).len) {
        uint64_t id;

        if (!id_parse(text, &id)) {
            (void)snprintf(a->result->detail, sizeof a->result->detail,
                           "“%.*s” is not an id; ids have 12 letters and digits",
                           (int)(text.len < 40 ? text.len : 40), text.at);
            return ERR_ARGS;
        }
        rc = add_numbers(a, quotes, PART_QUOTE_IDS, id);
        if (rc >= 0 && docs)
            rc = add_numbers(a, docs, PART_DOC_IDS, id);
    }
    return rc < 0 ? rc : 0;
}

/* Loads a quote and its document; the row is the document's arena's. */
static int load_by_number(struct asking *a, struct loaded *l, uint32_t number, struct quote_row *row,
                          struct shown_quote *out)
{
    int rc;

    if ((rc = view_quote(a->view, &a->mem, number, row)) < 0 || (rc = load_doc(l, a, row->doc)) < 0)
        return rc;
    return load_quote(l, a, row, out);
}

/* ---- show -------------------------------------------------------------------------------------------- */

/* Finds the document's quotes anew, with their reasons, and this one among them: *out stays NULL when it is not there
 * (rules of another version found it). Takes about as long as indexing the article did. */
static int explain(struct asking *a, struct loaded *l, const struct quote_row *row, const struct quote **out)
{
    struct article article = {.text = l->text,
                              .end = (uint32_t)l->text.len,
                              .blocks = l->doc.blocks,
                              .block_count = l->doc.block_count,
                              .author = l->doc.author,
                              .lang = l->doc.lang};
    struct quote *quotes;
    uint32_t count;
    int rc = load_text(l, a, 0, l->doc.text_len);

    *out = NULL;
    if (rc == 0)
        rc = quote_find(&l->mem, &article, QUOTE_STATEMENTS | QUOTE_REASONS, &quotes, &count);
    for (uint32_t i = 0; rc == 0 && i < count; i++)
        if (quotes[i].start == row->start && quotes[i].end == row->end && quotes[i].kind == row->kind)
            *out = &quotes[i];
    return rc;
}

static int show_quote(struct asking *a, struct loaded *l, uint32_t number)
{
    struct shown_quote shown;
    struct quote_row row;
    int rc = load_by_number(a, l, number, &row, &shown);

    if (rc < 0)
        return rc;
    shown.why = a->ask->why;
    if (shown.why && (rc = explain(a, l, &row, &shown.explained)) < 0)
        return rc;
    render_quote(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
}

/* How many quotes the loaded article has; indirect statements are not counted. */
static int count_quotes(struct asking *a, struct loaded *l, uint32_t *count)
{
    struct quote_row row;
    int rc = 0;

    *count = 0;
    for (uint32_t i = 0; rc >= 0 && i < l->doc.quote_count; i++)
        if ((rc = view_quote(a->view, &l->mem, l->doc.first_quote + i, &row)) == 0)
            *count += row.kind != QUOTE_INDIRECT;
    return rc;
}

static int show_article(struct asking *a, struct loaded *l, uint32_t number)
{
    struct shown_document shown = {.doc = &l->doc};
    int rc = load_doc(l, a, number);

    if (rc < 0 || (rc = load_text(l, a, 0, l->doc.text_len)) < 0 ||
        (rc = count_quotes(a, l, &shown.quote_count)) < 0)
        return rc;
    shown.text = l->text;
    shown.places = l->places;
    shown.place_count = l->place_count;
    render_article(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
}

int ask_show(struct asking *a)
{
    struct loaded loaded = {.places = NULL};
    struct numbers quotes = {0}, docs = {0};
    int rc = find_ids(a, &quotes, &docs);

    if (rc < 0)
        return rc;
    a->result->found = (uint64_t)quotes.count + docs.count;
    render_head(&a->render, &(struct head){.total = a->result->found});
    render_section(&a->render, "quotes");
    for (uint32_t i = 0; rc == 0 && i < quotes.count; i++)
        rc = asking_cancelled(a, true) ? ERR_CANCELLED : show_quote(a, &loaded, quotes.at[i]);
    render_section(&a->render, "documents");
    for (uint32_t i = 0; rc == 0 && i < docs.count; i++)
        rc = asking_cancelled(a, true) ? ERR_CANCELLED : show_article(a, &loaded, docs.at[i]);
    arena_free(&loaded.mem);
    return rc;
}

/* ---- context ----------------------------------------------------------------------------------------- */

static bool overlaps(const struct block *b, const struct quote_row *row)
{
    return b->start < row->end && row->start < b->end;
}

static struct shown_paragraph paragraph_of(const struct block *b, const struct quote_row *row)
{
    struct shown_paragraph p = {.start = b->start, .end = b->end, .quote = overlaps(b, row)};

    if (p.quote) {
        p.hit.start = row->start > b->start ? row->start : b->start;
        p.hit.end = row->end < b->end ? row->end : b->end;
    }
    return p;
}

/* The paragraphs that hold the quote and `around` more on each side, in *from up to *to. Boilerplate is not
 * among the paragraphs. */
static int find_paragraphs(struct loaded *l, const struct quote_row *row, uint32_t around,
                           struct shown_paragraph **out, uint32_t *count)
{
    struct shown_paragraph *all = arena_array(&l->mem, (size_t)l->doc.block_count + 1, sizeof *all);
    uint32_t n = 0, first = UINT32_MAX, last = 0, from, to;

    if (!all)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < l->doc.block_count; i++) {
        const struct block *b = &l->doc.blocks[i];

        if (b->kind == BLOCK_BOILERPLATE && !overlaps(b, row))
            continue;
        if (b->start < row->end)
            last = n; /* the last one that begins before the quote ends */
        if (first == UINT32_MAX && b->end > row->start)
            first = n;
        all[n++] = paragraph_of(b, row);
    }
    if (first > last)
        first = last;
    from = first > around ? first - around : 0;
    to = n - last > around ? last + around + 1 : n;
    *out = all + from;
    *count = n ? to - from : 0;
    return 0;
}

static int show_context(struct asking *a, struct loaded *l, uint32_t number)
{
    uint32_t around = a->ask->context < LIMIT_CONTEXT ? a->ask->context : LIMIT_CONTEXT;
    struct shown_context shown;
    struct shown_paragraph *paragraphs;
    struct quote_row row;
    int rc;

    if ((rc = load_by_number(a, l, number, &row, &shown.quote)) < 0 ||
        (rc = find_paragraphs(l, &row, around, &paragraphs, &shown.paragraph_count)) < 0)
        return rc;
    for (uint32_t i = 0; i < shown.paragraph_count; i++)
        if ((rc = load_text(l, a, paragraphs[i].start, paragraphs[i].end)) < 0)
            return rc;
    shown.paragraphs = paragraphs;
    render_context(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
}

int ask_context(struct asking *a)
{
    struct loaded loaded = {.places = NULL};
    struct numbers quotes = {0};
    int rc = find_ids(a, &quotes, NULL);

    if (rc < 0)
        return rc;
    a->result->found = quotes.count;
    render_head(&a->render, &(struct head){.total = quotes.count});
    render_section(&a->render, "contexts");
    for (uint32_t i = 0; rc == 0 && i < quotes.count; i++)
        rc = asking_cancelled(a, true) ? ERR_CANCELLED : show_context(a, &loaded, quotes.at[i]);
    arena_free(&loaded.mem);
    return rc;
}
