/* front.h -- what a text says of itself before it begins.
 *
 *      ---                          #+title: The harbour will stay open
 *      title: "The harbour ..."     #+date: <2025-04-03 Thu>
 *      date: 2025-04-03             #+author: Jane Doe
 *      ---
 *
 * Keys are title, author, date, url, source, lang and id, under the names that blogs and note programs use
 * for them. Everything else is passed over.
 */
#ifndef INDEX_FRONT_H
#define INDEX_FRONT_H

#include "index/article.h"

/* Reads the lines between `---` and `---` at like->start into `like` and moves like->start and like->line behind
 * them. A text without them is left as it is. Returns 0 or ERR_NOMEM. */
int front_matter(struct arena *mem, struct article *like);

/* The same for org's `#+key: value` lines, which stay in the text (org takes them out by itself). */
int front_keywords(struct arena *mem, struct article *like);

/* Sets the field of `like` that this key names; the first to say it wins. Keys are not case-sensitive. */
int front_set(struct arena *mem, struct article *like, struct span key, struct span value, const char *basis);

#endif
