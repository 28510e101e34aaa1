/* span.h -- a piece of text that belongs to somebody else.
 *
 * Not NUL-terminated. Valid as long as the memory it lies in; each header says how long that is.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *at;
    size_t len; /* bytes */
};

/* A span over a string literal. */
#define SPAN(literal) ((struct span){(literal), sizeof(literal) - 1})

/* The same where a constant is needed. */
#define SPAN_INIT(literal)             \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

/* A span over a NUL-terminated string; NULL gives the empty span. */
static inline struct span span_of(const char *s)
{
    return (struct span){s, s ? strlen(s) : 0};
}

static inline bool span_eq(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* The order of the bytes; a shorter span comes before a longer one that begins with it. */
static inline int span_cmp(struct span a, struct span b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.at, b.at, n) : 0;
    return c ? c : (a.len > b.len) - (a.len < b.len);
}

static inline bool span_starts(struct span s, struct span with)
{
    return s.len >= with.len && (with.len == 0 || memcmp(s.at, with.at, with.len) == 0);
}

static inline bool span_ends(struct span s, struct span with)
{
    return s.len >= with.len && (with.len == 0 || memcmp(s.at + s.len - with.len, with.at, with.len) == 0);
}

/* The same with a word that ends with a NUL and is not empty: its first byte tells most lists' words apart. */
static inline bool span_is(struct span s, const char *word)
{
    return s.len && s.at[0] == word[0] && span_eq(s, span_of(word));
}

static inline bool span_begins(struct span s, const char *with)
{
    return s.len && s.at[0] == with[0] && span_starts(s, span_of(with));
}

/* Where `what` (not empty) first stands in s, or NULL. For short words: memmem sets up a table at every call. */
static inline const char *span_find(struct span s, struct span what)
{
    const char *at = s.at, *end;

    if (s.len < what.len) /* nothing may be NULL */
        return NULL;
    end = s.at + s.len;
    while ((size_t)(end - at) >= what.len &&
           (at = memchr(at, what.at[0], (size_t)(end - at) - what.len + 1))) {
        if (memcmp(at, what.at, what.len) == 0)
            return at;
        at++;
    }
    return NULL;
}

/* The part from byte `start` up to `end`. */
static inline struct span span_cut(struct span s, size_t start, size_t end)
{
    return (struct span){s.at + start, end - start};
}

/* Without ASCII white space at both ends. */
static inline struct span span_trim(struct span s)
{
    while (s.len && (unsigned char)s.at[0] <= ' ')
        s.at++, s.len--;
    while (s.len && (unsigned char)s.at[s.len - 1] <= ' ')
        s.len--;
    return s;
}

#endif
