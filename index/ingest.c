#include "index/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/err.h"
#include "index/fold.h"
#include "index/ids.h"
#include "index/merge.h"
#include "index/quote_rows.h"
#include "index/term.h"
#include "index/touch.h"
#include "index/word.h"

enum {
    OLD_MS =
        300, /* a write is committed after so much work: a reader sees what was done, a kill loses little; */
    OLD_MOST_MS =
        10000, /* each may take twice as long as the one before, up to this: few segments are to be merged */
    FRESH_MOST_MS = 60000, /* work that a kill may undo while an empty index is filled */
    TELL_MS = 50,
    COST_BASE = 16 * 1024, /* what a piece of the queue takes, */
    COST_PER_BYTE = 16     /* and what reading and analysing takes for each byte of text, about */
};

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool ingest_cancelled(const struct ingest *in)
{
    return in->run->cancel && *in->run->cancel;
}

#define LARGE_WRITE (16 * MiB) /* of which no memory is kept when the run is over */

/* ---- telling ----------------------------------------------------------------------------------------- */

void ingest_progress(struct ingest *in, const char *path, bool committed)
{
    int64_t now = now_ms();

    if (!in->run->progress || (!committed && now - in->told_ms < TELL_MS))
        return;
    in->told_ms = now;
    in->run->total.path = path;
    in->run->total.committed = committed;
    in->run->progress(in->run->ctx, &in->run->total);
}

void ingest_skipped(struct ingest *in, const char *path, int err, struct span detail)
{
    char words[200];

    in->run->total.files_skipped++;
    if (!in->run->skipped)
        return;
    (void)snprintf(words, sizeof words, "%.*s", (int)(detail.len < 199 ? detail.len : 199), detail.at);
    in->run->skipped(in->run->ctx, path, err, words);
}

/* ---- a first build ----------------------------------------------------------------------------------- */

/* True when nothing ever came in. */
static bool is_empty(struct index *ix)
{
    struct index_view *v;
    bool empty;

    if (index_view_open(ix, &v) < 0)
        return false;
    empty = v->totals.next_doc == 1 && v->totals.next_file == 1;
    index_view_close(&v);
    return empty;
}

/* Writes go to a file of their own, without waiting for the disk, until it is published. */
static int begin_fresh(struct ingest *in)
{
    in->fresh = (struct index){.dir = in->live->dir, .lock = -1};
    in->fresh_ms = now_ms();
    in->ix = &in->fresh;
    return store_begin_new(in->live, &in->fresh);
}

static int publish(struct ingest *in)
{
    int rc;

    if (in->ix != &in->fresh)
        return 0;
    in->ix = in->live;
    merge_forget(&in->fresh);
    in->run->alone(in->run->ctx, true);
    rc = store_replace(in->live, &in->fresh);
    in->run->alone(in->run->ctx, false);
    if (rc == 0)
        ingest_progress(in, NULL, true);
    return rc;
}

/* ---- the write --------------------------------------------------------------------------------------- */

/* Asked by all threads. An index that is being filled for the first time holds no more than the batch. */
static bool is_known(void *ctx, uint64_t content);

int ingest_init(struct ingest *in, struct index *ix, struct index_run *run, bool build)
{
    int rc = 0;

    *in = (struct ingest){.ix = ix,
                          .live = ix,
                          .run = run,
                          .memory = run->memory ? run->memory : LIMIT_INDEX_MEMORY,
                          .patience_ms = OLD_MS,
                          .row = BUF_INIT(256 * MiB),
                          .batch = batch_new()};
    if (build && run->alone && is_empty(ix))
        rc = begin_fresh(in);
    in->crew = crew_new(run, in->memory / 4, in->fresh.env || run->hints.whole ? NULL : is_known, ix);
    if (rc == 0)
        rc = text_writer_init(&in->text);
    if (rc == 0 && in->batch && in->crew)
        return 0;
    ingest_fini(in);
    return rc < 0 ? rc : ERR_NOMEM;
}

