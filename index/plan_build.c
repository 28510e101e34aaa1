/* plan_build.c -- a query's tree becomes the nodes of a plan over one segment. */
#include <stdlib.h>

#include "base/err.h"
#include "index/common.h"
#include "index/plan_inner.h"
#include "index/term.h"

static struct node *new_node(struct plan *p, enum node_kind kind, uint32_t kid_count)
{
    struct node *n = arena_alloc(p->mem, sizeof *n);

    if (!n || !(n->kids = arena_array(p->mem, (size_t)kid_count + 1, sizeof *n->kids)))
        return NULL;
    n->kind = kind;
    return n;
}

static uint64_t all_numbers(const struct plan *p)
{
    return (uint64_t)p->last - p->next + 1;
}

static int by_cost(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;

    return (x->cost > y->cost) - (x->cost < y->cost);
}

/* Notes the lists of an AND of plain words, which then need no more than lists can do. */
static void note_posts(struct plan *p, struct node *n)
{
    struct post **posts = arena_array(p->mem, n->kid_count, sizeof(struct post *));

    for (uint32_t i = 0; i < n->kid_count; i++)
        if (n->kids[i]->kind != TERM || !posts || !(posts[i] = lists_one(&n->kids[i]->lists)))
            return;
    n->posts = posts;
}

/* What the kids make of their parent. */
static void weigh(struct plan *p, struct node *n)
{
    uint64_t sum = 0;
    bool all_walk = true, any_walks = false, cheap = false;

    qsort(n->kids, n->kid_count, sizeof *n->kids, by_cost);
    for (uint32_t i = 0; i < n->kid_count; i++) {
        sum += n->kids[i]->cost;
        all_walk &= n->kids[i]->walks;
        any_walks |= n->kids[i]->walks;
        cheap |= n->kids[i]->walks && !n->kids[i]->dear && n->kids[i]->kind != PATH;
        n->dear |= n->kids[i]->dear;
    }
    if (n->kind == AND) {
        note_posts(p, n);
        n->walks = any_walks;
        n->dear = !cheap;
        n->cost = n->kids[0]->cost;
    } else if (n->kind == OR) {
        n->walks = all_walk;
        n->cost = sum;
    } else if (n->kind == NOT) {
        n->cost = all_numbers(p);
    }
}

/* `wide`: its places will be asked for. */
static int build_term(struct plan *p, enum field field, uint32_t key, bool wide, struct node **out)
{
    struct node *n = *out = new_node(p, TERM, 0);
    int rc;

    if (!n)
        return ERR_NOMEM;
    n->walks = true;
    n->key = key;
    if ((rc = lists_open(&n->lists, p->mem, p->view, p->segment, field, p->query, key, wide)) < 0)
        return rc;
    n->ended = rc == 0;
    n->cost = n->lists.df;
    p->bytes += n->lists.bytes;
    return 0;
}

/* The lists of a key within a row of words, for its places. */
static int row_term(struct plan *p, struct node *row, enum field field, uint32_t key, struct node **out)
{
    int rc;

    for (uint32_t i = 0; i < row->term_count; i++)
        if (row->terms[i]->key == key) {
            *out = row->terms[i];
            return 0;
        }
    if ((rc = build_term(p, field, key, true, out)) == 0)
        row->terms[row->term_count++] = *out;
    return rc;
}

/* The lists of a key for meeting. Where a slot has two ways to be there, one way may run ahead of a number that the
 * other still matches; so then each place has lists of its own. */
static int meeting_term(struct plan *p, struct node *row, enum field field, uint32_t key, struct node **out)
{
    int rc = row ? row_term(p, row, field, key, out) : 0;

    return rc < 0 || (row && row->shares) ? rc : build_term(p, field, key, false, out);
}

/* All keys of a way. Without `row` the way has one key. *out is NULL when the segment has none of some key. */
static int build_way(struct plan *p, struct node *row, enum field field, const struct query_way *way,
                     struct node **out)
{
    struct node *all = new_node(p, AND, way->count);
    int rc;

