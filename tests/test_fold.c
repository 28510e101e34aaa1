/* test_fold.c -- folds and keys: what is one word to a reader is one to us, and what is not is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "index/key.h"

/* ---- what is one, and what is not -------------------------------------------------------------------- */

/* clang-format off */
static const struct { const char *fact, *one, *other; bool exact, loose; } pairs[] = {
    { "case never matters",                          "Hafen",      "HAFEN",      true,  true },
    { "apostrophes are one",                         "O’Dwyer",    "O'Dwyer",    true,  true },
    { "a no-break hyphen is a hyphen",               "Al‑Nadim",   "al-nadim",   true,  true },
    { "a decomposed accent is the same",             "Caf\xC3\xA9","Cafe\xCC\x81", true, true },
    { "a ligature is its letters",                   "oﬃce",       "office",     true,  true },
    { "full width is half width",                    "Ｆｅｒｒｙ", "ferry",      true,  true },
    { "half-width kana is kana",                     "ｶﾞｽ",        "ガス",       true,  true },
    { "ß is ss",                                     "Straße",     "STRASSE",    true,  true },
    { "a soft hyphen is nothing",                    "co\xC2\xADop", "coop",     true,  true },
    { "final sigma is sigma",                        "Πρόεδρος",   "ΠΡΌΕΔΡΟΣ",   true,  true },
    { "accents are left out",                        "Müller",     "Muller",     false, true },
    { "letters with a stroke too",                   "Łódź Ærø",   "Lodz Aero",  false, true },
    { "Vietnamese has two marks on a letter",        "Nguyễn Đệ",  "Nguyen De",  false, true },
    { "Turkish dotless and dotted i are i",          "IĞDIR İli",  "igdir ili",  false, true },
    { "Azerbaijani ə is typed e",                    "Əliyev",     "Eliyev",     false, true },
    { "Greek accents",                               "Πρόεδρος",   "Προεδρος",   false, true },
    { "an iota subscript is an accent",              "ᾠδή τῷ",     "ωδη τω",     false, true },
    { "ё is typed е",                                "Королёва",   "Королева",   false, true },
    { "a mark of stress is left out",                "за́мок",      "замок",      false, true },
    { "but й is not и",                              "район",      "раион",      false, false },
    { "nor ї і",                                     "Київ",       "Киів",       false, false },
    { "Arabic alefs are one",                        "أحمد",       "احمد",       false, true },
    { "teh marbuta is typed heh",                    "مدرسة",      "مدرسه",      false, true },
    { "Arabic vowel signs are left out",             "مُدَرِّس",       "مدرس",       false, true },
    { "tatweel is nothing",                          "جـــسر",     "جسر",        false, true },
    { "Persian yeh and kaf are Arabic ones",         "کتابی",      "كتابي",      false, true },
    { "Arabic presentation forms",                   "ﺟﺴﺮ",        "جسر",        true,  true },
    { "Hebrew points are left out",                  "גֶּשֶׁר",        "גשר",        false, true },
    { "Hebrew final letters",                        "םיה",        "מיה",        false, true },
    { "digits of every script",                      "١٢٣ ۱۲۳ १२३", "123 123 123", false, true },
    { "Indic vowel signs are no accents",            "किताब",      "कतब",        false, false },
    { "a virama is none",                            "क्ष",        "कष",         false, false },
    { "Thai vowel and tone signs are none",          "ไม้",         "ไม",         false, false },
    { "nor a kana's voicing",                        "バリ",       "ハリ",       false, false },
    { "katakana is not hiragana",                    "カモメ",     "かもめ",     false, false },
    { "a possessive is its owner",                   "Venn’s",     "venn",       false, true },
};
/* clang-format on */

static bool same(const char *one, const char *other, enum fold how)
{
    char a[256], b[256];
    size_t n = fold_text(span_of(one), how, a, sizeof a), m = fold_text(span_of(other), how, b, sizeof b);

    return n == m && memcmp(a, b, n) == 0;
}

static void every_pair_is_one_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (same(pairs[i].one, pairs[i].other, FOLD_EXACT) != pairs[i].exact)
            fail_msg("%s: exactly, %s and %s", pairs[i].fact, pairs[i].one, pairs[i].other);
        if (same(pairs[i].one, pairs[i].other, FOLD_LOOSE) != pairs[i].loose)
            fail_msg("%s: loosely, %s and %s", pairs[i].fact, pairs[i].one, pairs[i].other);
    }
}

