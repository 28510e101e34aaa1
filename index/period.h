/* period.h -- where a sentence of news ends.
 *
 * The cuts of UAX #29 (break.h), but for those that news does not mean, and with some that it means besides:
 *
 *      none      Mr.| Okoro    J.| R. Okoro    No.| 7    z.| B.    am 3.| Oktober    1.| The council    in the U.S.| Senate
 *                “Really?”| she asked          Yahoo!| said        a line that wraps|
 *      one       at 5 p.m. |The council        and then… |He left  the end.|The council         It rose. |3 people fell
 *                as she wrote.[1] |Then        in 1998.² |Then
 *
 * Which words keep their stop is abbreviations.h. One that may end a sentence does so when the next word is one that sentences
 * begin with, or there is none. Pure function of the text, linear, any thread.
 */
#ifndef INDEX_PERIOD_H
#define INDEX_PERIOD_H

#include "base/span.h"

/* The end of the sentence that begins at `at`, with the white space behind it. `text` is a paragraph or several: one line end
 * is a space, a blank line ends a sentence. Between characters as readers see them. */
size_t period_next(struct span text, size_t at);

#endif
