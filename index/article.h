/* article.h -- an article as the rest of the index sees it, after reading and before analysis.
 *
 * A reader turns a file into decoded text (UTF-8) and cuts that into articles, and each article into
 * blocks (paragraphs, headings, bullets). Nothing is copied or cleaned: a block is a range of the decoded
 * text, so that every place found in it is a place in the source.
 *
 *      decoded text   |  headline   Short Url   Updated 3 April   body ... |  headline  body ... |
 *      article 0      |<-------------------------------------------------->|
 *      its blocks      [TITLE....] [BOILERPLATE][BOILERPLATE.....][BODY..]
 *      article 1                                                            |<------------------>|
 *
 * Invariants:
 *  (1) blocks rise and do not overlap; each lies inside [start, end) and is not empty;
 *  (2) block borders stand between characters; no block begins or ends with white space;
 *  (3) text is well-formed UTF-8 without NUL, or the reader has refused it;
 *  (4) BOILERPLATE is stored and shown in context, but neither indexed nor searched for quotes.
 */
#ifndef INDEX_ARTICLE_H
#define INDEX_ARTICLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

enum block_kind {
    BLOCK_BODY,
    BLOCK_TITLE,       /* the headline; repeated, it is BOILERPLATE the second time */
    BLOCK_HEADING,     /* a heading inside the article */
    BLOCK_SUMMARY,     /* standfirst or caption under the headline */
    BLOCK_BULLET,      /* a list item; often repeats words of the body */
    BLOCK_PULL,        /* a line of speech set apart, without marks, followed by its NAME_LINE */
    BLOCK_NAME_LINE,   /* "Dario Penn, ministry spokesperson" under a pull quote */
    BLOCK_QUOTED,      /* a block quotation of Markdown or org */
    BLOCK_BOILERPLATE, /* "Short Url", "Follow", "Updated 8 sec ago", a dateline of its own */
};

struct block {
    uint32_t start, end; /* bytes of article.text */
    enum block_kind kind;
    uint32_t blank_before; /* empty lines above it */
    uint32_t pos,
        line; /* once it is indexed: the position of its first word, its line counted from the article's start */
};

struct language;

struct article {
    struct span text;    /* the whole decoded text it stands in: the file, or the "text" of a JSON line */
    uint32_t start, end; /* its part of it */
    const struct block *blocks;
    uint32_t block_count;

    struct span title; /* empty when there is none */
    struct span date;  /* "2025-04-03", "2025-04", "2025", or empty: when it was published */
    const char *
        date_basis; /* where the date came from: "front matter", "updated line", "path", "mtime", ...; static */
    struct span author, url, outlet, lang; /* as given; empty when not */
    struct span id;                        /* the id that its JSON line or front matter gives */
    struct span place;                     /* the town of its dateline ("BEIRUT"), or empty */
    const struct language *language;       /* as language_of told it, once it was asked; else NULL */

    uint32_t record;  /* line of a JSON lines file, from 1; 0 for other files */
    uint32_t ordinal; /* which article of its file or record, from 0 */
    uint32_t line;    /* line of the source on which `start` stands, from 1 */
    bool plain;       /* text is the file's bytes as they are: its offsets are the file's */
};

/* Cuts decoded text into articles and their blocks (headlines, datelines, boilerplate, bullets, pull quotes).
 * `like` gives what is known of the source (title, date, lang, ... may be empty) and the text; its
 * blocks are ignored. *out has at least one article unless the text is blank. All in `mem`.
 * Returns 0 or ERR_NOMEM. Linear in the text. */
int article_split(struct arena *mem, const struct article *like, struct article **out, uint32_t *count);

/* The 1-based line of byte `at` of the text, counted from the article's start. */
uint32_t article_line(const struct article *a, uint32_t at);

#endif
