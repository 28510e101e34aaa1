/* ask_hint.c -- did you mean: what may have been meant where nothing was found.
 *
 *      harbor ministr                   the archive has no "ministr"; near it stands "minister"
 *      → harbor minister                the same query with that word, which does find something
 *
 *      by hallbergg                     no speaker has "hallbergg" in the name; near it stands "hallberg"
 *      → Tomas Hallberg                 whose name has it, the most quoted first
 *
 * Only words that stand nowhere are replaced, only terms of the archive are proposed, and nothing is ever asked in place of what
 * was typed.
 */
#include "base/err.h"
#include "index/asking.h"
#include "index/facet.h"
#include "index/matches.h"
#include "index/near.h"
#include "index/word.h"

enum { UNKNOWN_MOST = 8, NEAR_MOST = 3 };

/* A word that stands nowhere, and what stands near it. */
struct unknown {
    struct span key;
    struct near *near;
    uint32_t near_count;
};

struct hinting {
    struct asking *a;
    struct unknown unknown[UNKNOWN_MOST];
    uint32_t count;
};

static void keep(struct asking *a, struct span hint)
{
    struct ask_result *r = a->result;

    if (hint.len == 0 || hint.len >= ASK_HINT_BYTES || r->hint_count == ASK_HINTS)
        return;
    for (uint32_t i = 0; i < r->hint_count; i++)
        if (span_eq(span_of(r->hints[i]), hint))
            return;
    memcpy(r->hints[r->hint_count], hint.at, hint.len);
    r->hints[r->hint_count++][hint.len] = '\0';
}

/* ---- words that stand nowhere ------------------------------------------------------------------------ */

/* Whether any segment has a list of the key. 1, 0 or an error. */
static int is_known(struct asking *a, enum field field, uint32_t key)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(a->view, &segment_count);
    struct arena mem = ARENA_INIT;
    int rc = 0;

    for (uint32_t i = 0; i < segment_count && rc == 0; i++) {
        struct lists lists;

        rc = lists_open(&lists, &mem, a->view, &segments[i], field, &a->query, key, false);
        if (rc == 1)
            rc = lists_seek(&lists, 1);
        arena_reset(&mem);
    }
    arena_free(&mem);
    return rc;
}

/* Notes the word of a slot, if no way to be there is known and the plain one is a single key. */
static int look_at_slot(struct hinting *h, const struct query_slot *slot, enum field field)
{
    struct asking *a = h->a;
    struct unknown *u = &h->unknown[h->count];
    int rc;

    for (uint32_t way = 0; way < slot->count; way++) {
        rc = 1;
        for (uint32_t k = 0; k < slot->ways[way].count && rc == 1; k++)
            rc = is_known(a, field, slot->ways[way].keys[k]);
        if (rc != 0)
            return rc < 0 ? rc : 0;
    }
    if (slot->ways[0].count != 1 || h->count == UNKNOWN_MOST ||
        key_expands(a->query.keys[slot->ways[0].keys[0]].how))
        return 0;
    u->key = a->query.keys[slot->ways[0].keys[0]].loose;
    rc = near_find(&a->mem, a->view, field, u->key, NEAR_MOST, &u->near, &u->near_count);
    if (rc == 0 && u->near_count == 0 && (field == FIELD_NAME || field == FIELD_STATEMENT_NAME))
        rc = near_begun(&a->mem, a->view, field, u->key, NEAR_MOST, &u->near, &u->near_count);
    h->count += rc == 0 && u->near_count > 0;
    return rc;
}

/* The words of a tree that are wanted; `names` those of speakers, else the others. */
static int look_at(struct hinting *h, const struct query_node *n, bool quotes, bool names, bool in_name)
{
    unsigned indirect = 1u << QUOTE_INDIRECT;
    bool told = !(query_kinds(&h->a->query) & ~indirect); /* only what is told without marks */
    enum field field = in_name  ? (told ? FIELD_STATEMENT_NAME : FIELD_NAME)
                       : quotes ? (told ? FIELD_STATEMENT : FIELD_QUOTE)
                                : FIELD_TEXT;
    int rc = 0;

    for (; n && rc == 0; n = n->next) {
        if (n->kind == QUERY_NOT || (query_is_filter(n->kind) && n->kind != QUERY_SPEAKER))
            continue;
        for (uint32_t i = 0; i < n->slot_count && names == in_name && rc == 0; i++)
            rc = look_at_slot(h, &n->slots[i], field);
        if (rc == 0)
            rc = look_at(h, n->kids, quotes, names, in_name || n->kind == QUERY_SPEAKER);
    }
    return rc;
}

/* ---- the same query with other words ----------------------------------------------------------------- */

static bool parts_words(char c)
{
    return (unsigned char)c <= ' ' || c == '(' || c == ')' || c == '"' || c == ':' || c == '=';
}

/* Puts a piece of the query with the unknown words replaced by what stands `which`th near each. */
static void put_replaced(const struct hinting *h, struct span piece, uint32_t which, struct buf *out)
{
    struct word_reader r;
    struct word w;
    size_t at = 0;

    word_open(&r, piece, 0);
    while (word_next(&r, &w)) {
        if (w.kind != WORD_WHOLE)
            continue;
        for (uint32_t i = 0; i < h->count; i++) {
            const struct unknown *u = &h->unknown[i];

            if (!span_eq(w.key, u->key))
                continue;
            buf_span(out, span_cut(piece, at, w.start));
            buf_span(out, u->near[which < u->near_count ? which : u->near_count - 1].term);
            at = w.end;
            break;
        }
    }
    buf_span(out, span_cut(piece, at, piece.len));
}

