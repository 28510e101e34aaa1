/* candidate.c -- who may have spoken a quotation; see candidate.h. */
#include "index/candidate.h"

#include "index/cue.h"
#include "index/dense.h"
#include "index/regard.h"

enum {
    NEAR = 3,      /* so few tokens between a cue and its quotation are none */
    OWNER_NEAR = 8 /* Kovar’s rather tired “…” remark */
};

struct search {
    const struct place *at;
    const struct voice *voices;
    struct voice *out;
    uint32_t count, group; /* of the candidates, where the present group begins */
    uint32_t barred;  /* the first token of one who cannot be the speaker: the subject of a passive verb */
    uint32_t own_cue; /* a verb of speech beside the quotation that has no subject; 0 for none */
    bool closed;      /* a verb beside the quotation governs it: none further away does */
    uint32_t owned;   /* the noun of speech that somebody owns: Kovar’s claim that “…” */
};

/* What a language must allow for a rule to be tried in it; 0 for what rests on no words. */
static uint32_t needs(enum speaker_rule rule)
{
    switch (rule) {
    case RULE_AFTER_NAME:
    case RULE_AFTER_VERB:
    case RULE_AFTER_BY:
    case RULE_BEFORE:
    case RULE_BEFORE_VERB:
    case RULE_BEFORE_BY:
    case RULE_ANNOUNCED:
        return LANGUAGE_BESIDE;
    case RULE_LABEL:
    case RULE_DASH:
        return LANGUAGE_LABEL;
    case RULE_AFTER_FAR:
    case RULE_BEFORE_FAR:
    case RULE_PARTICIPLE:
    case RULE_BY:
        return LANGUAGE_FAR;
    case RULE_SUBJECT:
    case RULE_OWNER:
    case RULE_SENTENCE_BEFORE:
        return LANGUAGE_SUBJECT;
    case RULE_DENSE:
        return LANGUAGE_PARTICLE;
    default:
        return 0;
    }
}

static bool allowed(const struct scan *s, enum speaker_rule rule)
{
    return !needs(rule) || (s->language->rules & needs(rule));
}

/* How much a cue says by itself. */
static int cue_rank(const struct scan *s, const struct voice *v)
{
    if (v->cue_first >= v->cue_end)
        return 0;
    return token_has(s, v->cue_first, LEX_SPEECH | LEX_ACCORDING) ? 3
           : token_has(s, v->cue_first, LEX_CUE | LEX_CUE_ING)    ? 2
                                                                  : 1;
}

/* The plan was called “…” by Kovar: not the plan. Her answer: “…”: not the answer. */
static bool is_barred(const struct search *f, enum speaker_rule rule, struct noun who)
{
    if (who.first == f->barred || span_eq(token_text(f->at->s, who.first), SPAN("Nobody")) ||
        span_eq(token_text(f->at->s, who.first), SPAN("nobody")))
        return true;
    return rule != RULE_OWNER && who.kind != NOUN_PRONOUN && who.end >= f->owned && who.first <= f->owned &&
           f->owned != f->at->at;
}

/* Of two cues with one subject the stronger counts: denied calling it. Of two finite verbs it is the nearer: confirmed
 * it, and called it “…”. */
static bool replaces(const struct scan *s, const struct voice *c, const struct voice *same)
{
    return cue_rank(s, c) > cue_rank(s, same) &&
           !(same->cue_first < same->cue_end && s->english && token_has(s, same->cue_first, LEX_CUE) &&
             !token_has(s, same->cue_first, LEX_CUE_ING));
}

