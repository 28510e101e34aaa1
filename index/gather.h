/* gather.h -- puts the records of an article together, in the order of their start. */
#ifndef INDEX_GATHER_H
#define INDEX_GATHER_H

#include "index/quote.h"

enum { NO_RECORD = 0xFFFFFFFF };

/* Puts more[0 .. more_count), which is in order, among the quotes. `inside` of those is an index of the quotes before, or
 * NO_RECORD; every index becomes one of the whole. Statements and the quotations beside them that one mention speaks become
 * one utterance. All memory is mem's. Returns 0 or ERR_NOMEM. Linear. */
int gather(struct arena *mem, struct quote **quotes, uint32_t *count, const struct quote *more,
           uint32_t more_count);

#endif
