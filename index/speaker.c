/* speaker.c -- the rules that tie a quotation to a mention of its speaker; see speaker.h. */
#include "index/speaker.h"

#include "index/dense.h"

enum {
    REACH_LEFT = 70,  /* tokens looked at before a quotation */
    REACH_RIGHT = 30, /* and after it */
    NEAR = 3          /* so few tokens between a cue and its quotation are none */
};

static const struct {
    const char *name;
    uint16_t confidence;
} rules[] = {
#define X(id, name, confidence) {name, confidence},
    SPEAKER_RULES(X)
#undef X
};

const char *speaker_rule_name(enum speaker_rule rule)
{
    return rules[rule].name;
}

uint16_t speaker_rule_confidence(enum speaker_rule rule)
{
    return rules[rule].confidence;
}

/* One quotation and the sentence it stands in. */
struct place {
    const struct scan *s;
    uint32_t piece, at; /* the piece and its token */
    uint32_t low, high; /* the sentence's tokens */
    uint32_t block_end; /* the first token past the block */
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
        return LANGUAGE_FAR;
    case RULE_SUBJECT:
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

static bool found(struct voice *v, const struct scan *s, enum speaker_rule rule, struct noun who,
                  uint32_t cue_first, uint32_t cue_end)
{
    if ((!noun_speaks(who) && who.kind != NOUN_OTHER) || !allowed(s, rule))
        return false;
    v->rule = rule;
    v->mention = who;
    v->mention_start = s->tokens[who.first].start;
    v->mention_end = s->tokens[who.end - 1].end;
    v->cue_first = cue_first;
    v->cue_end = cue_end;
    v->speech = cue_first < cue_end && (s->tokens[cue_first].bits & LEX_SPEECH);
    return true;
}

static bool is_cue(const struct scan *s, uint32_t i)
{
    const struct token *t = &s->tokens[i], *before = i ? &s->tokens[i - 1] : NULL;

    if (!token_has(s, i, LEX_CUE) || (t->upper && !t->first && !t->headline))
        return false;
    if (t->first || !span_ends(token_text(s, i), SPAN("s")) || t->headline || !before ||
        before->kind != TOKEN_WORD)
        return true;
    if (i + 1 < s->token_count && s->tokens[i + 1].sentence == t->sentence && token_has(s, i + 1, LEX_AUX))
        return false; /* the reports were */
    /* Kovar’s attacks, the chants, angry remarks: a verb in -s follows its subject, or an adverb */
    return !before->possessive &&
           (noun_is_capital(before) || !s->english ||
            (before->bits & (LEX_PRONOUN | LEX_WHO | LEX_ADV | LEX_ROLE | LEX_DOC | LEX_ORG)));
}

/* was called, has been branded: who did it is not the subject. */
static bool is_passive(const struct scan *s, uint32_t i, uint32_t low)
{
    static const char *const be[] = {"was", "were", "been", "be", "being", "is", "are"};

    while (i > low + 1 && token_has(s, i - 1, LEX_ADV))
        i--;
    if (i <= low || !token_has(s, i - 1, LEX_AUX))
        return false;
    for (size_t k = 0; k < sizeof be / sizeof *be; k++)
        if (span_eq(token_text(s, i - 1), span_of(be[k])))
            return true;
    return false;
}

/* say, think: after they, after a modal, after voters. */
static bool is_base_cue(const struct scan *s, uint32_t i, uint32_t low)
{
    const struct token *before;

    if (i <= low || !token_has(s, i, LEX_CUE_BASE) || !token_has(s, i, LEX_SPEECH) || s->tokens[i].upper)
        return false;
    before = &s->tokens[i - 1];
    if (before->kind != TOKEN_WORD)
        return false;
    if (before->bits & (LEX_AUX | LEX_THEY | LEX_I | LEX_WHO))
        return true;
    return !before->possessive &&
           ((before->bits & LEX_ADV) || before->upper || (before->bits & (LEX_ROLE | LEX_ORG))) &&
           (span_ends(token_text(s, i - 1), SPAN("s")) || (before->bits & LEX_ADV));
}

static uint32_t skip_small(const struct scan *s, uint32_t i, uint32_t high)
{
    while (i < high && token_has(s, i, LEX_AUX | LEX_ADV | LEX_CALENDAR) && !token_has(s, i, LEX_CUE) &&
           !s->tokens[i].upper)
        i++;
    return i;
}

/* Scripts without capitals: the name is what stands between the verb and the next small word. */
static struct noun caseless_right(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t j = i;

    while (j < high && j - i < 5 && s->tokens[j].kind == TOKEN_WORD &&
           !token_has(s, j, LEX_PREP | LEX_SUB | LEX_CUE | LEX_JOIN | LEX_CALENDAR))
        j++;
    return (struct noun){i, j, j > i ? NOUN_NAME : NOUN_NONE, 0, 0};
}

static bool is_caseless(const struct scan *s)
{
    return s->language->capitals == CAPITALS_NONE; /* Hebrew, Arabic and their neighbours */
}

/* “…,” said Kovar / “…,” according to Kovar / « … », a déclaré Kovar */
static bool verb_then_name(const struct place *at, uint32_t i, struct voice *v)
{
    const struct scan *s = at->s;
    uint32_t j = skip_small(s, i, at->block_end);
    struct noun who;

    if (j + 1 < at->block_end && token_has(s, j, LEX_DET) && token_has(s, j + 1, LEX_CUE)) {
        i--; /* a déclaré: the French auxiliary looks like an article */
        j++;
    }
    if (j >= at->block_end)
        return false;
    if (token_has(s, j, LEX_ACCORDING)) {
        uint32_t to = j + 1 < at->block_end && token_has(s, j + 1, LEX_PREP) ? j + 2 : j + 1;

        who = noun_apposed(s, noun_right(s, to, at->block_end), at->block_end);
        return found(v, s, RULE_AFTER_BY, who, j, to);
    }
    if (!is_cue(s, j) && !(j > i && token_has(s, j, LEX_CUE_BASE)) &&
        (s->english || !span_eq(token_text(s, j), SPAN("so"))))
        return false; /* „…“, so Kovar: German */
    who = is_caseless(s) ? caseless_right(s, j + 1, at->block_end) : noun_right(s, j + 1, at->block_end);
    who = noun_apposed(s, who, at->block_end);
    return (noun_speaks(who) || (who.kind == NOUN_OTHER && token_has(s, j, LEX_SPEECH))) &&
           found(v, s, RULE_AFTER_VERB, who, j, j + 1);
}

/* “…,” an angry Kovar retaliated: beside a quotation that leads to it, any verb in the past will do. */
static bool is_unknown_past(const struct scan *s, uint32_t i, struct noun who)
{
    return (who.kind == NOUN_NAME || who.kind == NOUN_PRONOUN) && s->tokens[i].kind == TOKEN_WORD &&
           !s->tokens[i].upper && span_ends(token_text(s, i), SPAN("ed"));
}

/* “…,” Kovar said / “…,” Kovar, the mayor of Lind, later said */
static bool name_then_verb(const struct place *at, uint32_t i, struct voice *v)
{
    const struct scan *s = at->s;
    struct noun who = noun_right(s, i, at->block_end);
    uint32_t j, limit = at->block_end;

    if (!noun_speaks(who) && who.kind != NOUN_OTHER)
        return false;
    if (limit > who.end + REACH_RIGHT)
        limit = who.end + REACH_RIGHT;
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
        uint32_t k = j + 1;

        for (;
             k < limit && s->tokens[k].kind != TOKEN_QUOTE && s->tokens[k].sentence == s->tokens[j].sentence;
             k++)
            if (token_is_punct(s, k, ',')) {
                uint32_t verb = skip_small(s, k + 1, limit);

                if (verb < limit && is_cue(s, verb))
                    return found(v, s, RULE_AFTER_NAME, apposed, verb, verb + 1);
            }
        if (!token_has(s, j, LEX_WHO))
            return false;
    }
    j = skip_small(s, j, limit);
    if (j >= limit || !(is_cue(s, j) || is_base_cue(s, j, who.first) || is_unknown_past(s, j, who)))
        return false;
    if (who.kind == NOUN_OTHER && !token_has(s, j, LEX_SPEECH))
        return false;
    return found(v, s, RULE_AFTER_NAME, who, j, j + 1);
}

