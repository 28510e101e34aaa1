/* antecedent.c -- whom a pronoun means; see antecedent.h. */
#include "index/antecedent.h"

#include "base/err.h"
#include "index/weigh.h"

enum {
    MENTIONS_BACK = 40,  /* mentions looked at for a pronoun */
    SENTENCES_BACK = 14, /* and sentences */
    ANTECEDENTS_MOST = 12,
    RUNS_AFTER = 12, /* names looked at after a pronoun */
    LATELY = 4       /* sentences in which mentions are counted */
};

/* The article read in order. */
struct reader {
    struct arena *mem;
    const struct cast *cast;
    struct mentions *out;
    antecedent_watch *watch;
    void *watcher;
    uint32_t next_run; /* of the cast, after the token that is read */
    bool *spoke;       /* of each entity: seen beside a verb of speech */
};

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
    const struct entity *e = unnamed_entity(c->out->unnamed, m->entity);
    uint32_t sentence = s->tokens[token].sentence, then = s->tokens[m->token].sentence;
    uint32_t back = sentence - then;

    if (e->kind == UNKNOWN && !e->sex)
        attribute_add(seen, A_KIND_UNKNOWN);
    else if (s->tokens[token].bits & (LEX_HE | LEX_SHE))
        attribute_add(seen, fit == 2 ? A_SEX_AGREES : A_SEX_UNKNOWN);
    else
        attribute_add(seen, fit == 2 ? A_KIND_AGREES : A_KIND_UNKNOWN);
    if (!(s->tokens[token].bits & (LEX_HE | LEX_SHE)) &&
        unnamed_is_many(e->name) == ((s->tokens[token].bits & LEX_THEY) != 0))
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
    uint32_t low = c->out->count > MENTIONS_BACK ? c->out->count - MENTIONS_BACK : 0, count = 0;
    uint32_t lately[ANTECEDENTS_MOST] = {0};
    bool speaker = false, opener = false;

    for (uint32_t i = c->out->count; i-- > low && count < ANTECEDENTS_MOST;) {
        const struct mention *m = &c->out->list[i];
        uint32_t k = 0;
        int fit;

        if (s->tokens[token].sentence - s->tokens[m->token].sentence > SENTENCES_BACK)
            break;
        if (!(fit = fits(unnamed_entity(c->out->unnamed, m->entity), c->spoke[m->entity],
                         s->tokens[token].bits)))
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

/* The mention that a pronoun at `token` is tied to, or NO_MENTION. */
static uint32_t pronoun_mention(const struct reader *c, uint32_t token)
{
    struct antecedent all[ANTECEDENTS_MOST];
    uint32_t count = antecedents(c, token, all), best = 0;
    bool person = c->cast->s->tokens[token].bits & (LEX_HE | LEX_SHE);
    int32_t most = INT32_MIN;

    for (uint32_t i = 0; i < count; i++) {
        int32_t score = weigh_sum(person ? WEIGH_PERSON : WEIGH_THING, &all[i].seen);

        all[i].name = unnamed_entity(c->out->unnamed, all[i].entity)->name;
        if (score > most) {
            most = score;
            best = i;
        }
    }
    if (c->watch)
        c->watch(c->watcher, token, all, count);
    return count ? all[best].mention : NO_MENTION;
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
    struct span name = unnamed_entity(c->out->unnamed, m->entity)->name;

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
    if (!ARENA_MORE(c->mem, c->out->list, c->out->count, c->out->cap))
        return arena_err(c->mem);
    c->out->list[c->out->count++] = m;
    return 0;
}

/* Reads the article in order, up to token `end`. */
static int read_mentions(struct reader *c, const bool *speaks, uint32_t end)
{
    const struct scan *s = c->cast->s;
    const struct unnamed *u = c->out->unnamed;
    uint32_t r = 0, last_sentence = NO_MENTION, last_person = NO_MENTION;
    int rc;

    for (uint32_t i = 0; i < end; i++) {
        bool run = r < c->cast->run_count && c->cast->runs[r].first == i;
        bool pronoun = !run && token_has(s, i, LEX_HE | LEX_SHE | LEX_IT | LEX_THEY) &&
                       (!s->tokens[i].upper || s->tokens[i].first);
        struct mention m;

        if (!run && !pronoun && u->at[i] == NO_ENTITY)
            continue;
        m = (struct mention){.token = i,
                             .entity = NO_ENTITY,
                             .after = NO_MENTION,
                             .start = s->tokens[i].start,
                             .end = s->tokens[i].end,
                             .prep = after_prep(s, i),
                             .speaker = speaks[i]};
        c->next_run = r;
        if (run) {
            set_range(s, &c->cast->runs[r], &m);
            m.entity = c->cast->runs[r].entity;
            m.subject = subject_rank(s, i, c->cast->runs[r].end, s->tokens[i].sentence != last_sentence);
            if (m.entity != NO_ENTITY &&
                !s->tokens[c->cast->runs[r].end - 1].possessive) /* Israel’s Ada Kovar */
                last_sentence = s->tokens[i].sentence;
            if (m.speaker)
                m.subject = 2;
            m.cue = m.speaker || beside_cue(s, i, c->cast->runs[r].end);
            r++;
        } else if (pronoun) {
            m.owner = token_has(s, i, LEX_HE | LEX_SHE) &&
                      token_has(s, i, LEX_DET); /* his mother said: not he */
            m.after = c->out->meant[i] = pronoun_mention(c, i);
            m.entity = m.after == NO_MENTION ? NO_ENTITY : c->out->list[m.after].entity;
            m.pronoun = true;
            m.cue = m.speaker || beside_cue(s, i, i + 1);
            m.subject = m.owner ? 0 : s->tokens[i].sentence != last_sentence ? 2 : 1;
            if (!m.owner)
                last_sentence = s->tokens[i].sentence;
        }
        if (m.entity != NO_ENTITY && !unnamed_speaks(u, i)) {
            c->spoke[m.entity] |= m.cue;
            if (unnamed_entity(c->out->unnamed, m.entity)->kind == PERSON && !s->tokens[i].possessive) {
                m.first = last_person != s->tokens[i].sentence;
                last_person = s->tokens[i].sentence;
            }
            if ((rc = add_mention(c, m)) < 0)
                return rc;
        }
        if (u->at[i] != NO_ENTITY) { /* beside Kovar the Kovar campaign */
            m.entity = u->at[i];
            set_name_range(c, &m);
            m.subject = unnamed_speaks(u, i) || s->tokens[i].first ? 2 : 0;
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

/* The token that stands for a mention when pronouns are resolved: its run of capitals, or its first word. */
static uint32_t head_token(const struct cast *cast, struct noun n)
{
    uint32_t end;
    const struct run *beside =
        n.kind == NOUN_ROLE || (n.kind == NOUN_NAME && !cast_entity(cast, n)) ? cast_apposed(cast, n) : NULL;
    const struct run *r = n.kind == NOUN_NAME ? cast_head_run(cast, n, &end) : NULL;

    return beside ? beside->first : r && r->end >= end ? r->first : n.first;
}

/* Past the last pronoun among the mentions of the voices. */
static uint32_t last_pronoun(const struct voice *voices, uint32_t count)
{
    uint32_t end = 0;

    for (uint32_t p = 0; p < count; p++)
        if (voices[p].mention.kind == NOUN_PRONOUN && voices[p].mention.first >= end)
            end = voices[p].mention.first + 1;
    return end;
}

int antecedents_read(struct arena *mem, const struct unnamed *unnamed, const struct voice *voices,
                     uint32_t count, antecedent_watch *watch, void *watcher, struct mentions *out)
{
    const struct cast *cast = unnamed->cast;
    struct reader c = {.mem = mem, .cast = cast, .out = out, .watch = watch, .watcher = watcher};
    uint32_t tokens = cast->s->token_count, end = watch ? tokens : last_pronoun(voices, count);
    bool *speaks;

    *out = (struct mentions){.mem = mem, .cast = cast, .unnamed = unnamed};
    speaks = arena_array(mem, (size_t)tokens + 1, sizeof *speaks);
    c.spoke = arena_array(mem, (size_t)cast->entity_count + unnamed->count + 1, sizeof *c.spoke);
    out->meant = arena_array(mem, (size_t)tokens + 1, sizeof *out->meant);
    if (!speaks || !c.spoke || !out->meant)
        return arena_err(mem);
    memset(out->meant, 0xFF, ((size_t)tokens + 1) * sizeof *out->meant);
    for (uint32_t p = 0; p < count; p++)
        if (voices[p].from == p && voices[p].mention.kind != NOUN_NONE)
            speaks[head_token(cast, voices[p].mention)] = true;
    return read_mentions(&c, speaks, end);
}
