/* drive.c -- the index as a filter, for tests in Python: a command a line, its answer as a line of JSON.
 *
 *      open DIR            add PATH     remove PATH     keep PATH     upkeep     compact     close
 *      verify              dump FILE        forge TERM OTHER    (the list of one term under another, checksum and all)
 *      search QUERY        by SPEAKER <tab> QUERY
 *      scan PATH           every article below it with its words and quotes, read and cut but never indexed
 *      fail N              the Nth allocation of the next command fails (shim.c); tells how many the last one made
 *      generation          counts commits
 *      split TEXT          words as word.h gives them
 *      key TEXT            its keys
 *
 * Operands are parted by tabs. Every answer has "rc": 0 or an error of err.h. `scan` knows no store: what is made of it is
 * the other side of the comparison.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "index/analyse.h"
#include "base/json.h"
#include "index/ingest.h"
#include "index/language.h"
#include "index/rank.h"
#include "index/scan.h"
#include "index/store_inner.h"
#include "index/terms.h"
#include "index/word.h"

struct drive {
    struct index *ix;
    struct buf out;
    char *words[4];
    unsigned count;
};

static const char *operand(const struct drive *d, unsigned i)
{
    return i < d->count ? d->words[i] : "";
}

/* ---- changing ---------------------------------------------------------------------------------------- */

static int do_open(struct drive *d)
{
    char detail[200];
    int rc;

    index_close(d->ix);
    d->ix = NULL;
    if ((rc = index_open(operand(d, 1), &d->ix, detail)) < 0)
        json_put_text(&d->out, "detail", span_of(detail));
    return rc;
}

static int do_close(struct drive *d)
{
    index_close(d->ix);
    d->ix = NULL;
    return 0;
}

static int tell(struct drive *d, int rc, const struct index_run *run)
{
    json_put_int(&d->out, "new", (int64_t)run->total.files_new);
    json_put_int(&d->out, "unchanged", (int64_t)run->total.files_unchanged);
    json_put_int(&d->out, "removed", (int64_t)run->total.files_removed);
    return rc;
}

static int do_add(struct drive *d)
{
    struct index_run run = {0};

    return tell(d, index_add(d->ix, operand(d, 1), &run), &run);
}

static int do_remove(struct drive *d)
{
    struct index_run run = {0};

    return tell(d, index_remove(d->ix, operand(d, 1), &run), &run);
}

static int do_keep(struct drive *d)
{
    struct index_run run = {0};
    const char *path = operand(d, 1);

    return tell(d, index_keep_only(d->ix, &path, 1, &run), &run);
}

static int do_upkeep(struct drive *d)
{
    return index_upkeep(d->ix, NULL);
}

static int do_compact(struct drive *d)
{
    return index_compact(d->ix, NULL);
}

/* For controls: what no checksum can see. Gives the list of one word to another in the first segment that has both, in a record
 * of the dictionary before the one where that word stands with its own. */
static int do_forge(struct drive *d)
{
    struct span from = span_of(operand(d, 1)), to = span_of(operand(d, 2));
    uint32_t count;
    const struct segment *segments;
    struct index_view *v = NULL;
    struct write w = {0};
    struct term_entry entry;
    int rc = index_view_open(d->ix, &v), done = 0;

    segments = rc < 0 ? NULL : view_segments(v, &count);
    rc = rc < 0 ? rc : write_begin(d->ix, &w);
    for (uint32_t i = 0; rc >= 0 && !done && i < count; i++) {
        struct key k = terms_key(segments[i].id, FIELD_TEXT, to);
        struct buf record = BUF_INIT(1 * MiB);

        if ((rc = term_find(v, segments[i].id, FIELD_TEXT, from, &entry)) == 1 && !entry.far) {
            entry_put(&record, SPAN(""), to, &entry);
            rc = record_put_buf(&w, T_PARTS, &k, &record, false);
            done = 1;
        }
        buf_fini(&record);
    }
    if (rc >= 0)
        rc = write_commit(&w);
    write_abort(&w);
    index_view_close(&v);
    return rc < 0 ? rc : done;
}

/* ---- asking ------------------------------------------------------------------------------------------ */

static void keep_problem(void *ctx, const char *words)
{
    json_sep(ctx);
    json_text(ctx, span_of(words));
}

