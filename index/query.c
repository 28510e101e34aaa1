#include "index/query.h"

#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"
#include "index/char.h"
#include "index/expand.h"
#include "index/query_parse.h"

enum { DEPTH_MAX = 32 };

/* ---- the grammar ------------------------------------------------------------------------------------- */

static struct query_node *take_or(struct parser *p);

static bool next_is(const struct parser *p, struct span word)
{
    return span_eq(parse_chunk(p, p->at), word);
}

static struct query_node *take_bracket(struct parser *p)
{
    size_t open = p->at, len;
    struct query_node *n;

    p->at++;
    n = take_or(p);
    if (!p->err && parse_char(p, p->at, &len) != ')')
        parse_mistake(p, open, "the bracket is not closed");
    p->at++;
    return n;
}

/* True where a minus sign means "without": right before a word, a phrase, a bracket or a filter. */
static bool is_without(const struct parser *p)
{
    size_t len;
    uint32_t cp = parse_char(p, p->at, &len);

    if (cp != '-')
        return false;
    cp = parse_char(p, p->at + 1, &len);
    if (parse_is_mark(cp) || cp == '(' || parse_is_spelled(p, p->at + 1))
        return true;
    if (cp == '*' || cp == '~')
        cp = parse_char(p, p->at + 2, &len);
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT | CHAR_DENSE)) != 0;
}

/* One thing: a phrase, a bracket, a filter, or a chunk of words. NULL for marks that are no words. */
static struct query_node *take_one(struct parser *p)
{
    size_t at = p->at, len;
    uint32_t cp = parse_char(p, at, &len);
    enum meaning as = AS_WORD;
    const struct filter *filter;
    struct span chunk;

    if (parse_is_spelled(p, at)) {
        as = AS_SPELLED;
        cp = parse_char(p, at = ++p->at, &len);
    }
    if (cp == '(')
        return take_bracket(p);
    if (parse_is_mark(cp)) {
        chunk = parse_marked(p);
        return parse_words(p, chunk, at + len, as == AS_WORD ? AS_PHRASE : as);
    }
    chunk = parse_chunk(p, at);
    if (as == AS_WORD && (filter = parse_filter_of(chunk)))
        return parse_filter(p, filter);
    if (as == AS_WORD && parse_is_unknown_filter(p, chunk))
        return NULL;
    p->at += chunk.len;
    return parse_words(p, chunk, at, as);
}

/* What stands between near things, and how many words may. */
static const struct near_word {
    const char *name;
    bool ordered;
} near_words[] = {{"NEAR", false}, {"ADJ", true}};

enum { NEAR_USUAL = 10 };

/* The word of a chain that stands at p->at: NEAR, ADJ, either with a slash and a number; or NULL. */
static const struct near_word *near_word_at(const struct parser *p)
{
    struct span chunk = parse_chunk(p, p->at);

    for (size_t i = 0; i < sizeof near_words / sizeof *near_words; i++) {
        size_t len = strlen(near_words[i].name);

        if (span_starts(chunk, span_of(near_words[i].name)) && (chunk.len == len || chunk.at[len] == '/'))
            return &near_words[i];
    }
    return NULL;
}

/* Takes it, and its number. */
static uint32_t take_near_word(struct parser *p, const struct near_word *word)
{
    size_t at = strlen(word->name) + 1;
    struct span chunk = parse_chunk(p, p->at);
    uint32_t most = 0;

    if (chunk.len < at) {
        p->at += chunk.len;
        return NEAR_USUAL;
    }
    for (size_t i = at; i < chunk.len && chunk.at[i] >= '0' && chunk.at[i] <= '9' && most <= LIMIT_NEAR;
         i++) {
        most = most * 10 + (uint32_t)(chunk.at[i] - '0');
        at = i + 1;
    }
    if (at < chunk.len || chunk.at[at - 1] == '/' || most > LIMIT_NEAR)
        parse_mistake(p, p->at + strlen(word->name) + 1,
                      "%s/ is followed by how many words may stand between, up to %u: %s/5", word->name,
                      LIMIT_NEAR, word->name);
    p->at += chunk.len;
    return most;
}

/* Words, a phrase, or a bracket of alternatives of them. */
static bool can_be_near(const struct query_node *n)
{
    if (n->kind != QUERY_OR)
        return n->kind == QUERY_WORDS;
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (!can_be_near(kid))
            return false;
    return true;
}

static bool is_sign(const struct parser *p)
{
    return next_is(p, SPAN("OR")) || next_is(p, SPAN("AND")) || next_is(p, SPAN("NOT")) || is_without(p) ||
           near_word_at(p);
}

static struct query_node *take_near_thing(struct parser *p, const struct near_word *word)
{
    size_t at = p->at, len;
    struct query_node *n = NULL;

    if (at < p->text.len && parse_char(p, at, &len) != ')' && !is_sign(p))
        n = take_one(p);
    if (!n)
        parse_mistake(p, at, "%s needs a word or a phrase on both sides", word->name);
    else if (!can_be_near(n))
        parse_mistake(p, at, "near each other can be words, phrases, and brackets of them with OR");
    return n;
}

/* One thing, or several that stand near each other. */
static struct query_node *take_chain(struct parser *p)
{
    const struct near_word *word = near_word_at(p);
    size_t at = p->at;
    struct query_node *first = NULL, *last;