/* Forgets what belongs to the open write. */
static void clear(struct ingest *in)
{
    free(in->segments);
    in->segments = NULL;
    in->segment_count = 0;
    batch_clear(in->batch);
    text_writer_clear(&in->text);
}

void ingest_fini(struct ingest *in)
{
    crew_free(in->crew);
    write_abort(&in->w);
    if (in->batch)
        clear(in);
    batch_free(in->batch);
    text_writer_fini(&in->text);
    buf_fini(&in->row);
    if (in->ix == &in->fresh) {
        merge_forget(&in->fresh);
        store_drop_new(&in->fresh);
    }
}

int ingest_begin(struct ingest *in)
{
    int rc;

    if (in->w.txn)
        return 0;
    if ((rc = write_begin(in->ix, &in->w)) < 0)
        return rc;
    in->w.touched = 0;
    in->began_ms = now_ms();
    return segments_load(in->w.txn, in->ix->table[T_META], false, &in->segments, &in->segment_count);
}

int ingest_commit(struct ingest *in)
{
    bool large;
    int rc;

    if (!in->w.txn)
        return 0;
    rc = text_flush(&in->text, &in->w);
    if (rc == 0)
        rc = batch_write(in->batch, &in->w);
    large = in->w.bytes >= LARGE_WRITE;
    in->ix->large_write |= large;
    if (rc == 0)
        rc = write_commit(&in->w);
    else
        write_abort(&in->w);
    clear(in);
    if (large)
        (void)malloc_trim(0); /* pieces of it, between others that stay, would add up from commit to commit */
    if (rc < 0)
        return rc;
    if (in->ix == in->live)
        ingest_progress(in, NULL, true);
    while (merge_is_due(in->ix) && (rc = merge_step(in->ix)) == 1)
        ;
    return rc < 0 ? rc : 0;
}

static int put_unfinished(struct ingest *in);

int ingest_end(struct ingest *in, int rc)
{
    int committed = rc;

    if (rc == 0)
        committed = rc = ingest_drain(in);
    if (rc == ERR_CANCELLED) /* what has been read but not taken in is read again another time */
        committed = in->seen ? ingest_begin(in) : 0;
    if (rc == ERR_CANCELLED && in->seen && committed == 0)
        committed = put_unfinished(in);
    if (committed == 0)
        committed = ingest_commit(in);
    if (committed == 0 || in->fresh.env) { /* also after an error: what was committed stays */
        int published = publish(in);
        committed = committed < 0 ? committed : published;
    }
    if (committed == 0)
        committed = store_let_go(in->live, in->run);
    ingest_fini(in);
    return committed < 0 ? committed : rc;
}

static bool is_full(const struct ingest *in)
{
    size_t batch = batch_bytes(in->batch);

    return batch >= in->memory / 16 * 3 || in->w.bytes + batch >= in->memory / 8 * 3;
}

/* The write is to be committed now. */
static bool is_due(struct ingest *in)
{
    int64_t now;

    if (is_full(in))
        return true;
    now = now_ms();
    if (in->ix == &in->fresh)
        return now - in->fresh_ms >= FRESH_MOST_MS;
    if (now - in->began_ms < in->patience_ms)
        return false;
    in->patience_ms = in->patience_ms * 2 < OLD_MOST_MS ? in->patience_ms * 2 : OLD_MOST_MS;
    return true;
}

static int commit_due(struct ingest *in)
{
    int rc = ingest_commit(in);

    if (rc == 0 && in->ix == &in->fresh && now_ms() - in->fresh_ms >= FRESH_MOST_MS)
        rc = publish(in);
    return rc;
}

int ingest_breathe(struct ingest *in)
{
    return in->w.txn && is_due(in) ? commit_due(in) : 0;
}

/* ---- an article -------------------------------------------------------------------------------------- */

