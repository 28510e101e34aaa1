#include "index/merge.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/columns_write.h"
#include "index/ids.h"
#include "index/post_write.h"
#include "index/segment.h"
#include "index/term.h"
#include "index/terms.h"

enum {
    FAN = 8,             /* neighbours of one size class that make a merge */
    LIVE_MOST = 24,      /* live segments: each costs a query a lookup a term */
    RETIRED_MOST = 8,    /* retired segments that may wait for deletion while a long run writes */
    SMALL = 128 * 1024,  /* words of a merge that is done in one transaction */
    SLICE = 1024 * 1024, /* bytes of postings in one transaction */
    SLICE_KEYS = 20000,  /* keys deleted in one transaction */
    SLICE_ROWS = 4000    /* rows looked through by a sweep in one transaction */
};

/* In the order of the work. */
enum phase { LISTS, IDS, JOIN, PUBLISH, SWEEP };

struct merge {
    enum phase phase;
    struct segment target;
    struct segment *sources;
    uint32_t count;
    bool append;            /* the target's keys are the highest of their tables */
    enum field field;       /* LISTS: the field, */
    char after[LIMIT_TERM]; /* and the last term that is done */
    size_t after_len;
    enum part part;           /* IDS: the list, */
    struct id next_id;        /* and where the next one lies at the least */
    struct post_writer lists; /* goes on from slice to slice: no record ends because a slice does */
    struct column_merge *columns;
    uint32_t swept; /* SWEEP: the next document */
    uint64_t live_end;
};

/* What one transaction does of it. */
struct slice {
    struct index *ix;
    struct merge *m;
    struct index_view *v; /* sources are read from a snapshot: what is written does not move them */
    struct write w;
    uint64_t bytes;
    bool any_dead;
};

static int put_record(void *ctx, enum table t, const struct key *key, struct span payload)
{
    struct slice *s = ctx;

    s->bytes += payload.len + key->len;
    return record_put(&s->w, t, key_span(key), payload, s->m->append);
}

void merge_forget(struct index *ix)
{
    if (ix->merge) {
        column_merge_free(ix->merge->columns);
        post_writer_fini(&ix->merge->lists);
        free(ix->merge->sources);
    }
    free(ix->merge);
    ix->merge = NULL;
}

/* A merge changes no answer. */
static int begin_merging(struct index *ix, struct write *w)
{
    int rc = write_begin(ix, w);

    w->touched = 0;
    return rc;
}

/* ---- what to merge ----------------------------------------------------------------------------------- */

/* Each class is eight times the one before; the first holds what comes in by single articles. */
static unsigned size_class(const struct segment *s)
{
    unsigned class = 0;

    for (uint64_t n = s->words / 4096; n; n /= FAN)
        class ++;
    return class;
}

/* The first run of FAN neighbours of this class or smaller. */
static uint32_t run_of_class(const struct segment *s, uint32_t count, unsigned class, uint32_t *from)
{
    uint32_t run = 0;

    for (uint32_t i = 0; i < count; i++) {
        run = size_class(&s[i]) <= class ? run + 1 : 0;
        if (run == FAN) {
            *from = i + 1 - FAN;
            return FAN;
        }
    }
    return 0;
}

/* The FAN neighbours that are together the smallest. */
static uint32_t cheapest_run(const struct segment *s, uint32_t count, uint32_t *from)
{
    uint64_t best = UINT64_MAX;

    for (uint32_t i = 0; i + FAN <= count; i++) {
        uint64_t words = 0;
        for (uint32_t n = 0; n < FAN; n++)
            words += s[i + n].words;
        if (words < best) {
            best = words;
            *from = i;
        }
    }
    return FAN;
}

static uint32_t choose(const struct segment *s, uint32_t count, uint32_t *from)
{
    uint32_t n;

    for (unsigned class = 0; class < 22 && count >= FAN; class ++)
        if ((n = run_of_class(s, count, class, from)) != 0)
            return n;
    return count > LIVE_MOST ? cheapest_run(s, count, from) : 0;
}

