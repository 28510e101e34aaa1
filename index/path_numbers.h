/* path_numbers.h -- from a path to the numbers of its files: mostly one, the file in force; two while it is brought in anew.
 *
 * Pairs of hash and number, sorted, in records of at most IDS_BYTES before all files. The key is the least pair that the record
 * may hold, so that it stays when pairs come and go; a record that grows too long becomes two:
 *
 *      0, hash, number  ->  | gap of the hash | number | ...      as in ids.h
 *
 * Only 32 bits of a path's hash are kept: whoever finds a number compares with the path of its row.
 */
#ifndef INDEX_PATH_NUMBERS_H
#define INDEX_PATH_NUMBERS_H

#include "index/ids.h"

/* Of the path's hash, as it stands there. */
uint32_t path_hash(struct span path);

/* A record's pairs, in a caller's array of IDS_BYTES; ERR_CORRUPT when they do not rise or are less than its key. */
int path_numbers_take(struct span key, struct span payload, struct id *list, uint32_t *count);

/* The numbers that files with this hash have, in order. */
struct path_numbers {
    MDB_cursor *cursor; /* over T_FILES; borrowed */
    uint32_t hash;
    struct id list[IDS_BYTES];
    uint32_t at, count;
};

/* Each 1 with the number, 0 when there is none, or an error. */
int path_numbers_first(struct path_numbers *p, MDB_cursor *cursor, struct span path, uint32_t *number);
int path_numbers_next(struct path_numbers *p, uint32_t *number);

/* A file comes to a path, or leaves it. */
int path_numbers_add(struct write *w, struct span path, uint32_t number);
int path_numbers_drop(struct write *w, struct span path, uint32_t number);

#endif
