/* break.c -- the rules of UAX #29, each named as there; see break.h. */
#include "index/break.h"

#include "base/utf8.h"
#include "index/char.h"

/* One character of the text. */
struct letter {
    const struct char_row *row;
    size_t end; /* the byte after it */
};

static struct letter letter_at(struct span text, size_t at)
{
    uint32_t cp;
    size_t len = utf8_next(text.at + at, text.at + text.len, &cp);

    return (struct letter){char_row(cp), at + len};
}

/* ---- words ------------------------------------------------------------------------------------------- */

#define IN(class, set) ((1u << (class)) & (set))
#define W(name)        (1u << WB_##name)

enum {
    LETTERS = W(ALETTER) | W(HEBREW_LETTER),
    LINES = W(CR) | W(LF) | W(NEWLINE),
    UNSEEN = W(EXTEND) | W(FORMAT) | W(ZWJ),
    IN_LETTERS = W(MIDLETTER) | W(MIDNUMLET) | W(SINGLE_QUOTE),
    IN_NUMBERS = W(MIDNUM) | W(MIDNUMLET) | W(SINGLE_QUOTE)
};

/* The class of the next character that WB4 does not pass over; WB_OTHER at the end. */
static unsigned next_seen(struct span text, size_t at)
{
    while (at < text.len) {
        struct letter next = letter_at(text, at);

        if (!IN(next.row->word, UNSEEN))
            return next.row->word;
        at = next.end;
    }
    return WB_OTHER;
}

/* WB5 to WB16 between `left` (with `before` in front of it) and `right`, which ends at `end`. */
static bool word_goes_on(struct span text, unsigned before, unsigned left, unsigned right, size_t end,
                         bool flag_half)
{
    if (IN(left, LETTERS) && IN(right, LETTERS)) /* WB5 */
        return true;
    if (IN(left, LETTERS) && IN(right, IN_LETTERS)) /* WB6, WB7a */
        return (left == WB_HEBREW_LETTER && right == WB_SINGLE_QUOTE) || IN(next_seen(text, end), LETTERS);
    if (IN(before, LETTERS) && IN(left, IN_LETTERS) && IN(right, LETTERS)) /* WB7 */
        return true;
    if (left == WB_HEBREW_LETTER && right == WB_DOUBLE_QUOTE) /* WB7b */
        return next_seen(text, end) == WB_HEBREW_LETTER;
    if (before == WB_HEBREW_LETTER && left == WB_DOUBLE_QUOTE && right == WB_HEBREW_LETTER) /* WB7c */
        return true;
    if (IN(left, LETTERS | W(NUMERIC)) && IN(right, LETTERS | W(NUMERIC))) /* WB8 to WB10 */
        return true;
    if (before == WB_NUMERIC && IN(left, IN_NUMBERS) && right == WB_NUMERIC) /* WB11 */
        return true;
    if (left == WB_NUMERIC && IN(right, IN_NUMBERS)) /* WB12 */
        return next_seen(text, end) == WB_NUMERIC;
    if (left == WB_KATAKANA && right == WB_KATAKANA) /* WB13 */
        return true;
    if (right == WB_EXTENDNUMLET) /* WB13a */
        return IN(left, LETTERS | W(NUMERIC) | W(KATAKANA) | W(EXTENDNUMLET)) != 0;
    if (left == WB_EXTENDNUMLET) /* WB13b */
        return IN(right, LETTERS | W(NUMERIC) | W(KATAKANA)) != 0;
    return left == WB_REGIONAL_INDICATOR && right == WB_REGIONAL_INDICATOR && flag_half; /* WB15, WB16 */
}

size_t break_word(struct span text, size_t at)
{
    struct letter first = letter_at(text, at), next;
    unsigned before = WB_OTHER, left = first.row->word, just = left;
    bool flag_half = left == WB_REGIONAL_INDICATOR; /* an odd number of regional indicators so far */
    size_t end = first.end;

    for (; end < text.len; just = next.row->word, end = next.end) {
        unsigned right;

        next = letter_at(text, end);
        right = next.row->word;
        if (IN(just, LINES) || IN(right, LINES)) { /* WB3 to WB3b */
            if (just == WB_CR && right == WB_LF)
                continue;
            break;
        }
        if ((just == WB_ZWJ && (next.row->flags & CHAR_PICTOGRAPH)) || /* WB3c */
            (just == WB_WSEGSPACE && right == WB_WSEGSPACE) ||         /* WB3d */
            IN(right, UNSEEN)) {                                       /* WB4 */
            if (!IN(right, UNSEEN))
                left = right;
            continue;
        }
        if (!word_goes_on(text, before, left, right, next.end, flag_half))
            break;
        before = left;
        left = right;
        flag_half = right == WB_REGIONAL_INDICATOR && !flag_half;
    }
    return end;
}

/* ---- sentences --------------------------------------------------------------------------------------- */

#define S(name) (1u << SB_##name)

enum {
    PARA_SEP = S(SEP) | S(CR) | S(LF),
    TERMS = S(ATERM) | S(STERM),
    CASED = S(UPPER) | S(LOWER),
    PASSED_OVER = S(EXTEND) | S(FORMAT)
};

/* SB8: a small letter comes before anything that could begin a sentence. */
static bool small_letter_follows(struct span text, size_t at)
{
    while (at < text.len) {
        struct letter next = letter_at(text, at);

        if (next.row->sentence == SB_LOWER)
            return true;
        if (IN(next.row->sentence, S(OLETTER) | S(UPPER) | PARA_SEP | TERMS))
            return false;
        at = next.end;
    }
    return false;
}

