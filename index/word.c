/* word.c -- the reader of words; see word.h.
 *
 *      take_ascii    ASCII letters and digits up to what ends any word, eight at a time: most words of most texts
 *      take_decimal  numbers with a decimal stop
 *      take_plain    letters and digits that need no rule, cut and folded in one walk: nine words of ten
 *      take_token    all others: a chain of runs becomes waiting pieces
 *      take_pair     scripts found by pairs of characters
 */
#include "index/word.h"

#include "base/utf8.h"
#include "index/break.h"

enum { PARTS_MAX = 9 }; /* of a chain; a longer one goes on as the next word */

/* One character of the text and what it is. */
struct mark {
    uint32_t at, end, cp;
    const struct char_row *row;
};

static inline struct mark mark_at(struct span text, uint32_t at)
{
    struct mark m = {.at = at, .end = at};

    if (at < text.len)
        m.end += (uint32_t)utf8_next(text.at + at, text.at + text.len, &m.cp);
    m.row = char_row(m.cp);
    return m;
}

/* In a word for its own sake; ﾞ and ำ, letters that attach to the one before them, are not. */
static bool is_wordy(const struct char_row *row)
{
    return (row->bits & (CHAR_LETTER | CHAR_DIGIT)) && row->cluster != GCB_EXTEND &&
           row->cluster != GCB_SPACINGMARK;
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x2018 || cp == 0x02BC || cp == 0xFF07 || cp == 0x05F3;
}

/* Joins words to one, though UAX #29 cuts there: jean-philippe, AT&T. */
static bool is_hyphen(uint32_t cp)
{
    return cp == '-' || cp == 0x2010 || cp == 0x2011 || cp == 0x05BE || cp == '&' || cp == 0xFF0D;
}