    *out = NULL;
    if (!all)
        return ERR_NOMEM;
    for (; all->kid_count < way->count; all->kid_count++) {
        struct node **kid = &all->kids[all->kid_count];

        if ((rc = meeting_term(p, row, field, way->keys[all->kid_count], kid)) < 0 || (*kid)->ended)
            return rc;
    }
    if (way->count > 1)
        weigh(p, all);
    *out = way->count > 1 ? all : all->kids[0];
    return 0;
}

/* What must be there for a slot: one of its ways. */
static int build_slot(struct plan *p, struct node *row, enum field field, const struct query_slot *slot,
                      struct node **out)
{
    struct node *either = new_node(p, OR, slot->count), *way;
    int rc;

    if (!either)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < slot->count; i++) {
        if ((rc = build_way(p, row, field, &slot->ways[i], &way)) < 0)
            return rc;
        if (way)
            either->kids[either->kid_count++] = way;
    }
    if (either->kid_count != 1)
        weigh(p, either);
    *out = either->kid_count == 1 ? either->kids[0] : either;
    return 0;
}

/* One word, any way of which is one key, needs no positions. */
static bool is_one_word(const struct query_node *q)
{
    for (uint32_t i = 0; i < q->slots[0].count; i++)
        if (q->slots[0].ways[i].count > 1)
            return false;
    return q->slot_count == 1;
}

/* The key of a slot that is one plain word, or NULL. */
static const struct query_key *plain_key(const struct plan *p, const struct query_slot *slot)
{
    const struct query_key *key =
        slot->count == 1 && slot->ways[0].count == 1 ? &p->query->keys[slot->ways[0].keys[0]] : NULL;

    return key && key->how == KEY_LOOSE ? key : NULL;
}

/* The list of a pair of common words that two slots in a row are: 1; 0 when they are none; and *post stays NULL where the
 * segment has no such pair. */
static int open_pair(struct plan *p, enum field field, const struct query_slot *slots, struct post **post)
{
    const struct query_key *first = plain_key(p, &slots[0]), *next = plain_key(p, &slots[1]);
    char term[LIMIT_TERM];
    struct post *pair;
    int rc;

    *post = NULL;
    if (field != FIELD_TEXT || !first || !next || !common_word(first->loose) || !common_word(next->loose))
        return 0;
    if (!(pair = arena_alloc(p->mem, sizeof *pair)))
        return ERR_NOMEM;
    if ((rc = post_open(pair, p->mem, p->view, p->segment, field,
                        term_pair(first->loose, next->loose, term))) < 0)
        return rc;
    if (rc == 1)
        *post = pair;
    return 1;
}

/* The list of a slot's only key, if it is one and its words are one position wide everywhere. */
static struct post *row_post(const struct node *row, const struct query_slot *slot)
{
    if (slot->count == 1 && slot->ways[0].count == 1)
        for (uint32_t i = 0; i < row->term_count; i++)
            if (row->terms[i]->key == slot->ways[0].keys[0])
                return lists_plain(&row->terms[i]->lists);
    return NULL;
}

/* A row of plain words needs only lists and where in the row each stands; pairs of common words stand for both. Leaves the row
 * as it was where some slot is more than that. */
static int note_row(struct plan *p, struct node *row, enum field field, const struct query_node *q)
{
    struct row_word *words = arena_array(p->mem, q->slot_count, sizeof *words);
    uint32_t count = 0;
    int rc;

    row->posts = arena_array(p->mem, q->slot_count, sizeof(struct post *));
    if (!words || !row->posts)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < q->slot_count; i++)
        if (!row_post(row, &q->slots[i])) {
            row->posts = NULL;
            return 0;
        }
    for (uint32_t i = 0, covered = 0; i < q->slot_count; i++) {
        struct post *post = NULL;

        rc = i + 1 < q->slot_count ? open_pair(p, field, &q->slots[i], &post) : 0;
        if (rc < 0)
            return rc;
        if (rc == 1 && !post)
            row->ended = true; /* the two never stand so in this segment */
        if (rc == 1)
            covered = i + 2;
        else if (i >= covered)
            post = row_post(row, &q->slots[i]);
        if (post)
            words[count++] = (struct row_word){.post = post, .offset = i};
    }
    for (uint32_t i = 0; i < count; i++)
        row->posts[i] = words[i].post;
    row->row = words;
    row->row_count = count;
    return 0;
}

