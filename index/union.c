#include "index/union.h"

#include "base/err.h"
#include "index/pack.h"
#include "index/store_inner.h"

int union_init(struct list_union *u, struct arena *mem, const struct segment *s, enum field field)
{
    bool docs = field_of_documents(field);
    size_t count;

    *u = (struct list_union){.first = docs ? s->first_doc : s->first_quote,
                             .last = docs ? s->last_doc : s->last_quote};
    count = u->last < u->first ? 0 : (size_t)u->last - u->first + 1;
    if (!(u->bits = arena_array(mem, count / 64 + 1, sizeof *u->bits)))
        return arena_err(mem);
    if (field == FIELD_TEXT && !(u->weights = arena_array(mem, count + 1, sizeof *u->weights)))
        return arena_err(mem);
    return 0;
}

static inline void put(struct list_union *u, uint32_t number, uint32_t weight)
{
    uint32_t at = number - u->first;

    u->bits[at / 64] |= UINT64_C(1) << at % 64;
    if (u->weights) {
        uint32_t sum = u->weights[at] + (weight < UINT16_MAX ? weight : UINT16_MAX);

        u->weights[at] = (uint16_t)(sum < UINT16_MAX ? sum : UINT16_MAX);
    }
}

/* The blocks of a chunk, or of a list that stands in its entry: read where they lie. */
static int add_blocks(struct list_union *u, const struct term_entry *e, struct take *t, uint32_t before)
{
    uint32_t numbers[POST_BLOCK], counts[POST_BLOCK], weights[POST_BLOCK];
    struct pack p;

    while (take_left(t)) {
        int rc = e->df == 1 ? pack_take_one(t, before, e->cf, &p) : pack_take(t, before, &p);

        if (rc < 0 || p.last > u->last || pack_numbers(&p, before, numbers) < 0)
            return ERR_CORRUPT;
        if (u->weights) {
            pack_counts(&p, counts);
            pack_weights(&p, counts, weights);
        }
        for (uint32_t i = 0; i < p.count; i++)
            put(u, numbers[i], u->weights ? weights[i] : 1);
        before = p.last;
    }
    return 0;
}

static int add_near(struct list_union *u, const struct term_entry *e)
{
    struct take t = take_open(e->list.at, e->list.len);

    return add_blocks(u, e, &t, u->first - 1);
}

static int add_far(struct list_union *u, struct index_view *v, const struct segment *s, enum field field,
                   struct span term, const struct term_entry *e)
{
    struct key k = key_term(s->id, field, term);
    struct span key = key_span(&k), payload;
    int rc = v->lists ? 0 : view_cursor(v, T_LISTS, &v->lists);

    rc = rc < 0 ? rc : record_seek(v->lists, MDB_SET_RANGE, &key, &payload);
    for (; rc == 1 && span_starts(key, key_span(&k)); rc = record_seek(v->lists, MDB_NEXT, &key, &payload)) {
        struct take t = take_open(payload.at, payload.len);
        uint32_t before = take_varint32(&t);

        if (t.bad || before > u->last - u->first || (rc = add_blocks(u, e, &t, u->first - 1 + before)) < 0)
            return ERR_CORRUPT;
    }
    return rc < 0 ? rc : 0;
}

/* The list of a field that has none of its own: made of that of the text. */
static int add_made(struct list_union *u, struct arena *mem, struct index_view *v, const struct segment *s,
                    enum field field, struct span term)
{
    const uint32_t *numbers, *weights = NULL;
    struct post_bound bound = {.last = u->first - 1};
    struct post p;
    uint32_t count;
    int rc = post_open(&p, mem, v, s, field, term);

    if (rc <= 0)
        return rc < 0 ? rc : ERR_CORRUPT;
    while ((rc = post_bound(&p, bound.last + 1, &bound)) == 1) {
        if ((rc = post_block(&p, &numbers, u->weights ? &weights : NULL, &count)) < 0)
            return rc;
        for (uint32_t i = 0; i < count; i++)
            put(u, numbers[i], weights ? weights[i] : 1);
        if (bound.last == u->last)
            return 0;
    }
    return rc;
}

int union_add(struct list_union *u, struct arena *mem, struct index_view *v, const struct segment *s,
              enum field field, struct span term, const struct term_entry *e)
{
    if (!field_has_lists(field))
        return add_made(u, mem, v, s, field, term);
    return e->far ? add_far(u, v, s, field, term, e) : add_near(u, e);
}

void union_close(struct list_union *u)
{
    u->count = 0;
    for (uint32_t i = 0; u->last >= u->first && i <= (u->last - u->first) / 64; i++)
        u->count += (uint32_t)__builtin_popcountll(u->bits[i]);
}

uint32_t union_seek(const struct list_union *u, uint32_t from)
{
    uint32_t at = from > u->first ? from - u->first : 0, words;
    uint64_t bits;

    if (u->last < u->first || from > u->last)
        return 0;
    words = (u->last - u->first) / 64 + 1;
    bits = u->bits[at / 64] & UINT64_MAX << at % 64;
    for (uint32_t word = at / 64;;) {
        if (bits)
            return u->first + word * 64 + (uint32_t)__builtin_ctzll(bits);
        if (++word == words)
            return 0;
        bits = u->bits[word];
    }
}
