/* json_read.h -- one JSON object, field by field, in place.
 *
 *      {"id":17,"tags":["a","b"],"text":"“We did it,” said Ada Kovar.\n"}
 *        key ^^ FIELD_INTEGER      key ^^^^ FIELD_STRING, raw: what stands between its marks
 *             key ^^^^ FIELD_OTHER: read over
 *
 * For records of which two fields are wanted, in lines of which millions come. A field is not copied, and a string
 * is decoded only when its owner asks.
 *
 * It accepts less than RFC 8259 allows, and nothing else: keys with escapes, U+0000, numbers that a double or 18 digits
 * may not hold, and deep nesting are refused like what is no JSON. So what it accepts any parser accepts, with the
 * same values. It has no words for what is wrong: whoever needs them, or the rest, asks a whole parser (jansson).
 * Bytes that nobody vouches for are what it is made for. Linear; allocates only to decode.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/arena.h"

enum field_kind {
    FIELD_STRING,
    FIELD_INTEGER, /* as it would be written again */
    FIELD_LITERAL, /* true, false, null */
    FIELD_OTHER    /* a number with a fraction, an array, an object */
};

struct json_field {
    struct span key;
    enum field_kind kind;
    struct span raw; /* the value as it stands there; of a string what is between its marks */
};

struct json_reader {
    const char *at, *end;
    bool started;
};

void json_open(struct json_reader *r, struct span text);

/* 1 and the next field; 0 when the object has ended and nothing but white space follows; ERR_NOTTEXT for what is
 * refused. Duplicate keys are given as they come: the last one counts. */
int json_next(struct json_reader *r, struct json_field *field);

/* What a raw string says, well-formed UTF-8 without a NUL: itself where nothing is escaped, else decoded in mem.
 * A span with .at NULL when memory ran out. */
struct span json_decode(struct arena *mem, struct span raw);

#endif
