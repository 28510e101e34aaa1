/* Walks the whole store and says what is wrong. It trusts nothing but the tables' names: a damaged record
 * is a problem like any other, and the walk goes on behind it. Numbers in brackets are FORMAT.md's. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "index/columns.h"
#include "index/hold.h"
#include "index/ids.h"
#include "index/impact.h"
#include "index/pack.h"
#include "index/path_numbers.h"
#include "index/post.h"
#include "index/quote_rows.h"
#include "index/terms.h"

struct check {
    struct index_view *v;
    void (*problem)(void *ctx, const char *words);
    void *ctx;
    const volatile bool *cancel;
    struct segment *all; /* segments, live or not */
    uint32_t all_count;
    uint32_t doc;                          /* whose records are walked */
    struct totals sums;                    /* what `totals` ought to be */
    struct column_reader columns[COLUMNS]; /* of the segment looked at last */
    char terms_key[KEY_MAX];               /* of the record of the dictionary looked at last */
    size_t terms_key_len;
    int problems;
};

__attribute__((format(printf, 2, 3))) static void say(struct check *c, const char *format, ...)
{
    char words[300];
    va_list ap;

    va_start(ap, format);
    (void)vsnprintf(words, sizeof words, format, ap);
    va_end(ap);
    if (c->problems < INT32_MAX)
        c->problems++;
    if (c->problem)
        c->problem(c->ctx, words);
}

static bool cancelled(const struct check *c)
{
    return c->cancel && *c->cancel;
}

/* ---- every record of every table --------------------------------------------------------------------- */

/* A page that was lost, or written to another place, takes whole records along: LMDB knows how many there are, and keys rise. */
struct order {
    char before[KEY_MAX + 64];
    size_t len;
    uint64_t count;
    bool falls;
};

static void note_key(struct order *o, const MDB_val *k)
{
    struct span key = span_of_value(*k);

    o->falls |= o->count && span_cmp((struct span){o->before, o->len}, key) >= 0;
    o->len = key.len < sizeof o->before ? key.len : sizeof o->before;
    memcpy(o->before, key.at, o->len);
    o->count++;
}

/* The way from record to record is another than the way down to one. */
static bool is_found(struct check *c, enum table t, MDB_val k, const MDB_val *v)
{
    MDB_val found;

    return mdb_get(c->v->txn, view_table(c->v, t), &k, &found) == 0 && found.mv_data == v->mv_data &&
           found.mv_size == v->mv_size;
}

static void check_order(struct check *c, enum table t, const struct order *o)
{
    MDB_stat stat;

    if (o->falls)
        say(c, "%s: the keys do not rise (1)", table_name(t));
    if (mdb_stat(c->v->txn, view_table(c->v, t), &stat) == 0 && stat.ms_entries != o->count)
        say(c, "%s: there are %llu records, and %llu can be found (1)", table_name(t),
            (unsigned long long)stat.ms_entries, (unsigned long long)o->count);
}

/* Calls `each` for every record that is whole. Less than zero only for what ends the check. */
static int walk(struct check *c, enum table t,
                int (*each)(struct check *c, struct span key, struct span payload))
{
    struct order order = {.len = 0};
    MDB_val k, v;
    MDB_cursor *cursor;
    int rc = cursor_open(c->v->txn, view_table(c->v, t), &cursor);

    if (rc == ERR_CORRUPT)
        say(c, "%s: the table cannot be opened", table_name(t));
    if (rc)
        return rc == ERR_CORRUPT ? 0 : rc;
    while (rc == 0 && !cancelled(c)) {
        struct span payload;
        rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
        if (rc)
            break;
        note_key(&order, &k);
        if (order.falls)
            break; /* it may go round in circles */
        if (!is_found(c, t, k, &v))
            say(c, "%s: a record is there and its key does not lead to it (1)", table_name(t));
        if (row_verify(span_of_value(k), span_of_value(v), &payload) < 0)
            say(c, "%s: a record of %zu bytes has a wrong checksum (1)", table_name(t), v.mv_size);
        else if (each)
            rc = each(c, span_of_value(k), payload);
    }
    mdb_cursor_close(cursor);
    if (cancelled(c))
        return ERR_CANCELLED;
    if (rc > 0 || (rc < 0 && rc != MDB_NOTFOUND && rc > -30000))
        return rc > 0 ? ERR_IO : rc;
    if (rc != 0 && rc != MDB_NOTFOUND)
        say(c, "%s: the table cannot be read to its end", table_name(t));
    check_order(c, t, &order);
    return 0;
}

