/* json.h -- writing JSON into a buf. Reading it is json_read.h's work, or jansson's; this is for answers.
 *
 * json_key and json_sep keep the commas: a value or key is preceded by one when the byte before it asks
 * for it, so that writers need no state.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buf.h"

/* A comma, unless the last byte is one of `{[,:` or the buf is empty or ends a line. */
void json_sep(struct buf *b);

/* `"name":`, with the comma before it where one is due. The name is written as it is. */
void json_key(struct buf *b, const char *name);

/* Past the bytes that stand for themselves in a JSON string: printable ASCII but for `"` and `\`. Of the rest each
 * character must be looked at. */
const char *json_plain(const char *at, const char *end);

/* The text in quotation marks, escaped; bytes that are not UTF-8 become U+FFFD. */
void json_text(struct buf *b, struct span s);

/* A key and its value. */
void json_put_text(struct buf *b, const char *name, struct span s);
void json_put_int(struct buf *b, const char *name, int64_t n);
void json_put_bool(struct buf *b, const char *name, bool yes);
void json_put_null(struct buf *b, const char *name);

#endif
