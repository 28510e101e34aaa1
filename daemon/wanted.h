/* wanted.h -- the file in which a daemon that ends leaves for the next one which answers were wanted most (daemon/warm.h).
 *
 *      | "QUOTED\0W" | rules of keys 4 | rows 4 | check 8 | asked 1 | length 2 | key | asked ... |
 *                                                        the one that was wanted most comes first
 *
 * Keys are those of wire/question.h. `asked` says how often the key was asked for again, 1 to WANTED_ASKED; the next daemon
 * takes one off it, so that what nobody asks for any more is forgotten after some starts. `check` is cache_hash of all rows.
 * Numbers are in the byte order of the machine. It is a hint: anything odd in it, or other rules, and there is no warm-up.
 */
#ifndef DAEMON_WANTED_H
#define DAEMON_WANTED_H

#include "base/buf.h"

enum {
    WANTED_KEYS = 1000, /* in the file at most: answered again within seconds */
    WANTED_ASKED = 4,
    WANTED_FILE = 24 + WANTED_KEYS * (3 + 512) /* bytes at most */
};

struct wanted {
    struct span key; /* borrowed */
    unsigned asked;
};

/* Adds a row to others. */
void wanted_row(struct buf *rows, const struct wanted *w);

/* The file of so many rows. */
void wanted_file(struct buf *out, struct span rows, uint32_t count);

/* The rows of a file; false when it is none, or another key's rules wrote it. */
bool wanted_rows(struct span file, struct span *rows);

/* Cuts the first row off; false at the end, or where it is odd. */
bool wanted_next(struct span *rows, struct wanted *w);

#endif
