/* impact.h -- how much of a score a word gives to a document: between nothing and all that its rarity allows.
 *
 *      saturation = w / (w + k1 · (1 - b + b · length / mean))        k1 = 1.2, b = 0.75 (BM25; rank.h)
 *
 * A block of a posting list keeps the greatest of its numbers, as an impact of 1 to 65535, rounded up. The mean length changes
 * while the archive grows; a block keeps that of its segment when it was written, and impact_drift says by how much the
 * saturation can have grown since: with a mean m' > m the denominator shrinks to m / m' of itself at most.
 */
#ifndef INDEX_IMPACT_H
#define INDEX_IMPACT_H

#include <stdint.h>

enum { IMPACT_MOST = 65535 };

#define BM25_K1 1.2
#define BM25_B  0.75

static inline double impact_saturation(double weight, double words, double mean)
{
    return weight / (weight + BM25_K1 * (1 - BM25_B + BM25_B * words / mean));
}

/* Rounded up, and never less than one step above nothing. */
static inline uint32_t impact_of(double weight, double words, double mean)
{
    double steps = impact_saturation(weight, words, mean) * IMPACT_MOST;
    uint32_t impact = (uint32_t)steps + 1;

    return impact < IMPACT_MOST ? impact : IMPACT_MOST;
}

/* What a saturation with `mean` may be, at most and at least, as a part of that with the mean it was written with. */
static inline double impact_drift_up(double mean, double written)
{
    return mean > written ? mean / written : 1;
}

static inline double impact_drift_down(double mean, double written)
{
    return mean < written ? mean / written : 1;
}

#endif