/* Whether the document lives and has this content: 1, 0 or an error. */
static int is_same(struct index *ix, MDB_txn *txn, uint32_t doc, uint64_t content)
{
    struct key k = key_number(doc);
    struct span payload;
    struct doc_row row;
    int rc = dead_test(txn, ix->table[T_DEAD], 'd', doc);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    if ((rc = record_get(txn, ix->table[T_DOCS], key_span(&k), &payload)) <= 0)
        return rc < 0 ? rc : ERR_CORRUPT;
    return (rc = get_doc_head(payload, &row)) < 0 ? rc : row.content == content;
}

/* The live document with this content in one segment: 1, 0 or an error. */
static int same_in(struct index *ix, MDB_txn *txn, MDB_cursor *c, const struct segment *s, uint64_t content,
                   uint32_t *doc)
{
    struct ids_reader r;
    int rc = ids_seek(&r, c, s, PART_CONTENTS, (struct id){(uint32_t)content, 0}), same;

    for (; rc == 1 && r.id.hash == (uint32_t)content; rc = ids_next(&r)) {
        *doc = r.id.number;
        if ((same = is_same(ix, txn, *doc, content)) != 0)
            return same;
    }
    return rc < 0 ? rc : 0;
}

static int same_in_all(struct index *ix, MDB_txn *txn, const struct segment *segments, uint32_t count,
                       uint64_t content, uint32_t *doc)
{
    MDB_cursor *c;
    int rc = 0;

    if (!count)
        return 0;
    if (mdb_cursor_open(txn, ix->table[T_PARTS], &c))
        return ERR_NOMEM;
    for (uint32_t i = count; i-- > 0 && rc == 0;)
        rc = same_in(ix, txn, c, &segments[i], content, doc);
    mdb_cursor_close(c);
    return rc;
}

/* A guess for those who analyse: the writer looks again. */
static bool is_known(void *ctx, uint64_t content)
{
    struct index *ix = ctx;
    struct segment *segments = NULL;
    uint32_t count, doc;
    MDB_txn *txn;
    bool known;

    if (mdb_txn_begin(ix->env, NULL, MDB_RDONLY, &txn))
        return false;
    known = segments_load(txn, ix->table[T_META], false, &segments, &count) == 0 &&
            same_in_all(ix, txn, segments, count, content, &doc) == 1;
    free(segments);
    mdb_txn_abort(txn);
    return known;
}

/* The live document with this content in the batch or in the index. */
static int find_same(struct ingest *in, uint64_t content, uint32_t *doc)
{
    uint32_t at = 0;
    int rc;

    while ((*doc = batch_same(in->batch, content, &at)) != 0)
        if ((rc = dead_test(in->w.txn, in->ix->table[T_DEAD], 'd', *doc)) <= 0)
            return rc < 0 ? rc : 1;
    return same_in_all(in->ix, in->w.txn, in->segments, in->segment_count, content, doc);
}

/* A quote gets its number and goes into the batch. */
static int take_quote(struct ingest *in, struct quote_row *q, struct words_at at, uint32_t doc,
                      uint32_t first)
{
    int rc;

    q->no += first;
    q->doc = doc;
    q->utterance += first;
    q->twin_of += first;
    q->inside += first;
    if (q->kind != QUOTE_INDIRECT) {
        in->w.totals.quotes++;
        in->w.totals.quotes_attributed += q->speaker.len != 0;
        in->run->total.quotes++;
    }
    if ((rc = batch_quote(in->batch, q->no, q->id)) < 0)
        return rc;
    return batch_quote_columns(in->batch, q, at);
}

static int put_quotes(struct ingest *in, struct analysed *d, uint32_t doc, uint32_t first)
{
    int rc = 0;

    for (uint32_t i = 0; i < d->quote_count && rc == 0; i++)
        rc = take_quote(in, &d->quotes[i], d->statements[i], doc, first);
    for (uint32_t i = 0; i < d->quote_count && rc == 0;) {
        struct key k;
        buf_clear(&in->row);
        i += quote_rows_put(&in->row, d->quotes + i, d->quote_count - i);
        k = key_quotes(doc, first + i - 1);
        rc = record_put_buf(&in->w, T_DOCS, &k, &in->row, true);
    }
    in->w.totals.next_quote += d->quote_count;
    return rc;
}

