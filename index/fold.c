#include "index/fold.h"

#include <utf8proc.h>

#include "base/utf8.h"

enum {
    MARKS_MAX = 30,     /* combining marks on one letter */
    EXPANSION_MAX = 20, /* characters that one decomposes to: U+FDFA has 18 */
    STRETCH = 160       /* characters composed at once: a letter with all its marks, and more */
};

/* What is being written, and the letter that the next mark stands on. */
struct folder {
    enum fold how;
    char *out;
    size_t len, max;
    bool full;        /* the next character did not fit: nothing more is written */
    unsigned carrier; /* CHAR_ACCENTED and CHAR_STRESSED of that letter */
};

int char_width(uint32_t cp)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)cp);

    return width < 0 ? 0 : width;
}

/* ---- letters, digits, signs -------------------------------------------------------------------------- */

/* Apostrophes and hyphens as people type them: NFKC alone turns ´ into a space and an accent. */
static uint32_t unify(uint32_t cp)
{
    switch (cp) {
    case '`':
    case 0x00B4:
    case 0x02B9:
    case 0x02BB:
    case 0x02BC:
    case 0x02BD:
    case 0x02BE:
    case 0x02BF:
    case 0x02C8:
    case 0x05F3:
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x2032:
        return '\'';
    case 0x05F4:
        return '"';
    case 0x05BE:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2043:
    case 0x2212:
        return '-';
    default:
        return cp;
    }
}

