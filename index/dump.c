/* dump.c -- the whole logical content, a JSON object a line, in an order that only the content decides.
 *
 *      {"file": path, ..., "articles": [{"article": REF, ...}]}                 by path
 *      {"article": REF, "id": ..., fields and text}                             by REF
 *      {"quote": REF#n, "id": ...}                                              after their article
 *      {"field": 1, "term": "aid", "in": [[REF, positions...], ...]}            by field and term, then by REF
 *
 * REF is the article's id and the hash of its content. Numbers of documents, borders of segments, what is
 * dead and the order of indexing leave no trace: two indexes of the same archive have the same dump, byte for
 * byte. Memory is bounded by a row a document and the longest list of one term.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/json.h"
#include "index/asking.h"
#include "index/post.h"
#include "index/term.h"

/* A live document; its place in the table is its rank. */
struct entry {
    uint64_t id, content;
    uint32_t no, first_quote, quote_count;
};

/* The way back: from numbers, in their order, to ranks. */
struct number {
    uint32_t no, rank;
};

/* One posting of a term, to be sorted by rank. */
struct posting {
    uint32_t rank, ordinal; /* ordinal: of a quote in its article, from 1; 0 for an article */
    uint32_t first, count;  /* its positions */
};

struct dump {
    struct asking *a;
    struct entry *docs;
    struct number *by_no, *by_quote; /* all; those with quotes, by their first */
    uint32_t doc_count, quoted_count, cap;
    struct arena row; /* one line */
};

/* ---- ranks ------------------------------------------------------------------------------------------- */

static int by_content(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->content != y->content)
        return x->content < y->content ? -1 : 1;
    return (x->no > y->no) - (x->no < y->no);
}

static int by_number(const void *a, const void *b)
{
    const struct number *x = a, *y = b;

    return (x->no > y->no) - (x->no < y->no);
}

static int add_doc(struct dump *d, uint32_t no)
{
    struct doc_row row;
    int rc = view_doc_dead(d->a->view, no);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    arena_reset(&d->row);
    rc = view_doc(d->a->view, &d->row, no, &row);
    if (rc < 0)
        return rc == ERR_NOTFOUND ? 0 : rc;
    if (!ARENA_MORE(&d->a->mem, d->docs, d->doc_count, d->cap))
        return ERR_NOMEM;
    d->docs[d->doc_count++] = (struct entry){row.id, row.content, no, row.first_quote, row.quote_count};
    return 0;
}

static int rank_docs(struct dump *d)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(d->a->view, &segment_count);
    int rc = 0;

    for (uint32_t i = 0; i < segment_count; i++)
        for (uint32_t no = segments[i].first_doc; no <= segments[i].last_doc; no++) {
            if ((rc = asking_cancelled(d->a, false) ? ERR_CANCELLED : add_doc(d, no)) < 0)
                return rc;
        }
    d->by_no = arena_array(&d->a->mem, (size_t)d->doc_count + 1, sizeof *d->by_no);
    d->by_quote = arena_array(&d->a->mem, (size_t)d->doc_count + 1, sizeof *d->by_quote);
    if (!d->by_no || !d->by_quote)
        return ERR_NOMEM;
    if (d->doc_count)
        qsort(d->docs, d->doc_count, sizeof *d->docs, by_content);
    for (uint32_t i = 0; i < d->doc_count; i++) {
        d->by_no[i] = (struct number){d->docs[i].no, i};
        if (d->docs[i].quote_count)
            d->by_quote[d->quoted_count++] = (struct number){d->docs[i].first_quote, i};
    }
    qsort(d->by_no, d->doc_count, sizeof *d->by_no, by_number);
    qsort(d->by_quote, d->quoted_count, sizeof *d->by_quote, by_number);
    return 0;
}

/* The last of the numbers that is not greater; NULL when all are. */
static const struct number *find_number(const struct number *numbers, uint32_t count, uint32_t no)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers[middle].no <= no)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &numbers[low - 1] : NULL;
}

/* The rank (and ordinal) of a document or quote; false when it is not alive. */
static bool find_rank(const struct dump *d, enum field field, uint32_t no, struct posting *p)
{
    const struct number *found = field_of_documents(field) ? find_number(d->by_no, d->doc_count, no)
                                                           : find_number(d->by_quote, d->quoted_count, no);

    p->ordinal = 0;
    if (!found)
        return false;
    p->rank = found->rank;
    if (field_of_documents(field))
        return found->no == no;
    p->ordinal = no - found->no + 1;
    return p->ordinal <= d->docs[found->rank].quote_count;
}

/* ---- lines ------------------------------------------------------------------------------------------- */

static void put_ref(struct buf *b, const struct entry *e, uint32_t ordinal)
{
    char id[13];

    id_text(e->id, id);
    buf_printf(b, "\"%s-%016" PRIx64, id, e->content);
    if (ordinal)
        buf_printf(b, "#%u", ordinal);
    buf_char(b, '"');
}

