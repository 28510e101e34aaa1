#include "index/post.h"

#include "base/err.h"
#include "base/limits.h"
#include "index/impact.h"
#include "index/pack.h"
#include "index/post_write.h"
#include "index/store_inner.h"
#include "index/terms.h"
#include "index/within.h"

/* Where a block begins, and what its header says. */
struct spot {
    const uint8_t *at, *end; /* from the block to the end of its chunk */
    uint32_t before, last, impact;
};

struct post_state {
    struct index_view *view; /* NULL: a list in memory */
    struct arena *mem;
    uint32_t segment;
    enum field field;
    struct span term;
    struct key *key;         /* those, and a number: see list_key */
    uint32_t base, limit;    /* the number before the segment's first, and its last */
    struct take chunk;       /* what is left of the current chunk */
    MDB_cursor *chunks;      /* of a list that stands far from its entry, else NULL */
    bool ended;              /* there is no number any more */
    struct pack pack;        /* the current block, */
    const uint8_t *block_at; /* where it begins, */
    uint32_t before;         /* the number before its first one, */

    bool counted; /* its counts are unpacked */
    uint32_t *numbers, *counts, *weights;

    struct spot *spots; /* all blocks, when they were looked at beforehand; */
    uint32_t spot_count, spot_at;
    bool entered; /* the header of block spot_at is in `pack` */

    struct take where; /* positions of the block, */
    uint32_t where_at; /* from those of this one on */
    bool where_open;
    uint8_t *gathered; /* positions that stand aside, put together */
    size_t gathered_cap;
    uint32_t *positions;
    uint32_t positions_cap;
};

/* ---- blocks ------------------------------------------------------------------------------------------ */

/* Takes the header of the next block of the chunk; its numbers follow those before. */
static int next_pack(struct post *p)
{
    struct post_state *s = p->state;
    uint32_t before = s->pack.count ? s->pack.last : s->before;
    int rc;

    s->block_at = s->chunk.at;
    rc = p->df == 1 ? pack_take_one(&s->chunk, before, p->cf, &s->pack)
                    : pack_take(&s->chunk, before, &s->pack);
    if (rc == 1 && (s->pack.last > s->limit || s->pack.count > p->df))
        rc = ERR_CORRUPT;
    s->before = before;
    s->where_open = s->counted = p->weighed = false;
    p->count = p->at = 0;
    return rc;
}

static int unpack(struct post *p)
{
    struct post_state *s = p->state;
    uint32_t most = p->df < POST_BLOCK ? p->df : POST_BLOCK;

    if (p->count)
        return 1;
    if (!s->numbers) {
        if (!(s->numbers = arena_array(s->mem, (size_t)3 * most, sizeof *s->numbers)))
            return arena_err(s->mem);
        s->counts = s->numbers + most;
        s->weights = s->counts + most;
    }
    if (pack_numbers(&s->pack, s->before, s->numbers) < 0)
        return ERR_CORRUPT;
    p->numbers = s->numbers;
    p->count = s->pack.count;
    return 1;
}

static const uint32_t *unpack_counts(struct post_state *s)
{
    if (!s->counted)
        pack_counts(&s->pack, s->counts);
    s->counted = true;
    return s->counts;
}

/* Where nothing weighs more than it counts, one serves for both. */
static void unpack_weights(struct post *p)
{
    struct post_state *s = p->state;

    p->weights = unpack_counts(s);
    if (s->pack.weighted) {
        pack_weights(&s->pack, s->counts, s->weights);
        p->weights = s->weights;
    }
    p->weighed = true;
}

/* ---- chunks ------------------------------------------------------------------------------------------ */

/* The key of a chunk or of positions, but for what comes behind this number; until the next one is asked for. Made when the
 * first is. NULL: out of memory. */
static struct key *list_key(struct post_state *s, uint32_t number)
{
    if (!s->key) {
        if (!(s->key = arena_alloc(s->mem, sizeof *s->key)))
            return NULL;
        *s->key = key_term(s->segment, s->field, s->term);
    }
    s->key->len = ENTRY_HEAD + s->term.len + 1;
    key_be32(s->key, number);
    return s->key;
}

static void enter_chunk(struct post_state *s, uint32_t before, struct take chunk)
{
    s->chunk = chunk;
    s->before = before;
    s->pack.count = 0;
}