static int build_words(struct plan *p, const struct query_node *q, enum field field, struct node **out)
{
    struct node *row, *meet;
    uint32_t terms = 0;
    bool shares = true;
    int rc;

    if (is_one_word(q))
        return build_slot(p, NULL, field, &q->slots[0], out);
    for (uint32_t i = 0; i < q->slot_count; i++) {
        shares &= q->slots[i].count == 1;
        for (uint32_t way = 0; way < q->slots[i].count; way++)
            terms += q->slots[i].ways[way].count;
    }
    if (!(row = *out = new_node(p, ROW, 1)) || !(meet = new_node(p, AND, q->slot_count)) ||
        !(row->terms = arena_array(p->mem, terms, sizeof *row->terms)))
        return ERR_NOMEM;
    row->shares = shares;
    for (uint32_t i = 0; i < q->slot_count; i++) {
        if ((rc = build_slot(p, row, field, &q->slots[i], &meet->kids[i])) < 0)
            return rc;
        meet->kid_count++;
    }
    weigh(p, meet);
    row->asked = q;
    row->kids[0] = meet;
    row->kid_count = 1;
    row->walks = meet->walks;
    row->cost = meet->cost;
    return note_row(p, row, field, q);
}

/* The slots of all words under a thing of a chain, and their keys. Whether each has one way to be there. */
static bool count_under(const struct query_node *q, uint32_t *keys)
{
    bool one_way = q->kind == QUERY_WORDS;

    for (uint32_t i = 0; i < q->slot_count; i++) {
        one_way &= q->slots[i].count == 1;
        for (uint32_t way = 0; way < q->slots[i].count; way++)
            *keys += q->slots[i].ways[way].count;
    }
    for (const struct query_node *kid = q->kids; kid; kid = kid->next)
        one_way &= count_under(kid, keys);
    return one_way;
}

/* What must be there for a thing of a chain: all its words, or one of its alternatives. */
static int build_thing(struct plan *p, struct node *row, enum field field, const struct query_node *q,
                       struct node **out)
{
    uint32_t count = q->slot_count;
    int rc = 0;

    for (const struct query_node *kid = q->kids; kid; kid = kid->next)
        count++;
    if (!(*out = new_node(p, q->kind == QUERY_OR ? OR : AND, count)))
        return ERR_NOMEM;
    for (uint32_t i = 0; rc == 0 && i < q->slot_count; i++)
        rc = build_slot(p, row, field, &q->slots[i], &(*out)->kids[(*out)->kid_count++]);
    for (const struct query_node *kid = q->kids; rc == 0 && kid; kid = kid->next)
        rc = build_thing(p, row, field, kid, &(*out)->kids[(*out)->kid_count++]);
    if (rc == 0)
        weigh(p, *out);
    return rc;
}

/* Two plain words near each other need only their lists, too. */
static int note_pair(struct plan *p, struct node *row, const struct query_node *q)
{
    struct post *posts[2];
    const struct query_node *kid = q->kids;

    for (int i = 0; i < 2; i++, kid = kid->next)
        if (kid->kind != QUERY_WORDS || kid->slot_count > 1 || !(posts[i] = row_post(row, &kid->slots[0])))
            return 0;
    if (kid)
        return 0; /* a longer chain */
    row->row = arena_array(p->mem, 2, sizeof *row->row);
    row->posts = arena_array(p->mem, 2, sizeof(struct post *));
    if (!row->row || !row->posts)
        return ERR_NOMEM;
    for (; row->row_count < 2; row->row_count++) {
        bool second = (row->row_count == 1) != (posts[1]->df < posts[0]->df); /* the rarer leads */

        row->row[row->row_count].post = posts[row->row_count];
        row->posts[row->row_count] = posts[second];
    }
    return 0;
}

