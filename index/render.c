#include "index/render.h"

#include <stdio.h>

#include "base/err.h"
#include "base/json.h"
#include "base/utf8.h"
#include "index/mark.h"

enum { PIECE = 32 * 1024, BUFFER_MAX = 160 * 1024 * 1024 }; /* one row may hold a whole article, escaped */

static const struct format *const formats[] = {&format_text, &format_json, &format_jsonl, &format_csv};

void render_init(struct render *r, const struct ask *ask, ask_sink_fn sink, void *ctx)
{
    memset(r, 0, sizeof *r);
    r->ask = ask;
    r->sink = sink;
    r->ctx = ctx;
    buf_init(&r->out, BUFFER_MAX);
    r->format = &format_text;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (formats[i]->id == ask->format)
            r->format = formats[i];
}

int render_flush(struct render *r, bool all)
{
    if (!r->err)
        r->err = buf_err(&r->out);
    for (size_t at = 0; !r->err && at < r->out.len && (all || r->out.len >= PIECE); at += PIECE) {
        size_t left = r->out.len - at;
        int rc = r->sink(r->ctx, (struct span){r->out.at + at, left < PIECE ? left : PIECE});
        if (rc < 0)
            r->err = rc;
    }
    if (all || r->out.len >= PIECE)
        buf_clear(&r->out);
    return r->err;
}

void render_head(struct render *r, const struct head *head)
{
    if (r->format->head)
        r->format->head(r, head);
}

void render_section(struct render *r, const char *name)
{
    if (r->format->section)
        r->format->section(r, name);
    r->rows = 0;
    r->in_section = true;
}

#define RENDER_ROW(name, type)                     \
    void render_##name(struct render *r, type row) \
    {                                              \
        if (r->format->name && !r->err) {          \
            r->format->name(r, row);               \
            r->rows++;                             \
            (void)render_flush(r, false);          \
        }                                          \
    }
RENDER_ROW(quote, const struct shown_quote *)
RENDER_ROW(document, const struct shown_document *)
RENDER_ROW(article, const struct shown_document *)
RENDER_ROW(context, const struct shown_context *)
RENDER_ROW(speaker, const struct person *)
RENDER_ROW(facet, const struct shown_facet *)
RENDER_ROW(file, const struct file_row *)
RENDER_ROW(problem, struct span)
#undef RENDER_ROW

int render_tail(struct render *r)
{
    if (r->format->tail && !r->err)
        r->format->tail(r);
    return render_flush(r, true);
}

void render_fini(struct render *r)
{
    buf_fini(&r->out);
}

/* ---- facts ------------------------------------------------------------------------------------------- */

/* Offsets come from the store, which is checked, but a cut outside the text would be worse than none. */
static struct span cut(struct span text, uint32_t start, uint32_t end)
{
    return start <= end && end <= text.len ? span_cut(text, start, end) : SPAN("");
}

struct span quote_words(const struct shown_quote *q)
{
    return cut(q->text, q->row->start, q->row->end);
}

struct span quote_context(const struct shown_quote *q)
{
    return cut(q->text, q->row->context_start, q->row->context_end);
}

bool quote_open(const struct shown_quote *q)
{
    const struct quote_row *row = q->row;

    return row->kind != QUOTE_INDIRECT && row->start <= row->end && row->end <= q->text.len &&
           mark_left_open(q->text, row->start, row->end);
}

struct span quote_mention(const struct shown_quote *q)
{
    return cut(q->text, q->row->mention_start, q->row->mention_end);
}

struct span quote_cue(const struct shown_quote *q)
{
    return cut(q->text, q->row->cue_start, q->row->cue_end);
}

uint32_t quote_line(const struct shown_quote *q)
{
    return q->places->line + q->row->line - 1;
}

struct span file_reason(const struct file_row *f)
{
    if (!f->err)
        return f->detail;
    return f->detail.len ? f->detail : span_of(err_words(f->err));
}

const char *file_state(const struct file_row *f)
{
    if (f->err)
        return "skipped";
    return f->complete ? "indexed" : "unfinished";
}

/* The last block that begins at or before byte `at`, or NULL. */
static const struct block *block_at(const struct doc_row *doc, uint32_t at)
{
    uint32_t low = 0, high = doc->block_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (doc->blocks[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &doc->blocks[low - 1] : NULL;
}

uint32_t line_at(const struct doc_row *doc, struct span text, const struct place_row *place, uint32_t at)
{
    const struct block *b = block_at(doc, at);
    uint32_t line = place->line + (b ? b->line - 1 : 0), i = b ? b->start : 0;

    for (; i < at && i < text.len; i++)
        line += text.at[i] == '\n';
    return line;
}

uint32_t column_of_line(const struct doc_row *doc, struct span text, uint32_t at)
{
    const struct block *b = block_at(doc, at);
    uint32_t from = b ? b->start : 0, begin = at;

    while (begin > from && text.at[begin - 1] != '\n')
        begin--;
    return (uint32_t)utf8_count(span_cut(text, begin, at)) + 1;
}

struct span quote_explanation(const struct shown_quote *q, char out[400])
{
    struct span mention = utf8_cut(quote_mention(q), 150), cue = utf8_cut(quote_cue(q), 150);
    int n;

    if (q->row->why.len)
        return q->row->why;
    if (!q->row->speaker.len)
        return SPAN("no rule named a speaker; the sentence is shown instead");
    if (cue.len)
        n = snprintf(out, 400, "“%.*s” and “%.*s” stand beside the quotation", (int)mention.len, mention.at,
                     (int)cue.len, cue.at);
    else
        n = snprintf(out, 400, "“%.*s” stands beside the quotation", (int)mention.len, mention.at);
    return (struct span){out, n > 0 && n < 400 ? (size_t)n : 0};
}

void put_thousandths(struct buf *b, uint32_t n)
{
    char digits[16];
    int len = snprintf(digits, sizeof digits, "%u.%03u", n / 1000, n % 1000);

    while (len > 0 && digits[len - 1] == '0')
        len--;
    if (len > 0 && digits[len - 1] == '.')
        len--;
    buf_put(b, digits, len > 0 ? (size_t)len : 0);
}

void put_thousandths_of(struct buf *b, const char *name, int n)
{
    json_key(b, name);
    if (n < 0)
        buf_char(b, '-');
    put_thousandths(b, (uint32_t)(n < 0 ? -n : n));
}
