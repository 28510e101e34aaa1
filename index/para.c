#include "index/para.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/look.h"
#include "index/mark.h"
#include "index/mark_read.h"
#include "index/period.h"

/* ---- lines -------------------------------------------------------------------------------------- */

/* White space, and the byte order mark: pasted text is full of both, and no paragraph begins with them. */
static bool is_blank(uint32_t cp)
{
    return cp < 0x80 ? cp <= ' ' : cp == 0xFEFF || cp == 0x200B || (char_bits(cp) & CHAR_SPACE);
}

static struct span trim(struct span s)
{
    uint32_t cp;
    size_t len;

    while (s.len && (len = utf8_next(s.at, s.at + s.len, &cp), is_blank(cp)))
        s.at += len, s.len -= len;
    while (s.len && (len = utf8_prev(s.at, s.at + s.len, &cp), is_blank(cp)))
        s.len -= len;
    return s;
}

/* The line at `at` without its end; *next is where the following one begins. Ends are \n, \r\n and \r. */
static struct span line_at(const char *at, const char *end, const char **next)
{
    const char *line = memchr(at, '\n', (size_t)(end - at));
    const char *p = memchr(at, '\r', (size_t)((line ? line : end) - at));

    if (!p)
        p = line ? line : end;
    *next = p == end ? end : p + 1 + (p[0] == '\r' && p + 1 < end && p[1] == '\n');
    return (struct span){at, (size_t)(p - at)};
}

/* Columns of the line, up to a few more than any at which text is broken; Han, kana and Hangul take two. */
static uint32_t width(struct span s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < s.len && n < 200; i++) {
        unsigned char c = (unsigned char)s.at[i];

        n += (c & 0xC0) == 0x80 ? 0 : c >= 0xE3 && c <= 0xED ? 2 : 1;
    }
    return n;
}

/* Characters of the first word; one where words are written without spaces. */
static uint32_t first_word_width(struct span s)
{
    uint32_t cp, n = 0;

    for (const char *at = s.at, *end = s.at + s.len; at < end && n < 100; n++) {
        at += utf8_next(at, end, &cp);
        if (is_blank(cp))
            break;
        if (char_bits(cp) & CHAR_DENSE)
            return n + 1;
    }
    return n;
}

static bool is_one_of(uint32_t cp, const char *set)
{
    const char *end = set + strlen(set);
    uint32_t one;

    while (set < end) {
        set += utf8_next(set, end, &one);
        if (one == cp)
            return true;
    }
    return false;
}

/* The last character that closes nothing, or 0; *closed: marks or brackets stand behind it. */
static uint32_t last_character(struct span s, bool *closed)
{
    size_t whole = s.len, len;
    uint32_t cp;

    for (; s.len; s.len -= len) {
        len = utf8_prev(s.at, s.at + s.len, &cp);
        if (!is_one_of(cp, "\"')]}”’“‘»«›‹」』）】*_"))
            break;
    }
    *closed = s.len < whole;
    return s.len ? cp : 0;
}

bool para_ends_sentence(struct span s)
{
    bool closed;

    return is_one_of(last_character(s, &closed), ".!?…:;。！？：；؟۔।॥");
}

/* ---- marks at the beginning of a line ----------------------------------------------------------- */

struct line {
    struct span text; /* without marks and white space */
    uint32_t blank_before, level;
    uint32_t indent; /* white space before it, in bytes */
    uint32_t number; /* of a numbered item, or 0 */
    enum para_mark mark;
    bool drop;     /* markup that is no text at all */
    bool verbatim; /* in a block whose line breaks are meant */
};

static bool is_rule(struct span s)
{
    uint32_t cp, first = 0, n = 0;

    for (const char *at = s.at, *end = s.at + s.len; at < end; n++) {
        at += utf8_next(at, end, &cp);
        if (first == 0)
            first = cp;
        if (cp == ' ')
            continue;
        if (cp != first || (!strchr("-=*_~#+", (int)(cp < 0x80 ? cp : 1)) && cp != 0x2014 && cp != 0x2013 &&
                            cp != 0x2500 && cp != 0x2022))
            return false;
    }
    return n >= 3;
}

