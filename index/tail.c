/* tail.c -- the end of a statement without marks; see tail.h. */
#include "index/tail.h"

enum {
    NEXT_LONGEST = 8,     /* tokens of ", but people who saw it said" */
    MARKED_NEAR = 5,      /* tokens from a verb to the marked words it governs */
    NEXT_BARE_LONGEST = 5 /* of "and others have said", which no comma parts from the words before */
};

/* The end of a tail whose verb and names are before i: the sentence's, or a comma. It may hold "in an interview", "on
 * Monday", but no other clause. 0 where it is none. */
static uint32_t tail_end(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t first = i;

    if (i < high && s->tokens[i].kind != TOKEN_PUNCT && !token_has(s, i, LEX_CALENDAR | LEX_ADV) &&
        !token_among(s, i, " in on at during after before to by through via from last this "))
        return 0;
    for (; i < high && i - first < TAIL_LONGEST; i++) {
        if (token_is_punct(s, i, ',') || token_is_punct(s, i, ')') || token_is_punct(s, i, ';') ||
            token_is_punct(s, i, '-'))
            return i;
        if (s->tokens[i].kind == TOKEN_QUOTE || token_is_punct(s, i, ':') || clause_finite(s, i) ||
            token_among(s, i, " that not "))
            return 0;
        if (token_is_word(s, i, SPAN("to")) && !clause_names_hearer(s, i + 1, high))
            return 0;
    }
    return i == high ? i : 0;
}

/* a point Kovar made, a word Kovar used: no subject, but the reporter's word for what was said */
static bool is_aside(const struct scan *s, struct noun n)
{
    return n.end - n.first > 2 && token_among(s, n.first, " a an ") && !s->tokens[n.first + 1].upper &&
           !token_has(s, n.first + 1, LEX_TITLE | LEX_ROLE | LEX_ORG | LEX_DOC) &&
           s->tokens[n.first + 2].upper;
}

/* according to Kovar, the mayor */
static bool read_according(const struct scan *s, uint32_t i, uint32_t high, struct tail *out)
{
    struct noun who = noun_right(s, i + 2, high);
    uint32_t end;

    if (who.kind == NOUN_NONE)
        return false;
    *out = (struct tail){noun_apposed(s, who, high), i, i + 2, 0, RULE_INDIRECT_BY};
    for (end = out->who.end; end < high && end - i <= TAIL_LONGEST; end++)
        if (token_is_punct(s, end, ',') || s->tokens[end].kind == TOKEN_QUOTE)
            break;
    out->end = end;
    return end - i <= TAIL_LONGEST;
}

/* said Kovar, the mayor */
static bool read_verb_name(const struct scan *s, uint32_t i, uint32_t high, struct tail *out)
{
    struct noun who = noun_right(s, i + 1, high);
    uint32_t end;

    if (!noun_speaks(who) || (who.kind == NOUN_PRONOUN && who.end != high) ||
        token_is_word(s, i + 1, SPAN("that")) || !clause_speaker(s, who, LEX_SAY))
        return false;
    *out = (struct tail){noun_apposed(s, who, high), i, i + 1, 0, RULE_INDIRECT_VERB_NAME};
    end = out->who.end > out->who.role_end ? out->who.end : out->who.role_end;
    out->end = tail_end(s, end, high);
    return out->end != 0;
}

/* Past "(D-Lindau)", and past ", the mayor," at i; `who` with its role. high when a quotation is in between. */
static uint32_t skip_insertion(const struct scan *s, uint32_t i, uint32_t high, struct noun *who)
{
    uint32_t first = i;

    if (i < high && token_is_punct(s, i, '('))
        while (i < high && i - first < TAIL_LONGEST && !token_is_punct(s, i++, ')'))
            ;
    if (i >= high || !token_is_punct(s, i, ','))
        return i;
    *who = noun_apposed(s, *who, high);
    for (i++; i < high && i - first < TAIL_LONGEST && !token_is_punct(s, i, ','); i++)
        if (s->tokens[i].kind == TOKEN_QUOTE)
            return high;
    return i + 1;
}

/* Kovar, the mayor, told reporters */
static bool read_name_verb(const struct scan *s, uint32_t i, uint32_t high, struct tail *out)
{
    struct noun who = noun_right(s, i, high);
    uint32_t v, end, governs;

    if ((!noun_speaks(who) && who.kind != NOUN_OTHER) || is_aside(s, who))
        return false;
    v = skip_insertion(s, who.end, high, &who);
    while (v < high && (clause_auxiliary(s, v) || token_has(s, v, LEX_ADV)) && !token_has(s, v, LEX_CUE))
        v++;
    if (v >= high)
        return false;
    governs = clause_governs(s, v);
    if (!(governs & (LEX_CUE | LEX_CUE_BASE)) || !(governs & (LEX_THAT | LEX_HEARER)) ||
        !clause_asserted(s, v, i, false) || !clause_speaker(s, who, governs) ||
        (!(governs & LEX_CUE) && !clause_plural(s, who)))
        return false;
    end = v + 1;
    if (!(governs & LEX_THAT) && (end = clause_skip_hearer(s, v + 1, high)) == v + 1)
        return false;
    *out = (struct tail){who, v, v + 1, tail_end(s, end, high), RULE_INDIRECT_NAME_VERB};
    return out->end != 0;
}

