#include "index/analyse.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/language.h"
#include "index/read.h"
#include "index/stretch.h"
#include "index/term.h"
#include "index/word.h"

enum { KEY_WORDS = 200, SCRATCH_KEPT = 4 * 1024 * 1024 };

#define ID_BITS ((UINT64_C(1) << 60) - 1)

static struct span body_of(const struct article *a)
{
    return span_cut(a->text, a->start, a->end);
}

/* ---- hashes ------------------------------------------------------------------------------------------ */

static uint64_t hash_on(uint64_t seed, struct span s)
{
    return XXH3_64bits_withSeed(s.at, s.len, seed);
}

/* The hash by which equal articles are known: of the text, every field, and the rules that analyse it. */
static uint64_t content_of(const struct article *a)
{
    const struct span texts[] = {
        a->title, a->date, span_of(a->date_basis), a->author, a->url, a->outlet, a->lang, a->place, a->id};
    const uint32_t rules[] = {WORD_RULES_VERSION, FOLD_RULES_VERSION, QUOTE_RULES_VERSION, a->block_count};
    uint64_t h = 0;

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        h = h * UINT64_C(0x9E3779B97F4A7C15) + rules[i];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        h = hash_on(h, texts[i]);
    for (uint32_t i = 0; i < a->block_count; i++)
        h = (h ^ a->blocks[i].kind ^ (uint64_t)(a->blocks[i].start - a->start) << 8 ^
             (uint64_t)(a->blocks[i].end - a->blocks[i].start) << 36) *
            UINT64_C(0x9E3779B97F4A7C15);
    return hash_on(h, body_of(a));
}

/* The article's key: what stays the same when the article is fetched again or a typo is mended. Where neither url nor id
 * is given it is made of the first words, which are hashed as they come by. */
struct article_key {
    uint64_t hash;
    unsigned words; /* still to come */
};

static struct article_key begin_key(const struct article *a)
{
    char folded[1024];

    if (a->url.len)
        return (struct article_key){hash_on('u', a->url), 0};
    if (a->id.len)
        return (struct article_key){hash_on('i', a->id), 0};
    return (struct article_key){
        hash_on('t', (struct span){folded, fold_text(a->title, FOLD_LOOSE, folded, sizeof folded)}),
        KEY_WORDS};
}

static void add_to_key(struct article_key *key, const struct word *w)
{
    if (!key->words || w->kind != WORD_WHOLE)
        return;
    key->hash = hash_on(key->hash, w->key);
    key->words--;
}

/* How many quotes of the article before this one had the same words: a table of open places. */
struct ordinals {
    uint64_t *hashes;
    uint32_t *counts;
    uint32_t mask;
};

static bool ordinals_init(struct ordinals *o, struct arena *mem, uint32_t count)
{
    uint32_t size = 16;

    while (size / 2 < count)
        size *= 2;
    o->mask = size - 1;
    o->hashes = arena_array(mem, size, sizeof *o->hashes);
    o->counts = arena_array(mem, size, sizeof *o->counts);
    return o->hashes && o->counts;
}

static uint32_t ordinal_of(struct ordinals *o, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & o->mask;

    while (o->counts[at] && o->hashes[at] != hash)
        at = (at + 1) & o->mask;
    o->hashes[at] = hash;
    return o->counts[at]++;
}

/* An article being analysed. */
struct making {
    struct bag *text, *bag;
    struct arena *mem;
    struct analysed *d;
    struct article_key key;
    struct stretch title;
    struct stretches quotes;
    uint32_t unit_cap;
    bool whole; /* no block ends a phrase */
};

/* ---- words ------------------------------------------------------------------------------------------- */

/* The terms of one word (term.h). */
static int put_word(struct bag *b, struct word_reader *r, const struct word *w)
{
    char form[LIMIT_TERM];
    int rc = bag_word(b, w->key, w->pos);

    if (rc == 0 && !w->plain) {
        struct span exact = word_exact(r, w);
        if (!span_eq(exact, w->key))
            rc = bag_word(b, term_spelled(w->key, exact, form), w->pos);
    }
    if (rc == 0 && w->width > 1)
        rc = bag_word(b, term_wide(w->key, w->width, form), w->pos);
    return rc;
}

