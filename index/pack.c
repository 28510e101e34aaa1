#include "index/pack.h"

#include <assert.h>
#include <endian.h>

#include "base/err.h"
#include "index/impact.h"

/* ---- bits -------------------------------------------------------------------------------------------- */

static unsigned bits_of(uint32_t n)
{
    unsigned bits = 0;

    for (; n; n >>= 1)
        bits++;
    return bits;
}

static size_t packed_bytes(uint32_t count, unsigned bits)
{
    return ((size_t)count * bits + 7) / 8;
}

/* Low bits first, without a gap between numbers or at a byte's border. */
static void put_bits(struct buf *b, const uint32_t *numbers, uint32_t count, unsigned bits)
{
    uint64_t waiting = 0;
    unsigned held = 0;

    for (uint32_t i = 0; i < count; i++) {
        waiting |= (uint64_t)numbers[i] << held;
        for (held += bits; held >= 8; held -= 8, waiting >>= 8)
            buf_char(b, (char)(waiting & 0xff));
    }
    if (held)
        buf_char(b, (char)(waiting & 0xff));
}

/* Eight numbers of `bits` bits, which begin at a byte, out of eight bytes each. With `bits` known to the compiler all
 * shifts are. */
static inline __attribute__((always_inline)) void get_eight(const uint8_t *at, uint32_t *numbers,
                                                            unsigned bits)
{
    uint64_t mask = (UINT64_C(1) << bits) - 1, eight;

#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        memcpy(&eight, at + i * bits / 8, sizeof eight);
        numbers[i] = (uint32_t)(le64toh(eight) >> i * bits % 8 & mask);
    }
}

static inline __attribute__((always_inline)) uint32_t
get_eights(const uint8_t *at, const uint8_t *end, uint32_t *numbers, uint32_t count, unsigned bits)
{
    uint32_t i = 0;

    for (; i + 8 <= count && (size_t)(end - at) >= 7 * bits / 8 + 8; i += 8, at += bits)
        get_eight(at, numbers + i, bits);
    return i;
}

/* Most blocks are of narrow numbers: each width has code of its own. */
static uint32_t get_most(const uint8_t *at, const uint8_t *end, uint32_t *numbers, uint32_t count,
                         unsigned bits)
{
    switch (bits) {
#define WIDTH(n) \
    case n:      \
        return get_eights(at, end, numbers, count, n);
        WIDTH(1)
        WIDTH(2)
        WIDTH(3)
        WIDTH(4)
        WIDTH(5)
        WIDTH(6)
        WIDTH(7)
        WIDTH(8)
        WIDTH(9)
        WIDTH(10)
        WIDTH(11)
        WIDTH(12)
#undef WIDTH
    default:
        return get_eights(at, end, numbers, count, bits);
    }
}

/* Reads what put_bits wrote; the caller has checked that packed_bytes(count, bits) are there. What is too near to `end` to
 * be read by eight bytes is read byte by byte. */
static void get_bits(const uint8_t *at, const uint8_t *end, uint32_t *numbers, uint32_t count, unsigned bits)
{
    uint32_t i;
    size_t bit;

    if (bits == 0) {
        memset(numbers, 0, count * sizeof *numbers);
        return;
    }
    i = get_most(at, end, numbers, count, bits);
    bit = (size_t)i * bits;
    for (; i < count; i++, bit += bits) {
        uint64_t n = 0;

        for (size_t byte = bit / 8; byte * 8 < bit + bits; byte++)
            n |= (uint64_t)at[byte] << (byte - bit / 8) * 8;
        numbers[i] = (uint32_t)(n >> bit % 8 & ((UINT64_C(1) << bits) - 1));
    }
}

/* ---- reading ----------------------------------------------------------------------------------------- */

int pack_take(struct take *t, uint32_t before, struct pack *p)
{
    uint32_t step, tail;

    *p = (struct pack){.count = take_varint32(t)};
    step = take_varint32(t);
    p->gap_bits = (unsigned)take_le(t, 1);
    p->count_bits = (unsigned)take_le(t, 1);
    tail = take_varint32(t);
    p->pos_bytes = tail >> 3;
    p->weighted = tail >> 1 & 1;
    p->aside = tail & 1;
    if (p->weighted)
        p->extra_bits = (unsigned)take_le(t, 1);
    p->impact = tail & 4 ? (uint32_t)take_le(t, 2) : IMPACT_MOST;
    if (t->bad || p->count == 0 || p->count > POST_BLOCK || p->gap_bits > 32 || p->count_bits > 31 ||
        p->extra_bits > 31 || step < p->count || step > UINT32_MAX - before)
        return ERR_CORRUPT;
    p->last = before + step;
    p->gaps = (const uint8_t *)take_span(t, packed_bytes(p->count, p->gap_bits)).at;
    p->counts = (const uint8_t *)take_span(t, packed_bytes(p->count, p->count_bits)).at;
    p->extras = (const uint8_t *)take_span(t, packed_bytes(p->count, p->extra_bits)).at;
    p->end = t->end;
    if (!p->aside)
        p->positions = (const uint8_t *)take_span(t, p->pos_bytes).at;
    return t->bad ? ERR_CORRUPT : 1;
}

