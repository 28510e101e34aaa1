/* test_word.c -- text becomes words: with their places, whatever the text. */
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
#include "index/common.h"
#include "index/key.h"
#include "index/word.h"

/* A word is key@position, with *width when it is wide; the rests of a word follow it at its position. */
/* clang-format off */
static const struct { const char *fact, *text, *words; } words[] = {
    { "words are folded and counted",              "Rain fell",            "rain@0 fell@1" },
    { "a hyphenated word is whole and in parts",   "Al-Sharif spoke",      "alsharif@0*2 al@0 sharif@1 spoke@2" },
    { "a no-break hyphen too",                     "jean‑philippe",        "jeanphilippe@0*2 jean@0 philippe@1" },
    { "a chain of three",                          "mother-in-law",        "motherinlaw@0*3 mother@0 in@1 law@2" },
    { "an ampersand joins",                        "AT&T",                 "att@0*2 at@0 t@1" },
    { "a dash is no hyphen",                       "rain—snow",            "rain@0 snow@1" },
    { "a possessive finds its owner",              "Marta’s plan",         "marta@0 plan@1" },
    { "a straight possessive too",                 "Marta's plan",         "marta@0 plan@1" },
    { "O’Dwyer is found as odwyer and dwyer",      "O’Dwyer",              "odwyer@0 dwyer@0 o@0" },
    { "and with a possessive",                     "O’Dwyer’s",            "odwyer@0 dwyer@0 o@0" },
    { "an elided article leaves the word",         "l’État",               "letat@0 etat@0" },
    { "an Italian one",                            "dell’acqua",           "dellacqua@0 acqua@0 dell@0" },
    { "don't is one word, and we'll is",           "don't we'll",          "dont@0 well@1" },
    { "U.S. is us",                                "U.S. aid",             "us@0 aid@1" },
    { "a full stop ends a sentence, not a number", "3.5 km. Then",         "3.5@0 km@1 then@2" },
    { "separators leave numbers",                  "21,000",               "21000@0" },
    { "a lone stop may be either",                 "21.000",               "21.000@0 21000@0" },
    { "a French number has no-break spaces",       "21\xE2\x80\xAF" "000 km", "21000@0 km@1" },
    { "with plain spaces it is found whole and in parts", "1 200 km", "1200@0*2 1@0 200@1 km@2" },
    { "but a year is no group",                    "2024 100 km",          "2024@0 100@1 km@2" },
    { "nor are four digits behind",                "21 0000 km",           "21@0 0000@1 km@2" },
    { "Oct.10 is two words",                       "Oct.10",               "oct@0 10@1" },
    { "a missing space leaves the words",          "the end.Then",         "the@0 endthen@1*2 end@1 then@2" },
    { "an address is found by its parts",          "example.org",          "exampleorg@0*2 example@0 org@1" },
    { "emphasis of plain text is no part of a word", "_very_ good",        "very@0 good@1" },
    { "small digits belong to the word",           "CO₂ m²",               "co2@0 m2@1" },
    { "accents fold in Latin",                     "Łódź Ærø Straße",      "lodz@0 aero@1 strasse@2" },
    { "but й is not и, and ё is typed е",          "Киёй",                 "кией@0" },
    { "Ukrainian has an apostrophe in words",      "п’ять",                "пять@0 ять@0" },
    { "Indic vowels are not accents",              "किताब में",               "किताब@0 में@1" },
    { "Arabic letter forms are one",               "أحمد ؛ مدرسة",          "احمد@0 مدرسه@1" },
    { "the Arabic article goes",                   "الجسر",                "جسر@0" },
    { "a preposition written onto the noun",       "بجسر",                 "بجسر@0 جسر@0" },
    { "and a conjunction before it",               "وبجسر",                "وبجسر@0 بجسر@0 جسر@0" },
    { "Persian has no such prepositions",          "بازی",                 "بازي@0" },
    { "Persian words in two parts",                "کتاب‌ها",               "كتابها@0*2 كتاب@0 ها@1" },
    { "a Hebrew abbreviation",                     "צה\"ל אמר",             "צהל@0 אמר@1" },
    { "a Hebrew preposition before a mark",        "ו\"ברכה\"",             "וברכה@0 ברכה@0" },
    { "a Turkish ending",                          "İstanbul’da",          "istanbulda@0 da@0 istanbul@0" },
    { "an Arabic and before a number",             "و2024",                "و2024@0 2024@0" },
    { "an Armenian question mark in a word",       "Ո՞վ",                  "ով@0" },
    { "Indian grouping",                           "12,34,567",            "1234567@0" },
    { "a small digit inside",                      "H₂O",                  "h2o@0" },
    { "a Hebrew hyphen",                           "תל־אביב",              "תלאביב@0*2 תל@0 אביב@1" },
    { "digits of any script are digits",           "١٢٣",                  "123@0" },
    { "Turkish dotted capital I is i",             "İzmir",                "izmir@0" },
    { "Han text gives pairs, the last alone",      "東京都",                "東京@0 京都@1 都@2" },
    { "kana too",                                  "フェリー",              "フェ@0 ェリ@1 リー@2 ー@3" },
    { "half-width kana are kana",                  "ｶﾞｽ",                   "ガス@0 ス@1" },
    { "Thai gives pairs of characters with their marks", "ไม้ดี",          "ไม้@0 ม้ดี@1 ดี@2" },
    { "Lao", "ລາວ", "ລາ@0 າວ@1 ວ@2" },
    { "Khmer", "កម្ពុ", "កម្@0 ម្ពុ@1 ពុ@2" },
    { "Myanmar", "မြန်မာ", "မြန်@0 န်မာ@1 မာ@2" },
    { "Hangul is found without its particles",     "서울은",                "서울@0 울은@1 은@2" },
    { "decomposed Hangul is the same",             "서울",              "서울@0 울@1" },
    { "scripts meet without a space",              "iPhone手机X",           "iphone@0 手机@1 机@2 x@3" },
    { "a decomposed accent is the same",           "Cafe\xCC\x81",         "cafe@0" },
    { "a soft hyphen is nothing",                  "co\xC2\xADoperate",    "cooperate@0" },
    { "marks alone are no words",                  "-- ’ “” …",            "" },
    { "broken bytes part words",                   "ab\xFF" "cd",          "ab@0 cd@1" },
};
/* clang-format on */

