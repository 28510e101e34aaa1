/* sentence.c -- cuts an article into tokens and sentences; see sentence.h. */
#include "index/sentence.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/period.h"

enum {
    PARTICLE_MOST = 5, /* letters of a small word joined to a name */
    BYTES_A_TOKEN = 6 /* with the space after it, or a few less: what the first room for tokens is made for */
};

struct cutter {
    struct arena *mem;
    struct scan *scan;
    struct span text;
    uint32_t token_cap, sentence_cap;
    uint32_t piece;               /* the next one */
    struct period_reader periods; /* of the block */
    uint32_t block, cut;          /* where it begins, and where its next sentence does */
    bool title_case;              /* Most Words of This Block Are Capitalised */
};

static bool wordy(uint32_t cp)
{
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT | CHAR_MARK | CHAR_IGNORED)) != 0 || cp == '_';
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x2BC;
}

static bool joins_word(uint32_t cp)
{
    return is_apostrophe(cp) || cp == '-' || cp == '.' || cp == '&' || cp == '@' || cp == 0x2010 ||
           cp == 0x2011 || cp == 0x200C;
}

static char punct_of(uint32_t cp)
{
    switch (cp) {
    case ',':
    case 0x60C:
    case 0x3001:
    case 0xFF0C:
        return ',';
    case '.':
    case 0x2026:
    case 0x3002:
    case 0x6D4:
    case 0x964:
        return '.';
    case '!':
    case 0xFF01:
        return '!';
    case '?':
    case 0xFF1F:
    case 0x61F:
        return '?';
    case ':':
    case 0xFF1A:
        return ':';
    case ';':
    case 0x61B:
        return ';';
    case '-':
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case '~':
        return '-';
    case '(':
    case '[':
        return '(';
    case ')':
    case ']':
        return ')';
    default:
        return 0;
    }
}

char piece_ending(const struct scan *s, uint32_t q)
{
    const struct marked *m = &s->pieces[q];
    const char *start = s->article->text.at + m->start, *at = s->article->text.at + m->end;
    uint32_t cp = 0, before = 0;

    do {
        at -= utf8_prev(start, at, &cp);
    } while (at > start && (is_apostrophe(cp) || cp == 0x2018 || cp == ')'));
    if (at > start)
        (void)utf8_prev(start, at, &before);
    if (cp == 0x2026 || (cp == '.' && before == '.'))
        return '~';
    return punct_of(cp);
}

struct span token_stem(const struct scan *s, uint32_t i)
{
    struct span w = token_text(s, i);

    if (!s->tokens[i].possessive)
        return w;
    if (span_ends(w, SPAN("’s")) || span_ends(w, SPAN("’S")))
        w.len -= 4;
    else if (span_ends(w, SPAN("'s")) || span_ends(w, SPAN("'S")))
        w.len -= 2;
    else if (span_ends(w, SPAN("’")))
        w.len -= 3;
    else if (span_ends(w, SPAN("'")))
        w.len -= 1;
    return w;
}

/* One more token, all zeroes but for its sentence; NULL without memory. */
static struct token *add_token(struct cutter *c)
{
    struct scan *s = c->scan;
    struct token *t;

    if (!ARENA_MORE(c->mem, s->tokens, s->token_count, c->token_cap))
        return NULL;
    t = &s->tokens[s->token_count++];
    t->sentence = s->sentence_count;
    return t;
}

/* The bytes of the hyphen in dit-elle and a-t-il, or 0: the pronoun after a French verb is a word of its own. */
static uint32_t pronoun_joint(struct span text, uint32_t at, uint32_t end)
{
    static const char *const pronouns[] = {"il", "elle", "ils", "elles"};
    struct span rest = span_cut(text, at, end);
    uint32_t hyphen = span_starts(rest, SPAN("-t-")) ? 3 : span_starts(rest, SPAN("-")), cp = 0;

    for (size_t i = 0; i < sizeof pronouns / sizeof *pronouns && hyphen; i++) {
        size_t n = hyphen + strlen(pronouns[i]);

        if (!span_starts(span_cut(rest, hyphen, rest.len), span_of(pronouns[i])))
            continue;
        if (n < rest.len)
            (void)utf8_next(rest.at + n, rest.at + rest.len, &cp);
        if (n >= rest.len || !wordy(cp))
            return hyphen;
    }
    return 0;
}

