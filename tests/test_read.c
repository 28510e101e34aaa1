/* What reading a file gives: its articles, what kind each block is, and where the dates come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "index/date.h"
#include "index/read.h"

/* ---- reading into a description ----------------------------------------------------------------- */

static const char *const kinds[] = {"body", "title", "heading", "summary", "bullet",
                                    "pull", "name",  "quoted",  "-"};

/* An article a paragraph: "title | date basis | place | author @line", then its blocks by kind. */
static int describe(void *ctx, struct arena *mem, const struct article *a)
{
    struct buf *b = ctx;

    (void)mem;
    buf_printf(b, "%s[%.*s|%.*s %s|%.*s|%.*s@%u]", b->len ? " " : "", (int)a->title.len, a->title.at,
               (int)a->date.len, a->date.at ? a->date.at : "", a->date_basis ? a->date_basis : "",
               (int)a->place.len, a->place.at ? a->place.at : "", (int)a->author.len,
               a->author.at ? a->author.at : "", a->line);
    for (uint32_t i = 0; i < a->block_count; i++)
        buf_printf(b, " %s", kinds[a->blocks[i].kind]);
    return 0;
}

/* Only the blocks, a bar before each, with their text. */
static int spell_out(void *ctx, struct arena *mem, const struct article *a)
{
    struct buf *b = ctx;

    (void)mem;
    for (uint32_t i = 0; i < a->block_count; i++) {
        buf_str(b, "|");
        buf_span(b, span_cut(a->text, a->blocks[i].start, a->blocks[i].end));
    }
    return 0;
}

static int count_only(void *ctx, struct arena *mem, const struct article *a)
{
    (void)mem;
    *(size_t *)ctx += a->block_count;
    return 0;
}

struct row {
    const char *fact;
    const char *path;
    struct span bytes;
    const char *want;
};

