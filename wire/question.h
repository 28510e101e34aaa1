/* question.h -- the key under which an answer is kept (wire/cache.h): the question, written in one way only.
 *
 *      by  00  | 01 venn 00 | 0b 10 00 |
 *      method    ^ number of the parameter in the table of requests, from 1; then its value
 *
 * Parameters stand in the order of the table (wire/requests.h), texts as they were typed, numbers in digits; of truths only
 * those that are true, and `format` only where it is not json. What does not change the answer is left out: the id, the
 * deadline, the group. So two programs that mean the same ask under the same key, whatever the order in which they wrote it,
 * and no table of Unicode is needed.
 *
 * Not every answer is kept. There is no key for questions that change something, that are answered anew each time (status,
 * verify, dump, files, explain), for further pages (offset), for answers without a bound (no limit), nor for what the table
 * does not know.
 */
#ifndef WIRE_QUESTION_H
#define WIRE_QUESTION_H

#include "base/buf.h"
#include "wire/cache.h"
#include "wire/requests.h"

/* The parameters of a question by their places in its row, as they stand in the JSON. */
struct given {
    unsigned there; /* a bit a place */
    struct span values[REQUEST_PARAMS];
};

/* Adds the members of a JSON object (or of nothing, when empty) to what is given; those that are there already stay. False for
 * one that the row does not have, that is of another type, or that stands there twice. */
bool question_take(const struct request_row *row, struct span params, struct given *g);

/* Returns the length of the key, or 0 when there is none. */
size_t question_key_of(const struct request_row *row, const struct given *g, char key[CACHE_KEY]);

/* The same; `params` is a JSON object, or empty. */
size_t question_key(struct span method, struct span params, char key[CACHE_KEY]);

/* The question of a key: its row, and its parameters as a JSON object into `params`. NULL for what is no key: what it gives has
 * that key again, byte for byte. */
const struct request_row *question_of(struct span key, struct buf *params);

#endif
