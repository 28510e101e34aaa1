#include "index/bag.h"

#include <assert.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "index/common.h"
#include "index/term.h"

enum { SLOTS_LEAST = 1024, VARINT_MAX = 5 };

#define BYTES_MAX ((size_t)3 << 30) /* of keys and positions: no text of LIMIT_FILE has so many */

struct term {
    uint64_t hash;
    uint32_t key, len;     /* in `keys` */
    uint32_t slot;         /* where the table points at it */
    uint32_t count, extra; /* of its notes */
    uint32_t pos;          /* of the last */
    uint32_t start;        /* of its notes once they are dealt out; then where the next one goes */
    uint32_t stretch;      /* the last one that it stands in */
    bool common, pair;     /* common.h */
};

/* The common words at one position of the text: more than one where a word has parts. */
struct common_here {
    uint32_t pos, count;
    uint32_t terms[4];
};

struct note {
    uint32_t term, pos;
};

struct bag {
    enum field field;
    uint32_t number;
    unsigned extra;
    struct common_here here, before; /* at the last position that had one, and at the one before it */
    struct buf keys, out;
    struct term *terms;
    uint32_t term_count, term_cap;
    uint32_t *slots; /* index of a term, plus 1 */
    uint32_t slot_count;
    struct note *notes;
    uint32_t note_count, note_cap;
    uint32_t *dealt; /* positions by term */
    uint32_t dealt_cap;
    uint32_t *order; /* the terms of the unit that is made */
    uint32_t order_cap, stretches;
};

struct bag *bag_new(void)
{
    struct bag *b = calloc(1, sizeof *b);

    if (!b)
        return NULL;
    b->keys = BUF_INIT(BYTES_MAX);
    b->out = BUF_INIT(BYTES_MAX);
    b->slot_count = SLOTS_LEAST;
    b->slots = calloc(b->slot_count, sizeof *b->slots);
    if (b->slots)
        return b;
    bag_free(b);
    return NULL;
}

void bag_free(struct bag *b)
{
    if (!b)
        return;
    buf_fini(&b->keys);
    buf_fini(&b->out);
    free(b->terms);
    free(b->slots);
    free(b->notes);
    free(b->dealt);
    free(b->order);
    free(b);
}

/* Makes the table empty by what is in it: most units are small, and the table is as large as the largest needed. */
static void forget(struct bag *b)
{
    for (uint32_t i = 0; i < b->term_count; i++)
        b->slots[b->terms[i].slot] = 0;
    b->term_count = b->note_count = b->stretches = 0;
    buf_clear(&b->keys);
}

void bag_begin(struct bag *b, enum field field, uint32_t number)
{
    forget(b);
    b->field = field;
    b->number = number;
    b->extra = 0;
    b->here.count = b->before.count = 0;
}

void bag_extra(struct bag *b, unsigned extra)
{
    b->extra = extra;
}

static uint32_t free_slot(const struct bag *b, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & (b->slot_count - 1);

    while (b->slots[at])
        at = (at + 1) & (b->slot_count - 1);
    return at;
}

/* Keeps the table at most half full. */
static int grow_slots(struct bag *b)
{
    uint32_t count = b->slot_count * 2;
    uint32_t *slots;

    if (b->term_count < b->slot_count / 2)
        return 0;
    if (count < b->slot_count || !(slots = calloc(count, sizeof *slots)))
        return ERR_NOMEM;
    free(b->slots);
    b->slots = slots;
    b->slot_count = count;
    for (uint32_t i = 0; i < b->term_count; i++) {
        b->terms[i].slot = free_slot(b, b->terms[i].hash);
        b->slots[b->terms[i].slot] = i + 1;
    }
    return 0;
}

static void *grown(void *array, uint32_t *cap, size_t size)
{
    uint32_t want = *cap ? *cap * 2 : 256;
    void *at = want > *cap ? realloc(array, (size_t)want * size) : NULL;

    if (at)
        *cap = want;
    return at;
}

