/* role.c -- which entity a role means; see role.h. */
#include "index/role.h"

#include "base/err.h"
#include "index/fold.h"

enum {
    TABLE_LEAST = 64,
    BEFORE_LONGEST = 6,    /* words before a name that may tell its role */
    AFTER_LONGEST = 24,    /* and tokens after it */
    CLAIMS_LOOKED_AT = 48, /* of one head: an article has few, a hostile one many */
    PHRASE_LONGEST = 12,
    AHEAD = 150,     /* tokens after the phrase in which the one it means may be named first */
    SHORT_LEAST = 3, /* letters of a short form: Gov., Prof. */
    SHORT_MOST = 4
};

/* The word without its ending of possession and the point of a short form: Gov. */
static struct span word_at(const struct scan *s, uint32_t i)
{
    struct span w = token_stem(s, i);

    return span_cut(w, 0, span_ends(w, SPAN(".")) ? w.len - 1 : w.len);
}

/* many, by the look of the word: officers, fishermen, people */
static bool is_plural(const struct scan *s, uint32_t i)
{
    struct span w = token_stem(s, i);

    return (span_ends(w, SPAN("s")) && !span_ends(w, SPAN("ss")) && !span_ends(w, SPAN("us"))) ||
           span_ends(w, SPAN("men")) || span_eq(w, SPAN("people")) || span_eq(w, SPAN("children")) ||
           span_eq(w, SPAN("police"));
}

/* Words that carry what a phrase says: not the, of, his. */
static bool is_content(const struct scan *s, uint32_t i)
{
    return s->tokens[i].kind == TOKEN_NUMBER ||
           (s->tokens[i].kind == TOKEN_WORD && !(s->tokens[i].bits & LEX_FUNCTION));
}

static bool is_verb(const struct scan *s, uint32_t i)
{
    return token_has(s, i, LEX_CUE | LEX_CUE_ING | LEX_CUE_BASE | LEX_VERB | LEX_AUX);
}

static bool is_half(const struct scan *s, uint32_t i)
{
    return s->tokens[i].kind == TOKEN_WORD && (lex_noun(token_text(s, i), s->language) & LEX_HALF);
}

static bool is_ending(const struct scan *s, uint32_t i, uint32_t sentence)
{
    return i >= s->token_count || s->tokens[i].sentence != sentence || s->tokens[i].kind == TOKEN_PUNCT;
}

static int add_claim(struct roles *r, struct claim c)
{
    const struct scan *s = r->cast->s;
    uint32_t *head;

    if (c.entity != NO_ENTITY && is_plural(s, c.head))
        return 0;
    c.word = cast_word(word_at(s, c.head));
    head = &r->heads[c.word & (r->head_count - 1)];
    for (uint32_t i = c.first; i < c.end; i++)
        c.half |= is_half(s, i);
    if (!ARENA_MORE(r->mem, r->claims, r->claim_count, r->claim_cap))
        return arena_err(r->mem);
    c.next = *head;
    *head = r->claim_count;
    r->claims[r->claim_count++] = c;
    return 0;
}

/* The head of a phrase: its last word before "of", "for", "who". Returns `end` when it has none. */
static uint32_t head_of(const struct scan *s, uint32_t first, uint32_t end)
{
    uint32_t head = first;

    while (head < end && s->tokens[head].kind != TOKEN_PUNCT &&
           !(head > first && token_has(s, head, LEX_OF | LEX_PREP) && !s->tokens[head].upper))
        head++;
    return head > first && is_content(s, head - 1) ? head - 1 : end;
}

bool role_is_many(const struct scan *s, struct noun n)
{
    uint32_t head = head_of(s, n.first, n.end);

    return head < n.end && is_plural(s, head);
}

/* The mayor of Lindau, in a place where it tells who somebody is. */
static int claim_phrase(struct roles *r, uint32_t entity, uint32_t first, uint32_t end, uint32_t at)
{
    const struct scan *s = r->cast->s;
    uint32_t head = head_of(s, first, end);

    if (head == end ||
        (s->tokens[head].upper && !token_has(s, head, LEX_TITLE | LEX_ROLE | LEX_PEOPLE | LEX_ORG)))
        return 0;
    return add_claim(r, (struct claim){.entity = entity, .first = first, .end = end, .head = head, .at = at});
}

