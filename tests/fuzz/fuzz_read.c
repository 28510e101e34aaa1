/* Any bytes under any name: reading ends, and what it gives keeps the invariants of article.h. */
#include <assert.h>

#include "base/utf8.h"
#include "index/date.h"
#include "index/fold.h"
#include "index/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool is_space(uint32_t cp)
{
    return (char_bits(cp) & CHAR_SPACE) != 0;
}

static void check_block(const struct article *a, const struct block *b, uint32_t after)
{
    struct span s = span_cut(a->text, b->start, b->end);
    uint32_t first, last;

    assert(b->start >= after && b->start < b->end && b->end <= a->end);                    /* (1) */
    assert(utf8_valid(s, NULL));                                                           /* (2) */
    assert(utf8_next(s.at, s.at + s.len, &first) && utf8_prev(s.at, s.at + s.len, &last)); /* (2) */
    assert(!is_space(first) && !is_space(last));
}

static int take(void *ctx, struct arena *mem, const struct article *a)
{
    uint32_t after = a->start;

    (void)ctx;
    assert(arena_span(mem, a->title).len == a->title.len);
    assert(a->start < a->end && a->end <= a->text.len && a->block_count > 0 && a->line > 0);
    assert(utf8_valid(a->text, NULL) && !memchr(a->text.at, 0, a->text.len)); /* (3) */
    assert(a->date.len == 0 || (date_days(a->date) != DATE_NONE && a->date_basis));
    for (uint32_t i = 0; i < a->block_count; i++) {
        check_block(a, &a->blocks[i], after);
        after = a->blocks[i].end;
    }
    assert(article_line(a, a->end) >= a->line);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const names[] = {"a.txt", "2025/04/a.md", "a.org", "a.jsonl"};
    struct read_report report;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int rc =
            read_bytes((struct span){(const char *)data, len}, span_of(names[i]), NULL, take, NULL, &report);
        assert(rc == 0 ? report.articles > 0 : rc < 0);
        assert(rc == 0 || report.detail[0]);
    }
    return 0;
}
