#include "index/slots.h"

#include <stdarg.h>
#include <stdio.h>

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
    size_t word_at;   /* byte of the piece */
    enum key_how how; /* what the signs at the word make of its key: LOOSE where there are none */
    size_t star;      /* the next star that belongs to no word yet, */
    size_t words_end; /* and the end of the words so far */
    struct slots_mistake *why;
    int err; /* the first */
};

__attribute__((format(printf, 3, 4))) static void mistaken(struct slots *s, size_t at, const char *format,
                                                           ...)
{
    va_list args;

    if (s->err)
        return;
    s->err = ERR_SYNTAX;
    s->why->at = at;
    va_start(args, format);
    (void)vsnprintf(s->why->words, sizeof s->why->words, format, args);
    va_end(args);
}

/* ---- putting together -------------------------------------------------------------------------------- */

static struct span keep(struct slots *s, struct span text)
{
    struct span kept = arena_span(s->mem, text);

    if (kept.len != text.len)
        s->err = ERR_NOMEM;
    return kept;
}

static bool add_fuzzy(struct slots *s, struct query_key *key)
{
    struct fuzzy *f = arena_alloc(s->mem, sizeof *f);

    if (!f)
        s->err = ERR_NOMEM;
    else if (!fuzzy_init(f, key->loose))
        mistaken(s, s->word_at, "a word behind ~ has at most %d letters", FUZZY_LETTERS);
    key->fuzzy = f;
    return !s->err;
}

/* The number of a key, new or known. */
static uint32_t key_of(struct slots *s, enum key_how how, struct span loose, struct span exact)
{
    struct query *q = s->query;

    for (uint32_t i = 0; i < q->key_count; i++)
        if (q->keys[i].how == how && span_eq(q->keys[i].loose, loose) && span_eq(q->keys[i].exact, exact))
            return i;
    if (q->key_count == LIMIT_QUERY_TERMS) {
        mistaken(s, s->word_at, "more than %u words are asked for at once", LIMIT_QUERY_TERMS);
        return 0;
    }
    if (how >= KEY_PREFIX && q->starred++ == LIMIT_EXPANSIONS)
        mistaken(s, s->word_at, "more than %u words have * or ~", LIMIT_EXPANSIONS);
    q->keys[q->key_count] = (struct query_key){how, keep(s, loose), keep(s, exact), NULL};
    if (how == KEY_FUZZY && !add_fuzzy(s, &q->keys[q->key_count]))
        return 0;
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
        add_way_of(s, slot, s->how, key_loose(spelled(&word), loose), SPAN(""));
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
            add_way_of(s, slot, s->how == KEY_PREFIX ? KEY_PREFIX : KEY_UMLAUT,
                       key_loose(spelled(&other), loose), key_exact(spelled(&other), exact));
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
    if (s->as != AS_WORD || !s->query->stemmer || s->how != KEY_LOOSE)
        return;
    add_stem(s, slot, loose);
    if (!span_eq(loose, exact))
        add_stem(s, slot, exact);
}

/* ---- stars and tildes -------------------------------------------------------------------------------- */

static bool stands(const struct slots *s, size_t at, char sign)
{
    return at < s->piece.len && s->piece.at[at] == sign;
}

/* Where the run of stars at `at` ends. */
static size_t stars_end(const struct slots *s, size_t at)
{
    while (stands(s, at, '*'))
        at++;
    return at;
}

/* Each run of stars before byte `end` has to touch one word, the one before it or the one that begins at `start`. */
static void pass_stars(struct slots *s, size_t end, size_t start)
{
    while (!s->err && s->star < end) {
        const char *at = memchr(s->piece.at + s->star, '*', end - s->star);
        size_t from = at ? (size_t)(at - s->piece.at) : end, to = stars_end(s, from);
        bool behind = s->count && from == s->words_end, before = to == start;

        s->star = to;
        if (!at)
            break;
        if (behind && before)
            mistaken(s, from, "a star stands at the beginning or the end of a word, not inside");
        else if (!behind && !before)
            mistaken(s, from, "a star touches a word: bridg*, *bridge*, *bridge");
    }
    if (s->star < end)
        s->star = end;
}

