/* guard.h -- the open index, and who may touch it when.
 *
 * Views are taken by the loop and the reader threads; one writer thread changes the index. LMDB lets both go on
 * together. Only replacing the index's file (compacting it, or starting a new one) must wait until no view
 * is open, and holds new ones back meanwhile: that is what the lock is for. The loop never waits for it.
 */
#ifndef DAEMON_GUARD_H
#define DAEMON_GUARD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "index/index.h"

struct guard {
    pthread_rwlock_t lock; /* read: a view is open; write: the file is being replaced */
    struct index *ix;      /* changed by the writer thread alone, under the write lock */
    const char *dir;       /* borrowed */
    atomic_bool damaged;   /* somebody met ERR_CORRUPT: `reindex` begins a new index */
    index_told_fn told;    /* of commits; of generation 0 when another index takes the place of this one */
    void *told_ctx;
};

/* Opens the index. One that is damaged or of another version is set aside and a new one begun; *renewed
 * says so, and `detail` (200 bytes) why. */
int guard_open(struct guard *g, const char *dir, bool *renewed, char *detail);

/* Who is told of commits, on the writer's thread (index_watch); and, with generation 0, that another index is about to be
 * opened. */
void guard_watch(struct guard *g, index_told_fn told, void *ctx);

/* Everybody who takes views must have ended. */
void guard_close(struct guard *g);

/* A view, to be given back by the same thread with guard_view_close. Without `wait`, ERR_BUSY while the file
 * is being replaced. */
int guard_view(struct guard *g, bool wait, struct index_view **view);
void guard_view_close(struct guard *g, struct index_view **view);

/* Remembers that the index is damaged when `rc` says so; returns rc. */
int guard_note(struct guard *g, int rc);

/* Writer thread: from `yes` until it is called again no view is open. */
void guard_alone(void *guard, bool yes);

/* Writer thread: compacts, or begins a new index in place of this one. */
int guard_compact(struct guard *g, const volatile bool *cancel);
int guard_renew(struct guard *g, char *detail);

#endif
