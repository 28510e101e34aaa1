/* mark.c -- pairs quotation marks; see mark.h. */
#include "index/mark.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"

enum mark_class {
    NO_MARK,
    STRAIGHT, /* " and '' */
    CURLY_6,  /* “ : opens in English, closes in German */
    CURLY_9,  /* ” : closes in English, opens too in Swedish */
    LOW,      /* „ and ,, */
    ANGLE_L,  /* « */
    ANGLE_R,  /* » */
    CORNER_L, /* 「 『 〝 */
    CORNER_R,
    BACK, /* `` */
    FIRST_SINGLE,
    SINGLE_6 = FIRST_SINGLE, /* ‘ */
    SINGLE_9,                /* ’ : also the apostrophe */
    SINGLE_STRAIGHT,
    SINGLE_LOW,
    MARK_CLASSES
};

struct mark {
    uint32_t at, len;
    enum mark_class class;
    bool opens;  /* its neighbours let it open: nothing, space, bracket or dash before, no space after */
    bool closes; /* its neighbours let it close: no space before; space, punctuation or nothing after */
};

/* The document's habit. */
struct style {
    bool curly_6_closes, curly_9_opens, angles_point_in;
};

enum {
    SINGLE_REACH = 64,    /* marks looked at for the end of a ‘single’ quotation: keeps the work linear */
    SINGLE_BYTES = 1200,  /* and no such quotation is longer */
    OPEN_WORDS_LEAST = 3, /* an opening mark that nothing closes counts when so many words follow it */
};

static enum mark_class class_of(uint32_t cp)
{
    switch (cp) {
    case '"':
    case 0xFF02:
        return STRAIGHT;
    case 0x201C:
    case 0x201F:
        return CURLY_6;
    case 0x201D:
        return CURLY_9;
    case 0x201E:
    case 0x2E42:
        return LOW;
    case 0xAB:
        return ANGLE_L;
    case 0xBB:
        return ANGLE_R;
    case 0x300C:
    case 0x300E:
    case 0x301D:
    case 0xFF62:
        return CORNER_L;
    case 0x300D:
    case 0x300F:
    case 0x301E:
    case 0x301F:
    case 0xFF63:
        return CORNER_R;
    case 0x2018:
    case 0x201B:
        return SINGLE_6;
    case 0x2019:
        return SINGLE_9;
    case 0x201A:
        return SINGLE_LOW;
    case '\'':
        return SINGLE_STRAIGHT;
    default:
        return NO_MARK;
    }
}

bool mark_is_double(uint32_t cp)
{
    enum mark_class c = class_of(cp);

    return c != NO_MARK && c < FIRST_SINGLE;
}

static bool is_space(uint32_t cp)
{
    return cp == 0 || (char_bits(cp) & CHAR_SPACE);
}

static bool is_wordy(uint32_t cp)
{
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT)) != 0;
}

/* What may stand before an opening mark without a space. */
static bool is_lead_in(uint32_t cp)
{
    return is_space(cp) || cp == '(' || cp == '[' || cp == '{' || cp == '/' || cp == '-' || cp == '>' ||
           (cp >= 0x2010 && cp <= 0x2015) || class_of(cp) != NO_MARK || (char_bits(cp) & CHAR_DENSE) ||
           cp == ':' || cp == 0x3001 || cp == 0x3002 || cp == 0xFF1A || cp == 0xBF || cp == 0xA1;
}

/* What follows a closing mark, not an opening one; a point too, but “...and so on” begins with one. */
static bool ends_clause(uint32_t cp, enum mark_class class)
{
    return cp == ',' || cp == ';' || cp == ':' || cp == '!' || cp == '?' ||
           (cp == '.' && (class == ANGLE_L || class == ANGLE_R));
}

/* The class of the mark that begins at `at`, counting '' `` and ,, as one. */
static enum mark_class read_mark(const char *at, const char *end, uint32_t before, size_t *len)
{
    uint32_t cp = 0, next = 0, third = 0;
    size_t n = utf8_next(at, end, &cp), m = 0;

