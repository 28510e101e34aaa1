#include "index/paths.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/store_inner.h"

/* What is known of a file. */
enum { UNKNOWN, FITS, FITS_NOT };

struct path_test {
    struct path_test *next; /* of the view's */
    struct index_view *view;
    struct span pattern;
    MDB_cursor *places, *holds;
    uint8_t *known; /* by number of a file */
    uint32_t known_cap;
    uint32_t asked, patience; /* how often, and how often at most before all files are looked at */
    bool looked;              /* they were: then */
    uint64_t *bits;           /* by document */
    uint32_t doc_count;       /* of them */
    uint32_t marked, most;    /* how many are set, and when it is too early for so many */
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

struct path_test *path_test_of(struct index_view *v, struct span pattern)
{
    struct path_test *t = v->paths;

    while (t && !span_eq(t->pattern, pattern))
        t = t->next;
    if (t || !(t = arena_alloc(&v->mem, sizeof *t)))
        return t;
    if (view_cursor(v, T_DOCS, &t->places) < 0 || view_cursor(v, T_FILES, &t->holds) < 0)
        return NULL;
    t->view = v;
    t->pattern = arena_span(&v->mem, pattern);
    t->patience = 64 + v->totals.next_file / 16;
    t->doc_count = v->totals.next_doc;
    t->next = v->paths;
    v->paths = t;
    return arena_err(&v->mem) ? NULL : t;
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
        t->known = arena_grow(&t->view->mem, t->known, t->known_cap, cap, sizeof *t->known);
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

static void mark(struct path_test *t, uint32_t doc)
{
    if (doc >= t->doc_count)
        return;
    t->bits[doc / 64] |= UINT64_C(1) << doc % 64;
    t->marked++;
}

static int mark_file(void *ctx, const struct file_row *file)
{
    struct key k = key_hold(file->no, 0);
    struct span key = key_span(&k), payload;
    struct path_test *t = ctx;
    struct place_row place = file->first;
    int rc;

    if (view_cancelled(t->view))
        return ERR_CANCELLED;
    if (!fits(t, file->path))
        return 0;
    if (place.doc)
        mark(t, place.doc);
    for (rc = record_seek(t->holds, MDB_SET_RANGE, &key, &payload);
         rc == 1 && key_read32(key, 0) == file->no && !key_is_file(key) && t->marked <= t->most;
         rc = record_seek(t->holds, MDB_NEXT, &key, &payload)) {
        if (get_hold(payload, &place) < 0 || !place.doc)
            return ERR_CORRUPT;
        mark(t, place.doc);
    }
    return rc < 0 ? rc : t->marked > t->most;
}

/* Looks at all files, unless more than `most` documents stand in those that are asked for. */
static int look(struct path_test *t, uint32_t most)
{
    struct arena scratch = ARENA_INIT;
    int rc;

    if (!t->bits && !(t->bits = arena_array(&t->view->mem, t->doc_count / 64 + 1, sizeof *t->bits)))
        return ERR_NOMEM;
    t->most = most;
    t->marked = 0;
    rc = view_files_coming_too(t->view, &scratch, mark_file, t);
    arena_free(&scratch);
    t->looked = rc == 0 && t->marked <= most;
    t->patience = PATH_MANY(t->doc_count);
    return rc;
}

int paths_look(struct index_view *v)
{
    int rc = 0;

    for (struct path_test *t = v->paths; t && rc == 0; t = t->next)
        rc = t->looked ? 0 : look(t, UINT32_MAX);
    return rc;
}

uint32_t path_next(const struct path_test *t, uint32_t doc)
{
    uint64_t left;

    if (!t->looked)
        return doc;
    if (doc >= t->doc_count)
        return 0;
    left = t->bits[doc / 64] >> doc % 64 << doc % 64;
    for (doc /= 64; !left && doc < t->doc_count / 64;)
        left = t->bits[++doc];
    return left ? doc * 64 + (uint32_t)__builtin_ctzll(left) : 0;
}

/* Of a file that is being brought in anew one of its two numbers speaks: both have one path. */
int path_test(struct path_test *t, struct arena *scratch, uint32_t doc)
{
    int rc, fit = 0;

    if (!t->looked && t->asked++ == t->patience &&
        (rc = look(t, t->asked > t->doc_count / 16 ? UINT32_MAX : t->doc_count / 16)) < 0)
        return rc; /* a second time, when that was too early */
    if (t->looked)
        return doc < t->doc_count && t->bits[doc / 64] >> doc % 64 & 1;

    struct key k = key_places(doc);
    struct span key = key_span(&k), payload;

    for (rc = record_seek(t->places, MDB_SET_RANGE, &key, &payload); rc == 1 && key_is_place(key, doc);
         rc = record_seek(t->places, MDB_NEXT, &key, &payload))
        if ((fit = file_fits(t, scratch, key_read32(key, 5))) != 0)
            return fit;
    return rc < 0 ? rc : 0;
}
