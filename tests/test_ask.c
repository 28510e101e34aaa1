/* test_ask.c -- what the index answers, over a real index of invented texts. */
#include "tests/world.h"

/* ---- a small archive --------------------------------------------------------------------------------- */

static const char harbour[] =
    "Harbour reopens after storm\n"
    "2 March 2025\n"
    "\n"
    "The harbour of Port Vella opened again on Sunday.\n"
    "\n"
    "“We lost eleven boats and not one life,” said Marta Oyelaran, the harbour master.\n"
    "\n"
    "Fishing crews had waited nine days. “The sea gives nothing back,” said Jonas Weir.\n";
static const char bridge[] = "Bridge vote postponed\n"
                             "14 April 2025\n"
                             "\n"
                             "The council postponed its vote on the stone bridge.\n"
                             "\n"
                             "“A bridge is a promise to those who come after us,” said Marta Oyelaran.\n"
                             "\n"
                             "“Nobody asked the fishing crews,” said Ivo Al-Haddad, who runs the ferry.\n";
static const char hostile[] = "Strange signs\n"
                              "1 May 2025\n"
                              "\n"
                              "“The screen \x1b[31mturned red\x1b[0m before us all,” said Greta Lindqvist.\n";

static struct world small;

static int small_setup(void **state)
{
    (void)state;
    world_init(&small);
    write_file(&small, "harbour.txt", harbour, sizeof harbour - 1);
    write_file(&small, "bridge.txt", bridge, sizeof bridge - 1);
    write_file(&small, "hostile.txt", hostile, sizeof hostile - 1);
    bring_in(&small);
    return 0;
}

static int small_teardown(void **state)
{
    (void)state;
    world_fini(&small);
    return 0;
}

static struct ask by(const char *speaker, const char *query)
{
    return (struct ask){.verb = ASK_BY, .speaker = span_of(speaker), .query = span_of(query)};
}

static struct ask search(const char *query)
{
    return (struct ask){.verb = ASK_SEARCH, .query = span_of(query)};
}

/* The bytes of the file that the source names are the words of the quote. */
static void check_bytes(const json_t *quote)
{
    const json_t *source = json_object_get(quote, "source");
    long start = (long)json_integer_value(json_object_get(source, "byte_start"));
    long end = (long)json_integer_value(json_object_get(source, "byte_end"));
    const char *text = text_of(quote, "text");
    FILE *f = fopen(text_of(source, "path"), "rb");
    char bytes[1024];

    assert_non_null(f);
    assert_int_equal((size_t)(end - start), strlen(text));
    assert_int_equal(fseek(f, start, SEEK_SET), 0);
    assert_int_equal(fread(bytes, 1, strlen(text), f), strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
    (void)fclose(f);
}

static void quotes_by_a_part_of_a_name_come_newest_first(void **state)
{
    struct ask_result result;
    json_t *json = answer_json(&small, by("oyelaran", NULL), &result), *quotes, *people;

    (void)state;
    quotes = json_object_get(json, "quotes");
    people = json_object_get(json, "people");
    assert_int_equal(result.found, 2);
    assert_int_equal(result.people, 1);
    assert_string_equal(text_of(json_array_get(people, 0), "name"), "Marta Oyelaran");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(people, 0), "quotes")), 2);
    assert_string_equal(text_of(json_array_get(quotes, 0), "text"),
                        "A bridge is a promise to those who come after us,");
    assert_string_equal(text_of(json_array_get(quotes, 1), "text"), "We lost eleven boats and not one life,");
    assert_string_equal(text_of(json_object_get(json_array_get(quotes, 1), "source"), "date"), "2025-03-02");
    for (size_t i = 0; i < json_array_size(quotes); i++)
        check_bytes(json_array_get(quotes, i));
    json_decref(json);
}

