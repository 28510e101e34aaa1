/* test_store.c -- the store: what is brought in is there, what leaves is gone, and nothing in between. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "index/hold.h"
#include "index/index.h"
#include "index/post.h"
#include "index/store_inner.h"
#include "tests/shell.h"

/* ---- a folder to play in ----------------------------------------------------------------------------- */

struct room {
    char base[64], archive[80], store[80];
    struct index *ix;
};

static void reopen(struct room *r)
{
    char detail[200];

    index_close(r->ix);
    if (index_open(r->store, &r->ix, detail) != 0)
        fail_msg("%s", detail);
}

static int enter(void **state)
{
    struct room *r = calloc(1, sizeof *r);

    (void)snprintf(r->base, sizeof r->base, "/tmp/test_store.XXXXXX");
    assert_non_null(mkdtemp(r->base));
    (void)snprintf(r->archive, sizeof r->archive, "%s/archive", r->base);
    (void)snprintf(r->store, sizeof r->store, "%s/made/index", r->base);
    assert_int_equal(mkdir(r->archive, 0700), 0);
    reopen(r);
    *state = r;
    return 0;
}

static int leave(void **state)
{
    struct room *r = *state;

    index_close(r->ix);
    run("rm -rf %s", r->base);
    free(r);
    return 0;
}

static void write_file(const struct room *r, const char *name, const char *text)
{
    char path[200];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", r->archive, name);
    f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) >= 0, 1);
    assert_int_equal(fclose(f), 0);
}

/* An article of its own; `word` stands in it and nowhere else. */
static void write_article(const struct room *r, const char *name, const char *word)
{
    char text[600];

    (void)snprintf(
        text, sizeof text,
        "The %s report\n\nThe minister went home. “The %s budget is fine,” said Anna %s on Monday.\n", word,
        word, word);
    write_file(r, name, text);
}

/* `count` articles, from number `from` on, as JSON lines. */
static void write_lines(const struct room *r, const char *name, unsigned from, unsigned count)
{
    char path[200];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", r->archive, name);
    f = fopen(path, "w");
    assert_non_null(f);
    for (unsigned i = from; i < from + count; i++)
        (void)fprintf(
            f,
            "{\"id\":\"n%u\",\"title\":\"Report %u\",\"text\":\"The office of line%u spoke for page %u. "
            "“We shall see number %u,” said Maria Stone%u. It was late.\"}\n",
            i, i, i, i % 7, i, i % 13);
    assert_int_equal(fclose(f), 0);
}

static struct index_progress add(struct room *r)
{
    struct index_run run_ = {0};

    assert_int_equal(index_add(r->ix, r->archive, &run_), 0);
    return run_.total;
}

static void print_problem(void *ctx, const char *words)
{
    (void)ctx;
    print_error("%s\n", words);
}

static int problems(struct room *r, bool print)
{
    struct index_view *v;
    int n;

    assert_int_equal(index_view_open(r->ix, &v), 0);
    n = view_check(v, print ? print_problem : NULL, NULL, NULL);
    index_view_close(&v);
    return n;
}

static void is_clean(struct room *r)
{
    assert_int_equal(problems(r, true), 0);
}

static struct index_stats stats(struct room *r)
{
    struct index_stats s;
    struct index_view *v;

    assert_int_equal(index_view_open(r->ix, &v), 0);
    assert_int_equal(index_view_stats(v, &s), 0);
    index_view_close(&v);
    return s;
}

/* ---- what an index says, as text --------------------------------------------------------------------- */

struct dump {
    struct index_view *v;
    struct buf out;
};

