/* lexicon.c -- looks words up in the table of the word lists; see lexicon.h and words.h. */
#include "index/lexicon.h"

#include "index/fold.h"
#include "index/words.h"

_Static_assert(sizeof((struct lex_plain *)0)->key == WORD_LONGEST, "a key of the lists fits");

struct span lex_key(struct span word, char *key)
{
    return (struct span){key, fold_text(word, FOLD_LOOSE, key, LIMIT_WORD)};
}

/* An ASCII character in both folds, but for the apostrophe. */
static char fold_one(unsigned char c)
{
    return (char)(c + ((char_ascii[c] & CHAR_UPPER) ? 'a' - 'A' : 0));
}

/* Folds a word of ASCII and hashes it on the way: nearly every word of most articles. False for others, and for one with
 * an apostrophe, whose possessive goes. */
static bool fold_plain(struct span word, char *key, uint32_t *hash)
{
    uint32_t h = WORD_HASH_SEED;

    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.at[i];

        if (!(char_ascii[c] & (CHAR_LETTER | CHAR_DIGIT)) && c != '-' && c != '.')
            return false;
        key[i] = fold_one(c);
        h = word_hash_more(h, key[i]);
    }
    *hash = h;
    return true;
}

/* Folds any word and hashes its key. */
static struct span fold_any(struct span word, char buffer[LIMIT_WORD], uint32_t *hash)
{
    struct span key = {buffer, word.len};

    if (word.len > WORD_LONGEST || !fold_plain(word, buffer, hash)) {
        key = lex_key(word, buffer);
        *hash = word_hash_of(key);
    }
    return key;
}

uint32_t lex_hash(struct span word)
{
    char buffer[LIMIT_WORD];
    uint32_t hash;

    (void)fold_any(word, buffer, &hash);
    return hash;
}

const char *lex_read_plain(const char *at, const char *end, struct lex_plain *word)
{
    const char *start = at, *fits = end - at < WORD_LONGEST ? end : at + WORD_LONGEST;
    uint32_t h = WORD_HASH_SEED;

    for (; at < fits && (char_ascii[(unsigned char)*at] & (CHAR_LETTER | CHAR_DIGIT)); at++) {
        char c = fold_one((unsigned char)*at);

        word->key[at - start] = c;
        h = word_hash_more(h, c);
    }
    at = char_pass_plain(at, end);
    word->hash = h;
    word->len = (uint32_t)(at - start);
    return at;
}

static const struct word_slot unknown;

static const struct word_slot *slot_of(struct span key, uint32_t hash)
{
    uint8_t tag = word_tag_of(hash);

    for (uint32_t i = word_place_of(hash) & word_slot_mask; word_tags[i]; i = (i + 1) & word_slot_mask) {
        const struct word_slot *slot = &word_slots[i];

        if (word_tags[i] == tag && span_eq((struct span){word_letters + slot->letters, slot->len}, key))
            return slot;
    }
    return &unknown;
}

static const struct word_slot *slot_for(struct span word)
{
    char buffer[LIMIT_WORD];
    struct span key;
    uint32_t hash;

    if (word.len > WORD_LONGEST)
        return &unknown;
    key = fold_any(word, buffer, &hash);
    return slot_of(key, hash);
}

static uint32_t bits_in(const struct word_slot *slot, const struct language *language)
{
    const struct word_sense *sense = &word_senses[slot->sense];
    uint32_t bits = 0;

    for (;; sense++) {
        if (sense->language == 0 || sense->language == language->number)
            bits |= sense->bits;
        if (sense->last)
            return bits;
    }
}

uint32_t lex_bits(struct span word, const struct language *language)
{
    return bits_in(slot_for(word), language);
}

uint32_t lex_plain_bits(const struct lex_plain *word, const struct language *language)
{
    return word->len > WORD_LONGEST
               ? 0
               : bits_in(slot_of((struct span){word->key, word->len}, word->hash), language);
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