/* Enters the first chunk after the current one that ends at or behind `number`. 1, or 0 when there is none. */
static int seek_chunk(struct post_state *s, uint32_t number)
{
    uint32_t last = s->pack.count ? s->pack.last : s->before, before;
    struct span key, payload;
    struct take chunk;
    struct key *k;
    bool next = s->pack.count && number <= last + 1; /* the cursor stands on the chunk before it */
    int rc;

    if (!s->chunks || last >= s->limit || number > s->limit)
        return 0;
    if (view_cancelled(s->view))
        return ERR_CANCELLED;
    if (!(k = list_key(s, (number > last ? number : last + 1) + 1)))
        return arena_err(s->mem);
    key = key_span(k);
    rc = record_seek(s->chunks, next ? MDB_NEXT : MDB_SET_RANGE, &key, &payload);
    if (rc <= 0 || key.len != k->len || memcmp(key.at, k->at, k->len - 4) != 0)
        return rc < 0 ? rc : 0;
    chunk = take_open(payload.at, payload.len);
    before = take_varint32(&chunk);
    if (chunk.bad || before > s->limit - s->base || s->base + before < last)
        return ERR_CORRUPT;
    enter_chunk(s, s->base + before, chunk);
    return 1;
}

/* ---- the list ---------------------------------------------------------------------------------------- */

static int open_list(struct post *p, struct arena *mem, const struct term_entry *e, uint32_t before,
                     uint32_t limit)
{
    *p = (struct post){.state = arena_alloc(mem, sizeof *p->state), .df = e->df, .cf = e->cf};
    if (!p->state)
        return arena_err(mem);
    p->bytes = entry_bytes(e);
    p->state->mem = mem;
    p->state->base = before;
    p->state->limit = limit;
    enter_chunk(p->state, before, take_open(e->list.at, e->list.len));
    return 1;
}

int post_open_entry(struct post *p, struct arena *mem, struct index_view *v, const struct segment *s,
                    enum field field, struct span term, const struct term_entry *e)
{
    bool docs = field_of_documents(field);
    int rc =
        open_list(p, mem, e, (docs ? s->first_doc : s->first_quote) - 1, docs ? s->last_doc : s->last_quote);

    if (rc < 0)
        return rc;
    p->state->view = v;
    p->state->segment = s->id;
    p->state->field = field;
    p->state->term = arena_span(mem, term);
    if (e->far && (rc = view_cursor(v, T_LISTS, &p->state->chunks)) < 0)
        return rc;
    return arena_err(mem) < 0 ? arena_err(mem) : 1;
}

/* ---- lists of titles and statements ------------------------------------------------------------------ */

static int open_within(struct post *p, struct arena *mem, struct index_view *v, const struct segment *s,
                       enum field field, struct span term)
{
    struct within *w = p->within = arena_alloc(mem, sizeof *w);
    int rc;

    if (!w)
        return ERR_NOMEM;
    if ((rc = within_open(w, mem, v, s, field, term)) <= 0)
        return rc;
    p->df = w->text.cf < UINT32_MAX ? (uint32_t)w->text.cf : UINT32_MAX;
    p->cf = w->text.cf;
    p->bytes = w->text.bytes;
    return 1;
}

static int seek_within(struct post *p, uint32_t doc)
{
    struct within *w = p->within;

    if (!p->count || p->numbers[p->count - 1] < doc) {
        int rc = within_load(w, doc);

        p->count = rc == 1 ? w->count : 0;
        if (rc != 1)
            return rc;
        p->numbers = w->numbers;
        p->weights = w->counts; /* no word of theirs weighs more than another */
        p->weighed = true;
        p->at = 0;
    }
    while (p->numbers[p->at] < doc)
        p->at++;
    p->doc = p->numbers[p->at];
    return 1;
}

int post_measure(struct post *p)
{
    struct within *w = p->within;
    uint32_t from = 0;
    int rc;

    if (!w)
        return 0;
    p->df = 0;
    p->cf = 0;
    while ((rc = within_load(w, from)) == 1) {
        p->df += w->count;
        p->cf += w->position_count;
        from = w->numbers[w->count - 1] + 1;
    }
    return rc < 0 ? rc : within_rewind(w);
}

