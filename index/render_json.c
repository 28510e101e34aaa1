/* render_json.c -- answers as JSON, whole or a row a line. The keys are a contract:
 * what is taken away or changes its meaning raises ANSWER_FORMAT_VERSION, what is added does not. */
#include "base/json.h"
#include "index/render.h"
#include "index/render_why.h"

static void put_opt(struct buf *b, const char *name, struct span s)
{
    if (s.len)
        json_put_text(b, name, s);
    else
        json_put_null(b, name);
}

static void put_id(struct buf *b, const char *name, uint64_t id)
{
    char text[13];

    id_text(id, text);
    json_put_text(b, name, span_of(text));
}

static void put_paths(struct buf *b, const struct place_row *places, uint32_t count)
{
    json_put_text(b, "path", places[0].path);
    if (count < 2)
        return;
    json_key(b, "paths");
    buf_char(b, '[');
    for (uint32_t i = 0; i < count; i++) {
        json_sep(b);
        json_text(b, places[i].path);
    }
    buf_char(b, ']');
}

static void put_hits(struct buf *b, const struct hit *hits, uint32_t count, uint32_t from)
{
    json_key(b, "highlights");
    buf_char(b, '[');
    for (uint32_t i = 0; i < count; i++) {
        json_sep(b);
        buf_printf(b, "[%u,%u]", hits[i].start - from, hits[i].end - from);
    }
    buf_char(b, ']');
}

/* ---- quotes ------------------------------------------------------------------------------------------ */

static void put_speaker(struct buf *b, const struct shown_quote *q)
{
    if (!q->row->speaker.len) {
        json_put_null(b, "speaker");
        return;
    }
    json_key(b, "speaker");
    buf_char(b, '{');
    json_put_text(b, "name", q->row->speaker);
    put_opt(b, "mention", quote_mention(q));
    put_opt(b, "role", q->row->role);
    if (q->row->person.len)
        json_put_text(b, "person", q->row->person);
    buf_char(b, '}');
}

/* Bytes of the file are told only where the file is the text as it stands. */
static void put_range(struct buf *b, const struct place_row *place, const char *start_name,
                      const char *end_name, uint32_t start, uint32_t end)
{
    json_put_int(b, start_name, (int64_t)place->start + start);
    json_put_int(b, end_name, (int64_t)place->start + end);
}

/* Bytes of the file, where it is plain text; else of its decoded text, or of a record's. */
static void put_where(struct buf *b, const struct place_row *place, uint32_t start, uint32_t end)
{
    if (place->plain) {
        put_range(b, place, "byte_start", "byte_end", start, end);
        return;
    }
    if (place->record)
        json_put_int(b, "record", place->record);
    else
        json_put_null(b, "record");
    put_range(b, place, "text_start", "text_end", start, end);
}

static void put_source(struct buf *b, const struct shown_quote *q)
{
    const struct place_row *place = &q->places[0];

    json_key(b, "source");
    buf_char(b, '{');
    put_paths(b, q->places, q->place_count);
    put_opt(b, "title", q->doc->title);
    put_opt(b, "date", q->doc->date);
    put_opt(b, "outlet", q->doc->outlet);
    if (q->doc->url.len)
        json_put_text(b, "url", q->doc->url);
    json_put_int(b, "line", quote_line(q));
    json_put_int(b, "column", q->row->column);
    put_where(b, place, q->row->start, q->row->end);
    buf_char(b, '}');
}

static void put_why(struct buf *b, const struct shown_quote *q)
{
    char words[400];
    struct span mention = quote_mention(q), cue = quote_cue(q);

    json_key(b, "why");
    buf_char(b, '{');
    if (q->explained) {
        why_json(b, q->text, q->explained, q->places[0].start);
        buf_char(b, '}');
        return;
    }
    json_put_text(b, "rule", q->row->rule);
    json_put_text(b, "explanation", quote_explanation(q, words));
    put_opt(b, "mention", mention);
    if (mention.len)
        put_range(b, &q->places[0], "mention_start", "mention_end", q->row->mention_start,
                  q->row->mention_end);
    put_opt(b, "cue", cue);
    if (cue.len)
        put_range(b, &q->places[0], "cue_start", "cue_end", q->row->cue_start, q->row->cue_end);
    buf_char(b, '}');
}

