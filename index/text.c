#include "index/text.h"

#include <assert.h>
#include <stdlib.h>
#include <zstd.h>

#include "base/err.h"
#include "base/take.h"
#include "index/text_cache.h"

enum { LEVEL = 3, HEAD = 4, PACKED_MAX = HEAD + TEXT_BLOCK + 1024 /* past ZSTD_compressBound */ };

int text_writer_init(struct text_writer *tw)
{
    *tw = (struct text_writer){.raw = malloc(TEXT_BLOCK),
                               .guess = TEXT_BLOCK / 4,
                               .packed = malloc(PACKED_MAX),
                               .trial = malloc(PACKED_MAX),
                               .zip = ZSTD_createCCtx()};
    if (tw->raw && tw->packed && tw->trial && tw->zip)
        return 0;
    text_writer_fini(tw);
    return ERR_NOMEM;
}

void text_writer_fini(struct text_writer *tw)
{
    free(tw->raw);
    free(tw->packed);
    free(tw->trial);
    (void)ZSTD_freeCCtx(tw->zip);
    *tw = (struct text_writer){0};
}

void text_writer_clear(struct text_writer *tw)
{
    tw->len = 0;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

/* What fits one page that is not shared: LMDB heads it with 16 bytes; the checksum takes 4. */
enum { PAGE_ROOM = 4096 - 16 - 4 - HEAD, RAW_LEAST = 2048 };

/* How many of the `len` bytes become the next block: as many as fit a page once packed. Guesses by what fitted before, and
 * guesses again when that was far too much or too little. What was packed is left in tw->packed: each trial costs as much
 * as the block. */
static size_t fit_page(struct text_writer *tw, size_t *packed)
{
    size_t n = tw->guess < tw->len ? tw->guess : tw->len, taken = 0;
    bool fits = false;

    for (unsigned tries = 0; tries < 5; tries++) {
        size_t got = ZSTD_compressCCtx(tw->zip, tw->trial + HEAD, PACKED_MAX - HEAD, tw->raw, n, LEVEL), next;

        if (ZSTD_isError(got))
            break;
        if (got <= PAGE_ROOM || !taken || (!fits && n < taken)) {
            uint8_t *other = tw->packed;
            tw->packed = tw->trial;
            tw->trial = other;
            taken = n;
            *packed = got;
            fits = got <= PAGE_ROOM;
        }
        if (got <= PAGE_ROOM && (n == tw->len || got > PAGE_ROOM * 90 / 100))
            break;
        next = n * PAGE_ROOM / got * 97 / 100;
        next = next > tw->len ? tw->len : next < RAW_LEAST ? RAW_LEAST : next;
        if ((fits && next <= taken) || (!fits && next >= n))
            break;
        n = next;
    }
    if (fits && taken < tw->len) /* towards what fills the page but for a little */
        tw->guess = taken * PAGE_ROOM / *packed * 97 / 100;
    return taken;
}

static int put_packed(struct write *w, uint8_t *packed, size_t packed_len, uint64_t address, size_t len,
                      bool append)
{
    struct key k = key_text(address);

    for (size_t i = 0; i < HEAD; i++)
        packed[i] = (uint8_t)(len >> (8 * i));
    return record_put(w, T_TEXT, key_span(&k), (struct span){(char *)packed, HEAD + packed_len}, append);
}

static int put_block(struct write *w, void *zip, uint8_t *packed, uint64_t address, const uint8_t *raw,
                     size_t len)
{
    size_t n = ZSTD_compressCCtx(zip, packed + HEAD, PACKED_MAX - HEAD, raw, len, LEVEL);

    if (ZSTD_isError(n))
        return ERR_NOMEM; /* the only way left: the room is enough for any bytes */
    return put_packed(w, packed, n, address, len, false);
}

static int put_first(struct text_writer *tw, struct write *w)
{
    size_t packed = 0, n = fit_page(tw, &packed);
    int rc = n ? put_packed(w, tw->packed, packed, tw->start, n, true) : ERR_NOMEM;

    tw->len -= n;
    tw->start += n;
    memmove(tw->raw, tw->raw + n, tw->len);
    return rc;
}

int text_flush(struct text_writer *tw, struct write *w)
{
    int rc = 0;

    while (rc == 0 && tw->len)
        rc = put_first(tw, w);
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
        if (tw->len == TEXT_BLOCK && (rc = put_first(tw, w)) < 0)
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

/* The block that holds the address is the last one that begins at or before it: where it begins, and its record. */
static int find_block(struct index_view *v, uint64_t address, uint64_t *at, struct span *payload)
{
    struct key k = key_text(address + 1);
    struct span key = key_span(&k);
    int rc;

    if (!v->texts && (rc = view_cursor(v, T_TEXT, &v->texts)) < 0)
        return rc;
    rc = record_seek(v->texts, MDB_SET_RANGE, &key, payload);
    if (rc >= 0)
        rc = record_seek(v->texts, rc ? MDB_PREV : MDB_LAST, &key, payload);
    if (rc <= 0 || key.len != 8)
        return rc < 0 ? rc : ERR_CORRUPT;
    *at = key_read64(key, 0);
    return *at <= address ? 0 : ERR_CORRUPT;
}

/* Unpacks the block into the view, and keeps it for others. */
static int open_block(struct index_view *v, uint64_t at, struct span payload)
{
    int len;

    if ((!v->text && !(v->text = malloc(TEXT_BLOCK))) || (!v->unzip && !(v->unzip = ZSTD_createDCtx())))
        return ERR_NOMEM;
    v->text_len = 0;
    if ((len = text_unpack(v->unzip, payload, v->text)) < 0)
        return ERR_CORRUPT;
    v->text_at = at;
    v->text_len = (size_t)len;
    text_cache_keep(v->ix->texts, at, v->text, v->text_len);
    return 0;
}

/* Copies up to `len` bytes from the address on, as far as their block goes: how many, or an error. */
static int64_t copy_some(struct index_view *v, uint64_t address, size_t len, char *out)
{
    uint64_t at;
    struct span payload;
    size_t n = 0;
    int rc;

    if (!v->text_len || address < v->text_at || address - v->text_at >= v->text_len) {
        if ((rc = find_block(v, address, &at, &payload)) < 0)
            return rc;
        if (text_cache_copy(v->ix->texts, at, (size_t)(address - at), len, out, &n))
            return n ? (int64_t)n : ERR_CORRUPT;
        if ((rc = open_block(v, at, payload)) < 0)
            return rc;
        if (address - at >= v->text_len)
            return ERR_CORRUPT;
    }
    n = v->text_len - (size_t)(address - v->text_at);
    n = n < len ? n : len;
    memcpy(out, v->text + (address - v->text_at), n);
    return (int64_t)n;
}

int view_text_range(struct index_view *v, const struct doc_row *doc, uint32_t start, uint32_t end, char *text)
{
    if (start > end || end > doc->text_len)
        return ERR_CORRUPT;
    while (start < end) {
        int64_t n = copy_some(v, doc->text_at + start, end - start, text + start);

        if (n < 0)
            return (int)n;
        start += (uint32_t)n;
    }
    return 0;
}

int view_text(struct index_view *v, struct arena *mem, const struct doc_row *doc, struct span *out)
{
    char *text = NULL;
    uint32_t cap = 0, len = 0;
    int rc;

    *out = SPAN("");
    /* Room is made as blocks turn up, so that a false length cannot ask for gigabytes. */
    while (len < doc->text_len) {
        uint32_t more = cap ? cap : 4 * TEXT_BLOCK;

        cap = more < doc->text_len - len ? len + more : doc->text_len;
        if (!(text = arena_grow(mem, text, len, cap, 1)))
            return arena_err(mem);
        if ((rc = view_text_range(v, doc, len, cap, text)) < 0)
            return rc;
        len = cap;
    }
    *out = (struct span){text, len};
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
            rc = put_block(w, zip, packed, at, raw, (size_t)len);
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
