/* period.h -- where a sentence of news ends.
 *
 * break.c cuts as UAX #29 says, which knows no words. Here each stop is looked at once more, with the word before it
 * and what comes next:
 *
 *      The U.S. Senate met at 5 p.m. The vote was close … “Really?” she asked. He left.[1] It rained.
 *             ^               ^      ^                ^        ^              ^         ^
 *             no           no, yes: The begins       no, small letter        yes       yes, with its note
 *
 *      AS_UAX    nothing is known better: a cut where UAX #29 has one
 *      GOES_ON   a cut of UAX #29 is none (Mr. Kovar, 3. Oktober, “Really?” Kovar asked)
 *      ENDS      it misses one (the end.The council, … on Monday. 12 people came)
 *
 * What closes after the stop (marks, brackets, notes) and the white space belong to the sentence that ends. A line
 * end is white space, a blank line ends a sentence. docs/TEXT.md says which rules there are and why.
 *
 * Promises: cuts rise, the last is the end of the text, and each lies between characters as readers see them.
 * Nothing is allocated. Linear: a stop looks a bounded way back and ahead. The cuts depend on the text alone.
 */
#ifndef INDEX_PERIOD_H
#define INDEX_PERIOD_H

#include "base/span.h"

struct period_reader {
    struct span text; /* borrowed */
    size_t start;     /* of the next sentence */
    size_t uax;       /* the cut of UAX #29 looked at last */
};

void period_open(struct period_reader *r, struct span text);

/* Moves to the next sentence and gives its end; false after the last one. */
bool period_next(struct period_reader *r, size_t *end);

/* Whether a point right after the word makes it a shortened one: Mr., p.m., an initial. */
bool period_shortens(struct span word);

#endif
