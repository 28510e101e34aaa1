/* name.c -- who a mention means; see name.h. */
#include "index/name.h"

#include "base/err.h"
#include "index/dense.h"

enum { MANY_BACK = 2 /* sentences that may name those whom "they" means */ };

/* What is known of the article. */
struct reader {
    const struct cast *cast;
    struct roles roles;
    struct unnamed unnamed;
    struct mentions mentions;
};

static struct span token_range(const struct scan *s, uint32_t first, uint32_t end)
{
    if (first >= end)
        return (struct span){"", 0};
    return span_cut(s->article->text, s->tokens[first].start, s->tokens[end - 1].end);
}

void named_step(struct named *out, const char *how, uint32_t start, uint32_t end)
{
    if (out->step_count < STEPS_MOST)
        out->steps[out->step_count++] = (struct step){how, start, end};
}

/* To the full name, unless the last words were it. */
static void step_to_name(const struct reader *c, struct span name, uint32_t last_bytes, struct named *out)
{
    uint32_t start = (uint32_t)(name.at - c->cast->s->article->text.at);

    if (name.len > last_bytes)
        named_step(out, "the full name in the article", start, start + (uint32_t)name.len);
}

/* From a pronoun over the mentions it was tied to, each again a pronoun perhaps, to a name. */
static void name_meant(const struct reader *c, uint32_t token, uint32_t mention, struct named *out)
{
    uint32_t bits = c->cast->s->tokens[token].bits;
    const struct mention *m = &c->mentions.list[mention];
    const struct entity *e = unnamed_entity(&c->unnamed, m->entity);

    out->name = e->name;
    out->why = bits & LEX_HE    ? "pronoun: the man lately named"
               : bits & LEX_SHE ? "pronoun: the woman lately named"
                                : "pronoun: the organisation lately named";
    out->means = e->sex ? A_MEANS_SEX : A_MEANS_GUESS;
    out->percent = e->sex ? 87 : 75;
    while (m->pronoun && m->after != NO_MENTION && out->step_count + 2 < STEPS_MOST) {
        named_step(out, out->why, m->start, m->end);
        m = &c->mentions.list[m->after];
    }
    while (m->pronoun && m->after != NO_MENTION)
        m = &c->mentions.list[m->after];
    named_step(out, out->why, m->start, m->end);
    step_to_name(c, e->name, m->end - m->start, out);
}

/* Names the speaker of a mention that has capitals. */
static void name_of(const struct reader *c, struct noun n, struct named *out)
{
    const struct scan *s = c->cast->s;
    uint32_t head;
    const struct run *r;
    const struct entity *e;

    r = cast_head_run(c->cast, n, &head);
    if (r && r->end - r->first == 1 && r->end == head && s->tokens[r->first].first &&
        token_has(s, r->first, LEX_ROLE | LEX_DOC) &&
        !token_has(s, r->first, LEX_MALE | LEX_FEMALE | LEX_ORG) && head < n.end)
        r = NULL; /* Observers from the Union said: a capital for the sentence's sake */
    if (!r || r->end < head || r->name >= r->end || r->entity == NO_ENTITY) {
        out->name = noun_words(s, n);
        out->why = "as printed";
        out->means = A_MEANS_THING;
        return;
    }
    e = &c->cast->entities[r->entity];
    out->name = e->name;
    out->why = "name as printed";
    out->means = A_MEANS_PRINTED;
    if (e->words > r->end - r->name) {
        out->why = "short name: the full one stands in the article";
        out->means = A_MEANS_SHORT;
        step_to_name(c, e->name, 0, out);
    }
    if (r->name > n.first && !out->role.len) {
        uint32_t first = n.first + (token_has(s, n.first, LEX_DET) && n.first + 1 < r->name);

        out->role = token_range(s, first, r->name);
        if (out->role.len == 3 && token_has(s, first, LEX_DET))
            out->role = (struct span){"", 0};
    }
}

/* To the words that say who has the role: Mayor Ada Kovar; Ada Kovar, 54, the mayor of Lindau. */
static void step_to_claim(const struct reader *c, const struct claim *told, struct named *out)
{
    const struct token *tokens = c->cast->s->tokens;
    const struct run *name = cast_run_before(c->cast, 0, told->at + 1);
    uint32_t first = told->first < told->at ? told->first : told->at, end = told->end;

    if (name && name->end > end)
        end = name->end;
    named_step(out, out->why, tokens[first].start, tokens[end - 1].end);
}

