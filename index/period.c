/* period.c -- where a sentence of news ends, stop by stop; see period.h. */
#include "index/period.h"

#include "index/break.h"
#include "index/lexicon.h"
#include "index/stop.h"

enum {
    LETTERS_BACK = 24,  /* of the word before a stop: no shortened word is longer */
    LETTERS_AHEAD = 40, /* of a word after it */
    RUN_BACK = 64,      /* characters without a space before a stop: an address, if more */
    SIGNS_BACK = 8,     /* characters between the first word of a sentence and its beginning */
    TAG_WORDS = 4       /* “Really?” the mayor of Lind asked */
};

enum verdict { AS_UAX, GOES_ON, ENDS };

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x2BC;
}

/* Thai and Lao have no stop: a point there only shortens. */
static bool is_stopless(uint32_t cp)
{
    return cp >= 0x0E00 && cp <= 0x0EFF;
}

static bool has_case(const struct letter *l)
{
    return l->row->sentence == SB_UPPER || l->row->sentence == SB_LOWER;
}

/* The word at `at`, apostrophes and hyphens inside it included; empty where there is none. */
static struct span word_at(struct span text, size_t at)
{
    size_t end = at;

    for (int i = 0; end < text.len && i < LETTERS_AHEAD; i++) {
        struct letter l = letter_at(text, end);

        if (!letter_is_wordy(&l) && !letter_is_unseen(&l)) {
            struct letter next;

            if ((!is_apostrophe(l.cp) && l.cp != '-') || l.end >= text.len || end == at)
                break;
            next = letter_at(text, l.end);
            if (!letter_is_wordy(&next))
                break;
        }
        end = l.end;
    }
    return span_cut(text, at, end);
}

/* The word that ends at `at`, points, apostrophes and hyphens inside it included: p.m, z.B, dell’on, г-н. */
static struct span word_before(struct span text, size_t low, size_t at)
{
    size_t start = at, first = at; /* first: the word does not begin with a point */

    for (int i = 0; start > low && i < LETTERS_BACK; i++) {
        struct letter l = letter_before(text, low, start);

        if (letter_is_wordy(&l))
            first = l.start;
        else if (!letter_is_unseen(&l) && l.cp != '.' && l.cp != '-' && !is_apostrophe(l.cp))
            break;
        start = l.start;
    }
    return span_cut(text, first, at);
}

/* The word before `at`, white space between them. */
static struct span word_further_back(struct span text, size_t low, size_t at)
{
    for (int i = 0; at > low && i < 2; i++) {
        struct letter l = letter_before(text, low, at);

        if (!letter_is_space(&l))
            break;
        at = l.start;
    }
    return word_before(text, low, at);
}

/* How a word is written. */
struct shape {
    unsigned letters, capitals, points, part; /* part: letters of the longest part between points */
    bool digits, first_upper, doubled;        /* doubled: EE, MM, a plural of initials */
};

static struct shape shape_of(struct span word)
{
    struct shape s = {0};
    unsigned part = 0;
    uint32_t first = 0;

    for (size_t at = 0; at < word.len;) {
        struct letter l = letter_at(word, at);

        at = l.end;
        if (l.cp == '.') {
            s.points++;
            part = 0;
        } else if (l.row->bits & CHAR_DIGIT) {
            s.digits = true;
        } else if (l.row->bits & CHAR_LETTER) {
            s.capitals += l.row->sentence == SB_UPPER;
            s.doubled = s.letters++ == 1 && l.cp == first && l.row->sentence == SB_UPPER;
            if (s.letters == 1) {
                s.first_upper = l.row->sentence == SB_UPPER;
                first = l.cp;
            }
            if (++part > s.part)
                s.part = part;
        }
    }
    return s;
}

/* ---- the words after a stop ----------------------------------------------------------------------------- */

/* A capitalised word that begins sentences more often than it stands in a name: The, He, Critics. After an initial
 * no word that is also part of names: A. Le Goff. */
