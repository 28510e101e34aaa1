#include "index/expand.h"

#include "base/err.h"
#include "base/take.h"
#include "index/term.h"
#include "index/terms.h"

/* All words of a key in one field, by segment as the view has them. */
struct expansion {
    struct expansion *next;
    uint32_t key, words, used;
    enum field field;
    struct expanded_part *parts;
};

/* What a query keeps. */
struct expansions {
    struct arena *mem;
    struct index_view *view; /* that they are of, as it was then */
    size_t txn;
    struct expansion *first;
};

int expand_prepare(struct query *q, struct arena *mem)
{
    if (!q->expansions && (q->expansions = arena_alloc(mem, sizeof *q->expansions)))
        q->expansions->mem = mem;
    return q->expansions ? 0 : ERR_NOMEM;
}

/* ---- which words fit --------------------------------------------------------------------------------- */

bool expand_fits(const struct query *q, const struct query_key *key, struct fuzzy_walk *walk,
                 struct span loose, struct span exact)
{
    switch (key->how) {
    case KEY_STEM:
        return span_starts(loose, key->loose) && (span_eq(stemmer_stem(q->stemmer, loose), key->exact) ||
                                                  span_eq(stemmer_stem(q->stemmer, exact), key->exact));
    case KEY_PREFIX:
        return span_starts(loose, key->loose) && (!key->exact.len || span_starts(exact, key->exact));
    case KEY_INFIX:
        return span_find(loose, key->loose) != NULL;
    case KEY_SUFFIX:
        return span_ends(loose, key->loose);
    case KEY_FUZZY:
        return fuzzy_is_near(walk, key->fuzzy, loose);
    case KEY_BEGINS:
    case KEY_LOOSE:
    case KEY_SPELLED:
    case KEY_UMLAUT:
        break;
    }
    return span_starts(loose, key->loose);
}

/* How many words may be taken. */
static uint32_t most_words(enum key_how how)
{
    if (how == KEY_BEGINS || how == KEY_STEM)
        return UINT32_MAX;
    return how == KEY_PREFIX ? LIMIT_PREFIX_WORDS : LIMIT_FUZZY_WORDS;
}

/* One segment being looked through. */
struct look {
    const struct query *query;
    const struct query_key *key;
    struct expansions *all;
    struct expanded_part *part;
    struct term_scan scan;
    struct fuzzy_walk walk;
    size_t len;        /* bytes of the key that the current term begins with */
    size_t met;        /* where *key* first ends in the word looked at last, or *key does; 0: nowhere */
    struct span taken; /* the key of the word that was taken last, whole or spelled some way */
    bool taken_whole;
};

/* Neighbours share most of their bytes, and only the rest is looked at. */
static void measure(struct look *l)
{
    const struct entry_reader *r = &l->scan.record;

    if (l->len < l->scan.same)
        return;
    for (l->len = l->scan.same; l->len < r->len; l->len++)
        if (r->term[l->len] >= TERM_SPELLED && r->term[l->len] <= TERM_PAIR)
            return;
}

static bool has_inside(struct look *l, struct span loose)
{
    struct span what = l->key->loose;
    size_t from = l->scan.same < what.len ? 0 : l->scan.same - what.len + 1;
    const char *at = NULL;

    if (l->met && l->met <= l->scan.same)
        return true;
    if (from < loose.len)
        at = span_find(span_cut(loose, from, loose.len), what);
    l->met = at ? (size_t)(at - loose.at) + what.len : 0;
    return at != NULL;
}

/* Whether the current term is a list of the key: 1, or 0; -1 when it is one of places that are wide. A stem takes a word, or
 * those of its spellings that have the stem where the folded one does not (mangé); mull* of Müll only such spellings. */