/* clang-format off */
static const struct { const char *fact, *word, *exact, *loose; } keys[] = {
    { "a word without anything to leave out",     "Ferry",         "ferry",         "ferry" },
    { "the possessive goes, and the accent",      "Müller’s",      "müller's",      "muller" },
    { "joiners go",                               "Al-Nadim",      "al-nadim",      "alnadim" },
    { "stops of an initialism",                   "U.S",           "u.s",           "us" },
    { "a comma before three digits parts thousands", "21,000",     "21,000",        "21000" },
    { "another one is a decimal comma",           "3,5",           "3,5",           "3.5" },
    { "a stop is a decimal one",                  "3.5",           "3.5",           "3.5" },
    { "several stops part thousands",             "1.234.567",     "1.234.567",     "1234567" },
    { "both at once, in English",                 "1,234.56",      "1,234.56",      "1234.56" },
    { "and in German",                            "1.234,56",      "1.234,56",      "1234.56" },
    { "nothing parts thousands in a small number", "0,125",        "0,125",         "0.125" },
    { "a no-break space in a number",             "21\xC2\xA0" "000", "21 000",     "21000" },
    { "Arabic separators",                        "٣٫٥",           "٣٫٥",           "3.5" },
    { "Swiss separators",                         "12’500",        "12'500",        "12500" },
    { "a version is no number",                   "v1.5",          "v1.5",          "v1.5" },
    { "the Arabic article",                       "الجسر",         "الجسر",         "جسر" },
    { "with a preposition",                       "بالجسر",        "بالجسر",        "جسر" },
    { "and a conjunction",                        "وبالجسر",       "وبالجسر",       "جسر" },
    { "to the bridge",                            "للجسر",         "للجسر",         "جسر" },
    { "a word of two letters keeps its article's word", "السد",    "السد",          "سد" },
    { "a bare preposition stays in the key",      "بجسر",          "بجسر",          "بجسر" },
    { "God is no article",                        "الله",          "الله",          "الله" },
    { "nor is a relative pronoun",                "الذين",         "الذين",         "الذين" },
    { "a Hebrew abbreviation",                    "צה״ל",          "צה\"ל",         "צהל" },
    { "a Catalan double l",                       "col·lecció",    "col·lecció",    "colleccio" },
};
/* clang-format on */

static void every_word_has_its_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char out[LIMIT_WORD], again[LIMIT_WORD];
        struct span key = key_exact(span_of(keys[i].word), out);

        if (!span_eq(key, span_of(keys[i].exact)))
            fail_msg("%s: exact key %.*s", keys[i].fact, (int)key.len, key.at);
        key = key_loose(span_of(keys[i].word), out);
        if (!span_eq(key, span_of(keys[i].loose)))
            fail_msg("%s: loose key %.*s", keys[i].fact, (int)key.len, key.at);
        if (!span_eq(key_loose(key, again), key))
            fail_msg("%s: the key of the key is another", keys[i].fact);
    }
}

/* ---- every code point -------------------------------------------------------------------------------- */

enum { CODE_POINTS = 0x110000 };

static size_t put(char *out, uint32_t cp)
{
    return utf8_put(out, cp);
}

static bool equal(const char *a, size_t n, const char *b, size_t m)
{
    return n == m && memcmp(a, b, n) == 0;
}

static void fast_paths_give_what_utf8proc_gives_for_all_code_points(void **state)
{
    uint32_t count = 0;

    (void)state;
    for (uint32_t cp = 0; cp < CODE_POINTS; cp++, count++) {
        char text[4], fast[128], slow[128];
        size_t len = put(text, cp);

        for (int how = FOLD_EXACT; how <= FOLD_LOOSE; how++) {
            size_t n = fold_text((struct span){text, len}, (enum fold)how, fast, sizeof fast);
            size_t m = fold_slowly((struct span){text, len}, (enum fold)how, slow, sizeof slow);

            if (!equal(fast, n, slow, m))
                fail_msg("U+%04X folds differently on the fast path (%s)", (unsigned)cp,
                         how ? "loose" : "exact");
        }
    }
    assert_int_equal(count, 1114112);
}

/* The reference has nothing of ours in it but the list of apostrophes and hyphens that are made one. */
static void exact_folds_are_utf8procs_but_for_apostrophes_and_hyphens(void **state)
{
    static const uint32_t ours[] = {0x60,   0xB4,   0x149,  0x2B9,  0x2BB,  0x2BC,  0x2BD,  0x2BE,
                                    0x2BF,  0x2C8,  0x374,  0x5BE,  0x5F3,  0x5F4,  0x1E9A, 0x1FEF,
                                    0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2018, 0x2019,
                                    0x201B, 0x2032, 0x2033, 0x2034, 0x2043, 0x2057, 0x207B, 0x208B,
                                    0x2212, 0xFE31, 0xFE32, 0xFE58, 0xFF40};
    size_t differ = 0;

    (void)state;
    for (uint32_t cp = 1; cp < CODE_POINTS; cp++) {
        char text[4], fold[128];
        size_t len = put(text, cp), n = fold_text((struct span){text, len}, FOLD_EXACT, fold, sizeof fold);
        utf8proc_uint8_t *map;
        utf8proc_ssize_t m = utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, &map,
                                          UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                              UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

        if (!equal(fold, n, (const char *)map, (size_t)m) &&
            (differ >= sizeof ours / sizeof *ours || cp != ours[differ++]))
            fail_msg("U+%04X folds to something else than utf8proc's NFKC_Casefold", (unsigned)cp);
        free(map);
    }
    assert_int_equal(differ, sizeof ours / sizeof *ours);
}

