/* ask_list.c -- lists of what the index holds: speakers, files, problems. */
#include "base/err.h"
#include "index/asking.h"

/* ---- speakers ---------------------------------------------------------------------------------------- */

int ask_speakers(struct asking *a)
{
    struct people people;
    uint32_t *order;
    uint64_t from, to;
    int rc = people_list(&people, &a->mem, a->view, a->ask->speaker, a->cancel);

    if (rc == 0)
        rc = people_order(&people, a->ask->limit ? (uint64_t)a->ask->offset + a->ask->limit : 0, &order,
                          a->cancel);
    if (rc < 0)
        return rc;
    a->result->found = people.count;
    a->result->people = people.count;
    render_head(&a->render, &(struct head){.total = people.count});
    render_section(&a->render, "speakers");
    asking_window(a, people.count, &from, &to);
    for (; rc == 0 && from < to; from++) {
        struct person *who = &people.at[order[from]];

        if ((rc = people_fill(who, &a->mem)) < 0)
            break;
        render_speaker(&a->render, who);
        a->result->shown++;
        rc = render_flush(&a->render, false);
    }
    return rc;
}

/* ---- files ------------------------------------------------------------------------------------------- */

struct listing {
    struct asking *a;
    uint64_t at, from, to;
};

static bool is_listed(const struct asking *a, const struct file_row *f)
{
    return !a->ask->only_skipped || f->err;
}

static int count_file(void *ctx, const struct file_row *f)
{
    struct asking *a = ctx;

    a->result->found += is_listed(a, f);
    return asking_cancelled(a, false) ? ERR_CANCELLED : 0;
}

static int list_file(void *ctx, const struct file_row *f)
{
    struct listing *l = ctx;

    if (!is_listed(l->a, f))
        return 0;
    if (l->at >= l->from && l->at < l->to) {
        render_file(&l->a->render, f);
        l->a->result->shown++;
    }
    l->at++;
    return asking_cancelled(l->a, false) ? ERR_CANCELLED : render_flush(&l->a->render, false);
}

/* Twice over the files, since an answer begins with how many there are. */
int ask_files(struct asking *a)
{
    struct listing l = {.a = a};
    struct arena scratch = ARENA_INIT;
    int rc = view_files(a->view, &scratch, count_file, a);

    if (rc >= 0) {
        render_head(&a->render, &(struct head){.total = a->result->found});
        render_section(&a->render, "files");
        asking_window(a, a->result->found, &l.from, &l.to);
        rc = view_files_by_path(a->view, &scratch, list_file, &l);
    }
    arena_free(&scratch);
    return rc;
}

/* ---- problems ---------------------------------------------------------------------------------------- */

enum { PROBLEMS_MAX = 1000 }; /* listed; all are counted */

struct problems {
    struct arena *mem;
    struct span *at;
    uint32_t count, cap;
};

static void keep_problem(void *ctx, const char *words)
{
    struct problems *p = ctx;

    if (p->count < PROBLEMS_MAX && ARENA_MORE(p->mem, p->at, p->count, p->cap))
        p->at[p->count++] = arena_span(p->mem, span_of(words));
}

int ask_verify(struct asking *a)
{
    struct problems problems = {.mem = &a->mem};
    struct head head = {.total = 0};
    int rc = view_check(a->view, keep_problem, &problems, a->cancel);

    if (rc < 0)
        return rc;
    a->result->found = head.total = (uint64_t)rc;
    if ((rc = index_view_stats(a->view, &head.stats)) < 0)
        return rc;
    render_head(&a->render, &head);
    render_section(&a->render, "problems");
    for (uint32_t i = 0; i < problems.count; i++)
        render_problem(&a->render, problems.at[i]);
    a->result->shown = problems.count;
    return render_flush(&a->render, false);
}
