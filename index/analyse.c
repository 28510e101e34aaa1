#include <stdlib.h>
#include <xxhash.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/ingest.h"
#include "index/language.h"
#include "index/term.h"
#include "index/word.h"

enum { KEY_WORDS = 200 };

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

uint64_t analyse_content(const struct article *a)
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

/* The article's key: what stays the same when the article is fetched again or a typo is mended. */
static uint64_t article_key(const struct article *a)
{
    char folded[1024];
    struct word_reader r;
    struct word w;
    uint64_t h;
    unsigned words = 0;

    if (a->url.len)
        return hash_on('u', a->url);
    if (a->id.len)
        return hash_on('i', a->id);
    h = hash_on('t', (struct span){folded, fold_text(a->title, FOLD_LOOSE, folded, sizeof folded)});
    for (uint32_t i = 0; i < a->block_count && words < KEY_WORDS; i++) {
        if (a->blocks[i].kind == BLOCK_BOILERPLATE)
            continue;
        word_open(&r, span_cut(a->text, a->blocks[i].start, a->blocks[i].end), 0);
        while (words < KEY_WORDS && word_next(&r, &w) == 1)
            if (w.kind == WORD_WHOLE) {
                h = hash_on(h, w.key);
                words++;
            }
    }
    return h;
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

/* ---- words ------------------------------------------------------------------------------------------- */

/* The terms of one word (term.h). */
static int put_word(struct batch *b, struct word_reader *r, const struct word *w)
{
    struct span exact = word_exact(r, w);
    char form[LIMIT_TERM];
    int rc = batch_word(b, w->key, w->pos);

    if (rc == 0 && !span_eq(exact, w->key))
        rc = batch_word(b, term_spelled(w->key, exact, form), w->pos);
    if (rc == 0 && w->width > 1)
        rc = batch_word(b, term_wide(w->key, w->width, form), w->pos);
    return rc;
}

/* The words of a piece of text into the unit that was begun last. *pos goes on; *count counts whole words. */
static int put_words(struct batch *b, struct span text, uint32_t *pos, uint32_t *count, uint64_t *hash)
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

static int put_block(struct batch *b, const struct article *a, const struct block *block,
                     struct quoted *quoted, uint32_t *pos, uint32_t *count)
{
    unsigned title = block->kind == BLOCK_TITLE ? EXTRA_TITLE : 0;
    struct word_reader r;
    struct word w;
    int rc;

    word_open(&r, span_cut(a->text, block->start, block->end), *pos);
    while (word_next(&r, &w) == 1) {
        batch_extra(b, title + (is_quoted(quoted, block->start + (uint32_t)w.start) ? EXTRA_QUOTE : 0));
        if ((rc = put_word(b, &r, &w)) < 0)
            return rc;
        *count += w.kind == WORD_WHOLE;
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

/* `blocks` are those of the article that are stored: each learns its first position. */
static int put_article_words(struct batch *b, const struct article *a, struct block *blocks,
                             const struct quote *quotes, uint32_t quote_count, uint32_t doc, uint32_t *count)
{
    struct quoted quoted = {quotes, quotes + quote_count, 0};
    uint32_t pos = 0;
    int rc = batch_unit(b, FIELD_TEXT, doc);

    *count = 0;
    if (rc == 0 && a->title.len && is_outside(a)) {
        batch_extra(b, EXTRA_TITLE);
        rc = put_words(b, a->title, &pos, count, NULL);
        pos++;
    }
    for (uint32_t i = 0; i < a->block_count && rc == 0; i++) {
        const struct block *block = &a->blocks[i];
        blocks[i].pos = pos;
        if (block->kind == BLOCK_BOILERPLATE)
            continue;
        rc = put_block(b, a, block, &quoted, &pos, count);
        pos++; /* a phrase does not run from one block into the next */
    }
    return rc;
}

/* ---- fields -------------------------------------------------------------------------------------------- */

/* Words of a field of their own. */
static int put_field(struct batch *b, enum field field, uint32_t number, struct span words)
{
    uint32_t pos = 0;
    int rc = words.len ? batch_unit(b, field, number) : 0;

    return rc < 0 || !words.len ? rc : put_words(b, words, &pos, NULL, NULL);
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

static int put_source(struct batch *b, uint32_t doc, const struct article *a)
{
    struct span host = host_of(a->url);
    uint32_t pos = 0;
    int rc = a->outlet.len || host.len ? batch_unit(b, FIELD_SOURCE, doc) : 0;

    if (rc == 0 && a->outlet.len)
        rc = put_words(b, a->outlet, &pos, NULL, NULL);
    pos++;
    return rc == 0 && host.len ? put_words(b, host, &pos, NULL, NULL) : rc;
}

static int put_lang(struct batch *b, uint32_t doc, const struct article *a)
{
    char code[LANGUAGE_CODE];
    int rc;

    if (!language_code(a->lang, code) && !language_code(span_of(language_of(a)->code), code))
        return 0;
    rc = batch_unit(b, FIELD_LANG, doc);
    return rc < 0 ? rc : batch_word(b, span_of(code), 0);
}

static int put_article_fields(struct batch *b, uint32_t doc, const struct article *a)
{
    int rc = put_field(b, FIELD_TITLE, doc, a->title);

    if (rc == 0)
        rc = put_source(b, doc, a);
    return rc < 0 ? rc : put_lang(b, doc, a);
}

static int put_quote_fields(struct batch *b, const struct quote_row *q, struct span cue)
{
    bool indirect = q->kind == QUOTE_INDIRECT;
    int rc = put_field(b, indirect ? FIELD_STATEMENT_ROLE : FIELD_ROLE, q->no, q->role);

    return rc < 0 ? rc : put_field(b, indirect ? FIELD_STATEMENT_CUE : FIELD_CUE, q->no, cue);
}

/* The whole name as one term, its spaces made single. */
static int put_speaker(struct batch *b, uint32_t quote, struct span speaker)
{
    char name[LIMIT_WORD];
    struct span folded = fold_word(speaker, FOLD_LOOSE, name);
    size_t n = 0;
    int rc;

    for (size_t i = 0; i < folded.len; i++)
        if ((unsigned char)name[i] > ' ')
            name[n++] = name[i];
        else if (n && name[n - 1] != ' ')
            name[n++] = ' ';
    while (n && name[n - 1] == ' ')
        n--;
    if (n == 0)
        return 0;
    rc = batch_unit(b, FIELD_SPEAKER, quote);
    return rc < 0 ? rc : batch_word(b, (struct span){name, n}, 0);
}

static int put_quote_words(struct batch *b, const struct quote_row *q, struct span words, uint64_t *hash)
{
    bool indirect = q->kind == QUOTE_INDIRECT;
    uint32_t pos = 0;
    int rc;

    if ((rc = batch_unit(b, indirect ? FIELD_STATEMENT : FIELD_QUOTE, q->no)) < 0 ||
        (rc = put_words(b, words, &pos, NULL, hash)) < 0)
        return rc;
    if (!q->speaker.len)
        return 0;
    pos = 0;
    if ((rc = batch_unit(b, indirect ? FIELD_STATEMENT_NAME : FIELD_NAME, q->no)) < 0 ||
        (rc = put_words(b, q->speaker, &pos, NULL, NULL)) < 0)
        return rc;
    pos++; /* found by the role and by the person who has it */
    if ((rc = put_words(b, q->person, &pos, NULL, NULL)) < 0 || indirect)
        return rc;
    return put_speaker(b, q->no, quote_whose(q));
}

/* ---- quotes ------------------------------------------------------------------------------------------ */

/* Walks forward through the article and knows where it is; quotes come in the order of their start. */
struct place_in_text {
    uint32_t at, line, column;
};

static void walk_to(struct place_in_text *p, const struct article *a, uint32_t at)
{
    if (at < p->at)
        *p = (struct place_in_text){a->start, 1, 1};
    while (p->at < at) {
        uint32_t cp;
        p->at += (uint32_t)utf8_next(a->text.at + p->at, a->text.at + a->end, &cp);
        p->column++;
        if (cp == '\n') {
            p->line++;
            p->column = 1;
        }
    }
}

static struct quote_row row_of(const struct quote *q, const struct article *a, uint32_t doc, uint32_t first,
                               uint32_t i)
{
    return (struct quote_row){.no = first + i,
                              .doc = doc,
                              .start = q->start - a->start,
                              .end = q->end - a->start,
                              .context_start = q->context_start - a->start,
                              .context_end = q->context_end - a->start,
                              .mention_start = q->mention_start - a->start,
                              .mention_end = q->mention_end - a->start,
                              .cue_start = q->cue_start - a->start,
                              .cue_end = q->cue_end - a->start,
                              .kind = q->kind,
                              .speaker = q->speaker,
                              .role = q->role,
                              .person = q->person,
                              .rule = span_of(q->rule),
                              .why = span_of(q->why),
                              .confidence = q->confidence,
                              .utterance = first + q->utterance,
                              .twin_of = first + q->twin_of,
                              .inside = first + q->inside};
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

static int put_quotes(struct ingest *in, struct arena *mem, const struct article *a, struct quote *quotes,
                      uint32_t count, struct doc_row *d)
{
    struct place_in_text walk = {a->start, 1, 1};
    struct ordinals ordinals;
    uint32_t counted = 0;
    int rc;

    d->first_quote = in->w.totals.next_quote;
    if (count == 0)
        return 0;
    if (!ordinals_init(&ordinals, mem, count))
        return arena_err(mem);
    for (uint32_t i = 0; i < count; i++) {
        struct key k = key_number(d->first_quote + i);
        uint64_t words = 0, id[3];
        struct quote_row q;
        settle(&quotes[i]);
        q = row_of(&quotes[i], a, d->no, d->first_quote, i);
        walk_to(&walk, a, quotes[i].start);
        q.line = walk.line;
        q.column = walk.column;
        if ((rc = put_quote_words(in->batch, &q, span_cut(a->text, quotes[i].start, quotes[i].end), &words)) <
            0)
            return rc;
        if ((rc = put_quote_fields(in->batch, &q,
                                   span_cut(a->text, quotes[i].cue_start, quotes[i].cue_end))) < 0)
            return rc;
        id[0] = d->id;
        id[1] = words;
        id[2] = ordinal_of(&ordinals, words);
        q.id = XXH3_64bits(id, sizeof id) & ID_BITS;
        if ((rc = batch_quote(in->batch, q.no, q.id)) < 0 || (rc = batch_quote_columns(in->batch, &q)) < 0)
            return rc;
        buf_clear(&in->row);
        put_quote(&in->row, &q);
        if ((rc = record_put_buf(&in->w, T_QUOTES, &k, &in->row, true)) < 0)
            return rc;
        if (q.kind == QUOTE_INDIRECT)
            continue;
        counted++;
        in->w.totals.quotes_attributed += q.speaker.len != 0;
    }
    d->quote_count = count;
    in->w.totals.next_quote += count;
    in->w.totals.quotes += counted;
    in->run->total.quotes += counted;
    return 0;
}

/* ---- the document ------------------------------------------------------------------------------------ */

/* The blocks, counted from the article's start, each with its line. */
static struct block *blocks_of(struct arena *mem, const struct article *a)
{
    struct block *blocks = arena_array(mem, a->block_count, sizeof *blocks);
    uint32_t line = 1, at = a->start;

    for (uint32_t i = 0; blocks && i < a->block_count; i++) {
        blocks[i] = a->blocks[i];
        for (; at < blocks[i].start; at++)
            line += a->text.at[at] == '\n';
        blocks[i].line = line;
        blocks[i].start -= a->start;
        blocks[i].end -= a->start;
    }
    return blocks;
}

int analyse(struct ingest *in, struct arena *mem, const struct article *as_read, uint64_t content,
            uint32_t *doc)
{
    struct article told = *as_read;
    const struct article *a = &told;
    struct write *w = &in->w;
    struct doc_row d = {.no = w->totals.next_doc,
                        .id = article_key(a) & ID_BITS,
                        .content = content,
                        .title = a->title,
                        .date = a->date,
                        .date_basis = span_of(a->date_basis),
                        .author = a->author,
                        .url = a->url,
                        .outlet = a->outlet,
                        .lang = a->lang,
                        .place = a->place,
                        .given_id = a->id,
                        .text_len = a->end - a->start,
                        .block_count = a->block_count};
    struct key k = key_number(d.no);
    struct block *blocks = blocks_of(mem, a);
    struct quote *quotes;
    uint32_t count;
    int rc;

    if (!(d.blocks = blocks))
        return arena_err(mem);
    if (d.no >= UINT32_MAX - 1 || w->totals.next_quote >= UINT32_MAX / 2)
        return ERR_TOOBIG;
    told.language = language_of(as_read);
    if ((rc = quote_find(mem, a, QUOTE_STATEMENTS, &quotes, &count)) < 0 ||
        (rc = put_article_fields(in->batch, d.no, a)) < 0 ||
        (rc = put_article_words(in->batch, a, blocks, quotes, count, d.no, &d.words)) < 0 ||
        (rc = put_quotes(in, mem, a, quotes, count, &d)) < 0)
        return rc;
    if ((rc = text_add(&in->text, w, body_of(a), &d.text_at)) < 0)
        return rc;
    if ((rc = batch_doc(in->batch, d.no, d.id, d.content, d.words)) < 0 ||
        (rc = batch_doc_columns(in->batch, &d)) < 0)
        return rc;
    buf_clear(&in->row);
    put_doc(&in->row, &d);
    if ((rc = record_put_buf(w, T_DOCS, &k, &in->row, true)) < 0)
        return rc;
    w->totals.next_doc++;
    w->totals.docs++;
    w->totals.words += d.words;
    w->totals.text_bytes += d.text_len;
    in->bytes += d.text_len;
    *doc = d.no;
    return 0;
}
