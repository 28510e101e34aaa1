/* word.h -- text becomes words, with their places in the original bytes.
 *
 * The text is segmented first and each word folded after, so that places stay true. A word of several
 * parts is given whole and in parts: the whole at the position of the first part, the parts at positions
 * of their own, so that "al nadim", "al-nadim" and "alnadim" all find it, alone and in a phrase:
 *
 *      text    Al-Nadim’s                        l’État                  aid
 *      words   alnadim@0 al@0 nadim@1           letat@2 etat@2          aid@3
 *
 * Keys are loose keys (fold.h) without apostrophes; U.S. is us; 21,000 is 21000. A phrase asks for consecutive
 * positions. Scripts written without spaces give overlapping pairs of characters, the last one alone.
 */
#ifndef INDEX_WORD_H
#define INDEX_WORD_H

#include <stdint.h>

#include "index/fold.h"

/* Raise it when the same text gives other words or positions. */
enum { WORD_RULES_VERSION = 1 };

struct word {
    uint32_t start, end; /* bytes of the text given to word_open */
    uint32_t pos;        /* counts up by words, from the number given to word_open */
    struct span key;     /* valid until the next call */
    bool part; /* overlaps the word given before it: a part of it, or what follows an elided article */
};

/* What a token becomes: filled by word.c, of no interest to callers. */
struct word_piece {
    uint32_t start, end, pos;
    bool part;
};

struct word_reader {
    struct span text;
    uint32_t at, pos;
    struct word_piece waiting[20];
    unsigned waiting_count, waiting_at;
    char key[LIMIT_WORD];
};

/* Starts over `text` (less than 4 GiB, borrowed), the first word at position `pos`. */
void word_open(struct word_reader *r, struct span text, uint32_t pos);

/* The next word, 1; or 0 at the end. Never fails, whatever the bytes. */
int word_next(struct word_reader *r, struct word *w);

/* The position after the last word given: where the next text would go on. */
uint32_t word_pos(const struct word_reader *r);

#endif
