/* mark_read.c -- finds the quotation marks of a text; see mark_read.h. */
#include "index/mark_read.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"

/* clang-format off */
/* All characters of Unicode's property Quotation_Mark, and the Hebrew gershayim. 《 and 〈 mark titles, not speech. */
#define CHARACTERS(X)                                                                              \
    X(0x22, STRAIGHT) /* " */        X(0xFF02, STRAIGHT) /* ＂ */      X(0x5F4, STRAIGHT) /* ״ */  \
    X(0x201C, SIX) /* “ */           X(0x201F, SIX) /* ‟ */                                        \
    X(0x201D, NINE) /* ” */                                                                        \
    X(0x201E, LOW) /* „ */           X(0x2E42, LOW) /* ⹂ */                                        \
    X(0xAB, LEFT) /* « */            X(0xBB, RIGHT) /* » */                                        \
    X(0x300C, CORNER) /* 「 */       X(0xFF62, CORNER) /* ｢ */         X(0xFE41, CORNER) /* ﹁ */  \
    X(0x300D, CORNER_END) /* 」 */   X(0xFF63, CORNER_END) /* ｣ */     X(0xFE42, CORNER_END) /* ﹂ */ \
    X(0x300E, WHITE_CORNER) /* 『 */ X(0xFE43, WHITE_CORNER) /* ﹃ */                               \
    X(0x300F, WHITE_CORNER_END) /* 』 */ X(0xFE44, WHITE_CORNER_END) /* ﹄ */                       \
    X(0x301D, PRIME) /* 〝 */        X(0x301E, PRIME_END) /* 〞 */     X(0x301F, PRIME_END) /* 〟 */ \
    X(0x27, STRAIGHT_1) /* ' */      X(0xFF07, STRAIGHT_1) /* ＇ */                                \
    X(0x2018, SIX_1) /* ‘ */         X(0x201B, SIX_1) /* ‛ */                                      \
    X(0x2019, NINE_1) /* ’ */        X(0x201A, LOW_1) /* ‚ */                                      \
    X(0x2039, LEFT_1) /* ‹ */        X(0x203A, RIGHT_1) /* › */
/* clang-format on */

enum mark_shape mark_shape_of(uint32_t cp)
{
    switch (cp) {
#define X(character, name) \
    case character:        \
        return SHAPE_##name;
        CHARACTERS(X)
#undef X
    default:
        return SHAPE_NONE;
    }
}

/* ---- neighbours --------------------------------------------------------------------------------- */

static bool is_space(uint32_t cp)
{
    return cp == 0 || (char_bits(cp) & CHAR_SPACE);
}

static bool is_wordy(uint32_t cp)
{
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT)) != 0;
}

static bool is_dense(uint32_t cp)
{
    return (char_bits(cp) & CHAR_DENSE) != 0;
}

/* What may stand before an opening mark without a space. */
static bool is_lead_in(uint32_t cp)
{
    return is_space(cp) || cp == '(' || cp == '[' || cp == '{' || cp == '/' || cp == '-' || cp == '>' ||
           (cp >= 0x2010 && cp <= 0x2015) || mark_shape_of(cp) != SHAPE_NONE || cp == ':' || cp == 0x3001 ||
           cp == 0x3002 || cp == 0xFF0C || cp == 0xFF1A || cp == 0xFF08 || cp == 0xBF || cp == 0xA1;
}

/* What stands between a word and a mark, or between two marks, without a space by somebody's slip, or because the
 * next word is written together with the mark as in Korean. Like Chinese or Thai beside a mark, it says nothing. */
static bool is_no_lead(uint32_t cp)
{
    return cp == ',' || cp == '.' || cp == '!' || cp == '?' || cp == '\'' || cp == 0x2019;
}

/* d’« un », (« un »), :« un »: a plain space inside the guillemet makes it look as if it closed. */
static bool leads_to_angle(uint32_t cp, enum mark_shape shape)
{
    return mark_is_angle(shape) && (cp == '(' || cp == '[' || cp == ':' || cp == '\'' || cp == 0x2019);
}

