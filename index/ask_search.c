/* ask_search.c -- the articles that match, best first, with passages and the quotes that match too. */
#include "base/err.h"
#include "index/asking.h"
#include "index/rank.h"

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
static int find_quotes(struct asking *a, struct loaded *l, struct shown_quote **out, uint32_t *count)
{
    unsigned kinds = query_kinds(&a->query);
    struct shown_quote *quotes = arena_array(&l->mem, (size_t)l->doc.quote_count + 1, sizeof *quotes);
    struct quote_row *rows = arena_array(&l->mem, (size_t)l->doc.quote_count + 1, sizeof *rows);
    int rc = 0;

    *out = quotes;
    *count = 0;
    if (!quotes || !rows)
        return ERR_NOMEM;
    for (uint32_t i = 0; rc >= 0 && i < l->doc.quote_count; i++) {
        struct quote_row *row = &rows[*count];
        struct shown_quote *q = &quotes[*count];
        struct match m;

        if ((rc = view_quote(a->view, &l->mem, l->doc.first_quote + i, row)) < 0 ||
            !(kinds & 1u << row->kind) || (rc = load_quote(l, a, row, q)) < 0 ||
            (rc = is_meant(a, l, row, &m)) != 1)
            continue;
        match_tidy(&m, &a->query);
        q->hits = m.hits;
        q->hit_count = m.hit_count;
        ++*count;
    }
    return rc < 0 ? rc : 0;
}

static int show(struct asking *a, struct loaded *l, const struct ranked *ranked)
{
    struct shown_document shown = {.doc = &l->doc, .score = ranked->score};
    struct shown_quote *quotes;
    struct passage *passages;
    int rc;

    if ((rc = load_doc(l, a, ranked->doc)) < 0 ||
        (rc = passage_find(&l->mem, &a->query, &l->doc, l->text, &passages, &shown.passage_count)) < 0 ||
        (rc = find_quotes(a, l, &quotes, &shown.quote_count)) < 0)
        return rc;
    shown.text = l->text;
    shown.places = l->places;
    shown.place_count = l->place_count;
    shown.passages = passages;
    shown.quotes = quotes;
    render_document(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
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
    if ((rc = asking_cuts(a)) < 0)
        return rc;
    a->result->found = total;
    render_head(&a->render, &(struct head){.total = total});
    render_section(&a->render, "documents");
    asking_window(a, count, &from, &to);
    for (; rc == 0 && from < to; from++)
        rc = asking_cancelled(a, true) ? ERR_CANCELLED : show(a, &loaded, &ranked[from]);
    arena_free(&loaded.mem);
    return rc;
}