/* Words near each other: a row whose words need not follow each other. */
static int build_near(struct plan *p, const struct query_node *q, enum field field, struct node **out)
{
    struct node *row = *out = new_node(p, ROW, 1), *meet;
    uint32_t things = 0, keys = 0;
    bool shares = true;
    int rc;

    for (const struct query_node *kid = q->kids; kid; kid = kid->next, things++)
        shares &= count_under(kid, &keys);
    if (!row || !(meet = new_node(p, AND, things)) ||
        !(row->terms = arena_array(p->mem, keys, sizeof *row->terms)))
        return ERR_NOMEM;
    row->shares = shares;
    row->asked = q;
    for (const struct query_node *kid = q->kids; kid; kid = kid->next)
        if ((rc = build_thing(p, row, field, kid, &meet->kids[meet->kid_count++])) < 0)
            return rc;
    weigh(p, meet);
    row->kids[0] = meet;
    row->kid_count = 1;
    row->walks = meet->walks;
    row->cost = meet->cost;
    return note_pair(p, row, q);
}

static int build(struct plan *p, const struct query_node *q, enum field field, struct node **out);

static int build_kids(struct plan *p, const struct query_node *q, enum field field, enum node_kind kind,
                      struct node **out)
{
    uint32_t count = 0;
    int rc;

    for (const struct query_node *k = q->kids; k; k = k->next)
        count++;
    if (!(*out = new_node(p, kind, count)))
        return ERR_NOMEM;
    for (const struct query_node *k = q->kids; k; k = k->next) {
        if ((rc = build(p, k, field, &(*out)->kids[(*out)->kid_count])) < 0)
            return rc;
        (*out)->kid_count++;
    }
    weigh(p, *out);
    return 0;
}

/* All of some filters over the quotes of one space. */
static int build_together(struct plan *p, const struct query_node *const *filters, uint32_t count,
                          enum field space, struct node **out)
{
    struct node *all = new_node(p, AND, count);
    int rc;

    if (!all)
        return ERR_NOMEM;
    for (; all->kid_count < count; all->kid_count++) {
        struct node **kid = &all->kids[all->kid_count];

        if ((rc = build(p, filters[all->kid_count], space, kid)) < 0)
            return rc;
    }
    if (count > 1)
        weigh(p, all);
    *out = count > 1 ? all : all->kids[0];
    return 0;
}

/* Filters of quotes, over documents: one quote of the kinds asked for, for which all of them hold. */
static int build_said(struct plan *p, const struct query_node *const *filters, uint32_t count,
                      struct node **out)
{
    const unsigned indirect = 1u << QUOTE_INDIRECT, kinds = query_kinds(p->query);
    struct node *n = *out = new_node(p, SAID, 1), *either = new_node(p, OR, 2);
    int rc = 0;

    if (!n || !either)
        return ERR_NOMEM;
    if (kinds & ~indirect)
        rc = build_together(p, filters, count, FIELD_QUOTE, &either->kids[either->kid_count++]);
    if (rc == 0 && kinds & indirect)
        rc = build_together(p, filters, count, FIELD_STATEMENT, &either->kids[either->kid_count++]);
    if (rc < 0)
        return rc;
    weigh(p, either);
    n->kids[0] = either->kid_count == 1 ? either->kids[0] : either;
    n->kid_count = 1;
    n->walks = n->dear = n->kids[0]->walks;
    n->cost = n->walks ? n->kids[0]->cost : all_numbers(p);
    n->from_quote = p->segment->first_quote;
    return 0;
}

