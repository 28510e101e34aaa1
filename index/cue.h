/* cue.h -- verbs that can carry a quotation: said, called, would. */
#ifndef INDEX_CUE_H
#define INDEX_CUE_H

#include "index/noun.h"

/* A finite verb of speech or judgement, seen with its neighbours: "reports" after a noun is a verb, after "the" none. */
bool cue_is(const struct scan *s, uint32_t i);

/* say, think: after they, after a modal, after voters. */
bool cue_is_base(const struct scan *s, uint32_t i, uint32_t low);

/* was called, has been branded: who did it is not the subject. */
bool cue_is_passive(const struct scan *s, uint32_t i, uint32_t low);

/* Any other finite verb, as far as its form tells: slapped, is, would. English only. */
bool cue_is_verb(const struct scan *s, uint32_t i, uint32_t low);

/* Past "has also", "later", "on Monday": where the verb itself may stand. */
uint32_t cue_skip_small(const struct scan *s, uint32_t i, uint32_t high);

#endif
