/* test_cases.c -- every file of tests/cases: an article, and what must be found in it.
 *
 *      # who wrote this case for what            (lines with # before the first section: comments)
 *      One sentence of fact: the test's name.
 *      --- article
 *      “We did it,” said Mayor Ada Kovar.
 *      --- quotes
 *      Ada Kovar | said | We did it,
 *
 * An article in Markdown stands under `--- markdown` instead.
 *
 * tests/cases/quote has `--- quotes`; a row is speaker | cue | words. A quote without a named speaker, or
 * without a cue, has - there.
 *
 * A role that somebody has is followed by = and the name: mayor = Ada Kovar. What stands inside another quotation has
 * "(as told)" after its speaker.
 *
 * tests/cases/indirect has `--- indirect`, with rows of the same form: the statements without marks, and those alone.
 * An empty section says that there is none.
 *
 * tests/cases/marks has `--- marked`, whether said by somebody or not; a row is flags | words, where the flags
 * are those of mark.h: . for none, or some of
 *
 *      single     ‘so’                      open       no closing mark before the paragraph's end
 *      goes on    re-opens the piece above  dash       — so
 *
 * tests/cases/sentences has `--- sentences`: a row is a sentence, from its first token to its last, in order. What
 * stands inside quotation marks is not the reporter's, so its stops end none.
 *
 * Line ends inside the words are shown as one space. CASE=name runs the files of that name alone. CASES=folder
 * runs the quote cases of another folder instead: those of tests/cases/quote-open state what is right and is not
 * found yet, so `make check` leaves them out; one that passes moves to tests/cases/quote.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "index/clean.h"
#include "index/dialogue.h"
#include "index/quote.h"
#include "index/sentence.h"

struct kind;

struct case_file {
    const struct kind *kind;
    const char *path;
    char *fact;
    struct span article, want;
    enum clean_markup markup;
    struct buf all;
};

/* A folder of case files, the name of their second section, and what writes the rows found in an article. */
struct kind {
    const char *folder, *section, *title;
    void (*put)(struct buf *out, struct arena *mem, const struct article *a);
};

static bool read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "re");
    char piece[4096];
    size_t n;

    if (!file)
        return false;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        buf_put(out, piece, n);
    fclose(file);
    return buf_err(out) == 0;
}

/* The part of the file between the line `--- name` and the next such line. */
static struct span section(struct span all, const char *name)
{
    char head[64];
    const char *start, *end;

    (void)snprintf(head, sizeof head, "\n--- %s\n", name);
    start = memmem(all.at, all.len, head, strlen(head));
    if (!start)
        return (struct span){NULL, 0};
    start += strlen(head);
    end = memmem(start - 1, (size_t)(all.at + all.len - start) + 1, "\n--- ", 5);
    return (struct span){start, (size_t)((end ? end + 1 : all.at + all.len) - start)};
}

static bool read_case(struct case_file *c)
{
    struct span all, line;

    c->all = BUF_INIT(LIMIT_FILE);
    if (!read_file(c->path, &c->all))
        return false;
    all = buf_view(&c->all);
    c->article = section(all, "article");
    if (!c->article.at) {
        c->article = section(all, "markdown");
        c->markup = CLEAN_MARKDOWN;
    }
    c->want = section(all, c->kind->section);
    for (size_t i = 0; i < all.len; i += line.len + 1) {
        line = span_cut(all, i, all.len);
        line.len = strcspn(line.at, "\n");
        if (line.len && line.at[0] != '#') {
            c->fact = strndup(line.at, line.len);
            break;
        }
    }
    return c->fact && c->article.at && c->want.at;
}

/* The words with each run of white space as one space. */
static void put_words(struct buf *out, struct span text)
{
    bool gap = false;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.at[i] <= ' ') {
            gap = true;
            continue;
        }
        if (gap)
            buf_char(out, ' ');
        gap = false;
        buf_char(out, text.at[i]);
    }
}

static void put_or_dash(struct buf *out, struct span text)
{
    if (text.len)
        put_words(out, text);
    else
        buf_char(out, '-');
    buf_str(out, " | ");
}

static void put_found(struct buf *out, struct arena *mem, const struct article *a, bool indirect)
{
    struct quote *quotes;
    uint32_t count;

    assert_int_equal(quote_find(mem, a, QUOTE_STATEMENTS, &quotes, &count), 0);
    for (uint32_t q = 0; q < count; q++) {
        if ((quotes[q].kind == QUOTE_INDIRECT) != indirect)
            continue;
        put_words(out, quotes[q].speaker.len ? quotes[q].speaker : SPAN("-"));
        if (quotes[q].person.len) {
            buf_str(out, " = ");
            put_words(out, quotes[q].person);
        }
        buf_str(out, quotes[q].inside == q ? " | " : " (as told) | ");
        put_or_dash(out, span_cut(a->text, quotes[q].cue_start, quotes[q].cue_end));
        put_words(out, span_cut(a->text, quotes[q].start, quotes[q].end));
        buf_char(out, '\n');
    }
}

static void put_quotes(struct buf *out, struct arena *mem, const struct article *a)
{
    put_found(out, mem, a, false);
}

