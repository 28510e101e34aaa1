/* stop.c -- stops, what closes them, and what comes next; see stop.h. */
#include "index/stop.h"

enum { SIGNS_AHEAD = 8 }; /* characters between a stop and the word after it */

static bool is_dash(uint32_t cp)
{
    return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == '~';
}

static bool is_bracket(uint32_t cp)
{
    return cp == '(' || cp == ')' || cp == '[' || cp == ']' || cp == '{' || cp == '}' || cp == 0xFF08 ||
           cp == 0xFF09;
}

/* Closes wherever it stands; of the other marks a letter right after them makes an opening one. */
static bool only_closes(uint32_t cp)
{
    return cp == ')' || cp == ']' || cp == '}' || cp == 0x2019 || cp == 0x201D || cp == 0x300D ||
           cp == 0x300F || cp == 0xFF09;
}

static bool is_ellipsis(uint32_t cp)
{
    return cp == 0x2025 || cp == 0x2026;
}

size_t stop_skip_space(struct span text, size_t at, unsigned *lines)
{
    while (at < text.len) {
        struct letter l = letter_at(text, at);

        if (!letter_is_space(&l))
            break;
        if (letter_is_line(&l) && !(l.cp == '\r' && l.end < text.len && text.at[l.end] == '\n'))
            *lines += l.cp == 0x2029 ? 2 : 1;
        at = l.end;
    }
    return at;
}

/* A Greek question mark is typed as a semicolon. */
static bool is_greek_question(struct span text, size_t low, const struct letter *l)
{
    struct letter before;

    if ((l->cp != ';' && l->cp != 0x37E) || l->start == low)
        return false;
    before = letter_before(text, low, l->start);
    return (before.cp >= 0x370 && before.cp <= 0x3FF) || (before.cp >= 0x1F00 && before.cp <= 0x1FFF);
}

/* Khmer stops are no stops in Unicode 15. */
static bool is_khmer_stop(uint32_t cp)
{
    return cp == 0x17D4 || cp == 0x17D5;
}

bool stop_is(struct span text, size_t low, const struct letter *l)
{
    return letter_is_term(l) || is_ellipsis(l->cp) || is_khmer_stop(l->cp) ||
           ((l->cp == ';' || l->cp == 0x37E) && is_greek_question(text, low, l));
}

size_t stop_skip_quiet(struct span text, size_t at)
{
    static const bool loud[256] = {['\n'] = true, ['\r'] = true, ['.'] = true,          ['!'] = true,
                                   ['?'] = true,  [';'] = true,  [0x80 ... 0xFF] = true};

    while (at < text.len && !loud[(unsigned char)text.at[at]])
        at++;
    return at;
}

/* The length of a footnote mark: [12], [a], ², †, or * before a space; 0 for none. */
static size_t note_length(struct span text, size_t at)
{
    struct letter l = letter_at(text, at), inner;
    size_t end = l.end;
    int signs = 0;

    if (l.cp == 0xB2 || l.cp == 0xB3 || l.cp == 0xB9 || (l.cp >= 0x2070 && l.cp <= 0x2079) ||
        l.cp == 0x2020 || l.cp == 0x2021)
        return l.end - at;
    if (l.cp == '*' || l.cp == '_') {
        while (end < text.len && end - at < 3 && text.at[end] == text.at[at])
            end++;
        return end == text.len || (unsigned char)text.at[end] <= ' ' ? end - at : 0;
    }
    if (l.cp != '[')
        return 0;
    for (; end < text.len && signs < 3; end = inner.end, signs++) {
        inner = letter_at(text, end);
        if (!(inner.row->bits & CHAR_DIGIT) && (signs || inner.row->sentence != SB_LOWER))
            break;
    }
    return signs && end < text.len && text.at[end] == ']' ? end + 1 - at : 0;
}