static int dump_file(void *ctx, const struct file_row *f)
{
    struct dump *d = ctx;
    struct arena mem = ARENA_INIT;
    struct place_row *places;
    uint32_t count;

    assert_int_equal(view_holds(d->v, &mem, f->no, &places, &count), 0);
    buf_printf(&d->out, "file %s: %d, %u\n", f->path.at, f->err, count);
    for (uint32_t i = 0; i < count; i++) {
        struct doc_row doc;
        struct span text;
        assert_int_equal(view_doc(d->v, &mem, places[i].doc, &doc), 0);
        assert_int_equal(view_text(d->v, &mem, &doc, &text), 0);
        buf_printf(&d->out, "%u %u %u %llx %u ", places[i].record, places[i].start, places[i].line,
                   (unsigned long long)doc.id, doc.words);
        buf_span(&d->out, text);
        for (uint32_t q = 0; q < doc.quote_count; q++) {
            struct quote_row quote;
            assert_int_equal(view_quote(d->v, &mem, doc.first_quote + q, &quote), 0);
            buf_printf(&d->out, "\n  %llx %u-%u %u:%u ", (unsigned long long)quote.id, quote.start, quote.end,
                       quote.line, quote.column);
            buf_span(&d->out, quote.speaker);
        }
        buf_char(&d->out, '\n');
    }
    arena_free(&mem);
    return 0;
}

/* Every term with the number of living documents or quotes that have it. */
static void dump_terms(struct dump *d, enum field field)
{
    struct arena walk_mem = ARENA_INIT, mem = ARENA_INIT;
    struct term_walk *walk;
    struct span term;
    uint32_t count;
    const struct segment *s = view_segments(d->v, &count);

    assert_int_equal(term_walk_open(&walk, &walk_mem, d->v, field_of_lists(field), SPAN("")), 0);
    while (term_walk_next(walk, &term) == 1) {
        uint64_t df = 0, cf = 0;
        for (uint32_t i = 0; i < count; i++) {
            struct post p;
            if (post_open(&p, &mem, d->v, &s[i], field, term) == 1)
                while (post_next(&p) == 1)
                    if (!(field_of_documents(field) ? view_doc_dead(d->v, p.doc)
                                                    : view_quote_dead(d->v, p.doc))) {
                        df++;
                        cf += (uint64_t)post_count(&p);
                    }
        }
        if (df)
            buf_printf(&d->out, "%d %.*s %llu %llu\n", (int)field, (int)term.len, term.at,
                       (unsigned long long)df, (unsigned long long)cf);
        arena_reset(&mem);
    }
    arena_free(&walk_mem);
    arena_free(&mem);
}

static char *dump(struct index *ix)
{
    struct dump d = {.out = BUF_INIT(64 * MiB)};
    struct arena mem = ARENA_INIT;

    assert_int_equal(index_view_open(ix, &d.v), 0);
    assert_int_equal(view_files_by_path(d.v, &mem, dump_file, &d), 0);
    for (enum field field = FIELD_TEXT; field < FIELDS; field++)
        dump_terms(&d, field);
    index_view_close(&d.v);
    arena_free(&mem);
    buf_char(&d.out, 0);
    assert_int_equal(buf_err(&d.out), 0);
    return d.out.at;
}

/* What this index says is what one made afresh from the same archive says. */
static void same_as_fresh(struct room *r)
{
    struct index *fresh;
    char dir[100], *here = dump(r->ix), *there;

    (void)snprintf(dir, sizeof dir, "%s/fresh", r->base);
    assert_int_equal(index_open(dir, &fresh, NULL), 0);
    assert_int_equal(index_add(fresh, r->archive, NULL), 0);
    there = dump(fresh);
    index_close(fresh);
    run("rm -rf %s", dir);
    assert_string_equal(here, there);
    free(here);
    free(there);
}

/* Documents that have the word, the dead left out. */
static unsigned having(struct room *r, const char *word)
{
    struct arena mem = ARENA_INIT;
    struct index_view *v;
    const struct segment *s;
    uint32_t count;
    unsigned n = 0;

    assert_int_equal(index_view_open(r->ix, &v), 0);
    s = view_segments(v, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct post p;
        if (post_open(&p, &mem, v, &s[i], FIELD_TEXT, span_of(word)) == 1)
            while (post_next(&p) == 1)
                n += view_doc_dead(v, p.doc) == 0;
    }
    index_view_close(&v);
    arena_free(&mem);
    return n;
}

/* ---- opening ----------------------------------------------------------------------------------------- */