static inline uint32_t inversion(struct span text, uint32_t at, uint32_t end)
{
    return at < end && text.at[at] == '-' ? pronoun_joint(text, at, end) : 0;
}

/* The end of the word at `at`; a final point belongs to an abbreviation or an initial. */
static uint32_t word_end(struct span text, uint32_t at, uint32_t end)
{
    uint32_t start = at, cp = 0, next = 0;
    size_t n;

    for (;;) {
        at = (uint32_t)(char_pass_plain(text.at + at, text.at + end) - text.at);
        if (at == end)
            break;
        n = utf8_next(text.at + at, text.at + end, &cp);
        if (!wordy(cp)) {
            if (!joins_word(cp) || at + n >= end || inversion(text, at, end))
                break;
            (void)utf8_next(text.at + at + n, text.at + end, &next);
            if (!wordy(next))
                break;
        }
        at += (uint32_t)n;
    }
    if (at < end && text.at[at] == '.') {
        at += period_shortens(span_cut(text, start, at));
    } else if (at < end && is_apostrophe((unsigned char)text.at[at]) && text.at[at - 1] == 's') {
        at++; /* the voters' */
    } else if (at + 3 <= end && memcmp(text.at + at, "’", 3) == 0 && text.at[at - 1] == 's') {
        at += 3;
    }
    return at;
}

static bool is_possessive(struct span w)
{
    unsigned char last = w.len ? (unsigned char)w.at[w.len - 1] : 0;

    if (last != 's' && last != 'S' && last != '\'' && last != 0x99) /* the last byte of ’ */
        return false;
    return span_ends(w, SPAN("'s")) || span_ends(w, SPAN("’s")) || span_ends(w, SPAN("s'")) ||
           span_ends(w, SPAN("s’")) || span_ends(w, SPAN("'S")) || span_ends(w, SPAN("’S"));
}

/* In an article in Latin letters, a word in others (Greek and what follows it, but for Vietnamese and its like): its
 * language is not the article's. */
static bool is_foreign(const struct language *language, struct span word)
{
    unsigned char lead = word.len ? (unsigned char)word.at[0] : 0;

    return lead >= 0xCE && lead != 0xE1 && lead != 0xE2 && (language->scripts & 1u << SCRIPT_LATIN);
}

/* What the word is as the lists have it. */
static uint32_t listed_bits(const struct language *language, struct span word)
{
    uint32_t bits = is_foreign(language, word) ? lex_bits_anywhere(word) : lex_bits(word, language);

    if (word.len && word.at[word.len - 1] == '.')
        bits |= lex_bits((struct span){word.at, word.len - 1}, language);
    return bits;
}

/* What it is as it is written. A capital in the middle of a sentence makes a name of what would be a verb or a small
 * word: Grant, Marks, Weil. */
static uint32_t bits_of(const struct cutter *c, struct span word, uint32_t bits, bool upper, bool first)
{
    const struct language *language = c->scan->language;

    if (upper && word.len == 2 && word.at[1] == '.')
        return LEX_SHORT; /* an initial, not the article A */
    if (first && !bits && c->scan->english && span_ends(word, SPAN("ly")))
        return LEX_ADV; /* Hastily, Reportedly */
    if (!upper)
        return bits & ~(uint32_t)(LEX_MALE | LEX_FEMALE | (bits & LEX_MADAM ? 0 : LEX_PEOPLE));
    if (first || c->title_case)
        return bits;
    bits &= ~(uint32_t)(LEX_CUE | LEX_CUE_BASE | LEX_CUE_ING | LEX_VERB | LEX_ADV | LEX_SUB);
    if (language->capitals != CAPITALS_NOUNS)
        bits &= ~(uint32_t)(LEX_ROLE | LEX_DOC);
    if (bits & (LEX_MALE | LEX_FEMALE))
        bits &= ~(uint32_t)LEX_FUNCTION;
    return bits;
}

