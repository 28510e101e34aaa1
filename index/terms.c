#include "index/terms.h"

#include <errno.h>

#include "base/err.h"

/* Where the walk stands in one segment. */
struct stand {
    MDB_cursor *cursor;
    struct key at;    /* seeks from here */
    struct span term; /* what was found; borrowed from the map */
    bool ended;
};

struct term_walk {
    const struct index_view *view;
    enum field field;
    struct span prefix;
    struct stand *stands;
    uint32_t count;
    char term[LIMIT_TERM];
};

enum { HEAD = 5 }; /* be32 segment, u8 field */

/* Finds the first term at or after stand->at. The records of a list lie behind its term, which ends with
 * the first 00. */
static int find(struct term_walk *w, struct stand *s)
{
    struct span key = key_span(&s->at), payload, rest;
    const char *end;
    int rc = record_seek(s->cursor, MDB_SET_RANGE, &key, &payload);

    s->ended = true;
    if (rc <= 0 || key.len <= HEAD || memcmp(key.at, s->at.at, HEAD) != 0)
        return rc < 0 ? rc : 0;
    rest = span_cut(key, HEAD, key.len);
    end = memchr(rest.at, 0, rest.len);
    if (!end || end == rest.at || (size_t)(end - rest.at) > LIMIT_TERM)
        return ERR_CORRUPT;
    s->term = (struct span){rest.at, (size_t)(end - rest.at)};
    s->ended = !span_starts(s->term, w->prefix);
    return 0;
}

/* Aims behind every record of a term: those have 00 after it, and what comes next at least 01. */
static void aim_behind(struct stand *s, struct span term)
{
    s->at.len = HEAD;
    key_bytes(&s->at, term);
    key_u8(&s->at, 1);
}

void term_scan_open(struct term_scan *s, MDB_cursor *cursor, uint32_t segment, enum field field,
                    struct span prefix)
{
    *s = (struct term_scan){.cursor = cursor, .leaps = true, .prefix = prefix};
    key_be32(&s->at, segment);
    key_u8(&s->at, (uint8_t)field);
    if (prefix.len <= LIMIT_TERM)
        key_bytes(&s->at, prefix);
}

void term_scan_leap(struct term_scan *s, size_t len)
{
    s->at.len = HEAD;
    key_bytes(&s->at, span_cut(s->term, 0, len));
    key_u8(&s->at, 0xff); /* no byte of UTF-8 */
    s->leaps = true;
}

int term_scan_next(struct term_scan *s)
{
    for (;;) {
        MDB_val k = value_of(key_span(&s->at)), v;
        int rc = mdb_cursor_get(s->cursor, &k, &v, s->leaps ? MDB_SET_RANGE : MDB_NEXT);
        const char *end;

        s->leaps = false;
        if (rc == MDB_NOTFOUND)
            return 0;
        if (rc)
            return rc == ENOMEM ? ERR_NOMEM : ERR_CORRUPT;
        s->key = span_of_value(k);
        s->value = span_of_value(v);
        if (s->key.len <= HEAD || memcmp(s->key.at, s->at.at, HEAD) != 0)
            return 0;
        s->term = span_cut(s->key, HEAD, s->key.len);
        end = memchr(s->term.at, 0, s->term.len);
        if (!end || end == s->term.at || (size_t)(end - s->term.at) > LIMIT_TERM)
            return ERR_CORRUPT;
        if (end + 1 < s->key.at + s->key.len) { /* a further chunk */
            s->term.len = (size_t)(end - s->term.at);
            s->at.len = HEAD;
            key_bytes(&s->at, s->term);
            key_u8(&s->at, 1);
            s->leaps = true;
            continue;
        }
        s->term.len--;
        return span_starts(s->term, s->prefix);
    }
}

int terms_open(struct term_walk **out, struct arena *mem, struct index_view *v,
               const struct segment *segments, uint32_t count, enum field field, struct span prefix,
               struct span after)
{
    struct term_walk *w = arena_alloc(mem, sizeof *w);
    int rc;

    *out = NULL;
    if (prefix.len > LIMIT_TERM)
        count = 0; /* no term is so long */
    if (!w || !(w->stands = arena_array(mem, count, sizeof *w->stands)))
        return arena_err(mem);
    w->view = v;
    w->field = field;
    w->prefix = arena_span(mem, prefix);
    w->count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct stand *s = &w->stands[i];
        if ((rc = view_cursor(v, T_PARTS, &s->cursor)) < 0)
            return rc;
        key_be32(&s->at, segments[i].id);
        key_u8(&s->at, (uint8_t)field);
        if (after.len)
            aim_behind(s, after);
        else
            key_bytes(&s->at, prefix);
        if ((rc = find(w, s)) < 0)
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
    const struct stand *least = NULL;
    int rc;

    if (view_cancelled(w->view))
        return ERR_CANCELLED;

    for (uint32_t i = 0; i < w->count; i++)
        if (!w->stands[i].ended && (!least || span_cmp(w->stands[i].term, least->term) < 0))
            least = &w->stands[i];
    if (!least)
        return 0;
    memcpy(w->term, least->term.at, least->term.len);
    *term = (struct span){w->term, least->term.len};
    for (uint32_t i = 0; i < w->count; i++) {
        struct stand *s = &w->stands[i];
        if (s->ended || !span_eq(s->term, *term))
            continue;
        aim_behind(s, *term);
        if ((rc = find(w, s)) < 0)
            return rc;
    }
    return 1;
}

int term_walk_skip(struct term_walk *w, struct span from)
{
    int rc = 0;

    for (uint32_t i = 0; i < w->count && rc == 0; i++) {
        struct stand *s = &w->stands[i];

        if (s->ended || span_cmp(s->term, from) >= 0)
            continue;
        s->at.len = HEAD;
        key_bytes(&s->at, from);
        rc = find(w, s);
    }
    return rc;
}
