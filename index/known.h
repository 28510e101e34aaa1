/* known.h -- what we write into many rows in our own words, as numbers: rules, reasons, where a date came from, charsets.
 *
 * The numbers are part of the format: a row may be added to the table, and none moved or taken away. Words that are not in it
 * are written out.
 */
#ifndef INDEX_KNOWN_H
#define INDEX_KNOWN_H

#include "base/buf.h"
#include "base/take.h"

enum { KNOWN_MOST = 64 /* numbers are below this, also those to come */ };

/* 0 when they have none. */
uint32_t known_number(struct span words);

/* Empty when there are none of that number. */
struct span known_words(uint32_t number);

/* A text that may be known: its number, or KNOWN_MOST and its length, then the bytes. 0: empty. What is taken is borrowed. */
void put_known(struct buf *b, struct span text);
struct span take_known(struct take *t);

#endif
