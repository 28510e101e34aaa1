/* bag.h -- the words of one document or quote become its terms: each once, with how often and where it stands.
 *
 *      words      the@0  dog@1  saw@2  the@3
 *      terms      the: 2 times, @0 @3     dog: once, @1     saw: once, @2
 *
 * A stretch of the document, as a quote is one, becomes a unit of its own out of the same words: none is read or looked up
 * twice.
 *
 * This is the half of making a segment that any thread can do (analyse.c). The other half, which puts the terms of many
 * documents together, is the batch (segment.h): it looks each term up once a document, not once a word.
 *
 * A bag belongs to one thread and is used again and again; what it gives lies in the arena of the caller.
 */
#ifndef INDEX_BAG_H
#define INDEX_BAG_H

#include "base/arena.h"
#include "index/schema.h"

struct bag_term {
    const char *key; /* its bytes, and behind them its positions as pack_put_positions writes them */
    uint32_t hash;   /* of the key and the field */
    uint32_t len;    /* of the key */
    uint32_t positions_len;
    uint32_t count; /* positions */
    uint32_t extra; /* what they weigh more than their count */
};

struct bag_unit {
    enum field field;
    uint32_t number; /* of the quote among those of its article, or whatever the caller counts */
    uint32_t count;
    const struct bag_term *terms; /* in the order in which they came up */
};

struct bag;

struct bag *bag_new(void); /* NULL when memory is out */
void bag_free(struct bag *b);

/* Begins a unit; one that was not ended is forgotten. */
void bag_begin(struct bag *b, enum field field, uint32_t number);

/* What each of the words that follow weighs more than another (rank.h). */
void bag_extra(struct bag *b, unsigned extra);

/* A word of the unit; positions do not fall. The same word at the same position counts once. */
int bag_word(struct bag *b, struct span key, uint32_t pos);

/* Ends the unit. Its words are remembered until the next one begins. */
int bag_end(struct bag *b, struct arena *mem, struct bag_unit *out);

/* How many words were noted so far: where a stretch begins or ends. */
uint32_t bag_mark(const struct bag *b);

/* After bag_end: the words between two marks as a unit of a field that has no pairs (term.h). Positions count from `first`. */
int bag_stretch(struct bag *b, enum field field, uint32_t number, uint32_t from, uint32_t to, uint32_t first,
                struct arena *mem, struct bag_unit *out);

#endif