/* Adds a candidate. One mention is one candidate: in its group the stronger cue stays, then the nearer. */
static bool propose(struct search *f, enum speaker_rule rule, struct noun who, uint32_t cue_first,
                    uint32_t cue_end)
{
    const struct scan *s = f->at->s;
    struct voice *c = &f->out[f->count];
    bool speech = cue_first < cue_end && (s->tokens[cue_first].bits & LEX_SPEECH);

    if ((!noun_speaks(who) && who.kind != NOUN_OTHER) || !allowed(s, rule) || is_barred(f, rule, who))
        return false;
    if (f->count == CANDIDATES_MOST)
        return true;
    *c = (struct voice){.rule = rule,
                        .mention = who,
                        .mention_start = s->tokens[who.first].start,
                        .mention_end = s->tokens[who.end - 1].end,
                        .cue_first = cue_first,
                        .cue_end = cue_end,
                        .from = f->at->piece,
                        .speech = speech};
    for (uint32_t i = 0; i < f->count; i++) {
        struct voice *same = &f->out[i];

        if (same->mention.kind == NOUN_NONE ||
            (same->mention.end != who.end && same->mention.first != who.first))
            continue;
        if (rule == RULE_SUBJECT) {
            attribute_add(&same->seen, A_MAIN_SUBJECT);
        } else if (same->mention.first == who.first && same->mention.end < who.end && i >= f->group) {
            same->mention.end = who.end; /* Mountain rescue, of which noun_main saw the first word */
            same->mention_end = c->mention_end;
        }
        if (i >= f->group && replaces(s, c, same)) {
            uint32_t count = f->count;

            *same = *c;
            f->count = i;
            regard(same, f->at, f->voices, i - f->group);
            f->count = count;
        }
        return true;
    }
    regard(c, f->at, f->voices, f->count - f->group);
    f->count++;
    return true;
}

static void take_over(struct search *f, uint32_t from, enum speaker_rule rule)
{
    struct voice *c = &f->out[f->count];

    if (f->count == CANDIDATES_MOST || f->voices[from].rule == RULE_NONE)
        return;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->out[i].mention_start == f->voices[from].mention_start)
            attribute_add(&f->out[i].seen, A_ALSO_BEFORE);
    *c = f->voices[from];
    c->rule = rule;
    c->cue_first = c->cue_end = 0;
    regard(c, f->at, f->voices, f->count - f->group);
    if (f->own_cue) {
        c->cue_first = f->own_cue;
        c->cue_end = f->own_cue + 1;
    }
    f->count++;
}

/* «…», añadió: a verb of speech alone after the words, in a language that needs no pronoun; 0 for none. */
static uint32_t bare_cue(const struct place *at)
{
    const struct scan *s = at->s;
    uint32_t i = at->at + 1;

    if (s->english || !(s->language->rules & LANGUAGE_BESIDE) || i + 1 >= at->high ||
        !token_is_punct(s, i, ',') || !token_has(s, i + 1, LEX_SPEECH) || s->tokens[i + 1].upper)
        return 0;
    return i + 2 >= at->high || s->tokens[i + 2].kind == TOKEN_PUNCT ? i + 1 : 0;
}

/* ---- after the quotation --------------------------------------------------------------------------- */

/* Scripts without capitals: the name is what stands between the verb and the next small word. */
static struct noun caseless_right(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t j = i;

    while (j < high && j - i < 5 && s->tokens[j].kind == TOKEN_WORD &&
           !token_has(s, j, LEX_PREP | LEX_SUB | LEX_CUE | LEX_JOIN | LEX_CALENDAR))
        j++;
    if (j > i + 1 && token_has(s, i, LEX_TITLE)) /* the minister Sami Haddad */
        return (struct noun){i + 1, j, NOUN_NAME, i, i + 1};
    return (struct noun){i, j, j > i ? NOUN_NAME : NOUN_NONE, 0, 0};
}

static bool is_caseless(const struct scan *s, uint32_t i)
{
    unsigned char c = (unsigned char)s->article->text.at[s->tokens[i].start];

    /* Hebrew, Arabic and their neighbours, also inside an article in another script */
    return s->language->capitals == CAPITALS_NONE || (c >= 0xD6 && c <= 0xE0);
}

/* Whether the verb at c has its speaker after "by": described by Kovar as “…”, called “…” by critics. */
static bool has_by(const struct place *at, uint32_t c)
{
    const struct scan *s = at->s;
    uint32_t by = c + 1 == at->at ? at->at + 1 : c + 1;

    return s->english && by + 1 < at->high && span_eq(token_text(s, by), SPAN("by")) &&
           !span_ends(token_text(s, by + 1), SPAN("ing")) && noun_speaks(noun_right(s, by + 1, at->high));
}

