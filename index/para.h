/* para.h -- lines of decoded text become paragraphs.
 *
 * Most pages pasted into a file have a line a paragraph; mail, transcripts and old wire copy are broken at
 * some column, others by hand, at the end of a thought. Which of them a text is shows in its line ends: in broken text
 * most lines end in the middle of a sentence. docs/TEXT.md says what decides.
 *
 *   text        \n  • Many feared reprisals\n\nBEIRUT: Rights group ...\n
 *   paragraphs         [...................]    [......................]
 *                      PARA_BULLET, blank 1     blank 1
 */
#ifndef INDEX_PARA_H
#define INDEX_PARA_H

#include "index/clean.h"

enum para_mark {
    PARA_PLAIN,
    PARA_HEADING, /* "# " or "* " in markup, or underlined */
    PARA_BULLET,  /* the range begins after the bullet */
    PARA_QUOTED,  /* the range begins after "> " */
    PARA_RULE     /* a line of dashes or stars; never joined */
};

struct para {
    uint32_t start, end;        /* bytes of the text; no white space at either end, never empty */
    uint32_t blank_before : 24; /* empty lines above it */
    uint32_t mark : 4;          /* enum para_mark */
    uint32_t level : 4;         /* of a heading, from 1 */
};

/* The paragraphs of text[start, end), in order. All in `mem`. Returns 0 or ERR_NOMEM. Linear. */
int para_find(struct arena *mem, struct span text, uint32_t start, uint32_t end, enum clean_markup markup,
              struct para **out, uint32_t *count);

/* True when the text ends as a sentence does: . ! ? … : and their kin, perhaps inside closing marks. */
bool para_ends_sentence(struct span s);

#endif