    if (word)
        parse_mistake(p, at, "%s needs a word or a phrase on both sides", word->name);
    if (p->err || !(first = last = take_one(p)))
        return NULL;
    while (parse_skip_space(p), !p->err && (word = near_word_at(p))) {
        uint32_t most = take_near_word(p, word);

        if (first == last && !can_be_near(first))
            parse_mistake(p, at, "near each other can be words, phrases, and brackets of them with OR");
        parse_skip_space(p);
        if (p->err || !(last->next = take_near_thing(p, word)))
            return NULL;
        last = last->next;
        last->most = most;
        last->ordered = word->ordered;
    }
    return first == last ? first : parse_node(p, QUERY_NEAR, first);
}

/* The same, with "without" before it or not. */
static struct query_node *take_signed(struct parser *p)
{
    bool without = false;
    struct query_node *n;
    size_t len;

    while (next_is(p, SPAN("NOT"))) {
        p->at += 3;
        without = !without;
        parse_skip_space(p);
        if (p->at == p->text.len || parse_char(p, p->at, &len) == ')' || next_is(p, SPAN("OR")) ||
            next_is(p, SPAN("AND"))) {
            parse_mistake(p, p->at, "NOT needs something after it");
            return NULL;
        }
    }
    if (is_without(p)) {
        p->at++;
        without = !without;
    }
    n = take_chain(p);
    return n && without ? parse_node(p, QUERY_NOT, n) : n;
}

/* Things side by side, up to OR, a closing bracket or the end. */
static struct query_node *take_and(struct parser *p)
{
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;
    size_t len;

    for (;;) {
        parse_skip_space(p);
        if (p->err || p->at == p->text.len || parse_char(p, p->at, &len) == ')' || next_is(p, SPAN("OR")))
            break;
        if (next_is(p, SPAN("AND"))) {
            p->at += 3;
            continue;
        }
        if ((n = take_signed(p))) {
            if (n->kind == QUERY_AND) /* a bracket that makes no difference */
                n = n->kids;
            *last = n;
            for (; n; n = n->next, count++)
                last = &n->next;
        }
    }
    return count > 1 ? parse_node(p, QUERY_AND, first) : first;
}

static struct query_node *take_or(struct parser *p)
{
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;
    size_t or_at = p->at;

    if (++p->depth > DEPTH_MAX) {
        parse_mistake(p, p->at, "there are more than %d brackets inside each other", DEPTH_MAX);
        return NULL;
    }
    for (;;) {
        n = take_and(p);
        if (n) {
            *last = n;
            last = &n->next;
            count++;
        }
        if (p->err || !next_is(p, SPAN("OR"))) {
            if (!n && count)
                parse_mistake(p, or_at, "OR needs something on both sides");
            break;
        }
        or_at = p->at;
        if (!n)
            parse_mistake(p, or_at, "OR needs something on both sides");
        p->at += 2;
    }
    p->depth--;
    return count > 1 ? parse_node(p, QUERY_OR, first) : first;
}

static void number_leaves(struct query *q, struct query_node *n)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_WORDS || n->kind == QUERY_NEAR)
            n->leaf = q->leaf_count++;
        if (!query_is_filter(n->kind))
            number_leaves(q, n->kids);
    }
}

static int prepare(struct query *q, struct arena *mem)
{
    if (!q->keys)
        q->keys = arena_array(mem, LIMIT_QUERY_TERMS, sizeof *q->keys);
    return q->keys ? expand_prepare(q, mem) : ERR_NOMEM;
}

static int open_stemmer(struct query *q, struct span stem)
{
    if (stem.len == 0 || (q->stemmer = stemmer_new(stem)))
        return 0;
    (void)snprintf(
        q->detail, sizeof q->detail,
        "there are no stems for '%.*s'; languages are named in English, as german, or by code, as de",
        (int)(stem.len < 40 ? stem.len : 40), stem.at);
    return ERR_ARGS;
}

void query_fini(struct query *q)
{
    stemmer_free(q->stemmer);
    q->stemmer = NULL;
}

int query_parse(struct query *q, struct arena *mem, struct span text, struct span stem)
{
    struct parser p = {.q = q, .mem = mem, .text = text};
    struct query_node *root;

    memset(q, 0, sizeof *q);
    if (open_stemmer(q, stem) < 0)
        return ERR_ARGS;
    if (text.len > LIMIT_QUERY)
        parse_mistake(&p, 0, "the query is longer than %u bytes", LIMIT_QUERY);
    if (p.err || prepare(q, mem) < 0)
        return p.err ? p.err : ERR_NOMEM;
    root = take_or(&p);
    if (p.at < text.len)
        parse_mistake(&p, p.at, "a bracket is closed that was not opened");
    if (!root && span_trim(text).len)
        parse_mistake(&p, 0, "there is no word to look for");
    if (p.err)
        return p.err;
    q->root = root;
    number_leaves(q, root);
    return 0;
}

int query_add_speaker(struct query *q, struct arena *mem, struct span name)
{
    struct parser p = {.q = q, .mem = mem, .text = name};
    struct query_node *speaker = NULL;

    if (name.len > LIMIT_QUERY)
        parse_mistake(&p, 0, "the name is longer than %u bytes", LIMIT_QUERY);
    if (p.err || prepare(q, mem) < 0)
        return p.err ? p.err : ERR_NOMEM;
    speaker = parse_name(&p, name, 0);
    if (!speaker)
        parse_mistake(&p, 0, "there is no name to look for");
    if (p.err)
        return p.err;
    speaker->next = q->root;
    q->root = q->root ? parse_node(&p, QUERY_AND, speaker) : speaker;
    return p.err;
}
