/* scan.h -- the files below a folder, in the order of their paths.
 *
 * Hidden names are left out, and names that no reader reads. Links to folders are followed once all real
 * folders are done, and only into folders that have not been seen: so a link that leads back ends there.
 */
#ifndef INDEX_SCAN_H
#define INDEX_SCAN_H

#include "index/ingest.h"

/* A folder that could not be listed. What the index has of it stays. */
struct scan_closed {
    const char *path;
    int err;
    const char *words;
};

struct scan {
    struct arena mem;
    struct seen *files; /* rising by path, as bytes */
    uint32_t count, cap;
    struct scan_closed *closed;
    uint32_t closed_count, closed_cap;
};

/* `path` may be a file, which is then the only one, whatever its name. A path that is not there gives no
 * file. Of the run, which may be NULL, it looks at `belongs` and `cancel`. Less than zero: ERR_NOMEM, ERR_CANCELLED. */
int scan(struct scan *s, const char *path, const struct index_run *run);
void scan_fini(struct scan *s);

/* True when the scan saw the file, or could not have seen it. */
bool scan_has(const struct scan *s, struct span path);

/* True when `path` is `root` or lies below it. */
bool path_below(struct span path, struct span root);

#endif
