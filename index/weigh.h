/* weigh.h -- the chances of candidates, out of weights learned from articles marked by hand.
 *
 * A log-linear model: a candidate's score is the sum of the weights of what is seen of it, one row of weights for
 * each rule and one for all of them; its chance is its share of the sum of exp(score) over all candidates, "nobody"
 * among them. Two rows more are asked with one answer each (a logistic regression): whether the marked words are a
 * quotation, and whether the answer is right. `make train` makes weights.h anew.
 */
#ifndef INDEX_WEIGH_H
#define INDEX_WEIGH_H

#include "index/speaker.h"

enum weigh_row {
    WEIGH_ANY = SPEAKER_RULE_COUNT,
    WEIGH_QUOTATION,
    WEIGH_SURE,
    WEIGH_PERSON,
    WEIGH_THING,
    WEIGH_ROWS
};

const char *weigh_attribute_name(enum attribute a);

/* Sets the chance of each; returns the index of the one to take. The last is nobody. count >= 1. */
uint32_t weigh_candidates(struct voice *all, uint32_t count);

/* The sum of a row's weights: in WEIGH_PERSON and WEIGH_THING of those whom he, she or it may mean. */
int32_t weigh_sum(enum weigh_row row, const struct attributes *seen);

/* The weight of one thing that is seen. */
int16_t weigh_of(enum weigh_row row, enum attribute a);

/* The chance, in thousandths, that a row of one answer gives to what is seen. */
uint16_t weigh_one(enum weigh_row row, const struct attributes *seen);

#endif
