#include "index/ids.h"

#include "base/err.h"

static uint32_t first_of(const struct segment *s, enum part part)
{
    return part == PART_QUOTE_IDS ? s->first_quote : s->first_doc;
}

static uint32_t last_of(const struct segment *s, enum part part)
{
    return part == PART_QUOTE_IDS ? s->last_quote : s->last_doc;
}

static struct key key_ids(const struct segment *s, enum part part, struct id last)
{
    struct key k = key_part(s->id, part, last.hash);

    key_be32(&k, last.number);
    return k;
}

void id_put(struct buf *b, uint32_t first, struct id *before, struct id id)
{
    buf_varint(b, id.hash - before->hash);
    buf_varint(b, id.number - first);
    *before = id;
}

int id_take(struct take *t, uint32_t first, struct id *id)
{
    uint32_t gap = take_varint32(t), number = take_varint32(t);
    struct id next = {id->hash + gap, first + number};

    if (t->bad || gap > UINT32_MAX - id->hash || number > UINT32_MAX - first || !id_less(*id, next))
        return ERR_CORRUPT;
    *id = next;
    return 0;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

/* Opens the record that the cursor found. */
static int take_record(struct ids_reader *r, int rc, struct span key, struct span payload)
{
    struct key ours = key_part(r->segment->id, r->part, 0);

    if (rc <= 0 || key.len != ours.len + 4 || memcmp(key.at, ours.at, ours.len - 4) != 0)
        return rc < 0 ? rc : 0;
    r->left = take_open(payload.at, payload.len);
    r->last = (struct id){key_read32(key, ours.len - 4), key_read32(key, ours.len)};
    r->id = (struct id){0};
    return 1;
}

int ids_next(struct ids_reader *r)
{
    if (!take_left(&r->left)) {
        struct span key = {0}, payload = SPAN("");
        int rc = record_seek(r->cursor, MDB_NEXT, &key, &payload);

        if ((rc = take_record(r, rc, key, payload)) <= 0)
            return rc;
    }
    if (id_take(&r->left, first_of(r->segment, r->part), &r->id) < 0 || id_less(r->last, r->id) ||
        r->id.number > last_of(r->segment, r->part))
        return ERR_CORRUPT;
    return 1;
}

int ids_seek(struct ids_reader *r, MDB_cursor *cursor, const struct segment *s, enum part part,
             struct id from)
{
    struct key k = key_ids(s, part, from);
    struct span key = key_span(&k), payload = SPAN("");
    int rc = record_seek(cursor, MDB_SET_RANGE, &key, &payload);

    *r = (struct ids_reader){.cursor = cursor, .segment = s, .part = part};
    if ((rc = take_record(r, rc, key, payload)) <= 0)
        return rc;
    while ((rc = ids_next(r)) == 1 && id_less(r->id, from))
        ;
    return rc;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

void ids_begin(struct ids_writer *out, struct write *w, const struct segment *s, enum part part, bool append)
{
    *out = (struct ids_writer){.w = w, .segment = s, .part = part, .append = append};
    out->row = BUF_INIT(2 * KiB);
}

static int put_record(struct ids_writer *out)
{
    struct key k = key_ids(out->segment, out->part, out->last);
    int rc = buf_err(&out->row);

    if (rc == 0 && out->row.len)
        rc = record_put_buf(out->w, T_PARTS, &k, &out->row, out->append);
    buf_clear(&out->row);
    out->last = (struct id){0};
    return rc;
}

int ids_add(struct ids_writer *out, struct id id)
{
    enum { LONGEST = 10 };
    int rc = out->row.len + LONGEST > IDS_BYTES ? put_record(out) : 0;

    id_put(&out->row, first_of(out->segment, out->part), &out->last, id);
    return rc;
}

int ids_end(struct ids_writer *out, int rc)
{
    int put = rc < 0 ? rc : put_record(out);

    buf_fini(&out->row);
    return put < 0 ? put : rc;
}
