/* name.c -- who a mention means; see name.h. */
#include "index/name.h"

#include "base/err.h"
#include "index/dense.h"
#include "index/role.h"
#include "index/weigh.h"

enum {
    MENTIONS_BACK = 40,  /* mentions looked at for a pronoun */
    SENTENCES_BACK = 14, /* and sentences */
    ANTECEDENTS_MOST = 12,
    MANY_BACK = 2, /* sentences that may name those whom "they" means */
    NONE = NO_ENTITY
};

struct mention {
    uint32_t token, entity;
    int subject;                  /* 2 when it opened the sentence or spoke, 1 when a verb follows */
    bool speaker, pronoun, owner; /* owner: his, her */
};

/* The article read in order. */
struct reader {
    struct arena *mem;
    const struct cast *cast;
    struct roles roles;
    struct entity *others; /* speakers without a name: a spokeswoman, the report */
    uint32_t other_count, other_cap;
    name_watch *watch;
    void *watcher;
    struct mention *mentions;
    uint32_t mention_count, mention_cap;
};

/* Entities past those of the cast are speakers without a name. */
static const struct entity *entity_at(const struct reader *c, uint32_t entity)
{
    return entity < c->cast->entity_count ? &c->cast->entities[entity]
                                          : &c->others[entity - c->cast->entity_count];
}

/* How well an entity fits a pronoun: 0 not at all, 1 perhaps, 2 well. */
static int fits(const struct entity *e, uint32_t pronoun)
{
    if (pronoun & (LEX_HE | LEX_SHE)) {
        uint32_t sex = pronoun & LEX_HE ? MALE : FEMALE;

        if ((~pronoun & (LEX_HE | LEX_SHE)) == 0) /* hän, ő: one word for both */
            sex = e->sex;
        if (e->kind == ORGANISATION || e->kind == PLACE || (e->sex && e->sex != sex))
            return 0;
        return e->sex == sex ? 2 : e->kind == PERSON;
    }
    if (pronoun & (LEX_IT | LEX_THEY))
        return e->kind == ORGANISATION ? 2 : e->kind == PLACE ? 1 : 0;
    return 0;
}

static void see_antecedent(const struct reader *c, const struct mention *m, uint32_t token, int fit,
                           struct attributes *seen)
{
    const struct scan *s = c->cast->s;
    const struct entity *e = entity_at(c, m->entity);
    uint32_t sentence = s->tokens[token].sentence, then = s->tokens[m->token].sentence;
    uint32_t back = sentence - then;

    if (s->tokens[token].bits & (LEX_HE | LEX_SHE))
        attribute_add(seen, fit == 2 ? A_SEX_AGREES : A_SEX_UNKNOWN);
    else
        attribute_add(seen, fit == 2 ? A_KIND_AGREES : A_KIND_UNKNOWN);
    if (m->entity >= c->cast->entity_count)
        attribute_add(seen, A_NO_NAME);
    attribute_add(seen, back == 0   ? A_BACK_0
                        : back == 1 ? A_BACK_1
                        : back == 2 ? A_BACK_2
                        : back <= 4 ? A_BACK_4
                                    : A_BACK_FAR);
    attribute_add(seen, m->speaker        ? A_WAS_SPEAKER
                        : m->subject == 2 ? A_WAS_OPENER
                        : m->subject == 1 ? A_WAS_SUBJECT
                        : m->owner        ? A_WAS_OWNER
                                          : A_WAS_OBJECT);
    if (e->sure)
        attribute_add(seen, A_SURE_PERSON);
    if (m->pronoun)
        attribute_add(seen, A_WAS_PRONOUN);
    if (s->sentences[sentence].block == s->sentences[then].block)
        attribute_add(seen, A_SAME_PARAGRAPH);
    attribute_add(seen, e->count <= 1   ? A_NAMED_ONCE
                        : e->count <= 3 ? A_NAMED_TWICE
                        : e->count <= 8 ? A_NAMED_OFTEN
                                        : A_NAMED_MOST);
}