static int choose(struct look *l)
{
    const struct query_key *key = l->key;
    struct span term = entry_term(&l->scan.record), loose = span_cut(term, 0, l->len), exact = loose;
    bool whole = l->len == term.len,
         spelled = key->how == KEY_STEM || (key->how == KEY_PREFIX && key->exact.len);

    if (!whole) {
        bool same = span_eq(l->taken, loose);

        if (term.at[l->len] == TERM_WIDE)
            return same ? -1 : 0;
        if (term.at[l->len] != TERM_SPELLED || !spelled || (same && l->taken_whole))
            return 0;
        exact = span_cut(term, l->len + 1, term.len);
    }
    if (key->how == KEY_STEM)
        return span_eq(stemmer_stem(l->query->stemmer, exact), key->exact);
    if (key->how == KEY_INFIX)
        return has_inside(l, loose);
    if (key->how == KEY_SUFFIX)
        return (l->met = span_ends(loose, key->loose) ? l->len : 0) != 0;
    if (key->how == KEY_PREFIX && spelled && whole)
        return 0; /* spelled as its key, which begins with no umlaut */
    return expand_fits(l->query, key, &l->walk, loose, exact);
}

static int take(struct look *l, bool wide)
{
    struct expanded_part *part = l->part;
    struct expanded one = {.term = arena_span(l->all->mem, entry_term(&l->scan.record))};

    if (entry_read(l->scan.record.tail, &one.entry) < 0)
        return ERR_CORRUPT;
    if (wide) {
        if (!ARENA_MORE(l->all->mem, part->wide, part->wide_count, part->wide_cap))
            return arena_err(l->all->mem);
        part->wide[part->wide_count++] = one;
        return 0;
    }
    if (!ARENA_MORE(l->all->mem, part->at, part->count, part->cap))
        return arena_err(l->all->mem);
    part->at[part->count++] = one;
    l->taken = span_cut(one.term, 0, l->len);
    l->taken_whole = l->len == one.term.len;
    return arena_err(l->all->mem);
}

/* Passes by all terms that begin with so many bytes of the current one. */
static int leap(struct term_scan *s, size_t len)
{
    char behind[LIMIT_TERM + 1];

    memcpy(behind, s->record.term, len);
    behind[len] = (char)0xff; /* no byte of UTF-8 */
    return term_scan_seek(s, (struct span){behind, len + 1});
}

/* Words that can begin with anything are looked for among all; a run of those that cannot be near is leapt over. */
static int look_through(struct look *l, struct index_view *v, uint32_t segment, enum field field)
{
    bool anywhere = l->key->how == KEY_INFIX || l->key->how == KEY_SUFFIX || l->key->how == KEY_FUZZY;
    const volatile bool *cancel = l->query->cancel;
    const struct entry_reader *r = &l->scan.record;
    struct span key = l->key->loose;
    uint8_t last = key.len ? (uint8_t)key.at[key.len - 1] : 0;
    uint32_t turns = 0;
    int rc = term_scan_open(&l->scan, v, segment, field_of_lists(field), anywhere ? SPAN("") : l->key->loose),
        chosen;

    l->scan.wanted[0] = key.len > 1 ? (uint8_t)key.at[key.len - 2] : 0;
    rc = rc < 0 ? rc : term_scan_next(&l->scan);
    while (rc == 1) {
        if (cancel && ++turns % 1024 == 0 && *cancel)
            return ERR_CANCELLED;
        measure(l);
        if ((chosen = choose(l)) != 0 && (rc = take(l, chosen < 0)) < 0)
            return rc;
        if (l->key->how == KEY_INFIX || l->key->how == KEY_SUFFIX)
            l->scan.wanted[1] = l->met ? 0 : last; /* what comes to have *key* has its end anew */
        l->scan.dead = l->walk.dead;
        if (!chosen && l->len < r->len && r->term[l->len] == TERM_PAIR) {
            rc = leap(&l->scan, l->len + 1); /* there may be hundreds */
        } else if (l->walk.dead && r->shared == 0) {
            rc = leap(&l->scan, l->walk.dead); /* the run may go on behind this record */
        } else {
            rc = term_scan_next(&l->scan);
        }
    }
    return rc;
}

/* ---- words of titles and statements ------------------------------------------------------------------ */

