/* ask_facet.c -- how much of what matches is whose, from where, or of when: a count a value.
 *
 * BY counts quotes. SEARCH counts articles by source and month; by speaker it counts the quotes that match the query
 * themselves, every word of it in the quote: who speaks of it, not who is quoted somewhere else in the same article.
 */
#include "base/err.h"
#include "index/asking.h"
#include "index/facet.h"
#include "index/matches.h"

static int count_field(struct asking *a, struct facet_reader *f, enum field field)
{
    const struct segment *segment = NULL;
    struct matches m;
    uint32_t number;
    int rc;

    matches_open(&m, a->view, &a->query, field, a->cancel);
    while ((rc = matches_next(&m, &number)) == 1) {
        if (m.segment != segment) {
            if ((rc = facet_settle(f, a->cancel)) < 0)
                break;
            facet_enter(f, a->view, segment = m.segment);
        }
        if ((rc = facet_count(f, number)) < 0)
            break;
        if (++a->result->found % 4096 == 0 && asking_cancelled(a, true)) {
            rc = ERR_CANCELLED;
            break;
        }
    }
    matches_close(&m);
    return rc < 0 ? rc : facet_settle(f, a->cancel);
}

static int show(struct asking *a, const struct people *values)
{
    struct head head = {.total = a->result->found, .values = values->count};
    uint32_t *order;
    uint64_t from, to;
    int rc =
        people_order(values, a->ask->limit ? (uint64_t)a->ask->offset + a->ask->limit : 0, &order, a->cancel);

    if (rc < 0)
        return rc;
    asking_mark(a, STEP_FIND);
    render_head(&a->render, &head);
    render_section(&a->render, "facets");
    asking_window(a, values->count, &from, &to);
    for (; from < to; from++) {
        const struct person *value = &values->at[order[from]];

        if (asking_cancelled(a, false))
            return ERR_CANCELLED;
        render_facet(&a->render,
                     &(struct shown_facet){value->name.len ? value->name : SPAN("(unknown)"), value->quotes});
        a->result->shown++;
    }
    return render_flush(&a->render, false);
}

int ask_facet(struct asking *a)
{
    bool quotes = a->ask->verb == ASK_BY || a->ask->facet == FACET_SPEAKER;
    struct facet_reader reader;
    struct people values;
    enum field fields[2];
    uint32_t field_count = asking_fields(a, quotes, fields);
    int rc = 0;

    people_init(&values, &a->mem);
    facet_init(&reader, &values, a->ask->facet, quotes);
    for (uint32_t i = 0; i < field_count && rc == 0; i++)
        rc = count_field(a, &reader, fields[i]);
    facet_fini(&reader);
    return rc < 0 ? rc : show(a, &values);
}
