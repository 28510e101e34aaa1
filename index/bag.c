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
    bool common;           /* common.h */
    uint32_t start;        /* of its notes once they are dealt out; then where the next one goes */
};

struct note {
    uint32_t term, pos;
};

/* The common words at one position: more than one where a word has parts. */
struct common_here {
    uint32_t pos, count;
    uint32_t terms[4];
};

struct bag {
    enum field field;
    uint32_t number;
    unsigned extra;
    struct buf keys, out;
    struct term *terms;
    uint32_t term_count, term_cap;
    uint32_t *slots; /* index of a term, plus 1 */
    uint32_t slot_count;
    struct note *notes;
    uint32_t note_count, note_cap;
    struct common_here here, before; /* at the last position that had one, and at the one before it */
    uint32_t *dealt; /* positions by term */
    uint32_t dealt_cap;
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
    free(b);
}

/* Makes the table empty by what is in it: most units are small, and the table is as large as the largest needed. */
static void forget(struct bag *b)
{
    for (uint32_t i = 0; i < b->term_count; i++)
        b->slots[b->terms[i].slot] = 0;
    b->term_count = b->note_count = 0;
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

static int add_term(struct bag *b, struct span key, uint64_t hash)
{
    struct term *terms;
    int rc;

    if (b->term_count == b->term_cap) {
        if (!(terms = grown(b->terms, &b->term_cap, sizeof *terms)))
            return ERR_NOMEM;
        b->terms = terms;
    }
    if ((rc = grow_slots(b)) < 0)
        return rc;
    b->terms[b->term_count] = (struct term){
        .hash = hash, .key = (uint32_t)b->keys.len, .len = (uint32_t)key.len, .slot = free_slot(b, hash),
        .common = b->field == FIELD_TEXT && common_word(key)};
    b->slots[b->terms[b->term_count].slot] = b->term_count + 1;
    b->term_count++;
    buf_span(&b->keys, key);
    return buf_err(&b->keys);
}

/* The term of a key, new or known: its index. */
static int term_of(struct bag *b, struct span key, uint32_t *index)
{
    uint64_t hash = XXH3_64bits_withSeed(key.at, key.len, (uint64_t)b->field);
    uint32_t mask = b->slot_count - 1;

    for (uint32_t at = (uint32_t)hash & mask; b->slots[at]; at = (at + 1) & mask) {
        const struct term *t = &b->terms[b->slots[at] - 1];
        if (t->hash == hash && t->len == key.len && memcmp(b->keys.at + t->key, key.at, key.len) == 0) {
            *index = b->slots[at] - 1;
            return 0;
        }
    }
    *index = b->term_count;
    return add_term(b, key, hash);
}

/* Notes a word. *common is its term where it is a common one that was not noted before, else UINT32_MAX. */
static int note_word(struct bag *b, struct span key, uint32_t pos, unsigned extra, uint32_t *common)
{
    struct term *t;
    uint32_t index;
    int rc;

    *common = UINT32_MAX;
    if ((rc = term_of(b, key, &index)) < 0)
        return rc;
    t = &b->terms[index];
    if (t->count && pos <= t->pos)
        return 0;
    if (t->common)
        *common = index;
    if (b->note_count == b->note_cap) {
        struct note *notes = grown(b->notes, &b->note_cap, sizeof *notes);
        if (!notes)
            return ERR_NOMEM;
        b->notes = notes;
    }
    t->pos = pos;
    t->count++;
    t->extra += extra;
    b->notes[b->note_count++] = (struct note){index, pos};
    return 0;
}

/* A common word at `pos` makes pairs with those at the position before. */
static int note_pairs(struct bag *b, uint32_t term, uint32_t pos)
{
    char pair[LIMIT_TERM];
    uint32_t ignored;
    int rc = 0;

    if (b->here.count && b->here.pos != pos) {
        b->before = b->here;
        b->here.count = 0;
    }
    b->here.pos = pos;
    if (b->here.count < sizeof b->here.terms / sizeof *b->here.terms)
        b->here.terms[b->here.count++] = term;
    if (!b->before.count || b->before.pos + 1 != pos)
        return 0;
    for (uint32_t i = 0; rc == 0 && i < b->before.count; i++) {
        const struct term *first = &b->terms[b->before.terms[i]], *next = &b->terms[term];

        rc = note_word(b,
                       term_pair((struct span){b->keys.at + first->key, first->len},
                                 (struct span){b->keys.at + next->key, next->len}, pair),
                       b->before.pos, 0, &ignored);
    }
    return rc;
}

int bag_word(struct bag *b, struct span key, uint32_t pos)
{
    uint32_t common;
    int rc;

    assert(key.len && key.len <= LIMIT_TERM && pos < UINT32_MAX);
    if (memchr(key.at, 0, key.len)) /* 00 ends a term in a key; no text of ours has one */
        return 0;
    if ((rc = note_word(b, key, pos, b->extra, &common)) < 0 || common == UINT32_MAX)
        return rc;
    return note_pairs(b, common, pos);
}

/* Positions by term; afterwards t->start is the end of its own. */
static int deal(struct bag *b)
{
    uint32_t start = 0;

    if (b->dealt_cap < b->note_count) {
        uint32_t *dealt = realloc(b->dealt, (size_t)b->note_cap * sizeof *dealt);
        if (!dealt)
            return ERR_NOMEM;
        b->dealt = dealt;
        b->dealt_cap = b->note_cap;
    }
    for (uint32_t i = 0; i < b->term_count; i++) {
        b->terms[i].start = start;
        start += b->terms[i].count;
    }
    for (uint32_t i = 0; i < b->note_count; i++)
        b->dealt[b->terms[b->notes[i].term].start++] = b->notes[i].pos;
    return 0;
}

static uint8_t *put_varint(uint8_t *at, uint32_t n)
{
    for (; n >= 0x80; n >>= 7)
        *at++ = (uint8_t)(n | 0x80);
    *at++ = (uint8_t)n;
    return at;
}

/* The key and the positions of a term to the end of `out`. */
static void write_term(struct bag *b, const struct term *t, struct bag_term *to)
{
    char *room = buf_room(&b->out, t->len + (size_t)t->count * VARINT_MAX);
    const uint32_t *positions = b->dealt + t->start - t->count;
    uint32_t next = 0;
    uint8_t *at;

    if (!room)
        return;
    memcpy(room, b->keys.at + t->key, t->len);
    at = (uint8_t *)room + t->len;
    for (uint32_t i = 0; i < t->count; i++) {
        at = put_varint(at, positions[i] - next);
        next = positions[i] + 1;
    }
    *to = (struct bag_term){.hash = (uint32_t)t->hash,
                            .len = t->len,
                            .positions_len = (uint32_t)(at - (uint8_t *)room) - t->len,
                            .count = t->count,
                            .extra = t->extra};
    b->out.len += (size_t)(at - (uint8_t *)room);
}

int bag_end(struct bag *b, struct arena *mem, struct bag_unit *out)
{
    struct bag_term *terms = arena_array(mem, b->term_count, sizeof *terms);
    const char *at;
    int rc;

    *out = (struct bag_unit){.field = b->field, .number = b->number, .count = b->term_count, .terms = terms};
    if (!terms)
        return arena_err(mem);
    if ((rc = deal(b)) < 0)
        return rc;
    buf_clear(&b->out);
    for (uint32_t i = 0; i < b->term_count; i++)
        write_term(b, &b->terms[i], &terms[i]);
    if ((rc = buf_err(&b->out)) < 0)
        return rc;
    at = arena_span(mem, buf_view(&b->out)).at;
    for (uint32_t i = 0; i < b->term_count; i++) {
        terms[i].key = at;
        at += terms[i].len + terms[i].positions_len;
    }
    forget(b);
    return arena_err(mem);
}