/* clang-format off */
static const struct { const char *fact; const char *speaker, *query; uint64_t found; } asked_by[] = {
    { "capitals do not matter",              "MARTA oyelaran",  NULL,              2 },
    { "the order of names neither",          "oyelaran marta",  NULL,              2 },
    { "every word must be in the name",      "marta weir",      NULL,              0 },
    { "part of a hyphenated name",           "haddad",          NULL,              1 },
    { "a hyphenated name typed whole",       "al-haddad",       NULL,              1 },
    { "a name typed without its hyphen",     "al haddad",       NULL,              1 },
    { "half a word is no part",              "oyel",            NULL,              0 },
    { "unless a star says so",               "oyel*",           NULL,              2 },
    { "words in the quote that begin so",    "oyelaran",        "boat*",           1 },
    { "phrases in the quote that begin so",  "oyelaran",        "\"not on* li*\"", 1 },
    { "words in the quote restrict",         "oyelaran",        "boats",           1 },
    { "words of the article do not",         "oyelaran",        "council",         0 },
    { "dates restrict",                      "oyelaran",        "date:2025-04",    1 },
    { "a date before all of them",           "oyelaran",        "until:2024",      0 },
    { "what is left out is left out",        "oyelaran",        "-boats",          1 },
    { "the title of its article",            "oyelaran",        "title:bridge",    1 },
    { "without the title of its article",    "oyelaran",        "-title:bridge",   1 },
    { "the path of its article",             "oyelaran",        "path:bridge*",    1 },
    { "the language of its article",         "oyelaran",        "lang:english",    2 },
    { "a role",                              "oyelaran",        "role:master",     1 },
    { "without a role",                      "oyelaran",        "-role:master",    1 },
    { "a cue",                               "oyelaran",        "cue:said",        2 },
    { "a title or words of the quote",       "oyelaran",        "title:bridge OR boats", 2 },
    { "near in the quote",                   "oyelaran",        "boats NEAR/3 life", 1 },
    { "not near in the quote",               "oyelaran",        "lost ADJ/0 boats", 0 },
    { "a phrase in the quote",               "oyelaran",        "\"not one life\"", 1 },
};
static const struct { const char *fact, *query; uint64_t found; } searched[] = {
    { "a word of two articles",              "fishing crews",                 2 },
    { "a phrase of one",                     "\"nine days\"",                 1 },
    { "near each other",                     "crews NEAR/2 waited",           1 },
    { "too far apart",                       "crews NEAR/1 nine",             0 },
    { "in this order",                       "lost ADJ/3 \"one life\"",       0 },
    { "far enough apart in this order",      "lost ADJ/4 \"one life\"",       1 },
    { "in the other order",                  "boats ADJ/5 lost",              0 },
    { "the end of a paragraph is a word",    "master NEAR/0 fishing",         0 },
    { "and only one",                        "master NEAR/1 fishing",         1 },
    { "one near or the other",               "crews NEAR/1 (waited OR asked)", 1 },
    { "without what is near",                "fishing -crews NEAR/2 waited",  1 },
    { "what begins so",                      "bridg*",                        1 },
    { "what begins so, in two articles",     "fish*",                         2 },
    { "what ends so",                        "*ridge",                        1 },
    { "what holds it",                       "*oat*",                         1 },
    { "what holds it is nowhere",            "*zepp*",                        0 },
    { "spelled almost so",                   "~brigde",                       1 },
    { "spelled otherwise",                   "~birgfe",                       0 },
    { "without what begins so",              "fishing -boat*",                1 },
    { "what begins so in a phrase",          "\"fish* cre*\"",                2 },
    { "and almost in one",                   "\"~fihsing had\" OR \"asked the fish*\"", 1 },
    { "near what begins so",                 "postpon* NEAR/1 vot*",          1 },
    { "who is quoted, and begins so",        "speaker:oyel*",                 2 },
    { "who is quoted, almost",               "speaker:~hadad",                1 },
    { "words that never meet",               "ferry boats",                   0 },
    { "or one of them",                      "ferry OR boats",                2 },
    { "without the other",                   "fishing -boats",                1 },
    { "only what is left out",               "-fishing",                      1 },
    { "who is quoted",                       "speaker:weir",                  1 },
    { "who is quoted, and a word",           "speaker:oyelaran stone",        1 },
    { "one of two who are quoted",           "speaker:weir OR speaker:haddad", 2 },
    { "who is not quoted",                   "fishing -speaker:weir",         1 },
    { "a role",                              "role:master",                   1 },
    { "a role in a row",                     "role:\"harbour master\"",       1 },
    { "the role of somebody else",           "speaker:weir role:master",      0 },
    { "of one quote, in either order",       "role:master (speaker:weir OR speaker:oyelaran)", 1 },
    { "two speakers of one quote",           "speaker:weir speaker:oyelaran", 0 },
    { "whom no quote has",                   "fishing -role:master",          1 },
    { "a cue",                               "cue:said",                      3 },
    { "a cue that is nowhere",               "cue:shouted",                   0 },
    { "a kind beside a speaker",             "speaker:weir kind:direct",      1 },
    { "another kind beside a speaker",       "speaker:weir kind:pull",        0 },
    { "in the title",                        "title:bridge",                  1 },
    { "in the text and not in the title",    "title:fishing",                 0 },
    { "a row in the title",                  "title:\"after storm\"",         1 },
    { "no row in the title",                 "title:\"storm after\"",         0 },
    { "a title and a word",                  "title:harbour fishing",         1 },
    { "without a title",                     "fishing -title:harbour",        1 },
    { "one title or the other",              "title:harbour OR title:bridge", 2 },
    { "a language",                          "lang:en",                       3 },
    { "a language that is nowhere",          "lang:de",                       0 },
    { "a path",                              "path:HARBOUR.txt",              1 },
    { "a part of all paths",                 "path:archive/",                 3 },
    { "a pattern of names",                  "path:*bour.t?t",                1 },
    { "a pattern of part of a name",         "path:*bour",                    0 },
    { "a path and a word",                   "fishing path:bridge",           1 },
    { "without a path",                      "fishing -path:bridge",          1 },
    { "a day",                               "on:2025-03-02",                 1 },
    { "a month",                             "date:2025-03",                  1 },
    { "a range and a word",                  "fishing date:2025-04..",        1 },
    { "nothing of that name",                "speaker:nobody",                0 },
    { "a word that is nowhere",              "zeppelin",                      0 },
};
/* clang-format on */

