#include "index/path_numbers.h"

#include <xxhash.h>

#include "base/err.h"

uint32_t path_hash(struct span path)
{
    return (uint32_t)XXH3_64bits(path.at, path.len);
}

static struct key key_pairs(struct id least)
{
    struct key k = key_pair(0, least.hash);

    key_be32(&k, least.number);
    return k;
}

static bool is_ours(struct span key)
{
    return key.len == 12 && key_read32(key, 0) == 0;
}

int path_numbers_take(struct span key, struct span payload, struct id *list, uint32_t *count)
{
    struct id least = {key_read32(key, 4), key_read32(key, 8)}, id = {0};
    struct take t = take_open(payload.at, payload.len);

    if (payload.len > IDS_BYTES)
        return ERR_CORRUPT;
    for (*count = 0; take_left(&t); list[(*count)++] = id)
        if (id_take(&t, 0, &id) < 0 || id_less(id, least))
            return ERR_CORRUPT;
    return *count ? 0 : ERR_CORRUPT;
}

/* The record that has the pair, or would have it: 1, or 0 when there is none yet. */
static int find(MDB_cursor *cursor, struct id pair, struct span *key, struct span *payload)
{
    struct key k = key_pairs(pair);
    int rc;

    *key = key_span(&k);
    rc = record_seek(cursor, MDB_SET_RANGE, key, payload);
    if (rc == 1 && span_eq(*key, key_span(&k)))
        return 1;
    if (rc >= 0)
        rc = record_seek(cursor, rc ? MDB_PREV : MDB_LAST, key, payload);
    return rc == 1 ? is_ours(*key) : rc;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

int path_numbers_first(struct path_numbers *p, MDB_cursor *cursor, struct span path, uint32_t *number)
{
    struct span key = {0}, payload = SPAN("");
    int rc;

    p->cursor = cursor;
    p->hash = path_hash(path);
    p->at = p->count = 0;
    if ((rc = find(cursor, (struct id){p->hash, 0}, &key, &payload)) < 0 ||
        (rc == 1 && (rc = path_numbers_take(key, payload, p->list, &p->count)) < 0))
        return rc;
    return path_numbers_next(p, number);
}

int path_numbers_next(struct path_numbers *p, uint32_t *number)
{
    struct span key = {0}, payload;
    int rc;

    while (p->at < p->count && p->list[p->at].hash < p->hash)
        p->at++;
    if (p->at == p->count) { /* the next record may begin with more of this hash */
        rc = record_seek(p->cursor, MDB_NEXT, &key, &payload);
        if (rc <= 0 || !is_ours(key) || key_read32(key, 4) > p->hash)
            return rc < 0 ? rc : 0;
        p->at = 0;
        if ((rc = path_numbers_take(key, payload, p->list, &p->count)) < 0)
            return rc;
    }
    *number = p->list[p->at].number;
    return p->list[p->at++].hash == p->hash;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

/* Pairs under their key; two records when they are too long for one, none when there is none. */
static int put_pairs(struct write *w, struct id least, const struct id *list, uint32_t count)
{
    struct key k = key_pairs(least);
    struct buf b = BUF_INIT(4 * KiB);
    struct id before = {0};
    int rc;

    for (uint32_t i = 0; i < count; i++)
        id_put(&b, 0, &before, list[i]);
    if (b.len > IDS_BYTES) {
        rc = put_pairs(w, least, list, count / 2);
        rc = rc < 0 ? rc : put_pairs(w, list[count / 2], list + count / 2, count - count / 2);
    } else {
        rc = count ? record_put_buf(w, T_FILES, &k, &b, false) : record_drop(w, T_FILES, &k);
    }
    buf_fini(&b);
    return rc;
}

/* Puts the pair among the others, or takes it away. */
static int change(struct write *w, struct id pair, bool there)
{
    struct id list[IDS_BYTES + 1], least = {0};
    struct span key = {0}, payload = SPAN("");
    uint32_t count = 0, at = 0;
    MDB_cursor *cursor;
    int rc;

    if (mdb_cursor_open(w->txn, w->ix->table[T_FILES], &cursor))
        return ERR_NOMEM;
    if ((rc = find(cursor, pair, &key, &payload)) == 1) {
        least = (struct id){key_read32(key, 4), key_read32(key, 8)};
        rc = path_numbers_take(key, payload, list, &count);
    }
    mdb_cursor_close(cursor);
    if (rc < 0)
        return rc;
    while (at < count && id_less(list[at], pair))
        at++;
    if ((at < count && !id_less(pair, list[at])) == there)
        return 0;
    if (there) {
        memmove(list + at + 1, list + at, (count++ - at) * sizeof *list);
        list[at] = pair;
    } else {
        memmove(list + at, list + at + 1, (--count - at) * sizeof *list);
    }
    return put_pairs(w, least, list, count);
}

int path_numbers_add(struct write *w, struct span path, uint32_t number)
{
    return change(w, (struct id){path_hash(path), number}, true);
}

int path_numbers_drop(struct write *w, struct span path, uint32_t number)
{
    return change(w, (struct id){path_hash(path), number}, false);
}
