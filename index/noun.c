/* noun.c -- noun phrases from their borders; see noun.h. */
#include "index/noun.h"

enum {
    NOUN_LONGEST = 24,       /* tokens of a phrase */
    INSERTION_LONGEST = 40,  /* tokens of ", 35, the daughter of a miner," */
    VERB_GROUP_LONGEST = 12, /* tokens of "has, on Thursday, repeatedly" */
    NICKNAME_LONGEST = 24,   /* bytes of “the Hammer”, with its marks */
    INTRODUCTIONS = 3        /* "On Monday, in Lindau, when asked, Kovar said" */
};

static const uint32_t noun_bits = LEX_ROLE | LEX_DOC | LEX_TITLE | LEX_ORG;

static bool is_verb(const struct token *t)
{
    return (t->bits & (LEX_CUE | LEX_CUE_ING | LEX_VERB | LEX_AUX)) && !noun_is_given(t) &&
           !(t->upper && !t->first && !(t->bits & LEX_CUE));
}

/* A word that no phrase holds, but perhaps at its start. */
static bool ends_noun(const struct token *t)
{
    if (t->kind != TOKEN_WORD)
        return t->kind != TOKEN_NUMBER;
    if ((t->bits & (LEX_PREP | LEX_JOIN | LEX_SUB | LEX_WHO | LEX_ADV | LEX_CALENDAR)) && !noun_is_given(t))
        return true;
    if (t->bits & LEX_PRONOUN && !(t->bits & LEX_DET) && !noun_is_given(t))
        return true;
    return is_verb(t);
}

static bool is_pronoun(const struct token *t)
{
    return t->kind == TOKEN_WORD && (t->bits & LEX_PRONOUN) && (!(t->bits & LEX_DET) || (t->bits & LEX_IT)) &&
           (!t->upper || t->first || (t->bits & LEX_I));
}

/* Ada Kovar cancelled: a past tense that no list holds, after a name. */
static bool is_past_after_name(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i];

    return s->english && t->kind == TOKEN_WORD && !t->upper && t->end - t->start > 4 &&
           span_ends(token_text(s, i), SPAN("ed")) && !(t->bits & (noun_bits | LEX_PEOPLE)) &&
           noun_is_capital(&s->tokens[i - 1]);
}

bool noun_is_nickname(const struct scan *s, uint32_t i)
{
    const struct token *before, *after;
    struct span text;

    if (s->tokens[i].kind != TOKEN_QUOTE || i == 0 || i + 1 >= s->token_count)
        return false;
    before = &s->tokens[i - 1];
    after = &s->tokens[i + 1];
    text = span_cut(s->article->text, s->tokens[i].start, s->tokens[i].end);
    if (before->sentence != after->sentence || !noun_is_capital(before) || before->possessive ||
        !noun_is_given(before) || !noun_is_capital(after) || piece_ending(s, s->tokens[i].quote))
        return false;
    for (size_t k = 0; k < text.len; k++)
        if (text.at[k] == ' ' && k > NICKNAME_LONGEST)
            return false;
    return text.len <= NICKNAME_LONGEST;
}

bool noun_in_headline(const struct scan *s, uint32_t i)
{
    const struct block *b = &s->article->blocks[s->sentences[s->tokens[i].sentence].block];
    struct span text = span_trim(span_cut(s->article->text, b->start, b->end));

    return b->kind == BLOCK_TITLE && !span_ends(text, SPAN("."));
}

/* What the tokens [first, end) are as a phrase. */
static struct noun judge(const struct scan *s, uint32_t first, uint32_t end)
{
    struct noun n = {.first = first, .end = end};

    if (first >= end)
        return n;
    n.kind = NOUN_OTHER;
    for (uint32_t i = first; i < end; i++) {
        const struct token *t = &s->tokens[i];

        if (noun_is_capital(t) && !(t->bits & LEX_PEOPLE))
            n.kind = NOUN_NAME;
        else if (n.kind != NOUN_NAME && token_has(s, i, noun_bits | LEX_PEOPLE))
            n.kind = NOUN_ROLE;
    }
    return n;
}

static bool is_ampersand(const struct scan *s, uint32_t i)
{
    return s->tokens[i].kind == TOKEN_PUNCT && s->article->text.at[s->tokens[i].start] == '&';
}

