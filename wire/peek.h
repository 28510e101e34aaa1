/* peek.h -- reading a JSON message without building it in memory.
 *
 * The answers of the daemon are mostly one long text that is only passed on. So nothing is parsed into a
 * tree: a value is a span of the message itself, a member of an object is looked for where it stands, and
 * an answer that is an object reaches the person byte for byte as the daemon wrote it (a parser would
 * turn 0.97 into 0.96999999999999997).
 *
 *      {"id":1,"result":{"found":5,"answer":{"total":5,"quotes":[...]}}}
 *              ^^^^^^^^^ peek_member(message, "result")
 *                                 peek_member(result, "answer") ^^^^
 *
 * The bytes come from a socket: each function checks what it walks over, and anything that is not JSON
 * is "not there". Functions are inline, so that libquotes stays one file and needs libc only.
 */
#ifndef WIRE_PEEK_H
#define WIRE_PEEK_H

#include <stdint.h>

#include "base/buf.h"
#include "base/eight.h"
#include "base/err.h"
#include "base/span.h"
#include "base/utf8.h"

enum { PEEK_DEPTH = 64 }; /* lists inside lists: more is a mistake or an attack on our stack */

static inline const char *peek_space_(const char *at, const char *end)
{
    while (at < end && (unsigned char)*at <= ' ' && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

/* How many of the bytes are a text's plain letters, eight at a time: what is left is shorter than that, or special. */
static inline size_t peek_letters_(const char *at, const char *end)
{
    const char *from = at;
    unsigned run = 8;

    for (; run == 8 && end - at >= 8; at += run) {
        uint64_t v = eight_at(at);

        run = eight_run(eight_from(v, 0x20) & ~eight_is(v, '"') & ~eight_is(v, '\\'));
    }
    return (size_t)(at - from);
}

/* The end of the text that begins at `at`, or NULL. */
static inline const char *peek_text_end_(const char *at, const char *end)
{
    if (at == end || *at != '"')
        return NULL;
    for (at++; at < end; at++) {
        at += peek_letters_(at, end);
        if (at == end)
            break;
        if (*at == '"')
            return at + 1;
        if ((unsigned char)*at < 0x20)
            return NULL;
        if (*at == '\\' && ++at == end)
            return NULL;
    }
    return NULL;
}

/* The end of a number, of true, false or null. */
static inline const char *peek_plain_end_(const char *at, const char *end)
{
    const char *start = at;
    struct span word = *at == 't'   ? SPAN("true")
                       : *at == 'f' ? SPAN("false")
                       : *at == 'n' ? SPAN("null")
                                    : SPAN("");

    if (word.len)
        return span_starts((struct span){at, (size_t)(end - at)}, word) ? at + word.len : NULL;
    while (at < end &&
           ((*at >= '0' && *at <= '9') || *at == '-' || *at == '+' || *at == '.' || *at == 'e' || *at == 'E'))
        at++;
    return at > start ? at : NULL;
}

/* The end of the value that begins at `at` (white space before it is allowed), or NULL when there is none. */
static inline const char *peek_end_(const char *at, const char *end, int depth)
{
    bool object;

    at = peek_space_(at, end);
    if (at == end || depth > PEEK_DEPTH)
        return NULL;
    if (*at == '"')
        return peek_text_end_(at, end);
    if (*at != '{' && *at != '[')
        return peek_plain_end_(at, end);
    object = *at == '{';
    at = peek_space_(at + 1, end);
    if (at < end && *at == (object ? '}' : ']'))
        return at + 1;
    for (;;) {
        if (object) {
            if (!(at = peek_text_end_(peek_space_(at, end), end)))
                return NULL;
            at = peek_space_(at, end);
            if (at == end || *at++ != ':')
                return NULL;
        }
        if (!(at = peek_end_(at, end, depth + 1)))
            return NULL;
        at = peek_space_(at, end);
        if (at == end)
            return NULL;
        if (*at == (object ? '}' : ']'))
            return at + 1;
        if (*at++ != ',')
            return NULL;
    }
}

/* True when the bytes are one JSON value and nothing else. */
static inline bool peek_valid(struct span message)
{
    const char *end = message.at + message.len, *at = message.len ? peek_end_(message.at, end, 0) : NULL;

    return at && peek_space_(at, end) == end;
}

/* Cuts the next value off *rest. The value is borrowed from it. */
static inline bool peek_cut_(struct span *rest, struct span *value)
{
    const char *end = rest->at + rest->len, *at = peek_space_(rest->at, end), *stop;

    if (at == end || !(stop = *at == '"' ? peek_text_end_(at, end) : peek_end_(at, end, 0)))
        return false;
    *value = (struct span){at, (size_t)(stop - at)};
    *rest = (struct span){stop, (size_t)(end - stop)};
    return true;
}

/* Skips white space and one byte, which must be `c`. */
static inline bool peek_skip_(struct span *rest, char c)
{
    const char *end = rest->at + rest->len, *at = rest->at;

    if (at < end && *at != c)
        at = peek_space_(at, end);
    if (at == end || *at != c)
        return false;
    *rest = (struct span){at + 1, (size_t)(end - at - 1)};
    return true;
}

/* The value of a member of an object, or the span {NULL, 0}. Borrowed from the object. Names are compared as
 * they are written: those of the protocol hold no escapes. */
static inline struct span peek_member(struct span object, const char *name)
{
    struct span rest = object, key, value, none = {NULL, 0}, wanted = span_of(name);

    if (!object.len || !peek_skip_(&rest, '{'))
        return none;
    while (peek_cut_(&rest, &key) && key.at[0] == '"' && peek_skip_(&rest, ':') && peek_cut_(&rest, &value)) {
        if (key.len == wanted.len + 2 && memcmp(key.at + 1, wanted.at, wanted.len) == 0)
            return value;
        if (!peek_skip_(&rest, ','))
            break;
    }
    return none;
}

/* Walks a list: start with *rest = the list; each call gives the next element and returns false at the end. */
static inline bool peek_element(struct span *rest, struct span *element)
{
    if (!rest->len || !(peek_skip_(rest, '[') || peek_skip_(rest, ',')))
        return false;
    return peek_cut_(rest, element);
}

/* The whole number, or `otherwise` when the value is none. */
static inline int64_t peek_int(struct span value, int64_t otherwise)
{
    bool minus = value.len && value.at[0] == '-';
    int64_t n = 0;

    if (value.len == minus)
        return otherwise;
    for (size_t i = minus; i < value.len; i++) {
        int digit = value.at[i] - '0';
        if (digit < 0 || digit > 9 || n > (INT64_MAX - digit) / 10)
            return otherwise;
        n = n * 10 + digit;
    }
    return minus ? -n : n;
}

static inline bool peek_hex4_(const char *at, const char *end, uint32_t *out)
{
    *out = 0;
    if (end - at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint32_t)digit;
    }
    return true;
}

/* Reads `\uXXXX` whose digits begin at *at, and the second half of a pair. Half a pair is U+FFFD. */
static inline bool peek_unicode_(const char **at, const char *end, struct buf *out)
{
    uint32_t cp, low;
    char bytes[4];

    if (!peek_hex4_(*at, end, &cp))
        return false;
    *at += 4;
    if (cp >= 0xD800 && cp <= 0xDBFF && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' &&
        peek_hex4_(*at + 2, end, &low) && low >= 0xDC00 && low <= 0xDFFF) {
        cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
        *at += 6;
    }
    buf_put(out, bytes, utf8_put(bytes, cp));
    return true;
}

/* Puts what a JSON text says after what is in `out`. 0, ERR_PROTOCOL when the value is no text, or the buf's error. */
static inline int peek_text(struct span value, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *at, *end, *plain;

    if (value.len < 2 || value.at[0] != '"' || value.at[value.len - 1] != '"')
        return ERR_PROTOCOL;
    at = plain = value.at + 1;
    end = value.at + value.len - 1;
    while (at < end) {
        const char *name;
        if (*at != '\\') {
            at++;
            continue;
        }
        buf_put(out, plain, (size_t)(at - plain));
        if (++at == end)
            return ERR_PROTOCOL;
        if (*at == 'u') {
            at++;
            if (!peek_unicode_(&at, end, out))
                return ERR_PROTOCOL;
        } else {
            if (!*at || !(name = strchr(names, *at)))
                return ERR_PROTOCOL;
            buf_char(out, meanings[name - names]);
            at++;
        }
        plain = at;
    }
    buf_put(out, plain, (size_t)(at - plain));
    return buf_err(out);
}

/* The same into an array of `size` bytes, cut between characters to fit and ended with a NUL; "" when it is no text. */
static inline void peek_copy(struct span value, char *out, size_t size)
{
    struct buf text = BUF_INIT(value.len + 1);
    struct span fits = {"", 0};

    if (peek_text(value, &text) == 0 && text.len)
        fits = utf8_cut(buf_view(&text), size - 1);
    memcpy(out, fits.at, fits.len);
    out[fits.len] = '\0';
    buf_fini(&text);
}

#endif
