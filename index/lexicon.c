/* lexicon.c -- looks words up in the table of the word lists; see lexicon.h and words.h. */
#include "index/lexicon.h"

#include "index/fold.h"
#include "index/words.h"

struct span lex_key(struct span word, char *key)
{
    return (struct span){key, fold_text(word, FOLD_LOOSE, key, LIMIT_WORD)};
}

/* The slot of a word, or the empty one where it would stand. */
static const struct word_slot *slot_for(struct span word)
{
    static const struct word_slot unknown;
    char buffer[LIMIT_WORD];
    struct span key;

    if (word.len > WORD_LONGEST)
        return &unknown;
    key = lex_key(word, buffer);
    for (uint32_t i = word_hash_of(key) & word_slot_mask;; i = (i + 1) & word_slot_mask) {
        const struct word_slot *slot = &word_slots[i];

        if (!slot->len || span_eq((struct span){word_letters + slot->letters, slot->len}, key))
            return slot;
    }
}

uint32_t lex_bits(struct span word, const struct language *language)
{
    const struct word_sense *sense = &word_senses[slot_for(word)->sense];
    uint32_t bits = 0;

    for (;; sense++) {
        if (sense->language == 0 || sense->language == language->number)
            bits |= sense->bits;
        if (sense->last)
            return bits;
    }
}

uint32_t lex_bits_anywhere(struct span word)
{
    const struct word_sense *sense = &word_senses[slot_for(word)->sense];
    uint32_t bits = sense->bits;

    while (!sense->last)
        bits |= (++sense)->bits;
    return bits;
}

uint32_t lex_period(struct span word)
{
    return slot_for(word)->period;
}

uint32_t lex_clause(struct span word, const struct language *language)
{
    const struct word_sense *sense = &word_senses[slot_for(word)->sense];

    while (sense->language != language->number && !sense->last)
        sense++;
    if (sense->language != language->number || !(sense->clause & WORD_CLAUSE))
        return 0;
    return (sense->clause & WORD_CLAUSE) | (sense->bits & (LEX_CUE | LEX_CUE_BASE | LEX_CUE_ING));
}

uint32_t lex_noun(struct span word, const struct language *language)
{
    const struct word_sense *sense = &word_senses[slot_for(word)->sense];
    uint32_t bits = 0;

    for (;; sense++) {
        if (sense->language == 0 || sense->language == language->number)
            bits |= sense->clause & ~(uint32_t)WORD_CLAUSE;
        if (sense->last)
            return bits;
    }
}

uint64_t lex_tells(struct span word, bool capital)
{
    const struct word_sense *sense = &word_senses[slot_for(word)->sense];
    uint64_t set = 0;

    if (capital && sense->language == 0 && (sense->bits & (LEX_MALE | LEX_FEMALE | LEX_PLACE)))
        return 0;
    for (;; sense++) {
        if (sense->tells)
            set |= (uint64_t)1 << sense->language;
        if (sense->last)
            return set;
    }
}
