/* filter.h -- marked words that nobody said: titles of shows, slogans, terms, scare quotes. */
#ifndef INDEX_FILTER_H
#define INDEX_FILTER_H

#include "index/place.h"
#include "index/speaker.h"

/* The chance, in thousandths, that the words are a quotation at all, after their speaker was chosen; adds to v->seen
 * what that rests on. In English learned (weigh.h), but for titles; elsewhere 0 or 1000, by rule. */
uint16_t filter_chance(const struct place *at, struct voice *v);

#endif