static void put_indirect(struct buf *out, struct arena *mem, const struct article *a)
{
    put_found(out, mem, a, true);
}

static void put_marked(struct buf *out, struct arena *mem, const struct article *a)
{
    struct marked *pieces;
    uint32_t count;

    assert_int_equal(mark_pair(mem, a, &pieces, &count), 0);
    assert_int_equal(dialogue_find(mem, a, language_of(a), &pieces, &count), 0);
    for (uint32_t p = 0; p < count; p++) {
        const struct marked *m = &pieces[p];
        const char *const flags[] = {m->single ? "single" : NULL, m->open ? "open" : NULL,
                                     m->goes_on ? "goes on" : NULL, m->dash ? "dash" : NULL};
        bool any = false;

        for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
            if (flags[i]) {
                buf_printf(out, "%s%s", any ? ", " : "", flags[i]);
                any = true;
            }
        buf_str(out, any ? " | " : ". | ");
        put_words(out, span_cut(a->text, m->start, m->end));
        buf_char(out, '\n');
    }
}

static void put_sentences(struct buf *out, struct arena *mem, const struct article *a)
{
    struct marked *pieces;
    struct scan scan;
    uint32_t count;

    assert_int_equal(mark_pair(mem, a, &pieces, &count), 0);
    assert_int_equal(dialogue_find(mem, a, language_of(a), &pieces, &count), 0);
    assert_int_equal(sentence_scan(mem, a, language_of(a), pieces, count, &scan), 0);
    for (uint32_t i = 0; i < scan.sentence_count; i++) {
        const struct sentence *s = &scan.sentences[i];

        put_words(out, span_cut(a->text, scan.tokens[s->first].start, scan.tokens[s->end - 1].end));
        buf_char(out, '\n');
    }
}

static const struct kind kinds[] = {
    {"quote", "quotes", "quotes and their speakers", put_quotes},
    {"indirect", "indirect", "statements without marks", put_indirect},
    {"marks", "marked", "marks and what stands between them", put_marked},
    {"sentences", "sentences", "where sentences end", put_sentences},
};

static void put_rows(const struct case_file *c, struct buf *out, struct arena *mem)
{
    struct article like = {.text = c->article, .end = (uint32_t)c->article.len, .line = 1}, *articles = NULL;
    uint32_t count = 0;

    assert_int_equal(clean_split(mem, &like, c->markup, false, &articles, &count), 0);
    for (uint32_t i = 0; i < count; i++)
        c->kind->put(out, mem, &articles[i]);
}

static void run_case(void **state)
{
    const struct case_file *c = *state;
    struct arena mem = ARENA_INIT;
    struct buf rows = BUF_INIT(LIMIT_FILE);
    struct span want = span_trim(c->want), got;

    put_rows(c, &rows, &mem);
    got = span_trim(buf_view(&rows));
    if (!span_eq(want, got)) { /* fail_msg cuts at 1024 bytes, and an article's rows are longer */
        fprintf(stderr, "%s:\nwanted\n%.*s\nfound\n%.*s\n", c->path, (int)want.len, want.at, (int)got.len,
                got.at);
        fail();
    }
    buf_fini(&rows);
    arena_free(&mem);
}

/* All cases of one kind in the folder, or the one named. Returns the number of those that failed. */
static int run_kind(const struct kind *kind, const char *folder, const char *one)
{
    char pattern[4096];
    glob_t files = {0};
    struct CMUnitTest *tests;
    struct case_file *cases;
    int failed = 0;

    (void)snprintf(pattern, sizeof pattern, "%s/%s.case", folder, one ? one : "*");
    if (glob(pattern, 0, NULL, &files) != 0 || files.gl_pathc == 0) {
        if (one)
            return 0;
        fprintf(stderr, "test_cases: no file like %s (run it from the top of the tree)\n", pattern);
        return 1;
    }
    tests = calloc(files.gl_pathc, sizeof *tests);
    cases = calloc(files.gl_pathc, sizeof *cases);
    if (!tests || !cases)
        return 1;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        cases[i] = (struct case_file){.kind = kind, .path = files.gl_pathv[i]};
        if (!read_case(&cases[i])) {
            fprintf(stderr, "test_cases: %s: not a case (fact, --- article, --- %s)\n", cases[i].path,
                    kind->section);
            return 1;
        }
        tests[i] = (struct CMUnitTest){cases[i].fact, run_case, NULL, NULL, &cases[i]};
    }
    failed = _cmocka_run_group_tests(kind->title, tests, files.gl_pathc, NULL, NULL);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        free(cases[i].fact);
        buf_fini(&cases[i].all);
    }
    free(cases);
    free(tests);
    globfree(&files);
    return failed;
}

int main(void)
{
    const char *other = getenv("CASES");
    char folder[64];
    int failed = 0;

    if (other)
        return run_kind(&kinds[0], other, getenv("CASE")) != 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        (void)snprintf(folder, sizeof folder, "tests/cases/%s", kinds[i].folder);
        failed += run_kind(&kinds[i], folder, getenv("CASE"));
    }
    return failed != 0;
}
