/* lexicon.c -- the word lists as one hash table; see lexicon.h. */
#include "index/lexicon.h"

#include <assert.h>
#include <threads.h>

#include "index/fold.h"
#include "index/function_words.h"
#include "index/given_names.h"
#include "index/short_words.h"
#include "index/titles.h"
#include "index/verbs.h"

/* How the words of a list become entries. */
enum forms {
    AS_IS,
    REGULAR,  /* a stem: its four forms */
    IRREGULAR /* base/s/past/ing */
};

#define INTO_CLAUSE (1u << 31) /* the bits are those of enum lex_clause and of the form */

/* clang-format off */
static const struct {
    const char *words;
    uint32_t bits;
    enum forms forms;
    uint8_t period; /* enum lex_period */
} lists[] = {
    {VERBS_SPEECH_REGULAR,      LEX_CUE | LEX_SPEECH,     REGULAR, 0},
    {VERBS_SPEECH_IRREGULAR,    LEX_CUE | LEX_SPEECH,     IRREGULAR, 0},
    {VERBS_JUDGEMENT_REGULAR,   LEX_CUE,                  REGULAR, 0},
    {VERBS_JUDGEMENT_IRREGULAR, LEX_CUE,                  IRREGULAR, 0},
    {VERBS_SPEECH_OTHER,        LEX_CUE | LEX_SPEECH,     AS_IS, 0},
    {TITLES,                    LEX_TITLE,                AS_IS, 0},
    {TITLES_MALE,               LEX_TITLE | LEX_MALE,     AS_IS, 0},
    {TITLES_FEMALE,             LEX_TITLE | LEX_FEMALE,   AS_IS, 0},
    {TITLES_SURE,               LEX_MADAM,                AS_IS, 0},
    {ROLES,                     LEX_ROLE,                 AS_IS, 0},
    {DOCUMENTS,                 LEX_DOC,                  AS_IS, 0},
    {ORGANISATIONS,             LEX_ORG,                  AS_IS, 0},
    {PLACES,                    LEX_PLACE,                AS_IS, 0},
    {PEOPLES,                   LEX_PEOPLE,               AS_IS, 0},
    {GIVEN_MALE,                LEX_MALE,                 AS_IS, 0},
    {GIVEN_FEMALE,              LEX_FEMALE,               AS_IS, 0},
    {WORDS_HE,                  LEX_HE,                   AS_IS, 0},
    {WORDS_SHE,                 LEX_SHE,                  AS_IS, 0},
    {WORDS_IT,                  LEX_IT,                   AS_IS, 0},
    {WORDS_THEY,                LEX_THEY,                 AS_IS, 0},
    {WORDS_I,                   LEX_I,                    AS_IS, 0},
    {WORDS_WHO,                 LEX_WHO,                  AS_IS, 0},
    {WORDS_DET,                 LEX_DET,                  AS_IS, 0},
    {WORDS_PREP,                LEX_PREP,                 AS_IS, 0},
    {WORDS_OF,                  LEX_OF,                   AS_IS, 0},
    {WORDS_JOIN,                LEX_JOIN,                 AS_IS, 0},
    {WORDS_SUB,                 LEX_SUB,                  AS_IS, 0},
    {WORDS_AUX,                 LEX_AUX,                  AS_IS, 0},
    {WORDS_ADV,                 LEX_ADV,                  AS_IS, 0},
    {WORDS_CALENDAR,            LEX_CALENDAR,             AS_IS, 0},
    {WORDS_SUFFIX,              LEX_SUFFIX,               AS_IS, 0},
    {WORDS_ACCORDING,           LEX_ACCORDING,            AS_IS, 0},
    {WORDS_VERB,                LEX_VERB,                 AS_IS, 0},
    {SHORT_BEFORE,              LEX_SHORT,                AS_IS, LEX_BEFORE},
    {SHORT_BEFORE_CAPITAL,      LEX_SHORT,                AS_IS, LEX_BEFORE_CAPITAL},
    {SHORT_NUMBER,              0,                        AS_IS, LEX_NUMBER},
    {SHORT_EITHER,              LEX_SHORT,                AS_IS, LEX_EITHER},
    {SHORT_EITHER_CAPITAL,      LEX_SHORT,                AS_IS, LEX_EITHER_CAPITAL},
    {SENTENCE_STARTERS,         0,                        AS_IS, LEX_STARTS},
    {BEFORE_ORDINALS,           0,                        AS_IS, LEX_ORDINAL},
    {ORDINAL_MONTHS,            0,                        AS_IS, LEX_MONTH},
    {CLAUSE_SAY,            INTO_CLAUSE | LEX_CUE | LEX_THAT | LEX_BARE | LEX_SAY, IRREGULAR, 0},
    {CLAUSE_BARE,           INTO_CLAUSE | LEX_CUE | LEX_THAT | LEX_BARE, REGULAR, 0},
    {CLAUSE_BARE_IRREGULAR, INTO_CLAUSE | LEX_CUE | LEX_THAT | LEX_BARE, IRREGULAR, 0},
    {CLAUSE_THAT,           INTO_CLAUSE | LEX_CUE | LEX_THAT,   REGULAR, 0},
    {CLAUSE_HEARER,         INTO_CLAUSE | LEX_CUE | LEX_HEARER, REGULAR, 0},
    {CLAUSE_TELL,           INTO_CLAUSE | LEX_CUE | LEX_HEARER, IRREGULAR, 0},
    {CLAUSE_ASK,            INTO_CLAUSE | LEX_CUE | LEX_ASK,    REGULAR, 0},
    {CLAUSE_TO,             INTO_CLAUSE | LEX_CUE | LEX_TO,     REGULAR, 0},
    {CLAUSE_SHOW,           INTO_CLAUSE | LEX_CUE | LEX_THAT | LEX_SHOW, REGULAR, 0},
    {CLAUSE_FIND,           INTO_CLAUSE | LEX_CUE | LEX_THAT | LEX_SHOW, IRREGULAR, 0},
};
/* clang-format on */

