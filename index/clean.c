#include "index/clean.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/date.h"
#include "index/fold.h"
#include "index/look.h"
#include "index/para.h"

/* A text with its paragraphs and what each looks like. */
struct cut {
    struct span text;
    const struct para *paras;
    const unsigned *looks;
    uint32_t count;
    bool whole; /* nothing of it is boilerplate */
};

static struct span para_text(const struct cut *c, uint32_t i)
{
    return span_cut(c->text, c->paras[i].start, c->paras[i].end);
}

static bool looks_like(const struct cut *c, uint32_t i, unsigned look)
{
    return (c->looks[i] & look) != 0;
}

static bool is_marked(const struct cut *c, uint32_t i, enum para_mark mark)
{
    return c->paras[i].mark == (unsigned)mark;
}

static uint32_t para_len(const struct cut *c, uint32_t i)
{
    return c->paras[i].end - c->paras[i].start;
}

static bool is_furniture(const struct cut *c, uint32_t i)
{
    return looks_like(c, i, LOOK_FURNITURE);
}

/* A paragraph of the story: a sentence that stands by itself. */
static bool is_story(const struct cut *c, uint32_t i)
{
    return is_marked(c, i, PARA_PLAIN) && looks_like(c, i, LOOK_SENTENCE) && !is_furniture(c, i);
}

static bool same_text(const struct cut *c, uint32_t i, uint32_t k)
{
    return span_eq(para_text(c, i), para_text(c, k));
}

/* ---- where an article begins -------------------------------------------------------------------- */

enum {
    HEAD_MAX = 14,        /* paragraphs from a headline to the last line of its furniture */
    HEAD_STORY_MAX = 2,   /* sentences among them: a summary and a caption */
    STORY_AHEAD_MAX = 24, /* paragraphs in which the story of a headline must begin */
    DATELINE_WITHIN = 8,  /* paragraphs of the story in which a dateline may stand */
    DATELINE_MAX = 80     /* bytes of one */
};

/* What stands below a headline. */
struct head {
    bool repeated, updated, dated, dateline, byline;
    uint32_t chrome;
};

/* Reads on from the headline until the story has begun. */
static struct head read_head(const struct cut *c, uint32_t headline)
{
    struct head h = {0};
    uint32_t story = 0;

    for (uint32_t i = headline + 1; i < c->count && i <= headline + HEAD_MAX && story <= HEAD_STORY_MAX;
         i++) {
        h.dateline |= looks_like(c, i, LOOK_DATELINE);
        if (story == HEAD_STORY_MAX && is_story(c, i))
            break;
        h.repeated |= same_text(c, headline, i);
        h.updated |= looks_like(c, i, LOOK_UPDATED);
        h.dated |= looks_like(c, i, LOOK_DATE);
        h.byline |= looks_like(c, i, LOOK_BYLINE);
        h.chrome += looks_like(c, i, LOOK_CHROME);
        story += is_story(c, i) && !looks_like(c, i, LOOK_CAPTION);
    }
    return h;
}

/* A list of "related" headlines at the end of a page has no story; an article has. */
static bool story_follows(const struct cut *c, uint32_t headline)
{
    uint32_t bytes = 0;

    for (uint32_t i = headline + 1; i < c->count && i <= headline + STORY_AHEAD_MAX && bytes < 160; i++)
        bytes += is_story(c, i) ? para_len(c, i) : 0;
    return bytes >= 160;
}

/* True when another article begins at the headline `i`. It takes strong evidence: a headline alone may be a
 * subheading, and a repeated line may be a chorus. */
static bool is_second_start(const struct cut *c, uint32_t i)
{
    bool rule = is_marked(c, i - 1, PARA_RULE);
    bool top = is_marked(c, i, PARA_HEADING) && c->paras[i].level == 1;
    bool far = c->paras[i].blank_before > 1;
    struct head h;

    if (!looks_like(c, i, LOOK_HEADLINE) || !(is_marked(c, i, PARA_PLAIN) || top))
        return false;
    if (c->paras[i].blank_before == 0 && !rule && !top)
        return false;
    h = read_head(c, i);
    if (h.updated || h.chrome >= 2)
        return story_follows(c, i);
    if (h.repeated && (h.chrome || h.dateline || h.dated || far))
        return story_follows(c, i);
    if ((rule || top || (far && h.byline)) && (h.dateline || h.byline || h.dated))
        return story_follows(c, i);
    return false;
}

