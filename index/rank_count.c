/* rank_count.c -- how many living documents of a segment match. */
#include "base/err.h"
#include "index/ranking.h"

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

static int count_walk(struct ranking *r, struct arena *mem, const struct segment *s)
{
    struct plan *plan = NULL;
    uint32_t doc;
    int rc = plan_open(&plan, mem, r->view, s, r->query, FIELD_TEXT, r->cancel), dead = 0;

    while (rc >= 0 && (rc = plan_next(plan, &doc)) == 1)
        if ((dead = view_doc_dead(r->view, doc)) < 0)
            rc = dead;
        else
            *r->total += !dead;
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
