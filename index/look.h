/* look.h -- what a paragraph looks like, all by itself.
 *
 * A page copied from a website brings its furniture along: "Short Url", "Follow", "Updated 03 April 2025".
 * Here are the words and shapes of furniture, headlines, datelines and name lines. Whether a paragraph *is* what
 * it looks like depends on its neighbours; that is decided in clean.c.
 */
#ifndef INDEX_LOOK_H
#define INDEX_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum look {
    LOOK_SENTENCE = 1,   /* ends as a sentence does */
    LOOK_HEADLINE = 2,   /* a line of some words that does not */
    LOOK_CHROME = 4,     /* a button or label of a web page: "Follow", "Share", "Advertisement" */
    LOOK_UPDATED = 8,    /* "Updated 03 April 2025", "Published 8 sec ago" */
    LOOK_DATE = 16,      /* a date and nothing else, or a town and a date */
    LOOK_BYLINE = 32,    /* "By Jane Doe" */
    LOOK_CAPTION = 64,   /* ends with a picture's credit: "(AFP/File)" */
    LOOK_NAME = 128,     /* "Dario Penn, ministry spokesperson" */
    LOOK_DATELINE = 256, /* begins with a town: "BEIRUT: ", "Berlin (dpa) - " */
    LOOK_LABEL = 512,    /* begins with capitals and a colon, as a speaker's name in a transcript does */
    LOOK_MARKS = 1024,   /* holds a quotation mark */
    LOOK_FURNITURE = LOOK_CHROME | LOOK_UPDATED | LOOK_DATE | LOOK_BYLINE
};

/* All that it looks like, as bits of enum look. Looks at a bounded number of bytes. */
unsigned look_at(struct span para);

/* The bits of LOOK_FURNITURE alone. */
unsigned look_furniture(struct span para);

/* The last line of a quotation that is a name, inside the marks: Ada Kovar, head of the agency.” */
bool look_credit(struct span line);

/* The town of a DATELINE or DATE paragraph, or the empty span. */
struct span look_place(struct span para);

/* The name in a BYLINE or NAME paragraph: "Jane Doe". */
struct span look_name(struct span para);

#endif
