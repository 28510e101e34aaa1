#include "index/shape.h"

#include "base/utf8.h"
#include "index/char.h"

/* A word counts its capital when it has more letters and digits than this. */
enum { SHORT_WORD = 3 };

/* The text read so far, and the word it is in. */
struct reader {
    struct shape shape;
    size_t letters;
    unsigned all; /* the bits of all characters together */
    bool inside, upper;
    size_t len; /* letters and digits of the word */
};

static void begin_word(struct reader *r, unsigned bits)
{
    r->inside = true;
    r->upper = (bits & CHAR_UPPER) != 0;
    r->len = 0;
    if (r->shape.words++)
        return;
    r->shape.starts_upper = r->upper;
    r->shape.starts_letter = (bits & CHAR_LETTER) != 0;
}

static void end_word(struct reader *r)
{
    if (r->inside && r->len > SHORT_WORD) {
        r->shape.long_words++;
        r->shape.capitals += r->upper;
    }
    r->inside = false;
}

/* The ASCII letters and digits with which a word goes on. */
static const char *read_plain(struct reader *r, const char *at, const char *end)
{
    const char *start = at;

    for (unsigned bits; at < end && (bits = char_ascii[(unsigned char)*at]) & (CHAR_LETTER | CHAR_DIGIT);
         at++) {
        r->all |= bits;
        r->letters += bits & CHAR_LETTER;
    }
    r->len += (size_t)(at - start);
    return at;
}

struct shape shape_of(struct span text)
{
    struct reader r = {.inside = false};

    for (const char *at = text.at, *end = text.at + text.len; at < end;) {
        uint32_t cp;
        unsigned bits;

        at += utf8_next(at, end, &cp);
        bits = char_bits(cp);
        r.all |= bits;
        r.letters += bits & CHAR_LETTER;
        if (bits & (CHAR_LETTER | CHAR_DIGIT)) {
            if (!r.inside)
                begin_word(&r, bits);
            r.len++;
            at = read_plain(&r, at, end);
        } else if (cp != '\'' && cp != 0x2019 && cp != '-') {
            end_word(&r);
        }
    }
    end_word(&r);
    r.shape.dense = (r.all & CHAR_DENSE) != 0;
    r.shape.shouted = !(r.all & CHAR_LOWER) && r.letters > 4;
    return r.shape;
}
