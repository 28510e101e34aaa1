#include "index/para.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/look.h"

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

/* Characters of the line, up to a few more than any column at which text is broken. */
static uint32_t width(struct span s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < s.len && n < 200; i++)
        n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
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

bool para_ends_sentence(struct span s)
{
    static const char closers[] = "\"')]}”’“‘»«›‹」』）】*_";
    static const char enders[] = ".!?…:;。！？：；؟۔।॥";
    char one[5] = {0};
    uint32_t cp;

    while (s.len) {
        size_t len = utf8_prev(s.at, s.at + s.len, &cp);
        memcpy(one, s.at + s.len - len, len);
        one[len] = '\0';
        if (strstr(enders, one))
            return true;
        if (!strstr(closers, one))
            return false;
        s.len -= len;
    }
    return false;
}

/* ---- marks at the beginning of a line ----------------------------------------------------------- */

struct line {
    struct span text; /* without marks and white space */
    uint32_t blank_before, level;
    uint32_t indent; /* white space before it, in bytes */
    enum para_mark mark;
    bool drop; /* markup that is no text at all */
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
    }
}

/* ---- blocks of markup --------------------------------------------------------------------------- */

/* Where in the markup we are. */
struct fence {
    bool code, quote, drawer;
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
    else if (starts_nocase(l->text, "#+end_quote"))
        f->quote = false;
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

/* True when the line's first letter is a small one: it goes on with a sentence. */
static bool begins_small(struct span s)
{
    uint32_t cp;

    (void)utf8_next(s.at, s.at + s.len, &cp);
    return (char_bits(cp) & CHAR_LOWER) != 0;
}

/* How the text is broken into lines. Only lines with another one right below them tell. */
struct wrap {
    uint32_t lines;  /* an upper bound of its paragraphs */
    uint32_t wide;   /* lines longer than any column */
    uint32_t narrow; /* lines that a column could have broken */
    uint32_t open;   /* of the narrow, those that end inside a sentence */
    uint32_t small;  /* of the narrow, those followed by a small letter */
    uint32_t column; /* the longest of the narrow */
};

enum { COLUMN_MIN = 40, COLUMN_MAX = 120, SURE_LINES = 4 };

static void measure_pair(struct wrap *w, const struct line *above, const struct line *l)
{
    uint32_t cols = width(above->text);

    if (cols > COLUMN_MAX || width(l->text) > COLUMN_MAX) {
        w->wide++;
    } else if (cols >= COLUMN_MIN) { /* shorter ones are buttons and names */
        w->narrow++;
        w->open += !para_ends_sentence(above->text);
        w->small += begins_small(l->text);
        w->column = cols > w->column ? cols : w->column;
    }
}

static struct wrap measure(struct lines in)
{
    struct line l, above = {0};
    struct wrap w = {0};

    for (; next_line(&in, &l); above = l, w.lines++)
        if (w.lines && !l.blank_before && l.mark == above.mark && l.mark != PARA_RULE)
            measure_pair(&w, &above, &l);
    return w;
}

/* Two or three lines are broken ones only when a small letter says so: they may be headline, byline, date. */
static bool is_broken(const struct wrap *w)
{
    return w->open * 2 > w->narrow && w->narrow > w->wide && (w->small || w->narrow >= SURE_LINES);
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

/* True when `l` goes on with the paragraph of the line `above` it: a broken line is full, which means that the
 * next word would not have fitted. The slack is for text broken by hand. */
static bool goes_on(const struct wrap *w, const struct line *above, const struct line *l)
{
    uint32_t cols = width(above->text);

    if (l->blank_before || cols > COLUMN_MAX || above->mark == PARA_RULE)
        return false;
    if (l->mark != above->mark && !(above->mark == PARA_BULLET && l->mark == PARA_PLAIN && l->indent))
        return false;
    if (l->mark == PARA_BULLET || l->mark == PARA_HEADING || l->mark == PARA_RULE)
        return false;
    if (starts_turn(l->text) && para_ends_sentence(above->text))
        return false;
    if (l->mark == PARA_PLAIN && l->indent > above->indent + 1 && para_ends_sentence(above->text) &&
        above->mark == PARA_PLAIN)
        return false; /* a paragraph that begins with an indent */
    return (cols + 1 + first_word_width(l->text)) * 5 > w->column * 4 && !is_furniture(l->text);
}

int para_find(struct arena *mem, struct span text, uint32_t start, uint32_t end, enum clean_markup markup,
              struct para **out, uint32_t *count)
{
    struct lines in = {.at = text.at + start, .end = text.at + end, .markup = markup};
    struct wrap wrap = measure(in);
    struct para *paras = arena_array(mem, wrap.lines + 1u, sizeof *paras), *last = NULL;
    bool broken = is_broken(&wrap);
    struct line l, above = {0};

    *out = paras;
    *count = 0;
    if (!paras)
        return ERR_NOMEM;
    for (; next_line(&in, &l); above = l) {
        if (last && broken && goes_on(&wrap, &above, &l)) {
            last->end = (uint32_t)(l.text.at + l.text.len - text.at);
            l.mark = above.mark; /* the bullet's second line belongs to the bullet */
            continue;
        }
        if (last && l.mark == PARA_RULE && !l.blank_before && markup == CLEAN_MARKDOWN &&
            (l.text.at[0] == '=' || l.text.at[0] == '-') && last->mark == PARA_PLAIN &&
            width(above.text) < 120)
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