/* “…,” said Kovar / “…,” according to Kovar / « … », a déclaré Kovar */
static bool verb_then_name(struct search *f, uint32_t i, enum speaker_rule rule)
{
    const struct scan *s = f->at->s;
    uint32_t high = f->at->block_end, j = cue_skip_small(s, i, high);
    struct noun who;

    if (j + 1 < high && token_has(s, j, LEX_DET) && token_has(s, j + 1, LEX_CUE)) {
        i--; /* a déclaré: the French auxiliary looks like an article */
        j++;
    }
    if (j >= high)
        return false;
    if (token_has(s, j, LEX_ACCORDING)) {
        uint32_t to = j + 1 < high && token_has(s, j + 1, LEX_PREP) ? j + 2 : j + 1;

        return propose(f, RULE_AFTER_BY, noun_apposed(s, noun_right(s, to, high), high), j, to);
    }
    if (!cue_is(s, j) && !(j > i && token_has(s, j, LEX_CUE_BASE)) &&
        (s->english || !span_eq(token_text(s, j), SPAN("so"))))
        return false; /* „…“, so Kovar: German */
    who = is_caseless(s, j) ? caseless_right(s, j + 1, high) : noun_right(s, j + 1, high);
    who = noun_apposed(s, who, high);
    return (noun_speaks(who) || (who.kind == NOUN_OTHER && token_has(s, j, LEX_SPEECH))) &&
           propose(f, rule, who, j, j + 1);
}

/* “…,” an angry Kovar retaliated: beside a quotation that leads to it, any verb in the past will do. */
static bool is_unknown_past(const struct scan *s, uint32_t i, struct noun who)
{
    return (who.kind == NOUN_NAME || who.kind == NOUN_PRONOUN) && s->tokens[i].kind == TOKEN_WORD &&
           !s->tokens[i].upper && span_ends(token_text(s, i), SPAN("ed"));
}

/* “…,” Kovar said / “…,” Kovar, the mayor of Lind, later said */
static bool name_then_verb(struct search *f, uint32_t i, enum speaker_rule rule)
{
    const struct scan *s = f->at->s;
    struct noun who = noun_right(s, i, f->at->block_end);
    uint32_t j, limit = f->at->block_end;

    if (!noun_speaks(who) && who.kind != NOUN_OTHER)
        return false;
    if (limit > who.end + PLACE_RIGHT)
        limit = who.end + PLACE_RIGHT;
    j = who.end;
    if (j + 1 < limit && token_has(s, j, LEX_JOIN)) { /* the mayor and candidate said */
        struct noun more = noun_right(s, j + 1, limit);

        if (noun_speaks(more) && more.kind != NOUN_PRONOUN)
            j = who.end = more.end;
    }
    if (j < limit && token_is_punct(s, j, '(')) {
        while (j < limit && !token_is_punct(s, j, ')'))
            j++;
        j += j < limit;
    }
    if (j < limit && (token_is_punct(s, j, ',') || token_has(s, j, LEX_WHO))) {
        struct noun apposed = noun_apposed(s, who, limit);

        for (uint32_t k = j + 1;
             k < limit && s->tokens[k].kind != TOKEN_QUOTE && s->tokens[k].sentence == s->tokens[j].sentence;
             k++)
            if (token_is_punct(s, k, ',')) {
                uint32_t verb = cue_skip_small(s, k + 1, limit);

                if (verb < limit && cue_is(s, verb))
                    return propose(f, rule, apposed, verb, verb + 1);
            }
        if (!token_has(s, j, LEX_WHO))
            return false;
    }
    j = cue_skip_small(s, j, limit);
    if (j >= limit || !(cue_is(s, j) || cue_is_base(s, j, who.first) || is_unknown_past(s, j, who)))
        return false;
    if (who.kind == NOUN_OTHER && !token_has(s, j, LEX_SPEECH))
        return false;
    if (s->english && rule == RULE_AFTER_NAME && f->at->at > f->at->low && j + 2 < limit &&
        span_eq(token_text(s, j + 1), SPAN("that")) && !token_has(s, j + 2, LEX_CALENDAR))
        return false; /* while Lind said it was “…,” Kovar replied that: a clause of its own */
    return propose(f, rule, who, j, j + 1);
}

/* Calling it “…,” Kovar left: a participle at the head of the sentence, whose subject comes after the words. */
static bool opening_participle(struct search *f, uint32_t i)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;

    if (!s->english || at->at == at->low || at->at - at->low > OWNER_NEAR ||
        !token_has(s, at->low, LEX_CUE_ING))
        return false;
    for (uint32_t k = at->low; k < at->at; k++)
        if (s->tokens[k].kind != TOKEN_WORD)
            return false;
    return propose(f, RULE_PARTICIPLE, noun_right(s, i, at->high), at->low, at->low + 1);
}

