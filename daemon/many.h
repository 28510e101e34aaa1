/* many.h -- many small questions in one request (`lookup_many`), for who checks a whole document.
 *
 *      {"method":"by","each":[{"speaker":"venn"},{"speaker":"pike"}],"common":{"limit":5}}
 *                              |                  |
 *              kept? --yes--> as it stands there  the index answers --> kept, as if it had been asked alone
 *                              |                  |
 *      {"generation":41,"answers":[{"found":9,...},{"error":{"code":-10005,...}}]}
 *
 * When all of them are kept, the loop answers at once (daemon/keeper.h). Else a reader thread goes through them with one view
 * of the index, so that all are of the same generation. The error of one is its own; a deadline or a cancel is that of all.
 *
 * The result stays below MANY_RESULT. An answer for which there is no room, or which is too large for the cache, is an error
 * in its place that says to ask it alone.
 */
#ifndef DAEMON_MANY_H
#define DAEMON_MANY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

struct call;
struct index_view;
struct server;

enum {
    MANY_ROWS = 100,       /* of one answer, at most: what the loop answers alone, too */
    MANY_RESULT = 1 << 20, /* bytes of the result: as much as a request may have */
    MANY_REFUSAL = 128     /* of an answer's place that says that there is no room for it */
};

/* Is there room for an answer of `len` bytes, behind `before` bytes, with so many still to come? Their refusals will fit, too. */
static inline bool many_fits(size_t before, size_t len, size_t left)
{
    return before + len + 1 + left * MANY_REFUSAL + MANY_REFUSAL <= MANY_RESULT;
}

/* On a reader thread: answers all of them into the answer of the call. 0, or the error of the whole. */
int many_answer(struct server *server, struct index_view *view, struct call *c);

#endif
