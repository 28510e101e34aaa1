/* mark.c -- pairs quotation marks; see mark.h.
 *
 *      mark_read.c  the marks, each with what its neighbours say
 *      shapes       what a mark does by itself, and which marks end what it began
 *      vote         the document's habit: the marks that do otherwise here
 *      pair_block   one walk over the marks of a block
 */
#include "index/mark.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/look.h"
#include "index/mark_read.h"

enum role { CLOSES, OPENS, BOTH };

#define OF(name) (1u << SHAPE_##name)

/* What a mark does unless the document shows another habit; whether that is sure, whatever stands beside it; the
 * shapes that end what it began; and those that do by a slip of the pen, where their neighbours leave no doubt. */
/* clang-format off */
static const struct {
    enum role role;
    bool sure;
    uint32_t ends, slips;
} shapes[SHAPE_COUNT] = {
    [SHAPE_STRAIGHT]         = {BOTH,   false, OF(STRAIGHT),                     OF(NINE)},
    [SHAPE_SIX]              = {OPENS,  false, OF(NINE),                         OF(SIX) | OF(STRAIGHT)},
    [SHAPE_NINE]             = {CLOSES, false, OF(NINE),                         OF(SIX)},
    [SHAPE_LOW]              = {OPENS,  true,  OF(SIX) | OF(NINE) | OF(STRAIGHT), 0},
    [SHAPE_LEFT]             = {OPENS,  false, OF(RIGHT),                        0},
    [SHAPE_RIGHT]            = {CLOSES, false, OF(LEFT) | OF(RIGHT),             0},
    [SHAPE_BACK]             = {OPENS,  true,  OF(STRAIGHT) | OF(NINE),          0},
    [SHAPE_CORNER]           = {OPENS,  true,  OF(CORNER_END),                   0},
    [SHAPE_CORNER_END]       = {CLOSES, true,  0,                                0},
    [SHAPE_WHITE_CORNER]     = {OPENS,  true,  OF(WHITE_CORNER_END),             0},
    [SHAPE_WHITE_CORNER_END] = {CLOSES, true,  0,                                0},
    [SHAPE_PRIME]            = {OPENS,  true,  OF(PRIME_END),                    0},
    [SHAPE_PRIME_END]        = {CLOSES, true,  0,                                0},
    [SHAPE_STRAIGHT_1]       = {BOTH,   false, OF(STRAIGHT_1),                   0},
    [SHAPE_SIX_1]            = {OPENS,  false, OF(NINE_1),                       0},
    [SHAPE_NINE_1]           = {CLOSES, false, 0,                                0},
    [SHAPE_LOW_1]            = {OPENS,  true,  OF(SIX_1) | OF(NINE_1),           0},
    [SHAPE_LEFT_1]           = {OPENS,  false, OF(RIGHT_1),                      0},
    [SHAPE_RIGHT_1]          = {CLOSES, false, OF(LEFT_1),                       0},
};
/* clang-format on */

enum {
    REACH = 64,        /* marks looked at ahead of one: keeps the work linear */
    SURE_ELISIONS = 9, /* the first words of is_elision: none of them begins a sentence */
    SINGLE_SHORT = 1200,
    SINGLE_LONG = 8 * SINGLE_SHORT
};

static bool is_space(uint32_t cp)
{
    return (char_bits(cp) & CHAR_SPACE) != 0;
}

static bool is_wordy(uint32_t cp)
{
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT)) != 0;
}

bool mark_is_double(uint32_t cp)
{
    enum mark_shape s = mark_shape_of(cp);

    return s != SHAPE_NONE && s < SHAPE_SINGLES;
}

/* ---- the document's habit ----------------------------------------------------------------------- */

struct habit {
    enum role role[SHAPE_COUNT];
    uint32_t single_bytes; /* no ‘single’ quotation is longer */
};

/* Votes from the marks whose neighbours leave no doubt. */
static struct habit vote(const struct marks *marks)
{
    static const enum mark_shape pairs[][2] = {
        {SHAPE_SIX, SHAPE_NINE}, {SHAPE_LEFT, SHAPE_RIGHT}, {SHAPE_LEFT_1, SHAPE_RIGHT_1}};
    uint32_t open[SHAPE_COUNT] = {0}, close[SHAPE_COUNT] = {0};
    struct habit h;

