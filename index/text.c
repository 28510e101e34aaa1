#include "index/text.h"

#include <assert.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/err.h"
#include "base/take.h"

enum { LEVEL = 3, HEAD = 4, PACKED_MAX = HEAD + TEXT_BLOCK + 1024 /* past ZSTD_compressBound */ };

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

static int put_block(struct write *w, void *zip, uint8_t *packed, uint64_t address, const uint8_t *raw,
                     size_t len, bool append)
{
    struct key k = key_text(address);
    size_t n;

    for (size_t i = 0; i < HEAD; i++)
        packed[i] = (uint8_t)(len >> (8 * i));
    n = ZSTD_compressCCtx(zip, packed + HEAD, PACKED_MAX - HEAD, raw, len, LEVEL);
    if (ZSTD_isError(n))
        return ERR_NOMEM; /* the only way left: the room is enough for any bytes */
    return record_put(w, T_TEXT, key_span(&k), (struct span){(char *)packed, HEAD + n}, append);
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

/* The block that holds the address is the last one that begins at or before it. */
static int open_block(struct index_view *v, uint64_t address)
{
    MDB_cursor *c;
    struct key k = key_text(address + 1);
    struct span key = key_span(&k), payload;
    int rc;

    if (v->text_len && address >= v->text_at && address - v->text_at < v->text_len)
        return 0;
    if ((!v->text && !(v->text = malloc(TEXT_BLOCK))) || (!v->unzip && !(v->unzip = ZSTD_createDCtx())))
        return ERR_NOMEM;
    if (mdb_cursor_open(v->txn, view_table(v, T_TEXT), &c))
        return ERR_NOMEM;
    rc = record_seek(c, MDB_SET_RANGE, &key, &payload);
    if (rc >= 0)
        rc = record_seek(c, rc ? MDB_PREV : MDB_LAST, &key, &payload);
    mdb_cursor_close(c);
    if (rc <= 0)
        return rc < 0 ? rc : ERR_CORRUPT;
    v->text_len = 0;
    if (key.len != 8 || (rc = text_unpack(v->unzip, payload, v->text)) < 0)
        return ERR_CORRUPT;
    v->text_at = key_read64(key, 0);
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
static int blank_block(struct write *w, uint64_t at, struct span payload, uint64_t start, uint64_t end)
{
    ZSTD_DCtx *unzip = ZSTD_createDCtx();
    ZSTD_CCtx *zip = ZSTD_createCCtx();
    uint8_t *packed = malloc(PACKED_MAX), *raw = malloc(TEXT_BLOCK);
    int len = unzip && zip && packed && raw ? text_unpack(unzip, payload, raw) : ERR_NOMEM, rc = len;

    if (len >= 0) {
        size_t from = start > at ? (size_t)(start - at) : 0;
        size_t to = end - at < (uint64_t)len ? (size_t)(end - at) : (size_t)len;
        rc = 0;
        if (!is_blank(raw + from, to - from)) {
            memset(raw + from, 0, to - from);
            rc = put_block(w, zip, packed, at, raw, (size_t)len, false);
        }
    }
    free(raw);
    free(packed);
    (void)ZSTD_freeCCtx(zip);
    (void)ZSTD_freeDCtx(unzip);
    return rc;
}

/* The first block at or after *at: 1 with its address, its length and its record, or 0. */
static int next_block(struct write *w, uint64_t *at, uint64_t *len, struct span *payload)
{
    struct key k = key_text(*at);
    struct span key = key_span(&k);
    struct take t;
    MDB_cursor *c;
    int rc;

    if (mdb_cursor_open(w->txn, w->ix->table[T_TEXT], &c))
        return ERR_NOMEM;
    rc = record_seek(c, MDB_SET_RANGE, &key, payload);
    mdb_cursor_close(c);
    if (rc <= 0)
        return rc;
    t = take_open(payload->at, payload->len);
    *at = key_read64(key, 0);
    *len = take_le(&t, HEAD);
    return t.bad || *len == 0 || *len > TEXT_BLOCK ? ERR_CORRUPT : 1;
}

int text_blank(struct write *w, uint64_t start, uint64_t end, bool rewrite)
{
    uint64_t at = start >= TEXT_BLOCK ? start - TEXT_BLOCK + 1 : 0, len = 0;
    struct span payload;
    int rc = 0;

    while (rc == 0 && start < end && (rc = next_block(w, &at, &len, &payload)) == 1 && at < end) {
        struct key k = key_text(at);
        rc = 0;
        if (at >= start && len <= end - at)
            rc = record_drop(w, T_TEXT, &k);
        else if (at + len > start && rewrite)
            rc = blank_block(w, at, payload, start, end);
        at += len;
    }
    return rc < 0 ? rc : 0;
}