/* ---- columns ----------------------------------------------------------------------------------------- */

/* Opens the columns of the segment that holds a document; false when none does. */
static bool open_columns(struct check *c, uint32_t doc)
{
    for (uint32_t i = 0; i < c->v->segment_count; i++) {
        const struct segment *s = &c->v->segments[i];

        if (doc < s->first_doc || doc > s->last_doc)
            continue;
        for (enum column which = COLUMN_BEGIN; which < COLUMNS && c->columns[which].segment != s; which++)
            column_open(&c->columns[which], c->v, s, which);
        return true;
    }
    return false;
}

/* Whether a column says of a number what its row says: a value, or a name. */
static bool says_so(struct check *c, struct arena *mem, enum column which, uint32_t no, uint32_t value,
                    struct span name)
{
    struct column_reader *r = &c->columns[which];
    struct span found = SPAN("");
    uint32_t said;

    if (column_at(r, no, &said) < 0)
        return false;
    if (!column_has_names(which))
        return said == value;
    return column_name(mem, c->v, r->segment, which, said, &found) == 0 && span_eq(found, name);
}

/* The first position behind block i: the next one's. */
static uint32_t end_of_block(const struct doc_row *d, uint32_t i)
{
    return i + 1 < d->block_count ? d->blocks[i + 1].pos : UINT32_MAX;
}

/* Whether the words of a stretch, by two columns, lie at positions low..high, or nowhere. */
static bool lies_between(struct check *c, enum column which, uint32_t no, uint64_t low, uint64_t high)
{
    uint32_t first, count;

    if (column_at(&c->columns[which], no, &first) < 0 || column_at(&c->columns[which + 1], no, &count) < 0)
        return false;
    return count ? first > low && (uint64_t)first - 1 + count <= high : first == 0;
}

/* A title stands first, or in its block. */
static bool title_lies_well(struct check *c, const struct doc_row *d)
{
    uint32_t end = d->block_count ? d->blocks[0].pos : UINT32_MAX;

    for (uint32_t i = 0; i < d->block_count; i++)
        if (d->blocks[i].kind == BLOCK_TITLE)
            end = end_of_block(d, i);
    return lies_between(c, COLUMN_TITLE, d->no, 0, d->title.len ? end : 0);
}

/* A statement lies in the block where it begins; what is none, nowhere. */
static bool statement_lies_well(struct check *c, const struct doc_row *d, const struct quote_row *q)
{
    for (uint32_t i = 0; i < d->block_count && q->kind == QUOTE_INDIRECT; i++)
        if (q->start >= d->blocks[i].start && q->start < d->blocks[i].end)
            return lies_between(c, COLUMN_STATEMENT, q->no, d->blocks[i].pos, end_of_block(d, i));
    return lies_between(c, COLUMN_STATEMENT, q->no, 0, 0);
}

static void check_columns(struct check *c, struct arena *mem, const struct doc_row *d)
{
    struct quote_row q;

    if (!open_columns(c, d->no))
        return;
    if (!says_so(c, mem, COLUMN_DAY, d->no, column_day(d->date), SPAN("")) ||
        !says_so(c, mem, COLUMN_SOURCE, d->no, 0, column_source(d)) ||
        (d->quote_count && !says_so(c, mem, COLUMN_BEGIN, d->no, d->first_quote, SPAN(""))) ||
        !title_lies_well(c, d))
        say(c, "a column does not say of document %u what its row says (3)", d->no);
    for (uint32_t i = 0; i < d->quote_count; i++)
        if (view_quote(c->v, mem, d->first_quote + i, &q) == 0 &&
            (!says_so(c, mem, COLUMN_SPEAKER, q.no, 0, column_speaker(&q)) ||
             !says_so(c, mem, COLUMN_KIND, q.no, (uint32_t)q.kind + 1, SPAN("")) ||
             !statement_lies_well(c, d, &q)))
            say(c, "a column does not say of quote %u what its row says (3)", q.no);
}

