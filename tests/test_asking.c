/* test_asking.c -- what may be asked about a query besides its rows: order, counts, facets, what was meant, how the answer was
 * come by, and that every long question ends soon after nobody wants it any more. */
#include <pthread.h>
#include <time.h>

#include "index/columns_write.h"
#include "index/facet.h"
#include "index/near.h"
#include "index/order.h"
#include "tests/world.h"

/* ---- a small archive --------------------------------------------------------------------------------- */

static struct world w;

static const char undated[] = "{\"title\":\"Charlie\",\"text\":\"The harbour has a new crane.\\n\\n“The "
                              "harbour crane lifts forty tons,” said Ivo "
                              "Al-Haddad, who runs it.\"}\n";

/* A Markdown article with front matter; what is "" is left out. */
static void article(const char *name, const char *date, const char *outlet, const char *text)
{
    char all[4096];
    int n = snprintf(all, sizeof all, "---\ntitle: %s\n%s%s%s%s%s%s---\n\n%s\n", name, *date ? "date: " : "",
                     date, *date ? "\n" : "", *outlet ? "source: " : "", outlet, *outlet ? "\n" : "", text);
    char file[64];

    (void)snprintf(file, sizeof file, "%s.md", name);
    write_file(&w, file, all, (size_t)n);
}

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    article("Alpha", "2024-12-03", "Vella Courier",
            "The harbour froze.\n\n“The harbour is closed until the ice has gone,” said Marta Oyelaran, the "
            "harbour master.\n\n"
            "“We wait for the harbour as we wait for spring,” said Jonas Weir.");
    article("Bravo", "2025-03-02", "Island Post",
            "The harbour opened.\n\n“The first ship came into the harbour at dawn,” said Jonas Weir.\n\n"
            "“Nobody slept that night, nobody at all,” said Greta Lindqvist.");
    write_file(&w, "c.jsonl", undated, sizeof undated - 1); /* a record has no date but its own */
    article("Delta", "2025-03", "Vella Courier",
            "A harbour vote.\n\n“The harbour belongs to those who work in it,” said Marta Oyelaran.");
    article("Echo", "2025-03-02", "Island Post",
            "Somebody wrote on the harbour wall in the night. Nobody has read it yet.");
    bring_in(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    return 0;
}

static struct ask search(const char *query)
{
    return (struct ask){.verb = ASK_SEARCH, .query = span_of(query)};
}

static struct ask by(const char *speaker, const char *query)
{
    return (struct ask){.verb = ASK_BY, .speaker = span_of(speaker), .query = span_of(query)};
}

/* The titles of the articles, or of those that the quotes stand in, one letter each. */
static void titles_of(struct ask ask, char *out)
{
    struct ask_result result;
    json_t *json = answer_json(&w, ask, &result), *row, *rows;
    size_t i;

    rows = json_object_get(json, ask.verb == ASK_BY ? "quotes" : "documents");
    json_array_foreach(rows, i, row)
    {
        if (ask.verb == ASK_BY)
            row = json_object_get(row, "source");
        *out++ = text_of(row, "title")[0];
    }
    *out = '\0';
    json_decref(json);
}

/* ---- order ------------------------------------------------------------------------------------------- */

static void rows_come_in_the_order_asked_for(void **state)
{
    /* clang-format off */
    static const struct {
        const char *fact, *speaker, *query; enum ask_sort sort; uint32_t limit, offset; const char *titles;
    } rows[] = {
        {"newest first; a month is its first day, who has no date comes last; equal days as they were indexed",
         NULL, "harbour", SORT_NEWEST, 0, 0, "BEDAC"},
        {"oldest first; who has no date still comes last", NULL, "harbour", SORT_OLDEST, 0, 0, "ADBEC"},
        {"a page of it", NULL, "harbour", SORT_NEWEST, 2, 1, "ED"},
        {"a page behind the end", NULL, "harbour", SORT_NEWEST, 2, 9, ""},
        {"by the speaker of the first quote that matches: Haddad, Weir, Oyelaran twice, nobody", NULL, "harbour",
         SORT_SPEAKER, 0, 0, "CBDAE"},
        {"quotes: newest first is the usual order", "oyelaran", NULL, SORT_USUAL, 0, 0, "DA"},
        {"quotes: the same when asked for", "oyelaran", NULL, SORT_NEWEST, 0, 0, "DA"},
        {"quotes: oldest first", "oyelaran", NULL, SORT_OLDEST, 0, 0, "AD"},
        {"quotes: more of the words first", "weir", "ship OR harbour", SORT_RELEVANCE, 0, 0, "BA"},
        {"quotes: what weighs the same stands newest first", "weir", "harbour", SORT_RELEVANCE, 0, 0, "BA"},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ask ask = rows[i].speaker ? by(rows[i].speaker, rows[i].query) : search(rows[i].query);
        char titles[32];

        ask.sort = rows[i].sort;
        ask.limit = rows[i].limit;
        ask.offset = rows[i].offset;
        titles_of(ask, titles);
        if (strcmp(titles, rows[i].titles) != 0)
            fail_msg("%s: %s, not %s", rows[i].fact, titles, rows[i].titles);
    }
}

