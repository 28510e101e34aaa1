#include "index/lens.h"

#include <stdlib.h>
#include <zstd.h>

#include "base/err.h"
#include "index/ids.h"
#include "index/quote_rows.h"

/* ---- segments ---------------------------------------------------------------------------------------- */

static int by_first_doc(const void *a, const void *b)
{
    const struct segment *x = a, *y = b;

    return (x->first_doc > y->first_doc) - (x->first_doc < y->first_doc);
}

/* Live segments follow one another without sharing a number. */
static int check_runs(const struct segment *s, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (s[i].first_doc <= s[i - 1].last_doc || s[i].first_quote <= s[i - 1].last_quote)
            return ERR_CORRUPT;
    return 0;
}

int segments_load(MDB_txn *txn, MDB_dbi dbi, bool all, struct segment **out, uint32_t *count)
{
    struct span payload = SPAN("");
    struct segment *list = NULL;
    uint32_t n = 0, cap = 0, before = 0;
    struct take t;
    int rc = record_get(txn, dbi, SPAN("segments"), &payload);

    *out = NULL;
    *count = 0;
    for (t = take_open(payload.at, payload.len); rc >= 0 && take_left(&t);) {
        struct segment s;
        if (n == cap) {
            struct segment *more = realloc(list, (cap + 32) * sizeof *list);
            if (!more) {
                rc = ERR_NOMEM;
                break;
            }
            list = more;
            cap += 32;
        }
        if ((rc = get_segment(&t, &s)) == 0 && s.id <= before)
            rc = ERR_CORRUPT;
        before = s.id;
        if (all || s.state == SEGMENT_LIVE)
            list[n++] = s;
    }
    if (rc >= 0 && !all && n) {
        qsort(list, n, sizeof *list, by_first_doc);
        rc = check_runs(list, n);
    }
    if (rc < 0) {
        free(list);
        return rc;
    }
    *out = list;
    *count = n;
    return 0;
}

/* ---- the quotes of a document ------------------------------------------------------------------------ */

int quote_rows_seek(struct quote_reader *r, MDB_cursor *cursor, uint32_t doc, uint32_t quote)
{
    struct key k = key_quotes(doc, quote);
    struct span key = key_span(&k), payload;
    int rc = record_seek(cursor, MDB_SET_RANGE, &key, &payload);

    if (rc <= 0 || !key_is_quotes(key, doc))
        return rc < 0 ? rc : 0;
    rc = quote_rows_open(r, payload, doc, key_read32(key, 5));
    return rc < 0 ? rc : 1;
}

/* ---- a view ------------------------------------------------------------------------------------------ */

int view_cursor(struct index_view *v, enum table t, MDB_cursor **out)
{
    int rc;

    *out = NULL;
    if (v->kept_count == v->kept_cap) {
        MDB_cursor **more = realloc(v->kept, (v->kept_cap + 16) * sizeof(MDB_cursor *));
        if (!more)
            return ERR_NOMEM;
        v->kept = more;
        v->kept_cap += 16;
    }
    if ((rc = cursor_open(v->txn, view_table(v, t), out)) < 0)
        return rc;
    v->kept[v->kept_count++] = *out;
    return 0;
}

int index_view_open(struct index *ix, struct index_view **out)
{
    struct index_view *v = calloc(1, sizeof *v);
    struct span payload;
    int rc;

    *out = NULL;
    if (!v)
        return ERR_NOMEM;
    v->ix = ix;
    rc = mdb_txn_begin(ix->env, NULL, MDB_RDONLY, &v->txn);
    if (rc) {
        free(v);
        return store_error(ix, rc);
    }
    rc = record_get(v->txn, ix->table[T_META], SPAN("totals"), &payload);
    rc = rc == 1 ? get_totals(payload, &v->totals) : rc < 0 ? rc : ERR_CORRUPT;
    if (rc == 0)
        rc = segments_load(v->txn, ix->table[T_META], false, &v->segments, &v->segment_count);
    *out = v;
    if (rc < 0)
        index_view_close(out);
    return rc;
}

void index_view_close(struct index_view **view)
{
    struct index_view *v = *view;

    *view = NULL;
    if (!v)
        return;
    lens_give_back(v);
    for (uint32_t i = 0; i < v->kept_count; i++)
        mdb_cursor_close(v->kept[i]);
    mdb_txn_abort(v->txn);
    (void)ZSTD_freeDCtx(v->unzip);
    free(v->text);
    free(v->kept);
    arena_free(&v->mem);
    free(v->segments);
    free(v);
}

void view_heed(struct index_view *v, const volatile bool *cancel)
{
    v->cancel = cancel;
}

