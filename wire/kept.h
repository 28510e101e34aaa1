/* kept.h -- an answer as it stands in the cache (wire/cache.h): its text, what may have been meant, its numbers.
 *
 *      | answer: as the client passes it on | hints: JSON | found 8 | shown 8 | people 8 | length of hints 4 |
 *
 * Numbers are in the byte order of the machine; one that the method does not have is -1. The answer is the JSON of `answer`
 * where the format is json, else the text itself; it comes first, so that it can be copied to where the caller wants it. Bytes
 * that do not fit are no answer: they may come from a damaged segment.
 */
#ifndef WIRE_KEPT_H
#define WIRE_KEPT_H

#include <string.h>

#include "base/buf.h"

enum { KEPT_NUMBERS = 28 };

struct kept {
    int64_t found, shown, people;
    struct span hints, answer; /* hints: a JSON list, or empty */
};

static inline void kept_put(struct buf *b, const struct kept *k)
{
    uint32_t hints = (uint32_t)k->hints.len;

    buf_span(b, k->answer);
    buf_span(b, k->hints);
    buf_put(b, (const char *)&k->found, sizeof k->found);
    buf_put(b, (const char *)&k->shown, sizeof k->shown);
    buf_put(b, (const char *)&k->people, sizeof k->people);
    buf_put(b, (const char *)&hints, sizeof hints);
}

/* The spans are borrowed from the bytes. */
static inline bool kept_take(struct span bytes, struct kept *k)
{
    const char *numbers;
    uint32_t hints;

    if (bytes.len < KEPT_NUMBERS)
        return false;
    numbers = bytes.at + bytes.len - KEPT_NUMBERS;
    memcpy(&k->found, numbers, sizeof k->found);
    memcpy(&k->shown, numbers + 8, sizeof k->shown);
    memcpy(&k->people, numbers + 16, sizeof k->people);
    memcpy(&hints, numbers + 24, sizeof hints);
    if (hints > bytes.len - KEPT_NUMBERS)
        return false;
    k->hints = (struct span){numbers - hints, hints};
    k->answer = (struct span){bytes.at, bytes.len - KEPT_NUMBERS - hints};
    return true;
}

#endif
