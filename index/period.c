#include "index/period.h"

#include "base/utf8.h"
#include "index/abbreviations.h"
#include "index/break.h"
#include "index/fold.h"

enum { WORD_LONGEST = 64 }; /* bytes looked back for the word before a stop */

/* ---- looking at the text ----------------------------------------------------------------------------- */

static const struct char_row *row_at(struct span text, size_t at, uint32_t *cp)
{
    *cp = 0;
    if (at < text.len)
        (void)utf8_next(text.at + at, text.at + text.len, cp);
    return char_row(*cp);
}

/* The character that ends at `at`; *start is where it begins. U+0000 at the beginning of the text. */
static const struct char_row *row_before(struct span text, size_t at, size_t *start, uint32_t *cp)
{
    *cp = 0;
    *start = at;
    if (at)
        *start -= utf8_prev(text.at, text.at + at, cp);
    return char_row(*cp);
}

static bool is_space(struct span text, size_t at)
{
    uint32_t cp;

    return at < text.len && (row_at(text, at, &cp)->bits & CHAR_SPACE);
}

static size_t skip_space(struct span text, size_t at)
{
    uint32_t cp;

    while (is_space(text, at))
        at += utf8_next(text.at + at, text.at + text.len, &cp);
    return at;
}

static size_t back_over_space(struct span text, size_t at, size_t least)
{
    size_t start;
    uint32_t cp;

    while (at > least && (row_before(text, at, &start, &cp)->bits & CHAR_SPACE))
        at = start;
    return at;
}

/* Two line ends with nothing but spaces between them. */
static bool has_blank_line(struct span text, size_t from, size_t to)
{
    unsigned lines = 0;

    for (size_t i = from; i < to; i++)
        lines += text.at[i] == '\n' || (text.at[i] == '\r' && (i + 1 == to || text.at[i + 1] != '\n'));
    return lines > 1;
}

static bool is_upper(struct span text, size_t at)
{
    uint32_t cp;

    return (row_at(text, at, &cp)->bits & CHAR_UPPER) != 0;
}

static bool is_lower(struct span text, size_t at)
{
    uint32_t cp;

    return row_at(text, at, &cp)->sentence == SB_LOWER;
}

static bool is_digit(struct span text, size_t at)
{
    return at < text.len && text.at[at] >= '0' && text.at[at] <= '9';
}

/* Behind opening marks and brackets at `at`. */
static size_t skip_openers(struct span text, size_t at)
{
    uint32_t cp;

    while (at < text.len && row_at(text, at, &cp)->sentence == SB_CLOSE)
        at += utf8_next(text.at + at, text.at + text.len, &cp);
    return at;
}

/* The word that ends at `end`, with the stops inside it: letters, digits, marks, hyphens. */
static struct span word_before(struct span text, size_t end, size_t least)
{
    size_t start = end, at;
    uint32_t cp;

    while (start > least && end - start < WORD_LONGEST) {
        const struct char_row *row = row_before(text, start, &at, &cp);

        if (!(row->bits & (CHAR_LETTER | CHAR_DIGIT | CHAR_MARK)) && cp != '.' && cp != '-')
            break;
        start = at;
    }
    return span_cut(text, start, end);
}

static struct span word_at(struct span text, size_t at)
{
    size_t end = at;
    uint32_t cp;

    while (end < text.len && (row_at(text, end, &cp)->bits & (CHAR_LETTER | CHAR_MARK)))
        end += utf8_next(text.at + end, text.at + text.len, &cp);
    return span_cut(text, at, end);
}

/* ---- words ------------------------------------------------------------------------------------------- */

/* What a word that keeps its stop is like. */
static const struct {
    const char *const *words;
    size_t count;
    bool capital; /* believed with a capital only */
    bool may_end; /* may end a sentence all the same */
} abbreviations[] = {
#define LIST(...) \
    (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)
    {LIST(ABBREVIATIONS_BEFORE), false, false},
    {LIST(ABBREVIATIONS_BEFORE_CAPITAL), true, false},
    {LIST(ABBREVIATIONS_ANYWHERE), false, true},
    {LIST(ABBREVIATIONS_ANYWHERE_CAPITAL), true, true},
#undef LIST
};

/* What sentences of news begin with, whatever stood before: a capital alone may as well begin a name. */
static const char *const starters[] = {
    "a",     "after", "all",  "although", "an",  "and", "as",   "at",   "but",  "by",    "das",  "dem",
    "der",   "die",   "ein",  "eine",     "el",  "er",  "es",   "for",  "he",   "her",   "his",  "how",
    "i",     "if",    "il",   "in",       "it",  "its", "la",   "le",   "les",  "los",   "many", "most",
    "no",    "on",    "one",  "she",      "sie", "so",  "some", "that", "the",  "their", "then", "there",
    "these", "they",  "this", "those",    "to",  "two", "we",   "what", "when", "while", "who",  "wir",
    "with",  "you",   "в",    "и",        "на",  "он",  "она",  "они",  "по",   "это",
};

