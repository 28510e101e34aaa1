#include "wire/question.h"

#include "base/json.h"
#include "base/limits.h"
#include "wire/peek.h"

enum { DIGITS = 21 };

static bool is_true(struct span value)
{
    return span_eq(value, SPAN("true"));
}

/* As the daemon checks it (daemon/call.c): what it would refuse has no key. */
static bool has_type(enum param_type type, struct span value)
{
    int64_t n;

    switch (type) {
    case PARAM_TEXT:
        return value.at[0] == '"' && value.len <= LIMIT_QUERY;
    case PARAM_INT:
        n = peek_int(value, -1);
        return n >= 0 && n <= UINT32_MAX;
    case PARAM_BOOL:
        return is_true(value) || span_eq(value, SPAN("false"));
    case PARAM_OBJECT:
        return value.at[0] == '{';
    case PARAM_PATHS:
    case PARAM_INTS:
    case PARAM_OBJECTS:
        return value.at[0] == '[';
    }
    return false;
}

bool question_take(const struct request_row *row, struct span params, struct given *g)
{
    struct span rest = params, name, value;
    unsigned before = g->there, now = 0;

    if (!params.len)
        return true;
    if (!peek_skip_(&rest, '{'))
        return false;
    if (peek_skip_(&rest, '}'))
        return true;
    do {
        const struct param *p;
        unsigned place;

        if (!peek_cut_(&rest, &name) || name.at[0] != '"' || !peek_skip_(&rest, ':') ||
            !peek_cut_(&rest, &value) || !(p = request_param(row, name.at + 1, name.len - 2)))
            return false;
        place = (unsigned)(p - row->params);
        if (now >> place & 1 || !has_type(p->type, value))
            return false;
        now |= 1u << place;
        if (!(before >> place & 1))
            g->values[place] = value;
    } while (peek_skip_(&rest, ','));
    g->there |= now;
    return peek_skip_(&rest, '}');
}

static bool is_named(const struct param *p, struct span name)
{
    return p->len == name.len && memcmp(p->name, name.at, name.len) == 0;
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

    if (value.len < 2 || value.at[0] != '"')
        return 0;
    if (!memchr(plain.at, '\\', plain.len))
        return add(key, len, plain);
    len = peek_text(value, &text) == 0 && !memchr(text.at, 0, text.len) ? add(key, len, buf_view(&text)) : 0;
    buf_fini(&text);
    return len;
}

static size_t add_number(char key[CACHE_KEY], size_t len, struct span value)
{
    int64_t n = peek_int(value, -1);
    char digits[DIGITS], *at = digits + sizeof digits;

    if (n < 0)
        return 0;
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
    case PARAM_INTS:
    case PARAM_OBJECT:
    case PARAM_OBJECTS:
        break;
    }
    return 0;
}

size_t question_key_of(const struct request_row *row, const struct given *g, char key[CACHE_KEY])
{
    bool page = row->kept == KEPT_WHOLE, kept = row->kept != KEPT_NEVER;
    size_t len = kept ? add(key, 0, (struct span){row->name, row->len}) : 0;

    for (unsigned left = g->there, place; len && left; left &= left - 1) {
        place = (unsigned)__builtin_ctz(left);
        if (counts(&row->params[place], g->values[place], &page, &kept))
            len = add_param(key, len, &row->params[place], place, g->values[place]);
    }
    return page && kept ? len : 0;
}

size_t question_key(struct span method, struct span params, char key[CACHE_KEY])
{
    const struct request_row *row = request_find(method.at, method.len);
    struct given g;

    g.there = 0;
    return row && row->kept != KEPT_NEVER && question_take(row, params, &g) ? question_key_of(row, &g, key)
                                                                            : 0;
}

/* Cuts what stands before the next zero off *rest. */
static bool cut(struct span *rest, struct span *value)
{
    const char *end = rest->len ? memchr(rest->at, 0, rest->len) : NULL;

    if (!end)
        return false;
    *value = (struct span){rest->at, (size_t)(end - rest->at)};
    *rest = span_cut(*rest, value->len + 1, rest->len);
    return true;
}

const struct request_row *question_of(struct span key, struct buf *params)
{
    struct span rest = key, value;
    const struct request_row *row;
    char again[CACHE_KEY];

    if (key.len > CACHE_KEY || !cut(&rest, &value) || !(row = request_find(value.at, value.len)))
        return NULL;
    buf_clear(params);
    buf_char(params, '{');
    while (rest.len) {
        unsigned place = (unsigned char)rest.at[0] - 1u;
        bool is_bool = place < row->param_count && row->params[place].type == PARAM_BOOL;

        rest = span_cut(rest, 1, rest.len);
        if (place >= row->param_count || (!is_bool && !cut(&rest, &value)))
            return NULL;
        json_key(params, row->params[place].name);
        if (is_bool)
            buf_str(params, "true");
        else if (row->params[place].type == PARAM_TEXT)
            json_text(params, value);
        else
            buf_span(params, value);
    }
    buf_char(params, '}');
    if (buf_err(params) ||
        question_key((struct span){row->name, row->len}, buf_view(params), again) != key.len ||
        memcmp(again, key.at, key.len) != 0)
        return NULL;
    return row;
}
