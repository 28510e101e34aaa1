/* speaker.h -- who said it: the rules that tie a quotation to a mention of its speaker.
 *
 * Each rule has a name, which every quote carries. A rule gives the mention as printed ("she", "Kovar", "the mayor,
 * Ada Kovar"); name.h finds out who that is. In English all rules that fit name candidates (candidate.h) and the
 * likeliest is taken (weigh.h); elsewhere the first that fits is, and the thousandths below say how far to trust it.
 */
#ifndef INDEX_SPEAKER_H
#define INDEX_SPEAKER_H

#include "index/attribute.h"
#include "index/cast.h"

/* clang-format off */
/*    id                   name                 thousandths, what it looks like */
#define SPEAKER_RULES(X)                                                                                      \
    X(NONE,                "none",                  100, "no rule names a speaker")                           \
    X(AFTER_NAME,          "quote-name-verb",       970, "“…,” Kovar said")                                   \
    X(AFTER_VERB,          "quote-verb-name",       985, "“…,” said Kovar")                                   \
    X(AFTER_BY,            "quote-according-to",    930, "“…,” according to Kovar")                           \
    X(AFTER_FAR,           "quote-far-said",        900, "“…” if it rains, said Kovar")                       \
    X(LABEL,               "label",                 950, "KOVAR: “…”")                                        \
    X(DASH,                "dash",                  900, "“…” — Ada Kovar")                                   \
    X(BEFORE,              "name-verb-quote",       920, "Kovar said: “…”")                                   \
    X(BEFORE_FAR,          "name-verb-far-quote",   910, "Kovar said the plan was, in the end, “…”")          \
    X(BEFORE_VERB,         "verb-name-quote",       900, "Said Kovar: “…”")                                   \
    X(BEFORE_BY,           "according-to-quote",    910, "According to Kovar, “…”")                           \
    X(PARTICIPLE,          "participle",            840, "…, adding that “…”")                                \
    X(BY,                  "by-name",               800, "called “…” by Kovar")                               \
    X(OWNER,               "name-owns-quote",       750, "Kovar’s “…” remark")                                \
    X(SUBJECT,             "sentence-subject",      660, "Kovar is “…” to nobody")                            \
    X(SAME_PLACE,          "same-paragraph",        980, "“…,” Kovar said. “…”")                              \
    X(SAME_SENTENCE,       "same-sentence",         650, "“…” and “…”")                                       \
    X(GOES_ON,             "paragraph-goes-on",     880, "“… ¶ “…”")                                          \
    X(ANNOUNCED,           "announced",             890, "Kovar said: ¶ “…”")                                 \
    X(SENTENCE_BEFORE,     "sentence-before",       800, "Kovar shrugged. “…”")                               \
    X(PARAGRAPH_BEFORE,    "paragraph-before",      900, "a paragraph that is all quotation")                 \
    X(TWIN,                "twin",                  850, "repeats words whose speaker is known")              \
    X(NAME_LINE,           "name-line",             980, "the line under a pull quote")                       \
    X(DENSE,               "japanese-particle",     850, "「…」と田中氏は述べた")       \
    /* without marks (indirect.h); here the share that annotators cut alike, with the speaker right */        \
    X(INDIRECT_THAT,       "name-verb-that",        800, "Kovar said that …")                                 \
    X(INDIRECT_BARE,       "name-verb-clause",      800, "Kovar said …")                                      \
    X(INDIRECT_ING,        "verb-ing-clause",       760, "…, adding that …")                                  \
    X(INDIRECT_NAME_VERB,  "clause-name-verb",      750, "…, Kovar said")                                     \
    X(INDIRECT_VERB_NAME,  "clause-verb-name",      840, "…, said Kovar")                                     \
    X(INDIRECT_BY,         "clause-according-to",   750, "…, according to Kovar")                             \
    X(INDIRECT_OPENING,    "according-to-clause",   840, "According to Kovar, …")
/* clang-format on */

enum speaker_rule {
#define X(id, name, confidence, like) RULE_##id,
    SPEAKER_RULES(X)
#undef X
        SPEAKER_RULE_COUNT
};

const char *speaker_rule_name(enum speaker_rule rule);
uint16_t speaker_rule_confidence(enum speaker_rule rule);

/* What it looks like, in a sentence about Kovar; NULL for a name that is no rule's. Linear in the rules. */
const char *speaker_rule_like(struct span name);

struct voice {
    enum speaker_rule rule;
    struct noun mention;                 /* tokens; kind NOUN_NONE where the place is not made of tokens */
    uint32_t mention_start, mention_end; /* bytes; equal when there is none */
    uint32_t cue_first, cue_end;         /* tokens; equal when there is none */
    uint32_t from;                       /* the piece whose speaker it takes over; its own index otherwise */
    bool speech;                         /* the cue is a verb of speech */
    uint16_t chance;                     /* thousandths: of all that may have spoken, that it is this one */
    uint16_t quotation;                  /* thousandths: that the words are a quotation at all */
    struct attributes seen;
};

/* Shown the candidates of every piece that has any, nobody the last of them, and which one was taken. */
typedef void speaker_watch(void *watcher, uint32_t piece, const struct voice *all, uint32_t count,
                           uint32_t taken);

/* Fills voices[0 .. scan->piece_count); `watch` may be NULL. Linear. */
void speaker_find(const struct cast *cast, struct voice *voices, speaker_watch *watch, void *watcher);

#endif