static void check_rows(const struct row *rows, size_t count, read_take_fn take)
{
    for (size_t i = 0; i < count; i++) {
        struct buf got = BUF_INIT(MiB);
        struct read_report report;
        int rc = read_bytes(rows[i].bytes, span_of(rows[i].path), NULL, take, &got, &report);
        if (rc < 0)
            buf_printf(&got, "%d %s", -rc, report.detail);
        buf_char(&got, '\0');
        if (strcmp(got.at, rows[i].want) != 0)
            fail_msg("%s:\n  got  %s\n  want %s", rows[i].fact, got.at, rows[i].want);
        buf_fini(&got);
    }
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* ---- articles and their parts ------------------------------------------------------------------- */

#define HARBOUR                                                                                              \
    "The council of Ostrava Bay voted on Tuesday to keep its harbour open, after a night of talks with the " \
    "pilots.\n"                                                                                              \
    "The mayor said that the decision would be reviewed in the spring, when the new tide tables have been "  \
    "printed.\n"                                                                                             \
    "The pilots were not present when the vote was taken, and their union did not wish to comment on it "    \
    "that day.\n"

static const struct row articles[] = {
    {"a line a paragraph, the first of them a headline", "a.txt",
     SPAN("Harbour stays open for now\n\n" HARBOUR),
     "[Harbour stays open for now| ||@1] title body body body"},
    {"a town in capitals and a colon is the place", "a.txt",
     SPAN("Harbour stays open for now\n\nOSTRA: " HARBOUR),
     "[Harbour stays open for now| |OSTRA|@1] title body body body"},
    {"a town and an agency are the place", "a.txt",
     SPAN("Harbour stays open for now\n\nOstra (NNA) - " HARBOUR),
     "[Harbour stays open for now| |Ostra|@1] title body body body"},
    {"a town, a day and an agency are the place", "a.txt",
     SPAN("Harbour stays open for now\n\nPORT OSTRA, April 3 (NNA) — " HARBOUR),
     "[Harbour stays open for now| |PORT OSTRA|@1] title body body body"},
    {"a dateline with its year gives the date", "a.txt",
     SPAN("Harbour stays open for now\n\nPORT OSTRA, April 3, 2025 (NNA) — " HARBOUR),
     "[Harbour stays open for now|2025-04-03 dateline|PORT OSTRA|@1] title body body body"},
    {"headline, byline and date right below each other stay apart", "a.txt",
     SPAN("Harbour stays open for now, says the council of the bay\nBy Jana Okoro\nPublished 3 April "
          "2025\n\n" HARBOUR),
     "[Harbour stays open for now, says the council of the bay|2025-04-03 updated line||Jana Okoro@1] title "
     "- - body body body"},
    {"speakers' names in capitals are no place", "a.txt",
     SPAN("Talk on the evening programme\n\nHALE: Good evening, and welcome.\nMORROW: Thank you.\n"),
     "[Talk on the evening programme| ||@1] title body body"},
    {"furniture of a page is told apart and gives the date", "a.txt",
     SPAN("Harbour stays open for now\n\nPilots had asked for an end to night work. (NNA/File)\nShort "
          "Url\nUpdated 03 April "
          "2025\nFollow\n\nHarbour stays open for now\n\n  • The mayor won\n\n" HARBOUR),
     "[Harbour stays open for now|2025-04-03 updated line||@1] title summary - - - - bullet body body body"},
    {"a second article begins where a headline has furniture below", "a.txt",
     SPAN("Harbour stays open for now\n\nUpdated 3 April 2025\n\n" HARBOUR
          "\n\nBridge closed for three weeks\n\nUpdated 8 sec ago\nFollow\n\nBridge closed for three "
          "weeks\n\nELM: " HARBOUR),
     "[Harbour stays open for now|2025-04-03 updated line||@1] title - body body body "
     "[Bridge closed for three weeks| |ELM|@10] title - - - body body body"},
    {"a second article begins after a line of dashes, with a dateline", "a.txt",
     SPAN("Harbour stays open for now\n\n" HARBOUR
          "\n-----\n\nBridge closed for three weeks\n\nELM: " HARBOUR),
     "[Harbour stays open for now| ||@1] title body body body [Bridge closed for three weeks| |ELM|@9] title "
     "body body body"},
    {"a subheading begins no article", "a.txt",
     SPAN("Harbour stays open for now\n\n" HARBOUR "\nWhat the pilots want\n\n" HARBOUR),
     "[Harbour stays open for now| ||@1] title body body body heading body body body"},
    {"related headlines without a story begin no article", "a.txt",
     SPAN("Harbour stays open for now\n\n" HARBOUR "\nBridge closed for three weeks\nUpdated 2 April 2025\n"),
     "[Harbour stays open for now| ||@1] title body body body body -"},
    {"a pull quote above a name line", "a.txt",
     SPAN("Harbour stays open for now\n\n" HARBOUR
          "\nWe have waited ten years for this day and we will wait no longer.\n\nMara Lindqvist, head of "
          "the pilots\n\n" HARBOUR),
     "[Harbour stays open for now| ||@1] title body body body pull name body body body"},
    {"a name line under an ordinary paragraph makes no pull quote", "a.txt",
     SPAN("Harbour stays open for now\n\n" HARBOUR
          "\nMara Lindqvist, head of the pilots\n\nThe vote was public.\n"),
     "[Harbour stays open for now| ||@1] title body body body body body"},
    {"a byline names the author", "a.txt", SPAN("Harbour stays open for now\nBy Jana Okoro\n\n" HARBOUR),
     "[Harbour stays open for now| ||Jana Okoro@1] title - body body body"},
    {"front matter gives title, date and author", "a.md",
     SPAN("---\ntitle: \"Harbour\"\ndate: 3. April 2025\nauthor: Jana Okoro\n---\n\n# Harbour\n\n" HARBOUR
          "\n> We won.\n"),
     "[Harbour|2025-04-03 front matter||Jana Okoro@7] title body quoted"},
    {"a rule and prose are no front matter", "a.md",
     SPAN("---\n\nThe first words\n\n---\n\nThe last: words.\n"), "[The first words| ||@3] title body"},
    {"org keywords give title and date", "a.org",
     SPAN("#+title: Harbour\n#+DATE: <2025-04-03 Thu>\n\n* The vote\n" HARBOUR
          "#+begin_quote\nWe won.\n#+end_quote\n"),
     "[Harbour|2025-04-03 front matter||@4] title body quoted"},
    {"a date in the path", "2025/04/03/harbour.txt", SPAN("Harbour stays open for now\n\n" HARBOUR),
     "[Harbour stays open for now|2025-04-03 path||@1] title body body body"},
    {"a date in the headline, when nothing else gives one", "a.txt",
     SPAN("Hearing of the harbour committee, 11 April 2024 (extract)\n\n" HARBOUR),
     "[Hearing of the harbour committee, 11 April 2024 (extract)|2024-04-11 title||@1] title body body body"},
    {"the text's own date comes before the path's", "2024-01-01.txt",
     SPAN("Harbour stays open for now\n\nPublished on 3 avril 2025\n\n" HARBOUR),
     "[Harbour stays open for now|2025-04-03 updated line||@1] title - body body body"},
    {"JSON lines: a document a line, and bad lines are passed over", "a.jsonl",
     SPAN("{\"id\":1,\"title\":\"One\",\"date\":\"3-APR-1987 15:01\",\"text\":\"First words "
          "here.\"}\nnonsense\n\n"
          "{\"text\":\"Second.\",\"author\":\"J. Okoro\"}\n{\"title\":\"no text\"}\n"),
     "[One|1987-04-03 json||@1] body [| ||J. Okoro@4] body"},
};

static void test_articles(void **state)
{
    (void)state;
    check_rows(articles, COUNT(articles), describe);
}

static const struct row paragraphs[] = {
    {"lines broken at a column become one paragraph", "a.txt",
     SPAN("The council of the bay voted on Tuesday to keep the harbour\nopen, after a night of talks with "
          "the pilots and their\n"
          "union.\nThe mayor said that the decision would be reviewed in the\nspring of next year.\n"),
     "|The council of the bay voted on Tuesday to keep the harbour\nopen, after a night of talks with the "
     "pilots and their\nunion."
     "|The mayor said that the decision would be reviewed in the\nspring of next year."},
    {"a line a paragraph stays so", "a.txt",
     SPAN("The harbour stays open.\nThe mayor is glad of it.\nThe pilots are not.\n"),
     "|The harbour stays open.|The mayor is glad of it.|The pilots are not."},
    {"bullets and quotation signs stand outside the blocks", "a.md",
     SPAN("- one thing\n- another\n\n> he said so.\n"), "|one thing|another|he said so."},
    {"in Markdown a line end parts nothing, a blank line, bullet, number, heading, row or fence does", "a.md",
     SPAN("Orla Venn came.\nShe left.  \nNobody\\\nwent.\n- one\nand more\n- two\n1. three\n2. four\n\nA\n3. "
          "May\n# B\nC\n"
          "| a | b |\n| c | d |\n```\nE\nF\n```\n> g\nh\n"),
     "|Orla Venn came.\nShe left.  \nNobody\\\nwent.|one\nand more|two|1. three|2. four|A\n3. May|B|C|| a | "
     "b ||| c | d "
     "||E|F|g\nh"},
    {"an underlined line of Markdown is a heading, and furniture stands by itself", "a.md",
     SPAN("Harbour\n===\nBy Jana Okoro\nThe council\nmet.\n"), "|Harbour|By Jana Okoro|The council\nmet."},
    {"in org a line end parts nothing but in a verse", "a.org",
     SPAN("* A\nOrla Venn\ncame.\n#+begin_verse\nB\nC\n#+end_verse\n- d\n  e\nF\n"),
     "|A|Orla Venn\ncame.|B|C|d\n  e|F"},
    {"a small letter goes on with a sentence, and so does what follows a comma", "a.txt",
     SPAN("The council\nmet in Ostra,\nLindholm and\nBrenn.\nNobody came.\n"),
     "|The council\nmet in Ostra,\nLindholm and\nBrenn.|Nobody came."},
    {"a heading stays apart in text that is broken by hand", "a.txt",
     SPAN("Pier\n\nThe council met on Monday, and\nit voted.\n\nStatement by Orla Venn\n“The harbour pays, "
          "and\nit "
          "will.”\n\nThe vote\nNobody came.\n"),
     "|Pier|The council met on Monday, and\nit voted.|Statement by Orla Venn|“The harbour pays, and\nit "
     "will.”|The "
     "vote|Nobody came."},
    {"lines that tell nothing stay apart: an address, a table, a verse of names", "a.txt",
     SPAN("Orla Venn\nThe Pier 3\nOstra\n\nVenn | 3\nReet | 4\n\n1. Venn\n2. Reet\n"),
     "|Orla Venn|The Pier 3|Ostra|Venn | 3|Reet | 4|1. Venn|2. Reet"},
    {"a quotation spans line ends where it is closed before another begins", "a.txt",
     SPAN("“We wait.\nIt pays.”\n“We go.\nVenn called it “late.”\n"),
     "|“We wait.\nIt pays.”|“We go.|Venn called it “late.”"},
    {"a bar makes no row of a line alone", "a.txt", SPAN("“We wait | and\nit pays.”\n"),
     "|“We wait | and\nit pays.”"},
    {"a shortened word ends no sentence", "a.txt",
     SPAN("Nobody came, and\nnobody said so to Mr.\nVenn of the harbour.\n"),
     "|Nobody came, and\nnobody said so to Mr.\nVenn of the harbour."},
    {"no-break spaces belong to no block", "a.txt", SPAN("\xC2\xA0The end.\xC2\xA0 \r\n"), "|The end."},
    {"a byte order mark belongs to no block", "a.txt", SPAN("\xEF\xBB\xBFThe end."), "|The end."},
    {"a dash before speech is no bullet", "a.txt", SPAN("— ¿Quién viene?\n"), "|— ¿Quién viene?"},
    {"windows-1252", "a.txt",
     SPAN("Der B\xFCrgermeister sagte: \x84Wir \xF6"
          "ffnen den Hafen f\xFCr alle Schiffe.\x93\n"),
     "|Der Bürgermeister sagte: „Wir öffnen den Hafen für alle Schiffe.“"},
    {"a declared charset", "a.md", SPAN("---\ncharset: koi8-r\n---\n\xF0\xD2\xC9\xD7\xC5\xD4\n"), "|Привет"},
    {"UTF-16 with a mark", "a.txt", SPAN("\xFF\xFEH\0i\0.\0"), "|Hi."},
    {"UTF-16 without a mark", "a.txt", SPAN("H\0i\0 \0a\0l\0l\0.\0"), "|Hi all."},
    {"UTF-8 cut in a character", "a.txt", SPAN("éèàùâêîôûëïüçÉÈ ends \xC3"),
     "|éèàùâêîôûëïüçÉÈ ends \xEF\xBF\xBD"},
};

static void test_paragraphs(void **state)
{
    (void)state;
    check_rows(paragraphs, COUNT(paragraphs), spell_out);
}

static const struct row refusals[] = {
    {"nothing", "a.txt", SPAN(""), "10020 no bytes at all"},
    {"white space", "a.txt", SPAN(" \n\n"), "10020 only white space"},
    {"only a line of dashes", "a.md", SPAN("---\x1A"), "10020 no words in it"},
    {"a NUL", "a.txt", SPAN("abc\0def"), "10006 a NUL byte at 3"},
    {"a PDF by another name", "a.txt", SPAN("%PDF-1.4\n"), "10006 a PDF document; only text is read"},
    {"JSON lines that are none", "a.jsonl", SPAN("hello\n"),
     "10006 line 1: '[' or '{' expected near 'hello'"},
    {"JSON lines without lines", "a.jsonl", SPAN("\n\n"), "10020 no lines in it"},
};

static void test_refusals(void **state)
{
    (void)state;
    check_rows(refusals, COUNT(refusals), describe);
}

/* ---- dates -------------------------------------------------------------------------------------- */

static void test_dates(void **state)
{
    static const char *const rows[][2] = {
        {"Updated 03 April 2025", "2025-04-03"},
        {"April 3, 2025", "2025-04-03"},
        {"2025-04-03T10:00:00Z", "2025-04-03"},
        {"26-FEB-1987 15:01:01", "1987-02-26"},
        {"3. März 2025", "2025-03-03"},
        {"1er février 2024", "2024-02-01"},
        {"3 de abril de 2025", "2025-04-03"},
        {"Den 3 april 2025", "2025-04-03"},
        {"3 апреля 2025", "2025-04-03"},
        {"2025年4月3日", "2025-04-03"},
        {"03.04.2025", "2025-04-03"},
        {"23/04/2025", "2025-04-23"},
        {"4/23/2025", "2025-04-23"},
        {"03/04/2025", ""},
        {"20250403", "2025-04-03"},
        {"April 2025", "2025-04"},
        {"2025-04", "2025-04"},
        {"2025", "2025"},
        {"in 2025 there were", ""},
        {"Updated 8 sec ago", ""},
        {"2025-02-30", ""},
    };
    char iso[11];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)date_parse(span_of(rows[i][0]), iso);
        assert_string_equal(iso, rows[i][1]);
    }
}

