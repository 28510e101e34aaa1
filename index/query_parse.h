/* query_parse.h -- reading a query: what its grammar (query.c) and its filters (query_filter.c) share.
 *
 * A parser walks through the text. The first mistake is kept with its column; whatever is read after it counts for nothing.
 */
#ifndef INDEX_QUERY_PARSE_H
#define INDEX_QUERY_PARSE_H

#include "index/query.h"
#include "index/slots.h"

struct parser {
    struct query *q;
    struct arena *mem;
    struct span text;
    size_t at;
    unsigned depth;
    bool spelled, marked; /* the value of a filter in marks, with = before them */
    int err;
};

/* Notes the first mistake: the column is counted in characters up to byte `at`. */
void parse_mistake(struct parser *p, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A node; NULL when memory is out, which is noted. */
struct query_node *parse_node(struct parser *p, enum query_kind kind, struct query_node *kids);

/* ---- characters -------------------------------------------------------------------------------------- */

uint32_t parse_char(const struct parser *p, size_t at, size_t *len);

/* What opens and closes a phrase, straight or pasted from an article. */
bool parse_is_mark(uint32_t cp);

void parse_skip_space(struct parser *p);

/* The chunk that begins at `at`: up to white space, a mark or a bracket. */
struct span parse_chunk(const struct parser *p, size_t at);

/* Takes the marked text that begins at p->at, and leaves p->at behind its closing mark. */
struct span parse_marked(struct parser *p);

/* True where = at `at` means "spelled just so": right before a word or a phrase. */
bool parse_is_spelled(const struct parser *p, size_t at);

/* A piece of the query as one node of consecutive words; NULL when it has no words. `offset` is where the piece stands in
 * the query. */
struct query_node *parse_words(struct parser *p, struct span piece, size_t offset, enum meaning as);

/* ---- filters (query_filter.c) ------------------------------------------------------------------------ */

struct filter;

/* The filter that a chunk begins with, or NULL. */
const struct filter *parse_filter_of(struct span chunk);

/* Takes the filter at p->at, and its value: the rest of its chunk, or a marked text right behind the colon. */
struct query_node *parse_filter(struct parser *p, const struct filter *f);

/* A chunk that looks like a filter and is none: it is told. */
bool parse_is_unknown_filter(struct parser *p, struct span chunk);

/* The words of a name, in any order, as a SPEAKER; NULL when there are none. */
struct query_node *parse_name(struct parser *p, struct span name, size_t offset);

#endif
