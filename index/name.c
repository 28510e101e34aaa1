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
    OTHERS_BACK = 16, /* those without a name among whom one is looked for again */
    RUNS_AFTER = 12,  /* names looked at after a pronoun */
    LATELY = 4,       /* sentences in which mentions are counted */
    MANY_BACK = 2,    /* sentences that may name those whom "they" means */
    NONE = NO_ENTITY
};

struct mention {
    uint32_t token, entity;
    uint32_t start, end;          /* bytes */
    uint32_t after;               /* of a pronoun: the mention that it was tied to; NONE */
    int subject;                  /* 2 when it opened the sentence or spoke, 1 when a verb follows */
    bool speaker, pronoun, owner; /* owner: his, her */
    bool cue, first;              /* beside a verb of speech; the first person of its sentence */
    bool prep;                    /* after a preposition: in a statement */
};

/* The article read in order. */
struct reader {
    struct arena *mem;
    const struct cast *cast;
    struct roles roles;
    struct entity
        *others; /* speakers without a name: a spokeswoman, the report; then things that speak nowhere */
    uint32_t other_count, other_cap, speaking; /* so many of them speak */
    name_watch *watch;
    void *watcher;
    struct mention *mentions;
    uint32_t mention_count, mention_cap;
    uint32_t next_run; /* of the cast, after the token that is read */
    bool *spoke;       /* of each entity: seen beside a verb of speech */
};

/* Entities past those of the cast are speakers without a name. */
static const struct entity *entity_at(const struct reader *c, uint32_t entity)
{
    return entity < c->cast->entity_count ? &c->cast->entities[entity]
                                          : &c->others[entity - c->cast->entity_count];
}

/* How well an entity fits a pronoun: 0 not at all, 1 perhaps, 2 well. A name of which nothing is known may be
 * anybody's who spoke. */
static int fits(const struct entity *e, bool spoke, uint32_t pronoun)
{
    if (pronoun & (LEX_HE | LEX_SHE)) {
        uint32_t sex = pronoun & LEX_HE ? MALE : FEMALE;

        if ((~pronoun & (LEX_HE | LEX_SHE)) == 0) /* hän, ő: one word for both */
            sex = e->sex;
        if (e->kind == ORGANISATION || e->kind == PLACE || (e->sex && e->sex != sex))
            return 0;
        return e->sex == sex ? 2 : e->kind == PERSON || spoke;
    }
    if (pronoun & (LEX_IT | LEX_THEY))
        return e->kind == ORGANISATION ? 2 : e->kind == PLACE || (e->kind == UNKNOWN && spoke) ? 1 : 0;
    return 0;
}

/* reports, their advisers, Democrats: a word for many, as far as its end tells */
static bool is_many(struct span word)
{
    return word.len > 3 && word.at[word.len - 1] == 's' && word.at[word.len - 2] != 's' &&
           word.at[word.len - 2] != 'u' && word.at[word.len - 2] != 'i';
}

/* “…,” she said */
static bool follows_quote(const struct scan *s, uint32_t i)
{
    if (i > 0 && s->tokens[i - 1].kind == TOKEN_PUNCT)
        i--;
    return i > 0 && s->tokens[i - 1].kind == TOKEN_QUOTE &&
           s->tokens[i - 1].sentence == s->tokens[i].sentence;
}

/* Named again in the sentence of the pronoun, after it: Kovar is not the one whom he called Kovar. */
static bool named_after(const struct reader *c, uint32_t entity, uint32_t token)
{
    const struct cast *cast = c->cast;

    for (uint32_t r = c->next_run; r < cast->run_count && r - c->next_run < RUNS_AFTER; r++) {
        if (cast->s->tokens[cast->runs[r].first].sentence != cast->s->tokens[token].sentence)
            return false;
        if (cast->runs[r].entity == entity)
            return true;
    }
    return false;
}

static void see_antecedent(const struct reader *c, const struct mention *m, uint32_t token, int fit,
                           struct attributes *seen)
{
    const struct scan *s = c->cast->s;
    const struct entity *e = entity_at(c, m->entity);
    uint32_t sentence = s->tokens[token].sentence, then = s->tokens[m->token].sentence;
    uint32_t back = sentence - then;

