/* word.h -- text becomes words, with their places in the original bytes.
 *
 * The text is segmented first and each word folded after, so that places stay true. A word of several
 * parts is given whole and in parts at the same position:
 *
 *      text      Al-Sharaa’s  aid
 *      words     alsharaa@0 al@0 sharaa@0   aid@1        (loose keys; every one has the place of its own letters)
 *
 * A phrase asks for consecutive positions. Scripts written without spaces give overlapping pairs of characters.
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
    struct span key;     /* loose key; valid until the next call */
    bool part;           /* a part of the word before it, at the same position */
};

struct word_reader {
    struct span text;
    uint32_t at, pos;
    struct {
        uint32_t start, end, pos;
        bool joined; /* key is the folded text without its hyphens and apostrophes */
        bool part;
    } waiting[12];
    unsigned waiting_count, waiting_at;
    char key[LIMIT_WORD];
};

/* Starts over `text` (less than 4 GiB, borrowed), the first word at position `pos`. */
void word_open(struct word_reader *r, struct span text, uint32_t pos);

/* The next word, 1; or 0 at the end. Never fails, whatever the bytes. */
int word_next(struct word_reader *r, struct word *w);

/* The position after the last word given. */
uint32_t word_pos(const struct word_reader *r);

#endif
