/* ask_by.c -- the quotes of everybody whose name matches, newest first. */
#include <stdlib.h>

#include "base/err.h"
#include "index/asking.h"
#include "index/date.h"
#include "index/plan.h"

/* A matching quote, as much of it as its place in the order needs. */
struct found {
    uint32_t no, doc, start, person;
    int32_t day;   /* of its article; DATE_NONE when undated */
    uint32_t rank; /* of the person, where quotes stand under people; else 0 */
};

struct finding {
    struct asking *a;
    struct people people;
    uint32_t *order; /* people, most quoted first */
    struct found *at;
    uint32_t count, cap;
    struct arena scratch;
    uint32_t dated_doc;
    int32_t day;
};

static int learn_day(struct finding *f, uint32_t doc_no)
{
    struct doc_row doc;
    int rc;

    if (f->dated_doc == doc_no)
        return 0;
    if ((rc = view_doc(f->a->view, &f->scratch, doc_no, &doc)) < 0)
        return rc;
    f->dated_doc = doc_no;
    f->day = date_days(doc.date);
    return 0;
}

static int take(struct finding *f, uint32_t number)
{
    struct quote_row row;
    uint32_t person;
    int rc = view_quote_dead(f->a->view, number);

    if (rc != 0)
        return rc < 0 ? rc : 0;
    arena_reset(&f->scratch);
    if ((rc = view_quote(f->a->view, &f->scratch, number, &row)) < 0 || (rc = learn_day(f, row.doc)) < 0 ||
        (rc = people_count(&f->people, quote_whose(&row), &person)) < 0)
        return rc;
    if (!ARENA_MORE(&f->a->mem, f->at, f->count, f->cap))
        return ERR_NOMEM;
    f->at[f->count++] = (struct found){number, row.doc, row.start, person, f->day, 0};
    return 0;
}

static int find_in(struct finding *f, const struct segment *segment, enum field field)
{
    struct arena lists = ARENA_INIT;
    struct plan *plan = NULL;
    uint32_t number;
    int rc = plan_open(&plan, &lists, f->a->view, segment, &f->a->query, field, f->a->cancel);

    while (rc >= 0 && (rc = plan_next(plan, &number)) == 1)
        rc = asking_cancelled(f->a, false) ? ERR_CANCELLED : take(f, number);
    plan_close(&plan);
    arena_free(&lists);
    return rc;
}

/* Newest article first, then by document, then as they stand in the text. */
static int by_day(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->day != y->day)
        return x->day > y->day ? -1 : 1;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->no > y->no) - (x->no < y->no);
}

static int put_in_order(struct finding *f)
{
    uint32_t *rank = arena_array(&f->a->mem, (size_t)f->people.count + 1, sizeof *rank);

    if (!rank || people_order(&f->people, &f->order) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < f->people.count; i++)
        rank[f->order[i]] = i;
    for (uint32_t i = 0; f->a->ask->group && f->a->ask->format == FORMAT_TEXT && i < f->count; i++)
        f->at[i].rank = rank[f->at[i].person];
    if (f->count)
        qsort(f->at, f->count, sizeof *f->at, by_day);
    return 0;
}

static int show(struct finding *f, struct loaded *l, const struct found *found)
{
    struct asking *a = f->a;
    struct shown_quote shown;
    struct quote_row row;
    struct match match;
    int rc;

    arena_reset(&f->scratch);
    if ((rc = load_doc(l, a, found->doc)) < 0 ||
        (rc = view_quote(a->view, &f->scratch, found->no, &row)) < 0 ||
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
    shown.person = &f->people.at[found->person];
    render_quote(&a->render, &shown);
    a->result->shown++;
    return render_flush(&a->render, false);
}

static int show_all(struct finding *f)
{
    struct asking *a = f->a;
    struct head head = {.total = f->count, .people = &f->people, .people_order = f->order};
    struct loaded loaded = {.places = NULL};
    uint64_t from, to;
    int rc = 0;

    render_head(&a->render, &head);
    render_section(&a->render, "quotes");
    asking_window(a, f->count, &from, &to);
    for (; rc == 0 && from < to; from++)
        rc = asking_cancelled(a, false) ? ERR_CANCELLED : show(f, &loaded, &f->at[from]);
    arena_free(&loaded.mem);
    return rc;
}

int ask_by(struct asking *a)
{
    struct finding f = {.a = a};
    uint32_t segment_count;
    const struct segment *segments = view_segments(a->view, &segment_count);
    int rc = asking_parse_name(a);
    unsigned kinds = query_kinds(&a->query), indirect = 1u << QUOTE_INDIRECT;

    people_init(&f.people, &a->mem);
    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++) {
        if (kinds & ~indirect)
            rc = find_in(&f, &segments[i], FIELD_QUOTE);
        if (rc >= 0 && kinds & indirect)
            rc = find_in(&f, &segments[i], FIELD_STATEMENT);
    }
    if (rc >= 0)
        rc = asking_cuts(a);
    if (rc >= 0 && (rc = put_in_order(&f)) == 0) {
        a->result->found = f.count;
        a->result->people = f.people.count;
        rc = show_all(&f);
    }
    arena_free(&f.scratch);
    return rc;
}
