/* kept.h -- an answer as it stands in the cache (wire/cache.h): its numbers, what may have been meant, its text.
 *
 *      | found 8 | shown 8 | people 8 | hints 4 | hints: JSON | answer: as the client passes it on |
 *
 * Numbers are in the byte order of the machine; one that the method does not have is -1. The answer is the JSON of `answer`
 * where the format is json, else the text itself. Bytes that do not fit are no answer: they may come from a damaged segment.
 */
#ifndef WIRE_KEPT_H
#define WIRE_KEPT_H

#include <string.h>

#include "base/buf.h"

enum { KEPT_HEAD = 28 };

struct kept {
    int64_t found, shown, people;
    struct span hints, answer; /* hints: a JSON list, or empty */
};

static inline void kept_put(struct buf *b, const struct kept *k)
{
    uint32_t hints = (uint32_t)k->hints.len;

    buf_put(b, (const char *)&k->found, sizeof k->found);
    buf_put(b, (const char *)&k->shown, sizeof k->shown);
    buf_put(b, (const char *)&k->people, sizeof k->people);
    buf_put(b, (const char *)&hints, sizeof hints);
    buf_span(b, k->hints);
    buf_span(b, k->answer);
}

/* The spans are borrowed from the bytes. */
static inline bool kept_take(struct span bytes, struct kept *k)
{
    uint32_t hints;

    if (bytes.len < KEPT_HEAD)
        return false;
    memcpy(&k->found, bytes.at, sizeof k->found);
    memcpy(&k->shown, bytes.at + 8, sizeof k->shown);
    memcpy(&k->people, bytes.at + 16, sizeof k->people);
    memcpy(&hints, bytes.at + 24, sizeof hints);
    if (hints > bytes.len - KEPT_HEAD)
        return false;
    k->hints = (struct span){bytes.at + KEPT_HEAD, hints};
    k->answer = span_cut(bytes, KEPT_HEAD + hints, bytes.len);
    return true;
}

#endif