static void every_row_gives_its_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct buf got = BUF_INIT(4096);
        struct word_reader r;
        struct word w;

        word_open(&r, span_of(words[i].text), 0);
        while (word_next(&r, &w)) {
            buf_printf(&got, "%s%.*s@%u", got.len ? " " : "", (int)w.key.len, w.key.at, w.pos);
            if (w.width > 1)
                buf_printf(&got, "*%u", w.width);
        }
        buf_char(&got, '\0');
        if (strcmp(got.at, words[i].words) != 0)
            fail_msg("%s: got \"%s\", wanted \"%s\"", words[i].fact, got.at, words[i].words);
        buf_fini(&got);
    }
}

/* ---- promises ---------------------------------------------------------------------------------------- */

/* A small generator of our own, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* True when a reader sees a border between characters at `at`, or the bytes are broken there anyway. */
static bool is_border(struct span text, uint32_t at)
{
    size_t border = 0;

    while (border < at)
        border = break_cluster(text, border);
    return border == at;
}

/* Invariants of word.h; the letters of the keys; and what a plain word claims of its exact key. */
static void check_words(struct span text)
{
    struct word_reader r;
    struct word w;
    uint32_t pos = 0, last = 0;

    word_open(&r, text, 0);
    while (word_next(&r, &w)) {
        char exact[LIMIT_WORD];

        assert_true(w.start < w.end && w.end <= text.len && w.start < w.head && w.head <= w.end);
        assert_true(w.pos >= pos && w.width >= 1);
        assert_true(w.start >= last || w.kind != WORD_WHOLE || w.pair);
        assert_true(w.key.len > 0 && w.key.len <= LIMIT_WORD && utf8_valid(w.key, NULL));
        for (size_t i = 0; i < w.key.len; i++)
            assert_true((unsigned char)w.key.at[i] >= ' ');
        if (w.plain)
            assert_true(span_eq(key_exact(span_cut(text, w.start, w.end), exact), w.key));
        pos = w.pos;
        if (w.kind == WORD_WHOLE)
            last = w.pair ? w.head : w.end;
    }
    assert_true(word_pos(&r) >= pos);
}

static const char *const bits[] = {"a",        "É", "’",  "-",  ".",        ",",        " ",
                                   "9",        "ß", "東", "京", "\xFF",     "\xCC\x81", "ا",
                                   "ل",        "ب", "I",  "_",  "\"",       "ש",        "ي",
                                   "ก",        "้",  "가", "각", "ᄀ",       "ᅡ",       "\xE2\x80\x8C",
                                   "\xC2\xAD", "ｶ", "ﾞ",  "2",  "\xC2\xA0", "000",      "s",
                                   "'",        "&", "²",  "😀"};

