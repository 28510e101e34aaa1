/* render_why.h -- why a quotation has its speaker (why.h), in words and in JSON. */
#ifndef INDEX_RENDER_WHY_H
#define INDEX_RENDER_WHY_H

#include "base/buf.h"
#include "index/quote.h"

/* In words, with `between` between the reasons; here a line end:
 *
 *      quote-name-verb, as in: “…,” Kovar said
 *      “said” (bytes 51–55), and “she” (56–59)
 *      “she” means “Venn” (30–34): pronoun: the woman lately named
 *      “Venn” means “Orla Venn” (2–11): the full name in the article
 *      chances: “she” 96 %, “Kovar” 3 %, nobody 1 %; that it is a quotation at all: 99 %
 *
 * `text` is the article's, of which the quote holds places; `add` is added to those that are told. */
void why_words(struct buf *b, struct span text, const struct quote *q, uint32_t add, const char *between);

/* The members of a JSON object, without its braces:
 *
 *      "rule","like","explanation",
 *      "mention","mention_start","mention_end","cue","cue_start","cue_end"      only where there is one
 *      "steps":[{"text","start","end","how"}],
 *      "quotation", "choices":[{"mention","start","end","rule","chance"}],      nobody is null, without places
 *      "evidence":[{"seen","weight"}]                                           only with details */
void why_json(struct buf *b, struct span text, const struct quote *q, uint32_t add);

#endif
