/* ask_search.c -- the articles that match, best first, with passages and the quotes that match too. */
#include <stdlib.h>

#include "base/err.h"
#include "index/asking.h"
#include "index/rank.h"
#include "index/where.h"

/* Is a quote of a found article worth showing with it? It is when the named speaker said it; without such a
 * filter, when it alone would match, or when a phrase stands in it. Returns 1, 0 or an error. */
static int is_meant(struct asking *a, struct loaded *l, const struct quote_row *row, struct match *m)
{
    const struct query_node *speaker = query_speaker(&a->query);
    struct match_range range = {row->start, row->end};
    int rc = match_text(m, &l->mem, &a->query, l->text, &range, 1);

    if (rc < 0)
        return rc;
    if (speaker)
        return row->speaker.len ? match_name(&l->mem, &a->query, speaker, row->speaker) : 0;
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
    struct shown_document shown = {.doc = &l->doc, .score = ranked->score};
    struct shown_quote *quotes;
    struct passage *passages;
    int rc;

    if ((rc = load_doc(l, a, ranked->doc)) < 0 ||
        (rc = find_passages(a, l, w, &passages, &shown.passage_count)) < 0 ||
        (rc = find_quotes(a, l, w, &quotes, &shown.quote_count)) < 0)
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

int ask_search(struct asking *a)
{
    uint64_t want = a->ask->limit ? (uint64_t)a->ask->offset + a->ask->limit : 0, total = 0, from, to;
    struct loaded loaded = {.places = NULL};
    struct ranked *ranked = NULL;
    uint32_t count = 0;
    int rc = asking_parse(a);

    if (rc < 0 ||
        (rc = rank_documents(&a->mem, a->view, &a->query, want, a->cancel, &ranked, &count, &total)) < 0)
        return rc;
    a->result->found = total;
    render_head(&a->render, &(struct head){.total = total});
    render_section(&a->render, "documents");
    asking_window(a, count, &from, &to);
    for (uint64_t n; rc == 0 && from < to; from += n) {
        n = to - from < SHOWN_AT_ONCE ? to - from : SHOWN_AT_ONCE;
        rc = show_some(a, &loaded, &ranked[from], (uint32_t)n);
    }
    arena_free(&loaded.mem);
    return rc;
}