static void put_quote(struct buf *b, const struct shown_quote *q)
{
    const struct quote_row *row = q->row;

    buf_char(b, '{');
    put_id(b, "id", row->id);
    json_put_text(b, "text", quote_words(q));
    put_speaker(b, q);
    put_opt(b, "cue", quote_cue(q));
    json_put_text(b, "kind", span_of(quote_kind_name(row->kind)));
    if (quote_open(q))
        json_put_bool(b, "open", true);
    put_thousandths_of(b, "confidence", row->confidence);
    json_put_text(b, "rule", row->rule);
    put_id(b, "utterance", q->utterance);
    if (row->twin_of != row->no)
        put_id(b, "twin_of", q->twin_of);
    if (q->inside) {
        put_id(b, "inside", q->inside);
        put_opt(b, "reported_by", q->reported_by);
    }
    put_source(b, q);
    json_put_text(b, "context", quote_context(q));
    if (q->why)
        put_why(b, q);
    buf_char(b, '}');
}

/* ---- documents, contexts, speakers, files ------------------------------------------------------------ */

static void put_document_head(struct buf *b, const struct shown_document *d)
{
    put_id(b, "id", d->doc->id);
    put_opt(b, "title", d->doc->title);
    put_opt(b, "date", d->doc->date);
    put_paths(b, d->places, d->place_count);
    put_opt(b, "outlet", d->doc->outlet);
}

static void put_document_parts(struct buf *b, const struct shown_document *d)
{
    json_key(b, "passages");
    buf_char(b, '[');
    for (uint32_t i = 0; i < d->passage_count; i++) {
        const struct passage *p = &d->passages[i];

        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "text", span_cut(d->text, p->start, p->end));
        json_put_int(b, "line", line_at(d->doc, d->text, d->places, p->start));
        json_put_int(b, "column", column_of_line(d->doc, d->text, p->start));
        put_where(b, d->places, p->start, p->end);
        put_hits(b, p->hits, p->hit_count, p->start);
        buf_char(b, '}');
    }
    buf_str(b, "],\"quotes\":[");
    for (uint32_t i = 0; i < d->quote_count; i++) {
        json_sep(b);
        put_quote(b, &d->quotes[i]);
    }
    buf_char(b, ']');
    if (d->more_quotes)
        json_put_int(b, "more_quotes", d->more_quotes);
}

static void put_document(struct buf *b, const struct shown_document *d)
{
    buf_char(b, '{');
    put_document_head(b, d);
    if (d->score < 0)
        json_put_null(b, "score");
    else
        put_thousandths_of(b, "score", (int)(d->score * 1000 + 0.5));
    if (!d->brief)
        put_document_parts(b, d);
    buf_char(b, '}');
}

static void put_article(struct buf *b, const struct shown_document *d)
{
    buf_char(b, '{');
    put_document_head(b, d);
    put_opt(b, "author", d->doc->author);
    if (d->doc->url.len)
        json_put_text(b, "url", d->doc->url);
    put_opt(b, "lang", d->doc->lang);
    put_opt(b, "place", d->doc->place);
    put_opt(b, "date_basis", d->doc->date_basis);
    json_put_int(b, "line", d->places[0].line);
    json_put_int(b, "words", d->doc->words);
    json_put_int(b, "quotes", d->quote_count);
    json_put_text(b, "text", d->text);
    buf_char(b, '}');
}

static void put_context(struct buf *b, const struct shown_context *c)
{
    const struct shown_quote *q = &c->quote;

    buf_char(b, '{');
    put_id(b, "id", q->row->id);
    json_put_text(b, "path", q->places[0].path);
    put_opt(b, "title", q->doc->title);
    put_opt(b, "date", q->doc->date);
    json_key(b, "paragraphs");
    buf_char(b, '[');
    for (uint32_t i = 0; i < c->paragraph_count; i++) {
        const struct shown_paragraph *p = &c->paragraphs[i];

        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "text", span_cut(q->text, p->start, p->end));
        json_put_int(b, "line", line_at(q->doc, q->text, q->places, p->start));
        json_put_bool(b, "quote", p->quote);
        put_hits(b, &p->hit, p->hit.end > p->hit.start, p->start);
        buf_char(b, '}');
    }
    buf_str(b, "]}");
}

static void put_person(struct buf *b, const struct person *p)
{
    buf_char(b, '{');
    json_put_text(b, "name", p->name);
    json_put_int(b, "quotes", (int64_t)p->quotes);
    json_put_int(b, "articles", (int64_t)p->articles);
    put_opt(b, "first", p->first);
    put_opt(b, "last", p->last);
    buf_char(b, '}');
}

static void put_facet(struct buf *b, const struct shown_facet *f)
{
    buf_char(b, '{');
    json_put_text(b, "value", f->value);
    json_put_int(b, "count", (int64_t)f->count);
    buf_char(b, '}');
}

