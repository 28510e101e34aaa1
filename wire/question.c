#include "wire/question.h"

#include "base/limits.h"
#include "wire/peek.h"
#include "wire/requests.h"

enum { DIGITS = 21 };

/* The parameters of a question, by their places in the row. */
struct given {
    unsigned there; /* a bit a place */
    struct span values[REQUEST_PARAMS];
};

static bool is_named(const struct param *p, struct span name)
{
    return p->len == name.len && memcmp(p->name, name.at, name.len) == 0;
}

static bool is_true(struct span value)
{
    return span_eq(value, SPAN("true"));
}

/* Whole numbers as JSON has them, without zeros before them. */
static bool is_number(struct span value)
{
    int64_t n = peek_int(value, -1);

    return n >= 0 && n <= UINT32_MAX && value.at[0] != '-' && (value.at[0] != '0' || value.len == 1);
}

/* Nothing escaped that may not be. Half a surrogate would be read as U+FFFD. */
static bool is_well_escaped(struct span value)
{
    struct buf text = BUF_INIT(LIMIT_QUERY);
    bool good = peek_text(value, &text) == 0 && !memchr(text.at, 0, text.len) &&
                !span_find(buf_view(&text), SPAN("\xef\xbf\xbd"));

    buf_fini(&text);
    return good;
}

/* Texts as JSON has them. Whoever finds an answer reads its `format` where it stands in the question: nothing is escaped in
 * that one. */
static bool is_text(const struct param *p, struct span value)
{
    if (value.at[0] != '"' || value.len > LIMIT_QUERY || !utf8_valid(value, NULL))
        return false;
    return !memchr(value.at, '\\', value.len) || (!is_named(p, SPAN("format")) && is_well_escaped(value));
}

/* A question that the daemon would refuse has no key: else a mistake would be told or not, as the answer happens to be
 * kept or not. */
static bool fits(const struct param *p, struct span value)
{
    switch (p->type) {
    case PARAM_TEXT:
        return is_text(p, value);
    case PARAM_INT:
        return is_number(value);
    case PARAM_BOOL:
        return is_true(value) || span_eq(value, SPAN("false"));
    case PARAM_PATHS:
        break;
    }
    return false;
}

static bool take_params(const struct request_row *row, struct span params, struct given *g)
{
    struct span rest = params, name, value;

    g->there = 0;
    if (!params.len)
        return true;
    if (!peek_skip_(&rest, '{'))
        return false;
    if (peek_skip_(&rest, '}'))
        return span_trim(rest).len == 0;
    do {
        const struct param *p;
        unsigned place;

        if (!peek_cut_(&rest, &name) || name.at[0] != '"' || !peek_skip_(&rest, ':') ||
            !peek_cut_(&rest, &value) || !(p = request_param(row, name.at + 1, name.len - 2)))
            return false;
        place = (unsigned)(p - row->params);
        if (g->there >> place & 1 || !fits(p, value))
            return false;
        g->there |= 1u << place;
        g->values[place] = value;
    } while (peek_skip_(&rest, ','));
    return peek_skip_(&rest, '}') && span_trim(rest).len == 0;
}

/* Does the answer hang on it? *page: it bounds the answer. False in *kept: the answer is made anew each time. */
static bool counts(const struct param *p, struct span value, bool *page, bool *kept)
{
    if (is_named(p, SPAN("limit"))) {
        *page = *page || peek_int(value, 0) > 0;
    } else if (is_named(p, SPAN("count"))) {
        *page = *page || is_true(value);
    } else if (is_named(p, SPAN("offset"))) {
        *kept = *kept && peek_int(value, 1) == 0;
        return false;
    } else if (is_named(p, SPAN("explain"))) {
        *kept = *kept && !is_true(value);
    }
    return !is_named(p, SPAN("deadline_ms")) && !is_named(p, SPAN("group")) &&
           !(is_named(p, SPAN("format")) && span_eq(value, SPAN("\"json\"")));
}

/* Adds to a key of `len` bytes; 0 when it does not fit. */
static size_t add(char key[CACHE_KEY], size_t len, struct span s)
{
    if (s.len >= CACHE_KEY - len)
        return 0;
    memcpy(key + len, s.at, s.len);
    key[len + s.len] = '\0';
    return len + s.len + 1;
}

static size_t add_text(char key[CACHE_KEY], size_t len, struct span value)
{
    struct span plain = span_cut(value, 1, value.len - 1);
    struct buf text = BUF_INIT(CACHE_KEY);

    if (!memchr(plain.at, '\\', plain.len))
        return add(key, len, plain);
    len = peek_text(value, &text) == 0 ? add(key, len, buf_view(&text)) : 0;
    buf_fini(&text);
    return len;
}

static size_t add_number(char key[CACHE_KEY], size_t len, struct span value)
{
    int64_t n = peek_int(value, -1);
    char digits[DIGITS], *at = digits + sizeof digits;

    do
        *--at = (char)('0' + n % 10);
    while (n /= 10);
    return add(key, len, (struct span){at, (size_t)(digits + sizeof digits - at)});
}

static size_t add_param(char key[CACHE_KEY], size_t len, const struct param *p, unsigned place,
                        struct span value)
{
    if (p->type == PARAM_BOOL && !is_true(value))
        return len;
    if (len + 1 >= CACHE_KEY)
        return 0;
    key[len++] = (char)(place + 1);
    switch (p->type) {
    case PARAM_TEXT:
        return add_text(key, len, value);
    case PARAM_INT:
        return add_number(key, len, value);
    case PARAM_BOOL:
        return len;
    case PARAM_PATHS:
        break;
    }
    return 0;
}

size_t question_key(struct span method, struct span params, char key[CACHE_KEY])
{
    const struct request_row *row = request_find(method.at, method.len);
    bool page, kept = true;
    struct given g;
    size_t len;

    if (!row || row->kept == KEPT_NEVER || !take_params(row, params, &g))
        return 0;
    page = row->kept == KEPT_WHOLE;
    len = add(key, 0, method);
    for (unsigned left = g.there, place; len && left; left &= left - 1) {
        place = (unsigned)__builtin_ctz(left);
        if (counts(&row->params[place], g.values[place], &page, &kept))
            len = add_param(key, len, &row->params[place], place, g.values[place]);
    }
    return page && kept ? len : 0;
}