/* What stands right after the quotation, when the quotation leads to it: by its comma or mark inside, or a
 * comma or dash outside. */
static bool try_right(const struct place *at, struct voice *v)
{
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
        s->tokens[i].end - s->tokens[i].start == 2 && name_then_verb(at, i + 1, v)) /* “…,” as Kovar said */
        return true;
    if (i >= at->block_end || s->tokens[i].kind != TOKEN_WORD)
        return false;
    if (!led) { /* “…” said Kovar; “…” Kovar said */
        struct voice bare = *v;

        if (ending == '.' || (!s->tokens[i].upper && !token_has(s, i, LEX_PRONOUN | LEX_SPEECH)))
            return false;
        if (!(token_has(s, i, LEX_SPEECH) && !s->tokens[i].upper && verb_then_name(at, i, &bare)) &&
            !(at->at == at->low && name_then_verb(at, i, &bare) && bare.speech))
            return false;
        *v = bare;
        return true;
    }
    if (name_then_verb(at, i, v))
        return true;
    return !s->tokens[i].upper && verb_then_name(at, i, v);
}

/* “…” if it rains, said Kovar: a verb of speech and its subject close the sentence. */
static bool try_right_far(const struct place *at, struct voice *v)
{
    const struct scan *s = at->s;
    uint32_t high = at->high < at->block_end ? at->high : at->block_end;

    for (uint32_t i = at->at + 1; i + 1 < high && s->tokens[i].kind != TOKEN_QUOTE; i++) {
        struct voice far = *v;

        if (!token_is_punct(s, i, ','))
            continue;
        if ((verb_then_name(at, i + 1, &far) || name_then_verb(at, i + 1, &far)) && far.speech &&
            s->tokens[far.mention.first].sentence == s->tokens[i].sentence) {
            *v = far;
            v->rule = RULE_AFTER_FAR;
            return true;
        }
    }
    return false;
}

