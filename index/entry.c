#include "index/entry.h"

#include <assert.h>

#include "base/err.h"

enum { NIBBLE = 15 }; /* what half a byte cannot say alone */

/* ---- reading ----------------------------------------------------------------------------------------- */

/* How an entry begins: how long its parts are. */
struct head {
    uint32_t shared, tail;
    struct span rest;
};

static int take_long_head(struct take *t, struct head *h)
{
    uint32_t both = (uint32_t)take_le(t, 1), rest = both & NIBBLE;

    h->shared = both >> 4;
    if (h->shared == NIBBLE)
        h->shared += take_varint32(t);
    if (rest == NIBBLE)
        rest += take_varint32(t);
    h->tail = take_varint32(t);
    h->rest = take_span(t, rest);
    return t->bad || rest == 0 || h->tail > take_left(t) ? ERR_CORRUPT : 1;
}

/* Of two bytes, in most: a walk over all terms spends most of its time here. */
static inline int take_head(struct take *t, struct head *h)
{
    const uint8_t *at = t->at;
    uint32_t rest = at[0] & NIBBLE, shared = at[0] >> 4;

    if (t->end - at < 2 + NIBBLE || (rest - 1) >= NIBBLE - 1 || shared == NIBBLE || at[1] >= 0x80 ||
        at[1] > (size_t)(t->end - at) - 2 - rest)
        return take_long_head(t, h);
    *h = (struct head){shared, at[1], {(const char *)at + 2, rest}};
    t->at += 2 + rest;
    return 1;
}

void entry_open(struct entry_reader *r, struct span record)
{
    r->left = take_open(record.at, record.len);
    r->len = r->shared = 0;
}

int entry_next(struct entry_reader *r)
{
    struct head h;

    if (!take_left(&r->left))
        return r->left.bad ? ERR_CORRUPT : 0;
    if (take_head(&r->left, &h) < 0 || h.shared > r->len || h.rest.len > LIMIT_TERM - h.shared ||
        (h.shared < r->len && (uint8_t)h.rest.at[0] <= (uint8_t)r->term[h.shared]))
        return r->left.bad = true, ERR_CORRUPT;
    if (h.rest.len <= ENTRY_SLACK && r->left.end - (const uint8_t *)h.rest.at >= ENTRY_SLACK)
        memcpy(r->term + h.shared, h.rest.at, ENTRY_SLACK); /* a length that the compiler knows */
    else
        memcpy(r->term + h.shared, h.rest.at, h.rest.len);
    r->shared = h.shared;
    r->len = h.shared + h.rest.len;
    r->tail = (struct span){h.rest.at + h.rest.len, h.tail};
    r->left.at += h.tail;
    return 1;
}

int entry_read(struct span tail, struct term_entry *e)
{
    struct take t = take_open(tail.at, tail.len);
    uint64_t head = take_varint(&t), more = head & 2 ? take_varint(&t) : 0;

    if (t.bad || head >> 2 == 0 || head >> 2 > UINT32_MAX || more > UINT64_MAX / 2)
        return ERR_CORRUPT;
    e->df = (uint32_t)(head >> 2);
    e->cf = e->df + more;
    e->far = head & 1;
    e->list = take_span(&t, take_left(&t));
    return e->far == (e->list.len == 0) ? 1 : ERR_CORRUPT;
}

static size_t common_bytes(struct span a, struct span b)
{
    size_t n = 0;

    while (n < a.len && n < b.len && a.at[n] == b.at[n])
        n++;
    return n;
}

/* Terms rise, so one that shares more with the term before it than that does with ours stands before ours too, and one that
 * shares less stands behind it. */
int entry_find(struct span record, struct span term, struct term_entry *e)
{
    struct take t = take_open(record.at, record.len);
    size_t same = 0; /* bytes of ours that the term read last begins with */
    struct head h;

    while (take_left(&t)) {
        if (take_head(&t, &h) < 0)
            return ERR_CORRUPT;
        if (h.shared < same)
            return 0;
        if (h.shared == same) {
            struct span left = span_cut(term, same, term.len);
            size_t n = common_bytes(h.rest, left);

            same += n;
            if (n == left.len)
                return n == h.rest.len ? entry_read(take_span(&t, h.tail), e) : 0;
            if (n < h.rest.len && (uint8_t)h.rest.at[n] > (uint8_t)left.at[n])
                return 0;
        }
        t.at += h.tail;
    }
    return t.bad ? ERR_CORRUPT : 0;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

static size_t varint_bytes(uint64_t n)
{
    size_t bytes = 1;

    for (; n >= 0x80; n >>= 7)
        bytes++;
    return bytes;
}

void entry_put(struct buf *b, struct span before, struct span term, const struct term_entry *e)
{
    size_t shared = common_bytes(before, term), rest = term.len - shared;
    uint64_t more = e->cf - e->df, head = (uint64_t)e->df << 2 | (uint64_t)(more != 0) << 1 | e->far;

    assert(e->df > 0 && e->cf >= e->df && rest > 0 && span_cmp(before, term) < 0);
    buf_char(b, (char)((shared < NIBBLE ? shared : NIBBLE) << 4 | (rest < NIBBLE ? rest : NIBBLE)));
    if (shared >= NIBBLE)
        buf_varint(b, shared - NIBBLE);
    if (rest >= NIBBLE)
        buf_varint(b, rest - NIBBLE);
    buf_varint(b, varint_bytes(head) + (more ? varint_bytes(more) : 0) + e->list.len);
    buf_span(b, span_cut(term, shared, term.len));
    buf_varint(b, head);
    if (more)
        buf_varint(b, more);
    buf_span(b, e->list);
}