/* Leaves those of the text's words that stand in one, and counts how many have them. */
static int measure_words(struct expanded_part *part, const struct query *q, struct index_view *v,
                         const struct segment *s, enum field field)
{
    struct arena mem = ARENA_INIT;
    uint32_t kept = 0;
    int rc = 0;

    for (uint32_t i = 0; rc == 0 && i < part->count; i++) {
        struct expanded *word = &part->at[i];
        struct post p;

        arena_reset(&mem);
        if ((rc = post_open(&p, &mem, v, s, field, word->term)) != 1 || (rc = post_measure(&p)) < 0) {
            rc = rc == 0 ? ERR_CORRUPT : rc;
            break;
        }
        word->entry.df = p.df;
        word->entry.cf = p.cf;
        if (p.df)
            part->at[kept++] = *word;
        rc = q->cancel && *q->cancel ? ERR_CANCELLED : 0;
    }
    part->count = kept;
    arena_free(&mem);
    return rc;
}

/* ---- when there are too many ------------------------------------------------------------------------- */

/* The words of all segments in one order. */
struct merging {
    struct expansion *e;
    uint32_t part_count;
    uint32_t *at; /* by part */
};

/* The next word, how many have it, and by part whether it stands there; false at the end. */
static bool next_word(struct merging *m, struct expanded *word, bool *stands)
{
    bool any = false;

    for (uint32_t i = 0; i < m->part_count; i++) {
        const struct expanded_part *p = &m->e->parts[i];

        if (m->at[i] < p->count && (!any || span_cmp(p->at[m->at[i]].term, word->term) < 0)) {
            *word = p->at[m->at[i]];
            any = true;
        }
    }
    word->entry.df = 0;
    for (uint32_t i = 0; any && i < m->part_count; i++) {
        const struct expanded_part *p = &m->e->parts[i];

        stands[i] = m->at[i] < p->count && span_eq(p->at[m->at[i]].term, word->term);
        if (stands[i])
            word->entry.df += p->at[m->at[i]++].entry.df;
    }
    return any;
}

/* True when x is taken rather than y. */
static bool rather(const struct expanded *x, const struct expanded *y)
{
    return x->entry.df != y->entry.df ? x->entry.df > y->entry.df : span_cmp(x->term, y->term) < 0;
}

/* A heap with the one on top that would be given up first. */
static void offer(struct expanded *heap, uint32_t *count, uint32_t most, struct expanded word)
{
    uint32_t i;

    if (*count < most) {
        for (i = (*count)++; i && rather(&heap[(i - 1) / 2], &word); i = (i - 1) / 2)
            heap[i] = heap[(i - 1) / 2];
        heap[i] = word;
        return;
    }
    if (!rather(&word, &heap[0]))
        return;
    for (uint32_t kid = i = 0; (kid = 2 * i + 1) < most; i = kid) {
        if (kid + 1 < most && rather(&heap[kid], &heap[kid + 1]))
            kid++;
        if (!rather(&word, &heap[kid]))
            break;
        heap[i] = heap[kid];
    }
    heap[i] = word;
}

