/* quote.c -- the quotations of an article, from marks to records; see quote.h.
 *
 *      mark.c      where marks open and close   (mark_read.c: which they are)
 *      dialogue.c  speech after a dash
 *      sentence.c  tokens and sentences, the quotations masked
 *      speaker.c   which mention beside a quotation speaks it   (noun.c, dense.c: how mentions look)
 *      indirect.c  statements without marks
 *      nested.c    quotations inside quotations
 *      name.c      who that mention is   (role.c: which mayor; antecedent.c: which she)
 *      here        what is no quotation at all; kinds; utterances; pull quotes
 *      twin.c      the same words a second time
 *      gather.c    all of them in order
 */
#include "index/quote.h"

#include "base/err.h"
#include "base/utf8.h"
#include "index/dialogue.h"
#include "index/fold.h"
#include "index/gather.h"
#include "index/indirect.h"
#include "index/name.h"
#include "index/nested.h"
#include "index/place.h"
#include "index/twin.h"
#include "index/weigh.h"

enum {
    QUOTATION_LEAST = 500, /* thousandths: what is less likely a quotation is none */
    CONTEXT_LONGEST = 600 /* bytes of context on either side: a sentence may be the whole of a hostile text */
};

struct found {
    struct arena *mem;
    const struct article *article;
    struct scan scan;
    struct cast cast;
    struct why **details; /* of each piece, where it is to be explained; otherwise NULL */
    struct statement *statements;
    uint32_t statement_count;
    struct voice *voices; /* of the pieces, then of the statements; names likewise */
    struct named *names;
    uint32_t *record; /* of each piece: the index of its quote, or NO_RECORD */
    struct quote *out;
    enum block_kind *kinds; /* of each quote: the block it stands in */
    uint32_t count;
};

const char *quote_kind_name(enum quote_kind kind)
{
    static const char *const names[QUOTE_KINDS] = {"direct", "mixed", "pull", "reported", "indirect"};

    return names[kind];
}

/* Direct: a sentence of its own, or the rest of one. */
static enum quote_kind kind_of(const struct found *f, uint32_t piece)
{
    const struct scan *s = &f->scan;
    const struct marked *m = &s->pieces[piece];
    const struct shape *shape = &s->shapes[piece];
    uint32_t at = s->token_of[piece];
    const struct sentence *sentence = &s->sentences[s->tokens[at].sentence];
    const struct token *before = at > sentence->first ? &s->tokens[at - 1] : NULL;

    if (m->goes_on || m->open || m->dash)
        return QUOTE_DIRECT;
    if (shape->starts_letter && !shape->starts_upper && !shape->dense) {
        uint32_t cp = 0;

        (void)utf8_next(f->article->text.at + m->start, f->article->text.at + m->end, &cp);
        if (!(char_bits(cp) & CHAR_LOWER) && (char_bits(cp) & CHAR_LETTER)) /* no capitals in this script */
            return before && before->kind == TOKEN_WORD ? QUOTE_MIXED : QUOTE_DIRECT;
        /* “It is,” she said, “what it is.” */
        return before && before->kind == TOKEN_PUNCT && before->punct == ',' &&
                       s->tokens[sentence->first].kind == TOKEN_QUOTE
                   ? QUOTE_DIRECT
                   : QUOTE_MIXED;
    }
    if (before && before->kind == TOKEN_WORD)
        return QUOTE_MIXED;
    return shape->words >= 2 || shape->dense || piece_ending(s, piece) ? QUOTE_DIRECT : QUOTE_MIXED;
}

/* The sentence of token `at`, which holds the quote, its marks with it: [outer_start, outer_end). */
static void set_context(const struct found *f, uint32_t at, uint32_t outer_start, uint32_t outer_end,
                        struct quote *q)
{
    const struct scan *s = &f->scan;
    const struct sentence *sentence = &s->sentences[s->tokens[at].sentence];
    uint32_t start = s->tokens[sentence->first].start, end = s->tokens[sentence->end - 1].end;

