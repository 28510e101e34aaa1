#include "index/known.h"

/* clang-format off */
static const struct span known[] = {
    [1] = SPAN_INIT("none"), /* rules: speaker.h */
    SPAN_INIT("quote-name-verb"),
    SPAN_INIT("quote-verb-name"),
    SPAN_INIT("quote-according-to"),
    SPAN_INIT("quote-far-said"),
    SPAN_INIT("label"),
    SPAN_INIT("dash"),
    SPAN_INIT("name-verb-quote"),
    SPAN_INIT("name-verb-far-quote"),
    SPAN_INIT("verb-name-quote"),
    SPAN_INIT("according-to-quote"),
    SPAN_INIT("participle"),
    SPAN_INIT("by-name"),
    SPAN_INIT("name-owns-quote"),
    SPAN_INIT("sentence-subject"),
    SPAN_INIT("same-paragraph"),
    SPAN_INIT("same-sentence"),
    SPAN_INIT("paragraph-goes-on"),
    SPAN_INIT("announced"),
    SPAN_INIT("sentence-before"),
    SPAN_INIT("paragraph-before"),
    SPAN_INIT("twin"),
    SPAN_INIT("name-line"),
    SPAN_INIT("japanese-particle"),
    SPAN_INIT("name-verb-that"),
    SPAN_INIT("name-verb-clause"),
    SPAN_INIT("verb-ing-clause"),
    SPAN_INIT("clause-name-verb"),
    SPAN_INIT("clause-verb-name"),
    SPAN_INIT("clause-according-to"),
    SPAN_INIT("according-to-clause"),
    SPAN_INIT("as printed"), /* reasons: name.c */
    SPAN_INIT("name as printed"),
    SPAN_INIT("short name: the full one stands in the article"),
    SPAN_INIT("the line under it"),
    SPAN_INIT("role: the one organisation that it can be"),
    SPAN_INIT("role: the one person who has it"),
    SPAN_INIT("pronoun: the man lately named"),
    SPAN_INIT("pronoun: the woman lately named"),
    SPAN_INIT("pronoun: the organisation lately named"),
    SPAN_INIT("pronoun: those lately spoken of"),
    SPAN_INIT("pronoun: the author of the article"),
    SPAN_INIT("pronoun: nobody it could mean"),
    SPAN_INIT("pronoun: who speaks the quotation round it"),
    SPAN_INIT("given"), /* where a date came from */
    SPAN_INIT("front matter"),
    SPAN_INIT("json"),
    SPAN_INIT("date line"),
    SPAN_INIT("updated line"),
    SPAN_INIT("dateline"),
    SPAN_INIT("path"),
    SPAN_INIT("title"),
    SPAN_INIT("mtime"),
    SPAN_INIT("UTF-8"), /* charsets */
};
/* clang-format on */
enum { KNOWN = sizeof known / sizeof known[0] };
_Static_assert((int)KNOWN <= (int)KNOWN_MOST, "there are more known words than numbers for them");

uint32_t known_number(struct span words)
{
    for (uint32_t i = 1; i < KNOWN; i++)
        if (span_eq(known[i], words))
            return i;
    return 0;
}

struct span known_words(uint32_t number)
{
    return number && number < KNOWN ? known[number] : SPAN("");
}

void put_known(struct buf *b, struct span text)
{
    uint32_t number = known_number(text);

    buf_varint(b, number || !text.len ? number : KNOWN_MOST + text.len);
    if (!number)
        buf_span(b, text);
}

struct span take_known(struct take *t)
{
    uint64_t n = take_varint(t);

    if (n > KNOWN_MOST && n - KNOWN_MOST <= take_left(t))
        return take_span(t, (size_t)(n - KNOWN_MOST));
    t->bad |= n >= KNOWN_MOST || (n && !known_words((uint32_t)n).len);
    return n < KNOWN_MOST ? known_words((uint32_t)n) : SPAN("");
}