/* Leaves those that most have. */
static int cut(struct expansions *all, struct expansion *e, uint32_t part_count, uint32_t most)
{
    struct merging m = {e, part_count, arena_array(all->mem, part_count, sizeof *m.at)};
    struct expanded *heap = arena_array(all->mem, most, sizeof *heap), word = {.entry.df = 0};
    bool *stands = arena_array(all->mem, part_count, sizeof *stands);
    uint32_t held = 0, *kept = arena_array(all->mem, part_count, sizeof *kept);

    if (!m.at || !heap || !stands || !kept)
        return arena_err(all->mem);
    for (e->words = 0; next_word(&m, &word, stands); e->words++)
        offer(heap, &held, most, word);
    e->used = held;
    if (e->words <= most)
        return 0;
    memset(m.at, 0, part_count * sizeof *m.at);
    while (next_word(&m, &word, stands))
        for (uint32_t i = 0; !rather(&heap[0], &word) && i < part_count; i++)
            if (stands[i])
                e->parts[i].at[kept[i]++] = e->parts[i].at[m.at[i] - 1];
    for (uint32_t i = 0; i < part_count; i++)
        e->parts[i].count = kept[i];
    return 0;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static int put_together(struct expansions *all, struct expansion *e, struct index_view *v, uint32_t i)
{
    const struct segment *s = &v->segments[i];
    struct expanded_part *part = &e->parts[i];
    int rc = part->count ? union_init(&part->all, all->mem, s, e->field) : 0;

    for (uint32_t w = 0; rc == 0 && w < part->count; w++) {
        const struct expanded *one = &part->at[w];

        rc = union_add(&part->all, all->mem, v, s, e->field, one->term, &one->entry);
        part->bytes += entry_bytes(&one->entry);
        part->cf += one->entry.cf;
    }
    if (rc == 0 && part->count)
        union_close(&part->all);
    return rc;
}

static int find(const struct query *q, uint32_t key, struct index_view *v, enum field field,
                struct expansion *e)
{
    struct expansions *all = q->expansions;
    uint32_t most = most_words(q->keys[key].how);
    int rc = 0;

    e->key = key;
    e->field = field;
    if (!(e->parts = arena_array(all->mem, v->segment_count, sizeof *e->parts)))
        return ERR_NOMEM;
    for (uint32_t i = 0; rc >= 0 && i < v->segment_count; i++) {
        struct look *l = arena_alloc(all->mem, sizeof *l);

        if (!l)
            return arena_err(all->mem);
        *l = (struct look){.query = q, .key = &q->keys[key], .all = all, .part = &e->parts[i]};
        rc = look_through(l, v, v->segments[i].id, field);
        if (rc >= 0 && !field_has_lists(field))
            rc = measure_words(&e->parts[i], q, v, &v->segments[i], field);
        e->words += e->parts[i].count;
    }
    if (rc >= 0 && e->words > most)
        rc = cut(all, e, v->segment_count, most);
    else
        e->used = e->words;
    for (uint32_t i = 0; rc >= 0 && i < v->segment_count; i++)
        rc = put_together(all, e, v, i);
    return rc;
}

/* Those of another view are forgotten. */
static struct expansions *expansions_of(const struct query *q, struct index_view *v)
{
    struct expansions *all = q->expansions;
    size_t txn = mdb_txn_id(v->txn);

    if (all && (all->view != v || all->txn != txn)) {
        all->first = NULL;
        all->view = v;
        all->txn = txn;
    }
    return all;
}

int expand(const struct query *q, uint32_t key, struct index_view *v, const struct segment *s,
           enum field field, const struct expanded_part **out)
{
    struct expansions *all = expansions_of(q, v);
    struct expansion *e = all ? all->first : NULL;
    int rc;

    *out = NULL;
    while (e && (e->key != key || e->field != field))
        e = e->next;
    if (!e) {
        if (!all || !(e = arena_alloc(all->mem, sizeof *e)))
            return ERR_NOMEM;
        if ((rc = find(q, key, v, field, e)) < 0)
            return rc;
        e->next = all->first;
        all->first = e;
    }
    for (uint32_t i = 0; i < v->segment_count; i++)
        if (v->segments[i].id == s->id && e->parts[i].count) {
            *out = &e->parts[i];
            return 1;
        }
    return 0;
}

/* ---- what was left out ------------------------------------------------------------------------------- */

static struct span typed(struct arena *mem, const struct query_key *key)
{
    struct span word = key->exact.len ? key->exact : key->loose;
    const char *before = key->how == KEY_FUZZY ? "~" : key->how == KEY_PREFIX ? "" : "*";
    const char *behind = key->how == KEY_PREFIX || key->how == KEY_INFIX ? "*" : "";

    return span_of(arena_printf(mem, "%s%.*s%s", before, (int)word.len, word.at, behind));
}

int expand_cuts(const struct query *q, struct arena *mem, struct query_cut **out, uint32_t *count)
{
    *count = 0;
    if (!(*out = arena_array(mem, (size_t)q->key_count + 1, sizeof **out)))
        return arena_err(mem);
    for (uint32_t key = 0; key < q->key_count; key++) {
        const struct expansion *worst = NULL; /* of several fields */

        for (const struct expansion *e = q->expansions ? q->expansions->first : NULL; e; e = e->next)
            if (e->key == key && e->used < e->words && (!worst || e->words > worst->words))
                worst = e;
        if (worst)
            (*out)[(*count)++] = (struct query_cut){typed(mem, &q->keys[key]), worst->words, worst->used};
    }
    return arena_err(mem);
}
