/* mark_read.h -- the quotation marks of a text, each with what its neighbours say.
 *
 * A mark is told by its shape, because its character does not say what it does: ” closes in English, opens as
 * well in Swedish, and opens in Arabic. Its neighbours often do:
 *
 *      said “We        space, letter    opens
 *      it,” said       comma, space     closes
 *      dit « Nous      space, space     nothing: the shape and the document's habit decide, see mark.c
 *
 * What looks like a mark and is none is left out: the inches of 6' 2", the last letter of צה"ל.
 */
#ifndef INDEX_MARK_READ_H
#define INDEX_MARK_READ_H

#include "index/article.h"

enum mark_shape {
    SHAPE_NONE,
    SHAPE_STRAIGHT, /* " and '' */
    SHAPE_SIX,      /* “ */
    SHAPE_NINE,     /* ” */
    SHAPE_LOW,      /* „ and ,, */
    SHAPE_LEFT,     /* « */
    SHAPE_RIGHT,    /* » */
    SHAPE_BACK,     /* `` */
    SHAPE_CORNER,   /* 「 */
    SHAPE_CORNER_END,
    SHAPE_WHITE_CORNER, /* 『 */
    SHAPE_WHITE_CORNER_END,
    SHAPE_PRIME, /* 〝 */
    SHAPE_PRIME_END,
    SHAPE_SINGLES, /* from here on */
    SHAPE_STRAIGHT_1 = SHAPE_SINGLES,
    SHAPE_SIX_1,  /* ‘ */
    SHAPE_NINE_1, /* ’ : the apostrophe too */
    SHAPE_LOW_1,  /* ‚ */
    SHAPE_LEFT_1, /* ‹ */
    SHAPE_RIGHT_1,
    SHAPE_COUNT
};

struct mark {
    uint32_t at, len; /* bytes of the text; '' is one mark */
    enum mark_shape shape;
    bool opens;  /* its neighbours let it open: nothing, space, bracket or dash before, no space after */
    bool closes; /* its neighbours let it close: no space before; space, punctuation or nothing after */
};

struct marks {
    struct mark *at;
    uint32_t count, cap;
};

/* Appends the marks of the bytes [start, end) of the text. Returns 0 or ERR_NOMEM. */
int mark_read(struct arena *mem, struct span text, uint32_t start, uint32_t end, struct marks *marks);

/* The shape of a character, and of the one that begins at byte `at` (SHAPE_NONE at the end). */
enum mark_shape mark_shape_of(uint32_t cp);
enum mark_shape mark_shape_at(struct span text, uint32_t at, uint32_t end);

static inline bool mark_surely_opens(const struct mark *m)
{
    return m->opens && !m->closes;
}

static inline bool mark_surely_closes(const struct mark *m)
{
    return m->closes && !m->opens;
}

static inline bool mark_is_angle(enum mark_shape shape)
{
    return shape == SHAPE_LEFT || shape == SHAPE_RIGHT || shape == SHAPE_LEFT_1 || shape == SHAPE_RIGHT_1;
}

#endif
