#include "index/query_parse.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "base/utf8.h"
#include "index/char.h"

/* ---- mistakes ---------------------------------------------------------------------------------------- */

/* Notes the first mistake: the column is counted in characters up to byte `at`. */
void parse_mistake(struct parser *p, size_t at, const char *format, ...)
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

struct query_node *parse_node(struct parser *p, enum query_kind kind, struct query_node *kids)
{
    struct query_node *n = need(p, arena_alloc(p->mem, sizeof *n));

    if (n) {
        n->kind = kind;
        n->kids = kids;
    }
    return n;
}

/* ---- characters -------------------------------------------------------------------------------------- */

uint32_t parse_char(const struct parser *p, size_t at, size_t *len)
{
    uint32_t cp = 0;

    *len = 0;
    if (at < p->text.len)
        *len = utf8_next(p->text.at + at, p->text.at + p->text.len, &cp);
    return cp;
}

/* What opens and closes a phrase, straight or pasted from an article. */
bool parse_is_mark(uint32_t cp)
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
           char_row(parse_char(p, at + 1, &len))->word == WB_HEBREW_LETTER;
}

static bool ends_chunk(uint32_t cp)
{
    return parse_is_mark(cp) || cp == '(' || cp == ')' || (char_bits(cp) & CHAR_SPACE);
}

void parse_skip_space(struct parser *p)
{
    size_t len;

    while (char_bits(parse_char(p, p->at, &len)) & CHAR_SPACE && len)
        p->at += len;
}

/* The chunk that begins at `at`: up to white space, a mark or a bracket. */
struct span parse_chunk(const struct parser *p, size_t at)
{
    size_t end = at, len;
    uint32_t cp;

    while ((cp = parse_char(p, end, &len)), len && (!ends_chunk(cp) || (end > at && is_gershayim(p, end))))
        end += len;
    return span_cut(p->text, at, end);
}

/* Takes the marked text that begins at p->at, and leaves p->at behind its closing mark. */
struct span parse_marked(struct parser *p)
{
    size_t open = p->at, len, start, end;
    uint32_t cp;

    (void)parse_char(p, open, &len);
    start = end = open + len;
    while ((cp = parse_char(p, end, &len)),
           len && (!parse_is_mark(cp) || (end > start && is_gershayim(p, end))))
        end += len;
    if (!len)
        parse_mistake(p, open, "the quotation mark is not closed");
    p->at = end + len;
    return span_cut(p->text, start, end);
}

/* ---- words ------------------------------------------------------------------------------------------- */

/* A piece of the query as one node of consecutive words; NULL when it has no words. `offset` is where the piece
 * stands in the query. */
struct query_node *parse_words(struct parser *p, struct span piece, size_t offset, enum meaning as)
{
    const struct query_slot *slots = NULL;
    struct query_node *n;
    struct slots_mistake why = {0};
    uint32_t count = 0;
    int rc = p->err ? p->err : slots_read(p->q, p->mem, piece, as, &slots, &count, &why);

    if (rc == ERR_SYNTAX)
        parse_mistake(p, offset + why.at, "%s", why.words);
    else if (rc < 0)
        p->err = rc;
    if (p->err || count == 0 || !(n = parse_node(p, QUERY_WORDS, NULL)))
        return NULL;
    n->slots = slots;
    n->slot_count = count;
    return n;
}

/* True where = at `at` means "spelled just so": right before a word or a phrase. */
bool parse_is_spelled(const struct parser *p, size_t at)
{
    size_t len;
    uint32_t cp = parse_char(p, at, &len);

    if (cp != '=')
        return false;
    cp = parse_char(p, at + 1, &len);
    return parse_is_mark(cp) || (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT));
}
