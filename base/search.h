/* search.h -- where something stands among rising numbers. */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include <stdint.h>

/* The place of the first number that is not below `least`; `count` when all are. */
static inline uint32_t search_from(const uint32_t *numbers, uint32_t count, uint64_t least)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (numbers[middle] < least)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
