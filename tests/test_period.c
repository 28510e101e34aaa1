/* test_period.c -- where sentences of news end. A row's text has a | wherever the next sentence begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "index/break.h"
#include "index/period.h"

/* clang-format off */
static const struct { const char *fact, *text; } rows[] = {
    { "a stop ends a sentence",               "The ferry left. |Nobody waved. |Why? |Because it was early! |So they said." },
    { "a title does not",                     "Mr. Okoro met Dr. Venn and Sen. Hallberg. |They spoke." },
    { "nor do initials",                      "J. R. Okoro and Ada M. Kovar signed. |I. K. Osei did not." },
    { "but the word I does",                  "It was he, not I. |We knew." },
    { "a month before its day",               "They met on Oct. 10 and on Oct.11. |It rained." },
    { "No. before a number",                  "Boat No. 7 sank. |He said no. |The crew swam." },
    { "a clock may end one",                  "They met at 5 p.m. |The council voted at 9 a.m. Monday. |Then it slept." },
    { "a country may, and may not",
      "She left the U.S. |She never liked the U.S. Senate. |In the U.S. officials agreed." },
    { "a firm",                               "Lamps Inc. said so. |He works for Lamps Inc. |The firm is old." },
    { "a state is short, and a word is not",  "Officials in Ill. Gov. Reddy met. |He was ill. |Doctors came." },
    { "me is no abbreviation",                "They told me. |Harbours closed." },
    { "decimals and versions",                "It rose 3.5 percent, to v1.2.3, at 10.30. |Then it fell." },
    { "a list is counted",                    "1. The council met. |2. The mayor left." },
    { "an address",                           "See www.example.org or write to a.b@example.org. |Open notes.txt first." },
    { "three stops end before a capital",     "He waited... |Then he left. |We stay ... and go." },
    { "an ellipsis too",                      "And then… |He left. |She said … nothing." },
    { "runs of marks",                        "What?! |No... |Never!!! |Good." },
    { "closing marks belong to what they close", "“We did it.” |“Really?” she asked. |(It was late.) |Then they left." },
    { "a footnote too",                       "So she wrote.[1] |It was in 1998.² |Later it changed." },
    { "a name with a mark in it",             "Yahoo! said so. |Nobody believed it." },
    { "a missing space",                      "That is the end.|The council left.|Nobody stayed at example.org though." },
    { "a number may begin one",               "Water rose. |3 people fell. |12 swam." },
    { "a line that wraps is no end",          "The ferry left\nthe quay at nine. |It came\nback." },
    { "a blank line is one",                  "The ferry left\n\n|The end" },
    { "German ordinals",                      "Am 3. Oktober kam der 3. Versuch. |Er kam um 5. |Die Stadt schwieg." },
    { "German abbreviations",                 "Z. B. die Brücke, d. h. der Steg, bzw. Nr. 7, usw. |Die Tür fiel zu." },
    { "French ones",                          "M. Dupré et Mme. Aubrac ont voté. |« Non. » |Elle est partie." },
    { "Spanish ones, and turned marks",       "El Sr. Quintal y la Dra. Ríos de EE. UU. hablaron. |¿Quién fue? |¡Nadie!" },
    { "Portuguese ones",                      "O Sr. Prates e a Dra. Lima chegaram. |A ponte caiu." },
    { "Italian ones",                         "Il dott. Ferri e il sig. Neri, ecc. sono usciti. |Nessuno parla." },
    { "Dutch ones",                           "Dhr. Bakker en mevr. Smit kwamen, o.a. uit Zeeland. |Zij bleven." },
    { "Swedish, Danish and Norwegian ones",   "Kl. 10 kom bl.a. Lind, t.ex. med båt. |Han log. |Ca. 40 f.eks. fra nord kom." },
    { "Polish ones",                          "Przy ul. Długiej 5 prof. Nowak i gen. Lis, m.in. z Łodzi, czekali. |Padało." },
    { "Czech ones",                           "Ing. Novák, tzv. Lampa, přišel. |Nikdo nemluvil." },
    { "Hungarian and Romanian ones",          "Özv. Kissné stb. hallgatott. |Dl. Pop și dna. Radu au plecat." },
    { "Turkish ones",                         "Prof. Dr. Demir ve Sn. Kaya geldi. |Köprü kapandı." },
    { "Russian ones, and initials",
      "А. С. Королёв жил в г. Лесном на ул. Речной, т. е. у реки. |Он молчал." },
    { "Ukrainian ones",                       "На вул. Річній ім. Лесі все тихо. |Дощ." },
    { "Greek ones, and its question mark",    "Ο κ. Νίκου μίλησε. |Ποιος; Κανείς." },
    { "Arabic has no capitals",               "قال أحمد. |ثم ذهب؟ |نعم." },
    { "nor has Hebrew",                       "הוא הלך. |היא נשארה?" },
    { "Urdu has a stop of its own",           "وہ گیا۔ |وہ آئی۔" },
    { "Hindi and Bengali too",                "वह गया। |वह आई॥ |অনেক।" },
    { "Georgian has no capitals",             "ის წავიდა. |ის დარჩა." },
    { "Armenian",                             "Նա գնաց։ |Նա մնաց։" },
    { "Chinese needs no space",               "市长走了。|没人说话！|为什么？|不知道。" },
    { "Japanese opens marks behind a stop",   "市長は去った。|「橋だ。」|（終わり。）" },
    { "Korean",                               "배가 떠났다. |아무도 없었다." },
    { "Khmer, Myanmar and Ethiopic",
      "ទូកទៅ។ |ស្ងាត់។ |သွားပြီ။ |ሄደ። |ቀረ።" },
    { "Thai has no stops: a space is no end", "เรือออก ไม่มีใครโบกมือ" },
    { "nothing",                              "" },
    { "a stop alone",                         "." },
};
/* clang-format on */

