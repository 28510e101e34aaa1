#include "index/rows.h"

#include <assert.h>

#include <xxhash.h>

#include "base/err.h"
#include "index/date.h"
#include "index/known.h"

/* ---- keys -------------------------------------------------------------------------------------------- */

void key_bytes(struct key *k, struct span s)
{
    assert(s.len <= KEY_MAX - k->len);
    if (s.len)
        memcpy(k->at + k->len, s.at, s.len);
    k->len += s.len;
}

void key_u8(struct key *k, uint8_t n)
{
    key_bytes(k, (struct span){(const char *)&n, 1});
}

static void key_be(struct key *k, uint64_t n, int bytes)
{
    assert((size_t)bytes <= KEY_MAX - k->len);
    for (int shift = 8 * bytes - 8; shift >= 0; shift -= 8)
        k->at[k->len++] = (uint8_t)(n >> shift);
}

void key_be32(struct key *k, uint32_t n)
{
    key_be(k, n, 4);
}

void key_be64(struct key *k, uint64_t n)
{
    key_be(k, n, 8);
}

struct key key_number(uint32_t no)
{
    struct key k = {0};

    key_be32(&k, no);
    return k;
}

struct key key_pair(uint32_t a, uint32_t b)
{
    struct key k = {0};

    key_be32(&k, a);
    key_be32(&k, b);
    return k;
}

struct key key_hold(uint32_t file, uint32_t n)
{
    return key_pair(file, n);
}

struct key key_file(uint32_t file)
{
    return key_pair(file, UINT32_MAX);
}

struct key key_quotes(uint32_t doc, uint32_t last)
{
    struct key k = key_number(doc);

    key_u8(&k, DOC_QUOTES);
    key_be32(&k, last);
    return k;
}

struct key key_places(uint32_t doc)
{
    struct key k = key_number(doc);

    key_u8(&k, DOC_PLACES);
    return k;
}

struct key key_place(uint32_t doc, uint32_t file, uint32_t n)
{
    struct key k = key_places(doc);

    key_be32(&k, file);
    key_be32(&k, n);
    return k;
}

struct key key_dead(char kind, uint32_t no)
{
    struct key k = {0};

    key_u8(&k, (uint8_t)kind);
    key_be32(&k, no / DEAD_BITS);
    return k;
}

struct key key_text(uint64_t address)
{
    struct key k = {0};

    key_be64(&k, address);
    return k;
}

struct key key_part(uint32_t segment, unsigned part, uint32_t first)
{
    struct key k = {0};

    key_be32(&k, segment);
    key_u8(&k, (uint8_t)part);
    key_be32(&k, first);
    return k;
}

struct key key_term(uint32_t segment, enum field field, struct span term)
{
    struct key k = {0};

    key_be32(&k, segment);
    key_u8(&k, (uint8_t)field);
    key_bytes(&k, term);
    key_u8(&k, 0);
    return k;
}

bool key_is_file(struct span key)
{
    return key.len == 8 && key_read32(key, 4) == UINT32_MAX;
}

static bool is_of(struct span key, uint32_t doc, enum doc_part part, size_t len)
{
    return key.len == len && key_read32(key, 0) == doc && (unsigned char)key.at[4] == (unsigned)part;
}

bool key_is_quotes(struct span key, uint32_t doc)
{
    return is_of(key, doc, DOC_QUOTES, 9);
}

bool key_is_place(struct span key, uint32_t doc)
{
    return is_of(key, doc, DOC_PLACES, 13);
}

uint32_t key_read32(struct span key, size_t at)
{
    struct take t = take_open(key.at + at, key.len - at);

    return (uint32_t)take_be(&t, 4);
}

uint64_t key_read64(struct span key, size_t at)
{
    struct take t = take_open(key.at + at, key.len - at);

    return take_be(&t, 8);
}

/* ---- the checksum ------------------------------------------------------------------------------------ */

uint32_t row_checksum(struct span key, struct span payload)
{
    return (uint32_t)XXH3_64bits_withSeed(payload.at, payload.len, XXH3_64bits(key.at, key.len));
}

