/* fuzz_stretch.c -- any bytes as a block, any two places in it as a stretch: its words are those that lie inside, and what the
 * bag makes of them stands at positions of the stretch. */
#include <assert.h>

#include "base/take.h"
#include "index/bag.h"
#include "index/stretch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The words by stretch.h, and what the bag noted of them. */
static struct bag *read_words(struct span text, const struct block *block, struct stretches *all)
{
    struct bag *bag = bag_new();
    struct word_reader r;
    struct word w;
    uint32_t from = 0, to;

    assert(bag);
    bag_begin(bag, FIELD_TEXT, 0);
    word_open(&r, text, 7);
    while (word_next(&r, &w) == 1) {
        assert(bag_word(bag, w.key, w.pos) == 0);
        to = bag_mark(bag);
        stretches_take(all, block, &w, from, to);
        from = to;
    }
    return bag;
}

/* The same said plainly. */
static struct words_at words_of(struct span text, uint32_t start, uint32_t end)
{
    struct words_at at = {0, 0};
    struct word_reader r;
    struct word w;
    bool inside = false;

    word_open(&r, text, 7);
    while (word_next(&r, &w) == 1) {
        if (w.kind == WORD_WHOLE)
            inside = w.start >= start && w.end <= end;
        if (inside && at.count == 0)
            at.first = w.pos;
        if (inside && w.pos + w.width - at.first > at.count)
            at.count = w.pos + w.width - at.first;
    }
    return at;
}

static void check_unit(const struct bag_unit *unit, uint32_t positions)
{
    for (uint32_t i = 0; i < unit->count; i++) {
        const struct bag_term *t = &unit->terms[i];
        struct take take = take_open(t->key + t->len, t->positions_len);
        uint64_t next = 0;

        assert(t->count > 0 && t->extra == 0);
        for (uint32_t n = 0; n < t->count; n++)
            next += take_varint32(&take) + 1;
        assert(!take.bad && take_left(&take) == 0 && next <= positions);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span text = span_cut((struct span){(const char *)data, len}, 4, len);
    struct block block = {.end = (uint32_t)text.len};
    struct stretch at[2] = {{.start = 0}};
    struct arena mem = ARENA_INIT;
    struct bag_unit unit;
    struct bag *bag;

    if (len < 4)
        return 0;
    for (int i = 0; i < 2; i++) {
        at[i].start = data[i] < text.len ? data[i] : (uint32_t)text.len;
        at[i].end = at[i].start + data[i + 2] < text.len ? at[i].start + data[i + 2] : (uint32_t)text.len;
    }
    if (at[1].start < at[0].start)
        at[1].start = at[0].start;
    if (at[1].end < at[1].start)
        at[1].end = at[1].start;
    bag = read_words(text, &block, &(struct stretches){at, at + 2, at, at});
    assert(bag_end(bag, &mem, &unit) == 0);
    for (int i = 0; i < 2; i++) {
        struct words_at plain = words_of(text, at[i].start, at[i].end);

        assert(at[i].words.count == plain.count && (!plain.count || at[i].words.first == plain.first));
        assert(bag_stretch(bag, FIELD_QUOTE, 0, at[i].from, at[i].to, at[i].words.first, &mem, &unit) == 0);
        check_unit(&unit, plain.count);
    }
    bag_free(bag);
    arena_free(&mem);
    return 0;
}