const struct segment *view_segments(const struct index_view *v, uint32_t *count)
{
    *count = v->segment_count;
    return v->segments;
}

uint64_t view_doc_count(const struct index_view *v)
{
    return v->totals.docs;
}

uint64_t view_word_count(const struct index_view *v)
{
    return v->totals.words;
}

/* ---- lengths, the dead ------------------------------------------------------------------------------- */

/* The segment that holds a document, or NULL. */
static const struct segment *segment_of(const struct index_view *v, uint32_t doc)
{
    uint32_t low = 0, high = v->segment_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (v->segments[middle].last_doc < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < v->segment_count && v->segments[low].first_doc <= doc ? &v->segments[low] : NULL;
}

int view_lens(struct index_view *v, uint32_t doc, struct view_lens *out)
{
    const struct segment *s = segment_of(v, doc);
    int rc;

    *out = (struct view_lens){0};
    if (!s)
        return ERR_NOTFOUND;
    if ((rc = lens_borrow(v, (uint32_t)(s - v->segments), &v->lens_at)) < 0)
        return rc;
    *out = (struct view_lens){v->lens_at->words, v->lens_at->first, v->lens_at->count};
    return 0;
}

int view_doc_words(struct index_view *v, uint32_t doc, uint32_t *words)
{
    struct view_lens lens;
    int rc = 0;

    *words = 0;
    if (!v->lens_at || doc - v->lens_at->first >= v->lens_at->count)
        rc = view_lens(v, doc, &lens);
    if (rc == 0)
        *words = v->lens_at->words[doc - v->lens_at->first];
    return rc;
}

static int bit_of(struct span bitmap, uint32_t no)
{
    return (uint8_t)bitmap.at[no % DEAD_BITS / 8] >> (no % 8) & 1;
}

static int load_dead(MDB_txn *txn, MDB_dbi dbi, char kind, uint32_t no, struct span *bitmap)
{
    struct key k = key_dead(kind, no);
    int rc = record_get(txn, dbi, key_span(&k), bitmap);

    if (rc == 0)
        *bitmap = SPAN("");
    return rc == 1 && bitmap->len != DEAD_BITS / 8 ? ERR_CORRUPT : rc;
}

int dead_test(MDB_txn *txn, MDB_dbi dbi, char kind, uint32_t no)
{
    struct span bitmap;
    int rc = load_dead(txn, dbi, kind, no, &bitmap);

    return rc == 1 ? bit_of(bitmap, no) : rc;
}

int dead_mark(struct write *w, char kind, uint32_t no)
{
    struct key k = key_dead(kind, no);
    char bits[DEAD_BITS / 8] = {0};
    struct span bitmap;
    int rc = load_dead(w->txn, w->ix->table[T_DEAD], kind, no, &bitmap);

    if (rc < 0)
        return rc;
    if (rc == 1)
        memcpy(bits, bitmap.at, sizeof bits);
    bits[no % DEAD_BITS / 8] |= (char)(1 << (no % 8));
    return record_put(w, T_DEAD, key_span(&k), (struct span){bits, sizeof bits}, false);
}

static int view_dead(struct index_view *v, int which, uint32_t no)
{
    if (v->dead_no[which] != no / DEAD_BITS + 1) {
        int rc = load_dead(v->txn, view_table(v, T_DEAD), which ? 'q' : 'd', no, &v->dead[which]);
        if (rc < 0)
            return rc;
        v->dead_no[which] = no / DEAD_BITS + 1;
    }
    return v->dead[which].len ? bit_of(v->dead[which], no) : 0;
}

int view_doc_dead(struct index_view *v, uint32_t doc)
{
    return view_dead(v, 0, doc);
}

int view_quote_dead(struct index_view *v, uint32_t quote)
{
    return view_dead(v, 1, quote);
}

/* Goes through the dead documents of a range; without bits it stops at the first, and says 1. */
static int each_dead(struct index_view *v, uint32_t first, uint32_t last, uint64_t *bits)
{
    int rc = 0;

    for (uint64_t no = first; rc >= 0 && no <= last; no++) {
        if ((rc = view_doc_dead(v, (uint32_t)no)) == 1 && !bits)
            return 1;
        if (rc == 1)
            bits[(no - first) / 64] &= ~(UINT64_C(1) << (no - first) % 64);
        if (!v->dead[0].len)
            no |= DEAD_BITS - 1; /* none of this bitmap */
    }
    return rc < 0 ? rc : 0;
}

int view_any_dead(struct index_view *v, uint32_t first, uint32_t last)
{
    return each_dead(v, first, last, NULL);
}

int view_drop_dead(struct index_view *v, uint32_t first, uint32_t last, uint64_t *bits)
{
    return each_dead(v, first, last, bits);
}

/* ---- rows -------------------------------------------------------------------------------------------- */

static int view_record(struct index_view *v, enum table t, const struct key *k, struct span *payload)
{
    int rc = view_cancelled(v) ? ERR_CANCELLED : record_get(v->txn, view_table(v, t), key_span(k), payload);

    return rc == 0 ? ERR_NOTFOUND : rc;
}

static int view_doc_row(struct index_view *v, uint32_t doc, struct span *payload)
{
    struct key k = key_number(doc);

    return view_record(v, T_DOCS, &k, payload);
}

int view_doc(struct index_view *v, struct arena *mem, uint32_t doc, struct doc_row *out)
{
    struct span payload;
    int rc = view_doc_row(v, doc, &payload);

    if (rc < 0 || (rc = get_doc(mem, payload, out)) < 0)
        return rc;
    return out->no == doc ? 0 : ERR_CORRUPT;
}

int view_doc_quotes(struct index_view *v, uint32_t doc, uint32_t *first, uint32_t *count)
{
    struct span payload;
    struct doc_row d;
    int rc = view_doc_row(v, doc, &payload);

    if (rc < 0 || (rc = get_doc_head(payload, &d)) < 0)
        return rc;
    *first = d.first_quote;
    *count = d.quote_count;
    return 0;
}

/* The document of a quote: by the column of its segment, which is kept for the next one. */
static int doc_of_quote(struct index_view *v, uint32_t quote, uint32_t *doc)
{
    const struct segment *s = v->docs.begin.segment;

    if (!s || quote < s->first_quote || quote > s->last_quote) {
        for (s = v->segments; s < v->segments + v->segment_count && quote > s->last_quote;)
            s++;
        if (s == v->segments + v->segment_count || quote < s->first_quote)
            return ERR_NOTFOUND;
        quote_docs_open(&v->docs, v, s);
    }
    return quote_docs_find(&v->docs, quote, doc);
}

int view_quote(struct index_view *v, struct arena *mem, uint32_t quote, struct quote_row *out)
{
    struct span *const texts[] = {&out->speaker, &out->role, &out->person, &out->rule, &out->why};
    struct quote_reader r;
    uint32_t doc;
    int rc = view_cancelled(v) ? ERR_CANCELLED : doc_of_quote(v, quote, &doc);

    if (rc == 0 && !v->quotes)
        rc = view_cursor(v, T_DOCS, &v->quotes);
    if (rc < 0)
        return rc;
    rc = quote_rows_seek(&r, v->quotes, doc, quote);
    while (rc == 1 && (rc = quote_rows_next(&r)) == 1 && r.row.no < quote)
        ;
    if (rc <= 0 || r.row.no != quote)
        return rc < 0 ? rc : ERR_NOTFOUND;
    *out = r.row;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = arena_span(mem, *texts[i]);
    return arena_err(mem);
}

int view_file(struct index_view *v, struct arena *mem, uint32_t file, struct file_row *out)
{
    struct key k = key_file(file);
    struct span payload;
    int rc = view_record(v, T_FILES, &k, &payload);

    if (rc < 0 || (rc = get_file(mem, payload, out)) < 0)
        return rc;
    return out->no == file ? 0 : ERR_CORRUPT;
}

/* ---- places ------------------------------------------------------------------------------------------ */

/* Article n of a file, with the file's path. */
static int load_place(struct index_view *v, struct arena *mem, const struct file_row *file, uint32_t n,
                      struct place_row *out)
{
    struct key k = key_hold(file->no, n);
    struct span payload;
    int rc = 1;

    *out = file->first;
    if (n && (rc = record_get(v->txn, view_table(v, T_FILES), key_span(&k), &payload)) == 1)
        rc = get_hold(payload, out);
    if (rc < 0 || !out->doc)
        return rc < 0 ? rc : ERR_CORRUPT;
    out->file = file->no;
    out->n = n;
    out->path = arena_span(mem, file->path);
    return arena_err(mem);
}

static int by_path(const void *a, const void *b)
{
    const struct place_row *x = a, *y = b;
    int c = span_cmp(x->path, y->path);

    if (c)
        return c;
    return x->file != y->file ? (x->file > y->file) - (x->file < y->file) : (x->n > y->n) - (x->n < y->n);
}

/* A file that is being brought in anew stands twice under its path; the one in force speaks for both. */
static int drop_coming(struct index_view *v, struct arena *mem, struct place_row *places, uint32_t *count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < *count; i++) {
        if (kept && span_eq(places[kept - 1].path, places[i].path) &&
            places[kept - 1].file != places[i].file) {
            struct file_row file;
            int rc = view_file(v, mem, places[i].file, &file);
            if (rc < 0)
                return rc;
            if (!file.complete)
                continue;
        }
        places[kept++] = places[i];
    }
    *count = kept;
    return 0;
}

