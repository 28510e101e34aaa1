#include "index/query.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "index/char.h"
#include "index/date.h"
#include "index/fold.h"
#include "index/language.h"
#include "index/slots.h"

enum { DEPTH_MAX = 32 };

struct parser {
    struct query *q;
    struct arena *mem;
    struct span text;
    size_t at;
    unsigned depth;
    bool spelled, marked; /* the value of a filter in marks, with = before them */
    int err;
};

/* ---- mistakes ---------------------------------------------------------------------------------------- */

/* Notes the first mistake: the column is counted in characters up to byte `at`. */
__attribute__((format(printf, 3, 4))) static void mistake(struct parser *p, size_t at, const char *format,
                                                          ...)
{
    uint32_t column = 1, cp;
    va_list args;

    if (p->err)
        return;
    for (size_t i = 0; i < at; column++)
        i += utf8_next(p->text.at + i, p->text.at + p->text.len, &cp);
    p->err = ERR_SYNTAX;
    p->q->column = column;
    va_start(args, format);
    (void)vsnprintf(p->q->detail, sizeof p->q->detail, format, args);
    va_end(args);
}

static void *need(struct parser *p, void *memory)
{
    if (!memory && !p->err)
        p->err = ERR_NOMEM;
    return memory;
}

static struct query_node *new_node(struct parser *p, enum query_kind kind, struct query_node *kids)
{
    struct query_node *n = need(p, arena_alloc(p->mem, sizeof *n));

    if (n) {
        n->kind = kind;
        n->kids = kids;
    }
    return n;
}

/* ---- characters -------------------------------------------------------------------------------------- */

static uint32_t char_at(const struct parser *p, size_t at, size_t *len)
{
    uint32_t cp = 0;

    *len = 0;
    if (at < p->text.len)
        *len = utf8_next(p->text.at + at, p->text.at + p->text.len, &cp);
    return cp;
}

/* What opens and closes a phrase, straight or pasted from an article. */
static bool is_mark(uint32_t cp)
{
    return cp == '"' || (cp >= 0x201C && cp <= 0x201F) || cp == 0xAB || cp == 0xBB;
}

/* The " of צה"ל, between two Hebrew letters, is no quotation mark. */
static bool is_gershayim(const struct parser *p, size_t at)
{
    size_t len;
    uint32_t before = 0;

    if (at == 0 || p->text.at[at] != '"')
        return false;
    (void)utf8_prev(p->text.at, p->text.at + at, &before);
    return char_row(before)->word == WB_HEBREW_LETTER &&
           char_row(char_at(p, at + 1, &len))->word == WB_HEBREW_LETTER;
}

static bool ends_chunk(uint32_t cp)
{
    return is_mark(cp) || cp == '(' || cp == ')' || (char_bits(cp) & CHAR_SPACE);
}

static void skip_space(struct parser *p)
{
    size_t len;

    while (char_bits(char_at(p, p->at, &len)) & CHAR_SPACE && len)
        p->at += len;
}

/* The chunk that begins at `at`: up to white space, a mark or a bracket. */
static struct span chunk_at(const struct parser *p, size_t at)
{
    size_t end = at, len;
    uint32_t cp;

    while ((cp = char_at(p, end, &len)), len && (!ends_chunk(cp) || (end > at && is_gershayim(p, end))))
        end += len;
    return span_cut(p->text, at, end);
}

/* Takes the marked text that begins at p->at, and leaves p->at behind its closing mark. */
static struct span take_marked(struct parser *p)
{
    size_t open = p->at, len, start, end;
    uint32_t cp;

    (void)char_at(p, open, &len);
    start = end = open + len;
    while ((cp = char_at(p, end, &len)), len && (!is_mark(cp) || (end > start && is_gershayim(p, end))))
        end += len;
    if (!len)
        mistake(p, open, "the quotation mark is not closed");
    p->at = end + len;
    return span_cut(p->text, start, end);
}

/* ---- words ------------------------------------------------------------------------------------------- */