int row_verify(struct span key, struct span value, struct span *payload)
{
    struct take t;

    if (value.len < CHECKSUM)
        return ERR_CORRUPT;
    *payload = span_cut(value, 0, value.len - CHECKSUM);
    t = take_open(value.at + payload->len, CHECKSUM);
    return take_le(&t, CHECKSUM) == row_checksum(key, *payload) ? 0 : ERR_CORRUPT;
}

/* ---- pieces that several rows share ------------------------------------------------------------------ */

static void put_text(struct buf *b, struct span s)
{
    buf_varint(b, s.len);
    buf_span(b, s);
}

static struct span get_text(struct arena *mem, struct take *t)
{
    return arena_span(mem, take_text(t));
}

/* What a decoder answers: everything was taken, nothing is left, and the arena had room. */
static int taken(const struct take *t, const struct arena *mem)
{
    if (t->bad || t->at != t->end)
        return ERR_CORRUPT;
    return mem ? arena_err(mem) : 0;
}

/* ---- meta, segments, holds -------------------------------------------------------------------- */

void put_totals(struct buf *b, const struct totals *t)
{
    const uint64_t all[] = {t->next_doc,  t->next_quote, t->next_file, t->next_segment, t->next_text,
                            t->docs,      t->docs_dead,  t->words,     t->quotes,       t->quotes_attributed,
                            t->text_bytes};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        buf_varint(b, all[i]);
}

int get_totals(struct span payload, struct totals *out)
{
    struct take t = take_open(payload.at, payload.len);

    *out = (struct totals){0};
    out->next_doc = take_varint32(&t);
    out->next_quote = take_varint32(&t);
    out->next_file = take_varint32(&t);
    out->next_segment = take_varint32(&t);
    out->next_text = take_varint(&t);
    out->docs = take_varint(&t);
    out->docs_dead = take_varint(&t);
    out->words = take_varint(&t);
    out->quotes = take_varint(&t);
    out->quotes_attributed = take_varint(&t);
    out->text_bytes = take_varint(&t);
    if (!out->next_doc || !out->next_quote || !out->next_file || !out->next_segment)
        return ERR_CORRUPT;
    return taken(&t, NULL);
}

void put_segment(struct buf *b, const struct segment *s)
{
    buf_varint(b, s->id);
    buf_varint(b, s->first_doc);
    buf_varint(b, s->last_doc);
    buf_varint(b, s->first_quote);
    buf_varint(b, s->last_quote);
    buf_varint(b, s->words);
    buf_varint(b, s->state);
}

int get_segment(struct take *t, struct segment *s)
{
    s->id = take_varint32(t);
    s->first_doc = take_varint32(t);
    s->last_doc = take_varint32(t);
    s->first_quote = take_varint32(t);
    s->last_quote = take_varint32(t);
    s->words = take_varint(t);
    s->state = take_varint32(t);
    /* The number after the last one must exist too: cursors step past the end. */
    if (t->bad || !s->first_doc || s->last_doc < s->first_doc || s->last_doc == UINT32_MAX ||
        !s->first_quote || s->last_quote < s->first_quote - 1 || s->last_quote == UINT32_MAX ||
        s->state > SEGMENT_RETIRED)
        return ERR_CORRUPT;
    return 0;
}

void put_hold(struct buf *b, const struct place_row *p)
{
    buf_varint(b, p->doc);
    buf_varint(b, p->record);
    buf_varint(b, p->start);
    buf_varint(b, p->line);
    buf_varint(b, p->plain);
}

static void take_hold(struct take *t, struct place_row *p)
{
    uint32_t plain;

    p->doc = take_varint32(t);
    p->record = take_varint32(t);
    p->start = take_varint32(t);
    p->line = take_varint32(t);
    plain = take_varint32(t);
    p->plain = plain == 1;
    t->bad |= plain > 1 || !p->doc;
}

int get_hold(struct span payload, struct place_row *p)
{
    struct take t = take_open(payload.at, payload.len);

    take_hold(&t, p);
    return taken(&t, NULL);
}

