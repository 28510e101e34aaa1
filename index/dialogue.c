/* dialogue.c -- cuts turns of speech out of paragraphs that begin with a dash; see dialogue.h. */
#include "index/dialogue.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/lexicon.h"
#include "index/para.h"

enum {
    NEAR = 3,       /* blocks from a turn without a clause to one that has it */
    LEAD_WORDS = 2, /* small words before the verb: le dijo, a déclaré, тихо сказала */
    ROLE_WORDS = 4, /* words after it among which the name must be: sanoo kaupunginjohtaja Anna */
};

/* Where the reporter's clause stands. */
enum habit { AFTER_DASH, AFTER_COMMA };

/* ---- characters and words ----------------------------------------------------------------------- */

static bool is_dash(uint32_t cp)
{
    return cp >= 0x2013 && cp <= 0x2015;
}

static bool is_space(uint32_t cp)
{
    return (char_bits(cp) & CHAR_SPACE) != 0;
}

static bool is_wordy(uint32_t cp)
{
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT | CHAR_MARK)) != 0;
}

/* What ends a sentence; the Greek question mark is a semicolon. */
static bool is_stop(uint32_t cp)
{
    return cp == '.' || cp == '!' || cp == '?' || cp == 0x2026 || cp == ';' || cp == 0x37E;
}

static uint32_t char_at(struct span text, uint32_t at, uint32_t end)
{
    uint32_t cp = 0;

    if (at < end)
        (void)utf8_next(text.at + at, text.at + end, &cp);
    return cp;
}

static uint32_t skip_spaces(struct span text, uint32_t at, uint32_t end)
{
    uint32_t cp;

    while (at < end) {
        size_t n = utf8_next(text.at + at, text.at + end, &cp);

        if (!is_space(cp))
            break;
        at += (uint32_t)n;
    }
    return at;
}

struct word {
    uint32_t start, end;
    uint32_t bits; /* enum lex_bits, in its language */
    bool upper;
    const struct language *language;
};

/* The word that begins at `at`, an apostrophe inside it, a hyphen not: dit-elle is two. False when none does. */
static bool read_word(struct span text, uint32_t at, uint32_t end, const struct language *language,
                      struct word *w)
{
    uint32_t cp, first = char_at(text, at, end);

    *w = (struct word){.start = at, .end = at, .language = language};
    while (w->end < end) {
        size_t n = utf8_next(text.at + w->end, text.at + end, &cp);

        if (!is_wordy(cp) && !((cp == '\'' || cp == 0x2019 || cp == 0x2BC) && w->end > at &&
                               is_wordy(char_at(text, w->end + (uint32_t)n, end))))
            break;
        w->end += (uint32_t)n;
    }
    w->bits = lex_bits(span_cut(text, at, w->end), language);
    w->upper = (char_bits(first) & CHAR_UPPER) != 0;
    return w->end > at;
}

/* The next word of the same phrase: nothing but a space or a hyphen stands between. */
static bool next_word(struct span text, uint32_t end, struct word *w)
{
    uint32_t at = w->end;

    if (span_starts(span_cut(text, at, end), SPAN("-t-")))
        at += 3; /* a-t-il dit */
    else if (at < end && text.at[at] == '-')
        at++;
    return read_word(text, skip_spaces(text, at, end), end, w->language, w);
}

/* ---- the reporter's clause ---------------------------------------------------------------------- */

static bool is_verb(const struct word *w)
{
    return !w->upper && (w->bits & LEX_CUE) && (w->bits & LEX_SPEECH);
}

/* Whether somebody is named after the verb: she, the mayor, Anna, mayor Anna. */
static bool has_subject(struct span text, uint32_t end, struct word verb)
{
    for (uint32_t i = 0; i < ROLE_WORDS && next_word(text, end, &verb); i++) {
        if (verb.upper || (verb.bits & (LEX_TITLE | LEX_ROLE)) ||
            (i == 0 && (verb.bits & (LEX_PRONOUN | LEX_DET))))
            return true;
        if (i == 0 && (verb.bits & (LEX_PREP | LEX_SUB | LEX_WHO)))
            return false;
    }
    return false;
}

/* Anna Virtanen sanoo. */
static bool is_name_then_verb(struct span text, uint32_t end, struct word w)
{
    for (uint32_t i = 0; i < ROLE_WORDS && w.upper; i++)
        if (!next_word(text, end, &w))
            return false;
    return is_verb(&w) && (w.end == end || is_stop(char_at(text, w.end, end)));
}