/* al-Khatib, d’Arcy: a small word joined to a name is part of it. */
static bool is_particled(const struct cutter *c, struct span word)
{
    uint32_t cp = 0;
    size_t at = 0, n = 0;

    while (at < word.len && at <= PARTICLE_MOST && word.at[at] >= 'a' && word.at[at] <= 'z')
        at++;
    if (at == 0 || at > PARTICLE_MOST || at >= word.len)
        return false;
    n = utf8_next(word.at + at, word.at + word.len, &cp);
    if (!is_apostrophe(cp) && cp != '-' && cp != 0x2010 && cp != 0x2011)
        return false;
    if (at + n >= word.len)
        return false;
    (void)utf8_next(word.at + at + n, word.at + word.len, &cp);
    return (char_bits(cp) & CHAR_UPPER) && (lex_noun(span_cut(word, 0, at), c->scan->language) & LEX_JOINED);
}

/* At the beginning of a sentence Will, Hope and Mark are names only where a name goes on or somebody speaks. */
static bool is_name_ahead(const struct cutter *c, uint32_t at, uint32_t end)
{
    uint32_t cp = 0;
    size_t n;

    if (at >= end || c->text.at[at] != ' ' || at + 1 >= end)
        return false;
    n = utf8_next(c->text.at + at + 1, c->text.at + end, &cp);
    if (char_bits(cp) & CHAR_UPPER)
        return true;
    return n > 0 && wordy(cp) &&
           (~lex_bits(span_cut(c->text, at + 1, word_end(c->text, at + 1, end)), c->scan->language) &
            (LEX_CUE | LEX_SPEECH)) == 0;
}

/* Most words: ASCII letters and digits, and nothing after them that word_end would look at twice: what is wordy(),
 * joins_word(), or a point or apostrophe at the end. False for any other. */
static bool cut_plain_word(const struct cutter *c, uint32_t at, uint32_t end, bool first, struct token *t)
{
    static const bool joins[256] = {['_'] = true, ['\''] = true, ['-'] = true,          ['.'] = true,
                                    ['&'] = true, ['@'] = true,  [0x80 ... 0xFF] = true};
    const char *start = c->text.at + at, *limit = c->text.at + end;
    struct lex_plain plain;
    const char *stop = lex_read_plain(start, limit, &plain);
    unsigned bits = char_bits((unsigned char)*start);

    if (stop == start || (stop < limit && joins[(unsigned char)*stop]))
        return false;
    t->start = at;
    t->end = (uint32_t)(stop - c->text.at);
    t->upper = (bits & CHAR_UPPER) != 0;
    if (bits & CHAR_DIGIT)
        t->kind = TOKEN_NUMBER;
    else
        t->bits = bits_of(c, (struct span){start, (size_t)(stop - start)},
                          lex_plain_bits(&plain, c->scan->language), t->upper, first);
    return true;
}

/* Any word, of any script. */
static void cut_any_word(const struct cutter *c, uint32_t *at, uint32_t end, bool first, struct token *t)
{
    uint32_t stop = word_end(c->text, *at, end), cp = 0;
    struct span word;

    if (stop - *at == 1 && inversion(c->text, stop, end) == 3) { /* a-t-il dit: he said */
        *at = stop + 3;
        stop = word_end(c->text, *at, end);
    }
    (void)utf8_next(c->text.at + *at, c->text.at + end, &cp);
    if (cp == '@' || cp == '#')
        stop = word_end(c->text, *at + 1, end);
    t->start = *at;
    t->end = stop;
    word = span_cut(c->text, *at, stop);
    t->upper = (char_bits(cp) & CHAR_UPPER) != 0 || cp == '@' || is_particled(c, word);
    t->possessive = is_possessive(word);
    if (char_bits(cp) & CHAR_DIGIT)
        t->kind = TOKEN_NUMBER;
    else
        t->bits = bits_of(c, word, listed_bits(c->scan->language, word), t->upper, first);
    *at = stop + inversion(c->text, stop, end);
}

