/* eight.h -- eight bytes of text at a time, as one number whose lowest byte is the first.
 *
 *      "he left."  ──►  0x2E7466656C206568
 *
 * A look answers for all of them at once: the high bit of each byte says yes or no, and eight_run() how many say yes
 * from the first on. Where a text has less than eight left, zeroes stand for the rest.
 */
#ifndef BASE_EIGHT_H
#define BASE_EIGHT_H

#include <stdint.h>

#include "base/span.h"

/* One byte eight times. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

static inline uint64_t eight_swap(uint64_t v)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(v) : v;
}

/* All eight must be there. */
static inline uint64_t eight_at(const char *at)
{
    uint64_t v;

    memcpy(&v, at, sizeof v);
    return eight_swap(v);
}

/* Four of them. */
static inline uint64_t eight_half(const char *at)
{
    uint32_t v;

    memcpy(&v, at, sizeof v);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap32(v) : v;
}

/* Those before `end`; of less than eight, some are read twice. */
static inline uint64_t eight_until(const char *at, const char *end)
{
    size_t left = (size_t)(end - at);
    uint64_t v = 0;

    if (left >= 8)
        return eight_at(at);
    if (left >= 4)
        return eight_half(at) | eight_half(end - 4) << 8 * (left - 4);
    for (size_t i = 0; i < left; i++)
        v |= (uint64_t)(unsigned char)at[i] << 8 * i;
    return v;
}

static inline void eight_put(char *to, uint64_t v)
{
    v = eight_swap(v);
    memcpy(to, &v, sizeof v);
}

/* The first n, zeroes for the rest. */
static inline uint64_t eight_first(uint64_t v, unsigned n)
{
    return n < 8 ? v & ~(UINT64_MAX << 8 * n) : v;
}

/* ---- looks ---------------------------------------------------------------------------------------------- */

/* At 0x80 or above. */
static inline uint64_t eight_high(uint64_t v)
{
    return v & EIGHT(0x80);
}

/* At `low` (1 to 0x80) or above. */
static inline uint64_t eight_from(uint64_t v, unsigned low)
{
    return (((v & EIGHT(0x7F)) + EIGHT(0x80 - low)) | v) & EIGHT(0x80);
}

/* From `low` to `high` (1 to 0x7F). */
static inline uint64_t eight_within(uint64_t v, unsigned low, unsigned high)
{
    uint64_t seven = v & EIGHT(0x7F);

    return ((seven + EIGHT(0x80 - low)) ^ (seven + EIGHT(0x7F - high))) & ~v & EIGHT(0x80);
}

/* The byte itself (below 0x80). */
static inline uint64_t eight_is(uint64_t v, unsigned byte)
{
    return ~eight_from(v ^ EIGHT(byte), 1) & EIGHT(0x80);
}

/* How many say yes before the first that says no: 0 to 8. */
static inline unsigned eight_run(uint64_t yes)
{
    uint64_t no = ~yes & EIGHT(0x80);

    return no ? (unsigned)__builtin_ctzll(no) / 8 : 8;
}

/* How many say yes. */
static inline unsigned eight_count(uint64_t yes)
{
    return (unsigned)((yes >> 7) * EIGHT(1) >> 56);
}

#endif
