/* twin.c -- quotes that stand twice; see twin.h.
 *
 * The folded words of all body quotes are laid end to end, with a border between them, and each quote of a
 * bullet, headline or pull quote is looked for in that. memmem is linear, and only the first TWINS_SOUGHT
 * of an article are looked for, so the whole stays linear in the text.
 */
#include "index/twin.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/err.h"
#include "base/utf8.h"
#include "index/fold.h"
#include "index/speaker.h"

enum { TWINS_SOUGHT = 64, TWIN_LEAST = 12 /* folded bytes: two short words tell nothing */ };

static bool repeats(enum block_kind kind)
{
    return kind == BLOCK_BULLET || kind == BLOCK_TITLE || kind == BLOCK_HEADING || kind == BLOCK_SUMMARY ||
           kind == BLOCK_PULL;
}

/* Letters and digits of the quote, folded, a space between words. */
static void put_folded(struct buf *b, struct span text)
{
    bool gap = false;
    uint32_t cp;
    size_t n, start = b->len;

    for (size_t i = 0; i < text.len; i += n) {
        char folded[64];

        n = utf8_next(text.at + i, text.at + text.len, &cp);
        if (!(char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT))) {
            gap |= cp != '\'' && cp != 0x2019;
            continue;
        }
        if (gap && b->len > start)
            buf_char(b, ' ');
        gap = false;
        if (cp < 0x80)
            buf_char(b, (char)(cp >= 'A' && cp <= 'Z' ? cp + 32 : cp));
        else
            buf_put(b, folded, fold_text((struct span){text.at + i, n}, FOLD_LOOSE, folded, sizeof folded));
    }
}

/* The body quote whose folded words hold those at `place`. */
static uint32_t owner(const uint32_t *ends, const uint32_t *quotes, uint32_t count, size_t place)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (ends[mid] <= place)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count ? quotes[low] : quotes[count - 1];
}

static void take_speaker(struct quote *twin, const struct quote *from)
{
    if (twin->speaker.len || !from->speaker.len)
        return;
    twin->speaker = from->speaker;
    twin->role = from->role;
    twin->person = from->person;
    twin->rule = speaker_rule_name(RULE_TWIN);
    twin->why = "the same words stand in the body";
    twin->confidence = (uint16_t)(from->confidence * 9u / 10u);
}

int twin_find(struct arena *mem, const struct article *a, struct quote *quotes, uint32_t count,
              const enum block_kind *kinds)
{
    struct buf body = BUF_INIT(4 * (size_t)LIMIT_FILE), one = BUF_INIT(4 * (size_t)LIMIT_FILE);
    uint32_t *ends = arena_array(mem, (size_t)count + 1, sizeof *ends), body_count = 0, sought = 0;
    uint32_t *owners = arena_array(mem, (size_t)count + 1, sizeof *owners);
    bool any = false;
    int rc = 0;

    if (!ends || !owners)
        return arena_err(mem);
    for (uint32_t i = 0; i < count; i++)
        any |= repeats(kinds[i]);
    for (uint32_t i = 0; any && i < count; i++) {
        if (repeats(kinds[i]))
            continue;
        put_folded(&body, span_cut(a->text, quotes[i].start, quotes[i].end));
        buf_char(&body, '\n');
        ends[body_count] = (uint32_t)body.len;
        owners[body_count++] = i;
    }
    for (uint32_t i = 0; i < count && body_count && sought < TWINS_SOUGHT; i++) {
        const char *at;

        if (!repeats(kinds[i]))
            continue;
        sought++;
        buf_clear(&one);
        put_folded(&one, span_cut(a->text, quotes[i].start, quotes[i].end));
        if (buf_err(&one) || buf_err(&body) || one.len < TWIN_LEAST ||
            !(at = memmem(body.at, body.len, one.at, one.len)))
            continue;
        quotes[i].twin_of = owner(ends, owners, body_count, (size_t)(at - body.at));
        take_speaker(&quotes[i], &quotes[quotes[i].twin_of]);
    }
    if (buf_err(&body) == ERR_NOMEM || buf_err(&one) == ERR_NOMEM)
        rc = ERR_NOMEM;
    buf_fini(&body);
    buf_fini(&one);
    return rc;
}
