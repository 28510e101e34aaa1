#include "index/lists.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/expand.h"
#include "index/impact.h"
#include "index/term.h"
#include "index/terms.h"

/* One list, and what it does for the key. */
struct member {
    struct post post;
    bool ended;
    uint16_t width; /* of the words in a list of wide ones; else 0 */
    uint32_t word;  /* in a heap: lists of one word have the same number */
};

struct members {
    struct member *at;
    uint32_t count, cap;
};

struct lists_state {
    struct arena *mem;
    struct members plus, minus, wide;

    /* Of a key that expands: all of its lists put together; */
    const struct expanded_part *part;
    struct index_view *view;
    const struct segment *segment;
    enum field field;
    struct member *
        heap; /* those lists themselves, when their places are asked for: the one whose number is least on top */
    uint32_t heap_count;
};

/* ---- opening ----------------------------------------------------------------------------------------- */

struct opening {
    struct arena *mem;
    struct index_view *view;
    const struct segment *segment;
    enum field field;
};

/* Adds the list of a term, when there is one. */
static int add(struct opening *o, struct members *m, struct span term, uint16_t width)
{
    struct member one = {.width = width};
    int rc = post_open(&one.post, o->mem, o->view, o->segment, o->field, term);

    if (rc <= 0)
        return rc;
    if (!ARENA_MORE(o->mem, m->at, m->count, m->cap))
        return ERR_NOMEM;
    m->at[m->count++] = one;
    return 0;
}

static int walk_open(struct opening *o, struct span prefix, struct term_walk **walk)
{
    return terms_open(walk, o->mem, o->view, o->segment, 1, field_of_lists(o->field), prefix, SPAN(""));
}

/* Adds the lists of all forms of a key: spellings or widths. */
static int add_forms(struct opening *o, struct members *m, struct span key, char form)
{
    char prefix[LIMIT_TERM];
    struct term_walk *walk;
    struct span term;
    int rc = walk_open(o, term_form(key, form, SPAN(""), prefix), &walk);

    while (rc == 0 && (rc = term_walk_next(walk, &term)) == 1)
        rc = add(o, m, term, form == TERM_WIDE ? (uint16_t)(term.at[term.len - 1] - '0') : 0);
    return rc;
}

static int add_spelled(struct opening *o, struct lists_state *s, const struct query_key *key)
{
    char term[LIMIT_TERM];
    int rc;

    if (!span_eq(key->loose, key->exact))
        return add(o, &s->plus, term_spelled(key->loose, key->exact, term), 0);
    rc = add(o, &s->plus, key->loose, 0);
    return rc < 0 || s->plus.count == 0 ? rc : add_forms(o, &s->minus, key->loose, TERM_SPELLED);
}

static int add_umlaut(struct opening *o, struct lists_state *s, const struct query_key *key)
{
    char term[LIMIT_TERM], exact[LIMIT_WORD];
    int rc = add(o, &s->plus, term_spelled(key->loose, key->exact, term), 0);

    if (rc < 0 || key->exact.len + 2 > LIMIT_WORD)
        return rc;
    memcpy(exact, key->exact.at, key->exact.len);
    memcpy(exact + key->exact.len, "'s", 2);
    return add(o, &s->plus, term_spelled(key->loose, (struct span){exact, key->exact.len + 2}, term), 0);
}

static int add_all(struct opening *o, struct lists_state *s, const struct query_key *key)
{
    if (key->how == KEY_SPELLED)
        return add_spelled(o, s, key);
    if (key->how == KEY_UMLAUT)
        return add_umlaut(o, s, key);
    return add(o, &s->plus, key->loose, 0);
}

static int open_expanded(struct lists *l, struct lists_state *s, const struct opening *o,
                         const struct query *q, uint32_t key)
{
    int rc = expand(q, key, o->view, o->segment, o->field, &s->part);

    if (rc <= 0)
        return rc;
    s->view = o->view;
    s->segment = o->segment;
    s->field = o->field;
    l->df = s->part->all.count;
    l->cf = s->part->cf;
    l->bytes = s->part->bytes;
    l->state = s;
    return 1;
}

static void add_up(struct lists *l, const struct members *plus)
{
    l->df = 0;
    l->cf = l->bytes = 0;
    for (uint32_t i = 0; i < plus->count; i++) {
        const struct post *p = &plus->at[i].post;

        l->cf += p->cf;
        l->bytes += p->bytes;
        l->df = l->df > UINT32_MAX - p->df ? UINT32_MAX : l->df + p->df;
    }
}