/* The words of a piece of text into the unit that was begun last. *pos goes on; *count counts whole words. */
static int put_words(struct bag *b, struct span text, uint32_t *pos, uint32_t *count, uint64_t *hash)
{
    struct word_reader r;
    struct word w;
    int rc;

    word_open(&r, text, *pos);
    while (word_next(&r, &w) == 1) {
        if ((rc = put_word(b, &r, &w)) < 0)
            return rc;
        if (w.kind != WORD_WHOLE)
            continue;
        if (count)
            ++*count;
        if (hash)
            *hash = hash_on(*hash, w.key);
    }
    *pos = word_pos(&r);
    return 0;
}

/* A unit without words is not kept. */
static int keep_unit(struct making *m, const struct bag_unit *unit)
{
    struct analysed *d = m->d;

    if (unit->count == 0)
        return 0;
    if (!ARENA_MORE(m->mem, d->units, d->unit_count, m->unit_cap))
        return arena_err(m->mem);
    d->units[d->unit_count++] = *unit;
    return 0;
}

static int end_unit(struct making *m, struct bag *b)
{
    struct bag_unit unit;
    int rc = bag_end(b, m->mem, &unit);

    return rc < 0 ? rc : keep_unit(m, &unit);
}

/* What the words of a title and of a quote weigh more than others (rank.h). */
enum { EXTRA_QUOTE = 1, EXTRA_TITLE = 2 };

/* Walks forward through the quotes of an article. */
struct quoted {
    const struct quote *next, *end;
    uint32_t until; /* the end of the quotes passed so far */
};

static bool is_quoted(struct quoted *q, uint32_t at)
{
    for (; q->next < q->end && q->next->start <= at; q->next++)
        if (q->next->kind != QUOTE_INDIRECT && q->next->end > q->until)
            q->until = q->next->end;
    return at < q->until;
}

static int put_block(struct making *m, const struct block *block, struct quoted *quoted, uint32_t *pos)
{
    unsigned title = block->kind == BLOCK_TITLE ? EXTRA_TITLE : 0;
    uint32_t from = bag_mark(m->text), to;
    struct word_reader r;
    struct word w;
    int rc;

    word_open(&r, span_cut(m->d->article.text, block->start, block->end), *pos);
    while (word_next(&r, &w) == 1) {
        bag_extra(m->text, title + (is_quoted(quoted, block->start + (uint32_t)w.start) ? EXTRA_QUOTE : 0));
        if ((rc = put_word(m->text, &r, &w)) < 0)
            return rc;
        to = bag_mark(m->text);
        stretches_take(&m->quotes, block, &w, from, to);
        if (title)
            stretch_take(&m->title, block, &w, from, to);
        from = to;
        add_to_key(&m->key, &w);
        m->d->words += w.kind == WORD_WHOLE;
    }
    *pos = word_pos(&r);
    return 0;
}

/* True when the title is no part of the text: it came from front matter, a field of JSON. */
static bool is_outside(const struct article *a)
{
    uintptr_t title = (uintptr_t)a->title.at, text = (uintptr_t)a->text.at;

    return title < text + a->start || title >= text + a->end;
}

static int put_article_words(struct making *m, const struct quote *quotes, uint32_t quote_count)
{
    const struct article *a = &m->d->article;
    struct quoted quoted = {quotes, quotes + quote_count, 0};
    uint32_t pos = 0;
    int rc = 0;

    bag_begin(m->text, FIELD_TEXT, 0);
    if (a->title.len && is_outside(a)) {
        bag_extra(m->text, EXTRA_TITLE);
        rc = put_words(m->text, a->title, &pos, &m->d->words, NULL);
        m->title.words.count = pos++;
    } else if (a->title.len) {
        m->title.start = (uint32_t)(a->title.at - a->text.at);
        m->title.end = m->title.start + (uint32_t)a->title.len;
    }
    for (uint32_t i = 0; i < a->block_count && rc == 0; i++) {
        const struct block *block = &a->blocks[i];

        m->d->blocks[i].pos = pos;
        if (block->kind == BLOCK_BOILERPLATE)
            continue;
        rc = put_block(m, block, &quoted, &pos);
        pos += !m->whole; /* a phrase does not run from one block into the next */
    }
    m->d->title = m->title.words;
    return rc < 0 ? rc : end_unit(m, m->text);
}

