#include "index/segment.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/err.h"
#include "index/common.h"
#include "index/columns_write.h"
#include "index/post_write.h"
#include "index/term.h"

struct term {
    const char *at;
    uint32_t len;
    enum field field;
    uint32_t count; /* notes of it */
    uint32_t start; /* its first note once they are dealt out; then where the next one goes */
    uint32_t unit;  /* the last unit that had it, plus 1, */
    uint32_t pos;   /* and where */
    bool common;    /* common.h */
};

/* The common words at one position of the text: more than one where a word has parts. */
struct common_here {
    uint32_t pos, count;
    uint32_t terms[4];
};

struct unit {
    enum field field;
    uint32_t number;
    uint32_t start; /* its first note */
};

struct note {
    uint32_t term;
    unsigned pos : 30, extra : 2;
};

/* A note as it is dealt out: its term is known by where it stands. */
struct dealt {
    uint32_t unit;
    unsigned pos : 30, extra : 2;
};

struct id {
    char kind;
    uint64_t hash;
    uint32_t number;
};

struct batch {
    struct arena keys; /* the bytes of terms */
    struct term *terms;
    uint32_t term_count, term_cap;
    uint32_t *slots; /* hash table of terms: index plus 1 */
    uint32_t slot_count;
    struct unit *units;
    uint32_t unit_count, unit_cap;
    struct note *notes;
    uint32_t note_count, note_cap;
    struct id *ids;
    uint32_t id_count, id_cap;
    uint16_t *words; /* of each document */
    uint32_t doc_count, doc_cap;
    uint64_t word_sum;
    uint32_t first_doc, first_quote, quote_count;
    unsigned extra;                  /* of the words that follow */
    struct common_here here, before; /* at the last position that had one, and at the one before it */
    struct column_draft *columns;
};

/* ---- memory ------------------------------------------------------------------------------------------ */

/* Room for one more in a malloc'd array. */
static bool more(void **array, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t want = *cap ? *cap * 2 : 256;
    void *at;

    if (count < *cap)
        return true;
    if (want <= *cap || !(at = realloc(*array, (size_t)want * size)))
        return false;
    *array = at;
    *cap = want;
    return true;
}
#define MORE(array, count, cap) more((void **)&(array), (count), &(cap), sizeof *(array))

struct batch *batch_new(void)
{
    struct batch *b = calloc(1, sizeof *b);

    if (b && !(b->columns = column_draft_new())) {
        free(b);
        return NULL;
    }
    return b;
}

void batch_free(struct batch *b)
{
    if (!b)
        return;
    arena_free(&b->keys);
    column_draft_free(b->columns);
    free(b->terms);
    free(b->slots);
    free(b->units);
    free(b->notes);
    free(b->ids);
    free(b->words);
    free(b);
}

void batch_clear(struct batch *b)
{
    arena_reset(&b->keys);
    column_draft_clear(b->columns);
    if (b->slot_count)
        memset(b->slots, 0, b->slot_count * sizeof *b->slots);
    b->term_count = b->unit_count = b->note_count = b->id_count = b->doc_count = 0;
    b->word_sum = 0;
    b->first_doc = b->first_quote = b->quote_count = 0;
}

uint32_t batch_docs(const struct batch *b)
{
    return b->doc_count;
}

/* ---- taking words ------------------------------------------------------------------------------------ */

static uint32_t slot_of(const struct batch *b, enum field field, struct span key)
{
    uint32_t mask = b->slot_count - 1;
    uint32_t at = (uint32_t)XXH3_64bits_withSeed(key.at, key.len, (uint64_t)field) & mask;

    for (; b->slots[at]; at = (at + 1) & mask) {
        const struct term *t = &b->terms[b->slots[at] - 1];
        if (t->field == field && t->len == key.len && memcmp(t->at, key.at, key.len) == 0)
            break;
    }
    return at;
}