/* Those of the people lately named that the pronoun at `token` fits, each at its latest mention. */
static uint32_t antecedents(const struct reader *c, uint32_t token, struct antecedent *out)
{
    const struct scan *s = c->cast->s;
    uint32_t low = c->mention_count > MENTIONS_BACK ? c->mention_count - MENTIONS_BACK : 0, count = 0;
    bool speaker = false, opener = false;

    for (uint32_t i = c->mention_count; i-- > low && count < ANTECEDENTS_MOST;) {
        const struct mention *m = &c->mentions[i];
        uint32_t k = 0;
        int fit;

        if (s->tokens[token].sentence - s->tokens[m->token].sentence > SENTENCES_BACK)
            break;
        if (!(fit = fits(entity_at(c, m->entity), s->tokens[token].bits)))
            continue;
        while (k < count && out[k].entity != m->entity)
            k++;
        if (k == count) {
            out[count] = (struct antecedent){.entity = m->entity};
            see_antecedent(c, m, token, fit, &out[count].seen);
            attribute_add(&out[count].seen, A_ALWAYS);
            if (count <= 1)
                attribute_add(&out[count].seen, count ? A_SECOND_LATEST : A_LATEST);
            count++;
        }
        if (m->speaker && !speaker)
            attribute_add(&out[k].seen, A_LATEST_SPEAKER);
        if (m->subject == 2 && !opener)
            attribute_add(&out[k].seen, A_LATEST_OPENER);
        speaker |= m->speaker;
        opener |= m->subject == 2;
    }
    if (count == 1)
        attribute_add(&out[0].seen, A_ONLY_ONE);
    return count;
}

/* The entity a pronoun at `token` means, or NONE. */
static uint32_t pronoun_entity(const struct reader *c, uint32_t token)
{
    struct antecedent all[ANTECEDENTS_MOST];
    uint32_t count = antecedents(c, token, all), best = 0;
    bool person = c->cast->s->tokens[token].bits & (LEX_HE | LEX_SHE);
    int32_t most = INT32_MIN;

    for (uint32_t i = 0; i < count; i++) {
        int32_t score = weigh_sum(person ? WEIGH_PERSON : WEIGH_THING, &all[i].seen);

        all[i].name = entity_at(c, all[i].entity)->name;
        if (score > most) {
            most = score;
            best = i;
        }
    }
    if (c->watch)
        c->watch(c->watcher, token, all, count);
    return count ? all[best].entity : NONE;
}

static int subject_rank(const struct scan *s, uint32_t first, uint32_t end, bool opens)
{
    const struct token *next = end < s->token_count ? &s->tokens[end] : NULL;

    if (s->tokens[end - 1].possessive ||
        (next && next->kind == TOKEN_WORD && !next->upper &&
         (next->bits & (LEX_TITLE | LEX_ROLE | LEX_DOC | LEX_ORG)) && !(next->bits & LEX_CUE)))
        return 0; /* Kovar’s brother, the Kovar campaign */
    if (opens)
        return 2;
    if (end < s->token_count && s->tokens[end].sentence == s->tokens[first].sentence &&
        token_has(s, end, LEX_AUX | LEX_CUE | LEX_VERB) && !s->tokens[end].upper)
        return 1;
    return 0;
}

/* Reads the article in order: mentions, and what each pronoun means (`meant`, by token). */
static int read_mentions(struct reader *c, const bool *speaks, const uint32_t *other, uint32_t *meant)
{
    const struct scan *s = c->cast->s;
    uint32_t r = 0, last_sentence = NONE;

    for (uint32_t i = 0; i < s->token_count; i++) {
        struct mention m = {.token = i, .entity = NONE, .speaker = speaks[i]};

        meant[i] = NONE;
        if (r < c->cast->run_count && c->cast->runs[r].first == i) {
            m.entity = c->cast->runs[r].entity;
            m.subject = subject_rank(s, i, c->cast->runs[r].end, s->tokens[i].sentence != last_sentence);
            if (m.entity != NONE && !s->tokens[c->cast->runs[r].end - 1].possessive) /* Israel’s Ada Kovar */
                last_sentence = s->tokens[i].sentence;
            if (m.speaker)
                m.subject = 2;
            r++;
        } else if (token_has(s, i, LEX_HE | LEX_SHE | LEX_IT | LEX_THEY) &&
                   (!s->tokens[i].upper || s->tokens[i].first)) {
            m.owner = token_has(s, i, LEX_HE | LEX_SHE) &&
                      token_has(s, i, LEX_DET); /* his mother said: not he */

            m.entity = meant[i] = pronoun_entity(c, i);
            m.pronoun = true;
            m.subject = m.owner ? 0 : s->tokens[i].sentence != last_sentence ? 2 : 1;
            if (!m.owner)
                last_sentence = s->tokens[i].sentence;
        }
        if (other[i]) {
            m.entity = other[i] - 1;
            m.subject = 2;
        }
        if (m.entity == NONE)
            continue;
        if (!ARENA_MORE(c->mem, c->mentions, c->mention_count, c->mention_cap))
            return arena_err(c->mem);
        c->mentions[c->mention_count++] = m;
    }
    return 0;
}

