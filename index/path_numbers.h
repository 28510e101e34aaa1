/* path_numbers.h -- from a path to the numbers of its files: mostly one, the file in force; two while it is brought in anew.
 *
 * A pair is the low 32 bits of a path's hash and a number, big end first, so that pairs sort as bytes. They stand in records of
 * at most PAIRS_BYTES, before all files. The key is the least pair that its record may hold, and stays when pairs come and go;
 * a record that grows too long becomes two:
 *
 *      0, hash, number  ->  | hash, number | hash, number | ...
 *
 * Whoever finds a number compares with the path of its row.
 */
#ifndef INDEX_PATH_NUMBERS_H
#define INDEX_PATH_NUMBERS_H

#include "index/store_inner.h"

enum { PAIR = 8, PAIRS_BYTES = 125 * PAIR };

uint64_t path_pair(struct span path, uint32_t number);

/* Whether a record holds pairs, and none but rising ones from its key on. */
bool path_numbers_whole(struct span key, struct span payload);

/* The numbers that files with this hash have, in order. */
struct path_numbers {
    MDB_cursor *cursor; /* over T_FILES; borrowed */
    uint32_t hash;
    struct span left; /* of the record */
};

/* Each 1 with the number, 0 when there is none, or an error. */
int path_numbers_first(struct path_numbers *p, MDB_cursor *cursor, struct span path, uint32_t *number);
int path_numbers_next(struct path_numbers *p, uint32_t *number);

/* A file comes to a path, or leaves it. */
int path_numbers_add(struct write *w, struct span path, uint32_t number);
int path_numbers_drop(struct write *w, struct span path, uint32_t number);

#endif
