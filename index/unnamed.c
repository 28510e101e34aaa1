/* unnamed.c -- those without a name; see unnamed.h. */
#include "index/unnamed.h"

#include "base/err.h"

enum { LOOKED_AT = 16 /* those among whom a thing is looked for again */ };

const struct entity *unnamed_entity(const struct unnamed *u, uint32_t entity)
{
    return entity < u->cast->entity_count ? &u->cast->entities[entity]
                                          : &u->all[entity - u->cast->entity_count];
}

bool unnamed_speaks(const struct unnamed *u, uint32_t token)
{
    return u->at[token] < u->cast->entity_count + u->speaking;
}

bool unnamed_is_many(struct span word)
{
    return word.len > 3 && word.at[word.len - 1] == 's' && word.at[word.len - 2] != 's' &&
           word.at[word.len - 2] != 'u' && word.at[word.len - 2] != 'i';
}

/* The sex that a role tells by itself: a spokeswoman, his wife. */
static uint32_t role_sex(struct span word)
{
    static const char *const women[] = {"wife",  "mother", "daughter",   "sister",  "grandmother", "aunt",
                                        "niece", "widow",  "girlfriend", "actress", "lady",        "mum"};
    static const char *const men[] = {"husband", "father", "son",     "brother",   "grandfather", "uncle",
                                      "nephew",  "dad",    "widower", "boyfriend", "gentleman"};

    for (size_t i = 0; i < sizeof women / sizeof *women; i++)
        if (span_eq(word, span_of(women[i])))
            return FEMALE;
    for (size_t i = 0; i < sizeof men / sizeof *men; i++)
        if (span_eq(word, span_of(men[i])))
            return MALE;
    if (word.len >= 5 && span_eq(span_cut(word, word.len - 5, word.len), SPAN("woman")))
        return FEMALE;
    return word.len >= 3 && span_eq(span_cut(word, word.len - 3, word.len), SPAN("man")) ? MALE : NO_SEX;
}

static bool is_the(const struct scan *s, uint32_t i)
{
    return span_eq(token_text(s, i), SPAN("the")) || span_eq(token_text(s, i), SPAN("The"));
}

static int add(struct unnamed *u, struct noun n)
{
    const struct scan *s = u->cast->s;
    struct entity e = {.name = noun_words(s, n),
                       .start = s->tokens[n.first].start,
                       .kind = ORGANISATION,
                       .words = n.end - n.first,
                       .count = 1};
    bool of = false;

    if (u->at[n.first] != NO_ENTITY)
        return 0;
    for (uint32_t i = n.first; i < n.end; i++) {
        of |= i > n.first && token_has(s, i, LEX_OF); /* the wife of a spokesman */
        if (token_has(s, i, LEX_ROLE | LEX_TITLE))
            e.kind = PERSON;
        if (s->english && !of && token_has(s, i, LEX_ROLE))
            e.sex |= role_sex(token_text(s, i));
        if (token_has(s, i, LEX_TITLE))
            e.sex |= lex_bits(token_text(s, i), s->language) & (LEX_MALE | LEX_FEMALE);
    }
    if (e.sex == (MALE | FEMALE))
        e.sex = NO_SEX;
    if (s->english && role_is_many(s, n))
        e.kind = ORGANISATION; /* critics: they, not he */
    if (!ARENA_MORE(u->mem, u->all, u->count, u->cap))
        return arena_err(u->mem);
    u->all[u->count++] = e;
    u->at[n.first] = u->cast->entity_count + u->count - 1;
    return 0;
}

/* A letter … the letter: the latest of those without a name that ends with the word at `head`, or NO_ENTITY. */
static uint32_t thing_before(const struct unnamed *u, uint32_t head)
{
    struct span word = token_text(u->cast->s, head);

    for (uint32_t i = u->count, n = 0; i-- > 0 && n < LOOKED_AT; n++) {
        struct span name = u->all[i].name;

        if (u->all[i].kind == ORGANISATION && name.len >= word.len &&
            u->all[i].start < u->cast->s->tokens[head].start &&
            (name.len == word.len || name.at[name.len - word.len - 1] == ' ') &&
            span_eq(span_cut(name, name.len - word.len, name.len), word))
            return i;
    }
    return NO_ENTITY;
}

/* The letter, his advisers, the Kovar campaign: what it and they may mean, though it speaks nowhere. The head is a
 * small word for a thing that speaks, for an organisation or for several people, and ends its phrase. */
static int add_things(struct unnamed *u)
{
    const struct scan *s = u->cast->s;
    int rc;

    for (uint32_t i = 0; i < s->token_count; i++) {
        const struct token *t = &s->tokens[i];
        uint32_t low = s->sentences[t->sentence].first;
        struct noun n;
        uint32_t same;

        if (t->kind != TOKEN_WORD || t->upper || t->possessive ||
            !(token_has(s, i, LEX_DOC | LEX_ORG) ||
              (token_has(s, i, LEX_ROLE) && unnamed_is_many(token_text(s, i)))) ||
            (i + 1 < s->token_count && s->tokens[i + 1].sentence == t->sentence && !s->tokens[i + 1].upper &&
             token_has(s, i + 1, LEX_ROLE | LEX_DOC | LEX_ORG | LEX_TITLE) && !token_has(s, i + 1, LEX_CUE)))
            continue;
        n = noun_left(s, i + 1, low);
        if (n.kind == NOUN_NONE || n.first >= n.end || u->at[n.first] != NO_ENTITY ||
            !(s->tokens[n.first].first || token_has(s, n.first, LEX_DET)))
            continue;
        if (is_the(s, n.first) && (same = thing_before(u, i)) != NO_ENTITY) {
            u->at[n.first] = u->cast->entity_count + same;
            u->all[same].count++;
            continue;
        }
        if ((rc = add(u, n)) < 0)
            return rc;
        u->all[u->count - 1].kind = ORGANISATION;
    }
    return 0;
}

int unnamed_read(struct arena *mem, const struct cast *cast, const struct roles *roles,
                 const struct voice *voices, uint32_t count, struct unnamed *out)
{
    const struct scan *s = cast->s;
    int rc;

    *out = (struct unnamed){.mem = mem, .cast = cast};
    if (!(out->at = arena_array(mem, (size_t)s->token_count + 1, sizeof *out->at)))
        return arena_err(mem);
    memset(out->at, 0xFF, ((size_t)s->token_count + 1) * sizeof *out->at);
    for (uint32_t p = 0; p < count; p++) {
        struct noun n = voices[p].mention;
        const struct claim *told;
        uint32_t entity;

        if (voices[p].from != p || (n.kind != NOUN_ROLE && (n.kind != NOUN_NAME || cast_entity(cast, n))) ||
            cast_apposed(cast, n))
            continue;
        entity = role_entity(roles, n, &told);
        if (entity != NO_ENTITY && out->at[n.first] == NO_ENTITY)
            out->at[n.first] = entity;
        else if ((rc = add(out, n)) < 0)
            return rc;
    }
    out->speaking = out->count;
    return s->english ? add_things(out) : 0;
}
