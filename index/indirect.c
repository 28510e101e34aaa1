/* indirect.c -- statements without quotation marks, from the verb that governs them; see indirect.h. */
#include "index/indirect.h"

#include "base/err.h"
#include "index/tail.h"

enum {
    DATELINE_LONGEST = 12, /* tokens of "LINDAU, May 4 (Agency) —" */
    CUES = LEX_CUE | LEX_CUE_BASE | LEX_CUE_ING | LEX_ACCORDING
};

/* A sentence being read. The statements so far are in order, and none stands in another. */
struct reader {
    struct arena *mem;
    const struct scan *s;
    uint32_t low, high; /* its tokens, without the stop that ends it */
    struct statement *list;
    uint32_t count, cap;
};

/* ---- the subject ---- */

enum relation {
    MAIN,
    RELATIVE,   /* Kovar, who said … */
    SUBORDINATE /* after Kovar said … */
};

struct subject {
    struct noun who;
    enum relation relation;
    uint32_t left; /* the first token of the phrase, its role with it */
};

/* Whether the clause whose subject begins at found->left is one that the reporter tells as having been said. */
static bool is_told(const struct scan *s, uint32_t low, struct subject *found)
{
    uint32_t b = found->left;

    if (b == low)
        return true;
    b--;
    if (s->tokens[b].kind == TOKEN_QUOTE ||
        (token_is_punct(s, b, ',') && b > low && s->tokens[b - 1].kind == TOKEN_QUOTE))
        return false; /* “…,” Kovar said */
    if (s->tokens[b].kind != TOKEN_WORD)
        return true;
    if (token_among(
            s, b, " as As than like if If unless whether what What how why where which that who whom whose "))
        return false;
    if (token_has(s, b, LEX_SUB) || token_among(s, b, " after After before Before since Since until Until "))
        found->relation = SUBORDINATE;
    else if (token_has(s, b, LEX_PREP) && !token_has(s, b, LEX_JOIN))
        return false;
    return true;
}

/* …, adding that: who spoke before it in the sentence, or the sentence's own subject. */
static bool participle_subject(const struct reader *r, uint32_t v, uint32_t governs, struct noun *who)
{
    const struct scan *s = r->s;

    if (v == r->low || !(token_is_punct(s, v - 1, ',') || s->tokens[v - 1].kind == TOKEN_QUOTE ||
                         token_has(s, v - 1, LEX_JOIN)))
        return false;
    for (uint32_t i = v; i > r->low && v - i < TAIL_LONGEST; i--)
        if (token_has(s, i - 1, LEX_CUE) && token_has(s, i - 1, LEX_SPEECH) && !s->tokens[i - 1].upper) {
            *who = noun_subject(s, i - 1, r->low);
            if (who->kind == NOUN_NONE) /* “…,” said Kovar, the mayor, adding that */
                *who = noun_apposed(s, noun_right(s, i, v), v);
            if (clause_speaker(s, *who, governs))
                return who->kind != NOUN_OTHER;
        }
    *who = noun_main(s, r->low, v);
    return clause_speaker(s, *who, governs) && who->kind != NOUN_OTHER;
}

/* opened the bridge and said: the sentence's subject. */
static bool joined_subject(const struct reader *r, uint32_t v, uint32_t governs, struct noun *who)
{
    const struct scan *s = r->s;
    uint32_t join = v - 1;

    if (token_has(s, join, LEX_ADV) && join > r->low)
        join--;
    if (!token_has(s, join, LEX_JOIN) || !(governs & LEX_CUE))
        return false;
    *who = noun_main(s, r->low, join);
    return clause_speaker(s, *who, governs) && who->kind != NOUN_OTHER;
}

/* Who says it: the subject of the verb at v. */
static bool find_subject(const struct reader *r, uint32_t v, uint32_t governs, struct subject *found)
{
    const struct scan *s = r->s;
    bool ing = governs & LEX_CUE_ING && !(governs & LEX_CUE);
    bool progressive = ing && v > r->low && token_among(s, v - 1, " is are was were been ");
    struct noun *who = &found->who;

    *found = (struct subject){.relation = MAIN};
    if (!clause_asserted(s, v, r->low, progressive))
        return false;
    if (ing && !progressive)
        return participle_subject(r, v, governs, who);
    *who = noun_subject(s, v, r->low);
    if (who->kind == NOUN_NONE)
        return v > r->low && joined_subject(r, v, governs, who);
    if (!clause_speaker(s, *who, governs) ||
        (!(governs & LEX_CUE) && !progressive && !clause_plural(s, *who)))
        return false;
    if (token_among(s, who->first, " that That It’s it’s It's it's That’s that’s "))
        return false; /* found that voters said; it’s implied */
    found->left = who->first;
    if (who->role_first < who->role_end && who->role_first < who->first)
        found->left = who->role_first;
    for (uint32_t i = v; i > who->end && !token_is_punct(s, i - 1, ','); i--)
        if (token_has(s, i - 1, LEX_WHO))
            found->relation = RELATIVE;
    return found->relation == RELATIVE || is_told(s, r->low, found);
}

/* ---- the statements ---- */

