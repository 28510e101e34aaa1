/* clause.c -- what a verb of speech governs; see clause.h. */
#include "index/clause.h"

#include "base/eight.h"

enum {
    ADJUNCT_LONGEST = 16, /* tokens of "in an interview on Monday" between the verb and what it governs */
    GROUP_LONGEST = 6,    /* tokens of "has also, repeatedly," before a verb */
    PHRASES = 3,          /* after the first of a subject: the people in the town on the river */
    UNKNOWN_WORDS = 4     /* words of a subject that no list knows, and the verb: American bridges closed */
};

bool token_among(const struct scan *s, uint32_t i, const char *words)
{
    struct span w = token_text(s, i);
    const char *end = words + strlen(words);

    if (s->tokens[i].kind != TOKEN_WORD || (unsigned char)w.at[0] >= 0x80)
        return false;
    for (const char *at = words; at < end; at += 7) { /* a space, and the letter after it */
        uint64_t eight = eight_until(at, end);
        uint64_t begins = eight_is(eight, ' ') << 8 & eight_is(eight, (unsigned char)w.at[0]);

        for (; begins; begins &= begins - 1) {
            const char *word = at + __builtin_ctzll(begins) / 8;

            if ((size_t)(end - word) > w.len && word[w.len] == ' ' && memcmp(word, w.at, w.len) == 0)
                return true;
        }
    }
    return false;
}

/* Where the apostrophe of he’d, they're stands; the word's length when it has none near its end. */
static size_t apostrophe_of(struct span w)
{
    for (size_t i = w.len; i > 0 && w.len - i < 3; i--) {
        if (w.at[i - 1] == '\'')
            return i - 1;
        if (i >= 3 && memcmp(w.at + i - 3, "’", 3) == 0)
            return i - 3;
    }
    return w.len;
}

/* he’d, they’re, it's: a pronoun and its verb in one word */
static bool is_contraction(const struct scan *s, uint32_t i)
{
    struct span w = token_text(s, i);
    size_t at = apostrophe_of(w);

    if (at == 0 || at == w.len)
        return false;
    w.len = at;
    return (lex_bits(w, s->language) & LEX_PRONOUN) || span_eq(w, SPAN("there")) ||
           span_eq(w, SPAN("that")) || span_eq(w, SPAN("this"));
}

static bool ends_like(const struct scan *s, uint32_t i, struct span ending)
{
    const struct token *t = &s->tokens[i];

    return t->kind == TOKEN_WORD && !t->upper && t->end - t->start > ending.len + 2 &&
           span_ends(token_text(s, i), ending);
}

bool clause_auxiliary(const struct scan *s, uint32_t i)
{
    return token_has(s, i, LEX_AUX) && !(s->tokens[i].bits & LEX_PRONOUN);
}

bool clause_finite(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i];

    if (t->kind != TOKEN_WORD || t->upper)
        return false;
    if (is_contraction(s, i))
        return true;
    if (t->bits & LEX_PRONOUN)
        return false;
    if (t->bits & LEX_AUX)
        return !token_among(s, i, " be been being having ");
    return (t->bits & (LEX_VERB | LEX_CUE)) || ends_like(s, i, SPAN("ed"));
}

bool clause_has_verb(const struct scan *s, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end && i - first < CLAUSE_LONGEST; i++)
        if (clause_finite(s, i))
            return true;
    return false;
}

uint32_t clause_governs(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i], *before = i ? &s->tokens[i - 1] : NULL;
    uint32_t governs;

    if (t->kind != TOKEN_WORD || t->upper || !(t->bits & (LEX_CUE | LEX_CUE_BASE | LEX_CUE_ING)) ||
        t->possessive)
        return 0;
    governs = lex_clause(token_text(s, i), s->language);
    if (!(governs & LEX_CUE) || !before || before->kind == TOKEN_PUNCT ||
        !span_ends(token_text(s, i), SPAN("s")) || (governs & LEX_SAY))
        return governs;
    /* Kovar’s claims, the reports, 13 states: a verb in -s follows its subject, or an adverb */
    if (before->possessive || before->kind != TOKEN_WORD ||
        !(noun_is_capital(before) ||
          (before->bits & (LEX_PRONOUN | LEX_WHO | LEX_ADV | LEX_ROLE | LEX_DOC | LEX_ORG))))
        return 0;
    return governs;
}

/* did not, would, to: what follows was not said, or only might be. */
static bool unsays(const struct scan *s, uint32_t i)
{
    struct span w = token_text(s, i);

    return span_ends(w, SPAN("n’t")) || span_ends(w, SPAN("n't")) ||
           token_among(
               s, i,
               " not never hardly to would could should can may might must will shall cannot ought did "
               "do does ");
}