static const struct plain_letter *plain_letter(uint32_t cp)
{
    unsigned low = 0, high = plain_letter_count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (plain_letters[middle].from == cp)
            return &plain_letters[middle];
        if (plain_letters[middle].from < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A decimal digit of any script as an ASCII one. */
static uint32_t plain_digit(uint32_t cp)
{
    unsigned low = 0, high = digit_zero_count; /* the last zero at or before cp stands at low - 1 */

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (digit_zeros[middle] <= cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low && cp - digit_zeros[low - 1] < 10 ? '0' + cp - digit_zeros[low - 1] : cp;
}

/* True for a mark that the loose fold leaves out on this letter. */
static bool is_left_out(uint32_t mark, unsigned carrier)
{
    return (carrier & CHAR_ACCENTED) || ((carrier & CHAR_STRESSED) && (mark == 0x300 || mark == 0x301));
}

/* ---- the slow path: a stretch that normalisation may change ------------------------------------------ */

struct stretch {
    utf8proc_int32_t points[STRETCH];
    unsigned count, marks; /* marks since the last letter */
    uint32_t letter;       /* the last one */
    unsigned carrier;
};

static unsigned class_of(utf8proc_int32_t cp)
{
    return (unsigned)utf8proc_get_property(cp)->combining_class;
}

/* Appends a decomposed character; marks in canonical order. */
static void append(struct stretch *s, uint32_t cp)
{
    unsigned class = class_of((utf8proc_int32_t)cp), at = s->count;

    if (class == 0)
        s->marks = 0;
    else if (s->marks++ >= MARKS_MAX)
        return;
    for (; class && at && class_of(s->points[at - 1]) > class; at--)
        s->points[at] = s->points[at - 1];
    s->points[at] = (utf8proc_int32_t)cp;
    s->count++;
}

/* The loose fold of one decomposed character. What is left out altogether leaves the letter before it. */
static void append_loosely(struct stretch *s, uint32_t cp)
{
    const struct plain_letter *plain = plain_letter(cp);
    uint32_t to[2] = {plain ? plain->to[0] : plain_digit(cp), plain ? plain->to[1] : 0};
    unsigned count = !plain || (to[0] && !to[1]) ? 1 : to[0] ? 2 : 0;
    bool accent = (char_row(cp)->flags & CHAR_ACCENT) != 0,
         letter = !accent && class_of((utf8proc_int32_t)cp) == 0;

    if (accent && (is_left_out(cp, s->carrier) || (s->letter == 0x435 && cp == 0x308))) /* ё is typed е */
        return;
    for (unsigned i = 0; i < count; i++) {
        append(s, to[i]);
        if (letter) {
            s->letter = to[i];
            s->carrier = char_row(to[i])->flags;
        }
    }
}

/* Into at most EXPANSION_MAX characters, which is never exceeded; returns how many. */
static unsigned decomposed(uint32_t cp, utf8proc_option_t options, utf8proc_int32_t points[EXPANSION_MAX])
{
    int boundary = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)cp, points, EXPANSION_MAX,
                                                     options | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE,
                                                     &boundary);

    return count < 0 ? 0 : count > EXPANSION_MAX ? EXPANSION_MAX : (unsigned)count;
}

static void fold_char(struct stretch *s, enum fold how, uint32_t cp)
{
    utf8proc_int32_t points[EXPANSION_MAX];
    unsigned count = decomposed(unify(cp), UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE, points);

    for (unsigned i = 0; i < count; i++)
        if (how == FOLD_LOOSE)
            append_loosely(s, unify((uint32_t)points[i]));
        else
            append(s, unify((uint32_t)points[i]));
}

/* The parts of a character. An iota subscript is an accent: the letter that case folding makes of it is left out. */
static void decompose(struct stretch *s, enum fold how, uint32_t cp)
{
    utf8proc_int32_t points[EXPANSION_MAX];
    unsigned count = how == FOLD_LOOSE && cp >= 0x345 && cp < 0x2000 ? decomposed(cp, 0, points) : 0;
    bool iota = false;

    for (unsigned i = 0; i < count; i++)
        iota |= points[i] == 0x345;
    for (unsigned i = 0; iota && i < count; i++)
        if (points[i] != 0x345)
            fold_char(s, how, (uint32_t)points[i]);
    if (!iota)
        fold_char(s, how, cp);
}

static inline void write_char(struct folder *f, uint32_t cp)
{
    char bytes[4];
    size_t len = utf8_put(bytes, cp);

    f->full |= len > f->max - f->len;
    if (f->full)
        return;
    memcpy(f->out + f->len, bytes, len);
    f->len += len;
}

/* Composes and writes the first `count` characters; the rest moves to the front. */
static void write_composed(struct folder *f, struct stretch *s, unsigned count)
{
    utf8proc_int32_t points[STRETCH];
    utf8proc_ssize_t composed;

    memcpy(points, s->points, count * sizeof *points);
    composed = utf8proc_normalize_utf32(points, (utf8proc_ssize_t)count, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    for (utf8proc_ssize_t i = 0; i < composed; i++)
        write_char(f, (uint32_t)points[i]);
    s->count -= count;
    memmove(s->points, s->points + count, s->count * sizeof *points);
}

/* Makes room in a full stretch: writes all up to the last letter that nothing before it can compose with. There may be
 * none in a run of Korean vowels; then up to the last letter, since chains of compositions are three long. */
static void make_room(struct folder *f, struct stretch *s)
{
    unsigned last = 0;

    for (unsigned i = s->count - 1; i > 0; i--) {
        const struct char_row *row = char_row((uint32_t)s->points[i]);

        if (class_of(s->points[i]) != 0)
            continue;
        if (!last)
            last = i;
        if (!(row->flags & CHAR_EXACT_SLOW)) {
            last = i;
            break;
        }
    }
    write_composed(f, s, last);
}

/* Folds from `at` up to the next character that stands for itself; at least one character, or all of the text when
 * `all`. Returns where it stopped. */
static const char *fold_stretch(struct folder *f, const char *at, const char *end, bool all)
{
    unsigned slow = f->how == FOLD_LOOSE ? CHAR_LOOSE_SLOW : CHAR_EXACT_SLOW;
    struct stretch s;
    uint32_t cp;

    s.count = s.marks = s.carrier = s.letter = 0;
    do {
        at += utf8_next(at, end, &cp);
        decompose(&s, f->how, cp);
        if (s.count > STRETCH - 2 * EXPANSION_MAX) /* a plain letter may be two */
            make_room(f, &s);
        if (at < end)
            (void)utf8_next(at, end, &cp);
    } while (at < end && !f->full && (all || (char_row(cp)->flags & slow)));
    write_composed(f, &s, s.count);
    f->carrier = s.carrier;
    return at;
}

/* ---- the fast paths ---------------------------------------------------------------------------------- */

static char fold_byte(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == '`' ? '\'' : c);
}

static uint64_t fold_eight(uint64_t eight)
{
    uint64_t capitals = eight_within(eight, 'A', 'Z'), graves = eight_is(eight, '`');

    return (eight | capitals >> 2) ^ (graves >> 7) * ('`' ^ '\'');
}

/* Copies ASCII from `at`; returns where it ends. */
static const char *fold_ascii(struct folder *f, const char *at, const char *end)
{
    const char *fits = (size_t)(end - at) > f->max - f->len ? at + (f->max - f->len) : end;
    char *out = f->out + f->len;

    for (; fits - at >= 8 && !eight_high(eight_at(at)); at += 8, out += 8)
        eight_put(out, fold_eight(eight_at(at)));
    for (; at < fits && (unsigned char)*at < 0x80; at++)
        *out++ = fold_byte(*at);
    f->len = (size_t)(out - f->out);
    f->full = at == fits && at < end && (unsigned char)*at < 0x80;
    return at;
}

/* In a loose fold the possessive goes, wherever a word ends: venn's -> venn. */
static size_t drop_possessives(char *text, size_t len)
{
    const char *first = len > 2 ? memchr(text, '\'', len) : NULL;
    size_t n = first ? (size_t)(first - text) : len;

    for (size_t i = n; i <= len && first; i++) {
        if (i == len || (unsigned char)text[i] <= ' ')
            while (n > 2 && text[n - 1] == 's' && text[n - 2] == '\'' && (unsigned char)text[n - 3] > ' ')
                n -= 2;
        if (i < len)
            text[n++] = text[i];
    }
    return n;
}

size_t fold_text(struct span text, enum fold how, char *out, size_t max)
{
    struct folder f = {.how = how, .out = out, .max = max};
    const char *at = text.at, *end = text.at + text.len;
    const char *last = at; /* the last character that folded for itself: a mark may compose with it ... */
    size_t last_len = 0;   /* ... and then what was written from here on is written again */
    unsigned slow = how == FOLD_LOOSE ? CHAR_LOOSE_SLOW : CHAR_EXACT_SLOW;

    while (at < end && !f.full) {
        const struct char_row *row;
        uint32_t cp;
        size_t len;

        if ((unsigned char)*at < 0x80) {
            at = fold_ascii(&f, at, end);
            last = at - 1;
            last_len = f.len - 1;
            if (at < end)
                f.carrier = char_row((unsigned char)*last)->flags;
            continue;
        }
        len = utf8_next(at, end, &cp);
        row = char_row(cp);
        if (!(row->flags & slow)) {
            last = at;
            last_len = f.len;
            write_char(&f, how == FOLD_LOOSE ? char_loose(cp) : char_exact(cp));
            f.carrier = row->flags;
            at += len;
        } else if (how == FOLD_LOOSE && (row->flags & CHAR_ACCENT) && is_left_out(cp, f.carrier)) {
            at += len;
        } else {
            f.len = last_len;
            at = last = fold_stretch(&f, last, end, false);
            last_len = f.len;
        }
    }
    return how == FOLD_LOOSE ? drop_possessives(out, f.len) : f.len;
}

size_t fold_slowly(struct span text, enum fold how, char *out, size_t max)
{
    struct folder f = {.how = how, .out = out, .max = max};

    if (text.len)
        (void)fold_stretch(&f, text.at, text.at + text.len, true);
    return how == FOLD_LOOSE ? drop_possessives(out, f.len) : f.len;
}

struct span fold_name(struct span name, char out[LIMIT_WORD])
{
    struct span folded = fold_word(name, FOLD_LOOSE, out);
    size_t n = 0;

    for (size_t i = 0; i < folded.len; i++)
        if ((unsigned char)out[i] > ' ')
            out[n++] = out[i];
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    while (n && out[n - 1] == ' ')
        n--;
    return (struct span){out, n};
}