enum { SLOTS = 16384, KEY_BYTES = 160 * 1024 }; /* twice the words, and their letters with room to grow */

static struct slot {
    uint32_t key, bits; /* where its letters begin in `letters` */
    uint8_t len;        /* 0: an empty slot */
    uint8_t period;     /* enum lex_period */
    uint16_t clause;    /* enum lex_clause, and the form */
} slots[SLOTS];
static char letters[KEY_BYTES];
static uint32_t letters_len;
static once_flag once = ONCE_FLAG_INIT;

static uint32_t hash(struct span s)
{
    uint32_t h = 2166136261u; /* FNV-1a: short keys, no adversary gains by long chains in a fixed table */

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * 16777619u;
    return h ^ h >> 15;
}

/* The slot of a key, or the empty one where it belongs. */
static struct slot *find(struct span key)
{
    uint32_t i = hash(key) % SLOTS;

    while (slots[i].len && !span_eq((struct span){letters + slots[i].key, slots[i].len}, key))
        i = (i + 1) % SLOTS;
    return &slots[i];
}

struct span lex_key(struct span word, char *key)
{
    return (struct span){key, fold_text(word, FOLD_LOOSE, key, LIMIT_WORD)};
}

/* The slot of a word of the lists, made if need be. */
static struct slot *slot_of(struct span word)
{
    char buffer[LIMIT_WORD];
    struct span key = lex_key(word, buffer);
    struct slot *slot = find(key);

    if (slot->len)
        return slot;
    assert(key.len > 0 && key.len <= UINT8_MAX && key.len <= KEY_BYTES - letters_len);
    memcpy(letters + letters_len, key.at, key.len);
    *slot = (struct slot){letters_len, 0, (uint8_t)key.len, 0, 0};
    letters_len += (uint32_t)key.len;
    return slot;
}