int view_places(struct index_view *v, struct arena *mem, uint32_t doc, struct place_row **out,
                uint32_t *count)
{
    struct key k = key_places(doc);
    struct span key = key_span(&k), payload;
    struct place_row *list = NULL;
    uint32_t n = 0, cap = 0;
    MDB_cursor *c;
    int rc;

    *out = NULL;
    *count = 0;
    if ((rc = cursor_open(v->txn, view_table(v, T_DOCS), &c)) < 0)
        return rc;
    for (rc = record_seek(c, MDB_SET_RANGE, &key, &payload); rc == 1 && key_is_place(key, doc);
         rc = record_seek(c, MDB_NEXT, &key, &payload)) {
        struct file_row file;
        rc = ARENA_MORE(mem, list, n, cap) ? view_file(v, mem, key_read32(key, 5), &file) : arena_err(mem);
        if (rc == 0)
            rc = load_place(v, mem, &file, key_read32(key, 9), &list[n++]);
        if (rc < 0)
            break;
    }
    mdb_cursor_close(c);
    if (rc < 0)
        return rc == ERR_NOTFOUND ? ERR_CORRUPT : rc;
    if (n > 1) {
        qsort(list, n, sizeof *list, by_path);
        if ((rc = drop_coming(v, mem, list, &n)) < 0)
            return rc;
    }
    *out = list;
    *count = n;
    return 0;
}

