/* sentence.h -- an article as tokens and sentences, with its quotations masked.
 *
 * The rules that find speakers look at the words round a quotation, never inside it. So a whole marked
 * piece is one token here:
 *
 *      “We did it,” said Mayor Ada Kovar. “All of us.”
 *      [QUOTE 0   ] said Mayor Ada Kovar .| [QUOTE 1 ]|      | ends a sentence
 *
 * What stands inside a quotation's marks ends a sentence only when it says so itself (“…us.” does).
 */
#ifndef INDEX_SENTENCE_H
#define INDEX_SENTENCE_H

#include "index/lexicon.h"
#include "index/mark.h"
#include "index/shape.h"

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_PUNCT, TOKEN_QUOTE };

struct token {
    uint32_t start, end; /* bytes of article.text */
    uint32_t bits;       /* enum lex_bits, as far as its capital letter leaves it possible */
    uint32_t sentence;
    uint32_t quote; /* TOKEN_QUOTE: index of the piece */
    enum token_kind kind;
    char punct;      /* TOKEN_PUNCT: , . ! ? : ; - ( ) or 0 */
    bool upper;      /* begins with a capital */
    bool possessive; /* ends with ’s or s’ */
    bool first;      /* the first word of its sentence */
    bool headline;   /* in a Block Where Most Words Have Capitals: they tell little there */
};

struct sentence {
    uint32_t first, end; /* tokens */
    uint32_t block;
    bool headline; /* most of its words have capitals */
};

struct scan {
    const struct article *article;
    const struct marked *pieces;
    uint32_t piece_count;
    struct token *tokens;
    uint32_t token_count;
    struct sentence *sentences;
    uint32_t sentence_count;
    uint32_t *token_of;              /* of each piece */
    struct shape *shapes;            /* and what its words look like */
    const struct language *language; /* the article's; never NULL */
    bool english;                    /* it is English: some rules rest on its word order */
};

/* All memory is mem's. Returns 0 or ERR_NOMEM. Linear. */
int sentence_scan(struct arena *mem, const struct article *a, const struct language *language,
                  const struct marked *pieces, uint32_t piece_count, struct scan *out);

static inline struct span token_text(const struct scan *s, uint32_t i)
{
    return span_cut(s->article->text, s->tokens[i].start, s->tokens[i].end);
}

/* The word without its possessive ending. */
struct span token_stem(const struct scan *s, uint32_t i);

/* The last character inside piece q: , . ! ? - (any dash) or 0; '~' for an ellipsis. */
char piece_ending(const struct scan *s, uint32_t q);

#endif
