#include "index/matches.h"

#include "base/err.h"

void matches_open(struct matches *m, struct index_view *v, const struct query *q, enum field field,
                  const volatile bool *cancel)
{
    *m = (struct matches){.view = v, .query = q, .field = field, .cancel = cancel};
}

static void leave(struct matches *m)
{
    plan_close(&m->plan);
    m->bits = NULL;
    arena_free(&m->lists);
}

void matches_close(struct matches *m)
{
    leave(m);
}

static uint32_t first_of(const struct matches *m, const struct segment *s)
{
    return matches_documents(m->field) ? s->first_doc : s->first_quote;
}

static uint32_t last_of(const struct matches *m, const struct segment *s)
{
    return matches_documents(m->field) ? s->last_doc : s->last_quote;
}

static int is_dead(const struct matches *m, uint32_t number)
{
    return matches_documents(m->field) ? view_doc_dead(m->view, number) : view_quote_dead(m->view, number);
}

/* ---- any of the words -------------------------------------------------------------------------------- */

/* True for words each of which is enough, all of one key a way. */
static bool any_will_do(const struct query_node *n)
{
    if (n->kind == QUERY_OR) {
        for (const struct query_node *kid = n->kids; kid; kid = kid->next)
            if (!any_will_do(kid))
                return false;
        return true;
    }
    if (n->kind != QUERY_WORDS || n->slot_count != 1)
        return false;
    for (uint32_t i = 0; i < n->slots[0].count; i++)
        if (n->slots[0].ways[i].count != 1)
            return false;
    return true;
}

/* A name alone, over quotes, is words of another field. */
static const struct query_node *words_of(const struct matches *m, enum field *field)
{
    const struct query_node *root = m->query->root;

    *field = m->field;
    if (root && root->kind == QUERY_SPEAKER && !matches_documents(m->field)) {
        *field = m->field == FIELD_STATEMENT ? FIELD_STATEMENT_NAME : FIELD_NAME;
        root = root->kids;
    }
    return root && any_will_do(root) ? root : NULL;
}

/* Calls `each` for every key of the words. */
static int each_key(struct matches *m, const struct query_node *n, enum field field,
                    int (*each)(struct matches *m, uint32_t key, enum field field, void *ctx), void *ctx)
{
    int rc = 0;

    for (const struct query_node *kid = n->kids; kid && rc >= 0; kid = kid->next)
        rc = each_key(m, kid, field, each, ctx);
    if (n->kind == QUERY_WORDS)
        for (uint32_t i = 0; i < n->slots[0].count && rc >= 0; i++)
            rc = each(m, n->slots[0].ways[i].keys[0], field, ctx);
    return rc;
}

static int mark(struct matches *m, uint32_t key, enum field field, void *ctx)
{
    struct lists lists;
    int rc = lists_open(&lists, &m->lists, m->view, m->segment, field, m->query, key, false);

    (void)ctx;
    return rc == 1 ? lists_mark(&lists, m->first, m->last, m->bits) : rc;
}

static int mark_all(struct matches *m, const struct query_node *words, enum field field)
{
    m->first = m->next = first_of(m, m->segment);
    m->last = last_of(m, m->segment);
    if (!(m->bits = arena_array(&m->lists, (size_t)(m->last - m->first) / 64 + 1, sizeof *m->bits)))
        return ERR_NOMEM;
    return each_key(m, words, field, mark, NULL);
}

/* The next bit that is set, of a number that lives. */
static int next_bit(struct matches *m, uint32_t *number)
{
    int dead;

    for (uint32_t turns = 0; m->next <= m->last; turns++) {
        uint32_t at = m->next - m->first;
        uint64_t word = m->bits[at / 64] >> at % 64;

        if (turns % 4096 == 4095 && m->cancel && *m->cancel)
            return ERR_CANCELLED;
        if (!word) {
            m->next += 64 - at % 64;
            continue;
        }
        *number = m->next + (uint32_t)__builtin_ctzll(word);
        m->next = *number + 1;
        if ((dead = is_dead(m, *number)) <= 0)
            return dead < 0 ? dead : 1;
    }
    return 0;
}

/* ---- the walk ---------------------------------------------------------------------------------------- */

static int enter(struct matches *m, const struct segment *s)
{
    enum field field;
    const struct query_node *words = words_of(m, &field);

    m->segment = s;
    if (words)
        return mark_all(m, words, field);
    return plan_open(&m->plan, &m->lists, m->view, s, m->query, m->field, m->cancel);
}

static int next_of_plan(struct matches *m, uint32_t *number)
{
    int rc, dead;

    while ((rc = plan_next(m->plan, number)) == 1)
        if ((dead = is_dead(m, *number)) <= 0)
            return dead < 0 ? dead : 1;
    return rc;
}

int matches_next(struct matches *m, uint32_t *number)
{
    uint32_t count;
    const struct segment *segments = view_segments(m->view, &count);
    int rc;

    for (;;) {
        if (m->bits || m->plan) {
            rc = m->bits ? next_bit(m, number) : next_of_plan(m, number);
            if (rc != 0)
                return rc;
            leave(m);
        }
        while (m->segment_at < count &&
               last_of(m, &segments[m->segment_at]) < first_of(m, &segments[m->segment_at]))
            m->segment_at++; /* without quotes */
        if (m->segment_at == count)
            return 0;
        if ((rc = enter(m, &segments[m->segment_at++])) < 0)
            return rc;
    }
}

/* ---- counting ---------------------------------------------------------------------------------------- */

struct one_list {
    uint32_t lists, df; /* lists: how many there are; df: of the last */
    bool whole;         /* each key has one list at most, so that df is exact */
};

static int look_at_list(struct matches *m, uint32_t key, enum field field, void *ctx)
{
    struct one_list *one = ctx;
    struct lists lists;
    int rc = lists_open(&lists, &m->lists, m->view, m->segment, field, m->query, key, false);

    if (rc == 1 && (rc = lists_measure(&lists)) == 0) {
        one->lists++;
        one->df = lists.df;
        one->whole &= lists_one(&lists) != NULL;
    }
    return rc < 0 ? rc : 0;
}

/* A word that one list holds, in a segment without dead: the list knows its length. 1 when that is so. */
static int count_list(struct matches *m, const struct segment *s, uint64_t *total)
{
    struct one_list one = {.whole = true};
    enum field field;
    const struct query_node *words = words_of(m, &field);
    int rc = words ? view_any_dead(m->view, s->first_doc, s->last_doc) : 1;

    if (rc != 0)
        return rc < 0 ? rc : 0;
    m->segment = s;
    rc = each_key(m, words, field, look_at_list, &one);
    arena_reset(&m->lists);
    if (rc < 0 || one.lists > 1 || !one.whole)
        return rc;
    *total += one.df;
    return 1;
}

int matches_count(struct matches *m, uint64_t *total)
{
    uint32_t count, number;
    const struct segment *segments = view_segments(m->view, &count);
    int rc = 0;

    *total = 0;
    for (uint32_t i = 0; i < count && rc >= 0; i++) {
        if (last_of(m, &segments[i]) < first_of(m, &segments[i]) ||
            (rc = count_list(m, &segments[i], total)) != 0)
            continue;
        rc = enter(m, &segments[i]);
        while (rc >= 0 && (rc = m->bits ? next_bit(m, &number) : next_of_plan(m, &number)) == 1)
            ++*total;
        leave(m);
    }
    return rc < 0 ? rc : 0;
}
