/* place.c -- a quotation and the sentence it stands in; see place.h. */
#include "index/place.h"

#include "base/utf8.h"
#include "index/cue.h"
#include "index/fold.h"

enum { SHORT_WORDS = 3, TITLE_WORDS = 8 };

uint32_t place_low(const struct place *at)
{
    return at->low + PLACE_LEFT < at->at ? at->at - PLACE_LEFT : at->low;
}

bool place_stands_alone(const struct place *at)
{
    for (uint32_t i = place_low(at); i < at->high && i < at->at + PLACE_RIGHT; i++)
        if (at->s->tokens[i].kind == TOKEN_WORD || at->s->tokens[i].kind == TOKEN_NUMBER)
            return false;
    return true;
}

/* Whether the word leads to a name or a term: the film “…”. */
static bool leads_to_name(const struct scan *s, uint32_t i)
{
    return s->tokens[i].kind == TOKEN_WORD && (lex_noun(token_text(s, i), s->language) & LEX_NAMES);
}

/* a method called “…”: what the things of this kind are called; but not: called “…” by critics */
static bool names_kind(const struct place *at)
{
    const struct scan *s = at->s;
    const struct token *kind = at->at > at->low + 1 ? &s->tokens[at->at - 2] : NULL;

    return s->english && kind && kind->kind == TOKEN_WORD && !kind->upper &&
           !(kind->bits & (LEX_FUNCTION | LEX_ROLE | LEX_TITLE | LEX_DOC | LEX_ORG | LEX_ADV | LEX_CALENDAR |
                           LEX_PEOPLE)) &&
           span_eq(token_text(s, at->at - 1), SPAN("called")) &&
           !(at->at + 1 < at->high && span_eq(token_text(s, at->at + 1), SPAN("by")));
}

static enum attribute before_of(const struct place *at)
{
    const struct scan *s = at->s;
    const struct token *t = at->at > at->low ? &s->tokens[at->at - 1] : NULL;

    if (!t || t->kind == TOKEN_QUOTE)
        return A_FIRST_OF_SENTENCE;
    if (t->kind == TOKEN_PUNCT)
        return t->punct == ':' ? A_PAST_COLON : A_PAST_COMMA;
    if (t->kind != TOKEN_WORD)
        return A_PAST_WORD;
    if (t->possessive)
        return A_PAST_OWNER;
    if (leads_to_name(s, at->at - 1) || names_kind(at))
        return A_PAST_NAMED;
    if (span_eq(token_text(s, at->at - 1), SPAN("as")))
        return at->at > at->low + 1 && leads_to_name(s, at->at - 2) ? A_PAST_NAMED
                                                                    : A_PAST_AS; /* known as “…” */
    if (cue_is(s, at->at - 1) || cue_is_verb(s, at->at - 1, at->low) ||
        (t->bits & (LEX_CUE_ING | LEX_CUE_BASE | LEX_AUX)))
        return A_PAST_VERB;
    if (t->bits & LEX_DET)
        return A_PAST_DET;
    if (t->bits & LEX_SUB)
        return A_PAST_SUB;
    if (t->bits & LEX_PREP)
        return A_PAST_PREP;
    if (t->bits & LEX_JOIN)
        return A_PAST_JOIN;
    return A_PAST_WORD;
}

static enum attribute after_of(const struct place *at)
{
    const struct scan *s = at->s;
    uint32_t i = at->at + 1;
    const struct token *t = i < at->high ? &s->tokens[i] : NULL;

    if (!t || (t->kind == TOKEN_PUNCT && t->punct != ',' && t->punct != '-' && t->punct != '('))
        return A_THEN_STOP;
    if (t->kind == TOKEN_PUNCT || t->kind == TOKEN_QUOTE)
        return A_THEN_COMMA;
    if (noun_is_capital(t))
        return A_THEN_NAME;
    if (t->bits & LEX_JOIN)
        return A_THEN_JOIN;
    if (t->bits & (LEX_PREP | LEX_SUB | LEX_DET | LEX_ADV | LEX_PRONOUN | LEX_CALENDAR | LEX_WHO))
        return A_THEN_PREP;
    if (t->bits & (LEX_CUE | LEX_AUX | LEX_VERB))
        return A_THEN_VERB;
    return A_THEN_NOUN;
}