    if (at + n < end)
        m = utf8_next(at + n, end, &next);
    if (cp == next && (cp == '\'' || cp == '`' || cp == ',' || cp == 0x2018 || cp == 0x2019)) {
        *len = n + m;
        if (at + n + m < end)
            (void)utf8_next(at + n + m, end, &third);
        if (third == cp && cp != ',' &&
            !is_space(before)) { /* so,''' : a single one closes, then a double one */
            *len = n;
            return class_of(cp);
        }
        if (cp == '`' || cp == 0x2018)
            return BACK;
        if (cp != ',')
            return STRAIGHT;
        if (is_space(before) && is_wordy(third))
            return LOW;
    }
    *len = n;
    return class_of(cp);
}

static bool add_mark(struct arena *mem, struct mark **marks, uint32_t *count, uint32_t *cap, struct mark m)
{
    if (!ARENA_MORE(mem, *marks, *count, *cap))
        return false;
    (*marks)[(*count)++] = m;
    return true;
}

/* Appends the marks of the bytes [start, end). */
static int collect(struct arena *mem, struct span text, uint32_t start, uint32_t end, struct mark **marks,
                   uint32_t *count, uint32_t *cap)
{
    const char *limit = text.at + end;
    uint32_t before = 0;

    for (const char *at = text.at + start; at < limit;) {
        size_t len;
        uint32_t cp, after = 0;
        enum mark_class class;

        if ((unsigned char)*at < 0x80 && *at != '"' && *at != '\'' && *at != '`' && *at != ',') {
            before = (unsigned char)*at++;
            continue;
        }
        class = read_mark(at, limit, before, &len);
        if (class != NO_MARK) {
            struct mark m = {(uint32_t)(at - text.at), (uint32_t)len, class, false, false};

            if (at + len < limit)
                (void)utf8_next(at + len, limit, &after);
            m.opens = is_lead_in(before) && !is_space(after) && !ends_clause(after, class);
            m.closes = !is_space(before) && !is_wordy(after);
            if (!add_mark(mem, marks, count, cap, m))
                return arena_err(mem);
        }
        (void)utf8_prev(text.at + start, at + len, &cp);
        before = cp;
        at += len;
    }
    return 0;
}

/* Votes the document's habit from marks whose neighbours leave no doubt. */
static struct style vote(const struct mark *marks, uint32_t count)
{
    uint32_t open[MARK_CLASSES] = {0}, close[MARK_CLASSES] = {0}, all[MARK_CLASSES] = {0};

    for (uint32_t i = 0; i < count; i++) {
        const struct mark *m = &marks[i];

        all[m->class]++;
        open[m->class] += m->opens && !m->closes;
        close[m->class] += m->closes && !m->opens;
    }
    return (struct style){
        .curly_6_closes = all[LOW] > 0 && close[CURLY_6] > open[CURLY_6],
        .curly_9_opens = open[CURLY_9] > 0 && open[CURLY_9] >= open[CURLY_6],
        .angles_point_in = open[ANGLE_R] > open[ANGLE_L] && close[ANGLE_L] >= close[ANGLE_R],
    };
}

static bool may_open(const struct mark *m, const struct style *style)
{
    bool surely = m->opens && !m->closes;

    switch (m->class) {
    case STRAIGHT:
        return m->opens;
    case CURLY_6:
        return style->curly_6_closes ? surely : !(m->closes && !m->opens);
    case CURLY_9:
        return style->curly_9_opens ? m->opens : surely;
    case LOW:
    case BACK:
    case CORNER_L:
        return true;
    case ANGLE_L:
        return style->angles_point_in ? surely : !(m->closes && !m->opens);
    case ANGLE_R:
        return style->angles_point_in ? m->opens : surely;
    default:
        return false;
    }
}