/* Equal to sorting everything, however few are wanted. */
static void the_first_of_many_are_those_of_the_whole_order(void **state)
{
    enum { MANY = 30000 };
    struct arena mem = ARENA_INIT;
    struct ordered *all = arena_array(&mem, MANY, sizeof *all), *some = arena_array(&mem, MANY, sizeof *all);
    static const uint64_t wants[] = {0, 1, 7, 500, 4000, MANY, MANY * 2};
    uint32_t seed = 12345;
    volatile bool cancel = true;

    (void)state;
    for (uint32_t i = 0; i < MANY; i++) {
        seed = seed * 1664525 + 1013904223;
        all[i] = (struct ordered){.key = seed >> 24, .then = seed >> 20 & 3, .no = MANY - i, .other = i};
    }
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        uint32_t sorted = wants[i] && wants[i] < MANY ? (uint32_t)wants[i] : MANY;

        memcpy(some, all, MANY * sizeof *all);
        assert_int_equal(order_first(&mem, some, MANY, wants[i], NULL), 0);
        for (uint32_t k = 1; k < sorted; k++)
            assert_true(some[k - 1].key < some[k].key ||
                        (some[k - 1].key == some[k].key &&
                         (some[k - 1].then < some[k].then ||
                          (some[k - 1].then == some[k].then && some[k - 1].no < some[k].no))));
        for (uint32_t k = sorted; k < MANY; k++) /* none of the rest would have come before */
            assert_true(some[k].key > some[sorted - 1].key ||
                        (some[k].key == some[sorted - 1].key && some[k].then >= some[sorted - 1].then));
    }
    assert_int_equal(order_first(&mem, some, MANY, 0, &cancel), ERR_CANCELLED);
    assert_int_equal(order_first(&mem, some, MANY, 7, &cancel), ERR_CANCELLED);
    arena_free(&mem);
}

/* ---- counts ------------------------------------------------------------------------------------------ */

static const char *text_answer(struct ask ask)
{
    static char text[8192];
    struct ask_result result;
    struct buf out;
    int rc = answer(&w, &ask, &result, &out);

    if (rc < 0)
        fail_msg("%s: %s", err_words(rc), result.detail);
    (void)snprintf(text, sizeof text, "%s", out.at);
    buf_fini(&out);
    return text;
}

static void a_count_is_a_number_in_every_format(void **state)
{
    struct ask ask = search("harbour");

    (void)state;
    ask.count = true;
    ask.limit = 1;
    assert_string_equal(text_answer(ask), "5\n");
    ask.format = FORMAT_JSON;
    assert_string_equal(text_answer(ask), "{\"format_version\":1,\"total\":5}\n");
    ask.format = FORMAT_JSONL;
    assert_string_equal(text_answer(ask), "{\"total\":5}\n");
    ask.format = FORMAT_CSV;
    assert_string_equal(text_answer(ask), "total\r\n5\r\n");
}

