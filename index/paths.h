/* paths.h -- does a document stand in a file whose path is asked for?
 *
 *      path:harbour          in any path that holds these letters, whatever capitals and accents
 *      path:2025-*           in a folder or a file with such a name: with * or ? the pattern stands for whole names of the path,
 *      path:news/2025?       one or several in a row, as in a shell (neither sign stands for a slash)
 *
 * Each file is looked at once, however many articles it has. Who asks of many documents has all files looked at, one after the
 * other, and then a bit a document.
 */
#ifndef INDEX_PATHS_H
#define INDEX_PATHS_H

#include "index/store.h"

/* Whether a path, folded as the pattern is, is asked for. */
bool path_fits(struct span pattern, struct span path);

struct path_test;

/* For one view; `pattern` is folded loosely. NULL when memory is out. The arena's. */
struct path_test *path_test_new(struct arena *mem, struct index_view *v, struct span pattern);

/* Whether a document stands in such a file: 1, 0 or an error. */
int path_test(struct path_test *t, struct arena *scratch, uint32_t doc);

#endif