/* Keeps the table at most half full. */
static int grow_slots(struct batch *b)
{
    uint32_t count = b->slot_count ? b->slot_count * 2 : 4096;
    uint32_t *slots;

    if (b->term_count < b->slot_count / 2)
        return 0;
    if (count < b->slot_count || !(slots = calloc(count, sizeof *slots)))
        return ERR_NOMEM;
    free(b->slots);
    b->slots = slots;
    b->slot_count = count;
    for (uint32_t i = 0; i < b->term_count; i++) {
        const struct term *t = &b->terms[i];
        b->slots[slot_of(b, t->field, (struct span){t->at, t->len})] = i + 1;
    }
    return 0;
}

/* The term of a word, new or known; NULL when memory is out. */
static struct term *term_of(struct batch *b, enum field field, struct span key)
{
    uint32_t slot;

    if (grow_slots(b) < 0)
        return NULL;
    slot = slot_of(b, field, key);
    if (!b->slots[slot]) {
        struct span kept = arena_span(&b->keys, key);
        if (arena_err(&b->keys) || !MORE(b->terms, b->term_count, b->term_cap))
            return NULL;
        b->terms[b->term_count++] = (struct term){.at = kept.at,
                                                  .len = (uint32_t)kept.len,
                                                  .field = field,
                                                  .common = field == FIELD_TEXT && common_word(kept)};
        b->slots[slot] = b->term_count;
    }
    return &b->terms[b->slots[slot] - 1];
}

int batch_unit(struct batch *b, enum field field, uint32_t number)
{
    if (!MORE(b->units, b->unit_count, b->unit_cap))
        return ERR_NOMEM;
    b->units[b->unit_count++] = (struct unit){field, number, b->note_count};
    b->extra = 0;
    b->here.count = b->before.count = 0;
    return 0;
}

void batch_extra(struct batch *b, unsigned extra)
{
    b->extra = extra;
}

/* Notes a word. *term is its number, or UINT32_MAX where it was noted before. */
static int note_word(struct batch *b, struct span key, uint32_t pos, unsigned extra, uint32_t *term)
{
    struct term *t = term_of(b, b->units[b->unit_count - 1].field, key);

    *term = UINT32_MAX;
    if (!t || !MORE(b->notes, b->note_count, b->note_cap))
        return ERR_NOMEM;
    if (t->unit == b->unit_count && pos <= t->pos)
        return 0;
    t->unit = b->unit_count;
    t->pos = pos;
    t->count++;
    *term = (uint32_t)(t - b->terms);
    b->notes[b->note_count++] = (struct note){*term, pos & 0x3fffffff, extra & 3};
    return 0;
}

/* A common word at `pos` makes pairs with those at the position before. */
static int note_pairs(struct batch *b, uint32_t term, uint32_t pos)
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
        b->here.terms[b->here.count++] = term;
    if (!b->before.count || b->before.pos + 1 != pos)
        return 0;
    for (uint32_t i = 0; rc == 0 && i < b->before.count; i++) {
        const struct term *first = &b->terms[b->before.terms[i]], *next = &b->terms[term];

        rc = note_word(
            b, term_pair((struct span){first->at, first->len}, (struct span){next->at, next->len}, pair),
            b->before.pos, 0, &made);
    }
    return rc;
}

int batch_word(struct batch *b, struct span key, uint32_t pos)
{
    uint32_t term;
    int rc;

    assert(b->unit_count && key.len && key.len <= LIMIT_TERM && pos < 1u << 30);
    if (memchr(key.at, 0, key.len)) /* 00 ends a term in a key; no text of ours has one */
        return 0;
    if ((rc = note_word(b, key, pos, b->extra, &term)) < 0 || term == UINT32_MAX || !b->terms[term].common)
        return rc;
    return note_pairs(b, term, pos);
}