static void every_row_is_cut_at_its_bars(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf plain = BUF_INIT(4096), got = BUF_INIT(4096);
        struct span text;

        for (const char *c = rows[i].text; *c; c++)
            if (*c != '|')
                buf_char(&plain, *c);
        text = plain.at ? buf_view(&plain) : SPAN("");
        for (size_t at = 0, end; at < text.len; at = end) {
            end = period_next(text, at);
            assert_true(end > at && end <= text.len);
            buf_span(&got, span_cut(text, at, end));
            if (end < text.len)
                buf_char(&got, '|');
        }
        buf_char(&got, 0);
        if (strcmp(got.at, rows[i].text) != 0)
            fail_msg("%s: got \"%s\"", rows[i].fact, got.at);
        buf_fini(&plain);
        buf_fini(&got);
    }
}

static double seconds_for(const char *bit, size_t bytes)
{
    struct buf text = BUF_INIT(16 * MiB);
    struct timespec a, b;

    while (text.len < bytes)
        buf_str(&text, bit);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (size_t at = 0; at < text.len;)
        at = period_next(buf_view(&text), at);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    buf_fini(&text);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* Four times the text takes four times as long, with room for a noisy machine: squared, it would be sixteen. */
static void time_is_linear_in_hostile_texts(void **state)
{
    static const char *const bits[] = {".",        "a.",   "A. ",   ". \n", ".)",  "。",    "…",     "e.g. ",
                                       "Mr. ",     "a",    "1. ",   "\n",   "a.A", ".[",    ".[1]",  "「",
                                       "?” a ",    "… ",   "3 ",    ". 3 ", "a\n", ")",     "Ab.Cd", ".  ",
                                       "\xCC\x81", "\xFF", "U.S. ", "² ",   "(",   "am 3. "};

    (void)state;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        double one = seconds_for(bits[i], 250 * 1000), four = seconds_for(bits[i], 1000 * 1000);

        if (four > 10 * one + 0.05)
            fail_msg("\"%s\": 250 KB take %.3f s, 1 MB %.3f s", bits[i], one, four);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_cut_at_its_bars),
        cmocka_unit_test(time_is_linear_in_hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
