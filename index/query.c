#include "index/query.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/date.h"
#include "index/word.h"

enum { DEPTH_MAX = 32, WORDS_MAX = LIMIT_QUERY_TERMS };

struct parser {
    struct query *q;
    struct arena *mem;
    struct span text;
    size_t at;
    unsigned depth;
    int err;
};

/* How the words of a piece are meant. */
enum meaning {
    AS_WORD,   /* bare: any form of it */
    AS_PHRASE, /* in marks, or a name: the words as they stand */
    AS_SPELLED /* behind = : spelled just so */
};

/* ---- mistakes ---------------------------------------------------------------------------------------- */

/* Notes the first mistake: the column is counted in characters up to byte `at`. */
__attribute__((format(printf, 3, 4))) static void mistake(struct parser *p, size_t at, const char *format,
                                                          ...)
{
    uint32_t column = 1, cp;
    va_list args;

    if (p->err)
        return;
    for (size_t i = 0; i < at; column++)
        i += utf8_next(p->text.at + i, p->text.at + p->text.len, &cp);
    p->err = ERR_SYNTAX;
    p->q->column = column;
    va_start(args, format);
    (void)vsnprintf(p->q->detail, sizeof p->q->detail, format, args);
    va_end(args);
}

static void *need(struct parser *p, void *memory)
{
    if (!memory && !p->err)
        p->err = ERR_NOMEM;
    return memory;
}

static struct query_node *new_node(struct parser *p, enum query_kind kind, struct query_node *kids)
{
    struct query_node *n = need(p, arena_alloc(p->mem, sizeof *n));

    if (n) {
        n->kind = kind;
        n->kids = kids;
    }
    return n;
}

/* ---- characters -------------------------------------------------------------------------------------- */

static uint32_t char_at(const struct parser *p, size_t at, size_t *len)
{
    uint32_t cp = 0;

    *len = 0;
    if (at < p->text.len)
        *len = utf8_next(p->text.at + at, p->text.at + p->text.len, &cp);
    return cp;
}

/* What opens and closes a phrase, straight or pasted from an article. */
static bool is_mark(uint32_t cp)
{
    return cp == '"' || (cp >= 0x201C && cp <= 0x201F) || cp == 0xAB || cp == 0xBB;
}

static bool ends_chunk(uint32_t cp)
{
    return is_mark(cp) || cp == '(' || cp == ')' || (char_bits(cp) & CHAR_SPACE);
}

static void skip_space(struct parser *p)
{
    size_t len;

    while (char_bits(char_at(p, p->at, &len)) & CHAR_SPACE && len)
        p->at += len;
}

/* The chunk that begins at `at`: up to white space, a mark or a bracket. */
static struct span chunk_at(const struct parser *p, size_t at)
{
    size_t end = at, len;
    uint32_t cp;

    while ((cp = char_at(p, end, &len)), len && !ends_chunk(cp))
        end += len;
    return span_cut(p->text, at, end);
}

/* Takes the marked text that begins at p->at, and leaves p->at behind its closing mark. */
static struct span take_marked(struct parser *p)
{
    size_t open = p->at, len, start, end;
    uint32_t cp;

    (void)char_at(p, open, &len);
    start = end = open + len;
    while ((cp = char_at(p, end, &len)), len && !is_mark(cp))
        end += len;
    if (!len)
        mistake(p, open, "the quotation mark is not closed");
    p->at = end + len;
    return span_cut(p->text, start, end);
}

/* ---- words ------------------------------------------------------------------------------------------- */

static struct span keep(struct parser *p, struct span s)
{
    struct span kept = arena_span(p->mem, s);

    if (kept.len != s.len && !p->err)
        p->err = ERR_NOMEM;
    return kept;
}

static uint32_t key_of(struct parser *p, enum key_how how, struct span loose, struct span exact, size_t at)
{
    struct query *q = p->q;

    for (uint32_t i = 0; i < q->key_count; i++)
        if (q->keys[i].how == how && span_eq(q->keys[i].loose, loose) && span_eq(q->keys[i].exact, exact))
            return i;
    if (q->key_count == WORDS_MAX) {
        mistake(p, at, "more than %d words are asked for at once", WORDS_MAX);
        return 0;
    }
    q->keys[q->key_count] = (struct query_key){how, keep(p, loose), keep(p, exact)};
    return q->key_count++;
}

struct slots {
    struct query_slot *at;
    uint32_t count, cap;
};

/* Adds a key to the end of a way. */
static void add_key(struct parser *p, struct query_way *way, uint32_t key)
{
    if (!ARENA_MORE(p->mem, way->keys, way->count, way->cap))
        p->err = ERR_NOMEM;
    else
        way->keys[way->count++] = key;
}