static int add_id(struct batch *b, char kind, uint64_t hash, uint32_t number)
{
    if (!MORE(b->ids, b->id_count, b->id_cap))
        return ERR_NOMEM;
    b->ids[b->id_count++] = (struct id){kind, hash, number};
    return 0;
}

int batch_doc(struct batch *b, uint32_t doc, uint64_t id, uint64_t content, uint32_t words)
{
    int rc;

    assert(b->doc_count == 0 || doc == b->first_doc + b->doc_count);
    if (!MORE(b->words, b->doc_count, b->doc_cap))
        return ERR_NOMEM;
    if ((rc = add_id(b, 'd', id, doc)) < 0 || (rc = add_id(b, 'c', content, doc)) < 0)
        return rc;
    if (b->doc_count == 0)
        b->first_doc = doc;
    b->words[b->doc_count++] = words_capped(words);
    b->word_sum += words;
    return 0;
}

int batch_quote(struct batch *b, uint32_t quote, uint64_t id)
{
    assert(b->quote_count == 0 || quote == b->first_quote + b->quote_count);
    if (b->quote_count++ == 0)
        b->first_quote = quote;
    return add_id(b, 'q', id, quote);
}

int batch_doc_columns(struct batch *b, const struct doc_row *doc)
{
    return column_draft_doc(b->columns, doc);
}

int batch_quote_columns(struct batch *b, const struct quote_row *quote)
{
    return column_draft_quote(b->columns, quote);
}

/* A batch has some thousand ids and the text of each takes far longer than looking through them. */
uint32_t batch_same(const struct batch *b, uint64_t content, uint32_t after)
{
    for (uint32_t i = b->id_count; i-- > 0;)
        if (b->ids[i].kind == 'c' && b->ids[i].hash == content && (!after || b->ids[i].number < after))
            return b->ids[i].number;
    return 0;
}

/* ---- writing the segment ----------------------------------------------------------------------------- */

struct sink {
    struct write *w;
    bool append;
};

static int put_list_record(void *ctx, bool aside, const struct key *key, struct span payload)
{
    struct sink *sink = ctx;

    return record_put(sink->w, aside ? T_POS : T_POST, key_span(key), payload, sink->append);
}

static int by_key(const void *a, const void *b)
{
    const struct term *x = *(const struct term *const *)a, *y = *(const struct term *const *)b;

    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return span_cmp((struct span){x->at, x->len}, (struct span){y->at, y->len});
}

/* Deals the notes out by term; afterwards t->start is the end of its own. */
static void deal(struct batch *b, struct dealt *dealt)
{
    uint32_t start = 0, unit = 0;

    for (uint32_t i = 0; i < b->term_count; i++) {
        b->terms[i].start = start;
        start += b->terms[i].count;
    }
    for (uint32_t i = 0; i < b->note_count; i++) {
        while (unit + 1 < b->unit_count && b->units[unit + 1].start <= i)
            unit++;
        dealt[b->terms[b->notes[i].term].start++] = (struct dealt){unit, b->notes[i].pos, b->notes[i].extra};
    }
}

static uint32_t runs(const struct dealt *at, uint32_t count)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++)
        n += i == 0 || at[i].unit != at[i - 1].unit;
    return n;
}

/* One list: each run of notes of the same unit is one number with its positions. */
static int put_list(struct batch *b, struct post_writer *pw, const struct term *t, const struct dealt *at,
                    const struct segment *s, uint32_t *positions)
{
    struct key k = key_term(s->id, t->field, (struct span){t->at, t->len});
    bool docs = field_of_documents(t->field), ranked = t->field == FIELD_TEXT;
    int rc;

    post_begin(pw, &k, (docs ? b->first_doc : b->first_quote) - 1, runs(at, t->count), t->count,
               ranked && !term_is_pair((struct span){t->at, t->len}) ? segment_mean(s) : 0);
    for (uint32_t i = 0, n; i < t->count; i += n) {
        uint32_t number = b->units[at[i].unit].number, extra = 0;
        for (n = 0; i + n < t->count && at[i + n].unit == at[i].unit; n++) {
            positions[n] = at[i + n].pos;
            extra += at[i + n].extra;
        }
        rc = post_add(pw, number, ranked ? b->words[number - b->first_doc] : 0, positions, n, extra);
        if (rc < 0)
            return rc;
    }
    return post_end(pw);
}

