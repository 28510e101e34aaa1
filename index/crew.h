/* crew.h -- files are read and analysed by several threads, and come out in the order in which they went in.
 *
 *      the caller  push ──► | done | done | at work | waiting | waiting |  ──► head: the first, when it is done
 *                             ▲                 ▲        ▲
 *                             │       threads take the first that waits
 *
 * There is one queue of pieces, of limited length and cost. A piece is a whole file, which is read and analysed in one go,
 * or one article of a stream (JSON lines), which the caller reads itself. Only the caller pushes and takes out, and while it
 * would have to wait it works on pieces too: a crew of one thread has no other, and does the same in the same order.
 * So what comes out is the same for any number of threads.
 */
#ifndef INDEX_CREW_H
#define INDEX_CREW_H

#include "index/analyse.h"
#include "index/index.h"

/* A file as the file system shows it, or a text that is none. */
struct seen {
    const char *path;
    uint64_t size;
    int64_t mtime_ns;
    bool unread;                     /* its name is none that a reader reads: it is listed as skipped */
    const struct index_texts *texts; /* where its bytes come from when it is no file, else NULL, */
    uint32_t text;                   /* and which text it is */
};

enum piece_state { PIECE_WAITING, PIECE_AT_WORK, PIECE_DONE };

struct piece {
    enum piece_state state;
    struct arena mem;          /* all of it but `seen` */
    const struct seen *seen;   /* NULL but for the first piece of a file */
    bool refused;              /* nothing is to be read of it: `result` says why */
    bool last;                 /* nothing more of the file comes: report and result are those of the whole */
    struct analysed *articles; /* in order */
    struct read_report report;
    int result; /* of reading: the file's own trouble */
    int err;    /* ours */
    size_t cost;
    struct analysed **end;
};

struct crew;

/* What the store knows already need not be analysed: asked by any thread, about the content of an article. */
typedef bool (*crew_known_fn)(void *ctx, uint64_t content);

/* `cost` is the most that the queue may hold of what is in piece.cost. NULL when memory is out; a thread that cannot be
 * started is done without. */
struct crew *crew_new(const struct index_run *run, size_t cost, crew_known_fn known, void *ctx);

/* Ends the threads; what is in the queue is dropped. */
void crew_free(struct crew *crew);

/* An empty piece, or NULL when the queue is full: take out the head first. `cost` is about what it will take. */
struct piece *crew_slot(struct crew *crew, size_t cost);

/* Puts the piece that crew_slot gave at the end of the queue. */
void crew_push(struct crew *crew, struct piece *piece);

/* The first piece once it is done, or NULL when there is none; with crew_pop it leaves. */
struct piece *crew_head(struct crew *crew);
void crew_pop(struct crew *crew);

/* Analyses on the caller's own thread what nobody has. */
int crew_analyse(struct crew *crew, struct piece *piece, struct analysed *d);

/* Adds a copy of the article to the piece. */
int piece_add(struct piece *piece, const struct article *a);

#endif
