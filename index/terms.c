#include "index/terms.h"

#include <endian.h>

#include "base/err.h"

#define ONES UINT64_C(0x0101010101010101)

struct key terms_key(uint32_t segment, enum field field, struct span term)
{
    struct key k = key_number(segment);

    key_u8(&k, (uint8_t)field);
    key_bytes(&k, term);
    return k;
}

int term_find(struct index_view *v, uint32_t segment, enum field field, struct span term,
              struct term_entry *e)
{
    struct span key, payload;
    struct key k;
    int rc;

    if (term.len == 0 || term.len > LIMIT_TERM)
        return 0;
    if (!v->terms && (rc = view_cursor(v, T_PARTS, &v->terms)) < 0)
        return rc;
    k = terms_key(segment, field, term);
    key = key_span(&k);
    rc = record_seek(v->terms, MDB_SET_RANGE, &key, &payload);
    if (rc <= 0 || key.len < ENTRY_HEAD || memcmp(key.at, k.at, ENTRY_HEAD) != 0)
        return rc < 0 ? rc : 0;
    return entry_find(payload, term, e);
}

/* ---- one segment ------------------------------------------------------------------------------------- */

int term_scan_open(struct term_scan *s, struct index_view *v, uint32_t segment, enum field field,
                   struct span prefix)
{
    *s = (struct term_scan){.head = terms_key(segment, field, SPAN("")), .prefix = prefix};
    return view_cursor(v, T_PARTS, &s->cursor);
}

/* Opens the record that the cursor finds. */
static int open_record(struct term_scan *s, MDB_cursor_op op, struct span key)
{
    struct span payload;
    int rc = record_seek(s->cursor, op, &key, &payload);

    if (rc <= 0 || key.len < ENTRY_HEAD || memcmp(key.at, s->head.at, ENTRY_HEAD) != 0)
        return rc < 0 ? rc : 0;
    s->key = key;
    entry_open(&s->record, payload);
    return 1;
}

static inline int next_entry(struct term_scan *s)
{
    int rc = entry_next(&s->record);

    if (rc == 1 && s->record.shared < s->same)
        s->same = s->record.shared;
    return rc;
}

/* Eight bytes, the first one lowest. */
static inline uint64_t eight(const char *at)
{
    uint64_t n;

    memcpy(&n, at, sizeof n);
    return le64toh(n);
}

/* The highest bit of each byte that is 0, and sometimes of one above such a byte. */
static inline uint64_t zeros(uint64_t n)
{
    return (n - ONES) & ~n & ONES << 7;
}

/* Whether the wanted bytes surely end in none that is new. Eight are looked at together: there are seldom more. */
static inline bool lacks(const struct term_scan *s)
{
    const struct entry_reader *r = &s->record;
    uint64_t before = r->shared ? (unsigned char)r->term[r->shared - 1] : 0;

    for (size_t at = r->shared; at < r->len; at += 8) {
        uint64_t bytes = eight(r->term + at),
                 found = zeros(bytes ^ ONES * s->wanted[1]) &
                         (s->wanted[0] ? zeros((bytes << 8 | before) ^ ONES * s->wanted[0]) : ~UINT64_C(0));

        if (r->len - at < 8)
            found &= (UINT64_C(1) << 8 * (r->len - at)) - 1;
        if (found)
            return false;
        before = bytes >> 56;
    }
    return true;
}

int term_scan_next(struct term_scan *s)
{
    int rc;

    if (!s->key.len)
        return term_scan_seek(s, s->prefix);
    s->same = SIZE_MAX;
    do
        while ((rc = next_entry(s)) == 0 && (rc = open_record(s, MDB_NEXT, s->key)) == 1)
            ;
    while (rc == 1 && ((s->dead && s->record.shared >= s->dead) || (s->wanted[1] && lacks(s))));
    return rc == 1 ? span_starts(entry_term(&s->record), s->prefix) : rc;
}