static void test_date_ranges(void **state)
{
    int32_t first, last;

    (void)state;
    assert_int_equal(date_days(SPAN("1970-01-01")), 0);
    assert_int_equal(date_days_last(SPAN("2024-02")) - date_days(SPAN("2024-02")), 28);
    assert_true(date_range(SPAN("2025-03..2025-06"), &first, &last));
    assert_int_equal(first, date_days(SPAN("2025-03-01")));
    assert_int_equal(last, date_days(SPAN("2025-06-30")));
    assert_true(date_range(SPAN("2025"), &first, &last));
    assert_int_equal(last - first, 364);
    assert_true(date_range(SPAN("..2025"), &first, &last) && first < -1000000);
    assert_true(date_range(SPAN("2025.."), &first, &last) && last == INT32_MAX);
    assert_false(date_range(SPAN(".."), &first, &last));
    assert_false(date_range(SPAN("2026..2025"), &first, &last));
    for (int32_t day = -60000; day < 80000; day++) {
        char iso[11];
        date_iso(day, iso);
        assert_int_equal(date_days(span_of(iso)), day);
    }
}

/* ---- files -------------------------------------------------------------------------------------- */

static void write_file(const char *path, struct span s)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0 && write(fd, s.at, s.len) == (ssize_t)s.len && close(fd) == 0);
}

