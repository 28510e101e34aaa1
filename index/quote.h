/* quote.h -- the quotations of an article, and who said each.
 *
 * One record a piece: a quotation of three paragraphs is three records, a sentence with two fragments is
 * two, joined by `utterance`. A bullet, headline or pull quote that repeats words of the body is a record
 * with `twin_of`. A speaker that cannot be named by a rule is empty, never a guess. What is reported without marks is
 * a record of its own kind, between the others. No two records share a byte, but for a reported quotation, which stands
 * `inside` the one that tells it. */
#ifndef INDEX_QUOTE_H
#define INDEX_QUOTE_H

#include "index/article.h"
#include "index/why.h"

/* Raise it when the rules find different quotes or speakers: files analysed with another are done again. */
enum { QUOTE_RULES_VERSION = 8 };

enum quote_kind {
    QUOTE_DIRECT,   /* whole sentences in marks */
    QUOTE_MIXED,    /* words in marks inside the reporter's sentence */
    QUOTE_PULL,     /* set apart without marks, with a name line */
    QUOTE_REPORTED, /* inside the words of another quotation, whose speaker tells it (nested.h) */
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
    struct span person;  /* whom the speaker is when it is only a role ("mayor"): "Ada Kovar"; or empty */
    const char *rule;    /* the rule that named the speaker, e.g. "after-said"; static, never NULL */
    const char *why;     /* how the mention became the speaker, in words; static or NULL */
    const struct step *steps; /* the same with the words it rested on, from the mention to the name */
    uint32_t step_count;
    const struct why *details; /* with QUOTE_REASONS, and only where a mention was chosen; or NULL */
    uint16_t confidence;       /* thousandths */
    uint32_t utterance;        /* index of the first record of the same utterance (its own when alone) */
    uint32_t twin_of;          /* index of the record whose words it repeats, or its own index */
    uint32_t inside; /* QUOTE_REPORTED: index of the record that it stands in; its own index otherwise */
};

/* What more is wanted; neither changes anything about the other quotes but which record an utterance begins with. */
enum quote_want {
    QUOTE_STATEMENTS = 1, /* statements without marks too */
    QUOTE_REASONS = 2     /* the details of every choice */
};

/* Finds the quotes of an article, in the order of their start. `want`: a set of enum quote_want. All memory is mem's, but
 * spans may also point into the article. Linear in the text but for a constant number of passes. Returns 0 or ERR_NOMEM. */
int quote_find(struct arena *mem, const struct article *a, unsigned want, struct quote **out,
               uint32_t *count);

/* "direct", "mixed", "pull", "reported", "indirect". */
const char *quote_kind_name(enum quote_kind kind);

#endif