static int put_lists(struct batch *b, struct write *w, const struct segment *segment)
{
    struct term **order = malloc((b->term_count + 1) * sizeof(struct term *));
    struct dealt *dealt = malloc((b->note_count + 1) * sizeof *dealt);
    uint32_t *positions = malloc((b->note_count + 1) * sizeof *positions);
    struct sink sink = {w, true};
    struct post_writer pw;
    int rc = order && dealt && positions ? 0 : ERR_NOMEM;

    post_writer_init(&pw, put_list_record, &sink);
    if (rc == 0) {
        deal(b, dealt);
        for (uint32_t i = 0; i < b->term_count; i++)
            order[i] = &b->terms[i];
        qsort(order, b->term_count, sizeof *order, by_key);
        for (uint32_t i = 0; i < b->term_count && rc == 0; i++)
            rc = put_list(b, &pw, order[i], dealt + order[i]->start - order[i]->count, segment, positions);
    }
    post_writer_fini(&pw);
    free(order);
    free(dealt);
    free(positions);
    return rc;
}

static int by_id(const void *a, const void *b)
{
    const struct id *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int put_ids(struct batch *b, struct write *w, uint32_t segment)
{
    int rc = 0;

    if (b->id_count)
        qsort(b->ids, b->id_count, sizeof *b->ids, by_id);
    for (uint32_t i = 0; i < b->id_count && rc == 0; i++) {
        struct key k = key_id(segment, b->ids[i].kind, b->ids[i].hash, b->ids[i].number);
        rc = record_put(w, T_IDS, key_span(&k), SPAN(""), true);
    }
    return rc;
}

int segment_put_lens(struct write *w, uint32_t segment, uint32_t first_doc, const uint16_t *words,
                     uint32_t count, bool append)
{
    struct buf b = BUF_INIT(4 * KiB);
    int rc = 0;

    for (uint32_t at = 0; at < count && rc == 0; at += LENS_COUNT) {
        struct key k = key_pair(segment, first_doc + at);
        buf_clear(&b);
        for (uint32_t i = at; i < count && i < at + LENS_COUNT; i++)
            buf_le16(&b, words[i]);
        rc = record_put_buf(w, T_LENS, &k, &b, append);
    }
    buf_fini(&b);
    return rc;
}

int segment_put(struct write *w, const struct segment *s)
{
    struct key k = key_number(s->id);
    struct buf b = BUF_INIT(1 * KiB);
    int rc;

    put_segment(&b, s);
    rc = record_put_buf(w, T_SEGS, &k, &b, false);
    buf_fini(&b);
    return rc;
}

int batch_write(struct batch *b, struct write *w)
{
    struct segment s;
    int rc;

    if (b->doc_count == 0)
        return 0;
    if (b->quote_count == 0)
        b->first_quote = w->totals.next_quote;
    s = (struct segment){.id = w->totals.next_segment++,
                         .first_doc = b->first_doc,
                         .last_doc = b->first_doc + b->doc_count - 1,
                         .first_quote = b->first_quote,
                         .last_quote = b->first_quote + b->quote_count - 1,
                         .words = b->word_sum,
                         .state = SEGMENT_LIVE};
    if ((rc = put_lists(b, w, &s)) < 0 || (rc = put_ids(b, w, s.id)) < 0)
        return rc;
    if ((rc = segment_put_lens(w, s.id, s.first_doc, b->words, b->doc_count, true)) < 0 ||
        (rc = column_draft_write(b->columns, w, &s)) < 0)
        return rc;
    return segment_put(w, &s);
}
