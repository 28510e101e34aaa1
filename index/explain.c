#include "index/explain.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/err.h"
#include "base/json.h"
#include "index/date.h"
#include "index/lists.h"

static const char *const step_names[EXPLAIN_STEPS] = {
    [STEP_PARSE] = "parse", [STEP_FIND] = "find", [STEP_RENDER] = "render"};

/* ---- what each kind of node is called ---------------------------------------------------------------- */

/* One row a kind. */
static const char *node_name(const struct query_node *n)
{
    switch (n->kind) {
    case QUERY_WORDS:
        return n->slot_count > 1 ? "phrase" : "word";
    case QUERY_NEAR:
        return "near";
    case QUERY_AND:
        return "AND";
    case QUERY_OR:
        return "OR";
    case QUERY_NOT:
        return "NOT";
    case QUERY_SPEAKER:
        return "speaker";
    case QUERY_ROLE:
        return "role";
    case QUERY_CUE:
        return "cue";
    case QUERY_KIND:
        return "kind";
    case QUERY_TITLE:
        return "title";
    case QUERY_SOURCE:
        return "source";
    case QUERY_LANG:
        return "lang";
    case QUERY_PATH:
        return "path";
    case QUERY_DATE:
        return "date";
    }
    return "?";
}

static const char *how_name(enum key_how how)
{
    switch (how) {
    case KEY_LOOSE:
        return "loose";
    case KEY_SPELLED:
        return "spelled";
    case KEY_UMLAUT:
        return "umlaut";
    case KEY_BEGINS:
        return "begins";
    case KEY_STEM:
        return "stem";
    case KEY_PREFIX:
        return "prefix";
    case KEY_INFIX:
        return "infix";
    case KEY_SUFFIX:
        return "suffix";
    case KEY_FUZZY:
        return "fuzzy";
    }
    return "?";
}

static const char *field_name(enum field f)
{
    static const char *const names[] = {[FIELD_TEXT] = "text",
                                        [FIELD_QUOTE] = "quote",
                                        [FIELD_NAME] = "name",
                                        [FIELD_SPEAKER] = "speaker",
                                        [FIELD_STATEMENT] = "statement",
                                        [FIELD_STATEMENT_NAME] = "statement name",
                                        [FIELD_TITLE] = "title",
                                        [FIELD_SOURCE] = "source",
                                        [FIELD_LANG] = "lang",
                                        [FIELD_ROLE] = "role",
                                        [FIELD_CUE] = "cue",
                                        [FIELD_STATEMENT_ROLE] = "statement role",
                                        [FIELD_STATEMENT_CUE] = "statement cue"};

    return (size_t)f < sizeof names / sizeof *names && names[f] ? names[f] : "?";
}

/* ---- the lists of a key ------------------------------------------------------------------------------ */

/* Over all segments. */
struct sums {
    uint64_t df, cf, bytes;
    uint32_t segments; /* that have one */
};

struct telling {
    struct render *r;
    struct index_view *view;
    const struct query *query;
    const struct explained *e;
    int rc;
};

static struct sums lists_of(struct telling *t, enum field field, uint32_t key)
{
    uint32_t segment_count;
    const struct segment *segments = view_segments(t->view, &segment_count);
    struct arena mem = ARENA_INIT;
    struct sums sums = {0};

    for (uint32_t i = 0; i < segment_count && t->rc >= 0; i++) {
        struct lists l;

        t->rc = lists_open(&l, &mem, t->view, &segments[i], field, t->query, key, false);
        if (t->rc == 1 && (t->rc = lists_measure(&l)) == 0 && l.df) {
            sums.df += l.df;
            sums.cf += l.cf;
            sums.bytes += l.bytes;
            sums.segments++;
        }
        arena_reset(&mem);
    }
    arena_free(&mem);
    return sums;
}

/* The fields where the words of a node are looked for: under a filter those of the filter. */
static uint32_t fields_of(const struct telling *t, enum query_kind under, enum field fields[2])
{
    static const enum field of_articles[] = {
        [QUERY_TITLE] = FIELD_TITLE, [QUERY_SOURCE] = FIELD_SOURCE, [QUERY_LANG] = FIELD_LANG};
    static const enum field of_quotes[][2] = {[QUERY_WORDS] = {FIELD_QUOTE, FIELD_STATEMENT},
                                              [QUERY_SPEAKER] = {FIELD_NAME, FIELD_STATEMENT_NAME},
                                              [QUERY_ROLE] = {FIELD_ROLE, FIELD_STATEMENT_ROLE},
                                              [QUERY_CUE] = {FIELD_CUE, FIELD_STATEMENT_CUE}};
    unsigned indirect = 1u << QUOTE_INDIRECT, kinds = query_kinds(t->query);
    uint32_t count = 0;

    if (under >= QUERY_TITLE || (under == QUERY_WORDS && !t->e->quotes)) {
        fields[count++] = under == QUERY_WORDS ? FIELD_TEXT : of_articles[under];
        return count;
    }
    if (kinds & ~indirect)
        fields[count++] = of_quotes[under][0];
    if (kinds & indirect)
        fields[count++] = of_quotes[under][1];
    return count;
}

