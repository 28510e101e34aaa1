#include "index/quote_rows.h"

#include "base/err.h"
#include "index/known.h"

enum { OWN = KNOWN_MOST /* the number of the first of a record's own texts */ };

/* Flags above the kind: what is not as it mostly is. */
enum { KIND = 7, MENTION = 8, CUE = 16, UTTERANCE = 32, TWIN = 64, INSIDE = 128 };

/* ---- writing ----------------------------------------------------------------------------------------- */

struct texts {
    struct span at[QUOTES_TEXTS];
    uint32_t count;
    size_t bytes;
};

static uint32_t number_of(struct texts *own, struct span text)
{
    for (uint32_t i = 0; i < own->count; i++)
        if (span_eq(own->at[i], text))
            return OWN + i;
    own->at[own->count] = text;
    own->bytes += text.len + 2;
    return OWN + own->count++;
}

static void put_text(struct buf *b, struct texts *own, struct span text)
{
    buf_varint(b, text.len ? number_of(own, text) : 0);
}

static void put_words(struct buf *b, struct texts *own, struct span words)
{
    uint32_t known = known_number(words);

    if (known)
        buf_varint(b, known);
    else
        put_text(b, own, words);
}

static void put_near(struct buf *b, uint32_t from, uint32_t at)
{
    buf_varint(b, zigzag((int64_t)at - from));
}

/* Behind the words: how far behind, doubled. Elsewhere: from their start, zigzag, doubled, and 1. */
static void put_beside(struct buf *b, const struct quote_row *q, uint32_t at)
{
    buf_varint(b, at >= q->end ? (uint64_t)(at - q->end) << 1 : zigzag((int64_t)at - q->start) << 1 | 1);
}

static void put_quote(struct buf *b, struct texts *own, const struct quote_row *before,
                      const struct quote_row *q)
{
    bool mention = q->mention_start != q->start || q->mention_end != q->start;
    bool cue = q->cue_start != q->start || q->cue_end != q->start;

    buf_char(b, (char)((unsigned)q->kind | (mention ? MENTION : 0u) | (cue ? CUE : 0u) |
                       (q->utterance != q->no ? UTTERANCE : 0u) | (q->twin_of != q->no ? TWIN : 0u) |
                       (q->inside != q->no ? INSIDE : 0u)));
    buf_le64(b, q->id);
    put_near(b, before->end, q->start);
    buf_varint(b, q->end - q->start);
    put_near(b, q->start, q->context_start);
    put_near(b, q->end, q->context_end);
    if (cue) {
        put_beside(b, q, q->cue_start);
        buf_varint(b, q->cue_end - q->cue_start);
    }
    if (mention) {
        put_near(b, q->cue_start, q->mention_start);
        buf_varint(b, q->mention_end - q->mention_start);
    }
    put_near(b, before->line, q->line);
    buf_varint(b, q->column);
    buf_varint(b, q->confidence);
    put_text(b, own, q->speaker);
    put_text(b, own, q->role);
    put_text(b, own, q->person);
    put_words(b, own, q->rule);
    put_words(b, own, q->why);
    if (q->utterance != q->no)
        put_near(b, q->no, q->utterance);
    if (q->twin_of != q->no)
        put_near(b, q->no, q->twin_of);
    if (q->inside != q->no)
        put_near(b, q->no, q->inside);
}

