/* query.h -- a typed question becomes a tree.
 *
 *      syria OR aid "bearing the cost" -oil speaker:venn date:2025-01..2025-06
 *
 *      OR ─┬─ words: syria
 *          └─ AND ─┬─ words: aid
 *                  ├─ words: bearing the cost        (at consecutive positions)
 *                  ├─ NOT ── words: oil
 *                  ├─ SPEAKER ── AND ── words: venn
 *                  └─ DATE 2025-01-01 to 2025-06-30
 *
 * What stands side by side must all be there; that binds closer than OR. Brackets group. Marks that are no
 * words ("--", "!") are passed over. A mistake is told with its column and a sentence.
 *
 * Words are made by word.h, as in the index. A hyphenated word is one slot with two ways to be there:
 *
 *      typed   "al-nadim said"
 *      slots   [alnadim | al nadim] [said]
 */
#ifndef INDEX_QUERY_H
#define INDEX_QUERY_H

#include "base/arena.h"

enum query_kind { QUERY_WORDS, QUERY_AND, QUERY_OR, QUERY_NOT, QUERY_SPEAKER, QUERY_DATE };

/* One place in a row of words. Numbers index query.keys. */
struct query_slot {
    uint32_t whole;
    const uint32_t *parts; /* the other way to be there: these, one after the other */
    uint32_t part_count;   /* 0, or 2 and more */
};

struct query_node {
    enum query_kind kind;
    struct query_node *kids, *next; /* AND, OR: two or more; NOT: one; SPEAKER: one, of WORDS and AND */
    const struct query_slot *slots; /* WORDS: one word, or several at consecutive positions */
    uint32_t slot_count;
    uint32_t leaf;               /* WORDS outside SPEAKER: counts them from 0 */
    int32_t first_day, last_day; /* DATE: day numbers of date.h, both included */
};

/* Everything is the arena's. */
struct query {
    struct query_node *root; /* NULL when nothing was asked */
    struct span *keys;       /* distinct keys of words */
    uint32_t key_count, leaf_count;
    uint32_t column; /* ERR_SYNTAX: where, from 1 */
    char detail[160];
};

/* Reads a query. An empty one gives root NULL. Returns 0, ERR_NOMEM, or ERR_SYNTAX with column and detail. */
int query_parse(struct query *q, struct arena *mem, struct span text);

/* Asks besides that the speaker's name holds every word of `name`. ERR_SYNTAX when it has none. */
int query_add_speaker(struct query *q, struct arena *mem, struct span name);

/* Sets wanted[key] for each key that speaks for a document: words that are not under NOT, SPEAKER or DATE. */
void query_mark_wanted(const struct query *q, bool *wanted);

/* The first SPEAKER that is not under NOT, or NULL. */
const struct query_node *query_speaker(const struct query *q);

#endif
