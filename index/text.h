/* text.h -- the stored texts: one long run of bytes, kept in zstd blocks.
 *
 *      address   0          9 K         17 K       26 K
 *      texts     |  text 1   |      text 2          |     text 3  ...
 *      blocks    [ 0 ........ 8.5 K) [ 8.5 K ..... 17.4 K) [ ...
 *
 * Texts lie one after the other whatever the blocks, so neighbours share a block and a long text runs over many. A block takes
 * in as much as fits one page of the store when it is packed, some 8 KiB of news, and 32 KiB at most: no page is left half
 * empty, and to show a paragraph costs one page. (Measured on agency reports: 0.47 of the text and 21 microseconds to
 * open; blocks of 32 KiB take 0.46 with their pages, and 66.) A block never changes length: text that must go is
 * overwritten with zeros (text_blank), and addresses stay.
 */
#ifndef INDEX_TEXT_H
#define INDEX_TEXT_H

#include "index/store_inner.h"

enum { TEXT_BLOCK = 32 * 1024 };

struct text_writer {
    uint8_t *raw; /* what is not in a block yet, */
    size_t len;
    uint64_t start; /* and its address */
    size_t guess;   /* how much of it will fit a page */
    uint8_t *packed, *trial;
    void *zip; /* ZSTD_CCtx */
};

int text_writer_init(struct text_writer *tw);
void text_writer_fini(struct text_writer *tw);

/* Forgets what is not in a block yet: after an abort. */
void text_writer_clear(struct text_writer *tw);

/* Adds a text at the end of all; *address is where. */
int text_add(struct text_writer *tw, struct write *w, struct span text, uint64_t *address);

/* Writes the block that is not full yet. Before every commit. */
int text_flush(struct text_writer *tw, struct write *w);

/* Overwrites what lies between the addresses with zeros, and drops blocks that lie wholly between. */
int text_blank(struct write *w, uint64_t start, uint64_t end, bool rewrite);

/* Unpacks a record into out (TEXT_BLOCK bytes); its length, or ERR_CORRUPT. `unzip` is a ZSTD_DCtx. */
int text_unpack(void *unzip, struct span payload, uint8_t *out);

#endif