/* The paragraphs at which articles begin, the first being 0. Returns how many there are. */
static uint32_t find_starts(const struct cut *c, uint32_t *starts)
{
    uint32_t found = 1, sentences = 0, bytes = 0;

    starts[0] = 0;
    for (uint32_t i = 1; i < c->count; i++) {
        if (sentences >= 2 && bytes >= 200 && is_second_start(c, i)) {
            starts[found++] = i;
            sentences = bytes = 0;
            i += 1; /* its repeated headline is not a third article */
        } else if (is_story(c, i)) {
            sentences++;
            bytes += bytes < 200 ? para_len(c, i) : 0;
        }
    }
    return found;
}

/* ---- one article -------------------------------------------------------------------------------- */

/* An article in the making: paragraphs [from, to). */
struct making {
    const struct cut *cut;
    struct article *a;
    enum block_kind *kinds; /* of all paragraphs of the cut */
    uint32_t from, to;
    uint32_t body; /* where the story begins */
};

static bool folds_alike(struct span x, struct span y)
{
    char a[400], b[400];
    size_t n = fold_text(utf8_cut(x, 200), FOLD_LOOSE, a, sizeof a);

    return n == fold_text(utf8_cut(y, 200), FOLD_LOOSE, b, sizeof b) && memcmp(a, b, n) == 0;
}

/* True when the first paragraph stands above the others as a headline does. In many archives headlines got a
 * full stop, so a short first line set apart counts too. */
static bool is_title(const struct making *m, uint32_t i)
{
    const struct cut *c = m->cut;
    bool apart = i + 1 < m->to && (c->paras[i + 1].blank_before || is_furniture(c, i + 1));

    if (m->a->title.len && folds_alike(m->a->title, para_text(c, i)))
        return true;
    if (is_marked(c, i, PARA_HEADING))
        return true;
    if (!is_marked(c, i, PARA_PLAIN) || looks_like(c, i, LOOK_LABEL | LOOK_DATELINE) || i + 1 >= m->to)
        return false;
    if (looks_like(c, i, LOOK_HEADLINE))
        return para_len(c, i) <= 200 && (apart || para_len(c, i + 1) > para_len(c, i));
    return apart && para_len(c, i) <= 120 && !looks_like(c, i, LOOK_MARKS | LOOK_CAPTION) && !m->a->title.len;
}

/* The paragraph after the last line of furniture at the article's top; `title` + 1 when there is none. */
static uint32_t head_end(const struct making *m, uint32_t title)
{
    const struct cut *c = m->cut;
    uint32_t end = title + 1, story = 0;

    for (uint32_t i = title + 1; i < m->to && i <= title + HEAD_MAX; i++) {
        if (looks_like(c, i, LOOK_DATELINE) && !looks_like(c, i, LOOK_CAPTION))
            break;
        if (is_furniture(c, i) || same_text(c, title, i) || (looks_like(c, i, LOOK_CAPTION) && story == 0))
            end = i + 1;
        else if (is_marked(c, i, PARA_PLAIN) && ++story > 1)
            break;
    }
    return end;
}

/* Headline, summary, furniture. Sets m->body. */
static void mark_head(struct making *m)
{
    const struct cut *c = m->cut;
    uint32_t title = m->from;

    while (title < m->to && (is_furniture(c, title) || is_marked(c, title, PARA_RULE)))
        m->kinds[title++] = BLOCK_BOILERPLATE;
    m->body = title;
    if (title >= m->to || !is_title(m, title))
        return;
    m->kinds[title] = BLOCK_TITLE;
    if (!m->a->title.len)
        m->a->title = para_text(c, title);
    m->body = head_end(m, title);
    for (uint32_t i = title + 1; i < m->body; i++) {
        if (is_furniture(c, i) || same_text(c, title, i))
            m->kinds[i] = BLOCK_BOILERPLATE;
        else if (is_marked(c, i, PARA_PLAIN))
            m->kinds[i] = BLOCK_SUMMARY;
    }
}

