/* keeper.h -- what the daemon answered before, and the segment in which other programs find it (daemon/cached.h).
 *
 *      a request ──key──► kept? ──yes──► the same answer, on the loop, without the index
 *                           │no
 *                           ▼
 *               the index answers ──► kept, with the generation of the snapshot that it came from
 *
 *      the writer's commit ──► no older answer is given ──► whoever asked for the change is told
 *                                     └──► the loop stamps anew what the commit did not touch
 *
 * Threads: the loop and the reader threads ask and keep, the writer tells of commits; a lock lets in one at a time, and nobody
 * holds it for more than some ten microseconds, but who walks all slots: the sweep behind a commit, and the end.
 */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include <pthread.h>

#include "base/buf.h"
#include "daemon/cached.h"
#include "wire/requests.h"

struct call;

struct keeper {
    pthread_mutex_t lock;
    struct cached *cached; /* NULL: nothing is kept */
    uint64_t segment;      /* which that is, counted: generations tell answers apart only within one */
    size_t bytes;
};

/* Begins to keep, in about so many bytes (0: nothing), what is answered from this index. */
void keeper_start(struct keeper *k, size_t bytes, uint64_t generation);

/* Retires the segment; answers are given without it from here on. */
void keeper_stop(struct keeper *k);

/* Answers a frame that holds one request which was answered before (or many that all were): its line, with the line break,
 * into `out`. With `no_group`, only one that names no group. */
bool keeper_answers(struct keeper *k, struct span frame, bool no_group, struct buf *out);

/* The result of one question among others (daemon/many.h) as it was given before, if it is of that generation. */
bool keeper_gives(struct keeper *k, const struct request_row *row, struct span params, uint64_t generation,
                  struct buf *out);

/* Notes under which key the answer of a call is to be kept: of one that came in a frame of its own, or that has these
 * parameters. And keeps it when the call has its answer. */
void keeper_note_frame(struct keeper *k, struct call *c, struct span frame);
void keeper_note(struct keeper *k, struct call *c, struct span params);
void keeper_keep(struct keeper *k, const struct call *c);

/* Readers of the segment tell what they found (cached_told). Returns how many answers were found in all. */
uint64_t keeper_told_hits(struct keeper *k, uint64_t count, const uint64_t *slots, size_t slot_count);

/* A descriptor of the segment, the caller's to close, and which it is; -1 when nothing is kept. */
int keeper_fd(struct keeper *k, uint8_t instance[CACHE_INSTANCE], uint64_t *size);

/* The writer: there was a commit; the index is another one. */
void keeper_told(struct keeper *k, uint64_t generation, uint64_t touched);
void keeper_renew(struct keeper *k, uint64_t generation);

/* The loop, some time after commits: stamps anew what they did not touch. */
void keeper_sweep(struct keeper *k);

/* For who answers again after a restart (daemon/warm.h): the number of the segment, 0 when nothing is kept; what was wanted
 * most, as rows of daemon/wanted.h, and how many; cached_wish. */
uint64_t keeper_segment(struct keeper *k);
uint32_t keeper_wanted(struct keeper *k, struct buf *rows);
bool keeper_wish(struct keeper *k, struct span key, unsigned asked);

bool keeper_counts(struct keeper *k, struct cached_counts *counts);

#endif
