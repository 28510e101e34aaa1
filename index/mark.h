/* mark.h -- where quotation marks open and close.
 *
 * Which marks open and which close is a habit of the document, not of the character:
 *
 *      English  “ … ”     German  „ … “      Swedish  ” … ”     French « … »
 *      Polish   „ … ”     Arabic  ” … “      Dutch    ‘ … ’     Danish » … «     Japanese 「 … 」
 *
 * So each mark is first seen with its neighbours (white space on the left: it may open; on the right: it
 * may close), the document's habit is voted from that, and then marks are paired block by block. Marks
 * inside a quotation are part of its words. A quotation never crosses a block: one that is left open
 * ends with its paragraph, and the mark that re-opens it in the next one (“ again, or » in Spanish) makes
 * a new piece that `goes_on`. So does a mark that closes it there although nothing opened it again: the piece begins
 * with the paragraph.
 *
 * Invariants: pieces rise and do not overlap; start < end; both stand between characters; neither white
 * space nor a double mark is the first or last character of a piece, but for a nested one whose other half
 * is inside: « « Non » est ma réponse » has « Non » est ma réponse.
 */
#ifndef INDEX_MARK_H
#define INDEX_MARK_H

#include "index/article.h"

struct marked {
    uint32_t start, end;             /* the words between the marks */
    uint32_t outer_start, outer_end; /* with the marks */
    uint32_t block;                  /* index into article.blocks */
    bool single;                     /* ‘so’ or 'so' or ‹so› */
    bool open;                       /* no closing mark: ends with the block */
    bool goes_on;                    /* the piece before it was left open, and this is the rest */
    bool dash;                       /* — so: a turn of a dialogue, see dialogue.h */
};

/* All pieces of the article's blocks (BOILERPLATE and NAME_LINE left out). Returns 0 or ERR_NOMEM. Linear. */
int mark_pair(struct arena *mem, const struct article *a, struct marked **out, uint32_t *count);

/* Takes white space and double marks off both ends, those of a nested quotation left; false when no word is left. */
bool mark_trim(struct span text, uint32_t *start, uint32_t *end);

/* Whether a mark stands before the words [start, end) and none behind them, as where a paragraph ends inside a quotation. */
bool mark_left_open(struct span text, uint32_t start, uint32_t end);

/* A double quotation mark of any style: “ " « 「 ... */
bool mark_is_double(uint32_t cp);

#endif