/* The bytes of a bullet with the spaces after it, or 0. A dash before speech is no bullet: in French and
 * Spanish it opens a quotation, and there it is a long one. */
static size_t bullet_len(struct span s, enum clean_markup markup)
{
    static const char *const bullets[] = {"•", "‣", "◦", "▪", "●", "■", "·", "*", "-", "+"};
    size_t len = 0;

    for (size_t i = 0; i < sizeof bullets / sizeof *bullets && !len; i++)
        if (span_begins(s, bullets[i]))
            len = strlen(bullets[i]);
    if (!len || (s.at[0] == '+' && markup == CLEAN_PLAIN))
        return 0;
    if (len == 1 && (s.len < 2 || (s.at[1] != ' ' && s.at[1] != '\t')))
        return 0;
    return (size_t)(trim(span_cut(s, len, s.len)).at - s.at);
}

/* The signs of a heading: `# ` to `###### ` in Markdown, stars in org; 0 when it is none. */
static uint32_t heading_level(struct span s, enum clean_markup markup)
{
    char sign = markup == CLEAN_MARKDOWN ? '#' : markup == CLEAN_ORG ? '*' : '\0';
    uint32_t n = 0;

    while (sign && n < s.len && n < 9 && s.at[n] == sign)
        n++;
    return n && n < s.len && n <= 8 && s.at[n] == ' ' ? n : 0;
}

/* The number of "3. " or "3) " at the beginning, which stays in the text; 0 when there is none. */
static uint32_t item_number(struct span s)
{
    uint32_t n = 0;
    size_t i = 0;

    while (i < s.len && i < 3 && s.at[i] >= '0' && s.at[i] <= '9')
        n = n * 10 + (uint32_t)(s.at[i++] - '0');
    return i && i + 1 < s.len && (s.at[i] == '.' || s.at[i] == ')') && s.at[i + 1] == ' ' ? n : 0;
}

static void strip(struct line *l, size_t marks, enum para_mark mark)
{
    l->mark = mark;
    l->text = trim(span_cut(l->text, marks, l->text.len));
}

static void read_marks(struct line *l, enum clean_markup markup)
{
    size_t len;

    if (is_rule(l->text)) {
        l->mark = PARA_RULE;
    } else if ((l->level = heading_level(l->text, markup)) != 0 && l->indent == 0) {
        strip(l, l->level, PARA_HEADING);
    } else if (l->text.at[0] == '>' && (l->text.len == 1 || l->text.at[1] == ' ' || l->text.at[1] == '>')) {
        while (l->text.len && l->text.at[0] == '>')
            strip(l, 1, PARA_QUOTED);
    } else if ((len = bullet_len(l->text, markup)) != 0) {
        strip(l, len, PARA_BULLET);
    } else {
        l->number = item_number(l->text);
    }
}

/* ---- blocks of markup --------------------------------------------------------------------------- */

/* Where in the markup we are. */
struct fence {
    bool code, quote, drawer, example;
};

static bool starts_nocase(struct span s, const char *with)
{
    size_t len = strlen(with);

    return s.len >= len && strncasecmp(s.at, with, len) == 0;
}

static void read_markdown(struct line *l, struct fence *f)
{
    if (span_starts(l->text, SPAN("```")) || span_starts(l->text, SPAN("~~~"))) {
        f->code = !f->code;
        l->drop = true;
    } else if (span_starts(l->text, SPAN("<!--")) && span_ends(l->text, SPAN("-->"))) {
        l->drop = true;
    } else if (span_starts(l->text, SPAN("![")) && span_ends(l->text, SPAN(")"))) {
        l->drop = !memmem(l->text.at, l->text.len, ") ", 2);
    }
}

static void read_org(struct line *l, struct fence *f)
{
    bool drawer = l->text.len > 2 && l->text.at[0] == ':' && l->text.at[l->text.len - 1] == ':' &&
                  !memchr(l->text.at, ' ', l->text.len);

    l->drop = drawer || f->drawer || starts_nocase(l->text, "#+") || span_starts(l->text, SPAN("# "));
    if (drawer)
        f->drawer = strncasecmp(l->text.at, ":END:", 5) != 0;
    if (starts_nocase(l->text, "#+begin_quote"))
        f->quote = true;
    else if (starts_nocase(l->text, "#+begin_"))
        f->example = true;
    else if (starts_nocase(l->text, "#+end_"))
        f->quote = f->example = false;
}

