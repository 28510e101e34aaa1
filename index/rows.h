/* rows.h -- keys and values of the store as bytes: every layout of schema.h, in one place, both ways.
 *
 * Encoders write into a buf (check buf_err once). Decoders take bytes that nobody vouches for: what does
 * not fit, runs backwards or is left over is ERR_CORRUPT. Spans that they give are copies in the arena.
 * Pure functions: nothing here knows LMDB.
 */
#ifndef INDEX_ROWS_H
#define INDEX_ROWS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/take.h"
#include "index/schema.h"

/* ---- keys -------------------------------------------------------------------------------------------- */

enum {
    KEY_MAX = 480,    /* LMDB stops at 511; the longest of ours is a term's */
    DEAD_BITS = 8192, /* numbers in one bitmap of `dead` */
    LENS_COUNT = 900  /* lengths in one record */
};

struct key {
    size_t len;
    uint8_t at[KEY_MAX];
};

/* Adds to a key that begins empty: struct key k = {0}. What does not fit is a mistake of ours. */
void key_u8(struct key *k, uint8_t n);
void key_be32(struct key *k, uint32_t n);
void key_be64(struct key *k, uint64_t n);
void key_bytes(struct key *k, struct span s);

struct key key_number(uint32_t no); /* docs */
struct key key_pair(uint32_t a, uint32_t b);
struct key key_hold(uint32_t file, uint32_t n); /* files: its article n */
struct key key_file(uint32_t file);             /* files: its row, behind all of them */
struct key key_quotes(uint32_t doc,
                      uint32_t last); /* the record of docs that ends with quote `last`, or a later one */
struct key key_places(uint32_t doc);  /* what those of its places begin with */
struct key key_place(uint32_t doc, uint32_t file, uint32_t n);
struct key key_dead(char kind, uint32_t no); /* of the bitmap that holds the number */
struct key key_text(uint64_t address);
struct key key_part(uint32_t segment, unsigned part, uint32_t first);      /* of what is not a list */
struct key key_term(uint32_t segment, enum field field, struct span term); /* with its closing 00 */

static inline struct span key_span(const struct key *k)
{
    return (struct span){(const char *)k->at, k->len};
}

/* Whether a key of files is a file's row. */
bool key_is_file(struct span key);

/* Whether a key of docs is one of quotes, or of a place, of this document. */
bool key_is_quotes(struct span key, uint32_t doc);
bool key_is_place(struct span key, uint32_t doc);

/* The number at byte `at` of a key that is long enough. */
uint32_t key_read32(struct span key, size_t at);
uint64_t key_read64(struct span key, size_t at);

/* ---- values: payloads, without the checksum ---------------------------------------------------------- */

enum { CHECKSUM = 4 };

/* Low 32 bits of XXH3-64 over the payload, seeded with XXH3-64 of the key. */
uint32_t row_checksum(struct span key, struct span payload);

/* Splits a value into its payload; ERR_CORRUPT when the checksum is wrong. */
int row_verify(struct span key, struct span value, struct span *payload);

/* A number that may be less than 0, the small ones first: 0, -1, 1, -2, ... */
static inline uint64_t zigzag(int64_t n)
{
    return n < 0 ? ((uint64_t) - (n + 1) << 1) + 1 : (uint64_t)n << 1;
}

static inline int64_t unzigzag(uint64_t coded)
{
    return coded & 1 ? -(int64_t)(coded >> 1) - 1 : (int64_t)(coded >> 1);
}

/* What `meta` knows beside the format: what to number next, and sums over the living. */
struct totals {
    uint32_t next_doc, next_quote, next_file, next_segment;
    uint64_t next_text; /* text address */
    uint64_t docs, docs_dead, words, quotes, quotes_attributed, text_bytes;
};

void put_totals(struct buf *b, const struct totals *t);
int get_totals(struct span payload, struct totals *t);

/* One of the segments that `meta` lists. */
void put_segment(struct buf *b, const struct segment *s);
int get_segment(struct take *t, struct segment *s);

void put_doc(struct buf *b, const struct doc_row *d);
int get_doc_head(struct span payload, struct doc_row *d); /* only its numbers: neither texts nor blocks */
int get_doc(struct arena *mem, struct span payload, struct doc_row *d);

void put_file(struct buf *b, const struct file_row *f);
int get_file(struct arena *mem, struct span payload, struct file_row *f);

void put_hold(struct buf *b, const struct place_row *p); /* file, n and path are not in it */
int get_hold(struct span payload, struct place_row *p);

#endif