static void folding_twice_is_folding_once_for_all_code_points(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < CODE_POINTS; cp++)
        for (int how = FOLD_EXACT; how <= FOLD_LOOSE; how++) {
            char text[4], once[128], twice[128];
            size_t len = put(text, cp);
            size_t n = fold_text((struct span){text, len}, (enum fold)how, once, sizeof once);
            size_t m = fold_text((struct span){once, n}, (enum fold)how, twice, sizeof twice);

            if (!equal(once, n, twice, m))
                fail_msg("U+%04X folds to something that folds on", (unsigned)cp);
        }
}

/* ---- characters beside each other -------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* What composes, reorders, vanishes, expands or changes what follows. */
static const uint32_t spice[] = {
    'a',    's',    '\'',   'E',    ' ',    '.',    0x300,   0x301,   0x306,   0x308,  0x327,  0x344,  0x345,
    0x435,  0x438,  0x439,  0x456,  0x483,  0xC5,   0xE9,    0xDF,    0xAD,    0xB4,   0x130,  0x131,  0x149,
    0x1E69, 0x1F82, 0x200C, 0x200D, 0x2019, 0x20DD, 0x212B,  0x3B1,   0x5B8,   0x5D0,  0x5F4,  0x622,  0x627,
    0x640,  0x64B,  0x651,  0x653,  0x654,  0x660,  0x670,   0x915,   0x93C,   0x94D,  0x9BE,  0x9C7,  0xCC2,
    0xCC6,  0xCD5,  0xE01,  0xE31,  0xE33,  0x1100, 0x1161,  0x11A8,  0xAC00,  0xAC01, 0x3099, 0x30AB, 0xFB01,
    0xFF76, 0xFF9E, 0xF900, 0xFDFA, 0xFFFD, 0x2ADC, 0x1D15E, 0x1D7CE, 0x10400, 0x4E00};

static size_t put_any(char *out, uint32_t *seed)
{
    size_t len = 0;

    for (uint32_t n = 1 + next_random(seed) % 10; n > 0; n--) {
        bool spiced = next_random(seed) % 8 != 0;
        len += put(out + len, spiced ? spice[next_random(seed) % (sizeof spice / sizeof *spice)]
                                     : 1 + next_random(seed) % (CODE_POINTS - 1));
    }
    return len;
}

static void beside_others_too(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 300000; round++) {
        char text[64], fast[1024], other[1024];
        size_t len = put_any(text, &seed), n, m;

        for (int how = FOLD_EXACT; how <= FOLD_LOOSE; how++) {
            n = fold_text((struct span){text, len}, (enum fold)how, fast, sizeof fast);
            m = fold_slowly((struct span){text, len}, (enum fold)how, other, sizeof other);
            if (!equal(fast, n, other, m))
                fail_msg("round %d: the fast path differs", round);
            m = fold_text((struct span){fast, n}, (enum fold)how, other, sizeof other);
            if (!equal(fast, n, other, m))
                fail_msg("round %d: folding twice differs", round);
        }
    }
}

static void a_long_text_folds_like_its_words(void **state)
{
    enum { WORDS = 20000 };
    char *text = malloc(WORDS * 16), *out = malloc(WORDS * 16);
    size_t len = 0, n;

    (void)state;
    for (int i = 0; i < WORDS; i++)
        len += (size_t)sprintf(text + len, "%s", "Été Ñandú ");
    n = fold_text((struct span){text, len}, FOLD_LOOSE, out, WORDS * 16);
    assert_int_equal(n, WORDS * strlen("ete nandu "));
    for (size_t i = 0; i < WORDS; i++)
        assert_memory_equal(out + 10 * i, "ete nandu ", 10);
    free(text);
    free(out);
}

static void a_letter_keeps_thirty_marks(void **state)
{
    char text[2 + 2 * 500], out[2048];
    size_t len = utf8_put(text, 0x438); /* и, whose marks are not left out */

    (void)state;
    for (int i = 0; i < 500; i++)
        len += utf8_put(text + len, 0x327);
    assert_int_equal(fold_text((struct span){text, len}, FOLD_LOOSE, out, sizeof out), 2 + 2 * 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_one_or_not),
        cmocka_unit_test(every_word_has_its_keys),
        cmocka_unit_test(fast_paths_give_what_utf8proc_gives_for_all_code_points),
        cmocka_unit_test(exact_folds_are_utf8procs_but_for_apostrophes_and_hyphens),
        cmocka_unit_test(folding_twice_is_folding_once_for_all_code_points),
        cmocka_unit_test(beside_others_too),
        cmocka_unit_test(a_long_text_folds_like_its_words),
        cmocka_unit_test(a_letter_keeps_thirty_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