/* Months, before which a number and a stop are a day: 3. Oktober. */
static const char *const months[] = {
    "april", "august", "augusti",  "dezember",  "desember", "februar",   "februari", "januar",   "januari",
    "juli",  "juni",   "juuni",    "listopada", "mai",      "maj",       "maja",     "marca",    "mars",
    "marts", "märz",   "november", "oktober",   "prosince", "september", "srpna",    "sierpnia", "stycznia",
};

static bool is_one_of(struct span word, const char *const *list, size_t count)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = span_cmp(span_of(list[middle]), word);

        if (c == 0)
            return true;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof *(list))

/* ---- stops that end nothing -------------------------------------------------------------------------- */

/* A letter alone, or with others before it: J. / J. R. / А. С. But not the word I, unless another initial follows. */
static bool is_initial(struct span text, struct span word, size_t next)
{
    const char *end = word.at + word.len, *last = end;
    uint32_t cp;

    while (last > word.at && last[-1] != '.')
        last--;
    if (last == end || utf8_next(last, end, &cp) != (size_t)(end - last) || !(char_bits(cp) & CHAR_UPPER))
        return false;
    return cp != 'I' || word.len > 1 ||
           (is_upper(text, next) && next + 1 < text.len && text.at[next + 1] == '.');
}

static bool is_number(struct span word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] < '0' || word.at[i] > '9')
            return false;
    return word.len > 0;
}

/* 3. Oktober; am 3. Versuch; and 1. at the beginning, which counts what follows. */
static bool is_ordinal(struct span text, size_t start, struct span word, struct span next)
{
    static const char *const leads[] = {"ab",  "am",  "beim", "bis",  "dem", "den", "der",
                                        "des", "die", "im",   "seit", "vom", "zum", "zur"};
    size_t at = (size_t)(word.at - text.at), before = back_over_space(text, at, start);
    char fold[LIMIT_WORD];

    if (!is_number(word) || word.len > 2)
        return false;
    if (before == start)
        return true;
    if (IS_ONE_OF(fold_word(next, FOLD_EXACT, fold), months))
        return true;
    return IS_ONE_OF(word_before(text, before, start), leads);
}

/* Whether the stop behind `word` ends no sentence, `next` being where the text goes on. */
static bool keeps_stop(struct span text, size_t start, struct span word, size_t next)
{
    char fold[LIMIT_WORD];
    struct span key = fold_word(word, FOLD_EXACT, fold), after = word_at(text, skip_openers(text, next));
    char next_fold[LIMIT_WORD];
    bool starts = next >= text.len || IS_ONE_OF(fold_word(after, FOLD_EXACT, next_fold), starters);

    if (next >= text.len || word.len == 0)
        return false;
    if (is_ordinal(text, start, word, after))
        return true;
    if (span_eq(key, SPAN("no")) || span_eq(key, SPAN("nos")) || span_eq(key, SPAN("p")))
        return is_digit(text, next);
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if ((!abbreviations[i].capital || is_upper(word, 0)) &&
            is_one_of(key, abbreviations[i].words, abbreviations[i].count))
            return !abbreviations[i].may_end || !starts;
    return !starts && is_initial(text, word, next);
}

/* The end of the last word, terminator and closing marks before `cut`: *stop is behind the terminator. */
static uint32_t terminator_before(struct span text, size_t cut, size_t least, size_t *stop)
{
    size_t at = back_over_space(text, cut, least), start;
    uint32_t cp;

    while (at > least && row_before(text, at, &start, &cp)->sentence == SB_CLOSE)
        at = start;
    *stop = at;
    (void)row_before(text, at, &start, &cp);
    return at > least ? cp : 0;
}

static bool is_terminator(uint32_t cp)
{
    unsigned class = char_row(cp)->sentence;

    return class == SB_ATERM || class == SB_STERM || cp == 0x2026;
}

/* Whether news means no end where UAX #29 cuts: the text goes on at `next`. */
static bool is_no_end(struct span text, size_t start, size_t cut, size_t next)
{
    size_t stop, written = back_over_space(text, cut, start);
    uint32_t cp = terminator_before(text, cut, start, &stop);

    if (has_blank_line(text, written, next) || next >= text.len)
        return false;
    if (!is_terminator(cp))
        return true; /* a line that wraps */
    if (is_lower(text, next))
        return true; /* “Really?” she asked */
    return cp == '.' && stop == written && keeps_stop(text, start, word_before(text, stop - 1, start), next);
}

/* ---- ends that UAX #29 does not see ------------------------------------------------------------------ */

