#include "base/utf8.h"

#include "base/eight.h"

size_t utf8_next_long(const char *text, const char *text_end, uint32_t *cp)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = (size_t)(text_end - text);
    uint32_t c = at[0];

    if (c >= 0xF0 && c <= 0xF4 && left >= 4 && (at[1] & 0xC0) == 0x80 && (at[2] & 0xC0) == 0x80 &&
        (at[3] & 0xC0) == 0x80) {
        *cp = (c & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 | (uint32_t)(at[2] & 0x3F) << 6 |
              (at[3] & 0x3F);
        if (*cp >= 0x10000 && *cp <= 0x10FFFF)
            return 4;
    }
    *cp = UTF8_BAD;
    return 1;
}

size_t utf8_prev_long(const char *start, const char *at, uint32_t *cp)
{
    for (size_t len = 1; len <= 4 && len <= (size_t)(at - start); len++)
        if (((uint8_t)at[-(ptrdiff_t)len] & 0xC0) != 0x80 && utf8_next(at - len, at, cp) == len)
            return len;
    *cp = UTF8_BAD;
    return 1;
}

bool utf8_valid(struct span s, size_t *bad)
{
    const char *at = s.at, *end = s.at + s.len;
    uint32_t cp;

    while (at < end) {
        size_t len;

        if (end - at >= 8 && !eight_high(eight_at(at))) {
            at += 8;
            continue;
        }
        len = utf8_next(at, end, &cp);
        if (len == 1 && cp == UTF8_BAD) {
            if (bad)
                *bad = (size_t)(at - s.at);
            return false;
        }
        at += len;
    }
    return true;
}

/* Every byte but 10xxxxxx begins one. */
size_t utf8_count(struct span s)
{
    const char *end = s.at + s.len;
    size_t n = s.len;

    for (const char *at = s.at; at < end; at += 8) {
        uint64_t eight = eight_until(at, end);

        n -= eight_count(eight_high(eight & ~(eight << 1)));
    }
    return n;
}

size_t utf8_lines(struct span s)
{
    const char *end = s.at + s.len;
    size_t n = 0;

    for (const char *at = s.at; at < end; at += 8)
        n += eight_count(eight_is(eight_until(at, end), '\n'));
    return n;
}

struct span utf8_cut(struct span s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && ((uint8_t)s.at[max] & 0xC0) == 0x80)
        max--;
    return (struct span){s.at, max};
}