/* Things side by side over documents: filters of quotes among them hold for one quote. */
static int build_side_by_side(struct plan *p, const struct query_node *q, struct node **out)
{
    const struct query_node **filters;
    uint32_t count = 0, filter_count = 0;
    bool who = false;
    int rc = 0;

    for (const struct query_node *k = q->kids; k; k = k->next)
        count++;
    if (!(filters = arena_array(p->mem, count, sizeof(void *))) || !(*out = new_node(p, AND, count)))
        return ERR_NOMEM;
    for (const struct query_node *k = q->kids; k && rc == 0; k = k->next)
        if (query_is_of_quotes(k)) {
            filters[filter_count++] = k;
            who |= query_asks_who(k);
        } else {
            rc = build(p, k, FIELD_TEXT, &(*out)->kids[(*out)->kid_count++]);
        }
    if (rc == 0 && (who || filter_count > 1))
        rc = build_said(p, filters, filter_count, &(*out)->kids[(*out)->kid_count++]);
    else if (rc == 0 && filter_count)
        rc = build(p, filters[0], FIELD_TEXT, &(*out)->kids[(*out)->kid_count++]);
    if (rc == 0)
        weigh(p, *out);
    return rc;
}

/* The field where the words of a filter of quotes stand. */
static enum field field_of_quotes(enum query_kind kind, enum field space)
{
    bool statement = space == FIELD_STATEMENT;

    if (kind == QUERY_ROLE)
        return statement ? FIELD_STATEMENT_ROLE : FIELD_ROLE;
    if (kind == QUERY_CUE)
        return statement ? FIELD_STATEMENT_CUE : FIELD_CUE;
    return statement ? FIELD_STATEMENT_NAME : FIELD_NAME;
}

/* Words of a field of articles, or their paths: over quotes the article is asked about. */
static int build_of_article(struct plan *p, const struct query_node *q, enum field space, struct node **out)
{
    static const enum field fields[] = {
        [QUERY_TITLE] = FIELD_TITLE, [QUERY_SOURCE] = FIELD_SOURCE, [QUERY_LANG] = FIELD_LANG};
    struct node *n = *out = new_node(p, q->kind == QUERY_PATH ? PATH : FIELD, 1);
    int rc;

    if (!n)
        return ERR_NOMEM;
    n->space = space;
    n->cost = all_numbers(p);
    n->walks = q->kind == QUERY_PATH && space == FIELD_TEXT;
    if (q->kind == QUERY_PATH)
        return (n->path = path_test_of(p->view, q->path)) ? 0 : ERR_NOMEM;
    if ((rc = build(p, q->kids, fields[q->kind], &n->kids[0])) < 0)
        return rc;
    n->kid_count = 1;
    if (space != FIELD_TEXT)
        return 0;
    n->walks = n->kids[0]->walks;
    n->cost = n->kids[0]->cost;
    return 0;
}

static int build_kind(struct plan *p, const struct query_node *q, enum field space, struct node **out)
{
    if (!(*out = new_node(p, q->kind == QUERY_KIND ? KIND : DATE, 0)))
        return ERR_NOMEM;
    (*out)->asked = q;
    (*out)->cost = all_numbers(p);
    (*out)->space = space;
    return 0;
}

static int build(struct plan *p, const struct query_node *q, enum field field, struct node **out)
{
    bool said = field == FIELD_TEXT && query_is_of_quotes(q) && query_asks_who(q);

    if (said && q->kind != QUERY_AND)
        return build_said(p, &q, 1, out);
    switch (q->kind) {
    case QUERY_WORDS:
        return build_words(p, q, field, out);
    case QUERY_NEAR:
        return build_near(p, q, field, out);
    case QUERY_AND:
        return field == FIELD_TEXT ? build_side_by_side(p, q, out) : build_kids(p, q, field, AND, out);
    case QUERY_OR:
        return build_kids(p, q, field, OR, out);
    case QUERY_NOT:
        return build_kids(p, q, field, NOT, out);
    case QUERY_SPEAKER:
    case QUERY_ROLE:
    case QUERY_CUE:
        return build(p, q->kids, field_of_quotes(q->kind, field), out);
    case QUERY_TITLE:
    case QUERY_SOURCE:
    case QUERY_LANG:
    case QUERY_PATH:
        return build_of_article(p, q, field, out);
    case QUERY_DATE:
    case QUERY_KIND:
        break;
    }
    return build_kind(p, q, field, out);
}

int plan_build(struct plan *p)
{
    int rc = build(p, p->query->root, p->field, &p->root);

    return rc == 0 && p->root->cost > PATH_MANY(all_numbers(p)) ? paths_look(p->view) : rc;
}
