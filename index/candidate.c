/* candidate.c -- who may have spoken a quotation; see candidate.h. */
#include "index/candidate.h"

#include "base/utf8.h"
#include "index/cue.h"
#include "index/dense.h"
#include "index/fold.h"

enum {
    REACH_LEFT = 70,  /* tokens looked at before a quotation */
    REACH_RIGHT = 30, /* and after it */
    NEAR = 3,         /* so few tokens between a cue and its quotation are none */
    SHORT_WORDS = 3,
    OWNER_NEAR = 8 /* Kovar’s rather tired “…” remark */
};

struct shape shape_of(struct span text)
{
    struct shape s = {0};
    bool inside = false, lower = false;
    uint32_t cp, start_cp = 0;
    size_t n, len = 0, letters = 0;

    for (size_t i = 0; i <= text.len; i += n) {
        unsigned bits = 0;

        n = 1;
        if (i < text.len) {
            n = utf8_next(text.at + i, text.at + text.len, &cp);
            bits = char_bits(cp);
        }
        s.dense |= (bits & CHAR_DENSE) != 0;
        lower |= (bits & CHAR_LOWER) != 0;
        letters += (bits & CHAR_LETTER) != 0;
        if (bits & (CHAR_LETTER | CHAR_DIGIT)) {
            if (!inside) {
                start_cp = cp;
                len = 0;
                if (!s.words++) {
                    s.starts_upper = (bits & CHAR_UPPER) != 0;
                    s.starts_letter = (bits & CHAR_LETTER) != 0;
                }
            }
            inside = true;
            len++;
        } else if (inside && !(i < text.len && (cp == '\'' || cp == 0x2019 || cp == '-'))) {
            inside = false;
            if (len > 3) {
                s.long_words++;
                s.capitals += (char_bits(start_cp) & CHAR_UPPER) != 0;
            }
        }
    }
    s.shouted = !lower && letters > 4;
    return s;
}

/* ---- the quotation --------------------------------------------------------------------------------- */

/* The first token of the sentence, or the furthest that is looked at. */
static uint32_t reach_low(const struct place *at)
{
    return at->low + REACH_LEFT < at->at ? at->at - REACH_LEFT : at->low;
}

bool place_stands_alone(const struct place *at)
{
    for (uint32_t i = reach_low(at); i < at->high && i < at->at + REACH_RIGHT; i++)
        if (at->s->tokens[i].kind == TOKEN_WORD || at->s->tokens[i].kind == TOKEN_NUMBER)
            return false;
    return true;
}

/* Words that lead to a title or a term, not to speech: the film “…”. */
static bool names_things(struct span word)
{
    static const char *const words[] = {
        "titled",      "entitled", "dubbed",  "so-called", "named",    "nicknamed", "book",
        "novel",       "film",     "movie",   "show",      "program",  "programme", "series",
        "song",        "album",    "play",    "podcast",   "magazine", "column",    "blog",
        "documentary", "memoir",   "episode", "term",      "word",     "phrase",    "slogan",
        "headlined",   "host",     "hit",     "comedy",    "drama",    "sitcom",    "painting",
        "exhibition",  "ballad",   "musical", "hashtag",   "billed",   "known"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_eq(word, span_of(words[i])))
            return true;
    return false;
}

static enum attribute before_of(const struct place *at)
{
    const struct scan *s = at->s;
    const struct token *t = at->at > at->low ? &s->tokens[at->at - 1] : NULL;

    if (!t || t->kind == TOKEN_QUOTE)
        return A_FIRST_OF_SENTENCE;
    if (t->kind == TOKEN_PUNCT)
        return t->punct == ':' ? A_PAST_COLON : A_PAST_COMMA;
    if (t->kind != TOKEN_WORD)
        return A_PAST_WORD;
    if (t->possessive)
        return A_PAST_OWNER;
    if (names_things(token_text(s, at->at - 1)))
        return A_PAST_NAMED;
    if (span_eq(token_text(s, at->at - 1), SPAN("as")))
        return A_PAST_AS;
    if (cue_is(s, at->at - 1) || cue_is_verb(s, at->at - 1, at->low) ||
        (t->bits & (LEX_CUE_ING | LEX_CUE_BASE | LEX_AUX)))
        return A_PAST_VERB;
    if (t->bits & LEX_DET)
        return A_PAST_DET;
    if (t->bits & LEX_SUB)
        return A_PAST_SUB;
    if (t->bits & LEX_PREP)
        return A_PAST_PREP;
    if (t->bits & LEX_JOIN)
        return A_PAST_JOIN;
    return A_PAST_WORD;
}

