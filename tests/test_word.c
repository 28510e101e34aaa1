/* test_word.c -- words and folds: what is typed finds what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "index/word.h"

/* clang-format off */
static const struct { const char *fact, *text, *words; } words[] = {
    { "words are folded and counted",              "Rain fell",            "rain@0 fell@1" },
    { "a hyphenated word is whole and in parts",   "Al-Sharif spoke",      "alsharif@0 al@0 sharif@1 spoke@2" },
    { "a possessive finds its owner",              "Marta’s plan",         "marta@0 plan@1" },
    { "a straight possessive too",                 "Marta's plan",         "marta@0 plan@1" },
    { "O’Dwyer is found as odwyer and dwyer",      "O’Dwyer",              "odwyer@0 dwyer@0" },
    { "and with a possessive",                     "O’Dwyer’s",            "odwyer@0 dwyer@0" },
    { "an elided article leaves the word",         "l’État",               "letat@0 etat@0" },
    { "don't is one word",                         "don't",                "dont@0" },
    { "U.S. is us",                                "U.S. aid",             "us@0 aid@1" },
    { "a full stop ends a sentence, not a number", "3.5 km. Then",         "3.5@0 km@1 then@2" },
    { "separators leave numbers",                  "21,000",               "21000@0" },
    { "Oct.10 is two words",                       "Oct.10",               "oct@0 10@1" },
    { "accents fold in Latin",                     "Łódź Ærø Straße",      "lodz@0 aero@1 strasse@2" },
    { "but й is not и, and ё is typed е",          "Киёй",                 "кией@0" },
    { "Indic vowels are not accents",              "किताब",                 "किताब@0" },
    { "Arabic letter forms are one",               "أحمد ؛ مدرسة",          "احمد@0 مدرسه@1" },
    { "digits of any script are digits",           "١٢٣",                  "123@0" },
    { "Turkish dotted capital I is i",             "İzmir",                "izmir@0" },
    { "Han text gives pairs, the last alone",      "東京都",                "東京@0 京都@1 都@2" },
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
        while (word_next(&r, &w))
            buf_printf(&got, "%s%.*s@%u", got.len ? " " : "", (int)w.key.len, w.key.at, w.pos);
        buf_char(&got, '\0');
        if (strcmp(got.at, words[i].words) != 0)
            fail_msg("%s: got \"%s\", wanted \"%s\"", words[i].fact, got.at, words[i].words);
        buf_fini(&got);
    }
}

/* A small generator of our own, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

static void pieces_lie_inside_and_rise(void **state)
{
    static const char *const bits[] = {"a", "É", "’",  "-",    ".",        ",", " ",
                                       "9", "ß", "東", "\xFF", "\xCC\x81", "ا", "I"};
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[64];
        size_t len = 0;
        struct word_reader r;
        struct word w;
        uint32_t pos = 0, last = 0;

        for (unsigned n = next_random(&seed) % 12; n > 0; n--) {
            const char *bit = bits[next_random(&seed) % (sizeof bits / sizeof *bits)];
            memcpy(text + len, bit, strlen(bit));
            len += strlen(bit);
        }
        word_open(&r, (struct span){text, len}, 0);
        while (word_next(&r, &w)) {
            assert_true(w.start < w.end && w.end <= len);
            assert_true(w.pos >= pos);
            assert_true(w.start >= last || w.part);
            assert_true(w.key.len > 0 && w.key.len <= LIMIT_WORD);
            assert_true(utf8_valid(w.key, NULL));
            assert_null(memchr(w.key.at, 0, w.key.len));
            pos = w.pos;
            if (!w.part)
                last = w.start;
        }
    }
}

static void folding_twice_is_folding_once(void **state)
{
    (void)state;
    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        char text[4], once[64], twice[64];
        size_t len = utf8_put(text, cp), n, m;

        for (int how = FOLD_EXACT; how <= FOLD_LOOSE; how++) {
            n = fold_text((struct span){text, len}, (enum fold)how, once, sizeof once);
            m = fold_text((struct span){once, n}, (enum fold)how, twice, sizeof twice);
            if (n != m || memcmp(once, twice, n) != 0)
                fail_msg("U+%04X folds to something that folds on", (unsigned)cp);
        }
    }
}

static void a_long_text_folds_like_its_words(void **state)
{
    struct buf text = BUF_INIT(MiB);
    char *out = malloc(MiB);
    size_t n;

    (void)state;
    for (int i = 0; i < 2000; i++)
        buf_str(&text, "Été Ñandú ");
    n = fold_text(buf_view(&text), FOLD_LOOSE, out, MiB);
    assert_int_equal(n, 2000 * strlen("ete nandu "));
    for (size_t i = 0; i < 2000; i++)
        assert_memory_equal(out + 10 * i, "ete nandu ", 10);
    free(out);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_gives_its_words),
        cmocka_unit_test(pieces_lie_inside_and_rise),
        cmocka_unit_test(folding_twice_is_folding_once),
        cmocka_unit_test(a_long_text_folds_like_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