/* `slot`: where the table has room for it. */
static int add_term(struct bag *b, struct span key, uint64_t hash, uint32_t slot)
{
    uint32_t slot_count = b->slot_count;
    struct term *terms;
    char *room;
    int rc;

    if (b->term_count == b->term_cap) {
        if (!(terms = grown(b->terms, &b->term_cap, sizeof *terms)))
            return ERR_NOMEM;
        b->terms = terms;
    }
    if ((rc = grow_slots(b)) < 0)
        return rc;
    if (!(room = buf_room(&b->keys, key.len)))
        return buf_err(&b->keys);
    memcpy(room, key.at, key.len);
    b->terms[b->term_count] = (struct term){.hash = hash,
                                            .key = (uint32_t)b->keys.len,
                                            .len = (uint32_t)key.len,
                                            .slot = slot_count == b->slot_count ? slot : free_slot(b, hash),
                                            .common = b->field == FIELD_TEXT && common_hashed(hash)};
    b->slots[b->terms[b->term_count].slot] = b->term_count + 1;
    b->term_count++;
    b->keys.len += key.len;
    return 0;
}

/* For keys, which are short. */
static bool same_bytes(const char *a, const char *b, size_t len)
{
    uint64_t x, y;

    for (; len >= sizeof x; a += sizeof x, b += sizeof x, len -= sizeof x) {
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        if (x != y)
            return false;
    }
    while (len && a[len - 1] == b[len - 1])
        len--;
    return len == 0;
}

/* The term of a key, new or known: its index. */
static int term_of(struct bag *b, struct span key, uint32_t *index)
{
    uint64_t hash = XXH3_64bits(key.at, key.len);
    uint32_t mask = b->slot_count - 1, at = (uint32_t)hash & mask;

    for (; b->slots[at]; at = (at + 1) & mask) {
        const struct term *t = &b->terms[b->slots[at] - 1];
        if (t->hash == hash && t->len == key.len && same_bytes(b->keys.at + t->key, key.at, key.len)) {
            *index = b->slots[at] - 1;
            return 0;
        }
    }
    *index = b->term_count;
    return add_term(b, key, hash, at);
}

/* Notes a word. *index is that of its term, or UINT32_MAX where it was noted before. */
static int note_word(struct bag *b, struct span key, uint32_t pos, unsigned extra, uint32_t *index)
{
    struct term *t;
    int rc;

    if ((rc = term_of(b, key, index)) < 0)
        return rc;
    t = &b->terms[*index];
    if (t->count && pos <= t->pos) {
        *index = UINT32_MAX;
        return 0;
    }
    if (b->note_count == b->note_cap) {
        struct note *notes = grown(b->notes, &b->note_cap, sizeof *notes);
        if (!notes)
            return ERR_NOMEM;
        b->notes = notes;
    }
    t->pos = pos;
    t->count++;
    t->extra += extra;
    b->notes[b->note_count++] = (struct note){*index, pos};
    return 0;
}

static struct span key_of(const struct bag *b, uint32_t index)
{
    return (struct span){b->keys.at + b->terms[index].key, b->terms[index].len};
}

/* A common word at `pos` makes pairs with those at the position before. */
static int note_pairs(struct bag *b, uint32_t index, uint32_t pos)
{
    char pair[LIMIT_TERM];
    uint32_t made;
    int rc = 0;

    if (b->here.count && b->here.pos != pos) {
        b->before = b->here;
        b->here.count = 0;
    }
    b->here.pos = pos;
    if (b->here.count < sizeof b->here.terms / sizeof *b->here.terms)
        b->here.terms[b->here.count++] = index;
    if (!b->before.count || b->before.pos + 1 != pos)
        return 0;
    for (uint32_t i = 0; rc == 0 && i < b->before.count; i++) {
        rc = note_word(b, term_pair(key_of(b, b->before.terms[i]), key_of(b, index), pair), b->before.pos, 0,
                       &made);
        if (rc == 0 && made != UINT32_MAX)
            b->terms[made].pair = true;
    }
    return rc;
}

int bag_word(struct bag *b, struct span key, uint32_t pos)
{
    uint32_t index;
    int rc;

    assert(key.len && key.len <= LIMIT_TERM && pos < UINT32_MAX);
    if ((rc = note_word(b, key, pos, b->extra, &index)) < 0 || index == UINT32_MAX || !b->terms[index].common)
        return rc;
    return note_pairs(b, index, pos);
}

/* ---- units ------------------------------------------------------------------------------------------- */

/* The notes that a unit is made of. */
struct slice {
    uint32_t from, to;
    uint32_t first; /* the position that is its 0 */
    bool pairs;     /* belong to it */
};