/* Keeps a word together for UAX #29, though it has parts: example.com, snake_case, col·lecció, کتاب‌ها. */
static bool is_seam(uint32_t cp, unsigned flags_before)
{
    return cp == '.' || cp == '_' || cp == ':' || cp == 0xB7 || cp == 0x2027 ||
           (cp == 0x200C && (flags_before & CHAR_ARABIC));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A space that keeps a number together. */
static bool is_number_space(uint32_t cp)
{
    return cp == 0xA0 || cp == 0x2009 || cp == 0x202F;
}

/* True when a number goes on behind the space at m: one to three digits stand before it, and just three behind. */
static bool is_next_group(struct span text, struct mark m)
{
    uint32_t before = 0, at = m.end;

    while (before < 4 && before < m.at && is_digit(text.at[m.at - 1 - before]))
        before++;
    return before >= 1 && before <= 3 && text.len >= at + 3 && is_digit(text.at[at]) &&
           is_digit(text.at[at + 1]) && is_digit(text.at[at + 2]) && !is_wordy(mark_at(text, at + 3).row);
}

/* ---- plain words ------------------------------------------------------------------------------------- */

/* What a byte says at a glance: its fold, or one of these. */
enum { ENDS = GLANCE_END, ASK = GLANCE_ASK, MORE = GLANCE_MARK + 1 };

/* clang-format off */
static const uint8_t glance[256] = {
    ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7',
    ['8'] = '8', ['9'] = '9',
    ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g', ['H'] = 'h',
    ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p',
    ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x',
    ['Y'] = 'y', ['Z'] = 'z',
    ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h',
    ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p',
    ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x',
    ['y'] = 'y', ['z'] = 'z',
    ['\''] = ASK, [','] = ASK, ['-'] = ASK, ['.'] = ASK, [':'] = ASK, [';'] = ASK, ['&'] = ASK, ['_'] = ASK,
    [0x80 ... 0xFF] = MORE,
};
/* clang-format on */

/* Whether a word surely ends before m, a character that is none of its plain ones. */
static bool surely_ends(struct span text, struct mark m)
{
    struct mark next;

    if (m.row->run == RUN_END || (m.row->flags & CHAR_PAIRS))
        return m.cp != ' ' || !is_next_group(text, m);
    switch (m.row->word) {
    case WB_SINGLE_QUOTE:
    case WB_MIDNUMLET:
    case WB_MIDLETTER:
    case WB_MIDNUM:
        break;
    default:
        if (!is_hyphen(m.cp) && !is_number_space(m.cp))
            return m.row->word == WB_OTHER &&
                   !(m.row->bits & (CHAR_LETTER | CHAR_DIGIT | CHAR_MARK | CHAR_IGNORED));
    }
    if (m.end == text.len)
        return true;
    next = mark_at(text, m.end);
    if (next.row->run != RUN_ASK)
        return next.row->run == RUN_END;
    return (next.row->flags & CHAR_PAIRS) || next.row->word == WB_SINGLE_QUOTE ||
           next.row->word == WB_MIDNUMLET || next.row->word == WB_MIDNUM;
}

/* What a character of more than one byte says at a glance. *len is its length; *cp its loose fold, where it is plain. */
static inline unsigned glance_at(const char *at, const char *end, uint32_t *cp, size_t *len)
{
    const struct char_row *row;
    unsigned flags;

    *len = utf8_next(at, end, cp);
    if (*cp < 0x800)
        return char_glance[*cp - 0x80];
    row = char_row(*cp);
    if (row->run == RUN_END || (row->flags & CHAR_PAIRS))
        return GLANCE_END;
    flags = (row->flags & CHAR_LOOSE_DIFFERS ? GLANCE_DIFFERS : 0u) |
            (row->flags & CHAR_ARABIC ? GLANCE_ARABIC : 0u);
    *cp = char_loose(*cp);
    return row->run == RUN_ASK ? GLANCE_ASK : flags | GLANCE_FOLD;
}

static inline void give(struct word *w, uint32_t start, uint32_t end, uint32_t pos, bool plain,
                        struct span key)
{
    w->start = start;
    w->end = w->head = end;
    w->pos = pos;
    w->width = 1;
    w->kind = WORD_WHOLE;
    w->pair = false;
    w->plain = plain;
    w->key = key;
}

/* Reads a word of plain characters from r->at into w. False, with nothing changed, when a rule must look at it. */
static bool take_plain(struct word_reader *r, struct word *w)
{
    const char *start = r->text.at + r->at, *at = start, *end = r->text.at + r->text.len;
    unsigned all = 0, last = 0; /* of enum char_glance */
    size_t len = 0, fold_len;

    while (at < end) {
        unsigned seen = glance[(unsigned char)*at];

        if (len > LIMIT_WORD - 4)
            return false;
        if (seen > MORE) {
            r->key[len++] = (char)seen;
            last = 0;
            at++;
            continue;
        }
        if ((all & GLANCE_HEBREW) && (*at == '"' || *at == '\''))
            return false; /* צה"ל is one word */
        if (seen == MORE) {
            uint32_t cp;
            size_t n;

            seen = glance_at(at, end, &cp, &n);
            if (seen > GLANCE_MARK) {
                all |= last = seen;
                len += utf8_put(r->key + len, n == 2 ? seen & GLANCE_FOLD : cp);
                at += n;
                continue;
            }
            if (seen == GLANCE_MARK) {
                if (!(last & (GLANCE_ARABIC | GLANCE_HEBREW)))
                    return false;
                all |= GLANCE_DIFFERS;
                at += n;
                continue;
            }
        }
        if ((seen == ASK || (*at == ' ' && len && len <= 3 && is_digit(r->key[len - 1]))) &&
            !surely_ends(r->text, mark_at(r->text, (uint32_t)(at - r->text.at))))
            return false;
        break;
    }
    if (len == 0)
        return false;
    fold_len = len;
    if (all & GLANCE_ARABIC)
        len = key_of_letters(r->key, len);
    give(w, r->at, (uint32_t)(at - r->text.at), r->pos++, !(all & GLANCE_DIFFERS) && len == fold_len,
         (struct span){r->key, len});
    r->at = w->end;
    return true;
}

/* A sign with a space or a line end behind it ends a word; the low line alone never does. */
static inline bool ends_ascii(const char *at, const char *end)
{
    unsigned seen = glance[(unsigned char)*at];

    return seen == ENDS || (seen == ASK && *at != '_' && end - at > 1 && (at[1] == ' ' || at[1] == '\n'));
}

/* The next word, when it is one of most; else only what stands before it may be passed. */
static inline bool take_ascii(struct word_reader *r, struct word *w)
{
    const char *at = r->text.at + r->at, *end = r->text.at + r->text.len;
    size_t len = 0;
    unsigned n;

    while (at < end && glance[(unsigned char)*at] == ENDS)
        at++;
    r->at = (uint32_t)(at - r->text.at);
    do {
        uint64_t eight = eight_until(at, end);

        n = eight_run(char_plain(eight));
        eight_put(r->key + len, eight | EIGHT(0x20)); /* the small letters; digits have this bit */
        at += n;
        len += n;
    } while (n == 8 && len + 8 <= LIMIT_WORD - 4);
    if (len == 0 || n == 8 || (at < end && !ends_ascii(at, end)))
        return false;
    if (len <= 3 && at < end && *at == ' ' && is_digit(at[-1])) /* 21 000 */
        return false;
    give(w, r->at, (uint32_t)(at - r->text.at), r->pos++, true, (struct span){r->key, len});
    r->at = w->end;
    return true;
}

/* 3.5: digits, a decimal stop, digits, the same in all keys. False, with nothing changed, for anything else. */
static bool take_decimal(struct word_reader *r, struct word *w)
{
    const char *start = r->text.at + r->at, *at = start, *end = r->text.at + r->text.len;
    unsigned stops = 0;

    while (at < end && stops < 2 && at - start <= LIMIT_WORD - 4 &&
           (is_digit(*at) || (*at == '.' && at > start && end - at > 1 && is_digit(at[1]))))
        stops += *at++ == '.';
    if (stops != 1 || at - start > LIMIT_WORD - 4)
        return false;
    if (at < end && (!ends_ascii(at, end) || (*at == ' ' && end - at > 1 && is_digit(at[1])))) /* 21.5 000 */
        return false;
    memcpy(r->key, start, (size_t)(at - start));
    give(w, r->at, (uint32_t)(at - r->text.at), r->pos++, true, (struct span){r->key, (size_t)(at - start)});
    r->at = w->end;
    return true;
}

/* ---- tokens ------------------------------------------------------------------------------------------ */

static void wait_for(struct word_reader *r, uint32_t start, uint32_t end, unsigned width, enum word_kind kind)
{
    r->waiting[r->waiting_count++] = (struct word_piece){start, end, r->pos, (uint16_t)width, kind};
}

/* True when the characters from `at` are single letters with stops between: U.S, e.g, U.N.H.C.R. */
static bool is_initialism(struct span text, uint32_t at, uint32_t end)
{
    unsigned letters = 0;

    for (;;) {
        struct mark letter = mark_at(text, at), stop = mark_at(text, letter.end);

        if (letter.end > end || !(letter.row->bits & CHAR_LETTER) || ++letters > LIMIT_WORD / 4)
            return false;
        if (letter.end == end || (stop.cp != '.' && !is_wordy(stop.row) && !(stop.row->bits & CHAR_MARK)))
            return letters > 1;
        if (stop.cp != '.')
            return false;
        at = stop.end;
    }
}

/* Keeps r->segment_end behind `at`. */
static void find_segment(struct word_reader *r, uint32_t at)
{
    if (r->segment_end <= at)
        r->segment_end = (uint32_t)break_word(r->text, at);
}

/* Behind the marks at `at`, which belong to the letter before them as a joiner does. */
static uint32_t end_of_marks(const struct word_reader *r, uint32_t at)
{
    for (struct mark m; at < r->segment_end; at = m.end) {
        m = mark_at(r->text, at);
        if (m.row->word != WB_EXTEND && m.row->word != WB_ZWJ && m.row->word != WB_FORMAT)
            break;
    }
    return at;
}

/* The end of the run of word characters that begins at `at`: up to a seam, a hyphen, or where the word ends. */
static uint32_t run_end(struct word_reader *r, uint32_t at)
{
    bool initialism;
    unsigned before = 0; /* flags of the last letter */
    struct mark m;

    find_segment(r, at);
    initialism = is_initialism(r->text, at, r->segment_end);
    for (uint32_t from = at;; at = m.end) {
        m = mark_at(r->text, at);
        if (at == r->segment_end) {
            bool small_digit = m.row->word == WB_OTHER && (m.row->bits & CHAR_DIGIT); /* m², CO₂ */
            if (at == r->text.len || !(small_digit || (is_number_space(m.cp) && is_next_group(r->text, m))))
                return at;
            r->segment_end = (uint32_t)break_word(r->text, small_digit ? at : m.end);
            if (small_digit && m.cp >= 0x2080 && m.cp <= 0x2089 && r->segment_end < r->text.len &&
                mark_at(r->text, r->segment_end).row->run == RUN_WORD)
                r->segment_end = (uint32_t)break_word(r->text, r->segment_end); /* H₂O */
        }
        if (at > from && (m.row->flags & CHAR_PAIRS))
            return at;
        if (is_seam(m.cp, before) && !initialism &&
            !(m.cp != '_' && is_digit(r->text.at[at - 1]) &&
              is_digit(r->text.at[m.end < r->text.len ? m.end : at])))
            return m.row->word == WB_EXTEND ? end_of_marks(r, m.end) : at;
        if (is_wordy(m.row))
            before = m.row->flags;
    }
}

/* Behind a seam or hyphen at `end`, or the space in 21 000: where the next run of the chain begins. False when none does. */
static bool next_run(struct word_reader *r, uint32_t end, uint32_t *next)
{
    struct mark m = mark_at(r->text, end);

    if (end == r->segment_end && (is_hyphen(m.cp) || (m.cp == ' ' && is_next_group(r->text, m))))
        m = mark_at(r->text, m.end);
    while (m.at < r->segment_end && !is_wordy(m.row)) /* a__b */
        m = mark_at(r->text, m.end);
    *next = m.at;
    return m.at < r->text.len && is_wordy(m.row) && !(m.row->flags & CHAR_PAIRS) &&
           (m.at > end || m.at < r->segment_end);
}

/* What English writes behind an apostrophe is no word, and what is before it then no word of its own either. */
static bool is_contraction(struct span after)
{
    static const char *const ends[] = {"t", "s", "d", "m", "re", "ve", "ll"};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (span_is(after, ends[i]))
            return true;
    return false;
}

/* What stands behind the first apostrophe of a run, when it is a word: l’État, O’Brien, Hebrew ו"ברכה"; and what stands
 * before it: İstanbul’da, O’Brien. */
static void wait_for_rests(struct word_reader *r, uint32_t start, uint32_t end)
{
    uint32_t before = 0, after = 0, letters = 0; /* where the apostrophe and the letter behind it stand */
    unsigned first = 0;                          /* letters before the apostrophe */
    struct span rest;

    for (uint32_t at = start; at < end && at - start < LIMIT_WORD;) { /* no key is longer */
        struct mark m = mark_at(r->text, at);

        if (!before && (is_apostrophe(m.cp) || m.cp == '"' || m.cp == 0x5F4)) {
            before = m.at;
        } else if (before && is_wordy(m.row)) {
            after = after ? after : m.at;
            letters += (m.row->bits & CHAR_LETTER) != 0;
        } else {
            first += (m.row->bits & CHAR_LETTER) != 0;
        }
        at = m.end;
    }
    if (!after)
        return;
    rest = span_cut(r->text, after, end);
    if (is_contraction(rest))
        return;
    if (letters >= 2)
        wait_for(r, after, end, 1, WORD_REST);
    if (before > start && (first >= 3 || ((mark_at(r->text, start).row->bits & CHAR_UPPER) &&
                                          (mark_at(r->text, after).row->bits & CHAR_UPPER))))
        wait_for(r, start, before, 1, WORD_REST);
}

/* A chain of runs becomes waiting pieces. */
static void take_token(struct word_reader *r, uint32_t start)
{
    uint32_t starts[PARTS_MAX], ends[PARTS_MAX];
    unsigned parts = 0;

    do {
        starts[parts] = start;
        ends[parts] = run_end(r, start);
    } while (next_run(r, ends[parts++], &start) && parts < PARTS_MAX);
    if (parts > 1)
        wait_for(r, starts[0], ends[parts - 1], parts, WORD_WHOLE);
    for (unsigned i = 0; i < parts; i++) {
        wait_for(r, starts[i], ends[i], 1, parts > 1 ? WORD_PART : WORD_WHOLE);
        wait_for_rests(r, starts[i], ends[i]);
        r->pos++;
    }
    r->at = ends[parts - 1];
}

/* ---- pairs ------------------------------------------------------------------------------------------- */

/* Row of the character at `at`, which has one byte or three; NULL when it has another length or is broken. */
static inline const struct char_row *row_of(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    if (b[0] < 0x80)
        return char_row(b[0]);
    if (b[0] - 0xE1u > 0xE || ((b[1] ^ 0x80) | (b[2] ^ 0x80)) >= 0x40 || (b[0] == 0xED && b[1] > 0x9F))
        return NULL;
    return char_row((uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F));
}

/* The most frequent case: one character or two of three bytes each, that fold to themselves, and nothing attaches to the
 * last. The bytes of the text are the key. What was seen of the characters behind is kept for the next call. */
static bool take_pair_alone(struct word_reader *r, struct word *w)
{
    const char *at = r->text.at + r->at;
    const struct char_row *row;
    uint32_t len = 3, known = r->alone_end;

    if (r->text.len - r->at < 9) /* the last three characters of a text go the other way */
        return false;
    if (known < r->at + 3 && (!(row = row_of(at)) || !(row->flags & CHAR_ALONE)))
        return false;
    if (known < r->at + 6) {
        if (!(row = row_of(at + 3)) ||
            (!(row->flags & CHAR_ALONE) && (row->flags & (CHAR_PAIRS | CHAR_ATTACHES))))
            return false;
        if (row->flags & CHAR_ALONE)
            known = r->at + 6;
    }
    if (known >= r->at + 6) {
        if (!(row = row_of(at + 6)) || (row->flags & CHAR_ATTACHES))
            return false;
        r->alone_end = r->at + (row->flags & CHAR_ALONE ? 9 : 6);
        len = 6;
    }
    give(w, r->at, r->at + len, r->pos++, true, (struct span){at, len});
    w->head = r->at += 3;
    w->pair = true;
    return true;
}

/* A character as readers see it; in Myanmar also with a vowel sign that UAX #29 leaves alone. */
static uint32_t pair_char_end(struct span text, uint32_t at)
{
    do
        at = (uint32_t)break_cluster(text, at);
    while (at < text.len && (mark_at(text, at).row->bits & CHAR_MARK));
    return at;
}

/* The character at `start` and the one after it; the last of a run alone. */
static void take_pair(struct word_reader *r, uint32_t start, struct word *w)
{
    uint32_t head = pair_char_end(r->text, start), end = head;

    if (head < r->text.len && (mark_at(r->text, head).row->flags & CHAR_PAIRS))
        end = pair_char_end(r->text, head);
    give(w, start, end, r->pos++, false, fold_word(span_cut(r->text, start, end), FOLD_LOOSE, r->key));
    w->head = r->at = head;
    w->pair = true;
}

/* ---- rests that come out of the key ------------------------------------------------------------------ */

/* Persian and Urdu are written with the same letters, but without these small words. */
static bool is_persian(struct span word)
{
    for (size_t at = 0; at < word.len;) {
        uint32_t cp;

        at += utf8_next(word.at + at, word.at + word.len, &cp);
        if (cp == 0x6CC || cp == 0x6A9 || (cp >= 0x679 && cp <= 0x6BE && cp != 0x6AA) || cp == 0x6C1 ||
            cp == 0x6D2)
            return true;
    }
    return false;
}

/* How many more ways to find it the key just given holds. */
static unsigned rests_of(const struct word_reader *r, const struct word *w)
{
    char other[LIMIT_WORD];
    size_t clitic;

    if (w->key.len < 5 || w->pair)
        return 0;
    if (is_digit(w->key.at[0]))
        return key_other_number(w->key, other).len > 0;
    if ((unsigned char)w->key.at[0] < 0xD8 || (clitic = key_clitic(w->key)) == 0 ||
        is_persian(span_cut(r->text, w->start, w->end)))
        return 0;
    return key_clitic(span_cut(w->key, clitic, w->key.len)) &&
                   (span_starts(w->key, SPAN("و")) || span_starts(w->key, SPAN("ف")))
               ? 2
               : 1;
}

/* The word given before becomes its next rest. */
static void take_rest(struct word_reader *r, struct word *w)
{
    size_t clitic;

    r->rests_due--;
    w->kind = WORD_REST;
    w->width = 1;
    w->plain = false;
    if (is_digit(w->key.at[0])) {
        char other[LIMIT_WORD];
        struct span number = key_other_number(w->key, other);

        memcpy(r->key, number.at, number.len);
        w->key.len = number.len;
        return;
    }
    clitic = key_clitic(w->key);
    memmove(r->key, r->key + clitic, w->key.len - clitic);
    w->key.len = key_of_fold(r->key, w->key.len - clitic);
}

/* ---- the reader -------------------------------------------------------------------------------------- */

void word_open(struct word_reader *r, struct span text, uint32_t pos)
{
    r->text = text;
    r->at = r->segment_end = 0;
    r->pos = pos;
    r->waiting_at = r->waiting_count = r->rests_due = 0;
    r->alone_end = 0;
}

/* The next word from the text into w, or waiting pieces and an empty key. False at the end. */
static bool take_next(struct word_reader *r, struct word *w)
{
    const char *end = r->text.at + r->text.len;

    while (r->at < r->text.len) {
        const char *at = r->text.at + r->at;
        unsigned seen = glance[(unsigned char)*at];
        uint32_t cp;
        size_t len = 1;

        if (seen == MORE && glance_at(at, end, &cp, &len) <= GLANCE_MARK) {
            struct mark m = mark_at(r->text, r->at);

            if (m.row->flags & CHAR_PAIRS) {
                if (!take_pair_alone(r, w))
                    take_pair(r, r->at, w);
                return true;
            }
            seen = is_wordy(m.row) ? MORE : ASK;
        }
        if (seen < MORE) {
            r->at += (uint32_t)len;
            continue;
        }
        if (!take_decimal(r, w) && !take_plain(r, w)) {
            w->key.len = 0;
            take_token(r, r->at);
        }
        return true;
    }
    return false;
}

static __attribute__((noinline)) int next_of_any(struct word_reader *r, struct word *w)
{
    if (r->alone_end > r->at && take_pair_alone(r, w))
        return 1; /* in the middle of a run: nothing waits */
    if (r->rests_due) {
        take_rest(r, w);
        return 1;
    }
    do {
        if (r->waiting_at < r->waiting_count) {
            const struct word_piece *p = &r->waiting[r->waiting_at++];

            *w = (struct word){.start = p->start,
                               .end = p->end,
                               .head = p->end,
                               .pos = p->pos,
                               .width = p->width,
                               .kind = p->kind};
            w->key = key_loose(span_cut(r->text, p->start, p->end), r->key);
        } else {
            r->waiting_at = r->waiting_count = 0;
            if (!take_next(r, w))
                return 0;
        }
    } while (w->key.len == 0);
    r->rests_due = rests_of(r, w);
    return 1;
}

int word_next(struct word_reader *r, struct word *w)
{
    bool waits = r->alone_end > r->at || r->rests_due || r->waiting_at < r->waiting_count;

    return !waits && take_ascii(r, w) ? 1 : next_of_any(r, w);
}

struct span word_exact(struct word_reader *r, const struct word *w)
{
    return w->plain ? w->key : key_exact(span_cut(r->text, w->start, w->end), r->exact);
}

uint32_t word_pos(const struct word_reader *r)
{
    return r->pos;
}
