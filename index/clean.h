/* clean.h -- article_split() with what a reader knows about the marks in its text.
 *
 * It works in three steps, a file each:
 *
 *      para.c    lines -> paragraphs     hard-wrapped lines joined, markup left outside
 *      look.c    paragraph -> what it looks like, all by itself: "Short Url", "Updated ...", a name line
 *      clean.c   paragraphs -> articles  headlines, second articles, block kinds: what needs the neighbours
 */
#ifndef INDEX_CLEAN_H
#define INDEX_CLEAN_H

#include "index/article.h"

enum clean_markup {
    CLEAN_PLAIN,
    CLEAN_MARKDOWN, /* # headings, > quotations, ``` code */
    CLEAN_ORG       /* * headings, #+begin_quote, :DRAWERS: */
};

/* article_split() for a text with these marks. Only the part from like->start to like->end is cut; when
 * like->end is 0 the whole text is. `whole` makes one article of it, in which nothing is boilerplate. */
int clean_split(struct arena *mem, const struct article *like, enum clean_markup markup, bool whole,
                struct article **out, uint32_t *count);

#endif