/* ---- opening ----------------------------------------------------------------------------------------- */

int post_open(struct post *p, struct arena *mem, struct index_view *v, const struct segment *s,
              enum field field, struct span term)
{
    struct term_entry e;
    int rc;

    *p = (struct post){.state = NULL};
    if (!field_has_lists(field))
        return open_within(p, mem, v, s, field, term);
    rc = term_find(v, s->id, field, term, &e);
    return rc == 1 ? post_open_entry(p, mem, v, s, field, term, &e) : rc;
}

int post_open_bytes(struct post *p, struct arena *mem, const struct term_entry *e, uint32_t before,
                    uint32_t limit)
{
    return e->far ? ERR_CORRUPT : open_list(p, mem, e, before, limit);
}

/* Takes the headers of blocks until one ends at or after `doc`. 1, 0 at the end of the list, or an error. */
static int walk_to(struct post *p, uint32_t doc)
{
    struct post_state *s = p->state;
    int rc;

    if (s->pack.count && s->pack.last >= doc)
        return 1;
    for (;;) {
        while (take_left(&s->chunk)) {
            if ((rc = next_pack(p)) < 0)
                return rc;
            if (s->pack.last >= doc)
                return 1;
        }
        if ((rc = seek_chunk(s, doc)) <= 0) {
            s->ended = true;
            p->count = 0;
            return rc;
        }
    }
}

/* The same over blocks that are known, without reading the header. */
static int pass_to(struct post *p, uint32_t doc)
{
    struct post_state *s = p->state;

    for (; s->spot_at < s->spot_count && s->spots[s->spot_at].last < doc; s->spot_at++) {
        s->entered = p->weighed = false;
        p->count = p->at = 0;
    }
    s->ended = s->spot_at == s->spot_count;
    return !s->ended;
}

/* Has the header of the block where the first number >= doc stands. */
static int reach(struct post *p, uint32_t doc)
{
    struct post_state *s = p->state;
    const struct spot *spot;
    int rc;

    if (!s->spots)
        return walk_to(p, doc);
    if ((rc = pass_to(p, doc)) != 1 || s->entered)
        return rc;
    spot = &s->spots[s->spot_at];
    enter_chunk(s, spot->before, take_open(spot->at, (size_t)(spot->end - spot->at)));
    s->entered = true;
    return next_pack(p);
}

int post_survey(struct post *p)
{
    struct post_state *s = p->state;
    uint32_t cap = 0, from = 0, count = 0;
    struct spot *spots = NULL;
    int rc;

    while ((rc = walk_to(p, from)) == 1) {
        if (!ARENA_MORE(s->mem, spots, count, cap))
            return ERR_NOMEM;
        spots[count++] = (struct spot){s->block_at, s->chunk.end, s->before, s->pack.last, s->pack.impact};
        from = s->pack.last + 1;
    }
    s->spots = spots;
    s->spot_count = count;
    s->ended = count == 0;
    p->count = 0;
    return rc;
}

uint32_t post_block_count(const struct post *p)
{
    return p->state->spot_count;
}

uint32_t post_block_impact(const struct post *p, uint32_t block)
{
    return p->state->spots[block].impact;
}

int post_seek_far(struct post *p, uint32_t doc)
{
    struct post_state *s = p->state;
    uint32_t low, high;
    int rc;

    if (p->within)
        return seek_within(p, doc);
    if (s->ended)
        return 0;
    if ((rc = reach(p, doc)) <= 0 || (rc = unpack(p)) < 0)
        return rc;
    low = p->at;
    for (uint32_t step = 4; s->numbers[low] < doc; step *= 2) {
        high = low + step < p->count - 1 ? low + step : p->count - 1;
        if (s->numbers[high] < doc) {
            low = high;
            continue;
        }
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (s->numbers[middle] < doc)
                low = middle + 1;
            else
                high = middle;
        }
    }
    p->at = low;
    p->doc = s->numbers[low];
    return 1;
}

int post_next(struct post *p)
{
    return p->doc == UINT32_MAX ? 0 : post_seek(p, p->doc + 1);
}

int64_t post_count(struct post *p)
{
    if (p->within)
        return p->weights[p->at];
    return unpack_counts(p->state)[p->at];
}

