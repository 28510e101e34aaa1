#include "index/segment.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/err.h"
#include "base/take.h"
#include "index/columns_write.h"
#include "index/ids.h"
#include "index/post_write.h"
#include "index/term.h"

enum {
    CHUNK_BITS = 21, /* of the pool: 2 MiB, as large as a large page of memory */
    CHUNK = 1 << CHUNK_BITS,
    LINE = 64,  /* of the processor's cache */
    AHEAD = 16, /* terms looked up together, so that memory answers for all of them at once */
    LINK = 4    /* bytes at the end of a slice: where the next one is */
};

#define POOL_MOST (UINT32_MAX / CHUNK) /* chunks: places in the pool are 32 bits wide */
#define LIST_MOST ((size_t)2 << 30)

/* Slices of a list grow so. */
static const uint16_t slice_bytes[] = {16, 24, 40, 64, 104, 168, 272, 440, 720, 1160, 1880, 3040};
enum { LEVELS = sizeof slice_bytes / sizeof slice_bytes[0] };

/* Stands in the pool, its key behind it. */
struct term {
    uint64_t cf;
    uint32_t hash, df, last; /* numbers in the list, and the last of them */
    uint32_t bytes;          /* of the list */
    uint32_t head, tail,
        room; /* the first slice; the place of the next byte, and how many fit before the link */
    uint16_t len;
    uint8_t field, level; /* of the last slice */
    char key[];
};

struct slot {
    uint32_t hash, term; /* where it stands in the pool, plus 1 */
};

enum ids { CONTENTS, DOC_IDS, QUOTE_IDS, IDS };
static const enum part parts_of_ids[IDS] = {PART_CONTENTS, PART_DOC_IDS, PART_QUOTE_IDS};

struct batch {
    uint8_t **chunks; /* the pool */
    uint32_t chunk_count, chunk_cap;
    uint32_t used; /* of the last chunk */
    struct slot *slots;
    uint32_t slot_count;
    struct {
        uint32_t *at; /* where they stand in the pool, in the order in which they came up */
        uint32_t count, cap;
    } terms[FIELDS];
    uint32_t term_count; /* of all fields */
    struct {
        struct id *at;
        uint32_t count, cap;
    } ids[IDS];
    uint32_t *same; /* documents by content: index plus 1 */
    uint32_t same_count;
    uint64_t *contents; /* of each document */
    uint16_t *words;    /* and how many it has */
    uint32_t doc_count, content_cap, words_cap;
    uint64_t word_sum;
    uint32_t first_doc, first_quote, quote_count;
    struct buf list; /* scratch: one list in one piece */
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

/* Memory of a size that large pages divide. What is looked up here and there all over it spends most of its time on finding
 * pages, unless they are few. The first chunk is left alone: a single article needs little of it. */
static void *large(size_t size, bool pages)
{
    void *at = aligned_alloc(CHUNK, (size + CHUNK - 1) / CHUNK * CHUNK);

    if (at && pages)
        (void)madvise(at, (size + CHUNK - 1) / CHUNK * CHUNK, MADV_HUGEPAGE);
    return at;
}

struct batch *batch_new(void)
{
    struct batch *b = calloc(1, sizeof *b);

