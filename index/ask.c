/* ask.c -- a question goes to its verb. */
#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"
#include "index/asking.h"
#include "index/plan.h"

/* What a question may hold in memory; about how much is read for a quote, a ranked and a shown article. */
enum {
    ANSWER_MEMORY = 512 * 1024 * 1024,
    ROW_BYTES = 2 * 1024,
    RANK_BYTES = 2,  /* of an article that is passed by, mostly, */
    SORT_BYTES = 16, /* and of what is looked at and put in order */
    DOC_BYTES = 4 * 1024,
    WORD_BYTES = 6,
    FEW = 512
};

static const struct verb {
    enum ask_verb id;
    int (*ask)(struct asking *a);
} verbs[] = {
    {ASK_BY, ask_by},           {ASK_SEARCH, ask_search},     {ASK_SHOW, ask_show},
    {ASK_CONTEXT, ask_context}, {ASK_SPEAKERS, ask_speakers}, {ASK_FILES, ask_files},
    {ASK_DUMP, ask_dump},       {ASK_VERIFY, ask_verify},
};

/* ---- what the verbs share ---------------------------------------------------------------------------- */

bool asking_cancelled(struct asking *a, bool now)
{
    return a->cancel && (now || ++a->turns % 64 == 0) && *a->cancel;
}

void asking_mark(struct asking *a, enum explain_step step)
{
    if (a->ask->explain && a->ask->clock_ns)
        a->explained.ended[step] = a->ask->clock_ns();
}

uint32_t asking_fields(const struct asking *a, bool quotes, enum field fields[2])
{
    unsigned indirect = 1u << QUOTE_INDIRECT, kinds = query_kinds(&a->query);
    uint32_t count = 0;

    if (!quotes) {
        fields[count++] = FIELD_TEXT;
        return count;
    }
    if (kinds & ~indirect)
        fields[count++] = FIELD_QUOTE;
    if (kinds & indirect)
        fields[count++] = FIELD_STATEMENT;
    return count;
}

