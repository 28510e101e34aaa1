#include "index/ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/err.h"
#include "index/fold.h"
#include "index/hold.h"
#include "index/merge.h"
#include "index/word.h"

enum {
    OLD_MS =
        300, /* a write is committed after so much work: a reader sees what was done, a kill loses little */
    TELL_MS = 50,
    WORK_MOST = 4096 /* files taken out or skipped in one transaction */
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

/* ---- the write --------------------------------------------------------------------------------------- */

int ingest_init(struct ingest *in, struct index *ix, struct index_run *run)
{
    int rc;

    *in = (struct ingest){.ix = ix, .run = run, .row = BUF_INIT(256 * MiB), .batch = batch_new()};
    rc = text_writer_init(&in->text);
    if (rc == 0 && in->batch)
        return 0;
    ingest_fini(in);
    return ERR_NOMEM;
}

/* Forgets what belongs to the open write. */
static void clear(struct ingest *in)
{
    free(in->segments);
    in->segments = NULL;
    in->segment_count = 0;
    batch_clear(in->batch);
    text_writer_clear(&in->text);
    in->bytes = in->work = 0;
}

void ingest_fini(struct ingest *in)
{
    write_abort(&in->w);
    if (in->batch)
        clear(in);
    batch_free(in->batch);
    text_writer_fini(&in->text);
    buf_fini(&in->row);
}

int ingest_begin(struct ingest *in)
{
    int rc;

    if (in->w.txn)
        return 0;
    if ((rc = write_begin(in->ix, &in->w)) < 0)
        return rc;
    in->began_ms = now_ms();
    return segments_load(in->w.txn, in->ix->table[T_SEGS], false, &in->segments, &in->segment_count);
}

int ingest_commit(struct ingest *in)
{
    int rc;

    if (!in->w.txn)
        return 0;
    rc = text_flush(&in->text, &in->w);
    if (rc == 0)
        rc = batch_write(in->batch, &in->w);
    if (rc == 0)
        rc = write_commit(&in->w);
    else
        write_abort(&in->w);
    clear(in);
    if (rc < 0)
        return rc;
    ingest_progress(in, NULL, true);
    while (merge_is_due(in->ix) && (rc = merge_step(in->ix)) == 1)
        ;
    return rc < 0 ? rc : 0;
}

int ingest_end(struct ingest *in, int rc)
{
    int committed = rc == 0 || rc == ERR_CANCELLED ? ingest_commit(in) : rc;

    ingest_fini(in);
    return committed < 0 ? committed : rc;
}

static bool is_full(const struct ingest *in)
{
    return in->bytes >= LIMIT_BATCH_BYTES || batch_docs(in->batch) >= LIMIT_BATCH_DOCS;
}

int ingest_breathe(struct ingest *in)
{
    if (!in->w.txn)
        return 0;
    if (!is_full(in) && ++in->work < WORK_MOST && now_ms() - in->began_ms < OLD_MS)
        return 0;
    return ingest_commit(in);
}

/* ---- an article -------------------------------------------------------------------------------------- */

/* The live document with this content in one segment: 1, 0 or an error. */
static int same_in(struct ingest *in, MDB_cursor *c, const struct segment *s, uint64_t content, uint32_t *doc)
{
    struct key k = key_id(s->id, 'c', content, 0);
    struct span key = key_span(&k), payload;
    int rc, dead;

    for (rc = record_seek(c, MDB_SET_RANGE, &key, &payload);
         rc == 1 && key.len == 17 && memcmp(key.at, k.at, 13) == 0;
         rc = record_seek(c, MDB_NEXT, &key, &payload)) {
        *doc = key_read32(key, 13);
        dead = dead_test(in->w.txn, in->ix->table[T_DEAD], 'd', *doc);
        if (dead <= 0)
            return dead < 0 ? dead : 1;
    }
    return rc < 0 ? rc : 0;
}

/* The live document with this content in the batch or in the index. */
static int find_same(struct ingest *in, uint64_t content, uint32_t *doc)
{
    MDB_cursor *c;
    int rc = 0;

    for (*doc = 0; (*doc = batch_same(in->batch, content, *doc)) != 0;)
        if ((rc = dead_test(in->w.txn, in->ix->table[T_DEAD], 'd', *doc)) <= 0)
            return rc < 0 ? rc : 1;
    if (mdb_cursor_open(in->w.txn, in->ix->table[T_IDS], &c))
        return ERR_NOMEM;
    rc = 0;
    for (uint32_t i = in->segment_count; i-- > 0 && rc == 0;)
        rc = same_in(in, c, &in->segments[i], content, doc);
    mdb_cursor_close(c);
    return rc;
}

/* What the index says of a file that is not complete yet, so that a run cut off here can be taken up. */
static int put_unfinished(struct ingest *in)
{
    int rc;

    in->file.complete = false;
    in->file.articles = in->n;
    if ((rc = file_put(&in->w, &in->file)) < 0)
        return rc;
    return path_put(&in->w, in->file.path, &in->path);
}

static int take_article(struct ingest *in, struct arena *mem, const struct article *a)
{
    struct place_row place = {.file = in->file.no,
                              .n = in->n,
                              .record = a->record,
                              .start = a->start,
                              .line = a->line,
                              .plain = a->plain};
    uint64_t content = analyse_content(a);
    int rc;

    if (in->run->hints.whole) /* a document for each place */
        content = XXH3_64bits_withSeed(in->file.path.at, in->file.path.len, content + in->n);
    if ((rc = ingest_begin(in)) < 0 || (rc = find_same(in, content, &place.doc)) < 0)
        return rc;
    if (rc == 0 && (rc = analyse(in, mem, a, content, &place.doc)) < 0)
        return rc;
    if ((rc = hold_put(&in->w, &place)) < 0)
        return rc;
    in->n++;
    in->run->total.articles++;
    ingest_progress(in, in->file.path.at, false);
    if (!is_full(in))
        return 0;
    rc = put_unfinished(in);
    return rc < 0 ? rc : ingest_commit(in);
}

/* Called by the reader. What stops us is kept apart from what is wrong with the file. */
static int take(void *ctx, struct arena *mem, const struct article *a)
{
    struct ingest *in = ctx;

    in->err = take_article(in, mem, a);
    return in->err;
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
    if (known->err || !hash_file(seen->path, &hash) || hash != known->hash)
        return 0;
    row.mtime_ns = seen->mtime_ns;
    if ((rc = ingest_begin(in)) < 0 || (rc = file_put(&in->w, &row)) < 0)
        return rc;
    return 1;
}

/* The file that was read takes the place of the one in force. */
static int replace(struct ingest *in)
{
    struct path_row path = {.in_force = in->file.no};
    int rc;

    if ((rc = hold_trim(&in->w, in->file.no, in->n)) < 0 || (rc = file_put(&in->w, &in->file)) < 0)
        return rc;
    if (in->path.in_force && (rc = file_drop(&in->w, in->path.in_force)) < 0)
        return rc;
    return path_put(&in->w, in->file.path, &path);
}

/* The file in force stays, with a word on why it could not be read this time. */
static int keep_old(struct ingest *in, const struct file_row *known)
{
    struct path_row path = {.in_force = in->path.in_force};
    struct file_row row = *known;
    int rc;

    row.complete = true;
    row.err = in->file.err;
    row.detail = in->file.detail;
    if ((rc = file_drop(&in->w, in->file.no)) < 0 || (rc = file_put(&in->w, &row)) < 0)
        return rc;
    return path_put(&in->w, in->file.path, &path);
}

/* What reading came to, in the index. */
static int settle(struct ingest *in, const struct seen *seen, const struct file_row *known,
                  const struct read_report *report, int result)
{
    struct index_progress *total = &in->run->total;
    int rc;

    in->file.complete = true;
    in->file.detail = span_of(report->detail);
    in->file.charset = span_of(report->charset);
    in->file.bad_records = report->bad_records;
    in->file.hash = report->hash;
    if (result == 0) {
        in->file.articles = in->n;
        in->file.size = report->size;
        in->file.mtime_ns = report->mtime_ns;
        total->files_new++;
        return replace(in);
    }
    if (result == ERR_NOTFOUND) { /* it went while we came */
        total->files_removed += known != NULL;
        if ((rc = file_drop(&in->w, in->file.no)) < 0)
            return rc;
        rc = path_drop(&in->w, in->file.path);
        return rc < 0 ? rc : 0;
    }
    in->file.err = result;
    in->file.articles = in->n = 0;
    in->file.size = seen->size;
    in->file.mtime_ns = seen->mtime_ns;
    ingest_skipped(in, seen->path, result, in->file.detail);
    return known && known->articles && is_passing(result) ? keep_old(in, known) : replace(in);
}

/* A file of a folder whose name no reader knows. One that was named itself is read all the same, and stays. */
static int refuse(struct read_report *report)
{
    (void)snprintf(report->detail, sizeof report->detail, "%s",
                   "not a kind of file that is read (text, Markdown, org, JSON lines)");
    return ERR_NOTTEXT;
}

static int read_text(struct ingest *in, const struct seen *seen, struct read_report *report)
{
    struct arena mem = ARENA_INIT;
    struct span bytes;
    int rc = seen->texts->bytes(seen->texts->ctx, seen->text, &mem, &bytes);

    if (rc == 0)
        rc = read_bytes(bytes, span_of(seen->path), &in->run->hints, take, in, report);
    arena_free(&mem);
    return rc;
}

static int read_in(struct ingest *in, const struct seen *seen, const struct file_row *known)
{
    struct read_report report = {0};
    int rc, result;

    if ((rc = ingest_begin(in)) < 0)
        return rc;
    in->file = (struct file_row){.path = span_of(seen->path),
                                 .read_rules = READ_RULES_VERSION,
                                 .word_rules = WORD_RULES_VERSION,
                                 .fold_rules = FOLD_RULES_VERSION,
                                 .quote_rules = QUOTE_RULES_VERSION};
    if ((rc = path_get(in->w.txn, in->ix, in->file.path, &in->path)) < 0)
        return rc;
    if (!in->path.coming)
        in->path.coming = in->w.totals.next_file++;
    in->file.no = in->path.coming;
    in->n = 0;
    in->err = 0;
    result = seen->unread && !(known && !known->err) ? refuse(&report)
             : seen->texts                           ? read_text(in, seen, &report)
                           : read_file(seen->path, &in->run->hints, take, in, &report, in->run->cancel);
    in->run->total.bytes += report.size;
    if (in->err < 0)
        return in->err;
    if ((rc = ingest_begin(in)) < 0)
        return rc;
    if (result == ERR_CANCELLED) {
        rc = put_unfinished(in);
        return rc < 0 ? rc : ERR_CANCELLED;
    }
    return settle(in, seen, known, &report, result);
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
        k = key_number(p.in_force);
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
    else if ((rc = read_in(in, seen, known)) < 0)
        return rc;
    return ingest_breathe(in);
}