/* ---- documents --------------------------------------------------------------------------------------- */

enum { DOC_TEXTS = 7, NEXT = 8 /* of a block: it follows the one before as most do */ };

/* Most blocks begin a line of their own behind as many empty ones as they say. */
static bool follows(const struct block *block, uint32_t at, uint32_t line, uint32_t blank)
{
    return block->start - at == blank + 1 && block->line - line == blank + 1;
}

static void put_blocks(struct buf *b, const struct doc_row *d)
{
    uint32_t at = 0, pos = 0, line = 0;

    buf_varint(b, d->block_count);
    for (uint32_t i = 0; i < d->block_count; i++) {
        const struct block *block = &d->blocks[i];
        uint32_t blank = block->blank_before < 7 ? block->blank_before : 7;
        bool next = follows(block, at, line, blank);
        buf_varint(b, (uint32_t)block->kind << 4 | (next ? NEXT : 0u) | blank);
        if (!next) {
            buf_varint(b, block->start - at);
            buf_varint(b, block->line - line);
        }
        buf_varint(b, block->end - block->start);
        buf_varint(b, block->pos - pos);
        at = block->end;
        pos = block->pos;
        line = block->line;
    }
}

/* Blocks rise, do not overlap, are not empty and stay inside the text; positions and lines do not fall. */
static void get_blocks(struct arena *mem, struct take *t, struct doc_row *d)
{
    uint32_t count = take_varint32(t), at = 0, pos = 0, line = 0;
    struct block *blocks;

    if (count > take_left(t) / 3) { /* each takes three bytes at least */
        t->bad = true;
        return;
    }
    blocks = arena_array(mem, count, sizeof *blocks);
    if (!blocks)
        return;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t coded = take_varint32(t), blank = coded & 7;
        uint32_t gap = coded & NEXT ? blank + 1 : take_varint32(t);
        uint32_t lines = coded & NEXT ? blank + 1 : take_varint32(t);
        uint32_t len = take_varint32(t), step = take_varint32(t);
        if (step > UINT32_MAX - pos || lines > UINT32_MAX - line || gap > d->text_len - at || len == 0 ||
            len > d->text_len - at - gap || coded >> 4 > BLOCK_BOILERPLATE) {
            t->bad = true;
            return;
        }
        blocks[i] = (struct block){at + gap, at + gap + len, (enum block_kind)(coded >> 4),
                                   blank,    pos + step,     line + lines};
        at += gap + len;
        pos += step;
        line += lines;
    }
    d->blocks = blocks;
    d->block_count = count;
}

/* A date that names a day as the number of the day, zigzag, and 1; any other as 0 and a text. */
static void put_date(struct buf *b, struct span date)
{
    int32_t day = date_days(date);
    char iso[11] = "";

    if (day != DATE_NONE)
        date_iso(day, iso);
    if (date.len && span_is(date, iso)) {
        buf_varint(b, (day < 0 ? ((uint64_t) - (int64_t)day << 1) - 1 : (uint64_t)day << 1) + 1);
    } else {
        buf_varint(b, 0);
        put_text(b, date);
    }
}

static struct span get_date(struct arena *mem, struct take *t)
{
    uint64_t coded = take_varint(t);
    char iso[11] = "";

    if (coded == 0)
        return get_text(mem, t);
    if (coded <= UINT32_MAX)
        date_iso(unzigzag(coded - 1), iso);
    t->bad |= !iso[0];
    return arena_span(mem, span_of(iso));
}

void put_doc(struct buf *b, const struct doc_row *d)
{
    const struct span texts[] = {d->title, d->author, d->url, d->outlet, d->lang, d->place, d->given_id};
    unsigned there = 0;

    buf_varint(b, d->no);
    buf_le64(b, d->id);
    buf_le64(b, d->content);
    buf_varint(b, d->words);
    buf_varint(b, d->first_quote);
    buf_varint(b, d->quote_count);
    buf_varint(b, d->text_at);
    buf_varint(b, d->text_len);
    put_date(b, d->date);
    put_known(b, d->date_basis);
    for (unsigned i = 0; i < DOC_TEXTS; i++)
        there |= (texts[i].len ? 1u : 0u) << i;
    buf_varint(b, there);
    for (unsigned i = 0; i < DOC_TEXTS; i++)
        if (texts[i].len)
            put_text(b, texts[i]);
    put_blocks(b, d);
}

