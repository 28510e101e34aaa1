#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

void buf_init(struct buf *b, size_t max)
{
    *b = BUF_INIT(max);
}

void buf_fini(struct buf *b)
{
    free(b->at);
    *b = BUF_INIT(b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->err = 0;
}

int buf_err(const struct buf *b)
{
    return b->err;
}

/* Makes room. The capacity is never more than the maximum. */
static char *grow(struct buf *b, size_t len)
{
    size_t cap = b->cap;
    char *at;

    if (b->err)
        return NULL;
    if (len > b->max - b->len) {
        b->err = ERR_TOOBIG;
        return NULL;
    }
    while (cap - b->len < len)
        cap = cap > b->max / 2 ? b->max : cap < 64 ? 64 : cap * 2;
    cap = cap < b->max ? cap : b->max; /* what fits the memory fits the maximum */
    at = realloc(b->at, cap);
    if (!at) {
        b->err = ERR_NOMEM;
        return NULL;
    }
    b->at = at;
    b->cap = cap;
    return at + b->len;
}

static inline char *room(struct buf *b, size_t len)
{
    return !b->err && len <= b->cap - b->len ? b->at + b->len : grow(b, len);
}

char *buf_room(struct buf *b, size_t len)
{
    return room(b, len);
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
    char *at = len ? room(b, len) : NULL;

    if (at) {
        memcpy(at, bytes, len);
        b->len += len;
    }
}

void buf_span(struct buf *b, struct span s)
{
    buf_put(b, s.at, s.len);
}

void buf_str(struct buf *b, const char *s)
{
    buf_put(b, s, strlen(s));
}

void buf_int(struct buf *b, int64_t n)
{
    char digits[20], *at = digits + sizeof digits;
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;

    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (n < 0)
        *--at = '-';
    buf_put(b, at, (size_t)(digits + sizeof digits - at));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap, again;
    int n;
    char *at;

    va_start(ap, format);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, ap);
    at = n < 0 ? NULL : buf_room(b, (size_t)n + 1);
    if (at) {
        vsnprintf(at, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
    va_end(ap);
}

/* The low `bytes` bytes of n, in the order asked for. */
static void put_number(struct buf *b, uint64_t n, size_t bytes, bool big_end_first)
{
    char *at = buf_room(b, bytes);

    if (!at)
        return;
    for (size_t i = 0; i < bytes; i++)
        at[big_end_first ? bytes - 1 - i : i] = (char)(n >> (8 * i) & 0xff);
    b->len += bytes;
}

void buf_le16(struct buf *b, uint16_t n)
{
    put_number(b, n, 2, false);
}

void buf_le64(struct buf *b, uint64_t n)
{
    put_number(b, n, 8, false);
}

void buf_be32(struct buf *b, uint32_t n)
{
    put_number(b, n, 4, true);
}

void buf_be64(struct buf *b, uint64_t n)
{
    put_number(b, n, 8, true);
}

void buf_varint(struct buf *b, uint64_t n)
{
    char bytes[10];
    size_t len = 0;

    if (n < 0x80) {
        buf_char(b, (char)n);
        return;
    }
    while (n >= 0x80) {
        bytes[len++] = (char)(n | 0x80);
        n >>= 7;
    }
    bytes[len++] = (char)n;
    buf_put(b, bytes, len);
}
