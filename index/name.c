/* name.c -- the people and organisations of one article; see name.h. */
#include "index/name.h"

#include "base/err.h"
#include "index/dense.h"
#include "index/fold.h"

enum entity_kind { UNKNOWN, PERSON, ORGANISATION, PLACE };
enum sex { NO_SEX = 0, MALE = LEX_MALE, FEMALE = LEX_FEMALE };

enum {
    TABLE_LEAST = 64,
    CHAIN_LONGEST = 24,  /* entities of one word looked at: an article has few, a hostile one many */
    MENTIONS_BACK = 40,  /* mentions looked at for a pronoun */
    SENTENCES_BACK = 14, /* and sentences */
    NONE = 0xFFFFFFFF
};

/* What speaks for an entity when a pronoun is resolved; found by trying, on annotated news. */
enum {
    FIT = 60,     /* its sex or kind is known to agree (twice), or not known to disagree (once) */
    BACK = 80,    /* against it: each sentence since */
    SUBJECT = 80, /* it was a subject there; twice when it opened the sentence or spoke */
    SPEAKER = 80, /* it spoke there */
    COUNT = 8,    /* each time the article names it ... */
    COUNT_MOST = 12
};

struct entity {
    struct span name; /* the longest form printed */
    enum entity_kind kind;
    uint32_t sex;
    uint32_t first_word, last_word; /* hashes of their keys */
    uint32_t words, count;
};

/* A run of capitals: titles, then the name. */
struct run {
    uint32_t first, end; /* tokens, with titles */
    uint32_t name;       /* token where the name begins; equal to `end` when it is only a title */
    enum entity_kind kind;
    uint32_t sex;
    uint32_t entity;
};

struct mention {
    uint32_t token, entity;
    int subject; /* 0 to 2, see SUBJECT */
    bool speaker;
};

struct link {
    uint32_t word, entity, next;
};

struct cast {
    struct arena *mem;
    const struct scan *s;
    struct run *runs;
    uint32_t run_count, run_cap;
    struct entity *entities;
    uint32_t entity_count, entity_cap;
    struct link *links;
    uint32_t link_count, link_cap;
    uint32_t *heads, head_count; /* hash of a word -> its links, newest first */
    struct mention *mentions;
    uint32_t mention_count, mention_cap;
};

static uint32_t word_hash(struct span word)
{
    char buffer[LIMIT_WORD];
    struct span key;
    uint32_t h = 2166136261u;

    if (word.len > 3 && (span_starts(word, SPAN("Al-")) || span_starts(word, SPAN("al-"))))
        word = span_cut(word, 3, word.len);
    key = lex_key(word, buffer);
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.at[i]) * 16777619u;
    return h ^ h >> 13;
}

static bool is_given(const struct scan *s, uint32_t i)
{
    return token_has(s, i, LEX_MALE | LEX_FEMALE) && !token_has(s, i, LEX_TITLE);
}

/* Capitals of a headline tell little: a first name takes one word more, any other word stands alone. */
static uint32_t headline_end(const struct scan *s, uint32_t i, uint32_t end)
{
    uint32_t stop = i + (is_given(s, i) ? 2 : 1);

    while (stop < end && token_has(s, stop - 1, LEX_TITLE) && !is_given(s, stop - 1))
        stop++;
    if (stop < end && token_has(s, stop - 1, LEX_MALE | LEX_FEMALE) && stop - 1 > i)
        stop++;
    return stop < end ? stop : end;
}

static bool is_acronym(struct span w)
{
    for (size_t i = 0; i < w.len; i++)
        if ((w.at[i] < 'A' || w.at[i] > 'Z') && w.at[i] != '.')
            return false;
    return w.len >= 2;
}

