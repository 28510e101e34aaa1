/* query_filter.c -- speaker:venn, date:2025, kind:indirect: the filters of a query, a row each. */
#include "base/limits.h"
#include "index/char.h"
#include "index/date.h"
#include "index/fold.h"
#include "index/fuzzy.h"
#include "index/language.h"
#include "index/query_parse.h"

/* The words of a name, in any order: AND of its chunks. */
struct query_node *parse_name(struct parser *p, struct span name, size_t offset)
{
    struct parser inner = {.q = p->q, .mem = p->mem, .text = name};
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;

    while (parse_skip_space(&inner), inner.at < name.len && !p->err) {
        enum meaning as = p->spelled || parse_is_spelled(&inner, inner.at) ? AS_SPELLED : AS_PHRASE;
        struct span chunk = parse_chunk(&inner, inner.at);
        size_t at = inner.at, len;

        if (chunk.len == 0) { /* a bracket or a mark: no part of a name */
            (void)parse_char(&inner, inner.at, &len);
            inner.at += len;
            continue;
        }
        inner.at += chunk.len;
        if ((n = parse_words(p, chunk, offset + at, as))) {
            *last = n;
            last = &n->next;
            count++;
        }
    }
    if (count > 1)
        first = parse_node(p, QUERY_AND, first);
    return first ? parse_node(p, QUERY_SPEAKER, first) : NULL;
}

enum open_end { OPEN_NONE, OPEN_LAST, OPEN_FIRST };

/* date:A..B, since:A and until:B. `open` says which end a single date leaves open. */
static struct query_node *date_node(struct parser *p, struct span value, size_t at, enum open_end open)
{
    struct query_node *n;
    int32_t first, last;

    if (!date_range(value, &first, &last)) {
        parse_mistake(p, at, "a date is written 2025, 2025-04 or 2025-04-03, a range 2025-01..2025-04-03");
        return NULL;
    }
    if (first > last) {
        parse_mistake(p, at, "the range ends before it begins");
        return NULL;
    }
    if ((n = parse_node(p, QUERY_DATE, NULL))) {
        n->first_day = open == OPEN_FIRST ? INT32_MIN + 1 : first;
        n->last_day = open == OPEN_LAST ? INT32_MAX : last;
    }
    return n;
}

static struct query_node *speaker_filter(struct parser *p, struct span value, size_t at)
{
    struct query_node *n = parse_name(p, value, at);

    if (!n)
        parse_mistake(p, at, "there is no name after speaker:");
    return n;
}

static struct query_node *date_filter(struct parser *p, struct span value, size_t at)
{
    return date_node(p, value, at, OPEN_NONE);
}

static struct query_node *since_filter(struct parser *p, struct span value, size_t at)
{
    return date_node(p, value, at, OPEN_LAST);
}

static struct query_node *until_filter(struct parser *p, struct span value, size_t at)
{
    return date_node(p, value, at, OPEN_FIRST);
}

/* The bits of one name, or 0. */
static unsigned kind_of(struct span name)
{
    if (span_eq(name, SPAN("all")) || span_eq(name, SPAN("any")))
        return EVERY_KIND;
    for (unsigned kind = 0; kind < QUOTE_KINDS; kind++)
        if (span_eq(name, span_of(quote_kind_name((enum quote_kind)kind))))
            return 1u << kind;
    return 0;
}

/* kind:indirect, kind:direct,mixed, kind:all */
static struct query_node *kind_filter(struct parser *p, struct span value, size_t at)
{
    struct query_node *n;
    unsigned kinds = 0;

    for (size_t i = 0, end; i <= value.len && !p->err; i = end + 1) {
        unsigned kind;

        for (end = i; end < value.len && value.at[end] != ',';)
            end++;
        if (!(kind = kind_of(span_cut(value, i, end))))
            parse_mistake(p, at + i,
                          "the kinds of quotes are direct, mixed, pull, reported, indirect, and all");
        kinds |= kind;
    }
    if (!p->err && (n = parse_node(p, QUERY_KIND, NULL))) {
        n->kinds = kinds;
        return n;
    }
    return NULL;
}

/* A word, or several in a row in marks. */
static struct query_node *words_filter(struct parser *p, struct span value, size_t at, enum query_kind kind)
{
    bool equals = !p->marked && parse_is_spelled(&(struct parser){.text = value}, 0);
    enum meaning as = p->spelled || equals                ? AS_SPELLED
                      : p->marked || kind == QUERY_SOURCE ? AS_PHRASE
                                                          : AS_WORD;
    struct query_node *words = parse_words(p, value, at, as);

    if (!words)
        parse_mistake(p, at, "there is no word after %s:",
                      kind == QUERY_TITLE    ? "title"
                      : kind == QUERY_SOURCE ? "source"
                      : kind == QUERY_ROLE   ? "role"
                                             : "cue");
    return words ? parse_node(p, kind, words) : NULL;
}

static struct query_node *title_filter(struct parser *p, struct span value, size_t at)
{
    return words_filter(p, value, at, QUERY_TITLE);
}

static struct query_node *source_filter(struct parser *p, struct span value, size_t at)
{
    return words_filter(p, value, at, QUERY_SOURCE);
}

static struct query_node *role_filter(struct parser *p, struct span value, size_t at)
{
    return words_filter(p, value, at, QUERY_ROLE);
}

