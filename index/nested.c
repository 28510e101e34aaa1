/* nested.c -- quotations inside quotations; see nested.h. */
#include "index/nested.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/char.h"
#include "index/mark_read.h"
#include "index/name.h"

enum { QUOTATION_LEAST = 500 /* thousandths */ };

/* A mark that may open: any but an apostrophe inside or after a word. Cheap, for most quotations hold none. */
static bool may_hold(struct span words)
{
    const char *at = words.at, *end = words.at + words.len;
    bool inside = false; /* a word */

    while (at < end) {
        const char *word = at;
        uint32_t cp;

        at = char_pass_plain(at, end);
        inside |= at > word;
        if (at == end)
            break;
        at += utf8_next(at, end, &cp);
        if (!inside && mark_shape_of(cp) != SHAPE_NONE)
            return true;
        inside = (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT)) != 0;
    }
    return false;
}

/* A rule that ties the words to a verb of speech beside them. */
static bool is_told(const struct voice *v)
{
    switch (v->rule) {
    case RULE_AFTER_NAME:
    case RULE_AFTER_VERB:
    case RULE_AFTER_BY:
    case RULE_BEFORE:
    case RULE_BEFORE_VERB:
    case RULE_BEFORE_BY:
        return v->speech && v->cue_first < v->cue_end;
    default:
        return false;
    }
}

/* Of the candidates the likeliest that is told, whatever else is likelier: there is a verb of speech beside the marks. */
static void take_told(void *watcher, uint32_t piece, const struct voice *all, uint32_t count, uint32_t taken)
{
    struct voice *told = (struct voice *)watcher + piece;

    (void)taken;
    for (uint32_t i = 0; i < count; i++)
        if (is_told(&all[i]) && (told->rule == RULE_NONE || all[i].chance > told->chance))
            *told = all[i];
}

/* The full name that the article has for a name, or for an "I" the outer speaker. */
static void complete(const struct scan *s, const struct cast *outside, struct span outer,
                     const struct voice *v, struct named *named)
{
    const struct entity *e;

    if (v->mention.kind == NOUN_PRONOUN && token_has(s, v->mention.first, LEX_I)) {
        bool one = outer.len && token_text(s, v->mention.first).len == 1; /* no "we" */

        named->name = one ? outer : (struct span){"", 0};
        named->why = one ? "pronoun: who speaks the quotation round it" : "pronoun: nobody it could mean";
    } else if (named->name.len && (e = cast_known(outside, named->name)) && e->name.len > named->name.len) {
        named->name = e->name;
        named_step(named, "the full name in the article", e->start, e->start + (uint32_t)e->name.len);
    }
}

/* `named` stays where it is. */
static struct quote quote_of(const struct scan *s, uint32_t piece, const struct voice *v,
                             const struct named *named)
{
    const struct sentence *sentence = &s->sentences[s->tokens[s->token_of[piece]].sentence];

    return (struct quote){.start = s->pieces[piece].start,
                          .end = s->pieces[piece].end,
                          .context_start = s->tokens[sentence->first].start,
                          .context_end = s->tokens[sentence->end - 1].end,
                          .mention_start = v->mention_start,
                          .mention_end = v->mention_end,
                          .cue_start = s->tokens[v->cue_first].start,
                          .cue_end = s->tokens[v->cue_end - 1].end,
                          .kind = QUOTE_REPORTED,
                          .speaker = named->name,
                          .role = named->role,
                          .person = named->person,
                          .rule = speaker_rule_name(v->rule),
                          .why = named->why,
                          .steps = named->steps,
                          .step_count = named->step_count,
                          .confidence = v->chance};
}

int nested_find(struct arena *mem, const struct cast *cast, uint32_t piece, struct span outer,
                struct nested **out, uint32_t *count, uint32_t *cap)
{
    const struct article *a = cast->s->article;
    const struct marked *m = &cast->s->pieces[piece];
    struct block block = {m->start, m->end, BLOCK_BODY, 0, 0, 0};
    struct article inside = *a;
    struct marked *pieces;
    uint32_t piece_count;
    struct scan s;
    struct cast names;
    struct voice *voices, *told;
    struct named *named;
    int rc;

    if (!may_hold(span_cut(a->text, m->start, m->end)))
        return 0;
    inside.start = m->start; /* what it costs depends on the words inside alone */
    inside.end = m->end;
    inside.blocks = &block;
    inside.block_count = 1;
    if ((rc = mark_pair(mem, &inside, &pieces, &piece_count)) < 0 || piece_count == 0 ||
        (rc = sentence_scan(mem, &inside, cast->s->language, pieces, piece_count, &s)) < 0 ||
        (rc = cast_read(mem, &s, &names)) < 0)
        return rc;
    voices = arena_array(mem, piece_count, sizeof *voices);
    told = arena_array(mem, piece_count, sizeof *told);
    named = arena_array(mem, piece_count, sizeof *named);
    if (!voices || !told || !named)
        return arena_err(mem);
    speaker_find(&names, voices, take_told, told);
    if ((rc = name_resolve(mem, &names, told, piece_count, named, NULL, NULL)) < 0)
        return rc;
    for (uint32_t i = 0; i < piece_count; i++) {
        if (told[i].rule == RULE_NONE || (is_told(&voices[i]) && voices[i].quotation < QUOTATION_LEAST))
            continue;
        if (!ARENA_MORE(mem, *out, *count, *cap))
            return arena_err(mem);
        complete(&s, cast, outer, &told[i], &named[i]);
        (*out)[(*count)++] = (struct nested){piece, quote_of(&s, i, &told[i], &named[i])};
    }
    return 0;
}