static void a_new_index_is_private_and_empty(void **state)
{
    struct room *r = *state;
    char path[100];
    struct stat st;

    assert_int_equal(stat(r->store, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    (void)snprintf(path, sizeof path, "%s/data.mdb", r->store);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stats(r).documents, 0);
    is_clean(r);
}

static void an_index_that_was_cut_short_is_told_and_set_aside(void **state)
{
    struct room *r = *state;
    char path[100], detail[200];

    write_lines(r, "a.jsonl", 0, 2000);
    (void)add(r);
    index_close(r->ix);
    r->ix = NULL;
    (void)snprintf(path, sizeof path, "%s/data.mdb", r->store);
    assert_int_equal(truncate(path, 100000), 0);
    assert_int_equal(index_open(r->store, &r->ix, detail), ERR_CORRUPT);
    assert_non_null(strstr(detail, "shorter"));
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(index_open(r->store, &r->ix, detail), ERR_CORRUPT);
    assert_int_equal(index_set_aside(r->store), 0);
    reopen(r);
    assert_int_equal(stats(r).documents, 0);
    run("test -e %s.damaged-1", path);
}

static void an_index_of_another_format_is_told_as_that(void **state)
{
    struct room *r = *state;
    struct write w = {0};
    char detail[200];

    assert_int_equal(write_begin(r->ix, &w), 0);
    assert_int_equal(record_put(&w, T_META, SPAN("format"), SPAN("\0\0\0\3"), false), 0);
    assert_int_equal(mdb_drop(w.txn, r->ix->table[T_FILES], 1), 0); /* it has other tables, too */
    assert_int_equal(write_commit(&w), 0);
    index_close(r->ix);
    assert_int_equal(index_open(r->store, &r->ix, detail), ERR_VERSION);
    assert_non_null(strstr(detail, "format of another version"));
}

static void a_second_process_is_refused(void **state)
{
    struct room *r = *state;
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct index *ix;
        _exit(index_open(r->store, &ix, NULL) == ERR_LOCKED ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* ---- bringing in ------------------------------------------------------------------------------------- */

static void a_file_becomes_a_document_with_its_quotes(void **state)
{
    static const char article[] = "A budget\n\nIt rained. “The budget is fine,” said Anna Weber on Monday.\n";
    struct room *r = *state;
    struct arena mem = ARENA_INIT;
    struct index_view *v;
    struct doc_row d;
    struct quote_row q;
    struct place_row *places;
    struct span text;
    uint32_t count, *found;
    char id[13];
    uint64_t back;

    write_file(r, "a.txt", article);
    assert_int_equal(add(r).articles, 1);
    assert_int_equal(index_view_open(r->ix, &v), 0);
    assert_int_equal(view_doc(v, &mem, 1, &d), 0);
    assert_int_equal(view_text(v, &mem, &d, &text), 0);
    assert_non_null(memmem(article, strlen(article), text.at, text.len));
    assert_int_equal(d.quote_count, 1);
    assert_int_equal(view_quote(v, &mem, d.first_quote, &q), 0);
    assert_true(span_eq(span_cut(text, q.start, q.end), SPAN("The budget is fine,")) ||
                span_eq(span_cut(text, q.start, q.end), SPAN("The budget is fine")));
    assert_int_equal(q.line, 3);
    assert_int_equal(q.column, 13);
    id_text(q.id, id);
    assert_true(id_parse(span_of(id), &back) && back == q.id);
    assert_int_equal(view_find(v, &mem, PART_QUOTE_IDS, q.id, &found, &count), 0);
    assert_true(count == 1 && found[0] == q.no);
    assert_int_equal(view_places(v, &mem, 1, &places, &count), 0);
    assert_true(count == 1 && span_ends(places[0].path, SPAN("/a.txt")));
    index_view_close(&v);
    arena_free(&mem);
    is_clean(r);
}

/* The list of a term, as "number: positions", in a segment alone. */
static const char *list_of(struct room *r, enum field field, const char *term)
{
    static char out[2000];
    struct arena mem = ARENA_INIT;
    struct index_view *v;
    struct post p;
    uint32_t count;
    size_t n = 0;

    out[0] = '\0';
    assert_int_equal(index_view_open(r->ix, &v), 0);
    const struct segment *s = view_segments(v, &count);
    assert_int_equal(count, 1);
    if (post_open(&p, &mem, v, s, field, span_of(term)) == 1)
        while (post_next(&p) == 1) {
            const uint32_t *positions;
            int64_t stands = post_positions(&p, &positions);

            assert_int_equal(stands, post_count(&p));
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%u:", n ? "  " : "", p.doc);
            for (int64_t i = 0; i < stands; i++)
                n += (size_t)snprintf(out + n, sizeof out - n, " %u", positions[i]);
        }
    index_view_close(&v);
    arena_free(&mem);
    return out;
}

static void titles_and_statements_are_stretches_of_the_text(void **state)
{
    struct room *r = *state;
    char text[4000] = "The story of many\n\n";
    size_t n = strlen(text);

    write_file(r, "a.txt",
               "The tunnel of Al-Nadim\n\nThe tunnel is old. Ada Kovar said that the Al-Nadim tunnel is a "
               "tunnel of wonders. "
               "“The tunnel is safe,” said Victor Osei. He said that no bridge would close.\n");
    (void)add(r);
    assert_string_equal(list_of(r, FIELD_TITLE, "tunnel"), "1: 1");
    assert_string_equal(list_of(r, FIELD_TITLE, "alnadim"), "1: 3");
    assert_string_equal(list_of(r, FIELD_TITLE, "alnadim\0022"), "1: 3");
    assert_string_equal(list_of(r, FIELD_TITLE, "old"), "");
    assert_string_equal(list_of(r, FIELD_STATEMENT, "tunnel"), "1: 4 7");
    assert_string_equal(list_of(r, FIELD_STATEMENT, "nadim"), "1: 3");
    assert_string_equal(list_of(r, FIELD_STATEMENT, "bridge"), "3: 2");
    assert_string_equal(list_of(r, FIELD_STATEMENT, "kovar"), "");
    assert_string_equal(list_of(r, FIELD_QUOTE, "tunnel"), "2: 1");
    write_file(r, "a.txt", "Nothing\n\nNothing was said.\n");
    for (int i = 0; i < 40; i++) /* more than a block of numbers (within.h) */
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "Ada Kovar said that the ferry would leave at number %d.\n\n", i);
    write_file(r, "b.txt", text);
    (void)add(r);
    assert_int_equal(index_compact(r->ix, NULL), 0);
    assert_int_equal(strlen(list_of(r, FIELD_STATEMENT, "ferry")) > 40 * 5, 1);
    assert_string_equal(list_of(r, FIELD_STATEMENT, "39"), "43: 7");
    assert_string_equal(list_of(r, FIELD_STATEMENT, "tunnel"), "");
    is_clean(r);
    same_as_fresh(r);
}

static void equal_articles_are_one_document_with_two_places(void **state)
{
    struct room *r = *state;

    write_article(r, "a.txt", "apple");
    run("cp -p %s/a.txt %s/b.txt", r->archive, r->archive);
    assert_int_equal(add(r).articles, 2);
    assert_int_equal(stats(r).documents, 1);
    assert_int_equal(having(r, "apple"), 1);
    run("rm %s/a.txt", r->archive);
    assert_int_equal(add(r).files_removed, 1);
    assert_int_equal(having(r, "apple"), 1);
    run("rm %s/b.txt", r->archive);
    (void)add(r);
    assert_int_equal(having(r, "apple"), 0);
    assert_int_equal(stats(r).documents, 0);
    is_clean(r);
}

static void a_changed_file_takes_the_place_of_the_old(void **state)
{
    struct room *r = *state;

    write_article(r, "a.txt", "apple");
    (void)add(r);
    assert_int_equal(add(r).files_unchanged, 1);
    write_article(r, "a.txt", "cherry");
    assert_int_equal(add(r).files_new, 1);
    assert_int_equal(having(r, "apple"), 0);
    assert_int_equal(having(r, "cherry"), 1);
    run("touch -d 2001-01-01 %s/a.txt", r->archive); /* another time, the same bytes */
    (void)add(r);
    assert_int_equal(add(r).files_unchanged, 1);
    is_clean(r);
    same_as_fresh(r);
}

/* The date of the only document. */
static void dated(struct room *r, uint32_t doc, const char *date)
{
    struct arena mem = ARENA_INIT;
    struct index_view *v;
    struct doc_row d;

    assert_int_equal(index_view_open(r->ix, &v), 0);
    assert_int_equal(view_doc(v, &mem, doc, &d), 0);
    assert_string_equal(d.date.at, date);
    index_view_close(&v);
    arena_free(&mem);
}

static void an_article_dated_by_its_file_follows_the_file(void **state)
{
    struct room *r = *state;

    write_article(r, "a.txt", "apple");
    run("touch -d 2001-01-01T10:00Z %s/a.txt", r->archive);
    (void)add(r);
    dated(r, 1, "2001-01-01");
    run("touch -d 2001-01-01T11:00Z %s/a.txt", r->archive);
    assert_int_equal(add(r).files_unchanged, 1);
    run("touch -d 2001-01-02T11:00Z %s/a.txt", r->archive);
    assert_int_equal(add(r).files_new, 1);
    dated(r, 2, "2001-01-02");
    is_clean(r);
    same_as_fresh(r);
}

static void a_file_that_moved_keeps_its_documents(void **state)
{
    struct room *r = *state;

    write_article(r, "a.txt", "apple");
    (void)add(r);
    run("mkdir %s/sub && mv %s/a.txt %s/sub/z.txt", r->archive, r->archive, r->archive);
    (void)add(r);
    assert_int_equal(stats(r).documents, 1);
    assert_int_equal(stats(r).documents_dead, 0);
    is_clean(r);
    same_as_fresh(r);
}

static unsigned told;
static void count_told(void *ctx, const char *path, int err, const char *detail)
{
    (void)ctx;
    (void)path;
    (void)detail;
    told += err != 0;
}

static void a_skipped_file_is_told_in_every_run(void **state)
{
    struct room *r = *state;
    struct index_run run_ = {.skipped = count_told};

    write_article(r, "a.txt", "apple");
    run("head -c 4000 /dev/zero > %s/b.txt", r->archive);
    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(index_add(r->ix, r->archive, &run_), 0);
        assert_int_equal(told, i);
    }
    assert_int_equal(stats(r).files_skipped, 1);
    is_clean(r);
    write_article(r, "b.txt", "cherry"); /* it has become an article */
    (void)add(r);
    assert_int_equal(stats(r).files_skipped, 0);
    run("head -c 4000 /dev/zero > %s/a.txt", r->archive); /* and the other has ceased to be one */
    (void)add(r);
    assert_int_equal(having(r, "apple"), 0);
    is_clean(r);
}

static void hidden_names_loops_and_odd_paths(void **state)
{
    struct room *r = *state;

    write_article(r, "a.txt", "apple");
    write_article(r, ".hidden.txt", "cherry");
    write_article(r, "b\xff\xfe.txt", "plum"); /* a name that is not UTF-8 */
    run("mkdir %s/sub && ln -s .. %s/sub/up && ln -s sub %s/side && mkfifo %s/pipe.txt", r->archive,
        r->archive, r->archive, r->archive);
    run("cd %s && for i in 1 2 3; do d=$(printf %%0240d $i); mkdir $d; cd $d; done && echo 'A deep walnut.' "
        "> deep.txt",
        r->archive);
    assert_int_equal(add(r).files_seen, 3);
    assert_int_equal(having(r, "cherry"), 0);
    assert_int_equal(having(r, "plum"), 1);
    assert_int_equal(having(r, "walnut"), 1);
    is_clean(r);
    run("rm -r %s/0*", r->archive);
    assert_int_equal(add(r).files_removed, 1);
    assert_int_equal(having(r, "walnut"), 0);
    is_clean(r);
}

static void paths_leave_by_name_or_by_what_is_kept(void **state)
{
    struct room *r = *state;
    char one[100];
    const char *keep[] = {one};

    run("mkdir %s/a %s/ab", r->archive, r->archive);
    write_article(r, "a/x.txt", "apple");
    write_article(r, "ab/x.txt", "cherry");
    write_article(r, "c.txt", "plum");
    (void)add(r);
    (void)snprintf(one, sizeof one, "%s/a", r->archive);
    assert_int_equal(index_remove(r->ix, one, NULL), 0);
    assert_true(having(r, "apple") == 0 && having(r, "cherry") == 1 && having(r, "plum") == 1);
    (void)snprintf(one, sizeof one, "%s/ab", r->archive);
    assert_int_equal(index_keep_only(r->ix, keep, 1, NULL), 0);
    assert_true(having(r, "cherry") == 1 && having(r, "plum") == 0);
    is_clean(r);
}

static void a_cancelled_run_keeps_what_was_done(void **state)
{
    static const volatile bool yes = true;
    struct room *r = *state;
    struct index_run run_ = {.cancel = &yes};

    write_article(r, "a.txt", "apple");
    assert_int_equal(index_add(r->ix, r->archive, &run_), ERR_CANCELLED);
    is_clean(r);
    (void)add(r);
    same_as_fresh(r);
}

/* ---- upkeep ------------------------------------------------------------------------------------------ */

static void upkeep(struct room *r)
{
    int rc;

    while ((rc = index_upkeep(r->ix, NULL)) == 1)
        ;
    assert_int_equal(rc, 0);
}

static void many_small_commits_leave_few_segments(void **state)
{
    struct room *r = *state;
    char name[20], word[20], path[200];
    unsigned most = 0;

    for (unsigned i = 0; i < 300; i++) {
        unsigned segments;
        (void)snprintf(name, sizeof name, "%u.txt", i % 200); /* the last hundred change a file */
        (void)snprintf(word, sizeof word, "word%u", i);
        write_article(r, name, word);
        (void)snprintf(path, sizeof path, "%s/%s", r->archive, name);
        assert_int_equal(index_add(r->ix, path, NULL), 0);
        segments = (unsigned)stats(r).segments;
        most = segments > most ? segments : most;
    }
    assert_true(most <= 25);
    upkeep(r);
    assert_true(stats(r).segments < 16);
    is_clean(r);
    assert_int_equal(having(r, "word0"), 0);
    assert_int_equal(having(r, "word250"), 1);
    same_as_fresh(r);
}

static void files_of_older_rules_are_analysed_again(void **state)
{
    struct room *r = *state;
    struct arena mem = ARENA_INIT;
    struct write w = {0};
    struct file_row f;

    write_article(r, "a.txt", "apple");
    write_article(r, "b.txt", "cherry");
    (void)add(r);
    assert_int_equal(write_begin(r->ix, &w), 0);
    assert_int_equal(file_get(&w, &mem, 1, &f), 0);
    f.quote_rules = 0;
    assert_int_equal(file_put(&w, &f, false), 0);
    assert_int_equal(write_commit(&w), 0);
    arena_free(&mem);
    reopen(r);
    assert_int_equal(stats(r).outdated_files, 1);
    upkeep(r);
    assert_int_equal(stats(r).outdated_files, 0);
    is_clean(r);
    same_as_fresh(r);
}

/* True when the file of the index holds these bytes. */
static bool file_holds(struct room *r, const char *word)
{
    char command[200];

    (void)snprintf(command, sizeof command, "grep -aq %s %s/data.mdb", word, r->store);
    return system(command) == 0;
}

static void erased_text_is_gone_from_the_file(void **state)
{
    struct room *r = *state;
    uint64_t before;

    write_lines(r, "a.jsonl", 0, 500);
    write_article(r, "secret.txt", "xylophonist");
    (void)add(r);
    assert_true(file_holds(r, "xylophonist"));
    run("rm %s/secret.txt", r->archive);
    (void)add(r);
    before = index_generation(r->ix);
    assert_int_equal(index_compact(r->ix, NULL), 0);
    assert_true(index_generation(r->ix) > before);
    assert_false(file_holds(r, "xylophonist"));
    assert_true(file_holds(r, "number")); /* no other word begins so: it stands there whole */
    is_clean(r);
    same_as_fresh(r);
    reopen(r);
    assert_true(index_generation(r->ix) > before);
    assert_int_equal(index_compact(r->ix, NULL), 0); /* once more changes nothing */
    same_as_fresh(r);
}

/* ---- faults ------------------------------------------------------------------------------------------ */

static void a_flipped_byte_is_found(void **state)
{
    struct room *r = *state;
    char path[100], command[400], detail[200];

    write_article(r, "a.txt", "apple");
    (void)add(r);
    is_clean(r);
    index_close(r->ix);
    r->ix = NULL;
    (void)snprintf(path, sizeof path, "%s/data.mdb", r->store);
    /* The speaker's name stands in the row of the quote. */
    (void)snprintf(command, sizeof command,
                   "python3 -c \"p='%s'; b=open(p,'rb').read(); assert b'Anna apple' in b; "
                   "open(p,'wb').write(b.replace(b'Anna apple', b'Anna bpple'))\"",
                   path);
    if (system(command) != 0)
        skip();
    assert_int_equal(index_open(r->store, &r->ix, detail), ERR_CORRUPT);
    assert_non_null(strstr(detail, "when it was closed"));
    run("rm %s/seal", r->store); /* as after a crash */
    assert_int_equal(index_open(r->store, &r->ix, detail), ERR_CORRUPT);
    assert_non_null(strstr(detail, "walking it"));
}

static void killed_at_any_moment_the_index_is_whole(void **state)
{
    struct room *r = *state;
    char *dir = r->store;

    index_close(r->ix);
    r->ix = NULL;
    for (unsigned i = 0; i < 24; i++) {
        pid_t child;
        int status;
        write_lines(r, i % 2 ? "a.jsonl" : "b.jsonl", i * 100, 1500);
        write_article(r, "c.txt", i % 3 ? "apple" : "cherry");
        child = fork();
        if (child == 0) {
            struct index *ix;
            if (index_open(dir, &ix, NULL) == 0 && index_add(ix, r->archive, NULL) == 0)
                while (index_upkeep(ix, NULL) == 1)
                    ;
            _exit(0);
        }
        (void)usleep(1000u * (1 + i * i % 90));
        (void)kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        reopen(r);
        is_clean(r);
        index_close(r->ix);
        r->ix = NULL;
    }
    reopen(r);
    (void)add(r);
    upkeep(r);
    is_clean(r);
    same_as_fresh(r);
}

static void a_full_disk_is_said_and_the_index_goes_on(void **state)
{
    struct room *r = *state;
    struct rlimit limit, all;
    char path[100];
    struct stat st;

    write_article(r, "a.txt", "apple");
    (void)add(r);
    write_lines(r, "b.jsonl", 0, 4000);
    (void)snprintf(path, sizeof path, "%s/data.mdb", r->store);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    limit = all;
    limit.rlim_cur = (rlim_t)st.st_size + 200000;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(index_add(r->ix, r->archive, NULL), ERR_FULL);
    assert_int_equal(having(r, "apple"), 1);
    is_clean(r);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    (void)add(r);
    is_clean(r);
    same_as_fresh(r);
}

/* ---- ids --------------------------------------------------------------------------------------------- */

static void ids_are_read_as_people_type_them(void **state)
{
    uint64_t a, b;

    (void)state;
    assert_true(id_parse(SPAN("0123456789ab"), &a));
    assert_true(id_parse(SPAN("OI23456789AB"), &b));
    assert_true(a == b);
    assert_false(id_parse(SPAN("0123456789a"), &a));
    assert_false(id_parse(SPAN("0123456789au"), &a));
    assert_false(id_parse(SPAN("0123456789a "), &a));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        T(a_new_index_is_private_and_empty),
        T(an_index_that_was_cut_short_is_told_and_set_aside),
        T(an_index_of_another_format_is_told_as_that),
        T(a_second_process_is_refused),
        T(a_file_becomes_a_document_with_its_quotes),
        T(titles_and_statements_are_stretches_of_the_text),
        T(equal_articles_are_one_document_with_two_places),
        T(a_changed_file_takes_the_place_of_the_old),
        T(an_article_dated_by_its_file_follows_the_file),
        T(a_file_that_moved_keeps_its_documents),
        T(a_skipped_file_is_told_in_every_run),
        T(hidden_names_loops_and_odd_paths),
        T(paths_leave_by_name_or_by_what_is_kept),
        T(a_cancelled_run_keeps_what_was_done),
        T(many_small_commits_leave_few_segments),
        T(files_of_older_rules_are_analysed_again),
        T(erased_text_is_gone_from_the_file),
        T(a_flipped_byte_is_found),
        T(killed_at_any_moment_the_index_is_whole),
        T(a_full_disk_is_said_and_the_index_goes_on),
        cmocka_unit_test(ids_are_read_as_people_type_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