/* KOVAR: “…” at the start of a block */
static bool try_label(const struct place *at, struct voice *v)
{
    const struct scan *s = at->s;
    struct noun who;
    uint32_t i = at->at;

    if (i <= at->low || !token_is_punct(s, i - 1, ':') || i - at->low > 10)
        return false;
    who = noun_right(s, at->low, i - 1);
    if (who.kind != NOUN_NAME || (who.end != i - 1 && !token_is_punct(s, who.end, '(')))
        return false;
    return found(v, s, RULE_LABEL, who, i - 1, i - 1);
}

/* “…” — Ada Kovar */
static bool try_dash(const struct place *at, struct voice *v)
{
    const struct scan *s = at->s;
    uint32_t i = at->at + 1;
    struct noun who;

    if (i < at->block_end) {
        if (!token_is_punct(s, i, '-'))
            return false;
    } else if (i >= s->token_count || !token_is_punct(s, i, '-')) {
        return false;
    }
    while (i < s->token_count && token_is_punct(s, i, '-'))
        i++;
    who = noun_right(s, i, s->token_count);
    if (who.kind != NOUN_NAME || token_has(s, who.first, LEX_DET))
        return false;
    if (who.end < s->token_count && s->tokens[who.end].kind != TOKEN_PUNCT &&
        s->tokens[who.end].sentence == s->tokens[i].sentence)
        return false;
    return found(v, s, RULE_DASH, who, i, i);
}

/* Who is adding, saying, calling: the name before it (with Kovar saying), the subject of the verb of speech
 * that it continues (…, Kovar said, adding), or the subject of the sentence. */
static struct noun participle_subject(const struct scan *s, uint32_t c, uint32_t low)
{
    struct noun who = noun_left(s, c, low);

    if (who.kind == NOUN_NAME && who.first > low &&
        !token_has(s, who.first - 1, LEX_OF | LEX_CUE | LEX_VERB) && !s->tokens[who.end - 1].possessive)
        return who;
    for (uint32_t i = c; i > low && c - i < 2 * NEAR; i--) {
        if (!is_cue(s, i - 1) || !token_has(s, i - 1, LEX_SPEECH) || is_passive(s, i - 1, low))
            continue;
        who = noun_subject(s, i - 1, low);
        if (noun_speaks(who))
            return who;
    }
    return noun_main(s, low, c);
}