    for (uint32_t i = 0; i < marks->count; i++) {
        open[marks->at[i].shape] += mark_surely_opens(&marks->at[i]);
        close[marks->at[i].shape] += mark_surely_closes(&marks->at[i]);
    }
    for (uint32_t s = 0; s < SHAPE_COUNT; s++)
        h.role[s] = shapes[s].role;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        enum mark_shape l = pairs[i][0], r = pairs[i][1];

        if (open[r] == 0 || open[r] < open[l])
            continue;
        h.role[r] = BOTH;
        if (close[l] > open[l] && open[r] > open[l]) /* »…«, ”…“ */
            h.role[l] = CLOSES;
    }
    if (open[SHAPE_LOW] && close[SHAPE_SIX] > open[SHAPE_SIX]) /* „…“ */
        h.role[SHAPE_SIX] = CLOSES;
    /* Where ‘ is the ordinary mark, whole speeches stand in it; elsewhere what is long began with an apostrophe. */
    h.single_bytes = open[SHAPE_SIX_1] > open[SHAPE_SIX] + open[SHAPE_STRAIGHT] ? SINGLE_LONG : SINGLE_SHORT;
    return h;
}

static bool may_open(const struct habit *h, const struct mark *m)
{
    if (m->shape >= SHAPE_SINGLES)
        return false;
    if (shapes[m->shape].sure)
        return shapes[m->shape].role == OPENS;
    switch (h->role[m->shape]) {
    case OPENS:
        return !mark_surely_closes(m);
    case CLOSES:
        return mark_surely_opens(m);
    default:
        return m->opens;
    }
}

/* Whether `m` can end what a mark of shape `open` began. A mark whose neighbours say "opening" does not. */
static bool may_close(enum mark_shape open, const struct mark *m)
{
    uint32_t shape = 1u << m->shape;

    return ((shapes[open].ends & shape) && (shapes[m->shape].sure || !mark_surely_opens(m))) ||
           ((shapes[open].slips & shape) && mark_surely_closes(m));
}

/* ---- single marks ------------------------------------------------------------------------------- */

/* ’90s, ’em, 'tis, Dutch 's avonds: an apostrophe at the start of a word, however it is turned. Where it is ‘, a
 * word that may as well begin a quotation does. */
static bool is_elision(struct span text, const struct mark *m, uint32_t end)
{
    static const char *const words[] = {"em", "til", "tis",  "twas",  "n",    "s",     "t",
                                        "k",  "m",   "till", "cause", "bout", "round", "cos"};
    size_t count = m->shape == SHAPE_STRAIGHT_1 ? sizeof words / sizeof *words : SURE_ELISIONS;
    struct span rest = span_cut(text, m->at + m->len, end);
    size_t digits = 0;

    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9')
        digits++;
    if (digits)
        return m->shape == SHAPE_STRAIGHT_1 || (digits == 2 && rest.len > 2 && rest.at[2] == 's');
    for (size_t i = 0; i < count; i++) {
        uint32_t cp = 0;
        size_t n = strlen(words[i]);

        if (!span_begins(rest, words[i]))
            continue;
        if (rest.len > n)
            (void)utf8_next(rest.at + n, rest.at + rest.len, &cp);
        if (!is_wordy(cp))
            return true;
    }
    return false;
}

static bool may_open_single(struct span text, const struct habit *h, const struct mark *m, uint32_t end)
{
    if (m->shape < SHAPE_SINGLES || m->shape == SHAPE_NINE_1)
        return false;
    if (mark_is_angle(m->shape))
        return h->role[m->shape] == OPENS ? !mark_surely_closes(m) : mark_surely_opens(m);
    return mark_surely_opens(m) && mark_shape_at(text, m->at + m->len, end) == SHAPE_NONE &&
           !is_elision(text, m, end);
}

/* rock ’n’ roll: one letter, and an apostrophe on either side of it. */
static bool is_second_of_two(struct span text, const struct mark *first, const struct mark *m,
                             const struct mark *open)
{
    return first > open && first->shape >= SHAPE_SINGLES && first->at + first->len + 1 == m->at &&
           is_wordy((unsigned char)text.at[m->at - 1]);
}

/* The end of the ‘single’ quotation that marks[i] begins, or 0. An apostrophe is no end: the mark must
 * stand after a word or its punctuation and before a space; after an s (the boys’ …) a later one with
 * punctuation beside it is believed first. Double marks inside go by in pairs. */
