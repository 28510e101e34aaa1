/* take.h -- numbers and pieces out of bytes that nobody vouches for.
 *
 * A take walks from `at` to `end`. Each call checks what is left; the first that does not fit sets `bad`,
 * and every later one answers zero. So a decoder takes its fields in order and checks `bad` once.
 */
#ifndef BASE_TAKE_H
#define BASE_TAKE_H

#include <stdint.h>

#include "base/span.h"

struct take {
    const uint8_t *at, *end; /* borrowed */
    bool bad;
};

static inline struct take take_open(const void *bytes, size_t len)
{
    return (struct take){bytes, (const uint8_t *)bytes + len, false};
}

static inline size_t take_left(const struct take *t)
{
    return t->bad ? 0 : (size_t)(t->end - t->at);
}

/* The low end first. `bytes` is at most 8. */
static inline uint64_t take_le(struct take *t, size_t bytes)
{
    uint64_t n = 0;

    if (take_left(t) < bytes) {
        t->bad = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        n |= (uint64_t)t->at[i] << (8 * i);
    t->at += bytes;
    return n;
}

/* The big end first. `bytes` is at most 8. */
static inline uint64_t take_be(struct take *t, size_t bytes)
{
    uint64_t n = 0;

    if (take_left(t) < bytes) {
        t->bad = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | t->at[i];
    t->at += bytes;
    return n;
}

static inline uint64_t take_varint(struct take *t)
{
    uint64_t n = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (take_left(t) == 0)
            break;
        uint8_t byte = *t->at++;
        n |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return n;
    }
    t->bad = true;
    return 0;
}

/* A varint that must fit 32 bits. */
static inline uint32_t take_varint32(struct take *t)
{
    uint64_t n = take_varint(t);

    if (n > UINT32_MAX) {
        t->bad = true;
        return 0;
    }
    return (uint32_t)n;
}

static inline struct span take_span(struct take *t, size_t len)
{
    struct span s = {(const char *)t->at, len};

    if (take_left(t) < len) {
        t->bad = true;
        return (struct span){"", 0};
    }
    t->at += len;
    return s;
}

/* A varint length, then so many bytes. */
static inline struct span take_text(struct take *t)
{
    uint64_t len = take_varint(t);

    if (len > take_left(t)) {
        t->bad = true;
        return (struct span){"", 0};
    }
    return take_span(t, (size_t)len);
}

#endif
