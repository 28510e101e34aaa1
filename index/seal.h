/* seal.h -- what the file of the index was when it was closed, so that a file that changed since is told before it is asked.
 *
 *      seal    | be64 transaction | be64 bytes | be64 XXH3-64 of them | be32 checksum of these |
 *
 * A record knows when its own bytes were changed. It cannot know that it is missing: LMDB's pages have no checksums, so a page
 * that was lost, zeroed or written to another place takes its records along without a word, and a question finds less
 * than there is. The seal is over every byte.
 *
 * It is written by index_close, and taken away (durably) before the first write of the next session; so one that is there
 * must fit the file. After a crash there is none: then the whole index is walked (view_check), as long as the file is
 * small enough for nobody to wait. That is done in a process of its own, for LMDB does not survive every page that it follows.
 */
#ifndef INDEX_SEAL_H
#define INDEX_SEAL_H

#include <stdbool.h>
#include <stdint.h>

struct index;

struct seal {
    int fd;     /* of the file while it is being read through; -1 */
    void *hash; /* XXH3 state */
    uint64_t at, size, wanted;
    bool there; /* a seal lies in the folder */
    bool due;   /* the index was opened: it may be sealed when it is closed */
};

/* When the environment is open, before a page is read. A file of up to SEAL_AT_ONCE bytes is read through here; a larger one by
 * seal_step. 0, or ERR_CORRUPT with words. */
int seal_open(struct index *ix, char *detail);

/* Before the environment is opened: of an index without a seal, whether it is in order. 0, or ERR_CORRUPT with words. */
int seal_prove(struct index *ix, char *detail);

/* Reads on: 1 when there is more, 0 when nothing is left to check, ERR_CORRUPT. */
int seal_step(struct index *ix);

/* Before the first write. */
int seal_break(struct index *ix);

/* Seals the file; nobody writes any more. What goes wrong leaves it without a seal. */
void seal_close(struct index *ix);

#endif
