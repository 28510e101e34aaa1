/* link.h -- the socket of libquotes: found, connected, written and read without waiting.
 *
 *      link_put ──► out ──flush──► socket ──fill──► frames ──► link_frame
 *
 * The descriptor belongs to the host program's table, where anybody may close it and open another file in its place. So the
 * link remembers which socket it is, and looks before each use: what is not ours is neither written to, nor read, nor closed.
 * A child of the process that connected is told the same way (MADV_WIPEONFORK): it must not talk on its parent's socket.
 */
#ifndef CLIENT_LINK_H
#define CLIENT_LINK_H

#include <sys/types.h>

#include "client/quotes.h"
#include "wire/frame.h"

struct link {
    int fd;
    dev_t dev;
    ino_t ino;
    char *ours; /* a page that a child process finds empty; NULL where the system has no such */
    struct buf out;
    size_t sent; /* of it: has left */
    struct frame_reader in;
    int got; /* a descriptor that came with a frame, or -1 */
};

/* A sentence, cut between characters to QUOTES_WORDS. `words` may be NULL. Returns `code`, so that a failure is one line. */
int link_fail(char *words, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Connects to the daemon that the options and the environment name; else to the person's own; else to the system's, whose
 * index is not asked after: o->index is NULL then. 0 or an error. */
int link_open(struct link *l, struct quotes_options *o, char *words);
void link_close(struct link *l);

/* False in a child process. */
static inline bool link_is_ours(const struct link *l)
{
    return !l->ours || *(volatile char *)l->ours;
}

/* False when the program has closed the descriptor, or put another file in its place. */
bool link_holds(const struct link *l);

/* Sends what is possible of `out`. Where the daemon takes no more, all is dropped; link_fill tells of that, when it has read
 * what the daemon said before. */
void link_flush(struct link *l);

/* Reads once. 1; 0 when there is nothing to be read; an error. Take every frame before reading more. */
int link_fill(struct link *l);

/* The next frame that was read, borrowed until the next call. 1, 0 or an error. */
int link_frame(struct link *l, struct span *frame);

/* Waits until it may be read, or written where something is left to be sent; so many milliseconds (-1: for ever).
 * 1; 0 when the time is over or a signal came; an error. */
int link_wait(struct link *l, int ms);

#endif