    if (e->kind == UNKNOWN && !e->sex)
        attribute_add(seen, A_KIND_UNKNOWN);
    else if (s->tokens[token].bits & (LEX_HE | LEX_SHE))
        attribute_add(seen, fit == 2 ? A_SEX_AGREES : A_SEX_UNKNOWN);
    else
        attribute_add(seen, fit == 2 ? A_KIND_AGREES : A_KIND_UNKNOWN);
    if (!(s->tokens[token].bits & (LEX_HE | LEX_SHE)) &&
        is_many(e->name) == ((s->tokens[token].bits & LEX_THEY) != 0))
        attribute_add(seen, A_NUMBER_AGREES);
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
    if (m->cue)
        attribute_add(seen, A_BY_CUE);
    if (m->first)
        attribute_add(seen, A_FIRST_PERSON);
    if (m->prep)
        attribute_add(seen, A_AFTER_PREP);
    if (named_after(c, m->entity, token))
        attribute_add(seen, A_NAMED_AFTER);
    if (s->sentences[sentence].block == s->sentences[then].block + 1)
        attribute_add(seen, A_PARAGRAPH_BEFORE);
    if (m->pronoun)
        attribute_add(seen, A_WAS_PRONOUN);
    if (s->sentences[sentence].block == s->sentences[then].block) {
        attribute_add(seen, A_SAME_PARAGRAPH);
        if (follows_quote(s, token))
            attribute_add(seen, A_SAID_SAME);
    }
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
    uint32_t lately[ANTECEDENTS_MOST] = {0};
    bool speaker = false, opener = false;

    for (uint32_t i = c->mention_count; i-- > low && count < ANTECEDENTS_MOST;) {
        const struct mention *m = &c->mentions[i];
        uint32_t k = 0;
        int fit;

        if (s->tokens[token].sentence - s->tokens[m->token].sentence > SENTENCES_BACK)
            break;
        if (!(fit = fits(entity_at(c, m->entity), c->spoke[m->entity], s->tokens[token].bits)))
            continue;
        if (m->prep && m->entity >= c->cast->entity_count &&
            s->tokens[token].sentence == s->tokens[m->token].sentence)
            continue; /* in a statement, it said */
        while (k < count && out[k].entity != m->entity)
            k++;
        if (k == count) {
            out[count].entity = m->entity;
            out[count].mention = i;
            out[count].seen.count = 0;
            see_antecedent(c, m, token, fit, &out[count].seen);
            attribute_add(&out[count].seen, A_ALWAYS);
            if (count <= 1)
                attribute_add(&out[count].seen, count ? A_SECOND_LATEST : A_LATEST);
            count++;
        }
        lately[k] += s->tokens[token].sentence - s->tokens[m->token].sentence <= LATELY;
        if (m->speaker && !speaker)
            attribute_add(&out[k].seen, A_LATEST_SPEAKER);
        if (m->subject == 2 && !opener)
            attribute_add(&out[k].seen, A_LATEST_OPENER);
        speaker |= m->speaker;
        opener |= m->subject == 2;
    }
    for (uint32_t k = 0; k < count; k++)
        if (lately[k] >= 3)
            attribute_add(&out[k].seen, A_LATELY_OFTEN);
    if (count == 1)
        attribute_add(&out[0].seen, A_ONLY_ONE);
    return count;
}

/* The mention that a pronoun at `token` is tied to, or NONE. */
static uint32_t pronoun_mention(const struct reader *c, uint32_t token)
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
    return count ? all[best].mention : NONE;
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

/* The words of a run's name; of a title without one, all of it. */
static void set_range(const struct scan *s, const struct run *r, struct mention *m)
{
    m->start = s->tokens[r->name < r->end ? r->name : r->first].start;
    m->end = s->tokens[r->end - 1].end;
}

/* The words of a name that no run of capitals is. */
static void set_name_range(const struct reader *c, struct mention *m)
{
    struct span name = entity_at(c, m->entity)->name;

    m->start = (uint32_t)(name.at - c->cast->s->article->text.at);
    m->end = m->start + (uint32_t)name.len;
}

