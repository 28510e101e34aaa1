/* by.c -- what somebody said.
 *
 * `quotes by Orla Venn Gaza`: who is meant, and what is the query? The speaker is as many of the first words as
 * name somebody in the archive; the rest is the query. The daemon is asked that first (a tenth of a millisecond).
 */
#include "base/json.h"
#include "client/ask.h"
#include "client/commands.h"
#include "wire/peek.h"

/* Asks for the first quote, or anything said when `every`, of the speaker that the first `end` operands name; or, when
 * `count`, only how many there are. The answer goes to the question. 0, or the status to exit with. */
static int probe(struct call *c, size_t end, bool every, bool count, struct quotes_question *question,
                 struct quotes_answer *answer)
{
    struct buf params = BUF_INIT(LIMIT_FRAME);

    buf_char(&params, '{');
    json_put_text(&params, "format", SPAN("json"));
    json_put_int(&params, "limit", 1);
    ask_operands(&params, "speaker", c, 0, end);
    if (every)
        json_put_text(&params, "query", SPAN("kind:all"));
    if (count)
        json_put_bool(&params, "count", true);
    return ask(c, "by", &params, question, answer);
}

/* kind:indirect, since:2024: no part of a name. */
static bool is_filter(const char *operand)
{
    size_t letters = strspn(operand, "abcdefghijklmnopqrstuvwxyz");

    return letters && operand[letters] == ':';
}

/* Whoever only stands in indirect statements is looked for only where those are asked for. */
static bool asks_for_kinds(const struct call *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (strstr(c->operands[i], "kind:"))
            return true;
    return false;
}

/* How many of the operands name the speaker: as many as name somebody, or all when none do; those before a filter. */
static int find_speaker(struct call *c, size_t *end)
{
    struct quotes_question nowhere = {0};
    struct quotes_answer answer;
    int status;

    for (*end = 1; *end < c->count && !is_filter(c->operands[*end]);)
        ++*end;
    for (size_t n = *end; n > 0 && *end > 1; n--) {
        if ((status = probe(c, n, asks_for_kinds(c), true, &nowhere, &answer)) != 0)
            return status;
        if (answer.found > 0) {
            *end = n;
            return 0;
        }
    }
    return 0;
}

static int gather(void *ctx, const char *text, size_t len)
{
    buf_put(ctx, text, len);
    return 0;
}

/* --strict: says who matches when several do. 0 when it is one person or nobody, else the status to exit with. */
static int be_strict(struct call *c, size_t end)
{
    struct buf json = BUF_INIT(16 * MiB);
    struct quotes_question question = {.piece = gather, .ctx = &json};
    struct quotes_answer answer;
    struct span people, person;
    char name[256];
    int status = probe(c, end, false, false, &question, &answer);

    if (status == 0 && answer.people > 1) {
        status = EXIT_SEVERAL;
        say("%lld people match:", answer.people);
        people = peek_member(buf_view(&json), "people");
        while (peek_element(&people, &person)) {
            peek_copy(peek_member(person, "name"), name, sizeof name);
            say_more("  %s (%lld)", name, (long long)peek_int(peek_member(person, "quotes"), 0));
        }
    }
    buf_fini(&json);
    return status;
}

int by_run(struct call *c)
{
    struct buf params;
    size_t end;
    int status;

    if ((status = find_speaker(c, &end)) != 0)
        return status;
    if (call_given(c, OPTION_STRICT) && (status = be_strict(c, end)) != 0)
        return status;
    c->query_from = end;
    params = ask_params(c, "by");
    ask_operands(&params, "speaker", c, 0, end);
    if (end < c->count)
        ask_operands(&params, "query", c, end, c->count);
    return ask_print(c, "by", &params,
                     end < c->count ? "no quote of theirs matches the query"
                                    : "nobody of that name is quoted; \"quotes speakers\" lists who is");
}