int64_t post_weight_first(struct post *p)
{
    unpack_weights(p);
    return p->weights[p->at];
}

int post_bound(struct post *p, uint32_t doc, struct post_bound *bound)
{
    struct post_state *s = p->state;
    int rc;

    if (p->within) {
        if ((rc = seek_within(p, doc)) == 1)
            *bound = (struct post_bound){p->numbers[0], p->numbers[p->count - 1], IMPACT_MOST};
        return rc;
    }
    if (s->spots) {
        if ((rc = pass_to(p, doc)) == 1)
            *bound = (struct post_bound){s->spots[s->spot_at].before + 1, s->spots[s->spot_at].last,
                                         s->spots[s->spot_at].impact};
        return rc;
    }
    rc = s->ended ? 0 : walk_to(p, doc);
    if (rc == 1)
        *bound = (struct post_bound){s->before + 1, s->pack.last, s->pack.impact};
    return rc;
}

int post_block(struct post *p, const uint32_t **numbers, const uint32_t **weights, uint32_t *count)
{
    struct post_state *s = p->state;
    int rc;

    if (!p->within && ((s->spots && (rc = reach(p, s->spots[s->spot_at].last)) < 0) || (rc = unpack(p)) < 0))
        return rc;
    p->doc = p->numbers[p->at]; /* post_seek begins behind it */
    *numbers = p->numbers;
    if (weights && !p->weighed)
        unpack_weights(p);
    if (weights)
        *weights = p->weights;
    *count = p->count;
    return 1;
}

/* ---- positions --------------------------------------------------------------------------------------- */

/* Puts the pieces of positions that stand aside together. Room is made as they turn up. */
static int gather(struct post_state *s)
{
    size_t len = 0;

    if (!s->view)
        return ERR_CORRUPT;
    for (uint32_t n = 0; len < s->pack.pos_bytes; n++) {
        struct key *k = list_key(s, s->numbers[0]);
        struct span payload;
        int rc;

        if (!k)
            return arena_err(s->mem);
        key_be32(k, n);
        rc = record_get(s->view->txn, view_table(s->view, T_POS), key_span(k), &payload);
        if (rc <= 0 || payload.len == 0 || payload.len > s->pack.pos_bytes - len)
            return rc < 0 ? rc : ERR_CORRUPT;
        if (payload.len > s->gathered_cap - len) {
            size_t cap = (len + payload.len) * 2;
            s->gathered = arena_grow(s->mem, s->gathered, len, cap, 1);
            if (!s->gathered)
                return arena_err(s->mem);
            s->gathered_cap = cap;
        }
        memcpy(s->gathered + len, payload.at, payload.len);
        len += payload.len;
    }
    s->where = take_open(s->gathered, len);
    return 0;
}

static int open_positions(struct post_state *s)
{
    int rc = 0;

    if (s->pack.aside)
        rc = gather(s);
    else
        s->where = take_open(s->pack.positions, s->pack.pos_bytes);
    s->where_at = 0;
    s->where_open = rc == 0;
    return rc;
}

int64_t post_positions(struct post *p, const uint32_t **positions)
{
    struct post_state *s = p->state;
    uint64_t passed = 0;
    uint32_t count;
    int rc;

    *positions = NULL;
    if (p->within) {
        *positions = p->within->positions + p->within->starts[p->at];
        return p->within->counts[p->at];
    }
    count = unpack_counts(s)[p->at];
    if ((!s->where_open || s->where_at > p->at) && (rc = open_positions(s)) < 0)
        return rc;
    for (; s->where_at < p->at; s->where_at++)
        passed += s->counts[s->where_at];
    if (!pack_skip(&s->where, passed))
        return ERR_CORRUPT;
    if (count > take_left(&s->where)) /* each takes a byte at least */
        return ERR_CORRUPT;
    if (count > s->positions_cap) {
        s->positions_cap = count < 64 ? 64 : count;
        s->positions = arena_array(s->mem, s->positions_cap, sizeof *s->positions);
        if (!s->positions)
            return s->positions_cap = 0, arena_err(s->mem);
    }
    if (pack_positions(&s->where, count, s->positions) < 0)
        return ERR_CORRUPT;
    s->where_at++;
    *positions = s->positions;
    return count;
}
