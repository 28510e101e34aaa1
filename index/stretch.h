/* stretch.h -- the words of a quote, or of a title inside the text, are marked while those of the article come by.
 *
 *      the mayor said that the tunnel would close in may      words of a block, at positions 40 to 49 of the text
 *                     |---------- a statement -----------|      its words, at positions 43 to 49
 *
 * A word lies in a stretch when all that is printed of it does, and its parts with it; so a stretch that begins or ends
 * inside a word leaves it out. Stretches may lie in each other; one that is not inside one block has no words here.
 */
#ifndef INDEX_STRETCH_H
#define INDEX_STRETCH_H

#include "index/schema.h"
#include "index/word.h"

struct stretch {
    uint32_t start, end;   /* bytes of the article */
    struct words_at words; /* none: count 0 */
    uint32_t from, to;     /* the same as marks of the bag (bag.h) */
    uint64_t hash;         /* over the words, not their parts */
    bool inside;           /* the last word that was printed lies in it */
};

/* Rising by `start`. */
struct stretches {
    struct stretch *at, *end;
    struct stretch *open, *next; /* those from `open` up to `next` have begun and may go on */
};

/* The next word of the text, in a block; the bag noted it from mark `from` up to `to`. */
void stretch_take(struct stretch *s, const struct block *block, const struct word *w, uint32_t from,
                  uint32_t to);

static inline void stretches_take(struct stretches *s, const struct block *block, const struct word *w,
                                  uint32_t from, uint32_t to)
{
    uint32_t at = block->start + w->start;

    while (s->next < s->end && s->next->start <= at)
        s->next++;
    while (s->open < s->next && s->open->end <= at)
        s->open++;
    for (struct stretch *one = s->open; one < s->next; one++)
        stretch_take(one, block, w, from, to);
}

#endif
