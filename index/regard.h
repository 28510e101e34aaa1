/* regard.h -- what is seen of one who may have spoken: the cue, the mention, and what stands between. */
#ifndef INDEX_REGARD_H
#define INDEX_REGARD_H

#include "index/place.h"
#include "index/speaker.h"

/* Fills c->seen, of a candidate for the quotation at `at`. `order`: how many of its group stand nearer. `voices` of
 * the pieces before are known. */
void regard(struct voice *c, const struct place *at, const struct voice *voices, uint32_t order);

#endif