/* Whatever is counted is as much as there are rows. */
static void a_count_counts_what_would_be_shown(void **state)
{
    static const char *const queries[] = {"harbour",
                                          "nobody",
                                          "harbour OR nobody",
                                          "harbour nobody",
                                          "\"the harbour\"",
                                          "-harbour",
                                          "zeppelin",
                                          "harbour -ship",
                                          "date:2025-03",
                                          "speaker:weir",
                                          "speaker:weir OR speaker:haddad",
                                          "=Nobody",
                                          "kind:all harbour"};
    static const char *const people[] = {"oyelaran", "jonas weir", "al-haddad", "nobody", "weir"};

    (void)state;
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++)
        for (size_t p = 0; p <= sizeof people / sizeof *people; p++) {
            struct ask ask = p ? by(people[p - 1], queries[q]) : search(queries[q]);
            struct ask_result rows, count;

            json_decref(answer_json(&w, ask, &rows));
            ask.count = true;
            json_decref(answer_json(&w, ask, &count));
            assert_int_equal(rows.found, count.found);
            assert_int_equal(count.shown, 0);
        }
}

/* ---- facets ------------------------------------------------------------------------------------------ */

static void facets_count_all_that_match_most_first(void **state)
{
    struct ask ask = search("harbour");

    (void)state;
    ask.facet = FACET_SPEAKER; /* quotes that hold the word themselves: Lindqvist's does not */
    assert_string_equal(text_answer(ask),
                        "     2  Jonas Weir\n     2  Marta Oyelaran\n     1  Ivo Al-Haddad\n");
    ask.facet = FACET_SOURCE;
    assert_string_equal(text_answer(ask), "     2  Island Post\n     2  Vella Courier\n     1  (unknown)\n");
    ask.facet = FACET_MONTH;
    assert_string_equal(text_answer(ask), "     3  2025-03\n     1  (unknown)\n     1  2024-12\n");
    ask.limit = 1;
    ask.offset = 1;
    ask.format = FORMAT_JSON;
    assert_string_equal(text_answer(ask),
                        "{\"format_version\":1,\"total\":5,\"by\":\"month\",\"values\":3,\"facets\":["
                        "{\"value\":\"(unknown)\",\"count\":1}]}\n");
    ask.format = FORMAT_JSONL;
    assert_string_equal(text_answer(ask), "{\"value\":\"(unknown)\",\"count\":1}\n");
    ask.format = FORMAT_CSV;
    assert_string_equal(text_answer(ask), "value,count\r\n\"(unknown)\",1\r\n");
    ask = by("weir", NULL);
    ask.facet = FACET_MONTH;
    assert_string_equal(text_answer(ask), "     1  2024-12\n     1  2025-03\n");
    ask.facet = FACET_SOURCE;
    assert_string_equal(text_answer(ask), "     1  Island Post\n     1  Vella Courier\n");
    ask = by("marta", "belongs");
    ask.facet = FACET_SPEAKER;
    assert_string_equal(text_answer(ask), "     1  Marta Oyelaran\n");
}

static void what_cannot_be_asked_together_is_refused(void **state)
{
    struct ask ask = search("harbour");
    struct ask_result result;
    struct buf out;

    (void)state;
    ask.count = true;
    ask.facet = FACET_MONTH;
    assert_int_equal(answer(&w, &ask, &result, &out), ERR_ARGS);
    assert_true(result.detail[0]);
    buf_fini(&out);
    ask = search("harbour");
    ask.explain = true;
    ask.format = FORMAT_CSV;
    assert_int_equal(answer(&w, &ask, &result, &out), ERR_ARGS);
    buf_fini(&out);
}

/* ---- did you mean ------------------------------------------------------------------------------------ */