/* Another way to be in the slot, empty; NULL when memory is out. */
static struct query_way *add_way(struct parser *p, struct query_slot *slot)
{
    if (!ARENA_MORE(p->mem, slot->ways, slot->count, slot->cap)) {
        p->err = ERR_NOMEM;
        return NULL;
    }
    slot->ways[slot->count] = (struct query_way){NULL, 0, 0};
    return &slot->ways[slot->count++];
}

static void add_way_of(struct parser *p, struct query_slot *slot, uint32_t key)
{
    struct query_way *way = p->err ? NULL : add_way(p, slot);

    if (way)
        add_key(p, way, key);
}

static struct query_slot *add_slot(struct parser *p, struct slots *s)
{
    if (!ARENA_MORE(p->mem, s->at, s->count, s->cap)) {
        p->err = ERR_NOMEM;
        return NULL;
    }
    s->at[s->count] = (struct query_slot){NULL, 0, 0};
    return &s->at[s->count++];
}

/* ---- umlauts typed as two letters, and the other way round ------------------------------------------- */

/* German, and the Nordic languages: what is printed, and what is typed where the keyboard has no such letter. */
static const struct {
    struct span printed;
    char typed[3];
} umlauts[] = {
    {SPAN_INIT("ä"), "ae"}, {SPAN_INIT("ö"), "oe"}, {SPAN_INIT("ü"), "ue"},
    {SPAN_INIT("ø"), "oe"}, {SPAN_INIT("å"), "aa"},
};
enum { UMLAUTS = sizeof umlauts / sizeof *umlauts, UMLAUT_WAYS = 8 };

/* A word while letters of it are put for others. */
struct spelling {
    char at[2 * LIMIT_WORD];
    size_t len;
};

static struct spelling replaced(const struct spelling *word, size_t from, size_t len, struct span by)
{
    struct spelling out;

    memcpy(out.at, word->at, from);
    memcpy(out.at + from, by.at, by.len);
    memcpy(out.at + from + by.len, word->at + from + len, word->len - from - len);
    out.len = word->len - len + by.len;
    return out;
}

/* müller was perhaps printed Mueller: all such letters at once. */
static void add_typed(struct parser *p, struct query_slot *slot, struct span exact, size_t at)
{
    struct spelling word = {.len = exact.len};
    char loose[LIMIT_WORD];
    bool any = false;

    memcpy(word.at, exact.at, exact.len);
    for (size_t i = 0; i < word.len; i++)
        for (size_t u = 0; u < UMLAUTS; u++)
            if (span_starts(span_cut((struct span){word.at, word.len}, i, word.len), umlauts[u].printed)) {
                word = replaced(&word, i, umlauts[u].printed.len, (struct span){umlauts[u].typed, 2});
                any = true;
            }
    if (any)
        add_way_of(p, slot,
                   key_of(p, KEY_LOOSE, key_loose((struct span){word.at, word.len}, loose), SPAN(""), at));
}

/* mueller was perhaps printed Müller: each pair of letters may be one or not. Only places that are spelled so count: "does"
 * does not find "dos". */
static void add_printed(struct parser *p, struct query_slot *slot, const struct spelling *word, size_t from,
                        size_t at)
{
    char loose[LIMIT_WORD], exact[LIMIT_WORD];

    for (size_t i = from; i + 1 < word->len; i++)
        for (size_t u = 0; u < UMLAUTS && slot->count < UMLAUT_WAYS && !p->err; u++) {
            struct spelling other;
            struct span text;

            if (memcmp(word->at + i, umlauts[u].typed, 2) != 0)
                continue;
            other = replaced(word, i, 2, umlauts[u].printed);
            text = (struct span){other.at, other.len};
            add_way_of(p, slot, key_of(p, KEY_UMLAUT, key_loose(text, loose), key_exact(text, exact), at));
            add_printed(p, slot, &other, i + umlauts[u].printed.len, at);
        }
}

static void add_umlauts(struct parser *p, struct query_slot *slot, struct word_reader *r,
                        const struct word *w, size_t at)
{
    struct span exact = word_exact(r, w);
    struct spelling word = {.len = exact.len};

    if (exact.len > LIMIT_WORD / 2)
        return; /* no name */
    memcpy(word.at, exact.at, exact.len);
    add_typed(p, slot, exact, at);
    add_printed(p, slot, &word, 0, at);
}

/* ---- slots ------------------------------------------------------------------------------------------- */