static struct query_node *cue_filter(struct parser *p, struct span value, size_t at)
{
    return words_filter(p, value, at, QUERY_CUE);
}

static struct query_node *lang_filter(struct parser *p, struct span value, size_t at)
{
    char code[LANGUAGE_CODE];
    struct query_node *words = NULL;

    if (!language_code(span_trim(value), code))
        parse_mistake(p, at, "a language is named in English, as german, or by code, as de");
    else
        words = parse_words(p, arena_span(p->mem, span_of(code)), at, AS_SPELLED);
    return words ? parse_node(p, QUERY_LANG, words) : NULL;
}

static struct query_node *path_filter(struct parser *p, struct span value, size_t at)
{
    char folded[LIMIT_QUERY];
    struct query_node *n = NULL;
    size_t len = fold_text(value, FOLD_LOOSE, folded, sizeof folded);

    if (len == 0)
        parse_mistake(p, at, "there is no part of a path after path:");
    else if ((n = parse_node(p, QUERY_PATH, NULL)))
        n->path = arena_span(p->mem, (struct span){folded, len});
    return n;
}

/* A new filter is a row here: its name, how its value is read, and names that people may know it by from elsewhere. */
static const struct filter {
    const char *name;
    struct query_node *(*read)(struct parser *p, struct span value, size_t at);
    const char *elsewhere;
} filters[] = {
    {"speaker:", speaker_filter, " author: by: from: name: person: who: said: "},
    {"role:", role_filter, " job: office: post: position: "},
    {"cue:", cue_filter, " verb: "},
    {"kind:", kind_filter, " type: is: "},
    {"title:", title_filter, " headline: intitle: subject: heading: "},
    {"source:", source_filter, " outlet: site: url: publisher: paper: domain: publication: "},
    {"lang:", lang_filter, " language: "},
    {"path:", path_filter, " file: folder: in: dir: filename: inurl: "},
    {"date:", date_filter, " day: month: year: published: "},
    {"on:", date_filter, " "},
    {"since:", since_filter, " after: begin: start: "},
    {"until:", until_filter, " before: end: till: to: "},
};
enum { FILTERS = sizeof filters / sizeof *filters, NAME_MOST = 12 };

const struct filter *parse_filter_of(struct span chunk)
{
    for (size_t i = 0; i < FILTERS; i++)
        if (span_starts(chunk, span_of(filters[i].name)))
            return &filters[i];
    return NULL;
}

/* The filter that a name with its colon may have meant: one known from elsewhere, or the one that is spelled most alike; or
 * NULL. */
static const struct filter *filter_meant(struct span name)
{
    const struct filter *nearest = NULL;
    unsigned least = FUZZY_MOST + 1;
    struct fuzzy f;

    for (size_t i = 0; i < FILTERS; i++) {
        const char *at = span_find(span_of(filters[i].elsewhere), name);

        if (at && at[-1] == ' ')
            return &filters[i];
    }
    if (!fuzzy_init(&f, name))
        return NULL;
    for (size_t i = 0; i < FILTERS; i++) {
        struct fuzzy_walk walk = {.len = 0};

        if (fuzzy_is_near(&walk, &f, span_of(filters[i].name)) && fuzzy_distance(&walk, &f) < least) {
            nearest = &filters[i];
            least = fuzzy_distance(&walk, &f);
        }
    }
    return nearest;
}

/* A filter that is none: some small letters, a colon and a value, where the letters are almost the name of a filter, or known
 * as one from elsewhere, or the value is longer than an ending (nato:n is Finnish). A web address is none. It is told. */
bool parse_is_unknown_filter(struct parser *p, struct span chunk)
{
    size_t len = 0, after;
    const struct filter *meant;
    struct span name;
    bool value;

    while (len < chunk.len && chunk.at[len] >= 'a' && chunk.at[len] <= 'z')
        len++;
    if (len < 2 || len > NAME_MOST - 1 || len == chunk.len || chunk.at[len] != ':')
        return false;
    name = span_cut(chunk, 0, len + 1);
    after = chunk.len - name.len;
    value = after ? chunk.at[len + 1] != '/' : parse_is_mark(parse_char(p, p->at + name.len, &len)) && len;
    meant = value ? filter_meant(name) : NULL;
    if (!value || (!meant && (name.len < 4 || (after && after < 5))))
        return false;
    parse_mistake(
        p, p->at,
        "there is no filter %.*s%s%s There are speaker: role: cue: kind: title: source: lang: path: "
        "date: on: since: until:",
        (int)name.len, name.at, meant ? "; did you mean " : ".", meant ? meant->name : "");
    return true;
}

/* A filter's value is the rest of its chunk, or a marked text right behind the colon. */
struct query_node *parse_filter(struct parser *p, const struct filter *f)
{
    size_t value_at = p->at + strlen(f->name), len;
    struct query_node *n;
    struct span value;

    p->at = value_at;
    p->spelled = parse_is_spelled(p, p->at) && parse_is_mark(parse_char(p, p->at + 1, &len));
    if (p->spelled)
        value_at = ++p->at;
    p->marked = parse_is_mark(parse_char(p, p->at, &len)) && len;
    if (p->marked) {
        value = parse_marked(p);
        value_at += len;
    } else {
        value = parse_chunk(p, p->at);
        p->at += value.len;
    }
    n = p->err ? NULL : f->read(p, value, value_at);
    p->spelled = p->marked = false;
    return n;
}
