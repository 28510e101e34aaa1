#include "index/post_write.h"

#include <assert.h>

#include "base/err.h"
#include "index/impact.h"
#include "index/pack.h"
#include "index/terms.h"

#define POSITIONS_MAX ((size_t)1 << 30) /* bytes of one block's positions: no file has so many words */

void post_writer_init(struct post_writer *w,
                      int (*put)(void *ctx, enum table t, const struct key *key, struct span payload),
                      void *ctx)
{
    *w = (struct post_writer){.put = put,
                              .ctx = ctx,
                              .chunk = BUF_INIT(16 * KiB),
                              .block = BUF_INIT(16 * KiB),
                              .positions = BUF_INIT(POSITIONS_MAX),
                              .record = BUF_INIT(16 * KiB)};
}

void post_writer_fini(struct post_writer *w)
{
    buf_fini(&w->chunk);
    buf_fini(&w->block);
    buf_fini(&w->positions);
    buf_fini(&w->record);
}

void post_begin(struct post_writer *w, uint32_t segment, enum field field, struct span term, uint32_t before,
                uint32_t df, uint64_t cf, double mean)
{
    assert(df > 0 && cf >= df);
    w->segment = segment;
    w->field = field;
    w->term = term;
    w->base = w->chunk_before = w->before = w->last = before;
    w->df = w->left = df;
    w->cf = cf;
    w->mean = mean;
    w->far = false;
    w->count = 0;
    w->impact = 0;
    buf_clear(&w->chunk);
    buf_clear(&w->positions);
}

static struct key list_key(const struct post_writer *w, uint32_t number)
{
    struct key k = key_term(w->segment, w->field, w->term);

    key_be32(&k, number);
    return k;
}

/* Puts the first `len` bytes of the chunk, under the number behind their last. They begin with the number before their first. */
static int put_chunk(struct post_writer *w, size_t len)
{
    struct key k = list_key(w, w->before + 1);
    int rc;

    buf_clear(&w->block);
    buf_varint(&w->block, w->chunk_before - w->base);
    buf_put(&w->block, w->chunk.at, len);
    if ((rc = buf_err(&w->chunk)) < 0 || (rc = buf_err(&w->block)) < 0)
        return rc;
    w->chunk.len -= len;
    memmove(w->chunk.at, w->chunk.at + len, w->chunk.len);
    w->chunk_before = w->before;
    w->far = true;
    return w->put(w->ctx, T_LISTS, &k, buf_view(&w->block));
}

/* Positions that are too many for the chunk, in pieces under the number of the block's first entry. */
static int put_aside(struct post_writer *w)
{
    struct span left = buf_view(&w->positions);
    int rc = 0;

    for (uint32_t n = 0; left.len && rc == 0; n++) {
        struct key k = list_key(w, w->numbers[0]);
        size_t len = left.len < POST_PIECE ? left.len : POST_PIECE;

        key_be32(&k, n);
        rc = w->put(w->ctx, T_POS, &k, span_cut(left, 0, len));
        left = span_cut(left, len, left.len);
    }
    return rc;
}

/* Closes the block: into the chunk when it has room, else into a new one. */
static int end_block(struct post_writer *w)
{
    size_t full = w->chunk.len;
    bool aside;
    int rc;

    if ((rc = buf_err(&w->positions)) < 0)
        return rc;
    if (w->df == 1)
        aside = pack_put_one(&w->chunk, w->before, w->last, w->extras[0], buf_view(&w->positions));
    else
        aside = pack_put(&w->chunk, w->before, w->numbers, w->counts, w->extras, w->count, w->impact,
                         buf_view(&w->positions));
    if (full && w->chunk.len > POST_CHUNK && (rc = put_chunk(w, full)) < 0)
        return rc;
    if (aside && (rc = put_aside(w)) < 0)
        return rc;
    w->before = w->last;
    w->count = 0;
    w->impact = 0;
    buf_clear(&w->positions);
    return 0;
}

/* All of a number but its positions. */
static int add_number(struct post_writer *w, uint32_t number, uint32_t words, uint32_t count, uint32_t extra)
{
    int rc;

    assert(number > w->last && count > 0 && extra <= UINT32_MAX - count);
    if (w->count == POST_BLOCK && (rc = end_block(w)) < 0)
        return rc;
    w->left--;
    w->numbers[w->count] = w->last = number;
    w->extras[w->count] = extra;
    w->counts[w->count++] = count;
    if (w->mean > 0) {
        uint32_t impact = impact_of((double)count + extra, words, w->mean);
        w->impact = impact > w->impact ? impact : w->impact;
    }
    return 0;
}

int post_add(struct post_writer *w, uint32_t number, uint32_t words, const uint32_t *positions,
             uint32_t count, uint32_t extra)
{
    int rc = add_number(w, number, words, count, extra);

    if (rc == 0)
        pack_put_positions(&w->positions, positions, count);
    return rc;
}

int post_add_packed(struct post_writer *w, uint32_t number, uint32_t words, struct span positions,
                    uint32_t count, uint32_t extra)
{
    int rc = add_number(w, number, words, count, extra);

    if (rc == 0)
        buf_span(&w->positions, positions);
    return rc;
}

/* Adds the term to the dictionary. */
static int put_entry(struct post_writer *w)
{
    struct term_entry e = {w->df, w->cf, w->far, w->far ? SPAN("") : buf_view(&w->chunk)};
    size_t before = w->record.len;
    int rc;

    entry_put(&w->record, (struct span){w->ends, w->ends_len}, w->term, &e);
    if (before && w->record.len > ENTRY_RECORD) { /* it begins the next record */
        w->record.len = before;
        if ((rc = post_flush(w)) < 0)
            return rc;
        entry_put(&w->record, SPAN(""), w->term, &e);
    }
    memcpy(w->ends, w->term.at, w->term.len);
    w->ends_len = w->term.len;
    return buf_err(&w->record);
}

int post_end(struct post_writer *w)
{
    int rc = w->left ? ERR_CORRUPT : end_block(w);

    if (rc == 0)
        rc = buf_err(&w->chunk);
    if (rc == 0 && (w->far || w->chunk.len > POST_NEAR))
        rc = put_chunk(w, w->chunk.len);
    return rc < 0 ? rc : put_entry(w);
}

int post_flush(struct post_writer *w)
{
    struct key k = terms_key(w->segment, w->field, (struct span){w->ends, w->ends_len});
    int rc = buf_err(&w->record);

    if (rc == 0 && w->record.len)
        rc = w->put(w->ctx, T_PARTS, &k, buf_view(&w->record));
    buf_clear(&w->record);
    w->ends_len = 0;
    return rc;
}