/* ---- starting ---------------------------------------------------------------------------------------- */

/* Notes what is to be merged. */
static int prepare(struct index *ix, const struct segment *sources, uint32_t count)
{
    struct merge *m = calloc(1, sizeof *m);

    if (!m || !(m->sources = calloc(count, sizeof *m->sources))) {
        free(m);
        return ERR_NOMEM;
    }
    ix->merge = m;
    memcpy(m->sources, sources, count * sizeof *sources);
    m->count = count;
    m->field = FIELD_TEXT;
    m->part = PART_CONTENTS;
    post_writer_init(&m->lists, put_record, NULL);
    m->target = (struct segment){.first_doc = sources[0].first_doc,
                                 .last_doc = sources[count - 1].last_doc,
                                 .first_quote = sources[0].first_quote,
                                 .last_quote = sources[count - 1].last_quote,
                                 .state = SEGMENT_BUILDING};
    for (uint32_t i = 0; i < count; i++)
        m->target.words += sources[i].words;
    return 0;
}

/* Makes the target known as `building`, so that its keys can be told from what is in force. */
static int begin(struct index *ix, const struct segment *sources, uint32_t count)
{
    struct write w = {0};
    struct merge *m;
    int rc = prepare(ix, sources, count);

    if (rc < 0)
        return rc;
    m = ix->merge;
    rc = begin_merging(ix, &w);
    if (rc == 0) {
        m->target.id = w.totals.next_segment++;
        rc = segment_put(&w, &m->target);
        rc = rc < 0 ? rc : write_commit(&w);
    }
    write_abort(&w);
    if (rc < 0)
        merge_forget(ix);
    return rc;
}

/* ---- lists ------------------------------------------------------------------------------------------- */

static int is_dead(struct slice *s, uint32_t number)
{
    return field_of_documents(s->m->field) ? view_doc_dead(s->v, number) : view_quote_dead(s->v, number);
}

/* Goes through the living of one list: counts them when `out` is NULL, else adds them. */
static int pour(struct slice *s, struct post *p, struct post_writer *out, uint32_t *df, uint64_t *cf)
{
    int rc, dead;

    while ((rc = post_next(p)) == 1) {
        const uint32_t *positions;
        uint32_t words = 0;
        int64_t count, weight = 0;
        if ((dead = is_dead(s, p->doc)) != 0) {
            if (dead < 0)
                return dead;
            continue;
        }
        if (!out) {
            if ((count = post_count(p)) < 0)
                return (int)count;
            ++*df;
            *cf += (uint64_t)count;
            continue;
        }
        if (s->m->field == FIELD_TEXT && (rc = view_doc_words(s->v, p->doc, &words)) < 0)
            return rc;
        if ((count = post_positions(p, &positions)) < 0 || (weight = post_weight(p)) < 0)
            return count < 0 ? (int)count : (int)weight;
        if ((rc = post_add(out, p->doc, words, positions, (uint32_t)count, (uint32_t)(weight - count))) < 0)
            return rc;
    }
    return rc;
}

/* The term given last, from source `i`. Where nobody is dead it is known how many live. */
static int pour_source(struct slice *s, struct arena *mem, const struct term_walk *walk, uint32_t i,
                       struct span term, struct post_writer *out, uint32_t *df, uint64_t *cf)
{
    struct term_entry e;
    struct post p;
    int rc = term_walk_entry(walk, i, &e);

    if (rc <= 0)
        return rc;
    if (!out && !s->any_dead) {
        *df += e.df;
        *cf += e.cf;
        return 0;
    }
    rc = post_open_entry(&p, mem, s->v, &s->m->sources[i], s->m->field, term, &e);
    return rc < 0 ? rc : pour(s, &p, out, df, cf);
}