/* Articles and pronouns that French, Italian and Catalan write onto the next word. */
static bool is_elided(struct span before)
{
    static const char *const words[] = {"l",   "d",     "j",      "m",      "t",      "s",    "n",    "c",
                                        "qu",  "jusqu", "lorsqu", "puisqu", "quoiqu", "un",   "dell", "nell",
                                        "all", "dall",  "sull",   "coll",   "quell",  "bell", "sant", "quest",
                                        "gl",  "anch",  "dov",    "com",    "mezz",   "senz"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (before.len == strlen(words[i]) && memcmp(before.at, words[i], before.len) == 0)
            return true;
    return false;
}

/* What stands in front of a word's last piece, folded, without the apostrophe. */
static bool elides(struct span piece, const struct word *whole, const struct word *rest)
{
    char fold[LIMIT_WORD];
    struct span before = fold_word(span_cut(piece, whole->start, rest->start), FOLD_LOOSE, fold);

    return before.len > 1 && before.at[before.len - 1] == '\'' &&
           is_elided((struct span){before.at, before.len - 1});
}

static void add_stem(struct parser *p, struct query_slot *slot, struct span key, size_t at)
{
    if (p->q->stemmer)
        add_way_of(p, slot, key_of(p, KEY_STEM, key, stemmer_stem(p->q->stemmer, key), at));
}

/* A word begins a slot. */
static void begin_slot(struct parser *p, struct slots *s, struct word_reader *r, const struct word *w,
                       enum meaning as, size_t at)
{
    struct query_slot *slot = add_slot(p, s);
    bool alone = w->pair && w->head == w->end;

    if (!slot)
        return;
    if (as == AS_SPELLED) {
        add_way_of(p, slot, key_of(p, KEY_SPELLED, w->key, word_exact(r, w), at));
        return;
    }
    add_way_of(p, slot, key_of(p, alone ? KEY_BEGINS : KEY_LOOSE, w->key, SPAN(""), at));
    if (w->pair)
        return;
    add_umlauts(p, slot, r, w, at);
    if (as == AS_WORD)
        add_stem(p, slot, w->key, at);
}

/* Words of a piece of the query as slots. `offset` is where the piece stands in the query. */
static void read_slots(struct parser *p, struct span piece, size_t offset, enum meaning as, struct slots *s)
{
    struct query_way *chain = NULL; /* the parts of the last whole word */
    struct word_reader r;
    struct word w, whole = {0};

    word_open(&r, piece, 0);
    while (!p->err && word_next(&r, &w)) {
        struct query_slot *slot = s->count ? &s->at[s->count - 1] : NULL;
        size_t at = offset + w.start;

        if (w.kind == WORD_WHOLE) {
            if (s->count && w.end <= whole.end)
                continue; /* the last character of a run is given alone, but in a longer text it is not */
            begin_slot(p, s, &r, &w, as, at);
            whole = w;
            chain = NULL;
        } else if (!slot || as == AS_SPELLED) {
            continue;
        } else if (w.kind == WORD_PART) {
            if (!chain)
                chain = add_way(p, slot);
            if (chain)
                add_key(p, chain, key_of(p, KEY_LOOSE, w.key, SPAN(""), at));
        } else if (w.start == whole.start && w.key.at[0] >= '0' && w.key.at[0] <= '9') {
            add_way_of(p, slot, key_of(p, KEY_LOOSE, w.key, SPAN(""), at)); /* 21.000 is 21000 too */
        } else if (as == AS_WORD && w.start > whole.start && whole.width == 1 && elides(piece, &whole, &w)) {
            slot->count = 0;
            add_way_of(p, slot, key_of(p, KEY_LOOSE, w.key, SPAN(""), at));
            add_stem(p, slot, w.key, at);
        }
    }
}

/* A piece of the query as one node of consecutive words; NULL when it has no words. */
static struct query_node *words_node(struct parser *p, struct span piece, size_t offset, enum meaning as)
{
    struct slots s = {0};
    struct query_node *n;

    read_slots(p, piece, offset, as, &s);
    if (p->err || s.count == 0 || !(n = new_node(p, QUERY_WORDS, NULL)))
        return NULL;
    n->slots = s.at;
    n->slot_count = s.count;
    return n;
}

/* True where = means "spelled just so": right before a word or a phrase. */
static bool is_spelled(const struct parser *p)
{
    size_t len;
    uint32_t cp = char_at(p, p->at, &len);

    if (cp != '=')
        return false;
    cp = char_at(p, p->at + 1, &len);
    return is_mark(cp) || (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT));
}

/* ---- filters ----------------------------------------------------------------------------------------- */

/* The words of a name, in any order: AND of its chunks. */
static struct query_node *name_node(struct parser *p, struct span name, size_t offset)
{
    struct parser inner = {.q = p->q, .mem = p->mem, .text = name};
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;

