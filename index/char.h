/* char.h -- what a character is: one row for every code point, out of tables made from Unicode 15.0.
 *
 *      code point ── page ──► block ──► row   {word, sentence, cluster class, bits, run, flags}
 *                 └─ page ──► block ──► delta to its exact and to its loose fold, where one character
 *                                       folds to one character whatever stands beside it
 *
 * char_tables.c is generated (index/tables/generate.py). Pure data, any thread.
 */
#ifndef INDEX_CHAR_H
#define INDEX_CHAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/eight.h"

/* What a character is, as a set of bits. */
enum char_bits {
    CHAR_LETTER = 1, /* letters and letter-like numbers (Ⅷ) */
    CHAR_DIGIT = 2,  /* digits of any script, and other numbers (², ½) */
    CHAR_UPPER = 4,  /* upper or title case */
    CHAR_LOWER = 8,
    CHAR_SPACE = 16,   /* white space, line ends, no-break spaces */
    CHAR_MARK = 32,    /* combining: stays with what is before it */
    CHAR_DENSE = 64,   /* written without spaces: Han, kana, Thai, Lao, Khmer, Myanmar */
    CHAR_IGNORED = 128 /* soft hyphen, joiners, variation selectors, BOM */
};

/* What the folds and the word reader ask besides. */
enum char_flags {
    CHAR_EXACT_SLOW = 1,    /* its exact fold has more than one character, or depends on what is beside it */
    CHAR_LOOSE_SLOW = 2,    /* its loose fold, likewise */
    CHAR_LOOSE_DIFFERS = 4, /* the two are not the same */
    CHAR_ACCENTED = 8,      /* marks on it are accents: Latin, Greek, Arabic, Hebrew, Syriac, 0 to 9 */
    CHAR_STRESSED = 16,     /* a Cyrillic vowel: acute and grave on it are marks of stress */
    CHAR_ACCENT = 32,       /* a mark without width of its own that stays a mark when folded */
    CHAR_PAIRS = 64,        /* found by pairs of characters: the DENSE ones and Hangul */
    CHAR_PICTOGRAPH = 128,  /* Extended_Pictographic */
    CHAR_ARABIC = 256,      /* a letter of the Arabic script */
    CHAR_RIGHT_TO_LEFT = 512, /* bidirectional class R or AL */
    CHAR_ALONE = 1024,        /* one of PAIRS that is its own fold and begins a character as readers see it */
    CHAR_ATTACHES = 2048      /* may belong to such a one before it */
};

/* What the word reader may do with it at a glance. */
enum char_run {
    RUN_END,  /* ends a word and is in none */
    RUN_WORD, /* a letter or digit that folds loosely to one character */
    RUN_ASK   /* the whole rules must look */
};

/* Word_Break, Sentence_Break and Grapheme_Cluster_Break of UAX #29, revision 41. */
enum word_class {
    WB_OTHER,
    WB_CR,
    WB_LF,
    WB_NEWLINE,
    WB_EXTEND,
    WB_ZWJ,
    WB_FORMAT,
    WB_REGIONAL_INDICATOR,
    WB_KATAKANA,
    WB_HEBREW_LETTER,
    WB_ALETTER,
    WB_SINGLE_QUOTE,
    WB_DOUBLE_QUOTE,
    WB_MIDNUMLET,
    WB_MIDLETTER,
    WB_MIDNUM,
    WB_NUMERIC,
    WB_EXTENDNUMLET,
    WB_WSEGSPACE
};

enum sentence_class {
    SB_OTHER,
    SB_CR,
    SB_LF,
    SB_SEP,
    SB_EXTEND,
    SB_FORMAT,
    SB_SP,
    SB_LOWER,
    SB_UPPER,
    SB_OLETTER,
    SB_NUMERIC,
    SB_ATERM,
    SB_SCONTINUE,
    SB_STERM,
    SB_CLOSE
};

enum cluster_class {
    GCB_OTHER,
    GCB_CR,
    GCB_LF,
    GCB_CONTROL,
    GCB_EXTEND,
    GCB_ZWJ,
    GCB_REGIONAL_INDICATOR,
    GCB_PREPEND,
    GCB_SPACINGMARK,
    GCB_L,
    GCB_V,
    GCB_T,
    GCB_LV,
    GCB_LVT
};

struct char_row {
    uint8_t word, sentence, cluster; /* enum word_class, sentence_class, cluster_class */
    uint8_t bits;                    /* enum char_bits */
    uint8_t run;                     /* enum char_run */
    uint16_t flags;                  /* enum char_flags */
};

extern const struct char_row char_rows[];
extern const uint8_t char_row_page[], char_row_block[], char_exact_page[], char_loose_page[];
extern const int16_t char_exact_block[], char_loose_block[];

/* The same for the word reader's first look at a character of two bytes, U+0080 to U+07FF: one of the first three, or
 * its loose fold (below U+0800) with flags. */
enum char_glance {
    GLANCE_END,  /* RUN_END */
    GLANCE_ASK,  /* RUN_ASK */
    GLANCE_MARK, /* an Arabic or Hebrew mark, left out on a letter of these scripts */
    GLANCE_FOLD = 0x7FF,
    GLANCE_DIFFERS = 0x800, /* CHAR_LOOSE_DIFFERS */
    GLANCE_ARABIC = 0x1000,
    GLANCE_HEBREW = 0x2000
};
extern const uint16_t char_glance[0x800 - 0x80];

/* The bits of the bytes that are characters of their own; none for the others, 0x80 to 0xFF. */
extern const uint8_t char_ascii[0x100];

/* Letters without a mark of their own that are typed as others, folded first: to two characters at most,
 * 0 for none. Rising. */
struct plain_letter {
    uint32_t from, to[2];
};
extern const struct plain_letter plain_letters[];
extern const unsigned plain_letter_count;

/* The zero of each run of ten decimal digits. Rising. */
extern const uint32_t digit_zeros[];
extern const unsigned digit_zero_count;

/* The row of a code point (at most U+10FFFF). */
static inline const struct char_row *char_row(uint32_t cp)
{
    return &char_rows[char_row_block[(uint32_t)char_row_page[cp >> 8] << 8 | (cp & 255)]];
}

static inline unsigned char_bits(uint32_t cp)
{
    return cp < 0x80 ? char_ascii[cp] : char_row(cp)->bits;
}

/* Which of eight bytes are ASCII letters or digits (eight.h): most of most texts. */
static inline uint64_t char_plain(uint64_t eight)
{
    return eight_within(eight | EIGHT(0x20), 'a', 'z') | eight_within(eight, '0', '9');
}

/* Past them. */
static inline const char *char_pass_plain(const char *at, const char *end)
{
    unsigned n;

    do
        at += n = eight_run(char_plain(eight_until(at, end)));
    while (n == 8);
    return at;
}

/* Deltas wrap round inside the first plane. */
static inline uint32_t char_moved(uint32_t cp, int32_t delta)
{
    uint32_t moved = cp + (uint32_t)delta;

    return cp < 0x10000 ? moved & 0xFFFF : moved;
}

/* What it folds to; only where it is not CHAR_EXACT_SLOW, CHAR_LOOSE_SLOW. */
static inline uint32_t char_exact(uint32_t cp)
{
    return char_moved(cp, char_exact_block[(uint32_t)char_exact_page[cp >> 6] << 6 | (cp & 63)]);
}

static inline uint32_t char_loose(uint32_t cp)
{
    return char_moved(cp, char_loose_block[(uint32_t)char_loose_page[cp >> 6] << 6 | (cp & 63)]);
}

#endif