/* A piece of the query as one node of consecutive words; NULL when it has no words. `offset` is where the piece
 * stands in the query. */
static struct query_node *words_node(struct parser *p, struct span piece, size_t offset, enum meaning as)
{
    const struct query_slot *slots = NULL;
    struct query_node *n;
    struct slots_mistake why = {0};
    uint32_t count = 0;
    int rc = p->err ? p->err : slots_read(p->q, p->mem, piece, as, &slots, &count, &why);

    if (rc == ERR_SYNTAX)
        mistake(p, offset + why.at, "%s", why.words);
    else if (rc < 0)
        p->err = rc;
    if (p->err || count == 0 || !(n = new_node(p, QUERY_WORDS, NULL)))
        return NULL;
    n->slots = slots;
    n->slot_count = count;
    return n;
}

/* True where = at `at` means "spelled just so": right before a word or a phrase. */
static bool is_spelled(const struct parser *p, size_t at)
{
    size_t len;
    uint32_t cp = char_at(p, at, &len);

    if (cp != '=')
        return false;
    cp = char_at(p, at + 1, &len);
    return is_mark(cp) || (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT));
}

/* ---- filters ----------------------------------------------------------------------------------------- */

/* The words of a name, in any order: AND of its chunks. */
static struct query_node *name_node(struct parser *p, struct span name, size_t offset)
{
    struct parser inner = {.q = p->q, .mem = p->mem, .text = name};
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;

    while (skip_space(&inner), inner.at < name.len && !p->err) {
        enum meaning as = p->spelled || is_spelled(&inner, inner.at) ? AS_SPELLED : AS_PHRASE;
        struct span chunk = chunk_at(&inner, inner.at);
        size_t at = inner.at, len;

        if (chunk.len == 0) { /* a bracket or a mark: no part of a name */
            (void)char_at(&inner, inner.at, &len);
            inner.at += len;
            continue;
        }
        inner.at += chunk.len;
        if ((n = words_node(p, chunk, offset + at, as))) {
            *last = n;
            last = &n->next;
            count++;
        }
    }
    if (count > 1)
        first = new_node(p, QUERY_AND, first);
    return first ? new_node(p, QUERY_SPEAKER, first) : NULL;
}

enum open_end { OPEN_NONE, OPEN_LAST, OPEN_FIRST };

/* date:A..B, since:A and until:B. `open` says which end a single date leaves open. */
static struct query_node *date_node(struct parser *p, struct span value, size_t at, enum open_end open)
{
    struct query_node *n;
    int32_t first, last;

    if (!date_range(value, &first, &last)) {
        mistake(p, at, "a date is written 2025, 2025-04 or 2025-04-03, a range 2025-01..2025-04-03");
        return NULL;
    }
    if (first > last) {
        mistake(p, at, "the range ends before it begins");
        return NULL;
    }
    if ((n = new_node(p, QUERY_DATE, NULL))) {
        n->first_day = open == OPEN_FIRST ? INT32_MIN + 1 : first;
        n->last_day = open == OPEN_LAST ? INT32_MAX : last;
    }
    return n;
}

static struct query_node *speaker_filter(struct parser *p, struct span value, size_t at)
{
    struct query_node *n = name_node(p, value, at);

    if (!n)
        mistake(p, at, "there is no name after speaker:");
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

enum { EVERY_KIND = (1 << QUOTE_KINDS) - 1 };

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
            mistake(p, at + i, "the kinds of quotes are direct, mixed, pull, reported, indirect, and all");
        kinds |= kind;
    }
    if (!p->err && (n = new_node(p, QUERY_KIND, NULL))) {
        n->kinds = kinds;
        return n;
    }
    return NULL;
}

/* A word, or several in a row in marks. */
static struct query_node *words_filter(struct parser *p, struct span value, size_t at, enum query_kind kind)
{
    bool equals = !p->marked && is_spelled(&(struct parser){.text = value}, 0);
    enum meaning as = p->spelled || equals                ? AS_SPELLED
                      : p->marked || kind == QUERY_SOURCE ? AS_PHRASE
                                                          : AS_WORD;
    struct query_node *words = words_node(p, value, at, as);

