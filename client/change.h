/* change.h -- what `add`, `rm` and `reindex` have in common: ask, follow the progress, add up, close.
 *
 * A request is at most 1 MiB, so a long list of paths (`quotes add *.txt`) goes as several; the person sees one change.
 */
#ifndef CLIENT_CHANGE_H
#define CLIENT_CHANGE_H

#include "client/ask.h"
#include "client/progress.h"

struct change {
    struct call *c;
    const char *done; /* "indexed", "removed": the first word of the closing line */
    struct progress progress;
    struct totals totals;
    struct buf paths, skipped; /* JSON lists that grow */
    int64_t skipped_more;
    struct buf result; /* of the request under way */
};

/* Starts; Ctrl-C now cancels the request instead of ending the program (a second one ends it). */
void change_begin(struct change *ch, struct call *c, const char *done);

/* One request. `params` is closed and emptied. 0, or the status to exit with; why has been said. */
int change_ask(struct change *ch, const char *method, struct buf *params);

/* Requests for all operands, made absolute, until one fails. `flag` (may be NULL) is sent as true with each. */
int change_paths(struct change *ch, const char *method, const char *flag);

/* Says what became of it and which files were skipped. Returns the status to exit with; `status` is what change_ask
 * returned last. */
int change_end(struct change *ch, int status);

#endif