/* Kovar said; said the mayor, Ada Kovar; said Ada Kovar */
static bool beside_cue(const struct scan *s, uint32_t first, uint32_t end)
{
    uint32_t sentence = s->tokens[first].sentence;

    if (end < s->token_count && s->tokens[end].sentence == sentence && token_has(s, end, LEX_CUE) &&
        !s->tokens[end].upper)
        return true;
    return first > 0 && s->tokens[first - 1].sentence == sentence && token_has(s, first - 1, LEX_SPEECH) &&
           !s->tokens[first - 1].upper;
}

/* in a statement; of Kovar; with the mayor, Ada Kovar, is none */
static bool after_prep(const struct scan *s, uint32_t i)
{
    if (i > 0 && token_has(s, i - 1, LEX_DET))
        i--;
    return i > 0 && s->tokens[i - 1].sentence == s->tokens[i].sentence && token_has(s, i - 1, LEX_PREP);
}

static int add_mention(struct reader *c, struct mention m)
{
    if (!ARENA_MORE(c->mem, c->mentions, c->mention_count, c->mention_cap))
        return arena_err(c->mem);
    c->mentions[c->mention_count++] = m;
    return 0;
}

/* Whether somebody without a name speaks here, or somebody by a role; not a thing that is only named. */
static bool other_speaks(const struct reader *c, uint32_t other)
{
    return other && other - 1 < c->cast->entity_count + c->speaking;
}