static bool has_comma(const struct scan *s, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (token_is_punct(s, i, ','))
            return true;
    return false;
}

/* A dash, a comma, a mark that has nobody to pair with: no part of the words. */
static bool is_border(const struct scan *s, uint32_t i)
{
    return s->tokens[i].kind == TOKEN_PUNCT && s->tokens[i].punct != '(' && s->tokens[i].punct != ')' &&
           !strchr("$#", s->article->text.at[s->tokens[i].start]);
}

static bool has_words(const struct scan *s, uint32_t first, uint32_t end)
{
    uint32_t words = 0;

    for (uint32_t i = first; i < end && words < CLAUSE_LEAST; i++)
        words += s->tokens[i].kind != TOKEN_PUNCT;
    return words >= CLAUSE_LEAST;
}

/* Adds the statement [first, end); the outermost of those that stand in each other stays. */
static int add(struct reader *r, uint32_t first, uint32_t end, struct tail by)
{
    struct voice v = {
        .rule = by.rule, .mention = by.who, .cue_first = by.cue, .cue_end = by.cue_end, .speech = true};
    uint32_t keep = r->count;

    while (first < end && is_border(r->s, first))
        first++;
    while (end > first && is_border(r->s, end - 1))
        end--;
    if (end <= first || !has_words(r->s, first, end))
        return 0;
    while (keep && r->list[keep - 1].first >= first && r->list[keep - 1].end <= end)
        keep--;
    if (keep && r->list[keep - 1].end > first)
        return 0;
    r->count = keep;
    if (!ARENA_MORE(r->mem, r->list, r->count, r->cap))
        return arena_err(r->mem);
    v.mention_start = r->s->tokens[by.who.first].start;
    v.mention_end = r->s->tokens[by.who.end - 1].end;
    r->list[r->count++] = (struct statement){first, end, v};
    return 0;
}

/* Kovar said that …: from the verb at v to the right. */
static int read_right(struct reader *r, uint32_t v, uint32_t governs)
{
    const struct scan *s = r->s;
    struct tail by = {.cue = v, .cue_end = v + 1, .rule = RULE_INDIRECT_BARE};
    struct subject subject;
    uint32_t first, end;

    if (!(first = clause_start(s, v, r->high, governs)) || !find_subject(r, v, governs, &subject) ||
        !(end = tail_cut(s, first, r->high)) || tail_leads_to_quotation(s, end, r->high))
        return 0;
    /* After Kovar said …, the council met: where the words end is not plain */
    if (subject.relation != MAIN && (has_comma(s, first, end) || subject.left <= r->low + 1))
        return 0;
    if (governs & LEX_CUE_ING && !(governs & LEX_CUE))
        by.rule = RULE_INDIRECT_ING;
    else if (token_is_word(s, first, SPAN("that")))
        by.rule = RULE_INDIRECT_THAT;
    by.who = subject.who;
    return add(r, first, end, by);
}

static bool is_capitals(struct span word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] < 'A' || word.at[i] > 'Z')
            return false;
    return word.len > 2;
}

/* Past "LINDAU, May 4 (Agency) —", the dateline that opens an article. */
static uint32_t after_dateline(const struct reader *r, uint32_t end)
{
    const struct scan *s = r->s;
    bool capitals = is_capitals(token_text(s, r->low));

    for (uint32_t i = r->low + 1; i < end && i - r->low < DATELINE_LONGEST; i++)
        if (token_is_punct(s, i, '-') && (capitals || token_is_punct(s, i - 1, ')')))
            return i + 1;
    return r->low;
}

/* Where the clause that ends at `end` begins: with the sentence, or after what is open: a parenthesis, a semicolon. */
static uint32_t clause_before(const struct reader *r, uint32_t end)
{
    const struct scan *s = r->s;
    uint32_t first = after_dateline(r, end), depth = 0;

    for (uint32_t i = end; i > first && end - i < CLAUSE_LONGEST; i--) {
        if (token_is_punct(s, i - 1, ')')) {
            depth++;
        } else if (token_is_punct(s, i - 1, '(') && depth) {
            depth--;
        } else if (!depth && (token_is_punct(s, i - 1, '(') || token_is_punct(s, i - 1, ';'))) {
            first = i;
            break;
        }
    }
    while (first < end && s->tokens[first].kind == TOKEN_PUNCT &&
           s->article->text.at[s->tokens[first].start] != '$')
        first++;
    if (first + 1 < end && token_among(s, first, " But And but and "))
        first++;
    return first;
}

/* Past the only dash in [first, end): what a tail breaks off began after it. */
static uint32_t after_dash(const struct scan *s, uint32_t first, uint32_t end)
{
    uint32_t dash = first, dashes = 0;

    for (uint32_t i = first; i < end; i++)
        if (token_is_punct(s, i, '-')) {
            dash = i + 1;
            dashes++;
        }
    return dashes == 1 && dash < end ? dash : first;
}

