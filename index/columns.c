#include "index/columns_write.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/err.h"
#include "base/take.h"
#include "index/date.h"

enum { NAMES_BYTES = 1700, EPOCH = 1 << 28 /* added to days, so that none is below 0 */ };

/* How exactly a day is known. */
enum exactness { TO_THE_DAY = 1, TO_THE_MONTH, TO_THE_YEAR };

/* ---- what the numbers say ---------------------------------------------------------------------------- */

uint32_t column_day(struct span date)
{
    int32_t day = date_days(date);
    enum exactness exact = date.len > 7 ? TO_THE_DAY : date.len > 4 ? TO_THE_MONTH : TO_THE_YEAR;

    return day == DATE_NONE ? 0 : (uint32_t)(day + EPOCH) << 2 | (uint32_t)exact;
}

int32_t column_day_first(uint32_t day)
{
    return day ? (int32_t)(day >> 2) - EPOCH : DATE_NONE;
}

void column_day_iso(uint32_t day, char iso[11])
{
    iso[0] = '\0';
    if (day)
        date_iso(column_day_first(day), iso);
    if ((day & 3) != TO_THE_DAY)
        iso[(day & 3) == TO_THE_MONTH ? 7 : 4] = '\0';
}

int32_t column_day_last(uint32_t day)
{
    char iso[11];

    if ((day & 3) == TO_THE_DAY)
        return column_day_first(day);
    column_day_iso(day, iso);
    return date_days_last(span_of(iso));
}

/* What stands between "//" and the next "/". */
static struct span host_of(struct span url)
{
    const char *slashes = span_find(url, SPAN("//")), *end;
    struct span host;

    if (!slashes)
        return SPAN("");
    host = span_cut(url, (size_t)(slashes - url.at) + 2, url.len);
    if ((end = memchr(host.at, '/', host.len)))
        host.len = (size_t)(end - host.at);
    if (span_starts(host, SPAN("www.")))
        host = span_cut(host, 4, host.len);
    return host;
}

static struct span name_cut(struct span name)
{
    name = span_trim(name);
    if (name.len <= COLUMN_NAME)
        return name;
    for (name.len = COLUMN_NAME; name.len && ((unsigned char)name.at[name.len] & 0xC0) == 0x80;)
        name.len--;
    return name;
}

struct span column_source(const struct doc_row *doc)
{
    return name_cut(doc->outlet.len ? doc->outlet : host_of(doc->url));
}

struct span column_speaker(const struct quote_row *quote)
{
    return name_cut(quote_whose(quote));
}

/* ---- reading ----------------------------------------------------------------------------------------- */

static struct key key_values(uint32_t segment, enum column column, uint32_t first)
{
    return key_part(segment, PART_COLUMNS + 2 * (unsigned)column + 1, first);
}

static struct key key_names(uint32_t segment, enum column column, uint32_t first)
{
    return key_part(segment, PART_COLUMNS + 2 * (unsigned)column, first);
}

static uint32_t first_of(const struct segment *s, enum column column)
{
    return column_of_documents(column) ? s->first_doc : s->first_quote;
}

static uint32_t last_of(const struct segment *s, enum column column)
{
    return column_of_documents(column) ? s->last_doc : s->last_quote;
}

void column_open(struct column_reader *c, struct index_view *v, const struct segment *s, enum column column)
{
    *c = (struct column_reader){.view = v, .segment = s, .column = column};
}

int column_run_take(struct span payload, uint32_t first, uint32_t count, struct column_run *run)
{
    struct take t = take_open(payload.at, payload.len);
    uint32_t width = (uint32_t)take_le(&t, 1), least = (uint32_t)take_le(&t, 4);

    *run = (struct column_run){0};
    if (t.bad || width > 4 || take_left(&t) != (size_t)count * width)
        return ERR_CORRUPT;
    *run = (struct column_run){t.at, first, count, least, width};
    return 0;
}

