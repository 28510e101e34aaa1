#include "index/plan.h"

#include "base/err.h"
#include "index/nearby.h"
#include "index/plan_inner.h"

/* ---- approaching ------------------------------------------------------------------------------------- */

static int approach(struct plan *p, struct node *n, uint32_t target, uint32_t *at);

static int approach_term(struct node *n, uint32_t target, uint32_t *at)
{
    int rc = n->ended ? 0 : lists_seek(&n->lists, target);

    if (rc < 0)
        return rc;
    n->ended = rc == 0;
    *at = n->lists.doc;
    return rc;
}

/* Kids that would read rows only help when there is nothing cheaper. */
static bool leaps(const struct node *n, const struct node *kid)
{
    return kid->walks && (!kid->dear || n->dear);
}

/* Straight from list to list, until all stand on one number. */
static int meet_posts(struct post **posts, uint32_t count, uint32_t target, uint32_t *at)
{
    int rc;

    for (uint32_t i = 0; i < count; i++) {
        if ((rc = post_seek(posts[i], target)) != 1)
            return rc;
        if (posts[i]->doc > target) {
            target = posts[i]->doc;
            if (i)
                i = UINT32_MAX; /* from the first again */
        }
    }
    *at = target;
    return 1;
}

/* Words of one list each. */
static int approach_posts(struct node *n, uint32_t target, uint32_t *at)
{
    int rc = meet_posts(n->posts, n->kid_count, target, at);

    if (rc == 1) {
        for (uint32_t i = 0; i < n->kid_count; i++)
            n->kids[i]->lists.doc = *at;
        n->agreed = *at;
    }
    return rc;
}

static int approach_row(struct plan *p, struct node *n, uint32_t target, uint32_t *at)
{
    int rc = n->ended ? 0
             : n->row ? meet_posts(n->posts, n->row_count, target, at)
                      : approach(p, n->kids[0], target, at);

    n->agreed = rc == 1 ? *at : 0;
    return rc;
}

static int approach_and(struct plan *p, struct node *n, uint32_t target, uint32_t *at)
{
    uint32_t agreed = 0, found;
    int rc;

    if (n->posts)
        return approach_posts(n, target, at);

    *at = target;
    for (uint32_t i = 0; agreed < n->kid_count; i = (i + 1) % n->kid_count, agreed++) {
        if (!leaps(n, n->kids[i]))
            continue;
        if ((rc = approach(p, n->kids[i], *at, &found)) != 1)
            return rc;
        if (found > *at) {
            *at = found;
            agreed = 0; /* this one stands there; all others are asked again */
        }
    }
    return 1;
}

static int approach_or(struct plan *p, struct node *n, uint32_t target, uint32_t *at)
{
    uint32_t found;
    int rc, any = 0;

    for (uint32_t i = 0; i < n->kid_count; i++) {
        if ((rc = approach(p, n->kids[i], target, &found)) < 0)
            return rc;
        if (rc == 1 && (!any || found < *at)) {
            *at = found;
            any = 1;
        }
    }
    return any;
}

/* Quotes are numbered as their documents are, so the quotes that hold lead from document to document. */
static int approach_said(struct plan *p, struct node *n, uint32_t target, uint32_t *at)
{
    uint32_t number, doc;
    int rc;

    if (!n->walks) {
        *at = target;
        return 1;
    }
    while (n->doc < target) {
        if (n->from_quote > p->segment->last_quote || p->segment->last_quote < p->segment->first_quote)
            return 0;
        if ((rc = approach(p, n->kids[0], n->from_quote, &number)) != 1)
            return rc;
        if ((rc = quote_docs_find(&p->docs, number, &doc)) < 0)
            return rc;
        if (doc <= n->doc)
            return ERR_CORRUPT;
        n->doc = doc;
        n->from_quote = p->docs.until;
    }
    *at = n->doc;
    return 1;
}