/* Reads the article in order: mentions, and the mention that each pronoun is tied to (`meant`, by token). */
static int read_mentions(struct reader *c, const bool *speaks, const uint32_t *other, uint32_t *meant)
{
    const struct scan *s = c->cast->s;
    uint32_t r = 0, last_sentence = NONE, last_person = NONE;
    int rc;

    for (uint32_t i = 0; i < s->token_count; i++) {
        struct mention m = {.token = i, .entity = NONE, .after = NONE, .speaker = speaks[i]};

        m.start = s->tokens[i].start;
        m.end = s->tokens[i].end;
        m.prep = after_prep(s, i);

        meant[i] = NONE;
        c->next_run = r;
        if (r < c->cast->run_count && c->cast->runs[r].first == i) {
            set_range(s, &c->cast->runs[r], &m);
            m.entity = c->cast->runs[r].entity;
            m.subject = subject_rank(s, i, c->cast->runs[r].end, s->tokens[i].sentence != last_sentence);
            if (m.entity != NONE && !s->tokens[c->cast->runs[r].end - 1].possessive) /* Israel’s Ada Kovar */
                last_sentence = s->tokens[i].sentence;
            if (m.speaker)
                m.subject = 2;
            m.cue = m.speaker || beside_cue(s, i, c->cast->runs[r].end);
            r++;
        } else if (token_has(s, i, LEX_HE | LEX_SHE | LEX_IT | LEX_THEY) &&
                   (!s->tokens[i].upper || s->tokens[i].first)) {
            m.owner = token_has(s, i, LEX_HE | LEX_SHE) &&
                      token_has(s, i, LEX_DET); /* his mother said: not he */
            m.after = meant[i] = pronoun_mention(c, i);
            m.entity = m.after == NONE ? NONE : c->mentions[m.after].entity;
            m.pronoun = true;
            m.cue = m.speaker || beside_cue(s, i, i + 1);
            m.subject = m.owner ? 0 : s->tokens[i].sentence != last_sentence ? 2 : 1;
            if (!m.owner)
                last_sentence = s->tokens[i].sentence;
        }
        if (m.entity != NONE && !other_speaks(c, other[i])) {
            c->spoke[m.entity] |= m.cue;
            if (entity_at(c, m.entity)->kind == PERSON && !s->tokens[i].possessive) {
                m.first = last_person != s->tokens[i].sentence;
                last_person = s->tokens[i].sentence;
            }
            if ((rc = add_mention(c, m)) < 0)
                return rc;
        }
        if (other[i]) { /* beside Kovar the Kovar campaign */
            m.entity = other[i] - 1;
            set_name_range(c, &m);
            m.subject = other_speaks(c, other[i]) || s->tokens[i].first ? 2 : 0;
            m.cue = m.speaker;
            m.first = m.pronoun = false;
            if (m.subject == 2)
                last_sentence = s->tokens[i].sentence;
            if ((rc = add_mention(c, m)) < 0)
                return rc;
        }
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
    const struct mention *m = &c->mentions[mention];
    const struct entity *e = entity_at(c, m->entity);

    out->name = e->name;
    out->why = bits & LEX_HE    ? "pronoun: the man lately named"
               : bits & LEX_SHE ? "pronoun: the woman lately named"
                                : "pronoun: the organisation lately named";
    out->means = e->sex ? A_MEANS_SEX : A_MEANS_GUESS;
    out->percent = e->sex ? 87 : 75;
    while (m->pronoun && m->after != NONE && out->step_count + 2 < STEPS_MOST) {
        named_step(out, out->why, m->start, m->end);
        m = &c->mentions[m->after];
    }
    while (m->pronoun && m->after != NONE)
        m = &c->mentions[m->after];
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
    if (!r || r->end < head || r->name >= r->end || r->entity == NONE) {
        out->name = nominal(s, n);
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

/* The leader of the party, Ada Kovar, said: the run of the name beside a role that has none, or NULL. */
static const struct run *apposed(const struct reader *c, struct noun n)
{
    const struct scan *s = c->cast->s;
    const struct run *r;

    if (n.kind == NOUN_PRONOUN || n.end + 2 >= s->token_count || !token_is_punct(s, n.end, ',') ||
        s->tokens[n.end].sentence != s->tokens[n.first].sentence)
        return NULL;
    for (uint32_t i = n.first; i < n.end && !token_has(s, i, LEX_OF); i++)
        if (token_has(s, i, LEX_ROLE | LEX_TITLE)) {
            r = cast_run_before(c->cast, n.end + 1, n.end + 2);
            return r && r->entity != NO_ENTITY && c->cast->entities[r->entity].kind == PERSON &&
                           r->end - r->name > 1 && r->end < s->token_count &&
                           (token_is_punct(s, r->end, ',') || s->tokens[r->end].kind == TOKEN_QUOTE)
                       ? r
                       : NULL;
        }
    return NULL;
}

/* the mayor: the one who has that role, when the article names one and no more. False when it does not. */
static bool name_role(const struct reader *c, struct noun n, struct named *out)
{
    uint32_t entity = role_entity(&c->roles, n);
    const struct entity *e;

    if (entity == NO_ENTITY)
        return false;
    e = &c->cast->entities[entity];
    if (!out->role.len)
        out->role = nominal(c->cast->s, n);
    out->name = nominal(c->cast->s, n);
    out->person = e->name;
    out->why = e->kind == ORGANISATION ? "role: the one organisation that it can be"
                                       : "role: the one person who has it";
    out->means = A_MEANS_ROLE;
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
        out->name = nominal(s, many);
        out->why = "pronoun: those lately spoken of";
        out->means = A_MEANS_GUESS;
        out->percent = 75;
        named_step(out, out->why, s->tokens[many.first].start, s->tokens[many.end - 1].end);
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
    if ((n.kind == NOUN_ROLE || (n.kind == NOUN_NAME && !cast_entity(c->cast, n))) && apposed(c, n)) {
        out->name = c->cast->entities[apposed(c, n)->entity].name;
        out->role = nominal(s, n);
        out->why = "name as printed";
        out->means = A_MEANS_PRINTED;
    } else if (n.kind == NOUN_NAME && (cast_entity(c->cast, n) || !name_role(c, n, out))) {
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
        name_meant(c, n.first, meant[n.first], out);
    } else if (token_has(s, n.first, LEX_I) && s->article->author.len && token_text(s, n.first).len == 1) {
        out->name = s->article->author;
        out->why = "pronoun: the author of the article";
        out->percent = 90;
    } else {
        out->why = "pronoun: nobody it could mean";
        out->percent = 50;
    }
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

/* A speaker without a name can be what a later pronoun means: a spokeswoman said ... she added. `other` of its
 * first token becomes one more than its entity. */
static int add_other(struct reader *c, struct noun n, uint32_t *other)
{
    const struct scan *s = c->cast->s;
    struct entity e = {.name = nominal(s, n),
                       .start = s->tokens[n.first].start,
                       .kind = ORGANISATION,
                       .words = n.end - n.first,
                       .count = 1};
    bool of = false;

    if (other[n.first])
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
    if (!ARENA_MORE(c->mem, c->others, c->other_count, c->other_cap))
        return arena_err(c->mem);
    c->others[c->other_count++] = e;
    other[n.first] = c->cast->entity_count + c->other_count;
    return 0;
}

/* A letter … the letter: the latest of those without a name that ends with the word at `head`, or NONE. */
static uint32_t thing_before(const struct reader *c, uint32_t head)
{
    struct span word = token_text(c->cast->s, head);

    for (uint32_t i = c->other_count, n = 0; i-- > 0 && n < OTHERS_BACK; n++) {
        struct span name = c->others[i].name;

        if (c->others[i].kind == ORGANISATION && name.len >= word.len &&
            c->others[i].start < c->cast->s->tokens[head].start &&
            (name.len == word.len || name.at[name.len - word.len - 1] == ' ') &&
            span_eq(span_cut(name, name.len - word.len, name.len), word))
            return i;
    }
    return NONE;
}

/* The letter, his advisers, the Kovar campaign: what it and they may mean, though it speaks nowhere. The head is a
 * small word for a thing that speaks, for an organisation or for several people, and ends its phrase. */
static int add_things(struct reader *c, uint32_t *other)
{
    const struct scan *s = c->cast->s;
    int rc;

    for (uint32_t i = 0; i < s->token_count; i++) {
        const struct token *t = &s->tokens[i];
        uint32_t low = s->sentences[t->sentence].first;
        struct noun n;
        uint32_t same;

        if (t->kind != TOKEN_WORD || t->upper || t->possessive ||
            !(token_has(s, i, LEX_DOC | LEX_ORG) ||
              (token_has(s, i, LEX_ROLE) && is_many(token_text(s, i)))) ||
            (i + 1 < s->token_count && s->tokens[i + 1].sentence == t->sentence && !s->tokens[i + 1].upper &&
             token_has(s, i + 1, LEX_ROLE | LEX_DOC | LEX_ORG | LEX_TITLE) && !token_has(s, i + 1, LEX_CUE)))
            continue;
        n = noun_left(s, i + 1, low);
        if (n.kind == NOUN_NONE || n.first >= n.end || other[n.first] ||
            !(s->tokens[n.first].first || token_has(s, n.first, LEX_DET)))
            continue;
        if (is_the(s, n.first) && (same = thing_before(c, i)) != NONE) {
            other[n.first] = c->cast->entity_count + same + 1;
            c->others[same].count++;
            continue;
        }
        if ((rc = add_other(c, n, other)) < 0)
            return rc;
        c->others[c->other_count - 1].kind = ORGANISATION;
    }
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
        if (v->mention.kind == NOUN_ROLE ||
            (v->mention.kind == NOUN_NAME && !cast_entity(cast, v->mention))) {
            const struct run *r = apposed(&c, v->mention);

            uint32_t entity = role_entity(&c.roles, v->mention);

            if (r)
                speaks[r->first] = true;
            else if (entity != NO_ENTITY && !other[v->mention.first])
                other[v->mention.first] = entity + 1;
            else if ((rc = add_other(&c, v->mention, other)) < 0)
                return rc;
        }
    }
    c.speaking = c.other_count;
    if (s->english && (rc = add_things(&c, other)) < 0)
        return rc;
    c.spoke = arena_array(mem, (size_t)cast->entity_count + c.other_count + 1, sizeof *c.spoke);
    if (!c.spoke)
        return arena_err(mem);
    if ((rc = read_mentions(&c, speaks, other, meant)) < 0)
        return rc;
    for (uint32_t p = 0; p < count; p++)
        resolve(&c, &voices[p], meant, &out[p]);
    return 0;
}
