#include "index/passage.h"

#include <stdlib.h>

#include "base/err.h"
#include "index/break.h"

/* A block where something stands, and how good it is. */
struct candidate {
    uint32_t block, score;
};

static bool is_read(const struct block *b)
{
    return b->kind != BLOCK_BOILERPLATE;
}

/* What a block weighs: different words and phrases count most, then how often; the headline stands above the passages anyway. */
static uint32_t score_places(const struct leaf_place *places, uint32_t count, const struct block *b,
                             uint32_t *met, uint32_t round)
{
    uint32_t score = 0;

    for (uint32_t i = 0; i < count; i++) {
        score += met[places[i].leaf] == round ? 1 : 1000;
        met[places[i].leaf] = round;
    }
    return b->kind == BLOCK_TITLE ? score / 2 : score;
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->block > y->block) - (x->block < y->block);
}

static int by_block(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    return (x->block > y->block) - (x->block < y->block);
}

/* Blocks in which something begins, scored. Both rise by position. */
static int find_candidates(struct arena *mem, const struct query *q, const struct doc_row *doc,
                           const struct leaf_place *places, uint32_t place_count, struct candidate **out,
                           uint32_t *count)
{
    uint32_t *met = arena_array(mem, (size_t)q->leaf_count + 1, sizeof *met), at = 0;

    *count = 0;
    if (!met || !(*out = arena_array(mem, (size_t)doc->block_count + 1, sizeof **out)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < doc->block_count && at < place_count; i++) {
        const struct block *b = &doc->blocks[i];
        uint32_t end = i + 1 < doc->block_count ? doc->blocks[i + 1].pos : UINT32_MAX, first;

        while (at < place_count && places[at].pos < b->pos)
            at++;
        for (first = at; at < place_count && places[at].pos < end;)
            at++;
        if (at > first && is_read(b))
            (*out)[(*count)++] = (struct candidate){
                .block = i, .score = score_places(places + first, at - first, b, met, i + 1)};
    }
    return 0;
}

enum { WORD_REACH = 48 }; /* bytes that a passage gives up so as to begin or end at a space */

static bool is_space(struct span text, uint32_t at)
{
    return (unsigned char)text.at[at] <= ' ';
}

/* Forward to the beginning of a word, or in a text without spaces of a character; at most to the words to be shown. */
static uint32_t round_up(struct span text, uint32_t at, uint32_t most)
{
    uint32_t i = at, reach = most - at < WORD_REACH ? most : at + WORD_REACH;

    while (i < reach && !is_space(text, i))
        i++;
    while (i < most && is_space(text, i))
        i++;
    if (i < reach)
        return i;
    while (at < most && !break_is_border(text, at))
        at++;
    return at;
}

/* Back to the end of a word, or of a character; at most to that of the words to be shown. */
static uint32_t round_down(struct span text, uint32_t at, uint32_t least)
{
    uint32_t i = at, reach = at - least < WORD_REACH ? least : at - WORD_REACH;

    while (i > reach && !is_space(text, i))
        i--;
    while (i > least && is_space(text, i - 1))
        i--;
    if (i > reach)
        return i;
    while (at > least && !break_is_border(text, at))
        at--;
    return at;
}

/* The run of hits within PASSAGE_BYTES that is longest, as [*from, *to). One walk with two ends. */
static void densest(const struct hit *hits, uint32_t count, uint32_t *from, uint32_t *to)
{
    uint32_t most = 0;

    for (uint32_t i = 0, j = 0; j < count; j++) {
        while (i < j && hits[j].end - hits[i].start > PASSAGE_BYTES)
            i++;
        if (j - i + 1 > most) {
            most = j - i + 1;
            *from = i;
            *to = j + 1;
        }
    }
}

/* The part of a long block round its hits. */
static void cut_window(struct passage *p, struct span text)
{
    uint32_t block_start = p->start, block_end = p->end, from = 0, to = 0, first, last = 0, room;

    densest(p->hits, p->hit_count, &from, &to);
    if (from)
        p->hits += from;
    p->hit_count = to - from;
    first = from < to ? p->hits[0].start : block_start;
    for (uint32_t i = 0; i < p->hit_count; i++)
        last = p->hits[i].end > last ? p->hits[i].end : last;
    if (last < first || last > block_end)
        last = last < first ? first : block_end;
    room = last - first < PASSAGE_BYTES ? PASSAGE_BYTES - (last - first) : 0;
    if (first - block_start > room / 2)
        p->start = round_up(text, first - room / 2, first);
    if (block_end - p->start > PASSAGE_BYTES) {
        uint32_t end = p->start + PASSAGE_BYTES > last ? p->start + PASSAGE_BYTES : last;
        p->end = end < block_end ? round_down(text, end, last) : block_end;
    }
}

/* Hits that the window left out go, and overlaps are joined. */
static int tidy_hits(struct arena *mem, struct passage *p)
{
    struct hit *tidy = arena_array(mem, (size_t)p->hit_count + 1, sizeof *tidy);
    uint32_t n = 0;

    if (!tidy)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < p->hit_count; i++) {
        struct hit h = p->hits[i];

        if (h.end > p->end)
            h.end = p->end;
        if (h.start < p->start || h.start >= h.end)
            continue;
        if (n && h.start < tidy[n - 1].end)
            tidy[n - 1].end = h.end > tidy[n - 1].end ? h.end : tidy[n - 1].end;
        else
            tidy[n++] = h;
    }
    p->hits = tidy;
    p->hit_count = n;
    return 0;
}