static void what_was_meant_is_proposed_and_not_searched(void **state)
{
    /* clang-format off */
    static const struct { const char *fact, *speaker, *query, *hint; } rows[] = {
        {"a letter too many",             NULL,        "harrbour",          "harbour"},
        {"two neighbours swapped",        NULL,        "habrour",           "harbour"},
        {"two mistakes in a short word",  NULL,        "harb0ux",           NULL},
        {"two mistakes in a long word",   NULL,        "sommebdy",          "somebody"},
        {"a short word has no mistakes",  NULL,        "ise",               NULL},
        {"the other words stay",          NULL,        "harbour cranne",    "harbour crane"},
        {"it must find something",        NULL,        "zeppelin habrour",  NULL},
        {"but with OR it does",           NULL,        "zeppelin OR habrour", "zeppelin OR harbour"},
        {"words left out are not meant",  NULL,        "zeppelin -habrour", NULL},
        {"a speaker within a query",      NULL,        "speaker:oyelaren harbour", "speaker:oyelaran harbour"},
        {"all words are known",           NULL,        "harbour forty ship", NULL},
        {"a surname",                     "oyelarann", NULL,                "Marta Oyelaran"},
        {"the beginning of a name",       "lind",      NULL,                "Greta Lindqvist"},
        {"a wrong first name",            "Maria Weir", NULL,               "Jonas Weir"},
        {"nobody near",                   "Zebulon",   NULL,                NULL},
        {"a word of a known speaker",     "weir",      "springg",           "spring"},
        {"which another never said",      "haddad",    "springg",           NULL},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ask ask = rows[i].speaker ? by(rows[i].speaker, rows[i].query) : search(rows[i].query);
        struct ask_result result;
        json_t *json = answer_json(&w, ask, &result);
        const char *told = json_string_value(json_array_get(json_object_get(json, "did_you_mean"), 0));

        assert_int_equal(result.found, 0);
        if (rows[i].hint ? !told || strcmp(told, rows[i].hint) != 0 : told != NULL)
            fail_msg("%s: %s", rows[i].fact, told ? told : "nothing is proposed");
        assert_int_equal(result.hint_count, json_array_size(json_object_get(json, "did_you_mean")));
        json_decref(json);
    }
}

/* The plain table, to compare with. */
static unsigned mistakes(const char *a, const char *b)
{
    unsigned d[40][40], m = (unsigned)strlen(a), n = (unsigned)strlen(b);

    for (unsigned i = 0; i <= m; i++)
        for (unsigned j = 0; j <= n; j++) {
            unsigned best = i ? j ? d[i - 1][j - 1] + (a[i - 1] != b[j - 1]) : i : j;

            if (i && d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (j && d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[m][n];
}

/* Terms near a word are those that a look at every term finds: 400 words of few letters, so that many are near. */
static void the_walk_passes_by_no_term_that_is_near(void **state)
{
    static char text[64 * 1024], words[400][12];
    struct index_view *view;
    struct world own;
    uint32_t seed = 99;
    size_t len = 0;

    (void)state;
    world_init(&own);
    for (int i = 0; i < 400; i++) {
        int letters = 3 + (int)(seed >> 28) % 8;

        for (int k = 0; k < letters; k++) {
            seed = seed * 1664525 + 1013904223;
            words[i][k] = "abkz"[seed >> 30];
        }
        words[i][letters] = '\0';
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ", words[i]);
    }
    write_file(&own, "words.txt", text, len);
    bring_in(&own);
    assert_int_equal(index_view_open(own.index, &view), 0);
    for (int i = 0; i < 400; i += 3) {
        struct arena mem = ARENA_INIT;
        struct near *near;
        char asked[16];
        uint32_t count, wanted = 0;
        unsigned most;

        (void)snprintf(asked, sizeof asked, "%.11s%s", words[i], i % 2 ? "ab" : "x");
        most = strlen(asked) < 4 ? 0 : strlen(asked) < 8 ? 1 : 2;
        for (int k = 0; k < 400; k++) {
            bool again = false;
            for (int j = 0; j < k && !again; j++)
                again = strcmp(words[j], words[k]) == 0;
            wanted += !again && mistakes(words[k], asked) <= most && mistakes(words[k], asked) > 0;
        }
        assert_int_equal(near_find(&mem, view, FIELD_TEXT, span_of(asked), 1000, &near, &count), 0);
        for (uint32_t k = 0; k < count; k++) {
            char term[40];
            (void)snprintf(term, sizeof term, "%.*s", (int)near[k].term.len, near[k].term.at);
            assert_int_equal(near[k].mistakes, mistakes(term, asked));
            assert_true(k == 0 || near[k - 1].df >= near[k].df);
        }
        if (count != wanted)
            fail_msg("near %s: %u terms, not %u", asked, count, wanted);
        arena_free(&mem);
    }
    index_view_close(&view);
    world_fini(&own);
}

/* ---- explain ----------------------------------------------------------------------------------------- */

static uint64_t ticks;

static uint64_t tick(void)
{
    return ticks += 1000;
}

static void an_explanation_tells_tree_lists_counts_and_times(void **state)
{
    struct ask ask = search("harbour -ship speaker:weir");
    struct ask_result result;
    json_t *json, *explain, *tree, *lists;

    (void)state;
    ask.explain = true;
    ask.clock_ns = tick;
    json = answer_json(&w, ask, &result);
    explain = json_object_get(json, "explain");
    tree = json_object_get(explain, "tree");
    assert_int_equal(result.found, 1);
    assert_null(json_object_get(json, "documents"));
    assert_string_equal(text_of(tree, "node"), "AND");
    lists = json_array_get(json_object_get(json_array_get(json_object_get(tree, "kids"), 0), "slots"), 0);
    lists = json_array_get(json_object_get(json_array_get(json_array_get(lists, 0), 0), "lists"), 0);
    assert_string_equal(text_of(lists, "field"), "text");
    assert_int_equal(json_integer_value(json_object_get(lists, "df")), 5);
    assert_int_equal(json_integer_value(json_object_get(lists, "cf")), 11);
    assert_int_equal(json_integer_value(json_object_get(lists, "segments")), 1);
    assert_int_equal(json_integer_value(json_object_get(explain, "matches")), 1);
    assert_int_equal(json_integer_value(json_object_get(explain, "documents_scored")), 1);
    assert_int_equal(json_array_size(json_object_get(explain, "steps")), 3);
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(json_object_get(explain, "steps"), 1), "ns")),
        1000);
    assert_true(json_integer_value(json_object_get(explain, "bytes")) > 0);
    json_decref(json);
    ask.clock_ns = NULL;
    assert_non_null(strstr(text_answer(ask), "1 match; 1 scored"));
    assert_null(strstr(text_answer(ask), "µs"));
}