/* One term: once to count, once to write. The head of a list says how long it is. */
static int merge_term(struct slice *s, struct arena *mem, const struct term_walk *walk, struct span term)
{
    struct merge *m = s->m;
    uint32_t df = 0;
    uint64_t cf = 0;
    int rc;

    for (uint32_t i = 0; i < m->count; i++)
        if ((rc = pour_source(s, mem, walk, i, term, NULL, &df, &cf)) < 0)
            return rc;
    if (df == 0)
        return 0;
    post_begin(&m->lists, m->target.id, m->field, term,
               (field_of_documents(m->field) ? m->target.first_doc : m->target.first_quote) - 1, df, cf,
               m->field == FIELD_TEXT && !term_is_pair(term) ? segment_mean(&m->target) : 0);
    for (uint32_t i = 0; i < m->count; i++)
        if ((rc = pour_source(s, mem, walk, i, term, &m->lists, NULL, NULL)) < 0)
            return rc;
    return post_end(&m->lists);
}

/* 1 when the slice is full, 0 when the field is done. */
static int merge_field(struct slice *s)
{
    struct merge *m = s->m;
    struct arena walk_mem = ARENA_INIT, mem = ARENA_INIT;
    struct span after = {m->after, m->after_len}, term;
    struct term_walk *walk;
    int rc;

    m->lists.ctx = s;
    rc = terms_open(&walk, &walk_mem, s->v, m->sources, m->count, m->field, SPAN(""), after);
    while (rc == 0 && (rc = term_walk_next(walk, &term)) == 1) {
        if ((rc = merge_term(s, &mem, walk, term)) < 0)
            break;
        arena_reset(&mem);
        memcpy(m->after, term.at, term.len);
        m->after_len = term.len;
        rc = 0;
        if (s->bytes >= SLICE) {
            rc = 1;
            break;
        }
    }
    arena_free(&walk_mem);
    arena_free(&mem);
    return rc ? rc : post_flush(&m->lists);
}

static int merge_lists(struct slice *s)
{
    int rc = view_any_dead(s->v, s->m->target.first_doc, s->m->target.last_doc);

    if (rc < 0)
        return rc;
    s->any_dead = rc == 1;
    for (; s->m->field < FIELDS; s->m->field++) {
        if ((rc = merge_field(s)) != 0)
            return rc < 0 ? rc : 0;
        s->m->after_len = 0;
    }
    s->m->phase = IDS;
    return 0;
}

/* ---- ids and lengths --------------------------------------------------------------------------------- */

static int id_is_dead(struct slice *s, uint32_t number)
{
    return s->m->part == PART_QUOTE_IDS ? view_quote_dead(s->v, number) : view_doc_dead(s->v, number);
}

/* Places a reader in each source, at the first id that is not done. */
static int open_ids(struct slice *s, struct ids_reader *readers, bool *ended)
{
    const struct merge *m = s->m;
    MDB_cursor *cursor;
    int rc;

    for (uint32_t i = 0; i < m->count; i++) {
        if ((rc = view_cursor(s->v, T_PARTS, &cursor)) < 0 ||
            (rc = ids_seek(&readers[i], cursor, &m->sources[i], m->part, m->next_id)) < 0)
            return rc;
        ended[i] = rc == 0;
    }
    return 0;
}

/* One id of the part, the least that the sources still have: 1, or 0 when there is none. */
static int merge_id(struct slice *s, struct ids_reader *readers, bool *ended, struct ids_writer *out)
{
    struct merge *m = s->m;
    uint32_t least = 0;
    struct id id;
    int rc;

    for (uint32_t i = 1; i < m->count; i++)
        if (!ended[i] && (ended[least] || id_less(readers[i].id, readers[least].id)))
            least = i;
    if (ended[least])
        return 0;
    id = readers[least].id;
    if ((rc = id_is_dead(s, id.number)) < 0 || (rc == 0 && (rc = ids_add(out, id)) < 0) ||
        (rc = ids_next(&readers[least])) < 0)
        return rc;
    ended[least] = rc == 0;
    m->next_id = (struct id){id.hash, id.number + 1};
    s->bytes += sizeof id;
    return 1;
}

