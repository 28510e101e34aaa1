#include "index/front.h"

#include <stddef.h>
#include <strings.h>

#include "index/date.h"

/* Which keys mean which field. The date is apart: it is normalised. */
static const struct {
    const char *key;
    size_t field;
} keys[] = {
    {"title", offsetof(struct article, title)},        {"headline", offsetof(struct article, title)},
    {"author", offsetof(struct article, author)},      {"authors", offsetof(struct article, author)},
    {"byline", offsetof(struct article, author)},      {"url", offsetof(struct article, url)},
    {"link", offsetof(struct article, url)},           {"canonical", offsetof(struct article, url)},
    {"source_url", offsetof(struct article, url)},     {"source", offsetof(struct article, outlet)},
    {"outlet", offsetof(struct article, outlet)},      {"publisher", offsetof(struct article, outlet)},
    {"publication", offsetof(struct article, outlet)}, {"lang", offsetof(struct article, lang)},
    {"language", offsetof(struct article, lang)},      {"id", offsetof(struct article, id)},
};

static const char *const date_keys[] = {"date",    "published",    "publishdate",
                                        "pubdate", "published_at", "created"};

static bool same_key(struct span key, const char *name)
{
    return key.len == strlen(name) && strncasecmp(key.at, name, key.len) == 0;
}

static int set_date(struct arena *mem, struct article *like, struct span value, const char *basis)
{
    char iso[11];

    if (like->date.len || !date_parse(value, iso))
        return 0;
    like->date = arena_span(mem, span_of(iso));
    like->date_basis = basis;
    return arena_err(mem);
}

int front_set(struct arena *mem, struct article *like, struct span key, struct span value, const char *basis)
{
    for (size_t i = 0; i < sizeof date_keys / sizeof *date_keys; i++)
        if (same_key(key, date_keys[i]))
            return set_date(mem, like, value, basis);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct span *field = (struct span *)(void *)((char *)like + keys[i].field);
        bool a_link = keys[i].field == offsetof(struct article, outlet) && span_starts(value, SPAN("http"));
        if (!same_key(key, keys[i].key))
            continue;
        if (a_link) /* `source: https://...` is an address */
            field = &like->url;
        if (field->len == 0)
            *field = value;
    }
    return 0;
}

/* Without the quotation marks that YAML puts round a value. */
static struct span unquoted(struct span s)
{
    s = span_trim(s);
    if (s.len >= 2 && (s.at[0] == '"' || s.at[0] == '\'') && s.at[s.len - 1] == s.at[0])
        s = span_cut(s, 1, s.len - 1);
    return s;
}

static int set_line(struct arena *mem, struct article *like, struct span line)
{
    const char *colon = line.len ? memchr(line.at, ':', line.len) : NULL;

    if (!colon)
        return 0;
    return front_set(mem, like, span_trim(span_cut(line, 0, (size_t)(colon - line.at))),
                     unquoted(span_cut(line, (size_t)(colon - line.at) + 1, line.len)), "front matter");
}

/* The line at `at` of the text, without its end; *next is where the following one begins. */
static struct span line_at(struct span text, size_t at, size_t *next)
{
    const char *end = memchr(text.at + at, '\n', text.len - at);

    *next = end ? (size_t)(end - text.at) + 1 : text.len;
    return span_trim(span_cut(text, at, *next));
}

enum { LINES_MAX = 100 }; /* front matter longer than this is an article between two rules */

int front_matter(struct arena *mem, struct article *like)
{
    size_t at = like->start, next, end = 0, lines = 1;
    int rc;

    if (!span_eq(line_at(like->text, at, &at), SPAN("---")))
        return 0;
    for (size_t p = at; p < like->text.len && lines < LINES_MAX && !end; p = next, lines++) {
        struct span line = line_at(like->text, p, &next);
        if (span_eq(line, SPAN("---")) || span_eq(line, SPAN("...")))
            end = next;
        else if (line.len && !memchr(line.at, ':', line.len) && line.at[0] != '-' && line.at[0] != '#')
            return 0; /* prose: the first line was a rule */
    }
    if (!end)
        return 0;
    for (; at < end; at = next)
        if ((rc = set_line(mem, like, line_at(like->text, at, &next))) < 0)
            return rc;
    like->start = (uint32_t)end;
    like->line += (uint32_t)lines;
    return 0;
}

int front_keywords(struct arena *mem, struct article *like)
{
    size_t next;
    int rc, lines = 0;

    for (size_t at = like->start; at < like->text.len && lines < LINES_MAX; at = next, lines++) {
        struct span line = line_at(like->text, at, &next);
        if (line.len && line.at[0] == '*')
            break; /* the first heading ends them */
        if (span_starts(line, SPAN("#+")) && (rc = set_line(mem, like, span_cut(line, 2, line.len))) < 0)
            return rc;
    }
    return 0;
}