/* ---- documents and their quotes ---------------------------------------------------------------------- */

static bool in_a_segment(const struct index_view *v, uint32_t doc, uint32_t first_quote, uint32_t quotes)
{
    for (uint32_t i = 0; i < v->segment_count; i++) {
        const struct segment *s = &v->segments[i];
        if (doc >= s->first_doc && doc <= s->last_doc)
            return quotes == 0 ||
                   (first_quote >= s->first_quote && first_quote + quotes - 1 <= s->last_quote);
    }
    return false;
}

/* 1 when the id leads back to the number. */
static int leads_back(struct check *c, struct arena *mem, enum part part, uint64_t id, uint32_t no)
{
    uint32_t *found, count;
    int rc = view_find(c->v, mem, part, id, &found, &count);

    for (uint32_t i = 0; i < count && rc == 0; i++)
        if (found[i] == no)
            return 1;
    return rc;
}

static void check_quote(struct check *c, struct arena *mem, const struct doc_row *d, uint32_t no)
{
    struct quote_row q;
    uint32_t last = d->first_quote + d->quote_count - 1;

    if (view_quote(c->v, mem, no, &q) < 0) {
        say(c, "quote %u of document %u cannot be read (5)", no, d->no);
        return;
    }
    if (q.kind != QUOTE_INDIRECT) {
        c->sums.quotes++;
        c->sums.quotes_attributed += q.speaker.len != 0;
    }
    if (q.doc != d->no)
        say(c, "quote %u says that it stands in document %u, which is not so (5)", no, q.doc);
    if (q.end > d->text_len || q.context_end > d->text_len || q.mention_end > d->text_len ||
        q.cue_end > d->text_len || q.start >= q.end)
        say(c, "quote %u reaches out of its document (5)", no);
    if (q.utterance < d->first_quote || q.utterance > last || q.twin_of < d->first_quote ||
        q.twin_of > last || q.inside < d->first_quote || q.inside > last)
        say(c, "quote %u refers to a quote of another document (5)", no);
    if (view_quote_dead(c->v, no) != 0)
        say(c, "quote %u is dead though its document lives (4)", no);
    if (leads_back(c, mem, PART_QUOTE_IDS, q.id, no) != 1)
        say(c, "the id of quote %u does not lead back to it (6)", no);
}

static void check_living(struct check *c, struct arena *mem, const struct doc_row *d)
{
    struct place_row *places;
    uint32_t count, words;
    struct span text;

    c->sums.docs++;
    c->sums.words += d->words;
    c->sums.text_bytes += d->text_len;
    if (!in_a_segment(c->v, d->no, d->first_quote, d->quote_count))
        say(c, "document %u stands in no segment (2)", d->no);
    if (view_text(c->v, mem, d, &text) < 0)
        say(c, "the text of document %u cannot be read (7)", d->no);
    if (view_doc_words(c->v, d->no, &words) < 0 || words != (d->words > UINT16_MAX ? UINT16_MAX : d->words))
        say(c, "the length of document %u is not the one in its row (3)", d->no);
    if (view_places(c->v, mem, d->no, &places, &count) < 0 || count == 0)
        say(c, "no file holds document %u (8)", d->no);
    if (leads_back(c, mem, PART_DOC_IDS, d->id, d->no) != 1 ||
        leads_back(c, mem, PART_CONTENTS, d->content, d->no) != 1)
        say(c, "the id of document %u does not lead back to it (6)", d->no);
    check_columns(c, mem, d);
    for (uint32_t i = 0; i < d->quote_count; i++)
        check_quote(c, mem, d, d->first_quote + i);
}

static int check_doc(struct check *c, struct span key, struct span payload)
{
    struct arena mem = ARENA_INIT;
    struct doc_row d;
    int dead;

    if (get_doc(&mem, payload, &d) < 0 || d.no != key_read32(key, 0))
        say(c, "docs: a row cannot be read (1)");
    else if (d.no >= c->v->totals.next_doc || d.text_at > c->v->totals.next_text ||
             d.text_len > c->v->totals.next_text - d.text_at)
        say(c, "document %u lies beyond what the store has numbered (9)", d.no);
    else if ((dead = view_doc_dead(c->v, d.no)) < 0)
        say(c, "it cannot be told whether document %u lives (4)", d.no);
    else if (dead == 0)
        check_living(c, &mem, &d);
    arena_free(&mem);
    return 0;
}

