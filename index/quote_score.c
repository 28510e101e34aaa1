#include "index/quote_score.h"

#include "base/err.h"

#define SATURATION 1.2

/* About log2: the bits before the point, and what is left as a straight line. */
static double rough_log(double x)
{
    double halvings = 0;

    for (; x >= 2; x /= 2)
        halvings++;
    return halvings + x - 1;
}

static int weigh(struct quote_score *s, struct quote_scorer *one)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(s->view, &segment_count);
    double df = 0, quotes = 0;
    int rc = 0;

    for (uint32_t i = 0; i < segment_count && rc >= 0; i++) {
        struct lists lists;

        quotes += segments[i].last_quote + 1.0 - segments[i].first_quote;
        rc = lists_open(&lists, &s->mem, s->view, &segments[i], s->field, s->query, one->key, false);
        if (rc == 1 && (rc = lists_measure(&lists)) == 0)
            df += lists.df;
        arena_reset(&s->mem);
    }
    one->rareness = rough_log(1 + (quotes + 1) / (df + 1));
    return rc < 0 ? rc : 0;
}

int quote_score_open(struct quote_score *s, struct arena *mem, struct index_view *v, const struct query *q,
                     enum field field, bool wanted)
{
    bool *keys = arena_array(mem, (size_t)q->key_count + 1, sizeof *keys);
    int rc = 0;

    *s = (struct quote_score){.view = v, .query = q, .field = field};
    if (!wanted)
        return 0;
    if (!keys || !(s->at = arena_array(mem, (size_t)q->key_count + 1, sizeof *s->at)))
        return ERR_NOMEM;
    query_mark_wanted(q, keys);
    for (uint32_t i = 0; i < q->key_count && rc == 0; i++)
        if (keys[i]) {
            s->at[s->count].key = i;
            rc = weigh(s, &s->at[s->count++]);
        }
    return rc;
}

int quote_score_enter(struct quote_score *s, const struct segment *segment)
{
    int rc = 0;

    arena_reset(&s->mem);
    for (uint32_t i = 0; i < s->count && rc >= 0; i++) {
        rc = lists_open(&s->at[i].lists, &s->mem, s->view, segment, s->field, s->query, s->at[i].key, false);
        s->at[i].stands = rc == 1;
    }
    return rc < 0 ? rc : 0;
}

int quote_score(struct quote_score *s, uint32_t number, uint64_t *key)
{
    double sum = 0;
    int rc;

    for (uint32_t i = 0; i < s->count; i++) {
        struct quote_scorer *one = &s->at[i];
        int64_t count;

        if (!one->stands)
            continue;
        if ((rc = lists_seek(&one->lists, number)) < 0)
            return rc;
        one->stands = rc == 1;
        if (rc == 0 || one->lists.doc != number)
            continue;
        if ((count = lists_weight(&one->lists)) < 0)
            return (int)count;
        sum += one->rareness * (double)count / ((double)count + SATURATION);
    }
    *key = UINT64_MAX - 1 - (uint64_t)(sum * (1 << 20)); /* the largest sum first */
    return 0;
}

void quote_score_close(struct quote_score *s)
{
    arena_free(&s->mem);
}