int pack_take_one(struct take *t, uint32_t before, uint64_t cf, struct pack *p)
{
    uint64_t head = take_varint(t), step = head >> 2;

    *p = (struct pack){.count = 1, .impact = IMPACT_MOST, .weighted = head >> 1 & 1, .aside = head & 1};
    if (p->weighted)
        p->extra = take_varint32(t);
    p->pos_bytes = p->aside ? take_varint32(t) : (uint32_t)take_left(t);
    if (t->bad || step == 0 || step > UINT32_MAX - before || cf == 0 || cf > UINT32_MAX - p->extra)
        return ERR_CORRUPT;
    p->last = before + (uint32_t)step;
    p->one = (uint32_t)cf;
    if (!p->aside)
        p->positions = (const uint8_t *)take_span(t, p->pos_bytes).at;
    return take_left(t) ? ERR_CORRUPT : 1;
}

int pack_numbers(const struct pack *p, uint32_t before, uint32_t numbers[POST_BLOCK])
{
    uint64_t at = before; /* cannot wrap, so that numbers rise if the last is right */

    if (p->one) {
        numbers[0] = p->last;
        return 1;
    }
    get_bits(p->gaps, p->end, numbers, p->count, p->gap_bits);
#pragma GCC unroll 8
    for (uint32_t i = 0; i < p->count; i++) {
        at += (uint64_t)numbers[i] + 1;
        numbers[i] = (uint32_t)at;
    }
    return at == p->last ? 1 : ERR_CORRUPT;
}

void pack_counts(const struct pack *p, uint32_t counts[POST_BLOCK])
{
    if (p->one) {
        counts[0] = p->one;
        return;
    }
    get_bits(p->counts, p->end, counts, p->count, p->count_bits);
#pragma GCC unroll 8
    for (uint32_t i = 0; i < p->count; i++)
        counts[i]++;
}

void pack_weights(const struct pack *p, const uint32_t counts[POST_BLOCK], uint32_t weights[POST_BLOCK])
{
    if (p->one) {
        weights[0] = p->one + p->extra;
        return;
    }
    get_bits(p->extras, p->end, weights, p->count, p->extra_bits);
#pragma GCC unroll 8
    for (uint32_t i = 0; i < p->count; i++)
        weights[i] += counts[i];
}

/* A position ends with the byte that has no top bit, so eight bytes are passed at once by counting. */
bool pack_skip(struct take *t, uint64_t count)
{
    if (count > take_left(t)) /* each takes a byte at least */
        t->bad = true;
    while (take_left(t) >= 8 && count >= 8) {
        uint64_t eight;
        memcpy(&eight, t->at, sizeof eight);
        eight = ~eight >> 7 & UINT64_C(0x0101010101010101);
        count -= eight * UINT64_C(0x0101010101010101) >> 56;
        t->at += 8;
    }
    /* Those eight may have ended inside a position; the loop below ends at the end of one. */
    for (; count && !t->bad; count--)
        (void)take_varint(t);
    return !t->bad;
}

int pack_positions(struct take *positions, uint32_t count, uint32_t *out)
{
    struct take t = *positions; /* a copy that nobody else sees stays in registers */
    uint32_t next = 0;          /* the least that the position may be */

    for (uint32_t i = 0; i < count; i++) {
        uint32_t gap = take_varint32(&t);
        if (t.bad || gap >= UINT32_MAX - next)
            return ERR_CORRUPT;
        out[i] = next + gap;
        next = out[i] + 1;
    }
    *positions = t;
    return 1;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

void pack_put_positions(struct buf *b, const uint32_t *positions, uint32_t count)
{
    uint32_t next = 0;

    for (uint32_t i = 0; i < count; i++) {
        assert(positions[i] >= next && positions[i] < UINT32_MAX);
        buf_varint(b, positions[i] - next);
        next = positions[i] + 1;
    }
}

bool pack_put(struct buf *b, uint32_t before, const uint32_t *numbers, const uint32_t *counts,
              const uint32_t *extras, uint32_t count, uint32_t impact, struct span positions)
{
    uint32_t gaps[POST_BLOCK], less[POST_BLOCK], any_gap = 0, any_less = 0, any_extra = 0, at = before;
    bool aside = positions.len > PACK_INLINE, ranked = impact != 0;

    assert(count > 0 && count <= POST_BLOCK && positions.len <= UINT32_MAX / 8 && impact <= IMPACT_MOST);
    for (uint32_t i = 0; i < count; i++) {
        assert(numbers[i] > at && counts[i] > 0);
        any_gap |= gaps[i] = numbers[i] - at - 1;
        any_less |= less[i] = counts[i] - 1;
        any_extra |= extras[i];
        at = numbers[i];
    }
    buf_varint(b, count);
    buf_varint(b, at - before);
    buf_char(b, (char)bits_of(any_gap));
    buf_char(b, (char)bits_of(any_less));
    buf_varint(b, positions.len << 3 | (uint64_t)ranked << 2 | (uint64_t)(any_extra != 0) << 1 | aside);
    if (any_extra)
        buf_char(b, (char)bits_of(any_extra));
    if (ranked)
        buf_le16(b, (uint16_t)impact);
    put_bits(b, gaps, count, bits_of(any_gap));
    put_bits(b, less, count, bits_of(any_less));
    put_bits(b, extras, count, bits_of(any_extra));
    if (!aside)
        buf_span(b, positions);
    return aside;
}

bool pack_put_one(struct buf *b, uint32_t before, uint32_t number, uint32_t extra, struct span positions)
{
    bool aside = positions.len > PACK_INLINE;

    assert(number > before && positions.len <= UINT32_MAX);
    buf_varint(b, (uint64_t)(number - before) << 2 | (uint64_t)(extra != 0) << 1 | aside);
    if (extra)
        buf_varint(b, extra);
    if (aside)
        buf_varint(b, positions.len);
    else
        buf_span(b, positions);
    return aside;
}