    while (skip_space(&inner), inner.at < name.len && !p->err) {
        enum meaning as = is_spelled(&inner) ? AS_SPELLED : AS_PHRASE;
        struct span chunk = chunk_at(&inner, inner.at);
        size_t at = inner.at, len;

        if (chunk.len == 0) { /* a bracket or a mark: no part of a name */
            (void)char_at(&inner, inner.at, &len);
            inner.at += len;
            continue;
        }
        inner.at += chunk.len;
        if ((n = words_node(p, chunk, offset + at, as))) {
            *last = n;
            last = &n->next;
            count++;
        }
    }
    if (count > 1)
        first = new_node(p, QUERY_AND, first);
    return first ? new_node(p, QUERY_SPEAKER, first) : NULL;
}

enum open_end { OPEN_NONE, OPEN_LAST, OPEN_FIRST };

/* date:A..B, since:A and until:B. `open` says which end a single date leaves open. */
static struct query_node *date_node(struct parser *p, struct span value, size_t at, enum open_end open)
{
    struct query_node *n;
    int32_t first, last;

    if (!date_range(value, &first, &last)) {
        mistake(p, at, "a date is written 2025, 2025-04 or 2025-04-03, a range 2025-01..2025-04-03");
        return NULL;
    }
    if (first > last) {
        mistake(p, at, "the range ends before it begins");
        return NULL;
    }
    if ((n = new_node(p, QUERY_DATE, NULL))) {
        n->first_day = open == OPEN_FIRST ? INT32_MIN + 1 : first;
        n->last_day = open == OPEN_LAST ? INT32_MAX : last;
    }
    return n;
}

static struct query_node *speaker_filter(struct parser *p, struct span value, size_t at)
{
    struct query_node *n = name_node(p, value, at);

    if (!n)
        mistake(p, at, "there is no name after speaker:");
    return n;
}

static struct query_node *date_filter(struct parser *p, struct span value, size_t at)
{
    return date_node(p, value, at, OPEN_NONE);
}

static struct query_node *since_filter(struct parser *p, struct span value, size_t at)
{
    return date_node(p, value, at, OPEN_LAST);
}

static struct query_node *until_filter(struct parser *p, struct span value, size_t at)
{
    return date_node(p, value, at, OPEN_FIRST);
}

static struct query_node *no_filter(struct parser *p, struct span value, size_t at)
{
    (void)value;
    mistake(p, at, "this filter is not known; there are speaker: date: since: until:");
    return NULL;
}

/* A new filter is a row here. The last rows keep names free, so that nobody mistakes them for words. */
static const struct filter {
    const char *name;
    struct query_node *(*read)(struct parser *p, struct span value, size_t at);
} filters[] = {
    {"speaker:", speaker_filter}, {"date:", date_filter}, {"since:", since_filter}, {"until:", until_filter},
    {"role:", no_filter},         {"kind:", no_filter},   {"source:", no_filter},   {"path:", no_filter},
    {"title:", no_filter},        {"lang:", no_filter},
};

static const struct filter *filter_of(struct span chunk)
{
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (span_starts(chunk, span_of(filters[i].name)))
            return &filters[i];
    return NULL;
}

/* A filter's value is the rest of its chunk, or a marked text right behind the colon. */
static struct query_node *take_filter(struct parser *p, const struct filter *f)
{
    size_t value_at = p->at + strlen(f->name), len;
    struct span value;

    p->at = value_at;
    if (is_mark(char_at(p, p->at, &len)) && len) {
        value = take_marked(p);
        value_at += len;
    } else {
        value = chunk_at(p, p->at);
        p->at += value.len;
    }
    return p->err ? NULL : f->read(p, value, value_at);
}

/* ---- the grammar ------------------------------------------------------------------------------------- */

static struct query_node *take_or(struct parser *p);

static struct query_node *take_bracket(struct parser *p)
{
    size_t open = p->at, len;
    struct query_node *n;

    p->at++;
    n = take_or(p);
    if (!p->err && char_at(p, p->at, &len) != ')')
        mistake(p, open, "the bracket is not closed");
    p->at++;
    return n;
}

/* True where a minus sign means "without": right before a word, a phrase, a bracket or a filter. */
static bool is_without(const struct parser *p)
{
    size_t len;
    uint32_t cp = char_at(p, p->at, &len);

    if (cp != '-')
        return false;
    cp = char_at(p, p->at + 1, &len);
    return is_mark(cp) || cp == '(' || (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT | CHAR_DENSE));
}

