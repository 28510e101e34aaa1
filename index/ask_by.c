/* ask_by.c -- the quotes of everybody whose name matches, newest first unless another order is asked for. */
#include "base/err.h"
#include "index/asking.h"
#include "index/facet.h"
#include "index/matches.h"
#include "index/order.h"
#include "index/quote_score.h"
#include "index/touch.h"

struct finding {
    struct asking *a;
    struct people people;
    struct facet_reader speakers;
    uint32_t *order;    /* people, most quoted first */
    struct chosen rows; /* `other` is the person */
    struct arena scratch;
};

static int take(struct finding *f, struct quote_score *score, uint32_t number, uint32_t day)
{
    enum ask_sort sort = f->a->ask->sort;
    struct ordered row = {.no = number, .key = (uint64_t)ORDER_LAST};
    int rc = facet_of(&f->speakers, number, &row.other);

    if (rc < 0)
        return rc;
    f->people.at[row.other].quotes++;
    if (day)
        row.key = sort == SORT_OLDEST ? order_rising(column_day_first(day))
                                      : order_falling(column_day_first(day));
    if (sort == SORT_RELEVANCE || sort == SORT_SPEAKER) {
        row.then = row.key;
        row.key = 0;
    }
    if (sort == SORT_RELEVANCE && (rc = quote_score(score, number, &row.key)) < 0)
        return rc;
    return chosen_take(&f->rows, row, f->a->cancel);
}

static int find_in(struct finding *f, enum field field)
{
    const struct segment *segment = NULL;
    struct asking *a = f->a;
    struct quote_score score;
    struct column_reader days;
    struct quote_docs docs;
    struct matches m;
    uint32_t number, doc, day;
    int rc = quote_score_open(&score, &a->mem, a->view, &a->query, field, a->ask->sort == SORT_RELEVANCE);

    matches_open(&m, a->view, &a->query, field, a->cancel);
    while (rc >= 0 && (rc = matches_next(&m, &number)) == 1) {
        if (m.segment != segment) {
            segment = m.segment;
            facet_enter(&f->speakers, a->view, segment);
            quote_docs_open(&docs, a->view, segment);
            column_open(&days, a->view, segment, COLUMN_DAY);
            if ((rc = quote_score_enter(&score, segment)) < 0)
                break;
        }
        if (asking_cancelled(a, false))
            rc = ERR_CANCELLED;
        else if ((rc = quote_docs_find(&docs, number, &doc)) == 0 && (rc = column_at(&days, doc, &day)) == 0)
            rc = take(f, &score, number, day);
    }
    quote_score_close(&score);
    matches_close(&m);
    return rc;
}

/* True when a row's place depends on how much everybody said, or on all names: then all rows are kept until the end. */
static bool stands_under_people(const struct ask *ask)
{
    return ask->sort == SORT_SPEAKER ||
           (ask->group && ask->format == FORMAT_TEXT && ask->sort != SORT_RELEVANCE);
}

/* Where quotes stand under people, those of the most quoted come first, or those of the first name. */
static int put_in_order(struct finding *f, uint64_t want)
{
    const struct ask *ask = f->a->ask;
    uint32_t *rank = arena_array(&f->a->mem, (size_t)f->people.count + 1, sizeof *rank);

    if (!rank || people_order(&f->people, 0, &f->order, f->a->cancel) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < f->people.count; i++)
        rank[f->order[i]] = i;
    if (ask->sort == SORT_SPEAKER && people_rank(&f->people, want, &rank, f->a->cancel) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; stands_under_people(ask) && i < f->rows.count; i++) {
        struct ordered *row = &f->rows.at[i];

        if (ask->sort != SORT_SPEAKER)
            row->then = row->key;
        row->key = rank[row->other];
    }
    f->rows.want = want;
    return chosen_end(&f->rows, f->a->cancel);
}

static int show(struct finding *f, struct loaded *l, const struct ordered *found)
{
    struct asking *a = f->a;
    struct shown_quote shown;
    struct quote_row row;
    struct match match;
    int rc;

    arena_reset(&f->scratch);
    if ((rc = view_quote(a->view, &f->scratch, found->no, &row)) < 0 || (rc = load_doc(l, a, row.doc)) < 0 ||
        (rc = load_quote(l, a, &row, &shown)) < 0)
        return rc;
    if (a->ask->color && a->query.leaf_count) {
        struct match_range range = {row.start, row.end};
        if ((rc = match_text(&match, &f->scratch, &a->query, l->text, &range, 1)) < 0)
            return rc;
        match_tidy(&match, &a->query);
        shown.hits = match.hits;
        shown.hit_count = match.hit_count;
    }
    shown.person = &f->people.at[found->other];
    render_quote(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
}

static int show_all(struct finding *f)
{
    struct asking *a = f->a;
    struct head head = {.total = f->rows.total, .people = &f->people, .people_order = f->order};
    struct loaded loaded = {.places = NULL};
    uint64_t from, to;
    int rc = 0;

    render_head(&a->render, &head);
    render_section(&a->render, "quotes");
    asking_window(a, f->rows.count, &from, &to);
    for (; rc == 0 && from < to; from++)
        rc = asking_cancelled(a, false) ? ERR_CANCELLED : show(f, &loaded, &f->rows.at[from]);
    arena_free(&loaded.mem);
    return rc;
}

static int answer(struct asking *a)
{
    uint64_t want = a->ask->limit ? (uint64_t)a->ask->offset + a->ask->limit : 0;
    struct finding f = {.a = a, .rows = {.mem = &a->mem, .want = stands_under_people(a->ask) ? 0 : want}};
    enum field fields[2];
    uint32_t field_count;
    int rc = asking_parse_name(a);

    asking_mark(a, STEP_PARSE);
    if (rc == 0 && a->ask->count)
        return ask_count(a);
    if (rc == 0 && a->ask->facet)
        return ask_facet(a);
    if (rc < 0)
        return rc;
    people_init(&f.people, &a->mem);
    facet_init(&f.speakers, &f.people, FACET_SPEAKER, true);
    field_count = asking_fields(a, true, fields);
    for (uint32_t i = 0; rc >= 0 && i < field_count; i++)
        rc = find_in(&f, fields[i]);
    if (rc >= 0)
        rc = asking_cuts(a);
    if (rc >= 0 && (rc = put_in_order(&f, want)) == 0) {
        asking_mark(a, STEP_FIND);
        a->result->found = f.rows.total;
        a->result->people = f.people.count;
        rc = show_all(&f);
    }
    facet_fini(&f.speakers);
    arena_free(&f.scratch);
    return rc;
}

/* Quotes that are found are the same until somebody of that name is quoted again; what may have been meant, where none is
 * found, and how well words match hang on the whole archive. */
int ask_by(struct asking *a)
{
    int rc = answer(a);

    if (rc >= 0 && a->result->found && a->ask->sort != SORT_RELEVANCE)
        a->result->needs = touch_needs(&a->query);
    return rc;
}