/* Whether `m` can end what a mark of class `open` began. A mark whose neighbours say "opening" does not. */
static bool may_close(enum mark_class open, const struct mark *m)
{
    bool surely_opens = m->opens && !m->closes;
    bool surely_closes = m->closes && !m->opens;

    switch (open) {
    case STRAIGHT:
        return (m->class == STRAIGHT && !surely_opens) || (m->class == CURLY_9 && surely_closes);
    case CURLY_6:
        return (m->class == CURLY_9 && !surely_opens) ||
               ((m->class == STRAIGHT || m->class == CURLY_6) && surely_closes);
    case CURLY_9:
        return (m->class == CURLY_9 && !surely_opens) || (m->class == CURLY_6 && surely_closes);
    case LOW:
        return (m->class == CURLY_6 || m->class == CURLY_9 || m->class == STRAIGHT) && !surely_opens;
    case ANGLE_L:
        return m->class == ANGLE_R && !surely_opens;
    case ANGLE_R:
        return (m->class == ANGLE_L || m->class == ANGLE_R) && !surely_opens;
    case CORNER_L:
        return m->class == CORNER_R;
    case BACK:
        return m->class == STRAIGHT || m->class == CURLY_9;
    default:
        return false;
    }
}

/* The end of the ‘single’ quotation that marks[i] begins, or 0. An apostrophe is no end: the mark must
 * stand after a word or its punctuation and before a space; after an s (the boys’ …) a later one with
 * punctuation beside it is believed first. */
static uint32_t single_end(struct span text, const struct mark *marks, uint32_t i, uint32_t count)
{
    const struct mark *open = &marks[i];
    uint32_t fallback = 0;

    for (uint32_t j = i + 1; j < count && j < i + SINGLE_REACH; j++) {
        const struct mark *m = &marks[j];
        char before = text.at[m->at - 1];

        if (m->at - open->at > SINGLE_BYTES)
            break;
        if (m->class == open->class && m->opens && !m->closes)
            break; /* another one begins */
        if (m->class < FIRST_SINGLE && m->opens && !m->closes && open->class == SINGLE_STRAIGHT)
            break;
        if (!m->closes || (open->class == SINGLE_STRAIGHT ? m->class != SINGLE_STRAIGHT
                           : open->class == SINGLE_LOW    ? m->class != SINGLE_6 && m->class != SINGLE_9
                                                          : m->class != SINGLE_9))
            continue;
        if (before != 's')
            return j;
        if (m->at + m->len >= text.len || strchr(".,;:!?)\n\r\"", text.at[m->at + m->len]))
            return j;
        if (!fallback)
            fallback = j;
    }
    return fallback;
}

/* ’90s, ’em, 'tis: an apostrophe at the start of a word. */
static bool is_elision(struct span text, const struct mark *m, uint32_t end)
{
    static const char *const words[] = {"em",    "til", "till", "tis",   "twas",
                                        "cause", "n",   "bout", "round", "cos"};
    struct span rest = span_cut(text, m->at + m->len, end);

    if (rest.len && rest.at[0] >= '0' && rest.at[0] <= '9')
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);

        if (rest.len > n && memcmp(rest.at, words[i], n) == 0 && !is_wordy((unsigned char)rest.at[n]))
            return true;
    }
    return false;
}

static bool may_open_single(struct span text, const struct mark *m, uint32_t end)
{
    uint32_t after = 0;

    if (m->class < FIRST_SINGLE || m->class == SINGLE_9 || !m->opens || m->closes)
        return false;
    if (m->at + m->len < end)
        (void)utf8_next(text.at + m->at + m->len, text.at + end, &after);
    return class_of(after) == NO_MARK && (m->class != SINGLE_STRAIGHT || !is_elision(text, m, end));
}

/* Takes double marks and white space off both ends; false when nothing is left. */
static bool trim(struct span text, uint32_t *start, uint32_t *end)
{
    uint32_t cp;
    size_t n;

    while (*start < *end) {
        n = utf8_next(text.at + *start, text.at + *end, &cp);
        if (!is_space(cp) && !mark_is_double(cp) && !(char_bits(cp) & CHAR_IGNORED))
            break;
        *start += (uint32_t)n;
    }
    while (*start < *end) {
        n = utf8_prev(text.at + *start, text.at + *end, &cp);
        if (!is_space(cp) && !mark_is_double(cp) && !(char_bits(cp) & CHAR_IGNORED))
            break;
        *end -= (uint32_t)n;
    }
    for (uint32_t at = *start; at < *end; at += (uint32_t)n) {
        n = utf8_next(text.at + at, text.at + *end, &cp);
        if (is_wordy(cp) || cp >= 0x1F000)
            return true;
    }
    return false;
}