static struct span token_range(const struct scan *s, uint32_t first, uint32_t end)
{
    if (first >= end)
        return (struct span){"", 0};
    return span_cut(s->article->text, s->tokens[first].start, s->tokens[end - 1].end);
}

/* The officials -> officials; as printed otherwise. */
static struct span nominal(const struct scan *s, struct noun n)
{
    uint32_t first = n.first;
    struct span word = token_text(s, first);

    if (first + 1 < n.end &&
        (span_eq(word, SPAN("the")) || span_eq(word, SPAN("The")) || span_eq(word, SPAN("THE")) ||
         span_eq(word, SPAN("a")) || span_eq(word, SPAN("A")) || span_eq(word, SPAN("an")) ||
         span_eq(word, SPAN("An"))))
        first++;
    word = token_range(s, first, n.end);
    if (s->tokens[n.end - 1].possessive && s->tokens[n.end - 1].kind == TOKEN_WORD)
        word.len -= s->tokens[n.end - 1].end - s->tokens[n.end - 1].start - token_stem(s, n.end - 1).len;
    return word; /* the report’s warning: the report */
}

/* The token that stands for a mention when pronouns are resolved: its run of capitals, or its first word. */
static uint32_t head_token(const struct reader *c, struct noun n)
{
    uint32_t end;
    const struct run *r = n.kind == NOUN_NAME ? cast_head_run(c->cast, n, &end) : NULL;

    return r && r->end >= end ? r->first : n.first;
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
    if (!r || r->end < head || r->name >= r->end || r->entity == NONE) {
        out->name = nominal(s, n);
        out->why = "as printed";
        out->means = A_MEANS_THING;
        return;
    }
    e = &c->cast->entities[r->entity];
    out->name = e->name;
    out->why = e->words > r->end - r->name ? "short name: the full one stands in the article"
                                           : "name as printed";
    out->means = e->words > r->end - r->name ? A_MEANS_SHORT : A_MEANS_PRINTED;
    if (r->name > n.first && !out->role.len) {
        uint32_t first = n.first + (token_has(s, n.first, LEX_DET) && n.first + 1 < r->name);

        out->role = token_range(s, first, r->name);
        if (out->role.len == 3 && token_has(s, first, LEX_DET))
            out->role = (struct span){"", 0};
    }
}

/* the mayor: the one who has that role, when the article names one and no more. False when it does not. */
static bool name_role(const struct reader *c, struct noun n, struct named *out)
{
    uint32_t entity = role_entity(&c->roles, n);

    if (entity == NO_ENTITY)
        return false;
    if (!out->role.len)
        out->role = nominal(c->cast->s, n);
    out->name = c->cast->entities[entity].name;
    out->why = c->cast->entities[entity].kind == ORGANISATION ? "role: the one organisation that it can be"
                                                              : "role: the one person who has it";
    out->means = A_MEANS_ROLE;
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
        out->name = nominal(s, many);
        out->why = "pronoun: those lately spoken of";
        out->means = A_MEANS_GUESS;
        out->percent = 75;
        return true;
    }
    return false;
}