bool tail_read(const struct scan *s, uint32_t i, uint32_t high, struct tail *out)
{
    uint32_t governs;

    if (i >= high)
        return false;
    if (token_has(s, i, LEX_ACCORDING))
        return i + 2 < high && token_is_word(s, i + 1, SPAN("to")) && read_according(s, i, high, out);
    governs = clause_governs(s, i);
    if (governs & LEX_CUE && governs & LEX_SAY)
        return read_verb_name(s, i, high, out);
    return read_name_verb(s, i, high, out);
}

/* called it “a disgrace” */
static bool governs_quotation(const struct scan *s, uint32_t v, uint32_t high)
{
    for (uint32_t i = v + 1; i < high && i - v < MARKED_NEAR; i++)
        if (s->tokens[i].kind == TOKEN_QUOTE)
            return true;
    return false;
}

/* Whether i begins a further verb of speech that the sentence joins to the first: and said, but he said. */
static bool joins_speech(const struct scan *s, uint32_t i, uint32_t high, bool comma)
{
    uint32_t v = clause_skip_time(s, i, high), reach = comma ? NEXT_LONGEST : NEXT_BARE_LONGEST;
    struct noun who;

    if (v < high && token_has(s, v, LEX_CUE) && governs_quotation(s, v, high))
        return true;
    if (v < high && !s->tokens[v].upper && token_has(s, v, LEX_SPEECH)) {
        if (token_has(s, v, LEX_CUE | LEX_CUE_ING))
            return true;
        if (token_has(s, v, LEX_CUE_BASE) && v + 1 < high && token_is_word(s, v + 1, SPAN("that")))
            return true;
    }
    for (v = i + 1; v < high && v - i < reach && s->tokens[v].kind != TOKEN_PUNCT; v++)
        if (token_among(s, v, " say says said "))
            return true;
    who = noun_right(s, i, high);
    if (!noun_speaks(who) || (!comma && who.kind != NOUN_PRONOUN))
        return false;
    v = clause_skip_time(s, who.end, high);
    while (v < high && (clause_auxiliary(s, v) || token_has(s, v, LEX_ADV)))
        v++;
    return v < high && token_has(s, v, LEX_CUE) && token_has(s, v, LEX_SPEECH) && !s->tokens[v].upper;
}

/* Whether the reporter goes on at i, which stands after a comma: according to Lind, adding that, but she said. */
static bool goes_on(const struct scan *s, uint32_t i, uint32_t high)
{
    struct tail tail;

    if (i + 1 >= high || (tail_read(s, i, high, &tail) && tail.end == high))
        return true;
    if (token_has(s, i, LEX_ACCORDING) || token_among(s, i, " compared despite while "))
        return true;
    if (token_has(s, i, LEX_CUE_ING) &&
        (token_has(s, i, LEX_SPEECH) || lex_clause(token_text(s, i), s->language) ||
         token_among(s, i, " calling accusing describing criticizing praising ")))
        return true;
    return token_has(s, i, LEX_JOIN) && joins_speech(s, i + 1, high, true);
}

uint32_t tail_cut(const struct scan *s, uint32_t first, uint32_t high)
{
    uint32_t depth = 0, i;

    for (i = first; i < high; i++) {
        if (i - first > CLAUSE_LONGEST)
            return 0;
        if (token_is_punct(s, i, '(')) {
            depth++;
        } else if (token_is_punct(s, i, ')')) {
            if (!depth)
                break;
            depth--;
        } else if (depth || i == first) {
            continue;
        } else if (token_is_punct(s, i, ';')) {
            break;
        } else if (token_is_punct(s, i, ',')) {
            if (goes_on(s, i + 1, high))
                break;
        } else if (!token_is_punct(s, i - 1, ',')) {
            if (token_has(s, i, LEX_ACCORDING))
                break;
            if (token_has(s, i, LEX_JOIN) && joins_speech(s, i + 1, high, false))
                break;
        }
    }
    while (i > first && s->tokens[i - 1].kind == TOKEN_PUNCT && s->tokens[i - 1].punct != ')')
        i--;
    return i;
}

bool tail_leads_to_quotation(const struct scan *s, uint32_t i, uint32_t high)
{
    while (i < high && s->tokens[i].kind == TOKEN_PUNCT)
        i++;
    return i < high && s->tokens[i].kind == TOKEN_QUOTE;
}
