/* candidates.c -- what eval/train.py learns from: the candidates of every marked piece, and what is seen of each.
 *
 *      candidates < articles.jsonl          {"id","text"} a line
 *
 *      A id
 *      M start end name sex kind                         a mention of somebody: where his longest name begins
 *      P start end chosen chance means attribute...      a piece; chosen: a rule's name
 *      R start PERSON|THING                              a pronoun; its antecedents are C lines too, with the
 *                                                        bytes of their longest names
 *      C rule start end name|attribute attribute ...     its candidates, the mention's bytes; the last is nobody
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "index/candidate.h"
#include "index/dialogue.h"
#include "index/name.h"
#include "index/weigh.h"

static void put_attributes(const struct attributes *list)
{
    for (uint8_t i = 0; i < list->count; i++)
        printf(" %s", weigh_attribute_name((enum attribute)list->of[i]));
    putchar('\n');
}

static void put_piece(const struct scan *s, uint32_t piece, const struct voice *chosen,
                      const struct named *named, const struct voice *all, const struct named *names,
                      uint32_t count)
{
    const struct marked *m = &s->pieces[piece];
    struct attributes seen = chosen->seen;

    printf("P %u %u %s %u %s", m->start, m->end, speaker_rule_name(chosen->rule), chosen->chance,
           weigh_attribute_name(named->means));
    put_attributes(&seen);
    for (uint32_t i = 0; i < count; i++) {
        printf("C %s %u %u %.*s|", speaker_rule_name(all[i].rule), all[i].mention_start, all[i].mention_end,
               (int)names[i].name.len, names[i].name.at);
        put_attributes(&all[i].seen);
    }
}

/* R start person|thing, and a C line for each antecedent */
static void put_pronoun(void *watcher, uint32_t token, const struct antecedent *all, uint32_t count)
{
    const struct scan *s = watcher;

    printf("R %u %s\n", s->tokens[token].start,
           s->tokens[token].bits & (LEX_HE | LEX_SHE) ? "PERSON" : "THING");
    for (uint32_t i = 0; i < count; i++) {
        uint32_t start = (uint32_t)(all[i].name.at - s->article->text.at);

        printf("C antecedent %u %u %.*s|", start, start + (uint32_t)all[i].name.len, (int)all[i].name.len,
               all[i].name.at);
        put_attributes(&all[i].seen);
    }
}

static void put_mentions(const struct scan *s, const struct cast *cast)
{
    static const char *const kinds[] = {"unknown", "person", "organisation", "place"};

    for (uint32_t i = 0; i < cast->run_count; i++) {
        const struct run *r = &cast->runs[i];
        const struct entity *e = r->entity == NO_ENTITY ? NULL : &cast->entities[r->entity];

        if (e)
            printf("M %u %u %u %s %s\n", s->tokens[r->first].start, s->tokens[r->end - 1].end,
                   (uint32_t)(e->name.at - s->article->text.at),
                   e->sex == MALE     ? "male"
                   : e->sex == FEMALE ? "female"
                                      : "any",
                   kinds[e->kind]);
    }
}

static int put_article(struct arena *mem, const struct article *a)
{
    struct marked *pieces;
    uint32_t piece_count, total, *first;
    struct scan scan;
    struct cast cast;
    struct voice *voices;
    struct named *names;
    int rc;

    if ((rc = mark_pair(mem, a, &pieces, &piece_count)) < 0 ||
        (rc = dialogue_find(mem, a, language_of(a), &pieces, &piece_count)) < 0 ||
        (rc = sentence_scan(mem, a, language_of(a), pieces, piece_count, &scan)) < 0 ||
        (rc = cast_read(mem, &scan, &cast)) < 0)
        return rc;
    if (!scan.english)
        return 0;
    put_mentions(&scan, &cast);
    total = piece_count * (CANDIDATES_MOST + 2);
    voices = arena_array(mem, (size_t)total + 1, sizeof *voices);
    names = arena_array(mem, (size_t)total + 1, sizeof *names);
    first = arena_array(mem, (size_t)piece_count + 1, sizeof *first);
    if (!voices || !names || !first)
        return arena_err(mem);
    speaker_find(&cast, voices, NULL, NULL);
    total = piece_count;
    for (uint32_t p = 0; p < piece_count; p++) {
        struct place at = place_of(&scan, &cast, p);

        first[p] = total;
        total += candidates_find(&at, voices, voices + total);
        voices[total] = (struct voice){.from = p, .seen = at.seen};
        attribute_add(&voices[total++].seen, A_ALWAYS);
    }
    first[piece_count] = total;
    for (uint32_t i = piece_count; i < total; i++)
        voices[i].from = UINT32_MAX; /* nobody's mention counts as a speaker's but those chosen */
    if ((rc = name_resolve(mem, &cast, voices, total, names, put_pronoun, &scan)) < 0)
        return rc;
    for (uint32_t p = 0; p < piece_count; p++)
        if (!pieces[p].goes_on)
            put_piece(&scan, p, &voices[p], &names[p], voices + first[p], names + first[p],
                      first[p + 1] - first[p]);
    return 0;
}

int main(void)
{
    struct arena mem = ARENA_INIT;
    char *line = NULL;
    size_t cap = 0;
    int rc = 0;

    while (rc >= 0 && getline(&line, &cap, stdin) > 0) {
        json_t *record = json_loads(line, 0, NULL), *text = json_object_get(record, "text");
        struct article *articles = NULL, like;
        uint32_t count = 0;

        if (!json_is_string(text)) {
            fprintf(stderr, "candidates: a line without \"text\"\n");
            return 2;
        }
        like = (struct article){.text = {json_string_value(text), json_string_length(text)}, .line = 1};
        like.end = (uint32_t)like.text.len;
        printf("A %s\n", json_string_value(json_object_get(record, "id")));
        rc = article_split(&mem, &like, &articles, &count);
        for (uint32_t i = 0; rc >= 0 && i < count; i++)
            rc = put_article(&mem, &articles[i]);
        arena_reset(&mem);
        json_decref(record);
    }
    free(line);
    arena_free(&mem);
    return rc < 0 ? 2 : 0;
}