int view_holds(struct index_view *v, struct arena *mem, uint32_t file, struct place_row **out,
               uint32_t *count)
{
    struct key k = key_hold(file, 0);
    struct span key = key_span(&k), payload;
    struct place_row *list = NULL;
    uint32_t n = 0, cap = 0;
    struct file_row row;
    MDB_cursor *c;
    int rc;

    *out = NULL;
    *count = 0;
    if ((rc = view_file(v, mem, file, &row)) < 0)
        return rc;
    if (row.first.doc &&
        (!ARENA_MORE(mem, list, n, cap) || (rc = load_place(v, mem, &row, 0, &list[n++])) < 0))
        return rc < 0 ? rc : ERR_NOMEM;
    if ((rc = cursor_open(v->txn, view_table(v, T_FILES), &c)) < 0)
        return rc;
    for (rc = record_seek(c, MDB_SET_RANGE, &key, &payload);
         rc == 1 && key_read32(key, 0) == file && !key_is_file(key);
         rc = record_seek(c, MDB_NEXT, &key, &payload)) {
        if (!ARENA_MORE(mem, list, n, cap))
            rc = arena_err(mem);
        else
            rc = load_place(v, mem, &row, key_read32(key, 4), &list[n++]);
        if (rc < 0)
            break;
    }
    mdb_cursor_close(c);
    *out = list;
    *count = n;
    return rc < 0 ? rc : 0;
}

/* ---- by id ------------------------------------------------------------------------------------------- */

/* Whether the row of a living number says so too: 1, 0, or an error. */
static int has_id(struct index_view *v, struct arena *mem, enum part part, uint32_t no, uint64_t id)
{
    struct quote_row quote;
    struct span payload;
    struct doc_row doc;
    int rc;

    if (part == PART_QUOTE_IDS)
        return (rc = view_quote(v, mem, no, &quote)) < 0 ? rc : quote.id == id;
    if ((rc = view_doc_row(v, no, &payload)) < 0 || (rc = get_doc_head(payload, &doc)) < 0)
        return rc;
    return (part == PART_DOC_IDS ? doc.id : doc.content) == id;
}

/* Adds what one segment knows by this id. */
static int find_in(struct index_view *v, struct arena *mem, MDB_cursor *c, const struct segment *s,
                   enum part part, uint64_t id, uint32_t **list, uint32_t *count, uint32_t *cap)
{
    struct ids_reader r;
    int rc = ids_seek(&r, c, s, part, (struct id){(uint32_t)id, 0});

    for (; rc == 1 && r.id.hash == (uint32_t)id; rc = ids_next(&r)) {
        int dead = view_dead(v, part == PART_QUOTE_IDS, r.id.number), has = 0;
        if (dead < 0 || (!dead && (has = has_id(v, mem, part, r.id.number, id)) < 0))
            return dead < 0 ? dead : has;
        if (!has)
            continue;
        if (!ARENA_MORE(mem, *list, *count, *cap))
            return arena_err(mem);
        (*list)[(*count)++] = r.id.number;
    }
    return rc < 0 ? rc : 0;
}