/* Ada Kovar, “…” dedi: the verb right after the words, its subject before them. */
static bool verb_last(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t v = at->at + 1;
    struct noun who;

    if (s->english || v >= at->high || !token_has(s, v, LEX_SPEECH) || s->tokens[v].upper ||
        at->at == at->low || !token_is_punct(s, at->at - 1, ',') ||
        (v + 1 < at->high && s->tokens[v + 1].kind != TOKEN_PUNCT))
        return false;
    who = noun_left(s, at->at - 1, at->low);
    return noun_speaks(who) && propose(f, RULE_AFTER_VERB, who, v, v + 1);
}

/* What stands right after the quotation, when the quotation leads to it: by its comma or mark inside, or a
 * comma or dash outside. */
static bool find_right(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    char ending = piece_ending(s, at->piece);
    bool led = ending == ',' || ending == '?' || ending == '!' || ending == '-' || ending == '~';
    uint32_t i = at->at + 1;

    while (i < at->block_end && i < at->at + 4 && s->tokens[i].kind == TOKEN_PUNCT &&
           (s->tokens[i].punct == ',' || s->tokens[i].punct == '-')) {
        led = true;
        i++;
    }
    if (i + 1 < at->block_end && led && token_has(s, i, LEX_SUB | LEX_PREP) &&
        s->tokens[i].end - s->tokens[i].start == 2 &&
        name_then_verb(f, i + 1, RULE_AFTER_NAME)) /* “…,” as Kovar said */
        return true;
    if (i >= at->block_end || s->tokens[i].kind != TOKEN_WORD)
        return false;
    if (verb_last(f))
        return true;
    if (!led) { /* “…” said Kovar; “…” Kovar said */
        uint32_t count = f->count;

        if (ending == '.' || (!s->tokens[i].upper && !token_has(s, i, LEX_PRONOUN | LEX_SPEECH)))
            return false;
        if ((token_has(s, i, LEX_SPEECH) && !s->tokens[i].upper && verb_then_name(f, i, RULE_AFTER_VERB)) ||
            (at->at == at->low && name_then_verb(f, i, RULE_AFTER_NAME) && f->out[count].speech))
            return true;
        f->count = count;
        return false;
    }
    if (opening_participle(f, i) || name_then_verb(f, i, RULE_AFTER_NAME))
        return true;
    return !s->tokens[i].upper && verb_then_name(f, i, RULE_AFTER_VERB);
}

/* “…” if it rains, said Kovar: a verb of speech and its subject close the sentence. */
static bool find_right_far(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t high = at->high < at->block_end ? at->high : at->block_end;

    for (uint32_t i = at->at + 1; i + 1 < high && s->tokens[i].kind != TOKEN_QUOTE; i++) {
        uint32_t count = f->count;

        if (!token_is_punct(s, i, ','))
            continue;
        if ((verb_then_name(f, i + 1, RULE_AFTER_FAR) || name_then_verb(f, i + 1, RULE_AFTER_FAR)) &&
            f->count > count) {
            const struct voice *v = &f->out[count];

            if ((v->speech || v->rule == RULE_AFTER_BY) &&
                s->tokens[v->mention.first].sentence == s->tokens[i].sentence) {
                f->out[count].rule = RULE_AFTER_FAR;
                return true;
            }
            f->count = count;
        }
    }
    return false;
}

/* called “…” by critics */
static void find_right_by(struct search *f)
{
    const struct scan *s = f->at->s;
    uint32_t i = f->at->at + 1, c = f->at->at, low = f->at->low;

    for (c -= c > low; c > low && f->at->at - c < NEAR && token_has(s, c, LEX_DET | LEX_PREP);)
        c--; /* labelled as a “…” by critics */
    if (token_has(s, c, LEX_CUE) && has_by(f->at, f->at->at - 1))
        (void)propose(f, RULE_BY, noun_right(s, i + 1, f->at->high), c, c + 1);
}

/* “…” — Ada Kovar */
static bool find_dash(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t i = at->at + 1;
    struct noun who;

    if (i < at->block_end) {
        if (!token_is_punct(s, i, '-') && !(token_is_punct(s, i, ':') && noun_in_headline(at->s, at->at)))
            return false; /* ‘…’: Kovar on the bridge, in a headline */
    } else if (i >= s->token_count || !token_is_punct(s, i, '-')) {
        return false;
    }
    while (i < s->token_count && (token_is_punct(s, i, '-') || token_is_punct(s, i, ':')))
        i++;
    who = noun_right(s, i, s->token_count);
    if (who.kind != NOUN_NAME || token_has(s, who.first, LEX_DET))
        return false;
    if (who.end < s->token_count && s->tokens[who.end].kind != TOKEN_PUNCT &&
        s->tokens[who.end].sentence == s->tokens[i].sentence &&
        !(noun_in_headline(at->s, at->at) && token_has(s, who.end, LEX_PREP)))
        return false;
    return propose(f, RULE_DASH, who, i, i);
}