/* A quote is as dead as its document. */
static int check_quotes(struct check *c, struct span key, struct span payload)
{
    struct quote_reader r;
    int rc = quote_rows_open(&r, payload, key_read32(key, 0), key_read32(key, 5));

    while (rc >= 0 && (rc = quote_rows_next(&r)) == 1)
        if (view_doc_dead(c->v, r.row.doc) != view_quote_dead(c->v, r.row.no))
            say(c, "of quote %u and its document one is dead and one lives (4)", r.row.no);
    if (rc < 0)
        say(c, "docs: quotes of document %u cannot be read (1)", r.row.doc);
    return 0;
}

static int check_place(struct check *c, struct span key)
{
    uint32_t file = key_read32(key, 5), n = key_read32(key, 9);
    struct key k = key_hold(file, n);
    struct arena mem = ARENA_INIT;
    struct file_row f = {.no = 0};
    struct place_row p = {0};
    struct span found;

    if (n == 0 && view_file(c->v, &mem, file, &f) == 0)
        p = f.first;
    else if (n && record_get(c->v->txn, view_table(c->v, T_FILES), key_span(&k), &found) == 1)
        (void)get_hold(found, &p);
    arena_free(&mem);
    if (p.doc != key_read32(key, 0))
        say(c, "document %u believes that file %u holds it, which is not so (8)", key_read32(key, 0), file);
    return 0;
}

/* The row of a document, some of its quotes, or a place; its row stands before the others. */
static int check_of_doc(struct check *c, struct span key, struct span payload)
{
    uint32_t doc = key.len >= 4 ? key_read32(key, 0) : 0;

    if (key.len == 4)
        c->doc = doc;
    else if (doc != c->doc)
        say(c, "docs: what belongs to document %u stands there without it (5)", doc);
    if (key.len == 4)
        return check_doc(c, key, payload);
    if (key_is_quotes(key, doc))
        return check_quotes(c, key, payload);
    if (key_is_place(key, doc))
        return check_place(c, key);
    say(c, "docs: a record has a strange key (1)");
    return 0;
}

/* ---- files -------------------------------------------------------------------------------------------- */

/* Every number stands where the path of its file leads. */
static int check_numbers_of_paths(struct check *c, struct span key, struct span payload)
{
    struct arena mem = ARENA_INIT;
    struct file_row f;

    if (!path_numbers_whole(key, payload))
        say(c, "files: numbers of paths cannot be read (1)");
    for (size_t at = 0; at + PAIR <= payload.len; at += PAIR) {
        uint32_t number = key_read32(payload, at + 4);
        if (view_file(c->v, &mem, number, &f) < 0 || path_pair(f.path, number) != key_read64(payload, at))
            say(c, "file %u of a path is not there (8)", number);
        arena_reset(&mem);
    }
    arena_free(&mem);
    return 0;
}

static void check_held(struct check *c, uint32_t file, uint32_t n, uint32_t doc)
{
    struct key k = key_place(doc, file, n);
    struct span none;

    if (record_get(c->v->txn, view_table(c->v, T_DOCS), key_span(&k), &none) != 1)
        say(c, "document %u does not know that file %u holds it (8)", doc, file);
    k = key_number(doc);
    if (record_get(c->v->txn, view_table(c->v, T_DOCS), key_span(&k), &none) != 1)
        say(c, "file %u holds document %u, which is not there (8)", file, doc);
    if (view_doc_dead(c->v, doc) != 0)
        say(c, "file %u holds document %u, which is dead (4)", file, doc);
}

static int check_hold(struct check *c, struct span key, struct span payload)
{
    struct place_row p;

    if (get_hold(payload, &p) < 0)
        say(c, "files: what file %u holds cannot be read (1)", key_read32(key, 0));
    else
        check_held(c, key_read32(key, 0), key_read32(key, 4), p.doc);
    return 0;
}