/* ---- in words ---------------------------------------------------------------------------------------- */

static void indent(struct buf *b, unsigned depth)
{
    for (unsigned i = 0; i < depth * 2; i++)
        buf_char(b, ' ');
}

static void say_many(struct buf *b, uint64_t n, const char *what)
{
    buf_printf(b, "  %" PRIu64 " %s%s", n, what, n == 1 ? "" : "s");
}

static void say_key(struct telling *t, uint32_t key, enum query_kind under, unsigned depth)
{
    const struct query_key *k = &t->query->keys[key];
    struct buf *b = &t->r->out;
    enum field fields[2];
    uint32_t count = fields_of(t, under, fields);

    for (uint32_t i = 0; i < count; i++) {
        struct sums s = lists_of(t, fields[i], key);

        indent(b, depth);
        buf_span(b, k->loose);
        if (k->how != KEY_LOOSE) {
            buf_printf(b, " (%s", how_name(k->how));
            if (k->exact.len)
                buf_printf(b, " %.*s", (int)k->exact.len, k->exact.at);
            buf_char(b, ')');
        }
        buf_printf(b, "  %s", field_name(fields[i]));
        say_many(b, s.df, field_of_documents(fields[i]) ? "article" : "quote");
        say_many(b, s.cf, "time");
        say_many(b, s.bytes, "byte");
        say_many(b, s.segments, "segment");
        buf_char(b, '\n');
    }
}

/* What a node says beside its kids. */
static void say_facts(struct buf *b, const struct query_node *n)
{
    char from[11], to[11];

    if (n->kind == QUERY_DATE) {
        date_iso(n->first_day, from);
        date_iso(n->last_day, to);
        buf_printf(b, " %s..%s", from, to);
    }
    if (n->kind == QUERY_PATH)
        buf_printf(b, " %.*s", (int)n->path.len, n->path.at);
    if (n->most || n->ordered) /* in NEAR: how far from the one before */
        buf_printf(b, " within %u%s", n->most, n->ordered ? ", in order" : "");
    for (int kind = 0; n->kind == QUERY_KIND && kind < QUOTE_KINDS; kind++)
        if (n->kinds & 1u << kind)
            buf_printf(b, " %s", quote_kind_name((enum quote_kind)kind));
}

static void say_node(struct telling *t, const struct query_node *n, enum query_kind under, unsigned depth)
{
    struct buf *b = &t->r->out;

    indent(b, depth);
    buf_str(b, node_name(n));
    say_facts(b, n);
    buf_char(b, '\n');
    for (uint32_t i = 0; i < n->slot_count; i++)
        for (uint32_t way = 0; way < n->slots[i].count; way++) {
            if (way) {
                indent(b, depth + 1);
                buf_str(b, "or\n");
            }
            for (uint32_t k = 0; k < n->slots[i].ways[way].count; k++)
                say_key(t, n->slots[i].ways[way].keys[k], under, depth + 1);
        }
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        say_node(t, kid, query_is_filter(n->kind) ? n->kind : under, depth + 1);
}

/* Nanoseconds that a step took. */
static uint64_t step_ns(const struct explained *e, int step)
{
    uint64_t before = step ? e->ended[step - 1] : e->began;

    return e->ended[step] > before ? e->ended[step] - before : 0;
}

static void in_words(struct telling *t)
{
    struct buf *b = &t->r->out;

    if (t->query->root)
        say_node(t, t->query->root, QUERY_WORDS, 0);
    buf_printf(b, "%" PRIu64 " match", t->e->matches);
    if (t->e->ranked)
        buf_printf(b, "; %" PRIu64 " scored, %" PRIu64 " blocks read, %" PRIu64 " passed by",
                   t->e->counts.documents_scored, t->e->counts.blocks_read, t->e->counts.blocks_passed);
    buf_char(b, '\n');
    for (int i = 0; i < EXPLAIN_STEPS && t->e->began; i++) {
        uint64_t ns = step_ns(t->e, i);

        buf_printf(b, "%s%s %" PRIu64 ".%" PRIu64 " µs", i ? ", " : "", step_names[i], ns / 1000,
                   ns % 1000 / 100);
    }
    buf_printf(b, "%s%" PRIu64 " bytes\n", t->e->began ? ": " : "", t->e->bytes);
}