/* ---- fields -------------------------------------------------------------------------------------------- */

/* Words of a field of their own. */
static int put_field(struct making *m, enum field field, uint32_t number, struct span words)
{
    uint32_t pos = 0;
    int rc;

    if (!words.len)
        return 0;
    bag_begin(m->bag, field, number);
    rc = put_words(m->bag, words, &pos, NULL, NULL);
    return rc < 0 ? rc : end_unit(m, m->bag);
}

/* The host of a url, or nothing. */
static struct span host_of(struct span url)
{
    const char *at = span_find(url, SPAN("://"));
    size_t len = 0;

    if (!at)
        return SPAN("");
    url = span_cut(url, (size_t)(at - url.at) + 3, url.len);
    while (len < url.len && !strchr("/?#", url.at[len]))
        len++;
    url.len = len;
    if ((at = memchr(url.at, '@', url.len)))
        url = span_cut(url, (size_t)(at - url.at) + 1, url.len);
    if ((at = memchr(url.at, ':', url.len)))
        url.len = (size_t)(at - url.at);
    return url;
}

static int put_source(struct making *m, const struct article *a)
{
    struct span host = host_of(a->url);
    uint32_t pos = 0;
    int rc = 0;

    bag_begin(m->bag, FIELD_SOURCE, 0);
    if (a->outlet.len)
        rc = put_words(m->bag, a->outlet, &pos, NULL, NULL);
    pos++;
    if (rc == 0 && host.len)
        rc = put_words(m->bag, host, &pos, NULL, NULL);
    return rc < 0 ? rc : end_unit(m, m->bag);
}

static int put_lang(struct making *m, const struct article *a)
{
    char code[LANGUAGE_CODE];
    int rc;

    if (!language_code(a->lang, code) && !language_code(span_of(language_of(a)->code), code))
        return 0;
    bag_begin(m->bag, FIELD_LANG, 0);
    rc = bag_word(m->bag, span_of(code), 0);
    return rc < 0 ? rc : end_unit(m, m->bag);
}

static int put_article_fields(struct making *m)
{
    const struct article *a = &m->d->article;
    int rc = put_source(m, a);

    return rc < 0 ? rc : put_lang(m, a);
}

static int put_quote_fields(struct making *m, const struct quote_row *q)
{
    bool indirect = q->kind == QUOTE_INDIRECT;
    struct span cue = span_cut(m->d->article.text, q->cue_start, q->cue_end);
    int rc = put_field(m, indirect ? FIELD_STATEMENT_ROLE : FIELD_ROLE, q->no, q->role);

    return rc < 0 ? rc : put_field(m, indirect ? FIELD_STATEMENT_CUE : FIELD_CUE, q->no, cue);
}

/* The whole name as one term. */
static int put_speaker(struct making *m, uint32_t quote, struct span speaker)
{
    char room[LIMIT_WORD];
    struct span name = fold_name(speaker, room);
    int rc;

    if (name.len == 0)
        return 0;
    bag_begin(m->bag, FIELD_SPEAKER, quote);
    rc = bag_word(m->bag, name, 0);
    return rc < 0 ? rc : end_unit(m, m->bag);
}

static int put_name(struct making *m, const struct quote_row *q)
{
    bool indirect = q->kind == QUOTE_INDIRECT;
    uint32_t pos = 0;
    int rc;

    if (!q->speaker.len)
        return 0;
    bag_begin(m->bag, indirect ? FIELD_STATEMENT_NAME : FIELD_NAME, q->no);
    if ((rc = put_words(m->bag, q->speaker, &pos, NULL, NULL)) < 0)
        return rc;
    pos++; /* found by the role and by the person who has it */
    if ((rc = put_words(m->bag, q->person, &pos, NULL, NULL)) < 0 || (rc = end_unit(m, m->bag)) < 0 ||
        indirect)
        return rc;
    return put_speaker(m, q->no, quote_whose(q));
}

/* The words of a quote were read with the text, and a statement's are found there. One that lies in no block of words is read
 * by itself. */