/* ---- before the quotation -------------------------------------------------------------------------- */

/* KOVAR: “…” at the start of a block */
static bool find_label(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    struct noun who;
    uint32_t i = at->at;

    if (i <= at->low || !token_is_punct(s, i - 1, ':') || i - at->low > 10)
        return false;
    who = noun_right(s, at->low, i - 1);
    if (who.kind != NOUN_NAME || (who.end != i - 1 && !token_is_punct(s, who.end, '(')))
        return false;
    return propose(f, RULE_LABEL, who, i - 1, i - 1);
}

/* Who is adding, saying, calling: the name before it (with Kovar saying), the subject of the verb of speech that it
 * continues (…, Kovar said, adding), the subject of the sentence. */
static bool find_participle(struct search *f, uint32_t c)
{
    const struct scan *s = f->at->s;
    uint32_t low = f->at->low, count = f->count;
    struct noun who = noun_subject(s, c, low);
    uint32_t start = who.role_first < who.role_end && who.role_first < who.first ? who.role_first : who.first;

    if (s->english && (who.kind == NOUN_NAME || who.kind == NOUN_ROLE) && start > low &&
        span_eq(token_text(s, start - 1), SPAN("with"))) /* with her deputy, Jan Wouters, saying */
        return propose(f, RULE_PARTICIPLE, who, c, c + 1);
    if (s->english && c > low && span_eq(token_text(s, c - 1), SPAN("as"))) {
        who = noun_left(s, c - 1, low); /* Kovar quoted Lind as saying */
        if ((who.kind == NOUN_NAME || who.kind == NOUN_ROLE) && who.first > low &&
            token_has(s, who.first - 1, LEX_CUE) && !cue_is_passive(s, who.first - 1, low))
            return propose(f, RULE_PARTICIPLE, who, c, c + 1);
    }
    who = noun_left(s, c, low);
    if (who.kind == NOUN_NAME && who.first > low && !s->tokens[who.end - 1].possessive &&
        !token_has(s, who.first - 1, LEX_OF | LEX_CUE | LEX_VERB))
        (void)propose(f, RULE_PARTICIPLE, who, c, c + 1);
    for (uint32_t i = c; i > low && c - i < 2 * NEAR; i--) {
        if (!cue_is(s, i - 1) || !token_has(s, i - 1, LEX_SPEECH) || cue_is_passive(s, i - 1, low))
            continue;
        who = noun_subject(s, i - 1, low);
        if (noun_speaks(who) && propose(f, RULE_PARTICIPLE, who, c, c + 1))
            break;
    }
    who = noun_main(s, low, c);
    if (noun_speaks(who))
        (void)propose(f, RULE_PARTICIPLE, who, c, c + 1);
    return f->count > count;
}

/* Kovar quoted Lind as saying: the words are Lind's. */
static bool hands_over(const struct place *at, uint32_t c)
{
    const struct scan *s = at->s;

    if (!s->english || cue_is_passive(s, c, at->low))
        return false;
    for (uint32_t i = c + 2; i + 1 < at->at && i - c < OWNER_NEAR && s->tokens[i].kind == TOKEN_WORD; i++)
        if (token_has(s, i + 1, LEX_CUE_ING) && span_eq(token_text(s, i), SPAN("as")))
            return noun_speaks(noun_left(s, i, c + 1));
    return false;
}

/* Kovar said she had “…”: the subject of what is reported, beside a verb of speech that has its own. */
static bool is_reported(const struct place *at, struct noun who)
{
    const struct scan *s = at->s;
    uint32_t v = who.first;

    if (!s->english || v <= at->low)
        return false;
    v -= span_eq(token_text(s, v - 1), SPAN("that"));
    if (v <= at->low || !token_has(s, v - 1, LEX_SPEECH) || !token_has(s, v - 1, LEX_CUE | LEX_CUE_ING))
        return false;
    if (who.kind == NOUN_PRONOUN && v - 1 > at->low)
        return true;
    return noun_speaks(noun_subject(s, v - 1, at->low));
}

/* A woman who lives opposite said: the subject of the sentence, over its relative clause. */
static struct noun past_relative(const struct place *at, uint32_t c, struct noun who)
{
    struct noun main = noun_main(at->s, at->low, c);

