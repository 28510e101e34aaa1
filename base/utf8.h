/* utf8.h -- one character at a time, out of bytes that may not be UTF-8 at all.
 *
 * Source of the rules: Unicode 15.0, table 3-7 (well-formed byte sequences): no overlong forms, no
 * surrogates, nothing past U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "base/span.h"

enum { UTF8_BAD = 0xFFFD };

/* utf8_next for what has four bytes or is broken. */
size_t utf8_next_long(const char *at, const char *end, uint32_t *cp);

/* Reads the character at `at` (at < end) and returns its length, 1 to 4. A byte that begins no
 * well-formed character counts as one character U+FFFD of length 1. */
static inline size_t utf8_next(const char *at, const char *end, uint32_t *cp)
{
    const unsigned char *b = (const unsigned char *)at;

    if (b[0] < 0x80) {
        *cp = b[0];
        return 1;
    }
    if (b[0] >= 0xC2 && b[0] <= 0xDF && end - at >= 2 && (b[1] & 0xC0) == 0x80) {
        *cp = (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
        return 2;
    }
    if ((b[0] & 0xF0) == 0xE0 && end - at >= 3 && (b[1] & 0xC0) == 0x80 && (b[2] & 0xC0) == 0x80) {
        *cp = (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
        if (*cp >= 0x800 && (*cp < 0xD800 || *cp > 0xDFFF))
            return 3;
    }
    return utf8_next_long(at, end, cp);
}

/* utf8_prev for what is no ASCII. */
size_t utf8_prev_long(const char *start, const char *at, uint32_t *cp);

/* The character before `at` (start < at): its length, and itself in *cp. Same rule for bad bytes. */
static inline size_t utf8_prev(const char *start, const char *at, uint32_t *cp)
{
    *cp = (unsigned char)at[-1];
    return *cp < 0x80 ? 1 : utf8_prev_long(start, at, cp);
}

/* Writes the character, returns its length; U+FFFD for what is none. */
static inline size_t utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = UTF8_BAD;
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

/* True when all is well-formed; else *bad (unless NULL) is the offset of the first byte that is not. */
bool utf8_valid(struct span s, size_t *bad);

/* How many characters a well-formed text has, and how many line feeds. */
size_t utf8_count(struct span s);
size_t utf8_lines(struct span s);

/* The longest part that ends between characters and has at most `max` bytes. */
struct span utf8_cut(struct span s, size_t max);

#endif