static int check_file(struct check *c, struct span key, struct span payload)
{
    struct arena mem = ARENA_INIT;
    struct file_row f;
    struct path_row p;
    struct place_row *places;
    uint32_t count;

    if (get_file(&mem, payload, &f) < 0 || f.no != key_read32(key, 0)) {
        say(c, "files: a row cannot be read (1)");
    } else {
        if (path_get(c->v->txn, c->v->ix, f.path, &p) < 0 || f.no != (f.complete ? p.in_force : p.coming))
            say(c, "file %u stands under no path (8)", f.no);
        if (f.first.doc)
            check_held(c, f.no, 0, f.first.doc);
        if (view_holds(c->v, &mem, f.no, &places, &count) < 0)
            say(c, "what file %u holds cannot be read (8)", f.no);
        else if (f.complete ? count != f.articles : count < f.articles)
            say(c, "file %u holds %u articles and says %u (8)", f.no, count, f.articles);
    }
    arena_free(&mem);
    return 0;
}

/* Numbers of paths; what a file holds; its row, behind that. */
static int check_of_file(struct check *c, struct span key, struct span payload)
{
    if (key.len == 12 && key_read32(key, 0) == 0)
        return check_numbers_of_paths(c, key, payload);
    if (key.len != 8)
        say(c, "files: a record has a strange key (1)");
    else if (key_is_file(key))
        return check_file(c, key, payload);
    else
        return check_hold(c, key, payload);
    return 0;
}

/* ---- segments and lists ------------------------------------------------------------------------------ */

/* The keys of parts and pos begin with a segment; it must be one that `meta` lists. */
static int check_owner(struct check *c, struct span key, struct span payload)
{
    uint32_t id = key.len >= 4 ? key_read32(key, 0) : 0;

    (void)payload;
    for (uint32_t i = 0; i < c->all_count; i++)
        if (c->all[i].id == id)
            return 0;
    say(c, "a record belongs to segment %u, which is not there (2)", id);
    return 0;
}

/* A record of the dictionary: its terms rise from those of the record before it to the last, which is that of its key. */
static int check_terms(struct check *c, struct span key, struct span payload)
{
    struct span before = {c->terms_key, c->terms_key_len}, last = SPAN("");
    struct entry_reader r;
    struct term_entry e;
    bool good = key.len > ENTRY_HEAD;
    int rc = 0;

    if (good && before.len && memcmp(before.at, key.at, ENTRY_HEAD) == 0)
        last = span_cut(before, ENTRY_HEAD, before.len);
    entry_open(&r, payload);
    while (good && (rc = entry_next(&r)) == 1)
        good = entry_read(r.tail, &e) == 1 && !memchr(r.term, 0, r.len) && span_cmp(last, entry_term(&r)) < 0;
    if (!good || rc < 0 || !span_eq(entry_term(&r), span_cut(key, ENTRY_HEAD, key.len)))
        say(c, "parts: a record of %zu bytes does not hold terms that rise to that of its key (3)",
            payload.len);
    c->terms_key_len = good && key.len <= sizeof c->terms_key ? key.len : 0;
    memcpy(c->terms_key, key.at, c->terms_key_len);
    return check_owner(c, key, payload);
}

/* Where a field stands in keys of the dictionary, all else has larger bytes. */
static int check_part(struct check *c, struct span key, struct span payload)
{
    return key.len > 4 && (uint8_t)key.at[4] < FIELDS ? check_terms(c, key, payload)
                                                      : check_owner(c, key, payload);
}

static const struct segment *live_segment(const struct check *c, struct span key)
{
    for (uint32_t i = 0; i < c->v->segment_count && key.len >= 4; i++)
        if (c->v->segments[i].id == key_read32(key, 0))
            return &c->v->segments[i];
    return NULL;
}

/* The entry of the term that stands in a key, `numbers` bytes before its end. */
static int find_entry(struct check *c, struct span key, size_t numbers, struct term_entry *e)
{
    if (key.len <= ENTRY_HEAD + 1 + numbers || key.at[key.len - numbers - 1] != 0)
        return 0;
    return term_find(c->v, key_read32(key, 0), (enum field)key.at[ENTRY_HEAD - 1],
                     span_cut(key, ENTRY_HEAD, key.len - numbers - 1), e);
}

