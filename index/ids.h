/* ids.h -- which documents have an id or a content, which quotes an id: for each segment three lists of hashes.
 *
 * A list is sorted by hash, then by number, and cut into records of at most IDS_BYTES. The key of each names its last:
 *
 *      segment, 'c' 'd' or 'q', hash, number  ->  | gap of the hash | number - the segment's first | ...
 *
 * Only the low 32 bits of a hash are kept, since the row of the number has it whole: whoever finds a number here compares.
 * Gaps of a record count from 0. What is read is not trusted: what does not rise, or lies outside of the segment or behind
 * its key, is ERR_CORRUPT.
 */
#ifndef INDEX_IDS_H
#define INDEX_IDS_H

#include "index/store_inner.h"

enum { IDS_BYTES = 1000 };

struct id {
    uint32_t hash, number;
};

static inline bool id_less(struct id a, struct id b)
{
    return a.hash != b.hash ? a.hash < b.hash : a.number < b.number;
}

/* The next id of a record of a list whose numbers count from `first`; *id is the one before it, or 0, 0. */
void id_put(struct buf *b, uint32_t first, struct id *before, struct id id);
int id_take(struct take *t, uint32_t first, struct id *id);

/* ---- reading ----------------------------------------------------------------------------------------- */

struct ids_reader {
    MDB_cursor *cursor; /* over T_PARTS; borrowed */
    const struct segment *segment;
    enum part part;
    struct take left; /* of the record */
    struct id last;   /* of the record */
    struct id id;     /* the one found */
};

/* The first id at or after `from`: 1, 0 when there is none, or an error. */
int ids_seek(struct ids_reader *r, MDB_cursor *cursor, const struct segment *s, enum part part,
             struct id from);
int ids_next(struct ids_reader *r);

/* ---- writing ----------------------------------------------------------------------------------------- */

struct ids_writer {
    struct write *w;
    const struct segment *segment;
    enum part part;
    bool append;
    struct buf row; /* not written yet */
    struct id last;
};

/* Ids of one part come rising. `rc` is what adding came to: after an error nothing more is written; else ids_end returns
 * it, or an error of its own. */
void ids_begin(struct ids_writer *out, struct write *w, const struct segment *s, enum part part, bool append);
int ids_add(struct ids_writer *out, struct id id);
int ids_end(struct ids_writer *out, int rc);

#endif
