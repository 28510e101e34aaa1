#include "index/post_write.h"

#include <assert.h>

#include "base/err.h"
#include "index/impact.h"
#include "index/pack.h"

#define POSITIONS_MAX ((size_t)1 << 30) /* bytes of one block's positions: no file has so many words */

void post_writer_init(struct post_writer *w,
                      int (*put)(void *ctx, bool aside, const struct key *key, struct span payload),
                      void *ctx)
{
    *w = (struct post_writer){.put = put,
                              .ctx = ctx,
                              .chunk = BUF_INIT(16 * KiB),
                              .block = BUF_INIT(16 * KiB),
                              .positions = BUF_INIT(POSITIONS_MAX)};
}

void post_writer_fini(struct post_writer *w)
{
    buf_fini(&w->chunk);
    buf_fini(&w->block);
    buf_fini(&w->positions);
}

void post_begin(struct post_writer *w, const struct key *term, uint32_t before, uint32_t df, uint64_t cf,
                double mean)
{
    assert(df > 0 && cf >= df);
    w->term = *term;
    w->before = w->last = before;
    w->df = df;
    w->cf = cf;
    w->mean = mean;
    w->chunk_first = 0;
    w->count = 0;
    w->impact = 0;
    buf_clear(&w->chunk);
    buf_clear(&w->positions);
}

/* Puts the chunk. The term's own record begins with df, whether chunks follow, and cf. */
static int put_chunk(struct post_writer *w, bool more)
{
    struct key k = w->term;
    int rc;

    if ((rc = buf_err(&w->chunk)) < 0)
        return rc;
    if (w->chunk_first) {
        key_be32(&k, w->chunk_first);
        return w->put(w->ctx, false, &k, buf_view(&w->chunk));
    }
    buf_clear(&w->block);
    buf_varint(&w->block, (uint64_t)w->df << 1 | more);
    buf_varint(&w->block, w->cf - w->df);
    buf_span(&w->block, buf_view(&w->chunk));
    rc = buf_err(&w->block);
    return rc < 0 ? rc : w->put(w->ctx, false, &k, buf_view(&w->block));
}

/* Positions that are too many for the chunk, in pieces under the number of the block's first entry. */
static int put_aside(struct post_writer *w)
{
    struct span left = buf_view(&w->positions);

    for (uint32_t n = 0; left.len; n++) {
        struct key k = w->term;
        size_t len = left.len < POST_PIECE ? left.len : POST_PIECE;
        int rc;
        key_be32(&k, w->numbers[0]);
        key_be32(&k, n);
        if ((rc = w->put(w->ctx, true, &k, span_cut(left, 0, len))) < 0)
            return rc;
        left = span_cut(left, len, left.len);
    }
    return 0;
}

static void pack_block(struct post_writer *w, uint32_t before)
{
    buf_clear(&w->block);
    (void)pack_put(&w->block, before, w->numbers, w->counts, w->extras, w->count, w->impact,
                   buf_view(&w->positions));
}

/* Closes the block: into the chunk when it has room, else into a new one. */
static int end_block(struct post_writer *w)
{
    int rc;

    if ((rc = buf_err(&w->positions)) < 0)
        return rc;
    pack_block(w, w->before);
    if (w->chunk.len && w->chunk.len + w->block.len > POST_CHUNK) {
        if ((rc = put_chunk(w, true)) < 0)
            return rc;
        w->chunk_first = w->numbers[0];
        buf_clear(&w->chunk);
        pack_block(w, w->numbers[0] - 1); /* again: a chunk counts from its own first number */
    }
    if ((rc = buf_err(&w->block)) < 0)
        return rc;
    buf_span(&w->chunk, buf_view(&w->block));
    if (w->positions.len > PACK_INLINE && (rc = put_aside(w)) < 0)
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

    assert(number > w->last && count > 0);
    if (w->count == POST_BLOCK && (rc = end_block(w)) < 0)
        return rc;
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

int post_end(struct post_writer *w)
{
    int rc = w->count ? end_block(w) : 0;

    return rc < 0 ? rc : put_chunk(w, false);
}