static bool begins_sentence(struct span text, const struct next *n, bool after_initial)
{
    struct span word = word_at(text, n->at);
    uint32_t bits;
    struct letter second;

    if (n->kind != NEXT_CAPITAL || word.len == 0)
        return false;
    if (n->letter.end < text.len) { /* NATO, an initial A. */
        second = letter_at(text, n->letter.end);
        if (second.row->sentence == SB_UPPER || second.cp == '.')
            return false;
    }
    bits = lex_bits_anywhere(word);
    if (after_initial && (n->letter.end == n->at + word.len || (bits & (LEX_OF | LEX_MALE | LEX_FEMALE))))
        return word.len == 1 && word.at[0] == 'I';
    if (bits & (LEX_DET | LEX_PRONOUN | LEX_PREP | LEX_JOIN | LEX_SUB | LEX_ADV | LEX_ACCORDING))
        return true;
    if (span_ends(word, SPAN("’s")) || span_ends(word, SPAN("'s")))
        return false;                                    /* U.S. Men’s */
    if ((bits & LEX_ROLE) && span_ends(word, SPAN("s"))) /* Officials said */
        return true;
    return (lex_period(word) & LEX_STARTS) != 0;
}

/* “Really?” Ada Kovar asked. A verb of speech among the first words, before anything parts them. */
static bool tag_follows(struct span text, size_t at)
{
    for (int i = 0; i < TAG_WORDS && at < text.len; i++) {
        struct letter first = letter_at(text, at);
        struct span word = word_at(text, at);
        unsigned lines = 0;

        if (word.len == 0)
            return false;
        at += word.len;
        if (first.row->sentence != SB_UPPER && (~lex_bits_anywhere(word) & (LEX_CUE | LEX_SPEECH)) == 0)
            return at == text.len || (text.at[at] != ',' && text.at[at] != ':'); /* “So!” Er sagte, dass */
        at = stop_skip_space(text, at, &lines);
    }
    return false;
}

/* ---- what a point after a word says ------------------------------------------------------------------- */

enum point {
    POINT_PLAIN,   /* the word is no shortened one */
    POINT_NUMERAL, /* a number: perhaps an ordinal */
    POINT_INITIAL, /* J. */
    POINT_BEFORE,  /* Dr.: something follows */
    POINT_NUMBER,  /* No.: a number follows, or it is no shortened word */
    POINT_EITHER   /* p.m.: what follows tells */
};

static bool is_roman(struct span word)
{
    if (word.len < 2)
        return false;
    for (size_t i = 0; i < word.len; i++)
        if (!strchr("IVXLC", word.at[i]))
            return false;
    return true;
}

static bool is_one_character(struct span word)
{
    if (word.len > 1 && (unsigned char)word.at[0] < 0x80 && (unsigned char)word.at[1] < 0x80)
        return false;
    return break_cluster(word, 0) == word.len;
}

static enum point one_character(struct span word)
{
    struct letter l = letter_at(word, 0);

    if (l.row->sentence == SB_UPPER)
        return POINT_INITIAL;
    if (l.row->sentence == SB_LOWER)
        return POINT_EITHER; /* u. a., г., p. */
    /* An initial in Arabic, Georgian, Tamil; a Chinese or Korean character is a word of its own. */
    return l.row->flags & CHAR_PAIRS && !is_stopless(l.cp) ? POINT_PLAIN : POINT_BEFORE;
}

static enum point point_after(struct span word)
{
    struct shape s = shape_of(word);
    bool acronym = s.letters > 1 && s.capitals == s.letters && s.points == 0;
    uint32_t bits;
    size_t hyphen = 0;