static uint64_t touched_by(const struct bag_unit *unit)
{
    uint64_t bits = 0;

    for (uint32_t i = 0; i < unit->count; i++) {
        struct span term = {unit->terms[i].key, unit->terms[i].len};

        if (unit->field == FIELD_NAME || unit->field == FIELD_STATEMENT_NAME)
            bits |= touch_name(span_cut(term, 0, term_key_len(term)));
    }
    return bits;
}

static int put_words(struct ingest *in, const struct analysed *d, uint32_t doc, uint32_t first_quote)
{
    int rc = 0;

    for (uint32_t i = 0; i < d->unit_count && rc == 0; i++) {
        in->w.touched |= touched_by(&d->units[i]);
        rc = batch_unit(in->batch, &d->units[i],
                        field_of_documents(d->units[i].field) ? doc : first_quote + d->units[i].number);
    }
    return rc;
}

/* An article that the index does not have becomes a document. */
static int put_document(struct ingest *in, struct analysed *d, uint64_t content)
{
    const struct article *a = &d->article;
    struct totals *t = &in->w.totals;
    struct doc_row row = {.no = t->next_doc,
                          .id = d->id,
                          .content = content,
                          .title = a->title,
                          .date = a->date,
                          .date_basis = span_of(a->date_basis),
                          .author = a->author,
                          .url = a->url,
                          .outlet = a->outlet,
                          .lang = a->lang,
                          .place = a->place,
                          .given_id = a->id,
                          .words = d->words,
                          .first_quote = t->next_quote,
                          .quote_count = d->quote_count};
    struct key k = key_number(row.no);
    int rc;

    if (row.no >= UINT32_MAX - 1 || t->next_quote >= UINT32_MAX / 2)
        return ERR_TOOBIG;
    if (!in->run->only_words) {
        row.text_len = (uint32_t)a->text.len;
        row.blocks = a->blocks;
        row.block_count = a->block_count;
        if ((rc = text_add(&in->text, &in->w, a->text, &row.text_at)) < 0)
            return rc;
    }
    buf_clear(&in->row);
    put_doc(&in->row, &row);
    if ((rc = record_put_buf(&in->w, T_DOCS, &k, &in->row, true)) < 0 ||
        (rc = put_quotes(in, d, row.no, row.first_quote)) < 0 ||
        (rc = put_words(in, d, row.no, row.first_quote)) < 0 ||
        (rc = batch_doc(in->batch, row.no, row.id, row.content, row.words)) < 0 ||
        (rc = batch_doc_columns(in->batch, &row, d->title)) < 0)
        return rc;
    t->next_doc++;
    t->docs++;
    t->words += row.words;
    t->text_bytes += row.text_len;
    return 0;
}

/* What the index says of a file that is not complete yet, so that a run cut off here can be taken up. */
static int put_unfinished(struct ingest *in)
{
    int rc;

    in->file.complete = false;
    in->file.articles = in->n;
    rc = file_put(&in->w, &in->file, in->new_number);
    in->new_number = false;
    return rc;
}

static int take_article(struct ingest *in, struct piece *piece, struct analysed *d)
{
    struct place_row place = d->place;
    uint64_t content = d->content;
    bool is_new;
    int rc;

    place.file = in->file.no;
    place.n = in->n;
    if (in->run->hints.whole) /* a document for each place */
        content = XXH3_64bits_withSeed(in->file.path.at, in->file.path.len, content + in->n);
    if ((rc = ingest_begin(in)) < 0 || (rc = find_same(in, content, &place.doc)) < 0)
        return rc;
    is_new = rc == 0;
    if (is_new) {
        place.doc = in->w.totals.next_doc;
        if (!d->analysed &&
            (rc = crew_analyse(in->crew, piece, d)) < 0) /* it was known, and died meanwhile */
            return rc;
        if ((rc = put_document(in, d, content)) < 0)
            return rc;
    }
    if ((rc = hold_put(&in->w, &place, in->new_number, is_new)) < 0)
        return rc;
    if (in->n++ == 0)
        in->file.first = place;
    in->run->total.articles++;
    ingest_progress(in, in->file.path.at, false);
    if ((piece->last && !d->next) || !is_due(in))
        return 0;
    rc = put_unfinished(in);
    return rc < 0 ? rc : commit_due(in);
}