static uint32_t single_end(struct span text, const struct habit *h, const struct mark *marks, uint32_t i,
                           uint32_t count)
{
    const struct mark *open = &marks[i], *inner = NULL;
    uint32_t fallback = 0, depth = 0;

    for (uint32_t j = i + 1; j < count && j < i + REACH; j++) {
        const struct mark *m = &marks[j];

        if (m->at - open->at > h->single_bytes)
            break;
        if (m->shape < SHAPE_SINGLES) {
            if (!inner && mark_surely_opens(m))
                inner = m;
            else if (inner && may_close(inner->shape, m))
                inner = NULL;
            continue;
        }
        if (m->shape == open->shape && mark_surely_opens(m)) {
            if (m->shape == SHAPE_STRAIGHT_1)
                break; /* another one begins */
            depth++;
        }
        if (inner || !m->closes || !may_close(open->shape, m) || is_second_of_two(text, m - 1, m, open))
            continue;
        if (depth) {
            depth--;
            continue;
        }
        if (text.at[m->at - 1] != 's' || m->at + m->len >= text.len ||
            strchr(".,;:!?)\n\r\"", text.at[m->at + m->len]))
            return j;
        if (!fallback)
            fallback = j;
    }
    return fallback;
}

/* ---- pairing ------------------------------------------------------------------------------------ */

enum { OPEN_WORDS_LEAST = 3 }; /* an opening mark that nothing closes counts when so many words follow it */

/* Whether the words hold a letter or a digit, and marks that `first` could open and `last` could close. */
struct inside {
    bool wordy, ends_first, opens_last;
};

static struct inside look_inside(struct span text, uint32_t start, uint32_t end, enum mark_shape first,
                                 enum mark_shape last)
{
    struct inside in = {0};
    bool bare = first == SHAPE_NONE && last == SHAPE_NONE; /* then no mark inside matters */
    uint32_t cp;

    for (uint32_t at = start; at < end && !(bare && in.wordy);) {
        enum mark_shape shape;

        at += (uint32_t)utf8_next(text.at + at, text.at + end, &cp);
        in.wordy |= is_wordy(cp) || cp >= 0x1F000; /* or a picture */
        if ((shape = mark_shape_of(cp)) != SHAPE_NONE) {
            in.ends_first |= (shapes[first].ends & 1u << shape) != 0;
            in.opens_last |= (shapes[shape].ends & 1u << last) != 0;
        }
    }
    return in;
}

static bool is_trimmed(uint32_t cp)
{
    return is_space(cp) || mark_is_double(cp) || (char_bits(cp) & CHAR_IGNORED);
}

bool mark_trim(struct span text, uint32_t *start, uint32_t *end)
{
    uint32_t first_at = *start, last_end = *end, cp;
    enum mark_shape first = SHAPE_NONE, last = SHAPE_NONE;
    struct inside in;

    while (*start < *end) {
        size_t n = utf8_next(text.at + *start, text.at + *end, &cp);

        if (!is_trimmed(cp))
            break;
        if (mark_is_double(cp)) {
            first = mark_shape_of(cp);
            first_at = *start;
        }
        *start += (uint32_t)n;
    }
    while (*start < *end) {
        size_t n = utf8_prev(text.at + *start, text.at + *end, &cp);

        if (!is_trimmed(cp))
            break;
        if (mark_is_double(cp)) {
            last = mark_shape_of(cp);
            last_end = *end;
        }
        *end -= (uint32_t)n;
    }
    in = look_inside(text, *start, *end, first, last);
    if (first != SHAPE_NONE && in.ends_first)
        *start = first_at;
    if (last != SHAPE_NONE && in.opens_last)
        *end = last_end;
    return in.wordy;
}

bool mark_left_open(struct span text, uint32_t start, uint32_t end)
{
    uint32_t cp = 0, len = (uint32_t)text.len;

    if (start == 0)
        return false;
    while (start && (start -= (uint32_t)utf8_prev(text.at, text.at + start, &cp), is_space(cp) && cp != '\n'))
        ;
    while (end < len && mark_shape_at(text, end, len) == SHAPE_NONE) {
        end += (uint32_t)utf8_next(text.at + end, text.at + len, &cp);
        if (!is_space(cp) || cp == '\n' || cp == '\r')
            break;
    }
    return mark_shape_at(text, start, len) != SHAPE_NONE && mark_shape_at(text, end, len) == SHAPE_NONE;
}

/* Words, roughly: a space makes one more, and each character where words are written without spaces. */
static bool has_words(struct span text, uint32_t start, uint32_t end, uint32_t least)
{
    uint32_t words = 1, cp;

    for (uint32_t at = start; at < end && words < least;) {
        at += (uint32_t)utf8_next(text.at + at, text.at + end, &cp);
        words += (char_bits(cp) & (CHAR_SPACE | CHAR_DENSE)) != 0;
    }
    return words >= least;
}