static void put(struct span word, uint32_t bits)
{
    struct slot *slot = slot_of(word);

    if (bits & INTO_CLAUSE)
        slot->clause |= (uint16_t)bits;
    else
        slot->bits |= bits;
}

static bool is_vowel(char c)
{
    return strchr("aeiou", c) != NULL;
}

/* stem + ending, without the last `cut` letters of the stem */
static void put_form(struct span stem, size_t cut, const char *ending, uint32_t bits)
{
    char form[64];
    size_t len = stem.len - cut, more = strlen(ending);

    if (len + more > sizeof form)
        return;
    memcpy(form, stem.at, len);
    memcpy(form + len, ending, more);
    put((struct span){form, len + more}, bits);
}

static void put_regular(struct span stem, uint32_t bits)
{
    uint32_t finite = bits, base = (bits & ~(uint32_t)LEX_CUE) | LEX_CUE_BASE;
    uint32_t ing = (bits & ~(uint32_t)LEX_CUE) | LEX_CUE_ING;
    bool doubles = stem.at[stem.len - 1] == '+';
    char last;

    stem.len -= doubles;
    last = stem.at[stem.len - 1];
    put(stem, base);
    if (doubles) {
        char past[4] = {last, 'e', 'd', 0}, present[5] = {last, 'i', 'n', 'g', 0};

        put_form(stem, 0, "s", finite);
        put_form(stem, 0, past, finite);
        put_form(stem, 0, present, ing);
    } else if (last == 'e') {
        put_form(stem, 0, "s", finite);
        put_form(stem, 0, "d", finite);
        put_form(stem, 1, "ing", ing);
    } else if (last == 'y' && stem.len > 1 && !is_vowel(stem.at[stem.len - 2])) {
        put_form(stem, 1, "ies", finite);
        put_form(stem, 1, "ied", finite);
        put_form(stem, 0, "ing", ing);
    } else {
        bool hisses = last == 's' || last == 'x' || span_ends(stem, SPAN("ch")) ||
                      span_ends(stem, SPAN("sh"));

        put_form(stem, 0, hisses ? "es" : "s", finite);
        put_form(stem, 0, "ed", finite);
        put_form(stem, 0, "ing", ing);
    }
}

static void put_irregular(struct span row, uint32_t bits)
{
    uint32_t other = bits & ~(uint32_t)LEX_CUE;
    uint32_t kinds[4] = {other | LEX_CUE_BASE, bits, bits, other | LEX_CUE_ING};

    for (int i = 0; i < 4; i++) {
        const char *slash = memchr(row.at, '/', row.len);
        size_t len = slash ? (size_t)(slash - row.at) : row.len;

        put((struct span){row.at, len}, kinds[i]);
        if (!slash)
            return;
        row = span_cut(row, len + 1, row.len);
    }
}

/* The next word of a list; false at its end. */
static bool next_word(const char **at, struct span *word)
{
    *at += strspn(*at, " ");
    *word = (struct span){*at, strcspn(*at, " ")};
    *at += word->len;
    return word->len > 0;
}

static void build(void)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const char *at = lists[i].words;
        struct span word;

        while (next_word(&at, &word)) {
            if (lists[i].forms == REGULAR)
                put_regular(word, lists[i].bits);
            else if (lists[i].forms == IRREGULAR)
                put_irregular(word, lists[i].bits);
            else
                put(word, lists[i].bits);
            if (lists[i].period)
                slot_of(word)->period |= lists[i].period;
        }
    }
}

static const struct slot *slot_for(struct span word)
{
    static const struct slot unknown;
    char buffer[LIMIT_WORD];

    call_once(&once, build);
    return word.len > 64 ? &unknown : find(lex_key(word, buffer));
}

uint32_t lex_bits(struct span word)
{
    return slot_for(word)->bits;
}

uint32_t lex_period(struct span word)
{
    return slot_for(word)->period;
}

uint32_t lex_clause(struct span word)
{
    return slot_for(word)->clause;
}