/* ---- what changes ------------------------------------------------------------------------------------ */

/* Every article that is changed, taken out or merged leaves the columns as the rows are: `verify` compares them. */
static void columns_say_what_rows_say_whatever_happens(void **state)
{
    struct index_run run = {.progress = NULL};
    struct ask ask = {.verb = ASK_VERIFY};
    struct ask_result result;
    struct world small = w;
    char path[256];

    (void)state;
    world_init(&w); /* article() writes there */
    for (int round = 0; round < 12; round++) {
        struct buf out;

        for (int i = 0; i < 4; i++) {
            char name[32], date[16], text[200];

            (void)snprintf(name, sizeof name, "Note %d", (round + i * 5) % 9);
            (void)snprintf(date, sizeof date, round % 3 ? "2025-0%d-1%d" : "2025-0%d", 1 + i, round % 10);
            (void)snprintf(text, sizeof text,
                           "“Round %d of the long game is over,” said %s Venn %d.\n\n“Good,” said Ida Roe.",
                           round, i % 2 ? "Orla" : "Paul", round);
            article(name, i == 3 ? "" : date, i % 2 ? "Post" : "", text);
        }
        (void)snprintf(path, sizeof path, "%s/Note %d.md", w.archive, round % 9);
        if (round % 4 == 3)
            (void)unlink(path);
        bring_in(&w);
        for (int i = 0; i < 100 && index_upkeep(w.index, &run) > 0; i++)
            ;
        if (round == 9)
            assert_int_equal(index_compact(w.index, NULL), 0);
        assert_int_equal(answer(&w, &ask, &result, &out), 0);
        if (result.found)
            fail_msg("round %d: %s", round, out.at);
        buf_fini(&out);
    }
    world_fini(&w);
    w = small;
}