static int approach(struct plan *p, struct node *n, uint32_t target, uint32_t *at)
{
    switch (n->kind) {
    case TERM:
        return approach_term(n, target, at);
    case AND:
        return approach_and(p, n, target, at);
    case OR:
        return approach_or(p, n, target, at);
    case ROW:
        return approach_row(p, n, target, at);
    case SAID:
        return approach_said(p, n, target, at);
    case FIELD:
        if (n->walks)
            return approach(p, n->kids[0], target, at);
        break;
    case PATH:
        if (n->walks)
            return (*at = path_next(n->path, target)) != 0;
        break;
    case NOT:
    case DATE:
    case KIND:
        break;
    }
    *at = target;
    return 1;
}

/* ---- testing ----------------------------------------------------------------------------------------- */

static int test(struct plan *p, struct node *n, uint32_t number);

static int test_term(struct node *n, uint32_t number)
{
    uint32_t at = 0;
    int rc = approach_term(n, number, &at);

    if (rc != 1 || at != number)
        return rc < 0 ? rc : 0;
    return lists_stands(&n->lists);
}

static int test_all(struct plan *p, struct node *n, uint32_t number)
{
    int rc = 1;

    if (n->posts && n->agreed == number)
        return 1;

    for (uint32_t i = 0; rc == 1 && i < n->kid_count; i++)
        rc = test(p, n->kids[i], number);
    return rc;
}

static int test_any(struct plan *p, struct node *n, uint32_t number)
{
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < n->kid_count; i++)
        rc = test(p, n->kids[i], number);
    return rc;
}

/* Room for the places where a row may begin. */
static bool room_for(struct plan *p, uint32_t count)
{
    if (count <= p->begin_cap)
        return true;
    p->begin_cap = 2 * count;
    p->begins = arena_array(p->mem, p->begin_cap, sizeof *p->begins);
    return p->begins;
}

/* Keeps the places where the row may begin that have the word `offset` further on. */
static uint32_t keep_begins(uint32_t *begins, uint32_t count, const uint32_t *positions,
                            uint32_t position_count, uint32_t offset)
{
    uint32_t kept = 0;

    for (uint32_t i = 0, j = 0; i < count; i++) {
        while (j < position_count && positions[j] < begins[i] + offset)
            j++;
        if (j == position_count)
            break;
        begins[kept] = begins[i];
        kept += positions[j] == begins[i] + offset;
    }
    return kept;
}

/* Whether all lists of a row of plain words stand on it. */
static int row_stands(struct plan *p, struct node *n, uint32_t number)
{
    uint32_t at;
    int rc = n->agreed == number ? 1 : approach_row(p, n, number, &at);

    return rc < 0 ? rc : rc == 1 && n->agreed == number;
}

/* Two plain words near each other. */
static int test_pair(struct plan *p, struct node *n, uint32_t number)
{
    const struct query_node *second = n->asked->kids->next;
    const uint32_t *a, *b;
    int64_t a_count, b_count;
    int rc = row_stands(p, n, number);

    if (rc != 1)
        return rc;
    if ((a_count = post_positions(n->row[0].post, &a)) < 0 ||
        (b_count = post_positions(n->row[1].post, &b)) < 0)
        return ERR_CORRUPT;
    return nearby_pair(a, (uint32_t)a_count, b, (uint32_t)b_count, second->most) ||
           (!second->ordered && nearby_pair(b, (uint32_t)b_count, a, (uint32_t)a_count, second->most));
}

/* Plain words, one list each: the one that stands there least often says where the row may begin, and the others are only
 * read as long as a place is left. */
static int test_plain_row(struct plan *p, struct node *n, uint32_t number)
{
    uint32_t count = 0;
    int rc = row_stands(p, n, number);

    if (rc != 1)
        return rc;
    for (uint32_t i = 0; i < n->row_count; i++) {
        int64_t stands = post_count(n->row[i].post);

        if (stands < 0)
            return (int)stands;
        n->row[i].count = (uint32_t)stands;
    }
    for (uint32_t done = 0; done < n->row_count; done++) {
        struct row_word *word = NULL;
        const uint32_t *positions;

        for (uint32_t i = 0; i < n->row_count; i++)
            if (n->row[i].count && (!word || n->row[i].count < word->count))
                word = &n->row[i];
        if (!word || post_positions(word->post, &positions) < 0)
            return ERR_CORRUPT;
        if (done == 0) {
            if (!room_for(p, word->count))
                return ERR_NOMEM;
            for (uint32_t i = 0; i < word->count; i++)
                if (positions[i] >= word->offset)
                    p->begins[count++] = positions[i] - word->offset;
        } else {
            count = keep_begins(p->begins, count, positions, word->count, word->offset);
        }
        word->count = 0;
        if (count == 0)
            return 0;
    }
    return 1;
}