static int do_verify(struct drive *d)
{
    struct index_view *v;
    int rc = index_view_open(d->ix, &v);

    if (rc < 0)
        return rc;
    json_key(&d->out, "problems");
    buf_char(&d->out, '[');
    rc = view_check(v, keep_problem, &d->out, NULL);
    buf_char(&d->out, ']');
    index_view_close(&v);
    return rc < 0 ? rc : 0;
}

static int into_file(void *ctx, struct span piece)
{
    return fwrite(piece.at, 1, piece.len, ctx) == piece.len ? 0 : ERR_IO;
}

static int into_buf(void *ctx, struct span piece)
{
    buf_span(ctx, piece);
    return buf_err(ctx);
}

static int ask_with(struct drive *d, const struct ask *ask, ask_sink_fn sink, void *ctx)
{
    struct ask_result result = {0};
    struct index_view *v;
    int rc = index_view_open(d->ix, &v);

    if (rc < 0)
        return rc;
    if ((rc = index_ask(v, ask, sink, ctx, NULL, &result)) < 0 && result.detail[0]) {
        json_put_text(&d->out, "detail", span_of(result.detail));
        json_put_int(&d->out, "column", result.column);
    }
    json_put_int(&d->out, "found", (int64_t)result.found);
    index_view_close(&v);
    return rc;
}

static int do_dump(struct drive *d)
{
    struct ask ask = {.verb = ASK_DUMP, .format = FORMAT_JSONL};
    FILE *f = fopen(operand(d, 1), "w");
    int rc;

    if (!f)
        return ERR_IO;
    rc = ask_with(d, &ask, into_file, f);
    return fclose(f) ? ERR_IO : rc;
}

/* The whole answer stands under "answer". */
static int do_ask(struct drive *d, const struct ask *ask)
{
    struct buf answer = BUF_INIT(256 * MiB);
    int rc = ask_with(d, ask, into_buf, &answer);

    if (rc == 0) {
        json_key(&d->out, "answer");
        while (answer.len && answer.at[answer.len - 1] == '\n')
            answer.len--;
        buf_span(&d->out, buf_view(&answer));
    }
    buf_fini(&answer);
    return rc;
}

/* The contents of the documents that rank_documents gives, and what counting alone gives. */
static int rank(struct drive *d, struct span text)
{
    struct arena mem = ARENA_INIT;
    struct ranked *ranked = NULL;
    struct query q = {0};
    struct index_view *v;
    uint64_t total = 0, counted = 0;
    uint32_t count = 0;
    int rc = index_view_open(d->ix, &v);

    if (rc < 0)
        return rc;
    if ((rc = query_parse(&q, &mem, text, SPAN(""))) == 0 &&
        (rc = rank_documents(&mem, v, &q, 0, NULL, &ranked, &count, &total, NULL)) == 0)
        rc = rank_count(v, &q, NULL, &counted);
    json_put_int(&d->out, "total", (int64_t)total);
    json_put_int(&d->out, "counted", (int64_t)counted);
    json_key(&d->out, "documents");
    buf_char(&d->out, '[');
    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        struct doc_row row;

        rc = view_doc(v, &mem, ranked[i].doc, &row);
        json_sep(&d->out);
        buf_printf(&d->out, "\"%016llx\"", (unsigned long long)row.content);
    }
    buf_char(&d->out, ']');
    query_fini(&q);
    index_view_close(&v);
    arena_free(&mem);
    return rc;
}

static int do_search(struct drive *d)
{
    struct ask ask = {
        .verb = ASK_SEARCH, .format = FORMAT_JSON, .limit = 10, .query = span_of(operand(d, 1))};
    int rc = rank(d, ask.query);

    return rc < 0 && rc != ERR_SYNTAX ? rc : do_ask(d, &ask);
}

static int do_by(struct drive *d)
{
    struct ask ask = {.verb = ASK_BY,
                      .format = FORMAT_JSON,
                      .speaker = span_of(operand(d, 1)),
                      .query = span_of(operand(d, 2))};

    return do_ask(d, &ask);
}

/* ---- the other side: articles as they are read ------------------------------------------------------- */

/* [loose, exact, position, width, is whole], and more when places are asked for. */
static void put_word(struct buf *b, struct word_reader *r, const struct word *w, bool places)
{
    json_sep(b);
    buf_char(b, '[');
    json_text(b, w->key);
    buf_char(b, ',');
    json_text(b, word_exact(r, w));
    buf_printf(b, ",%u,%u,%d", w->pos, w->width, (int)w->kind);
    if (places)
        buf_printf(b, ",%u,%u,%u,%d", w->start, w->end, w->head, w->pair);
    buf_char(b, ']');
}