    if (q->mention_start < q->mention_end && q->mention_start < start &&
        q->mention_start + CONTEXT_LONGEST > start)
        start = q->mention_start;
    if (q->mention_start < q->mention_end && q->mention_end > end && q->mention_end < end + CONTEXT_LONGEST)
        end = q->mention_end;
    if (outer_start - start > CONTEXT_LONGEST && outer_start > start)
        start = outer_start;
    if (end > outer_end && end - outer_end > CONTEXT_LONGEST)
        end = outer_end;
    q->context_start = start;
    q->context_end = end;
}

static void set_speaker(const struct found *f, uint32_t voice, struct quote *q)
{
    const struct scan *s = &f->scan;
    const struct voice *v = &f->voices[voice];
    const struct named *n = &f->names[voice];

    q->rule = speaker_rule_name(v->rule);
    q->why = n->why;
    q->steps = n->steps;
    q->step_count = n->step_count;
    q->speaker = n->name;
    q->role = n->role;
    q->person = n->person;
    q->mention_start = v->mention_start;
    q->mention_end = v->mention_end;
    if (v->cue_first < v->cue_end && !token_has(s, v->cue_first, LEX_AUX)) {
        q->cue_start = s->tokens[v->cue_first].start;
        q->cue_end = s->tokens[v->cue_end - 1].end;
    }
    if (f->details && voice < s->piece_count && (q->details = f->details[voice]))
        f->details[voice]->quotation = v->quotation;
    q->confidence = (uint16_t)(speaker_rule_confidence(v->rule) * n->percent / 100u);
    if (s->english && v->rule != RULE_NONE && voice < s->piece_count) {
        struct attributes seen = v->seen;

        attribute_add(&seen, n->means);
        q->confidence = weigh_one(WEIGH_SURE, &seen);
    }
}

static struct quote *add_quote(struct found *f, uint32_t block)
{
    struct quote *q = &f->out[f->count];

    f->kinds[f->count] = f->article->blocks[block].kind;
    q->utterance = q->twin_of = f->count++;
    return q;
}

static void add_piece(struct found *f, uint32_t piece)
{
    const struct scan *s = &f->scan;
    const struct marked *m = &s->pieces[piece];
    const struct voice *v = &f->voices[piece];
    struct quote *q;

    f->record[piece] = NO_RECORD;
    if (v->quotation < QUOTATION_LEAST)
        return;
    f->record[piece] = f->count;
    q = add_quote(f, m->block);
    q->start = m->start;
    q->end = m->end;
    q->kind = kind_of(f, piece);
    set_speaker(f, piece, q);
    set_context(f, s->token_of[piece], m->outer_start, m->outer_end, q);
    /* One utterance: it goes on over a paragraph, through a sentence with the same mention, or a turn of dialogue. */
    if (piece && f->record[piece - 1] != NO_RECORD) {
        const struct voice *before = &f->voices[piece - 1];
        bool same = v->mention_start < v->mention_end && v->mention_start == before->mention_start &&
                    s->tokens[s->token_of[piece]].sentence <= s->tokens[s->token_of[piece - 1]].sentence + 1;

        if (m->goes_on || same || (m->dash && s->pieces[piece - 1].block == m->block))
            q->utterance = f->out[f->record[piece - 1]].utterance;
    }
}

/* Karoline Muster, head of the agency: the name up to the comma, the role after it. */
static void read_name_line(struct span text, const struct block *line, struct quote *q)
{
    struct span all = span_cut(text, line->start, line->end), role;
    size_t start = 0, comma = 0;
    uint32_t cp;

    while (start < all.len) {
        size_t n = utf8_next(all.at + start, all.at + all.len, &cp);

        if (char_bits(cp) & (CHAR_LETTER | CHAR_DIGIT))
            break;
        start += n;
    }
    for (comma = start;
         comma < all.len && all.at[comma] != ',' && all.at[comma] != '(' && all.at[comma] != '\n';)
        comma++;
    q->speaker = span_trim(span_cut(all, start, comma));
    role = comma < all.len ? span_trim(span_cut(all, comma + 1, all.len)) : (struct span){"", 0};
    q->role = role;
    q->mention_start = line->start + (uint32_t)start;
    q->mention_end = line->end;
    q->rule = speaker_rule_name(RULE_NAME_LINE);
    q->why = "the line under it";
    q->steps = NULL;
    q->step_count = 0;
    q->details = NULL;
    q->confidence = speaker_rule_confidence(RULE_NAME_LINE);
}