    return noun_speaks(main) && main.end < c && token_has(at->s, main.end, LEX_WHO) ? main : who;
}

/* the army called “…”; to Lind, who called the gift “…”: the verb of judgement whose object the words are. */
static bool governs(const struct place *at, uint32_t c, struct noun who)
{
    const struct scan *s = at->s;

    if (token_has(s, c, LEX_SPEECH) || !token_has(s, c, LEX_CUE))
        return false;
    if (c + 1 == at->at && who.end == c) /* but not: the use of orders “…” */
        return !span_ends(token_text(s, c), SPAN("s")) || who.kind == NOUN_PRONOUN;
    for (uint32_t i = c + 1; i < at->at; i++)
        if (s->tokens[i].kind != TOKEN_WORD)
            return false;
    return c > at->low && token_has(s, c - 1, LEX_WHO) && at->at - c <= OWNER_NEAR;
}

static void find_verb(struct search *f, uint32_t c)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    bool near = at->at - c <= NEAR + 1, cue = cue_is(s, c) || cue_is_base(s, c, at->low);
    bool speech = token_has(s, c, LEX_SPEECH);
    struct noun who;

    if (!cue && !(s->english && cue_is_verb(s, c, at->low)))
        return;
    if (!s->english && cue_is_passive(s, c, at->low))
        return;
    if (has_by(at, c) || hands_over(at, c)) {
        who = noun_subject(s, c, at->low);
        if (noun_speaks(who) || who.kind == NOUN_OTHER)
            f->barred = who.first;
        return;
    }
    if (is_caseless(s, c)) {
        (void)propose(f, RULE_BEFORE_VERB, caseless_right(s, c + 1, at->at), c, c + 1);
        return;
    }
    who = noun_subject(s, c, at->low);
    if (s->english && (who.kind == NOUN_OTHER || who.kind == NOUN_NONE) && cue && speech)
        who = past_relative(at, c, who);
    if (noun_speaks(who) && !(cue && speech) && is_reported(at, who))
        return;
    if (s->english && cue && noun_speaks(who) && governs(at, c, who))
        f->closed = true;
    if (noun_speaks(who) || (who.kind == NOUN_OTHER && near && cue && speech)) {
        (void)propose(f, near ? RULE_BEFORE : RULE_BEFORE_FAR, who, c, c + 1);
    } else if (c > at->low && (token_has(s, c - 1, LEX_JOIN | LEX_ADV) || token_is_punct(s, c - 1, ','))) {
        who = noun_main(s, at->low, c);
        if (noun_speaks(who))
            (void)propose(f, RULE_BEFORE_FAR, who, c, c + 1);
    }
    if (cue && speech &&
        (near || c == at->low || (s->english && c > at->low && token_is_punct(s, c - 1, ',')))) {
        who = noun_right(s, c + 1, at->at);
        if (noun_speaks(who) && who.kind != NOUN_PRONOUN &&
            (token_is_punct(s, at->at - 1, ':') || c == at->low || token_is_punct(s, c - 1, ',')))
            (void)propose(f, RULE_BEFORE_VERB, noun_apposed(s, who, at->at), c, c + 1);
    }
}

/* In what critics called “…,” Kovar balanced the budget: where another verb governs the words, one after them that is
 * none of speech does not. */
static void drop_unsaid(struct search *f)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < f->count; i++)
        if (i >= f->group || cue_rank(f->at->s, &f->out[i]) > 1)
            f->out[kept++] = f->out[i];
    f->count = kept;
}

/* Kovar said that “…”: every verb on the left with a subject that can speak, the nearest first. */
static void find_left(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t low = place_low(at);

    for (uint32_t i = at->at; i > low; i--) {
        uint32_t c = i - 1;

        if (f->closed)
            break;
        if (s->tokens[c].kind != TOKEN_WORD)
            continue;
        if (token_has(s, c, LEX_ACCORDING) && c + 2 < at->at) {
            uint32_t to = token_has(s, c + 1, LEX_PREP) ? c + 2 : c + 1;

            (void)propose(f, RULE_BEFORE_BY, noun_apposed(s, noun_right(s, to, at->at), at->at), c, to);
        } else if (s->english && c + 1 < at->at && span_eq(token_text(s, c), SPAN("by")) && c > low &&
                   token_has(s, c - 1, LEX_CUE)) {
            struct noun who = noun_right(s, c + 1, at->at);

            if (at->at - who.end <= NEAR) /* described by Kovar as “…”; not: asked by a reporter whether */
                (void)propose(f, RULE_BY, who, c - 1, c);
        } else if (token_has(s, c, LEX_CUE_ING) && c > at->low && token_has(s, c - 1, LEX_DET) &&
                   !token_has(s, c - 1, LEX_PRONOUN)) {
            continue; /* called the finding “…” */
        } else if (token_has(s, c, LEX_CUE_ING) && !s->tokens[c].upper && !token_has(s, c, LEX_DOC)) {
            if (token_has(s, c, LEX_SPEECH) || at->at - c <= NEAR + 1)
                (void)find_participle(f, c);
        } else {
            find_verb(f, c);
        }
    }
}

