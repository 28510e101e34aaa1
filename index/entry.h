/* entry.h -- the dictionary: the terms of a field, how often each stands there, and its list.
 *
 * A record holds terms in order, as many as fit, and its key ends with the last of them. So the first record at or behind
 * a term is the one that has it, if any:
 *
 *      key    | be32 segment | u8 field | last term |
 *      value  | entry | entry | ...
 *
 *      entry  | 16 * shared + rest | tail bytes | rest of the term | 4*df + 2*often + far | cf-df if often | list unless far |
 *                                                                  \______________________ tail ______________________/
 *
 * The first `shared` bytes of a term are those of the one before it. 15 of either says that a varint follows, with what
 * there is more than 15; that of `shared` comes first. A list (post.h) is in its entry when it is short; else it stands `far`.
 *
 * Invariants of what a reader gives, whatever the bytes:
 *  (1) terms rise, none is empty or longer than LIMIT_TERM;
 *  (2) df is 1 or more, and cf not less.
 */
#ifndef INDEX_ENTRY_H
#define INDEX_ENTRY_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/take.h"

enum {
    ENTRY_RECORD = 980, /* bytes of a record: four fit a page */
    ENTRY_HEAD = 5,     /* bytes of its key before the term */
    ENTRY_SLACK = 16    /* bytes behind a term that may be written to */
};

/* What is known of a term in one segment. */
struct term_entry {
    uint32_t df; /* numbers in its list */
    uint64_t cf; /* how often it stands there */
    bool far;
    struct span list; /* borrowed; of a list that is not far */
};

/* About how many bytes its list takes. */
static inline uint64_t entry_bytes(const struct term_entry *e)
{
    return e->far ? e->df + e->df / 2 + e->cf + e->cf / 4 : e->list.len;
}

/* Goes through a record. */
struct entry_reader {
    struct take left;
    char term[LIMIT_TERM + ENTRY_SLACK]; /* the current one, after entry_next returned 1, */
    size_t len, shared;                  /* and what it shares with the one before */
    struct span tail;                    /* for entry_read */
};

void entry_open(struct entry_reader *r, struct span record);

/* The next term: 1, 0 at the end, ERR_CORRUPT. */
int entry_next(struct entry_reader *r);

static inline struct span entry_term(const struct entry_reader *r)
{
    return (struct span){r->term, r->len};
}

/* 1 or ERR_CORRUPT. */
int entry_read(struct span tail, struct term_entry *e);

/* Finds a term in a record: 1, 0, ERR_CORRUPT. What it passes by is not read. */
int entry_find(struct span record, struct span term, struct term_entry *e);

/* Adds the entry of a term that comes after `before`, which is empty in front of the first one. */
void entry_put(struct buf *record, struct span before, struct span term, const struct term_entry *e);

#endif