    if (!b)
        return NULL;
    b->list = BUF_INIT(LIST_MOST);
    if (!(b->columns = column_draft_new())) {
        free(b);
        return NULL;
    }
    return b;
}

static void give_back(struct batch *b)
{
    while (b->chunk_count)
        free(b->chunks[--b->chunk_count]);
    free(b->chunks);
    free(b->slots);
    for (unsigned f = 0; f < FIELDS; f++)
        free(b->terms[f].at);
    for (unsigned i = 0; i < IDS; i++)
        free(b->ids[i].at);
    free(b->same);
    free(b->contents);
    free(b->words);
    buf_fini(&b->list);
    *b = (struct batch){.list = BUF_INIT(LIST_MOST), .columns = b->columns};
}

void batch_free(struct batch *b)
{
    if (!b)
        return;
    give_back(b);
    column_draft_free(b->columns);
    free(b);
}

void batch_clear(struct batch *b)
{
    column_draft_clear(b->columns);
    if (b->chunk_count > 1) {
        give_back(b);
        return;
    }
    if (b->slot_count)
        memset(b->slots, 0, b->slot_count * sizeof *b->slots);
    if (b->same_count)
        memset(b->same, 0, b->same_count * sizeof *b->same);
    for (unsigned f = 0; f < FIELDS; f++)
        b->terms[f].count = 0;
    for (unsigned i = 0; i < IDS; i++)
        b->ids[i].count = 0;
    b->used = b->term_count = b->doc_count = 0;
    b->word_sum = 0;
    b->first_doc = b->first_quote = b->quote_count = 0;
}

size_t batch_bytes(const struct batch *b)
{
    size_t n = (b->chunk_count ? (size_t)(b->chunk_count - 1) * CHUNK + b->used : 0) +
               b->slot_count * sizeof *b->slots + b->same_count * sizeof *b->same +
               b->content_cap * sizeof *b->contents + b->list.cap;

    for (unsigned i = 0; i < IDS; i++)
        n += b->ids[i].cap * sizeof *b->ids[i].at;
    for (unsigned f = 0; f < FIELDS; f++)
        n += b->terms[f].cap *
             (sizeof *b->terms[f].at + 2 * sizeof(struct slot)); /* and to sort them: see put_field */
    return n;
}

/* ---- the pool ---------------------------------------------------------------------------------------- */

static void *pool_at(const struct batch *b, uint32_t place)
{
    return b->chunks[place >> CHUNK_BITS] + (place & (CHUNK - 1));
}

/* Room for a term or a slice, inside one chunk. */
static int pool_take(struct batch *b, uint32_t size, uint32_t *place)
{
    size = (size + 7u) & ~7u;
    if (!b->chunk_count || size > CHUNK - b->used) {
        if (b->chunk_count == POOL_MOST || !MORE(b->chunks, b->chunk_count, b->chunk_cap) ||
            !(b->chunks[b->chunk_count] = large(CHUNK, b->chunk_count > 0)))
            return ERR_NOMEM;
        b->chunk_count++;
        b->used = 0;
    }
    *place = (b->chunk_count - 1) << CHUNK_BITS | b->used;
    b->used += size;
    return 0;
}

/* ---- lists ------------------------------------------------------------------------------------------- */

/* A further slice at the end of the list. */
static int add_slice(struct batch *b, struct term *t)
{
    uint32_t place, link = t->tail; /* behind the bytes of a full slice */
    int rc;

    if (t->head && t->level + 1 < LEVELS)
        t->level++;
    if ((rc = pool_take(b, slice_bytes[t->level], &place)) < 0)
        return rc;
    if (t->head)
        memcpy(pool_at(b, link), &place, LINK);
    else
        t->head = place;
    t->tail = place;
    t->room = slice_bytes[t->level] - LINK;
    return 0;
}

static int add_bytes(struct batch *b, struct term *t, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    int rc;

    t->bytes += (uint32_t)len;
    while (len) {
        size_t n = len < t->room ? len : t->room;
        memcpy(pool_at(b, t->tail), from, n);
        from += n;
        len -= n;
        t->tail += (uint32_t)n;
        t->room -= (uint32_t)n;
        if (len && (rc = add_slice(b, t)) < 0)
            return rc;
    }
    return 0;
}

/* The list in one piece. */
static int gather(struct batch *b, const struct term *t, struct span *out)
{
    uint32_t place = t->head, left = t->bytes;
    char *to;

    buf_clear(&b->list);
    if (!(to = buf_room(&b->list, left)))
        return buf_err(&b->list);
    *out = (struct span){to, left};
    for (unsigned level = 0; left; level += level + 1 < LEVELS) {
        uint32_t room = slice_bytes[level] - LINK, n = left < room ? left : room;
        memcpy(to, pool_at(b, place), n);
        to += n;
        left -= n;
        if (left)
            memcpy(&place, pool_at(b, place + room), LINK);
    }
    return 0;
}

/* ---- terms ------------------------------------------------------------------------------------------- */

static bool is_term(const struct batch *b, struct slot slot, enum field field, const struct bag_term *want)
{
    const struct term *t = pool_at(b, slot.term - 1);

    return t->len == want->len && t->field == field && memcmp(t->key, want->key, want->len) == 0;
}

/* Where the term is, or is to be. */
static uint32_t slot_of(const struct batch *b, enum field field, const struct bag_term *want)
{
    uint32_t mask = b->slot_count - 1, at = want->hash & mask;

    while (b->slots[at].term && (b->slots[at].hash != want->hash || !is_term(b, b->slots[at], field, want)))
        at = (at + 1) & mask;
    return at;
}

/* Keeps the table at most half full, with `ahead` terms to come. */
static int grow_slots(struct batch *b, uint32_t ahead)
{
    uint32_t count = b->slot_count ? b->slot_count : 4096;
    struct slot *slots;

    while (count / 2 < b->term_count + ahead)
        if ((count *= 2) > UINT32_MAX / 4)
            return ERR_NOMEM;
    if (count == b->slot_count)
        return 0;
    if (!(slots = count * sizeof *slots < CHUNK ? calloc(count, sizeof *slots)
                                                : large(count * sizeof *slots, true)))
        return ERR_NOMEM;
    if (count * sizeof *slots >= CHUNK)
        memset(slots, 0, count * sizeof *slots);
    for (uint32_t i = 0; i < b->slot_count; i++) {
        uint32_t at = b->slots[i].hash & (count - 1);
        if (!b->slots[i].term)
            continue;
        while (slots[at].term)
            at = (at + 1) & (count - 1);
        slots[at] = b->slots[i];
    }
    free(b->slots);
    b->slots = slots;
    b->slot_count = count;
    return 0;
}

static int add_term(struct batch *b, uint32_t slot, enum field field, const struct bag_term *from)
{
    struct term *t;
    uint32_t place;
    int rc;

    if (!MORE(b->terms[field].at, b->terms[field].count, b->terms[field].cap))
        return ERR_NOMEM;
    if (LINE - b->used % LINE < sizeof *t + from->len) /* most terms fit a line */
        b->used = b->used + LINE - b->used % LINE <= CHUNK ? b->used + LINE - b->used % LINE : CHUNK;
    if ((rc = pool_take(b, (uint32_t)sizeof *t + from->len, &place)) < 0)
        return rc;
    t = pool_at(b, place);
    *t = (struct term){.hash = from->hash, .len = (uint16_t)from->len, .field = (uint8_t)field};
    memcpy(t->key, from->key, from->len);
    b->terms[field].at[b->terms[field].count++] = place;
    b->term_count++;
    b->slots[slot] = (struct slot){from->hash, place + 1};
    return 0;
}

/* An entry: the gap doubled, plus 1 where count is 1 and nothing is extra; else both; then positions. Two gaps of the
 * first entry's size do not fit 32 bits, so the first counts from the number before the batch's first. */
static int add_entry(struct batch *b, struct term *t, uint32_t number, uint32_t before,
                     const struct bag_term *from)
{
    bool plain = from->count == 1 && from->extra == 0;
    uint32_t gap = number - (t->df ? t->last : before);
    const char *positions = from->key + from->len;
    uint8_t entry[64], *end;
    int rc;

    assert(number > (t->df ? t->last : before) && gap < UINT32_MAX / 2);
    end = varint_put(entry, gap << 1 | plain);
    if (!plain)
        end = varint_put(varint_put(end, from->count), from->extra);
    t->df++;
    t->last = number;
    t->cf += from->count;
    if (from->positions_len <= (size_t)(entry + sizeof entry - end)) { /* most often: in one go */
        memcpy(end, positions, from->positions_len);
        return add_bytes(b, t, entry, (size_t)(end - entry) + from->positions_len);
    }
    rc = add_bytes(b, t, entry, (size_t)(end - entry));
    return rc < 0 ? rc : add_bytes(b, t, positions, from->positions_len);
}

static uint32_t before_first(const struct batch *b, enum field field)
{
    return (field_of_documents(field) ? b->first_doc : b->first_quote) - 1;
}

/* Looks up some terms and adds their entries: in three rounds, so that one waits for memory while others are fetched. */
static int add_some(struct batch *b, enum field field, const struct bag_term *terms, uint32_t count,
                    uint32_t number)
{
    uint32_t slots[AHEAD];
    int rc;

    if ((rc = grow_slots(b, count)) < 0)
        return rc;
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(&b->slots[terms[i].hash & (b->slot_count - 1)]);
    for (uint32_t i = 0; i < count; i++) {
        const struct slot *guess = &b->slots[terms[i].hash & (b->slot_count - 1)];
        if (guess->term)
            __builtin_prefetch(pool_at(b, guess->term - 1));
    }
    for (uint32_t i = 0; i < count; i++) {
        slots[i] = slot_of(b, field, &terms[i]);
        if (!b->slots[slots[i]].term) {
            if ((rc = add_term(b, slots[i], field, &terms[i])) < 0)
                return rc;
        } else {
            const struct term *t = pool_at(b, b->slots[slots[i]].term - 1);
            __builtin_prefetch(pool_at(b, t->tail));
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        rc = add_entry(b, pool_at(b, b->slots[slots[i]].term - 1), number, before_first(b, field), &terms[i]);
        if (rc < 0)
            return rc;
    }
    return 0;
}

int batch_unit(struct batch *b, const struct bag_unit *unit, uint32_t number)
{
    int rc = 0;

    if (field_of_documents(unit->field) && !b->first_doc)
        b->first_doc = number;
    if (!field_of_documents(unit->field) && !b->first_quote)
        b->first_quote = number;
    for (uint32_t i = 0, n; i < unit->count && rc == 0; i += n) {
        n = unit->count - i < AHEAD ? unit->count - i : AHEAD;
        rc = add_some(b, unit->field, unit->terms + i, n, number);
    }
    return rc;
}

/* ---- ids --------------------------------------------------------------------------------------------- */

static int add_id(struct batch *b, enum ids which, uint64_t hash, uint32_t number)
{
    if (!MORE(b->ids[which].at, b->ids[which].count, b->ids[which].cap))
        return ERR_NOMEM;
    b->ids[which].at[b->ids[which].count++] = (struct id){(uint32_t)hash, number};
    return 0;
}

static void put_same(const struct batch *b, uint32_t *same, uint32_t count, uint32_t doc)
{
    uint32_t at = (uint32_t)b->contents[doc] & (count - 1);

    while (same[at])
        at = (at + 1) & (count - 1);
    same[at] = doc + 1;
}

static int add_content(struct batch *b, uint64_t content)
{
    uint32_t count = b->same_count ? b->same_count : 256;

    if (!MORE(b->contents, b->doc_count, b->content_cap))
        return ERR_NOMEM;
    b->contents[b->doc_count] = content;
    if (b->doc_count >= count / 2)
        count *= 2;
    if (count != b->same_count) {
        uint32_t *same = calloc(count, sizeof *same);
        if (!same)
            return ERR_NOMEM;
        for (uint32_t i = 0; i < b->doc_count; i++)
            put_same(b, same, count, i);
        free(b->same);
        b->same = same;
        b->same_count = count;
    }
    put_same(b, b->same, b->same_count, b->doc_count);
    return 0;
}

uint32_t batch_same(const struct batch *b, uint64_t content, uint32_t *at)
{
    while (b->same_count) {
        uint32_t found = b->same[((uint32_t)content + *at) & (b->same_count - 1)];
        if (!found)
            break;
        ++*at;
        if (b->contents[found - 1] == content)
            return b->first_doc + found - 1;
    }
    return 0;
}

int batch_doc(struct batch *b, uint32_t doc, uint64_t id, uint64_t content, uint32_t words)
{
    int rc;

    if (!b->first_doc)
        b->first_doc = doc;
    assert(doc == b->first_doc + b->doc_count);
    if (!MORE(b->words, b->doc_count, b->words_cap))
        return ERR_NOMEM;
    if ((rc = add_id(b, DOC_IDS, id, doc)) < 0 || (rc = add_id(b, CONTENTS, content, doc)) < 0 ||
        (rc = add_content(b, content)) < 0)
        return rc;
    b->words[b->doc_count++] = words_capped(words);
    b->word_sum += words;
    return 0;
}

int batch_quote(struct batch *b, uint32_t quote, uint64_t id)
{
    if (!b->first_quote)
        b->first_quote = quote;
    assert(quote == b->first_quote + b->quote_count);
    b->quote_count++;
    return add_id(b, QUOTE_IDS, id, quote);
}

int batch_doc_columns(struct batch *b, const struct doc_row *doc, struct words_at title)
{
    return column_draft_doc(b->columns, doc, title);
}

int batch_quote_columns(struct batch *b, const struct quote_row *quote, struct words_at statement)
{
    return column_draft_quote(b->columns, quote, statement);
}

/* ---- writing the segment ----------------------------------------------------------------------------- */

static int put_list_record(void *ctx, enum table t, const struct key *key, struct span payload)
{
    return record_put(ctx, t, key_span(key), payload, true);
}

/* The bytes of `count` positions at the beginning of the list. */
static struct span positions_of(struct take *t, uint32_t count)
{
    const char *at = (const char *)t->at;

    while (count && t->at < t->end)
        count -= !(*t->at++ & 0x80);
    return (struct span){at, (size_t)((const char *)t->at - at)};
}

static int put_list(struct batch *b, struct post_writer *pw, const struct term *t, const struct segment *s)
{
    struct span term = {t->key, t->len};
    uint32_t number = before_first(b, (enum field)t->field);
    bool ranked = t->field == FIELD_TEXT;
    struct take take;
    struct span list = {0};
    int rc;

    if ((rc = gather(b, t, &list)) < 0)
        return rc;
    take = take_open(list.at, list.len);
    post_begin(pw, s->id, (enum field)t->field, term, number, t->df, t->cf,
               ranked && !term_is_pair(term) ? segment_mean(s) : 0);
    while (take_left(&take)) {
        uint32_t gap = take_varint32(&take), count = 1, extra = 0;
        number += gap >> 1;
        if (!(gap & 1)) {
            count = take_varint32(&take);
            extra = take_varint32(&take);
        }
        rc = post_add_packed(pw, number, ranked ? b->words[number - b->first_doc] : 0,
                             positions_of(&take, count), count, extra);
        if (rc < 0)
            return rc;
    }
    return post_end(pw);
}

/* A term among others: the first eight bytes of its key as a number, which decides most comparisons. */
struct place {
    uint64_t head;
    uint32_t term;
};

static uint64_t head_of(const struct term *t)
{
    uint64_t head = 0;

    for (unsigned i = 0; i < 8; i++)
        head = head << 8 | (i < t->len ? (uint8_t)t->key[i] : 0);
    return head;
}

/* Sorts by the head, a byte at a time from the last; equal ones keep their order. */
static struct place *sort_heads(struct place *at, struct place *to, uint32_t count)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        uint32_t starts[256] = {0}, sum = 0;
        for (uint32_t i = 0; i < count; i++)
            starts[at[i].head >> shift & 255]++;
        if (starts[at[0].head >> shift & 255] == count)
            continue;
        for (unsigned i = 0; i < 256; i++) {
            uint32_t n = starts[i];
            starts[i] = sum;
            sum += n;
        }
        for (uint32_t i = 0; i < count; i++)
            to[starts[at[i].head >> shift & 255]++] = at[i];
        struct place *other = at;
        at = to;
        to = other;
    }
    return at;
}

