/* render_csv.c -- answers as RFC 4180: a header line, then rows, each of the columns of its verb. */
#include <inttypes.h>

#include "index/render.h"

/* ---- fields ------------------------------------------------------------------------------------------ */

/* A comma is due unless the field begins a line. */
static void put_comma(struct buf *b)
{
    if (b->len && b->at[b->len - 1] != '\n')
        buf_char(b, ',');
}

/* Always in quotation marks: an empty first field must not look like the beginning of the line. */
static void put_text(struct buf *b, struct span s)
{
    put_comma(b);
    buf_char(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"')
            buf_char(b, '"');
        buf_char(b, s.at[i]);
    }
    buf_char(b, '"');
}

static void put_number(struct buf *b, uint64_t n)
{
    put_comma(b);
    buf_printf(b, "%" PRIu64, n);
}

static void put_id(struct buf *b, uint64_t id)
{
    char text[13];

    id_text(id, text);
    put_text(b, span_of(text));
}

static void put_nothing(struct buf *b, int columns)
{
    while (columns-- > 0)
        put_text(b, SPAN(""));
}

static void end_line(struct buf *b)
{
    buf_str(b, "\r\n");
}

/* ---- columns ----------------------------------------------------------------------------------------- */

#define QUOTE_COLUMNS                                                                                     \
    "id,text,speaker,mention,role,cue,kind,confidence,rule,utterance,twin_of,path,title,date,outlet,url," \
    "line,column,byte_start,byte_end,record,text_start,text_end,context,reported_by,person"

static const struct {
    enum ask_verb verb;
    const char *columns;
} headers[] = {
    {ASK_BY, QUOTE_COLUMNS},
    {ASK_SEARCH, "id,title,date,path,outlet,score,line,passage,quotes"},
    {ASK_SHOW, "type," QUOTE_COLUMNS},
    {ASK_CONTEXT, "id,path,title,date,line,quote,text"},
    {ASK_SPEAKERS, "name,quotes,articles,first,last"},
    {ASK_FILES, "path,size,articles,state,reason"},
    {ASK_VERIFY, "problem"},
};

static void csv_head(struct render *r, const struct head *head)
{
    if (r->ask->count) {
        buf_str(&r->out, "total\r\n");
        put_number(&r->out, head->total);
        end_line(&r->out);
        return;
    }
    if (r->ask->facet) {
        buf_str(&r->out, "value,count\r\n");
        return;
    }
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (headers[i].verb == r->ask->verb) {
            buf_str(&r->out, headers[i].columns);
            end_line(&r->out);
        }
}

static void put_ranges(struct buf *b, const struct shown_quote *q)
{
    const struct place_row *place = &q->places[0];

    if (!place->plain) {
        put_nothing(b, 2);
        put_number(b, place->record);
    }
    put_number(b, (uint64_t)place->start + q->row->start);
    put_number(b, (uint64_t)place->start + q->row->end);
    if (place->plain)
        put_nothing(b, 3);
}

static void csv_quote(struct render *r, const struct shown_quote *q)
{
    struct buf *b = &r->out;
    const struct quote_row *row = q->row;

    if (r->ask->verb == ASK_SHOW)
        put_text(b, SPAN("quote"));
    put_id(b, row->id);
    put_text(b, quote_words(q));
    put_text(b, row->speaker);
    put_text(b, quote_mention(q));
    put_text(b, row->role);
    put_text(b, quote_cue(q));
    put_text(b, span_of(quote_kind_name(row->kind)));
    put_comma(b);
    put_thousandths(b, row->confidence);
    put_text(b, row->rule);
    put_id(b, q->utterance);
    if (row->twin_of != row->no)
        put_id(b, q->twin_of);
    else
        put_nothing(b, 1);
    put_text(b, q->places[0].path);
    put_text(b, q->doc->title);
    put_text(b, q->doc->date);
    put_text(b, q->doc->outlet);
    put_text(b, q->doc->url);
    put_number(b, quote_line(q));
    put_number(b, row->column);
    put_ranges(b, q);
    put_text(b, quote_context(q));
    put_text(b, q->reported_by);
    put_text(b, row->person);
    end_line(b);
}