/* Room for `count` numbers; what was there is forgotten. */
static bool room_for(uint32_t **array, uint32_t *cap, uint32_t count)
{
    if (count <= *cap)
        return true;
    free(*array);
    *cap = (*array = malloc((size_t)count * 2 * sizeof **array)) ? count * 2 : 0;
    return *array;
}

/* Positions by term; afterwards t->start is the end of its own. Returns how many bytes the terms may take. */
static size_t deal(struct bag *b, uint32_t count, const struct slice *p)
{
    uint32_t start = 0;
    size_t keys = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct term *t = &b->terms[b->order[i]];

        t->start = start;
        start += t->count;
        keys += t->len;
    }
    for (uint32_t i = p->from; i < p->to; i++) {
        struct term *t = &b->terms[b->notes[i].term];

        if (p->pairs || !t->pair)
            b->dealt[t->start++] = b->notes[i].pos - p->first;
    }
    return keys + (size_t)start * VARINT_MAX;
}

/* The key and the positions of a term. Returns where they end. */
static uint8_t *write_term(const struct bag *b, const struct term *t, uint8_t *at, struct bag_term *to)
{
    const uint32_t *positions = b->dealt + t->start - t->count;
    uint8_t *behind = at + t->len;
    uint32_t next = 0;

    memcpy(at, b->keys.at + t->key, t->len);
    at = behind;
    for (uint32_t i = 0; i < t->count; i++) {
        at = varint_put(at, positions[i] - next);
        next = positions[i] + 1;
    }
    to->len = t->len;
    to->positions_len = (uint32_t)(at - behind);
    to->count = t->count;
    to->extra = t->extra;
    return at;
}

/* The first terms of the order, out->count of them. */
static int make_unit(struct bag *b, const struct slice *p, struct arena *mem, struct bag_unit *out)
{
    struct bag_term *terms = arena_array(mem, out->count, sizeof *terms);
    uint8_t *room, *at;
    const char *key;

    out->terms = terms;
    if (!terms)
        return arena_err(mem);
    if (!room_for(&b->dealt, &b->dealt_cap, p->to - p->from + 1))
        return ERR_NOMEM;
    buf_clear(&b->out);
    if (!(room = at = (uint8_t *)buf_room(&b->out, deal(b, out->count, p) + 1)))
        return buf_err(&b->out);
    for (uint32_t i = 0; i < out->count; i++) {
        const struct term *t = &b->terms[b->order[i]];

        at = write_term(b, t, at, &terms[i]);
        terms[i].hash = (uint32_t)t->hash + (uint32_t)out->field * 0x9E3779B1u;
    }
    key = arena_span(mem, (struct span){(const char *)room, (size_t)(at - room)}).at;
    for (uint32_t i = 0; i < out->count; i++) {
        terms[i].key = key;
        key += terms[i].len + terms[i].positions_len;
    }
    return arena_err(mem);
}

int bag_end(struct bag *b, struct arena *mem, struct bag_unit *out)
{
    *out = (struct bag_unit){.field = b->field, .number = b->number, .count = b->term_count};
    if (!room_for(&b->order, &b->order_cap, b->term_count))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < b->term_count; i++)
        b->order[i] = i;
    return make_unit(b, &(struct slice){0, b->note_count, 0, true}, mem, out);
}

uint32_t bag_mark(const struct bag *b)
{
    return b->note_count;
}

int bag_stretch(struct bag *b, enum field field, uint32_t number, uint32_t from, uint32_t to, uint32_t first,
                struct arena *mem, struct bag_unit *out)
{
    *out = (struct bag_unit){.field = field, .number = number};
    if (!room_for(&b->order, &b->order_cap, to - from))
        return ERR_NOMEM;
    b->stretches++;
    for (uint32_t i = from; i < to; i++) {
        struct term *t = &b->terms[b->notes[i].term];

        if (t->pair)
            continue;
        if (t->stretch != b->stretches) {
            t->stretch = b->stretches;
            t->count = t->extra = 0; /* the whole unit was made before */
            b->order[out->count++] = b->notes[i].term;
        }
        t->count++;
    }
    return make_unit(b, &(struct slice){from, to, first, false}, mem, out);
}