static void see_quotation(struct place *at)
{
    const struct scan *s = at->s;
    const struct marked *m = &s->pieces[at->piece];
    struct attributes *seen = &at->seen;
    uint32_t sentence = s->tokens[at->at].sentence, cp = 0;
    char ending = piece_ending(s, at->piece);
    enum attribute before = before_of(at);
    bool alone = place_stands_alone(at), other_before = false, other = false;

    (void)utf8_next(s->article->text.at + m->start, s->article->text.at + m->end, &cp);
    attribute_add(seen, ending == ','                                     ? A_ENDS_COMMA
                        : ending == '.' || ending == '~'                  ? A_ENDS_STOP
                        : ending == '?' || ending == '!' || ending == '-' ? A_ENDS_ASKING
                                                                          : A_ENDS_BARE);
    attribute_add(seen, (char_bits(cp) & CHAR_LOWER) ? A_LOWER : A_UPPER);
    attribute_add(seen, at->shape->words <= 1             ? A_WORDS_1
                        : at->shape->words <= SHORT_WORDS ? A_WORDS_3
                        : at->shape->words <= 9           ? A_WORDS_9
                                                          : A_WORDS_MANY);
    attribute_add(seen, before);
    attribute_add(seen, after_of(at));
    for (uint32_t i = place_low(at); i < at->high && i < at->at + PLACE_RIGHT; i++)
        if (s->tokens[i].kind == TOKEN_QUOTE && i != at->at) {
            other = true;
            other_before |= i < at->at;
        }
    if (!other)
        attribute_add(seen, A_ONLY_QUOTE);
    if (other_before)
        attribute_add(seen, A_QUOTE_BEFORE);
    if (at->at + 2 >= at->high && before != A_FIRST_OF_SENTENCE)
        attribute_add(seen, A_LAST_OF_SENTENCE);
    if (alone)
        attribute_add(seen, A_ALONE);
    if (sentence == 0 || s->sentences[sentence - 1].block != m->block)
        attribute_add(seen, A_OPENS_BLOCK);
    if (m->single && !noun_in_headline(s, at->at)) /* which headlines have everywhere */
        attribute_add(seen, A_SINGLE_MARKS);
    if (s->sentences[sentence].headline)
        attribute_add(seen, A_HEADLINE);
    if (place_is_title(at))
        attribute_add(seen, A_TITLE_CASE);
    if (at->shape->shouted)
        attribute_add(seen, A_SHOUTED);
    if (alone && at->shape->words >= SHORT_WORDS && at->shape->starts_upper && !place_is_title(at) &&
        (ending == '.' || ending == '?' || ending == '!' || ending == '~' || noun_in_headline(s, at->at)))
        attribute_add(seen, A_SENTENCE_ALONE);
}

struct place place_of(const struct scan *s, const struct cast *cast, uint32_t piece)
{
    struct place at = {.s = s, .cast = cast, .piece = piece, .at = s->token_of[piece]};
    const struct sentence *sentence = &s->sentences[s->tokens[at.at].sentence];

    at.low = sentence->first;
    at.high = sentence->end;
    at.block_end = at.at + 1;
    while (at.block_end < s->token_count && at.block_end < at.at + 2 * PLACE_RIGHT &&
           s->sentences[s->tokens[at.block_end].sentence].block == sentence->block)
        at.block_end++;
    at.shape = &s->shapes[piece];
    see_quotation(&at);
    return at;
}

bool place_is_named(const struct place *at)
{
    return before_of(at) == A_PAST_NAMED;
}

bool place_is_title(const struct place *at)
{
    const struct shape *shape = at->shape;

    return shape->long_words > 0 && shape->capitals == shape->long_words && shape->starts_upper &&
           shape->words <= TITLE_WORDS;
}

bool place_leads_to_title(const struct place *at)
{
    const struct token *before = at->at > at->low ? &at->s->tokens[at->at - 1] : NULL;

    if (before && token_is_punct(at->s, at->at - 1, ',') && at->at > at->low + 1)
        return leads_to_name(at->s, at->at - 2); /* her first film, “…” */
    if (before && before->kind == TOKEN_WORD && (before->bits & LEX_DET) && at->at + 1 < at->high)
        return token_has(at->s, at->at + 1,
                         LEX_AUX | LEX_VERB | LEX_CUE); /* the “Maid of Lindau” would sail */
    return before && before->kind == TOKEN_WORD &&
           (before->possessive || (before->bits & LEX_PREP) ||
            span_eq(token_text(at->s, at->at - 1), SPAN("told")));
}
