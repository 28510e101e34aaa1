/* quote.h -- the quotations of an article, and who said each.
 *
 * One record a piece: a quotation of three paragraphs is three records, a sentence with two fragments is
 * two, joined by `utterance`. A bullet, headline or pull quote that repeats words of the body is a record
 * with `twin_of`. A speaker that cannot be named by a rule is empty, never a guess. What is reported without marks is
 * a record of its own kind, between the others; no two records share a byte. */
#ifndef INDEX_QUOTE_H
#define INDEX_QUOTE_H

#include "index/article.h"

/* Raise it when the rules find different quotes or speakers: files analysed with another are done again. */
enum { QUOTE_RULES_VERSION = 6 };

enum quote_kind {
    QUOTE_DIRECT,   /* whole sentences in marks */
    QUOTE_MIXED,    /* words in marks inside the reporter's sentence */
    QUOTE_PULL,     /* set apart without marks, with a name line */
    QUOTE_INDIRECT, /* what somebody is reported to have said, in the reporter's words (indirect.h) */
    QUOTE_KINDS
};

struct quote {
    uint32_t start, end;                 /* the words, without the marks; bytes of article.text */
    uint32_t context_start, context_end; /* the sentence or sentences it stands in */
    uint32_t mention_start, mention_end; /* the speaker as printed there ("she"); equal when there is none */
    uint32_t cue_start, cue_end;         /* "said"; equal when there is none */
    enum quote_kind kind;
    struct span speaker; /* as resolved ("Orla Venn"), or empty */
    struct span role;    /* as printed ("the museum’s director"), or empty */
    const char *rule;    /* the rule that named the speaker, e.g. "after-said"; static, never NULL */
    const char
        *why; /* how the mention became the speaker, e.g. "pronoun: last woman named"; static or NULL */
    uint16_t confidence; /* thousandths */
    uint32_t utterance;  /* index of the first record of the same utterance (its own when alone) */
    uint32_t twin_of;    /* index of the record whose words it repeats, or its own index */
};

/* Finds the quotes of an article, in the order of their start. All memory is mem's, but spans may also
 * point into the article. Linear in the text but for a constant number of passes. Returns 0 or ERR_NOMEM. */
int quote_find(struct arena *mem, const struct article *a, struct quote **out, uint32_t *count);

/* "direct", "mixed", "pull", "indirect". */
const char *quote_kind_name(enum quote_kind kind);

#endif
