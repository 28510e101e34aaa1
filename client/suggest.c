#include "client/suggest.h"

#include <stddef.h>
#include <string.h>

enum { LONGEST = 40 }; /* commands and options are shorter */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be added, left out, changed or swapped with their neighbour to make one from the other. */
static size_t distance(const char *a, const char *b)
{
    size_t row[3][LONGEST + 1], la = strlen(a), lb = strlen(b);

    if (la > LONGEST || lb > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= lb; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t *now = row[i % 3], *before = row[(i - 1) % 3], *second = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            now[j] = least(before[j - 1] + (a[i - 1] != b[j - 1]), least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], second[j - 2] + 1);
        }
    }
    return row[la % 3][lb];
}

const char *suggest(const char *typed, const char *const *words)
{
    size_t len = strlen(typed), best = len < 3 ? 2 : len / 3 + 2; /* so much is not like it any more */
    const char *found = NULL;

    for (; *words; words++) {
        size_t d = distance(typed, *words);
        if (len >= 3 && strncmp(typed, *words, len) == 0)
            d = 0; /* the beginning of the word */
        if (d < best) {
            best = d;
            found = *words;
        }
    }
    return found;
}