/* Mayor Ada Kovar, rebel spokesman Ada Kovar, German rider Ada Kovar: titles and the words before them. */
static int claim_before(struct roles *r, const struct run *run)
{
    const struct scan *s = r->cast->s;
    uint32_t first = run->first, sentence = s->tokens[run->first].sentence;
    int rc = 0;

    while (first > 0 && run->name - first < BEFORE_LONGEST && s->tokens[first - 1].sentence == sentence &&
           s->tokens[first - 1].kind == TOKEN_WORD && !s->tokens[first - 1].possessive &&
           is_content(s, first - 1) && !is_verb(s, first - 1) &&
           !token_has(s, first - 1, LEX_ADV | LEX_CALENDAR | LEX_ACCORDING) &&
           (!s->tokens[first - 1].upper || token_has(s, first - 1, LEX_TITLE | LEX_ROLE | LEX_PEOPLE)))
        first--;
    for (uint32_t i = first; i < run->name && rc >= 0; i++) /* each is a head: prime minister, German rider */
        if (i + 1 == run->name || token_has(s, i, LEX_PEOPLE))
            rc = add_claim(
                r, (struct claim){
                       .entity = run->entity, .first = first, .end = run->name, .head = i, .at = run->name});
    return rc;
}

/* Ada Kovar, 54, the mayor of Lindau, / Ada Kovar is the mayor of Lindau */
static int claim_after(struct roles *r, const struct run *run)
{
    const struct scan *s = r->cast->s;
    uint32_t sentence = s->tokens[run->first].sentence, i = run->end, high = i + AFTER_LONGEST;
    bool is = false;
    struct noun n;
    int rc;

    if (high > s->token_count)
        high = s->token_count;
    while (high > i && s->tokens[high - 1].sentence != sentence)
        high--;
    if (s->tokens[run->end - 1].possessive || i + 1 >= high)
        return 0;
    if (token_is_punct(s, i, ',')) {
        i++;
        if (s->tokens[i].kind == TOKEN_NUMBER && is_ending(s, i + 1, sentence)) {
            if ((rc = add_claim(
                     r,
                     (struct claim){
                         .entity = run->entity, .first = i, .end = i + 1, .head = i, .at = run->name})) < 0)
                return rc;
            i += 2;
        }
        if (i + 1 < high && token_has(s, i, LEX_WHO) && span_eq(token_text(s, i + 1), SPAN("is"))) {
            is = true;
            i += 2;
        }
    } else if (span_eq(token_text(s, i), SPAN("is"))) {
        is = true;
        i++;
    } else {
        return 0;
    }
    if (i >= high || (is && !token_has(s, i, LEX_DET)))
        return 0;
    n = noun_right(s, i, high);
    if (n.kind == NOUN_NONE || n.kind == NOUN_PRONOUN || n.end <= n.first ||
        (!is_ending(s, n.end, sentence) && !token_has(s, n.end, LEX_WHO | LEX_PREP)))
        return 0;
    return claim_phrase(r, run->entity, n.first, n.end, run->name);
}

/* the mayor, Ada Kovar, */
static int claim_comma(struct roles *r, const struct run *run)
{
    const struct scan *s = r->cast->s;
    uint32_t sentence = s->tokens[run->first].sentence;
    struct noun n;

    if (run->first < 2 || !token_is_punct(s, run->first - 1, ',') ||
        s->tokens[run->first - 1].sentence != sentence || s->tokens[run->end - 1].possessive ||
        !(is_ending(s, run->end, sentence) || token_has(s, run->end, LEX_WHO)))
        return 0;
    n = noun_left(s, run->first - 1, s->sentences[sentence].first);
    if (n.kind == NOUN_NONE || n.kind == NOUN_PRONOUN ||
        !(token_has(s, n.first, LEX_DET) || s->tokens[n.first].possessive))
        return 0;
    return claim_phrase(r, run->entity, n.first, n.end, run->name);
}

/* Lindau Water Board: each word of it for a kind of organisation. */
static int claim_name(struct roles *r, const struct run *run)
{
    const struct scan *s = r->cast->s;
    int rc = 0;

    for (uint32_t i = run->name; i < run->end && rc >= 0; i++)
        if (token_has(s, i, LEX_ORG) && !s->tokens[i].headline)
            rc = add_claim(
                r,
                (struct claim){
                    .entity = run->entity, .first = run->name, .end = run->end, .head = i, .at = run->name});
    return rc;
}

