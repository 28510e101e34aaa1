/* cached.h -- the daemon's end of the cache (wire/cache.h): which answers are kept, for how long, and who may go.
 *
 * Which go is S3-FIFO (Yang and others, "FIFO queues are all you need for cache eviction", SOSP 2023), a set of queues for
 * each class of slots:
 *
 *      new ──► small, a tenth ──asked again──► main ──asked since──► main, at its end
 *                    │ not asked again            │ not asked since
 *                    ▼                            ▼
 *               ghost: its hash alone           gone
 *
 * What comes back while its hash is a ghost goes to `main` at once. So an answer that is wanted often is learned from misses:
 * the daemon does not see what readers find in the segment.
 *
 * Threads: one at a time; the keeper (daemon/keeper.h) sees to it. A thread of its own stands guard, and does nothing.
 */
#ifndef DAEMON_CACHED_H
#define DAEMON_CACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/cache.h"

struct cached;

/* What an answer hangs on, and what a commit touched: bits that the index gives (index/touch.h). A commit that touched all
 * bits that an answer needs may have changed it; one that did not has not. So an answer that needs none hangs on
 * every commit. */
#define CACHED_ALWAYS UINT64_C(0)

/* A segment of about `bytes` (CACHED_LEAST at least), for an index whose living generation is given. NULL, with words. */
struct cached *cached_new(size_t bytes, uint64_t generation, char *detail);

enum { CACHED_LEAST = 256 * 1024, CACHED_WORDS = 200 };

/* Takes the segment out of use, for good: readers turn away from it, and no answer stays in it. */
void cached_free(struct cached *c);

/* The descriptor to hand out, sealed: whoever gets it can only map it read-only. Ours. */
int cached_fd(const struct cached *c);
const uint8_t *cached_instance(const struct cached *c);

/* An answer that is kept and holds: its bytes, valid until the next call of this file; or false. */
bool cached_find(struct cached *c, struct span key, struct span *value);

/* Keeps an answer of the generation that made it. One that does not hold any more, or is too large, is not kept. */
void cached_keep(struct cached *c, struct span key, struct span value, uint64_t generation, uint64_t needs);

/* The index has a new generation. From here on no older answer is given. */
void cached_commit(struct cached *c, uint64_t generation, uint64_t touched);

/* Stamps anew what the commits since the last call did not touch. */
void cached_sweep(struct cached *c);

struct cached_counts {
    uint64_t puts, evictions, commits, restamps, slots, used, bytes;
};

void cached_counts(const struct cached *c, struct cached_counts *counts);

/* The keys that were wanted most, best first, `most` of them: for who will answer them again after a restart. Borrowed until
 * the next call of this file. Returns how many. */
size_t cached_wanted(struct cached *c, struct span *keys, size_t most);

#endif