/* Whether a reporter's clause begins at `at`: a verb of speech, at most some small words before it. After a comma it
 * must have a subject, because what is said has commas of its own. */
static bool is_clause(struct span text, uint32_t at, uint32_t end, enum habit habit,
                      const struct language *language)
{
    uint32_t small = LEX_AUX | LEX_ADV | LEX_PRONOUN | LEX_DET;
    bool subject = habit == AFTER_COMMA, inverted = false;
    struct word w;

    if (!read_word(text, skip_spaces(text, at, end), end, language, &w))
        return false;
    if (w.upper)
        return is_name_then_verb(text, end, w);
    for (uint32_t i = 0; !is_verb(&w); i++) {
        if (i == LEAD_WORDS || w.upper || (w.bits & (LEX_SUB | LEX_WHO | LEX_JOIN)))
            return false;
        if ((w.bits & LEX_PRONOUN) && w.start > at && text.at[w.start - 1] == '-')
            inverted = true; /* a-t-elle dit */
        if (!(w.bits & small)) {
            if (habit == AFTER_COMMA)
                return false;
            subject = true; /* тихо сказала Анна, but not: люди говорят правду */
        }
        if (!next_word(text, end, &w))
            return false;
    }
    return !subject || inverted || has_subject(text, end, w);
}

/* ---- one turn ----------------------------------------------------------------------------------- */

struct turn {
    struct span text;
    uint32_t at, end; /* what is left of it */
    uint32_t block;
    enum habit habit;
    const struct language *language;
};

/* A dash that parts speech from clause: not the one of 2010–2015 or Paris–Lyon. A hyphen does so between spaces. */
static bool is_parting_dash(const struct turn *t, uint32_t at, uint32_t cp, size_t len)
{
    uint32_t before = 0, after = char_at(t->text, at + (uint32_t)len, t->end);

    (void)utf8_prev(t->text.at, t->text.at + at, &before);
    if (cp == '-')
        return is_space(before) && is_space(after);
    return is_dash(cp) && (!is_wordy(before) || !is_wordy(after));
}

/* —Ya voy. —Marta cerró el libro—. Espera. A point and a dash before a capital: the author speaks. */
static bool is_narration(const struct turn *t, uint32_t at, uint32_t after)
{
    uint32_t cp = 0;

    while (at > 0) {
        size_t n = utf8_prev(t->text.at, t->text.at + at, &cp);

        if (!is_space(cp))
            break;
        at -= (uint32_t)n;
    }
    return is_stop(cp) &&
           (char_bits(char_at(t->text, skip_spaces(t->text, after, t->end), t->end)) & CHAR_UPPER);
}

/* The end of the speech that begins at t->at; t->at becomes the beginning of what cuts it, or the end of the
 * turn. *clause is set when that is a reporter's clause. */
static uint32_t speech_end(struct turn *t, bool *clause)
{
    uint32_t start = t->at, cp;

    for (size_t n; t->at < t->end; t->at += (uint32_t)n) {
        uint32_t after;

        n = utf8_next(t->text.at + t->at, t->text.at + t->end, &cp);
        after = t->at + (uint32_t)n;
        if (t->at == start)
            continue;
        if (t->habit == AFTER_DASH && is_parting_dash(t, t->at, cp, n)) {
            if (is_clause(t->text, after, t->end, AFTER_DASH, t->language))
                *clause = true;
            else if (!is_narration(t, t->at, after))
                continue;
            return t->at;
        }
        if (t->habit == AFTER_COMMA && (cp == ',' || (is_stop(cp) && cp != '.')) &&
            is_space(char_at(t->text, after, t->end)) &&
            is_clause(t->text, after, t->end, AFTER_COMMA, t->language)) {
            *clause = true;
            t->at = cp == ',' ? t->at : after;
            return t->at;
        }
    }
    return t->end;
}

/* Whether the point at `at` ends a sentence: not after an initial or an abbreviation. */
static bool ends_sentence(const struct turn *t, uint32_t at, uint32_t after, struct word last)
{
    uint32_t next = skip_spaces(t->text, after, t->end), cp;

    if (t->text.at[at] == '.' && last.end == at &&
        ((last.bits & LEX_SHORT) ||
         (last.upper && utf8_next(t->text.at + last.start, t->text.at + at, &cp) == at - last.start)))
        return false;
    return next == t->end || (next > after && !(char_bits(char_at(t->text, next, t->end)) & CHAR_LOWER));
}

