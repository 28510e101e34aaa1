/* progress.h -- how far a change of the archive is: a bar while it runs, a line when it is done.
 *
 *      [########............]  160/400 files  1,093 quotes  2025/04/museum.txt
 *
 * The bar stands on standard error, only when that is a terminal, and moves ten times a second at most.
 */
#ifndef CLIENT_PROGRESS_H
#define CLIENT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct progress {
    bool bar;   /* there is one to draw */
    bool drawn; /* it stands on the screen */
    long long began_ms, drawn_ms;
    int64_t files, files_total, articles, quotes; /* as last reported */
};

/* What became of all files, added up over several requests. */
struct totals {
    int64_t files_seen, files_new, files_unchanged, files_removed, files_skipped, articles, quotes, bytes;
};

void progress_begin(struct progress *p, bool quiet);

/* Takes the parameters of a `progress` notification, a JSON object. */
void progress_update(struct progress *p, struct span json);

/* Takes the bar off the screen. */
void progress_clear(struct progress *p);

/* Writes the closing line to standard output. `done` is what was done: "indexed". */
void progress_close(struct progress *p, const char *done, const struct totals *t);

#endif