static bool has_two_letters(struct span key)
{
    uint32_t cp;

    return key.len && utf8_next(key.at, key.at + key.len, &cp) < key.len;
}

/* What the signs at a word ask for. */
static void read_signs(struct slots *s, const struct word *w)
{
    size_t len, at = w->start;
    uint32_t before = ' ';
    bool star_before, star_behind, tilde;

    pass_stars(s, w->start, w->start);
    star_before = at > 0 && stands(s, at - 1, '*');
    star_behind = stands(s, w->end, '*');
    tilde = at > 0 && stands(s, at - 1, '~');
    if (tilde && at > 1)
        len = utf8_prev(s->piece.at, s->piece.at + at - 1, &before);
    else
        len = 0;
    tilde = tilde && (len == 0 || char_bits(before) & CHAR_SPACE);
    s->how = tilde                        ? KEY_FUZZY
             : star_before && star_behind ? KEY_INFIX
             : star_before                ? KEY_SUFFIX
             : star_behind                ? KEY_PREFIX
                                          : KEY_LOOSE;
    if (s->how != KEY_LOOSE && s->as == AS_SPELLED)
        mistaken(s, at - (star_before || tilde), "= asks for one spelling, * and ~ for several");
    else if (tilde && star_behind)
        mistaken(s, w->end, "a word has ~ before it or a star, not both");
    else if (star_before && !w->pair && !has_two_letters(w->key))
        mistaken(s, at - 1, "a star before a word needs two letters of it at least");
    if (w->pair)
        s->how = KEY_LOOSE;
}

/* What they make of one part of a chain: the first has what stands before, the last what stands behind. */
static enum key_how how_of_part(const struct slots *s, const struct word *whole, const struct word *part)
{
    bool before = s->how == KEY_INFIX || s->how == KEY_SUFFIX,
         behind = s->how == KEY_INFIX || s->how == KEY_PREFIX;

    if (before && part->start == whole->start)
        return KEY_SUFFIX;
    return behind && part->end == whole->end ? KEY_PREFIX : KEY_LOOSE;
}

/* ---- words, again ------------------------------------------------------------------------------------ */

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
    add_way_of(s, slot, alone ? KEY_BEGINS : s->how, w->key, SPAN(""));
    if (w->pair || (s->how != KEY_LOOSE && s->how != KEY_PREFIX))
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
        if (s->how == KEY_LOOSE)
            add_way_of(s, slot, KEY_LOOSE, rest->key, SPAN(""));
    } else if (s->as == AS_WORD && rest->start > whole->start && elides(s->piece, whole, rest)) {
        slot->count = 0;
        add_way_of(s, slot, s->how, rest->key, SPAN(""));
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
               const struct query_slot **out, uint32_t *count, struct slots_mistake *why)
{
    struct slots s = {.query = q, .mem = mem, .piece = piece, .as = as, .why = why};
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
            read_signs(&s, &w);
            begin_slot(&s, &r, &w);
            s.words_end = w.end;
            whole = w;
            chain = 0;
        } else if (as == AS_SPELLED) {
            continue;
        } else if (w.kind == WORD_REST) {
            take_rest(&s, &r, &whole, &w);
        } else if (s.how != KEY_FUZZY) {
            struct query_slot *slot = &s.at[s.count - 1];

            if (!chain && add_way(&s, slot))
                chain = slot->count - 1;
            if (chain)
                add_key(&s, &slot->ways[chain], how_of_part(&s, &whole, &w), w.key, SPAN(""));
        }
    }
    if (s.count)
        pass_stars(&s, piece.len, piece.len + 1);
    *out = s.at;
    *count = s.count;
    return s.err;
}
