#include "index/hold.h"

#include "base/err.h"
#include "index/path_numbers.h"
#include "index/quote_rows.h"
#include "index/touch.h"

/* ---- life and death of a document -------------------------------------------------------------------- */

/* Takes its quotes off the totals, and counts them. */
static int uncount_quotes(struct write *w, const struct doc_row *d, uint32_t *count)
{
    struct quote_reader r;
    MDB_cursor *c;
    int rc = 1;

    if (mdb_cursor_open(w->txn, w->ix->table[T_DOCS], &c))
        return ERR_NOMEM;
    for (*count = 0; rc == 1 && *count < d->quote_count;) {
        if ((rc = quote_rows_seek(&r, c, d->no, d->first_quote + *count)) == 0)
            rc = ERR_CORRUPT;
        while (rc == 1 && (rc = quote_rows_next(&r)) == 1) {
            ++*count;
            w->totals.quotes -= r.row.kind != QUOTE_INDIRECT;
            w->totals.quotes_attributed -= r.row.kind != QUOTE_INDIRECT && r.row.speaker.len;
        }
        rc = rc == 0 ? 1 : rc;
    }
    mdb_cursor_close(c);
    return rc < 0 ? rc : *count == d->quote_count ? 0 : ERR_CORRUPT;
}

/* Marks its quotes dead, and takes them off the totals. */
static int quotes_die(struct write *w, const struct doc_row *d)
{
    uint32_t count;
    int rc = uncount_quotes(w, d, &count);

    for (uint32_t i = 0; i < count && rc == 0; i++)
        rc = dead_mark(w, 'q', d->first_quote + i);
    return rc;
}

static int doc_dies(struct write *w, uint32_t doc)
{
    struct key k = key_number(doc);
    struct doc_row d;
    struct span payload;
    int rc = record_get(w->txn, w->ix->table[T_DOCS], key_span(&k), &payload);

    if (rc <= 0)
        return rc < 0 ? rc : ERR_CORRUPT;
    if ((rc = get_doc_head(payload, &d)) < 0 || (rc = quotes_die(w, &d)) < 0)
        return rc;
    w->totals.docs--;
    w->totals.docs_dead++;
    w->totals.words -= d.words;
    w->totals.text_bytes -= d.text_len;
    return dead_mark(w, 'd', doc);
}

/* 1 when some file holds the document. */
static int is_held(struct write *w, uint32_t doc)
{
    struct key k = key_places(doc);
    struct span key = key_span(&k), payload;
    MDB_cursor *c;
    int rc;

    if (mdb_cursor_open(w->txn, w->ix->table[T_DOCS], &c))
        return ERR_NOMEM;
    rc = record_seek(c, MDB_SET_RANGE, &key, &payload);
    if (rc == 1)
        rc = key_is_place(key, doc);
    mdb_cursor_close(c);
    return rc;
}

/* ---- what a file holds ------------------------------------------------------------------------------- */

/* 1, or 0 when there is none. */
static int get_row(MDB_txn *txn, const struct index *ix, struct arena *mem, uint32_t no, struct file_row *f)
{
    struct key k = key_file(no);
    struct span payload;
    int rc = record_get(txn, ix->table[T_FILES], key_span(&k), &payload);

    return rc == 1 && (rc = get_file(mem, payload, f)) == 0 ? 1 : rc;
}

/* Its article n: 1, or 0 when there is none. The first stands in its row. */
static int hold_get(struct write *w, uint32_t file, uint32_t n, struct place_row *p)
{
    struct arena mem = ARENA_INIT;
    struct key k = key_hold(file, n);
    struct file_row f = {.no = 0};
    struct span payload;
    int rc = n ? record_get(w->txn, w->ix->table[T_FILES], key_span(&k), &payload)
               : get_row(w->txn, w->ix, &mem, file, &f);

    *p = f.first;
    arena_free(&mem);
    if (n && rc == 1 && (rc = get_hold(payload, p)) == 0)
        rc = 1;
    return rc < 0 ? rc : p->doc != 0;
}

/* The document dies when no file holds it any more. */
static int let_go(struct write *w, uint32_t file, uint32_t n, uint32_t doc)
{
    struct key place = key_place(doc, file, n);
    int rc = record_drop(w, T_DOCS, &place);

    w->touched = TOUCH_ALL;
    if (rc < 0 || (rc = is_held(w, doc)) != 0)
        return rc < 0 ? rc : 0;
    return doc_dies(w, doc);
}