/* What follows a closing mark, not an opening one. A point and a hyphen only after guillemets, which may have a space
 * before them: “...and so on” begins with a point. */
static bool ends_clause(uint32_t cp, enum mark_shape shape)
{
    switch (cp) {
    case ',':
    case ';':
    case ':':
    case '!':
    case '?':
    case ')':
    case ']':
    case 0x3001: /* 、 */
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF0C: /* ， */
    case 0xFF1A: /* ： */
    case 0xFF1B: /* ； */
    case 0xFF1F: /* ？ */
        return true;
    default:
        return (cp == '.' || cp == '-') && mark_is_angle(shape);
    }
}

/* The spaces that French printers set inside guillemets. */
static bool is_french_space(uint32_t cp)
{
    return cp == 0xA0 || cp == 0x202F || cp == 0x2009;
}

/* Characters that are not there, for a neighbour: the direction marks of Arabic and Hebrew, soft hyphens; and, for
 * guillemets, the space inside. A mark looks past a few of them. */
enum { UNSEEN_MOST = 4 };

static bool is_unseen(uint32_t cp, bool angle)
{
    return (char_bits(cp) & CHAR_IGNORED) || (angle && is_french_space(cp));
}

/* The character at or before `at` that a mark has for its neighbour, 0 at the border. */
static uint32_t char_after(const char *at, const char *end, bool angle)
{
    uint32_t cp;

    for (int i = 0; i < UNSEEN_MOST && at < end; i++) {
        at += utf8_next(at, end, &cp);
        if (!is_unseen(cp, angle))
            return cp;
    }
    return 0;
}

static uint32_t char_before(const char *start, const char *at, bool angle)
{
    uint32_t cp;

    for (int i = 0; i < UNSEEN_MOST && start < at; i++) {
        at -= utf8_prev(start, at, &cp);
        if (!is_unseen(cp, angle))
            return cp;
    }
    return 0;
}

/* The shape of the mark that begins at `at`, counting '' `` and ,, as one. */
static enum mark_shape read_mark(const char *at, const char *end, uint32_t before, size_t *len)
{
    uint32_t cp = 0, next = 0, third = 0;
    size_t n = utf8_next(at, end, &cp), m = 0;

    if (at + n < end)
        m = utf8_next(at + n, end, &next);
    if (cp == next && (cp == '\'' || cp == '`' || cp == ',' || cp == 0x2018 || cp == 0x2019)) {
        *len = n + m;
        third = char_after(at + n + m, end, false);
        if (third == cp && cp != ',' &&
            !is_space(before)) { /* so,''' : a single one closes, then a double one */
            *len = n;
            return mark_shape_of(cp);
        }
        if (cp == '`' || cp == 0x2018)
            return SHAPE_BACK;
        if (cp != ',')
            return SHAPE_STRAIGHT;
        if (is_space(before) && is_wordy(third))
            return SHAPE_LOW;
    }
    *len = n;
    return mark_shape_of(cp);
}

static bool is_hebrew(uint32_t cp)
{
    return cp >= 0x5D0 && cp <= 0x5EA;
}

/* Inside a Hebrew word a mark tells an abbreviation by its last letter (צה"ל), unless all that stands before it are
 * the small words written together with the next one: ש"הגשר ייפתח". Those are two at most. */
static bool follows_hebrew_prefix(const char *start, const char *at, uint32_t second_after)
{
    static const char small_words[] = "משהוכלב";
    uint32_t cp = 0, letters = 0;

    for (; start < at && letters < 3; letters++) {
        size_t n = utf8_prev(start, at, &cp);

        if (!is_wordy(cp))
            break;
        at -= n;
        if (!memmem(small_words, sizeof small_words - 1, at, n))
            return false;
    }
    return letters < 3 && is_wordy(second_after);
}