/* The control of the test above: a sound record that says something else is found out. */
static void a_column_that_says_something_else_is_a_problem(void **state)
{
    static const enum column columns[] = {COLUMN_BEGIN, COLUMN_DAY, COLUMN_SOURCE, COLUMN_KIND,
                                          COLUMN_SPEAKER};
    struct ask ask = {.verb = ASK_VERIFY};
    struct ask_result result;

    (void)state;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        static const uint32_t wrong[COLUMN_RUN] = {1, 2, 2, 1, 2, 1, 2};
        struct world own;
        struct write write = {0};
        struct segment *segments;
        uint32_t count;
        struct buf out;
        struct world kept = w;

        world_init(&w);
        article("Foxtrot", "2025-03-02", "Post",
                "“The lamp was lit at nine,” said Orla Venn.\n\n“So it was,” said Ida Roe.");
        article("Golf", "2025-03-03", "Courier", "“The lamp went out at ten,” said Paul Venn.");
        bring_in(&w);
        own = w;
        w = kept;
        assert_int_equal(answer(&own, &ask, &result, &out), 0);
        assert_int_equal(result.found, 0);
        buf_fini(&out);
        assert_int_equal(write_begin(own.index, &write), 0);
        assert_int_equal(segments_load(write.txn, own.index->table[T_META], false, &segments, &count), 0);
        assert_int_equal(count, 1);
        assert_int_equal(column_put(&write, segments[0].id, columns[i], 1, wrong,
                                    column_of_documents(columns[i]) ? 2 : 3, false),
                         0);
        assert_int_equal(write_commit(&write), 0);
        free(segments);
        assert_int_equal(answer(&own, &ask, &result, &out), 0);
        if (result.found == 0)
            fail_msg("column %d says something else, and nobody minds", (int)columns[i]);
        buf_fini(&out);
        world_fini(&own);
    }
}

static void a_damaged_run_of_a_column_is_refused(void **state)
{
    static const char sound[] = "\x02\x05\x00\x00\x00\x01\x00\x00\x00\x02\x01";
    struct column_run run;

    (void)state;
    assert_int_equal(column_run_take((struct span){sound, 11}, 7, 3, &run), 0);
    assert_int_equal(column_run_value(&run, 7), 5);
    assert_int_equal(column_run_value(&run, 8), 0);
    assert_int_equal(column_run_value(&run, 9), 0x102 - 1 + 5);
    assert_int_equal(column_run_take((struct span){sound, 10}, 7, 3, &run), ERR_CORRUPT);
    assert_int_equal(column_run_take((struct span){sound, 11}, 7, 4, &run), ERR_CORRUPT);
    assert_int_equal(column_run_take((struct span){"\x05\x00\x00\x00\x00", 5}, 7, 0, &run), ERR_CORRUPT);
    assert_int_equal(column_run_take((struct span){sound, 3}, 7, 0, &run), ERR_CORRUPT);
}

static void a_day_keeps_how_exactly_it_is_known(void **state)
{
    static const char *const dates[] = {"2025-04-03", "2025-04", "2025", "1870-07-19", "2099-12-31"};

    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char iso[11];
        uint32_t day = column_day(span_of(dates[i]));

        column_day_iso(day, iso);
        assert_string_equal(iso, dates[i]);
        assert_true(column_day_first(day) <= column_day_last(day));
    }
    assert_int_equal(column_day(SPAN("")), 0);
    assert_int_equal(column_day(SPAN("yesterday")), 0);
    assert_int_equal(
        column_day_last(column_day(SPAN("2024-02"))) - column_day_first(column_day(SPAN("2024-02"))), 28);
}

/* An article whose quotes do not match comes before one with a quote that does, in the same segment. */
static void every_article_shows_its_own_quotes(void **state)
{
    struct world kept = w;
    struct ask_result result;
    json_t *json, *document;
    size_t i;

    (void)state;
    world_init(&w);
    article("A", "2025-03-01", "", "The ferry left. “We sail until June,” said Ida Roe.");
    article("B", "2025-03-02", "",
            "“Nobody has to take the ferry,” said Orla Venn.\n\n“We sail, too,” said Ida Roe.");
    article("C", "2025-03-03", "", "The ferry came. “It was late again,” said Ida Roe.");
    article("D", "2025-03-04", "",
            "“That ferry is mine,” said Orla Venn. “No other ferry is,” said Ida Roe.");
    bring_in(&w);
    json = answer_json(&w, search("ferry"), &result);
    assert_int_equal(json_array_size(json_object_get(json, "documents")), 4);
    json_array_foreach(json_object_get(json, "documents"), i, document)
    {
        static const size_t wanted[] = {0, 1, 0, 2};
        int which = text_of(document, "title")[0] - 'A';

        if (json_array_size(json_object_get(document, "quotes")) != wanted[which])
            fail_msg("article %c shows %zu quotes, not %zu", 'A' + which,
                     json_array_size(json_object_get(document, "quotes")), wanted[which]);
    }
    json_decref(json);
    world_fini(&w);
    w = kept;
}