int column_load(struct column_reader *c, uint32_t number)
{
    uint32_t first = first_of(c->segment, c->column), last = last_of(c->segment, c->column), count;
    struct span payload;
    struct key k;
    int rc;

    if (last < first || number < first || number > last)
        return ERR_CORRUPT;
    first += (number - first) / COLUMN_RUN * COLUMN_RUN;
    count = last - first < COLUMN_RUN ? last - first + 1 : COLUMN_RUN;
    k = key_values(c->segment->id, c->column, first);
    rc = record_get(c->view->txn, view_table(c->view, T_PARTS), key_span(&k), &payload);
    return rc == 1 ? column_run_take(payload, first, count, &c->run) : rc < 0 ? rc : ERR_CORRUPT;
}

/* True when a record holds names of the same column as that of key `k`. */
static bool is_ours(struct span key, const struct key *k)
{
    return key.len == k->len && memcmp(key.at, k->at, 5) == 0;
}

int column_names(struct arena *mem, struct index_view *v, const struct segment *s, enum column column,
                 struct span **names, uint32_t *count)
{
    struct key k = key_names(s->id, column, 0);
    struct span key = key_span(&k), payload;
    MDB_cursor *cursor;
    uint32_t cap = 0;
    int rc = view_cursor(v, T_PARTS, &cursor);

    *names = NULL;
    *count = 0;
    if (rc < 0)
        return rc;
    if (!ARENA_MORE(mem, *names, *count, cap))
        return ERR_NOMEM;
    (*names)[(*count)++] = SPAN("");
    for (rc = record_seek(cursor, MDB_SET_RANGE, &key, &payload); rc == 1 && is_ours(key, &k);
         rc = record_seek(cursor, MDB_NEXT, &key, &payload)) {
        struct take t = take_open(payload.at, payload.len);

        if (key_read32(key, 5) != *count)
            return ERR_CORRUPT;
        while (take_left(&t)) {
            struct span name = take_text(&t);

            if (!ARENA_MORE(mem, *names, *count, cap))
                return ERR_NOMEM;
            (*names)[(*count)++] = arena_span(mem, name);
        }
        if (t.bad)
            return ERR_CORRUPT;
    }
    return rc < 0 ? rc : arena_err(mem);
}

/* The last record of the column's names whose first number is not above `number`. 1, 0 when there is none, or an error. */
static int seek_names(struct index_view *v, const struct segment *s, enum column column, uint32_t number,
                      struct span *key, struct span *payload)
{
    struct key k = key_names(s->id, column, number);
    int rc;

    *key = key_span(&k);
    if (!v->names && (rc = view_cursor(v, T_PARTS, &v->names)) < 0)
        return rc;
    rc = record_seek(v->names, MDB_SET_RANGE, key, payload);
    if (rc == 0 || (rc == 1 && !(is_ours(*key, &k) && key_read32(*key, 5) == number)))
        rc = record_seek(v->names, rc ? MDB_PREV : MDB_LAST, key, payload);
    return rc == 1 && !is_ours(*key, &k) ? 0 : rc;
}

int column_name_count(struct index_view *v, const struct segment *s, enum column column, uint32_t *count)
{
    struct span key, payload;
    struct take t;
    int rc = seek_names(v, s, column, UINT32_MAX, &key, &payload);

    *count = 1;
    if (rc != 1)
        return rc;
    *count = key_read32(key, 5);
    for (t = take_open(payload.at, payload.len); take_left(&t) && !t.bad; ++*count)
        (void)take_text(&t);
    return t.bad ? ERR_CORRUPT : 0;
}

int column_name(struct arena *mem, struct index_view *v, const struct segment *s, enum column column,
                uint32_t number, struct span *name)
{
    struct column_names_reader r;
    int rc;

    column_names_open(&r, v, s, column);
    if ((rc = column_names_at(&r, number, name)) < 0)
        return rc;
    *name = arena_span(mem, *name);
    return arena_err(mem);
}