int lists_measure(struct lists *l)
{
    struct members *plus = l->state ? &l->state->plus : NULL;
    int rc = 0;

    if (!plus || l->state->part) /* what expands was measured before */
        return 0;
    for (uint32_t i = 0; rc == 0 && i < plus->count; i++)
        rc = post_measure(&plus->at[i].post);
    add_up(l, plus);
    return rc;
}

int lists_open(struct lists *l, struct arena *mem, struct index_view *v, const struct segment *segment,
               enum field field, const struct query *q, uint32_t key, bool wide)
{
    struct opening o = {mem, v, segment, field};
    struct lists_state *s = arena_alloc(mem, sizeof *s);
    int rc;

    *l = (struct lists){0};
    if (!s)
        return ERR_NOMEM;
    s->mem = mem;
    if (key_expands(q->keys[key].how))
        return open_expanded(l, s, &o, q, key);
    if ((rc = add_all(&o, s, &q->keys[key])) < 0)
        return rc;
    if (wide && s->plus.count && (rc = add_forms(&o, &s->wide, q->keys[key].loose, TERM_WIDE)) < 0)
        return rc;
    add_up(l, &s->plus);
    l->state = s->plus.count ? s : NULL;
    return s->plus.count > 0;
}

/* ---- walking ----------------------------------------------------------------------------------------- */

/* Moves a list up to doc. 1 when it stands there, 0 when not. */
static int stands_at(struct member *m, uint32_t doc)
{
    int rc;

    if (!m->ended && m->post.doc < doc) {
        if ((rc = post_seek(&m->post, doc)) < 0)
            return rc;
        m->ended = rc == 0;
    }
    return !m->ended && m->post.doc == doc;
}

int lists_seek(struct lists *l, uint32_t doc)
{
    struct lists_state *s = l->state;
    uint32_t least = 0;

    if (!s)
        return 0;
    if (l->doc && l->doc >= doc)
        return 1;
    if (s->part)
        least = union_seek(&s->part->all, doc);
    for (uint32_t i = 0; i < s->plus.count; i++) {
        struct member *m = &s->plus.at[i];
        int rc = stands_at(m, doc);

        if (rc < 0)
            return rc;
        if (!m->ended && (!least || m->post.doc < least))
            least = m->post.doc;
    }
    if (!least) {
        l->state = NULL; /* at the end, however often it is asked */
        return 0;
    }
    l->doc = least;
    return 1;
}

/* Adds up what the lists say of the current number, and takes away what those say that are left out. */
static int64_t sum_up(struct lists *l, int64_t (*ask)(struct post *p))
{
    int64_t sum = 0, one;

    for (int sign = 1; sign >= -1; sign -= 2) {
        struct members *m = sign > 0 ? &l->state->plus : &l->state->minus;

        for (uint32_t i = 0; i < m->count; i++) {
            int rc = stands_at(&m->at[i], l->doc);

            if (rc < 0 || (rc == 1 && (one = ask(&m->at[i].post)) < 0))
                return rc < 0 ? rc : one;
            sum += rc == 1 ? sign * one : 0;
        }
    }
    return sum;
}

int64_t lists_weight(struct lists *l)
{
    return l->state->part ? union_weight(&l->state->part->all, l->doc) : sum_up(l, post_weight);
}

int lists_stands(struct lists *l)
{
    int64_t count = l->state->minus.count ? sum_up(l, post_count) : 1;

    return count < 0 ? (int)count : count > 0;
}

int lists_bound(struct lists *l, uint32_t doc, struct post_bound *bound)
{
    struct members *m = l->state ? &l->state->plus : NULL;
    uint64_t impact = 0; /* of a sum: not more than the sum, since what is more saturates */
    bool any = false;

    *bound = (struct post_bound){.first = UINT32_MAX, .last = UINT32_MAX};
    if (l->state && l->state->part) { /* not told by blocks */
        *bound = (struct post_bound){union_seek(&l->state->part->all, doc), UINT32_MAX, IMPACT_MOST};
        return bound->first != 0;
    }
    for (uint32_t i = 0; m && i < m->count; i++) {
        struct post_bound one;
        int rc = m->at[i].ended ? 0 : post_bound(&m->at[i].post, doc, &one);

        if (rc < 0)
            return rc;
        m->at[i].ended |= rc == 0;
        if (rc == 0)
            continue;
        any = true;
        impact += one.impact;
        bound->first = one.first < bound->first ? one.first : bound->first;
        bound->last = one.last < bound->last ? one.last : bound->last;
    }
    bound->impact = impact > IMPACT_MOST ? IMPACT_MOST : (uint32_t)impact;
    return any;
}

