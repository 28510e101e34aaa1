#include "index/key.h"

#include "base/utf8.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- numbers ----------------------------------------------------------------------------------------- */

/* True when exactly three digits stand at `i`, and then no more. */
static bool is_group(const char *text, size_t len, size_t i)
{
    return len - i >= 3 && is_digit(text[i]) && is_digit(text[i + 1]) && is_digit(text[i + 2]) &&
           (len - i == 3 || !is_digit(text[i + 3]));
}

/* Whether the sign at text[i], a digit on both sides, parts thousands. A comma with just three digits behind it does, a
 * stop when there is another sign after it: 1.234.567, 1.234,5. Alone it is a decimal stop. Nothing does in 0,125. */
static bool parts_thousands(const char *text, size_t len, size_t i)
{
    bool more = memchr(text, '.', i) || memchr(text + i + 1, '.', len - i - 1) ||
                memchr(text + i + 1, ',', len - i - 1);

    if (text[i] == ',' && len - i > 3 && is_digit(text[i + 1]) && is_digit(text[i + 2]) && text[i + 3] == ',')
        return true; /* 12,34,567 */
    return text[0] != '0' && is_group(text, len, i + 1) && (text[i] != '.' || more);
}

/* Leaves of a number its letters and digits, with at most decimal stops. In place. What goes may bring a group of three
 * together, so it is done until nothing changes. */
static size_t plain_number(char *text, size_t len)
{
    char printed[LIMIT_WORD];
    size_t n;

    do {
        size_t before = len;

        memcpy(printed, text, len);
        for (size_t i = n = 0; i < before; i++) {
            bool inside = i > 0 && i + 1 < before && is_digit(printed[i - 1]) && is_digit(printed[i + 1]);

            if (!strchr(" .,", printed[i]))
                text[n++] = printed[i];
            else if (inside && printed[i] != ' ' && !parts_thousands(printed, before, i))
                text[n++] = '.';
        }
        len = n;
    } while (memcmp(printed, text, len) != 0);
    return len;
}

struct span key_other_number(struct span key, char out[LIMIT_WORD])
{
    const char *stop = memchr(key.at, '.', key.len);
    size_t before = stop ? (size_t)(stop - key.at) : 0;

    if (!stop || before == 0 || before > 3 || key.len != before + 4 ||
        !is_group(key.at, key.len, before + 1) || key.at[0] == '0')
        return (struct span){out, 0};
    for (size_t i = 0; i < before; i++)
        if (!is_digit(key.at[i]))
            return (struct span){out, 0};
    memcpy(out, key.at, before);
    memcpy(out + before, stop + 1, 3);
    return (struct span){out, before + 3};
}

/* ---- joiners ----------------------------------------------------------------------------------------- */

static bool is_joiner(char c)
{
    return c == '\'' || c == '-' || c == '"' || c == '&' || c == '_' || c == ':';
}

/* Takes out what joins the parts of a word, in place. A stop stays between digits: v1.5. */
static size_t join_up(char *key, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        bool number = i > 0 && i + 1 < len && is_digit(key[i - 1]) && is_digit(key[i + 1]);

        if (is_joiner(key[i]) || (key[i] == '.' && !number))
            continue;
        if (i + 1 < len && key[i] == '\xC2' && key[i + 1] == '\xB7') { /* Catalan col·lecció */
            i++;
            continue;
        }
        key[n++] = key[i];
    }
    return n;
}

/* ---- Arabic ------------------------------------------------------------------------------------------ */

/* The letters of these rules have two bytes each; both as one number. */
enum {
    LETTER = 2,
    ALEF = 0xD8A7,
    BEH = 0xD8A8,
    FEH = 0xD981,
    KAF = 0xD983,
    LAM = 0xD984,
    WAW = 0xD988,
    TEH = 0xD8AA,
    THAL = 0xD8B0
};

static inline unsigned letter_at(struct span key, size_t at)
{
    return key.len < at + LETTER ? 0
                                 : (unsigned)(unsigned char)key.at[at] << 8 | (unsigned char)key.at[at + 1];
}

/* Words in which ال is no article that could be left out, folded. */
static bool keeps_article(struct span key)
{
    static const struct span words[] = {
        SPAN_INIT("الله"),   SPAN_INIT("اللهم"),  SPAN_INIT("الان"),   SPAN_INIT("التي"),
        SPAN_INIT("الذي"),   SPAN_INIT("الذين"),  SPAN_INIT("اللذان"), SPAN_INIT("اللذين"),
        SPAN_INIT("اللتان"), SPAN_INIT("اللتين"), SPAN_INIT("اللاتي"), SPAN_INIT("اللواتي"),
        SPAN_INIT("اللائي"),
    };

    unsigned third = letter_at(key, 2 * LETTER);

    if (third != LAM && third != ALEF && third != TEH && third != THAL)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_eq(key, words[i]))
            return true;
    return false;
}

/* At least `letters` stand behind `at`, the first of them an Arabic one. */
static inline bool is_before(struct span key, size_t at, unsigned letters)
{
    return key.len >= at + letters * LETTER && letter_at(key, at) >= 0xD880;
}

/* The bytes of the article at the beginning, with what is written before it (وبال, لل), or 0. Behind such a
 * cluster at least three letters must stand, behind the bare article two: السد. */
static inline size_t article_len(struct span key)
{
    unsigned first = letter_at(key, 0), next;
    size_t and = first == WAW || first == FEH ? LETTER : 0, with = and;

    if (first != ALEF && first != LAM && first != BEH && first != KAF && !and)
        return 0;
    next = letter_at(key, and);
    if (next == BEH || next == KAF)
        next = letter_at(key, with += LETTER);
    if (letter_at(key, with + LETTER) != LAM)
        return 0;
    if (next == ALEF)
        return is_before(key, with + 2 * LETTER, with ? 3 : 2) && !keeps_article(span_cut(key, with, key.len))
                   ? with + 2 * LETTER
                   : 0;
    return next == LAM && with == and&&is_before(key, with + 2 * LETTER, 3) ? with + 2 * LETTER : 0;
}

/* Until no article is left, so that the key of a key is itself. */
size_t key_of_letters(char *key, size_t len)
{
    size_t n;

    while ((n = article_len((struct span){key, len})) > 0) {
        len -= n;
        memmove(key, key + n, len);
    }
    return len;
}

size_t key_clitic(struct span key)
{
    unsigned first = letter_at(key, 0);
    bool small = first == WAW || first == FEH || first == BEH || first == KAF || first == LAM;

    return small && (is_before(key, LETTER, 3) || (key.len > LETTER && is_digit(key.at[LETTER]))) ? LETTER
                                                                                                  : 0;
}

/* ---- keys -------------------------------------------------------------------------------------------- */

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

size_t key_of_fold(char *fold, size_t len)
{
    for (;;) {
        char again[LIMIT_WORD];
        size_t n = join_up(fold, len);

        n = n && is_digit(fold[0]) ? plain_number(fold, n) : key_of_letters(fold, n);
        if (n == len || is_ascii(fold, n))
            return n;
        len = fold_text((struct span){fold, n}, FOLD_LOOSE, again, sizeof again); /* what met may compose */
        memcpy(fold, again, len);
    }
}

struct span key_exact(struct span word, char out[LIMIT_WORD])
{
    return fold_word(word, FOLD_EXACT, out);
}

struct span key_loose(struct span word, char out[LIMIT_WORD])
{
    struct span fold = fold_word(word, FOLD_LOOSE, out);

    fold.len = key_of_fold(out, fold.len);
    return fold;
}
