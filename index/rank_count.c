/* rank_count.c -- how many living documents of a segment match. */
#include "base/err.h"
#include "index/ranking.h"

/* So many bytes of lists are put into bits while the walk looks at one number. */
enum { LISTS_A_NUMBER = 64 };

static uint64_t bits_set(const uint64_t *bits, size_t words)
{
    uint64_t count = 0;

    for (size_t i = 0; i < words; i++)
        count += (uint64_t)__builtin_popcountll(bits[i]);
    return count;
}

/* Any of the words: a bit a document, set by each list. */
static int count_any(struct ranking *r, struct arena *mem, const struct segment *s)
{
    size_t words = (s->last_doc - s->first_doc) / 64 + 1;
    struct post *post = r->scorer_count == 1 ? r->scorers[0].post : NULL;
    const struct list_union *all = r->scorer_count == 1 ? lists_union(r->scorers[0].lists) : NULL;
    int rc = view_any_dead(r->view, s->first_doc, s->last_doc);
    uint64_t *bits;

    if (rc == 0 && (post || all)) {
        *r->total += post ? post->df : all->count;
        return 0;
    }
    if (rc < 0 || !(bits = arena_array(mem, words, sizeof *bits)))
        return rc < 0 ? rc : ERR_NOMEM;
    for (uint32_t i = 0; rc >= 0 && i < r->scorer_count; i++)
        if (r->scorers[i].stands)
            rc = ranking_cancelled(r) ? ERR_CANCELLED
                                      : lists_mark(r->scorers[i].lists, s->first_doc, s->last_doc, bits);
    if (rc >= 0)
        rc = view_drop_dead(r->view, s->first_doc, s->last_doc, bits);
    *r->total += bits_set(bits, words);
    return rc;
}

/* ---- some words without others ------------------------------------------------------------------------- */

static bool is_without(const struct query_node *n)
{
    bool with = false, without = false;

    for (const struct query_node *kid = n->kind == QUERY_AND ? n->kids : NULL; kid; kid = kid->next) {
        bool minus = kid->kind == QUERY_NOT;

        if (!ranking_any_will_do(minus ? kid->kids : kid))
            return false;
        with |= !minus;
        without |= minus;
    }
    return with && without;
}

/* Marks the documents that have any of the words under a node. */
static int mark_any(struct ranking *r, struct arena *mem, const struct segment *s, const struct query_node *n,
                    uint64_t *bits)
{
    struct lists lists;
    int rc = 0;

    for (const struct query_node *kid = n->kids; kid && rc >= 0; kid = kid->next)
        rc = mark_any(r, mem, s, kid, bits);
    for (uint32_t i = 0; n->kind == QUERY_WORDS && i < n->slots[0].count && rc >= 0; i++)
        if ((rc = lists_open(&lists, mem, r->view, s, FIELD_TEXT, r->query, n->slots[0].ways[i].keys[0],
                             false)) == 1)
            rc = lists_mark(&lists, s->first_doc, s->last_doc, bits);
    return rc < 0 ? rc : 0;
}

int rank_count_without(struct ranking *r, struct arena *mem, const struct segment *s, const struct plan *plan)
{
    size_t words = (s->last_doc - s->first_doc) / 64 + 1;
    uint64_t *bits, *some;
    int rc = 0;

    if (!is_without(r->query->root) || plan_numbers(plan) * LISTS_A_NUMBER <= plan_bytes(plan))
        return 0;
    if (!(bits = arena_array(mem, words, sizeof *bits)) || !(some = arena_array(mem, words, sizeof *some)))
        return ERR_NOMEM;
    memset(bits, 0xff, words * sizeof *bits);
    for (const struct query_node *kid = r->query->root->kids; kid; kid = kid->next) {
        bool minus = kid->kind == QUERY_NOT;

        memset(some, 0, words * sizeof *some);
        if ((rc = mark_any(r, mem, s, minus ? kid->kids : kid, some)) < 0)
            return rc;
        for (size_t i = 0; i < words; i++)
            bits[i] &= minus ? ~some[i] : some[i];
    }
    if ((rc = view_drop_dead(r->view, s->first_doc, s->last_doc, bits)) < 0)
        return rc;
    *r->total += bits_set(bits, words);
    return 1;
}

/* ---- any query --------------------------------------------------------------------------------------- */

static int count_walk(struct ranking *r, struct arena *mem, const struct segment *s)
{
    struct plan *plan = NULL;
    uint32_t doc;
    int rc = plan_open(&plan, mem, r->view, s, r->query, FIELD_TEXT, r->cancel), dead = 0;

    if (rc == 0 && (rc = rank_count_without(r, mem, s, plan)) == 1)
        goto out;
    while (rc >= 0 && (rc = plan_next(plan, &doc)) == 1)
        if ((dead = view_doc_dead(r->view, doc)) < 0)
            rc = dead;
        else
            *r->total += !dead;
out:
    plan_close(&plan);
    return rc;
}

int rank_count_segment(struct ranking *r, struct arena *mem, const struct segment *segment, bool any)
{
    int rc;

    if (!any)
        return count_walk(r, mem, segment);
    rc = ranking_open(r, mem, segment, NULL);
    return rc < 0 ? rc : count_any(r, mem, segment);
}