bool clause_asserted(const struct scan *s, uint32_t v, uint32_t low, bool progressive)
{
    for (uint32_t i = v; i > low && v - i < GROUP_LONGEST; i--) {
        bool small = token_has(s, i - 1, LEX_AUX | LEX_ADV | LEX_PREP) || ends_like(s, i - 1, SPAN("ly"));

        if (!small || unsays(s, i - 1))
            return !small;
        if (!progressive && token_among(s, i - 1, " is are was were be been being am "))
            return false; /* passive */
        if (s->tokens[i - 1].bits & (LEX_PREP | LEX_PRONOUN))
            return true;
    }
    return true;
}

bool clause_plural(const struct scan *s, struct noun who)
{
    const struct token *last = &s->tokens[who.end - 1];

    if (who.kind == NOUN_PRONOUN)
        return (last->bits & LEX_THEY) != 0;
    if (token_has(s, who.end - 1, LEX_DET) &&
        !token_among(s, who.end - 1, " some many few most others both all "))
        return false;
    return (span_ends(token_text(s, who.end - 1), SPAN("s")) && !last->possessive) ||
           last->bits & LEX_PEOPLE ||
           token_among(s, who.end - 1, " people police many some others most men women few both ") ||
           token_among(s, who.first, " many some most several ");
}

bool clause_speaker(const struct scan *s, struct noun who, uint32_t governs)
{
    if (who.kind == NOUN_NONE || (who.kind == NOUN_OTHER && !(governs & (LEX_SAY | LEX_HEARER))))
        return false;
    if (governs & LEX_SHOW && !(governs & LEX_BARE) &&
        !token_has(s, who.end - 1, LEX_DOC | LEX_ORG | LEX_ROLE))
        return false;
    return !(who.kind == NOUN_PRONOUN && (s->tokens[who.first].bits & LEX_I));
}

uint32_t clause_skip_time(const struct scan *s, uint32_t i, uint32_t high)
{
    while (i < high) {
        if (token_has(s, i, LEX_CALENDAR) ||
            (token_has(s, i, LEX_ADV) && !token_has(s, i, LEX_SUB | LEX_DET) &&
             !token_among(s, i, " there here ")))
            i++;
        else if (i + 1 < high && token_has(s, i, LEX_PREP) && token_has(s, i + 1, LEX_CALENDAR))
            i += 2;
        else if (s->tokens[i].kind == TOKEN_NUMBER && token_has(s, i - 1, LEX_CALENDAR))
            i++;
        else
            break;
    }
    return i;
}

/* A subject at i, with "in Lindau", and its verb: the others, … would. */
static bool opens_plainly(const struct scan *s, uint32_t i, uint32_t high)
{
    struct noun n = noun_right(s, i, high);

    if (n.kind == NOUN_NONE)
        return false;
    for (int k = 0; k < PHRASES && n.end + 1 < high && token_has(s, n.end, LEX_PREP); k++) {
        struct noun more = noun_right(s, n.end + 1, high);

        if (more.kind == NOUN_NONE)
            break;
        n = more;
    }
    for (i = n.end; i < high && i < n.end + UNKNOWN_WORDS; i++) {
        if (clause_finite(s, i))
            return true;
        if (s->tokens[i].kind != TOKEN_WORD || s->tokens[i].upper || (s->tokens[i].bits & ~(uint32_t)LEX_ADV))
            return false;
    }
    return false;
}

/* Whether a clause without that begins at i: a subject and, somewhere, its verb. */
static bool opens_clause(const struct scan *s, uint32_t i, uint32_t high, uint32_t governs)
{
    const struct token *t;

    if (i + CLAUSE_LEAST > high)
        return false;
    t = &s->tokens[i];
    if (t->kind == TOKEN_QUOTE || (t->kind == TOKEN_PUNCT && s->article->text.at[t->start] != '$'))
        return false;
    if (t->kind == TOKEN_WORD && !noun_is_capital(t)) {
        if (is_contraction(s, i))
            return true;
        if (token_among(s, i, " if when while because although though unless once since "))
            return governs & LEX_SAY && clause_has_verb(s, i + 1, high);
        if (token_among(s, i, " no yes nothing goodbye hello so thanks sorry little "))
            return token_among(s, i, " no little ") && opens_plainly(s, i, high);
        if (t->bits & LEX_PRONOUN && !(t->bits & LEX_DET))
            return s->tokens[i + 1].kind == TOKEN_WORD;
        if (token_among(s, i, " it there this these those that ") && governs & LEX_SAY)
            return clause_has_verb(s, i + 1, high);
        if ((t->bits & (LEX_PREP | LEX_JOIN | LEX_WHO | LEX_AUX | LEX_SUB)) && !(t->bits & LEX_DET))
            return false;
    }
    return governs & LEX_SAY ? clause_has_verb(s, i + 1, high) : opens_plainly(s, i, high);
}