static void mark(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= UINT64_C(1) << at % 64;
}

static int mark_list(struct post *p, uint32_t first, uint32_t last, uint64_t *bits)
{
    const uint32_t *numbers;
    struct post_bound bound = {.last = first - 1};
    uint32_t count;
    int rc;

    while ((rc = post_bound(p, bound.last + 1, &bound)) == 1) {
        if ((rc = post_block(p, &numbers, NULL, &count)) < 0)
            return rc;
        for (uint32_t i = 0; i < count; i++)
            if (numbers[i] >= first && numbers[i] <= last)
                mark(bits, numbers[i] - first);
    }
    return rc;
}

int lists_mark(struct lists *l, uint32_t first, uint32_t last, uint64_t *bits)
{
    int rc = 0, stands;

    if (l->state && l->state->part && first == l->state->part->all.first &&
        last == l->state->part->all.last) {
        const struct list_union *all = &l->state->part->all;

        for (uint32_t i = 0; i <= (last - first) / 64; i++)
            bits[i] |= all->bits[i];
        l->state = NULL;
        return 0;
    }
    if (l->state && !l->state->part && l->state->minus.count == 0) {
        for (uint32_t i = 0; rc >= 0 && i < l->state->plus.count; i++)
            rc = mark_list(&l->state->plus.at[i].post, first, last, bits);
        l->state = NULL;
        return rc;
    }
    for (uint32_t from = first; (rc = lists_seek(l, from)) == 1 && l->doc <= last; from = l->doc + 1)
        if ((stands = lists_stands(l)) < 0)
            return stands;
        else if (stands)
            mark(bits, l->doc - first);
    return rc;
}

struct post *lists_one(struct lists *l)
{
    return l->state && l->state->plus.count == 1 && l->state->minus.count == 0 ? &l->state->plus.at[0].post
                                                                               : NULL;
}

struct post *lists_plain(struct lists *l)
{
    return l->state && l->state->wide.count == 0 ? lists_one(l) : NULL;
}

const struct list_union *lists_union(const struct lists *l)
{
    return l->state && l->state->part ? &l->state->part->all : NULL;
}

/* ---- positions --------------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* The positions of all members in the current number, each once, rising. */
static int gather(struct members *m, uint32_t doc, struct arena *mem, uint32_t **out, uint32_t *count)
{
    uint64_t all = 0;
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->count; i++) {
        int64_t one = stands_at(&m->at[i], doc) == 1 ? post_count(&m->at[i].post) : 0;

        if (one < 0)
            return (int)one;
        all += (uint64_t)one;
    }
    if (!(*out = arena_array(mem, (size_t)all + 1, sizeof **out)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < m->count; i++) {
        const uint32_t *positions;
        int64_t rc = stands_at(&m->at[i], doc);

        if (rc == 1 && (rc = post_positions(&m->at[i].post, &positions)) > 0) {
            memcpy(*out + n, positions, (size_t)rc * sizeof *positions);
            n += (uint32_t)rc;
        }
        if (rc < 0)
            return (int)rc;
    }
    if (m->count > 1)
        qsort(*out, n, sizeof **out, by_number);
    *count = 0;
    for (uint32_t i = 0; i < n; i++)
        if (*count == 0 || (*out)[i] != (*out)[*count - 1])
            (*out)[(*count)++] = (*out)[i];
    return 0;
}

/* Takes the positions of `minus` out of `plus`. */
static void subtract(uint32_t *plus, uint32_t *count, const uint32_t *minus, uint32_t minus_count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0, j = 0; i < *count; i++) {
        while (j < minus_count && minus[j] < plus[i])
            j++;
        if (j == minus_count || minus[j] != plus[i])
            plus[kept++] = plus[i];
    }
    *count = kept;
}