/* Where the run of capitals that begins at i ends. */
static uint32_t run_end(const struct scan *s, uint32_t i, bool *organisation)
{
    uint32_t j = i + 1;

    *organisation = token_has(s, i, LEX_ORG);
    while (j < s->token_count && !s->tokens[j - 1].possessive &&
           s->tokens[j].sentence == s->tokens[i].sentence) {
        const struct token *t = &s->tokens[j];

        if (noun_is_capital(t)) {
            *organisation |= token_has(s, j, LEX_ORG);
            j++;
            continue;
        }
        if (j + 1 < s->token_count && token_has(s, j, LEX_OF) && !t->upper &&
            noun_is_capital(&s->tokens[j + 1]) &&
            (*organisation ? !token_has(s, j, LEX_DET) || span_eq(token_text(s, j), SPAN("la"))
                           : token_has(s, j, LEX_OF) && !span_eq(token_text(s, j), SPAN("of")) &&
                                 !span_eq(token_text(s, j), SPAN("for")) && !token_has(s, j, LEX_PREP))) {
            j += 2;
            continue;
        }
        break;
    }
    return j;
}

/* Where the name of a run begins, after titles; and what it is the name of. */
static void type_run(const struct scan *s, struct run *r, bool organisation)
{
    uint32_t last = r->end - 1;
    bool titled = false;

    r->name = r->first;
    for (uint32_t i = r->first; i < r->end; i++) {
        const struct token *t = &s->tokens[i];

        if (is_given(s, i) && i + 1 < r->end)
            break;
        if ((t->bits & (LEX_TITLE | LEX_PEOPLE)) &&
            !(i == last && i > r->name && token_has(s, last, LEX_ORG))) {
            if (organisation && token_has(s, last, LEX_ORG))
                break; /* the Justice Department */
            titled |= (t->bits & LEX_TITLE) != 0;
            if (t->bits & LEX_TITLE)
                r->sex |= t->bits & (LEX_MALE | LEX_FEMALE);
            r->name = i + 1;
        }
    }
    for (uint32_t i = r->name; i + 1 < r->end;
         i++) /* UN Victor Osei, Channel Nine Ada Kovar: the name begins late */
        if (is_given(s, i)) {
            bool all = i >
                       r->name; /* and at the start of a sentence any word may be a role: Clerk Rosa Amadi */

            for (uint32_t k = r->name; k < i; k++)
                all = all && (!s->english || titled || s->tokens[k].first ||
                              token_has(s, k, LEX_ORG | LEX_PLACE) || is_acronym(token_text(s, k)));
            if (all)
                r->name = i;
            break;
        }
    if (r->name >= r->end)
        return;
    if (is_given(s, r->name) && r->end - r->name >= 2 && !token_has(s, last, LEX_ORG & ~LEX_PLACE)) {
        r->kind = PERSON;
        r->sex |= s->tokens[r->name].bits & (LEX_MALE | LEX_FEMALE);
    } else if (titled && !token_has(s, last, LEX_ORG)) {
        r->kind = PERSON;
    } else if (organisation || (r->end - r->name == 1 && is_acronym(token_stem(s, r->name)) &&
                                !token_has(s, r->name, LEX_PLACE))) {
        r->kind = ORGANISATION;
    } else if (token_has(s, last, LEX_PLACE) || (token_has(s, r->name, LEX_PLACE) && !titled)) {
        r->kind = PLACE;
    } else if (is_given(s, r->name) || r->end - r->name >= 2) {
        r->kind = PERSON;
        if (is_given(s, r->name))
            r->sex |= s->tokens[r->name].bits & (LEX_MALE | LEX_FEMALE);
    }
    if (r->sex == (MALE | FEMALE))
        r->sex = NO_SEX;
}

static int collect_runs(struct cast *c)
{
    const struct scan *s = c->s;

    for (uint32_t i = 0; i < s->token_count;) {
        struct run r = {.first = i, .entity = NONE};
        bool organisation;

        if (!noun_is_capital(&s->tokens[i])) {
            i++;
            continue;
        }
        r.end = run_end(s, i, &organisation);
        if (s->tokens[i].headline && !organisation)
            r.end = headline_end(s, i, r.end);
        type_run(s, &r, organisation);
        if (!ARENA_MORE(c->mem, c->runs, c->run_count, c->run_cap))
            return arena_err(c->mem);
        c->runs[c->run_count++] = r;
        i = r.end;
    }
    return 0;
}

