#include "index/path_numbers.h"

#include <xxhash.h>

#include "base/err.h"

uint64_t path_pair(struct span path, uint32_t number)
{
    return XXH3_64bits(path.at, path.len) << 32 | number;
}

static struct key key_pairs(uint64_t least)
{
    struct key k = key_number(0);

    key_be64(&k, least);
    return k;
}

static bool is_ours(struct span key)
{
    return key.len == 12 && key_read32(key, 0) == 0;
}

bool path_numbers_whole(struct span key, struct span payload)
{
    uint64_t before = key_read64(key, 4);

    for (size_t at = 0; at + PAIR <= payload.len; at += PAIR) {
        uint64_t pair = key_read64(payload, at);
        if (pair < before || (at && pair == before))
            return false;
        before = pair;
    }
    return payload.len && payload.len % PAIR == 0 && payload.len <= PAIRS_BYTES;
}

/* The record that has the pair, or would have it: 1, or 0 when there is none yet. */
static int find(MDB_cursor *cursor, uint64_t pair, struct span *key, struct span *payload)
{
    struct key k = key_pairs(pair);
    int rc;

    *key = key_span(&k);
    rc = record_seek(cursor, MDB_SET_RANGE, key, payload);
    if (rc == 0 || (rc == 1 && !span_eq(*key, key_span(&k))))
        rc = record_seek(cursor, rc ? MDB_PREV : MDB_LAST, key, payload);
    if (rc <= 0 || !is_ours(*key))
        return rc < 0 ? rc : 0;
    return payload->len % PAIR || payload->len > PAIRS_BYTES ? ERR_CORRUPT : 1;
}

/* Where the pair stands among others, or would. */
static size_t place_of(struct span pairs, uint64_t pair)
{
    size_t low = 0, high = pairs.len / PAIR;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (key_read64(pairs, middle * PAIR) < pair)
            low = middle + 1;
        else
            high = middle;
    }
    return low * PAIR;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

int path_numbers_first(struct path_numbers *p, MDB_cursor *cursor, struct span path, uint32_t *number)
{
    uint64_t least = path_pair(path, 0);
    struct span key = {0};
    int rc;

    *p = (struct path_numbers){cursor, (uint32_t)(least >> 32), SPAN("")};
    if ((rc = find(cursor, least, &key, &p->left)) < 0)
        return rc;
    p->left = rc ? span_cut(p->left, place_of(p->left, least), p->left.len) : SPAN("");
    return path_numbers_next(p, number);
}

int path_numbers_next(struct path_numbers *p, uint32_t *number)
{
    uint64_t pair;

    if (!p->left.len) { /* the next record may begin with more of this hash */
        struct span key = {0};
        int rc = record_seek(p->cursor, MDB_NEXT, &key, &p->left);
        if (rc <= 0 || !is_ours(key))
            return rc < 0 ? rc : 0;
        if (p->left.len < PAIR)
            return ERR_CORRUPT;
    }
    pair = key_read64(p->left, 0);
    *number = (uint32_t)pair;
    p->left = span_cut(p->left, PAIR, p->left.len);
    return pair >> 32 == p->hash;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

/* Pairs under their key; two records when they are too long for one, none when there is none. */
static int put_pairs(struct write *w, uint64_t least, struct span pairs)
{
    struct key k = key_pairs(least);
    size_t half = pairs.len / PAIR / 2 * PAIR;
    int rc;

    if (!pairs.len)
        return record_drop(w, T_FILES, &k);
    if (pairs.len <= PAIRS_BYTES)
        return record_put(w, T_FILES, key_span(&k), pairs, false);
    rc = put_pairs(w, least, span_cut(pairs, 0, half));
    return rc < 0 ? rc : put_pairs(w, key_read64(pairs, half), span_cut(pairs, half, pairs.len));
}

/* Puts the pair among the others, or takes it away. */
static int change(struct write *w, uint64_t pair, bool there)
{
    struct span key = {0}, pairs = SPAN("");
    struct buf now = BUF_INIT(PAIRS_BYTES + PAIR);
    uint64_t least = 0;
    MDB_cursor *cursor;
    size_t at;
    int rc;

    if (mdb_cursor_open(w->txn, w->ix->table[T_FILES], &cursor))
        return ERR_NOMEM;
    if ((rc = find(cursor, pair, &key, &pairs)) == 1)
        least = key_read64(key, 4);
    else
        pairs = SPAN("");
    mdb_cursor_close(cursor);
    if (rc < 0)
        return rc;
    at = place_of(pairs, pair);
    if ((at < pairs.len && key_read64(pairs, at) == pair) == there)
        return 0;
    buf_span(&now, span_cut(pairs, 0, at));
    if (there)
        buf_be64(&now, pair);
    buf_span(&now, span_cut(pairs, there ? at : at + PAIR, pairs.len));
    if ((rc = buf_err(&now)) == 0)
        rc = put_pairs(w, least, buf_view(&now));
    buf_fini(&now);
    return rc;
}

int path_numbers_add(struct write *w, struct span path, uint32_t number)
{
    return change(w, path_pair(path, number), true);
}

int path_numbers_drop(struct write *w, struct span path, uint32_t number)
{
    return change(w, path_pair(path, number), false);
}