static void every_row_finds_so_many(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof asked_by / sizeof *asked_by; i++) {
        struct ask_result result;
        json_decref(answer_json(&small, by(asked_by[i].speaker, asked_by[i].query), &result));
        if (result.found != asked_by[i].found)
            fail_msg("%s: found %d, wanted %d", asked_by[i].fact, (int)result.found, (int)asked_by[i].found);
    }
    for (size_t i = 0; i < sizeof searched / sizeof *searched; i++) {
        struct ask_result result;
        json_decref(answer_json(&small, search(searched[i].query), &result));
        if (result.found != searched[i].found)
            fail_msg("%s: found %d, wanted %d", searched[i].fact, (int)result.found, (int)searched[i].found);
    }
}

/* ---- words that were cut ------------------------------------------------------------------------------- */

static struct world wordy;

/* Word number n stands in the first 1,300 - n articles of three files; so the first words are the most frequent. */
static void wordy_article(FILE *f, unsigned article)
{
    (void)fprintf(f, "{\"id\":\"w%u\",\"text\":\"Water", article);
    for (unsigned n = 0; n < 1300 - article * 10; n++)
        (void)fprintf(f, " zz%c%c%c", 'a' + n / 676 % 26, 'a' + n / 26 % 26, 'a' + n % 26);
    (void)fprintf(f, ".\"}\n");
}

static int wordy_setup(void **state)
{
    (void)state;
    world_init(&wordy);
    for (unsigned file = 0; file < 3; file++) {
        char path[256];
        FILE *f;

        (void)snprintf(path, sizeof path, "%s/%u.jsonl", wordy.archive, file);
        assert_non_null(f = fopen(path, "wb"));
        for (unsigned article = file * 30; article < file * 30 + 30; article++)
            wordy_article(f, article);
        assert_int_equal(fclose(f), 0);
        bring_in(&wordy);
    }
    return 0;
}

static int wordy_teardown(void **state)
{
    (void)state;
    world_fini(&wordy);
    return 0;
}

/* clang-format off */
static const struct { const char *fact, *query; uint64_t found; int terms, used; } cut[] = {
    { "a beginning of too many words takes those that most have", "zz* NOT zzaaa",    0, 1300, 1000 },
    { "a word that is taken",                                      "\"zz* zzbmk\"",  31, 1300, 1000 },
    { "a word that is not taken",                                  "\"zz* zzbmn\"",   0, 1300, 1000 },
    { "the middle of too many words",                              "*zzb*",            63, 624, 200 },
    { "as many as may be are not cut",                             "zza*",             90, 0, 0 },
};
/* clang-format on */