/* ---- in JSON ----------------------------------------------------------------------------------------- */

static void put_number(struct buf *b, const char *name, uint64_t n)
{
    json_put_int(b, name, (int64_t)n);
}

static void put_key(struct telling *t, uint32_t key, enum query_kind under)
{
    const struct query_key *k = &t->query->keys[key];
    struct buf *b = &t->r->out;
    enum field fields[2];
    uint32_t count = fields_of(t, under, fields);

    json_sep(b);
    buf_char(b, '{');
    json_put_text(b, "key", k->loose);
    json_put_text(b, "how", span_of(how_name(k->how)));
    if (k->exact.len)
        json_put_text(b, "exact", k->exact);
    json_key(b, "lists");
    buf_char(b, '[');
    for (uint32_t i = 0; i < count; i++) {
        struct sums s = lists_of(t, fields[i], key);

        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "field", span_of(field_name(fields[i])));
        put_number(b, "df", s.df);
        put_number(b, "cf", s.cf);
        put_number(b, "bytes", s.bytes);
        put_number(b, "segments", s.segments);
        buf_char(b, '}');
    }
    buf_str(b, "]}");
}

/* Each place of the words, each way to be there, its keys. */
static void put_slots(struct telling *t, const struct query_node *n, enum query_kind under)
{
    struct buf *b = &t->r->out;

    json_key(b, "slots");
    buf_char(b, '[');
    for (uint32_t i = 0; i < n->slot_count; i++) {
        json_sep(b);
        buf_char(b, '[');
        for (uint32_t way = 0; way < n->slots[i].count; way++) {
            json_sep(b);
            buf_char(b, '[');
            for (uint32_t k = 0; k < n->slots[i].ways[way].count; k++)
                put_key(t, n->slots[i].ways[way].keys[k], under);
            buf_char(b, ']');
        }
        buf_char(b, ']');
    }
    buf_char(b, ']');
}

static void put_node(struct telling *t, const struct query_node *n, enum query_kind under)
{
    struct buf *b = &t->r->out, facts = BUF_INIT(1 * KiB);

    buf_char(b, '{');
    json_put_text(b, "node", span_of(node_name(n)));
    say_facts(&facts, n);
    if (facts.len)
        json_put_text(b, "is", span_trim(buf_view(&facts)));
    buf_fini(&facts);
    if (n->slot_count)
        put_slots(t, n, under);
    if (n->kids) {
        json_key(b, "kids");
        buf_char(b, '[');
        for (const struct query_node *kid = n->kids; kid; kid = kid->next) {
            json_sep(b);
            put_node(t, kid, query_is_filter(n->kind) ? n->kind : under);
        }
        buf_char(b, ']');
    }
    buf_char(b, '}');
}

static void in_json(struct telling *t)
{
    struct buf *b = &t->r->out;

    buf_char(b, '{');
    json_put_int(b, "format_version", ANSWER_FORMAT_VERSION);
    put_number(b, "total", t->e->matches);
    json_key(b, "explain");
    buf_char(b, '{');
    json_key(b, "tree");
    if (t->query->root)
        put_node(t, t->query->root, QUERY_WORDS);
    else
        buf_str(b, "null");
    put_number(b, "matches", t->e->matches);
    if (t->e->ranked) {
        put_number(b, "documents_scored", t->e->counts.documents_scored);
        put_number(b, "blocks_read", t->e->counts.blocks_read);
        put_number(b, "blocks_passed", t->e->counts.blocks_passed);
    }
    json_key(b, "steps");
    buf_char(b, '[');
    for (int i = 0; i < EXPLAIN_STEPS && t->e->began; i++) {
        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "step", span_of(step_names[i]));
        put_number(b, "ns", step_ns(t->e, i));
        buf_char(b, '}');
    }
    buf_char(b, ']');
    put_number(b, "bytes", t->e->bytes);
    buf_str(b, "}}\n");
}

int explain_put(struct render *r, struct index_view *v, const struct query *q, const struct explained *e)
{
    struct telling t = {.r = r, .view = v, .query = q, .e = e};

    if (r->ask->format == FORMAT_TEXT)
        in_words(&t);
    else
        in_json(&t);
    return t.rc < 0 ? t.rc : render_flush(r, true);
}