/* The kind of a paragraph of the story, as far as it can be told without its neighbours. */
static enum block_kind story_kind(const struct cut *c, uint32_t i)
{
    switch (c->paras[i].mark) {
    case PARA_HEADING:
        return BLOCK_HEADING;
    case PARA_BULLET:
        return BLOCK_BULLET;
    case PARA_QUOTED:
        return BLOCK_QUOTED;
    default:
        return looks_like(c, i, LOOK_CHROME | LOOK_UPDATED) ? BLOCK_BOILERPLATE : BLOCK_BODY;
    }
}

/* A short line between paragraphs that is neither a sentence nor said by somebody. */
static bool is_subheading(const struct making *m, uint32_t i)
{
    const struct cut *c = m->cut;

    return m->kinds[i] == BLOCK_BODY && is_marked(c, i, PARA_PLAIN) && i > m->body && i + 1 < m->to &&
           !looks_like(c, i, LOOK_SENTENCE | LOOK_MARKS | LOOK_LABEL | LOOK_NAME | LOOK_BYLINE | LOOK_DATE) &&
           para_len(c, i) <= 90 && c->paras[i].blank_before && is_story(c, i + 1);
}

/* ---- pull quotes -------------------------------------------------------------------------------- */

enum { PULL_PROBE = 40, PULL_MIN = 25, PULL_TRIES = 32 };

/* True when the words of paragraph i stand in the article once more. */
static bool is_repeated(const struct making *m, uint32_t i)
{
    struct span words = utf8_cut(para_text(m->cut, i), PULL_PROBE);
    const char *at = m->cut->text.at;
    uint32_t top = m->cut->paras[m->from].start, end = m->cut->paras[m->to - 1].end;
    uint32_t start = m->cut->paras[i].start, after = m->cut->paras[i].end;

    return memmem(at + top, start - top, words.at, words.len) ||
           memmem(at + after, end - after, words.at, words.len);
}

/* True when somebody speaks for himself in it: "I", "we", "our". */
static bool is_first_person(struct span s)
{
    static const char *const words[] = {" I ",    " we ",    " our ", " us ",  " my ",      " I’",
                                        " I'",    " we’",    " we'",  " ich ", " wir ",     " unser",
                                        " nous ", " notre ", " je ",  " nos ", " nosotros "};

    if (span_starts(s, SPAN("I ")) || span_starts(s, SPAN("We ")) || span_starts(s, SPAN("Wir ")) ||
        span_starts(s, SPAN("Nous ")) || span_starts(s, SPAN("Our ")) || span_starts(s, SPAN("My ")))
        return true;
    s = utf8_cut(s, 600);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(s.at, s.len, words[i], strlen(words[i])))
            return true;
    return false;
}

/* A pull quote is a paragraph without marks above a name line, and either its words stand in the article once
 * more, or somebody speaks in it for himself. */
static bool is_pull(const struct making *m, uint32_t i)
{
    const struct cut *c = m->cut;

    if (m->kinds[i] != BLOCK_BODY || !is_marked(c, i, PARA_PLAIN) ||
        looks_like(c, i, LOOK_MARKS | LOOK_LABEL) || para_len(c, i) < PULL_MIN || para_len(c, i) > 600)
        return false;
    if (!looks_like(c, i, LOOK_SENTENCE) ||
        (c->text.at[c->paras[i].start] >= '0' && c->text.at[c->paras[i].start] <= '9'))
        return false;
    return is_repeated(m, i) || (is_first_person(para_text(c, i)) && c->paras[i].blank_before);
}

