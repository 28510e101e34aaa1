#include "index/stretch.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

void stretch_take(struct stretch *s, const struct block *block, const struct word *w, uint32_t from,
                  uint32_t to)
{
    if (w->kind == WORD_WHOLE)
        s->inside = block->start + w->start >= s->start && block->start + w->end <= s->end &&
                    s->start >= block->start && s->end <= block->end;
    if (!s->inside)
        return;
    if (s->words.count == 0) {
        s->words.first = w->pos;
        s->from = from;
    }
    if (w->pos + w->width - s->words.first > s->words.count)
        s->words.count = w->pos + w->width - s->words.first;
    s->to = to;
    if (w->kind == WORD_WHOLE)
        s->hash = XXH3_64bits_withSeed(w->key.at, w->key.len, s->hash);
}