/* One thing: a phrase, a bracket, a filter, or a chunk of words; with "without" before it or not. NULL for
 * marks that are no words. */
static struct query_node *take_one(struct parser *p)
{
    size_t at = p->at, len;
    uint32_t cp = char_at(p, at, &len);
    enum meaning as = AS_WORD;
    const struct filter *filter;
    struct query_node *n;
    struct span chunk;

    if (is_spelled(p)) {
        as = AS_SPELLED;
        cp = char_at(p, at = ++p->at, &len);
    }
    if (is_without(p)) {
        p->at++;
        n = take_one(p);
        return n ? new_node(p, QUERY_NOT, n) : NULL;
    }
    if (cp == '(')
        return take_bracket(p);
    if (is_mark(cp)) {
        chunk = take_marked(p);
        return words_node(p, chunk, at + len, as == AS_WORD ? AS_PHRASE : as);
    }
    chunk = chunk_at(p, at);
    if (as == AS_WORD && (filter = filter_of(chunk)))
        return take_filter(p, filter);
    p->at += chunk.len;
    return words_node(p, chunk, at, as);
}

static bool next_is(const struct parser *p, struct span word)
{
    return span_eq(chunk_at(p, p->at), word);
}

/* Things side by side, up to OR, a closing bracket or the end. */
static struct query_node *take_and(struct parser *p)
{
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;
    size_t len;

    for (;;) {
        bool without = false;

        skip_space(p);
        if (p->err || p->at == p->text.len || char_at(p, p->at, &len) == ')' || next_is(p, SPAN("OR")))
            break;
        if (next_is(p, SPAN("AND"))) {
            p->at += 3;
            continue;
        }
        if (next_is(p, SPAN("NOT"))) {
            p->at += 3;
            without = true;
            skip_space(p);
            if (p->at == p->text.len || char_at(p, p->at, &len) == ')') {
                mistake(p, p->at, "NOT needs something after it");
                break;
            }
        }
        n = take_one(p);
        if (n && without)
            n = new_node(p, QUERY_NOT, n);
        if (n) {
            *last = n;
            last = &n->next;
            count++;
        }
    }
    return count > 1 ? new_node(p, QUERY_AND, first) : first;
}

static struct query_node *take_or(struct parser *p)
{
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;
    size_t or_at = p->at;

    if (++p->depth > DEPTH_MAX) {
        mistake(p, p->at, "there are more than %d brackets inside each other", DEPTH_MAX);
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
                mistake(p, or_at, "OR needs something on both sides");
            break;
        }
        or_at = p->at;
        if (!n)
            mistake(p, or_at, "OR needs something on both sides");
        p->at += 2;
    }
    p->depth--;
    return count > 1 ? new_node(p, QUERY_OR, first) : first;
}

static void number_leaves(struct query *q, struct query_node *n)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_WORDS)
            n->leaf = q->leaf_count++;
        else if (n->kind != QUERY_SPEAKER)
            number_leaves(q, n->kids);
    }
}

static int prepare(struct query *q, struct arena *mem)
{
    if (!q->keys)
        q->keys = arena_array(mem, WORDS_MAX, sizeof *q->keys);
    return q->keys ? 0 : ERR_NOMEM;
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
        mistake(&p, 0, "the query is longer than %u bytes", LIMIT_QUERY);
    if (p.err || prepare(q, mem) < 0)
        return p.err ? p.err : ERR_NOMEM;
    root = take_or(&p);
    if (p.at < text.len)
        mistake(&p, p.at, "a bracket is closed that was not opened");
    if (!root && span_trim(text).len)
        mistake(&p, 0, "there is no word to look for");
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
        mistake(&p, 0, "the name is longer than %u bytes", LIMIT_QUERY);
    if (p.err || prepare(q, mem) < 0)
        return p.err ? p.err : ERR_NOMEM;
    speaker = name_node(&p, name, 0);
    if (!speaker)
        mistake(&p, 0, "there is no name to look for");
    if (p.err)
        return p.err;
    speaker->next = q->root;
    q->root = q->root ? new_node(&p, QUERY_AND, speaker) : speaker;
    return p.err;
}

static void mark_wanted(const struct query_node *n, bool *wanted)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_AND || n->kind == QUERY_OR)
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

static const struct query_node *find_speaker(const struct query_node *n)
{
    const struct query_node *found = NULL;

    for (; n && !found; n = n->next) {
        if (n->kind == QUERY_SPEAKER)
            found = n;
        else if (n->kind != QUERY_NOT)
            found = find_speaker(n->kids);
    }
    return found;
}

const struct query_node *query_speaker(const struct query *q)
{
    return find_speaker(q->root);
}