/* Kovar said that “…”: the nearest verb on the left whose subject can speak. */
static bool try_left(const struct place *at, struct voice *v)
{
    const struct scan *s = at->s;
    uint32_t low = at->low + REACH_LEFT < at->at ? at->at - REACH_LEFT : at->low;

    for (uint32_t i = at->at; i > low; i--) {
        uint32_t c = i - 1;
        bool near = at->at - c <= NEAR + 1;
        struct noun who;

        if (s->tokens[c].kind != TOKEN_WORD)
            continue;
        if (token_has(s, c, LEX_ACCORDING) && c + 2 < at->at) {
            uint32_t to = token_has(s, c + 1, LEX_PREP) ? c + 2 : c + 1;

            if (found(v, s, RULE_BEFORE_BY, noun_apposed(s, noun_right(s, to, at->at), at->at), c, to))
                return true;
        }
        if (token_has(s, c, LEX_CUE_ING) && !s->tokens[c].upper && !token_has(s, c, LEX_DOC)) {
            if (token_has(s, c, LEX_SPEECH) || near) {
                who = participle_subject(s, c, at->low);
                if (noun_speaks(who) && found(v, s, RULE_PARTICIPLE, who, c, c + 1))
                    return true;
            }
            continue;
        }
        if ((!is_cue(s, c) && !is_base_cue(s, c, low)) || is_passive(s, c, low))
            continue;
        if (is_caseless(s)) {
            who = caseless_right(s, c + 1, at->at);
            if (found(v, s, RULE_BEFORE_VERB, who, c, c + 1))
                return true;
        }
        who = noun_subject(s, c, at->low);
        if (noun_speaks(who) || (who.kind == NOUN_OTHER && near && token_has(s, c, LEX_SPEECH))) {
            if (token_has(s, c, LEX_SPEECH) || (near && who.kind != NOUN_ROLE))
                return found(v, s, near ? RULE_BEFORE : RULE_BEFORE_FAR, who, c, c + 1);
            if (v->rule == RULE_NONE) /* Kovar said the plan shows ... “…”: look on for a verb of speech */
                (void)found(v, s, RULE_BEFORE_FAR, who, c, c + 1);
            continue;
        }
        if (c > at->low && (token_has(s, c - 1, LEX_JOIN | LEX_ADV) || token_is_punct(s, c - 1, ','))) {
            who = noun_main(s, at->low, c);
            if (noun_speaks(who) && v->rule == RULE_NONE)
                return found(v, s, RULE_BEFORE_FAR, who, c, c + 1);
        }
        if (near || c == at->low) {
            who = noun_right(s, c + 1, at->at);
            if (noun_speaks(who) && token_has(s, c, LEX_SPEECH) &&
                (token_is_punct(s, at->at - 1, ':') || c == at->low))
                return found(v, s, RULE_BEFORE_VERB, who, c, c + 1);
        }
    }
    return v->rule != RULE_NONE;
}

static bool try_subject(const struct place *at, struct voice *v)
{
    struct noun who = {0};

    if (at->s->english) /* elsewhere nouns have capitals, or subjects go last */
        who = noun_main(at->s, at->low, at->at);

    if (!noun_speaks(who))
        return false;
    return found(v, at->s, RULE_SUBJECT, who, at->at, at->at);
}

/* True when the sentence holds quotations only. */
static bool stands_alone(const struct place *at)
{
    for (uint32_t i = at->low; i < at->high && i < at->at + REACH_RIGHT; i++)
        if (at->s->tokens[i].kind == TOKEN_WORD || at->s->tokens[i].kind == TOKEN_NUMBER)
            return false;
    return true;
}

static void take_over(struct voice *voices, uint32_t to, uint32_t from, enum speaker_rule rule)
{
    struct voice *v = &voices[to];

    *v = voices[from];
    v->rule = rule;
    v->from = voices[from].from;
    v->cue_first = v->cue_end = 0;
}

/* The sentence before (low is its end) announces the quotation: Kovar went on: ¶ “…”, Kovar shrugged. “…” */
static bool try_sentence(const struct place *at, uint32_t index, enum speaker_rule rule, struct voice *v)
{
    const struct scan *s = at->s;
    const struct sentence *before = &s->sentences[index];
    uint32_t low = before->end > before->first + REACH_LEFT ? before->end - REACH_LEFT : before->first;
    struct noun who;

    for (uint32_t i = before->end; i > low; i--) {
        uint32_t c = i - 1;

        if (!is_cue(s, c) && !is_base_cue(s, c, low))
            continue;
        who = noun_subject(s, c, before->first);
        if (!noun_speaks(who) && c > low)
            who = noun_main(s, before->first, c);
        if (noun_speaks(who))
            return found(v, s, rule, who, c, c + 1);
    }
    who = noun_main(s, before->first, before->end);
    return noun_speaks(who) && found(v, s, rule, who, before->end, before->end);
}