/* ---- reading all lines -------------------------------------------------------------------------- */

struct lines {
    const char *at, *end;
    enum clean_markup markup;
    struct fence fence;
};

/* The next line that holds something; false at the end. */
static bool next_line(struct lines *in, struct line *l)
{
    uint32_t blank = 0;

    while (in->at < in->end) {
        const char *from = in->at;
        *l = (struct line){.text = trim(line_at(from, in->end, &in->at))};
        l->blank_before = blank;
        if (l->text.len == 0) {
            blank += blank < 0xFFFFFF;
            continue;
        }
        l->indent = (uint32_t)(l->text.at - from);
        if (in->markup == CLEAN_MARKDOWN)
            read_markdown(l, &in->fence);
        else if (in->markup == CLEAN_ORG)
            read_org(l, &in->fence);
        l->verbatim = in->markup == CLEAN_PLAIN || in->fence.code || in->fence.example;
        if (!l->drop && !in->fence.code)
            read_marks(l, in->markup);
        if (in->fence.quote && l->mark == PARA_PLAIN)
            l->mark = PARA_QUOTED;
        if (l->drop || l->text.len == 0)
            blank += blank < 0xFFFFFF; /* parts what is above it from what is below */
        else
            return true;
    }
    return false;
}

/* ---- which line ends are none ------------------------------------------------------------------- */

/* A line wrongly joined may make the name in a heading the speaker of what stands below; one wrongly cut off takes words
 * from a quotation. So a blank line, a bullet, a number and a row of a table part whatever they stand between, and a
 * line belongs to the one above it only where one of these says so:
 *
 *      markup      in Markdown and org no single line end is the end of a paragraph
 *      quotation   one stands open there, and is closed before anything parts or opens another
 *      sentence    it goes on with a small letter, or stopped at a comma
 *      column      lines are as full as the next word lets them be, in a text that is broken at a column
 *      hand        many line ends cut sentences, and blank lines stand between paragraphs: no line end means anything
 *      habit       a sentence that began further up goes on, in a text that is known to cut sentences
 */

/* True when the line's first letter is a small one: it goes on with a sentence. */
static bool begins_small(struct span s)
{
    uint32_t cp;

    (void)utf8_next(s.at, s.at + s.len, &cp);
    return (char_bits(cp) & CHAR_LOWER) != 0;
}

/* True when the line's first character is a capital or a number: a name, or a new line of something. */
static bool begins_large(struct span s)
{
    uint32_t cp;

    (void)utf8_next(s.at, s.at + s.len, &cp);
    return (char_bits(cp) & (CHAR_UPPER | CHAR_DIGIT)) != 0;
}

/* True when the last word is a shortened one, as Mr. is, whose point ends no sentence. */
static bool ends_shortened(struct span s)
{
    size_t from = s.len;

    if (s.len < 2 || s.at[s.len - 1] != '.')
        return false;
    while (from && s.at[from - 1] != ' ' && s.at[from - 1] != '\t' && s.at[from - 1] != '\n')
        from--;
    return from + 1 < s.len && period_shortens(span_cut(s, from, s.len - 1));
}

/* What stands at the end of a line, with the first letter of the next. */
enum stop {
    STOP_SENTENCE, /* the end of a sentence */
    STOP_NONE,     /* nothing that ends one, and no small letter */
    STOP_COMMA,    /* a comma, or the point of a shortened word: something follows */
    STOP_SMALL     /* a small letter follows */
};

static enum stop stop_between(struct span above, struct span below)
{
    bool small = begins_small(below), closed;
    uint32_t last = last_character(above, &closed);