static void test_files(void **state)
{
    char dir[] = "/tmp/quoted-read-XXXXXX", path[64];
    struct timespec when[2] = {{1743638400, 0}, {1743638400, 0}}; /* 3 April 2025 */
    struct read_hints hints = {.date = SPAN("31 December 2024")};
    struct buf got = BUF_INIT(MiB);
    struct read_report report;

    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/a.txt", dir);
    assert_int_equal(read_file(path, NULL, describe, &got, &report, NULL), ERR_NOTFOUND);
    assert_int_equal(read_file(dir, NULL, describe, &got, &report, NULL), ERR_NOTTEXT);
    assert_string_equal(report.detail, "a folder");
    write_file(path, SPAN("Only words.\n"));
    assert_int_equal(utimensat(AT_FDCWD, path, when, 0), 0);
    assert_int_equal(read_file(path, NULL, describe, &got, &report, NULL), 0);
    assert_int_equal(report.size, 12);
    assert_int_equal(report.mtime_ns, 1743638400000000000);
    assert_int_equal(read_file(path, &hints, describe, &got, &report, NULL), 0);
    buf_char(&got, '\0');
    assert_string_equal(got.at, "[|2025-04-03 mtime||@1] body [|2024-12-31 given||@1] body");
    buf_fini(&got);
    (void)unlink(path);
    (void)rmdir(dir);
}