    if (!words)
        mistake(p, at, "there is no word after %s:",
                kind == QUERY_TITLE    ? "title"
                : kind == QUERY_SOURCE ? "source"
                : kind == QUERY_ROLE   ? "role"
                                       : "cue");
    return words ? new_node(p, kind, words) : NULL;
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
        mistake(p, at, "a language is named in English, as german, or by code, as de");
    else
        words = words_node(p, arena_span(p->mem, span_of(code)), at, AS_SPELLED);
    return words ? new_node(p, QUERY_LANG, words) : NULL;
}

static struct query_node *path_filter(struct parser *p, struct span value, size_t at)
{
    char folded[LIMIT_QUERY];
    struct query_node *n = NULL;
    size_t len = fold_text(value, FOLD_LOOSE, folded, sizeof folded);

    if (len == 0)
        mistake(p, at, "there is no part of a path after path:");
    else if ((n = new_node(p, QUERY_PATH, NULL)))
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

static const struct filter *filter_of(struct span chunk)
{
    for (size_t i = 0; i < FILTERS; i++)
        if (span_starts(chunk, span_of(filters[i].name)))
            return &filters[i];
    return NULL;
}

/* How many letters of one name have to be changed, left out or put in for the other. */
static unsigned letters_apart(struct span a, struct span b)
{
    unsigned row[NAME_MOST + 1], before, here;

    for (unsigned j = 0; j <= b.len; j++)
        row[j] = j;
    for (unsigned i = 0; i < a.len; i++) {
        before = row[0];
        row[0] = i + 1;
        for (unsigned j = 0; j < b.len; j++, before = here) {
            unsigned least = before + (a.at[i] != b.at[j]);

            here = row[j + 1];
            least = least < here + 1 ? least : here + 1;
            row[j + 1] = least < row[j] + 1 ? least : row[j] + 1;
        }
    }
    return row[b.len];
}

/* The filter that a name with its colon may have meant: one known from elsewhere, or one with few letters changed; or NULL. */
static const struct filter *filter_meant(struct span name)
{
    const struct filter *nearest = NULL;
    unsigned most = name.len > 6 ? 2 : 1, apart;

    for (size_t i = 0; i < FILTERS; i++) {
        const char *at = span_find(span_of(filters[i].elsewhere), name);

        if (at && at[-1] == ' ')
            return &filters[i];
        if (name.len > 3 && (apart = letters_apart(name, span_of(filters[i].name))) <= most) {
            nearest = &filters[i];
            most = apart ? apart - 1 : 0;
        }
    }
    return nearest;
}

/* A filter that is none: some small letters, a colon and a value, where the letters are almost the name of a filter, or known
 * as one from elsewhere, or the value is longer than an ending (nato:n is Finnish). A web address is none. It is told. */
static bool is_unknown_filter(struct parser *p, struct span chunk)
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
    value = after ? chunk.at[len + 1] != '/' : is_mark(char_at(p, p->at + name.len, &len)) && len;
    meant = value ? filter_meant(name) : NULL;
    if (!value || (!meant && (name.len < 4 || (after && after < 5))))
        return false;
    mistake(p, p->at,
            "there is no filter %.*s%s%s There are speaker: role: cue: kind: title: source: lang: path: "
            "date: on: since: until:",
            (int)name.len, name.at, meant ? "; did you mean " : ".", meant ? meant->name : "");
    return true;
}

/* A filter's value is the rest of its chunk, or a marked text right behind the colon. */
static struct query_node *take_filter(struct parser *p, const struct filter *f)
{
    size_t value_at = p->at + strlen(f->name), len;
    struct query_node *n;
    struct span value;