static void pieces_lie_inside_and_rise(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char text[128];
        size_t len = 0;

        for (unsigned n = next_random(&seed) % 14; n > 0; n--) {
            const char *bit = bits[next_random(&seed) % (sizeof bits / sizeof *bits)];
            memcpy(text + len, bit, strlen(bit));
            len += strlen(bit);
        }
        check_words((struct span){text, len});
    }
}

static void no_word_begins_or_ends_inside_a_character(void **state)
{
    uint32_t seed = 3;

    (void)state;
    for (int round = 0; round < 50000; round++) {
        char text[128];
        size_t len = 0;
        struct word_reader r;
        struct word w;

        for (unsigned n = next_random(&seed) % 14; n > 0; n--) {
            const char *bit = bits[next_random(&seed) % (sizeof bits / sizeof *bits)];
            memcpy(text + len, bit, strlen(bit));
            len += strlen(bit);
        }
        word_open(&r, (struct span){text, len}, 0);
        while (word_next(&r, &w))
            if (!is_border((struct span){text, len}, w.start) || !is_border((struct span){text, len}, w.end))
                fail_msg("round %d: a word at %u..%u of \"%.*s\"", round, w.start, w.end, (int)len, text);
    }
}

/* ---- time -------------------------------------------------------------------------------------------- */

static const struct {
    const char *fact, *bit;
} hostile[] = {
    {"a letter with ten million marks", "\xCC\x81"},
    {"marks of another order", "\xCC\xA7\xCC\x81"},
    {"letters without a space", "a"},
    {"Russian letters", "ж"},
    {"an accent on each letter", "e\xCC\x81"},
    {"stops between letters", "a."},
    {"hyphens between letters", "a-"},
    {"apostrophes between letters", "a'"},
    {"underscores", "a_"},
    {"digits and commas", "1,"},
    {"groups of digits", "\xC2\xA0"
                         "123"},
    {"Han", "東"},
    {"kana with a voicing mark each", "か\xE3\x82\x99"},
    {"Korean vowels without a consonant", "ᅡ"},
    {"Korean consonants", "ᄀ"},
    {"articles", "ال"},
    {"joiners", "\xE2\x80\x8D"},
    {"flags", "🇦"},
    {"pictures with joiners", "👩\xE2\x80\x8D"},
    {"Hebrew with marks", "א\""},
    {"overlong forms", "\xC0\xAF"},
    {"surrogates", "\xED\xA0\x80"},
    {"bytes that begin nothing", "\xFF"},
    {"a letter, then a joiner that leads nowhere", "a:\xCC\x81"},
    {"ends of sentences that do not end", ".)"},
};

static double seconds_for(const char *bit, size_t bytes)
{
    struct buf text = BUF_INIT(32 * MiB);
    struct word_reader r;
    struct word w;
    struct timespec a, b;
    size_t at = 0;

    while (text.len < bytes)
        buf_str(&text, bit);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    word_open(&r, buf_view(&text), 0);
    while (word_next(&r, &w))
        (void)word_exact(&r, &w);
    for (at = 0; at < text.len;)
        at = break_sentence(buf_view(&text), at);
    for (at = 0; at < text.len;)
        at = break_cluster(buf_view(&text), at);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    buf_fini(&text);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* Ten times the text takes ten times as long, with room for a noisy machine: squared, it would be a hundred. */
static void time_is_linear_in_hostile_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        double one = seconds_for(hostile[i].bit, 1000 * 1000),
               ten = seconds_for(hostile[i].bit, 10 * 1000 * 1000);

        if (ten > 40 * one + 0.2)
            fail_msg("%s: 1 MB takes %.3f s, 10 MB %.3f s", hostile[i].fact, one, ten);
    }
}

static void common_words_are_loose_keys_in_order(void **state)
{
    const char *word;

    (void)state;
    for (size_t i = 0; (word = common_at(i)); i++) {
        char loose[LIMIT_WORD];

        if (!span_eq(key_loose(span_of(word), loose), span_of(word)))
            fail_msg("%s is no loose key", word);
        if (i && span_cmp(span_of(common_at(i - 1)), span_of(word)) >= 0)
            fail_msg("%s stands out of order", word);
        assert_true(common_word(span_of(word)));
    }
    assert_false(common_word(SPAN("bridge")));
    assert_false(common_word(SPAN("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_gives_its_words),
        cmocka_unit_test(pieces_lie_inside_and_rise),
        cmocka_unit_test(no_word_begins_or_ends_inside_a_character),
        cmocka_unit_test(time_is_linear_in_hostile_texts),
        cmocka_unit_test(common_words_are_loose_keys_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