    if (s.letters == 0)
        return s.digits ? POINT_NUMERAL : POINT_PLAIN;
    if (s.digits)
        return POINT_PLAIN; /* G20, B-52 */
    if (is_one_character(word))
        return one_character(word);
    if (!(bits = lex_period(word))) {
        for (size_t i = 0; i < word.len; i++)
            if (word.at[i] == '-')
                hyphen = i + 1;
        if (hyphen && hyphen < word.len) /* Dipl.-Ing., д-р */
            return point_after(span_cut(word, hyphen, word.len));
    }
    if ((bits & LEX_BEFORE_CAPITAL) && s.first_upper)
        return POINT_BEFORE;
    if ((bits & LEX_BEFORE) && !acronym) /* CA. may be a state */
        return POINT_BEFORE;
    if ((bits & (LEX_EITHER | LEX_BEFORE)) || ((bits & LEX_EITHER_CAPITAL) && s.first_upper && !acronym))
        return POINT_EITHER;
    if ((bits & LEX_NUMBER) || ((bits & LEX_EITHER_CAPITAL) && acronym)) /* NOV. 5, but LA. */
        return POINT_NUMBER;
    if ((s.points && s.part <= 2) || (s.doubled && s.letters == 2 && !is_roman(word)))
        return POINT_EITHER;
    return POINT_PLAIN;
}

bool period_shortens(struct span word)
{
    enum point point = point_after(word);

    return point == POINT_INITIAL || point == POINT_BEFORE || point == POINT_EITHER;
}

/* ---- the rules ---------------------------------------------------------------------------------------- */

/* Whether the word at `at` is the first of the sentence, which begins at `low`: the number of a list. */
static bool is_first(struct span text, size_t low, size_t at)
{
    for (int i = 0; at > low && i < SIGNS_BACK; i++) {
        struct letter l = letter_before(text, low, at);

        if (letter_is_wordy(&l) || letter_is_term(&l))
            return false;
        at = l.start;
    }
    return at == low;
}

/* 1. The council; am 3. Oktober; der 2. Weltkrieg; the score was 3. The second half */
static enum verdict after_numeral(struct span text, size_t low, struct span word, const struct next *n)
{
    size_t at = (size_t)(word.at - text.at);
    struct span next = word_at(text, n->at);

    if (word.len <= 3 && is_first(text, low, at))
        return GOES_ON;
    if (n->kind == NEXT_NUMBER)
        return word.len > 3 ? ENDS : GOES_ON; /* in 2019. 12 people; 3. 10. 2023 */
    if (word.len > 3 || n->kind != NEXT_CAPITAL || n->quoted)
        return AS_UAX;
    if (lex_period(next) & LEX_MONTH)
        return GOES_ON;
    return (lex_period(word_further_back(text, low, at)) & LEX_ORDINAL) && !begins_sentence(text, n, true)
               ? GOES_ON
               : AS_UAX;
}

/* J. R. Okoro; plan B. The council; my wife and I. Kovar left */
static enum verdict after_initial(struct span text, size_t low, struct span word, const struct next *n)
{
    size_t at = (size_t)(word.at - text.at);

    if (is_first(text, low, at))
        return GOES_ON;
    if (span_eq(word, SPAN("I")) &&
        (lex_bits_anywhere(word_further_back(text, low, at)) & (LEX_JOIN | LEX_AUX | LEX_SUB)))
        return AS_UAX;
    return begins_sentence(text, n, true) ? ENDS : GOES_ON;
}

/* A point, and the sentence could end: no small letter follows. */
static enum verdict after_point(struct span text, size_t low, const struct stop *s, const struct next *n)
{
    struct span word = word_before(text, low, s->at);
    enum point point = word.len ? point_after(word) : POINT_PLAIN;
    struct span next = word_at(text, n->at);

    if (word.len && is_stopless(letter_before(text, low, s->at).cp))
        return GOES_ON;
    if (is_roman(word) && n->kind == NEXT_CAPITAL && is_first(text, low, (size_t)(word.at - text.at)))
        return GOES_ON; /* II. The council */
    switch (point) {
    case POINT_NUMERAL:
        return after_numeral(text, low, word, n);
    case POINT_INITIAL:
        return after_initial(text, low, word, n);
    case POINT_BEFORE:
        return GOES_ON;
    case POINT_NUMBER:
        if (n->kind == NEXT_NUMBER || is_roman(next))
            return GOES_ON;
        break;
    case POINT_EITHER:
        if (n->kind == NEXT_CASELESS)
            return AS_UAX;
        if (n->kind == NEXT_CAPITAL && word.len == 1 && is_first(text, low, (size_t)(word.at - text.at)))
            return GOES_ON;                                                  /* a. The council */
        return !n->dash && begins_sentence(text, n, false) ? ENDS : GOES_ON; /* LINDHAM, N.Y. – The council */
    case POINT_PLAIN:
        break;
    }
    if (n->kind == NEXT_NUMBER || n->kind == NEXT_CAPITAL || n->quoted)
        return ENDS; /* UAX #29 looks past numbers, dashes and marks for a small letter */
    return AS_UAX;
}