    if (ends_shortened(above))
        return mark_shape_at(below, 0, (uint32_t)below.len) == SHAPE_NONE ? STOP_COMMA : STOP_SENTENCE;
    if (small && closed && is_one_of(last, "!?…！？")) /* “Really?” she asked */
        return STOP_SMALL;
    if (para_ends_sentence(above))
        return STOP_SENTENCE;
    return small ? STOP_SMALL : is_one_of(last, ",،、，") ? STOP_COMMA : STOP_NONE;
}

/* True when one of the lines is a row of a table in the way of Markdown and org, or both look like rows of another. */
static bool are_rows(struct span above, struct span below)
{
    return above.at[0] == '|' || below.at[0] == '|' ||
           (memmem(above.at, above.len, " | ", 3) && memmem(below.at, below.len, " | ", 3));
}

/* True when markup or a blank line parts the lines, whatever they say. */
static bool is_parted(const struct line *above, const struct line *l, enum clean_markup markup)
{
    bool lazy = markup == CLEAN_MARKDOWN && (above->mark == PARA_BULLET || above->mark == PARA_QUOTED);

    if (l->blank_before || above->mark == PARA_RULE || above->mark == PARA_HEADING || l->mark == PARA_BULLET)
        return true;
    if (l->mark != above->mark &&
        !(l->mark == PARA_PLAIN && (lazy || (above->mark == PARA_BULLET && l->indent))))
        return true;
    /* 1. begins a list, any number goes on with one; 1986. may be the end of a sentence */
    return (l->number && (l->number == 1 || above->number)) || are_rows(above->text, l->text) ||
           l->verbatim != above->verbatim;
}

/* How the text is broken into lines. Only lines with another one right below them tell. */
struct wrap {
    uint32_t lines;  /* an upper bound of its paragraphs */
    uint32_t pairs;  /* lines with another right below */
    uint32_t wide;   /* lines longer than any column */
    uint32_t narrow; /* lines that a column could have broken */
    uint32_t open;   /* of the narrow, those that end inside a sentence */
    uint32_t small;  /* of the narrow, those followed by a small letter */
    uint32_t column; /* the longest of those that are not wide */
    uint32_t sure;   /* ends inside sentences that mean nothing: a small letter or a comma says so */
    uint32_t large;  /* ends inside sentences, before a capital or a number, that may mean something */
};

enum { COLUMN_MIN = 40, COLUMN_MAX = 120, SURE_LINES = 4 };

static void measure_pair(struct wrap *w, const struct line *above, const struct line *l)
{
    uint32_t cols = width(above->text);
    enum stop stop = stop_between(above->text, l->text);

    w->pairs++;
    w->sure += stop == STOP_SMALL || stop == STOP_COMMA;
    w->large += stop == STOP_NONE && begins_large(l->text);
    if (cols <= COLUMN_MAX && cols > w->column)
        w->column = cols;
    if (cols > COLUMN_MAX || width(l->text) > COLUMN_MAX) {
        w->wide++;
    } else if (cols >= COLUMN_MIN) { /* shorter ones are buttons and names */
        w->narrow++;
        w->open += stop != STOP_SENTENCE;
        w->small += stop == STOP_SMALL;
    }
}

static struct wrap measure(struct lines in)
{
    struct line l, above = {0};
    struct wrap w = {0};

    for (; next_line(&in, &l); above = l, w.lines++)
        if (w.lines && !is_parted(&above, &l, in.markup))
            measure_pair(&w, &above, &l);
    return w;
}

/* Two or three lines are broken ones only when a small letter says so: they may be headline, byline, date. */
static bool is_broken(const struct wrap *w)
{
    return w->open * 2 > w->narrow && w->narrow > w->wide && (w->small || w->narrow >= SURE_LINES);
}

/* Nouns and names begin with capitals too, so not every end that means nothing is followed by a small letter. */
static bool is_habit(const struct wrap *w)
{
    return w->sure && w->sure * 3 >= w->large;
}

/* Broken by hand: a quarter of the line ends cut a sentence, and paragraphs stand apart by blank lines. So a line end is
 * none after a sentence either. */
static bool is_by_hand(const struct wrap *w)
{
    return w->sure * 4 >= w->pairs && w->sure >= 2 && !w->wide && w->lines - w->pairs > 2;
}