static void replace(const struct hinting *h, struct span text, uint32_t which, struct buf *out)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;

        while (end < text.len && !parts_words(text.at[end]))
            end++;
        put_replaced(h, span_cut(text, at, end), which, out);
        for (at = end; at < text.len && parts_words(text.at[at]); at++)
            buf_char(out, text.at[at]);
    }
}

/* Whether the verb would find something for this query (and, for BY, this speaker): 1, 0 or an error. Each person that is found
 * goes into `people`, unless that is NULL. */
static int finds(struct asking *a, struct span speaker, struct span query, struct people *people)
{
    struct ask ask = *a->ask;
    struct ask_result ignored = {0};
    struct asking other = {.view = a->view, .ask = &ask, .result = &ignored, .cancel = a->cancel};
    bool quotes = ask.verb == ASK_BY;
    struct facet_reader reader;
    enum field fields[2];
    uint32_t count, number = 0, person;
    int rc;

    ask.query = query;
    ask.speaker = speaker;
    other.mem.max = a->mem.max;
    rc = quotes ? asking_parse_name(&other) : asking_parse(&other);
    if (people)
        facet_init(&reader, people, FACET_SPEAKER, true);
    count = rc == 0 ? asking_fields(&other, quotes, fields) : 0;
    rc = rc == ERR_SYNTAX || rc == ERR_ARGS ? 0 : rc;
    for (uint32_t i = 0; i < count && (rc == 0 || (people && rc == 1)); i++) {
        const struct segment *segment = NULL;
        struct matches m;

        matches_open(&m, a->view, &other.query, fields[i], a->cancel);
        while ((rc = matches_next(&m, &number)) == 1 && people) {
            if (m.segment != segment)
                facet_enter(&reader, a->view, segment = m.segment);
            if ((rc = facet_of(&reader, number, &person)) < 0)
                break;
            people->at[person].quotes++;
        }
        matches_close(&m);
    }
    if (people)
        facet_fini(&reader);
    query_fini(&other.query);
    arena_free(&other.mem);
    return rc;
}

static int propose_queries(struct hinting *h)
{
    struct asking *a = h->a;
    struct buf text = BUF_INIT(2 * LIMIT_QUERY);
    int rc = 0;

    for (uint32_t which = 0; which < NEAR_MOST && h->count && rc >= 0; which++) {
        buf_clear(&text);
        replace(h, a->ask->query, which, &text);
        if (!buf_err(&text) && (rc = finds(a, a->ask->speaker, buf_view(&text), NULL)) == 1)
            keep(a, buf_view(&text));
    }
    buf_fini(&text);
    return rc < 0 ? rc : 0;
}

/* ---- names ------------------------------------------------------------------------------------------- */

/* Everybody whose name holds these words, the most quoted first. */
static int propose_names(struct asking *a, struct span words)
{
    struct people people;
    uint32_t *order;
    int rc;

    people_init(&people, &a->mem);
    if ((rc = finds(a, words, SPAN(""), &people)) < 0)
        return rc;
    if (people_order(&people, 0, &order, a->cancel) < 0)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < people.count; i++)
        keep(a, people.at[order[i]].name);
    return 0;
}

/* The last word of a name: mostly the surname. */
static struct span last_word(struct span name)
{
    size_t at = name.len;

    while (at && !parts_words(name.at[at - 1]))
        at--;
    return at ? span_cut(name, at, name.len) : SPAN("");
}

/* Nobody's name holds all words of the speaker. */
static int propose_speakers(struct hinting *h)
{
    struct asking *a = h->a;
    struct span name = span_trim(a->ask->speaker);
    struct buf text = BUF_INIT(2 * LIMIT_QUERY);
    int rc = 0;

    for (uint32_t which = 0; which < NEAR_MOST && h->count && rc >= 0; which++) {
        buf_clear(&text);
        replace(h, name, which, &text);
        if (!buf_err(&text))
            rc = propose_names(a, buf_view(&text));
    }
    buf_fini(&text);
    if (rc == 0 && a->result->hint_count == 0 && last_word(name).len)
        rc = propose_names(a, last_word(name));
    return rc;
}

int ask_hint(struct asking *a)
{
    struct hinting h = {.a = a};
    bool by = a->ask->verb == ASK_BY;
    int rc = 0, speaks = 1;

    if (!a->query.root)
        return 0;
    if (by && (speaks = finds(a, a->ask->speaker, SPAN(""), NULL)) < 0)
        return speaks;
    if (!speaks) {
        if ((rc = look_at(&h, a->query.root, true, true, false)) == 0)
            rc = propose_speakers(&h);
        return rc;
    }
    if ((rc = look_at(&h, a->query.root, by, false, false)) == 0 && !by)
        rc = look_at(&h, a->query.root, false, true, false);
    return rc < 0 ? rc : propose_queries(&h);
}
