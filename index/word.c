#include "index/word.h"

#include "base/utf8.h"

enum { PARTS_MAX = 9 }; /* of a hyphenated word; a longer chain goes on as the next word */

/* One character of the text and what it is. */
struct mark {
    uint32_t at, len, cp;
    unsigned bits;
};

static struct mark mark_at(struct span text, uint32_t at)
{
    struct mark m = {.at = at};

    if (at < text.len && (unsigned char)text.at[at] < 0x80) {
        m.len = 1;
        m.cp = (unsigned char)text.at[at];
        m.bits = char_bits_ascii[m.cp];
    } else if (at < text.len) {
        m.len = (uint32_t)utf8_next(text.at + at, text.at + text.len, &m.cp);
        m.bits = m.cp == UTF8_BAD ? 0 : char_bits(m.cp);
    }
    return m;
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x2018 || cp == 0x02BC || cp == 0xFF07 || cp == 0x05F3 ||
           cp == 0x05F4;
}

static bool is_hyphen(uint32_t cp)
{
    return cp == '-' || cp == 0x2010 || cp == 0x2011 || cp == 0x05BE;
}

/* True when `m` stays inside a word between characters of kind `before` and `after` (UAX #29 rules WB6, WB7,
 * WB11, WB12). */
static bool joins(struct mark m, unsigned before, unsigned after)
{
    bool letters = (before & CHAR_LETTER) && (after & CHAR_LETTER);
    bool digits = (before & CHAR_DIGIT) && (after & CHAR_DIGIT);

    if (is_apostrophe(m.cp))
        return letters;
    if (m.cp == '.')
        return letters || digits;
    if (m.cp == ',')
        return digits;
    return m.cp == 0xB7 && letters;
}

/* The end of the run of word characters that begins at `at`; 0 length when none does. */
static uint32_t run_end(struct span text, uint32_t at)
{
    unsigned before = 0;
    uint32_t end = at;

    while (at < text.len) {
        struct mark m;

        while (at < text.len && (unsigned char)text.at[at] < 0x80 &&
               (char_bits_ascii[(unsigned char)text.at[at]] & (CHAR_LETTER | CHAR_DIGIT))) {
            before = char_bits_ascii[(unsigned char)text.at[at]];
            end = ++at;
        }
        m = mark_at(text, at);
        if (m.bits & CHAR_DENSE)
            break;
        if (m.bits & (CHAR_LETTER | CHAR_DIGIT)) {
            before = m.bits;
        } else if (!(m.bits & (CHAR_MARK | CHAR_IGNORED)) || !before) {
            struct mark next = mark_at(text, at + m.len);
            if (!before || (next.bits & CHAR_DENSE) || !joins(m, before, next.bits))
                break;
            at += m.len;
            continue; /* end does not move: a joiner belongs to the word only with what follows */
        }
        at += m.len;
        end = at;
    }
    return end;
}

static void wait_for(struct word_reader *r, uint32_t start, uint32_t end, uint32_t pos, bool part)
{
    r->waiting[r->waiting_count++] = (struct word_piece){start, end, pos, part};
}

/* What follows an apostrophe is a word of its own when it has two letters or more: l’État, O’Brien, but not
 * don’t. */
static void wait_for_elided(struct word_reader *r, uint32_t start, uint32_t end, uint32_t pos)
{
    uint32_t after = 0, letters = 0;

    for (uint32_t at = start; at < end;) {
        struct mark m = mark_at(r->text, at);
        at += m.len;
        if (is_apostrophe(m.cp) && !after)
            after = at;
        else if (m.bits & CHAR_LETTER)
            letters += after != 0;
    }
    if (after && letters >= 2)
        wait_for(r, after, end, pos, true);
}

/* A chain of runs joined by hyphens becomes waiting pieces. */
static void take_token(struct word_reader *r, uint32_t start, uint32_t end)
{
    uint32_t part_start[PARTS_MAX], part_end[PARTS_MAX];
    unsigned parts = 0;
    uint32_t whole_end;

    part_start[parts] = start;
    part_end[parts++] = end;
    while (parts < PARTS_MAX) {
        struct mark hyphen = mark_at(r->text, end);
        uint32_t next = hyphen.len && is_hyphen(hyphen.cp) ? run_end(r->text, end + hyphen.len) : 0;
        if (next <= end + hyphen.len)
            break;
        part_start[parts] = end + hyphen.len;
        part_end[parts++] = next;
        end = next;
    }
    whole_end = end;
    if (parts > 1)
        wait_for(r, start, whole_end, r->pos, false);
    for (unsigned i = 0; i < parts; i++) {
        wait_for(r, part_start[i], part_end[i], r->pos, parts > 1);
        wait_for_elided(r, part_start[i], part_end[i], r->pos);
        r->pos++;
    }
    r->at = whole_end;
}

/* One character with the marks that belong to it, of a script without spaces. */
static uint32_t cluster_end(struct span text, uint32_t at)
{
    struct mark m = mark_at(text, at);

    do {
        at += m.len;
        m = mark_at(text, at);
    } while (m.len && (m.bits & (CHAR_MARK | CHAR_IGNORED)));
    return at;
}

/* A character and the one after it; the last of a run alone. */
static void take_dense(struct word_reader *r)
{
    uint32_t start = r->at, middle = cluster_end(r->text, start), end = middle;

    if (mark_at(r->text, middle).bits & CHAR_DENSE)
        end = cluster_end(r->text, middle);
    wait_for(r, start, end, r->pos++, false);
    r->at = middle;
}

/* Fills the waiting pieces from the next token. False at the end of the text. */
static bool take_next(struct word_reader *r)
{
    r->waiting_at = r->waiting_count = 0;
    while (r->at < r->text.len) {
        struct mark m = mark_at(r->text, r->at);
        if (m.bits & CHAR_DENSE) {
            take_dense(r);
            return true;
        }
        if (m.bits & (CHAR_LETTER | CHAR_DIGIT)) {
            take_token(r, r->at, run_end(r->text, r->at));
            return true;
        }
        r->at += m.len;
    }
    return false;
}

/* True for U.S., e.g, U.N.H.C.R: single letters between full stops. */
static bool is_initialism(const char *key, size_t len)
{
    bool stop_due = false, any = false;

    for (size_t i = 0; i < len; i++) {
        if (stop_due != (key[i] == '.') || (key[i] >= '0' && key[i] <= '9'))
            return false;
        any |= stop_due;
        stop_due = !stop_due;
    }
    return any;
}

/* Takes the joiners out of a folded word, in place. */
static size_t join_up(char *key, size_t len)
{
    bool initialism = is_initialism(key, len);
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        if (key[i] != '\'' && key[i] != '-' && key[i] != ',' && !(initialism && key[i] == '.'))
            key[n++] = key[i];
    return n;
}

void word_open(struct word_reader *r, struct span text, uint32_t pos)
{
    r->text = text;
    r->at = 0;
    r->pos = pos;
    r->waiting_at = r->waiting_count = 0;
}

int word_next(struct word_reader *r, struct word *w)
{
    for (;;) {
        struct word_piece *p;

        if (r->waiting_at == r->waiting_count && !take_next(r))
            return 0;
        p = &r->waiting[r->waiting_at++];
        w->start = p->start;
        w->end = p->end;
        w->pos = p->pos;
        w->part = p->part;
        w->key = fold_word(span_cut(r->text, p->start, p->end), FOLD_LOOSE, r->key);
        w->key.len = join_up(r->key, w->key.len);
        if (w->key.len)
            return 1;
    }
}

uint32_t word_pos(const struct word_reader *r)
{
    return r->pos;
}