/* ---- a file ------------------------------------------------------------------------------------------ */

/* Trouble that may be gone the next time: what is known of the file stays in force meanwhile. */
static bool is_passing(int err)
{
    return err == ERR_CHANGED || err == ERR_DENIED || err == ERR_IO || err == ERR_NOMEM;
}

bool ingest_outdated(const struct file_row *f)
{
    return f->read_rules != READ_RULES_VERSION || f->word_rules != WORD_RULES_VERSION ||
           f->fold_rules != FOLD_RULES_VERSION || f->quote_rules != QUOTE_RULES_VERSION;
}

/* XXH3 of all bytes, as read_report has it. False when it cannot be read. */
static bool hash_file(const char *path, uint64_t *hash)
{
    enum { PIECE = 128 * 1024 };
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    XXH3_state_t *state = XXH3_createState();
    char *piece = malloc(PIECE);
    ssize_t n = -1;

    if (fd >= 0 && state && piece && XXH3_64bits_reset(state) == XXH_OK) {
        while ((n = read(fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR))
            if (n > 0)
                (void)XXH3_64bits_update(state, piece, (size_t)n);
        *hash = XXH3_64bits_digest(state);
    }
    if (fd >= 0)
        (void)close(fd);
    free(piece);
    (void)XXH3_freeState(state);
    return n == 0;
}

static int64_t day_of(int64_t ns)
{
    return ns / 1000000000 / 86400;
}

/* 1 when the file is as the index has it; its row is brought up to date when only its time changed. */
static int is_unchanged(struct ingest *in, const struct seen *seen, const struct file_row *known)
{
    struct file_row row = *known;
    uint64_t hash;
    int rc;

    if (!known->complete || is_passing(known->err) || ingest_outdated(known) || in->run->force ||
        known->size != seen->size)
        return 0;
    if (known->err && !seen->unread && !read_knows(span_of(seen->path)))
        return 0; /* passed over in its folder; now it is named itself */
    if (known->mtime_ns == seen->mtime_ns)
        return 1;
    if (known->err || day_of(known->mtime_ns) != day_of(seen->mtime_ns) || !hash_file(seen->path, &hash) ||
        hash != known->hash)
        return 0; /* an article may be dated by its file's day: it is read, and known by its content if it is not */
    row.mtime_ns = seen->mtime_ns;
    if ((rc = ingest_begin(in)) < 0 || (rc = file_put(&in->w, &row, false)) < 0)
        return rc;
    return 1;
}

/* The file that was read takes the place of the one in force. */
static int replace(struct ingest *in)
{
    int rc;

    if (!in->new_number && (rc = hold_trim(&in->w, in->file.no, in->n)) < 0)
        return rc;
    if ((rc = file_put(&in->w, &in->file, in->new_number)) < 0)
        return rc;
    return in->path.in_force ? file_drop(&in->w, in->path.in_force) : 0;
}

/* The file in force stays, with a word on why it could not be read this time. */
static int keep_old(struct ingest *in, const struct file_row *known)
{
    struct file_row row = *known;
    int rc;

    row.complete = true;
    row.err = in->file.err;
    row.detail = in->file.detail;
    rc = file_drop(&in->w, in->file.no);
    return rc < 0 ? rc : file_put(&in->w, &row, false);
}

/* Its articles go again: those that came before the trouble. */
static int drop_articles(struct ingest *in)
{
    int rc = in->n ? put_unfinished(in) : 0;

    in->n = 0;
    in->file.first = (struct place_row){0};
    return rc < 0 ? rc : hold_trim(&in->w, in->file.no, 0);
}

/* What reading came to, in the index. */
static int settle(struct ingest *in, const struct piece *piece)
{
    const struct read_report *report = &piece->report;
    struct index_progress *total = &in->run->total;
    struct arena mem = ARENA_INIT;
    struct file_row known;
    int was_known = 0, rc;

    if (in->path.in_force && (was_known = ingest_known(in, &mem, in->file.path, &known)) < 0) {
        arena_free(&mem);
        return was_known;
    }
    if (piece->result < 0 && (rc = drop_articles(in)) < 0) {
        arena_free(&mem);
        return rc;
    }
    total->bytes += report->size;
    in->file.complete = true;
    in->file.detail = span_of(report->detail);
    in->file.charset = span_of(report->charset);
    in->file.bad_records = report->bad_records;
    in->file.hash = report->hash;
    if (piece->result == 0) {
        in->file.articles = in->n;
        in->file.size = report->size;
        in->file.mtime_ns = report->mtime_ns;
        total->files_new++;
        rc = replace(in);
    } else if (piece->result == ERR_NOTFOUND) { /* it went while we came */
        total->files_removed += was_known == 1;
        if ((rc = file_drop(&in->w, in->file.no)) == 0 && (rc = path_drop(&in->w, in->file.path)) == 1)
            rc = 0;
    } else {
        in->file.err = piece->result;
        in->file.articles = 0;
        in->file.size = in->seen->size;
        in->file.mtime_ns = in->seen->mtime_ns;
        ingest_skipped(in, in->seen->path, piece->result, in->file.detail);
        rc = was_known && known.articles && is_passing(piece->result) ? keep_old(in, &known) : replace(in);
    }
    arena_free(&mem);
    return rc;
}

/* ---- files come out of the queue --------------------------------------------------------------------- */

static int begin_file(struct ingest *in, const struct seen *seen)
{
    int rc;

    if ((rc = ingest_begin(in)) < 0)
        return rc;
    in->file = (struct file_row){.path = span_of(seen->path),
                                 .read_rules = READ_RULES_VERSION,
                                 .word_rules = WORD_RULES_VERSION,
                                 .fold_rules = FOLD_RULES_VERSION,
                                 .quote_rules = QUOTE_RULES_VERSION};
    if ((rc = path_get(in->w.txn, in->ix, in->file.path, &in->path)) < 0)
        return rc;
    in->new_number = !in->path.coming;
    if (in->new_number)
        in->path.coming = in->w.totals.next_file++;
    in->file.no = in->path.coming;
    in->n = 0;
    in->seen = seen;
    return 0;
}

static int take_piece(struct ingest *in, struct piece *piece)
{
    bool unread = piece->seen && piece->last && piece->result < 0; /* then its articles are nobody's */
    int rc = piece->err;

    if (rc == 0 && piece->seen)
        rc = begin_file(in, piece->seen);
    for (struct analysed *d = piece->articles; d && rc == 0 && !unread; d = d->next)
        rc = take_article(in, piece, d);
    if (rc < 0 || !piece->last)
        return rc;
    if ((rc = ingest_begin(in)) < 0 || (rc = settle(in, piece)) < 0)
        return rc;
    in->seen = NULL;
    return ingest_breathe(in);
}

/* Takes in the first piece of the queue: 1, or 0 when it is empty. */
static int take_head(struct ingest *in)
{
    struct piece *piece = crew_head(in->crew);
    int rc;

    if (!piece)
        return 0;
    rc = take_piece(in, piece);
    crew_pop(in->crew);
    return rc < 0 ? rc : 1;
}

int ingest_drain(struct ingest *in)
{
    int rc;

    while ((rc = take_head(in)) == 1)
        if (ingest_cancelled(in))
            return ERR_CANCELLED;
    return rc;
}

/* ---- files go into the queue ------------------------------------------------------------------------- */

/* A piece to be filled and pushed; others are taken in until there is room. NULL with in->err set after trouble. */
static struct piece *slot_for(struct ingest *in, uint64_t bytes)
{
    struct piece *piece;

    while (!(piece = crew_slot(in->crew, COST_BASE + bytes * COST_PER_BYTE)))
        if ((in->err = take_head(in)) < 0)
            return NULL;
    return piece;
}

/* Called by the reader of a stream. What stops us is kept apart from what is wrong with the file. */
static int take_of_stream(void *ctx, struct arena *mem, const struct article *a)
{
    struct ingest *in = ctx;
    struct piece *piece = slot_for(in, a->end - a->start);

    (void)mem;
    if (!piece)
        return in->err;
    if ((in->err = piece_add(piece, a)) == 0)
        crew_push(in->crew, piece);
    return in->err;
}

/* A stream is read here, and its articles are analysed by all: it may be larger than memory, and nothing of the files
 * behind it is to come in before its end. */
static int push_stream(struct ingest *in, const struct seen *seen)
{
    struct read_report report;
    struct piece *piece = slot_for(in, 0);
    int result;

    if (!piece)
        return in->err;
    piece->seen = seen;
    crew_push(in->crew, piece);
    result = read_file(seen->path, &in->run->hints, take_of_stream, in, &report, in->run->cancel);
    if (in->err < 0)
        return in->err;
    if (result == ERR_CANCELLED) {
        in->run->total.bytes += report.size;
        return result;
    }
    if (!(piece = slot_for(in, 0)))
        return in->err;
    piece->last = true;
    piece->report = report;
    piece->result = result;
    crew_push(in->crew, piece);
    return 0;
}

/* A file of a folder whose name no reader knows. One that was named itself is read all the same, and stays. */
static void refuse(struct piece *piece)
{
    piece->refused = true;
    piece->result = ERR_NOTTEXT;
    (void)snprintf(piece->report.detail, sizeof piece->report.detail, "%s",
                   "not a kind of file that is read (text, Markdown, org, JSON lines)");
}

static int push_file(struct ingest *in, const struct seen *seen, const struct file_row *known)
{
    bool refused = seen->unread && !(known && !known->err);
    struct piece *piece;

    in->err = 0;
    if (!refused && !seen->texts && read_streams(span_of(seen->path)))
        return push_stream(in, seen);
    if (!(piece = slot_for(in, refused ? 0 : seen->size)))
        return in->err;
    piece->seen = seen;
    piece->last = true;
    if (refused)
        refuse(piece);
    crew_push(in->crew, piece);
    return 0;
}

int ingest_known(struct ingest *in, struct arena *mem, struct span path, struct file_row *known)
{
    MDB_txn *txn = in->w.txn;
    struct path_row p;
    struct span payload;
    struct key k;
    int rc;

    if (!txn && (rc = mdb_txn_begin(in->ix->env, NULL, MDB_RDONLY, &txn)) != 0)
        return store_error(in->ix, rc);
    rc = path_get(txn, in->ix, path, &p);
    if (rc == 0 && p.in_force) {
        k = key_file(p.in_force);
        rc = record_get(txn, in->ix->table[T_FILES], key_span(&k), &payload);
        rc = rc == 1 ? get_file(mem, payload, known) : rc < 0 ? rc : ERR_CORRUPT;
        rc = rc < 0 ? rc : 1;
        known->complete &= !p.coming; /* a run was cut off while it brought the file in anew */
    }
    if (!in->w.txn)
        mdb_txn_abort(txn);
    return rc;
}

int ingest_file(struct ingest *in, const struct seen *seen, const struct file_row *known)
{
    int rc = known ? is_unchanged(in, seen, known) : 0;

    in->run->total.files_seen++;
    ingest_progress(in, seen->path, false);
    if (rc < 0)
        return rc;
    if (rc == 1 && known->err)
        ingest_skipped(in, seen->path, known->err, known->detail);
    else if (rc == 1)
        in->run->total.files_unchanged++;
    else
        return push_file(in, seen, known);
    return ingest_breathe(in);
}