static void resolve(const struct reader *c, const struct voice *v, const uint32_t *meant, struct named *out)
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
    if (n.kind == NOUN_NAME && (cast_entity(c->cast, n) || !name_role(c, n, out))) {
        name_of(c, n, out);
    } else if (n.kind == NOUN_NAME) {
        return;
    } else if (n.kind != NOUN_PRONOUN) {
        out->name = nominal(s, n);
        out->why = "as printed";
        out->means = A_MEANS_THING;
        out->percent = v->rule == RULE_BEFORE || v->rule == RULE_BEFORE_FAR ? 65 : 95;
        (void)name_role(c, n, out);
    } else if (name_many(c, n, out)) {
        return;
    } else if (meant[n.first] != NONE) {
        uint32_t bits = s->tokens[n.first].bits;

        out->name = entity_at(c, meant[n.first])->name;
        out->why = bits & LEX_HE    ? "pronoun: the man lately named"
                   : bits & LEX_SHE ? "pronoun: the woman lately named"
                                    : "pronoun: the organisation lately named";
        out->means = entity_at(c, meant[n.first])->sex ? A_MEANS_SEX : A_MEANS_GUESS;
        out->percent = entity_at(c, meant[n.first])->sex ? 87 : 75;
    } else if (token_has(s, n.first, LEX_I) && s->article->author.len && token_text(s, n.first).len == 1) {
        out->name = s->article->author;
        out->why = "pronoun: the author of the article";
        out->percent = 90;
    } else {
        out->why = "pronoun: nobody it could mean";
        out->percent = 50;
    }
}

/* A speaker without a name can be what a later pronoun means: a spokeswoman said ... she added. `other` of its
 * first token becomes one more than its entity, which is one of the cast when the role is somebody's who is named. */
static int add_other(struct reader *c, struct noun n, uint32_t *other)
{
    const struct scan *s = c->cast->s;
    struct entity e = {.name = nominal(s, n), .kind = ORGANISATION, .words = n.end - n.first, .count = 1};

    if (other[n.first])
        return 0;
    if ((other[n.first] = role_entity(&c->roles, n) + 1)) /* NO_ENTITY and one are none */
        return 0;
    for (uint32_t i = n.first; i < n.end; i++) {
        if (token_has(s, i, LEX_ROLE | LEX_TITLE))
            e.kind = PERSON;
        if (token_has(s, i, LEX_TITLE))
            e.sex |= lex_bits(token_text(s, i), s->language) & (LEX_MALE | LEX_FEMALE);
    }
    if (e.sex == (MALE | FEMALE))
        e.sex = NO_SEX;
    if (s->english && role_is_many(s, n))
        e.kind = ORGANISATION; /* critics: they, not he */
    if (!ARENA_MORE(c->mem, c->others, c->other_count, c->other_cap))
        return arena_err(c->mem);
    c->others[c->other_count++] = e;
    other[n.first] = c->cast->entity_count + c->other_count;
    return 0;
}

int name_resolve(struct arena *mem, const struct cast *cast, const struct voice *voices, uint32_t count,
                 struct named *out, name_watch *watch, void *watcher)
{
    const struct scan *s = cast->s;
    struct reader c = {.mem = mem, .cast = cast, .watch = watch, .watcher = watcher};
    bool *speaks = arena_array(mem, (size_t)s->token_count + 1, sizeof *speaks);
    uint32_t *meant = arena_array(mem, (size_t)s->token_count + 1, sizeof *meant);
    uint32_t *other = arena_array(mem, (size_t)s->token_count + 1, sizeof *other);
    int rc;

    if (!speaks || !meant || !other)
        return arena_err(mem);
    if ((rc = roles_read(mem, cast, &c.roles)) < 0)
        return rc;
    for (uint32_t p = 0; p < count; p++) {
        const struct voice *v = &voices[p];

        if (v->from != p || v->mention.kind == NOUN_NONE)
            continue;
        speaks[head_token(&c, v->mention)] = true;
        if ((v->mention.kind == NOUN_ROLE ||
             (v->mention.kind == NOUN_NAME && !cast_entity(cast, v->mention))) &&
            (rc = add_other(&c, v->mention, other)) < 0)
            return rc;
    }
    if ((rc = read_mentions(&c, speaks, other, meant)) < 0)
        return rc;
    for (uint32_t p = 0; p < count; p++)
        resolve(&c, &voices[p], meant, &out[p]);
    return 0;
}
