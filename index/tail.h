/* tail.h -- what a reporter adds to somebody's words without marks: who said them, and what else was said.
 *
 *      The bridge would close | , Kovar , the mayor , said on Monday
 *      The bridge would close | , according to Kovar
 *      Kovar said the bridge would close | , adding that it was old
 *                                        | but she called it safe
 */
#ifndef INDEX_TAIL_H
#define INDEX_TAIL_H

#include "index/clause.h"
#include "index/speaker.h"

enum { TAIL_LONGEST = 40 /* tokens of ", Kovar, the mayor of Lindau, said in an interview on Monday" */ };

struct tail {
    struct noun who;
    uint32_t cue, cue_end;
    uint32_t end; /* the first token after it: the sentence's end, or what closes it: a comma, a dash */
    enum speaker_rule rule;
};

/* Reads the tail at token i of a sentence that ends before `high`, after the comma. */
bool tail_read(const struct scan *s, uint32_t i, uint32_t high, struct tail *out);

/* Where the words that begin at `first` end: with the sentence, or before what the reporter adds. 0 when they are
 * too many for a sentence. */
uint32_t tail_cut(const struct scan *s, uint32_t first, uint32_t high);

/* “…” follows: the words before it are the beginning of what was said in it. */
bool tail_leads_to_quotation(const struct scan *s, uint32_t i, uint32_t high);

#endif
