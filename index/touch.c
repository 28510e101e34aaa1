#include "index/touch.h"

/* Words that a name must have: those that stand for themselves, in one way. */
static uint64_t needs_of(const struct query *q, const struct query_node *n)
{
    uint64_t bits = 0;

    if (n->kind == QUERY_AND)
        for (const struct query_node *kid = n->kids; kid; kid = kid->next)
            bits |= needs_of(q, kid);
    for (uint32_t i = 0; n->kind == QUERY_WORDS && i < n->slot_count; i++) {
        const struct query_slot *slot = &n->slots[i];

        for (uint32_t k = 0; slot->count == 1 && k < slot->ways[0].count; k++) {
            const struct query_key *key = &q->keys[slot->ways[0].keys[k]];

            if (!key_expands(key->how))
                bits |= touch_name(key->loose);
        }
    }
    return bits;
}

uint64_t touch_needs(const struct query *q)
{
    const struct query_node *first = q->root && q->root->kind == QUERY_AND ? q->root->kids : q->root;
    uint64_t bits = 0;

    if (q->starred) /* which words are looked for hangs on all of the archive */
        return 0;
    for (const struct query_node *n = first; n; n = n == q->root ? NULL : n->next)
        if (n->kind == QUERY_SPEAKER && n->kids)
            bits |= needs_of(q, n->kids);
    return bits;
}