/* 1 when the slice is full, 0 when the part is done. */
static int merge_part(struct slice *s)
{
    struct ids_reader *readers = calloc(s->m->count, sizeof *readers);
    bool *ended = calloc(s->m->count, sizeof *ended);
    int rc = readers && ended ? open_ids(s, readers, ended) : ERR_NOMEM;
    struct ids_writer out;

    ids_begin(&out, &s->w, &s->m->target, s->m->part, s->m->append);
    rc = rc < 0 ? rc : 1;
    while (rc == 1 && s->bytes < SLICE)
        rc = merge_id(s, readers, ended, &out);
    free(readers);
    free(ended);
    return ids_end(&out, rc);
}

static int merge_ids(struct slice *s)
{
    struct merge *m = s->m;
    int rc;

    while ((rc = merge_part(s)) == 0 && m->part != PART_QUOTE_IDS) {
        m->part = m->part == PART_CONTENTS ? PART_DOC_IDS : PART_QUOTE_IDS;
        m->next_id = (struct id){0};
    }
    if (rc == 0)
        m->phase = JOIN;
    return rc < 0 ? rc : 0;
}

static int merge_columns(struct slice *s)
{
    struct merge *m = s->m;
    int rc = 1;

    if (!m->columns && !(m->columns = column_merge_new(&m->target, m->sources, m->count)))
        return ERR_NOMEM;
    for (; rc == 1 && s->bytes < SLICE; s->bytes += SLICE / FAN)
        rc = column_merge_step(m->columns, s->v, &s->w, m->append, SLICE / FAN);
    if (rc == 0)
        m->phase = PUBLISH;
    return rc < 0 ? rc : 0;
}

static int merge_lens(struct slice *s)
{
    const struct segment *t = &s->m->target;
    uint32_t count = t->last_doc - t->first_doc + 1;
    uint16_t *lens = calloc(count, sizeof *lens);
    int rc = lens ? 0 : ERR_NOMEM;

    for (uint32_t i = 0; i < count && rc == 0; i++) {
        uint32_t words = 0;
        rc = view_doc_words(s->v, t->first_doc + i, &words);
        if (rc == ERR_NOTFOUND) /* a number between the sources that none has */
            rc = 0;
        lens[i] = words_capped(words);
    }
    if (rc == 0)
        rc = segment_put_lens(&s->w, t->id, t->first_doc, lens, count, s->m->append);
    free(lens);
    return rc;
}

/* The last transaction: from here the target is in force. */
static int publish(struct slice *s)
{
    struct merge *m = s->m;
    int rc = merge_lens(s);

    m->target.state = SEGMENT_LIVE;
    if (rc == 0)
        rc = segment_put(&s->w, &m->target);
    for (uint32_t i = 0; i < m->count && rc == 0; i++) {
        m->sources[i].state = SEGMENT_RETIRED;
        rc = segment_put(&s->w, &m->sources[i]);
    }
    m->phase = SWEEP;
    m->swept = m->target.first_doc;
    m->live_end = UINT64_MAX;
    return rc;
}

/* ---- one step of a merge ----------------------------------------------------------------------------- */

/* Works through phases until the slice is full; small merges are done in one transaction. */
static int fill_slice(struct slice *s)
{
    int rc = 0;

    if (s->m->phase == LISTS)
        rc = merge_lists(s);
    if (rc == 0 && s->m->phase == IDS && s->bytes < SLICE)
        rc = merge_ids(s);
    if (rc == 0 && s->m->phase == JOIN && s->bytes < SLICE)
        rc = merge_columns(s);
    if (rc == 0 && s->m->phase == PUBLISH && s->bytes < SLICE)
        rc = publish(s);
    return rc;
}