void column_names_open(struct column_names_reader *r, struct index_view *v, const struct segment *s,
                       enum column column)
{
    *r = (struct column_names_reader){.view = v, .segment = s, .column = column};
}

static void names_go(struct column_names_reader *r, uint32_t number, struct span *name)
{
    for (; r->next <= number && take_left(&r->left); r->next++)
        *name = take_text(&r->left);
}

int column_names_at(struct column_names_reader *r, uint32_t number, struct span *name)
{
    struct span key, payload;
    int rc;

    *name = SPAN("");
    if (number == 0)
        return 0;
    names_go(r, number, name);
    if (r->next <= number) {
        if ((rc = seek_names(r->view, r->segment, r->column, number, &key, &payload)) != 1)
            return rc < 0 ? rc : ERR_CORRUPT;
        r->next = key_read32(key, 5);
        r->left = take_open(payload.at, payload.len);
        names_go(r, number, name);
    }
    return r->left.bad || r->next <= number ? ERR_CORRUPT : 0;
}

/* ---- from quotes to documents ------------------------------------------------------------------------ */

enum { NEAR = 8 /* documents that are looked at one by one before it is searched for */ };

void quote_docs_open(struct quote_docs *q, struct index_view *v, const struct segment *s)
{
    *q = (struct quote_docs){.doc = s->first_doc};
    column_open(&q->begin, v, s, COLUMN_BEGIN);
}

int quote_docs_look(struct quote_docs *q, uint32_t doc)
{
    const struct segment *s = q->begin.segment;
    int rc = column_at(&q->begin, doc, &q->from);

    q->doc = doc;
    q->until = s->last_quote + 1;
    if (rc == 0 && doc < s->last_doc)
        rc = column_at(&q->begin, doc + 1, &q->until);
    return rc;
}

/* The last document that begins at or before it, often one of the run that is open. Quotes are spread about evenly, so it lies
 * about where it would if they all were; where they are not, every fourth step halves what is left. */
static int look_for(struct quote_docs *q, uint32_t quote)
{
    const struct segment *s = q->begin.segment;
    uint32_t low = s->first_doc, high = s->last_doc, from = s->first_quote, until = s->last_quote + 1, begin;
    uint32_t end = q->begin.run.first + q->begin.run.count - 1;

    if (q->until && quote >= q->until && end > q->doc && end <= high &&
        column_run_value(&q->begin.run, end) > quote) {
        low = q->doc + 1;
        from = q->until;
        high = end - 1;
        until = column_run_value(&q->begin.run, end);
    }
    for (unsigned step = 1; low < high; step++) {
        uint64_t docs = high - low;
        uint32_t at = low + 1 +
                      (uint32_t)(step % 4 ? docs * (quote - from) / (until - from) : (docs - 1) / 2);
        int rc = column_at(&q->begin, at, &begin);

        if (rc < 0)
            return rc;
        if (begin < from || begin > until)
            return ERR_CORRUPT;
        if (begin <= quote) {
            low = at;
            from = begin;
        } else {
            high = at - 1;
            until = begin;
        }
    }
    return quote_docs_look(q, low);
}

int quote_docs_find(struct quote_docs *q, uint32_t quote, uint32_t *doc)
{
    const struct segment *s = q->begin.segment;
    int rc = 0;

    if (quote < s->first_quote || quote > s->last_quote)
        return ERR_CORRUPT;
    for (int i = 0; i < NEAR && q->until && quote >= q->until && q->doc < s->last_doc; i++)
        if ((rc = quote_docs_look(q, q->doc + 1)) < 0)
            return rc;
    if ((quote < q->from || quote >= q->until) && (rc = look_for(q, quote)) < 0)
        return rc;
    *doc = q->doc;
    return quote >= q->from && quote < q->until ? 0 : ERR_CORRUPT;
}

/* ---- writing ----------------------------------------------------------------------------------------- */