static void a_word_that_stands_for_too_many_says_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        struct ask ask = search(cut[i].query);
        struct ask_result result;
        struct buf out;
        const json_t *row;
        json_t *json;

        json = answer_json(&wordy, ask, &result);
        row = json_array_get(json_object_get(json, "cut"), 0);
        if (result.found != cut[i].found)
            fail_msg("%s: found %d, wanted %d", cut[i].fact, (int)result.found, (int)cut[i].found);
        assert_int_equal(json_object_get(json, "cut") != NULL, cut[i].terms != 0);
        if (json_integer_value(json_object_get(row, "terms")) != cut[i].terms ||
            json_integer_value(json_object_get(row, "used")) != cut[i].used)
            fail_msg("%s: %d of %d", cut[i].fact, (int)json_integer_value(json_object_get(row, "used")),
                     (int)json_integer_value(json_object_get(row, "terms")));
        json_decref(json);
        ask.format = FORMAT_TEXT;
        assert_int_equal(answer(&wordy, &ask, &result, &out), 0);
        assert_int_equal(strstr(out.at, " stands for ") != NULL, cut[i].terms != 0);
        buf_fini(&out);
    }
}

static void a_found_article_shows_its_words_and_its_quotes(void **state)
{
    struct ask_result result;
    json_t *json = answer_json(&small, search("lost boats"), &result), *document, *passage, *hits;
    const char *text;

    (void)state;
    document = json_array_get(json_object_get(json, "documents"), 0);
    assert_string_equal(text_of(document, "title"), "Harbour reopens after storm");
    assert_int_equal(json_array_size(json_object_get(document, "quotes")), 1);
    passage = json_array_get(json_object_get(document, "passages"), 0);
    hits = json_object_get(passage, "highlights");
    text = text_of(passage, "text");
    assert_int_equal(json_integer_value(json_object_get(passage, "line")), 6);
    assert_int_equal(json_array_size(hits), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *hit = json_array_get(hits, i);
        long start = (long)json_integer_value(json_array_get(hit, 0));
        assert_memory_equal(text + start, i ? "boats" : "lost", i ? 5 : 4);
    }
    json_decref(json);
}

static void an_id_brings_back_its_quote_and_its_paragraphs(void **state)
{
    struct ask_result result;
    json_t *json = answer_json(&small, by("weir", NULL), &result), *shown, *context, *paragraphs, *quote;
    char id[13];

    (void)state;
    (void)snprintf(id, sizeof id, "%s", text_of(json_array_get(json_object_get(json, "quotes"), 0), "id"));
    shown = answer_json(&small, (struct ask){.verb = ASK_SHOW, .id = span_of(id), .why = true}, &result);
    quote = json_array_get(json_object_get(shown, "quotes"), 0);
    assert_string_equal(text_of(quote, "id"), id);
    assert_true(text_of(json_object_get(quote, "why"), "explanation")[0]);
    assert_int_equal(json_array_size(json_object_get(shown, "documents")), 0);
    context =
        answer_json(&small, (struct ask){.verb = ASK_CONTEXT, .id = span_of(id), .context = 1}, &result);
    paragraphs = json_object_get(json_array_get(json_object_get(context, "contexts"), 0), "paragraphs");
    assert_int_equal(json_array_size(paragraphs), 2);
    assert_true(json_is_true(json_object_get(json_array_get(paragraphs, 1), "quote")));
    assert_false(json_is_true(json_object_get(json_array_get(paragraphs, 0), "quote")));
    json_decref(json);
    json_decref(shown);
    json_decref(context);
}

static void speakers_are_listed_by_quotes_then_name(void **state)
{
    struct ask_result result;
    json_t *json = answer_json(&small, (struct ask){.verb = ASK_SPEAKERS}, &result), *speakers, *first;

    (void)state;
    speakers = json_object_get(json, "speakers");
    first = json_array_get(speakers, 0);
    assert_int_equal(result.found, 4);
    assert_string_equal(text_of(first, "name"), "Marta Oyelaran");
    assert_string_equal(text_of(first, "first"), "2025-03-02");
    assert_string_equal(text_of(first, "last"), "2025-04-14");
    assert_string_equal(text_of(json_array_get(speakers, 1), "name"), "Greta Lindqvist");
    json_decref(json);
    json = answer_json(&small, (struct ask){.verb = ASK_SPEAKERS, .speaker = SPAN("mart oye")}, &result);
    assert_int_equal(result.found, 1);
    json_decref(json);
}

