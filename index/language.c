/* language.c -- which language an article is written in; see language.h. */
#include "index/language.h"

#include "base/utf8.h"
#include "index/char.h"
#include "index/lexicon.h"

enum {
    WORDS_READ = 3000, /* more of an article tell nothing new */
    WORDS_SURE = 100,  /* so many are enough when one language is far ahead: */
    FAR_AHEAD = 3,     /* so many times the next one */
    LOOK_EACH = 50,    /* words between two looks at that */
    LEAST = 12,        /* one word in so many is a small one: Finnish has few of them */
    WHOLE = 120,       /* what a small word of one language counts; with others it is shared */
    LETTERS = 24,      /* bytes of a word looked up: no small word is longer */
    PLAIN_MOST = 64    /* bytes that may be read twice */
};

/* How often each language and script was met. */
struct tally {
    uint32_t words, of_script[SCRIPTS];
    uint32_t hits[LANGUAGES_MOST], score[LANGUAGES_MOST];
};

static enum language_script script_of(uint32_t cp)
{
    static const struct {
        uint32_t first, last;
        enum language_script script;
    } ranges[] = {
        {0x41, 0x24F, SCRIPT_LATIN},     {0x370, 0x3FF, SCRIPT_GREEK},    {0x400, 0x52F, SCRIPT_CYRILLIC},
        {0x590, 0x5FF, SCRIPT_HEBREW},   {0x600, 0x77F, SCRIPT_ARABIC},   {0x900, 0x97F, SCRIPT_DEVANAGARI},
        {0x1100, 0x11FF, SCRIPT_HANGUL}, {0x1E00, 0x1EFF, SCRIPT_LATIN},  {0x1F00, 0x1FFF, SCRIPT_GREEK},
        {0x3040, 0x30FF, SCRIPT_KANA},   {0x3400, 0x9FFF, SCRIPT_HAN},    {0xAC00, 0xD7A3, SCRIPT_HANGUL},
        {0xFB50, 0xFDFF, SCRIPT_ARABIC}, {0xFE70, 0xFEFF, SCRIPT_ARABIC}, {0x20000, 0x3FFFF, SCRIPT_HAN},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && ranges[i].first <= cp; i++)
        if (cp <= ranges[i].last)
            return ranges[i].script;
    return SCRIPT_OTHER;
}

/* Counts a word by the languages of which it is a small one: of many, it tells less than of a single one. */
static void count_word(struct tally *t, uint64_t set)
{
    uint32_t share = set ? WHOLE / (uint32_t)__builtin_popcountll(set) : 0;

    t->words++;
    for (; set; set &= set - 1) {
        int i = __builtin_ctzll(set);

        t->hits[i]++;
        t->score[i] += share;
    }
}

/* The language with the highest score, and how high the next one's is. */
static unsigned leader(const struct tally *t, uint16_t scripts, uint32_t *next)
{
    unsigned best = 0;

    *next = 0;
    for (unsigned i = 1; i < language_count; i++) {
        if (!(languages[i].scripts & scripts))
            continue;
        if (t->score[i] > t->score[best]) {
            *next = t->score[best];
            best = i;
        } else if (t->score[i] > *next) {
            *next = t->score[i];
        }
    }
    return best;
}

static bool is_clear(const struct tally *t)
{
    uint32_t next;
    unsigned best = leader(t, UINT16_MAX, &next);

    return t->words >= WORDS_SURE && t->score[best] > FAR_AHEAD * next && t->hits[best] * LEAST >= t->words;
}

/* No need to read on. */
static bool is_enough(const struct tally *t)
{
    return t->words >= WORDS_READ || (t->words % LOOK_EACH == 0 && is_clear(t));
}

/* Most words: ASCII letters alone, at `at`. Past it, or NULL when it is another or a very long one. */
static const char *read_plain(struct tally *t, const char *at, const char *end)
{
    const char *limit = end - at > PLAIN_MOST ? at + PLAIN_MOST : end, *stop;
    struct lex_plain word;

    if (!(char_ascii[(unsigned char)*at] & CHAR_LETTER))
        return NULL;
    stop = lex_read_plain(at, limit, &word);
    if (word.digits || (stop < end && ((unsigned char)*stop >= 0x80 || stop == limit)))
        return NULL;
    t->of_script[SCRIPT_LATIN]++;
    count_word(t,
               word.len <= LETTERS ? lex_plain_tells(&word, char_ascii[(unsigned char)*at] & CHAR_UPPER) : 0);
    return stop;
}

