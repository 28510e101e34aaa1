/* dense.h -- speakers in Japanese, where particles mark who speaks and no space parts the words.
 *
 *      「雨が降る」と田中氏は述べた      the quotation, to, NAME, ha
 *      田中氏は「雨が降る」と述べた      NAME, ha, the quotation
 */
#ifndef INDEX_DENSE_H
#define INDEX_DENSE_H

#include "index/sentence.h"

struct voice;

/* Names the speaker of the piece when a particle beside it tells; false otherwise. */
bool dense_speaker(const struct scan *s, uint32_t piece, struct voice *v);

/* The name without 氏, さん, 首相 ... */
struct span dense_name(struct span mention);

#endif
