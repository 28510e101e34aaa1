/* hold.h -- which file holds which article, and when an article dies.
 *
 *      numbers  "/a/x.jsonl" -> file 7 in force, file 9 coming
 *      files    7, 9
 *      holds    (7,0) -> document 21   (7,1) -> 22       (9,0) -> 21   (9,1) -> 40
 *      places   21 -> (7,0) (9,0)      22 -> (7,1)       40 -> (9,1)
 *
 * An article lives as long as a file holds it. A changed file comes in under a new number beside the old
 * one; when it is complete it takes the old one's place, in the same transaction, and documents that only
 * the old one held die: here 22. So a reader sees the old file or the new one, never half of each.
 */
#ifndef INDEX_HOLD_H
#define INDEX_HOLD_H

#include "index/store_inner.h"

/* Says that article p->n of p->file is p->doc, in the place of what a run that was cut off left there; the first article
 * is to be put with the file's row, too, before the commit. `new_file` and `new_doc` say that nothing stands under their
 * numbers, or higher ones, yet. */
int hold_put(struct write *w, const struct place_row *p, bool new_file, bool new_doc);

/* The file holds nothing from its article `n` on. */
int hold_trim(struct write *w, uint32_t file, uint32_t n);

/* A file is in force when its row says that it is complete. `is_new` says that no row stands under its number, or higher ones. */
int file_put(struct write *w, const struct file_row *f, bool is_new);
int file_get(struct write *w, struct arena *mem, uint32_t no, struct file_row *f);

/* Takes out a file with all it holds. */
int file_drop(struct write *w, uint32_t no);

/* The numbers of a path's file in force and of the one being brought in; 0 is none. */
struct path_row {
    uint32_t in_force, coming;
};

int path_get(MDB_txn *txn, const struct index *ix, struct span path, struct path_row *p);

/* Takes out a path with its files. 1 if it was known, 0 if not. */
int path_drop(struct write *w, struct span path);

#endif