/* True when a line of furniture stands right below a line of text: a byline, a date, a button. */
static bool is_furniture(struct span s)
{
    return s.len < 80 && look_furniture(s);
}

/* True when a speaker of a dialogue may begin here: such lines stand close together. */
static bool starts_turn(struct span s)
{
    return span_starts(s, SPAN("—")) || span_starts(s, SPAN("–")) || span_starts(s, SPAN("―"));
}

/* True when the line begins with a few words and a colon, as the turns of a conversation do. */
static bool starts_label(struct span s)
{
    size_t n = 0;

    while (n < s.len && n < 60 && !strchr(".!?,;:", s.at[n]))
        n++;
    return n < s.len && s.at[n] == ':';
}

/* ---- quotations over line ends ------------------------------------------------------------------ */

/* The quotations between marks, each run of lines that nothing parts being one block. */
struct bridges {
    struct marked *at;
    uint32_t count, next; /* the first that does not end before the line end at hand */
    uint32_t judged;      /* `next` + 1 once it was looked into, and */
    bool holds;           /* what was seen there */
};

enum { BRIDGE_LONGEST = 4000 }; /* bytes: what is longer began with a stray mark */

/* True when no other quotation of the same marks begins inside: else the first is one that nobody closed. What goes on
 * from above a blank line without a mark of its own is no evidence: the line may as well be the headline of another story. */
static bool is_whole(struct span text, const struct marked *m)
{
    struct span mark = span_trim(span_cut(text, m->outer_start, m->start));
    struct span inside = span_cut(text, m->start, m->end);

    return !m->open && m->outer_end - m->outer_start <= BRIDGE_LONGEST &&
           (m->single || (mark.len && !memmem(inside.at, inside.len, mark.at, mark.len)));
}

/* True when a quotation spans the line end between `above` and `below`, which is never before an earlier one. */
static bool is_bridged(struct bridges *b, struct span text, const char *above, const char *below)
{
    uint32_t from = (uint32_t)(above - text.at), to = (uint32_t)(below - text.at);

    while (b->next < b->count && b->at[b->next].outer_end <= to)
        b->next++;
    if (b->next == b->count || b->at[b->next].outer_start >= from)
        return false;
    if (b->judged != b->next + 1) {
        b->judged = b->next + 1;
        b->holds = is_whole(text, &b->at[b->next]);
    }
    return b->holds;
}

static int find_bridges(struct arena *mem, struct span text, struct lines in, const struct wrap *w,
                        struct bridges *b)
{
    struct block *runs = arena_array(mem, w->lines + 1u, sizeof *runs);
    struct article a = {.text = text, .blocks = runs};
    struct line l, above = {0};

    if (!runs)
        return ERR_NOMEM;
    for (; next_line(&in, &l); above = l) {
        if (!a.block_count || is_parted(&above, &l, in.markup))
            runs[a.block_count++] = (struct block){.start = (uint32_t)(l.text.at - text.at)};
        else
            l.mark = above.mark, l.number = above.number;
        runs[a.block_count - 1].end = (uint32_t)(l.text.at + l.text.len - text.at);
    }
    return mark_pair(mem, &a, &b->at, &b->count);
}

/* ---- paragraphs --------------------------------------------------------------------------------- */

struct gather {
    struct wrap wrap;
    bool broken, hand, habit; /* see the top of this part */
    struct bridges bridges;
    struct span text;
    enum clean_markup markup;
    bool top;    /* of the line above: it stands in the first paragraph, */
    bool alone;  /* is all of its paragraph so far, */
    bool inside; /* began inside a sentence, so it is no heading */
};

/* The line above is full: the next word would not have fitted. The slack is for text broken by hand. */
static bool is_full(const struct gather *g, uint32_t cols, const struct line *l)
{
    return (cols + 1 + first_word_width(l->text)) * 5 > g->wrap.column * 4;
}

