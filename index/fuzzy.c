#include "index/fuzzy.h"

#include "base/utf8.h"

bool fuzzy_init(struct fuzzy *f, struct span key)
{
    *f = (struct fuzzy){.count = 0};
    for (size_t i = 0; i < key.len; f->count++) {
        if (f->count == FUZZY_LETTERS)
            return false;
        i += utf8_next(key.at + i, key.at + key.len, &f->letters[f->count]);
    }
    f->most = f->count >= 8 ? 2 : f->count >= 4 ? 1 : 0;
    return true;
}

static uint8_t least(unsigned a, unsigned b, unsigned c)
{
    unsigned n = a < b ? a : b;

    return (uint8_t)(n < c ? n : c);
}

/* The row of one more character, in the band where distances can be small enough; what is beside it is too much. Whether anything
 * in it is small enough. */
static bool work_out(struct fuzzy_walk *w, const struct fuzzy *f, unsigned depth)
{
    const uint8_t *above = w->rows[depth - 1];
    uint8_t *row = w->rows[depth];
    unsigned from = depth > f->most ? depth - f->most : 0, to = depth + f->most;
    bool any = false;

    if (to > f->count)
        to = f->count;
    if (from)
        row[from - 1] = FUZZY_MOST + 1;
    for (unsigned i = from; i <= to; i++) {
        unsigned up = i < depth + f->most ? above[i] + 1u : FUZZY_MOST + 1;

        if (i == 0) {
            row[0] = (uint8_t)depth;
        } else {
            unsigned other = f->letters[i - 1] != w->letters[depth];

            row[i] = least(up, row[i - 1] + 1u, above[i - 1] + other);
            if (depth > 1 && i > 1 && f->letters[i - 1] == w->letters[depth - 1] &&
                f->letters[i - 2] == w->letters[depth])
                row[i] = least(row[i], w->rows[depth - 2][i - 2] + 1u, row[i]);
        }
        any |= row[i] <= f->most;
    }
    return any;
}

/* What the word has in common with the one before it is worked out already. */
static void go_back(struct fuzzy_walk *w, const struct fuzzy *f, struct span word)
{
    size_t common = 0;

    if (!w->len)
        for (unsigned i = 0; i <= f->count; i++)
            w->rows[0][i] = (uint8_t)(i <= FUZZY_MOST ? i : FUZZY_MOST + 1);
    while (common < w->len && common < word.len && w->word[common] == word.at[common])
        common++;
    if (common < w->dead || word.len < w->dead)
        w->dead = 0;
    while (w->depth && w->ends[w->depth] > common)
        w->depth--;
    memcpy(w->word + common, word.at + common, word.len - common);
    w->len = word.len;
}

bool fuzzy_is_near(struct fuzzy_walk *w, const struct fuzzy *f, struct span word)
{
    size_t at;

    go_back(w, f, word);
    if (w->dead)
        return false;
    for (at = w->depth ? w->ends[w->depth] : 0; at < word.len;) {
        if (w->depth == FUZZY_DEPTH || w->depth >= f->count + f->most) {
            w->dead = at + 1;
            return false;
        }
        at += utf8_next(word.at + at, word.at + word.len, &w->letters[++w->depth]);
        w->ends[w->depth] = (uint8_t)at;
        if (!work_out(w, f, w->depth)) {
            w->dead = at;
            return false;
        }
    }
    return w->depth + f->most >= f->count && w->rows[w->depth][f->count] <= f->most;
}

unsigned fuzzy_distance(const struct fuzzy_walk *w, const struct fuzzy *f)
{
    return w->rows[w->depth][f->count];
}
