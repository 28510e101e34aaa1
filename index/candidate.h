/* candidate.h -- who may have spoken a quotation, and what speaks for each.
 *
 * A rule that fits the words round a quotation names a candidate: a mention, the cue that ties it to the words, and
 * what is seen there (attribute.h). No rule decides: weigh.h gives each candidate its chance.
 */
#ifndef INDEX_CANDIDATE_H
#define INDEX_CANDIDATE_H

#include "index/place.h"
#include "index/speaker.h"

enum { CANDIDATES_MOST = 20 };

/* The candidates of a quotation: out[0 .. CANDIDATES_MOST). `voices` of the pieces before it are known. In each
 * group the nearest comes first. Returns how many. Bounded work. */
uint32_t candidates_find(const struct place *at, const struct voice *voices, struct voice *out);

#endif
