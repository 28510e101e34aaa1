/* post.h -- posting lists: in which documents (or quotes), and where in them, a term stands.
 *
 * A list is a run of blocks of up to 128 entries. A block holds its last number, so that a seek can pass it
 * by, the gaps and counts bit-packed, and then the positions as varint gaps (pack.h has the bytes):
 *
 *     | count | last | widths | pos bytes | impact | gaps - 1 | counts - 1 | extras | positions |
 *
 * Positions of a block that take more than 600 bytes stand in records of their own. A list of at most 200 bytes stands in
 * its term's entry of the dictionary (entry.h); a longer one in chunks of about 1,000 bytes, so that every value stays inside a
 * page of the store:
 *
 *     key    | be32 segment | u8 field | term 00 | be32 end |           end: the chunk's last number and 1
 *     value  | number before its first - number before the segment's first | block | block | ...
 *
 * so the first chunk whose key is greater than a number is the one that has it, if any. A list is read straight out of the
 * mapped file, so a reader never trusts it: what does not fit is ERR_CORRUPT, not a crash.
 */
#ifndef INDEX_POST_H
#define INDEX_POST_H

#include "index/store.h"

enum { POST_BLOCK = 128 };

struct term_entry; /* entry.h */

struct post {
    uint32_t doc;             /* the current number, after post_next or post_seek returned 1 */
    uint32_t df;              /* numbers in the whole list, the dead included */
    uint64_t cf;              /* occurrences in the whole list */
    uint64_t bytes;           /* about how many bytes the list takes */
    struct post_state *state; /* the arena's, */
    struct within *within;    /* or, of a list of titles or statements (within.h), this */

    /* The open block, for the inline functions below: `count` is 0 when none is open. */
    const uint32_t *numbers, *weights;
    uint32_t at, count;
    bool weighed; /* weights are unpacked */
};

/* Starts the list of a term in one segment. 1: there is one; 0: the segment does not know the term; or an
 * error. The list lives in the arena and borrows from the view: it ends before either. */
int post_open(struct post *p, struct arena *mem, struct index_view *v, const struct segment *s,
              enum field field, struct span term);

/* df and cf of a list of titles or statements are only bounds (within.h): makes them exact, which costs reading it. Right after
 * post_open. 0 or an error. */
int post_measure(struct post *p);
/* The same of a term whose entry is known. */
int post_open_entry(struct post *p, struct arena *mem, struct index_view *v, const struct segment *s,
                    enum field field, struct span term, const struct term_entry *e);

/* The next number: 1, 0 at the end, ERR_CORRUPT. The dead are not left out. */
int post_next(struct post *p);

/* The first number that is >= doc, at or after the current one. Same results. */
int post_seek_far(struct post *p, uint32_t doc);

static inline int post_seek(struct post *p, uint32_t doc)
{
    if (p->count && p->doc >= doc)
        return 1;
    for (uint32_t at = p->at + 1; at < p->count && at < p->at + 5; at++) /* most often it is near */
        if (p->numbers[at] >= doc) {
            p->at = at;
            p->doc = p->numbers[at];
            return 1;
        }
    return post_seek_far(p, doc);
}

/* How often the term stands in the current number, and what that weighs (pack.h); or an error. Counts of a block are unpacked
 * when the first is asked for. */
int64_t post_count(struct post *p);
int64_t post_weight_first(struct post *p);

static inline int64_t post_weight(struct post *p)
{
    return p->weighed ? (int64_t)p->weights[p->at] : post_weight_first(p);
}

/* What no number from `first` to `last` exceeds (impact.h). */
struct post_bound {
    uint32_t first, last, impact;
};

/* The bound of the block where the first number >= doc stands. No number is unpacked, but those before `doc` are passed by:
 * the current number is none until the next post_seek. 1, 0 at the end, ERR_CORRUPT. */
int post_bound(struct post *p, uint32_t doc, struct post_bound *bound);

/* Reads the headers of all blocks beforehand, so that bounds cost no more than a look into an array: for who will want the
 * bounds of all. Before the first move of the list. 0 or an error. */
int post_survey(struct post *p);

/* The impacts of a surveyed list, one a block; 0 as count when it is not surveyed. */
uint32_t post_block_count(const struct post *p);
uint32_t post_block_impact(const struct post *p, uint32_t block);

/* All numbers of the block that post_bound spoke of, and their weights unless that is NULL; valid until the list is moved. 1 or
 * an error. */
int post_block(struct post *p, const uint32_t **numbers, const uint32_t **weights, uint32_t *count);

/* The positions of the term in the current number, rising, as many as post_count says; the arena's until the next
 * post_positions of the same list. Returns how many, or an error. */
int64_t post_positions(struct post *p, const uint32_t **positions);

#endif