/* A quotation without words of its own: it belongs to what goes before it, or to what comes next. */
static bool try_context(const struct place *at, struct voice *voices)
{
    const struct scan *s = at->s;
    struct voice *v = &voices[at->piece];
    uint32_t sentence = s->tokens[at->at].sentence, block = s->sentences[sentence].block;
    bool has_before = at->piece > 0,
         starts_block = sentence == 0 || s->sentences[sentence - 1].block != block;
    const struct marked *before = has_before ? &s->pieces[at->piece - 1] : NULL;

    if (has_before && before->block == block && voices[at->piece - 1].rule != RULE_NONE &&
        (s->tokens[s->token_of[at->piece - 1]].sentence + 2 >= sentence)) {
        take_over(voices, at->piece, at->piece - 1, RULE_SAME_PLACE);
        return true;
    }
    if (!starts_block)
        return s->english && try_sentence(at, sentence - 1, RULE_SENTENCE_BEFORE, v);
    if (sentence > 0 && s->sentences[sentence - 1].block + 1 == block) {
        uint32_t last = s->sentences[sentence - 1].end - 1;

        if (token_is_punct(s, last, ':') && try_sentence(at, sentence - 1, RULE_ANNOUNCED, v))
            return true;
    }
    return false;
}

/* A paragraph that is all quotation, with no verb: whoever spoke last in the paragraph before goes on. Not in a
 * dialogue: a new dash is a new speaker. */
static bool try_paragraph(const struct place *at, struct voice *voices)
{
    const struct scan *s = at->s;
    uint32_t block = s->pieces[at->piece].block;

    if (at->piece == 0 || s->pieces[at->piece].dash || voices[at->piece - 1].rule == RULE_NONE ||
        s->pieces[at->piece - 1].block == block || s->pieces[at->piece - 1].block + 2 < block)
        return false;
    take_over(voices, at->piece, at->piece - 1, RULE_PARAGRAPH_BEFORE);
    return true;
}

static void find_one(const struct place *at, struct voice *voices)
{
    struct voice *v = &voices[at->piece];
    const struct scan *s = at->s;

    if (s->pieces[at->piece].goes_on && voices[at->piece - 1].rule != RULE_NONE) {
        take_over(voices, at->piece, at->piece - 1, RULE_GOES_ON);
        return;
    }
    if (try_right(at, v) || try_label(at, v) || try_left(at, v) || try_right_far(at, v) || try_dash(at, v) ||
        dense_speaker(s, at->piece, v))
        return;
    if (stands_alone(at)) {
        (void)try_context(at, voices);
        return;
    }
    if (at->piece && s->tokens[s->token_of[at->piece - 1]].sentence == s->tokens[at->at].sentence &&
        voices[at->piece - 1].rule != RULE_NONE) {
        take_over(voices, at->piece, at->piece - 1, RULE_SAME_SENTENCE);
        return;
    }
    if (at->at == at->low && piece_ending(s, at->piece) != 0 && try_context(at, voices))
        return;
    (void)try_subject(at, v);
}

void speaker_find(const struct scan *s, struct voice *voices)
{
    for (uint32_t p = 0; p < s->piece_count; p++) {
        struct place at = {.s = s, .piece = p, .at = s->token_of[p]};
        const struct sentence *sentence = &s->sentences[s->tokens[at.at].sentence];

        voices[p].from = p;
        at.low = sentence->first;
        at.high = sentence->end;
        at.block_end = at.at + 1;
        while (at.block_end < s->token_count && at.block_end < at.at + 2 * REACH_RIGHT &&
               s->sentences[s->tokens[at.block_end].sentence].block == sentence->block)
            at.block_end++;
        find_one(&at, voices);
    }
    /* What nobody claimed belongs to the speaker of the paragraph before. */
    for (uint32_t p = 0; p < s->piece_count; p++) {
        struct place at = {.s = s, .piece = p, .at = s->token_of[p]};
        const struct sentence *sentence = &s->sentences[s->tokens[at.at].sentence];

        at.low = sentence->first;
        at.high = sentence->end;
        if (voices[p].rule == RULE_NONE && stands_alone(&at))
            (void)try_paragraph(&at, voices);
    }
}