static int test_row(struct plan *p, struct node *n, uint32_t number)
{
    struct phrase_reach *reach;
    uint32_t count;
    int rc;

    if (n->row)
        return n->asked->kind == QUERY_NEAR ? test_pair(p, n, number) : test_plain_row(p, n, number);
    if ((rc = test(p, n->kids[0], number)) != 1)
        return rc;
    arena_reset(&p->scratch);
    for (uint32_t i = 0; i < n->term_count; i++) {
        struct node *t = n->terms[i];
        struct phrase_places *places = &p->places[t->key];

        places->count = 0;
        if ((rc = test_term(t, number)) < 0 ||
            (rc == 1 && (rc = lists_places(&t->lists, &p->scratch, places)) < 0))
            return rc;
    }
    if (n->asked->kind == QUERY_NEAR)
        return nearby_holds(&p->scratch, n->asked, p->places);
    rc = phrase_find(&p->scratch, n->asked, p->places, &reach, &count);
    return rc < 0 ? rc : count > 0;
}

/* A date that is known to the month matches when the whole month does: we do not guess the day. */
static int test_date(struct plan *p, const struct node *n, uint32_t number)
{
    uint32_t doc = number, day;
    int rc;

    if ((p->field != FIELD_TEXT && (rc = quote_docs_find(&p->docs, number, &doc)) < 0) ||
        (rc = column_at(&p->days, doc, &day)) < 0)
        return rc;
    return day && column_day_first(day) >= n->asked->first_day && column_day_last(day) <= n->asked->last_day;
}

static int test_quote_kind(struct plan *p, unsigned kinds, uint32_t number)
{
    uint32_t kind;
    int rc = column_at(&p->kinds, number, &kind);

    return rc < 0 ? rc : kind && (kinds & 1u << (kind - 1));
}

/* Numbers of one space may be of quotes of the other, where no list led to them. */
static int test_kind(struct plan *p, const struct node *n, uint32_t number)
{
    const unsigned indirect = 1u << QUOTE_INDIRECT;
    int rc;

    if (n->space != FIELD_TEXT)
        return test_quote_kind(p, n->asked->kinds & (n->space == FIELD_STATEMENT ? indirect : ~indirect),
                               number);
    rc = quote_docs_look(&p->docs, number);
    for (uint32_t quote = p->docs.from; rc == 0 && quote < p->docs.until; quote++)
        rc = test_quote_kind(p, n->asked->kinds, quote);
    return rc;
}

static int test_said(struct plan *p, struct node *n, uint32_t number)
{
    int rc = quote_docs_look(&p->docs, number);
    uint32_t quote = p->docs.from, until = p->docs.until; /* below, others are looked at */

    for (; rc == 0 && quote < until; quote++) {
        if ((rc = approach(p, n->kids[0], quote, &quote)) != 1)
            return rc;
        rc = quote < until ? test(p, n->kids[0], quote) : 0;
    }
    return rc;
}

static int test_of_article(struct plan *p, struct node *n, uint32_t number)
{
    int rc = n->space == FIELD_TEXT ? 0 : quote_docs_find(&p->docs, number, &number);

    if (rc < 0)
        return rc;
    if (n->kind == FIELD)
        return test(p, n->kids[0], number);
    arena_reset(&p->scratch);
    return path_test(n->path, &p->scratch, number);
}

static int test(struct plan *p, struct node *n, uint32_t number)
{
    int rc;

    switch (n->kind) {
    case TERM:
        return test_term(n, number);
    case AND:
        return test_all(p, n, number);
    case OR:
        return test_any(p, n, number);
    case ROW:
        return test_row(p, n, number);
    case DATE:
        return test_date(p, n, number);
    case SAID:
        return test_said(p, n, number);
    case FIELD:
    case PATH:
        return test_of_article(p, n, number);
    case KIND:
        return test_kind(p, n, number);
    case NOT:
        break;
    }
    rc = test(p, n->kids[0], number);
    return rc < 0 ? rc : !rc;
}