static enum attribute after_of(const struct place *at)
{
    const struct scan *s = at->s;
    uint32_t i = at->at + 1;
    const struct token *t = i < at->high ? &s->tokens[i] : NULL;

    if (!t || (t->kind == TOKEN_PUNCT && t->punct != ',' && t->punct != '-' && t->punct != '('))
        return A_THEN_STOP;
    if (t->kind == TOKEN_PUNCT || t->kind == TOKEN_QUOTE)
        return A_THEN_COMMA;
    if (noun_is_capital(t))
        return A_THEN_NAME;
    if (t->bits & LEX_JOIN)
        return A_THEN_JOIN;
    if (t->bits & (LEX_PREP | LEX_SUB | LEX_DET | LEX_ADV | LEX_PRONOUN | LEX_CALENDAR | LEX_WHO))
        return A_THEN_PREP;
    if (t->bits & (LEX_CUE | LEX_AUX | LEX_VERB))
        return A_THEN_VERB;
    return A_THEN_NOUN;
}

static void see_quotation(struct place *at)
{
    const struct scan *s = at->s;
    const struct marked *m = &s->pieces[at->piece];
    struct attributes *seen = &at->seen;
    uint32_t sentence = s->tokens[at->at].sentence, cp = 0;
    char ending = piece_ending(s, at->piece);
    enum attribute before = before_of(at);
    bool alone = place_stands_alone(at), other_before = false, other = false;

    (void)utf8_next(s->article->text.at + m->start, s->article->text.at + m->end, &cp);
    attribute_add(seen, ending == ','                                     ? A_ENDS_COMMA
                        : ending == '.' || ending == '~'                  ? A_ENDS_STOP
                        : ending == '?' || ending == '!' || ending == '-' ? A_ENDS_ASKING
                                                                          : A_ENDS_BARE);
    attribute_add(seen, (char_bits(cp) & CHAR_LOWER) ? A_LOWER : A_UPPER);
    attribute_add(seen, at->shape.words <= 1             ? A_WORDS_1
                        : at->shape.words <= SHORT_WORDS ? A_WORDS_3
                        : at->shape.words <= 9           ? A_WORDS_9
                                                         : A_WORDS_MANY);
    attribute_add(seen, before);
    attribute_add(seen, after_of(at));
    for (uint32_t i = reach_low(at); i < at->high && i < at->at + REACH_RIGHT; i++)
        if (s->tokens[i].kind == TOKEN_QUOTE && i != at->at) {
            other = true;
            other_before |= i < at->at;
        }
    if (!other)
        attribute_add(seen, A_ONLY_QUOTE);
    if (other_before)
        attribute_add(seen, A_QUOTE_BEFORE);
    if (at->at + 2 >= at->high && before != A_FIRST_OF_SENTENCE)
        attribute_add(seen, A_LAST_OF_SENTENCE);
    if (alone)
        attribute_add(seen, A_ALONE);
    if (sentence == 0 || s->sentences[sentence - 1].block != m->block)
        attribute_add(seen, A_OPENS_BLOCK);
    if (m->single)
        attribute_add(seen, A_SINGLE_MARKS);
    if (s->sentences[sentence].headline)
        attribute_add(seen, A_HEADLINE);
    if (at->shape.long_words > 0 && at->shape.capitals == at->shape.long_words && at->shape.starts_upper &&
        at->shape.words <= 8)
        attribute_add(seen, A_TITLE_CASE);
    if (at->shape.shouted)
        attribute_add(seen, A_SHOUTED);
}

struct place place_of(const struct scan *s, const struct cast *cast, uint32_t piece)
{
    struct place at = {.s = s, .cast = cast, .piece = piece, .at = s->token_of[piece]};
    const struct sentence *sentence = &s->sentences[s->tokens[at.at].sentence];
    const struct marked *m = &s->pieces[piece];

    at.low = sentence->first;
    at.high = sentence->end;
    at.block_end = at.at + 1;
    while (at.block_end < s->token_count && at.block_end < at.at + 2 * REACH_RIGHT &&
           s->sentences[s->tokens[at.block_end].sentence].block == sentence->block)
        at.block_end++;
    at.shape = shape_of(span_cut(s->article->text, m->start, m->end));
    see_quotation(&at);
    return at;
}

/* ---- what is seen of a candidate ------------------------------------------------------------------- */

