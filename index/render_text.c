/* render_text.c -- answers for a person.
 *
 * On a terminal (`group`) quotes stand under their speaker and article; in a pipe, a quote is a line. Text of
 * articles is not ours: control characters must never reach a terminal, and text from right to left is
 * isolated there, so that it does not turn the line round.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/break.h"
#include "index/fold.h"
#include "index/render.h"
#include "index/render_why.h"

#define FSI "\xE2\x81\xA8" /* U+2068, first strong isolate */
#define PDI "\xE2\x81\xA9" /* U+2069, pop directional isolate */

/* How things look with colours; without, they are plain. */
#define BOLD  "\033[1m"
#define DIM   "\033[2m"
#define FOUND "\033[1;33m"
#define PLAIN "\033[0m"

/* ---- characters that are not ours -------------------------------------------------------------------- */

static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

/* Marks that turn the direction of what follows, ours included. */
static bool is_direction(uint32_t cp)
{
    return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool is_break(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == '\f' || cp == '\v' || cp == 0x85 ||
           cp == 0x2028 || cp == 0x2029;
}

static bool has_right_to_left(struct span s)
{
    const char *end = s.at + s.len;
    uint32_t cp;

    for (const char *at = s.at; at < end;) {
        at += utf8_next(at, end, &cp);
        if (cp >= 0x590 && (char_row(cp)->flags & CHAR_RIGHT_TO_LEFT))
            return true;
    }
    return false;
}

/* Columns of a character as readers see it: those of its widest part; a flag is two letters wide. */
static uint32_t cluster_width(struct span s, size_t at, size_t end)
{
    uint32_t width = 0, cp;

    while (at < end) {
        int columns;

        at += utf8_next(s.at + at, s.at + end, &cp);
        columns = is_direction(cp) ? 0 : is_control(cp) ? 1 : char_width(cp);
        if (char_row(cp)->cluster == GCB_REGIONAL_INDICATOR)
            width++;
        else if ((uint32_t)columns > width)
            width = (uint32_t)columns;
    }
    return width;
}

/* One character as readers see it, made harmless. */
static void put_cluster(struct render *r, struct span s, size_t at, size_t end)
{
    r->column += cluster_width(s, at, end);
    while (at < end) {
        char bytes[4];
        uint32_t cp;

        at += utf8_next(s.at + at, s.at + end, &cp);
        if (!is_direction(cp))
            buf_put(&r->out, bytes, utf8_put(bytes, is_control(cp) ? UTF8_BAD : cp));
    }
}

/* ---- our own words ----------------------------------------------------------------------------------- */

static void style(struct render *r, const char *how)
{
    if (r->ask->color)
        buf_str(&r->out, how);
}

/* Words of ours: ASCII and the marks “ ” –, each one column wide. */
static void say(struct render *r, const char *words)
{
    buf_str(&r->out, words);
    for (; *words; words++)
        r->column += ((unsigned char)*words & 0xC0) != 0x80;
}

static void say_number(struct render *r, uint64_t n)
{
    char digits[24];

    (void)snprintf(digits, sizeof digits, "%" PRIu64, n);
    say(r, digits);
}

static void say_count(struct render *r, uint64_t n, const char *one, const char *many)
{
    say_number(r, n);
    say(r, " ");
    say(r, n == 1 ? one : many);
}

/* A new line, `indent` columns in. An isolate ends with its line, so it is closed and opened again. */
static void new_line(struct render *r, uint32_t indent)
{
    if (r->isolated)
        buf_str(&r->out, PDI);
    buf_char(&r->out, '\n');
    for (uint32_t i = 0; i < indent; i++)
        buf_char(&r->out, ' ');
    if (r->isolated)
        buf_str(&r->out, FSI);
    r->column = r->indent = indent;
}

/* The space before something of so many columns, or a new line where it would not fit. */
static void gap(struct render *r, const char *space, size_t columns)
{
    if (r->ask->width && r->column + strlen(space) + columns > r->ask->width && r->column > r->indent)
        new_line(r, r->indent);
    else
        say(r, space);
}

static void say_id(struct render *r, uint64_t id)
{
    char text[13];

    id_text(id, text);
    gap(r, " ", 14);
    style(r, DIM);
    say(r, "[");
    say(r, text);
    say(r, "]");
    style(r, PLAIN);
}

/* ---- words of articles ------------------------------------------------------------------------------- */

/* What is highlighted: hits in bytes of the whole of which the piece begins at `from`. */
struct shine {
    const struct hit *hits;
    uint32_t count, at, from;
    bool on;
};

static void shine_to(struct render *r, struct shine *s, uint32_t byte)
{
    byte += s->from;
    if (s->on && byte >= s->hits[s->at].end) {
        style(r, PLAIN);
        s->on = false;
        s->at++;
    }
    while (!s->on && s->at < s->count && s->hits[s->at].end <= byte)
        s->at++;
    if (!s->on && s->at < s->count && s->hits[s->at].start <= byte) {
        style(r, FOUND);
        s->on = true;
    }
}

/* True where a line may end before the character at `at` though no space is there: in scripts without spaces. */
static bool may_wrap(struct span s, size_t at)
{
    uint32_t cp;

    (void)utf8_next(s.at + at, s.at + s.len, &cp);
    return (char_bits(cp) & CHAR_DENSE) != 0;
}

/* Columns up to the next place where a line may end. */
static uint32_t word_width(struct span s, size_t at)
{
    uint32_t width = 0, cp;

    for (size_t start = at, end; at < s.len; at = end) {
        (void)utf8_next(s.at + at, s.at + s.len, &cp);
        if (is_break(cp) || (at > start && may_wrap(s, at)))
            break;
        end = break_cluster(s, at);
        width += cluster_width(s, at, end);
    }
    return width;
}

/* A run of white space becomes one space, or a new line where the next word would not fit; so do the signs at the start of a
 * line in a text that quotes another. */
static size_t put_space(struct render *r, struct span s, size_t at)
{
    bool line = false;
    size_t end = at;
    uint32_t cp, width;

    while (end < s.len) {
        size_t len = utf8_next(s.at + end, s.at + s.len, &cp);
        if (!is_break(cp) && !(cp == '>' && line))
            break;
        line |= cp == '\n' || cp == '\r';
        end += len;
    }
    width = word_width(s, end);
    if (r->ask->width && r->column + 1 + width > r->ask->width && r->column > r->indent)
        new_line(r, r->indent);
    else
        say(r, " ");
    return end;
}

/* Text of an article, flowing on from where the line stands. */
static void flow(struct render *r, struct span s, struct shine shine)
{
    bool isolate = (r->ask->color || r->ask->group) && has_right_to_left(s);
    size_t end;
    uint32_t cp;

    if (isolate)
        buf_str(&r->out, FSI);
    r->isolated = isolate;
    for (size_t at = 0; at < s.len;) {
        (void)utf8_next(s.at + at, s.at + s.len, &cp);
        shine_to(r, &shine, (uint32_t)at);
        if (is_break(cp)) {
            at = put_space(r, s, at);
            continue;
        }
        end = break_cluster(s, at);
        if (r->ask->width && r->column > r->indent && may_wrap(s, at) &&
            r->column + word_width(s, at) > r->ask->width)
            new_line(r, r->indent);
        put_cluster(r, s, at, end);
        at = end;
    }
    if (shine.on)
        style(r, PLAIN);
    if (isolate)
        buf_str(&r->out, PDI);
    r->isolated = false;
}

static void flow_plain(struct render *r, struct span s)
{
    flow(r, s, (struct shine){0});
}

/* A path is bytes: it is shown, never wrapped. */
static void put_path(struct render *r, struct span path)
{
    for (size_t at = 0, end; at < path.len; at = end) {
        end = break_cluster(path, at);
        put_cluster(r, path, at, end);
    }
}

static void put_place(struct render *r, struct span path, uint32_t line)
{
    put_path(r, path);
    say(r, ":");
    say_number(r, line);
}

/* The headline, or the file's name where there is none. */
static struct span title_of(const struct doc_row *doc, const struct place_row *place)
{
    struct span path = place->path;

    if (doc->title.len)
        return doc->title;
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/')
            return span_cut(path, i, path.len);
    return path;
}

static struct span date_of(const struct doc_row *doc)
{
    return doc->date.len ? doc->date : SPAN("undated");
}

static struct span speaker_of(const struct shown_quote *q)
{
    return q->row->speaker.len ? quote_whose(q->row) : SPAN("(nobody named)");
}

/* ---- quotes ------------------------------------------------------------------------------------------ */

/* In marks, unless they are the reporter's own words; what nothing closes is not shown as if it were whole. */
static void put_words(struct render *r, const struct shown_quote *q)
{
    bool marks = q->row->kind != QUOTE_INDIRECT;

    say(r, marks ? "“" : "");
    flow(r, quote_words(q), (struct shine){.hits = q->hits, .count = q->hit_count, .from = q->row->start});
    say(r, marks && !quote_open(q) ? "”" : "");
}

/* Hearsay says so wherever it is shown. */
static void say_teller(struct render *r, const struct shown_quote *q)
{
    if (!q->inside)
        return;
    say(r, " (as ");
    flow_plain(r, q->reported_by.len ? q->reported_by : SPAN("somebody not named"));
    say(r, " tells it)");
}

/* date  speaker: “text” (path:line) [id] */
static void quote_on_a_line(struct render *r, const struct shown_quote *q)
{
    r->column = r->indent = 0;
    flow_plain(r, date_of(q->doc));
    say(r, "  ");
    style(r, BOLD);
    flow_plain(r, speaker_of(q));
    style(r, PLAIN);
    say(r, ": ");
    r->indent = 4;
    put_words(r, q);
    say_teller(r, q);
    say(r, " (");
    put_place(r, q->places[0].path, quote_line(q));
    say(r, ")");
    say_id(r, q->row->id);
    new_line(r, 0);
}

static void person_heading(struct render *r, const struct shown_quote *q)
{
    if (r->person)
        new_line(r, 0);
    r->person = q->person;
    r->doc = 0;
    r->column = r->indent = 0;
    style(r, BOLD);
    flow_plain(r, q->person->name);
    style(r, PLAIN);
    say(r, ", ");
    say_count(r, q->person->quotes, "quote", "quotes");
    new_line(r, 0);
}

static void article_heading(struct render *r, const struct doc_row *doc, const struct place_row *place,
                            uint32_t line)
{
    r->indent = 4;
    flow_plain(r, title_of(doc, place));
    style(r, DIM);
    gap(r, "  ", date_of(doc).len);
    flow_plain(r, date_of(doc));
    gap(r, "  ", place->path.len + 7);
    put_place(r, place->path, line);
    style(r, PLAIN);
}

static void quote_under_headings(struct render *r, const struct shown_quote *q)
{
    if (q->person != r->person)
        person_heading(r, q);
    if (q->doc->no != r->doc) {
        r->doc = q->doc->no;
        new_line(r, 2);
        article_heading(r, q->doc, &q->places[0], quote_line(q));
        new_line(r, 0);
    }
    say(r, "    ");
    r->indent = 5;
    put_words(r, q);
    say_teller(r, q);
    say_id(r, q->row->id);
    new_line(r, 0);
}

static void put_field(struct render *r, const char *name, struct span value)
{
    if (!value.len)
        return;
    say(r, "  ");
    style(r, DIM);
    say(r, name);
    style(r, PLAIN);
    while (r->column < 14)
        say(r, " ");
    r->indent = 14;
    flow_plain(r, value);
    new_line(r, 0);
}

static void put_field_place(struct render *r, struct span path, uint32_t line)
{
    say(r, "  ");
    style(r, DIM);
    say(r, "place");
    style(r, PLAIN);
    say(r, "       ");
    put_place(r, path, line);
    new_line(r, 0);
}

static void put_field_kind(struct render *r, const struct shown_quote *q)
{
    struct buf b = BUF_INIT(256);

    buf_printf(&b, "%s, confidence ", quote_kind_name(q->row->kind));
    put_thousandths(&b, q->row->confidence);
    if (q->row->rule.len) {
        buf_str(&b, ", rule ");
        buf_span(&b, q->row->rule);
    }
    put_field(r, "found as", buf_view(&b));
    buf_fini(&b);
}

/* Why it has its speaker: one reason a line. */
static void put_reasons(struct render *r, const struct shown_quote *q)
{
    struct buf b = BUF_INIT(16 * 1024);
    struct span left;
    const char *name = "why";

    why_words(&b, q->text, q->explained, q->places[0].start, "\n");
    for (left = buf_view(&b); left.len; name = "") {
        const char *end = memchr(left.at, '\n', left.len);
        size_t len = end ? (size_t)(end - left.at) : left.len;

        put_field(r, name, span_cut(left, 0, len));
        left = span_cut(left, end ? len + 1 : len, left.len);
    }
    buf_fini(&b);
}

/* One quote with all that is known of it. */
static void quote_whole(struct render *r, const struct shown_quote *q)
{
    char words[400], id[13];

    if (r->rows)
        new_line(r, 0);
    r->column = r->indent = 0;
    r->indent = 1;
    put_words(r, q);
    new_line(r, 0);
    put_field(r, "speaker", speaker_of(q));
    put_field(r, "printed as", quote_mention(q));
    if (q->inside)
        put_field(r, "told by", q->reported_by.len ? q->reported_by : SPAN("(nobody named)"));
    put_field(r, "role", q->row->role);
    put_field(r, "cue", quote_cue(q));
    put_field(r, "article", q->doc->title);
    put_field(r, "outlet", q->doc->outlet);
    put_field(r, "date", q->doc->date);
    put_field(r, "url", q->doc->url);
    for (uint32_t i = 0; i < q->place_count; i++)
        put_field_place(r, q->places[i].path, q->places[i].line + q->row->line - 1);
    put_field_kind(r, q);
    if (q->why && q->explained)
        put_reasons(r, q);
    else if (q->why)
        put_field(r, "why", quote_explanation(q, words));
    put_field(r, "context", quote_context(q));
    id_text(q->row->id, id);
    put_field(r, "id", span_of(id));
}

static void text_quote(struct render *r, const struct shown_quote *q)
{
    if (r->ask->verb == ASK_SHOW)
        quote_whole(r, q);
    else if (r->ask->group && q->person)
        quote_under_headings(r, q);
    else
        quote_on_a_line(r, q);
}

/* ---- articles ---------------------------------------------------------------------------------------- */

static void put_passage(struct render *r, const struct shown_document *d, const struct passage *p)
{
    bool begins = p->start == 0 || d->text.at[p->start - 1] == '\n';
    bool ends = p->end == d->text.len || d->text.at[p->end] == '\n' || d->text.at[p->end] == '\r';

    if (!begins)
        say(r, "… ");
    flow(r, span_cut(d->text, p->start, p->end),
         (struct shine){.hits = p->hits, .count = p->hit_count, .from = p->start});
    if (!ends)
        say(r, " …");
}

static void document_under_heading(struct render *r, const struct shown_document *d)
{
    if (r->rows)
        new_line(r, 0);
    r->column = 0;
    style(r, BOLD);
    r->indent = 4;
    flow_plain(r, title_of(d->doc, d->places));
    style(r, PLAIN);
    new_line(r, 2);
    style(r, DIM);
    flow_plain(r, date_of(d->doc));
    say(r, "  ");
    put_place(r, d->places[0].path,
              d->passage_count ? line_at(d->doc, d->text, d->places, d->passages[0].start)
                               : d->places[0].line);
    style(r, PLAIN);
    say_id(r, d->doc->id);
    for (uint32_t i = 0; i < d->passage_count; i++) {
        new_line(r, 4);
        put_passage(r, d, &d->passages[i]);
    }
    for (uint32_t i = 0; i < d->quote_count; i++) {
        new_line(r, 6);
        style(r, BOLD);
        flow_plain(r, speaker_of(&d->quotes[i]));
        style(r, PLAIN);
        say(r, ": ");
        put_words(r, &d->quotes[i]);
        say_id(r, d->quotes[i].row->id);
    }
    if (d->more_quotes) {
        new_line(r, 6);
        style(r, DIM);
        say(r, "… and ");
        say_count(r, d->more_quotes, "more quote", "more quotes");
        style(r, PLAIN);
    }
    new_line(r, 0);
}

/* date  title: passage (path:line) [id] */
static void document_on_a_line(struct render *r, const struct shown_document *d)
{
    const struct passage *best = d->passage_count ? d->passages : NULL;

    for (uint32_t i = 1; i < d->passage_count; i++)
        if (d->passages[i].hit_count > best->hit_count)
            best = &d->passages[i];
    r->column = 0;
    r->indent = 4;
    flow_plain(r, date_of(d->doc));
    say(r, "  ");
    flow_plain(r, title_of(d->doc, d->places));
    if (!d->brief)
        say(r, ": ");
    if (best)
        put_passage(r, d, best);
    say(r, " (");
    put_place(r, d->places[0].path,
              best ? line_at(d->doc, d->text, d->places, best->start) : d->places[0].line);
    say(r, ")");
    say_id(r, d->doc->id);
    new_line(r, 0);
}

static void text_document(struct render *r, const struct shown_document *d)
{
    if (r->ask->group)
        document_under_heading(r, d);
    else
        document_on_a_line(r, d);
}

/* The text as it stands, line by line. */
static void put_lines(struct render *r, struct span text)
{
    for (size_t at = 0; at < text.len;) {
        const char *end = memchr(text.at + at, '\n', text.len - at);
        size_t stop = end ? (size_t)(end - text.at) : text.len;

        flow_plain(r, span_trim(span_cut(text, at, stop)));
        new_line(r, 0);
        at = stop + 1;
    }
}

static void text_article(struct render *r, const struct shown_document *d)
{
    char id[13];

    if (r->rows)
        new_line(r, 0);
    r->column = r->indent = 0;
    style(r, BOLD);
    flow_plain(r, title_of(d->doc, d->places));
    style(r, PLAIN);
    new_line(r, 0);
    put_field(r, "date", d->doc->date);
    put_field(r, "outlet", d->doc->outlet);
    put_field(r, "author", d->doc->author);
    put_field(r, "url", d->doc->url);
    for (uint32_t i = 0; i < d->place_count; i++)
        put_field_place(r, d->places[i].path, d->places[i].line);
    id_text(d->doc->id, id);
    put_field(r, "id", span_of(id));
    new_line(r, 0);
    put_lines(r, d->text);
}

static void text_context(struct render *r, const struct shown_context *c)
{
    const struct shown_quote *q = &c->quote;

    if (r->rows)
        new_line(r, 0);
    r->column = 0;
    style(r, BOLD);
    article_heading(r, q->doc, q->places, quote_line(q));
    new_line(r, 0);
    for (uint32_t i = 0; i < c->paragraph_count; i++) {
        const struct shown_paragraph *p = &c->paragraphs[i];

        new_line(r, 0);
        say(r, p->quote ? "> " : "  ");
        r->indent = 2;
        flow(r, span_cut(q->text, p->start, p->end),
             (struct shine){.hits = &p->hit, .count = p->hit.end > p->hit.start, .from = p->start});
        new_line(r, 0);
    }
}

/* ---- people, files, problems ------------------------------------------------------------------------- */

static void text_speaker(struct render *r, const struct person *p)
{
    char count[24];

    r->column = r->indent = 0;
    (void)snprintf(count, sizeof count, "%6" PRIu64 "  ", p->quotes);
    say(r, count);
    style(r, BOLD);
    flow_plain(r, p->name);
    style(r, PLAIN);
    say(r, "  (");
    say_count(r, p->articles, "article", "articles");
    if (p->first.len) {
        say(r, ", ");
        flow_plain(r, p->first);
        if (!span_eq(p->first, p->last)) {
            say(r, " to ");
            flow_plain(r, p->last);
        }
    }
    say(r, ")");
    new_line(r, 0);
}

static void text_facet(struct render *r, const struct shown_facet *f)
{
    char count[24];

    r->column = r->indent = 0;
    (void)snprintf(count, sizeof count, "%6" PRIu64 "  ", f->count);
    say(r, count);
    flow_plain(r, f->value);
    new_line(r, 0);
}

static void text_file(struct render *r, const struct file_row *f)
{
    struct span reason = file_reason(f);

    r->column = r->indent = 0;
    say(r, file_state(f));
    say(r, "  ");
    put_path(r, f->path);
    say(r, "  (");
    say_count(r, f->articles, "article, ", "articles, ");
    say_count(r, f->size, "byte", "bytes");
    say(r, ")");
    if (reason.len) {
        say(r, ": ");
        flow_plain(r, reason);
    }
    new_line(r, 0);
}

static void text_problem(struct render *r, struct span words)
{
    r->column = r->indent = 0;
    flow_plain(r, words);
    new_line(r, 0);
}

/* ---- around the rows --------------------------------------------------------------------------------- */

/* Several people who match are told first, so that nobody takes one for the other. */
static void list_people(struct render *r, const struct head *head)
{
    say_count(r, head->people->count, "person matches:", "people match:");
    new_line(r, 0);
    for (uint32_t i = 0; i < head->people->count; i++) {
        const struct person *p = &head->people->at[head->people_order[i]];
        char count[24];

        (void)snprintf(count, sizeof count, "%6" PRIu64 "  ", p->quotes);
        say(r, count);
        flow_plain(r, p->name);
        new_line(r, 0);
    }
    new_line(r, 0);
}

static void say_order(struct render *r, const struct head *head)
{
    say(r, "everything is in order: ");
    say_count(r, head->stats.documents, "article, ", "articles, ");
    say_count(r, head->stats.quotes, "quote, ", "quotes, ");
    say_count(r, head->stats.files, "file", "files");
    new_line(r, 0);
}

static void text_head(struct render *r, const struct head *head)
{
    if (r->ask->count) {
        say_number(r, head->total);
        new_line(r, 0);
    }
    if (r->ask->verb == ASK_VERIFY && head->total == 0)
        say_order(r, head);
    if (r->ask->verb == ASK_VERIFY && head->total > 0) {
        say_count(r, head->total, "problem:", "problems:");
        new_line(r, 0);
    }
    if (r->ask->group && head->people && head->people->count > 1)
        list_people(r, head);
}

/* What was not looked for is said last, where it is read. */
static void text_tail(struct render *r)
{
    for (uint32_t i = 0; i < r->cut_count; i++) {
        const struct query_cut *c = &r->cuts[i];

        buf_printf(&r->out, "%s%.*s stands for %u words; the %u that most have were looked for.\n",
                   r->rows && !i ? "\n" : "", (int)c->term.len, c->term.at, c->words, c->used);
    }
}

const struct format format_text = {
    .id = FORMAT_TEXT,
    .head = text_head,
    .quote = text_quote,
    .document = text_document,
    .article = text_article,
    .context = text_context,
    .speaker = text_speaker,
    .facet = text_facet,
    .file = text_file,
    .problem = text_problem,
    .tail = text_tail,
};
