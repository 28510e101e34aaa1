/* people_list.c -- everybody who is quoted, out of the columns of quotes: no row is read. */
#include "index/people.h"

#include "base/err.h"
#include "index/columns.h"
#include "index/post.h"
#include "index/word.h"

enum { TYPED_MAX = 32 };

#define NOBODY UINT32_MAX

/* What is known of a person. */
struct tally {
    uint32_t quotes, articles, doc; /* doc: the article of its last quote */
    uint32_t first_day, last_day;
};

struct list {
    struct people *people;
    struct tally *tallies; /* of each */
    uint32_t cap;
    struct arena *mem;
    struct index_view *view;
    const volatile bool *cancel;
    uint32_t turns;
    struct span keys[TYPED_MAX]; /* of what was typed */
    uint32_t key_count;
    uint32_t first; /* quote of the view */
    uint64_t *bits; /* a bit a quote: its speaker has words that begin so; NULL when nothing was typed */
    size_t words;   /* of the bits */
};

static bool is_cancelled(struct list *l)
{
    return l->cancel && ++l->turns % 4096 == 0 && *l->cancel;
}

/* ---- what was typed ---------------------------------------------------------------------------------- */

/* The keys of what was typed; the parts of a hyphenated word stand for it. Other ways to find a word are not asked for. */
static uint32_t typed_keys(struct arena *mem, struct span typed, struct span keys[TYPED_MAX])
{
    struct word_reader r;
    struct word w;
    uint32_t count = 0, whole_pos = 0;

    word_open(&r, typed, 0);
    while (count < TYPED_MAX && word_next(&r, &w)) {
        if (w.kind == WORD_REST)
            continue;
        if (w.kind == WORD_PART && count && w.pos == whole_pos)
            count--; /* the first part takes the place of the whole */
        whole_pos = w.kind == WORD_PART ? UINT32_MAX : w.pos;
        keys[count++] = arena_span(mem, w.key);
    }
    return count;
}

static bool word_begins(struct span name, struct span key)
{
    struct word_reader r;
    struct word w;

    word_open(&r, name, 0);
    while (word_next(&r, &w))
        if (span_starts(w.key, key))
            return true;
    return false;
}

static bool name_has(const struct list *l, struct span name)
{
    for (uint32_t i = 0; i < l->key_count; i++)
        if (!word_begins(name, l->keys[i]))
            return false;
    return true;
}

/* Marks the quotes of one term of names, in all segments. */
static int mark_term(struct list *l, struct span term, uint64_t *bits)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(l->view, &segment_count);
    struct arena lists = ARENA_INIT;
    int rc = 0;

    for (uint32_t i = 0; rc >= 0 && i < segment_count; i++) {
        struct post post;

        rc = post_open(&post, &lists, l->view, &segments[i], FIELD_NAME, term);
        while (rc == 1 && (rc = post_next(&post)) == 1) {
            if (is_cancelled(l))
                rc = ERR_CANCELLED;
            else if (post.doc - l->first < l->words * 64)
                bits[(post.doc - l->first) / 64] |= UINT64_C(1) << (post.doc - l->first) % 64;
        }
        arena_reset(&lists);
    }
    arena_free(&lists);
    return rc < 0 ? rc : 0;
}

/* The quotes whose speaker has a word that begins so. */
static int mark_key(struct list *l, struct span key, uint64_t *bits)
{
    struct arena mem = ARENA_INIT;
    struct term_walk *walk;
    struct span term;
    int rc = term_walk_open(&walk, &mem, l->view, FIELD_NAME, key);

    while (rc >= 0 && (rc = term_walk_next(walk, &term)) == 1)
        rc = mark_term(l, term, bits);
    arena_free(&mem);
    return rc;
}

static int mark_typed(struct list *l)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(l->view, &segment_count);
    uint64_t *bits;
    int rc = 0;

    if (l->key_count == 0 || segment_count == 0)
        return 0;
    l->first = segments[0].first_quote;
    l->words = (segments[segment_count - 1].last_quote + 1 - l->first + 63) / 64 + 1;
    l->bits = arena_array(l->mem, l->words, sizeof *bits);
    bits = arena_array(l->mem, l->words, sizeof *bits);
    if (!l->bits || !bits)
        return ERR_NOMEM;
    for (uint32_t i = 0; rc == 0 && i < l->key_count; i++) {
        memset(bits, 0, l->words * sizeof *bits);
        rc = mark_key(l, l->keys[i], bits);
        for (size_t k = 0; k < l->words; k++)
            l->bits[k] = i ? l->bits[k] & bits[k] : bits[k];
    }
    return rc;
}

/* ---- counting ---------------------------------------------------------------------------------------- */

/* Days in the order of their dates as text: a year before its days. */
static uint32_t in_order(uint32_t day)
{
    return day ^ 3;
}

/* The columns of the segment that is counted. */
struct counted {
    struct arena mem;
    const struct segment *segment;
    struct column_reader speaker, kind, day;
    struct quote_docs docs;
    struct span *names; /* all of them, or NULL: each is looked up when it comes */
    uint32_t *whose;    /* by number of a name: 1 + the person, 0 where that is not known yet, or NOBODY */
    uint32_t count;     /* of the numbers */
};