static bool is_pull(const struct article *a, uint32_t b)
{
    return a->blocks[b].kind == BLOCK_PULL && b + 1 < a->block_count &&
           a->blocks[b + 1].kind == BLOCK_NAME_LINE;
}

static bool has_pull(const struct article *a)
{
    for (uint32_t b = 0; b < a->block_count; b++)
        if (is_pull(a, b))
            return true;
    return false;
}

/* A pull quote without marks is one record; in one with marks the marked pieces get its name line. */
static void add_pull(struct found *f, uint32_t block, uint32_t first, uint32_t end)
{
    const struct block *b = &f->article->blocks[block];
    struct quote *q;

    if (first == end) {
        q = add_quote(f, block);
        q->start = b->start;
        q->end = b->end;
        q->context_start = b->start;
        q->context_end = f->article->blocks[block + 1].end;
        q->kind = QUOTE_PULL;
        read_name_line(f->article->text, b + 1, q);
        return;
    }
    for (uint32_t p = first; p < end; p++) {
        add_piece(f, p);
        if (f->record[p] == NO_RECORD)
            continue;
        q = &f->out[f->record[p]];
        q->kind = QUOTE_PULL;
        q->cue_start = q->cue_end = 0;
        read_name_line(f->article->text, b + 1, q);
    }
}

static void assemble(struct found *f)
{
    uint32_t piece = 0;

    for (uint32_t b = 0; b < f->article->block_count; b++) {
        uint32_t first = piece;

        while (piece < f->scan.piece_count && f->scan.pieces[piece].block == b)
            piece++;
        if (is_pull(f->article, b)) {
            add_pull(f, b, first, piece);
            continue;
        }
        for (uint32_t p = first; p < piece; p++)
            add_piece(f, p);
    }
}

/* Whether a statement holds marked words that are a quote already, whose context shows it whole; or stands in a pull
 * quote, whose words are. */
static bool is_shown(const struct found *f, const struct statement *st)
{
    const struct scan *s = &f->scan;

    if (is_pull(f->article, s->sentences[s->tokens[st->first].sentence].block))
        return true;
    for (uint32_t i = st->first; i < st->end; i++)
        if (s->tokens[i].kind == TOKEN_QUOTE && f->record[s->tokens[i].quote] != NO_RECORD)
            return true;
    return false;
}

static struct quote statement_quote(const struct found *f, uint32_t index)
{
    const struct scan *s = &f->scan;
    const struct statement *st = &f->statements[index];
    struct quote q = {.start = s->tokens[st->first].start,
                      .end = s->tokens[st->end - 1].end,
                      .kind = QUOTE_INDIRECT,
                      .inside = NO_RECORD};

    set_speaker(f, s->piece_count + index, &q);
    set_context(f, st->first, q.start, q.end, &q);
    return q;
}

/* How sure it is, is not measured: it cannot be surer than whose the outer one is. */
static struct quote nested_quote(const struct found *f, const struct nested *n)
{
    struct quote q = n->quote;

    q.inside = f->record[n->piece];
    q.confidence = (uint16_t)(q.confidence * f->out[q.inside].confidence / 1000u);
    return q;
}

static int find_nested(struct found *f, struct nested **out, uint32_t *count)
{
    uint32_t cap = 0;
    int rc = 0;

    *out = NULL;
    *count = 0;
    for (uint32_t p = 0; p < f->scan.piece_count && rc >= 0; p++)
        if (f->record[p] != NO_RECORD)
            rc = nested_find(f->mem, &f->cast, p, f->out[f->record[p]].speaker, out, count, &cap);
    return rc;
}