static void get_numbers(struct take *t, struct doc_row *d)
{
    *d = (struct doc_row){0};
    d->no = take_varint32(t);
    d->id = take_le(t, 8);
    d->content = take_le(t, 8);
    d->words = take_varint32(t);
    d->first_quote = take_varint32(t);
    d->quote_count = take_varint32(t);
    d->text_at = take_varint(t);
    d->text_len = take_varint32(t);
    t->bad |= d->text_at > UINT64_MAX - d->text_len || d->quote_count > UINT32_MAX - d->first_quote;
}

int get_doc_head(struct span payload, struct doc_row *d)
{
    struct take t = take_open(payload.at, payload.len);

    get_numbers(&t, d);
    return t.bad ? ERR_CORRUPT : 0;
}

int get_doc(struct arena *mem, struct span payload, struct doc_row *d)
{
    struct take t = take_open(payload.at, payload.len);
    struct span *const texts[] = {&d->title, &d->author, &d->url,     &d->outlet,
                                  &d->lang,  &d->place,  &d->given_id};
    uint32_t there;

    get_numbers(&t, d);
    d->date = get_date(mem, &t);
    d->date_basis = arena_span(mem, take_known(&t));
    there = take_varint32(&t);
    t.bad |= there >> DOC_TEXTS != 0;
    for (unsigned i = 0; i < DOC_TEXTS; i++)
        if (there >> i & 1)
            *texts[i] = get_text(mem, &t);
    get_blocks(mem, &t, d);
    return taken(&t, mem);
}

/* ---- files ------------------------------------------------------------------------------------------- */

enum { COMPLETE = 1, HOLDS = 2 };

void put_file(struct buf *b, const struct file_row *f)
{
    buf_varint(b, f->no);
    buf_varint(b, f->size);
    buf_le64(b, f->hash);
    buf_le64(b, (uint64_t)f->mtime_ns);
    buf_varint(b, f->read_rules);
    buf_varint(b, f->word_rules);
    buf_varint(b, f->fold_rules);
    buf_varint(b, f->quote_rules);
    buf_varint(b, f->articles);
    buf_varint(b, f->bad_records);
    buf_varint(b, (f->complete ? COMPLETE : 0u) | (f->first.doc ? HOLDS : 0u));
    buf_varint(b, (uint64_t) - (int64_t)f->err);
    if (f->first.doc)
        put_hold(b, &f->first);
    put_text(b, f->path);
    put_text(b, f->detail);
    put_known(b, f->charset);
}

int get_file(struct arena *mem, struct span payload, struct file_row *f)
{
    struct take t = take_open(payload.at, payload.len);
    uint32_t flags, err;

    *f = (struct file_row){0};
    f->no = take_varint32(&t);
    f->size = take_varint(&t);
    f->hash = take_le(&t, 8);
    f->mtime_ns = (int64_t)take_le(&t, 8);
    f->read_rules = take_varint32(&t);
    f->word_rules = take_varint32(&t);
    f->fold_rules = take_varint32(&t);
    f->quote_rules = take_varint32(&t);
    f->articles = take_varint32(&t);
    f->bad_records = take_varint32(&t);
    flags = take_varint32(&t);
    err = take_varint32(&t);
    if (flags > (COMPLETE | HOLDS) || err > INT32_MAX)
        return ERR_CORRUPT;
    f->complete = flags & COMPLETE;
    if (flags & HOLDS)
        take_hold(&t, &f->first);
    f->err = -(int)err;
    f->path = get_text(mem, &t);
    f->detail = get_text(mem, &t);
    f->charset = arena_span(mem, take_known(&t));
    return taken(&t, mem);
}