static unsigned digits_at(const char *at, const char *end)
{
    unsigned n = 0;

    while (at + n < end && n < 4 && (char_bits((unsigned char)at[n]) & CHAR_DIGIT))
        n++;
    return n;
}

/* Where a number ends that is written in groups: 3,416,624. */
static uint32_t groups_end(const struct cutter *c, uint32_t at, uint32_t end)
{
    const char *text = c->text.at;

    while (at < end && text[at] == ',' && digits_at(text + at + 1, text + end) == 3)
        at += 4;
    return at;
}

static int cut_word(struct cutter *c, uint32_t *at, uint32_t end, bool first)
{
    struct token *t = add_token(c);

    if (!t)
        return arena_err(c->mem);
    t->kind = TOKEN_WORD;
    t->first = first;
    t->headline = c->title_case;
    if (cut_plain_word(c, *at, end, first, t))
        *at = t->end;
    else
        cut_any_word(c, at, end, first, t);
    if (t->kind == TOKEN_NUMBER)
        *at = t->end = groups_end(c, *at, end);
    if (first && t->upper && (t->bits & (LEX_MALE | LEX_FEMALE)) && !(t->bits & LEX_TITLE) &&
        (t->bits & (LEX_WORD | LEX_FUNCTION)) && !is_name_ahead(c, t->end, end))
        t->bits &= ~(uint32_t)(LEX_MALE | LEX_FEMALE);
    return 0;
}

static int cut_sign(struct cutter *c, uint32_t at, uint32_t end, uint32_t cp)
{
    struct token *t = add_token(c);

    if (!t)
        return arena_err(c->mem);
    t->kind = TOKEN_PUNCT;
    t->punct = punct_of(cp);
    t->start = at;
    t->end = end;
    return 0;
}

/* Moves c->cut to the first cut at `at` or later. */
static void seek_cut(struct cutter *c, uint32_t at)
{
    size_t end;

    while (c->cut < at && period_next(&c->periods, &end))
        c->cut = c->block + (uint32_t)end;
}

static int end_sentence(struct cutter *c, uint32_t first, uint32_t end, uint32_t block)
{
    struct scan *s = c->scan;

    if (first == end)
        return 0;
    if (!ARENA_MORE(c->mem, s->sentences, s->sentence_count, c->sentence_cap))
        return arena_err(c->mem);
    s->sentences[s->sentence_count++] = (struct sentence){first, end, block, c->title_case};
    return 0;
}

/* Kovar Calls Bridge a Disgrace, in a language that writes headlines so. What a reader did not find to be a heading
 * must be short and one sentence without a point at its end: in a list most words can be names. */
static bool looks_title_case(const struct cutter *c, const struct block *b, uint32_t first_cut)
{
    struct span text = c->text;
    uint32_t words = 0, capitals = 0, cp;

    if (!c->scan->language->title_case)
        return false;
    if (b->kind != BLOCK_TITLE && b->kind != BLOCK_HEADING &&
        (b->end - b->start > 200 || first_cut < b->end || text.at[b->end - 1] == '.'))
        return false;
    for (uint32_t at = b->start; at < b->end;) {
        uint32_t stop = at;

        (void)utf8_next(text.at + at, text.at + b->end, &cp);
        while (stop < b->end && (unsigned char)text.at[stop] > ' ')
            stop++;
        if (stop - at > 3) {
            words++;
            capitals += (char_bits(cp) & CHAR_UPPER) != 0;
        }
        at = stop + 1;
    }
    return words >= 4 && capitals * 4 >= words * 3;
}

/* The piece that is next in the block, or NULL. */
static const struct marked *piece_ahead(const struct cutter *c, uint32_t end)
{
    const struct scan *s = c->scan;

    return c->piece < s->piece_count && s->pieces[c->piece].outer_start < end ? &s->pieces[c->piece] : NULL;
}

static int cut_piece(struct cutter *c, const struct marked *m)
{
    struct scan *s = c->scan;
    struct token *t = add_token(c);

    if (!t)
        return arena_err(c->mem);
    t->kind = TOKEN_QUOTE;
    t->quote = c->piece;
    t->start = m->outer_start;
    t->end = m->outer_end;
    s->token_of[c->piece++] = s->token_count - 1;
    seek_cut(c, m->end); /* what ends inside it ends no sentence of the reporter's */
    return 0;
}

