/* query_tree.c -- what a query's tree asks for, seen from its top. */
#include "base/err.h"
#include "index/query.h"

static void mark_wanted(const struct query_node *n, bool *wanted)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_AND || n->kind == QUERY_OR || n->kind == QUERY_NEAR)
            mark_wanted(n->kids, wanted);
        for (uint32_t i = 0; i < n->slot_count; i++)
            for (uint32_t way = 0; way < n->slots[i].count; way++)
                for (uint32_t k = 0; k < n->slots[i].ways[way].count; k++)
                    wanted[n->slots[i].ways[way].keys[k]] = true;
    }
}

void query_mark_wanted(const struct query *q, bool *wanted)
{
    memset(wanted, 0, q->key_count * sizeof *wanted);
    mark_wanted(q->root, wanted);
}

bool query_is_of_quotes(const struct query_node *n)
{
    if (n->kind != QUERY_AND && n->kind != QUERY_OR)
        return n->kind >= QUERY_SPEAKER && n->kind <= QUERY_KIND;
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (!query_is_of_quotes(kid))
            return false;
    return true;
}

bool query_asks_who(const struct query_node *n)
{
    if (n->kind != QUERY_AND && n->kind != QUERY_OR)
        return n->kind != QUERY_KIND;
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (query_asks_who(kid))
            return true;
    return false;
}

int query_add_kid(struct arena *mem, struct query_node *parent, const struct query_node *n)
{
    struct query_node *copy = arena_alloc(mem, sizeof *copy);

    if (!copy)
        return ERR_NOMEM;
    *copy = *n;
    copy->next = parent->kids;
    parent->kids = copy;
    return 0;
}

static int add_said(struct arena *mem, const struct query_node *n, struct query_node *either);

/* Those side by side that ask about one quote, if any asks who; and what the others ask. */
static int add_said_together(struct arena *mem, const struct query_node *n, struct query_node *either)
{
    struct query_node all = {.kind = QUERY_AND};
    bool who = false;
    int rc = 0;

    for (const struct query_node *kid = n->kids; kid && rc == 0; kid = kid->next) {
        if (!query_is_of_quotes(kid)) {
            rc = add_said(mem, kid, either);
            continue;
        }
        who |= query_asks_who(kid);
        if ((rc = query_add_kid(mem, &all, kid)) < 0)
            return rc;
    }
    if (rc < 0 || !who)
        return rc;
    return query_add_kid(mem, either, all.kids->next ? &all : all.kids);
}

static int add_said(struct arena *mem, const struct query_node *n, struct query_node *either)
{
    int rc = 0;

    if (query_is_of_quotes(n) && n->kind != QUERY_AND)
        return query_asks_who(n) ? query_add_kid(mem, either, n) : 0;
    if (n->kind == QUERY_AND)
        return add_said_together(mem, n, either);
    for (const struct query_node *kid = n->kind == QUERY_OR ? n->kids : NULL; kid && rc == 0; kid = kid->next)
        rc = add_said(mem, kid, either);
    return rc;
}

int query_said(const struct query *q, struct arena *mem, const struct query_node **out)
{
    struct query_node *either = arena_alloc(mem, sizeof *either);

    *out = NULL;
    if (!either)
        return ERR_NOMEM;
    either->kind = QUERY_OR;
    if (q->root && add_said(mem, q->root, either) < 0)
        return ERR_NOMEM;
    if (either->kids)
        *out = either->kids->next ? either : either->kids;
    return 0;
}

static bool names_kind(const struct query_node *n, unsigned kind)
{
    for (; n; n = n->next)
        if ((n->kind == QUERY_KIND && n->kinds & kind) || (n->kind != QUERY_NOT && names_kind(n->kids, kind)))
            return true;
    return false;
}

static unsigned kinds_of(const struct query_node *n)
{
    unsigned kinds = n->kind == QUERY_OR ? 0 : EVERY_KIND;

    if (n->kind == QUERY_KIND)
        return n->kinds;
    if (n->kind == QUERY_AND || n->kind == QUERY_OR)
        for (const struct query_node *k = n->kids; k; k = k->next)
            kinds = n->kind == QUERY_AND ? kinds & kinds_of(k) : kinds | kinds_of(k);
    return kinds;
}

unsigned query_kinds(const struct query *q)
{
    const unsigned indirect = 1u << QUOTE_INDIRECT;
    unsigned kinds = q->root ? kinds_of(q->root) : (unsigned)EVERY_KIND;

    return names_kind(q->root, indirect) ? kinds : kinds & ~indirect;
}
