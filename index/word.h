/* word.h -- text becomes words, with their places in the original bytes.
 *
 * The text is cut first (UAX #29, break.h), then news' own rules go over it, and each word is folded last (key.h), so
 * that places stay true. A word of several parts is given whole and in parts: the whole at the position of its first part
 * and as wide as its parts, the parts at positions of their own. So "al nadim", "al-nadim" and "alnadim" all find it,
 * alone and in a phrase, and "secretary said" does not find "the secretary-general said":
 *
 *      text     Al-Nadim’s said              l’État               21.000           بجسر
 *      words    alnadim@0 (2 wide)           letat@3              21.000@4         بجسر@5
 *               al@0 nadim@1  said@2         etat@3               21000@4          جسر@5
 *
 * At the same position stand: what is beside an apostrophe (etat, brien of O’Brien, istanbul of İstanbul’da), the
 * other reading of a number, and what an Arabic word is without و ف ب ك ل written onto it. Scripts written without
 * spaces, and Hangul, give overlapping pairs of characters, the last one of a run alone.
 *
 * Invariants:
 *  (1) start < end, both between characters as readers see them, unless beside one of the few signs that belong to the
 *      character behind them or to whatever is before (the Arabic number sign; a Thai ำ on no consonant).
 *  (2) A WHOLE word never begins before the end of the WHOLE one before it, pairs aside.
 *  (3) pos never falls.
 *  (4) A key holds no byte below ' '.
 *  (5) A text is walked a constant number of times, whatever it is, and nothing is allocated.
 */
#ifndef INDEX_WORD_H
#define INDEX_WORD_H

#include <stdint.h>

#include "index/key.h"

/* Raise it when the same text gives other words or positions. */
enum { WORD_RULES_VERSION = 2 };

enum word_kind {
    WORD_WHOLE, /* as printed between spaces */
    WORD_PART,  /* a part of the WHOLE before it, at a position of its own */
    WORD_REST   /* another way to find the word before it, at the same position */
};

struct word {
    uint32_t start, end; /* bytes of the text given to word_open */
    uint32_t head;       /* of a pair: the end of its first character; else end */
    uint32_t pos;        /* counts up by words, from the number given to word_open */
    uint16_t width;      /* positions it takes: its parts */
    enum word_kind kind;
    bool pair;       /* a pair of characters, or the last one alone */
    bool plain;      /* certainly spelled as its key: word_exact would give the same */
    struct span key; /* loose; valid until the next call, and no longer than the text */
};

/* What a token becomes: filled by word.c, of no interest to callers. */
struct word_piece {
    uint32_t start, end, pos;
    uint16_t width;
    enum word_kind kind;
};

struct word_reader {
    struct span text;
    uint32_t at, pos;
    uint32_t alone_end;   /* the characters from `at` to here are known to be CHAR_ALONE */
    uint32_t segment_end; /* of the piece of UAX #29 that `at` stands in */
    struct word_piece waiting[32];
    unsigned waiting_count, waiting_at;
    unsigned rests_due;
    char key[LIMIT_WORD], exact[LIMIT_WORD];
};

/* Starts over `text` (less than 4 GiB, borrowed), the first word at position `pos`. */
void word_open(struct word_reader *r, struct span text, uint32_t pos);

/* The next word, 1; or 0 at the end. Never fails, whatever the bytes. */
int word_next(struct word_reader *r, struct word *w);

/* The exact key of the word just given. Valid until the next call. */
struct span word_exact(struct word_reader *r, const struct word *w);

/* The position after the last word given: where the next text would go on. */
uint32_t word_pos(const struct word_reader *r);

#endif
