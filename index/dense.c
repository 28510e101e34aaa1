/* dense.c -- speakers in Japanese; see dense.h. */
#include "index/dense.h"

#include "base/utf8.h"
#include "index/fold.h"
#include "index/speaker.h"

enum { NAME_LONGEST = 48 }; /* bytes: sixteen characters */

static bool is_dense(const struct scan *s, uint32_t i)
{
    uint32_t cp;

    (void)utf8_next(s->article->text.at + s->tokens[i].start, s->article->text.at + s->tokens[i].end, &cp);
    return s->tokens[i].kind == TOKEN_WORD && (char_bits(cp) & CHAR_DENSE);
}

/* Where the first of the topic and subject particles stands in the text, or its length. */
static size_t particle(struct span text)
{
    for (size_t i = 3; i + 3 <= text.len && i <= NAME_LONGEST; i += 3)
        if (memcmp(text.at + i, "は", 3) == 0 || memcmp(text.at + i, "が", 3) == 0)
            return i;
    return text.len;
}

static bool set(struct voice *v, uint32_t start, uint32_t end)
{
    if (start >= end || end - start > NAME_LONGEST)
        return false;
    v->rule = RULE_DENSE;
    v->mention_start = start;
    v->mention_end = end;
    return true;
}

bool dense_speaker(const struct scan *s, uint32_t piece, struct voice *v)
{
    uint32_t at = s->token_of[piece], before = at;
    struct span text;
    size_t end;

    if (at + 1 < s->token_count && is_dense(s, at + 1)) {
        text = token_text(s, at + 1);
        if (span_starts(text, SPAN("と"))) {
            text = span_cut(text, 3, text.len);
            end = particle(text);
            if (end < text.len)
                return set(v, s->tokens[at + 1].start + 3, s->tokens[at + 1].start + 3 + (uint32_t)end);
        }
    }
    if (before > 0 && token_is_punct(s, before - 1, ','))
        before--;
    if (before > 0 && is_dense(s, before - 1)) {
        text = token_text(s, before - 1);
        end = particle(text);
        if (end < text.len)
            return set(v, s->tokens[before - 1].start, s->tokens[before - 1].start + (uint32_t)end);
    }
    return false;
}

struct span dense_name(struct span mention)
{
    static const char *const honorifics[] = {"氏",   "さん", "首相", "大統領", "知事",   "市長", "社長",
                                             "教授", "大臣", "議員", "会長",   "報道官", "長官", "監督"};

    for (size_t i = 0; i < sizeof honorifics / sizeof *honorifics; i++) {
        struct span h = span_of(honorifics[i]);

        if (mention.len > h.len && span_ends(mention, h))
            return span_cut(mention, 0, mention.len - h.len);
    }
    return mention;
}