static int by_key(const void *a, const void *b, void *ctx)
{
    const struct term *x = pool_at(ctx, ((const struct place *)a)->term);
    const struct term *y = pool_at(ctx, ((const struct place *)b)->term);

    return span_cmp((struct span){x->key, x->len}, (struct span){y->key, y->len});
}

static int put_field(struct batch *b, struct post_writer *pw, enum field field, const struct segment *s)
{
    uint32_t count = b->terms[field].count;
    struct place *places = malloc((count + 1) * sizeof *places), *other = malloc((count + 1) * sizeof *other),
                 *sorted;
    int rc = places && other ? 0 : ERR_NOMEM;

    for (uint32_t i = 0; i < count && rc == 0; i++)
        places[i] = (struct place){head_of(pool_at(b, b->terms[field].at[i])), b->terms[field].at[i]};
    sorted = rc == 0 && count ? sort_heads(places, other, count) : places;
    for (uint32_t i = 0, n; i < count && rc == 0; i += n) {
        for (n = 1; i + n < count && sorted[i + n].head == sorted[i].head; n++)
            ;
        if (n > 1)
            qsort_r(sorted + i, n, sizeof *sorted, by_key, b);
    }
    for (uint32_t i = 0; i < count && rc == 0; i++)
        rc = put_list(b, pw, pool_at(b, sorted[i].term), s);
    free(places);
    free(other);
    return rc < 0 ? rc : post_flush(pw);
}

