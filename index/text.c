#include "index/text.h"

#include <assert.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/err.h"
#include "base/take.h"

enum {
    LEVEL = 3,
    HEAD = 4,
    PACKED_MAX = HEAD + TEXT_BLOCK + 1024, /* past ZSTD_compressBound */
    PIECE = 2016, /* bytes of a packed block in one record: two fill a page of LMDB */
    BLOCK_KEY = 8
};

int text_writer_init(struct text_writer *tw)
{
    *tw = (struct text_writer){
        .raw = malloc(TEXT_BLOCK), .packed = malloc(PACKED_MAX), .zip = ZSTD_createCCtx()};
    if (tw->raw && tw->packed && tw->zip)
        return 0;
    text_writer_fini(tw);
    return ERR_NOMEM;
}

void text_writer_fini(struct text_writer *tw)
{
    free(tw->raw);
    free(tw->packed);
    (void)ZSTD_freeCCtx(tw->zip);
    *tw = (struct text_writer){0};
}

void text_writer_clear(struct text_writer *tw)
{
    tw->len = 0;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

/* A block has its address for key; what does not fit its first record follows under the address and a byte. */
static struct key key_piece(uint64_t address, unsigned n)
{
    struct key k = key_text(address);

    if (n)
        key_u8(&k, (uint8_t)n);
    return k;
}

static int put_block(struct write *w, void *zip, uint8_t *packed, uint64_t address, const uint8_t *raw,
                     size_t len, bool append)
{
    struct span left;
    size_t n;
    int rc = 0;

    for (size_t i = 0; i < HEAD; i++)
        packed[i] = (uint8_t)(len >> (8 * i));
    n = ZSTD_compressCCtx(zip, packed + HEAD, PACKED_MAX - HEAD, raw, len, LEVEL);
    if (ZSTD_isError(n))
        return ERR_NOMEM; /* the only way left: the room is enough for any bytes */
    left = (struct span){(char *)packed, HEAD + n};
    for (unsigned piece = 0; left.len && rc == 0; piece++) {
        struct key k = key_piece(address, piece);
        size_t take = left.len < PIECE ? left.len : PIECE;
        rc = record_put(w, T_TEXT, key_span(&k), span_cut(left, 0, take), append);
        left = span_cut(left, take, left.len);
    }
    return rc;
}

/* Deletes a block, of which there may be pieces. */
static int drop_block(struct write *w, uint64_t address)
{
    int rc = 0;

    for (unsigned n = 0; rc == 0 && n <= PACKED_MAX / PIECE; n++) {
        struct key k = key_piece(address, n);
        rc = record_drop(w, T_TEXT, &k);
    }
    return rc;
}

int text_flush(struct text_writer *tw, struct write *w)
{
    int rc = tw->len ? put_block(w, tw->zip, tw->packed, tw->start, tw->raw, tw->len, true) : 0;

    tw->len = 0;
    return rc;
}

int text_add(struct text_writer *tw, struct write *w, struct span text, uint64_t *address)
{
    *address = w->totals.next_text;
    while (text.len) {
        size_t n = TEXT_BLOCK - tw->len;
        int rc;
        if (tw->len == 0)
            tw->start = w->totals.next_text;
        if (n > text.len)
            n = text.len;
        memcpy(tw->raw + tw->len, text.at, n);
        tw->len += n;
        w->totals.next_text += n;
        text = span_cut(text, n, text.len);
        if (tw->len == TEXT_BLOCK && (rc = text_flush(tw, w)) < 0)
            return rc;
    }
    return 0;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

int text_unpack(void *unzip, struct span payload, uint8_t *out)
{
    struct take t = take_open(payload.at, payload.len);
    uint64_t len = take_le(&t, HEAD);
    size_t n;

    if (t.bad || len == 0 || len > TEXT_BLOCK)
        return ERR_CORRUPT;
    n = ZSTD_decompressDCtx(unzip, out, TEXT_BLOCK, t.at, take_left(&t));
    return ZSTD_isError(n) || n != len ? ERR_CORRUPT : (int)n;
}

/* The packed bytes of the block whose first record the cursor has found; they are put together in `packed` (PACKED_MAX
 * bytes) unless one record holds them. 0, or an error. */
static int gather(MDB_cursor *c, uint64_t address, struct span first, uint8_t *packed, struct span *out)
{
    struct span key, payload = first;
    size_t len = 0;
    int rc = 1;

    *out = first;
    if (first.len < PIECE)
        return 0;
    for (unsigned n = 1; rc == 1; n++) {
        if (payload.len > PACKED_MAX - len)
            return ERR_CORRUPT;
        memcpy(packed + len, payload.at, payload.len);
        len += payload.len;
        rc = record_seek(c, MDB_NEXT, &key, &payload);
        if (rc == 1 && (key.len != BLOCK_KEY + 1 || key_read64(key, 0) != address))
            rc = 0; /* the next block */
        else if (rc == 1 && (uint8_t)key.at[BLOCK_KEY] != n)
            return ERR_CORRUPT;
    }
    *out = (struct span){(char *)packed, len};
    return rc;
}

/* The last block that begins at or before the address: 1 with its address and the first record of it. */
static int block_before(MDB_cursor *c, uint64_t address, uint64_t *at, struct span *payload)
{
    struct key k = key_text(address + 1);
    struct span key = key_span(&k);
    int rc = record_seek(c, MDB_SET_RANGE, &key, payload);

    if (rc >= 0)
        rc = record_seek(c, rc ? MDB_PREV : MDB_LAST, &key, payload);
    if (rc == 1 && key.len == BLOCK_KEY + 1) { /* a later piece of it */
        k = key_text(key_read64(key, 0));
        key = key_span(&k);
        rc = record_seek(c, MDB_SET_RANGE, &key, payload);
    }
    if (rc == 1 && key.len != BLOCK_KEY)
        return ERR_CORRUPT;
    if (rc == 1)
        *at = key_read64(key, 0);
    return rc;
}

static int open_block(struct index_view *v, uint64_t address)
{
    struct span payload;
    MDB_cursor *c;
    uint64_t at = 0;
    int rc;

    if (v->text_len && address >= v->text_at && address - v->text_at < v->text_len)
        return 0;
    if ((!v->text && !(v->text = malloc(TEXT_BLOCK + PACKED_MAX))) ||
        (!v->unzip && !(v->unzip = ZSTD_createDCtx())))
        return ERR_NOMEM;
    if (mdb_cursor_open(v->txn, view_table(v, T_TEXT), &c))
        return ERR_NOMEM;
    v->text_len = 0;
    rc = block_before(c, address, &at, &payload);
    if (rc == 1 && (rc = gather(c, at, payload, v->text + TEXT_BLOCK, &payload)) == 0)
        rc = text_unpack(v->unzip, payload, v->text);
    mdb_cursor_close(c);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_CORRUPT;
    v->text_at = at;
    v->text_len = (size_t)rc;
    return address >= v->text_at && address - v->text_at < v->text_len ? 0 : ERR_CORRUPT;
}

int view_text(struct index_view *v, struct arena *mem, const struct doc_row *doc, struct span *out)
{
    char *text = NULL;
    size_t cap = 0;

    *out = SPAN("");
    /* Room is made as blocks turn up, so that a false length cannot ask for gigabytes. */
    for (size_t len = 0; len < doc->text_len;) {
        size_t n, from;
        int rc = open_block(v, doc->text_at + len);
        if (rc < 0)
            return rc;
        from = (size_t)(doc->text_at + len - v->text_at);
        n = v->text_len - from;
        if (n > doc->text_len - len)
            n = doc->text_len - len;
        if (n > cap - len) {
            size_t more = cap ? cap * 2 : doc->text_len < 4 * TEXT_BLOCK ? doc->text_len : 4 * TEXT_BLOCK;
            text = arena_grow(mem, text, len, more > doc->text_len ? doc->text_len : more, 1);
            if (!text)
                return arena_err(mem);
            cap = more > doc->text_len ? doc->text_len : more;
        }
        memcpy(text + len, v->text + from, n);
        *out = (struct span){text, len += n};
    }
    return 0;
}

/* ---- erasing ----------------------------------------------------------------------------------------- */

static bool is_blank(const uint8_t *at, size_t len)
{
    while (len && at[len - 1] == 0)
        len--;
    return len == 0;
}

/* Writes a block again with zeros between the addresses. */
static int blank_block(struct write *w, uint64_t at, uint64_t start, uint64_t end)
{
    ZSTD_DCtx *unzip = ZSTD_createDCtx();
    ZSTD_CCtx *zip = ZSTD_createCCtx();
    uint8_t *packed = malloc(PACKED_MAX), *raw = malloc(TEXT_BLOCK);
    MDB_cursor *c = NULL;
    struct span payload;
    uint64_t found;
    int len = unzip && zip && packed && raw && !mdb_cursor_open(w->txn, w->ix->table[T_TEXT], &c) ? 0
                                                                                                  : ERR_NOMEM,
        rc;

    if (len == 0 && (len = block_before(c, at, &found, &payload)) == 1 &&
        (len = gather(c, at, payload, packed, &payload)) == 0)
        len = text_unpack(unzip, payload, raw);
    rc = len;
    if (c)
        mdb_cursor_close(c);
    if (len >= 0) {
        size_t from = start > at ? (size_t)(start - at) : 0;
        size_t to = end - at < (uint64_t)len ? (size_t)(end - at) : (size_t)len;
        rc = 0;
        if (!is_blank(raw + from, to - from)) {
            memset(raw + from, 0, to - from);
            if ((rc = drop_block(w, at)) == 0) /* it may have fewer pieces now */
                rc = put_block(w, zip, packed, at, raw, (size_t)len, false);
        }
    }
    free(raw);
    free(packed);
    (void)ZSTD_freeCCtx(zip);
    (void)ZSTD_freeDCtx(unzip);
    return rc;
}

/* The first block at or after *at: 1 with its address and length, or 0. */
static int next_block(struct write *w, uint64_t *at, uint64_t *len)
{
    struct key k = key_text(*at);
    struct span key = key_span(&k), payload;
    struct take t;
    MDB_cursor *c;
    int rc;

    if (mdb_cursor_open(w->txn, w->ix->table[T_TEXT], &c))
        return ERR_NOMEM;
    rc = record_seek(c, MDB_SET_RANGE, &key, &payload);
    while (rc == 1 && key.len != BLOCK_KEY)
        rc = record_seek(c, MDB_NEXT, &key, &payload);
    if (rc == 1) {
        t = take_open(payload.at, payload.len);
        *at = key_read64(key, 0);
        *len = take_le(&t, HEAD);
        rc = t.bad || *len == 0 || *len > TEXT_BLOCK ? ERR_CORRUPT : 1;
    }
    mdb_cursor_close(c);
    return rc;
}

int text_blank(struct write *w, uint64_t start, uint64_t end, bool rewrite)
{
    uint64_t at = start >= TEXT_BLOCK ? start - TEXT_BLOCK + 1 : 0, len = 0;
    int rc = 0;

    while (rc == 0 && start < end && (rc = next_block(w, &at, &len)) == 1 && at < end) {
        rc = 0;
        if (at >= start && len <= end - at)
            rc = drop_block(w, at);
        else if (at + len > start && rewrite)
            rc = blank_block(w, at, start, end);
        at += len;
    }
    return rc < 0 ? rc : 0;
}
