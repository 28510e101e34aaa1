/* fuzz_quote.c -- any bytes, made valid UTF-8: the quotes found in them keep quote.h's promises. */
#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/mark.h"
#include "index/quote.h"
#include "index/render_why.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool on_border(struct span text, uint32_t at)
{
    return at == text.len || ((unsigned char)text.at[at] & 0xC0) != 0x80;
}

/* A stretch inside the text, on borders of characters; empty ones are fine. */
static void check_range(struct span text, uint32_t start, uint32_t end)
{
    assert(start <= end && end <= text.len);
    assert(on_border(text, start) && on_border(text, end));
}

static bool holds_double(struct span text, uint32_t start, uint32_t end)
{
    uint32_t cp = 0;

    while (start < end && !mark_is_double(cp))
        start += (uint32_t)utf8_next(text.at + start, text.at + end, &cp);
    return mark_is_double(cp);
}

/* No white space at either end, and no double mark that has nobody to pair with inside. */
static void check_ends(struct span text, const struct quote *q)
{
    uint32_t first, last, n = (uint32_t)utf8_next(text.at + q->start, text.at + q->end, &first);
    uint32_t m = (uint32_t)utf8_prev(text.at + q->start, text.at + q->end, &last);

    assert(!(char_bits(first) & CHAR_SPACE) && !(char_bits(last) & CHAR_SPACE));
    if (q->kind == QUOTE_PULL)
        return;
    assert(!mark_is_double(first) || holds_double(text, q->start + n, q->end));
    assert(!mark_is_double(last) || holds_double(text, q->start, q->end - m));
}

static void check(const struct article *a, const struct quote *quotes, uint32_t count)
{
    uint32_t before = a->start,
             told = a->start; /* ends of the last record, and of the last that another holds */

    for (uint32_t i = 0; i < count; i++) {
        const struct quote *q = &quotes[i];

        assert(q->start >= (q->kind == QUOTE_REPORTED ? told : before) && q->start < q->end &&
               q->end <= a->end);
        assert(i == 0 || quotes[i - 1].start < q->start);
        *(q->kind == QUOTE_REPORTED ? &told : &before) = q->end;
        check_range(a->text, q->start, q->end);
        check_range(a->text, q->context_start, q->context_end);
        check_range(a->text, q->mention_start, q->mention_end);
        check_range(a->text, q->cue_start, q->cue_end);
        check_ends(a->text, q);
        assert(q->context_start <= q->start && q->end <= q->context_end);
        assert(q->utterance <= i && q->twin_of < count);
        assert(quotes[q->utterance].utterance == q->utterance);
        if (q->kind == QUOTE_INDIRECT) /* somebody said it, and it is nothing else's */
            assert(q->mention_start < q->mention_end && q->cue_start < q->cue_end && q->twin_of == i);
        if (q->kind == QUOTE_REPORTED)
            assert(q->inside < i && quotes[q->inside].start < q->start && q->end <= quotes[q->inside].end &&
                   quotes[q->inside].kind != QUOTE_REPORTED);
        else
            assert(q->inside == i);
        for (uint32_t k = 0; k < q->step_count; k++)
            assert(q->steps[k].how && q->steps[k].start < q->steps[k].end && q->steps[k].end <= a->end);
        assert(q->rule && q->confidence <= 1000 && (unsigned)q->kind < QUOTE_KINDS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena mem = ARENA_INIT;
    struct buf text = BUF_INIT(4 * len + 4), text_of_why = BUF_INIT(64 * len + 65536);
    struct article like = {.line = 1}, *articles = NULL;
    uint32_t article_count = 0, count;
    struct quote *quotes;

    for (size_t i = 0; i < len;) {
        char out[4];
        uint32_t cp;

        i += utf8_next((const char *)data + i, (const char *)data + len, &cp);
        if (cp)
            buf_put(&text, out, utf8_put(out, cp));
    }
    like.text = text.at ? buf_view(&text) : SPAN("");
    like.end = (uint32_t)like.text.len;
    assert(article_split(&mem, &like, &articles, &article_count) == 0);
    for (uint32_t i = 0; i < article_count; i++) {
        assert(quote_find(&mem, &articles[i], QUOTE_STATEMENTS | (len % 2 ? QUOTE_REASONS : 0), &quotes,
                          &count) == 0);
        check(&articles[i], quotes, count);
        for (uint32_t q = 0; q < count; q++) {
            buf_clear(&text_of_why);
            why_json(&text_of_why, articles[i].text, &quotes[q], 0);
            assert(buf_err(&text_of_why) == 0);
        }
    }
    buf_fini(&text);
    buf_fini(&text_of_why);
    arena_free(&mem);
    return 0;
}