struct pairing {
    struct arena *mem;
    const struct article *article;
    struct span text;
    struct habit habit;
    struct marked *out;
    uint32_t count, cap;
};

/* What stands from one mark to the other, or to the end of the block. */
static struct marked piece_of(const struct mark *open, const struct mark *close, const struct block *block,
                              uint32_t index)
{
    return (struct marked){.start = open->at + open->len,
                           .end = close ? close->at : block->end,
                           .outer_start = open->at,
                           .outer_end = close ? close->at + close->len : block->end,
                           .block = index,
                           .single = open->shape >= SHAPE_SINGLES,
                           .open = !close};
}

static int add_piece(struct pairing *p, struct marked piece)
{
    piece.start = piece.start < piece.end ? piece.start : piece.end;
    if (!mark_trim(p->text, &piece.start, &piece.end))
        return 0;
    if (!ARENA_MORE(p->mem, p->out, p->count, p->cap))
        return arena_err(p->mem);
    p->out[p->count++] = piece;
    return 0;
}

/* Whether `m` looks as if it began a quotation inside the one that `open` began, with marks that could end
 * the outer one as well. Others inside are no concern of ours. */
static bool may_nest(const struct pairing *p, const struct mark *open, const struct mark *m)
{
    return (shapes[m->shape].ends & (shapes[open->shape].ends | shapes[open->shape].slips)) &&
           may_open(&p->habit, m) && (m->shape == open->shape || mark_surely_opens(m));
}

/* How many quotations the marks from i on could end, more than they begin, up to three: tells a nested
 * opening from a forgotten close. */
static uint32_t ends_ahead(const struct pairing *p, const struct mark *marks, uint32_t i, uint32_t count,
                           const struct mark *open)
{
    int32_t now = 0, most = 0;

    for (uint32_t j = i; j < count && j < i + REACH && most < 3; j++) {
        if (may_close(open->shape, &marks[j]))
            most = ++now > most ? now : most;
        else if (may_nest(p, open, &marks[j]))
            now--;
    }
    return (uint32_t)most;
}

/* 12" of snow */
static bool is_inch(struct span text, const struct mark *m)
{
    return m->shape == SHAPE_STRAIGHT && m->at && text.at[m->at - 1] >= '0' && text.at[m->at - 1] <= '9';
}

static bool starts_line(struct span text, const struct mark *m)
{
    uint32_t at = m->at;

    while (at > 0 && (text.at[at - 1] == ' ' || text.at[at - 1] == '\t'))
        at--;
    return at == 0 || text.at[at - 1] == '\n' || text.at[at - 1] == '\r';
}

/* The mark with which the block goes on where the one before it was left open: the same again, or, in Spanish, the
 * one that would close. NULL when there is none. */
static const struct mark *reopened(const struct pairing *p, const struct mark *marks, uint32_t count,
                                   const struct block *block, uint32_t index)
{
    const struct marked *last = p->count ? &p->out[p->count - 1] : NULL;
    enum mark_shape shape;

    if (!last || !last->open || last->block + 1 != index || !count || marks[0].at != block->start)
        return NULL;
    shape = mark_shape_at(p->text, last->outer_start, last->outer_end);
    if (marks[0].shape == shape || ((shapes[shape].ends & 1u << marks[0].shape) && marks[0].opens))
        return &marks[0];
    return NULL;
}

/* How many marks go by up to the one that closes what the block before left open, where no mark opens it again: the first
 * that closes it, unless another opens before. 0 when there is none. A single mark may as well be an apostrophe. */
static uint32_t carried(const struct pairing *p, const struct mark *marks, uint32_t count, uint32_t index)
{
    const struct marked *last = p->count ? &p->out[p->count - 1] : NULL;
    const struct block *blocks = p->article->blocks;
    enum mark_shape shape;

    if (!last || !last->open || last->single || last->block + 1 != index ||
        blocks[index].kind != blocks[last->block].kind)
        return 0;
    shape = mark_shape_at(p->text, last->outer_start, last->outer_end);
    for (uint32_t i = 0; i < count && i < REACH && !may_open(&p->habit, &marks[i]); i++)
        if (may_close(shape, &marks[i])) {
            struct span words = span_cut(p->text, blocks[index].start, marks[i].at + marks[i].len);

            return is_inch(p->text, &marks[i]) || look_credit(words) ? 0 : i + 1;
        }
    return 0;
}

