/* cast.c -- the people, organisations and places of one article; see cast.h. */
#include "index/cast.h"

#include "base/err.h"
#include "index/fold.h"

enum {
    TABLE_LEAST = 64,
    CHAIN_LONGEST = 24 /* entities of one word looked at: an article has few, a hostile one many */
};

uint32_t cast_word(struct span word)
{
    uint32_t h;

    if (word.len > 3 && (span_starts(word, SPAN("Al-")) || span_starts(word, SPAN("al-"))))
        word = span_cut(word, 3, word.len);
    h = lex_hash(word);
    return h ^ h >> 13;
}

static bool is_given(const struct scan *s, uint32_t i)
{
    if (!token_has(s, i, LEX_MALE | LEX_FEMALE) || token_has(s, i, LEX_TITLE))
        return false;
    for (uint32_t k = i + 1; token_has(s, i, LEX_PEOPLE) && k < s->token_count && k - i < 4; k++) {
        if (s->tokens[k].sentence != s->tokens[i].sentence || !s->tokens[k].upper)
            break;
        if (token_has(s, k, LEX_TITLE | LEX_ROLE))
            return false; /* German Finance Minister Kovar; not German Kovar */
    }
    return true;
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

/* von der, de la: two small words inside a name. */
static bool is_double_particle(struct span a, struct span b)
{
    static const char *const pairs[][2] = {{"von", "der"}, {"von", "den"}, {"van", "der"}, {"van", "den"},
                                           {"van", "de"},  {"de", "la"},   {"de", "los"},  {"de", "las"},
                                           {"von", "und"}, {"in", "t"},    {"de", "le"}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (span_is(a, pairs[i][0]) && span_is(b, pairs[i][1]))
            return true;
    return false;
}

/* Where the run of capitals that begins at i ends. */
static uint32_t run_end(const struct scan *s, uint32_t i, bool *organisation)
{
    uint32_t j = i + 1;

    *organisation = token_has(s, i, LEX_ORG);
    while (j < s->token_count && !s->tokens[j - 1].possessive &&
           s->tokens[j].sentence == s->tokens[i].sentence) {
        const struct token *t = &s->tokens[j];

        if (noun_is_nickname(s, j)) {
            j += 2;
            continue;
        }
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
        if (!*organisation && j + 2 < s->token_count && token_has(s, j, LEX_OF) && !t->upper &&
            token_has(s, j + 1, LEX_OF | LEX_DET) && !s->tokens[j + 1].upper &&
            noun_is_capital(&s->tokens[j + 2]) &&
            is_double_particle(token_text(s, j), token_text(s, j + 1))) {
            j += 3; /* Ursula von der Linde */
            continue;
        }
        break;
    }
    return j;
}

/* Chief Executive Ada Kovar, Owner Ada Kovar: a role with a capital before a name of two words. */
static bool is_role_title(const struct scan *s, uint32_t i, uint32_t end)
{
    return s->english && end - i > 2 && !s->tokens[i].headline && token_has(s, i, LEX_ROLE) &&
           !token_has(s, i, LEX_ORG | LEX_MALE | LEX_FEMALE) && !token_has(s, end - 1, LEX_ORG | LEX_PLACE);
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
        if (((t->bits & (LEX_TITLE | LEX_PEOPLE)) || is_role_title(s, i, r->end)) &&
            !(i == last && i > r->name && token_has(s, last, LEX_ORG))) {
            if (organisation && token_has(s, last, LEX_ORG))
                break; /* the Justice Department */
            titled |= (t->bits & (LEX_TITLE | LEX_ROLE)) != 0;
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
    if (r->kind == PERSON && r->first > 0 && !is_given(s, r->name) &&
        !token_has(s, last, LEX_MALE | LEX_FEMALE) &&
        s->tokens[r->first - 1].sentence == s->tokens[r->first].sentence &&
        token_has(s, r->first - 1, LEX_DET) && s->english)
        r->kind = UNKNOWN; /* the General Synod */
    r->sure = r->kind == PERSON && (titled || is_given(s, r->name));
    if (r->sex == (MALE | FEMALE))
        r->sex = NO_SEX;
}

static int collect_runs(struct cast *c)
{
    const struct scan *s = c->s;

    for (uint32_t i = 0; i < s->token_count;) {
        struct run r = {.first = i, .entity = NO_ENTITY};
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
    bool closes = s->tokens[r->end - 1].end ==
                  s->tokens[s->sentences[s->tokens[r->first].sentence].end - 1].end;
    const char *start = s->article->text.at + s->tokens[r->name].start;

    if (closes && r->kind == PERSON && span_ends(last, SPAN(".")) && last.len > 2 && r->end - r->name > 1 &&
        !token_has(s, r->end - 1, LEX_SUFFIX))
        last.len--; /* said Oliver Penn. -- which is short for a state, too */
    return (struct span){start, (size_t)(last.at + last.len - start)};
}

/* The entity that a run of two words or more names: one with the same first and last word, or a new one. */
static uint32_t full_entity(struct cast *c, const struct run *r)
{
    uint32_t end = r->end, first, last, n = 0;
    struct entity *e;

    if (end - r->name > 2 && token_has(c->s, end - 1, LEX_SUFFIX))
        end--;
    first = cast_word(token_stem(c->s, r->name));
    last = cast_word(token_stem(c->s, end - 1));
    for (uint32_t l = c->heads[last & (c->head_count - 1)]; l != NO_ENTITY && n < CHAIN_LONGEST;
         l = c->links[l].next, n++) {
        e = &c->entities[c->links[l].entity];
        if (e->last_word == last && e->first_word == first && (e->words > 1) == (r->end - r->name > 1) &&
            (e->words == r->end - r->name || r->kind == PERSON))
            return c->links[l].entity;
    }
    if (!ARENA_MORE(c->mem, c->entities, c->entity_count, c->entity_cap))
        return NO_ENTITY;
    c->entities[c->entity_count] = (struct entity){.name = run_name(c->s, r),
                                                   .start = c->s->tokens[r->name].start,
                                                   .kind = r->kind,
                                                   .sex = r->sex,
                                                   .first_word = first,
                                                   .last_word = last,
                                                   .words = r->end - r->name};
    if (add_link(c, last, c->entity_count) < 0 || (first != last && add_link(c, first, c->entity_count) < 0))
        return NO_ENTITY;
    return c->entity_count++;
}

/* What a single word may stand for: a person's surname first, then the beginning of an organisation's name,
 * then a first name. One surely a person wins, then one named before, then the one named most often; of equals the
 * first, who is the one the article is about, but with a title the latest: Mrs Kovar. */
static uint32_t short_entity(const struct cast *c, const struct run *r)
{
    uint32_t word = cast_word(token_stem(c->s, r->end - 1)), best = NO_ENTITY, n = 0;
    uint64_t best_rank = 0;
    bool after_the = r->first > 0 && token_has(c->s, r->first - 1, LEX_DET); /* the Board */

    for (uint32_t l = c->heads[word & (c->head_count - 1)]; l != NO_ENTITY && n < CHAIN_LONGEST;
         l = c->links[l].next, n++) {
        const struct entity *e = &c->entities[c->links[l].entity];
        uint64_t rank = 0;

        if (c->links[l].word != word || e->words < 2 || !e->name.len ||
            (r->name > r->first && r->sex && e->sex && r->sex != e->sex))
            continue; /* without a title before it, Grant or Florence tells no sex */
        if (e->kind == PERSON && e->last_word == word)
            rank = 4;
        else if (e->kind == ORGANISATION && (e->first_word == word || (e->last_word == word && after_the)) &&
                 r->kind != PERSON && r->kind != PLACE)
            rank = 3;
        else if (e->kind == PERSON && e->first_word == word && r->end - r->name == 1 &&
                 (r->kind != PLACE || (e->sure && r->first > 0 && !token_has(c->s, r->first - 1, LEX_PREP))))
            rank = 2; /* Florence said; not: in Florence */
        if (e->acronym == word && r->end - r->name == 1)
            rank = 5;
        if (rank)
            rank = rank << 40 | (uint64_t)e->sure << 33 |
                   (uint64_t)(e->start < c->s->tokens[r->first].start) << 32 | (e->count + 1);
        if (rank > best_rank || (rank && rank == best_rank && r->name == r->first)) {
            best_rank = rank;
            best = c->links[l].entity;
        }
    }
    return best;
}

/* True when `whole` ends with the words of `part`, whatever their case: Ada van der Kovar, Van der Kovar. */
static bool ends_with(struct span whole, struct span part)
{
    size_t at = whole.len - part.len;

    if (whole.len <= part.len || whole.at[at - 1] != ' ')
        return false;
    for (size_t i = 0; i < part.len; i++)
        if ((whole.at[at + i] | 0x20) != (part.at[i] | 0x20))
            return false;
    return true;
}

/* A surname of several words belongs to the full name that ends with it. */
static void join_long_surnames(struct cast *c)
{
    for (uint32_t i = 0; i < c->run_count; i++) {
        struct run *r = &c->runs[i];
        uint32_t n = 0;

        if (r->entity == NO_ENTITY || c->entities[r->entity].words < 2 || c->entities[r->entity].sure)
            continue;
        for (uint32_t l = c->heads[c->entities[r->entity].last_word & (c->head_count - 1)];
             l != NO_ENTITY && n < CHAIN_LONGEST; l = c->links[l].next, n++) {
            struct entity *e = &c->entities[c->links[l].entity];

            if (e->kind == PERSON && e->sure && ends_with(e->name, c->entities[r->entity].name)) {
                c->entities[r->entity].count--;
                e->count++;
                r->entity = c->links[l].entity;
                break;
            }
        }
    }
}

/* Van den Berg, von der Linde: particles and one word more. */
static bool is_bare_surname(const struct scan *s, const struct run *r)
{
    for (uint32_t i = r->name; i + 1 < r->end; i++)
        if (!token_has(s, i, LEX_OF) || token_has(s, i, LEX_PREP) || is_given(s, i))
            return false;
    return r->end - r->name > 1;
}

/* the Lindau Water Board (LWB): the letters in brackets name it from there on. */
static int read_acronym(struct cast *c, const struct run *full, struct run *r)
{
    const struct scan *s = c->s;
    struct span word = token_text(s, r->name);
    struct entity *e;
    size_t n = 0;

    if (full->entity == NO_ENTITY || full->end + 1 != r->first || !token_is_punct(s, full->end, '(') ||
        r->end >= s->token_count || !token_is_punct(s, r->end, ')') || !is_acronym(word))
        return 0;
    e = &c->entities[full->entity];
    for (uint32_t i = full->name; i < full->end; i++)
        if (s->tokens[i].upper) {
            if (n >= word.len || s->article->text.at[s->tokens[i].start] != word.at[n])
                return 0;
            n++;
        }
    if (n != word.len || n < 2)
        return 0;
    e->acronym = cast_word(word);
    e->kind = ORGANISATION;
    e->sure = false;
    r->entity = full->entity;
    return add_link(c, e->acronym, full->entity);
}

static int find_entities(struct cast *c)
{
    int rc;

    for (c->head_count = TABLE_LEAST; c->head_count < 2 * c->run_count && c->head_count < 1u << 30;)
        c->head_count *= 2;
    if (!(c->heads = arena_array(c->mem, c->head_count, sizeof *c->heads)))
        return arena_err(c->mem);
    memset(c->heads, 0xFF, c->head_count * sizeof *c->heads);
    for (uint32_t i = 0; i < c->run_count; i++) {
        struct run *r = &c->runs[i];

        if (r->end - r->name < 2 || r->kind == UNKNOWN || is_bare_surname(c->s, r))
            continue;
        if ((r->entity = full_entity(c, r)) == NO_ENTITY)
            return arena_err(c->mem);
        c->entities[r->entity].count++;
        c->entities[r->entity].sure |= r->sure;
        c->entities[r->entity].sex |= r->sex;
    }
    join_long_surnames(c);
    for (uint32_t i = 0; i < c->run_count; i++) {
        struct run *r = &c->runs[i];

        if (r->entity != NO_ENTITY || r->name >= r->end)
            continue;
        if (r->end - r->name == 1 || is_bare_surname(c->s, r))
            r->entity = short_entity(c, r);
        if (i > 0 && r->end - r->name == 1 && (rc = read_acronym(c, &c->runs[i - 1], r)) < 0)
            return rc;
        if (r->entity == NO_ENTITY && (r->entity = full_entity(c, r)) == NO_ENTITY)
            return arena_err(c->mem);
        c->entities[r->entity].count++;
        c->entities[r->entity].sure |= r->sure;
        if (c->entities[r->entity].kind == PERSON &&
            (r->name > r->first || c->entities[r->entity].words == 1))
            c->entities[r->entity].sex |= r->sex;
        if (c->entities[r->entity].kind == UNKNOWN || (r->sure && c->entities[r->entity].words == 1))
            c->entities[r->entity].kind =
                r->kind; /* PRESIDENT KOVAR is none, though KOVAR may be an organisation */
    }
    for (uint32_t i = 0; i < c->entity_count; i++)
        if (c->entities[i].sex == (MALE | FEMALE))
            c->entities[i].sex = NO_SEX;
    return 0;
}

const struct run *cast_run_before(const struct cast *c, uint32_t first, uint32_t end)
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

const struct run *cast_head_run(const struct cast *c, struct noun n, uint32_t *end)
{
    const struct scan *s = c->s;
    const struct run *r;
    uint32_t head = n.first;

    while (head < n.end && !(head > n.first && token_has(s, head, LEX_OF) && !s->tokens[head].upper &&
                             !((r = cast_run_before(c, n.first, head)) && r->end > head)))
        head++;
    *end = head;
    return cast_run_before(c, n.first, head);
}

const struct entity *cast_entity(const struct cast *c, struct noun n)
{
    uint32_t head;
    const struct run *r = cast_head_run(c, n, &head);

    if (!r || r->end < head || r->name >= r->end || r->entity == NO_ENTITY)
        return NULL;
    return &c->entities[r->entity];
}

const struct run *cast_apposed(const struct cast *c, struct noun n)
{
    const struct scan *s = c->s;
    const struct run *r;

    if (n.kind == NOUN_PRONOUN || n.end + 2 >= s->token_count || !token_is_punct(s, n.end, ',') ||
        s->tokens[n.end].sentence != s->tokens[n.first].sentence)
        return NULL;
    for (uint32_t i = n.first; i < n.end && !token_has(s, i, LEX_OF); i++)
        if (token_has(s, i, LEX_ROLE | LEX_TITLE)) {
            r = cast_run_before(c, n.end + 1, n.end + 2);
            return r && r->entity != NO_ENTITY && c->entities[r->entity].kind == PERSON &&
                           r->end - r->name > 1 && r->end < s->token_count &&
                           (token_is_punct(s, r->end, ',') || s->tokens[r->end].kind == TOKEN_QUOTE)
                       ? r
                       : NULL;
        }
    return NULL;
}

const struct entity *cast_known(const struct cast *c, struct span name)
{
    size_t first_end = 0, last_start = name.len;
    uint32_t first, last, n = 0;
    const struct entity *found = NULL;

    while (first_end < name.len && name.at[first_end] != ' ')
        first_end++;
    while (last_start > 0 && name.at[last_start - 1] != ' ')
        last_start--;
    first = cast_word(span_cut(name, 0, first_end));
    last = cast_word(span_cut(name, last_start, name.len));
    for (uint32_t l = c->heads[last & (c->head_count - 1)]; l != NO_ENTITY && n < CHAIN_LONGEST;
         l = c->links[l].next, n++) {
        const struct entity *e = &c->entities[c->links[l].entity];

        if (c->links[l].word != last || e->words < 2 ||
            (last_start > 0 && (e->first_word != first || e->last_word != last)))
            continue;
        if (found && found != e)
            return NULL;
        found = e;
    }
    return found;
}

int cast_read(struct arena *mem, const struct scan *s, struct cast *out)
{
    int rc;

    *out = (struct cast){.mem = mem, .s = s};
    if ((rc = collect_runs(out)) < 0)
        return rc;
    return find_entities(out);
}
