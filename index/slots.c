#include "index/slots.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/word.h"

/* What is being read. */
struct slots {
    struct query *query;
    struct arena *mem;
    struct span piece;
    enum meaning as;
    struct query_slot *at;
    uint32_t count, cap;
    size_t word_at; /* byte of the piece */
    int err;        /* the first */
};

/* ---- putting together -------------------------------------------------------------------------------- */

static struct span keep(struct slots *s, struct span text)
{
    struct span kept = arena_span(s->mem, text);

    if (kept.len != text.len)
        s->err = ERR_NOMEM;
    return kept;
}

/* The number of a key, new or known. */
static uint32_t key_of(struct slots *s, enum key_how how, struct span loose, struct span exact)
{
    struct query *q = s->query;

    for (uint32_t i = 0; i < q->key_count; i++)
        if (q->keys[i].how == how && span_eq(q->keys[i].loose, loose) && span_eq(q->keys[i].exact, exact))
            return i;
    if (q->key_count == LIMIT_QUERY_TERMS) {
        s->err = ERR_TOOBIG;
        return 0;
    }
    q->keys[q->key_count] = (struct query_key){how, keep(s, loose), keep(s, exact)};
    return q->key_count++;
}

static struct query_slot *add_slot(struct slots *s)
{
    if (!ARENA_MORE(s->mem, s->at, s->count, s->cap)) {
        s->err = ERR_NOMEM;
        return NULL;
    }
    s->at[s->count] = (struct query_slot){NULL, 0, 0};
    return &s->at[s->count++];
}

/* Another way to be in the slot, without keys; NULL when memory is out. */
static struct query_way *add_way(struct slots *s, struct query_slot *slot)
{
    if (!ARENA_MORE(s->mem, slot->ways, slot->count, slot->cap)) {
        s->err = ERR_NOMEM;
        return NULL;
    }
    slot->ways[slot->count] = (struct query_way){NULL, 0, 0};
    return &slot->ways[slot->count++];
}

static void add_key(struct slots *s, struct query_way *way, enum key_how how, struct span loose,
                    struct span exact)
{
    uint32_t key = key_of(s, how, loose, exact);

    if (!ARENA_MORE(s->mem, way->keys, way->count, way->cap))
        s->err = ERR_NOMEM;
    else
        way->keys[way->count++] = key;
}

/* Another way of one key. */
static void add_way_of(struct slots *s, struct query_slot *slot, enum key_how how, struct span loose,
                       struct span exact)
{
    struct query_way *way = add_way(s, slot);

    if (way)
        add_key(s, way, how, loose, exact);
}

/* ---- umlauts typed as two letters, and the other way round ------------------------------------------- */

/* German, and the Nordic languages: what is printed, and what is typed where the keyboard has no such letter. */
static const struct {
    struct span printed;
    char typed[3];
} umlauts[] = {
    {SPAN_INIT("ä"), "ae"}, {SPAN_INIT("ö"), "oe"}, {SPAN_INIT("ü"), "ue"},
    {SPAN_INIT("ø"), "oe"}, {SPAN_INIT("å"), "aa"}, {SPAN_INIT("æ"), "ae"},
};
enum { UMLAUTS = sizeof umlauts / sizeof *umlauts, UMLAUT_WAYS = 16, NAME_LONGEST = LIMIT_WORD / 2 };

/* A word while letters of it are put for others. */
struct spelling {
    char at[2 * LIMIT_WORD];
    size_t len;
};

static struct span spelled(const struct spelling *word)
{
    return (struct span){word->at, word->len};
}

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
static void add_typed(struct slots *s, struct query_slot *slot, struct spelling word)
{
    char loose[LIMIT_WORD];
    bool any = false;

    for (size_t i = 0; i < word.len; i++)
        for (size_t u = 0; u < UMLAUTS; u++)
            if (span_starts(span_cut(spelled(&word), i, word.len), umlauts[u].printed)) {
                word = replaced(&word, i, umlauts[u].printed.len, (struct span){umlauts[u].typed, 2});
                any = true;
            }
    if (any)
        add_way_of(s, slot, KEY_LOOSE, key_loose(spelled(&word), loose), SPAN(""));
}

/* mueller was perhaps printed Müller: each pair of letters from `from` on may be one or not. Only places that are spelled
 * so count: "does" does not find "dos". */
static void add_printed(struct slots *s, struct query_slot *slot, const struct spelling *word, size_t from)
{
    char loose[LIMIT_WORD], exact[LIMIT_WORD];

    for (size_t i = from; i + 1 < word->len; i++)
        for (size_t u = 0; u < UMLAUTS && slot->count < UMLAUT_WAYS && !s->err; u++) {
            struct spelling other;

            if (memcmp(word->at + i, umlauts[u].typed, 2) != 0)
                continue;
            other = replaced(word, i, 2, umlauts[u].printed);
            add_way_of(s, slot, KEY_UMLAUT, key_loose(spelled(&other), loose),
                       key_exact(spelled(&other), exact));
            add_printed(s, slot, &other, i + umlauts[u].printed.len);
        }
}

static void add_umlauts(struct slots *s, struct query_slot *slot, struct span exact)
{
    struct spelling word = {.len = exact.len};

    if (exact.len > NAME_LONGEST)
        return;
    memcpy(word.at, exact.at, exact.len);
    add_typed(s, slot, word);
    add_printed(s, slot, &word, 0);
}

