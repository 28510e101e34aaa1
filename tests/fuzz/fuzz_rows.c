/* fuzz_rows.c -- any bytes as a row of the store: what a decoder takes, its encoder writes again the same
 * way, and ranges run forward. The first byte chooses the row. */
#include <assert.h>
#include <stddef.h>

#include "base/err.h"
#include "index/ids.h"
#include "index/path_numbers.h"
#include "index/quote_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Numbers may be written longer than need be; after one round they are as short as they can be. */
static int doc(struct arena *mem, struct span payload, struct buf *out)
{
    struct doc_row d;
    int rc = get_doc(mem, payload, &d);

    if (rc < 0)
        return rc;
    for (uint32_t i = 0, at = 0; i < d.block_count; at = d.blocks[i++].end)
        assert(d.blocks[i].start >= at && d.blocks[i].end > d.blocks[i].start &&
               d.blocks[i].end <= d.text_len);
    put_doc(out, &d);
    return 0;
}

static int quotes(struct arena *mem, struct span payload, struct buf *out)
{
    struct quote_reader r;
    struct quote_row *rows = NULL;
    uint32_t count = 0, cap = 0, put = 0;
    int rc = quote_rows_open(&r, payload, 3, 1u << 30);

    while (rc >= 0 && (rc = quote_rows_next(&r)) == 1) {
        const struct quote_row *q = &r.row;
        assert(q->start <= q->end && q->context_start <= q->context_end &&
               q->mention_start <= q->mention_end && q->cue_start <= q->cue_end && q->kind < QUOTE_KINDS &&
               q->confidence <= 1000);
        if (!ARENA_MORE(mem, rows, count, cap))
            return ERR_NOMEM;
        rows[count++] = *q;
    }
    if (rc == 0 && (put = quote_rows_put(out, rows, count)) < count) /* it was longer than we write them */
        return ERR_TOOBIG;
    assert(rc < 0 || r.row.no == 1u << 30);
    return rc;
}

static int file(struct arena *mem, struct span payload, struct buf *out)
{
    struct file_row f;
    int rc = get_file(mem, payload, &f);

    if (rc == 0)
        put_file(out, &f);
    return rc;
}

static int hold(struct arena *mem, struct span payload, struct buf *out)
{
    struct place_row p = {0};
    int rc = get_hold(payload, &p);

    (void)mem;
    if (rc == 0)
        put_hold(out, &p);
    return rc;
}

static int segment(struct arena *mem, struct span payload, struct buf *out)
{
    struct take t = take_open(payload.at, payload.len);
    struct segment s;
    int rc = 0;

    (void)mem;
    while (rc == 0 && take_left(&t))
        if ((rc = get_segment(&t, &s)) == 0)
            put_segment(out, &s);
    return rc;
}

static int ids(struct arena *mem, struct span payload, struct buf *out)
{
    struct take t = take_open(payload.at, payload.len);
    struct id id = {0}, before = {0};
    int rc = 0;

    (void)mem;
    while (rc == 0 && take_left(&t))
        if ((rc = id_take(&t, 7, &id)) == 0) {
            assert(id_less(before, id) && id.number >= 7);
            id_put(out, 7, &before, id);
        }
    return rc;
}

static int paths(struct arena *mem, struct span payload, struct buf *out)
{
    struct key k = key_pair(0, 0);

    (void)mem;
    key_be32(&k, 1);
    if (!path_numbers_whole(key_span(&k), payload))
        return ERR_CORRUPT;
    for (size_t at = PAIR; at < payload.len; at += PAIR)
        assert(key_read64(payload, at) > key_read64(payload, at - PAIR));
    buf_span(out, payload);
    return 0;
}

static int totals(struct arena *mem, struct span payload, struct buf *out)
{
    struct totals t;
    int rc = get_totals(payload, &t);

    (void)mem;
    if (rc == 0)
        put_totals(out, &t);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static int (*const rows[])(struct arena *, struct span, struct buf *) = {doc,     quotes, file, hold,
                                                                             segment, totals, ids,  paths};
    struct arena mem = {.max = 16 * MiB};
    struct buf once = BUF_INIT(16 * MiB), twice = BUF_INIT(16 * MiB);
    size_t which = len ? data[0] % (sizeof rows / sizeof rows[0]) : 0;

    if (len && rows[which](&mem, (struct span){(const char *)data + 1, len - 1}, &once) == 0 && once.len) {
        assert(rows[which](&mem, buf_view(&once), &twice) == 0);
        assert(span_eq(buf_view(&once), buf_view(&twice)));
    }
    buf_fini(&once);
    buf_fini(&twice);
    arena_free(&mem);
    return 0;
}