/* the mayor: the one who has that role, when the article names one and no more. False when it does not. */
static bool name_role(const struct reader *c, struct noun n, struct named *out)
{
    const struct claim *told;
    uint32_t entity = role_entity(&c->roles, n, &told);
    const struct entity *e;

    if (entity == NO_ENTITY)
        return false;
    e = &c->cast->entities[entity];
    if (!out->role.len)
        out->role = noun_words(c->cast->s, n);
    out->name = noun_words(c->cast->s, n);
    out->person = e->name;
    out->why = e->kind == ORGANISATION ? "role: the one organisation that it can be"
                                       : "role: the one person who has it";
    out->means = A_MEANS_ROLE;
    if (told)
        step_to_claim(c, told, out);
    else
        named_step(out, out->why, e->start, e->start + (uint32_t)e->name.len);
    return true;
}

/* They shouted: the many who are the subject of this sentence or the one before, when they have no name. */
static bool name_many(const struct reader *c, struct noun n, struct named *out)
{
    const struct scan *s = c->cast->s;
    uint32_t sentence = s->tokens[n.first].sentence;

    if (!s->english || !token_has(s, n.first, LEX_THEY))
        return false;
    for (uint32_t i = 0; i <= MANY_BACK && i <= sentence; i++) {
        const struct sentence *at = &s->sentences[sentence - i];
        struct noun many = noun_main(s, at->first, i ? at->end : n.first);

        if (many.kind == NOUN_NONE || many.kind == NOUN_PRONOUN || many.end > n.first ||
            !role_is_many(s, many) || cast_entity(c->cast, many))
            continue;
        out->name = noun_words(s, many);
        out->why = "pronoun: those lately spoken of";
        out->means = A_MEANS_GUESS;
        out->percent = 75;
        named_step(out, out->why, s->tokens[many.first].start, s->tokens[many.end - 1].end);
        return true;
    }
    return false;
}

static void resolve(const struct reader *c, const struct voice *v, struct named *out)
{
    const struct scan *s = c->cast->s;
    struct noun n = v->mention;

    out->percent = 100;
    out->means = A_MEANS_NOBODY;
    if (v->mention_start == v->mention_end)
        return;
    if (n.kind == NOUN_NONE) {
        out->name = dense_name(span_cut(s->article->text, v->mention_start, v->mention_end));
        out->why = "name as printed";
        return;
    }
    out->role = token_range(s, n.role_first, n.role_end);
    if ((n.kind == NOUN_ROLE || (n.kind == NOUN_NAME && !cast_entity(c->cast, n))) &&
        cast_apposed(c->cast, n)) {
        out->name = c->cast->entities[cast_apposed(c->cast, n)->entity].name;
        out->role = noun_words(s, n);
        out->why = "name as printed";
        out->means = A_MEANS_PRINTED;
    } else if (n.kind == NOUN_NAME && (cast_entity(c->cast, n) || !name_role(c, n, out))) {
        name_of(c, n, out);
    } else if (n.kind == NOUN_NAME) {
        return;
    } else if (n.kind != NOUN_PRONOUN) {
        out->name = noun_words(s, n);
        out->why = "as printed";
        out->means = A_MEANS_THING;
        out->percent = v->rule == RULE_BEFORE || v->rule == RULE_BEFORE_FAR ? 65 : 95;
        (void)name_role(c, n, out);
    } else if (name_many(c, n, out)) {
        return;
    } else if (c->mentions.meant[n.first] != NO_MENTION) {
        name_meant(c, n.first, c->mentions.meant[n.first], out);
    } else if (token_has(s, n.first, LEX_I) && s->article->author.len && token_text(s, n.first).len == 1) {
        out->name = s->article->author;
        out->why = "pronoun: the author of the article";
        out->percent = 90;
    } else {
        out->why = "pronoun: nobody it could mean";
        out->percent = 50;
    }
}

int name_resolve(struct arena *mem, const struct cast *cast, const struct voice *voices, uint32_t count,
                 struct named *out, antecedent_watch *watch, void *watcher)
{
    struct reader c = {.cast = cast};
    bool roles = watch != NULL, pronouns = watch != NULL;
    int rc;

    for (uint32_t p = 0; p < count; p++) {
        roles |= role_may_be(cast->s, voices[p].mention);
        pronouns |= voices[p].mention.kind == NOUN_PRONOUN;
    }
    if (roles && (rc = roles_read(mem, cast, &c.roles)) < 0)
        return rc;
    if (pronouns &&
        ((rc = unnamed_read(mem, cast, &c.roles, voices, count, &c.unnamed)) < 0 ||
         (rc = antecedents_read(mem, &c.unnamed, voices, count, watch, watcher, &c.mentions)) < 0))
        return rc;
    for (uint32_t p = 0; p < count; p++)
        resolve(&c, &voices[p], &out[p]);
    return 0;
}