/* Moves t->at from the beginning of a clause to where speech goes on. *from is where that piece begins with its
 * dash. */
static void skip_clause(struct turn *t, uint32_t *from)
{
    struct word last = {0};
    uint32_t cp = 0, start = t->at;
    size_t n;

    for (; t->at < t->end; t->at += (uint32_t)n) {
        struct word w;

        n = utf8_next(t->text.at + t->at, t->text.at + t->end, &cp);
        if (t->at > start && is_parting_dash(t, t->at, cp, n))
            break;
        if (t->habit == AFTER_COMMA && t->at > start &&
            ((is_stop(cp) && ends_sentence(t, t->at, t->at + (uint32_t)n, last)) || cp == ':' ||
             (cp == ',' && (last.bits & LEX_PRONOUN) && last.end == t->at)))
            break;
        if (read_word(t->text, t->at, t->end, t->language, &w)) {
            last = w;
            n = w.end - w.start;
        }
    }
    *from = t->at;
    for (; t->at < t->end; t->at += (uint32_t)n) {
        n = utf8_next(t->text.at + t->at, t->text.at + t->end, &cp);
        if (!is_dash(cp) && !is_space(cp) && !is_stop(cp) && cp != ',' && cp != ':' && cp != '-')
            break;
        if (!is_dash(cp) && !is_space(cp) && cp != '-')
            *from = t->at + (uint32_t)n; /* —dijo Marta—. Ya: the point is the clause's */
    }
}

/* The pieces of all candidates, in order. */
struct pieces {
    struct arena *mem;
    struct marked *at;
    uint32_t count, cap;
};

/* Adds the words [start, end); a comma or space before the clause is not among them. */
static int add_piece(struct pieces *out, const struct turn *t, uint32_t from, uint32_t start, uint32_t end)
{
    struct marked m = {.start = start, .outer_start = from, .block = t->block, .dash = true};
    uint32_t cp;

    while (end > start) {
        size_t n = utf8_prev(t->text.at, t->text.at + end, &cp);

        if (!is_space(cp) && cp != ',')
            break;
        end -= (uint32_t)n;
    }
    m.end = m.outer_end = end;
    if (start >= end || !mark_trim(t->text, &m.start, &m.end))
        return 0;
    if (!ARENA_MORE(out->mem, out->at, out->count, out->cap))
        return arena_err(out->mem);
    out->at[out->count++] = m;
    return 0;
}

/* The pieces of one turn; *clause when a reporter's clause was among them. */
static int read_turn(struct pieces *out, const struct article *a, const struct language *language,
                     uint32_t block, enum habit habit, bool *clause)
{
    const struct block *b = &a->blocks[block];
    struct turn t = {a->text, b->start, b->end, block, habit, language};
    uint32_t from = b->start, start;
    int rc = 0;

    *clause = false;
    t.at += (uint32_t)strlen("—"); /* any dash */
    for (t.at = skip_spaces(t.text, t.at, t.end); t.at < t.end && rc >= 0;) {
        start = t.at;
        rc = add_piece(out, &t, from, start, speech_end(&t, clause));
        if (t.at < t.end)
            skip_clause(&t, &from);
    }
    return rc;
}

/* ---- all turns ---------------------------------------------------------------------------------- */

/* A paragraph that may be a turn: a dash and words. */
static bool is_candidate(const struct article *a, uint32_t block)
{
    const struct block *b = &a->blocks[block];
    uint32_t at = b->start;

    if (b->kind == BLOCK_BOILERPLATE || b->kind == BLOCK_NAME_LINE || b->kind == BLOCK_TITLE ||
        b->kind == BLOCK_HEADING || !is_dash(char_at(a->text, at, b->end)))
        return false;
    at = skip_spaces(a->text, at + (uint32_t)strlen("—"), b->end);
    return at < b->end && !is_dash(char_at(a->text, at, b->end));
}