static void mark_pulls(struct making *m)
{
    uint32_t tries = 0;

    for (uint32_t i = m->body + 1; i < m->to && tries < PULL_TRIES; i++) {
        if (!looks_like(m->cut, i, LOOK_NAME) || m->kinds[i] != BLOCK_BODY)
            continue;
        tries++;
        if (is_pull(m, i - 1)) {
            m->kinds[i - 1] = BLOCK_PULL;
            m->kinds[i] = BLOCK_NAME_LINE;
        }
    }
}

/* ---- putting it together ------------------------------------------------------------------------ */

/* Returns how many paragraphs begin with a speaker's name in capitals. */
static uint32_t mark_body(struct making *m)
{
    uint32_t labels = 0;

    for (uint32_t i = m->body; i < m->to; i++) {
        m->kinds[i] = story_kind(m->cut, i);
        labels += looks_like(m->cut, i, LOOK_LABEL);
        if (is_subheading(m, i))
            m->kinds[i] = BLOCK_HEADING;
    }
    mark_pulls(m);
    return labels;
}

static int set_date(struct making *m, struct arena *mem, struct span from, const char *basis)
{
    char iso[11];

    if (m->a->date.len || !date_parse(from, iso))
        return 0;
    m->a->date = arena_span(mem, span_of(iso));
    m->a->date_basis = basis;
    return arena_err(mem);
}

/* What the furniture above the story tells of the article; the first line to say it wins. */
static int learn(struct making *m, struct arena *mem)
{
    const struct cut *c = m->cut;
    int rc = 0;

    for (uint32_t i = m->from; i < m->body && rc == 0; i++) {
        struct span s = para_text(c, i);
        if (m->kinds[i] != BLOCK_BOILERPLATE)
            continue;
        if (looks_like(c, i, LOOK_BYLINE) && !m->a->author.len)
            m->a->author = look_name(s);
        if (looks_like(c, i, LOOK_DATE) && !m->a->place.len)
            m->a->place = look_place(s);
        if (looks_like(c, i, LOOK_UPDATED | LOOK_DATE))
            rc = set_date(m, mem, s, looks_like(c, i, LOOK_UPDATED) ? "updated line" : "date line");
    }
    return rc;
}

/* "LONDON, April 3, 2025 (Reuters) - ": the town, and the day when it has its year. A name in capitals before a
 * colon is a speaker's when there is more than one of them. */
static int learn_dateline(struct making *m, struct arena *mem, uint32_t labels)
{
    const struct cut *c = m->cut;
    struct span s, town;

    for (uint32_t i = m->body; i < m->to && i < m->body + DATELINE_WITHIN; i++) {
        if (!looks_like(c, i, LOOK_DATELINE) || (looks_like(c, i, LOOK_LABEL) && labels > 1))
            continue;
        s = utf8_cut(para_text(c, i), DATELINE_MAX);
        town = look_place(para_text(c, i));
        if (!m->a->place.len)
            m->a->place = town;
        s = span_cut(s, town.len < s.len ? town.len : s.len, s.len);
        if (s.len && s.at[0] == ',' && memchr(s.at, '(', s.len))
            return set_date(m, mem, span_cut(s, 1, (size_t)((const char *)memchr(s.at, '(', s.len) - s.at)),
                            "dateline");
        return 0;
    }
    return 0;
}

/* Rules are no text: they are left out, and part what is above from what is below. */
static int make_blocks(struct making *m, struct arena *mem)
{
    struct block *blocks = arena_array(mem, m->to - m->from, sizeof *blocks);
    uint32_t n = 0, blank = 0;

    if (!blocks)
        return ERR_NOMEM;
    for (uint32_t i = m->from; i < m->to; i++) {
        const struct para *p = &m->cut->paras[i];
        blank += p->blank_before;
        if (is_marked(m->cut, i, PARA_RULE)) {
            blank++;
            continue;
        }
        blocks[n++] = (struct block){p->start, p->end, m->kinds[i], blank, 0, 0};
        blank = 0;
    }
    m->a->blocks = blocks;
    m->a->block_count = n;
    m->a->start = n ? blocks[0].start : m->cut->paras[m->from].start;
    m->a->end = n ? blocks[n - 1].end : m->cut->paras[m->to - 1].end;
    return 0;
}

