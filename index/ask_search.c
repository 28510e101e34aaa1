/* ask_search.c -- the articles that match, best first, with passages and the quotes that match too. */
#include <stdlib.h>

#include "base/err.h"
#include "index/asking.h"
#include "index/columns.h"
#include "index/matches.h"
#include "index/order.h"
#include "index/people.h"
#include "index/rank.h"
#include "index/where.h"

/* Is a quote that was pointed to worth showing with its article? It is when it was asked for by who said it and how
 * (where.h); without such a filter, when it alone would match, or when a phrase stands in it. Returns 1, 0 or an error. */
static int is_meant(struct asking *a, struct loaded *l, const struct quote_row *row, struct match *m)
{
    struct match_range range = {row->start, row->end};
    int rc = match_text(m, &l->mem, &a->query, l->text, &range, 1);

    if (rc < 0)
        return rc;
    if (a->who)
        return 1;
    match_drop_unwanted(m, &a->query);
    return m->hit_count > 0 && (match_whole(m, &a->query) || match_phrase(m, &a->query));
}

/* The quotes of the loaded document that are meant, in its arena. */
static int find_quotes(struct asking *a, struct loaded *l, const struct where *w, struct shown_quote **out,
                       uint32_t *count)
{
    unsigned kinds = query_kinds(&a->query);
    struct shown_quote *quotes = arena_array(&l->mem, WHERE_QUOTES, sizeof *quotes);
    struct quote_row *rows = arena_array(&l->mem, WHERE_QUOTES, sizeof *rows);
    int rc = 0;

    *out = quotes;
    *count = 0;
    if (!quotes || !rows)
        return ERR_NOMEM;
    for (uint32_t i = 0; rc >= 0 && i < w->quotes_kept; i++) {
        struct quote_row *row = &rows[*count];
        struct shown_quote *q = &quotes[*count];
        struct match m;

        if ((rc = view_quote(a->view, &l->mem, w->quotes[i], row)) < 0 || !(kinds & 1u << row->kind) ||
            (rc = load_quote(l, a, row, q)) < 0 || (rc = is_meant(a, l, row, &m)) != 1)
            continue;
        match_tidy(&m, &a->query);
        q->hits = m.hits;
        q->hit_count = m.hit_count;
        ++*count;
    }
    return rc < 0 ? rc : 0;
}

static int find_passages(struct asking *a, struct loaded *l, const struct where *w, struct passage **out,
                         uint32_t *count)
{
    const struct block *blocks[PASSAGES_MAX];
    uint32_t n;
    int rc = passage_choose(&l->mem, &a->query, &l->doc, w->places, w->place_count, blocks, &n);

    for (uint32_t i = 0; rc == 0 && i < n; i++) /* and what stands on both sides of it */
        rc = load_text(l, a, blocks[i]->start ? blocks[i]->start - 1 : 0,
                       blocks[i]->end < l->text.len ? blocks[i]->end + 1 : blocks[i]->end);
    return rc < 0 ? rc : passage_make(&l->mem, &a->query, l->text, blocks, n, out, count);
}

static int show(struct asking *a, struct loaded *l, const struct ranked *ranked, const struct where *w)
{
    struct shown_document shown = {.doc = &l->doc, .score = ranked->score, .brief = a->ask->brief};
    struct shown_quote *quotes = NULL;
    struct passage *passages = NULL;
    int rc = load_doc(l, a, ranked->doc);

    if (rc == 0 && !shown.brief && (rc = find_passages(a, l, w, &passages, &shown.passage_count)) == 0)
        rc = find_quotes(a, l, w, &quotes, &shown.quote_count);
    if (rc < 0)
        return rc;
    shown.more_quotes = w->quotes_found - w->quotes_kept;
    shown.text = l->text;
    shown.places = l->places;
    shown.place_count = l->place_count;
    shown.passages = passages;
    shown.quotes = quotes;
    render_document(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
}

enum { SHOWN_AT_ONCE = 100 }; /* rows whose words are looked up together */

static int by_doc(const void *a, const void *b)
{
    const struct where *x = a, *y = b;

    return (x->doc > y->doc) - (x->doc < y->doc);
}

static int show_briefly(struct asking *a, struct loaded *l, const struct ranked *ranked, uint32_t count)
{
    static const struct where nowhere;
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < count; i++)
        rc = asking_cancelled(a, true) ? ERR_CANCELLED : show(a, l, &ranked[i], &nowhere);
    return rc;
}

