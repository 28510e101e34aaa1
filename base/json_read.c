#include "base/json_read.h"

#include "base/err.h"
#include "base/json.h"
#include "base/utf8.h"

enum {
    DEPTH_MOST = 32,     /* arrays and objects inside each other */
    INTEGER_DIGITS = 18, /* they fit an int64_t */
    REAL_DIGITS = 300    /* they fit a double */
};

/* ---- strings ------------------------------------------------------------------------------------ */

/* The code unit of four hexadecimal digits, or -1. */
static int32_t hex4(const char *at, const char *end)
{
    int32_t unit = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i], small = (char)(c | 0x20);

        if (c >= '0' && c <= '9')
            unit = unit << 4 | (c - '0');
        else if (small >= 'a' && small <= 'f')
            unit = unit << 4 | (small - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

/* The length of the escape at `at` (a backslash) and its character; 0 for one that is refused. */
static size_t read_escape(const char *at, const char *end, uint32_t *cp)
{
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *letter;
    int32_t unit, low;

    if (end - at < 2)
        return 0;
    if (at[1] != 'u') {
        letter = memchr(letters, at[1], sizeof letters - 1);
        *cp = letter ? (unsigned char)means[letter - letters] : 0;
        return letter ? 2 : 0;
    }
    unit = hex4(at + 2, end);
    *cp = (uint32_t)unit;
    if (unit <= 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
        return 0;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 6;
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u')
        return 0;
    low = hex4(at + 8, end);
    *cp = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    return low >= 0xDC00 && low <= 0xDFFF ? 12 : 0;
}

/* Past the string whose opening mark stands before `at`; NULL for one that is refused. */
static const char *pass_string(const char *at, const char *end, struct span *raw)
{
    const char *start = at;
    uint32_t cp;

    while ((at = json_plain(at, end)) < end && *at != '"') {
        size_t len;

        if (*at == '\\') {
            len = read_escape(at, end, &cp);
        } else {
            len = utf8_next(at, end, &cp);
            if (cp < 0x20 || (cp == UTF8_BAD && len == 1))
                len = 0;
        }
        if (len == 0)
            return NULL;
        at += len;
    }
    *raw = (struct span){start, (size_t)(at - start)};
    return at < end ? at + 1 : NULL;
}

struct span json_decode(struct arena *mem, struct span raw)
{
    const char *at = raw.at, *end = raw.at + raw.len;
    const char *escape = memchr(at, '\\', raw.len);
    char *out, *to;

    if (!escape)
        return raw;
    if (!(out = to = arena_alloc(mem, raw.len))) /* no escape is shorter than what it stands for */
        return (struct span){0};
    for (; escape; escape = memchr(at, '\\', (size_t)(end - at))) {
        uint32_t cp = 0;

        memcpy(to, at, (size_t)(escape - at));
        to += escape - at;
        at = escape + read_escape(escape, end, &cp);
        to += utf8_put(to, cp);
    }
    memcpy(to, at, (size_t)(end - at));
    to += end - at;
    return (struct span){out, (size_t)(to - out)};
}

/* ---- other values -------------------------------------------------------------------------------- */

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

static const char *pass_number(const char *at, const char *end, enum field_kind *kind)
{
    const char *digits = at + (*at == '-'), *stop = skip_digits(digits, end), *fraction;

    if (stop == digits || (*digits == '0' && stop - digits > 1)) /* 01 */
        return NULL;
    *kind = FIELD_INTEGER;
    if (stop < end && *stop == '.') {
        fraction = stop + 1;
        stop = skip_digits(fraction, end);
        if (stop == fraction || stop - at > REAL_DIGITS)
            return NULL;
        *kind = FIELD_OTHER;
    } else if (stop - digits > INTEGER_DIGITS || (*at == '-' && *digits == '0')) {
        return NULL;
    }
    return stop < end && (*stop == 'e' || *stop == 'E') ? NULL : stop;
}

static const char *pass_literal(const char *at, const char *end)
{
    static const struct span literals[] = {SPAN_INIT("true"), SPAN_INIT("false"), SPAN_INIT("null")};

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++)
        if (span_starts((struct span){at, (size_t)(end - at)}, literals[i]))
            return at + literals[i].len;
    return NULL;
}

static const char *pass_value(const char *at, const char *end, unsigned depth, struct json_field *field);

/* `"key": value`, with the white space before and after it. */
static const char *pass_member(const char *at, const char *end, unsigned depth, struct json_field *field)
{
    at = skip_space(at, end);
    if (at == end || *at != '"' || !(at = pass_string(at + 1, end, &field->key)))
        return NULL;
    if (memchr(field->key.at, '\\', field->key.len))
        return NULL;
    at = skip_space(at, end);
    return at < end && *at == ':' ? pass_value(at + 1, end, depth, field) : NULL;
}

/* The rest of an array or object, whose bracket stands before `at`. */
static const char *pass_nested(const char *at, const char *end, unsigned depth, char closing)
{
    struct json_field inner;

    if (depth == DEPTH_MOST)
        return NULL;
    at = skip_space(at, end);
    if (at < end && *at == closing)
        return at + 1;
    for (;;) {
        at = closing == '}' ? pass_member(at, end, depth + 1, &inner)
                            : pass_value(at, end, depth + 1, &inner);
        if (!at || at == end || (*at != ',' && *at != closing))
            return NULL;
        if (*at++ == closing)
            return at;
    }
}

/* A value with the white space before and after it. */
static const char *pass_value(const char *at, const char *end, unsigned depth, struct json_field *field)
{
    const char *start = at = skip_space(at, end);

    if (at == end)
        return NULL;
    if (*at == '"') {
        field->kind = FIELD_STRING;
        at = pass_string(at + 1, end, &field->raw);
        return at ? skip_space(at, end) : NULL;
    }
    if (*at == '-' || (*at >= '0' && *at <= '9')) {
        at = pass_number(at, end, &field->kind);
    } else if (*at == '[' || *at == '{') {
        field->kind = FIELD_OTHER;
        at = pass_nested(at + 1, end, depth, *at == '[' ? ']' : '}');
    } else {
        field->kind = FIELD_LITERAL;
        at = pass_literal(at, end);
    }
    if (!at)
        return NULL;
    field->raw = (struct span){start, (size_t)(at - start)};
    return skip_space(at, end);
}

/* ---- the object ---------------------------------------------------------------------------------- */

void json_open(struct json_reader *r, struct span text)
{
    *r = (struct json_reader){.at = text.at, .end = text.at + text.len};
}

int json_next(struct json_reader *r, struct json_field *field)
{
    const char *at = r->at, *end = r->end;
    bool first = !r->started;

    if (first) {
        at = skip_space(at, end);
        if (at == end || *at != '{')
            return ERR_NOTTEXT;
        at = skip_space(at + 1, end);
        r->started = true;
    }
    if (at == end)
        return ERR_NOTTEXT;
    if (*at == '}')
        return skip_space(at + 1, end) == end ? 0 : ERR_NOTTEXT;
    if (!first && *at++ != ',')
        return ERR_NOTTEXT;
    at = pass_member(at, end, 1, field);
    if (!at)
        return ERR_NOTTEXT;
    r->at = at;
    return 1;
}