static void a_limit_shows_some_and_counts_all(void **state)
{
    struct ask ask = by("oyelaran", NULL);
    struct ask_result result;
    json_t *json;

    (void)state;
    ask.limit = 1;
    ask.offset = 1;
    json = answer_json(&small, ask, &result);
    assert_int_equal(result.found, 2);
    assert_int_equal(result.shown, 1);
    assert_string_equal(text_of(json_array_get(json_object_get(json, "quotes"), 0), "text"),
                        "We lost eleven boats and not one life,");
    json_decref(json);
}

static void no_control_character_of_an_article_reaches_a_terminal(void **state)
{
    (void)state;
    for (int colour = 0; colour < 2; colour++) {
        struct ask ask = by("lindqvist", NULL);
        struct ask_result result;
        struct buf out;

        ask.format = FORMAT_TEXT;
        ask.group = colour;
        assert_int_equal(answer(&small, &ask, &result, &out), 0);
        assert_int_equal(result.found, 1);
        assert_null(memchr(out.at, 0x1b, out.len));
        assert_non_null(strstr(out.at, "turned red"));
        buf_fini(&out);
    }
}

static void a_terminal_is_not_written_beyond_its_width(void **state)
{
    struct ask ask = by("oyelaran", NULL);
    struct ask_result result;
    struct buf out;
    size_t column = 0;

    (void)state;
    ask.group = true;
    ask.width = 40;
    assert_int_equal(answer(&small, &ask, &result, &out), 0);
    assert_non_null(strstr(out.at, "Marta Oyelaran, 2 quotes\n"));
    for (const char *at = out.at, *line = at; *at; at++) {
        if (*at == '\n')
            line = at + 1;
        column = at < line ? 0 : column + (((unsigned char)*at & 0xC0) != 0x80);
        if (column > 40 && !memchr(line, '/', (size_t)(at - line))) /* a path is never broken */
            fail_msg("a line runs on: %s", line);
    }
    buf_fini(&out);
}

static void a_pipe_gets_a_line_a_quote(void **state)
{
    struct ask ask = by("oyelaran", NULL);
    struct ask_result result;
    struct buf out;
    size_t lines = 0;

    (void)state;
    assert_int_equal(answer(&small, &ask, &result, &out), 0);
    for (const char *at = out.at; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 2);
    assert_non_null(strstr(out.at, "2025-04-14  Marta Oyelaran: “A bridge"));
    buf_fini(&out);
}

static void a_table_has_its_columns_even_when_empty(void **state)
{
    (void)state;
    for (int verb = ASK_BY; verb <= ASK_FILES; verb++) {
        struct ask ask = {.verb = (enum ask_verb)verb,
                          .format = FORMAT_CSV,
                          .speaker = SPAN("nobody"),
                          .query = SPAN("zeppelin"),
                          .id = SPAN("000000000000"),
                          .only_skipped = true};
        struct ask_result result;
        struct buf out;

        assert_int_equal(answer(&small, &ask, &result, &out), 0);
        assert_int_equal(result.found, 0);
        assert_non_null(strstr(out.at, "\r\n"));
        assert_int_equal(strlen(out.at), (size_t)(strstr(out.at, "\r\n") - out.at) + 2);
        buf_fini(&out);
    }
}

static void a_mistake_is_told_with_its_column(void **state)
{
    struct ask ask = search("fishing \"nine");
    struct ask_result result;
    struct buf out;

    (void)state;
    assert_int_equal(answer(&small, &ask, &result, &out), ERR_SYNTAX);
    assert_int_equal(result.column, 9);
    assert_true(result.detail[0]);
    buf_fini(&out);
    ask = (struct ask){.verb = ASK_SHOW, .id = SPAN("not-an-id")};
    assert_int_equal(answer(&small, &ask, &result, &out), ERR_ARGS);
    buf_fini(&out);
}

static int refuse(void *ctx, struct span piece)
{
    (void)ctx, (void)piece;
    return ERR_GONE;
}

