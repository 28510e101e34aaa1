#include "wire/question.h"

#include "base/eight.h"
#include "base/json.h"
#include "base/limits.h"
#include "wire/peek.h"

/* ASCII, and nothing escaped: what nearly all texts are. */
static inline bool is_plain(struct span s)
{
    const char *end = s.at + s.len;
    uint64_t odd = 0;

    for (const char *at = s.at; at < end; at += 8) {
        uint64_t v = eight_until(at, end);

        odd |= eight_high(v) | eight_is(v, '\\');
    }
    return !odd;
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
    if (value.at[0] != '"' || value.len > LIMIT_QUERY)
        return false;
    if (is_plain(value))
        return true;
    return utf8_valid(value, NULL) &&
           (!memchr(value.at, '\\', value.len) || (p->part != PART_FORMAT && is_well_escaped(value)));
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
    case PARAM_OBJECT:
        return value.at[0] == '{';
    case PARAM_PATHS:
    case PARAM_INTS:
    case PARAM_OBJECTS:
        return value.at[0] == '[';
    }
    return false;
}

/* Cuts the name of a parameter and its colon off *rest, written without a space, as nearly all are; NULL: look closer. */
static const struct param *cut_name(const struct request_row *row, struct span *rest)
{
    const char *at = rest->at;

    for (unsigned i = 0; rest->len > 1 && i < row->param_count; i++) {
        const struct param *p = &row->params[i];
        size_t len = p->len + 3;

        if (at[1] == p->first && rest->len > len && at[len - 2] == '"' && at[len - 1] == ':' &&
            at[0] == '"' && memcmp(at + 1, p->name, p->len) == 0) {
            *rest = (struct span){at + len, rest->len - len};
            return p;
        }
    }
    return NULL;
}

/* The same, however it is written. */
static const struct param *cut_any_name(const struct request_row *row, struct span *rest)
{
    struct span name;

    if (!peek_cut_(rest, &name) || name.at[0] != '"' || !peek_skip_(rest, ':'))
        return NULL;
    return request_param(row, name.at + 1, name.len - 2);
}

bool question_take(const struct request_row *row, struct span params, struct given *g)
{
    struct span rest = params, value;
    unsigned before = g->there, now = 0;

    if (!params.len)
        return true;
    if (!peek_skip_(&rest, '{'))
        return false;
    if (peek_skip_(&rest, '}'))
        return span_trim(rest).len == 0;
    do {
        const struct param *p = cut_name(row, &rest);
        unsigned place;

        if ((!p && !(p = cut_any_name(row, &rest))) || !peek_cut_(&rest, &value))
            return false;
        place = (unsigned)(p - row->params);
        if (now >> place & 1 || !fits(p, value))
            return false;
        now |= 1u << place;
        if (!(before >> place & 1))
            g->values[place] = value;
    } while (peek_skip_(&rest, ','));
    g->there |= now;
    return peek_skip_(&rest, '}') && span_trim(rest).len == 0;
}

/* Does the answer hang on it? *page: it bounds the answer. False in *kept: the answer is made anew each time. */
static bool counts(const struct param *p, struct span value, bool *page, bool *kept)
{
    switch (p->part) {
    case PART_OF_KEY:
        return true;
    case PART_LIMIT:
        *page = *page || peek_int(value, 0) > 0;
        return true;
    case PART_COUNT:
        *page = *page || is_true(value);
        return true;
    case PART_FORMAT:
        return !span_eq(value, SPAN("\"json\""));
    case PART_OFFSET:
        *kept = *kept && peek_int(value, 1) == 0;
        return false;
    case PART_EXPLAIN:
        *kept = *kept && !is_true(value);
        return false;
    case PART_ASIDE:
        break;
    }
    return false;
}

/* Adds to a key of `len` bytes; 0 when it does not fit. Eight bytes at a time: a call of memcpy would cost more than the few
 * that there are. */
static inline size_t add(char key[CACHE_KEY], size_t len, struct span s)
{
    const char *end = s.at + s.len;

    if (s.len + 9 > CACHE_KEY - len)
        return 0;
    for (const char *at = s.at; at < end; at += 8)
        eight_put(key + len + (at - s.at), eight_until(at, end));
    key[len + s.len] = '\0';
    return len + s.len + 1;
}

static size_t add_text(char key[CACHE_KEY], size_t len, struct span value)
{
    struct span plain = span_cut(value, 1, value.len - 1);
    struct buf text = BUF_INIT(CACHE_KEY);

    if (is_plain(plain) || !memchr(plain.at, '\\', plain.len))
        return add(key, len, plain);
    len = peek_text(value, &text) == 0 ? add(key, len, buf_view(&text)) : 0;
    buf_fini(&text);
    return len;
}

static size_t add_number(char key[CACHE_KEY], size_t len, struct span value)
{
    return add(key, len, value);
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