static int put_lists(struct batch *b, struct write *w, const struct segment *s)
{
    struct post_writer pw;
    int rc = 0;

    post_writer_init(&pw, put_list_record, w);
    for (unsigned f = 0; f < FIELDS && rc == 0; f++)
        rc = put_field(b, &pw, (enum field)f, s);
    post_writer_fini(&pw);
    return rc;
}

static int by_id(const void *a, const void *b)
{
    const struct id *x = a, *y = b;

    return id_less(*x, *y) ? -1 : id_less(*y, *x);
}

static int put_ids(struct batch *b, struct write *w, const struct segment *s)
{
    int rc = 0;

    for (enum ids i = 0; i < IDS && rc == 0; i++) {
        struct ids_writer out;

        if (b->ids[i].count)
            qsort(b->ids[i].at, b->ids[i].count, sizeof *b->ids[i].at, by_id);
        ids_begin(&out, w, s, parts_of_ids[i], true);
        for (uint32_t n = 0; n < b->ids[i].count && rc == 0; n++)
            rc = ids_add(&out, b->ids[i].at[n]);
        rc = ids_end(&out, rc);
    }
    return rc;
}

int segment_put_lens(struct write *w, uint32_t segment, uint32_t first_doc, const uint16_t *words,
                     uint32_t count, bool append)
{
    struct buf b = BUF_INIT(4 * KiB);
    int rc = 0;

    for (uint32_t at = 0; at < count && rc == 0; at += LENS_COUNT) {
        struct key k = key_part(segment, PART_LENS, first_doc + at);
        buf_clear(&b);
        for (uint32_t i = at; i < count && i < at + LENS_COUNT; i++)
            buf_le16(&b, words[i]);
        rc = record_put_buf(w, T_PARTS, &k, &b, append);
    }
    buf_fini(&b);
    return rc;
}