/* Whether "that" at i opens a clause. */
static bool opens_that(const struct scan *s, uint32_t i, uint32_t high)
{
    return i + CLAUSE_LEAST < high && token_is_word(s, i, SPAN("that")) && !token_is_punct(s, i + 1, '.') &&
           s->tokens[i + 1].kind != TOKEN_QUOTE && !(clause_finite(s, i + 1) && !is_contraction(s, i + 1));
}

bool clause_names_hearer(const struct scan *s, uint32_t i, uint32_t high)
{
    return i < high && (s->tokens[i].upper || token_has(s, i, LEX_DET | LEX_ROLE));
}

uint32_t clause_skip_hearer(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t first = i;

    if (i < high && s->tokens[i].kind == TOKEN_WORD && (s->tokens[i].bits & LEX_PRONOUN) &&
        !(s->tokens[i].bits & LEX_DET))
        return i + 1;
    if (i < high && token_among(s, i, " him her me us them you "))
        return i + 1;
    while (i < high && i - first < ADJUNCT_LONGEST) {
        const struct token *t = &s->tokens[i];

        if (t->kind != TOKEN_WORD && t->kind != TOKEN_NUMBER)
            break;
        if (i > first && !t->upper &&
            (token_has(s, i, LEX_DET | LEX_PRONOUN | LEX_SUB | LEX_WHO | LEX_AUX | LEX_ADV) ||
             is_contraction(s, i) ||
             (token_has(s, i, LEX_PREP | LEX_JOIN) && !token_among(s, i, " of and "))))
            break;
        if (i > first && t->upper && !s->tokens[i - 1].upper && !s->tokens[i - 1].possessive &&
            !token_has(s, i - 1, LEX_DET | LEX_OF | LEX_JOIN | LEX_TITLE))
            break; /* told voters | Kovar would */
        i++;
    }
    return i;
}

/* Where the question at i, or after a hearer there, begins: asked (the council) | whether. */
static uint32_t question_start(const struct scan *s, uint32_t i, uint32_t high)
{
    static const char words[] = " whether if how why ";

    if (!token_among(s, i, words))
        i = clause_skip_hearer(s, i, high);
    return i + CLAUSE_LEAST < high && token_among(s, i, words) ? i : 0;
}

/* Where the "that" after "in an interview on Monday" at i stands. */
static uint32_t that_after_adjunct(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t first = i;

    if (!token_among(s, i, " in on at during to after before with by through via from over "))
        return 0;
    for (i++; i < high && i - first < ADJUNCT_LONGEST; i++) {
        if (opens_that(s, i, high))
            return i;
        if (s->tokens[i].kind == TOKEN_QUOTE || token_has(s, i, LEX_CUE | LEX_AUX | LEX_WHO))
            return 0;
    }
    return 0;
}

uint32_t clause_start(const struct scan *s, uint32_t v, uint32_t high, uint32_t governs)
{
    uint32_t i = v + 1;
    bool heard = false;

    if (i >= high)
        return 0;
    if (token_among(s, v, " point points pointed pointing ")) { /* pointed out that, not pointed at */
        if (!token_is_word(s, i, SPAN("out")) || ++i >= high)
            return 0;
    }
    if (governs & LEX_HEARER) {
        uint32_t end = clause_skip_hearer(s, i, high);

        heard = end > i && end < high;
        if (!heard && !(governs & LEX_THAT))
            return 0;
        if (heard && (token_is_word(s, end, SPAN("that")) || !(governs & LEX_THAT)))
            i = end;
    }
    i = clause_skip_time(s, i, high);
    if (i >= high)
        return 0;
    if (governs & LEX_ASK && !heard) {
        uint32_t question = question_start(s, i, high);

        if (question)
            return question;
    }
    if (governs & LEX_TO && i + CLAUSE_LEAST < high && token_is_word(s, i, SPAN("to")) &&
        !clause_names_hearer(s, i + 1, high))
        return i;
    if (!(governs & (LEX_THAT | LEX_HEARER)))
        return 0;
    if (opens_that(s, i, high))
        return i;
    if ((governs & LEX_BARE || (governs & LEX_HEARER && heard)) && opens_clause(s, i, high, governs))
        return i;
    return that_after_adjunct(s, i, high);
}