/* ---- nobody wants to know any more ------------------------------------------------------------------- */

static double now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

struct patience {
    volatile bool cancel;
    double raised; /* when */
};

static void *lose_it(void *ctx)
{
    struct patience *p = ctx;
    struct timespec t = {0, 10 * 1000000};

    (void)nanosleep(&t, NULL);
    p->raised = now_ms();
    p->cancel = true;
    return NULL;
}

static int drop(void *ctx, struct span piece)
{
    (void)ctx, (void)piece;
    return 0;
}

/* Questions that take far longer than ten milliseconds over this archive; `slow` machines and sanitizers get more time. */
static void every_long_question_ends_soon_after_it_is_cancelled(void **state)
{
    enum { ARTICLES = 300, SENTENCES = 300 };
    static char text[64 * 1024];
    struct index_view *view;
    struct world big;
    const char *slow = getenv("B");
    double allowed = slow && strstr(slow, "san") ? 1000 : 50;
    /* clang-format off */
    struct { const char *fact; struct ask ask; } rows[] = {
        {"rows of quotes",           by("venn", NULL)},
        {"rows of articles",         search("bridge")},
        {"a phrase of common words", search("\"the bridge of the\"")},
        {"a filter over everything", search("-zeppelin since:2001")},
        {"a word near nothing",      search("quxxxqux")},
        {"verify",                   {.verb = ASK_VERIFY}},
        {"dump",                     {.verb = ASK_DUMP}},
        {"speakers",                 {.verb = ASK_SPEAKERS}},
    };
    /* clang-format on */
    int ended = 0;

    (void)state;
    world_init(&big);
    for (int a = 0; a < ARTICLES; a++) {
        char name[32];
        int n = 0;

        for (int s = 0; s < SENTENCES; s++)
            n += snprintf(text + n, sizeof text - (size_t)n,
                          "“The bridge of the town %d has number %d of the year,” said Orla Venn%c.\n\n", a,
                          s * a, 'a' + s % 26);
        (void)snprintf(name, sizeof name, "%d.txt", a);
        write_file(&big, name, text, (size_t)n);
    }
    bring_in(&big);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int format = FORMAT_TEXT; format <= FORMAT_JSON; format++) {
            struct patience p = {false, 0};
            struct ask_result result;
            pthread_t thread;
            double end;
            int rc;

            rows[i].ask.format = (enum ask_format)format;
            assert_int_equal(index_view_open(big.index, &view), 0);
            assert_int_equal(pthread_create(&thread, NULL, lose_it, &p), 0);
            rc = index_ask(view, &rows[i].ask, drop, NULL, &p.cancel, &result);
            end = now_ms();
            assert_int_equal(pthread_join(thread, NULL), 0);
            if (rc == ERR_CANCELLED && end - p.raised > allowed)
                fail_msg("%s: ended %.1f ms after it was cancelled", rows[i].fact, end - p.raised);
            assert_true(rc == 0 || rc == ERR_CANCELLED);
            ended += rc == ERR_CANCELLED;
            index_view_close(&view);
        }
    assert_true(ended >= 6); /* else this machine is so fast that nothing was cancelled */
    world_fini(&big);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_the_order_asked_for),
        cmocka_unit_test(the_first_of_many_are_those_of_the_whole_order),
        cmocka_unit_test(a_count_is_a_number_in_every_format),
        cmocka_unit_test(a_count_counts_what_would_be_shown),
        cmocka_unit_test(facets_count_all_that_match_most_first),
        cmocka_unit_test(what_cannot_be_asked_together_is_refused),
        cmocka_unit_test(what_was_meant_is_proposed_and_not_searched),
        cmocka_unit_test(the_walk_passes_by_no_term_that_is_near),
        cmocka_unit_test(an_explanation_tells_tree_lists_counts_and_times),
        cmocka_unit_test(columns_say_what_rows_say_whatever_happens),
        cmocka_unit_test(a_column_that_says_something_else_is_a_problem),
        cmocka_unit_test(a_damaged_run_of_a_column_is_refused),
        cmocka_unit_test(a_day_keeps_how_exactly_it_is_known),
        cmocka_unit_test(every_article_shows_its_own_quotes),
        cmocka_unit_test(every_long_question_ends_soon_after_it_is_cancelled),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