static int put_quote_words(struct making *m, const struct quote_row *q, struct stretch *s)
{
    bool indirect = q->kind == QUOTE_INDIRECT;
    struct bag_unit unit = {.count = 0};
    uint32_t pos = 0;
    int rc;

    if (s->words.count == 0) {
        bag_begin(m->bag, FIELD_QUOTE, q->no);
        rc = put_words(m->bag, span_cut(m->d->article.text, q->start, q->end), &pos, NULL, &s->hash);
        return rc < 0 || indirect ? rc : end_unit(m, m->bag);
    }
    rc = indirect ? 0
                  : bag_stretch(m->text, FIELD_QUOTE, q->no, s->from, s->to, s->words.first, m->mem, &unit);
    return rc < 0 ? rc : keep_unit(m, &unit);
}

/* ---- quotes ------------------------------------------------------------------------------------------ */

/* Walks forward through the article and knows where it is; quotes come in the order of their start. */
struct place_in_text {
    uint32_t at, line, column;
};

static void walk_to(struct place_in_text *p, const struct article *a, uint32_t at)
{
    const char *line;

    if (at < p->at)
        *p = (struct place_in_text){a->start, 1, 1};
    if ((line = memrchr(a->text.at + p->at, '\n', at - p->at))) {
        p->line += (uint32_t)utf8_lines(span_cut(a->text, p->at, at));
        p->at = (uint32_t)(line + 1 - a->text.at);
        p->column = 1;
    }
    p->column += (uint32_t)utf8_count(span_cut(a->text, p->at, at));
    p->at = at;
}

static struct span kept(struct arena *mem, struct span s)
{
    return s.len ? arena_span(mem, s) : SPAN("");
}

static struct quote_row row_of(struct arena *mem, const struct quote *q, uint32_t i)
{
    return (struct quote_row){.no = i,
                              .start = q->start,
                              .end = q->end,
                              .context_start = q->context_start,
                              .context_end = q->context_end,
                              .mention_start = q->mention_start,
                              .mention_end = q->mention_end,
                              .cue_start = q->cue_start,
                              .cue_end = q->cue_end,
                              .kind = q->kind,
                              .speaker = kept(mem, q->speaker),
                              .role = kept(mem, q->role),
                              .person = kept(mem, q->person),
                              .rule = span_of(q->rule),
                              .why = span_of(q->why),
                              .confidence = q->confidence,
                              .utterance = q->utterance,
                              .twin_of = q->twin_of,
                              .inside = q->inside};
}

/* Ranges that are not there stand, empty, where the quote begins: inside the article, as row_of needs. */
static void settle(struct quote *q)
{
    if (q->mention_start == q->mention_end)
        q->mention_start = q->mention_end = q->start;
    if (q->cue_start == q->cue_end)
        q->cue_start = q->cue_end = q->start;
    if (q->context_start == q->context_end) {
        q->context_start = q->start;
        q->context_end = q->end;
    }
}

/* Quotes come in the order of their start. */
static int open_quotes(struct stretches *s, struct arena *scratch, const struct quote *quotes, uint32_t count)
{
    struct stretch *at = arena_array(scratch, count, sizeof *at);

    if (!at)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++)
        at[i] = (struct stretch){.start = quotes[i].start, .end = quotes[i].end};
    *s = (struct stretches){at, at + count, at, at};
    return 0;
}

static int put_quotes(struct making *m, struct arena *scratch, struct quote *quotes, uint32_t count)
{
    struct analysed *d = m->d;
    struct place_in_text walk = {0, 1, 1};
    struct ordinals ordinals;
    int rc;

    if (count == 0)
        return 0;
    d->quotes = arena_array(m->mem, count, sizeof *d->quotes);
    d->statements = arena_array(m->mem, count, sizeof *d->statements);
    if (!d->quotes || !d->statements || !ordinals_init(&ordinals, scratch, count))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct quote_row *q = &d->quotes[i];
        struct stretch *words = &m->quotes.at[i];
        uint64_t id[3];
        settle(&quotes[i]);
        *q = row_of(m->mem, &quotes[i], i);
        walk_to(&walk, &d->article, q->start);
        q->line = walk.line;
        q->column = walk.column;
        if ((rc = put_quote_words(m, q, words)) < 0 || (rc = put_name(m, q)) < 0 ||
            (rc = put_quote_fields(m, q)) < 0)
            return rc;
        if (q->kind == QUOTE_INDIRECT)
            d->statements[i] = words->words;
        id[0] = d->id;
        id[1] = words->hash;
        id[2] = ordinal_of(&ordinals, words->hash);
        q->id = XXH3_64bits(id, sizeof id) & ID_BITS;
    }
    d->quote_count = count;
    return arena_err(m->mem);
}

