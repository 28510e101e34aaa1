/* answer.h -- an answer on its way to a client that may read slowly.
 *
 * It is made at once, so that no snapshot of the index is held while the client reads. The first
 * LIMIT_ANSWER_MEMORY bytes stay in memory; an answer that grows larger moves whole to an unlinked
 * temporary file in the index's folder, which vanishes with its descriptor, whatever happens to us. When
 * all waiting answers together fill LIMIT_ANSWERS, the next ones go to their files from the first byte. On
 * a full disk an answer of up to LIMIT_ANSWERS is kept in memory instead. Files take descriptors: when there are as many as
 * answer_files() allows, the next answer that needs one ends with ERR_BUSY.
 */
#ifndef DAEMON_ANSWER_H
#define DAEMON_ANSWER_H

#include "base/buf.h"

struct answer {
    const char *dir; /* where the file would be made; borrowed */
    struct buf held; /* the answer, or what of it is not in the file yet */
    size_t counted;  /* of all answers' bytes in memory, ours */
    uint64_t bytes;  /* in all */
    int fd;          /* of the file, or -1 */
    bool filed;      /* it counts among those in files */
};

/* How many answers may be in files; before any is. */
void answer_files(unsigned most);

void answer_init(struct answer *a, const char *dir);
void answer_fini(struct answer *a);

/* Adds a piece (an ask_sink_fn; ctx is the answer). */
int answer_put(void *ctx, struct span piece);

/* Call it after the last piece, before reading. */
int answer_end(struct answer *a);

/* Reads up to `max` bytes from byte `at` on, ending between characters, into `out` (cleared first). */
int answer_read(const struct answer *a, uint64_t at, size_t max, struct buf *out);

#endif