static void put_words(struct buf *b, struct span text, uint32_t *pos)
{
    struct word_reader r;
    struct word w;

    word_open(&r, text, *pos);
    while (word_next(&r, &w) == 1)
        put_word(b, &r, &w, false);
    *pos = word_pos(&r);
}

static bool is_outside(const struct article *a)
{
    uintptr_t title = (uintptr_t)a->title.at, text = (uintptr_t)a->text.at;

    return title < text + a->start || title >= text + a->end;
}

/* A title that stands outside comes first; boilerplate is left out; no phrase runs from one block into the next. */
static void put_article_words(struct buf *b, const struct article *a)
{
    uint32_t pos = 0;

    json_key(b, "words");
    buf_char(b, '[');
    if (a->title.len && is_outside(a)) {
        put_words(b, a->title, &pos);
        pos++;
    }
    for (uint32_t i = 0; i < a->block_count; i++)
        if (a->blocks[i].kind != BLOCK_BOILERPLATE) {
            put_words(b, span_cut(a->text, a->blocks[i].start, a->blocks[i].end), &pos);
            pos++;
        }
    buf_char(b, ']');
}

static void put_words_of(struct buf *b, const char *name, struct span one, struct span two)
{
    uint32_t pos = 0;

    json_key(b, name);
    buf_char(b, '[');
    put_words(b, one, &pos);
    pos++;
    put_words(b, two, &pos);
    buf_char(b, ']');
}

/* The words of the block that lie wholly in a quote, and their parts; those of the quote alone where no block holds it. */
static void put_quote_words(struct buf *b, const struct article *a, const struct quote *q)
{
    const struct block *block = a->blocks, *end = a->blocks + a->block_count;
    struct word_reader r;
    struct word w;
    uint32_t first = 0;
    bool inside = false, any = false;

    while (block < end &&
           (q->start < block->start || q->end > block->end || block->kind == BLOCK_BOILERPLATE))
        block++;
    json_key(b, "words");
    buf_char(b, '[');
    word_open(&r, block < end ? span_cut(a->text, block->start, block->end) : SPAN(""), 0);
    while (word_next(&r, &w) == 1) {
        if (w.kind == WORD_WHOLE)
            inside = block->start + w.start >= q->start && block->start + w.end <= q->end;
        if (!inside)
            continue;
        first = any ? first : w.pos;
        any = true;
        w.pos -= first;
        put_word(b, &r, &w, false);
    }
    if (!any)
        put_words(b, span_cut(a->text, q->start, q->end), &first);
    buf_char(b, ']');
}

static void put_scanned_quote(struct buf *b, const struct article *a, const struct quote *q)
{
    struct span cue = q->cue_start < q->cue_end ? span_cut(a->text, q->cue_start, q->cue_end) : SPAN("");

    json_sep(b);
    buf_char(b, '{');
    json_put_int(b, "start", q->start);
    json_put_int(b, "end", q->end);
    json_put_text(b, "kind", span_of(quote_kind_name(q->kind)));
    json_put_text(b, "speaker", q->speaker);
    json_put_text(b, "person", q->person);
    put_quote_words(b, a, q);
    put_words_of(b, "name", q->speaker, q->person);
    put_words_of(b, "role", q->role, SPAN(""));
    put_words_of(b, "cue", cue, SPAN(""));
    buf_char(b, '}');
}

struct scanning {
    struct drive *drive;
    const char *path;
    uint32_t n;
};

static int put_article(void *ctx, struct arena *mem, const struct article *a)
{
    struct scanning *s = ctx;
    struct buf *b = &s->drive->out;
    struct quote *quotes;
    const struct analysed *analysed = analysed_new(mem, a);
    uint64_t content = analysed ? analysed->content : 0;
    uint32_t count;
    int rc = quote_find(mem, a, QUOTE_STATEMENTS, &quotes, &count);

    if (rc < 0)
        return rc;
    json_sep(b);
    buf_char(b, '{');
    json_put_text(b, "path", span_of(s->path));
    json_put_int(b, "n", s->n++);
    json_put_int(b, "record", a->record);
    json_key(b, "content");
    buf_printf(b, "\"%016llx\"", (unsigned long long)content);
    json_put_text(b, "title", a->title);
    json_put_text(b, "date", a->date);
    json_put_text(b, "lang", a->lang);
    json_put_text(b, "told", span_of(language_of(a)->code));
    json_put_text(b, "outlet", a->outlet);
    json_put_text(b, "url", a->url);
    put_article_words(b, a);
    put_words_of(b, "title_words", a->title, SPAN(""));
    put_words_of(b, "outlet_words", a->outlet, SPAN(""));
    json_key(b, "quotes");
    buf_char(b, '[');
    for (uint32_t i = 0; i < count; i++)
        put_scanned_quote(b, a, &quotes[i]);
    buf_str(b, "]}");
    return buf_err(b);
}