static uint32_t words_between(struct span text, uint32_t start, uint32_t end)
{
    uint32_t words = 0;

    for (uint32_t i = start; i < end; i++)
        words += text.at[i] == ' ' || i == start || (unsigned char)text.at[i] >= 0xE3;
    return words;
}

struct pairing {
    struct arena *mem;
    struct span text;
    struct style style;
    struct marked *out;
    uint32_t count, cap;
};

static int add_piece(struct pairing *p, struct marked piece)
{
    piece.start = piece.start < piece.end ? piece.start : piece.end;
    if (!trim(p->text, &piece.start, &piece.end))
        return 0;
    if (!ARENA_MORE(p->mem, p->out, p->count, p->cap))
        return arena_err(p->mem);
    p->out[p->count++] = piece;
    return 0;
}

/* How many marks from i on could close `class`: tells a nested opening from a forgotten close. Counted
 * at most three far, so that it stays cheap. */
static uint32_t closers_ahead(const struct mark *marks, uint32_t i, uint32_t count, enum mark_class class)
{
    uint32_t n = 0;

    for (uint32_t j = i; j < count && j < i + SINGLE_REACH && n < 3; j++)
        n += may_close(class, &marks[j]);
    return n;
}

/* Pairs the marks of one block, in one walk. */
static int pair_block(struct pairing *p, const struct mark *marks, uint32_t count, const struct block *block,
                      uint32_t index)
{
    const struct mark *open = NULL;
    uint32_t depth = 0, first = p->count;
    bool was_open = p->count && p->out[p->count - 1].open && p->out[p->count - 1].block + 1 == index;
    int rc = 0;

    for (uint32_t i = 0; i < count && rc >= 0; i++) {
        const struct mark *m = &marks[i];
        uint32_t last;

        if (open && may_close(open->class, m)) {
            if (depth) {
                depth--;
                continue;
            }
            rc = add_piece(p, (struct marked){open->at + open->len, m->at, open->at, m->at + m->len, index,
                                              false, false, false});
            open = NULL;
        } else if (open) {
            if (m->class == open->class && may_open(m, &p->style)) {
                if (closers_ahead(marks, i + 1, count, open->class) >= depth + 2)
                    depth++;
                else if (depth == 0 && open->at != block->start)
                    open = m; /* the earlier mark was a stray one */
            }
        } else if (may_open(m, &p->style)) {
            open = m;
            depth = 0;
        } else if (may_open_single(p->text, m, block->end) && (last = single_end(p->text, marks, i, count))) {
            rc = add_piece(p, (struct marked){m->at + m->len, marks[last].at, m->at,
                                              marks[last].at + marks[last].len, index, true, false, false});
            i = last;
        }
    }
    if (rc >= 0 && open && open->opens && words_between(p->text, open->at, block->end) >= OPEN_WORDS_LEAST)
        rc = add_piece(p, (struct marked){open->at + open->len, block->end, open->at, block->end, index,
                                          false, true, false});
    if (was_open && p->count > first && p->out[first].outer_start == block->start)
        p->out[first].goes_on = true;
    return rc;
}

int mark_pair(struct arena *mem, const struct article *a, struct marked **out, uint32_t *count)
{
    struct pairing p = {.mem = mem, .text = a->text};
    struct mark *marks = NULL;
    uint32_t mark_count = 0, mark_cap = 0, *first;
    int rc = 0;

    *out = NULL;
    *count = 0;
    if (!(first = arena_array(mem, (size_t)a->block_count + 1, sizeof *first)))
        return arena_err(mem);
    for (uint32_t b = 0; b < a->block_count && rc >= 0; b++) {
        const struct block *block = &a->blocks[b];

        first[b] = mark_count;
        if (block->kind != BLOCK_BOILERPLATE && block->kind != BLOCK_NAME_LINE)
            rc = collect(mem, a->text, block->start, block->end, &marks, &mark_count, &mark_cap);
    }
    first[a->block_count] = mark_count;
    if (rc < 0 || mark_count == 0)
        return rc;
    p.style = vote(marks, mark_count);
    for (uint32_t b = 0; b < a->block_count && rc >= 0; b++)
        rc = pair_block(&p, marks + first[b], first[b + 1] - first[b], &a->blocks[b], b);
    *out = p.out;
    *count = p.count;
    return rc;
}