/* ---- the article ------------------------------------------------------------------------------------- */

int analyst_init(struct analyst *an)
{
    *an = (struct analyst){bag_new(), bag_new(), ARENA_INIT};
    if (an->text && an->bag)
        return 0;
    analyst_fini(an);
    return ERR_NOMEM;
}

void analyst_fini(struct analyst *an)
{
    bag_free(an->text);
    bag_free(an->bag);
    *an = (struct analyst){.scratch = an->scratch};
    arena_free(&an->scratch);
}

/* A copy; what lies in the article's text still does. */
static struct span copied(struct arena *mem, struct span s, const struct article *a, struct span body)
{
    uintptr_t at = (uintptr_t)s.at, from = (uintptr_t)a->text.at + a->start,
              end = (uintptr_t)a->text.at + a->end;

    if (!s.len)
        return SPAN("");
    if (at >= from && at + s.len <= end)
        return span_cut(body, at - from, at - from + s.len);
    return arena_span(mem, s);
}

/* The blocks, counted from the article's start, each with its line. */
static struct block *blocks_of(struct arena *mem, const struct article *a)
{
    struct block *blocks = arena_array(mem, a->block_count, sizeof *blocks);
    uint32_t line = 1, at = a->start;

    for (uint32_t i = 0; blocks && i < a->block_count; i++) {
        blocks[i] = a->blocks[i];
        blocks[i].line = line += (uint32_t)utf8_lines(span_cut(a->text, at, blocks[i].start));
        at = blocks[i].start;
        blocks[i].start -= a->start;
        blocks[i].end -= a->start;
    }
    return blocks;
}

struct analysed *analysed_new(struct arena *mem, const struct article *a)
{
    struct analysed *d = arena_alloc(mem, sizeof *d);
    struct span body = arena_span(mem, body_of(a));
    struct span *texts[] = {&d->article.title,  &d->article.date, &d->article.author, &d->article.url,
                            &d->article.outlet, &d->article.lang, &d->article.id,     &d->article.place};

    if (!d)
        return NULL;
    d->article = *a;
    d->article.text = body;
    d->article.start = 0;
    d->article.end = (uint32_t)body.len;
    d->article.blocks = d->blocks = blocks_of(mem, a);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = copied(mem, *texts[i], a, body);
    d->place = (struct place_row){.record = a->record, .start = a->start, .line = a->line, .plain = a->plain};
    d->content = content_of(a);
    return arena_err(mem) ? NULL : d;
}

int analyse(struct analyst *an, struct arena *mem, struct analysed *d, const struct index_run *run)
{
    struct making m = {.text = an->text,
                       .bag = an->bag,
                       .mem = mem,
                       .d = d,
                       .key = begin_key(&d->article),
                       .whole = run->hints.whole};
    struct quote *quotes = NULL;
    uint32_t count = 0;
    int rc;

    d->article.language = language_of(&d->article);
    rc = run->only_words ? 0 : quote_find(&an->scratch, &d->article, QUOTE_STATEMENTS, &quotes, &count);
    if (rc == 0)
        rc = open_quotes(&m.quotes, &an->scratch, quotes, count);
    if (rc == 0 && (rc = put_article_words(&m, quotes, count)) == 0 && (rc = put_article_fields(&m)) == 0) {
        d->id = m.key.hash & ID_BITS;
        rc = put_quotes(&m, &an->scratch, quotes, count);
    }
    d->analysed = rc == 0;
    if (an->scratch.used < SCRATCH_KEPT) {
        arena_reset(&an->scratch);
        return rc;
    }
    analyst_fini(an); /* a book came by: its memory is not held for articles */
    return analyst_init(an) < 0 && rc == 0 ? ERR_NOMEM : rc;
}