/* Puts the list of segments with one of them as it is now, new or in the place of the old; or without it. Ids rise. */
static int change_list(struct write *w, uint32_t id, const struct segment *now)
{
    struct buf b = BUF_INIT(1 * MiB);
    struct segment *list;
    uint32_t count;
    int rc = segments_load(w->txn, w->ix->table[T_META], true, &list, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (list[i].id != id)
            put_segment(&b, &list[i]);
        else if (now)
            put_segment(&b, now);
    }
    if (now && (!count || list[count - 1].id < id))
        put_segment(&b, now);
    free(list);
    if (rc == 0)
        rc = buf_err(&b);
    if (rc == 0)
        rc = record_put(w, T_META, SPAN("segments"), buf_view(&b), false);
    buf_fini(&b);
    return rc;
}

int segment_put(struct write *w, const struct segment *s)
{
    return change_list(w, s->id, s);
}

int segment_forget(struct write *w, uint32_t id)
{
    return change_list(w, id, NULL);
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
    if ((rc = put_lists(b, w, &s)) < 0 || (rc = put_ids(b, w, &s)) < 0)
        return rc;
    if ((rc = column_draft_write(b->columns, w, &s)) < 0 ||
        (rc = segment_put_lens(w, s.id, s.first_doc, b->words, b->doc_count, true)) < 0)
        return rc;
    return segment_put(w, &s);
}
