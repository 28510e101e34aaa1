/* attribute.h -- what is seen of a quotation and of one who may have spoken it.
 *
 * The words round a quotation are turned into attributes once; every weighing (weigh.h) adds up the weights of those
 * that are there. A new thing to see is a new row here, a line in candidate.c that sees it, and `make train`.
 */
#ifndef INDEX_ATTRIBUTE_H
#define INDEX_ATTRIBUTE_H

#include <stdint.h>

/* clang-format off */
/*      id             what is seen */
#define ATTRIBUTES(X)                                                                             \
    X(ALWAYS)       /* of every candidate */                                                      \
    /* the cue */                                                                                 \
    X(NO_CUE)                                                                                     \
    X(CUE_SAID)     /* said, says */                                                              \
    X(CUE_SPEECH)   /* another verb of speech */                                                  \
    X(CUE_JUDGES)   /* called, accused */                                                         \
    X(CUE_OTHER)    /* any other verb */                                                          \
    X(CUE_IS)       /* is, would */                                                               \
    X(CUE_ING)      /* adding, calling */                                                         \
    X(CUE_PASSIVE)  /* was called */                                                              \
    X(CUE_NOUN)     /* Kovar’s claim */                                                           \
    /* tokens between the cue (or the mention, when there is none) and the quotation */           \
    X(GAP_0) X(GAP_3) X(GAP_8) X(GAP_FAR)                                                         \
    /* and between the cue and its subject */                                                     \
    X(SUBJECT_0) X(SUBJECT_4) X(SUBJECT_FAR)                                                      \
    /* what stands between */                                                                     \
    X(SPEECH_BETWEEN) X(QUOTE_BETWEEN) X(COMMA_BETWEEN) X(NAME_BETWEEN) X(THAT_BETWEEN)           \
    X(JUDGED_BETWEEN) X(PASSIVE_BETWEEN)                                                          \
    /* which candidate it is, counted from the quotation */                                       \
    X(ORDER_1) X(ORDER_2) X(ORDER_3)                                                              \
    /* the mention */                                                                             \
    X(PERSON_FULL) X(PERSON_SHORT) X(ORG) X(LAND) X(NAME) X(HE) X(IT) X(THEY) X(WE) X(ROLE) X(DOC) X(OTHER) \
    X(TITLED) X(OPENS) X(AFTER_PREP) X(AFTER_OBJECT) X(OWNS) X(SPOKE_BEFORE) X(LONG_PHRASE)       \
    X(RELATIVE) X(MAIN_SUBJECT) X(ALSO_BEFORE) X(SAME_BLOCK) X(NEXT_BLOCK) X(SENTENCE_1)          \
    X(SENTENCE_2)                                                                                 \
    /* the quotation */                                                                           \
    X(ENDS_COMMA) X(ENDS_STOP) X(ENDS_ASKING) X(ENDS_BARE)                                        \
    X(UPPER) X(LOWER) X(WORDS_1) X(WORDS_3) X(WORDS_9) X(WORDS_MANY)                              \
    X(FIRST_OF_SENTENCE) X(LAST_OF_SENTENCE) X(ALONE) X(OPENS_BLOCK) X(SINGLE_MARKS) X(HEADLINE)  \
    X(TITLE_CASE) X(SHOUTED) X(SENTENCE_ALONE)                                                    \
    X(ONLY_QUOTE) X(QUOTE_BEFORE)                                                                 \
    /* the token before it, and the one after */                                                  \
    X(PAST_COMMA) X(PAST_COLON) X(PAST_VERB) X(PAST_PREP) X(PAST_AS) X(PAST_DET) X(PAST_OWNER)    \
    X(PAST_JOIN) X(PAST_SUB) X(PAST_NAMED) X(PAST_WORD)                                           \
    X(THEN_STOP) X(THEN_COMMA) X(THEN_NOUN) X(THEN_NAME) X(THEN_PREP) X(THEN_VERB) X(THEN_JOIN)   \
    /* who a pronoun may mean: its latest mention */                                              \
    X(SEX_AGREES) X(SEX_UNKNOWN) X(KIND_AGREES) X(KIND_UNKNOWN) X(NO_NAME)                        \
    X(BACK_0) X(BACK_1) X(BACK_2) X(BACK_4) X(BACK_FAR)                                           \
    X(WAS_SUBJECT) X(WAS_OPENER) X(WAS_SPEAKER) X(WAS_PRONOUN) X(WAS_OBJECT) X(WAS_OWNER) X(SAME_PARAGRAPH) \
    X(LATEST) X(SECOND_LATEST) X(LATEST_SPEAKER) X(LATEST_OPENER) X(ONLY_ONE)                     \
    X(NAMED_ONCE) X(NAMED_TWICE) X(NAMED_OFTEN) X(NAMED_MOST) X(SURE_PERSON)                      \
    X(BY_CUE)       /* beside a verb of speech */                                                 \
    X(FIRST_PERSON) /* the first person of its sentence */                                        \
    X(NAMED_AFTER)  /* named again in the pronoun's sentence, after it */                         \
    X(NUMBER_AGREES) X(LATELY_OFTEN) X(PARAGRAPH_BEFORE)                                          \
    X(SAID_SAME)    /* in the same paragraph, before “…,” she said */                             \
    /* the chosen candidate, where it is asked whether this is a quotation and how sure the answer is */ \
    X(CHANCE_98) X(CHANCE_95) X(CHANCE_85) X(CHANCE_70) X(CHANCE_50) X(CHANCE_LOW)                             \
    X(TITLE_LED) X(TITLE_UNSAID) X(TITLE_NEAR) X(SHORT_UNSAID) X(SHORT_FAR) X(TERM) X(SHOUTED_UNSAID)  \
    X(BY_RIGHT) X(BY_LEFT) X(BY_FAR) X(BY_SUBJECT) X(BY_CONTEXT) X(BY_NOBODY)                     \
    X(MEANS_SHORT) X(MEANS_PRINTED) X(MEANS_SEX) X(MEANS_GUESS) X(MEANS_ROLE) X(MEANS_NOBODY) X(MEANS_THING)
/* clang-format on */

enum attribute {
#define X(id) A_##id,
    ATTRIBUTES(X)
#undef X
        ATTRIBUTE_COUNT
};

enum { ATTRIBUTES_MOST = 56 };

struct attributes {
    uint8_t of[ATTRIBUTES_MOST], count;
};

/* Past ATTRIBUTES_MOST nothing is added. */
static inline void attribute_add(struct attributes *list, enum attribute a)
{
    if (list->count < ATTRIBUTES_MOST)
        list->of[list->count++] = (uint8_t)a;
}

#endif