struct noun noun_right(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t accepted = i;
    bool determined = false, after_of = false;

    if (i >= high)
        return (struct noun){0};
    if (is_pronoun(&s->tokens[i]))
        return (struct noun){i, i + 1, NOUN_PRONOUN, 0, 0};
    for (uint32_t j = i; j < high && j - i < NOUN_LONGEST; j++) {
        const struct token *t = &s->tokens[j];

        if (token_has(s, j, LEX_DET) && (j == i || after_of)) {
            determined = true;
        } else if (j > i &&
                   (accepted == j || (determined && j == i + 1) ||
                    (!s->tokens[j - 1].upper && span_eq(token_text(s, j), SPAN("of")))) &&
                   token_has(s, j, LEX_OF) && !t->upper) {
            after_of = true;
            continue;
        } else if (accepted == j && j > i && (is_ampersand(s, j) || noun_is_nickname(s, j))) {
            continue;
        } else if (ends_noun(t) || (j > i && is_past_after_name(s, j))) {
            break;
        } else if (noun_is_capital(t) || token_has(s, j, noun_bits | LEX_PEOPLE) || determined || after_of) {
            accepted = j + 1;
        }
        after_of = false;
    }
    return judge(s, i, accepted);
}

/* Whether the small word at i joins the phrase on its right to one on its left: a spokesman FOR Lind. */
static bool joins_left(const struct scan *s, uint32_t i, uint32_t low)
{
    const struct token *before;

    if (i <= low || !token_has(s, i, LEX_OF) || s->tokens[i].upper)
        return false;
    before = &s->tokens[i - 1];
    if (before->kind != TOKEN_WORD || (before->bits & (LEX_FUNCTION | LEX_CALENDAR)) || is_verb(before))
        return false;
    if ((before->bits & noun_bits) || noun_is_capital(before) || span_eq(token_text(s, i), SPAN("of")))
        return true;
    return s->english && i > low + 1 && token_has(s, i - 2, LEX_ROLE); /* sources close to Kovar */
}

struct noun noun_left(const struct scan *s, uint32_t i, uint32_t low)
{
    uint32_t j = i;

    if (i <= low)
        return (struct noun){0};
    if (is_pronoun(&s->tokens[i - 1]))
        return (struct noun){i - 1, i, NOUN_PRONOUN, 0, 0};
    while (j > low && i - j < NOUN_LONGEST) {
        const struct token *t = &s->tokens[j - 1];

        if (j < i && joins_left(s, j - 1, low)) {
            j--;
        } else if (token_has(s, j - 1, LEX_DET) && !noun_is_given(t)) {
            j--;
            if (j <= low || !joins_left(s, j - 1, low))
                break;
            j--;
        } else if (ends_noun(t) && !((is_ampersand(s, j - 1) || noun_is_nickname(s, j - 1)) && j < i)) {
            break;
        } else {
            j--;
        }
    }
    while (j + 1 < i && !s->tokens[j].upper && !token_has(s, j, LEX_DET | noun_bits) &&
           noun_is_capital(&s->tokens[j + 1]) && !(s->tokens[j + 1].bits & LEX_PEOPLE))
        j++; /* what goes before a bare name is not part of it */
    return judge(s, j, i);
}

static bool is_small_adverb(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i];

    if (t->kind != TOKEN_WORD || noun_is_capital(t) || is_pronoun(t))
        return false;
    return (t->bits & (LEX_AUX | LEX_ADV | LEX_CALENDAR)) ||
           (t->end - t->start > 4 && !t->upper && span_ends(token_text(s, i), SPAN("ly")) &&
            !(t->bits & noun_bits));
}

/* Steps left over "has also", "on Thursday", "(D-Lindau)": the end of what the verb at v may have as subject. */
static uint32_t before_verb(const struct scan *s, uint32_t v, uint32_t low)
{
    uint32_t i = v;

    while (i > low && v - i < VERB_GROUP_LONGEST) {
        if (is_small_adverb(s, i - 1)) {
            i--;
            if (i > low && token_has(s, i, LEX_CALENDAR) && token_has(s, i - 1, LEX_PREP | LEX_DET))
                i--;
        } else if (token_is_punct(s, i - 1, ')')) {
            uint32_t open = i - 1;

            while (open > low && i - open < VERB_GROUP_LONGEST && !token_is_punct(s, open, '('))
                open--;
            if (!token_is_punct(s, open, '('))
                break;
            i = open;
        } else {
            break;
        }
    }
    return i;
}

/* Ada Kovar, Mayor Ada Kovar: two capitals at least, and nothing of an organisation. */
static bool is_person(const struct scan *s, struct noun n)
{
    uint32_t capitals = 0;

    if (n.kind != NOUN_NAME || n.end - n.first > 6 || !noun_is_capital(&s->tokens[n.end - 1]))
        return false;
    for (uint32_t i = n.first; i < n.end; i++) {
        const struct token *t = &s->tokens[i];

        if (token_has(s, i, LEX_DET | LEX_ORG) && !(t->bits & (LEX_TITLE | LEX_MALE | LEX_FEMALE | LEX_OF)))
            return false;
        capitals += noun_is_capital(t);
    }
    return capitals >= 2;
}