/* Some rows of the answer: where their words stand, list by list, then each as it comes. */
static int show_some(struct asking *a, struct loaded *l, const struct ranked *ranked, uint32_t count)
{
    struct arena mem = ARENA_INIT;
    struct where at[SHOWN_AT_ONCE] = {{0}};
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        at[i].doc = ranked[i].doc;
        rc = view_doc_quotes(a->view, ranked[i].doc, &at[i].first_quote, &at[i].quote_count);
    }
    qsort(at, count, sizeof *at, by_doc);
    if (rc == 0)
        rc = where_find(&mem, a->view, &a->query, at, count, a->cancel);
    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        struct where key = {.doc = ranked[i].doc};
        const struct where *w = bsearch(&key, at, count, sizeof *at, by_doc);

        rc = asking_cancelled(a, true) ? ERR_CANCELLED : show(a, l, &ranked[i], w);
    }
    arena_free(&mem);
    return rc;
}

/* ---- in another order than the best first ------------------------------------------------------------ */

static uint64_t key_of_day(const struct asking *a, uint32_t day)
{
    if (!day)
        return (uint64_t)ORDER_LAST;
    return a->ask->sort == SORT_OLDEST ? order_rising(column_day_first(day))
                                       : order_falling(column_day_first(day));
}

/* Every article that matches, with its day. */
static int take_days(struct asking *a, struct chosen *rows)
{
    const struct segment *segment = NULL;
    struct column_reader days;
    struct matches m;
    uint32_t doc, day;
    int rc;

    matches_open(&m, a->view, &a->query, FIELD_TEXT, a->cancel);
    while ((rc = matches_next(&m, &doc)) == 1) {
        struct ordered row = {.no = doc};

        if (m.segment != segment)
            column_open(&days, a->view, segment = m.segment, COLUMN_DAY);
        if ((rc = column_at(&days, doc, &day)) < 0)
            break;
        row.key = key_of_day(a, day);
        if ((rc = chosen_take(rows, row, a->cancel)) < 0)
            break;
    }
    matches_close(&m);
    return rc;
}

#define NO_QUOTE UINT64_MAX

/* The first quote of each article that matches goes to `then` of its row. Quotes rise as their articles do. */
static int take_quotes(struct asking *a, struct chosen *rows, enum field field)
{
    const struct segment *segment = NULL;
    struct quote_docs docs;
    struct matches m;
    uint32_t quote, doc, at = 0;
    int rc;

    matches_open(&m, a->view, &a->query, field, a->cancel);
    while ((rc = matches_next(&m, &quote)) == 1) {
        if (m.segment != segment)
            quote_docs_open(&docs, a->view, segment = m.segment);
        if ((rc = quote_docs_find(&docs, quote, &doc)) < 0)
            break;
        if (++a->turns % 4096 == 0 && asking_cancelled(a, true)) {
            rc = ERR_CANCELLED;
            break;
        }
        while (at < rows->count && rows->at[at].no < doc)
            at++;
        if (at < rows->count && rows->at[at].no == doc && quote < rows->at[at].then)
            rows->at[at].then = quote;
    }
    matches_close(&m);
    return rc;
}

/* Who said these quotes, of one segment: `other` of a row becomes 1 + the person; 0: nobody knows. */
static int name_rows(struct asking *a, struct people *people, const struct segment *s, struct ordered *rows,
                     uint32_t count)
{
    struct arena mem = ARENA_INIT;
    struct column_names_reader names;
    struct column_reader speakers;
    uint32_t name_count, *whose = NULL, person;
    struct span name;
    int rc = column_name_count(a->view, s, COLUMN_SPEAKER, &name_count);

    if (rc == 0 && !(whose = arena_array(&mem, name_count, sizeof *whose)))
        rc = ERR_NOMEM;
    column_open(&speakers, a->view, s, COLUMN_SPEAKER);
    for (uint32_t i = 0; rc == 0 && i < count; i++)
        if (rows[i].then != NO_QUOTE &&
            (rc = column_at(&speakers, (uint32_t)rows[i].then, &rows[i].other)) == 0) {
            if (rows[i].other < name_count)
                whose[rows[i].other] = 1;
            else
                rc = ERR_CORRUPT;
        }
    column_names_open(&names, a->view, s, COLUMN_SPEAKER);
    for (uint32_t i = 1; rc == 0 && i < name_count; i++) { /* number 0 is nobody's */
        if (i % 4096 == 0 && asking_cancelled(a, true))
            rc = ERR_CANCELLED;
        else if (whose[i] && (rc = column_names_at(&names, i, &name)) == 0 &&
                 (rc = people_find(people, name, &person)) == 0)
            whose[i] = people->at[person].folded.len ? person + 1 : 0;
    }
    for (uint32_t i = 0; rc == 0 && i < count; i++)
        rows[i].other = rows[i].other ? whose[rows[i].other] : 0;
    arena_free(&mem);
    return rc;
}