    p->at = value_at;
    p->spelled = is_spelled(p, p->at) && is_mark(char_at(p, p->at + 1, &len));
    if (p->spelled)
        value_at = ++p->at;
    p->marked = is_mark(char_at(p, p->at, &len)) && len;
    if (p->marked) {
        value = take_marked(p);
        value_at += len;
    } else {
        value = chunk_at(p, p->at);
        p->at += value.len;
    }
    n = p->err ? NULL : f->read(p, value, value_at);
    p->spelled = p->marked = false;
    return n;
}

/* ---- the grammar ------------------------------------------------------------------------------------- */

static struct query_node *take_or(struct parser *p);

static bool next_is(const struct parser *p, struct span word)
{
    return span_eq(chunk_at(p, p->at), word);
}

static struct query_node *take_bracket(struct parser *p)
{
    size_t open = p->at, len;
    struct query_node *n;

    p->at++;
    n = take_or(p);
    if (!p->err && char_at(p, p->at, &len) != ')')
        mistake(p, open, "the bracket is not closed");
    p->at++;
    return n;
}

/* True where a minus sign means "without": right before a word, a phrase, a bracket or a filter. */
static bool is_without(const struct parser *p)
{
    size_t len;
    uint32_t cp = char_at(p, p->at, &len);

    if (cp != '-')
        return false;
    cp = char_at(p, p->at + 1, &len);
    if (is_mark(cp) || cp == '(' || is_spelled(p, p->at + 1))
        return true;
    if (cp == '*' || cp == '~')
        cp = char_at(p, p->at + 2, &len);
    return (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT | CHAR_DENSE)) != 0;
}

/* One thing: a phrase, a bracket, a filter, or a chunk of words. NULL for marks that are no words. */
static struct query_node *take_one(struct parser *p)
{
    size_t at = p->at, len;
    uint32_t cp = char_at(p, at, &len);
    enum meaning as = AS_WORD;
    const struct filter *filter;
    struct span chunk;

    if (is_spelled(p, at)) {
        as = AS_SPELLED;
        cp = char_at(p, at = ++p->at, &len);
    }
    if (cp == '(')
        return take_bracket(p);
    if (is_mark(cp)) {
        chunk = take_marked(p);
        return words_node(p, chunk, at + len, as == AS_WORD ? AS_PHRASE : as);
    }
    chunk = chunk_at(p, at);
    if (as == AS_WORD && (filter = filter_of(chunk)))
        return take_filter(p, filter);
    if (as == AS_WORD && is_unknown_filter(p, chunk))
        return NULL;
    p->at += chunk.len;
    return words_node(p, chunk, at, as);
}

/* What stands between near things, and how many words may. */
static const struct near_word {
    const char *name;
    bool ordered;
} near_words[] = {{"NEAR", false}, {"ADJ", true}};

enum { NEAR_USUAL = 10 };

/* The word of a chain that stands at p->at: NEAR, ADJ, either with a slash and a number; or NULL. */
static const struct near_word *near_word_at(const struct parser *p)
{
    struct span chunk = chunk_at(p, p->at);

    for (size_t i = 0; i < sizeof near_words / sizeof *near_words; i++) {
        size_t len = strlen(near_words[i].name);

        if (span_starts(chunk, span_of(near_words[i].name)) && (chunk.len == len || chunk.at[len] == '/'))
            return &near_words[i];
    }
    return NULL;
}

/* Takes it, and its number. */
static uint32_t take_near_word(struct parser *p, const struct near_word *word)
{
    size_t at = strlen(word->name) + 1;
    struct span chunk = chunk_at(p, p->at);
    uint32_t most = 0;

    if (chunk.len < at) {
        p->at += chunk.len;
        return NEAR_USUAL;
    }
    for (size_t i = at; i < chunk.len && chunk.at[i] >= '0' && chunk.at[i] <= '9' && most <= LIMIT_NEAR;
         i++) {
        most = most * 10 + (uint32_t)(chunk.at[i] - '0');
        at = i + 1;
    }
    if (at < chunk.len || chunk.at[at - 1] == '/' || most > LIMIT_NEAR)
        mistake(p, p->at + strlen(word->name) + 1,
                "%s/ is followed by how many words may stand between, up to %u: %s/5", word->name, LIMIT_NEAR,
                word->name);
    p->at += chunk.len;
    return most;
}