/* A chunk of a list: its term knows of it, and its numbers end where its key says. */
static int check_chunk(struct check *c, struct span key, struct span payload)
{
    const struct segment *s = live_segment(c, key);
    struct take t = take_open(payload.at, payload.len);
    struct term_entry e = {.far = false};
    struct pack p = {.last = take_varint32(&t)};
    int rc = 1;

    if (!s)
        return check_owner(c, key, payload);
    if (find_entry(c, key, 4, &e) == 1)
        p.last += (field_of_documents((enum field)key.at[ENTRY_HEAD - 1]) ? s->first_doc : s->first_quote) -
                  1;
    while (rc == 1 && take_left(&t))
        rc = e.df == 1 ? pack_take_one(&t, p.last, e.cf, &p) : pack_take(&t, p.last, &p);
    if (!e.far || t.bad || rc < 0 || p.last + 1 != key_read32(key, key.len - 4))
        say(c, "lists: a record of %zu bytes is no part of a list (3)", payload.len);
    return 0;
}

static int check_positions(struct check *c, struct span key, struct span payload)
{
    struct term_entry e;

    if (live_segment(c, key) && find_entry(c, key, 8, &e) != 1)
        say(c, "pos: %zu bytes of positions belong to no term (3)", payload.len);
    return check_owner(c, key, payload);
}

/* No number gives more of a score than its block says. */
static bool keeps_bound(struct check *c, const struct segment *s, struct post *p)
{
    struct post_bound bound;
    uint32_t words;

    return post_bound(p, p->doc, &bound) == 1 && view_doc_words(c->v, p->doc, &words) == 0 &&
           impact_saturation((double)post_weight(p), words, segment_mean(s)) * IMPACT_MOST <= bound.impact;
}

/* One list: numbers rise inside the segment, the living have rows, the head says how many there are. */
static int check_list(struct check *c, struct arena *mem, const struct segment *s, enum field field,
                      struct span term)
{
    uint32_t first = field_of_documents(field) ? s->first_doc : s->first_quote;
    uint32_t last = field_of_documents(field) ? s->last_doc : s->last_quote;
    uint32_t df = 0, before = 0;
    uint64_t cf = 0;
    struct post p;
    int rc = post_open(&p, mem, c->v, s, field, term);

    if (rc == 0)
        return 0;
    while (rc == 1 && (rc = post_next(&p)) == 1) {
        const uint32_t *positions;
        int64_t count;
        if (p.doc < first || p.doc > last || p.doc <= before)
            break;
        if ((count = post_positions(&p, &positions)) < 0 || post_weight(&p) < count ||
            (field == FIELD_TEXT && !keeps_bound(c, s, &p))) {
            rc = ERR_CORRUPT;
            break;
        }
        before = p.doc;
        df++;
        cf += (uint64_t)count;
        rc = 1;
    }
    if (rc == ERR_NOMEM)
        return rc;
    if (rc != 0)
        say(c, "segment %u, field %d: the list of '%.*s' is damaged (3)", s->id, (int)field, (int)term.len,
            term.at);
    else if (df != p.df || cf != p.cf)
        say(c, "segment %u, field %d: the list of '%.*s' has %u numbers and says %u (3)", s->id, (int)field,
            (int)term.len, term.at, df, p.df);
    return 0;
}

static int check_lists(struct check *c, enum field field)
{
    struct arena walk_mem = ARENA_INIT, mem = ARENA_INIT;
    struct term_walk *terms;
    struct span term;
    int rc = term_walk_open(&terms, &walk_mem, c->v, field, SPAN(""));

    while (rc == 0 && (rc = term_walk_next(terms, &term)) == 1) {
        bool bad = !field_has_lists(field);

        if (bad)
            say(c, "field %d has a list of '%.*s', though its words stand in lists of the text (3)",
                (int)field, (int)term.len, term.at);
        for (uint32_t i = 0; i < c->v->segment_count && !bad; i++)
            bad = check_list(c, &mem, &c->v->segments[i], field, term) < 0;
        arena_reset(&mem);
        rc = cancelled(c) ? ERR_CANCELLED : 0;
    }
    arena_free(&walk_mem);
    arena_free(&mem);
    if (rc == ERR_CORRUPT)
        say(c, "the terms of field %d cannot be walked (3)", (int)field);
    return rc == ERR_CORRUPT ? 0 : rc;
}

