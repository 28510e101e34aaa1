#include "index/paths.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/store_inner.h"

/* What is known of a file. */
enum { UNKNOWN, FITS, FITS_NOT };

struct path_test {
    struct arena *mem;
    struct index_view *view;
    struct span pattern;
    MDB_cursor *places;
    uint8_t *known; /* by number of a file */
    uint32_t known_cap;
    uint32_t asked;     /* how often, before all files were looked at */
    uint32_t patience;  /* how often at most */
    uint64_t *bits;     /* then: by document */
    uint32_t doc_count; /* of them */
    char folded[LIMIT_PATH];
};

/* ---- patterns ---------------------------------------------------------------------------------------- */

static bool is_pattern(struct span s)
{
    return s.len && (memchr(s.at, '*', s.len) || memchr(s.at, '?', s.len));
}

/* Whether the pattern stands for the names from the beginning of `path`, up to an end of one. Where it does not go on, the
 * last star takes one character more. */
static bool fits_from(struct span pattern, struct span path)
{
    size_t p = 0, at = 0, star = SIZE_MAX, star_at = 0;
    uint32_t cp;

    for (;;) {
        if (p == pattern.len && (at == path.len || path.at[at] == '/' || (p && pattern.at[p - 1] == '/')))
            return true;
        if (p < pattern.len && pattern.at[p] == '*') {
            star = ++p;
            star_at = at;
        } else if (p < pattern.len && at < path.len && pattern.at[p] == '?' && path.at[at] != '/') {
            p++;
            at += utf8_next(path.at + at, path.at + path.len, &cp);
        } else if (p < pattern.len && at < path.len && pattern.at[p] == path.at[at]) {
            p++;
            at++;
        } else if (star != SIZE_MAX && star_at < path.len && path.at[star_at] != '/') {
            star_at += utf8_next(path.at + star_at, path.at + path.len, &cp);
            at = star_at;
            p = star;
        } else {
            return false;
        }
    }
}

bool path_fits(struct span pattern, struct span path)
{
    if (!is_pattern(pattern))
        return pattern.len == 0 || span_find(path, pattern) != NULL;
    for (size_t i = 0; i <= path.len; i++)
        if ((i == 0 || path.at[i - 1] == '/' ||
             (i < path.len && path.at[i] == '/' && pattern.at[0] == '/')) &&
            fits_from(pattern, span_cut(path, i, path.len)))
            return true;
    return false;
}

/* ---- documents --------------------------------------------------------------------------------------- */

/* Finding a document's file costs some times more than the next file in a row. */
static uint32_t patience(struct index_view *v)
{
    MDB_stat stat;

    return mdb_stat(v->txn, view_table(v, T_FILES), &stat) ? UINT32_MAX
                                                           : 64 + (uint32_t)(stat.ms_entries / 16);
}

struct path_test *path_test_new(struct arena *mem, struct index_view *v, struct span pattern)
{
    struct path_test *t = arena_alloc(mem, sizeof *t);

    if (!t || view_cursor(v, T_DOCS, &t->places) < 0)
        return NULL;
    t->mem = mem;
    t->view = v;
    t->pattern = pattern;
    t->patience = patience(v);
    return t;
}

static bool fits(struct path_test *t, struct span path)
{
    size_t len = fold_text(path, FOLD_LOOSE, t->folded, sizeof t->folded);

    return path_fits(t->pattern, (struct span){t->folded, len});
}

/* Room for what is known of a file of this number. */
static bool make_room(struct path_test *t, uint32_t file)
{
    uint32_t cap = t->known_cap ? t->known_cap : 1024;

    while (cap <= file && cap < UINT32_MAX / 2)
        cap *= 2;
    if (cap > t->known_cap) {
        t->known = arena_grow(t->mem, t->known, t->known_cap, cap, sizeof *t->known);
        t->known_cap = t->known ? cap : 0;
    }
    return file < t->known_cap;
}

static int file_fits(struct path_test *t, struct arena *scratch, uint32_t file)
{
    struct file_row row;
    int rc;

    if (!make_room(t, file))
        return ERR_NOMEM;
    if (t->known[file] == UNKNOWN) {
        if ((rc = view_file(t->view, scratch, file, &row)) < 0)
            return rc == ERR_NOTFOUND ? ERR_CORRUPT : rc;
        t->known[file] = fits(t, row.path) ? FITS : FITS_NOT;
    }
    return t->known[file] == FITS;
}

/* ---- all at once --------------------------------------------------------------------------------------- */

static int mark_file(void *ctx, const struct file_row *file)
{
    struct path_test *t = ctx;
    struct arena mem = ARENA_INIT;
    struct place_row *places;
    uint32_t count;
    int rc;

    if (view_cancelled(t->view))
        return ERR_CANCELLED;
    if (!fits(t, file->path))
        return 0;
    rc = view_holds(t->view, &mem, file->no, &places, &count);
    for (uint32_t i = 0; rc == 0 && i < count; i++)
        if (places[i].doc < t->doc_count)
            t->bits[places[i].doc / 64] |= UINT64_C(1) << places[i].doc % 64;
    arena_free(&mem);
    return rc;
}

static int mark_all(struct path_test *t)
{
    struct arena scratch = ARENA_INIT;
    int rc;

    t->doc_count = t->view->totals.next_doc;
    if (!(t->bits = arena_array(t->mem, t->doc_count / 64 + 1, sizeof *t->bits)))
        return ERR_NOMEM;
    rc = view_files_coming_too(t->view, &scratch, mark_file, t);
    arena_free(&scratch);
    return rc;
}

/* Of a file that is being brought in anew one of its two numbers speaks: both have one path. */
int path_test(struct path_test *t, struct arena *scratch, uint32_t doc)
{
    int rc, fit = 0;

    if (!t->bits && t->asked++ >= t->patience && (rc = mark_all(t)) < 0)
        return rc;
    if (t->bits)
        return doc < t->doc_count && t->bits[doc / 64] >> doc % 64 & 1;

    struct key k = key_places(doc);
    struct span key = key_span(&k), payload;

    for (rc = record_seek(t->places, MDB_SET_RANGE, &key, &payload); rc == 1 && key_is_place(key, doc);
         rc = record_seek(t->places, MDB_NEXT, &key, &payload))
        if ((fit = file_fits(t, scratch, key_read32(key, 5))) != 0)
            return fit;
    return rc < 0 ? rc : 0;
}