/* Most of a text: plain words and the spaces between them, up to `end`, before which no piece begins and no sentence. */
static int cut_words(struct cutter *c, uint32_t *at, uint32_t end, bool *word_seen)
{
    int rc = 0;

    while (*at < end && rc >= 0) {
        unsigned bits = char_ascii[(unsigned char)c->text.at[*at]];

        if (bits & CHAR_SPACE) {
            ++*at;
        } else if (bits & (CHAR_LETTER | CHAR_DIGIT)) {
            rc = cut_word(c, at, end, !*word_seen);
            *word_seen = true;
        } else {
            break;
        }
    }
    return rc;
}

static int cut_block(struct cutter *c, uint32_t index)
{
    struct scan *s = c->scan;
    const struct block *b = &s->article->blocks[index];
    uint32_t first = s->token_count;
    bool word_seen = false;
    int rc = 0;

    period_open(&c->periods, span_cut(c->text, b->start, b->end));
    c->block = c->cut = b->start;
    seek_cut(c, b->start + 1);
    c->title_case = looks_title_case(c, b, c->cut);
    for (uint32_t at = b->start; at < b->end && rc >= 0;) {
        const struct marked *m = piece_ahead(c, b->end);
        uint32_t end = m ? m->outer_start : b->end, words, cp;
        bool quoted;
        size_t n;

        if ((rc = cut_words(c, &at, end < c->cut ? end : c->cut, &word_seen)) < 0 || at == b->end)
            break;
        quoted = m && m->outer_start == at;
        words = quoted ? m->start : at;
        n = utf8_next(c->text.at + at, c->text.at + b->end, &cp);
        if (!quoted && (char_bits(cp) & (CHAR_SPACE | CHAR_IGNORED))) {
            at += (uint32_t)n;
            continue;
        }
        if (c->cut <= words) {
            if ((rc = end_sentence(c, first, s->token_count, index)) < 0)
                return rc;
            first = s->token_count;
            word_seen = false;
            seek_cut(c, words + 1);
        }
        if (quoted) {
            rc = cut_piece(c, m);
            at = m->outer_end;
        } else if (wordy(cp) || ((cp == '@' || cp == '#') && at + 1 < b->end &&
                                 wordy((unsigned char)c->text.at[at + 1]))) {
            rc = cut_word(c, &at, end < c->cut ? end : c->cut, !word_seen);
            word_seen = true;
        } else {
            rc = cut_sign(c, at, at + (uint32_t)n, cp);
            at += (uint32_t)n;
        }
    }
    return rc < 0 ? rc : end_sentence(c, first, s->token_count, index);
}

int sentence_scan(struct arena *mem, const struct article *a, const struct language *language,
                  const struct marked *pieces, uint32_t piece_count, struct scan *out)
{
    struct cutter c = {.mem = mem, .scan = out, .text = a->text};
    int rc = 0;

    *out = (struct scan){.article = a, .pieces = pieces, .piece_count = piece_count, .language = language};
    out->english = span_eq(span_of(language->code), SPAN("en"));
    c.token_cap = (a->end - a->start) / BYTES_A_TOKEN + 64;
    out->tokens = arena_array(mem, c.token_cap, sizeof *out->tokens);
    out->token_of = arena_array(mem, (size_t)piece_count + 1, sizeof *out->token_of);
    out->shapes = arena_array(mem, (size_t)piece_count + 1, sizeof *out->shapes);
    if (!out->tokens || !out->token_of || !out->shapes)
        return arena_err(mem);
    for (uint32_t p = 0; p < piece_count; p++)
        out->shapes[p] = shape_of(span_cut(a->text, pieces[p].start, pieces[p].end));
    for (uint32_t b = 0; b < a->block_count && rc >= 0; b++)
        if (a->blocks[b].kind != BLOCK_BOILERPLATE && a->blocks[b].kind != BLOCK_NAME_LINE)
            rc = cut_block(&c, b);
    return rc;
}
