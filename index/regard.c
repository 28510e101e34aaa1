/* regard.c -- what is seen of a candidate; see regard.h. */
#include "index/regard.h"

#include "index/cue.h"

static void see_mention(struct attributes *seen, const struct place *at, const struct voice *v)
{
    const struct scan *s = at->s;
    struct noun n = v->mention;
    const struct entity *e;
    uint32_t bits;

    if (n.kind == NOUN_NONE) {
        attribute_add(seen, A_NAME);
        return;
    }
    bits = s->tokens[n.first].bits;
    if (n.kind == NOUN_PRONOUN) {
        attribute_add(seen, bits & (LEX_HE | LEX_SHE) ? A_HE
                            : bits & LEX_IT           ? A_IT
                            : bits & LEX_THEY         ? A_THEY
                                                      : A_WE);
    } else if (n.kind == NOUN_NAME) {
        e = cast_entity(at->cast, n);
        attribute_add(seen, !e                        ? A_NAME
                            : e->kind == PERSON       ? (e->words > 1 ? A_PERSON_FULL : A_PERSON_SHORT)
                            : e->kind == ORGANISATION ? A_ORG
                            : e->kind == PLACE        ? A_LAND
                                                      : A_NAME);
        if (bits & LEX_TITLE)
            attribute_add(seen, A_TITLED);
    } else {
        bool doc = false, role = false;

        for (uint32_t i = n.first; i < n.end; i++) {
            doc |= token_has(s, i, LEX_DOC | LEX_ORG);
            role |= token_has(s, i, LEX_ROLE | LEX_PEOPLE | LEX_TITLE);
        }
        attribute_add(seen, n.kind == NOUN_OTHER ? A_OTHER : role || !doc ? A_ROLE : A_DOC);
    }
    if (n.end - n.first > 6)
        attribute_add(seen, A_LONG_PHRASE);
    if (s->tokens[n.end - 1].possessive)
        attribute_add(seen, A_OWNS);
}

/* What stands in tokens [from, to) between a candidate and the quotation. */
static void see_between(struct attributes *seen, const struct scan *s, uint32_t from, uint32_t to)
{
    bool speech = false, quote = false, comma = false, name = false, that = false, judged = false,
         passive = false;

    for (uint32_t i = from; i < to && i < from + PLACE_LEFT; i++) {
        quote |= s->tokens[i].kind == TOKEN_QUOTE;
        comma |= token_is_punct(s, i, ',');
        name |= noun_is_capital(&s->tokens[i]);
        speech |= token_has(s, i, LEX_SPEECH) && cue_is(s, i);
        that |= token_has(s, i, LEX_SUB | LEX_WHO);
        judged |= token_has(s, i, LEX_CUE) && !token_has(s, i, LEX_SPEECH) && cue_is(s, i);
        passive |= token_has(s, i, LEX_CUE) && cue_is_passive(s, i, from);
    }
    if (speech)
        attribute_add(seen, A_SPEECH_BETWEEN);
    if (quote)
        attribute_add(seen, A_QUOTE_BETWEEN);
    if (comma)
        attribute_add(seen, A_COMMA_BETWEEN);
    if (name)
        attribute_add(seen, A_NAME_BETWEEN);
    if (that)
        attribute_add(seen, A_THAT_BETWEEN);
    if (judged)
        attribute_add(seen, A_JUDGED_BETWEEN);
    if (passive)
        attribute_add(seen, A_PASSIVE_BETWEEN);
}

static void see_cue(struct attributes *seen, const struct place *at, const struct voice *v)
{
    const struct scan *s = at->s;
    uint32_t c = v->cue_first;
    struct span word;

    if (v->cue_first >= v->cue_end) {
        attribute_add(seen, A_NO_CUE);
        return;
    }
    word = token_text(s, c);
    if (v->rule == RULE_OWNER) {
        attribute_add(seen, A_CUE_NOUN);
        return;
    }
    if (token_has(s, c, LEX_CUE_ING))
        attribute_add(seen, A_CUE_ING);
    if (span_eq(word, SPAN("said")) || span_eq(word, SPAN("says")))
        attribute_add(seen, A_CUE_SAID);
    else if (token_has(s, c, LEX_SPEECH | LEX_ACCORDING))
        attribute_add(seen, A_CUE_SPEECH);
    else if (token_has(s, c, LEX_CUE | LEX_CUE_ING))
        attribute_add(seen, A_CUE_JUDGES);
    else
        attribute_add(seen, token_has(s, c, LEX_AUX) ? A_CUE_IS : A_CUE_OTHER);
    if (v->rule != RULE_BY && cue_is_passive(s, c, at->low))
        attribute_add(seen, A_CUE_PASSIVE);
}