/* another officer, a bank in Lindau: one more of the kind, of whom the article tells no name here */
static int claim_unnamed(struct roles *r, uint32_t i)
{
    const struct scan *s = r->cast->s;
    struct span word = token_text(s, i);
    struct noun n;
    uint32_t head;

    if (!(span_eq(word, SPAN("a")) || span_eq(word, SPAN("an")) || span_eq(word, SPAN("another")) ||
          span_eq(word, SPAN("A")) || span_eq(word, SPAN("An")) || span_eq(word, SPAN("Another"))))
        return 0;
    if (i > 0 && s->tokens[i - 1].sentence == s->tokens[i].sentence &&
        (token_is_punct(s, i - 1, ',') || token_has(s, i - 1, LEX_AUX | LEX_PREP)))
        return 0; /* Ada Kovar, a nurse; Kovar was a nurse; as a nurse */
    n = noun_right(s, i, s->sentences[s->tokens[i].sentence].end);
    if (n.kind != NOUN_ROLE || (head = head_of(s, n.first, n.end)) == n.end)
        return 0;
    return add_claim(
        r, (struct claim){.entity = NO_ENTITY, .first = n.first, .end = n.end, .head = head, .at = head});
}

/* The first organisation of the article, and where a second one is named. */
static void note_organisation(struct roles *r, const struct run *run)
{
    if (run->entity == NO_ENTITY || r->cast->entities[run->entity].kind != ORGANISATION ||
        run->entity == r->only)
        return;
    if (r->only == NO_ENTITY)
        r->only = run->entity;
    else if (r->other_at == NO_ENTITY)
        r->other_at = run->first;
}

int roles_read(struct arena *mem, const struct cast *cast, struct roles *out)
{
    const struct scan *s = cast->s;
    uint32_t run = 0;
    int rc;

    *out = (struct roles){.mem = mem, .cast = cast, .only = NO_ENTITY, .other_at = NO_ENTITY};
    if (!s->english)
        return 0;
    for (out->head_count = TABLE_LEAST; out->head_count < 2 * cast->run_count && out->head_count < 1u << 30;)
        out->head_count *= 2;
    if (!(out->heads = arena_array(mem, out->head_count, sizeof *out->heads)))
        return arena_err(mem);
    memset(out->heads, 0xFF, out->head_count * sizeof *out->heads);
    for (uint32_t i = 0; i < s->token_count; i++) {
        const struct run *here;

        if ((rc = claim_unnamed(out, i)) < 0)
            return rc;
        if (run >= cast->run_count || cast->runs[run].first != i)
            continue;
        here = &cast->runs[run++];
        note_organisation(out, here);
        if (here->entity == NO_ENTITY || here->name >= here->end ||
            cast->entities[here->entity].kind == PLACE)
            continue;
        if ((rc = claim_before(out, here)) < 0 || (rc = claim_after(out, here)) < 0 ||
            (rc = claim_comma(out, here)) < 0)
            return rc;
        if (cast->entities[here->entity].kind == ORGANISATION && (rc = claim_name(out, here)) < 0)
            return rc;
    }
    return 0;
}

/* Whether the word stands in the phrase of a claim, or in its name. */
static bool claim_has(const struct roles *r, const struct claim *c, struct span word)
{
    const struct scan *s = r->cast->s;
    uint32_t hash = cast_word(word);

    for (uint32_t i = c->first; i < c->end && i < c->first + AFTER_LONGEST; i++)
        if (cast_word(word_at(s, i)) == hash)
            return true;
    return false;
}

/* 54-year-old: the number that it begins with. */
static struct span age_of(struct span word)
{
    size_t n = 0;

    while (n < word.len && word.at[n] >= '0' && word.at[n] <= '9')
        n++;
    return n && span_ends(word, SPAN("-year-old")) ? span_cut(word, 0, n) : word;
}

/* Whether the head of a claim is the word asked for, or its short form: Gov. Kovar is the governor. */
static bool is_head(const struct roles *r, const struct claim *c, struct span word)
{
    const struct scan *s = r->cast->s;
    struct span head;
    char short_key[LIMIT_WORD], key[LIMIT_WORD];
    struct span a, b;

    if (c->word == cast_word(word))
        return true;
    head = word_at(s, c->head);
    if (!token_has(s, c->head, LEX_TITLE) || head.len < SHORT_LEAST || head.len > SHORT_MOST ||
        head.len >= word.len)
        return false;
    a = lex_key(head, short_key);
    b = lex_key(word, key);
    return span_starts(b, a);
}