/* the end.The council: two words of letters, and no address. `at` is the stop. */
static bool misses_space(struct span text, size_t start, size_t at)
{
    struct span before = word_before(text, at, start), after = word_at(text, at + 1);
    size_t begin = (size_t)(before.at - text.at), end = at + 1 + after.len;
    uint32_t cp;

    if (before.len < 3 || after.len < 2 || memchr(before.at, '.', before.len) || !is_upper(text, at + 1) ||
        !is_lower(text, at + 2))
        return false;
    if (!(row_at(text, at - 1, &cp)->bits & CHAR_LOWER) && (unsigned char)text.at[at - 1] < 0x80)
        return false;
    if (begin > start && strchr("@/_:#\\", text.at[begin - 1]))
        return false;
    return end >= text.len || !strchr("./@_\\", text.at[end]) ||
           (text.at[end] == '.' && is_space(text, end + 1));
}

/* wrote.[1] and 1998.²: behind the mark, or 0. */
static size_t skip_footnote(struct span text, size_t at)
{
    size_t end = at;
    uint32_t cp;

    if (at < text.len && text.at[at] == '[') {
        for (end++; end < text.len && end < at + 5 && is_digit(text, end); end++)
            ;
        return end > at + 1 && end < text.len && text.at[end] == ']' ? end + 1 : 0;
    }
    while (row_at(text, end, &cp)->word == WB_OTHER && (char_bits(cp) & CHAR_DIGIT) && cp >= 0x80)
        end += utf8_next(text.at + end, text.at + text.len, &cp);
    return end > at ? end : 0;
}

/* The first end between `at` and `cut` that is not seen there, as where the next sentence begins; or 0. `start` is where the
 * sentence began. */
static size_t unseen_end(struct span text, size_t start, size_t at, size_t cut)
{
    size_t next, footnote;
    uint32_t cp;

    for (; at < cut; at += utf8_next(text.at + at, text.at + text.len, &cp)) {
        bool stop = text.at[at] == '.' || text.at[at] == '!' || text.at[at] == '?';
        bool dots = text.len - at >= 3 && memcmp(text.at + at, "…", 3) == 0;

        if (text.len - at > 3 && memcmp(text.at + at, "។", 3) == 0 && is_space(text, at + 3))
            return skip_space(text, at + 3); /* the Khmer stop is none for UAX #29 */
        if (!stop && !dots)
            continue;
        if (text.at[at] == '.' && misses_space(text, start, at))
            return at + 1;
        next = skip_openers(text, at + (dots ? 3 : 1));
        if (stop && (footnote = skip_footnote(text, at + 1)) && is_space(text, footnote) &&
            !is_lower(text, skip_openers(text, skip_space(text, footnote))))
            return skip_space(text, footnote);
        if (!is_space(text, next))
            continue;
        next = skip_space(text, next);
        if (dots && is_upper(text, skip_openers(text, next)))
            return next;
        if (text.at[at] == '.' && is_digit(text, next)) { /* It rose. 3 people fell */
            struct span word = word_before(text, at, start);

            if (word.len > 3 && (row_at(text, at - 1, &cp)->bits & CHAR_LOWER) &&
                !keeps_stop(text, start, word, next))
                return next;
        }
        (void)utf8_next(text.at + at, text.at + text.len, &cp);
    }
    return 0;
}

static bool is_opener(uint32_t cp)
{
    static const uint32_t openers[] = {'(',    '[',    0xA1,   0xBF,   0x3008, 0x300A,
                                       0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0xFF08};

    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (cp == openers[i])
            return true;
    return false;
}

/* 。「: UAX #29 counts every mark right behind a stop to the sentence that ends, but these open the next one. */
static size_t leave_openers(struct span text, size_t at, size_t cut)
{
    size_t left = cut, start, stop;
    uint32_t cp;

    while (left > at && (row_before(text, left, &start, &cp), is_opener(cp)))
        left = start;
    return left < cut && is_terminator(terminator_before(text, left, at, &stop)) ? left : cut;
}

/* French writes a space before the mark that closes: « Non. » */
static size_t take_closer(struct span text, size_t at)
{
    struct span mark = SPAN("»");
    bool closes = span_starts(span_cut(text, at, text.len), mark) &&
                  (at + mark.len == text.len || is_space(text, at + mark.len));

    return closes ? skip_space(text, at + mark.len) : at;
}

size_t period_next(struct span text, size_t at)
{
    for (size_t from = at, cut, next, unseen;; from = cut) {
        cut = break_sentence(text, from);
        if ((unseen = unseen_end(text, at, from, cut)))
            return unseen;
        if (cut == text.len)
            return cut;
        next = take_closer(text, skip_space(text, leave_openers(text, at, cut)));
        if (next >= text.len || !is_no_end(text, at, cut, next))
            return next;
        if (next > cut && is_lower(text, next))
            cut = next; /* the line end that UAX #29 stopped at is passed */
    }
}