/* How far a sentence has come. */
struct ending {
    unsigned term;                                         /* its ATerm or STerm, or SB_OTHER */
    enum { AT_TERM, IN_CLOSES, IN_SPACES, AFTER_LINE } in; /* what followed it */
    bool cased_before;                                     /* Upper or Lower stood before the term */
    enum { UNKNOWN, NO, YES } small_follows;               /* SB8, looked up once */
};

/* SB6 to SB11 before `right`, which begins at `at`. */
static bool sentence_goes_on(struct span text, struct ending *e, unsigned right, size_t at)
{
    if (e->in == AFTER_LINE)
        return false;
    if (e->term == SB_ATERM && e->in == AT_TERM &&
        (right == SB_NUMERIC || (e->cased_before && right == SB_UPPER))) /* SB6, SB7 */
        return true;
    if (e->term == SB_ATERM && e->small_follows == UNKNOWN)
        e->small_follows = small_letter_follows(text, at) ? YES : NO;
    if (e->small_follows == YES) /* SB8 */
        return true;
    if (IN(right, S(SCONTINUE) | TERMS)) /* SB8a */
        return true;
    if (e->in != IN_SPACES && right == SB_CLOSE) /* SB9 */
        return true;
    return IN(right, S(SP) | PARA_SEP) != 0; /* SB9, SB10 */
}

size_t break_sentence(struct span text, size_t at)
{
    struct ending e = {SB_OTHER, AT_TERM, false, UNKNOWN};
    unsigned left = SB_OTHER; /* the last class that SB5 does not pass over */
    bool after_cr = false;

    while (at < text.len) {
        struct letter next = letter_at(text, at);
        unsigned right = next.row->sentence;

        if (after_cr)
            return right == SB_LF ? next.end : at; /* SB3 */
        if (IN(right, PARA_SEP) && right != SB_CR)
            return next.end; /* SB4 */
        after_cr = right == SB_CR;
        if (!IN(right, PASSED_OVER)) {
            if (e.term != SB_OTHER && !sentence_goes_on(text, &e, right, at))
                return at; /* SB11 */
            if (IN(right, TERMS))
                e = (struct ending){right, AT_TERM, IN(left, CASED) != 0, UNKNOWN};
            else if (e.term != SB_OTHER && right == SB_CLOSE && e.in != IN_SPACES)
                e.in = IN_CLOSES;
            else if (e.term != SB_OTHER && right == SB_SP)
                e.in = IN_SPACES;
            else
                e.term = SB_OTHER;
            left = right;
        }
        at = next.end;
    }
    return text.len;
}

/* ---- characters as readers see them ------------------------------------------------------------------ */

#define C(name) (1u << GCB_##name)

enum { CONTROLS = C(CR) | C(LF) | C(CONTROL) };

/* GB3 to GB13 between `left` and `right`. */
static bool cluster_goes_on(unsigned left, const struct char_row *right, bool picture_joins, bool flag_half)
{
    if (left == GCB_CR && right->cluster == GCB_LF) /* GB3 */
        return true;
    if (IN(left, CONTROLS) || IN(right->cluster, CONTROLS)) /* GB4, GB5 */
        return false;
    if (IN(right->cluster, C(EXTEND) | C(ZWJ) | C(SPACINGMARK)) || left == GCB_PREPEND) /* GB9 to GB9b */
        return true;
    switch (left) {
    case GCB_L: /* GB6 */
        return IN(right->cluster, C(L) | C(V) | C(LV) | C(LVT)) != 0;
    case GCB_LV:
    case GCB_V: /* GB7 */
        return IN(right->cluster, C(V) | C(T)) != 0;
    case GCB_LVT:
    case GCB_T: /* GB8 */
        return right->cluster == GCB_T;
    case GCB_ZWJ: /* GB11 */
        return picture_joins && (right->flags & CHAR_PICTOGRAPH);
    case GCB_REGIONAL_INDICATOR: /* GB12, GB13 */
        return right->cluster == GCB_REGIONAL_INDICATOR && flag_half;
    default:
        return false;
    }
}

size_t break_cluster(struct span text, size_t at)
{
    struct letter last = letter_at(text, at);
    bool picture = (last.row->flags & CHAR_PICTOGRAPH) != 0, picture_joins = false;
    bool flag_half = last.row->cluster == GCB_REGIONAL_INDICATOR;

    while (last.end < text.len) {
        struct letter next = letter_at(text, last.end);

        if (!cluster_goes_on(last.row->cluster, next.row, picture_joins, flag_half))
            break;
        picture_joins = picture && next.row->cluster == GCB_ZWJ; /* a picture, then Extend*, then ZWJ */
        if (next.row->flags & CHAR_PICTOGRAPH)
            picture = true;
        else if (!IN(next.row->cluster, C(EXTEND) | C(ZWJ)))
            picture = false;
        flag_half = next.row->cluster == GCB_REGIONAL_INDICATOR && !flag_half;
        last = next;
    }
    return last.end;
}

bool break_is_border(struct span text, size_t at)
{
    struct letter next;
    uint32_t before;

    if (at == 0 || at >= text.len)
        return true;
    if (((unsigned char)text.at[at] & 0xC0) == 0x80)
        return false;
    next = letter_at(text, at);
    (void)utf8_prev(text.at, text.at + at, &before);
    return !(next.row->flags & CHAR_ATTACHES) &&
           !IN(next.row->cluster, C(LF) | C(REGIONAL_INDICATOR) | C(L) | C(LV) | C(LVT)) &&
           !IN(char_row(before)->cluster, C(ZWJ) | C(PREPEND));
}