/* An ellipsis ends a sentence when a capital follows, and it is not one inside: [...], … at the beginning,
 * “I… I think”. Between two spaces it stands for words left out, so the next word must begin sentences. */
static enum verdict after_ellipsis(struct span text, size_t low, const struct stop *s, const struct next *n)
{
    struct span before = word_before(text, low, s->at);
    struct letter left;

    if (n->kind != NEXT_CAPITAL || s->at == low || is_first(text, low, s->at))
        return GOES_ON;
    left = letter_before(text, low, s->at);
    if (left.cp == '[' || left.cp == '(' || span_eq(before, word_at(text, n->at)))
        return GOES_ON;
    if (s->detached && !s->quote_closed)
        return begins_sentence(text, n, true) ? ENDS : GOES_ON;
    return s->quote_closed && tag_follows(text, n->at) ? GOES_ON : ENDS;
}

/* Nothing but letters, at least two and no capital, between the last white space (or mark) and the stop. */
static bool is_plain_word_before(struct span text, size_t low, size_t at, bool *caseless)
{
    unsigned letters = 0;
    bool inside = true;

    for (int i = 0; at > low; i++) {
        struct letter l = letter_before(text, low, at);

        if (letter_is_space(&l))
            break;
        if (i == RUN_BACK || (l.cp < 0x80 && strchr("./@:_\\=#&%", (int)l.cp)))
            return false;
        inside = inside && letter_is_wordy(&l);
        if (inside && l.row->sentence == SB_UPPER)
            return false;
        if (inside && (l.row->bits & CHAR_LETTER)) {
            letters++;
            *caseless = !has_case(&l);
        }
        at = l.start;
    }
    return letters >= 2;
}

