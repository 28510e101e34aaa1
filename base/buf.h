/* buf.h -- bytes that grow, with a stated maximum.
 *
 * A buf remembers its first failure (out of memory, or past its maximum) and ignores what is put after
 * it, so a writer puts many small pieces and checks once, with buf_err(), before it uses the bytes.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdint.h>

#include "base/span.h"

#define KiB ((size_t)1024)
#define MiB (1024 * KiB)

struct buf {
    char *at;
    size_t len, cap, max;
    int err; /* 0, ERR_NOMEM or ERR_TOOBIG */
};

#define BUF_INIT(max_bytes) ((struct buf){.max = (max_bytes)})

/* Starts empty; nothing is allocated before the first byte. */
void buf_init(struct buf *b, size_t max);

/* Frees the bytes; the buf is empty and usable again. */
void buf_fini(struct buf *b);

/* Forgets the bytes and the failure, keeps the memory. */
void buf_clear(struct buf *b);

/* Room for `len` more bytes at the returned place, or NULL (the failure is remembered). The caller adds
 * what it wrote to b->len. */
char *buf_room(struct buf *b, size_t len);

void buf_put(struct buf *b, const void *bytes, size_t len);
void buf_span(struct buf *b, struct span s);
void buf_str(struct buf *b, const char *s);
void buf_int(struct buf *b, int64_t n); /* in decimal digits */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void buf_char(struct buf *b, char c)
{
    if (b->len < b->cap && !b->err)
        b->at[b->len++] = c;
    else
        buf_put(b, &c, 1);
}

/* Fixed-width numbers, little end first (values) and big end first (keys, so that they sort). */
void buf_le16(struct buf *b, uint16_t n);
void buf_le64(struct buf *b, uint64_t n);
void buf_be32(struct buf *b, uint32_t n);
void buf_be64(struct buf *b, uint64_t n);

/* Seven bits a byte, low bits first, the top bit says "more". */
void buf_varint(struct buf *b, uint64_t n);

/* 0, or the first failure. */
int buf_err(const struct buf *b);

/* What is in it; never NULL. */
static inline struct span buf_view(const struct buf *b)
{
    return (struct span){b->at ? b->at : "", b->len};
}

/* Writes a number of 32 bits as buf_varint does, where there is room for its five bytes; returns its end. */
static inline uint8_t *varint_put(uint8_t *at, uint32_t n)
{
    for (; n >= 0x80; n >>= 7)
        *at++ = (uint8_t)(n | 0x80);
    *at++ = (uint8_t)n;
    return at;
}

#endif
