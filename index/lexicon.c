/* lexicon.c -- looks words up in the table of the word lists; see lexicon.h and words.h. */
#include "index/lexicon.h"

#include "index/fold.h"
#include "index/words.h"

_Static_assert(sizeof((struct lex_plain *)0)->key == WORD_LONGEST, "a key of the lists fits");

struct span lex_key(struct span word, char *key)
{
    return (struct span){key, fold_text(word, FOLD_LOOSE, key, LIMIT_WORD)};
}

/* The first n of eight ASCII letters, digits, hyphens and points, in both folds: the small ones have this bit. */
static uint64_t fold_eight(uint64_t eight, unsigned n)
{
    return eight_first(eight | EIGHT(0x20), n);
}

/* Folds a word of these and hashes it on the way: nearly every word of most articles. False for others, and for one
 * with an apostrophe, whose possessive goes. */
static bool fold_plain(struct span word, char *key, uint32_t *hash)
{
    const char *end = word.at + word.len;
    uint64_t h = 0;

    for (size_t i = 0; i < word.len; i += 8) {
        uint64_t eight = eight_until(word.at + i, end);
        unsigned n = word.len - i < 8 ? (unsigned)(word.len - i) : 8;

        if (eight_run(char_plain(eight) | eight_is(eight, '-') | eight_is(eight, '.')) < n)
            return false;
        eight_put(key + i, eight = fold_eight(eight, n));
        h = word_hash_more(h, eight);
    }
    *hash = (uint32_t)h;
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

/* FNV-1a, which the order of chains in cast.c rests on. */
uint32_t lex_hash(struct span word)
{
    char buffer[LIMIT_WORD];
    uint32_t hash, fnv = 2166136261u;
    struct span key = fold_any(word, buffer, &hash);

    for (size_t i = 0; i < key.len; i++)
        fnv = (fnv ^ (unsigned char)key.at[i]) * 16777619u;
    return fnv;
}

const char *lex_read_plain(const char *at, const char *end, struct lex_plain *word)
{
    const char *start = at;
    uint64_t h = 0, digits = 0;
    size_t len = 0;
    unsigned n;

    do {
        uint64_t eight = eight_until(at, end);

        at += n = eight_run(char_plain(eight));
        if (n == 0 || len == WORD_LONGEST)
            continue;
        eight = fold_eight(eight, n);
        digits |= eight_first(~eight & EIGHT(0x40), n); /* a bit of every letter */
        eight_put(word->key + len, eight);
        h = word_hash_more(h, eight);
        len += 8;
    } while (n == 8);
    word->hash = (uint32_t)h;
    word->len = (uint32_t)(at - start);
    word->digits = digits != 0;
    return at;
}

static const struct word_slot unknown;

/* `head`: the first eight bytes of the key. */
static inline const struct word_slot *slot_of(struct span key, uint64_t head, uint32_t hash)
{
    uint8_t tag = word_tag_of(hash);

    for (uint32_t i = hash & word_slot_mask; word_tags[i]; i = (i + 1) & word_slot_mask) {
        const struct word_slot *slot = &word_slots[i];

        if (word_tags[i] == tag && slot->head == head && slot->len == key.len &&
            (key.len <= 8 || memcmp(word_letters + slot->letters + 8, key.at + 8, key.len - 8) == 0))
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
    return slot_of(key, eight_until(key.at, key.at + key.len), hash);
}

static const struct word_slot *slot_for_plain(const struct lex_plain *word)
{
    if (word->len == 0 || word->len > WORD_LONGEST)
        return &unknown;
    return slot_of((struct span){word->key, word->len}, eight_at(word->key), word->hash);
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
    return bits_in(slot_for_plain(word), language);
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

static uint64_t tells(const struct word_slot *slot, bool capital)
{
    return capital && (slot->tells & WORD_NAME) ? 0 : slot->tells & ~(uint64_t)WORD_NAME;
}

uint64_t lex_tells(struct span word, bool capital)
{
    return tells(slot_for(word), capital);
}

uint64_t lex_plain_tells(const struct lex_plain *word, bool capital)
{
    return tells(slot_for_plain(word), capital);
}
