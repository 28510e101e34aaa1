/* break.h -- where a text may be cut: between words, sentences, and characters as readers see them.
 *
 * The rules are those of UAX #29, revision 41 (Unicode 15.0), to the letter: its three files of test cases pass.
 * What news needs beyond them stands in word.c and period.c. Bytes that are no UTF-8 count as one character
 * U+FFFD each. Pure functions of the text; linear: no byte is looked at more than a constant number of times
 * while a text is walked from cut to cut.
 */
#ifndef INDEX_BREAK_H
#define INDEX_BREAK_H

#include <stdint.h>

#include "base/span.h"

/* The end of the piece that begins at `at`, a cut before the end of the text. */
size_t break_word(struct span text, size_t at);
size_t break_sentence(struct span text, size_t at);
size_t break_cluster(struct span text, size_t at);

/* True when a character surely ends at `at`, from one look at either side. False at some ends that only a walk from the
 * start could tell: between flags, among Korean letters. */
bool break_is_border(struct span text, size_t at);

#endif