int term_scan_seek(struct term_scan *s, struct span from)
{
    struct key k = s->head;
    int rc;

    if (from.len > LIMIT_TERM)
        return 0; /* no term is so long */
    key_bytes(&k, from);
    if (span_cmp(s->key, key_span(&k)) < 0 && (rc = open_record(s, MDB_SET_RANGE, key_span(&k))) <= 0)
        return rc;
    s->same = SIZE_MAX;
    while ((rc = next_entry(s)) == 1 && span_cmp(entry_term(&s->record), from) < 0)
        ;
    if (rc == 1)
        return span_starts(entry_term(&s->record), s->prefix);
    return rc < 0 ? rc : ERR_CORRUPT; /* its last term is not before `from` */
}

/* ---- several ----------------------------------------------------------------------------------------- */

/* Where the walk stands in one segment. */
struct stand {
    struct term_scan scan;
    bool ended, given; /* the term that it stands on was given */
};

struct term_walk {
    const struct index_view *view;
    struct stand *stands;
    uint32_t count;
};

/* Takes what a scan said. */
static int stand_at(struct stand *s, int rc)
{
    s->ended = rc != 1;
    s->given = false;
    return rc < 0 ? rc : 0;
}

int terms_open(struct term_walk **out, struct arena *mem, struct index_view *v,
               const struct segment *segments, uint32_t count, enum field field, struct span prefix,
               struct span after)
{
    struct term_walk *w = arena_alloc(mem, sizeof *w);
    int rc;

    *out = NULL;
    if (!w || !(w->stands = arena_array(mem, count, sizeof *w->stands)))
        return arena_err(mem);
    w->view = v;
    w->count = count;
    prefix = arena_span(mem, prefix);
    for (uint32_t i = 0; i < count; i++) {
        struct term_scan *scan = &w->stands[i].scan;

        if ((rc = term_scan_open(scan, v, segments[i].id, field, prefix)) < 0 ||
            (rc = stand_at(&w->stands[i], after.len ? term_scan_seek(scan, after) : term_scan_next(scan))) <
                0)
            return rc;
        if (after.len && !w->stands[i].ended && span_eq(entry_term(&scan->record), after) &&
            (rc = stand_at(&w->stands[i], term_scan_next(scan))) < 0)
            return rc;
    }
    *out = w;
    return arena_err(mem);
}

int term_walk_open(struct term_walk **out, struct arena *mem, struct index_view *v, enum field field,
                   struct span prefix)
{
    return terms_open(out, mem, v, v->segments, v->segment_count, field, prefix, SPAN(""));
}

int term_walk_next(struct term_walk *w, struct span *term)
{
    const struct entry_reader *least = NULL;
    int rc;

    if (view_cancelled(w->view))
        return ERR_CANCELLED;
    for (uint32_t i = 0; i < w->count; i++) {
        struct stand *s = &w->stands[i];

        if (s->given && (rc = stand_at(s, term_scan_next(&s->scan))) < 0)
            return rc;
        if (!s->ended && (!least || span_cmp(entry_term(&s->scan.record), entry_term(least)) < 0))
            least = &s->scan.record;
    }
    if (!least)
        return 0;
    *term = entry_term(least);
    for (uint32_t i = 0; i < w->count; i++)
        w->stands[i].given = !w->stands[i].ended && span_eq(entry_term(&w->stands[i].scan.record), *term);
    return 1;
}

int term_walk_entry(const struct term_walk *w, uint32_t i, struct term_entry *e)
{
    return w->stands[i].given ? entry_read(w->stands[i].scan.record.tail, e) : 0;
}

int term_walk_skip(struct term_walk *w, struct span from)
{
    int rc = 0;

    for (uint32_t i = 0; i < w->count && rc == 0; i++) {
        struct stand *s = &w->stands[i];

        if (!s->ended && span_cmp(entry_term(&s->scan.record), from) < 0)
            rc = stand_at(s, term_scan_seek(&s->scan, from));
    }
    return rc;
}