bool ask_sort_named(struct span name, enum ask_sort *sort)
{
    static const struct {
        const char *name;
        enum ask_sort sort;
    } rows[] = {{"date", SORT_NEWEST},
                {"-date", SORT_OLDEST},
                {"speaker", SORT_SPEAKER},
                {"relevance", SORT_RELEVANCE}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (span_eq(name, span_of(rows[i].name))) {
            *sort = rows[i].sort;
            return true;
        }
    return false;
}

static int tell(struct asking *a, int rc)
{
    if (rc == ERR_SYNTAX || rc == ERR_ARGS) {
        a->result->column = a->query.column;
        (void)snprintf(a->result->detail, sizeof a->result->detail, "%s", a->query.detail);
    }
    return rc;
}

int asking_parse(struct asking *a)
{
    int rc = tell(a, query_parse(&a->query, &a->mem, a->ask->query, a->ask->stem));

    a->query.cancel = a->cancel;
    return rc;
}

int asking_parse_name(struct asking *a)
{
    int rc = asking_parse(a);

    return rc < 0 ? rc : tell(a, query_add_speaker(&a->query, &a->mem, a->ask->speaker));
}

int asking_cuts(struct asking *a)
{
    return expand_cuts(&a->query, &a->mem, &a->render.cuts, &a->render.cut_count);
}

void asking_window(const struct asking *a, uint64_t total, uint64_t *from, uint64_t *to)
{
    *from = a->ask->offset < total ? a->ask->offset : total;
    *to = a->ask->limit && a->ask->limit < total - *from ? *from + a->ask->limit : total;
}

enum { PIECE = 8 * 1024 }; /* bytes of text that are loaded together */

/* Room for the text. Nothing is read yet; the length was checked with the row, and no reader makes longer texts. */
static int make_room(struct loaded *l)
{
    char *text;

    if (l->doc.text_len > 4 * LIMIT_FILE) /* another charset makes up to three bytes of one */
        return ERR_CORRUPT;
    text = arena_alloc(&l->mem, (size_t)l->doc.text_len + 1);
    l->loaded = arena_alloc(&l->mem, l->doc.text_len / PIECE / 8 + 1);
    l->text = (struct span){text, l->doc.text_len};
    return text && l->loaded ? 0 : ERR_NOMEM;
}

int load_text(struct loaded *l, struct asking *a, uint32_t start, uint32_t end)
{
    char *text = (char *)(uintptr_t)l->text.at;
    int rc = 0;

    if (start > end || end > l->text.len)
        return ERR_CORRUPT;
    for (uint32_t piece = start / PIECE; rc == 0 && (uint64_t)piece * PIECE < end; piece++) {
        uint64_t from = (uint64_t)piece * PIECE, to = from + PIECE;

        if (l->loaded[piece / 8] >> piece % 8 & 1)
            continue;
        l->loaded[piece / 8] |= (uint8_t)(1u << piece % 8);
        rc = view_text_range(a->view, &l->doc, (uint32_t)from,
                             (uint32_t)(to < l->text.len ? to : l->text.len), text);
    }
    return rc;
}

int load_doc(struct loaded *l, struct asking *a, uint32_t no)
{
    int rc;

    if (l->doc.no == no && l->places)
        return 0;
    arena_reset(&l->mem);
    l->places = NULL;
    if ((rc = view_doc(a->view, &l->mem, no, &l->doc)) < 0 ||
        (rc = view_places(a->view, &l->mem, no, &l->places, &l->place_count)) < 0)
        return rc;
    l->doc.no = no;
    if ((rc = make_room(l)) < 0) {
        l->places = NULL;
        return rc;
    }
    if (l->place_count == 0) {
        l->places = NULL;
        return ERR_CORRUPT;
    }
    return 0;
}

/* The id of another quote of the same article, or its own. */
static int id_of(struct loaded *l, struct asking *a, const struct quote_row *row, uint32_t no, uint64_t *id)
{
    struct quote_row other;
    int rc = 0;

    *id = row->id;
    if (no != row->no && (rc = view_quote(a->view, &l->mem, no, &other)) == 0)
        *id = other.id;
    return rc;
}

int load_quote(struct loaded *l, struct asking *a, const struct quote_row *row, struct shown_quote *out)
{
    struct quote_row outer;
    int rc = 0;

    *out = (struct shown_quote){
        .row = row, .doc = &l->doc, .text = l->text, .places = l->places, .place_count = l->place_count};
    if (row->start > row->end || (rc = load_text(l, a, row->start, row->end)) < 0 ||
        (rc = load_text(l, a, row->context_start, row->context_end)) < 0 ||
        (rc = load_text(l, a, row->mention_start, row->mention_end)) < 0 ||
        (rc = load_text(l, a, row->cue_start, row->cue_end)) < 0)
        return rc == 0 ? ERR_CORRUPT : rc;
    if ((rc = id_of(l, a, row, row->utterance, &out->utterance)) < 0)
        return rc;
    if ((rc = id_of(l, a, row, row->twin_of, &out->twin_of)) < 0 || row->inside == row->no)
        return rc;
    if ((rc = view_quote(a->view, &l->mem, row->inside, &outer)) == 0) {
        out->inside = outer.id;
        out->reported_by = outer.speaker;
    }
    return rc;
}

/* ---- the door ---------------------------------------------------------------------------------------- */

/* The answer that `explain` does without. */
static int only_count_bytes(void *ctx, struct span piece)
{
    *(uint64_t *)ctx += piece.len;
    return 0;
}

/* What cannot be asked together. */
static int check(const struct ask *ask, struct ask_result *result)
{
    const char *words = ask->count && ask->facet
                            ? "either the count or the counts of each value can be asked for"
                        : ask->explain && ask->format != FORMAT_TEXT && ask->format != FORMAT_JSON
                            ? "an explanation is given as text or as json"
                            : NULL;

    if (!words)
        return 0;
    (void)snprintf(result->detail, sizeof result->detail, "%s", words);
    return ERR_ARGS;
}

static int run(struct asking *a)
{
    int rc = ERR_ARGS;

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (verbs[i].id == a->ask->verb)
            rc = asking_cancelled(a, true) ? ERR_CANCELLED : verbs[i].ask(a);
    if (rc >= 0 && a->result->found == 0 && !a->ask->count &&
        (a->ask->verb == ASK_BY || a->ask->verb == ASK_SEARCH))
        rc = ask_hint(a);
    return rc < 0 ? rc : render_tail(&a->render);
}

/* Answers into nothing, then tells how. */
static int explain(struct asking *a, ask_sink_fn sink, void *ctx)
{
    struct explained *e = &a->explained;
    int rc;

    render_init(&a->render, a->ask, only_count_bytes, &e->bytes);
    e->began = a->ask->clock_ns ? a->ask->clock_ns() : 0;
    if ((rc = run(a)) < 0)
        return rc;
    asking_mark(a, STEP_RENDER);
    e->matches = a->result->found;
    e->quotes = a->ask->verb == ASK_BY || a->ask->facet == FACET_SPEAKER;
    render_fini(&a->render);
    render_init(&a->render, a->ask, sink, ctx);
    return explain_put(&a->render, a->view, &a->query, e);
}

int index_ask(struct index_view *view, const struct ask *ask, ask_sink_fn sink, void *ctx,
              const volatile bool *cancel, struct ask_result *result)
{
    struct asking a = {.view = view, .ask = ask, .result = result, .cancel = cancel};
    int rc;

    memset(result, 0, sizeof *result);
    a.mem.max = ANSWER_MEMORY;
    view_heed(view, cancel);
    render_init(&a.render, ask, sink, ctx);
    a.render.result = result;
    if ((rc = check(ask, result)) == 0)
        rc = ask->explain ? explain(&a, sink, ctx) : run(&a);
    render_fini(&a.render);
    query_fini(&a.query);
    arena_free(&a.mem);
    view_heed(view, NULL);
    return rc < 0 ? rc : 0;
}

/* Passages are looked for in the whole text, so a long article costs by its length. Over-estimates on
 * purpose: which articles will be shown is known only after ranking. */
static uint64_t text_cost(struct index_view *view, struct plan *plan)
{
    uint32_t doc, words;
    uint64_t bytes = 0;

    while (plan_next(plan, &doc) == 1)
        if (view_doc_words(view, doc, &words) == 0 && words > DOC_BYTES / WORD_BYTES)
            bytes += (uint64_t)words * WORD_BYTES;
    return bytes;
}

/* The lists of the question in all segments, and so much for each number that they may lead to. *numbers counts those. */
static uint64_t walk_cost(struct index_view *view, const struct query *q, enum field field, uint64_t each,
                          bool texts, uint64_t *numbers)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(view, &segment_count);
    uint64_t bytes = 0;
    struct arena lists = ARENA_INIT;

    *numbers = 0;
    for (uint32_t i = 0; i < segment_count; i++) {
        struct plan *plan = NULL;

        if (plan_open(&plan, &lists, view, &segments[i], q, field, NULL) == 0) {
            bytes += plan_bytes(plan);
            *numbers += plan_numbers(plan);
            if (texts && *numbers <= FEW &&
                bytes <= LIMIT_ANSWER_LOOP) /* more are the readers' anyway: see query_cost */
                bytes += text_cost(view, plan);
        }
        plan_close(&plan);
        arena_reset(&lists);
    }
    arena_free(&lists);
    return bytes + *numbers * each;
}