static bool is_words(const struct scan *s, uint32_t i)
{
    return s->tokens[i].kind == TOKEN_WORD && !s->tokens[i].possessive &&
           (lex_noun(token_text(s, i), s->language) & LEX_WORDS);
}

/* The noun of speech that the token before `from` owns (Kovar’s claim that “…”, her “…” remark), or the quotation's
 * own token. */
static uint32_t owned_words(const struct place *at, uint32_t from)
{
    for (uint32_t i = from; i < at->at; i++)
        if (is_words(at->s, i))
            return i;
    for (uint32_t i = at->at + 1; i < at->high && i < at->at + NEAR && at->s->tokens[i].kind == TOKEN_WORD;
         i++)
        if (is_words(at->s, i))
            return i;
    return at->at;
}

/* Kovar’s “…” remark, Kovar’s claim that “…”, her answer: “…”: sets the owner, returns what is owned. */
static uint32_t find_owned(const struct place *at, struct noun *owner)
{
    const struct scan *s = at->s;

    *owner = (struct noun){0};
    for (uint32_t i = at->at; s->english && i > at->low && at->at - i < OWNER_NEAR; i--) {
        uint32_t cue = owned_words(at, i);

        if (s->tokens[i - 1].kind == TOKEN_WORD && s->tokens[i - 1].possessive) {
            struct noun who = noun_left(s, i, at->low);

            if (who.kind == NOUN_NAME || who.kind == NOUN_ROLE)
                *owner = who;
            return owner->kind == NOUN_NONE ? at->at : cue;
        }
        if (cue != at->at && token_has(s, i - 1, LEX_DET) && token_has(s, i - 1, LEX_HE | LEX_SHE)) {
            *owner = (struct noun){i - 1, i, NOUN_PRONOUN, 0, 0};
            return cue;
        }
    }
    return at->at;
}

/* in the words of Kovar, “…”; in Kovar’s words, “…”; in his own words, “…” */
static void find_in_words(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t low = at->at > at->low + OWNER_NEAR ? at->at - OWNER_NEAR : at->low;

    for (uint32_t i = at->at; i > low + 1; i--) {
        uint32_t w = i - 1, owner = w - 1;
        struct noun who;

        if (!s->english || !span_eq(token_text(s, w), SPAN("words")))
            continue;
        if (span_eq(token_text(s, owner), SPAN("own")) && owner > low)
            owner--;
        if (w + 2 < at->at && span_eq(token_text(s, w + 1), SPAN("of")))
            who = noun_right(s, w + 2, at->at);
        else if (s->tokens[owner].possessive)
            who = noun_left(s, owner + 1, at->low);
        else if (token_has(s, owner, LEX_HE | LEX_SHE) && token_has(s, owner, LEX_DET))
            who = (struct noun){owner, owner + 1, NOUN_PRONOUN, 0, 0};
        else
            continue;
        if (noun_speaks(who))
            (void)propose(f, RULE_BEFORE_BY, who, at->at, at->at);
        return;
    }
}

/* Ferry ‘held together with tape’: in a headline, what a fragment is said of did not say it, when it cannot speak. */
static bool is_headed_thing(const struct place *at, struct noun who)
{
    const struct scan *s = at->s;
    const struct entity *e = cast_entity(at->cast, who);

    return noun_in_headline(at->s, at->at) && who.end == at->at && who.kind == NOUN_NAME &&
           !(e && (e->kind == PERSON || e->kind == ORGANISATION)) &&
           !token_has(s, who.end - 1, LEX_ROLE | LEX_TITLE);
}

