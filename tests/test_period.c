/* test_period.c -- where a sentence of news ends: one rule a row, and what is true of any text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "index/break.h"
#include "index/period.h"

/* A cut is shown as |. Whole articles in many languages stand in tests/cases/sentences. */
/* clang-format off */
static const struct { const char *fact, *cuts; } rows[] = {
    { "a stop and a capital",                       "He left. |She stayed." },
    { "a stop and a small letter",                  "He left. she stayed." },
    { "an initial",                                 "So said J. Orr. |Nobody laughed." },
    { "a pronoun is no initial",                    "So did she and I. |Kovar left."    },
    { "a letter that is no initial",                "It was plan B. |The town knew." },
    { "a surname of two words after an initial",    "So did A. Le Goff." },
    { "a title",                                    "So did Gen. The Marsh." },
    { "a title that is a word in small letters",    "Det var i maj. |Rådet gick." },
    { "an hour before a name",                      "At 5 p.m. Kovar left." },
    { "an hour at the end",                         "It was 5 p.m. |He left." },
    { "an hour at the end, before a verb",          "It was 5 p.m. |Asked why, he left." },
    { "a country before a word of its name",        "The U.S. Senate met." },
    { "a country before people",                    "It lies in the U.S. |Critics laughed." },
    { "a country before a possessive",              "The U.S. Men’s team won." },
    { "an acronym is no shortened word",            "He lives in LA. |Kovar does not." },
    { "letters with points that no list has",       "She works for the B.X.Q. Kovar firm." },
    { "no. before a number, and no",                "Vote no. 5 was a no. |Kovar left." },
    { "a chapter in Roman numbers",                 "See vol. IV. |Kovar did." },
    { "a day of the month",                         "Es war der 3. Oktober." },
    { "any ordinal after an article",               "Es war der 3. Versuch." },
    { "a number that is no ordinal",                "Es stand zwei zu 3. |Kovar traf." },
    { "a year is no ordinal",                       "Seit dem Jahr 2019. |Kovar traf." },
    { "a date in numbers",                          "Am 3. 10. 2023 war es." },
    { "the number of a list",                       "1. The end. |2. The start." },
    { "a decimal, an hour, a version",              "It was 3.5 at 10.30 in 2.1.4 then." },
    { "a month without a space",                    "On Oct.10 it was." },
    { "a number begins a sentence",                 "It was Monday. |12 left." },
    { "a missing space",                            "It was the end.|The town slept." },
    { "a missing space after a bracket",            "It was (the end.)|The town slept." },
    { "a missing space before a mark",              "It was the end.|“The town slept.”" },
    { "a domain",                                   "See lindham.Com for more." },
    { "a path and an address",                      "See a/lind.The or ada@lind.The or so." },
    { "a call of a function",                       "It was lang.String.Format(x) then." },
    { "a name before the stop",                     "It was Node.Js then." },
    { "a missing space in a script without capitals", "انتهت الجلسة.|غادر العمدة" },
    { "an initial there",                           "جاء د.سامر" },
    { "an ellipsis before a capital",               "He waited… |Then he left." },
    { "three points before a small letter",         "He waited... then left." },
    { "an ellipsis between spaces",                 "The mayor of … Lind left." },
    { "an ellipsis of three parted points",         "The mayor of . . . Lind left. . . . |The town slept." },
    { "a stutter",                                  "I… I know." },
    { "what is left out between sentences",         "He left. |[…] The town slept." },
    { "an ellipsis at the beginning",               "… The town slept." },
    { "an ellipsis before a verb of speech",        "“I will…” Kovar said." },
    { "a run",                                      "What?! |No!! |Yes." },
    { "a closing mark",                             "“It is.” |He left." },
    { "a closing mark after a space",               "« Oui. » |Il part." },
    { "an opening mark after a space",              "Er kam. |»Ja«, sagte er." },
    { "a question before its verb",                 "“Is it?” asked Kovar." },
    { "a question before its subject",              "“Is it?” Ada Kovar asked." },
    { "a question before a sentence with a verb of speech", "„Ist es?“ |Kovar sagte, es sei so." },
    { "a quotation in small letters after a stop",  "He was blunt. |“we will not.”" },
    { "notes",                                      "It was.[12] |It is.² |It will be.* |So." },
    { "a note without a space",                     "It was over.[1]|The town slept." },
    { "a bracket of its own",                       "It was. |(It is.) |It will be." },
    { "a comma after the stop",                     "Kovar Inc., of Lind." },
    { "a dash after the stop",                      "Он ушёл. |— Пора." },
    { "a dash and a small letter",                  "Когда? — спросил он." },
    { "a dash and a name after a quotation",        "“It is.” — Ada Kovar" },
    { "a span of hours",                            "From 5 p.m. – 7 p.m. then." },
    { "a line end is a space",                      "He met Dr.\nKovar.\n|He left" },
    { "a line end without a stop",                  "He met\nKovar" },
    { "a line end of two characters",               "He met\r\nKovar" },
    { "a blank line",                               "He met\n\n|Kovar" },
    { "a blank line with a space in it",            "He met\r\n \r\n|Kovar" },
    { "a paragraph separator",                      "He met\xE2\x80\xA9|Kovar" },
    { "a blank line at the beginning",              "\n\nHe met." },
    { "ideographic stops",                          "終わった。|次は？|はい。" },
    { "an ideographic stop before a mark",          "終わった。|「次」だ。" },
    { "a tag written onto a mark",                  "「終わった。」と言った。" },
    { "a Latin stop among Han",                     "结束了.|走了." },
    { "a danda",                                    "अंत था। |वे गए।" },
    { "an Arabic question",                         "لماذا؟ |لا أحد." },
    { "an Arabic initial",                          "جاء د. سامر." },
    { "a Khmer stop",                               "ចប់។ |ទៅ។|ល្អ" },
    { "Thai has no stop",                           "จบแล้ว 10.00 น. ตำรวจ" },
    { "a Greek question",                           "Πού είναι; |Η πόλη." },
    { "a semicolon is no Greek question elsewhere", "He left; The town slept." },
    { "a brand with a second capital",              "It closed. |iPhone sales fell." },
    { "a picture after the stop",                   "It closed.|🎉 The town slept." },
    { "marks of direction after the stop",          "انتهى.\xE2\x80\x8F |غادر." },
    { "a mark on the space",                        "It closed. \xCC\x81|The town." },
};
/* clang-format on */