/* One word, and nobody dead: the lists know their lengths. */
static bool is_known_count(struct index_view *view, const struct asking *a)
{
    const struct query_node *root = a->query.root;
    uint32_t segment_count;
    const struct segment *segments = view_segments(view, &segment_count);

    if (root->kind == QUERY_SPEAKER && a->ask->verb == ASK_BY)
        root = root->kids;
    if (!a->ask->count || root->kind != QUERY_WORDS || root->slot_count != 1 || root->slots[0].count != 1 ||
        root->slots[0].ways[0].count != 1)
        return false;
    for (uint32_t i = 0; i < segment_count; i++)
        if (view_any_dead(view, segments[i].first_doc, segments[i].last_doc) != 0)
            return false;
    return true;
}

static uint64_t query_cost(struct index_view *view, const struct ask *ask)
{
    struct ask_result ignored;
    struct asking a = {.view = view, .ask = ask, .result = &ignored};
    bool by = ask->verb == ASK_BY, rows = !ask->count && !ask->facet;
    bool ranked = !by && rows && (ask->sort == SORT_USUAL || ask->sort == SORT_RELEVANCE);
    uint64_t bytes = 0, numbers, all = 0, each = ranked ? RANK_BYTES : SORT_BYTES;
    enum field fields[2];
    int rc = by ? asking_parse_name(&a) : asking_parse(&a);

    if (rc == 0 && a.query.starred) {
        bytes = LIMIT_ANSWER_LOOP + DOC_BYTES; /* looks through many words: never on the event loop */
    } else if (rc == 0 && a.query.root && !is_known_count(view, &a)) {
        uint32_t count = asking_fields(&a, by || ask->facet == FACET_SPEAKER, fields);

        for (uint32_t i = 0; i < count; i++, all += numbers)
            bytes += walk_cost(view, &a.query, fields[i], each, !by && rows, &numbers);
        if (!by && rows && ask->sort == SORT_SPEAKER)
            bytes += walk_cost(view, &a.query, FIELD_QUOTE, SORT_BYTES, false, &numbers);
        if ((all == 0 && !ask->count) ||
            (!by && rows && all > FEW)) /* nothing: what was meant is looked for among all words */
            bytes += LIMIT_ANSWER_LOOP + 1;
        if (rows)
            bytes += (ask->limit && ask->limit < all ? ask->limit : all) * (by ? ROW_BYTES : DOC_BYTES);
    }
    query_fini(&a.query);
    arena_free(&a.mem);
    return bytes;
}

uint64_t index_ask_cost(struct index_view *view, const struct ask *ask)
{
    switch (ask->verb) {
    case ASK_BY:
    case ASK_SEARCH:
        return query_cost(view, ask);
    case ASK_SHOW:
        if (ask->why) /* reads the article anew: never on the event loop */
            return LIMIT_ANSWER_LOOP + DOC_BYTES;
        return (uint64_t)(ask->id.len / 13 + 1) * DOC_BYTES;
    case ASK_CONTEXT:
        return (uint64_t)(ask->id.len / 13 + 1) * DOC_BYTES;
    case ASK_SPEAKERS:
    case ASK_FILES:
    case ASK_DUMP:
    case ASK_VERIFY:
        break;
    }
    return (view_doc_count(view) + 1) * DOC_BYTES;
}
