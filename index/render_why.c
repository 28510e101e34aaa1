/* render_why.c -- the reasons for a speaker; see render_why.h. */
#include "index/render_why.h"

#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "index/render.h"
#include "index/speaker.h"

enum { SHOWN_LONGEST = 150 /* bytes of a mention shown in words */ };

/* ---- in words ---- */

static void say_words(struct buf *b, struct span text, uint32_t start, uint32_t end)
{
    struct span words = span_cut(text, start, end), cut = utf8_cut(words, SHOWN_LONGEST);

    buf_str(b, "“");
    buf_span(b, cut);
    buf_str(b, cut.len < words.len ? "…”" : "”");
}

static void say_place(struct buf *b, const char *before, uint32_t start, uint32_t end, uint32_t add)
{
    buf_printf(b, " (%s%u–%u)", before, start + add, end + add);
}

static void say_rule(struct buf *b, const struct quote *q)
{
    const char *like = speaker_rule_like(span_of(q->rule));

    if (!q->speaker.len && q->mention_start == q->mention_end) {
        buf_str(b, "no rule names a speaker; the sentence is shown instead");
        return;
    }
    buf_str(b, q->rule);
    if (like)
        buf_printf(b, ", as in: %s", like);
}

static void say_mention(struct buf *b, struct span text, const struct quote *q, uint32_t add,
                        const char *between)
{
    bool cue = q->cue_start < q->cue_end, mention = q->mention_start < q->mention_end;

    if (!cue && !mention)
        return;
    buf_str(b, between);
    if (cue) {
        say_words(b, text, q->cue_start, q->cue_end);
        say_place(b, "bytes ", q->cue_start, q->cue_end, add);
    }
    if (cue && mention)
        buf_str(b, ", and ");
    if (mention) {
        say_words(b, text, q->mention_start, q->mention_end);
        say_place(b, cue ? "" : "bytes ", q->mention_start, q->mention_end, add);
    }
}

static void say_steps(struct buf *b, struct span text, const struct quote *q, uint32_t add,
                      const char *between)
{
    uint32_t start = q->mention_start, end = q->mention_end;

    for (uint32_t i = 0; i < q->step_count; i++) {
        const struct step *step = &q->steps[i];

        buf_str(b, between);
        say_words(b, text, start, end);
        buf_str(b, " means ");
        say_words(b, text, step->start, step->end);
        say_place(b, "", step->start, step->end, add);
        buf_printf(b, ": %s", step->how);
        start = step->start;
        end = step->end;
    }
    if (q->step_count == 0 && q->why)
        buf_printf(b, "%s%s", between, q->why);
}

static void say_percent(struct buf *b, uint16_t thousandths)
{
    if (thousandths < 10)
        buf_str(b, " under 1 %");
    else
        buf_printf(b, " %u %%", thousandths / 10u);
}

static void say_choices(struct buf *b, struct span text, const struct why *why, const char *between)
{
    buf_printf(b, "%schances: ", between);
    for (uint8_t i = 0; i < why->choice_count; i++) {
        const struct choice *c = &why->choices[i];

        if (i)
            buf_str(b, ", ");
        if (c->start < c->end)
            say_words(b, text, c->start, c->end);
        else
            buf_str(b, "nobody");
        say_percent(b, c->chance);
    }
    buf_str(b, "; that it is a quotation at all:");
    say_percent(b, why->quotation);
}

void why_words(struct buf *b, struct span text, const struct quote *q, uint32_t add, const char *between)
{
    say_rule(b, q);
    say_mention(b, text, q, add, between);
    say_steps(b, text, q, add, between);
    if (q->details &&
        q->details->evidence_count) /* without weights, chances are no more than the order of the rules */
        say_choices(b, text, q->details, between);
}

/* ---- in JSON ---- */

static void put_range(struct buf *b, const char *name, struct span text, uint32_t start, uint32_t end,
                      uint32_t add)
{
    char key[32];

    if (start == end) {
        json_put_null(b, name);
        return;
    }
    json_put_text(b, name, span_cut(text, start, end));
    (void)snprintf(key, sizeof key, "%s_start", name);
    json_put_int(b, key, (int64_t)start + add);
    (void)snprintf(key, sizeof key, "%s_end", name);
    json_put_int(b, key, (int64_t)end + add);
}

static void put_steps(struct buf *b, struct span text, const struct quote *q, uint32_t add)
{
    json_key(b, "steps");
    buf_char(b, '[');
    for (uint32_t i = 0; i < q->step_count; i++) {
        const struct step *step = &q->steps[i];

        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "text", span_cut(text, step->start, step->end));
        json_put_int(b, "start", (int64_t)step->start + add);
        json_put_int(b, "end", (int64_t)step->end + add);
        json_put_text(b, "how", span_of(step->how));
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void put_choices(struct buf *b, struct span text, const struct why *why, uint32_t add)
{
    json_key(b, "choices");
    buf_char(b, '[');
    for (uint8_t i = 0; i < why->choice_count; i++) {
        const struct choice *c = &why->choices[i];

        json_sep(b);
        buf_char(b, '{');
        if (c->start < c->end) {
            json_put_text(b, "mention", span_cut(text, c->start, c->end));
            json_put_int(b, "start", (int64_t)c->start + add);
            json_put_int(b, "end", (int64_t)c->end + add);
        } else {
            json_put_null(b, "mention");
        }
        json_put_text(b, "rule", span_of(c->rule));
        put_thousandths_of(b, "chance", c->chance);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

static void put_evidence(struct buf *b, const struct why *why)
{
    json_key(b, "evidence");
    buf_char(b, '[');
    for (uint8_t i = 0; i < why->evidence_count; i++) {
        json_sep(b);
        buf_char(b, '{');
        json_put_text(b, "seen", span_of(why->evidence[i].seen));
        put_thousandths_of(b, "weight", why->evidence[i].weight);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

void why_json(struct buf *b, struct span text, const struct quote *q, uint32_t add)
{
    struct buf words = BUF_INIT(16 * 1024);
    const char *like = speaker_rule_like(span_of(q->rule));

    why_words(&words, text, q, add, "; ");
    json_put_text(b, "rule", span_of(q->rule));
    if (like)
        json_put_text(b, "like", span_of(like));
    json_put_text(b, "explanation", buf_view(&words));
    buf_fini(&words);
    put_range(b, "mention", text, q->mention_start, q->mention_end, add);
    put_range(b, "cue", text, q->cue_start, q->cue_end, add);
    put_steps(b, text, q, add);
    if (!q->details)
        return;
    put_thousandths_of(b, "quotation", q->details->quotation);
    put_choices(b, text, q->details, add);
    put_evidence(b, q->details);
}