/* Com, Org: no word, though it may look like one. */
static bool is_domain(struct span word)
{
    static const char *const ends[] = {"Com", "Org", "Net", "Edu", "Gov", "Info", "Html", "Pdf", "Js"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (span_is(word, ends[i]))
            return true;
    return false;
}

/* A capital and small letters (or, in a script without them, two letters), and no address goes on after them. */
static bool is_plain_word_after(struct span text, const struct next *n, bool caseless)
{
    struct span word = word_at(text, n->at);
    struct shape shape = shape_of(word);
    struct letter after, more;

    if (shape.letters < 2 || shape.digits || is_domain(word) ||
        (caseless ? n->kind != NEXT_CASELESS : shape.capitals != 1 || !shape.first_upper))
        return false;
    if (n->at + word.len >= text.len)
        return true;
    after = letter_at(text, n->at + word.len);
    if (after.cp >= 0x80 || !strchr("._@/\\(=:", (int)after.cp) || after.end >= text.len)
        return true;
    more = letter_at(text, after.end);
    return after.cp != '(' && !letter_is_wordy(&more);
}

/* the end.The council: a space is missing. */
static bool space_is_missing(struct span text, size_t low, const struct stop *s, const struct next *n)
{
    bool caseless = false;

    return !s->ellipsis && is_plain_word_before(text, low, s->at, &caseless) &&
           is_plain_word_after(text, n, caseless);
}

/* No white space after the stop. */
static enum verdict without_gap(struct span text, size_t low, const struct stop *s, const struct next *n)
{
    struct letter first = letter_at(text, s->tail), left;

    if (first.row->flags & CHAR_PICTOGRAPH)
        return AS_UAX;
    if (s->quote_closed && n->kind == NEXT_CASELESS && n->at == s->tail)
        return GOES_ON; /* 「…。」と語った, “…。”她说, "…"고: the tag is written onto it */
    if (s->own)         /* UAX #29 takes an opening mark for one that closes: 。“ */
        return first.row->sentence == SB_CLOSE ? ENDS : AS_UAX;
    if (s->noted && n->kind == NEXT_CAPITAL && n->at == s->tail)
        return ENDS; /* left.[1]The */
    if (n->kind == NEXT_CASELESS && (n->letter.row->flags & CHAR_PAIRS) && s->at > low) {
        left = letter_before(text, low, s->at);
        return left.row->flags & CHAR_PAIRS && !is_stopless(left.cp) ? AS_UAX : GOES_ON;
    }
    if (!space_is_missing(text, low, s, n))
        return GOES_ON;
    return s->cp == '.' && after_point(text, low, s, n) == GOES_ON ? GOES_ON : ENDS;
}

/* Whether a small letter may begin a sentence after this stop: only where its own script has no capitals. */
static bool caseless_before(struct span text, size_t low, const struct stop *s)
{
    struct letter l;

    if (s->own)
        return true;
    for (size_t at = s->at; at > low; at = l.start) {
        l = letter_before(text, low, at);
        if (!letter_is_unseen(&l) && !letter_is_space(&l))
            return l.row->sentence == SB_OLETTER;
    }
    return false;
}

static enum verdict judge(struct span text, size_t low, const struct stop *s)
{
    struct next n = stop_next(text, s);

    if (s->blank || s->tail == text.len)
        return ENDS;
    if (n.kind == NEXT_STOP || n.kind == NEXT_INSIDE)
        return GOES_ON;
    if (s->tail == s->closed)
        return without_gap(text, low, s, &n);
    if (s->ellipsis)
        return after_ellipsis(text, low, s, &n);
    if (n.kind == NEXT_SMALL && !caseless_before(text, low, s)) {
        if (!n.quoted || n.dash)
            return GOES_ON;
        return s->cp == '.' ? after_point(text, low, s, &n) : ENDS; /* He was blunt. “we will not pay” */
    }
    if (n.dash && (n.kind == NEXT_NUMBER || s->quote_closed))
        return GOES_ON; /* 5 p.m. – 7 p.m.; “It is over.” — Ada Kovar */
    if (s->quote_closed && (n.kind == NEXT_CASELESS || (n.kind == NEXT_CAPITAL && s->cp != '.')) &&
        !n.quoted && !n.dash && tag_follows(text, n.at))
        return GOES_ON;
    if (s->cp == '.')
        return after_point(text, low, s, &n);
    return n.dash && n.kind == NEXT_CAPITAL ? ENDS : AS_UAX; /* « Quand ? — Demain. » */
}

/* ---- from cut to cut ---------------------------------------------------------------------------------- */

/* Whether UAX #29 cuts after `from`, up to `to`. Both rise from call to call. */
static bool uax_cuts(struct period_reader *r, size_t from, size_t to)
{
    while (r->uax <= from)
        r->uax = break_sentence(r->text, r->uax);
    return r->uax <= to;
}

/* The first border between characters as readers see them that is not before `cut`; one is at `from`. */
static size_t border(struct span text, size_t from, size_t cut)
{
    while (from < cut)
        from = break_cluster(text, from);
    return from;
}

void period_open(struct period_reader *r, struct span text)
{
    *r = (struct period_reader){.text = text};
}

bool period_next(struct period_reader *r, size_t *end)
{
    struct span text = r->text;
    size_t low = r->start, at;
    unsigned lines = 0;

    if (low >= text.len)
        return false;
    r->start = *end = text.len;
    for (at = stop_skip_space(text, low, &lines); (at = stop_skip_quiet(text, at)) < text.len;) {
        struct letter l = letter_at(text, at);
        size_t next = l.end;
        bool ends = false;

        if (letter_is_line(&l)) {
            lines = 0;
            next = stop_skip_space(text, at, &lines);
            ends = lines > 1;
        } else if (stop_is(text, low, &l)) {
            struct stop s = stop_read(text, low, l);
            enum verdict v = judge(text, low, &s);

            next = s.tail;
            ends = v == ENDS || (v == AS_UAX && (s.unknown || uax_cuts(r, s.at, s.tail)));
        }
        if (ends) {
            r->start = *end = border(text, at, next);
            return true;
        }
        at = next;
    }
    return true;
}