static uint32_t lines_between(struct span text, uint32_t from, uint32_t to)
{
    uint32_t n = 0;

    for (uint32_t i = from; i < to; i++)
        n += text.at[i] == '\n' || (text.at[i] == '\r' && (i + 1 >= text.len || text.at[i + 1] != '\n'));
    return n;
}

static int make_article(struct making *m, struct arena *mem)
{
    int rc;

    mark_head(m);
    if ((rc = learn(m, mem)) < 0 || (rc = learn_dateline(m, mem, mark_body(m))) < 0)
        return rc;
    for (uint32_t i = m->from; i < m->to && m->cut->whole; i++)
        if (m->kinds[i] == BLOCK_BOILERPLATE)
            m->kinds[i] = BLOCK_BODY;
    return make_blocks(m, mem);
}

/* What the second and later articles of a file share with the first. */
static void forget_own(struct article *a)
{
    a->title = a->url = a->id = a->place = a->author = (struct span){0};
}

static int make_articles(struct arena *mem, const struct article *like, const struct cut *c,
                         const uint32_t *starts, uint32_t found, struct article *out)
{
    enum block_kind *kinds = arena_array(mem, c->count, sizeof *kinds);
    uint32_t line = like->line ? like->line : 1, at = like->start;
    int rc;

    if (!kinds)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < found; i++) {
        struct article *a = &out[i];
        struct making m = {c, a, kinds, starts[i], i + 1 < found ? starts[i + 1] : c->count, starts[i]};
        *a = *like;
        if (i)
            forget_own(a), a->date = (struct span){0}, a->date_basis = NULL;
        if ((rc = make_article(&m, mem)) < 0)
            return rc;
        if (!a->date.len) {
            a->date = like->date;
            a->date_basis = like->date_basis;
        }
        a->ordinal = i;
        line += like->record ? 0 : lines_between(like->text, at, a->start);
        at = a->start;
        a->line = line;
    }
    return 0;
}

/* A text of nothing but lines of dashes is as good as blank. */
static bool holds_words(const struct cut *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (!is_marked(c, i, PARA_RULE))
            return true;
    return false;
}

int clean_split(struct arena *mem, const struct article *like, enum clean_markup markup, bool whole,
                struct article **out, uint32_t *count)
{
    uint32_t end = like->end ? like->end : (uint32_t)like->text.len, found, *starts;
    struct cut c = {.text = like->text, .whole = whole};
    struct para *paras;
    unsigned *looks;
    int rc;

    *out = NULL;
    *count = 0;
    if ((rc = para_find(mem, like->text, like->start, end, markup, &paras, &c.count)) < 0 || c.count == 0)
        return rc;
    c.paras = paras;
    if (!holds_words(&c))
        return 0;
    c.looks = looks = arena_array(mem, c.count, sizeof *looks);
    starts = arena_array(mem, c.count, sizeof *starts);
    if (!looks || !starts)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < c.count; i++)
        looks[i] = is_marked(&c, i, PARA_RULE) ? 0 : look_at(para_text(&c, i));
    if (whole)
        starts[0] = 0;
    found = whole ? 1 : find_starts(&c, starts);
    *out = arena_array(mem, found, sizeof **out);
    if (!*out)
        return ERR_NOMEM;
    *count = found;
    return make_articles(mem, like, &c, starts, found, *out);
}

int article_split(struct arena *mem, const struct article *like, struct article **out, uint32_t *count)
{
    return clean_split(mem, like, CLEAN_PLAIN, false, out, count);
}

/* In JSON lines a whole article stands on one line of the source. */
uint32_t article_line(const struct article *a, uint32_t at)
{
    return a->record || at <= a->start ? a->line : a->line + lines_between(a->text, a->start, at);
}