static void put_file(struct buf *b, const struct file_row *f)
{
    buf_char(b, '{');
    json_put_text(b, "path", f->path);
    json_put_int(b, "size", (int64_t)f->size);
    json_put_int(b, "articles", f->articles);
    json_put_text(b, "state", span_of(file_state(f)));
    put_opt(b, "reason", file_reason(f));
    buf_char(b, '}');
}

static void put_problem(struct buf *b, struct span words)
{
    buf_char(b, '{');
    json_put_text(b, "problem", words);
    buf_char(b, '}');
}

/* ---- one object: format "json" ----------------------------------------------------------------------- */

static void put_cuts(struct buf *b, const struct query_cut *cuts, uint32_t count)
{
    buf_str(b, ",\"cut\":[");
    for (uint32_t i = 0; i < count; i++) {
        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "term", cuts[i].term);
        json_put_int(b, "terms", cuts[i].words);
        json_put_int(b, "used", cuts[i].used);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void json_head(struct render *r, const struct head *head)
{
    struct buf *b = &r->out;

    buf_printf(b, "{\"format_version\":%d,\"total\":%llu", ANSWER_FORMAT_VERSION,
               (unsigned long long)head->total);
    if (r->ask->facet && !r->ask->count) {
        json_put_text(b, "by", span_of(ask_facet_name(r->ask->facet)));
        json_put_int(b, "values", (int64_t)head->values);
    }
    if (r->cut_count)
        put_cuts(b, r->cuts, r->cut_count);
    if (!head->people)
        return;
    buf_str(b, ",\"people\":[");
    for (uint32_t i = 0; i < head->people->count; i++) {
        const struct person *p = &head->people->at[head->people_order[i]];

        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "name", p->name);
        json_put_int(b, "quotes", (int64_t)p->quotes);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void json_section(struct render *r, const char *name)
{
    buf_printf(&r->out, "%s,\"%s\":[", r->in_section ? "]" : "", name);
}

static void json_tail(struct render *r)
{
    if (r->in_section)
        buf_char(&r->out, ']');
    for (uint32_t i = 0; r->result && i < r->result->hint_count; i++) {
        buf_str(&r->out, i ? "," : ",\"did_you_mean\":[");
        json_text(&r->out, span_of(r->result->hints[i]));
    }
    buf_str(&r->out, r->result && r->result->hint_count ? "]}\n" : "}\n");
}

/* A buffer that was just handed over has no last byte to look at, so rows count their own commas. */
#define JSON_ROW(name, put, type)                        \
    static void json_##name(struct render *r, type row)  \
    {                                                    \
        if (r->rows)                                     \
            buf_char(&r->out, ',');                      \
        put(&r->out, row);                               \
    }                                                    \
    static void jsonl_##name(struct render *r, type row) \
    {                                                    \
        put(&r->out, row);                               \
        buf_char(&r->out, '\n');                         \
    }
JSON_ROW(quote, put_quote, const struct shown_quote *)
JSON_ROW(document, put_document, const struct shown_document *)
JSON_ROW(article, put_article, const struct shown_document *)
JSON_ROW(context, put_context, const struct shown_context *)
JSON_ROW(speaker, put_person, const struct person *)
JSON_ROW(facet, put_facet, const struct shown_facet *)
JSON_ROW(file, put_file, const struct file_row *)
JSON_ROW(problem, put_problem, struct span)
#undef JSON_ROW

const struct format format_json = {
    .id = FORMAT_JSON,
    .head = json_head,
    .section = json_section,
    .quote = json_quote,
    .document = json_document,
    .article = json_article,
    .context = json_context,
    .speaker = json_speaker,
    .facet = json_facet,
    .file = json_file,
    .problem = json_problem,
    .tail = json_tail,
};

/* Rows speak for themselves; a count is a row. */
static void jsonl_head(struct render *r, const struct head *head)
{
    if (r->ask->count)
        buf_printf(&r->out, "{\"total\":%llu}\n", (unsigned long long)head->total);
}

/* One row a line: format "jsonl". */
const struct format format_jsonl = {
    .id = FORMAT_JSONL,
    .head = jsonl_head,
    .quote = jsonl_quote,
    .document = jsonl_document,
    .article = jsonl_article,
    .context = jsonl_context,
    .speaker = jsonl_speaker,
    .facet = jsonl_facet,
    .file = jsonl_file,
    .problem = jsonl_problem,
};
