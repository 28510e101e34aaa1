#include "wire/question.h"

#include "wire/peek.h"
#include "wire/requests.h"

enum { PARAMS_MOST = 24, DIGITS = 21 };

enum kept { NEVER, PAGE, WHOLE };

static const struct row {
    struct span name;
    enum kept kept;
    const char *params;
} rows[] = {
#define X(id, name, since, kept, params, words) {{name, sizeof(name) - 1}, kept, params},
    REQUEST_TABLE(X)
#undef X
};

/* What the table says of a parameter: its number from 1, or 0 when there is none of that name, and the first letter of its type. */
static unsigned number_of(const char *params, struct span name, char *type)
{
    unsigned number = 1;

    for (const char *at = params; *at; number++) {
        if (strncmp(at, name.at, name.len) == 0 && at[name.len] == ':') {
            *type = at[name.len + 1];
            return number;
        }
        while (*at && *at != ' ')
            at++;
        while (*at == ' ')
            at++;
    }
    return 0;
}

/* The parameters of a question by their numbers. */
struct given {
    struct span values[PARAMS_MOST], names[PARAMS_MOST];
    char types[PARAMS_MOST];
};

static bool take_params(const struct row *row, struct span params, struct given *g)
{
    struct span rest = params, key, value;
    unsigned number;
    char type = 0;

    if (!params.len)
        return true;
    if (!peek_skip_(&rest, '{'))
        return false;
    if (peek_skip_(&rest, '}'))
        return true;
    do {
        if (!peek_cut_(&rest, &key) || key.at[0] != '"' || !peek_skip_(&rest, ':') ||
            !peek_cut_(&rest, &value))
            return false;
        key = span_cut(key, 1, key.len - 1);
        number = number_of(row->params, key, &type);
        if (number == 0 || number >= PARAMS_MOST || g->values[number].len)
            return false;
        g->values[number] = value;
        g->names[number] = key;
        g->types[number] = type;
    } while (peek_skip_(&rest, ','));
    return peek_skip_(&rest, '}');
}

static bool is_true(struct span value)
{
    return span_eq(value, SPAN("true"));
}

/* Is it one page from the beginning, not an answer that is made anew each time? */
static bool is_kept(const struct row *row, const struct given *g)
{
    bool page = row->kept == WHOLE;

    for (unsigned i = 1; i < PARAMS_MOST; i++) {
        if (!g->values[i].len)
            continue;
        if (span_eq(g->names[i], SPAN("offset")) && peek_int(g->values[i], 1) != 0)
            return false;
        if (span_eq(g->names[i], SPAN("explain")) && is_true(g->values[i]))
            return false;
        if (span_eq(g->names[i], SPAN("limit")))
            page = page || peek_int(g->values[i], 0) > 0;
        if (span_eq(g->names[i], SPAN("count")))
            page = page || is_true(g->values[i]);
    }
    return page;
}

static bool is_left_out(struct span name, struct span value)
{
    return span_eq(name, SPAN("deadline_ms")) || span_eq(name, SPAN("offset")) ||
           (span_eq(name, SPAN("format")) && span_eq(value, SPAN("\"json\"")));
}

/* Adds to a key of `len` bytes; 0 when it does not fit. */
static size_t add(char key[CACHE_KEY], size_t len, struct span s)
{
    if (!len || s.len >= CACHE_KEY - len)
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

static size_t add_param(char key[CACHE_KEY], size_t len, const struct given *g, unsigned number)
{
    struct span value = g->values[number];

    if (g->types[number] == 'b' && !is_true(value))
        return span_eq(value, SPAN("false")) ? len : 0;
    if (len + 1 >= CACHE_KEY)
        return 0;
    key[len++] = (char)number;
    switch (g->types[number]) {
    case 't':
        return add_text(key, len, value);
    case 'i':
        return add_number(key, len, value);
    case 'b':
        return len;
    default:
        return 0;
    }
}

size_t question_key(struct span method, struct span params, char key[CACHE_KEY])
{
    const struct row *row = NULL;
    struct given g;
    size_t len;

    for (size_t i = 0; !row && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].kept != NEVER && span_eq(rows[i].name, method))
            row = &rows[i];
    if (!row)
        return 0;
    memset(g.values, 0, sizeof g.values);
    if (!take_params(row, params, &g) || !is_kept(row, &g))
        return 0;
    memcpy(key, method.at, method.len);
    key[method.len] = '\0';
    len = method.len + 1;
    for (unsigned i = 1; len && i < PARAMS_MOST; i++)
        if (g.values[i].len && !is_left_out(g.names[i], g.values[i]))
            len = add_param(key, len, &g, i);
    return len;
}