struct search {
    const struct place *at;
    const struct voice *voices;
    struct voice *out;
    uint32_t count, group; /* of the candidates, where the present group begins */
};

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
    bool speech = false, quote = false, comma = false, name = false, that = false;

    for (uint32_t i = from; i < to && i < from + REACH_LEFT; i++) {
        quote |= s->tokens[i].kind == TOKEN_QUOTE;
        comma |= token_is_punct(s, i, ',');
        name |= noun_is_capital(&s->tokens[i]);
        speech |= token_has(s, i, LEX_SPEECH) && cue_is(s, i);
        that |= token_has(s, i, LEX_SUB | LEX_WHO);
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
    if (cue_is_passive(s, c, at->low))
        attribute_add(seen, A_CUE_PASSIVE);
}

static uint32_t distance(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

static void see_places(struct attributes *seen, const struct search *f, const struct voice *v)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    struct noun n = v->mention;
    bool cued = v->cue_first < v->cue_end;
    uint32_t from = cued && v->cue_end <= at->at ? v->cue_end : n.end, gap;
    uint32_t back = distance(s->tokens[at->at].sentence, s->tokens[n.first].sentence);
    uint32_t blocks = distance(s->sentences[s->tokens[at->at].sentence].block,
                               s->sentences[s->tokens[n.first].sentence].block);

    if (cued) {
        gap = v->cue_first >= n.end ? v->cue_first - n.end : n.first >= v->cue_end ? n.first - v->cue_end : 0;
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
    if (cued && v->cue_first > n.end && token_has(s, v->cue_first - 1, LEX_WHO))
        attribute_add(seen, A_RELATIVE);
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

static void see(const struct search *f, struct voice *c)
{
    const struct place *at = f->at;
    uint32_t order = f->count - f->group;

    c->seen = at->seen;
    attribute_add(&c->seen, A_ALWAYS);
    attribute_add(&c->seen, order == 0 ? A_ORDER_1 : order == 1 ? A_ORDER_2 : A_ORDER_3);
    see_cue(&c->seen, at, c);
    see_mention(&c->seen, at, c);
    if (c->mention.kind == NOUN_NONE)
        return;
    see_places(&c->seen, f, c);
    if (at->piece && f->voices[at->piece - 1].rule != RULE_NONE &&
        same_head(at, &f->voices[at->piece - 1], c))
        attribute_add(&c->seen, A_SPOKE_BEFORE);
}

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

/* Adds a candidate. One mention is one candidate: in its group the stronger cue stays, then the nearer. */
static bool propose(struct search *f, enum speaker_rule rule, struct noun who, uint32_t cue_first,
                    uint32_t cue_end)
{
    const struct scan *s = f->at->s;
    struct voice *c = &f->out[f->count];
    bool speech = cue_first < cue_end && (s->tokens[cue_first].bits & LEX_SPEECH);

    if ((!noun_speaks(who) && who.kind != NOUN_OTHER) || !allowed(s, rule))
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
        if (rule == RULE_SUBJECT)
            attribute_add(&same->seen, A_MAIN_SUBJECT);
        if (i >= f->group && cue_rank(s, c) > cue_rank(s, same)) {
            uint32_t count = f->count;

            *same = *c;
            f->count = i;
            see(f, same);
            f->count = count;
        }
        return true;
    }
    see(f, c);
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
    see(f, c);
    f->count++;
}

/* ---- after the quotation --------------------------------------------------------------------------- */

/* Scripts without capitals: the name is what stands between the verb and the next small word. */
static struct noun caseless_right(const struct scan *s, uint32_t i, uint32_t high)
{
    uint32_t j = i;

    while (j < high && j - i < 5 && s->tokens[j].kind == TOKEN_WORD &&
           !token_has(s, j, LEX_PREP | LEX_SUB | LEX_CUE | LEX_JOIN | LEX_CALENDAR))
        j++;
    return (struct noun){i, j, j > i ? NOUN_NAME : NOUN_NONE, 0, 0};
}

static bool is_caseless(const struct scan *s, uint32_t i)
{
    unsigned char c = (unsigned char)s->article->text.at[s->tokens[i].start];

    /* Hebrew, Arabic and their neighbours, also inside an article in another script */
    return s->language->capitals == CAPITALS_NONE || (c >= 0xD6 && c <= 0xE0);
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
    return propose(f, rule, who, j, j + 1);
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
    if (name_then_verb(f, i, RULE_AFTER_NAME))
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

/* called “…” by critics, a “…” by Kovar */
static void find_right_by(struct search *f)
{
    const struct scan *s = f->at->s;
    uint32_t i = f->at->at + 1;

    if (s->english && i + 1 < f->at->high && span_eq(token_text(s, i), SPAN("by")))
        (void)propose(f, RULE_BY, noun_right(s, i + 1, f->at->high), f->at->at, f->at->at);
}

/* “…” — Ada Kovar */
static bool find_dash(struct search *f)
{
    const struct place *at = f->at;
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
    struct noun who = noun_left(s, c, low);

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
    if (is_caseless(s, c)) {
        (void)propose(f, RULE_BEFORE_VERB, caseless_right(s, c + 1, at->at), c, c + 1);
        return;
    }
    who = noun_subject(s, c, at->low);
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

/* Kovar said that “…”: every verb on the left with a subject that can speak, the nearest first. */
static void find_left(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;
    uint32_t low = reach_low(at);

    for (uint32_t i = at->at; i > low; i--) {
        uint32_t c = i - 1;

        if (s->tokens[c].kind != TOKEN_WORD)
            continue;
        if (token_has(s, c, LEX_ACCORDING) && c + 2 < at->at) {
            uint32_t to = token_has(s, c + 1, LEX_PREP) ? c + 2 : c + 1;

            (void)propose(f, RULE_BEFORE_BY, noun_apposed(s, noun_right(s, to, at->at), at->at), c, to);
        } else if (s->english && c + 1 < at->at && span_eq(token_text(s, c), SPAN("by")) && c > low &&
                   (token_has(s, c - 1, LEX_CUE) || cue_is_verb(s, c - 1, low))) {
            (void)propose(f, RULE_BY, noun_right(s, c + 1, at->at), c - 1,
                          c + 1); /* described by Kovar as “…” */
        } else if (token_has(s, c, LEX_CUE_ING) && !s->tokens[c].upper && !token_has(s, c, LEX_DOC)) {
            if (token_has(s, c, LEX_SPEECH) || at->at - c <= NEAR + 1)
                (void)find_participle(f, c);
        } else {
            find_verb(f, c);
        }
    }
}

/* Kovar’s “…” remark, Kovar’s claim that “…” */
static void find_owner(struct search *f)
{
    const struct place *at = f->at;
    const struct scan *s = at->s;

    if (!s->english)
        return;
    for (uint32_t i = at->at; i > at->low && at->at - i < OWNER_NEAR; i--)
        if (s->tokens[i - 1].kind == TOKEN_WORD && s->tokens[i - 1].possessive) {
            struct noun who = noun_left(s, i, at->low);

            if (who.kind == NOUN_NAME || who.kind == NOUN_ROLE)
                (void)propose(f, RULE_OWNER, who, at->at, at->at);
            return;
        }
}

static void find_subject(struct search *f)
{
    struct noun who = {0};

    if (f->at->s->english) /* elsewhere nouns have capitals, or subjects go last */
        who = noun_main(f->at->s, f->at->low, f->at->at);
    if (noun_speaks(who))
        (void)propose(f, RULE_SUBJECT, who, f->at->at, f->at->at);
}

/* ---- other sentences -------------------------------------------------------------------------------- */

/* The sentence before (low is its end) announces the quotation: Kovar went on: ¶ “…”, Kovar shrugged. “…” */
static void find_sentence(struct search *f, uint32_t index, enum speaker_rule rule)
{
    const struct scan *s = f->at->s;
    const struct sentence *before = &s->sentences[index];
    uint32_t low = before->end > before->first + REACH_LEFT ? before->end - REACH_LEFT : before->first;
    struct noun who;

    for (uint32_t i = before->end; i > low; i--) {
        uint32_t c = i - 1;

        if (!cue_is(s, c) && !cue_is_base(s, c, low))
            continue;
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
    struct search f = {.at = at, .voices = voices, .out = out};

    out[0] = (struct voice){0};

    if (dense_speaker(at->s, at->piece, &out[0])) {
        out[0].from = at->piece;
        see(&f, &out[0]);
        return 1;
    }
    (void)find_right(&f);
    f.group = f.count;
    (void)find_label(&f);
    find_left(&f);
    f.group = f.count;
    (void)find_right_far(&f);
    find_right_by(&f);
    f.group = f.count;
    (void)find_dash(&f);
    f.group = f.count;
    find_owner(&f);
    find_subject(&f);
    f.group = f.count;
    find_context(&f);
    return f.count;
}