/* ---- elided articles --------------------------------------------------------------------------------- */

/* Articles and small words that French, Italian and Catalan write onto the next one. */
static bool is_elided(struct span before)
{
    static const char *const words[] = {"l",   "d",     "j",      "m",      "t",      "s",    "n",    "c",
                                        "qu",  "jusqu", "lorsqu", "puisqu", "quoiqu", "un",   "dell", "nell",
                                        "all", "dall",  "sull",   "coll",   "quell",  "bell", "sant", "quest",
                                        "gl",  "anch",  "dov",    "com",    "mezz",   "senz"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(before, words[i]))
            return true;
    return false;
}

/* True when what stands in front of the rest is such a word and its apostrophe. */
static bool elides(struct span piece, const struct word *whole, const struct word *rest)
{
    char fold[LIMIT_WORD];
    struct span before = fold_word(span_cut(piece, whole->start, rest->start), FOLD_LOOSE, fold);

    return span_ends(before, SPAN("'")) && is_elided(span_cut(before, 0, before.len - 1));
}

/* ---- words ------------------------------------------------------------------------------------------- */

/* Words of the stem begin alike: with the stem, folded, but perhaps for its last letter (happi, happy). */
static void add_stem(struct slots *s, struct query_slot *slot, struct span word)
{
    struct span stem = stemmer_stem(s->query->stemmer, word);
    char fold[LIMIT_WORD];
    struct span begin = fold_word(stem, FOLD_LOOSE, fold);

    if (begin.len > 3)
        begin = utf8_cut(begin, begin.len - 1);
    if (begin.len >= 2)
        add_way_of(s, slot, KEY_STEM, begin, stem);
}

/* Of the word as it is typed and as it is folded: Turkish cannot be stemmed without its dots. */
static void add_stems(struct slots *s, struct query_slot *slot, struct span loose, struct span exact)
{
    if (s->as != AS_WORD || !s->query->stemmer)
        return;
    add_stem(s, slot, loose);
    if (!span_eq(loose, exact))
        add_stem(s, slot, exact);
}

/* A whole word begins a slot. */
static void begin_slot(struct slots *s, struct word_reader *r, const struct word *w)
{
    struct query_slot *slot = add_slot(s);
    bool alone = w->pair && w->head == w->end;

    if (!slot)
        return;
    if (s->as == AS_SPELLED) {
        add_way_of(s, slot, KEY_SPELLED, w->key, word_exact(r, w));
        return;
    }
    add_way_of(s, slot, alone ? KEY_BEGINS : KEY_LOOSE, w->key, SPAN(""));
    if (w->pair)
        return;
    add_umlauts(s, slot, word_exact(r, w));
    add_stems(s, slot, w->key, word_exact(r, w));
}

/* Another way to find the whole word, which began the last slot: a number read otherwise is as good; the word behind an
 * elided article is what a bare word means. What Arabic writes onto a word was typed on purpose, and a chain has its parts. */
static void take_rest(struct slots *s, struct word_reader *r, const struct word *whole,
                      const struct word *rest)
{
    struct query_slot *slot = &s->at[s->count - 1];

    if (whole->width > 1)
        return;
    if (rest->start == whole->start && rest->key.at[0] >= '0' && rest->key.at[0] <= '9') {
        add_way_of(s, slot, KEY_LOOSE, rest->key, SPAN(""));
    } else if (s->as == AS_WORD && rest->start > whole->start && elides(s->piece, whole, rest)) {
        slot->count = 0;
        add_way_of(s, slot, KEY_LOOSE, rest->key, SPAN(""));
        add_stems(s, slot, rest->key, word_exact(r, rest));
    }
}

/* A run of pairs that is not the last thing asked for ends with a character, at a place of its own: 서울 시장. */
static void begin_alone(struct slots *s, struct span key)
{
    struct query_slot *slot = add_slot(s);

    if (slot)
        add_way_of(s, slot, KEY_BEGINS, key, SPAN(""));
}

int slots_read(struct query *q, struct arena *mem, struct span piece, enum meaning as,
               const struct query_slot **out, uint32_t *count, size_t *at)
{
    struct slots s = {.query = q, .mem = mem, .piece = piece, .as = as};
    uint32_t chain = 0; /* the way of the last slot that is the parts of its word; 0: none yet */
    struct word whole = {0}, w;
    struct span alone = {NULL, 0}; /* the last character of a run, which matters when more follows */
    struct word_reader r;

    word_open(&r, piece, 0);
    while (!s.err && word_next(&r, &w)) {
        s.word_at = w.start;
        if (w.kind == WORD_WHOLE) {
            if (s.count && w.end <= whole.end) {
                alone = keep(&s, w.key); /* in a longer text it would not be alone */
                continue;
            }
            if (alone.len)
                begin_alone(&s, alone);
            alone.len = 0;
            begin_slot(&s, &r, &w);
            whole = w;
            chain = 0;
        } else if (as == AS_SPELLED) {
            continue;
        } else if (w.kind == WORD_REST) {
            take_rest(&s, &r, &whole, &w);
        } else {
            struct query_slot *slot = &s.at[s.count - 1];

            if (!chain && add_way(&s, slot))
                chain = slot->count - 1;
            if (chain)
                add_key(&s, &slot->ways[chain], KEY_LOOSE, w.key, SPAN(""));
        }
    }
    *out = s.at;
    *count = s.count;
    *at = s.word_at;
    return s.err;
}