/* True when `l` goes on with the paragraph of the line `above` it; neither marks a paragraph nor stands in a quotation. */
static bool reads_on(const struct gather *g, const struct line *above, const struct line *l, enum stop stop)
{
    uint32_t cols = width(above->text);

    if (stop == STOP_SENTENCE && l->verbatim && !g->hand && !g->broken)
        return false;
    if (is_furniture(l->text) && !(g->inside && stop != STOP_SENTENCE))
        return false;
    if (!l->verbatim)
        return !(g->alone && is_furniture(above->text));
    if (stop == STOP_SMALL || stop == STOP_COMMA)
        return true;
    if (cols > COLUMN_MAX)
        return false;
    if (stop == STOP_SENTENCE && above->mark == PARA_PLAIN && l->mark == PARA_PLAIN &&
        (starts_turn(l->text) || l->indent > above->indent + 1)) /* a paragraph that begins with an indent */
        return false;
    if (stop == STOP_SENTENCE && g->hand && !starts_label(l->text))
        return true;
    if (g->broken && is_full(g, cols, l))
        return true;
    if (stop == STOP_SENTENCE || !g->habit)
        return false;
    /* What begins a sentence and does not end it may be a heading, whose name is nobody's who speaks below. */
    return g->inside || (!g->top && (g->hand ? cols * 2 >= g->wrap.column : is_full(g, cols, l)) &&
                         mark_shape_at(l->text, 0, (uint32_t)l->text.len) == SHAPE_NONE);
}

static bool goes_on(struct gather *g, const struct line *above, const struct line *l)
{
    enum stop stop = stop_between(above->text, l->text);
    bool parted = is_parted(above, l, g->markup) || (stop == STOP_SENTENCE && look_credit(l->text));
    bool bridged = !parted && is_bridged(&g->bridges, g->text, above->text.at + above->text.len, l->text.at);
    bool joined = bridged || (!parted && reads_on(g, above, l, stop));

    g->alone = !joined;
    g->inside = joined && (bridged || stop != STOP_SENTENCE);
    return joined;
}

/* Underlined in the way of Markdown: what stands above is a heading, unless it is too long for one. */
static bool is_underline(const struct gather *g, const struct line *l, const struct para *last)
{
    return g->markup == CLEAN_MARKDOWN && l->mark == PARA_RULE && !l->blank_before &&
           (l->text.at[0] == '=' || l->text.at[0] == '-') && last->mark == PARA_PLAIN &&
           width(span_cut(g->text, last->start, last->end)) < COLUMN_MAX;
}

int para_find(struct arena *mem, struct span text, uint32_t start, uint32_t end, enum clean_markup markup,
              struct para **out, uint32_t *count)
{
    struct lines in = {.at = text.at + start, .end = text.at + end, .markup = markup};
    struct gather g = {.wrap = measure(in), .text = text, .markup = markup, .alone = true};
    struct para *paras = arena_array(mem, g.wrap.lines + 1u, sizeof *paras), *last = NULL;
    struct line l, above = {0};
    int rc;

    *out = paras;
    *count = 0;
    if (!paras)
        return ERR_NOMEM;
    g.broken = is_broken(&g.wrap);
    g.habit = is_habit(&g.wrap);
    g.hand = is_by_hand(&g.wrap);
    if (g.wrap.pairs && markup == CLEAN_PLAIN && (rc = find_bridges(mem, text, in, &g.wrap, &g.bridges)) < 0)
        return rc;
    for (; next_line(&in, &l); above = l) {
        g.top = *count == 1;
        if (last && goes_on(&g, &above, &l)) {
            last->end = (uint32_t)(l.text.at + l.text.len - text.at);
            l.mark = above.mark; /* the bullet's second line belongs to the bullet */
            l.number = above.number;
            continue;
        }
        if (last && is_underline(&g, &l, last))
            last->mark = PARA_HEADING, last->level = l.text.at[0] == '=' ? 1 : 2;
        last = &paras[(*count)++];
        *last = (struct para){.start = (uint32_t)(l.text.at - text.at),
                              .end = (uint32_t)(l.text.at + l.text.len - text.at),
                              .blank_before = l.blank_before & 0xFFFFFF,
                              .mark = (unsigned)l.mark & 15,
                              .level = l.level & 15};
    }
    return 0;
}
