/* weigh.c -- the chances of candidates; see weigh.h. */
#include "index/weigh.h"

#include <math.h>

/* Thousandths. Row, attribute. */
#define W(row, attribute, weight) [row][A_##attribute] = weight,
static const int16_t weights[WEIGH_ROWS][ATTRIBUTE_COUNT] = {
#include "index/weights.h"
};
#undef W

/* Thousandths: below it, and below the chance of nobody, nobody is named. Of those that stand just above, 40 % are
 * right: what was learned from has many gaps, which raise the chance of nobody. */
enum { LINE = 200 };

const char *weigh_attribute_name(enum attribute a)
{
    static const char *const names[] = {
#define X(id) #id,
        ATTRIBUTES(X)
#undef X
    };

    return names[a];
}

int16_t weigh_of(enum weigh_row row, enum attribute a)
{
    return weights[row][a];
}

int32_t weigh_sum(enum weigh_row row, const struct attributes *seen)
{
    int32_t score = 0;

    for (uint8_t i = 0; i < seen->count; i++)
        score += weights[row][seen->of[i]];
    return score;
}

uint32_t weigh_candidates(struct voice *all, uint32_t count)
{
    int32_t score[64], most = INT32_MIN;
    float total = 0, share[64];
    uint32_t best = count - 1, nobody = count - 1;

    for (uint32_t i = 0; i < count; i++) {
        score[i] = weigh_sum((enum weigh_row)all[i].rule, &all[i].seen);
        if (i != nobody)
            score[i] += weigh_sum(WEIGH_ANY, &all[i].seen);
        if (score[i] > most)
            most = score[i];
    }
    for (uint32_t i = 0; i < count; i++)
        total += share[i] = expf((float)(score[i] - most) / 1000);
    for (uint32_t i = 0; i < count; i++) {
        float sum = share[i];

        for (uint32_t k = 0; k < nobody && i != nobody; k++) /* one mention, found by several rules */
            if (k != i && all[k].mention_start == all[i].mention_start)
                sum += share[k];
        all[i].chance = (uint16_t)(1000 * sum / total);
        if (i != nobody && (best == nobody || all[i].chance > all[best].chance ||
                            (all[i].chance == all[best].chance && score[i] > score[best])))
            best = i;
    }
    return all[best].chance >= LINE || all[best].chance >= all[nobody].chance ? best : nobody;
}

uint16_t weigh_one(enum weigh_row row, const struct attributes *seen)
{
    return (uint16_t)(1000 / (1 + expf(-(float)weigh_sum(row, seen) / 1000)));
}