/* Whether all that the phrase says is said by the claim, and nothing of the claim makes it another role. */
static bool is_said(const struct roles *r, const struct claim *c, uint32_t first, uint32_t end, uint32_t head)
{
    const struct scan *s = r->cast->s;
    bool half = false;

    if (!is_head(r, c, age_of(word_at(s, head))))
        return false;
    for (uint32_t i = first; i < end; i++) {
        half |= is_half(s, i);
        if (i != head && is_content(s, i) && !claim_has(r, c, word_at(s, i)))
            return false;
    }
    return half || !c->half;
}

/* Mayor says: in a headline no article is needed. */
static bool is_definite(const struct scan *s, struct noun n)
{
    struct span word = token_text(s, n.first);

    if (span_eq(word, SPAN("the")) || span_eq(word, SPAN("The")) || span_eq(word, SPAN("THE")) ||
        span_eq(word, SPAN("its")) || span_eq(word, SPAN("Its")))
        return true;
    return noun_in_headline(s, n.first) && token_has(s, n.end - 1, LEX_TITLE | LEX_ROLE) &&
           s->tokens[n.first].first;
}

/* What the claims say of the phrase asked for. */
struct answer {
    uint32_t before, any; /* the entity of a claim before the phrase, of any claim */
    const struct claim *told_before, *told;
    bool many, many_before, unnamed;
};

/* Looks at the claims whose head is `key`. */
static void look_at(const struct roles *r, struct span key, struct noun n, uint32_t head, struct answer *a)
{
    const struct scan *s = r->cast->s;
    uint32_t first = n.first + token_has(s, n.first, LEX_DET), looked = 0, word = cast_word(key);

    for (uint32_t k = r->heads[word & (r->head_count - 1)]; k != NO_ENTITY && looked < CLAIMS_LOOKED_AT;
         k = r->claims[k].next, looked++) {
        const struct claim *c = &r->claims[k];

        if ((c->at >= n.first && c->at < n.end) || c->word != word)
            continue;
        if (c->entity == NO_ENTITY) {
            a->unnamed |= a->before == NO_ENTITY && c->at < n.first;
            continue;
        }
        if (!is_said(r, c, first, n.end, head) || (c->at > n.first && c->at - n.first > AHEAD))
            continue;
        a->many |= a->any != NO_ENTITY && a->any != c->entity;
        a->any = c->entity;
        a->told = c;
        if (c->at > n.first)
            continue;
        a->many_before |= a->before != NO_ENTITY && a->before != c->entity;
        a->before = c->entity;
        a->told_before = c;
    }
}

bool role_may_be(const struct scan *s, struct noun n)
{
    return n.kind != NOUN_PRONOUN && n.kind != NOUN_NONE && n.end - n.first <= PHRASE_LONGEST &&
           is_definite(s, n);
}

uint32_t role_entity(const struct roles *r, struct noun n, const struct claim **told)
{
    const struct scan *s;
    struct answer a = {.before = NO_ENTITY, .any = NO_ENTITY};
    uint32_t first = n.first, head;
    struct span word;

    *told = NULL;
    if (!r->head_count)
        return NO_ENTITY;
    s = r->cast->s;
    if (!role_may_be(s, n))
        return NO_ENTITY;
    first += token_has(s, first, LEX_DET);
    head = head_of(s, first, n.end);
    if (head == n.end || is_plural(s, head))
        return NO_ENTITY;
    word = age_of(word_at(s, head));
    look_at(r, word, n, head, &a);
    for (size_t len = SHORT_LEAST; len <= SHORT_MOST && len < word.len; len++)
        look_at(r, span_cut(word, 0, len), n, head, &a);
    *told = a.before != NO_ENTITY ? a.told_before : a.told;
    if (a.before != NO_ENTITY)
        return a.many_before || a.unnamed ? NO_ENTITY : a.before;
    if (a.any != NO_ENTITY)
        return a.many ? NO_ENTITY : a.any;
    if (head == first && n.end == head + 1 && (lex_noun(word, s->language) & LEX_FIRM) && !a.unnamed)
        return r->only != NO_ENTITY && r->cast->entities[r->only].start < s->tokens[n.first].start &&
                       n.first <= r->other_at
                   ? r->only
                   : NO_ENTITY; /* the company, when no other has been named */
    return NO_ENTITY;
}