/* Words, a phrase, or a bracket of alternatives of them. */
static bool can_be_near(const struct query_node *n)
{
    if (n->kind != QUERY_OR)
        return n->kind == QUERY_WORDS;
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (!can_be_near(kid))
            return false;
    return true;
}

static bool is_sign(const struct parser *p)
{
    return next_is(p, SPAN("OR")) || next_is(p, SPAN("AND")) || next_is(p, SPAN("NOT")) || is_without(p) ||
           near_word_at(p);
}

static struct query_node *take_near_thing(struct parser *p, const struct near_word *word)
{
    size_t at = p->at, len;
    struct query_node *n = NULL;

    if (at < p->text.len && char_at(p, at, &len) != ')' && !is_sign(p))
        n = take_one(p);
    if (!n)
        mistake(p, at, "%s needs a word or a phrase on both sides", word->name);
    else if (!can_be_near(n))
        mistake(p, at, "near each other can be words, phrases, and brackets of them with OR");
    return n;
}

/* One thing, or several that stand near each other. */
static struct query_node *take_chain(struct parser *p)
{
    const struct near_word *word = near_word_at(p);
    size_t at = p->at;
    struct query_node *first = NULL, *last;

    if (word)
        mistake(p, at, "%s needs a word or a phrase on both sides", word->name);
    if (p->err || !(first = last = take_one(p)))
        return NULL;
    while (skip_space(p), !p->err && (word = near_word_at(p))) {
        uint32_t most = take_near_word(p, word);

        if (first == last && !can_be_near(first))
            mistake(p, at, "near each other can be words, phrases, and brackets of them with OR");
        skip_space(p);
        if (p->err || !(last->next = take_near_thing(p, word)))
            return NULL;
        last = last->next;
        last->most = most;
        last->ordered = word->ordered;
    }
    return first == last ? first : new_node(p, QUERY_NEAR, first);
}

/* The same, with "without" before it or not. */
static struct query_node *take_signed(struct parser *p)
{
    bool without = false;
    struct query_node *n;
    size_t len;

    while (next_is(p, SPAN("NOT"))) {
        p->at += 3;
        without = !without;
        skip_space(p);
        if (p->at == p->text.len || char_at(p, p->at, &len) == ')' || next_is(p, SPAN("OR")) ||
            next_is(p, SPAN("AND"))) {
            mistake(p, p->at, "NOT needs something after it");
            return NULL;
        }
    }
    if (is_without(p)) {
        p->at++;
        without = !without;
    }
    n = take_chain(p);
    return n && without ? new_node(p, QUERY_NOT, n) : n;
}

/* Things side by side, up to OR, a closing bracket or the end. */
static struct query_node *take_and(struct parser *p)
{
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;
    size_t len;

    for (;;) {
        skip_space(p);
        if (p->err || p->at == p->text.len || char_at(p, p->at, &len) == ')' || next_is(p, SPAN("OR")))
            break;
        if (next_is(p, SPAN("AND"))) {
            p->at += 3;
            continue;
        }
        if ((n = take_signed(p))) {
            if (n->kind == QUERY_AND) /* a bracket that makes no difference */
                n = n->kids;
            *last = n;
            for (; n; n = n->next, count++)
                last = &n->next;
        }
    }
    return count > 1 ? new_node(p, QUERY_AND, first) : first;
}

static struct query_node *take_or(struct parser *p)
{
    struct query_node *first = NULL, **last = &first, *n;
    uint32_t count = 0;
    size_t or_at = p->at;