static bool is_digit(const char *start, const char *at)
{
    return start < at && at[-1] >= '0' && at[-1] <= '9';
}

/* The inches of 6' 2": digits, after other digits and the sign for feet. */
static bool is_inch(const char *start, const char *at)
{
    const char *p = at;
    uint32_t cp;

    while (is_digit(start, p) && at - p < 2)
        p--;
    if (p == at)
        return false;
    if (start < p && p[-1] == ' ')
        p--;
    cp = char_before(start, p, false);
    return (cp == '\'' && is_digit(start, p - 1)) ||
           ((cp == 0x2019 || cp == 0x2032) && is_digit(start, p - 3));
}

/* The mark at `at`, as its neighbours in [start, end) show it; SHAPE_NONE for one that is none. */
static struct mark look_at_mark(const char *start, const char *at, const char *end)
{
    size_t len;
    enum mark_shape shape = read_mark(at, end, char_before(start, at, false), &len);
    struct mark m = {.len = (uint32_t)len, .shape = shape};
    uint32_t before, after;
    bool stuck;

    if (shape == SHAPE_NONE)
        return m;
    before = char_before(start, at, mark_is_angle(shape));
    after = char_after(at + len, end, mark_is_angle(shape));
    if (shape == SHAPE_STRAIGHT && is_hebrew(before) && is_hebrew(after)) {
        m.opens = follows_hebrew_prefix(start, at, char_after(at + len + strlen("א"), end, false));
        m.shape = m.opens ? shape : SHAPE_NONE;
        return m;
    }
    if ((shape == SHAPE_STRAIGHT || shape == SHAPE_NINE) && is_inch(start, at)) {
        m.shape = SHAPE_NONE;
        return m;
    }
    stuck = is_dense(before) || is_dense(after) || (is_wordy(after) && is_no_lead(before));
    m.opens = (is_lead_in(before) || stuck) && !is_space(after) && !ends_clause(after, shape);
    m.closes = !is_space(before) && (!is_wordy(after) || stuck) && !leads_to_angle(before, shape);
    return m;
}

enum mark_shape mark_shape_at(struct span text, uint32_t at, uint32_t end)
{
    uint32_t cp = 0;

    if (at < end)
        (void)utf8_next(text.at + at, text.at + end, &cp);
    return mark_shape_of(cp);
}

/* Whether a mark may begin at `at`, from one look; *len is the length of its first character. */
static bool may_begin(const char *at, const char *end, size_t *len)
{
    uint32_t cp;

    *len = utf8_next(at, end, &cp);
    if (cp == ',' || cp == '`') /* only two of them are a mark */
        return at + 1 < end && at[1] == *at;
    return mark_shape_of(cp) != SHAPE_NONE;
}

/* Past what surely begins no mark. Signs like % are taken for one here. */
static const char *pass_others(const char *at, const char *end)
{
    unsigned n;

    do {
        uint64_t eight = eight_until(at, end);

        n = eight_run(~(eight_within(eight, '"', ',') | eight_is(eight, '`') | eight_high(eight)));
        at += n;
    } while (n == 8 && at < end);
    return at < end ? at : end;
}

int mark_read(struct arena *mem, struct span text, uint32_t start, uint32_t end, struct marks *marks)
{
    const char *limit = text.at + end;

    for (const char *at = text.at + start; (at = pass_others(at, limit)) < limit;) {
        struct mark m;
        size_t len;

        if (!may_begin(at, limit, &len)) {
            at += len;
            continue;
        }
        m = look_at_mark(text.at + start, at, limit);
        m.at = (uint32_t)(at - text.at);
        at += m.len;
        if (m.shape == SHAPE_NONE)
            continue;
        if (!ARENA_MORE(mem, marks->at, marks->count, marks->cap))
            return arena_err(mem);
        marks->at[marks->count++] = m;
    }
    return 0;
}
