#include "base/json.h"

#include <inttypes.h>

#include "base/utf8.h"

void json_sep(struct buf *b)
{
    if (b->len && !strchr("{[,:\n", b->at[b->len - 1]))
        buf_char(b, ',');
}

void json_key(struct buf *b, const char *name)
{
    json_sep(b);
    buf_printf(b, "\"%s\":", name);
}

void json_text(struct buf *b, struct span s)
{
    const char *at = s.at, *end = s.at + s.len, *plain = at;
    uint32_t cp;

    buf_char(b, '"');
    while (at < end) {
        size_t len = utf8_next(at, end, &cp);
        bool bad = len == 1 && cp == UTF8_BAD;

        if (!bad && cp >= 0x20 && cp != '"' && cp != '\\' && cp != 0x7f && cp != 0x2028 && cp != 0x2029) {
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
    buf_printf(b, "%" PRId64, n);
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
