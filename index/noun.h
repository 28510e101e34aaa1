/* noun.h -- noun phrases, found from their borders: who stands before a verb, who after it.
 *
 *      The head of the agency , Dr. Mara Lind , told reporters
 *      [noun..............]     [noun.......]
 *
 * Without a parser: a phrase runs as far as its words can belong to one, and stops at verbs, commas,
 * quotations and small words. Every walk is bounded, so that a hostile text stays linear.
 */
#ifndef INDEX_NOUN_H
#define INDEX_NOUN_H

#include "index/sentence.h"

enum noun_kind {
    NOUN_NONE,
    NOUN_PRONOUN, /* she */
    NOUN_NAME,    /* holds capitals: Mayor Ada Kovar, the Lindau Institute */
    NOUN_ROLE,    /* two officials, the statement */
    NOUN_OTHER    /* the weather */
};

struct noun {
    uint32_t first, end; /* tokens */
    enum noun_kind kind;
    uint32_t role_first,
        role_end; /* tokens of a role beside the name, as printed; equal when there is none */
};

/* The phrase that begins at token i, before `high` / that ends before token i, down to `low`. */
struct noun noun_right(const struct scan *s, uint32_t i, uint32_t high);
struct noun noun_left(const struct scan *s, uint32_t i, uint32_t low);

/* The subject of the verb at token v, looked for on its left down to `low`: steps over adverbs and
 * auxiliaries, over ", 35, the daughter of a miner," and over who. */
struct noun noun_subject(const struct scan *s, uint32_t v, uint32_t low);

/* The subject of the sentence in tokens [low, high): the first phrase, after any introduction. */
struct noun noun_main(const struct scan *s, uint32_t low, uint32_t high);

/* Ada Kovar in “the mayor, Ada Kovar, said”: the name beside a role, when one stands there; else `n`, with
 * the role that follows it. */
struct noun noun_apposed(const struct scan *s, struct noun n, uint32_t high);

static inline bool noun_is_given(const struct token *t)
{
    return (t->bits & (LEX_MALE | LEX_FEMALE)) != 0;
}

/* “Hammer” in Ada “Hammer” Kovar: marks inside a name. */
bool noun_is_nickname(const struct scan *s, uint32_t i);

/* Whether the token stands in the headline: a title that is no sentence with its full stop. */
bool noun_in_headline(const struct scan *s, uint32_t i);

/* A capitalised word that is part of a name. */
static inline bool noun_is_capital(const struct token *t)
{
    if (t->kind != TOKEN_WORD || !t->upper)
        return false;
    if (noun_is_given(t))
        return true;
    return !(t->bits & (LEX_FUNCTION | LEX_CALENDAR)) &&
           !((t->first || t->headline) &&
             (t->bits & (LEX_ADV | LEX_CUE_ING | LEX_CUE | LEX_VERB | LEX_ACCORDING)));
}

/* The words of a phrase as printed, without an article before and a possessive ending: officials. */
struct span noun_words(const struct scan *s, struct noun n);

/* True for a word that names a person, an organisation or a thing that speaks. */
static inline bool noun_speaks(struct noun n)
{
    return n.kind == NOUN_PRONOUN || n.kind == NOUN_NAME || n.kind == NOUN_ROLE;
}

static inline bool token_is_punct(const struct scan *s, uint32_t i, char punct)
{
    return s->tokens[i].kind == TOKEN_PUNCT && s->tokens[i].punct == punct;
}

static inline bool token_has(const struct scan *s, uint32_t i, uint32_t bits)
{
    return s->tokens[i].kind == TOKEN_WORD && (s->tokens[i].bits & bits);
}

#endif