static void put_run(struct buf *b, const uint32_t *values, uint32_t count)
{
    uint32_t least = UINT32_MAX, most = 0, width = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (values[i] && values[i] < least)
            least = values[i];
        if (values[i] > most)
            most = values[i];
    }
    for (uint64_t n = most ? (uint64_t)most - least + 1 : 0; n; n >>= 8)
        width++;
    buf_char(b, (char)width);
    least = most ? least : 0;
    for (int i = 0; i < 4; i++)
        buf_char(b, (char)(least >> 8 * i));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = values[i] ? values[i] - least + 1 : 0;
        for (uint32_t k = 0; k < width; k++)
            buf_char(b, (char)(n >> 8 * k));
    }
}

int column_put(struct write *w, uint32_t segment, enum column column, uint32_t first, const uint32_t *values,
               uint32_t count, bool append)
{
    struct buf b = BUF_INIT(4 * KiB);
    int rc = 0;

    for (uint32_t at = 0; at < count && rc == 0; at += COLUMN_RUN) {
        struct key k = key_values(segment, column, first + at);
        buf_clear(&b);
        put_run(&b, values + at, count - at < COLUMN_RUN ? count - at : COLUMN_RUN);
        rc = record_put_buf(w, T_PARTS, &k, &b, append);
    }
    buf_fini(&b);
    return rc;
}

int column_put_names(struct write *w, uint32_t segment, enum column column, const struct span *names,
                     uint32_t count, uint32_t *next, bool append, uint64_t bytes)
{
    struct buf b = BUF_INIT(8 * KiB);
    int rc = 0;

    while (*next < count && bytes && rc == 0) {
        struct key k = key_names(segment, column, *next);
        buf_clear(&b);
        do {
            buf_varint(&b, names[*next].len);
            buf_span(&b, names[(*next)++]);
        } while (*next < count && b.len + names[*next].len < NAMES_BYTES);
        bytes -= b.len < bytes ? b.len : bytes;
        rc = record_put_buf(w, T_PARTS, &k, &b, append);
    }
    buf_fini(&b);
    return rc;
}

/* ---- the columns of a batch -------------------------------------------------------------------------- */

/* Distinct names, numbered as they come, from 1. */
struct names {
    struct span *at; /* at[number] */
    uint32_t count, cap;
    uint32_t *slots; /* hash table of numbers; 0: free */
    uint32_t slot_count;
};

struct column_draft {
    struct arena mem; /* the names, and all arrays */
    struct names names[COLUMNS];
    uint32_t *values[COLUMNS], count[COLUMNS], cap[COLUMNS];
};

struct column_draft *column_draft_new(void)
{
    return calloc(1, sizeof(struct column_draft));
}

void column_draft_free(struct column_draft *d)
{
    if (d)
        arena_free(&d->mem);
    free(d);
}

void column_draft_clear(struct column_draft *d)
{
    arena_free(&d->mem);
    memset(d, 0, sizeof *d);
}

static uint32_t *slot_of(const struct names *n, struct span name)
{
    uint32_t at = (uint32_t)XXH3_64bits(name.at, name.len) & (n->slot_count - 1);

    while (n->slots[at] && !span_eq(n->at[n->slots[at]], name))
        at = (at + 1) & (n->slot_count - 1);
    return &n->slots[at];
}

/* Keeps the table at most half full. */
static int make_room(struct arena *mem, struct names *n)
{
    if (n->count == 0 && ARENA_MORE(mem, n->at, n->count, n->cap))
        n->at[n->count++] = SPAN("");
    if (!ARENA_MORE(mem, n->at, n->count, n->cap))
        return ERR_NOMEM;
    if (n->slots && n->count < n->slot_count / 2)
        return 0;
    n->slot_count = n->slot_count ? n->slot_count * 2 : 256;
    if (!(n->slots = arena_array(mem, n->slot_count, sizeof *n->slots)))
        return ERR_NOMEM;
    for (uint32_t i = 1; i < n->count; i++)
        *slot_of(n, n->at[i]) = i;
    return 0;
}