static void put_id(struct buf *b, const char *name, uint64_t id)
{
    char text[13];

    id_text(id, text);
    json_put_text(b, name, span_of(text));
}

static void put_some(struct buf *b, const char *name, struct span s)
{
    if (s.len)
        json_put_text(b, name, s);
}

static void put_range(struct buf *b, const char *name, uint32_t start, uint32_t end)
{
    json_key(b, name);
    buf_printf(b, "[%u,%u]", start, end);
}

static void put_hold(struct dump *d, struct buf *b, const struct place_row *place)
{
    struct posting p;

    if (!find_rank(d, FIELD_TEXT, place->doc, &p))
        return;
    json_sep(b);
    buf_str(b, "{\"article\":");
    put_ref(b, &d->docs[p.rank], 0);
    json_put_int(b, "record", place->record);
    json_put_int(b, "start", place->start);
    json_put_int(b, "line", place->line);
    json_put_bool(b, "plain", place->plain);
    buf_char(b, '}');
}

static int dump_file(void *ctx, const struct file_row *f)
{
    struct dump *d = ctx;
    struct buf *b = &d->a->render.out;
    struct place_row *places;
    uint32_t count;
    int rc;

    arena_reset(&d->row);
    if ((rc = view_holds(d->a->view, &d->row, f->no, &places, &count)) < 0)
        return rc;
    buf_char(b, '{');
    json_put_text(b, "file", f->path);
    json_put_int(b, "size", (int64_t)f->size);
    json_key(b, "hash");
    buf_printf(b, "\"%016" PRIx64 "\"", f->hash);
    json_put_text(b, "charset", f->charset);
    json_put_int(b, "error", f->err);
    put_some(b, "detail", f->detail);
    json_put_int(b, "bad_records", f->bad_records);
    json_key(b, "articles");
    buf_char(b, '[');
    for (uint32_t i = 0; i < count; i++)
        put_hold(d, b, &places[i]);
    buf_str(b, "]}\n");
    return asking_cancelled(d->a, false) ? ERR_CANCELLED : render_flush(&d->a->render, false);
}

static void put_article(struct buf *b, const struct entry *e, const struct doc_row *doc, struct span text)
{
    buf_str(b, "{\"article\":");
    put_ref(b, e, 0);
    put_some(b, "title", doc->title);
    put_some(b, "date", doc->date);
    put_some(b, "date_basis", doc->date_basis);
    put_some(b, "author", doc->author);
    put_some(b, "url", doc->url);
    put_some(b, "outlet", doc->outlet);
    put_some(b, "lang", doc->lang);
    put_some(b, "place", doc->place);
    put_some(b, "given_id", doc->given_id);
    json_put_int(b, "words", doc->words);
    json_key(b, "blocks");
    buf_char(b, '[');
    for (uint32_t i = 0; i < doc->block_count; i++) {
        json_sep(b);
        buf_printf(b, "[%u,%u,%d,%u]", doc->blocks[i].start, doc->blocks[i].end, (int)doc->blocks[i].kind,
                   doc->blocks[i].blank_before);
    }
    buf_char(b, ']');
    json_put_text(b, "text", text);
    buf_str(b, "}\n");
}

static void put_quote(struct buf *b, const struct entry *e, const struct quote_row *q)
{
    buf_str(b, "{\"quote\":");
    put_ref(b, e, q->no - e->first_quote + 1);
    put_id(b, "id", q->id);
    put_range(b, "words", q->start, q->end);
    put_range(b, "context", q->context_start, q->context_end);
    put_range(b, "mention", q->mention_start, q->mention_end);
    put_range(b, "cue", q->cue_start, q->cue_end);
    json_put_int(b, "line", q->line);
    json_put_int(b, "column", q->column);
    json_put_text(b, "kind", span_of(quote_kind_name(q->kind)));
    put_some(b, "speaker", q->speaker);
    put_some(b, "role", q->role);
    put_some(b, "person", q->person);
    json_put_text(b, "rule", q->rule);
    put_some(b, "why", q->why);
    json_put_int(b, "confidence", q->confidence);
    json_put_int(b, "utterance", (int64_t)q->utterance - e->first_quote + 1);
    json_put_int(b, "twin_of", (int64_t)q->twin_of - e->first_quote + 1);
    json_put_int(b, "inside", (int64_t)q->inside - e->first_quote + 1);
    buf_str(b, "}\n");
}

