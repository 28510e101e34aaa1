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

#include "wire/cache.h"

/* `params` is a JSON object, or empty. Returns the length of the key, or 0 when there is none. */
size_t question_key(struct span method, struct span params, char key[CACHE_KEY]);

#endif