static int add_link(struct cast *c, uint32_t word, uint32_t entity)
{
    uint32_t *head = &c->heads[word & (c->head_count - 1)];

    if (!ARENA_MORE(c->mem, c->links, c->link_count, c->link_cap))
        return arena_err(c->mem);
    c->links[c->link_count] = (struct link){word, entity, *head};
    *head = c->link_count++;
    return 0;
}

static struct span run_name(const struct scan *s, const struct run *r)
{
    struct span last = token_stem(s, r->end - 1);
    const char *start = s->article->text.at + s->tokens[r->name].start;

    return (struct span){start, (size_t)(last.at + last.len - start)};
}

/* The entity that a run of two words or more names: one with the same first and last word, or a new one. */
static uint32_t full_entity(struct cast *c, const struct run *r)
{
    uint32_t end = r->end, first, last, n = 0;
    struct entity *e;

    if (end - r->name > 2 && token_has(c->s, end - 1, LEX_SUFFIX))
        end--;
    first = word_hash(token_stem(c->s, r->name));
    last = word_hash(token_stem(c->s, end - 1));
    for (uint32_t l = c->heads[last & (c->head_count - 1)]; l != NONE && n < CHAIN_LONGEST;
         l = c->links[l].next, n++) {
        e = &c->entities[c->links[l].entity];
        if (e->last_word == last && e->first_word == first && (e->words > 1) == (r->end - r->name > 1) &&
            (e->words == r->end - r->name || r->kind == PERSON))
            return c->links[l].entity;
    }
    if (!ARENA_MORE(c->mem, c->entities, c->entity_count, c->entity_cap))
        return NONE;
    c->entities[c->entity_count] = (struct entity){.name = run_name(c->s, r),
                                                   .kind = r->kind,
                                                   .sex = r->sex,
                                                   .first_word = first,
                                                   .last_word = last,
                                                   .words = r->end - r->name};
    if (add_link(c, last, c->entity_count) < 0 || (first != last && add_link(c, first, c->entity_count) < 0))
        return NONE;
    return c->entity_count++;
}

/* What a single word may stand for: a person's surname first, then the beginning of an organisation's name,
 * then a first name. The one named most often wins. */
static uint32_t short_entity(const struct cast *c, const struct run *r)
{
    uint32_t word = word_hash(token_stem(c->s, r->name)), best = NONE, n = 0;
    uint64_t best_rank = 0;

    for (uint32_t l = c->heads[word & (c->head_count - 1)]; l != NONE && n < CHAIN_LONGEST;
         l = c->links[l].next, n++) {
        const struct entity *e = &c->entities[c->links[l].entity];
        uint64_t rank = 0;

        if (c->links[l].word != word || e->words < 2 ||
            (r->name > r->first && r->sex && e->sex && r->sex != e->sex))
            continue; /* without a title before it, Grant or Florence tells no sex */
        if (e->kind == PERSON && e->last_word == word)
            rank = 4;
        else if (e->kind == ORGANISATION && e->first_word == word && r->kind != PERSON && r->kind != PLACE)
            rank = 3;
        else if (e->kind == PERSON && e->first_word == word && r->kind != PLACE)
            rank = 2;
        if (rank)
            rank = rank << 32 | (e->count + 1);
        if (rank > best_rank) {
            best_rank = rank;
            best = c->links[l].entity;
        }
    }
    return best;
}

