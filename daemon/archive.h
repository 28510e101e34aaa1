/* archive.h -- which paths make the archive, and the documents that we keep ourselves.
 *
 * The list is a text file that a person may read and edit; a line is one of
 *
 *      # a remark
 *      /home/ada/articles            all of this folder (or this file) belongs to the archive
 *      !/home/ada/articles/private   but not this
 *
 * The line that reaches deepest decides. The list and the inbox are the only things that a rebuilt index cannot
 * give back, so both are written beside, fsynced, renamed and their folder fsynced, before anybody is told that
 * it is done. Everything here may wait for the disk: it is for the writer and reader threads, not for the loop.
 */
#ifndef DAEMON_ARCHIVE_H
#define DAEMON_ARCHIVE_H

#include "base/arena.h"
#include "base/buf.h"

enum { ARCHIVE_LIST_MAX = 16 * 1024 * 1024 }; /* bytes of the list: a hundred thousand paths */

struct archive {
    struct arena mem;
    char **lines; /* as they stand in the file, without the line breaks */
    uint32_t count, cap;
};

/* Reads the list. A missing file is an empty archive; any other trouble is an error, never an empty archive. */
int archive_load(struct archive *a, const char *list);

/* Writes it durably. */
int archive_save(const struct archive *a, const char *list);
void archive_fini(struct archive *a);

/* The path that a line names, or NULL for a remark; *excluded tells the two kinds apart. */
const char *archive_line(const char *line, bool *excluded);

/* True when the path belongs to the archive, by the deepest line at or above it. */
bool archive_holds(const struct archive *a, const char *path);

/* Makes the path belong. 1 when the list changed, 0 when it belonged already, or an error. */
int archive_register(struct archive *a, const char *path);

/* Makes it, and all below, not belong. 1 when the list changed. *excluded: a listed folder above it
 * remains, so a line that excludes it was added. */
int archive_forget(struct archive *a, const char *path, bool *excluded);

/* The lines at or below `root` (all when NULL) that are no remarks, folders before what is in them. In a's
 * memory. */
int archive_below(struct archive *a, const char *root, const char *const **lines, uint32_t *count);

/* A document that came over the socket. The texts may be NULL. */
struct document {
    struct buf text;
    char *name, *title, *date, *source, *url;
};

void document_fini(struct document *d);

/* Keeps the document as a file of the inbox, durably; `path` (LIMIT_PATH bytes) gets its place. The same
 * document again is the same file. */
int archive_keep(const char *inbox, const struct document *d, char *path);

/* Deletes a file of the inbox, durably. */
int archive_drop(const char *path);

#endif
