/* paths.h -- does a document stand in a file whose path is asked for?
 *
 *      path:harbour          in any path that holds these letters, whatever capitals and accents
 *      path:2025-*           in a folder or a file with such a name: with * or ? the pattern stands for whole names of the path,
 *      path:news/2025?       one or several in a row, as in a shell (neither sign stands for a slash)
 *
 * Each file is looked at once, however many articles it has. Who asks of many documents has all files looked at, one after
 * the other, and then a bit a document, which leads from one to the next.
 */
#ifndef INDEX_PATHS_H
#define INDEX_PATHS_H

#include "index/store.h"

/* Whether a path, folded as the pattern is, is asked for. */
bool path_fits(struct span pattern, struct span path);

struct path_test;

/* Finding the file of every sixteenth document costs as much as going through the files. */
#define PATH_MANY(documents) (64 + (documents) / 16)

/* `pattern` is folded loosely. The view keeps it, with what is known, for who asks for the same one again. NULL when memory
 * is out. */
struct path_test *path_test_of(struct index_view *v, struct span pattern);

/* Whether a document stands in such a file: 1, 0 or an error. */
int path_test(struct path_test *t, struct arena *scratch, uint32_t doc);

/* Has all files looked at for every pattern of the view, unless they were: for who will ask of more than PATH_MANY
 * documents. 0 or an error. */
int paths_look(struct index_view *v);

/* The first document from `doc` on that may stand in such a file: once all files were looked at, one that does; 0 when there is
 * none any more. */
uint32_t path_next(const struct path_test *t, uint32_t doc);

#endif