static int find_entities(struct cast *c)
{
    for (c->head_count = TABLE_LEAST; c->head_count < 2 * c->run_count && c->head_count < 1u << 30;)
        c->head_count *= 2;
    if (!(c->heads = arena_array(c->mem, c->head_count, sizeof *c->heads)))
        return arena_err(c->mem);
    memset(c->heads, 0xFF, c->head_count * sizeof *c->heads);
    for (uint32_t i = 0; i < c->run_count; i++) {
        struct run *r = &c->runs[i];

        if (r->end - r->name < 2 || r->kind == UNKNOWN)
            continue;
        if ((r->entity = full_entity(c, r)) == NONE)
            return arena_err(c->mem);
        c->entities[r->entity].count++;
        c->entities[r->entity].sex |= r->sex;
    }
    for (uint32_t i = 0; i < c->run_count; i++) {
        struct run *r = &c->runs[i];

        if (r->entity != NONE || r->name >= r->end)
            continue;
        if (r->end - r->name == 1)
            r->entity = short_entity(c, r);
        if (r->entity == NONE && (r->entity = full_entity(c, r)) == NONE)
            return arena_err(c->mem);
        c->entities[r->entity].count++;
        if (c->entities[r->entity].kind == PERSON &&
            (r->name > r->first || c->entities[r->entity].words == 1))
            c->entities[r->entity].sex |= r->sex;
        if (c->entities[r->entity].kind == UNKNOWN)
            c->entities[r->entity].kind = r->kind;
    }
    for (uint32_t i = 0; i < c->entity_count; i++)
        if (c->entities[i].sex == (MALE | FEMALE))
            c->entities[i].sex = NO_SEX;
    return 0;
}

/* The last run that begins before token `end` and not before `first`, or NULL. */
static const struct run *run_before(const struct cast *c, uint32_t first, uint32_t end)
{
    uint32_t low = 0, high = c->run_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (c->runs[mid].first < end)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0 || c->runs[low - 1].first < first)
        return NULL;
    return &c->runs[low - 1];
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

/* The entity a pronoun at `token` means: of those named lately the one that fits best, is near, was a subject
 * or spoke, and is often named. */