static int dump_doc(struct dump *d, const struct entry *e)
{
    struct buf *b = &d->a->render.out;
    struct doc_row doc;
    struct span text;
    int rc;

    arena_reset(&d->row);
    if ((rc = view_doc(d->a->view, &d->row, e->no, &doc)) < 0 ||
        (rc = view_text(d->a->view, &d->row, &doc, &text)) < 0)
        return rc;
    put_article(b, e, &doc, text);
    for (uint32_t i = 0; i < e->quote_count; i++) {
        struct quote_row quote;

        arena_reset(&d->row);
        if ((rc = view_quote(d->a->view, &d->row, e->first_quote + i, &quote)) < 0)
            return rc;
        quote.no = e->first_quote + i;
        put_quote(b, e, &quote);
        if ((rc = render_flush(&d->a->render, false)) < 0)
            return rc;
    }
    return asking_cancelled(d->a, false) ? ERR_CANCELLED : render_flush(&d->a->render, false);
}

/* ---- terms ------------------------------------------------------------------------------------------- */

/* All postings of one term, and all their positions in a row. */
struct list {
    struct posting *at;
    uint32_t count, cap;
    uint32_t *positions;
    uint32_t position_count, position_cap;
};

static int by_rank(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static int take_posting(struct dump *d, struct list *l, enum field field, struct post *post)
{
    const uint32_t *positions;
    struct posting p;
    int64_t count;

    if (!find_rank(d, field, post->doc, &p))
        return 0;
    if ((count = post_positions(post, &positions)) < 0)
        return (int)count;
    p.first = l->position_count;
    p.count = (uint32_t)count;
    for (uint32_t i = 0; i < p.count; i++) {
        if (!ARENA_MORE(&d->row, l->positions, l->position_count, l->position_cap))
            return ERR_NOMEM;
        l->positions[l->position_count++] = positions[i];
    }
    if (!ARENA_MORE(&d->row, l->at, l->count, l->cap))
        return ERR_NOMEM;
    l->at[l->count++] = p;
    return 0;
}

static int gather(struct dump *d, struct list *l, enum field field, struct span term)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(d->a->view, &segment_count);
    int rc = 0;

    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++) {
        struct post post;

        rc = post_open(&post, &d->row, d->a->view, &segments[i], field, term);
        while (rc == 1 && (rc = post_next(&post)) == 1)
            if ((rc = take_posting(d, l, field, &post)) < 0)
                break;
            else
                rc = 1;
    }
    if (rc >= 0 && l->count)
        qsort(l->at, l->count, sizeof *l->at, by_rank);
    return rc < 0 ? rc : 0;
}

/* Commas are put by hand here: a long line leaves in pieces, and json_sep looks at the byte before. */
static int put_list(struct dump *d, const struct list *l, enum field field, struct span term)
{
    struct buf *b = &d->a->render.out;
    int rc = 0;

    buf_printf(b, "{\"field\":%d,\"term\":", (int)field);
    json_text(b, term);
    buf_str(b, ",\"in\":[");
    for (uint32_t i = 0; rc == 0 && i < l->count; i++) {
        const struct posting *p = &l->at[i];

        buf_str(b, i ? ",[" : "[");
        put_ref(b, &d->docs[p->rank], p->ordinal);
        for (uint32_t j = 0; j < p->count; j++)
            buf_printf(b, ",%u", l->positions[p->first + j]);
        buf_char(b, ']');
        rc = render_flush(&d->a->render, false);
    }
    buf_str(b, "]}\n");
    return rc;
}

static int dump_field(struct dump *d, enum field field)
{
    struct arena mem = ARENA_INIT;
    struct term_walk *walk;
    struct span term;
    int rc = term_walk_open(&walk, &mem, d->a->view, field_of_lists(field), SPAN(""));

    while (rc >= 0 && (rc = term_walk_next(walk, &term)) == 1) {
        struct list list = {0};

        if (field != FIELD_TEXT && term_is_pair(term))
            continue;
        arena_reset(&d->row);
        if ((rc = gather(d, &list, field, term)) < 0 ||
            (list.count && (rc = put_list(d, &list, field, term)) < 0))
            break;
        rc = asking_cancelled(d->a, false) ? ERR_CANCELLED : 0;
    }
    arena_free(&mem);
    return rc;
}

int ask_dump(struct asking *a)
{
    struct dump d = {.a = a};
    struct arena scratch = ARENA_INIT;
    int rc = rank_docs(&d);

    if (rc == 0)
        rc = view_files_by_path(a->view, &scratch, dump_file, &d);
    for (uint32_t i = 0; rc >= 0 && i < d.doc_count; i++)
        rc = dump_doc(&d, &d.docs[i]);
    for (unsigned field = FIELD_TEXT; rc >= 0 && field < FIELDS; field++)
        rc = dump_field(&d, (enum field)field);
    a->result->found = a->result->shown = d.doc_count;
    a->render.format = &format_jsonl; /* lines have no end of their own */
    arena_free(&d.row);
    arena_free(&scratch);
    return rc;
}