static void test_names(void **state)
{
    static const char *const known[] = {"a.txt",      "B.TXT",    "x/y.md",        "x.org",
                                        "d.v/README", "a.ndjson", "notes 3. April"};
    static const char *const unknown[] = {"a.pdf", ".hidden", "a.txt~", "x/.git", "a.c", ""};

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++)
        assert_true(read_knows(span_of(known[i])));
    for (size_t i = 0; i < COUNT(unknown); i++)
        assert_false(read_knows(span_of(unknown[i])));
}

/* ---- bulk: none of these may take more than a moment --------------------------------------------- */

static double read_seconds(const char *unit, size_t size, const char *path)
{
    char *bytes = malloc(size);
    size_t len = strlen(unit), blocks = 0;
    struct read_report report;
    struct timespec a, b;

    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = unit[i % len];
    (void)clock_gettime(CLOCK_MONOTONIC, &a);
    (void)read_bytes((struct span){bytes, size}, span_of(path), NULL, count_only, &blocks, &report);
    (void)clock_gettime(CLOCK_MONOTONIC, &b);
    free(bytes);
    return (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
}

static void test_bulk(void **state)
{
    (void)state;
    assert_true(read_seconds("word ", 50 * MiB, "a.txt") < 20);
    assert_true(read_seconds("\n", 10 * MiB, "a.txt") < 5);
    assert_true(read_seconds("{\"text\":\"x\"},", 50 * MiB, "a.jsonl") < 20);
    assert_true(read_seconds("Headline of three words\n\nUpdated 3 April 2025\n\n", 2 * MiB, "a.txt") < 20);
    assert_true(read_seconds("We win.\n\nAnna Berg, mayor\n\n", 2 * MiB, "a.txt") < 20);
}

static void test_long_lines_are_skipped(void **state)
{
    size_t size = LIMIT_JSONL_LINE + MiB, blocks = 0;
    struct span tail = SPAN("\n{\"text\":\"Still read.\"}\n");
    struct read_report report;
    char *bytes = malloc(size + tail.len);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'x', size);
    memcpy(bytes + size, tail.at, tail.len);
    assert_int_equal(read_bytes((struct span){bytes, size + tail.len}, SPAN("a.jsonl"), NULL, count_only,
                                &blocks, &report),
                     0);
    assert_int_equal(report.articles, 1);
    assert_int_equal(report.bad_records, 1);
    assert_string_equal(report.detail, "line 1: longer than 16 MiB");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_articles),
        cmocka_unit_test(test_paragraphs),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_date_ranges),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bulk),
        cmocka_unit_test(test_long_lines_are_skipped),
    };
    return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