/* Notes how wide the words at these positions are. */
static int widen(struct lists_state *s, uint32_t doc, struct arena *mem, struct phrase_places *places)
{
    uint16_t *width = NULL;

    for (uint32_t w = 0; w < s->wide.count; w++) {
        struct member *m = &s->wide.at[w];
        const uint32_t *positions;
        int64_t count = stands_at(m, doc);

        if (count == 1)
            count = post_positions(&m->post, &positions);
        if (count < 0)
            return (int)count;
        if (count == 0)
            continue;
        if (!width && !(width = arena_array(mem, (size_t)places->count + 1, sizeof *width)))
            return ERR_NOMEM;
        for (uint32_t i = 0, j = 0; i < places->count; i++) {
            while (j < count && positions[j] < places->pos[i])
                j++;
            if (j < count && positions[j] == places->pos[i])
                width[i] = m->width;
        }
    }
    for (uint32_t i = 0; width && i < places->count; i++)
        if (width[i] == 0)
            width[i] = 1;
    places->width = width;
    return 0;
}

/* ---- positions of a key that expands ----------------------------------------------------------------- */

static int open_one(struct lists_state *s, const struct expanded *e, uint32_t word, uint16_t width)
{
    struct member *m = &s->heap[s->heap_count];
    int rc = post_open(&m->post, s->mem, s->view, s->segment, s->field, e->term);

    if (rc == 0)
        return ERR_CORRUPT;
    if (rc < 0 || (rc = post_next(&m->post)) != 1)
        return rc; /* none where no title, no statement has the word */
    m->width = width;
    m->word = word;
    s->heap_count++;
    return 0;
}

static struct span key_of(const struct expanded *e)
{
    return span_cut(e->term, 0, term_key_len(e->term));
}

/* Opens the lists of one word: several spellings of it, perhaps, and those of wide places, from *wide on. *i is the first. */
static int open_word(struct lists_state *s, uint32_t *i, uint32_t *wide)
{
    const struct expanded_part *part = s->part;
    struct span key = key_of(&part->at[*i]);
    uint32_t word = *i;
    int rc = 0, order = -1;

    for (; rc == 0 && *i < part->count && span_eq(key_of(&part->at[*i]), key); ++*i)
        rc = open_one(s, &part->at[*i], word, 0);
    for (; rc == 0 && *wide < part->wide_count && (order = span_cmp(key_of(&part->wide[*wide]), key)) <= 0;
         ++*wide) {
        struct span term = part->wide[*wide].term;

        if (order == 0) /* else the word was cut */
            rc = open_one(s, &part->wide[*wide], word, (uint16_t)(term.at[term.len - 1] - '0'));
    }
    return rc;
}

/* Puts the member at `i` where it belongs among those below it. */
static void sink(struct lists_state *s, uint32_t i)
{
    struct member m = s->heap[i];

    for (uint32_t kid; (kid = 2 * i + 1) < s->heap_count; i = kid) {
        if (kid + 1 < s->heap_count && s->heap[kid + 1].post.doc < s->heap[kid].post.doc)
            kid++;
        if (m.post.doc <= s->heap[kid].post.doc)
            break;
        s->heap[i] = s->heap[kid];
    }
    s->heap[i] = m;
}

/* Opens all lists of the key. */
static int open_heap(struct lists_state *s)
{
    const struct expanded_part *part = s->part;
    uint32_t i = 0, wide = 0;
    int rc = 0;

    if (!(s->heap = arena_array(s->mem, (size_t)part->count + part->wide_count, sizeof *s->heap)))
        return arena_err(s->mem);
    while (rc == 0 && i < part->count)
        rc = open_word(s, &i, &wide);
    for (i = s->heap_count / 2; i-- > 0;)
        sink(s, i);
    return rc;
}

/* Moves the lists up to a number; those that end before it go. */
static int move_heap(struct lists_state *s, uint32_t doc)
{
    int rc = s->heap ? 0 : open_heap(s);

    while (rc >= 0 && s->heap_count && s->heap[0].post.doc < doc) {
        if ((rc = post_seek(&s->heap[0].post, doc)) == 0)
            s->heap[0] = s->heap[--s->heap_count];
        if (s->heap_count)
            sink(s, 0);
    }
    return rc < 0 ? rc : 0;
}

/* Where a word stands; `width` as in its member. */
struct found_place {
    uint32_t pos, word;
    uint16_t width;
};

struct found_places {
    struct arena *mem;
    struct found_place *at;
    uint32_t count, cap;
};

