/* words.h -- the word lists of index/words/ as one table; words.c is written at build time by index/words/compile.c.
 *
 *      tags     hash of a folded word ──► a byte of its hash: what is no word, or another, is told by these alone, and
 *               they are few enough to stay near
 *      slots    beside each tag: how it begins, which languages it tells, where its letters and its first sense stand
 *      senses   what it can be, language by language; number 0 holds in every language and comes first
 *
 *      die ──► {German: article, pronoun, small word} {English: none}   Ada ──► {0: a woman's first name}
 */
#ifndef INDEX_WORDS_H
#define INDEX_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/eight.h"

enum {
    WORD_LONGEST = 64,   /* bytes of a folded word: no list holds a longer one */
    WORD_CLAUSE = 0x7FF, /* what of `clause` is enum lex_clause; the rest is enum lex_noun */
    WORD_NAME = 1        /* of `tells`: with a capital it is a name or a place, and tells nothing */
};

struct word_slot {
    uint64_t head;  /* its first eight bytes: all of most words (eight.h) */
    uint64_t tells; /* the languages told by it, 1 << number; and WORD_NAME */
    uint32_t letters;
    uint16_t sense;
    uint8_t len;
    uint8_t period; /* enum lex_period */
};

struct word_sense {
    uint32_t bits;    /* enum lex_bits */
    uint16_t clause;  /* enum lex_clause and enum lex_noun */
    uint8_t language; /* struct language's number */
    bool last;        /* of its word */
};

extern const uint8_t word_tags[]; /* 0: an empty slot */
extern const struct word_slot word_slots[];
extern const uint32_t word_slot_mask; /* slots less one; they are a power of two */
extern const char word_letters[];
extern const struct word_sense word_senses[]; /* the first is nothing */

/* Eight bytes at a time; no adversary gains by long chains in a fixed table. */
static inline uint64_t word_hash_more(uint64_t hash, uint64_t eight)
{
    hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

static inline uint32_t word_hash_of(struct span key)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < key.len; i += 8)
        hash = word_hash_more(hash, eight_until(key.at + i, key.at + key.len));
    return (uint32_t)hash;
}

/* 1 to 255, of bits that say nothing about the slot. */
static inline uint8_t word_tag_of(uint32_t hash)
{
    return (uint8_t)(hash >> 24 | 1);
}

#endif