int view_find(struct index_view *v, struct arena *mem, enum part part, uint64_t id, uint32_t **out,
              uint32_t *count)
{
    uint32_t cap = 0;
    MDB_cursor *c;
    int rc = 0;

    *out = NULL;
    *count = 0;
    if ((rc = cursor_open(v->txn, view_table(v, T_PARTS), &c)) < 0)
        return rc;
    for (uint32_t i = 0; i < v->segment_count && rc == 0; i++)
        rc = find_in(v, mem, c, &v->segments[i], part, id, out, count, &cap);
    mdb_cursor_close(c);
    return rc;
}

/* ---- files ------------------------------------------------------------------------------------------- */

int file_seek(MDB_cursor *cursor, uint32_t from, struct span *payload)
{
    struct key k = key_file(from);
    struct span key = key_span(&k);
    int rc = record_seek(cursor, MDB_SET_RANGE, &key, payload);

    if (rc == 1 && !key_is_file(key)) { /* what a later file holds */
        k = key_file(key_read32(key, 0));
        key = key_span(&k);
        rc = record_seek(cursor, MDB_SET_RANGE, &key, payload);
        if (rc == 1 && !key_is_file(key))
            return ERR_CORRUPT;
    }
    return rc;
}

static int walk_files(struct index_view *v, struct arena *scratch, bool coming_too,
                      int (*each)(void *ctx, const struct file_row *file), void *ctx)
{
    struct file_row file = {.no = 0};
    struct span payload;
    MDB_cursor *c;
    int rc = cursor_open(v->txn, view_table(v, T_FILES), &c);

    if (rc < 0)
        return rc;
    while ((rc = file_seek(c, file.no + 1, &payload)) == 1 && (rc = get_file(scratch, payload, &file)) == 0) {
        if ((file.complete || coming_too) && (rc = each(ctx, &file)) != 0)
            break;
        arena_reset(scratch);
    }
    mdb_cursor_close(c);
    return rc < 0 ? rc : 0;
}

int view_files(struct index_view *v, struct arena *scratch,
               int (*each)(void *ctx, const struct file_row *file), void *ctx)
{
    return walk_files(v, scratch, false, each, ctx);
}

int view_files_coming_too(struct index_view *v, struct arena *scratch,
                          int (*each)(void *ctx, const struct file_row *file), void *ctx)
{
    return walk_files(v, scratch, true, each, ctx);
}

struct named_file {
    struct span path;
    uint32_t no;
};

struct named_files {
    struct arena mem;
    struct named_file *at;
    uint32_t count, cap;
};

static int name_file(void *ctx, const struct file_row *file)
{
    struct named_files *all = ctx;

    if (!ARENA_MORE(&all->mem, all->at, all->count, all->cap))
        return ERR_NOMEM;
    all->at[all->count++] = (struct named_file){arena_span(&all->mem, file->path), file->no};
    return arena_err(&all->mem);
}

static int by_name(const void *a, const void *b)
{
    const struct named_file *x = a, *y = b;

    return span_cmp(x->path, y->path);
}

int view_files_by_path(struct index_view *v, struct arena *scratch,
                       int (*each)(void *ctx, const struct file_row *file), void *ctx)
{
    struct named_files all = {.mem = ARENA_INIT};
    struct file_row file;
    int rc = view_files(v, scratch, name_file, &all);

    if (all.count)
        qsort(all.at, all.count, sizeof *all.at, by_name);
    for (uint32_t i = 0; i < all.count && rc == 0; i++) {
        if ((rc = view_file(v, scratch, all.at[i].no, &file)) == 0)
            rc = each(ctx, &file);
        arena_reset(scratch);
    }
    arena_free(&all.mem);
    return rc < 0 ? rc : 0;
}

/* ---- ids as people see them -------------------------------------------------------------------------- */

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void id_text(uint64_t id, char out[13])
{
    for (int i = 11; i >= 0; i--, id >>= 5)
        out[i] = alphabet[id & 31];
    out[12] = 0;
}

bool id_parse(struct span text, uint64_t *id)
{
    *id = 0;
    if (text.len != 12)
        return false;
    for (size_t i = 0; i < 12; i++) {
        char c = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] | 32) : text.at[i];
        const char *at;
        c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
        at = c ? strchr(alphabet, c) : NULL;
        if (!at)
            return false;
        *id = *id << 5 | (uint64_t)(at - alphabet);
    }
    return true;
}
