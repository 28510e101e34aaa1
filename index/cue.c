/* cue.c -- verbs that can carry a quotation; see cue.h. */
#include "index/cue.h"

bool cue_is(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i], *before = i ? &s->tokens[i - 1] : NULL;

    if (!token_has(s, i, LEX_CUE) || (t->upper && !t->first && !t->headline))
        return false;
    if (t->first || !span_ends(token_text(s, i), SPAN("s")) || t->headline || !before ||
        before->kind != TOKEN_WORD)
        return true;
    if (i + 1 < s->token_count && s->tokens[i + 1].sentence == t->sentence && token_has(s, i + 1, LEX_AUX))
        return false; /* the reports were */
    /* Kovar’s attacks, the chants, angry remarks: a verb in -s follows its subject, or an adverb */
    return !before->possessive &&
           (noun_is_capital(before) || !s->english ||
            (before->bits & (LEX_PRONOUN | LEX_WHO | LEX_ADV | LEX_ROLE | LEX_DOC | LEX_ORG)));
}

bool cue_is_passive(const struct scan *s, uint32_t i, uint32_t low)
{
    static const char *const be[] = {"was", "were", "been", "be", "being", "is", "are"};

    while (i > low + 1 && token_has(s, i - 1, LEX_ADV))
        i--;
    if (i <= low || !token_has(s, i - 1, LEX_AUX))
        return false;
    for (size_t k = 0; k < sizeof be / sizeof *be; k++)
        if (span_eq(token_text(s, i - 1), span_of(be[k])))
            return true;
    return false;
}

bool cue_is_base(const struct scan *s, uint32_t i, uint32_t low)
{
    const struct token *before;

    if (i <= low || !token_has(s, i, LEX_CUE_BASE) || !token_has(s, i, LEX_SPEECH) || s->tokens[i].upper)
        return false;
    before = &s->tokens[i - 1];
    if (before->kind != TOKEN_WORD)
        return false;
    if (before->bits & (LEX_AUX | LEX_THEY | LEX_I | LEX_WHO))
        return true;
    return !before->possessive &&
           ((before->bits & LEX_ADV) || before->upper || (before->bits & (LEX_ROLE | LEX_ORG))) &&
           (span_ends(token_text(s, i - 1), SPAN("s")) || (before->bits & LEX_ADV));
}

uint32_t cue_skip_small(const struct scan *s, uint32_t i, uint32_t high)
{
    while (i < high && token_has(s, i, LEX_AUX | LEX_ADV | LEX_CALENDAR) && !token_has(s, i, LEX_CUE) &&
           !s->tokens[i].upper)
        i++;
    return i;
}

bool cue_is_verb(const struct scan *s, uint32_t i, uint32_t low)
{
    const struct token *t = &s->tokens[i], *before;

    if (t->kind != TOKEN_WORD || (t->upper && !t->headline) || i <= low)
        return false;
    if (t->bits & (LEX_VERB | LEX_AUX))
        return !span_eq(token_text(s, i), SPAN("be")) && !span_eq(token_text(s, i), SPAN("been"));
    before = &s->tokens[i - 1];
    if (before->kind == TOKEN_WORD && (before->bits & (LEX_DET | LEX_PREP)) && !(before->bits & LEX_PRONOUN))
        return false; /* the alleged, of proposed */
    return t->end - t->start > 4 && span_ends(token_text(s, i), SPAN("ed")) && !(t->bits & LEX_ROLE);
}