/* Every living number of a segment has its row. */
static int check_numbers(struct check *c, const struct segment *s)
{
    if (s->last_doc >= c->v->totals.next_doc ||
        (s->last_quote >= s->first_quote && s->last_quote >= c->v->totals.next_quote))
        say(c, "segment %u lies beyond what the store has numbered (9)", s->id);
    for (uint32_t doc = s->first_doc; doc <= s->last_doc && !cancelled(c); doc++) {
        struct key k = key_number(doc);
        struct span none;
        if (view_doc_dead(c->v, doc) == 0 &&
            record_get(c->v->txn, view_table(c->v, T_DOCS), key_span(&k), &none) != 1)
            say(c, "document %u lives and has no row (5)", doc);
    }
    return cancelled(c) ? ERR_CANCELLED : 0;
}

/* The ids of a segment rise, and lie inside it. */
static int check_ids(struct check *c, const struct segment *s)
{
    static const enum part parts[] = {PART_CONTENTS, PART_DOC_IDS, PART_QUOTE_IDS};
    struct ids_reader r;
    MDB_cursor *cursor;
    int rc = cursor_open(c->v->txn, view_table(c->v, T_PARTS), &cursor);

    if (rc < 0)
        return rc == ERR_CORRUPT ? 0 : rc; /* walk() has said so */
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        rc = ids_seek(&r, cursor, s, parts[i], (struct id){0});
        while (rc == 1 && !cancelled(c))
            rc = ids_next(&r);
        if (rc < 0)
            say(c, "segment %u: the ids '%c' are damaged (6)", s->id, (char)parts[i]);
    }
    mdb_cursor_close(cursor);
    return cancelled(c) ? ERR_CANCELLED : 0;
}

/* ---- all of it --------------------------------------------------------------------------------------- */

static void check_sum(struct check *c, const char *what, uint64_t is, uint64_t says)
{
    if (is != says)
        say(c, "%s: %llu counted, %llu noted (9)", what, (unsigned long long)is, (unsigned long long)says);
}

int view_check(struct index_view *v, void (*problem)(void *ctx, const char *words), void *ctx,
               const volatile bool *cancel)
{
    static const struct {
        enum table table;
        int (*each)(struct check *c, struct span key, struct span payload);
    } walks[] = {{T_META, NULL},         {T_DEAD, NULL},          {T_TEXT, NULL},
                 {T_PARTS, check_part},  {T_LISTS, check_chunk},  {T_POS, check_positions},
                 {T_DOCS, check_of_doc}, {T_FILES, check_of_file}};
    struct check c = {.v = v, .problem = problem, .ctx = ctx, .cancel = cancel};
    int rc = segments_load(v->txn, view_table(v, T_META), true, &c.all, &c.all_count);

    for (size_t i = 0; i < sizeof walks / sizeof walks[0] && rc == 0; i++)
        rc = walk(&c, walks[i].table, walks[i].each);
    for (uint32_t i = 0; i < v->segment_count && rc == 0; i++)
        if ((rc = check_numbers(&c, &v->segments[i])) == 0)
            rc = check_ids(&c, &v->segments[i]);
    for (enum field field = FIELD_TEXT; field < FIELDS && rc == 0; field++)
        rc = check_lists(&c, field);
    free(c.all);
    if (rc < 0)
        return rc;
    check_sum(&c, "living documents", c.sums.docs, v->totals.docs);
    check_sum(&c, "words", c.sums.words, v->totals.words);
    check_sum(&c, "bytes of text", c.sums.text_bytes, v->totals.text_bytes);
    check_sum(&c, "quotes", c.sums.quotes, v->totals.quotes);
    check_sum(&c, "quotes with a speaker", c.sums.quotes_attributed, v->totals.quotes_attributed);
    return c.problems;
}