static int do_scan(struct drive *d)
{
    struct scan s = {.files = NULL};
    int rc = scan(&s, operand(d, 1), NULL);

    json_key(&d->out, "articles");
    buf_char(&d->out, '[');
    for (uint32_t i = 0; rc == 0 && i < s.count; i++) {
        struct scanning scanning = {d, s.files[i].path, 0};
        struct read_hints hints = {.title = {NULL, 0}};
        struct read_report report = {0};

        if (!s.files[i].unread) /* a file that cannot be read has no article: that is the file's trouble */
            (void)read_file(s.files[i].path, &hints, put_article, &scanning, &report, NULL);
    }
    buf_char(&d->out, ']');
    scan_fini(&s);
    return rc;
}

static int do_split(struct drive *d)
{
    struct word_reader r;
    struct word w;

    json_key(&d->out, "words");
    buf_char(&d->out, '[');
    word_open(&r, span_of(operand(d, 1)), 0);
    while (word_next(&r, &w) == 1)
        put_word(&d->out, &r, &w, true);
    buf_char(&d->out, ']');
    return 0;
}

static int do_key(struct drive *d)
{
    char loose[LIMIT_WORD], exact[LIMIT_WORD];

    json_put_text(&d->out, "loose", key_loose(span_of(operand(d, 1)), loose));
    json_put_text(&d->out, "exact", key_exact(span_of(operand(d, 1)), exact));
    return 0;
}

/* ---- faults ------------------------------------------------------------------------------------------ */

static int do_fail(struct drive *d)
{
    unsigned long (*fail)(unsigned long) =
        (unsigned long (*)(unsigned long))(uintptr_t)dlsym(RTLD_DEFAULT, "shim_fail");

    if (!fail)
        return ERR_ARGS;
    json_put_int(&d->out, "allocations", (int64_t)fail(0));
    (void)fail(strtoul(operand(d, 1), NULL, 10));
    return 0;
}

static int do_generation(struct drive *d)
{
    json_put_int(&d->out, "generation", (int64_t)index_generation(d->ix));
    return 0;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(struct drive *d);
    bool store; /* needs an open index */
} commands[] = {
    {"open", do_open, false},
    {"close", do_close, false},
    {"add", do_add, true},
    {"remove", do_remove, true},
    {"keep", do_keep, true},
    {"upkeep", do_upkeep, true},
    {"compact", do_compact, true},
    {"verify", do_verify, true},
    {"dump", do_dump, true},
    {"search", do_search, true},
    {"by", do_by, true},
    {"scan", do_scan, false},
    {"split", do_split, false},
    {"key", do_key, false},
    {"forge", do_forge, true},
    {"fail", do_fail, false},
    {"generation", do_generation, true},
};

static int obey(struct drive *d)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, operand(d, 0)) == 0)
            return commands[i].store && !d->ix ? ERR_ARGS : commands[i].run(d);
    return ERR_ARGS;
}

int main(void)
{
    struct drive d = {.out = BUF_INIT(1024 * MiB)};
    char *line = NULL;
    size_t cap = 0;

    (void)buf_room(&d.out, 1 * MiB); /* so that allocations that fail are those of the index */
    while (getline(&line, &cap, stdin) > 0) {
        char *rest = line;
        int rc;

        line[strcspn(line, "\n")] = 0;
        for (d.count = 0; d.count < 4 && rest; d.count++)
            d.words[d.count] = strsep(&rest, "\t");
        buf_clear(&d.out);
        buf_char(&d.out, '{');
        rc = obey(&d);
        json_put_int(&d.out, "rc", rc);
        buf_str(&d.out, "}\n");
        if (buf_err(&d.out) || fwrite(d.out.at, 1, d.out.len, stdout) != d.out.len || fflush(stdout))
            return 2;
    }
    index_close(d.ix);
    buf_fini(&d.out);
    free(line);
    return 0;
}
