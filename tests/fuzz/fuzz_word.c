/* fuzz_word.c -- any bytes: the promises of word.h, break.h, period.h, fold.h and key.h. */
#include <assert.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "index/break.h"
#include "index/period.h"
#include "index/word.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Pieces rise, lie inside, and are not empty. */
static void check_cuts(struct span text, size_t (*cut)(struct span, size_t))
{
    for (size_t at = 0, end; at < text.len; at = end) {
        end = cut(text, at);
        assert(end > at && end <= text.len);
    }
}

/* Borders between characters as readers see them: found once, in a bitmap. */
static char *borders_of(struct span text)
{
    char *borders = calloc(text.len + 1, 1);

    assert(borders);
    for (size_t at = 0; at < text.len; at = break_cluster(text, at))
        borders[at] = 1;
    borders[text.len] = 1;
    return borders;
}

/* Signs that are in no word but belong to the character behind them, and letters (ำ) that attach to whatever is before. */
static bool is_odd(struct span text, size_t at)
{
    uint32_t before = 0, after = 0;

    if (at)
        (void)utf8_prev(text.at, text.at + at, &before);
    if (at < text.len)
        (void)utf8_next(text.at + at, text.at + text.len, &after);
    return char_row(before)->cluster == GCB_PREPEND ||
           ((char_bits(after) & CHAR_LETTER) && char_row(after)->cluster == GCB_SPACINGMARK);
}

/* Sentences rise to the end of the text, end between characters, and are the same when asked again. */
static void check_periods(struct span text)
{
    char *borders = borders_of(text);
    struct period_reader r, again;
    size_t end, same, last = 0;

    period_open(&r, text);
    period_open(&again, text);
    while (period_next(&r, &end)) {
        assert(end > last && end <= text.len && borders[end]);
        assert(period_next(&again, &same) && same == end);
        last = end;
    }
    assert(last == text.len && !period_next(&again, &same));
    (void)period_shortens(text);
    free(borders);
}

static void check_words(struct span text)
{
    char *borders = borders_of(text), again[LIMIT_WORD], exact[LIMIT_WORD];
    uint32_t pos = 0, last = 0;
    struct word_reader r;
    struct word w;

    word_open(&r, text, 0);
    while (word_next(&r, &w)) {
        assert(w.start < w.end && w.end <= text.len && w.start < w.head && w.head <= w.end);
        assert(w.pos >= pos && w.width >= 1 && w.width <= 9);
        assert(w.kind != WORD_WHOLE || w.pair || w.start >= last);
        assert((borders[w.start] || is_odd(text, w.start)) && (borders[w.end] || is_odd(text, w.end)));
        assert(w.key.len > 0 && w.key.len <= LIMIT_WORD && utf8_valid(w.key, NULL));
        for (size_t i = 0; i < w.key.len; i++)
            assert((unsigned char)w.key.at[i] >= ' ');
        assert(!w.plain || span_eq(key_exact(span_cut(text, w.start, w.end), exact), w.key));
        assert(w.pair || span_eq(key_loose(w.key, again), w.key));
        pos = w.pos;
        last = w.kind == WORD_WHOLE && !w.pair ? w.end : last;
    }
    free(borders);
}

static void check_folds(struct span text)
{
    size_t max = text.len * 20 + 64;
    char *once = malloc(max), *twice = malloc(max);

    assert(once && twice);
    for (int how = FOLD_EXACT; how <= FOLD_LOOSE; how++) {
        size_t n = fold_text(text, (enum fold)how, once, max), m;

        m = fold_slowly(text, (enum fold)how, twice, max);
        assert(n == m && memcmp(once, twice, n) == 0);
        m = fold_text((struct span){once, n}, (enum fold)how, twice, max);
        assert(n == m && memcmp(once, twice, n) == 0);
    }
    free(once);
    free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span text = {(const char *)data, len};

    check_cuts(text, break_word);
    check_cuts(text, break_sentence);
    check_cuts(text, break_cluster);
    check_periods(text);
    check_words(text);
    check_folds(text);
    return 0;
}