static int sweep_slice(struct index *ix)
{
    struct merge *m = ix->merge;
    struct write w = {0};
    int rc = begin_merging(ix, &w);

    if (rc == 0)
        rc = sweep(&w, &m->swept, m->target.last_doc, false, SLICE_ROWS, &m->live_end);
    if (rc == 0)
        rc = write_commit(&w);
    write_abort(&w);
    if (rc < 0 || m->swept == 0)
        merge_forget(ix);
    return rc;
}

static int merge_slice(struct index *ix)
{
    struct slice s = {.ix = ix, .m = ix->merge};
    int rc;

    if (ix->merge->phase == SWEEP)
        return sweep_slice(ix);
    rc = index_view_open(ix, &s.v);
    if (rc == 0)
        rc = begin_merging(ix, &s.w);
    if (rc == 0) {
        s.m->append = s.m->target.id + 1 == s.w.totals.next_segment;
        rc = fill_slice(&s);
    }
    if (rc == 0)
        rc = write_commit(&s.w);
    write_abort(&s.w);
    index_view_close(&s.v);
    if (rc < 0)
        merge_forget(ix);
    return rc;
}

/* ---- deleting what was replaced ---------------------------------------------------------------------- */

static int delete_some(struct write *w, uint32_t segment, uint32_t *budget)
{
    int rc = record_drop_all(w, T_PARTS, segment, budget);

    if (rc == 0)
        rc = record_drop_all(w, T_LISTS, segment, budget);
    if (rc == 0)
        rc = record_drop_all(w, T_POS, segment, budget);
    return rc == 0 && *budget ? segment_forget(w, segment) : rc;
}

/* ---- a small merge ----------------------------------------------------------------------------------- */

/* From beginning to end in one transaction: each of the dozen that it would take writes every table's root again, which for a few
 * articles is far more than what they hold. 1, or an error. */
static int merge_small(struct index *ix, const struct segment *sources, uint32_t count)
{
    struct slice s = {.ix = ix};
    int rc = prepare(ix, sources, count);

    if (rc < 0)
        return rc;
    s.m = ix->merge;
    rc = index_view_open(ix, &s.v);
    if (rc == 0)
        rc = begin_merging(ix, &s.w);
    if (rc == 0) {
        s.m->target.id = s.w.totals.next_segment++;
        s.m->append = true;
        for (; rc == 0 && s.m->phase != SWEEP; s.bytes = 0) /* SMALL bounds it */
            rc = fill_slice(&s);
    }
    if (rc == 0) {
        uint32_t budget = UINT32_MAX;
        for (uint32_t i = 0; i < count && rc == 0; i++)
            rc = delete_some(&s.w, sources[i].id, &budget);
        if (rc == 0)
            rc = sweep(&s.w, &s.m->swept, s.m->target.last_doc, false, UINT32_MAX, &s.m->live_end);
        rc = rc < 0 ? rc : write_commit(&s.w);
        rc = rc < 0 ? rc : 1;
    }
    write_abort(&s.w);
    index_view_close(&s.v);
    merge_forget(ix);
    return rc;
}

static bool is_small(const struct segment *list, uint32_t count)
{
    uint64_t words = 0;

    for (uint32_t i = 0; i < count; i++)
        words += list[i].words;
    return words <= SMALL && list[count - 1].last_doc - list[0].first_doc <= SLICE_ROWS;
}

/* ---- the steps --------------------------------------------------------------------------------------- */

static int load(struct index *ix, bool all, struct segment **list, uint32_t *count)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(ix->env, NULL, MDB_RDONLY, &txn);

    *list = NULL;
    *count = 0;
    if (rc)
        return store_error(ix, rc);
    rc = segments_load(txn, ix->table[T_META], all, list, count);
    mdb_txn_abort(txn);
    return rc;
}