static int number_name(struct arena *mem, struct names *n, struct span name, uint32_t *number)
{
    uint32_t *slot;

    *number = 0;
    if (name.len == 0)
        return 0;
    if (make_room(mem, n) < 0)
        return ERR_NOMEM;
    slot = slot_of(n, name);
    if (!*slot) {
        n->at[n->count] = arena_span(mem, name);
        *slot = n->count++;
    }
    *number = *slot;
    return arena_err(mem);
}

static int add(struct column_draft *d, enum column column, uint32_t value)
{
    if (!ARENA_MORE(&d->mem, d->values[column], d->count[column], d->cap[column]))
        return ERR_NOMEM;
    d->values[column][d->count[column]++] = value;
    return 0;
}

/* Two columns in a row: the first position and 1, and how many there are. */
static int add_words(struct column_draft *d, enum column column, struct words_at words)
{
    int rc = add(d, column, words.count ? words.first + 1 : 0);

    return rc < 0 ? rc : add(d, column + 1, words.count);
}

int column_draft_doc(struct column_draft *d, const struct doc_row *doc, struct words_at title)
{
    uint32_t source;
    int rc = number_name(&d->mem, &d->names[COLUMN_SOURCE], column_source(doc), &source);

    if (rc < 0 || (rc = add(d, COLUMN_BEGIN, doc->first_quote)) < 0 ||
        (rc = add(d, COLUMN_DAY, column_day(doc->date))) < 0 || (rc = add(d, COLUMN_SOURCE, source)) < 0)
        return rc;
    return add_words(d, COLUMN_TITLE, title);
}

int column_draft_quote(struct column_draft *d, const struct quote_row *quote, struct words_at statement)
{
    uint32_t speaker;
    int rc = number_name(&d->mem, &d->names[COLUMN_SPEAKER], column_speaker(quote), &speaker);

    if (rc < 0 || (rc = add(d, COLUMN_KIND, (uint32_t)quote->kind + 1)) < 0 ||
        (rc = add(d, COLUMN_SPEAKER, speaker)) < 0)
        return rc;
    return add_words(d, COLUMN_STATEMENT, statement);
}

struct numbered {
    struct span name;
    uint32_t number;
};

static int by_name(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;

    return span_cmp(x->name, y->name);
}

/* Numbers the names in the order of their bytes, and writes them. */
static int write_names(struct column_draft *d, struct write *w, uint32_t segment, enum column column)
{
    struct names *n = &d->names[column];
    struct numbered *sorted = arena_array(&d->mem, (size_t)n->count + 1, sizeof *sorted);
    uint32_t *renumbered = arena_array(&d->mem, (size_t)n->count + 1, sizeof *renumbered), next = 1;

    if (!sorted || !renumbered)
        return ERR_NOMEM;
    for (uint32_t i = 1; i < n->count; i++)
        sorted[i] = (struct numbered){n->at[i], i};
    if (n->count > 1)
        qsort(sorted + 1, n->count - 1, sizeof *sorted, by_name);
    for (uint32_t i = 1; i < n->count; i++) {
        n->at[i] = sorted[i].name;
        renumbered[sorted[i].number] = i;
    }
    for (uint32_t i = 0; i < d->count[column]; i++)
        d->values[column][i] = renumbered[d->values[column][i]];
    return column_put_names(w, segment, column, n->at, n->count, &next, true, UINT64_MAX);
}

int column_draft_write(struct column_draft *d, struct write *w, const struct segment *s)
{
    int rc = 0;

    for (enum column c = COLUMN_BEGIN; c < COLUMNS && rc == 0; c++) {
        if (column_has_names(c))
            rc = write_names(d, w, s->id, c);
        if (rc == 0)
            rc = column_put(w, s->id, c, first_of(s, c), d->values[c], d->count[c], true);
    }
    return rc;
}
