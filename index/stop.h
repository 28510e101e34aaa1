/* stop.h -- a stop in a text: what closes it, and what comes next.
 *
 *      He said: “It is over.”[3] (The council …
 *                          ^    ^^^
 *                          |    |||
 *                          at   ||next.at
 *                               |tail
 *                               closed
 *
 * A stop is a run: ?! is one, and so is an ellipsis. What it means for the sentence is period.c's to say.
 * Pure functions of the text. `low` is where the sentence begins: nothing before it is looked at.
 */
#ifndef INDEX_STOP_H
#define INDEX_STOP_H

#include "base/utf8.h"
#include "index/char.h"

/* One character. */
struct letter {
    const struct char_row *row;
    uint32_t cp;
    size_t start, end;
};

static inline struct letter letter_at(struct span text, size_t at)
{
    uint32_t cp;
    size_t len = utf8_next(text.at + at, text.at + text.len, &cp);

    return (struct letter){char_row(cp), cp, at, at + len};
}

/* The one before `at`, not before `low`. */
static inline struct letter letter_before(struct span text, size_t low, size_t at)
{
    uint32_t cp;
    size_t len = utf8_prev(text.at + low, text.at + at, &cp);

    return (struct letter){char_row(cp), cp, at - len, at};
}

static inline bool letter_is_space(const struct letter *l)
{
    return (l->row->bits & CHAR_SPACE) != 0;
}

static inline bool letter_is_wordy(const struct letter *l)
{
    return (l->row->bits & (CHAR_LETTER | CHAR_DIGIT | CHAR_MARK)) != 0 && !letter_is_space(l);
}

/* Stands for no sound of its own: joiners, marks of direction. */
static inline bool letter_is_unseen(const struct letter *l)
{
    return (l->row->sentence == SB_EXTEND || l->row->sentence == SB_FORMAT) && !letter_is_space(l);
}

static inline bool letter_is_line(const struct letter *l)
{
    return l->row->sentence == SB_LF || l->row->sentence == SB_CR || l->row->sentence == SB_SEP;
}

static inline bool letter_is_term(const struct letter *l)
{
    return l->row->sentence == SB_ATERM || l->row->sentence == SB_STERM;
}

struct stop {
    size_t at, end;    /* its run of stops: ?!, ... */
    size_t closed;     /* past the marks, brackets and notes that close it */
    size_t tail;       /* past the white space too: where the next sentence would begin */
    uint32_t cp;       /* the stop that decides: . or what is stronger in the run */
    bool ellipsis;     /* …, ..., . . . */
    bool detached;     /* white space or nothing stands before it */
    bool own;          /* of a script that has its own: 。 ؟ । ። */
    bool unknown;      /* UAX #29 does not know it for a stop */
    bool quote_closed; /* a quotation mark closes it */
    bool noted;        /* a footnote mark follows it */
    bool blank;        /* a blank line follows it */
};

struct next {
    enum {
        NEXT_NONE,   /* the end of the text, or signs */
        NEXT_STOP,   /* another stop */
        NEXT_INSIDE, /* a comma, a colon: no sentence begins so */
        NEXT_NUMBER,
        NEXT_CAPITAL,
        NEXT_SMALL,
        NEXT_CASELESS
    } kind;
    bool quoted, dash; /* an opening quotation mark, a dash before it */
    size_t at;         /* its first letter or digit */
    struct letter letter;
};

/* Past what neither begins a stop nor ends a line, at a glance. */
size_t stop_skip_quiet(struct span text, size_t at);

/* Whether a stop begins with this letter of the text. */
bool stop_is(struct span text, size_t low, const struct letter *l);

/* The stop that begins with `l`. */
struct stop stop_read(struct span text, size_t low, struct letter l);

/* What comes after it, looking past a few signs. */
struct next stop_next(struct span text, const struct stop *s);

/* Past white space; *lines counts its line ends. */
size_t stop_skip_space(struct span text, size_t at, unsigned *lines);

#endif
