/* gather.c -- records in order; see gather.h. */
#include "index/gather.h"

#include "base/err.h"

enum { BESIDE = 4 /* records back that may be of one utterance */ };

static bool same_mention(const struct quote *a, const struct quote *b)
{
    return a->mention_start < a->mention_end && a->mention_start == b->mention_start &&
           a->mention_end == b->mention_end;
}

static bool is_statement(const struct quote *q)
{
    return q->kind == QUOTE_INDIRECT;
}

/* The first record of the utterance that all[i] goes on with, or i. */
static uint32_t utterance_of(const struct quote *all, uint32_t i)
{
    if (all[i].utterance != i)
        return all[all[i].utterance].utterance;
    for (uint32_t k = i; k > 0 && i - k < BESIDE; k--)
        if ((is_statement(&all[i]) || is_statement(&all[k - 1])) && same_mention(&all[i], &all[k - 1]))
            return all[k - 1].utterance;
    return i;
}

int gather(struct arena *mem, struct quote **quotes, uint32_t *count, const struct quote *more,
           uint32_t more_count)
{
    uint32_t total = *count + more_count, next = 0, taken = 0;
    struct quote *all = arena_array(mem, (size_t)total + 1, sizeof *all);
    uint32_t *place = arena_array(mem, (size_t)*count + 1, sizeof *place); /* of the quotes there were */
    bool *is_more = arena_array(mem, (size_t)total + 1, sizeof *is_more);

    if (!all || !place || !is_more)
        return arena_err(mem);
    for (uint32_t i = 0; i < total; i++) {
        is_more[i] = next == *count || (taken < more_count && more[taken].start < (*quotes)[next].start);
        if (is_more[i]) {
            all[i] = more[taken++];
        } else {
            place[next] = i;
            all[i] = (*quotes)[next++];
        }
    }
    for (uint32_t i = 0; i < total; i++) {
        struct quote *q = &all[i];

        q->inside = is_more[i] && q->inside != NO_RECORD ? place[q->inside] : i;
        q->utterance = is_more[i] ? i : place[q->utterance];
        q->twin_of = is_more[i] ? i : place[q->twin_of];
    }
    for (uint32_t i = 0; i < total; i++)
        all[i].utterance = utterance_of(all, i);
    *quotes = all;
    *count = total;
    return 0;
}