static uint32_t distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

static void see_places(struct attributes *seen, const struct place *at, const struct voice *v)
{
    const struct scan *s = at->s;
    struct noun n = v->mention;
    bool cued = v->cue_first < v->cue_end;
    bool relative = cued && v->cue_first > n.end && token_has(s, v->cue_first - 1, LEX_WHO);
    uint32_t from = cued && v->cue_end <= at->at && (n.end < v->cue_end || n.first > at->at) ? v->cue_end
                                                                                             : n.end,
             gap;
    uint32_t back = distance(s->tokens[at->at].sentence, s->tokens[n.first].sentence);
    uint32_t blocks = distance(s->sentences[s->tokens[at->at].sentence].block,
                               s->sentences[s->tokens[n.first].sentence].block);

    if (cued) {
        uint32_t who = v->cue_first > n.end && token_has(s, v->cue_first - 1, LEX_WHO) ? v->cue_first - 1 : 0;

        gap = who && (who == n.end || (who == n.end + 1 && token_is_punct(s, n.end, ',')))
                  ? 0
                  : /* Kovar, who said */
                  v->cue_first >= n.end ? v->cue_first - n.end
              : n.first >= v->cue_end   ? n.first - v->cue_end
                                        : 0;
        attribute_add(seen, gap == 0 ? A_SUBJECT_0 : gap <= 4 ? A_SUBJECT_4 : A_SUBJECT_FAR);
    }
    if (back == 0 && n.first > at->at) { /* on the right */
        uint32_t near = cued && v->cue_first < n.first ? v->cue_first : n.first;

        gap = near - at->at - 1;
        see_between(seen, s, at->at + 1, near);
    } else {
        gap = at->at > from ? at->at - from : 0;
        if (back == 0)
            see_between(seen, s, from, at->at);
    }
    attribute_add(seen, gap == 0 ? A_GAP_0 : gap <= 3 ? A_GAP_3 : gap <= 8 ? A_GAP_8 : A_GAP_FAR);
    if (back == 1)
        attribute_add(seen, A_SENTENCE_1);
    else if (back > 1)
        attribute_add(seen, A_SENTENCE_2);
    if (back)
        attribute_add(seen, blocks ? A_NEXT_BLOCK : A_SAME_BLOCK);
    /* Kovar, who called it “…”, is like any subject; those who called it “…” are few among the marked speakers. */
    if (relative && !(token_has(s, v->cue_first, LEX_CUE) && v->cue_first >= 2 &&
                      token_is_punct(s, v->cue_first - 2, ',')))
        attribute_add(seen, A_RELATIVE);
    if ((relative && token_has(s, v->cue_first, LEX_CUE)) || v->rule == RULE_BY || v->rule == RULE_OWNER)
        return; /* gave it to Kovar, who called: what stands before her says nothing */
    if (n.first == s->sentences[s->tokens[n.first].sentence].first)
        attribute_add(seen, A_OPENS);
    else if (token_has(s, n.first - 1, LEX_PREP))
        attribute_add(seen, A_AFTER_PREP);
    else if (token_has(s, n.first - 1, LEX_CUE | LEX_VERB | LEX_CUE_BASE | LEX_CUE_ING) &&
             n.end <= v->cue_first)
        attribute_add(seen, A_AFTER_OBJECT);
}

static bool same_head(const struct place *at, const struct voice *a, const struct voice *b)
{
    const struct entity *x, *y;

    if (a->mention.kind != NOUN_NAME || b->mention.kind != NOUN_NAME)
        return a->mention.kind == NOUN_PRONOUN && b->mention.kind == NOUN_PRONOUN &&
               span_eq(token_text(at->s, a->mention.first), token_text(at->s, b->mention.first));
    x = cast_entity(at->cast, a->mention);
    y = cast_entity(at->cast, b->mention);
    return x && x == y;
}

void regard(struct voice *c, const struct place *at, const struct voice *voices, uint32_t order)
{
    c->seen = at->seen;
    attribute_add(&c->seen, A_ALWAYS);
    attribute_add(&c->seen, order == 0 ? A_ORDER_1 : order == 1 ? A_ORDER_2 : A_ORDER_3);
    see_cue(&c->seen, at, c);
    see_mention(&c->seen, at, c);
    if (c->mention.kind == NOUN_NONE)
        return;
    see_places(&c->seen, at, c);
    if (at->piece && voices[at->piece - 1].rule != RULE_NONE && same_head(at, &voices[at->piece - 1], c))
        attribute_add(&c->seen, A_SPOKE_BEFORE);
}