/* The places of the members that stand on the number: they are on top of the heap, one below the other. */
static int gather_heap(struct lists_state *s, uint32_t i, uint32_t doc, struct found_places *f)
{
    const uint32_t *positions;
    int64_t count;
    int rc;

    if (i >= s->heap_count || s->heap[i].post.doc != doc)
        return 0;
    if ((count = post_positions(&s->heap[i].post, &positions)) < 0)
        return (int)count;
    for (int64_t n = 0; n < count; n++) {
        if (!ARENA_MORE(f->mem, f->at, f->count, f->cap))
            return arena_err(f->mem);
        f->at[f->count++] = (struct found_place){positions[n], s->heap[i].word, s->heap[i].width};
    }
    rc = gather_heap(s, 2 * i + 1, doc, f);
    return rc < 0 ? rc : gather_heap(s, 2 * i + 2, doc, f);
}
static int by_place(const void *a, const void *b)
{
    const struct found_place *x = a, *y = b;

    if (x->pos != y->pos)
        return x->pos < y->pos ? -1 : 1;
    if (x->word != y->word)
        return x->word < y->word ? -1 : 1;
    return (x->width > y->width) - (x->width < y->width);
}

static int by_width(const void *a, const void *b)
{
    const struct found_place *x = a, *y = b;

    if (x->pos != y->pos)
        return x->pos < y->pos ? -1 : 1;
    return (x->width > y->width) - (x->width < y->width);
}

/* A word and its list of wide places become one place as wide as that says; two words of one width at one position are one
 * place. */
static void join_places(struct found_places *f)
{
    uint32_t kept = 0;

    qsort(f->at, f->count, sizeof *f->at, by_place);
    for (uint32_t i = 0; i < f->count; i++) {
        struct found_place *last = kept ? &f->at[kept - 1] : NULL;

        if (last && last->pos == f->at[i].pos && last->word == f->at[i].word)
            last->width = f->at[i].width;
        else if (f->at[i].width == 0)
            f->at[kept++] = f->at[i];
    }
    for (uint32_t i = 0; i < kept; i++)
        if (f->at[i].width == 0)
            f->at[i].width = 1;
    qsort(f->at, kept, sizeof *f->at, by_width);
    f->count = 0;
    for (uint32_t i = 0; i < kept; i++)
        if (f->count == 0 || by_width(&f->at[f->count - 1], &f->at[i]) != 0)
            f->at[f->count++] = f->at[i];
}

static int places_of_many(struct lists *l, struct arena *mem, struct phrase_places *places)
{
    struct found_places f = {.mem = mem};
    uint32_t *pos;
    uint16_t *width;
    int rc = move_heap(l->state, l->doc);

    if (rc < 0 || (rc = gather_heap(l->state, 0, l->doc, &f)) < 0)
        return rc;
    if (f.count == 0)
        return ERR_CORRUPT; /* one of them stands there */
    join_places(&f);
    if (!(pos = arena_array(mem, f.count, sizeof *pos)) ||
        !(width = arena_array(mem, f.count, sizeof *width)))
        return arena_err(mem);
    for (uint32_t i = 0; i < f.count; i++) {
        pos[i] = f.at[i].pos;
        width[i] = f.at[i].width;
    }
    *places = (struct phrase_places){.pos = pos, .width = width, .count = f.count};
    return 0;
}

int lists_places(struct lists *l, struct arena *mem, struct phrase_places *places)
{
    struct lists_state *s = l->state;
    uint32_t *plus, *minus, minus_count;
    int rc;

    *places = (struct phrase_places){0};
    if (s->part)
        return places_of_many(l, mem, places);
    if (s->plus.count == 1 && s->minus.count == 0) {
        int64_t count = stands_at(&s->plus.at[0], l->doc);

        if (count == 1)
            count = post_positions(&s->plus.at[0].post, &places->pos);
        if (count <= 0)
            return (int)count;
        places->count = (uint32_t)count;
        return widen(s, l->doc, mem, places);
    }
    if ((rc = gather(&s->plus, l->doc, mem, &plus, &places->count)) < 0)
        return rc;
    if (s->minus.count) {
        if ((rc = gather(&s->minus, l->doc, mem, &minus, &minus_count)) < 0)
            return rc;
        subtract(plus, &places->count, minus, minus_count);
    }
    places->pos = plus;
    return widen(s, l->doc, mem, places);
}
