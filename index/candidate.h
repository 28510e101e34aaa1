/* candidate.h -- who may have spoken a quotation, and what speaks for each.
 *
 * A rule that fits the words round a quotation names a candidate: a mention, the cue that ties it to the words, and
 * what is seen there (attribute.h). No rule decides: weigh.h gives each candidate its chance.
 */
#ifndef INDEX_CANDIDATE_H
#define INDEX_CANDIDATE_H

#include "index/cast.h"
#include "index/speaker.h"

enum { CANDIDATES_MOST = 20 };

/* What the words in the marks look like. */
struct shape {
    uint32_t words, long_words, capitals;
    bool starts_upper, starts_letter, dense, shouted;
};
struct shape shape_of(struct span text);

/* One quotation and the sentence it stands in. */
struct place {
    const struct scan *s;
    const struct cast *cast;
    uint32_t piece, at; /* the piece and its token */
    uint32_t low, high; /* the sentence's tokens */
    uint32_t block_end; /* the first token past the block */
    struct shape shape;
    struct attributes seen; /* of the quotation itself */
};

struct place place_of(const struct scan *s, const struct cast *cast, uint32_t piece);

/* The candidates of a quotation: out[0 .. CANDIDATES_MOST). `voices` of the pieces before it are known. In each
 * group the nearest comes first. Returns how many. Bounded work. */
uint32_t candidates_find(const struct place *at, const struct voice *voices, struct voice *out);

/* True when the sentence holds quotations only. */
bool place_stands_alone(const struct place *at);

#endif
