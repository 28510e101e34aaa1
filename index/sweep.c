#include "base/err.h"
#include "index/merge.h"
#include "index/text.h"

/* Deletes the rows of one dead document. */
static int drop_rows(struct write *w, uint32_t doc)
{
    uint32_t budget = UINT32_MAX;

    w->totals.docs_dead--;
    return record_drop_all(w, T_DOCS, doc, &budget);
}

/* The first row at or after *doc: 1, or 0 when there is none up to `last`. */
static int next_row(struct write *w, uint32_t doc, uint32_t last, struct doc_row *d)
{
    struct key k = key_number(doc);
    struct span key = key_span(&k), payload;
    MDB_cursor *c;
    int rc;

    if (mdb_cursor_open(w->txn, w->ix->table[T_DOCS], &c))
        return ERR_NOMEM;
    rc = record_seek(c, MDB_SET_RANGE, &key, &payload);
    if (rc == 1)
        rc = key_read32(key, 0) > last ? 0 : key.len != 4 || get_doc_head(payload, d) < 0 ? ERR_CORRUPT : 1;
    mdb_cursor_close(c);
    return rc;
}

/* One row: a dead one goes; what lies between two living texts is blanked. */
static int sweep_row(struct write *w, const struct doc_row *d, bool erase, uint64_t *live_end)
{
    uint64_t end = d->text_at + d->text_len;
    int dead = dead_test(w->txn, w->ix->table[T_DEAD], 'd', d->no), rc;

    if (dead < 0)
        return dead;
    if (*live_end == UINT64_MAX) /* nothing is known of what lies before the first */
        *live_end = d->text_at;
    if (dead && (rc = drop_rows(w, d->no)) < 0)
        return rc;
    if (dead && erase) /* with what follows it, once the next living one is found */
        return 0;
    rc = text_blank(w, *live_end, dead ? end : d->text_at, erase);
    if (!dead)
        *live_end = end;
    return rc;
}

/* Texts lie in the order of their documents. So what lies between one living text and the next belongs to
 * the dead, whether or not their rows are still there. */
int sweep(struct write *w, uint32_t *doc, uint32_t last, bool erase, uint32_t most, uint64_t *live_end)
{
    struct doc_row d;
    int rc = 1;

    for (uint32_t n = 0; n < most && rc == 1; n++) {
        if ((rc = next_row(w, *doc, last, &d)) == 1) {
            *doc = d.no + 1;
            rc = sweep_row(w, &d, erase, live_end);
            rc = rc < 0 ? rc : 1;
        }
    }
    if (rc == 0)
        *doc = 0;
    return rc < 0 ? rc : 0;
}