/* ---- the walk ---------------------------------------------------------------------------------------- */

int plan_open(struct plan **out, struct arena *mem, struct index_view *v, const struct segment *s,
              const struct query *q, enum field field, const volatile bool *cancel)
{
    struct plan *p = *out = arena_alloc(mem, sizeof *p);

    if (!p || !(p->places = arena_array(mem, (size_t)q->key_count + 1, sizeof *p->places)))
        return ERR_NOMEM;
    p->view = v;
    p->mem = mem;
    p->segment = s;
    p->query = q;
    p->field = field;
    p->cancel = cancel;
    column_open(&p->days, v, s, COLUMN_DAY);
    column_open(&p->kinds, v, s, COLUMN_KIND);
    quote_docs_open(&p->docs, v, s);
    p->next = field == FIELD_TEXT ? s->first_doc : s->first_quote;
    p->last = field == FIELD_TEXT ? s->last_doc : s->last_quote;
    if (!q->root || p->last < p->next)
        return 0; /* nothing was asked, or nothing is there: no root, no answer */
    return plan_build(p);
}

/* Merging leaves the dead out, so a number that no list led to may have no row any more; and a quote may be one of the other
 * field. */
static int is_there(struct plan *p, uint32_t number)
{
    const unsigned indirect = 1u << QUOTE_INDIRECT;
    struct doc_row doc;
    int rc;

    if (p->root->walks)
        return 1;
    if (p->field != FIELD_TEXT)
        return test_quote_kind(p, p->field == FIELD_STATEMENT ? indirect : ~indirect, number);
    arena_reset(&p->scratch);
    rc = view_doc(p->view, &p->scratch, number, &doc);
    return rc == ERR_NOTFOUND ? 0 : rc < 0 ? rc : 1;
}

static bool cancelled(struct plan *p)
{
    return p->cancel && ++p->turns % 256 == 0 && *p->cancel;
}

int plan_approach(struct plan *p, uint32_t from, uint32_t *number)
{
    int rc;

    if (from > p->next)
        p->next = from;
    if (!p->root || p->next > p->last)
        return 0;
    if (cancelled(p))
        return ERR_CANCELLED;
    if ((rc = approach(p, p->root, p->next, number)) != 1 || *number > p->last)
        return rc < 0 ? rc : 0;
    p->next = *number + 1;
    return 1;
}

int plan_test(struct plan *p, uint32_t number)
{
    int rc = test(p, p->root, number);

    return rc == 1 ? is_there(p, number) : rc;
}

int plan_next(struct plan *p, uint32_t *number)
{
    int rc;

    while ((rc = plan_approach(p, 0, number)) == 1)
        if ((rc = plan_test(p, *number)) != 0)
            return rc;
    return rc;
}

/* Of a row of plain words: the lists of a key, if the row moves them. */
static struct lists *row_lists(const struct node *row, uint32_t key)
{
    for (uint32_t i = 0; i < row->term_count; i++)
        for (uint32_t k = 0; row->terms[i]->key == key && k < row->row_count; k++)
            if (row->row[k].post == lists_one(&row->terms[i]->lists))
                return &row->terms[i]->lists;
    return NULL;
}

/* A word without which nothing matches: under AND and in rows of words whose slots have one way. */
static struct lists *lists_under(const struct node *n, uint32_t key)
{
    struct lists *found = NULL;

    if (n->kind == TERM)
        return n->key == key ? (struct lists *)(uintptr_t)&n->lists : NULL;
    if (n->row)
        return row_lists(n, key);
    if (n->kind == AND || (n->kind == ROW && n->shares))
        for (uint32_t i = 0; i < n->kid_count && !found; i++)
            found = lists_under(n->kids[i], key);
    return found;
}

struct lists *plan_lists(struct plan *p, uint32_t key)
{
    return p->root ? lists_under(p->root, key) : NULL;
}

uint64_t plan_bytes(const struct plan *p)
{
    return p->bytes;
}

uint64_t plan_numbers(const struct plan *p)
{
    return p->root ? p->root->cost : 0;
}

void plan_close(struct plan **p)
{
    if (*p)
        arena_free(&(*p)->scratch);
    *p = NULL;
}