/* Toby Kovar in "the painter Toby Kovar", "the Rev. Toby Kovar": the person in a phrase with an article, or the phrase. */
static struct noun person_in(const struct scan *s, struct noun n)
{
    struct noun name = n;

    if (n.kind != NOUN_NAME || !token_has(s, n.first, LEX_DET) || n.end - n.first < 3)
        return n;
    name.first++;
    if (!token_has(s, name.first, LEX_TITLE))
        while (name.first < n.end && !s->tokens[name.first].upper)
            name.first++;
    if ((name.first == n.first + 1 && !token_has(s, name.first, LEX_TITLE)) ||
        token_has(s, n.end - 1, LEX_TITLE | LEX_ROLE | LEX_PEOPLE) || !is_person(s, name))
        return n;
    return name;
}

/* the mayor, Lindau’s mayor, its spokeswoman: a phrase that a name may follow after a comma */
static bool is_role(const struct scan *s, struct noun n)
{
    const struct token *last;

    if (n.kind == NOUN_NONE || n.kind == NOUN_PRONOUN)
        return false;
    last = &s->tokens[n.end - 1];
    if (!last->upper)
        return n.kind != NOUN_OTHER || token_has(s, n.first, LEX_DET);
    return !noun_is_given(last) &&
           ((last->bits & (LEX_TITLE | LEX_ROLE)) || token_has(s, n.first, LEX_DET | LEX_TITLE | LEX_ROLE));
}

/* The subject that stands before the insertion which ends with the comma (or dash) at `close`. */
static struct noun before_insertion(const struct scan *s, uint32_t close, uint32_t low)
{
    char kind = s->tokens[close].punct;
    uint32_t stop = close > low + INSERTION_LONGEST ? close - INSERTION_LONGEST : low;

    for (uint32_t c = close; c-- > stop;) {
        struct noun inside, n;

        if (!token_is_punct(s, c, kind))
            continue;
        n = noun_left(s, before_verb(s, c, low), low);
        inside = person_in(s, noun_right(s, c + 1, close));
        if (noun_speaks(inside) && inside.end < close && token_has(s, inside.end, LEX_SPEECH) &&
            token_has(s, inside.end, LEX_CUE) && kind == ',' && s->english)
            return (struct noun){0}; /* Lind, she told a crowd, had slept “…” */
        if (inside.end == close && is_person(s, inside) && is_role(s, n) &&
            !token_has(s, n.end - 1, LEX_DOC | LEX_ORG)) {
            inside.role_first = n.first;
            inside.role_end = n.end;
            return inside;
        }
        if (!noun_speaks(n))
            continue;
        if (n.first > low && token_has(s, n.first - 1, LEX_PREP)) {
            if (inside.end == close && noun_speaks(inside) && !token_has(s, inside.first, LEX_PLACE))
                return inside; /* In Ohio, Kovar, said */
            continue;          /* Kovar, at a meeting in Lindau, Ohio, said */
        }
        if (is_role(s, n) && n.first > low && token_is_punct(s, n.first - 1, ',')) {
            struct noun before = noun_left(s, n.first - 1, low);

            if (is_person(s, before)) { /* Ada Kovar, the head of the agency, a small one, said */
                before.role_first = n.first;
                before.role_end = n.end;
                return before;
            }
        }
        if (n.kind == NOUN_NAME && token_has(s, c + 1, LEX_DET | LEX_TITLE | LEX_ROLE)) {
            n.role_first = c + 1;
            n.role_end = close;
        }
        return n;
    }
    return (struct noun){0};
}

struct noun noun_subject(const struct scan *s, uint32_t v, uint32_t low)
{
    uint32_t i = before_verb(s, v, low);
    struct noun n;

    if (i > low && token_has(s, i - 1, LEX_WHO)) {
        i--;
        if (i > low && token_is_punct(s, i - 1, ','))
            i--;
        n = noun_left(s, i, low);
        return noun_speaks(n) ? n : (struct noun){0};
    }
    if (i > low && (token_is_punct(s, i - 1, ',') || token_is_punct(s, i - 1, '-')))
        return before_insertion(s, i - 1, low);
    n = noun_left(s, i, low);
    if (n.kind != NOUN_NONE && n.first > low && token_is_punct(s, n.first - 1, ',') && is_person(s, n)) {
        struct noun role = noun_left(s, n.first - 1, low);

        if (is_role(s, role) && role.first == low) {
            n.role_first = role.first;
            n.role_end = role.end;
        }
    }
    return n;
}