/* Whether it may be a turn for the company it keeps: a whole sentence, and no item of a list. */
static bool is_sentence(const struct article *a, uint32_t block)
{
    const struct block *b = &a->blocks[block];
    uint32_t at = skip_spaces(a->text, b->start + (uint32_t)strlen("—"), b->end);

    return para_ends_sentence(span_cut(a->text, at, b->end)) && a->text.at[b->end - 1] != ';' &&
           !(char_bits(char_at(a->text, at, b->end)) & (CHAR_LOWER | CHAR_DIGIT));
}

enum { NO_TURN, MAY_BE, IS_TURN, HAS_CLAUSE };

/* What each block is, under a habit, and the number of clauses. */
static int read_all(struct pieces *out, const struct article *a, const struct language *language,
                    enum habit habit, uint8_t *kinds, uint32_t *clauses)
{
    int rc = 0;

    *clauses = 0;
    for (uint32_t b = 0; b < a->block_count && rc >= 0; b++) {
        bool clause = false;

        kinds[b] = NO_TURN;
        if (!is_candidate(a, b))
            continue;
        rc = read_turn(out, a, language, b, habit, &clause);
        kinds[b] = clause ? HAS_CLAUSE : is_sentence(a, b) ? MAY_BE : NO_TURN;
        *clauses += clause;
    }
    return rc;
}

static bool same_dash(const struct article *a, uint32_t b, uint32_t c)
{
    return memcmp(a->text.at + a->blocks[b].start, a->text.at + a->blocks[c].start, strlen("—")) == 0;
}

/* Leaves MAY_BE where a turn with a clause is near, or where it is one of a row of turns that holds a clause; the dash
 * is the same for all. */
static void judge(const struct article *a, uint8_t *kinds)
{
    uint32_t count = a->block_count;

    for (uint32_t b = 0; b < count; b++)
        for (uint32_t c = b > NEAR ? b - NEAR : 0; c < count && c <= b + NEAR && kinds[b] == MAY_BE; c++)
            if (kinds[c] == HAS_CLAUSE && same_dash(a, b, c))
                kinds[b] = IS_TURN;
    for (uint32_t b = 1; b < count; b++)
        if (kinds[b] == MAY_BE && kinds[b - 1] >= IS_TURN && same_dash(a, b, b - 1))
            kinds[b] = IS_TURN;
    for (uint32_t b = count; b-- > 1;)
        if (kinds[b - 1] == MAY_BE && kinds[b] >= IS_TURN && same_dash(a, b, b - 1))
            kinds[b - 1] = IS_TURN;
}

/* The pieces of mark_pair outside the turns, and those of the turns. */
static int join(struct arena *mem, const uint8_t *kinds, const struct pieces *turns, struct marked **pieces,
                uint32_t *count)
{
    struct marked *all = arena_array(mem, (size_t)*count + turns->count + 1, sizeof *all);
    uint32_t n = 0, i = 0, k = 0;

    if (!all)
        return arena_err(mem);
    while (i < *count || k < turns->count) {
        bool turn = i == *count || (k < turns->count && turns->at[k].block <= (*pieces)[i].block);
        const struct marked *m = turn ? &turns->at[k++] : &(*pieces)[i++];

        if (turn == (kinds[m->block] >= IS_TURN))
            all[n++] = *m;
    }
    *pieces = all;
    *count = n;
    return 0;
}

int dialogue_find(struct arena *mem, const struct article *a, const struct language *language,
                  struct marked **pieces, uint32_t *count)
{
    struct pieces by_dash = {.mem = mem}, by_comma = {.mem = mem};
    uint8_t *dash_kinds = arena_alloc(mem, (size_t)a->block_count + 1);
    uint8_t *comma_kinds = arena_alloc(mem, (size_t)a->block_count + 1);
    uint32_t dash_clauses, comma_clauses;
    bool dash;
    int rc;

    if (!language_allows(language, LANGUAGE_DIALOGUE))
        return 0;
    if (!dash_kinds || !comma_kinds)
        return arena_err(mem);
    if ((rc = read_all(&by_dash, a, language, AFTER_DASH, dash_kinds, &dash_clauses)) < 0 ||
        (rc = read_all(&by_comma, a, language, AFTER_COMMA, comma_kinds, &comma_clauses)) < 0)
        return rc;
    if (dash_clauses == 0 && comma_clauses == 0)
        return 0;
    dash = dash_clauses >= comma_clauses;
    judge(a, dash ? dash_kinds : comma_kinds);
    return join(mem, dash ? dash_kinds : comma_kinds, dash ? &by_dash : &by_comma, pieces, count);
}