/* Deletes a piece of the segments that are not in force. 1 when there was one. */
static int delete_step(struct index *ix)
{
    uint32_t count, budget = SLICE_KEYS;
    struct segment *list;
    struct write w = {0};
    int rc = load(ix, true, &list, &count);

    for (uint32_t i = 0; i < count && budget && rc == 0; i++)
        if (list[i].state != SEGMENT_LIVE && (w.txn || (rc = begin_merging(ix, &w)) == 0))
            rc = delete_some(&w, list[i].id, &budget);
    if (rc == 0 && w.txn && (rc = write_commit(&w)) == 0)
        rc = 1;
    write_abort(&w);
    free(list);
    return rc;
}

int merge_step(struct index *ix)
{
    struct segment *list;
    uint32_t count, from = 0, n;
    int rc;

    if (ix->merge)
        return (rc = merge_slice(ix)) < 0 ? rc : 1;
    if ((rc = delete_step(ix)) != 0 || (rc = load(ix, false, &list, &count)) < 0)
        return rc;
    n = choose(list, count, &from);
    if (n && is_small(list + from, n))
        rc = merge_small(ix, list + from, n);
    else if (n && (rc = begin(ix, list + from, n)) == 0)
        rc = 1;
    free(list);
    return rc;
}

int merge_begin_all(struct index *ix)
{
    struct segment *list;
    uint32_t count;
    int rc;

    merge_forget(ix);
    if ((rc = load(ix, false, &list, &count)) < 0)
        return rc;
    rc = count ? begin(ix, list, count) : 0;
    free(list);
    return rc;
}

bool merge_is_due(struct index *ix)
{
    struct segment *list;
    uint32_t count, live = 0;

    if (load(ix, true, &list, &count) < 0)
        return false;
    for (uint32_t i = 0; i < count; i++)
        live += list[i].state == SEGMENT_LIVE;
    free(list);
    return live > LIVE_MOST || count - live > RETIRED_MOST;
}

/* ---- what is still to be done ------------------------------------------------------------------------ */

/* Words of all that merges will take before there is nothing more to merge. */
static uint64_t words_due(struct segment *list, uint32_t count)
{
    uint64_t words = 0;
    uint32_t from, n;

    while ((n = choose(list, count, &from)) != 0) {
        for (uint32_t i = 1; i < n; i++)
            list[from].words += list[from + i].words;
        words += list[from].words;
        memmove(list + from + 1, list + from + n, (count - from - n) * sizeof *list);
        count -= n - 1;
    }
    return words;
}

static int by_doc(const void *a, const void *b)
{
    uint32_t x = ((const struct segment *)a)->first_doc, y = ((const struct segment *)b)->first_doc;

    return (x > y) - (x < y);
}

int merge_debt(struct index_view *v, uint64_t *bytes)
{
    uint64_t words = 0, retired = 0, pages = 0;
    struct segment *list;
    uint32_t count, live = 0;
    MDB_stat stat;
    int rc = segments_load(v->txn, view_table(v, T_META), true, &list, &count);

    *bytes = 0;
    for (uint32_t i = 0; i < count && rc == 0; i++) {
        words += list[i].words;
        if (list[i].state == SEGMENT_LIVE)
            list[live++] = list[i];
        else
            retired += list[i].words;
    }
    if (rc == 0 && live) {
        qsort(list, live, sizeof *list, by_doc);
        retired += words_due(list, live);
    }
    free(list);
    for (enum table t = T_PARTS; t <= T_POS && rc == 0; t++) {
        if (mdb_stat(v->txn, view_table(v, t), &stat))
            return ERR_IO;
        pages += (stat.ms_leaf_pages + stat.ms_overflow_pages) * stat.ms_psize;
    }
    if (rc == 0 && words)
        *bytes = (uint64_t)((double)pages * (double)retired / (double)words);
    return rc;
}