/* Statements without marks, and quotations inside quotations, among the others. */
static int add_others(struct found *f)
{
    struct nested *nested;
    struct quote *more;
    uint32_t nested_count, next = 0, count = 0;
    int rc = find_nested(f, &nested, &nested_count);

    if (rc < 0)
        return rc;
    if (!(more = arena_array(f->mem, (size_t)f->statement_count + nested_count + 1, sizeof *more)))
        return arena_err(f->mem);
    for (uint32_t i = 0; i < f->statement_count; i++) {
        if (is_shown(f, &f->statements[i]))
            continue;
        while (next < nested_count && nested[next].quote.start < f->scan.tokens[f->statements[i].first].start)
            more[count++] = nested_quote(f, &nested[next++]);
        more[count++] = statement_quote(f, i);
    }
    while (next < nested_count)
        more[count++] = nested_quote(f, &nested[next++]);
    return gather(f->mem, &f->out, &f->count, more, count);
}

static void note_details(void *watcher, uint32_t piece, const struct voice *all, uint32_t count,
                         uint32_t taken)
{
    struct found *f = watcher;

    if ((f->details[piece] = arena_array(f->mem, 1, sizeof **f->details))) /* the arena keeps a failure */
        why_note(f->details[piece], all, count, taken, f->scan.english);
}

/* The voices of the pieces, then those of the statements, and who they are. */
static int find_voices(struct found *f)
{
    uint32_t pieces = f->scan.piece_count, count = pieces + f->statement_count;

    f->voices = arena_array(f->mem, (size_t)count + 1, sizeof *f->voices);
    f->names = arena_array(f->mem, (size_t)count + 1, sizeof *f->names);
    if (!f->voices || !f->names)
        return arena_err(f->mem);
    speaker_find(&f->cast, f->voices, f->details ? note_details : NULL, f);
    if (f->mem->err)
        return arena_err(f->mem);
    for (uint32_t i = 0; i < f->statement_count; i++) {
        f->voices[pieces + i] = f->statements[i].voice;
        f->voices[pieces + i].from = NO_RECORD; /* who is only reported is not heard for later pronouns */
    }
    return name_resolve(f->mem, &f->cast, f->voices, count, f->names, NULL, NULL);
}

int quote_find(struct arena *mem, const struct article *a, unsigned want, struct quote **out, uint32_t *count)
{
    struct found f = {.mem = mem, .article = a};
    const struct language *language = language_of(a);
    struct marked *pieces;
    uint32_t piece_count;
    size_t most;
    int rc;

    *out = NULL;
    *count = 0;
    if ((rc = mark_pair(mem, a, &pieces, &piece_count)) < 0 ||
        (rc = dialogue_find(mem, a, language, &pieces, &piece_count)) < 0 ||
        (rc = sentence_scan(mem, a, language, pieces, piece_count, &f.scan)) < 0 ||
        ((want & QUOTE_STATEMENTS) &&
         (rc = indirect_find(mem, &f.scan, &f.statements, &f.statement_count)) < 0))
        return rc;
    if (!piece_count && !f.statement_count && !has_pull(a))
        return 0;
    if ((rc = cast_read(mem, &f.scan, &f.cast)) < 0)
        return rc;
    if ((want & QUOTE_REASONS) && !(f.details = arena_array(mem, (size_t)piece_count + 1, sizeof *f.details)))
        return arena_err(mem);
    if ((rc = find_voices(&f)) < 0)
        return rc;
    most = (size_t)piece_count + a->block_count + 1;
    f.record = arena_array(mem, (size_t)piece_count + 1, sizeof *f.record);
    f.out = arena_array(mem, most, sizeof *f.out);
    f.kinds = arena_array(mem, most, sizeof *f.kinds);
    if (!f.record || !f.out || !f.kinds)
        return arena_err(mem);
    assemble(&f);
    if ((rc = twin_find(mem, a, f.out, f.count, f.kinds)) < 0 || (rc = add_others(&f)) < 0)
        return rc;
    *out = f.out;
    *count = f.count;
    return 0;
}
