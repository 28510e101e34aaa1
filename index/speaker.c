/* speaker.c -- who said it; see speaker.h. */
#include "index/speaker.h"

#include "index/candidate.h"
#include "index/weigh.h"

static const struct {
    const char *name;
    uint16_t confidence;
} rules[] = {
#define X(id, name, confidence) {name, confidence},
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

/* What kind of rule found the speaker. */
static enum attribute way_of(enum speaker_rule rule)
{
    switch (rule) {
    case RULE_NONE:
        return A_BY_NOBODY;
    case RULE_AFTER_NAME:
    case RULE_AFTER_VERB:
    case RULE_AFTER_BY:
    case RULE_DASH:
        return A_BY_RIGHT;
    case RULE_BEFORE:
    case RULE_BEFORE_VERB:
    case RULE_BEFORE_BY:
    case RULE_LABEL:
        return A_BY_LEFT;
    case RULE_SUBJECT:
    case RULE_OWNER:
        return A_BY_SUBJECT;
    case RULE_AFTER_FAR:
    case RULE_BEFORE_FAR:
    case RULE_PARTICIPLE:
    case RULE_BY:
        return A_BY_FAR;
    default:
        return A_BY_CONTEXT;
    }
}

static enum attribute chance_of(uint16_t chance)
{
    return chance >= 980   ? A_CHANCE_98
           : chance >= 950 ? A_CHANCE_95
           : chance >= 850 ? A_CHANCE_85
           : chance >= 700 ? A_CHANCE_70
           : chance >= 500 ? A_CHANCE_50
                           : A_CHANCE_LOW;
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

/* What counts together, when it is asked whether the words are a quotation at all: capitals are a title's on NBC’s
 * “Morning Hour”, and a shout's after said; a short piece that no verb holds is a term. */
static void see_together(const struct place *at, struct voice *v)
{
    const struct token *before = at->at > at->low ? &at->s->tokens[at->at - 1] : NULL;
    enum attribute way = way_of(v->rule);
    bool near = way == A_BY_RIGHT || way == A_BY_LEFT;
    bool said = v->cue_first < v->cue_end && v->speech && near;
    char ending = piece_ending(at->s, at->piece);
    bool bare = ending == 0 || ending == ',';
    bool title = at->shape.long_words > 0 && at->shape.capitals == at->shape.long_words &&
                 at->shape.starts_upper && at->shape.words <= 8 &&
                 !at->s->sentences[at->s->tokens[at->at].sentence].headline;

    if (title && before && before->kind == TOKEN_WORD &&
        (before->possessive || (before->bits & LEX_PREP) ||
         span_eq(token_text(at->s, at->at - 1), SPAN("told"))))
        attribute_add(&v->seen, A_TITLE_LED);
    if (title && bare)
        attribute_add(&v->seen, said ? A_TITLE_NEAR : A_TITLE_UNSAID);
    if (at->shape.words <= 3 && ending == 0 && !near)
        attribute_add(&v->seen, v->rule == RULE_NONE || way == A_BY_SUBJECT ? A_SHORT_UNSAID : A_SHORT_FAR);
    if (at->shape.words <= 3 && ending == 0 && !said && before && (before->bits & LEX_DET) &&
        before->kind == TOKEN_WORD && at->at + 1 < at->high && at->s->tokens[at->at + 1].kind == TOKEN_WORD)
        attribute_add(&v->seen, A_TERM);
    if (at->shape.shouted && !said)
        attribute_add(&v->seen, A_SHOUTED_UNSAID);
}

static void choose(const struct place *at, struct voice *voices)
{
    struct voice all[CANDIDATES_MOST + 1], *v = &voices[at->piece];
    uint32_t count = candidates_find(at, voices, all), best;
    struct voice *nobody = &all[count];

    *nobody = (struct voice){.from = at->piece, .seen = at->seen};
    attribute_add(&nobody->seen, A_ALWAYS);
    if (at->s->english) {
        best = weigh_candidates(all, count + 1);
        *v = all[best];
    } else {
        *v = all[count ? first_of(all, count) : 0];
        v->chance = rules[v->rule].confidence;
    }
    attribute_add(&v->seen, way_of(v->rule));
    attribute_add(&v->seen, chance_of(v->chance));
    see_together(at, v);
    v->quotation = weigh_one(WEIGH_QUOTATION, &v->seen);
}

void speaker_find(const struct cast *cast, struct voice *voices)
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

            choose(&at, voices);
        }
    }
}