/* Past the marks that close the stop. One that a letter follows opens the next sentence instead. */
static void read_closers(struct span text, struct stop *s)
{
    while (s->closed < text.len) {
        struct letter l = letter_at(text, s->closed), next;
        size_t note = note_length(text, s->closed);

        if (note) {
            s->noted = true;
            s->closed += note;
            continue;
        }
        if (letter_is_unseen(&l)) {
            s->closed = l.end;
            continue;
        }
        if (l.row->sentence != SB_CLOSE)
            return;
        if (!only_closes(l.cp) && l.end < text.len) {
            next = letter_at(text, l.end);
            if (letter_is_wordy(&next))
                return;
        }
        s->quote_closed |= !is_bracket(l.cp);
        s->closed = l.end;
    }
}

/* Past the white space, and past the closing mark of « C’est fini. », which has a space before it and after it. */
static void read_gap(struct span text, struct stop *s)
{
    unsigned lines = 0;

    s->tail = stop_skip_space(text, s->closed, &lines);
    while (s->tail > s->closed && s->tail < text.len) {
        struct letter l = letter_at(text, s->tail), next;

        if (l.cp != 0xBB && l.cp != 0x203A && l.cp != 0x201D)
            break;
        if (l.end < text.len) {
            next = letter_at(text, l.end);
            if (!letter_is_space(&next) && next.row->sentence != SB_SCONTINUE && !letter_is_term(&next))
                break;
        }
        s->quote_closed = true;
        s->closed = l.end;
        s->tail = stop_skip_space(text, s->closed, &lines);
    }
    s->blank = lines > 1;
}

struct stop stop_read(struct span text, size_t low, struct letter l)
{
    struct stop s = {.at = l.start, .end = l.start, .cp = '.', .unknown = true, .detached = true};
    unsigned points = 0;

    if (l.start > low) {
        struct letter before = letter_before(text, low, l.start);

        s.detached = letter_is_space(&before);
        if (s.detached && l.cp == '.' && before.start > low && text.at[before.start - 1] == '.')
            s.ellipsis = true; /* . . . */
    }
    do {
        if (letter_is_term(&l))
            s.unknown = false;
        if (is_ellipsis(l.cp))
            s.ellipsis = true;
        else if (l.row->sentence == SB_ATERM)
            points++;
        else if (!letter_is_unseen(&l))
            s.cp = l.cp;
        s.end = l.end;
        if (s.end == text.len)
            break;
        l = letter_at(text, s.end);
    } while (stop_is(text, low, &l) || letter_is_unseen(&l));
    s.ellipsis = (s.ellipsis || points > 2) && s.cp == '.';
    s.own = s.cp >= 0x80 && s.cp != 0x203C && (s.cp < 0x2047 || s.cp > 0x2049) && s.cp != 0x37E;
    s.closed = s.end;
    read_closers(text, &s);
    read_gap(text, &s);
    return s;
}

/* iPhone, eBay: the capital comes second. */
static bool is_camel(struct span text, const struct letter *l)
{
    struct letter second;

    if (l->end >= text.len)
        return false;
    second = letter_at(text, l->end);
    return second.row->sentence == SB_UPPER;
}

struct next stop_next(struct span text, const struct stop *s)
{
    struct next n = {.kind = NEXT_NONE, .at = s->tail};
    bool in_bracket = false;

    for (int i = 0; n.at < text.len && i < SIGNS_AHEAD; i++, n.at = n.letter.end) {
        struct letter l = n.letter = letter_at(text, n.at);

        if (l.row->sentence == SB_UPPER || l.cp == '@' || (l.row->sentence == SB_LOWER && is_camel(text, &l)))
            n.kind = NEXT_CAPITAL;
        else if (l.row->sentence == SB_LOWER)
            n.kind = NEXT_SMALL;
        else if (l.row->bits & CHAR_DIGIT)
            n.kind = NEXT_NUMBER;
        else if (l.row->sentence == SB_OLETTER)
            n.kind = NEXT_CASELESS;
        else if (letter_is_term(&l))
            n.kind = in_bracket ? NEXT_NONE : NEXT_STOP; /* He left. [...] The council met. */
        else if (is_dash(l.cp))
            n.dash = true;
        else if (l.row->sentence == SB_SCONTINUE || l.cp == ';')
            n.kind = NEXT_INSIDE;
        else if (is_bracket(l.cp))
            in_bracket = true;
        else if (l.row->sentence == SB_CLOSE)
            n.quoted = true;
        if (n.kind != NEXT_NONE)
            break;
    }
    return n;
}