/* The text of a row without its cuts, and the text with the cuts found. */
static void mark_cuts(struct span text, struct buf *out)
{
    struct period_reader r;
    size_t at = 0, end;

    period_open(&r, text);
    while (period_next(&r, &end)) {
        if (at)
            buf_char(out, '|');
        buf_put(out, text.at + at, end - at);
        at = end;
    }
}

static void every_row_is_cut_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf text = BUF_INIT(4096), got = BUF_INIT(4096);

        for (const char *at = rows[i].cuts; *at; at++)
            if (*at != '|')
                buf_char(&text, *at);
        mark_cuts(buf_view(&text), &got);
        if (!span_eq(buf_view(&got), span_of(rows[i].cuts)))
            fail_msg("%s: wanted %s, found %.*s", rows[i].fact, rows[i].cuts, (int)got.len,
                     buf_view(&got).at);
        buf_fini(&text);
        buf_fini(&got);
    }
}

/* Texts at random, of what the rules look at. */
static void put_random(struct buf *out, uint32_t seed)
{
    static const char *const bits[] = {
        ".",   ". ",  "?",  "! ",       "…", "...", "。",       "؟",
        "।",   "។",   "\n", "\r\n",     " ", ") ",  "”",        "“",
        "» ",  "[1]", "²",  "*",        "(", "— ",  "-",        "Mr",
        "p.m", "U.S", "No", "e.g",      "J", "3",   "12",       "The",
        "end", "he",  "Ü",  "Oktober",  "é", "са",  "العمدة",   "了",
        "น",   "κ",   ";",  "\xFF",     "@", "🇦",   "\xCC\x81", "\xE2\x80\x8D",
        "👩",   "각",  "ᅡ", "\xD8\x80", "‼", "किं",
    };

    for (int i = 0; i < 60; i++) {
        seed = seed * 1664525u + 1013904223u;
        buf_str(out, bits[(seed >> 16) % (sizeof bits / sizeof *bits)]);
    }
}

static void check_cuts(struct span text)
{
    struct period_reader r, again;
    size_t end, same, border = 0, last = 0;

    period_open(&r, text);
    period_open(&again, text);
    while (period_next(&r, &end)) {
        assert_true(end > last && end <= text.len);
        assert_true(period_next(&again, &same) && same == end);
        while (border < end)
            border = break_cluster(text, border);
        assert_int_equal(border, end);
        last = end;
    }
    assert_int_equal(last, text.len);
}

static void cuts_rise_and_lie_between_characters(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 20000; seed++) {
        struct buf text = BUF_INIT(4096);

        put_random(&text, seed);
        check_cuts(buf_view(&text));
        buf_fini(&text);
    }
}

/* clang-format off */
static const char *const hostile[] = {
    ".", "a.", "A. ", ". \n", ".)", "。", "…", "e.g. ", ". . ", "aa.Bb", "? ", ".\"", "« a. » ", "a\n", "\n", " ", "12. ",
    ".[1]", ".*", "… A ", "Mr. The U.S. ", "a;", "α;", "။", ".\xCC\x81", ".\xE2\x80\x8D", ". 1",
    ". “", "\xFF.", "a-",
    "“A? B said", "e.g. 。 … A. \n .) 12. The “",
};
/* clang-format on */

static double seconds_for(const char *bit, size_t bytes)
{
    struct buf text = BUF_INIT(32 * MiB);
    struct period_reader r;
    struct timespec a, b;
    size_t end;

    while (text.len < bytes)
        buf_str(&text, bit);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    period_open(&r, buf_view(&text));
    while (period_next(&r, &end))
        ;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    buf_fini(&text);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* Twice the text takes twice as long, with room for a noisy machine; squared, 2 MB would take minutes. */
static void time_is_linear_in_hostile_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        double one = seconds_for(hostile[i], 1000 * 1000), two = seconds_for(hostile[i], 2 * 1000 * 1000);

        if (two > 3 * one + 0.2 || two > 4)
            fail_msg("\"%s\": 1 MB takes %.3f s, 2 MB %.3f s", hostile[i], one, two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_cut_so),
        cmocka_unit_test(cuts_rise_and_lie_between_characters),
        cmocka_unit_test(time_is_linear_in_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