int hold_put(struct write *w, const struct place_row *p, bool new_file, bool new_doc)
{
    struct key hold = key_hold(p->file, p->n), place = key_place(p->doc, p->file, p->n);
    struct buf b = BUF_INIT(1 * KiB);
    struct place_row old = {0};
    int rc = new_file ? 0 : hold_get(w, p->file, p->n, &old);

    if (!new_doc)
        w->touched = TOUCH_ALL;
    put_hold(&b, p);
    if (rc >= 0)
        rc = record_put(w, T_DOCS, key_span(&place), SPAN(""), new_doc);
    if (rc == 0 && old.doc && old.doc != p->doc)
        rc = let_go(w, p->file, p->n, old.doc);
    if (rc == 0 && p->n)
        rc = record_put_buf(w, T_FILES, &hold, &b, new_file);
    buf_fini(&b);
    return rc;
}

/* Takes article n out of what the store says of its file. */
static int forget_hold(struct write *w, uint32_t file, uint32_t n)
{
    struct arena mem = ARENA_INIT;
    struct key k = key_hold(file, n);
    struct file_row f;
    int rc;

    if (n)
        return record_drop(w, T_FILES, &k);
    if ((rc = file_get(w, &mem, file, &f)) == 0) {
        f.first = (struct place_row){0};
        rc = file_put(w, &f, false);
    }
    arena_free(&mem);
    return rc;
}

int hold_trim(struct write *w, uint32_t file, uint32_t n)
{
    for (;; n++) {
        struct place_row p;
        int rc = hold_get(w, file, n, &p);
        if (rc <= 0)
            return rc;
        if ((rc = forget_hold(w, file, n)) < 0 || (rc = let_go(w, file, n, p.doc)) < 0)
            return rc;
    }
}

/* ---- files and paths --------------------------------------------------------------------------------- */

int file_put(struct write *w, const struct file_row *f, bool is_new)
{
    struct key k = key_file(f->no);
    struct buf b = BUF_INIT(64 * KiB);
    int rc;

    put_file(&b, f);
    rc = record_put_buf(w, T_FILES, &k, &b, is_new);
    buf_fini(&b);
    return rc == 0 && is_new ? path_numbers_add(w, f->path, f->no) : rc;
}

int file_get(struct write *w, struct arena *mem, uint32_t no, struct file_row *f)
{
    int rc = get_row(w->txn, w->ix, mem, no, f);

    return rc == 1 ? 0 : rc < 0 ? rc : ERR_CORRUPT;
}

int file_drop(struct write *w, uint32_t no)
{
    struct key k = key_file(no);
    struct arena mem = ARENA_INIT;
    struct file_row f;
    int rc = hold_trim(w, no, 0);

    if (rc == 0 && (rc = get_row(w->txn, w->ix, &mem, no, &f)) == 1 &&
        (rc = path_numbers_drop(w, f.path, no)) == 0)
        rc = record_drop(w, T_FILES, &k);
    arena_free(&mem);
    return rc;
}

static int find_path(MDB_txn *txn, const struct index *ix, MDB_cursor *cursor, struct arena *mem,
                     struct span path, struct path_row *p)
{
    struct path_numbers numbers;
    struct file_row f;
    uint32_t no;
    int rc = path_numbers_first(&numbers, cursor, path, &no);

    for (; rc == 1; rc = path_numbers_next(&numbers, &no)) {
        if ((rc = get_row(txn, ix, mem, no, &f)) != 1)
            return rc < 0 ? rc : ERR_CORRUPT;
        if (span_eq(f.path, path))
            *(f.complete ? &p->in_force : &p->coming) = no;
    }
    return rc;
}

int path_get(MDB_txn *txn, const struct index *ix, struct span path, struct path_row *p)
{
    struct arena mem = ARENA_INIT;
    MDB_cursor *cursor;
    int rc;

    *p = (struct path_row){0};
    if ((rc = cursor_open(txn, ix->table[T_FILES], &cursor)) < 0)
        return rc;
    rc = find_path(txn, ix, cursor, &mem, path, p);
    mdb_cursor_close(cursor);
    arena_free(&mem);
    return rc;
}

int path_drop(struct write *w, struct span path)
{
    struct path_row p;
    int rc = path_get(w->txn, w->ix, path, &p);

    if (rc < 0 || (!p.in_force && !p.coming))
        return rc;
    if ((p.in_force && (rc = file_drop(w, p.in_force)) < 0) ||
        (p.coming && (rc = file_drop(w, p.coming)) < 0))
        return rc;
    return 1;
}