static int make_passage(struct arena *mem, struct span text, const struct block *b, const struct hit *hits,
                        uint32_t hit_count, struct passage *p)
{
    *p = (struct passage){b->start, b->end, hits, hit_count};
    if (b->end - b->start > PASSAGE_BYTES)
        cut_window(p, text);
    return tidy_hits(mem, p);
}

/* The first paragraph, or else the first block that was read. */
static uint32_t first_paragraph(const struct doc_row *doc, struct candidate *c)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < doc->block_count; i++) {
        if (!is_read(&doc->blocks[i]) || (found && doc->blocks[i].kind != BLOCK_BODY))
            continue;
        *c = (struct candidate){.block = i};
        found = 1;
        if (doc->blocks[i].kind == BLOCK_BODY)
            break;
    }
    return found;
}

int passage_choose(struct arena *mem, const struct query *q, const struct doc_row *doc,
                   const struct leaf_place *places, uint32_t place_count,
                   const struct block *blocks[PASSAGES_MAX], uint32_t *count)
{
    struct candidate *found, lone;

    if (find_candidates(mem, q, doc, places, place_count, &found, count) < 0)
        return ERR_NOMEM;
    if (*count == 0) {
        found = &lone;
        *count = first_paragraph(doc, &lone);
    }
    qsort(found, *count, sizeof *found, by_score);
    if (*count > PASSAGES_MAX)
        *count = PASSAGES_MAX;
    qsort(found, *count, sizeof *found, by_block);
    for (uint32_t i = 0; i < *count; i++)
        blocks[i] = &doc->blocks[found[i].block];
    return 0;
}

int passage_make(struct arena *mem, const struct query *q, struct span text,
                 const struct block *blocks[PASSAGES_MAX], uint32_t block_count, struct passage **out,
                 uint32_t *count)
{
    struct match_range ranges[PASSAGES_MAX];
    uint32_t hit = 0;
    struct match m;
    int rc = 0;

    for (uint32_t i = 0; i < block_count; i++)
        ranges[i] = (struct match_range){blocks[i]->start, blocks[i]->end};
    if (match_text(&m, mem, q, text, ranges, block_count) < 0)
        return q->cancel && *q->cancel ? ERR_CANCELLED : ERR_NOMEM;
    if (!(*out = arena_array(mem, (size_t)block_count + 1, sizeof **out)))
        return ERR_NOMEM;
    match_drop_unwanted(&m, q);
    for (uint32_t i = 0; rc == 0 && i < block_count; i++) {
        uint32_t first = hit;

        while (hit < m.hit_count && m.hits[hit].start < ranges[i].end)
            hit++;
        rc = make_passage(mem, text, blocks[i], hit > first ? m.hits + first : NULL, hit - first, &(*out)[i]);
    }
    *count = block_count;
    return rc;
}