    if (++p->depth > DEPTH_MAX) {
        mistake(p, p->at, "there are more than %d brackets inside each other", DEPTH_MAX);
        return NULL;
    }
    for (;;) {
        n = take_and(p);
        if (n) {
            *last = n;
            last = &n->next;
            count++;
        }
        if (p->err || !next_is(p, SPAN("OR"))) {
            if (!n && count)
                mistake(p, or_at, "OR needs something on both sides");
            break;
        }
        or_at = p->at;
        if (!n)
            mistake(p, or_at, "OR needs something on both sides");
        p->at += 2;
    }
    p->depth--;
    return count > 1 ? new_node(p, QUERY_OR, first) : first;
}

static void number_leaves(struct query *q, struct query_node *n)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_WORDS || n->kind == QUERY_NEAR)
            n->leaf = q->leaf_count++;
        if (!query_is_filter(n->kind))
            number_leaves(q, n->kids);
    }
}

static int prepare(struct query *q, struct arena *mem)
{
    if (!q->keys)
        q->keys = arena_array(mem, LIMIT_QUERY_TERMS, sizeof *q->keys);
    return q->keys ? expand_prepare(q, mem) : ERR_NOMEM;
}

static int open_stemmer(struct query *q, struct span stem)
{
    if (stem.len == 0 || (q->stemmer = stemmer_new(stem)))
        return 0;
    (void)snprintf(
        q->detail, sizeof q->detail,
        "there are no stems for '%.*s'; languages are named in English, as german, or by code, as de",
        (int)(stem.len < 40 ? stem.len : 40), stem.at);
    return ERR_ARGS;
}

void query_fini(struct query *q)
{
    stemmer_free(q->stemmer);
    q->stemmer = NULL;
}

int query_parse(struct query *q, struct arena *mem, struct span text, struct span stem)
{
    struct parser p = {.q = q, .mem = mem, .text = text};
    struct query_node *root;

    memset(q, 0, sizeof *q);
    if (open_stemmer(q, stem) < 0)
        return ERR_ARGS;
    if (text.len > LIMIT_QUERY)
        mistake(&p, 0, "the query is longer than %u bytes", LIMIT_QUERY);
    if (p.err || prepare(q, mem) < 0)
        return p.err ? p.err : ERR_NOMEM;
    root = take_or(&p);
    if (p.at < text.len)
        mistake(&p, p.at, "a bracket is closed that was not opened");
    if (!root && span_trim(text).len)
        mistake(&p, 0, "there is no word to look for");
    if (p.err)
        return p.err;
    q->root = root;
    number_leaves(q, root);
    return 0;
}

int query_add_speaker(struct query *q, struct arena *mem, struct span name)
{
    struct parser p = {.q = q, .mem = mem, .text = name};
    struct query_node *speaker = NULL;

    if (name.len > LIMIT_QUERY)
        mistake(&p, 0, "the name is longer than %u bytes", LIMIT_QUERY);
    if (p.err || prepare(q, mem) < 0)
        return p.err ? p.err : ERR_NOMEM;
    speaker = name_node(&p, name, 0);
    if (!speaker)
        mistake(&p, 0, "there is no name to look for");
    if (p.err)
        return p.err;
    speaker->next = q->root;
    q->root = q->root ? new_node(&p, QUERY_AND, speaker) : speaker;
    return p.err;
}

static void mark_wanted(const struct query_node *n, bool *wanted)
{
    for (; n; n = n->next) {
        if (n->kind == QUERY_AND || n->kind == QUERY_OR || n->kind == QUERY_NEAR)
            mark_wanted(n->kids, wanted);
        for (uint32_t i = 0; i < n->slot_count; i++)
            for (uint32_t way = 0; way < n->slots[i].count; way++)
                for (uint32_t k = 0; k < n->slots[i].ways[way].count; k++)
                    wanted[n->slots[i].ways[way].keys[k]] = true;
    }
}

void query_mark_wanted(const struct query *q, bool *wanted)
{
    memset(wanted, 0, q->key_count * sizeof *wanted);
    mark_wanted(q->root, wanted);
}

