/* speaker.c -- who said it; see speaker.h. */
#include "index/speaker.h"

#include "index/candidate.h"
#include "index/filter.h"
#include "index/weigh.h"

static const struct {
    const char *name;
    uint16_t confidence;
    const char *like;
} rules[] = {
#define X(id, name, confidence, like) {name, confidence, like},
    SPEAKER_RULES(X)
#undef X
};

const char *speaker_rule_name(enum speaker_rule rule)
{
    return rules[rule].name;
}

uint16_t speaker_rule_confidence(enum speaker_rule rule)
{
    return rules[rule].confidence;
}

const char *speaker_rule_like(struct span name)
{
    for (size_t i = 0; i < SPEAKER_RULE_COUNT; i++)
        if (span_eq(name, span_of(rules[i].name)))
            return rules[i].like;
    return NULL;
}

/* Outside English, where nothing was learned: the first candidate that a verb of speech ties to the words, else the
 * first. */
static uint32_t first_of(const struct voice *all, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (all[i].speech)
            return i;
    return 0;
}

static void choose(const struct place *at, struct voice *voices, speaker_watch *watch, void *watcher)
{
    struct voice all[CANDIDATES_MOST + 1], *v = &voices[at->piece];
    uint32_t count = candidates_find(at, voices, all), taken;
    struct voice *nobody = &all[count];

    *nobody = (struct voice){.from = at->piece, .seen = at->seen};
    attribute_add(&nobody->seen, A_ALWAYS);
    if (at->s->english) {
        taken = weigh_candidates(all, count + 1);
    } else {
        taken = count ? first_of(all, count) : 0;
        all[taken].chance = rules[all[taken].rule].confidence;
    }
    if (watch)
        watch(watcher, at->piece, all, count + 1, taken);
    *v = all[taken];
    v->quotation = filter_chance(at, v);
}

void speaker_find(const struct cast *cast, struct voice *voices, speaker_watch *watch, void *watcher)
{
    const struct scan *s = cast->s;

    for (uint32_t p = 0; p < s->piece_count; p++) {
        if (s->pieces[p].goes_on && p && voices[p - 1].rule != RULE_NONE) {
            voices[p] = voices[p - 1];
            voices[p].rule = RULE_GOES_ON;
            voices[p].cue_first = voices[p].cue_end = 0;
            voices[p].quotation = 1000;
        } else {
            struct place at = place_of(s, cast, p);

            choose(&at, voices, watch, watcher);
        }
    }
}