/* The best passage is the one with most highlights; all of them are in the JSON. */
static const struct passage *best_passage(const struct shown_document *d)
{
    const struct passage *best = d->passage_count ? d->passages : NULL;

    for (uint32_t i = 1; i < d->passage_count; i++)
        if (d->passages[i].hit_count > best->hit_count)
            best = &d->passages[i];
    return best;
}

static void csv_document(struct render *r, const struct shown_document *d)
{
    const struct passage *p = best_passage(d);
    struct buf *b = &r->out;

    put_id(b, d->doc->id);
    put_text(b, d->doc->title);
    put_text(b, d->doc->date);
    put_text(b, d->places[0].path);
    put_text(b, d->doc->outlet);
    if (d->score < 0) {
        put_nothing(b, 1);
    } else {
        put_comma(b);
        put_thousandths(b, (uint32_t)(d->score * 1000 + 0.5));
    }
    put_number(b, p ? line_at(d->doc, d->text, d->places, p->start) : d->places[0].line);
    put_text(b, p ? span_cut(d->text, p->start, p->end) : SPAN(""));
    if (d->brief)
        put_nothing(b, 1);
    else
        put_number(b, d->quote_count + d->more_quotes);
    end_line(b);
}

/* The columns of a quote, as far as an article has them. */
static void csv_article(struct render *r, const struct shown_document *d)
{
    struct buf *b = &r->out;

    put_text(b, SPAN("document"));
    put_id(b, d->doc->id);
    put_text(b, d->text);
    put_nothing(b, 9);
    put_text(b, d->places[0].path);
    put_text(b, d->doc->title);
    put_text(b, d->doc->date);
    put_text(b, d->doc->outlet);
    put_text(b, d->doc->url);
    put_number(b, d->places[0].line);
    put_nothing(b, 7);
    end_line(b);
}

static void csv_context(struct render *r, const struct shown_context *c)
{
    const struct shown_quote *q = &c->quote;
    struct buf *b = &r->out;

    for (uint32_t i = 0; i < c->paragraph_count; i++) {
        const struct shown_paragraph *p = &c->paragraphs[i];

        put_id(b, q->row->id);
        put_text(b, q->places[0].path);
        put_text(b, q->doc->title);
        put_text(b, q->doc->date);
        put_number(b, line_at(q->doc, q->text, q->places, p->start));
        put_text(b, p->quote ? SPAN("yes") : SPAN("no"));
        put_text(b, span_cut(q->text, p->start, p->end));
        end_line(b);
    }
}

static void csv_speaker(struct render *r, const struct person *p)
{
    put_text(&r->out, p->name);
    put_number(&r->out, p->quotes);
    put_number(&r->out, p->articles);
    put_text(&r->out, p->first);
    put_text(&r->out, p->last);
    end_line(&r->out);
}

static void csv_facet(struct render *r, const struct shown_facet *f)
{
    put_text(&r->out, f->value);
    put_number(&r->out, f->count);
    end_line(&r->out);
}

static void csv_file(struct render *r, const struct file_row *f)
{
    put_text(&r->out, f->path);
    put_number(&r->out, f->size);
    put_number(&r->out, f->articles);
    put_text(&r->out, span_of(file_state(f)));
    put_text(&r->out, file_reason(f));
    end_line(&r->out);
}

static void csv_problem(struct render *r, struct span words)
{
    put_text(&r->out, words);
    end_line(&r->out);
}

const struct format format_csv = {
    .id = FORMAT_CSV,
    .head = csv_head,
    .quote = csv_quote,
    .document = csv_document,
    .article = csv_article,
    .context = csv_context,
    .speaker = csv_speaker,
    .facet = csv_facet,
    .file = csv_file,
    .problem = csv_problem,
};