bool query_is_of_quotes(const struct query_node *n)
{
    if (n->kind != QUERY_AND && n->kind != QUERY_OR)
        return n->kind >= QUERY_SPEAKER && n->kind <= QUERY_KIND;
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (!query_is_of_quotes(kid))
            return false;
    return true;
}

bool query_asks_who(const struct query_node *n)
{
    if (n->kind != QUERY_AND && n->kind != QUERY_OR)
        return n->kind != QUERY_KIND;
    for (const struct query_node *kid = n->kids; kid; kid = kid->next)
        if (query_asks_who(kid))
            return true;
    return false;
}

static struct query_node *copy_node(struct arena *mem, const struct query_node *n, struct query_node *next)
{
    struct query_node *copy = arena_alloc(mem, sizeof *copy);

    if (copy) {
        *copy = *n;
        copy->next = next;
    }
    return copy;
}

static int add_said(struct arena *mem, const struct query_node *n, struct query_node *either);

/* Those side by side that ask about one quote, if any asks who; and what the others ask. */
static int add_said_together(struct arena *mem, const struct query_node *n, struct query_node *either)
{
    struct query_node all = {.kind = QUERY_AND}, *copy;
    bool who = false;
    int rc = 0;

    for (const struct query_node *kid = n->kids; kid && rc == 0; kid = kid->next) {
        if (!query_is_of_quotes(kid)) {
            rc = add_said(mem, kid, either);
            continue;
        }
        who |= query_asks_who(kid);
        if (!(all.kids = copy_node(mem, kid, all.kids)))
            return ERR_NOMEM;
    }
    if (rc < 0 || !who)
        return rc;
    copy = copy_node(mem, all.kids->next ? &all : all.kids, either->kids);
    if (!copy)
        return ERR_NOMEM;
    either->kids = copy;
    return 0;
}

static int add_said(struct arena *mem, const struct query_node *n, struct query_node *either)
{
    struct query_node *copy;
    int rc = 0;

    if (query_is_of_quotes(n) && n->kind != QUERY_AND) {
        if (!query_asks_who(n))
            return 0;
        if (!(copy = copy_node(mem, n, either->kids)))
            return ERR_NOMEM;
        either->kids = copy;
        return 0;
    }
    if (n->kind == QUERY_AND)
        return add_said_together(mem, n, either);
    for (const struct query_node *kid = n->kind == QUERY_OR ? n->kids : NULL; kid && rc == 0; kid = kid->next)
        rc = add_said(mem, kid, either);
    return rc;
}

int query_said(const struct query *q, struct arena *mem, const struct query_node **out)
{
    struct query_node *either = arena_alloc(mem, sizeof *either);

    *out = NULL;
    if (!either)
        return ERR_NOMEM;
    either->kind = QUERY_OR;
    if (q->root && add_said(mem, q->root, either) < 0)
        return ERR_NOMEM;
    if (either->kids)
        *out = either->kids->next ? either : either->kids;
    return 0;
}

static bool names_kind(const struct query_node *n, unsigned kind)
{
    for (; n; n = n->next)
        if ((n->kind == QUERY_KIND && n->kinds & kind) || (n->kind != QUERY_NOT && names_kind(n->kids, kind)))
            return true;
    return false;
}

static unsigned kinds_of(const struct query_node *n)
{
    unsigned kinds = n->kind == QUERY_OR ? 0 : EVERY_KIND;

    if (n->kind == QUERY_KIND)
        return n->kinds;
    if (n->kind == QUERY_AND || n->kind == QUERY_OR)
        for (const struct query_node *k = n->kids; k; k = k->next)
            kinds = n->kind == QUERY_AND ? kinds & kinds_of(k) : kinds | kinds_of(k);
    return kinds;
}

unsigned query_kinds(const struct query *q)
{
    const unsigned indirect = 1u << QUOTE_INDIRECT;
    unsigned kinds = q->root ? kinds_of(q->root) : (unsigned)EVERY_KIND;

    return names_kind(q->root, indirect) ? kinds : kinds & ~indirect;
}
