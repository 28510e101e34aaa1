/* filter.c -- marked words that nobody said; see filter.h. */
#include "index/filter.h"

#include "index/weigh.h"

enum { SHORT_WORDS = 3 /* marked words that few rules may call a quotation */ };

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

/* What counts together, when it is asked whether the words are a quotation at all: capitals are a title's on NBC’s
 * “Morning Hour”, and a shout's after said; a short piece that no verb holds is a term. */
static void see_together(const struct place *at, enum attribute way, struct voice *v)
{
    const struct token *before = at->at > at->low ? &at->s->tokens[at->at - 1] : NULL;
    bool near = way == A_BY_RIGHT || way == A_BY_LEFT;
    bool said = v->cue_first < v->cue_end && v->speech && near;
    char ending = piece_ending(at->s, at->piece);
    bool bare = ending == 0 || ending == ',';
    bool title = place_is_title(at) && !at->s->sentences[at->s->tokens[at->at].sentence].headline;

    if (title && place_leads_to_title(at))
        attribute_add(&v->seen, A_TITLE_LED);
    if (title && bare)
        attribute_add(&v->seen, said ? A_TITLE_NEAR : A_TITLE_UNSAID);
    if (at->shape->words <= SHORT_WORDS && ending == 0 && !near)
        attribute_add(&v->seen, v->rule == RULE_NONE || way == A_BY_SUBJECT ? A_SHORT_UNSAID : A_SHORT_FAR);
    if (at->shape->words <= SHORT_WORDS && ending == 0 && !said && before && (before->bits & LEX_DET) &&
        before->kind == TOKEN_WORD && at->at + 1 < at->high && at->s->tokens[at->at + 1].kind == TOKEN_WORD)
        attribute_add(&v->seen, A_TERM);
    if (at->shape->shouted && !said)
        attribute_add(&v->seen, A_SHOUTED_UNSAID);
}

static bool is_weak(enum speaker_rule rule)
{
    return rule == RULE_NONE || rule == RULE_SUBJECT || rule == RULE_SAME_SENTENCE ||
           rule == RULE_SENTENCE_BEFORE || rule == RULE_PARAGRAPH_BEFORE || rule == RULE_SAME_PLACE;
}

/* A verb of speech stands right before the marks. */
static bool follows_verb(const struct place *at)
{
    return at->at > at->low && token_has(at->s, at->at - 1, LEX_SPEECH);
}

/* What no weight overrules: a title after a preposition, capitals that no verb of speech holds, a few words without any
 * speaker. `learned`: the article's language has weights, so that fewer rules are needed. */
static bool is_none(const struct place *at, const struct voice *v, bool learned)
{
    char ending = piece_ending(at->s, at->piece);
    bool near = !is_weak(v->rule) && v->rule != RULE_BEFORE_FAR && v->rule != RULE_PARTICIPLE;
    bool title = place_is_title(at);
    bool few = at->shape->words <= SHORT_WORDS;

    if (at->s->sentences[at->s->tokens[at->at].sentence].headline && near)
        title = false; /* Kovar Calls Bridge ‘A Disgrace’: everything has capitals there */
    if (noun_is_nickname(at->s, at->at) || (title && place_leads_to_title(at)))
        return true;
    if (title && learned && follows_verb(at) && (ending == 0 || ending == ',') && at->shape->long_words > 1)
        return true; /* wrote “The Winter Bridge,” which: speech would have a comma or a colon before it */
    if (title && (!near || (!v->speech && ending == 0)) && ending != '.' && ending != '!' && ending != '?')
        return true;
    if (learned && few && is_weak(v->rule) && place_is_named(at))
        return true;
    if (learned)
        return v->rule == RULE_NONE && few && (ending == 0 || (ending == ',' && at->at > at->low));
    if ((v->rule == RULE_SUBJECT || v->rule == RULE_SAME_SENTENCE) && few && ending == 0)
        return true;
    return v->rule == RULE_NONE && at->shape->words <= 2 * SHORT_WORDS && ending == 0;
}

uint16_t filter_chance(const struct place *at, struct voice *v)
{
    const struct marked *m = &at->s->pieces[at->piece];
    enum attribute way = way_of(v->rule);
    bool learned = at->s->english;

    attribute_add(&v->seen, way);
    attribute_add(&v->seen, chance_of(v->chance));
    see_together(at, way, v);
    if (m->open || m->dash || at->shape->dense)
        return 1000;
    if (at->shape->words == 0 || is_none(at, v, learned))
        return 0;
    return learned ? weigh_one(WEIGH_QUOTATION, &v->seen) : 1000;
}