static void an_asker_that_went_away_ends_the_question(void **state)
{
    volatile bool cancel = true;
    struct ask_result result;
    struct index_view *view;

    (void)state;
    assert_int_equal(index_view_open(small.index, &view), 0);
    for (int verb = ASK_BY; verb <= ASK_VERIFY; verb++) {
        struct ask ask = {.verb = (enum ask_verb)verb, .format = FORMAT_JSON, .speaker = SPAN("oyelaran")};
        if (verb == ASK_SEARCH || verb == ASK_BY)
            ask.query = SPAN("boats");
        assert_int_equal(index_ask(view, &ask, refuse, NULL, NULL, &result), ERR_GONE);
        assert_int_equal(index_ask(view, &ask, refuse, NULL, &cancel, &result), ERR_CANCELLED);
    }
    index_view_close(&view);
}

static void what_left_the_archive_is_never_shown(void **state)
{
    struct ask_result result;
    struct world w;
    char path[256];

    (void)state;
    world_init(&w);
    write_file(&w, "harbour.txt", harbour, sizeof harbour - 1);
    write_file(&w, "bridge.txt", bridge, sizeof bridge - 1);
    bring_in(&w);
    (void)snprintf(path, sizeof path, "%s/bridge.txt", w.archive);
    assert_int_equal(unlink(path), 0);
    bring_in(&w);
    json_decref(answer_json(&w, by("oyelaran", NULL), &result));
    assert_int_equal(result.found, 1);
    json_decref(answer_json(&w, search("stone bridge"), &result));
    assert_int_equal(result.found, 0);
    json_decref(answer_json(&w, search("-zeppelin"), &result));
    assert_int_equal(result.found, 1);
    json_decref(answer_json(&w, (struct ask){.verb = ASK_SPEAKERS}, &result));
    assert_int_equal(result.found, 2);
    world_fini(&w);
}

static void a_sound_index_is_in_order(void **state)
{
    struct ask ask = {.verb = ASK_VERIFY};
    struct ask_result result;
    struct buf out;

    (void)state;
    assert_int_equal(answer(&small, &ask, &result, &out), 0);
    assert_int_equal(result.found, 0);
    assert_non_null(strstr(out.at, "everything is in order: 3 articles, "));
    buf_fini(&out);
}

static void the_dump_does_not_depend_on_the_order_of_indexing(void **state)
{
    static const char *const names[] = {"hostile.txt", "bridge.txt", "harbour.txt"};
    struct ask ask = {.verb = ASK_DUMP};
    struct ask_result result;
    struct world other;
    struct buf one, two;

    (void)state;
    world_init(&other);
    for (int i = 0; i < 3; i++) {
        /* The same paths as in the small archive, brought in one by one, one of them twice. */
        struct index_run run = {.force = true};
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s", small.archive, names[i]);
        assert_int_equal(index_add(other.index, path, &run), 0);
        assert_int_equal(index_add(other.index, path, &run), 0);
    }
    assert_int_equal(answer(&small, &ask, &result, &one), 0);
    assert_int_equal(answer(&other, &ask, &result, &two), 0);
    assert_int_equal(result.found, 3);
    assert_string_equal(one.at, two.at);
    buf_fini(&one);
    buf_fini(&two);
    world_fini(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_by_a_part_of_a_name_come_newest_first),
        cmocka_unit_test(every_row_finds_so_many),
        cmocka_unit_test_setup_teardown(a_word_that_stands_for_too_many_says_so, wordy_setup, wordy_teardown),
        cmocka_unit_test(a_found_article_shows_its_words_and_its_quotes),
        cmocka_unit_test(an_id_brings_back_its_quote_and_its_paragraphs),
        cmocka_unit_test(speakers_are_listed_by_quotes_then_name),
        cmocka_unit_test(a_limit_shows_some_and_counts_all),
        cmocka_unit_test(no_control_character_of_an_article_reaches_a_terminal),
        cmocka_unit_test(a_terminal_is_not_written_beyond_its_width),
        cmocka_unit_test(a_pipe_gets_a_line_a_quote),
        cmocka_unit_test(a_table_has_its_columns_even_when_empty),
        cmocka_unit_test(a_mistake_is_told_with_its_column),
        cmocka_unit_test(an_asker_that_went_away_ends_the_question),
        cmocka_unit_test(what_left_the_archive_is_never_shown),
        cmocka_unit_test(a_sound_index_is_in_order),
        cmocka_unit_test(the_dump_does_not_depend_on_the_order_of_indexing),
    };
    return cmocka_run_group_tests(tests, small_setup, small_teardown);
}