/* Whether [first, end) can be all that was said: a clause with its verb, and not the first half of a sentence. */
static bool is_whole(const struct scan *s, uint32_t first, uint32_t end)
{
    if (!clause_has_verb(s, first, end) || clause_finite(s, end - 1))
        return false;
    return !token_has(s, first, LEX_SUB) && !token_among(s, first, " Since After Before Until Asked ")
               ? true
               : has_comma(s, first, end);
}

/* The bridge would close, Kovar said: what stands before the tail's comma at k (or before "according", without one),
 * and after the tail when that breaks it off: The bridge, Kovar said, would close. */
static int read_left(struct reader *r, uint32_t k, const struct tail *tail)
{
    const struct scan *s = r->s;
    uint32_t first = clause_before(r, k), end = k, more = tail->end + 1;
    bool whole;

    if (first >= k || k - first > CLAUSE_LONGEST || s->tokens[first].kind == TOKEN_QUOTE ||
        token_among(s, first, " As as ") || token_has(s, first, LEX_ACCORDING) ||
        tail_leads_to_quotation(s, tail->end, r->high))
        return 0;
    whole = is_whole(s, first, k);
    if (more < r->high && token_is_punct(s, tail->end, ',') &&
        (clause_finite(s, more) || token_is_word(s, more, SPAN("that")) ||
         (!whole && clause_has_verb(s, more, r->high)))) {
        end = tail_cut(s, more, r->high);
        if (!end || end - first > CLAUSE_LONGEST || tail_leads_to_quotation(s, end, r->high))
            return 0;
        first = after_dash(s, first, k);
    } else if (!whole) {
        return 0;
    }
    return add(r, first, end, *tail);
}

/* According to Kovar, the mayor, the bridge would close. */
static int read_opening(struct reader *r, uint32_t i)
{
    const struct scan *s = r->s;
    struct tail by = {.cue = i, .cue_end = i + 2, .rule = RULE_INDIRECT_OPENING};
    uint32_t comma, end;

    if (i != clause_before(r, r->high) || i + 4 >= r->high || !token_is_word(s, i + 1, SPAN("to")))
        return 0;
    by.who = noun_right(s, i + 2, r->high);
    if (by.who.kind == NOUN_NONE)
        return 0;
    for (comma = by.who.end; comma < r->high && !token_is_punct(s, comma, ','); comma++)
        if (s->tokens[comma].kind == TOKEN_QUOTE || comma - i > TAIL_LONGEST)
            return 0;
    if (comma + 1 < r->high && by.who.end == comma) { /* the role after a name, up to its own comma */
        struct noun role = noun_right(s, comma + 1, r->high);

        if (role.kind != NOUN_NONE && role.kind != NOUN_PRONOUN && role.end < r->high &&
            token_is_punct(s, role.end, ',') && clause_has_verb(s, role.end, r->high)) {
            by.who.role_first = role.first;
            by.who.role_end = comma = role.end;
        }
    }
    if (comma + CLAUSE_LEAST >= r->high || !(end = tail_cut(s, comma + 1, r->high)) ||
        !clause_has_verb(s, comma + 1, end) || tail_leads_to_quotation(s, end, r->high))
        return 0;
    return add(r, comma + 1, end, by);
}

/* Past the last word of the sentence that may be a verb of speech, or "according". */
static uint32_t last_cue(const struct reader *r)
{
    uint32_t end = r->high;

    while (end > r->low && !(r->s->tokens[end - 1].bits & CUES))
        end--;
    return end;
}

static int read_sentence(struct reader *r)
{
    const struct scan *s = r->s;
    uint32_t end = last_cue(r), governs;
    struct tail tail;
    int rc = 0;

    for (uint32_t i = r->low; i < end && rc >= 0; i++) {
        const struct token *t = &s->tokens[i];

        if (token_is_punct(s, i, ',')) {
            if (tail_read(s, i + 1, r->high, &tail))
                rc = read_left(r, i, &tail);
        } else if (!(t->bits & CUES) || t->kind != TOKEN_WORD) {
            continue;
        } else if (t->bits & LEX_ACCORDING) {
            if ((rc = read_opening(r, i)) >= 0 && i > r->low && !token_is_punct(s, i - 1, ',') &&
                tail_read(s, i, r->high, &tail))
                rc = read_left(r, i, &tail);
        } else if (i > r->low && (governs = clause_governs(s, i))) {
            rc = read_right(r, i, governs);
        }
    }
    return rc;
}

int indirect_find(struct arena *mem, const struct scan *s, struct statement **out, uint32_t *count)
{
    struct reader r = {.mem = mem, .s = s};
    int rc = 0;

    for (uint32_t i = 0; i < s->sentence_count && s->english && rc >= 0; i++) {
        const struct sentence *sentence = &s->sentences[i];

        r.low = sentence->first;
        r.high = sentence->end;
        if (sentence->headline || token_is_punct(s, r.high - 1, '?'))
            continue;
        while (r.high > r.low && s->tokens[r.high - 1].kind == TOKEN_PUNCT &&
               s->tokens[r.high - 1].punct != ')')
            r.high--;
        if (r.high > r.low + CLAUSE_LEAST + 1)
            rc = read_sentence(&r);
    }
    *out = r.list;
    *count = r.count;
    return rc;
}