static void find_subject(struct search *f)
{
    struct noun who = {0};

    if (f->at->s->english) /* elsewhere nouns have capitals, or subjects go last */
        who = noun_main(f->at->s, f->at->low, f->at->at);
    for (uint32_t i = 0; i < f->count && f->closed; i++)
        f->closed = f->out[i].mention.first != who.first;
    if (noun_speaks(who) && !f->closed && !is_headed_thing(f->at, who))
        (void)propose(f, RULE_SUBJECT, who, f->at->at, f->at->at);
}

/* ---- other sentences -------------------------------------------------------------------------------- */

/* The sentence before (low is its end) announces the quotation: Kovar went on: ¶ “…”, Kovar shrugged. “…” */
static void find_sentence(struct search *f, uint32_t index, enum speaker_rule rule)
{
    const struct scan *s = f->at->s;
    const struct sentence *before = &s->sentences[index];
    uint32_t low = before->end > before->first + PLACE_LEFT ? before->end - PLACE_LEFT : before->first;
    struct noun who;

    for (uint32_t i = before->end; i > low; i--) {
        uint32_t c = i - 1;

        if (!cue_is(s, c) && !cue_is_base(s, c, low))
            continue;
        if (f->at->piece && f->voices[f->at->piece - 1].cue_first == c &&
            f->voices[f->at->piece - 1].cue_end > c)
            return; /* it carries another quotation: that one's speaker may go on */
        who = noun_subject(s, c, before->first);
        if (!noun_speaks(who) && c > low)
            who = noun_main(s, before->first, c);
        if (noun_speaks(who) && propose(f, rule, who, c, c + 1))
            break;
    }
    who = noun_main(s, before->first, before->end);
    if (noun_speaks(who))
        (void)propose(f, rule, who, before->end, before->end);
}

static void find_context(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t sentence = s->tokens[at->at].sentence, block = s->sentences[sentence].block;
    bool starts_block = sentence == 0 || s->sentences[sentence - 1].block != block;
    bool alone = place_stands_alone(at);
    const struct marked *before = at->piece ? &s->pieces[at->piece - 1] : NULL;

    f->own_cue = bare_cue(at);
    if (before && s->tokens[s->token_of[at->piece - 1]].sentence == sentence)
        take_over(f, at->piece - 1, RULE_SAME_SENTENCE);
    else if (before && before->block == block &&
             s->tokens[s->token_of[at->piece - 1]].sentence + 2 >= sentence)
        take_over(f, at->piece - 1, RULE_SAME_PLACE);
    if (!alone && !(at->at == at->low && piece_ending(s, at->piece) != 0))
        return;
    f->group = f->count;
    if (!starts_block) {
        if (s->english)
            find_sentence(f, sentence - 1, RULE_SENTENCE_BEFORE);
    } else if (sentence > 0 && s->sentences[sentence - 1].block + 1 == block) {
        uint32_t last = s->sentences[sentence - 1].end - 1;

        if (token_is_punct(s, last, ':'))
            find_sentence(f, sentence - 1, RULE_ANNOUNCED);
        else if (s->english && alone)
            find_sentence(f, sentence - 1, RULE_SENTENCE_BEFORE);
    }
    /* A paragraph that is all quotation: whoever spoke last goes on. Not in a dialogue: a new dash is a new speaker. */
    if (alone && before && !s->pieces[at->piece].dash && before->block != block && before->block + 2 >= block)
        take_over(f, at->piece - 1, RULE_PARAGRAPH_BEFORE);
}

uint32_t candidates_find(const struct place *at, const struct voice *voices, struct voice *out)
{
    struct search f = {.at = at, .voices = voices, .out = out, .barred = UINT32_MAX};

    struct noun owner = {0};

    out[0] = (struct voice){0};
    if (dense_speaker(at->s, at->piece, &out[0])) {
        out[0].from = at->piece;
        regard(&out[0], at, voices, 0);
        return 1;
    }
    f.owned = find_owned(at, &owner);
    (void)find_right(&f);
    f.group = f.count;
    (void)find_label(&f);
    find_left(&f);
    if (f.closed)
        drop_unsaid(&f);
    find_in_words(&f);
    f.group = f.count;
    (void)find_right_far(&f);
    find_right_by(&f);
    f.group = f.count;
    (void)find_dash(&f);
    f.group = f.count;
    if (noun_speaks(owner))
        (void)propose(&f, RULE_OWNER, owner, f.owned, f.owned + (f.owned != at->at));
    find_subject(&f);
    f.group = f.count;
    find_context(&f);
    return f.count;
}