/* Whose the name of that number is; NOBODY when what was typed does not begin its words. */
static int learn(struct list *l, struct counted *c, uint32_t number)
{
    struct people *p = l->people;
    uint32_t person, before = p->count;
    struct span name;
    int rc = 0;

    if (c->names)
        name = c->names[number];
    else
        rc = column_name(&c->mem, l->view, c->segment, COLUMN_SPEAKER, number, &name);
    c->whose[number] = NOBODY;
    if (rc < 0 || !name_has(l, name))
        return rc;
    if ((rc = people_find(p, name, &person)) < 0)
        return rc;
    if (p->count > before && !ARENA_MORE(l->mem, l->tallies, before, l->cap))
        return ERR_NOMEM;
    if (p->count > before)
        l->tallies[person] = (struct tally){0};
    c->whose[number] = person + 1;
    return 0;
}

static int count_quote(struct list *l, struct counted *c, uint32_t quote)
{
    uint32_t speaker, kind, doc, day;
    struct tally *t;
    int rc;

    if ((rc = column_at(&c->speaker, quote, &speaker)) < 0 || speaker == 0)
        return rc;
    if ((rc = column_at(&c->kind, quote, &kind)) < 0 || kind == QUOTE_INDIRECT + 1)
        return rc;
    if ((rc = view_quote_dead(l->view, quote)) != 0)
        return rc < 0 ? rc : 0;
    if (speaker >= c->count)
        return ERR_CORRUPT;
    if ((!c->whose[speaker] && (rc = learn(l, c, speaker)) < 0) || c->whose[speaker] == NOBODY)
        return rc;
    t = &l->tallies[c->whose[speaker] - 1];
    t->quotes++;
    if ((rc = quote_docs_find(&c->docs, quote, &doc)) < 0 || doc == t->doc)
        return rc;
    t->doc = doc;
    t->articles++;
    if ((rc = column_at(&c->day, doc, &day)) < 0)
        return rc;
    if (day && (!t->first_day || in_order(day) < in_order(t->first_day)))
        t->first_day = day;
    if (day && (!t->last_day || in_order(day) > in_order(t->last_day)))
        t->last_day = day;
    return 0;
}

static uint32_t next_quote(const struct list *l, uint32_t quote, uint32_t last)
{
    while (l->bits && quote <= last) {
        uint64_t left = l->bits[(quote - l->first) / 64] >> (quote - l->first) % 64;

        if (left & 1)
            break;
        quote += left ? (uint32_t)__builtin_ctzll(left) : 64 - (quote - l->first) % 64;
    }
    return quote;
}

/* How many numbers the segment's names have, 0 too; and all names, when everybody is listed. */
static int open_names(struct list *l, struct counted *c)
{
    int rc = 0;

    if (!l->bits)
        rc = column_names(&c->mem, l->view, c->segment, COLUMN_SPEAKER, &c->names, &c->count);
    else
        rc = column_name_count(l->view, c->segment, COLUMN_SPEAKER, &c->count);
    if (rc == 0 && !(c->whose = arena_array(&c->mem, c->count, sizeof *c->whose)))
        rc = ERR_NOMEM;
    return rc;
}

static int count_segment(struct list *l, const struct segment *s)
{
    struct counted c = {.segment = s};
    int rc = open_names(l, &c);

    column_open(&c.speaker, l->view, s, COLUMN_SPEAKER);
    column_open(&c.kind, l->view, s, COLUMN_KIND);
    column_open(&c.day, l->view, s, COLUMN_DAY);
    quote_docs_open(&c.docs, l->view, s);
    for (uint64_t quote = s->first_quote; rc == 0 && quote <= s->last_quote; quote++) {
        quote = next_quote(l, (uint32_t)quote, s->last_quote);
        if (quote <= s->last_quote)
            rc = is_cancelled(l) ? ERR_CANCELLED : count_quote(l, &c, (uint32_t)quote);
    }
    arena_free(&c.mem);
    return rc;
}

int people_list(struct people *p, struct arena *mem, struct index_view *v, struct span typed,
                const volatile bool *cancel)
{
    struct list l = {.people = p, .mem = mem, .view = v, .cancel = cancel};
    uint32_t segment_count;
    const struct segment *segments = view_segments(v, &segment_count);
    int rc;

    people_init(p, mem);
    l.key_count = typed_keys(mem, typed, l.keys);
    rc = mark_typed(&l);
    for (uint32_t i = 0; rc == 0 && i < segment_count; i++)
        rc = count_segment(&l, &segments[i]);
    for (uint32_t i = 0; rc == 0 && i < p->count; i++) {
        p->at[i].quotes = l.tallies[i].quotes;
        p->at[i].articles = l.tallies[i].articles;
        p->at[i].first_day = l.tallies[i].first_day;
        p->at[i].last_day = l.tallies[i].last_day;
    }
    return rc;
}

static struct span date_of(struct arena *mem, uint32_t day)
{
    char iso[11];

    column_day_iso(day, iso);
    return arena_span(mem, span_of(iso));
}

int people_fill(struct person *person, struct arena *mem)
{
    person->first = date_of(mem, person->first_day);
    person->last = date_of(mem, person->last_day);
    return arena_err(mem);
}
