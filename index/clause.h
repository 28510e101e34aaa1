/* clause.h -- what an English verb of speech governs without quotation marks: a clause, a question, a promise.
 *
 *      Kovar said in an interview | that the bridge would close
 *      Kovar told reporters | the bridge would close
 *      Kovar asked the council | whether it would
 *
 * Without a parser: a clause has a subject at its start and a finite verb near it. Every walk is bounded.
 */
#ifndef INDEX_CLAUSE_H
#define INDEX_CLAUSE_H

#include "index/noun.h"

enum {
    CLAUSE_LEAST = 3,     /* words of one */
    CLAUSE_LONGEST = 120, /* tokens: beyond it the text is no sentence */
};

/* Whether the token is one of the words, which stand in one string with a space on either side of each. */
bool token_among(const struct scan *s, uint32_t i, const char *words);

static inline bool token_is_word(const struct scan *s, uint32_t i, struct span word)
{
    return s->tokens[i].kind == TOKEN_WORD && span_eq(token_text(s, i), word);
}

/* An auxiliary that is no pronoun with one (he’s). */
bool clause_auxiliary(const struct scan *s, uint32_t i);

/* A verb that can make a clause of the words before it; whether there is one in [first, end). */
bool clause_finite(const struct scan *s, uint32_t i);
bool clause_has_verb(const struct scan *s, uint32_t first, uint32_t end);

/* What the word at i may govern as a verb (enum lex_clause, and its form); 0 when it is none, or as likely the
 * plural of a noun. */
uint32_t clause_governs(const struct scan *s, uint32_t i);

/* False where the words before the verb at v, down to `low`, say that it was not said, or may be, or is passive. */
bool clause_asserted(const struct scan *s, uint32_t v, uint32_t low, bool progressive);

/* Whether `who` can be the subject of a verb that governs so: a person, not the reporter; many of them for a base
 * form (they say). */
bool clause_speaker(const struct scan *s, struct noun who, uint32_t governs);
bool clause_plural(const struct scan *s, struct noun who);

/* Past "also", "on Monday", "June 5" at i; past the hearer at i: reporters, the crowd. */
uint32_t clause_skip_time(const struct scan *s, uint32_t i, uint32_t high);
uint32_t clause_skip_hearer(const struct scan *s, uint32_t i, uint32_t high);

/* to reporters, to the Lindau Post, where i is the word after "to"; not to close it */
bool clause_names_hearer(const struct scan *s, uint32_t i, uint32_t high);

/* Where what the verb at v governs begins, before `high`; 0 when it governs nothing. */
uint32_t clause_start(const struct scan *s, uint32_t v, uint32_t high, uint32_t governs);

#endif