static uint32_t pronoun_entity(const struct cast *c, uint32_t token)
{
    const struct scan *s = c->s;
    uint32_t pronoun = s->tokens[token].bits, best = NONE, low;
    int best_score = INT32_MIN;

    low = c->mention_count > MENTIONS_BACK ? c->mention_count - MENTIONS_BACK : 0;
    for (uint32_t i = c->mention_count; i-- > low;) {
        const struct mention *m = &c->mentions[i];
        const struct entity *e = &c->entities[m->entity];
        uint32_t back = s->tokens[token].sentence - s->tokens[m->token].sentence;
        int fit = fits(e, pronoun);
        int score;

        if (back > SENTENCES_BACK)
            break;
        if (!fit)
            continue;
        score = FIT * fit - BACK * (int)back + SUBJECT * m->subject + SPEAKER * m->speaker +
                COUNT * (int)(e->count < COUNT_MOST ? e->count : COUNT_MOST);
        if (score > best_score) {
            best_score = score;
            best = m->entity;
        }
    }
    return best;
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
static int read_mentions(struct cast *c, const bool *speaks, uint32_t *meant)
{
    const struct scan *s = c->s;
    uint32_t r = 0, last_sentence = NONE;

    for (uint32_t i = 0; i < s->token_count; i++) {
        struct mention m = {.token = i, .entity = NONE, .speaker = speaks[i]};

        meant[i] = NONE;
        if (r < c->run_count && c->runs[r].first == i) {
            m.entity = c->runs[r].entity;
            m.subject = subject_rank(s, i, c->runs[r].end, s->tokens[i].sentence != last_sentence);
            last_sentence = s->tokens[i].sentence;
            if (m.speaker)
                m.subject = 2;
            r++;
        } else if (token_has(s, i, LEX_HE | LEX_SHE | LEX_IT | LEX_THEY) &&
                   (!s->tokens[i].upper || s->tokens[i].first)) {
            m.entity = meant[i] = pronoun_entity(c, i);
            m.subject = s->tokens[i].sentence != last_sentence ? 2 : 1;
            last_sentence = s->tokens[i].sentence;
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
        (span_eq(word, SPAN("the")) || span_eq(word, SPAN("The")) || span_eq(word, SPAN("a")) ||
         span_eq(word, SPAN("A")) || span_eq(word, SPAN("an")) || span_eq(word, SPAN("An"))))
        first++;
    return token_range(s, first, n.end);
}

/* The last run of capitals in the head of a phrase, and where the head ends: where "of", "for", "from" leads
 * to something else, as in: a spokesman | for Mayor Kovar. */
static const struct run *head_run(const struct cast *c, struct noun n, uint32_t *end)
{
    const struct scan *s = c->s;
    const struct run *r;
    uint32_t head = n.first;

    while (head < n.end && !(head > n.first && token_has(s, head, LEX_OF) && !s->tokens[head].upper &&
                             !((r = run_before(c, n.first, head)) && r->end > head)))
        head++;
    *end = head;
    return run_before(c, n.first, head);
}

/* The token that stands for a mention when pronouns are resolved: its run of capitals, or its first word. */
static uint32_t head_token(const struct cast *c, struct noun n)
{
    uint32_t end;
    const struct run *r = n.kind == NOUN_NAME ? head_run(c, n, &end) : NULL;

    return r && r->end >= end ? r->first : n.first;
}

/* Names the speaker of a mention that has capitals. */
static void name_of(const struct cast *c, struct noun n, struct named *out)
{
    const struct scan *s = c->s;
    uint32_t head;
    const struct run *r;
    const struct entity *e;

    r = head_run(c, n, &head);
    if (!r || r->end < head || r->name >= r->end || r->entity == NONE) {
        out->name = nominal(s, n);
        out->why = "as printed";
        return;
    }
    e = &c->entities[r->entity];
    out->name = e->name;
    out->why = e->words > r->end - r->name ? "short name: the full one stands in the article"
                                           : "name as printed";
    if (r->name > n.first && !out->role.len) {
        uint32_t first = n.first + (token_has(s, n.first, LEX_DET) && n.first + 1 < r->name);

        out->role = token_range(s, first, r->name);
        if (out->role.len == 3 && token_has(s, first, LEX_DET))
            out->role = (struct span){"", 0};
    }
}

static void resolve(const struct cast *c, const struct voice *v, const uint32_t *meant, struct named *out)
{
    const struct scan *s = c->s;
    struct noun n = v->mention;

    out->percent = 100;
    if (v->mention_start == v->mention_end)
        return;
    if (n.kind == NOUN_NONE) {
        out->name = dense_name(span_cut(s->article->text, v->mention_start, v->mention_end));
        out->why = "name as printed";
        return;
    }
    out->role = token_range(s, n.role_first, n.role_end);
    if (n.kind == NOUN_NAME) {
        name_of(c, n, out);
    } else if (n.kind != NOUN_PRONOUN) {
        out->name = nominal(s, n);
        out->why = "as printed";
        out->percent = v->rule == RULE_BEFORE || v->rule == RULE_BEFORE_FAR ? 65 : 95;
    } else if (meant[n.first] != NONE) {
        uint32_t bits = s->tokens[n.first].bits;

        out->name = c->entities[meant[n.first]].name;
        out->why = bits & LEX_HE    ? "pronoun: the man lately named"
                   : bits & LEX_SHE ? "pronoun: the woman lately named"
                                    : "pronoun: the organisation lately named";
        out->percent = c->entities[meant[n.first]].sex ? 87 : 75;
    } else if (token_has(s, n.first, LEX_I) && s->article->author.len && token_text(s, n.first).len == 1) {
        out->name = s->article->author;
        out->why = "pronoun: the author of the article";
        out->percent = 90;
    } else {
        out->why = "pronoun: nobody it could mean";
        out->percent = 50;
    }
}

int name_resolve(struct arena *mem, const struct scan *s, const struct voice *voices, struct named *out)
{
    struct cast c = {.mem = mem, .s = s};
    bool *speaks = arena_array(mem, (size_t)s->token_count + 1, sizeof *speaks);
    uint32_t *meant = arena_array(mem, (size_t)s->token_count + 1, sizeof *meant);
    int rc;

    if (!speaks || !meant)
        return arena_err(mem);
    if ((rc = collect_runs(&c)) < 0 || (rc = find_entities(&c)) < 0)
        return rc;
    for (uint32_t p = 0; p < s->piece_count; p++)
        if (voices[p].from == p && voices[p].mention.kind != NOUN_NONE)
            speaks[head_token(&c, voices[p].mention)] = true;
    if ((rc = read_mentions(&c, speaks, meant)) < 0)
        return rc;
    for (uint32_t p = 0; p < s->piece_count; p++)
        resolve(&c, &voices[p], meant, &out[p]);
    return 0;
}