uint32_t quote_rows_put(struct buf *b, const struct quote_row *rows, uint32_t count)
{
    enum { TEXTS_MOST = 5 /* of one quote */ };
    struct buf quotes = BUF_INIT(64 * MiB);
    struct quote_row none = {0};
    struct texts own = {.count = 0};
    uint32_t n = 0;

    while (n < count && own.count + TEXTS_MOST <= QUOTES_TEXTS) {
        uint32_t texts = own.count;
        size_t len = quotes.len;

        put_quote(&quotes, &own, n ? &rows[n - 1] : &none, &rows[n]);
        if (n && quotes.len + own.bytes > QUOTES_BYTES) { /* it begins the next record */
            own.count = texts;
            quotes.len = len;
            break;
        }
        n++;
    }
    buf_varint(b, n);
    buf_varint(b, own.count);
    for (uint32_t i = 0; i < own.count; i++) {
        buf_varint(b, own.at[i].len);
        buf_span(b, own.at[i]);
    }
    buf_span(b, buf_view(&quotes));
    if (buf_err(&quotes))
        b->err = buf_err(&quotes);
    buf_fini(&quotes);
    return n;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static uint32_t get_zigzag(struct take *t, uint64_t coded, uint32_t from)
{
    int64_t at = coded <= (uint64_t)UINT32_MAX * 2 + 1 ? (int64_t)from + unzigzag(coded) : -1;

    if (at < 0 || at > UINT32_MAX) {
        t->bad = true;
        return 0;
    }
    return (uint32_t)at;
}

static uint32_t get_near(struct take *t, uint32_t from)
{
    return get_zigzag(t, take_varint(t), from);
}

static uint32_t get_beside(struct take *t, const struct quote_row *q)
{
    uint64_t coded = take_varint(t);

    return coded & 1 ? get_zigzag(t, coded >> 1, q->start) : get_zigzag(t, coded, q->end);
}

static uint32_t get_end(struct take *t, uint32_t start)
{
    uint32_t len = take_varint32(t);

    t->bad |= len > UINT32_MAX - start;
    return start + len;
}

static struct span get_text(struct quote_reader *r)
{
    uint32_t n = take_varint32(&r->t);

    if (n >= OWN && n - OWN < r->text_count)
        return r->texts[n - OWN];
    r->t.bad |= n >= OWN || (n && !known_words(n).len);
    return n < OWN ? known_words(n) : SPAN("");
}

int quote_rows_open(struct quote_reader *r, struct span payload, uint32_t doc, uint32_t last)
{
    r->t = take_open(payload.at, payload.len);
    r->left = take_varint32(&r->t);
    r->text_count = take_varint32(&r->t);
    r->row = (struct quote_row){.doc = doc, .no = last - r->left};
    if (r->left == 0 || r->left > last || r->text_count > QUOTES_TEXTS)
        return ERR_CORRUPT;
    for (uint32_t i = 0; i < r->text_count; i++)
        r->texts[i] = take_text(&r->t);
    return r->t.bad ? ERR_CORRUPT : 0;
}

int quote_rows_next(struct quote_reader *r)
{
    struct take *t = &r->t;
    struct quote_row q = {.doc = r->row.doc, .no = r->row.no + 1};
    uint32_t flags, confidence;

    if (r->left == 0)
        return t->at == t->end ? 0 : ERR_CORRUPT;
    flags = (uint32_t)take_le(t, 1);
    q.kind = (enum quote_kind)(flags & KIND);
    q.id = take_le(t, 8);
    q.start = get_near(t, r->row.end);
    q.end = get_end(t, q.start);
    q.context_start = get_near(t, q.start);
    q.context_end = get_near(t, q.end);
    q.cue_start = flags & CUE ? get_beside(t, &q) : q.start;
    q.cue_end = flags & CUE ? get_end(t, q.cue_start) : q.start;
    q.mention_start = flags & MENTION ? get_near(t, q.cue_start) : q.start;
    q.mention_end = flags & MENTION ? get_end(t, q.mention_start) : q.start;
    q.line = get_near(t, r->row.line);
    q.column = take_varint32(t);
    confidence = take_varint32(t);
    q.confidence = (uint16_t)confidence;
    q.speaker = get_text(r);
    q.role = get_text(r);
    q.person = get_text(r);
    q.rule = get_text(r);
    q.why = get_text(r);
    q.utterance = flags & UTTERANCE ? get_near(t, q.no) : q.no;
    q.twin_of = flags & TWIN ? get_near(t, q.no) : q.no;
    q.inside = flags & INSIDE ? get_near(t, q.no) : q.no;
    if (t->bad || q.kind >= QUOTE_KINDS || confidence > 1000 || q.context_start > q.context_end)
        return ERR_CORRUPT;
    r->row = q;
    r->left--;
    return 1;
}