/* Whether a single mark that nothing closes is left open, and no apostrophe: the next paragraph begins with it again, or,
 * where it is the ordinary mark, it begins a paragraph or follows a colon. */
static bool is_left_open(const struct pairing *p, const struct mark *m, uint32_t index)
{
    const struct block *block = &p->article->blocks[index];
    const struct block *next = index + 1 < p->article->block_count ? block + 1 : NULL;

    if (m->shape == SHAPE_STRAIGHT_1)
        return false;
    if (next && mark_shape_at(p->text, next->start, next->end) == m->shape)
        return true;
    return p->habit.single_bytes == SINGLE_LONG && has_words(p->text, m->at, block->end, OPEN_WORDS_LEAST) &&
           (m->at == block->start ||
            (m->at >= block->start + 2 && memcmp(p->text.at + m->at - 2, ": ", 2) == 0));
}

/* Pairs the single quotation that marks[i] begins; *last is its last mark. */
static int pair_single(struct pairing *p, const struct mark *marks, uint32_t i, uint32_t count,
                       uint32_t index, uint32_t *last)
{
    const struct block *block = &p->article->blocks[index];
    uint32_t end = single_end(p->text, &p->habit, marks, i, count);

    *last = i;
    if (end) {
        *last = end;
        return add_piece(p, piece_of(&marks[i], &marks[end], block, index));
    }
    if (!is_left_open(p, &marks[i], index))
        return 0;
    *last = count;
    return add_piece(p, piece_of(&marks[i], NULL, block, index));
}

/* Pairs the marks of one block, in one walk. */
static int pair_block(struct pairing *p, const struct mark *marks, uint32_t count, uint32_t index)
{
    const struct block *block = &p->article->blocks[index];
    const struct mark *again = reopened(p, marks, count, block, index), *open = NULL;
    uint32_t depth = 0, first = p->count, done = again ? 0 : carried(p, marks, count, index);
    int rc = 0;

    if (done) {
        struct mark start = {.at = block->start};

        rc = add_piece(p, piece_of(&start, &marks[done - 1], block, index));
    }
    for (uint32_t i = done; i < count && rc >= 0; i++) {
        const struct mark *m = &marks[i];

        if (!open && (may_open(&p->habit, m) || (m == again && m->shape < SHAPE_SINGLES))) {
            open = m;
            depth = 0;
        } else if (!open) {
            if (may_open_single(p->text, &p->habit, m, block->end))
                rc = pair_single(p, marks, i, count, index, &i);
        } else if (may_close(open->shape, m)) {
            if (depth) {
                depth--;
            } else {
                rc = add_piece(p, piece_of(open, m, block, index));
                open = NULL;
            }
        } else if (may_nest(p, open, m)) {
            if (ends_ahead(p, marks, i + 1, count, open) >= depth + 2)
                depth++;
            else if (m->shape == open->shape && depth == 0 && open->at != block->start &&
                     !starts_line(p->text, m))
                open = m; /* the earlier mark was a stray one */
        }
    }
    if (rc >= 0 && open && (open->opens || !open->closes) &&
        has_words(p->text, open->at, block->end, OPEN_WORDS_LEAST))
        rc = add_piece(p, piece_of(open, NULL, block, index));
    if ((again || done) && p->count > first && p->out[first].outer_start == block->start)
        p->out[first].goes_on = true;
    return rc;
}

int mark_pair(struct arena *mem, const struct article *a, struct marked **out, uint32_t *count)
{
    struct pairing p = {.mem = mem, .article = a, .text = a->text};
    struct marks marks = {0};
    uint32_t *first;
    int rc = 0;

    *out = NULL;
    *count = 0;
    if (!(first = arena_array(mem, (size_t)a->block_count + 1, sizeof *first)))
        return arena_err(mem);
    for (uint32_t b = 0; b < a->block_count && rc >= 0; b++) {
        const struct block *block = &a->blocks[b];

        first[b] = marks.count;
        if (block->kind != BLOCK_BOILERPLATE && block->kind != BLOCK_NAME_LINE)
            rc = mark_read(mem, a->text, block->start, block->end, &marks);
    }
    first[a->block_count] = marks.count;
    if (rc < 0 || marks.count == 0)
        return rc;
    p.habit = vote(&marks);
    for (uint32_t b = 0; b < a->block_count && rc >= 0; b++)
        rc = pair_block(&p, marks.at + first[b], first[b + 1] - first[b], b);
    *out = p.out;
    *count = p.count;
    return rc;
}
