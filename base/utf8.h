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

/* Reads the character at `at` (at < end) and returns its length, 1 to 4. A byte that begins no
 * well-formed character counts as one character U+FFFD of length 1. */
size_t utf8_next(const char *at, const char *end, uint32_t *cp);

/* The character before `at` (start < at): its length, and itself in *cp. Same rule for bad bytes. */
size_t utf8_prev(const char *start, const char *at, uint32_t *cp);

/* Writes the character, returns its length; U+FFFD for what is none. */
size_t utf8_put(char out[4], uint32_t cp);

/* True when all is well-formed; else *bad (unless NULL) is the offset of the first byte that is not. */
bool utf8_valid(struct span s, size_t *bad);

/* The longest part that ends between characters and has at most `max` bytes. */
struct span utf8_cut(struct span s, size_t max);

#endif