/* The words of [at, end). False when there is no need to read on. */
static bool read_words(struct tally *t, const char *at, const char *end)
{
    const char *start = at, *plain;
    bool inside = false, capital = false;

    while (at <= end) {
        unsigned bits = 0;
        size_t n = 1;
        uint32_t cp = ' ';

        if (!inside && at < end && (plain = read_plain(t, at, end))) {
            at = plain;
            if (is_enough(t))
                return false;
            continue;
        }
        if (at < end) {
            n = utf8_next(at, end, &cp);
            bits = char_bits(cp);
        }
        if (bits & (CHAR_LETTER | CHAR_MARK)) {
            if (!inside || (bits & CHAR_DENSE)) {
                t->of_script[script_of(cp)]++;
                start = at;
                capital = (bits & CHAR_UPPER) != 0;
            }
            inside = !(bits & CHAR_DENSE);
        } else if (inside) {
            inside = false;
            count_word(t, at - start <= LETTERS
                              ? lex_tells((struct span){start, (size_t)(at - start)}, capital)
                              : 0);
            if (is_enough(t))
                return false;
        }
        at += n;
    }
    return true;
}

/* The script of most words. Japanese is written with more Han than kana. */
static enum language_script main_script(const struct tally *t)
{
    enum language_script best = SCRIPT_LATIN;

    for (enum language_script s = 0; s < SCRIPTS; s++)
        if (t->of_script[s] > t->of_script[best])
            best = s;
    return best == SCRIPT_HAN && t->of_script[SCRIPT_KANA] * LEAST > t->of_script[SCRIPT_HAN] ? SCRIPT_KANA
                                                                                              : best;
}

static const struct language *judge(const struct tally *t)
{
    enum language_script script = main_script(t);
    uint32_t next;
    unsigned best;

    if (script == SCRIPT_KANA || script == SCRIPT_HAN || script == SCRIPT_HANGUL)
        for (best = 1; best < language_count; best++)
            if (languages[best].scripts & 1 << script)
                return &languages[best];
    best = leader(t, (uint16_t)(1 << script), &next);
    return t->score[best] > next && t->hits[best] * LEAST >= t->words ? &languages[best] : &languages[0];
}

const struct language *language_named(struct span code)
{
    size_t len = 0;

    if (code.len == 0)
        return &languages[0];
    while (len < code.len && code.at[len] != '-' && code.at[len] != '_')
        len++;
    for (unsigned i = 1; i < language_count && len; i++)
        if (span_eq(span_cut(code, 0, len), span_of(languages[i].code)))
            return &languages[i];
    return &languages[0];
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_name(struct span s, const char *name)
{
    size_t i = 0;

    while (i < s.len && name[i] && small(s.at[i]) == small(name[i]))
        i++;
    return i == s.len && !name[i];
}

bool language_code(struct span name, char code[LANGUAGE_CODE])
{
    size_t len = 0;

    for (unsigned i = 1; i < language_count && name.len > 3; i++)
        if (is_name(name, languages[i].name)) {
            memcpy(code, languages[i].code, strlen(languages[i].code) + 1);
            return true;
        }
    for (; len < name.len && len < LANGUAGE_CODE && small(name.at[len]) >= 'a' && small(name.at[len]) <= 'z';
         len++)
        if (len < LANGUAGE_CODE - 1)
            code[len] = small(name.at[len]);
    if (len < 2 || len == LANGUAGE_CODE || (len < name.len && name.at[len] != '-' && name.at[len] != '_'))
        return false;
    code[len] = '\0';
    return strcmp(code, "und") != 0;
}

const struct language *language_of(const struct article *a)
{
    struct tally t = {0};
    const struct language *told = a->language;
    bool more = true;

    if (told)
        return told;

    for (uint32_t b = 0; b < a->block_count && more; b++)
        if (a->blocks[b].kind != BLOCK_BOILERPLATE)
            more = read_words(&t, a->text.at + a->blocks[b].start, a->text.at + a->blocks[b].end);
    told = judge(&t);
    return told->number ? told : language_named(a->lang);
}
