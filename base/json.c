#include "base/json.h"

#include <inttypes.h>

#include "base/utf8.h"

void json_sep(struct buf *b)
{
    char last = b->len ? b->at[b->len - 1] : '\n';

    if (last != '{' && last != '[' && last != ',' && last != ':' && last != '\n')
        buf_char(b, ',');
}

void json_key(struct buf *b, const char *name)
{
    json_sep(b);
    buf_char(b, '"');
    buf_str(b, name);
    buf_put(b, "\":", 2);
}

/* Eight bytes at a time: the top bit of each byte of `odd` says that the byte is none of the plain ones, or that one
 * below it is. */
const char *json_plain(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u;

    for (uint64_t w, odd; end - at >= 8; at += 8) {
        memcpy(&w, at, 8);
        odd = w | (w - ones * ' ') | ((w ^ ones * '"') - ones) | ((w ^ ones * '\\') - ones) | (w + ones);
        if (odd & ones * 0x80)
            break;
    }
    while (at < end && *at >= ' ' && *at < 0x7f && *at != '"' && *at != '\\')
        at++;
    return at;
}

void json_text(struct buf *b, struct span s)
{
    const char *at = s.at, *end = s.at + s.len, *plain = at;
    uint32_t cp;

    buf_char(b, '"');
    while ((at = json_plain(at, end)) < end) {
        size_t len = utf8_next(at, end, &cp);
        bool bad = len == 1 && cp == UTF8_BAD;

        if (!bad && cp >= 0x80 && cp != 0x2028 && cp != 0x2029) {
            at += len;
            continue;
        }
        buf_put(b, plain, (size_t)(at - plain));
        if (bad)
            buf_str(b, "\xEF\xBF\xBD");
        else if (cp == '\n')
            buf_str(b, "\\n");
        else if (cp == '\t')
            buf_str(b, "\\t");
        else if (cp == '"' || cp == '\\')
            buf_printf(b, "\\%c", (int)cp);
        else
            buf_printf(b, "\\u%04" PRIx32, cp);
        at += len;
        plain = at;
    }
    buf_put(b, plain, (size_t)(at - plain));
    buf_char(b, '"');
}

void json_put_text(struct buf *b, const char *name, struct span s)
{
    json_key(b, name);
    json_text(b, s);
}

void json_put_int(struct buf *b, const char *name, int64_t n)
{
    json_key(b, name);
    buf_int(b, n);
}

void json_put_bool(struct buf *b, const char *name, bool yes)
{
    json_key(b, name);
    buf_str(b, yes ? "true" : "false");
}

void json_put_null(struct buf *b, const char *name)
{
    json_key(b, name);
    buf_str(b, "null");
}
