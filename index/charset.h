/* charset.h -- bytes of unknown encoding become UTF-8.
 *
 * Asked in this order, each surer than the next: a byte order mark; strict UTF-8; zeros in every second
 * byte (UTF-16); what the text declares of itself (`charset: koi8-r` in front matter, `-*- coding: ... -*-`);
 * and only then a guess (uchardet) from a sample round the first byte that is not ASCII.
 */
#ifndef INDEX_CHARSET_H
#define INDEX_CHARSET_H

#include "index/read.h"

/* The text as UTF-8 in *out: the bytes themselves when they are UTF-8 already (*plain is then true), else a
 * copy in `mem`. Sets report->charset; on ERR_NOTTEXT also report->detail. A byte order mark stays in a
 * plain text, so that offsets are the file's. */
int charset_decode(struct arena *mem, struct span bytes, struct span *out, bool *plain,
                   struct read_report *report);

#endif
