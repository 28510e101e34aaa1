/* why.c -- notes what the choice of a speaker rested on; see why.h. */
#include "index/why.h"

#include <stdlib.h>

#include "index/weigh.h"

static void add_choice(struct why *why, const struct voice *v)
{
    if (why->choice_count < CHOICES_MOST)
        why->choices[why->choice_count++] =
            (struct choice){speaker_rule_name(v->rule), v->mention_start, v->mention_end, v->chance};
}

static bool is_chosen(const struct why *why, const struct voice *v)
{
    for (uint8_t i = 0; i < why->choice_count; i++)
        if (why->choices[i].start == v->mention_start && why->choices[i].end == v->mention_end)
            return true;
    return false;
}

/* The one taken, then the likeliest of the others, each mention once. */
static void note_choices(struct why *why, const struct voice *all, uint32_t count, uint32_t taken)
{
    add_choice(why, &all[taken]);
    while (why->choice_count < CHOICES_MOST) {
        const struct voice *next = NULL;

        for (uint32_t i = 0; i < count; i++)
            if (!is_chosen(why, &all[i]) && (!next || all[i].chance > next->chance))
                next = &all[i];
        if (!next)
            break;
        add_choice(why, next);
    }
}

static void note_evidence(struct why *why, const struct voice *v)
{
    for (uint8_t i = 0; i < v->seen.count; i++) {
        enum attribute seen = (enum attribute)v->seen.of[i];
        int weight = weigh_of((enum weigh_row)v->rule, seen) +
                     (v->rule == RULE_NONE ? 0 : weigh_of(WEIGH_ANY, seen));
        uint8_t at = why->evidence_count;

        if (!weight)
            continue;
        for (; at && abs(why->evidence[at - 1].weight) < abs(weight); at--)
            if (at < EVIDENCE_MOST)
                why->evidence[at] = why->evidence[at - 1];
        if (at < EVIDENCE_MOST)
            why->evidence[at] = (struct evidence){weigh_attribute_name(seen), (int16_t)weight};
        if (why->evidence_count < EVIDENCE_MOST)
            why->evidence_count++;
    }
}

void why_note(struct why *why, const struct voice *all, uint32_t count, uint32_t taken, bool learned)
{
    *why = (struct why){0};
    note_choices(why, all, count, taken);
    if (learned)
        note_evidence(why, &all[taken]);
}
