/* fuzz_query.c -- any bytes: a query is read or refused in words, and matching it over any text stays inside
 * that text. The first zero byte parts query and text. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "index/match.h"
#include "index/passage.h"
#include "index/paths.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_hits(const struct match *m, const struct query *q, struct span text)
{
    for (uint32_t i = 0; i < m->hit_count; i++) {
        assert(m->hits[i].start < m->hits[i].end && m->hits[i].end <= text.len);
        assert(m->hits[i].leaf < q->leaf_count);
        assert(i == 0 || m->hits[i - 1].end <= m->hits[i].start);
    }
}

/* What is asked about quotes asks about nothing else, and who. */
static void check_said(const struct query *q, struct arena *mem)
{
    const struct query_node *said;

    assert(query_said(q, mem, &said) == 0);
    for (const struct query_node *n = said && said->kind == QUERY_OR ? said->kids : said; n; n = n->next)
        assert(query_is_of_quotes(n) && (query_asks_who(n) || said->kind == QUERY_OR));
    (void)query_kinds(q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const uint8_t *zero = len ? memchr(data, 0, len) : NULL;
    struct span typed = {(const char *)data, zero ? (size_t)(zero - data) : len};
    struct span text = zero ? (struct span){(const char *)zero + 1, len - typed.len - 1} : SPAN("");
    struct match_range range = {0, (uint32_t)text.len};
    struct arena mem = ARENA_INIT;
    struct query q;
    int rc = query_parse(&q, &mem, typed, SPAN(""));

    if (rc < 0) {
        assert(rc == ERR_SYNTAX && q.column >= 1 && q.column <= typed.len + 1 && q.detail[0]);
    } else {
        struct block block = {0, (uint32_t)text.len, BLOCK_BODY, 0, 0, 0};
        struct doc_row doc = {.blocks = &block, .block_count = 1};
        const struct block *blocks[PASSAGES_MAX];
        struct leaf_place place = {0, 0};
        uint32_t block_count;
        struct passage *passages;
        struct match m;
        uint32_t count;

        assert(match_text(&m, &mem, &q, text, &range, 1) == 0);
        check_said(&q, &mem);
        (void)path_fits(typed, text);
        (void)match_whole(&m, &q);
        (void)match_phrase(&m, &q);
        match_tidy(&m, &q);
        check_hits(&m, &q, text);
        assert(passage_choose(&mem, &q, &doc, &place, q.leaf_count > 0, blocks, &block_count) == 0);
        assert(passage_make(&mem, &q, text, blocks, block_count, &passages, &count) == 0);
        for (uint32_t i = 0; i < count; i++)
            assert(passages[i].start <= passages[i].end && passages[i].end <= text.len);
    }
    arena_free(&mem);
    return 0;
}