static int name_all(struct asking *a, struct people *people, struct chosen *rows)
{
    uint32_t segment_count, from = 0, until = 0;
    const struct segment *segments = view_segments(a->view, &segment_count);
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < segment_count; i++, from = until) {
        while (until < rows->count && rows->at[until].no <= segments[i].last_doc)
            until++;
        if (until > from)
            rc = name_rows(a, people, &segments[i], rows->at + from, until - from);
    }
    return rc;
}

/* By the name of who said the first quote that matches, then the newest first. Everybody has a row, but for one
 * without a name, so only so many people as rows are wanted need their places, and one more. */
static int sort_by_speaker(struct asking *a, struct chosen *rows, uint64_t want)
{
    struct people people;
    enum field fields[2];
    uint32_t field_count = asking_fields(a, true, fields), *rank;
    int rc = 0;

    people_init(&people, &a->mem);
    for (uint32_t i = 0; i < rows->count; i++)
        rows->at[i].then = NO_QUOTE;
    for (uint32_t i = 0; i < field_count && rc == 0; i++)
        rc = take_quotes(a, rows, fields[i]);
    if (rc < 0 || (rc = name_all(a, &people, rows)) < 0 ||
        (rc = people_rank(&people, want ? want + 1 : 0, &rank, a->cancel)) < 0)
        return rc;
    for (uint32_t i = 0; i < rows->count; i++) {
        struct ordered *row = &rows->at[i];

        row->then = row->key;
        row->key = row->other ? rank[row->other - 1] : (uint64_t)ORDER_LAST;
    }
    return 0;
}

/* The first `want` (0: all), as if they had been ranked. */
static int find_in_order(struct asking *a, uint64_t want, struct ranked **out, uint32_t *count)
{
    bool speakers = a->ask->sort == SORT_SPEAKER; /* whose places are known only when all are there */
    struct chosen rows = {.mem = &a->mem, .want = speakers ? 0 : want};
    int rc = take_days(a, &rows);

    if (rc == 0 && speakers)
        rc = sort_by_speaker(a, &rows, want);
    rows.want = want;
    if (rc < 0 || (rc = chosen_end(&rows, a->cancel)) < 0)
        return rc;
    a->result->found = rows.total;
    *count = rows.count;
    if (!(*out = arena_array(&a->mem, (size_t)rows.count + 1, sizeof **out)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < rows.count; i++)
        (*out)[i] = (struct ranked){rows.at[i].no, -1};
    return 0;
}

static int find(struct asking *a, uint64_t want, struct ranked **out, uint32_t *count)
{
    enum ask_sort sort = a->ask->sort;

    a->explained.ranked = sort == SORT_USUAL || sort == SORT_RELEVANCE;
    if (!a->explained.ranked)
        return find_in_order(a, want, out, count);
    return rank_documents(&a->mem, a->view, &a->query, want, a->cancel, out, count, &a->result->found,
                          &a->explained.counts);
}

int ask_search(struct asking *a)
{
    uint64_t want = a->ask->limit ? (uint64_t)a->ask->offset + a->ask->limit : 0, from, to;
    struct loaded loaded = {.places = NULL};
    struct ranked *ranked = NULL;
    uint32_t count = 0;
    const struct query_node *said;
    int rc = asking_parse(a);

    asking_mark(a, STEP_PARSE);
    if (rc == 0 && (rc = query_said(&a->query, &a->mem, &said)) == 0)
        a->who = said != NULL;
    if (rc == 0 && a->ask->count)
        return ask_count(a);
    if (rc == 0 && a->ask->facet)
        return ask_facet(a);
    if (rc < 0 || (rc = find(a, want, &ranked, &count)) < 0)
        return rc;
    if ((rc = asking_cuts(a)) < 0)
        return rc;
    asking_mark(a, STEP_FIND);
    render_head(&a->render, &(struct head){.total = a->result->found});
    render_section(&a->render, "documents");
    asking_window(a, count, &from, &to);
    for (uint64_t n; rc == 0 && from < to; from += n) {
        n = to - from < SHOWN_AT_ONCE ? to - from : SHOWN_AT_ONCE;
        rc = (a->ask->brief ? show_briefly : show_some)(a, &loaded, &ranked[from], (uint32_t)n);
    }
    arena_free(&loaded.mem);
    return rc;
}