/* In, After, When, Asked, Speaking: what goes before the sentence's own subject. */
static bool opens_introduction(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i];

    if (t->kind != TOKEN_WORD || noun_is_given(t))
        return false;
    if (t->bits & (LEX_PREP | LEX_SUB) && !is_pronoun(t))
        return true;
    if (t->bits & (LEX_DET | LEX_PRONOUN))
        return false;
    return (t->bits & (LEX_CUE_ING | LEX_CALENDAR | LEX_CUE | LEX_ACCORDING)) ||
           (span_ends(token_text(s, i), SPAN("ing")) && !(t->bits & noun_bits));
}

/* Past "LINDAU, May 4 (Agency) -", the dateline that opens an article. */
static uint32_t after_dateline(const struct scan *s, uint32_t low, uint32_t high)
{
    struct span word = token_text(s, low);

    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] < 'A' || word.at[i] > 'Z')
            return low;
    for (uint32_t i = low + 1; word.len > 2 && i < high && i - low < VERB_GROUP_LONGEST; i++)
        if (token_is_punct(s, i, '-') || token_is_punct(s, i, ':'))
            return i + 1;
    return low;
}

struct noun noun_main(const struct scan *s, uint32_t low, uint32_t high)
{
    uint32_t i = low < high ? after_dateline(s, low, high) : low;
    struct noun n = {0};

    for (int k = 0; k < INTRODUCTIONS && i < high; k++) {
        uint32_t comma, j;

        while (i < high && (s->tokens[i].kind == TOKEN_PUNCT ||
                            (token_has(s, i, LEX_JOIN | LEX_ADV) && !token_has(s, i, LEX_DET | LEX_SUB))))
            i++;
        if (i >= high || !opens_introduction(s, i))
            break;
        for (comma = i; comma < high && comma - i < INSERTION_LONGEST && !token_is_punct(s, comma, ',');)
            comma++;
        if (comma >= high || !token_is_punct(s, comma, ',')) {
            for (j = i; j < high && j - i < 6 && token_has(s, j, LEX_CALENDAR | LEX_DET | LEX_PREP);)
                j++; /* On Thursday Kovar ... */
            n = noun_right(s, j, high);
            return j > i + 1 && noun_speaks(n) && token_has(s, j - 1, LEX_CALENDAR) ? n : (struct noun){0};
        }
        i = comma + 1;
    }
    n = noun_right(s, i, high);
    if (i > low && token_is_punct(s, i - 1, ',') && n.kind == NOUN_NAME &&
        token_has(s, n.end - 1, LEX_PLACE) && n.end < high && token_is_punct(s, n.end, ','))
        n = noun_right(s, n.end + 1, high); /* Speaking in Lindau, Ohio, Kovar called */
    return noun_speaks(n) ? noun_apposed(s, n, high) : (struct noun){0};
}

struct noun noun_apposed(const struct scan *s, struct noun n, uint32_t high)
{
    struct noun name;
    uint32_t stop = n.end + 1;

    if (n.end >= high || !token_is_punct(s, n.end, ','))
        return n;
    if (is_role(s, n)) {
        name = person_in(s, noun_right(s, n.end + 1, high));
        if (is_person(s, name) && (name.end >= high || s->tokens[name.end].kind != TOKEN_WORD ||
                                   token_has(s, name.end, LEX_WHO | LEX_PREP))) {
            name.role_first = n.first;
            name.role_end = n.end;
            return name;
        }
    }
    if (n.kind != NOUN_NAME || stop >= high || !token_has(s, stop, LEX_DET | LEX_TITLE | LEX_ROLE))
        return n;
    while (stop < high && stop - n.end < 16 && s->tokens[stop].kind != TOKEN_PUNCT &&
           s->tokens[stop].kind != TOKEN_QUOTE && !token_has(s, stop, LEX_WHO | LEX_CUE))
        stop++;
    n.role_first = n.end + 1;
    n.role_end = stop;
    return n;
}

struct span noun_words(const struct scan *s, struct noun n)
{
    uint32_t first = n.first;
    struct span word = token_text(s, first);

    if (first + 1 < n.end &&
        (span_eq(word, SPAN("the")) || span_eq(word, SPAN("The")) || span_eq(word, SPAN("THE")) ||
         span_eq(word, SPAN("a")) || span_eq(word, SPAN("A")) || span_eq(word, SPAN("an")) ||
         span_eq(word, SPAN("An"))))
        first++;
    word = span_cut(s->article->text, s->tokens[first].start, s->tokens[n.end - 1].end);
    if (s->tokens[n.end - 1].possessive && s->tokens[n.end - 1].kind == TOKEN_WORD)
        word.len -= s->tokens[n.end - 1].end - s->tokens[n.end - 1].start - token_stem(s, n.end - 1).len;
    return word; /* the report’s warning: the report */
}
