/* store.h -- the store as its readers see it. (Writing is ingest.c's; only store*.c, segment.c, post.c,
 * merge.c, ingest.c and check.c include lmdb.h.)
 *
 * A view is one LMDB read transaction with the list of live segments. One thread at a time uses a view.
 * Spans in rows belong to the arena that the call was given.
 */
#ifndef INDEX_STORE_H
#define INDEX_STORE_H

#include "index/index.h"
#include "index/schema.h"

/* Live segments in the order of their documents: lists of one term, put one after the other in this order, rise. */
const struct segment *view_segments(const struct index_view *v, uint32_t *count);

/* For ranking: documents that are not dead, and the sum of the words of all. */
uint64_t view_doc_count(const struct index_view *v);
uint64_t view_word_count(const struct index_view *v);

/* Length of a document in words (capped at 65535). */
int view_doc_words(struct index_view *v, uint32_t doc, uint32_t *words);

/* The lengths of all documents of the segment that `doc` is in; valid as long as the view. */
struct view_lens {
    const uint16_t *words;
    uint32_t first, count;
};
int view_lens(struct index_view *v, uint32_t doc, struct view_lens *out);

/* 1 when dead (every file that held it is gone), 0 when alive. A quote is as dead as its document. */
int view_doc_dead(struct index_view *v, uint32_t doc);
int view_quote_dead(struct index_view *v, uint32_t quote);

/* Whether any document from `first` to `last` is dead: 1, 0, or an error. */
int view_any_dead(struct index_view *v, uint32_t first, uint32_t last);

/* Clears bit (number - first) of every dead document from `first` to `last`. */
int view_drop_dead(struct index_view *v, uint32_t first, uint32_t last, uint64_t *bits);

/* From now on long walks over the view end with ERR_CANCELLED when *cancel is true; NULL: they do not. */
void view_heed(struct index_view *v, const volatile bool *cancel);

/* One row. ERR_NOTFOUND when there is none. */
int view_doc(struct index_view *v, struct arena *mem, uint32_t doc, struct doc_row *out);
int view_quote(struct index_view *v, struct arena *mem, uint32_t quote, struct quote_row *out);
int view_file(struct index_view *v, struct arena *mem, uint32_t file, struct file_row *out);

/* The stored text of a document (the article as it stands in its file, boilerplate included). */
int view_text(struct index_view *v, struct arena *mem, const struct doc_row *doc, struct span *out);

/* A part of it: bytes [start, end) to the same place of `text`, which has room for all of text_len. */
int view_text_range(struct index_view *v, const struct doc_row *doc, uint32_t start, uint32_t end,
                    char *text);

/* Where a document's quotes are, without reading its whole row. */
int view_doc_quotes(struct index_view *v, uint32_t doc, uint32_t *first, uint32_t *count);

/* Where a document stands: *count >= 1 for a live one. The first is the one to show. In the order of paths. */
int view_places(struct index_view *v, struct arena *mem, uint32_t doc, struct place_row **out,
                uint32_t *count);

/* The articles of a file in order, as places. */
int view_holds(struct index_view *v, struct arena *mem, uint32_t file, struct place_row **out,
               uint32_t *count);

/* Live documents or quotes with this id, or documents with this content; rising numbers. */
int view_find(struct index_view *v, struct arena *mem, enum part part, uint64_t id, uint32_t **out,
              uint32_t *count);

/* Calls `each` for every file in force, in the order of their numbers, or of their paths; what is not zero stops. */
int view_files(struct index_view *v, struct arena *scratch,
               int (*each)(void *ctx, const struct file_row *file), void *ctx);
/* Those too that are being brought in: what they hold can be found already. */
int view_files_coming_too(struct index_view *v, struct arena *scratch,
                          int (*each)(void *ctx, const struct file_row *file), void *ctx);
int view_files_by_path(struct index_view *v, struct arena *scratch,
                       int (*each)(void *ctx, const struct file_row *file), void *ctx);

/* The distinct terms of a field over all live segments, in byte order, that begin with `prefix`. */
struct term_walk;
int term_walk_open(struct term_walk **out, struct arena *mem, struct index_view *v, enum field field,
                   struct span prefix);
int term_walk_next(struct term_walk *w,
                   struct span *term); /* 1, 0 at the end; term valid until the next call */

/* Passes by every term before `from`, which comes after the one given last. */
int term_walk_skip(struct term_walk *w, struct span from);

/* Ids as people see them: 12 characters of base 32 (Crockford's alphabet, small letters). */
void id_text(uint64_t id, char out[13]);
bool id_parse(struct span text,
              uint64_t *id); /* true when it is one; capitals and O for 0, I and L for 1 are taken */

/* Fills the sizes: of the file, of what is live and free in it, of stored texts. */
int view_pages(struct index_view *v, struct index_stats *stats);

/* Walks every record of every table: checksums, order, references both ways, lists against rows. Calls
 * `problem` with words for each thing that is wrong. Returns the number of problems, or an error. */
int view_check(struct index_view *v, void (*problem)(void *ctx, const char *words), void *ctx,
               const volatile bool *cancel);

#endif
