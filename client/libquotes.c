#include "client/quotes.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "client/link.h"
#include "wire/kept.h"
#include "wire/peek.h"
#include "wire/question.h"
#include "wire/requests.h"

_Static_assert(QUOTES_NOMEM == (int)ERR_NOMEM && QUOTES_SYNTAX == (int)ERR_SYNTAX &&
                   QUOTES_TOOBIG == (int)ERR_TOOBIG && QUOTES_DENIED == (int)ERR_DENIED &&
                   QUOTES_ARGS == (int)ERR_ARGS && QUOTES_PROTOCOL == (int)ERR_PROTOCOL &&
                   QUOTES_BUSY == (int)ERR_BUSY && QUOTES_GONE == (int)ERR_GONE &&
                   QUOTES_NO_DAEMON == (int)ERR_NODAEMON && QUOTES_DEADLINE == (int)ERR_DEADLINE,
               "quotes.h repeats the numbers of base/err.h, because it is installed alone");
_Static_assert(QUOTES_OTHER_INDEX == (int)WIRE_OTHER_INDEX && QUOTES_SHUTDOWN == (int)WIRE_SHUTDOWN &&
                   QUOTES_NOT_ALLOWED == (int)WIRE_NOT_ALLOWED && QUOTES_CANCELLED == (int)WIRE_CANCELLED,
               "and those of wire/requests.h");
_Static_assert(QUOTES_AT_ONCE == LIMIT_IN_FLIGHT, "and what the daemon takes");

#define FORKED "this connection belongs to the process that forked"

enum {
    TURN_READS =
        16, /* of 64 KiB in one quotes_turn: who talks without end does not keep a program to itself */
    CANCEL_MS = 200,       /* how often a wait looks at the callers' `cancel` */
    CACHE_AGAIN_MS = 1000, /* a cache that could not be had is not asked for again sooner */
    TELL_MS = 5000         /* how often the daemon is told what was found there, at most */
};

/* A question that is on its way. */
struct asking {
    int64_t id; /* 0: none */
    struct quotes_question question;
    struct quotes_answer *answer;
    bool subscribes; /* its answer says the generation */
    bool full;       /* no further byte fits the caller's buffer */
    bool refused;    /* by the caller's piece(), which is not called again */
    bool cancelled;  /* the daemon was told; its answer is still awaited */
    int failed;      /* an error of ours that the answer cannot mend */
};

struct quotes {
    struct link link;
    int timeout_ms;
    bool greeted;                             /* `initialize` was answered */
    struct buf held;                          /* questions that wait for that */
    int64_t last_id;                          /* of the newest question; `initialize` is 0 */
    struct asking asking[QUOTES_AT_ONCE + 1]; /* one more for the cache's */
    unsigned open;                            /* of them: on their way */
    uint64_t heard;                           /* the generation that came with `changed` */

    int dead; /* 0, or the error after which the connection is of no use, in words: */
    char death[QUOTES_WORDS];

    bool wants_cache;
    struct cache cache;
    int64_t fetched;                   /* when it was last asked for, on now_ms' clock; 0: never */
    struct quotes_answer cache_answer; /* to that */
    uint32_t hits;                     /* answers found there since the daemon was told */
    uint64_t hot[CACHE_TOLD];          /* where the last of them stand */
    int64_t told;
    char *room; /* CACHE_VALUE bytes for what is copied out of it; NULL: nothing was */
};

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- asking ------------------------------------------------------------------------------------------ */

/* Puts one request, or a notification when id is less than 0. `params` is JSON, in which a line break can only stand between
 * values: there a space means the same, and does not end the frame. Nothing of it when it fails. */
static int put_frame(struct buf *out, int64_t id, const char *method, struct span params)
{
    size_t from = out->len, at;
    int rc;

    buf_str(out, "{\"jsonrpc\":\"2.0\"");
    if (id >= 0)
        json_put_int(out, "id", id);
    json_put_text(out, "method", span_of(method));
    json_key(out, "params");
    at = out->len;
    buf_span(out, params);
    for (size_t i = at; i < out->len; i++)
        if (out->at[i] == '\n')
            out->at[i] = ' ';
    buf_str(out, "}\n");
    rc = buf_err(out) ? buf_err(out) : out->len - from > LIMIT_FRAME ? QUOTES_TOOBIG : 0;
    if (rc < 0) {
        out->len = from;
        out->err = 0;
    }
    return rc;
}

static int put_greeting(struct quotes *q, const struct quotes_options *o)
{
    struct buf params = BUF_INIT(2 * LIMIT_PATH);
    int rc;

    buf_char(&params, '{');
    json_put_int(&params, "protocol", PROTOCOL_VERSION);
    if (o->index)
        json_put_text(&params, "index", span_of(o->index));
    if (o->client)
        json_put_text(&params, "client", span_of(o->client));
    buf_char(&params, '}');
    rc = buf_err(&params) ? buf_err(&params) : put_frame(&q->link.out, 0, "initialize", buf_view(&params));
    buf_fini(&params);
    return rc;
}

/* Tells which answers were found in the cache: the daemon sees none of that, and should keep what is wanted. Goes along with a
 * question, so that an idle program sends nothing. */
static void tell_hits(struct quotes *q)
{
    struct buf params = BUF_INIT(1 * KiB);
    int64_t now = q->hits ? now_ms() : 0;

    if (!q->hits || now - q->told < TELL_MS)
        return;
    buf_printf(&params, "{\"count\":%u,\"slots\":[", q->hits);
    for (uint32_t i = 0; i < CACHE_TOLD && i < q->hits; i++)
        buf_printf(&params, i ? ",%llu" : "%llu", (unsigned long long)q->hot[i]);
    buf_str(&params, "]}");
    if (!buf_err(&params))
        (void)put_frame(&q->link.out, -1, "hits", buf_view(&params));
    buf_fini(&params);
    q->hits = 0;
    q->told = now;
}

static void cancel_question(struct quotes *q, struct asking *a)
{
    char params[40];
    int len = snprintf(params, sizeof params, "{\"id\":%lld}", (long long)a->id);

    if (!a->cancelled) /* behind the question itself, wherever that is */
        (void)put_frame(q->greeted ? &q->link.out : &q->held, -1, "$/cancelRequest",
                        (struct span){params, (size_t)len});
    a->cancelled = true;
}

/* A question that changes something must not reach the daemon of another index: its greeting is awaited first. Any other
 * travels together with the greeting. */
static bool changes(const char *method)
{
    static const char *const names[] = {"add", "put", "rm", "reindex", "stop"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(method, names[i]) == 0)
            return true;
    return false;
}

/* The sentence for an error of this side. */
static void explain(int rc, const struct quotes *q, char *words)
{
    if (rc == QUOTES_GONE && !link_holds(&q->link))
        (void)link_fail(words, rc, "this program closed the descriptor of its connection to quoted");
    else if (rc == QUOTES_GONE)
        (void)link_fail(words, rc, "quoted ended before it had answered");
    else if (rc == QUOTES_TIMEOUT)
        (void)link_fail(words, rc, "quoted said nothing for %d seconds", (q->timeout_ms + 999) / 1000);
    else if (rc == QUOTES_PROTOCOL)
        (void)link_fail(words, rc, "what answers is not quoted, or its answer is damaged");
    else if (rc == QUOTES_TOOBIG)
        (void)link_fail(words, rc, "the question is longer than the %u bytes that quoted takes", LIMIT_FRAME);
    else if (rc == QUOTES_BUSY)
        (void)link_fail(words, rc, "%d questions are on their way; wait for one of them", QUOTES_AT_ONCE);
    else if (rc == QUOTES_CANCELLED)
        (void)link_fail(words, rc, "cancelled");
    else if (rc == QUOTES_ARGS)
        (void)link_fail(words, rc, "the parameters of the question are not a JSON object");
    else
        (void)link_fail(words, rc, "%s", err_words(rc));
}

static void finish(struct quotes *q, struct asking *a, int code)
{
    if (code < 0 && !a->answer->words[0])
        explain(code, q, a->answer->words);
    a->answer->code = code;
    a->id = 0;
    q->open--;
}

/* The connection is of no further use. */
static int die(struct quotes *q, int code)
{
    q->dead = code;
    if (!q->death[0])
        explain(code, q, q->death);
    for (size_t i = 0; i < sizeof q->asking / sizeof *q->asking; i++)
        if (q->asking[i].id) {
            memcpy(q->asking[i].answer->words, q->death, QUOTES_WORDS);
            finish(q, &q->asking[i], code);
        }
    return code;
}

static struct span params_of(const struct quotes_question *question)
{
    return question->params ? span_of(question->params) : SPAN("{}");
}

/* Puts a question on its way. The places but the last are the callers'. */
static int start(struct quotes *q, struct asking *a, const struct quotes_question *question,
                 struct quotes_answer *answer)
{
    struct span params = params_of(question);
    bool held = changes(question->method) && !q->greeted;
    int rc = peek_valid(params) && *peek_space_(params.at, params.at + params.len) == '{'
                 ? put_frame(held ? &q->held : &q->link.out, q->last_id + 1, question->method, params)
                 : QUOTES_ARGS; /* it would take the other questions of the connection with it */

    if (rc < 0)
        return rc;
    tell_hits(q);
    *a = (struct asking){.id = ++q->last_id,
                         .question = *question,
                         .answer = answer,
                         .subscribes = strcmp(question->method, "subscribe") == 0};
    answer->code = QUOTES_WAITING;
    q->open++;
    return QUOTES_WAITING;
}

/* ---- one answer -------------------------------------------------------------------------------------- */

/* As much of a piece as the caller's buffer has room for, between characters. */
static void fill_buffer(struct asking *a, struct span text)
{
    const struct quotes_question *q = &a->question;
    size_t at = a->answer->bytes, room = q->size - 1 - at;

    if (text.len > room) {
        text = utf8_cut(text, room);
        a->full = true;
    }
    memcpy(q->buffer + at, text.at, text.len);
    q->buffer[at + text.len] = '\0';
}

/* False when the caller wants no more. */
static bool give_piece(struct asking *a, struct span text)
{
    if (text.len && a->question.buffer && a->question.size && !a->full)
        fill_buffer(a, text);
    a->answer->bytes += text.len;
    if (!a->refused && a->question.piece && text.len)
        a->refused = a->question.piece(a->question.ctx, text.at, text.len) != 0;
    return !a->refused;
}

/* A JSON text as a piece. */
static void give_text(struct asking *a, struct span value)
{
    struct buf text = BUF_INIT(LIMIT_FRAME);
    int rc = peek_text(value, &text);

    if (rc == 0)
        (void)give_piece(a, buf_view(&text));
    else
        a->failed = rc == ERR_NOMEM ? QUOTES_NOMEM : QUOTES_PROTOCOL;
    buf_fini(&text);
}

/* What may have been meant, as a sentence. */
static void take_hints(struct span hints, char *words)
{
    struct buf all = BUF_INIT(QUOTES_WORDS - 1);
    struct span hint;

    for (int i = 0; peek_element(&hints, &hint); i++) {
        char text[QUOTES_WORDS];

        peek_copy(hint, text, sizeof text);
        buf_printf(&all, "%s%s", i ? ", or " : "Did you mean ", text);
    }
    if (all.len) {
        buf_char(&all, '?');
        if (!buf_err(&all))
            (void)link_fail(words, 0, "%.*s", (int)all.len, all.at);
    }
    buf_fini(&all);
}

static int take_result(struct quotes *q, struct asking *a, struct span result)
{
    struct span text = peek_member(result, "answer");
    struct quotes_answer *answer = a->answer;

    answer->found = peek_int(peek_member(result, "found"), -1);
    answer->shown = peek_int(peek_member(result, "shown"), -1);
    answer->people = peek_int(peek_member(result, "people"), -1);
    take_hints(peek_member(result, "did_you_mean"), answer->words);
    if (a->subscribes)
        q->heard = (uint64_t)peek_int(peek_member(result, "generation"), 0);
    if (peek_int(peek_member(result, "parts"), 0) > 0) {
        if (!a->failed && (int64_t)answer->bytes != peek_int(peek_member(result, "bytes"), -1))
            a->failed = QUOTES_PROTOCOL;
    } else if (!text.len)
        (void)give_piece(a, result);
    else if (text.at[0] == '"')
        give_text(a, text);
    else
        (void)give_piece(a, text);
    return a->refused ? QUOTES_CANCELLED : a->failed;
}

/* An error in the daemon's words. */
static int take_error(struct span error, char words[QUOTES_WORDS])
{
    int64_t code = peek_int(peek_member(error, "code"), 0);

    peek_copy(peek_member(error, "message"), words, QUOTES_WORDS);
    if (code == ERR_CANCELLED)
        code = QUOTES_CANCELLED;
    if (code >= 0 || code < INT_MIN)
        code = QUOTES_PROTOCOL;
    if (!words[0])
        (void)link_fail(words, 0, "quoted refused without saying why (error %lld)", (long long)code);
    return (int)code;
}

/* ---- what comes -------------------------------------------------------------------------------------- */

static struct asking *asking_of(struct quotes *q, int64_t id)
{
    for (size_t i = 0; id > 0 && i < sizeof q->asking / sizeof *q->asking; i++)
        if (q->asking[i].id == id)
            return &q->asking[i];
    return NULL;
}

static void take_notification(struct quotes *q, struct span frame)
{
    struct span method = peek_member(frame, "method"), params = peek_member(frame, "params");
    struct asking *a = asking_of(q, peek_int(peek_member(params, "id"), -1));

    if (span_eq(method, SPAN("\"changed\""))) {
        q->heard = (uint64_t)peek_int(peek_member(params, "generation"), 0);
    } else if (a && span_eq(method, SPAN("\"part\""))) {
        give_text(a, peek_member(params, "text"));
        if (a->refused)
            cancel_question(q, a);
    } else if (a && span_eq(method, SPAN("\"progress\"")) && a->question.progress) {
        a->question.progress(a->question.ctx, params.at, params.len);
    }
}

/* The greeting was answered: what had to wait for that may go. */
static int take_greeting(struct quotes *q, bool welcome, struct span error)
{
    if (!welcome)
        return die(q, take_error(error, q->death));
    q->greeted = true;
    buf_span(&q->link.out, buf_view(&q->held));
    if (buf_err(&q->link.out))
        return die(q, QUOTES_NOMEM);
    buf_fini(&q->held);
    return 0;
}

/* 0, or the error of which the connection died. */
static int take_frame(struct quotes *q, struct span frame)
{
    struct span result, error;
    struct asking *a;
    int64_t id;

    if (!peek_valid(frame))
        return die(q, QUOTES_PROTOCOL);
    id = peek_int(peek_member(frame, "id"), -1);
    result = peek_member(frame, "result");
    error = peek_member(frame, "error");
    if (id == -1 && peek_member(frame, "method").len)
        take_notification(q, frame);
    else if (id == -1) /* the daemon could not even read an id: it closes now */
        return die(q, take_error(error, q->death));
    else if (id == 0 && !q->greeted)
        return take_greeting(q, result.len, error);
    else if ((a = asking_of(q, id)) && result.len)
        finish(q, a, take_result(q, a, result));
    else if (a) {
        a->answer->column = peek_int(peek_member(peek_member(error, "data"), "column"), 0);
        finish(q, a, take_error(error, a->answer->words));
    }
    return 0;
}

/* Reads once and takes what came. 1, 0 when nothing did, or the error of which the connection died. */
static int receive(struct quotes *q)
{
    struct span frame;
    int came = link_fill(&q->link), rc;

    if (came < 0)
        return die(q, came);
    while ((rc = link_frame(&q->link, &frame)) == 1)
        if ((rc = take_frame(q, frame)) < 0)
            return rc;
    return rc < 0 ? die(q, rc) : came;
}

/* Tells the daemon of questions that their callers cancelled. True when there are callers who may. */
static bool look_at_cancels(struct quotes *q)
{
    bool any = false;

    for (size_t i = 0; i < QUOTES_AT_ONCE; i++) {
        struct asking *a = &q->asking[i];

        if (!a->id || !a->question.cancel || a->cancelled)
            continue;
        any = true;
        if (*a->question.cancel)
            cancel_question(q, a);
    }
    return any;
}

/* Waits for something to come, and takes it. *quiet: since when the daemon says nothing; 0 at first. */
static void wait_once(struct quotes *q, int64_t *quiet)
{
    bool cancellable = look_at_cancels(q);
    int64_t now = q->timeout_ms ? now_ms() : 0, left = -1;
    int rc;

    if (!*quiet)
        *quiet = now;
    if (q->timeout_ms && (left = *quiet + q->timeout_ms - now) <= 0) {
        (void)die(q, QUOTES_TIMEOUT);
        return;
    }
    if (cancellable && (left < 0 || left > CANCEL_MS))
        left = CANCEL_MS;
    link_flush(&q->link);
    rc = link_wait(&q->link, (int)left);
    if (rc < 0)
        (void)die(q, rc);
    else if (rc && receive(q) == 1)
        *quiet = 0;
}

/* ---- the cache --------------------------------------------------------------------------------------- */

static bool read_instance(struct span hex, uint8_t instance[CACHE_INSTANCE])
{
    uint32_t four;

    if (hex.len != 2 + 2 * CACHE_INSTANCE)
        return false;
    for (size_t i = 0; i < CACHE_INSTANCE; i += 2) {
        if (!peek_hex4_(hex.at + 1 + 2 * i, hex.at + hex.len, &four))
            return false;
        instance[i] = (uint8_t)(four >> 8);
        instance[i + 1] = (uint8_t)four;
    }
    return true;
}

/* Takes the descriptor that came with the answer to `cache`. */
static int take_cache(void *ctx, const char *text, size_t len)
{
    struct quotes *q = ctx;
    uint8_t instance[CACHE_INSTANCE];

    if (q->link.got >= 0 && read_instance(peek_member((struct span){text, len}, "instance"), instance))
        (void)cache_map(&q->cache, q->link.got, instance);
    q->hits = 0;
    if (q->link.got >= 0)
        close(q->link.got); /* the mapping holds the memory; a program may close any descriptor under us */
    q->link.got = -1;
    return 0;
}

/* Asks for the segment, when there is none or its daemon has gone. Until it is there everything is asked over the socket. */
static void fetch_cache(struct quotes *q)
{
    struct quotes_question question = {.method = "cache", .piece = take_cache, .ctx = q};
    struct asking *a = &q->asking[QUOTES_AT_ONCE];
    int64_t now = now_ms();

    if (q->dead || a->id || (q->fetched && now - q->fetched < CACHE_AGAIN_MS))
        return;
    q->fetched = now;
    cache_unmap(&q->cache);
    q->cache_answer.words[0] = '\0';
    (void)start(q, a, &question, &q->cache_answer);
}

/* Copies an answer out of the segment: straight to where the caller wants it, if that has room for all of it. */
static bool look_up(struct quotes *q, const struct quotes_question *question, struct span key,
                    struct kept *kept)
{
    uint64_t *at = &q->hot[q->hits % CACHE_TOLD];
    long n;

    if (question->buffer && !question->piece &&
        (n = cache_get_at(&q->cache, key, question->buffer, question->size, at)) >= 0 &&
        kept_take((struct span){question->buffer, (size_t)n}, kept) && !kept->hints.len)
        return true;
    if (question->buffer && question->size)
        question->buffer[0] = '\0';
    return (q->room || (q->room = malloc(CACHE_VALUE))) &&
           (n = cache_get_at(&q->cache, key, q->room, CACHE_VALUE, at)) >= 0 &&
           kept_take((struct span){q->room, (size_t)n}, kept);
}

/* Gives pieces of an answer that was copied into our room. */
static void give_kept(const struct quotes *q, const struct quotes_question *question,
                      struct quotes_answer *answer, const struct kept *kept)
{
    struct asking a = {.question = *question, .answer = answer};

    if (kept->hints.len)
        take_hints(kept->hints, answer->words);
    if (!give_piece(&a, kept->answer)) {
        answer->code = QUOTES_CANCELLED;
        explain(answer->code, q, answer->words);
    }
}

/* Gives an answer that lies in the segment. */
static bool answer_from_cache(struct quotes *q, const struct quotes_question *question,
                              struct quotes_answer *answer)
{
    char key[CACHE_KEY];
    struct kept kept;
    size_t len;

    if (!cache_alive(&q->cache)) {
        fetch_cache(q);
        return false;
    }
    len = question_key(span_of(question->method), params_of(question), key);
    if (!len || !look_up(q, question, (struct span){key, len}, &kept))
        return false;
    q->hits++;
    answer->code = 0;
    answer->found = kept.found;
    answer->shown = kept.shown;
    answer->people = kept.people;
    if (kept.answer.at == question->buffer) {
        question->buffer[kept.answer.len] = '\0'; /* the numbers stood there */
        answer->bytes = kept.answer.len;
    } else {
        give_kept(q, question, answer, &kept);
    }
    return true;
}

unsigned long long quotes_generation(const struct quotes *q)
{
    return cache_alive(&q->cache) ? atomic_load_explicit(&q->cache.at->generation, memory_order_relaxed)
                                  : q->heard;
}

/* ---- questions --------------------------------------------------------------------------------------- */

/* A place for a question, or NULL. */
static struct asking *place(struct quotes *q)
{
    for (size_t i = 0; i < QUOTES_AT_ONCE; i++)
        if (!q->asking[i].id)
            return &q->asking[i];
    return NULL;
}

/* As quotes_begin, but nothing is sent yet. */
static int begin(struct quotes *q, const struct quotes_question *question, struct quotes_answer *answer)
{
    struct asking *a;
    int rc;

    answer->bytes = 0;
    answer->found = answer->shown = answer->people = -1;
    answer->column = 0;
    answer->words[0] = '\0'; /* the rest of it need not be cleared */
    if (question->buffer && question->size)
        question->buffer[0] = '\0';
    if (!link_is_ours(&q->link))
        return answer->code = link_fail(answer->words, QUOTES_GONE, FORKED);
    if (q->wants_cache && answer_from_cache(q, question, answer))
        return answer->code;
    if (q->dead) {
        memcpy(answer->words, q->death, QUOTES_WORDS);
        return answer->code = q->dead;
    }
    rc = (a = place(q)) ? start(q, a, question, answer) : QUOTES_BUSY;
    if (rc < 0)
        explain(rc, q, answer->words);
    return answer->code = rc;
}

int quotes_begin(struct quotes *q, const struct quotes_question *question, struct quotes_answer *answer)
{
    int rc = begin(q, question, answer);

    if (rc == QUOTES_WAITING)
        link_flush(&q->link);
    return rc;
}

int quotes_turn(struct quotes *q)
{
    int rc = 0;

    if (q->dead)
        return q->dead;
    if (!link_is_ours(&q->link)) {
        (void)link_fail(q->death, QUOTES_GONE, FORKED);
        return die(q, QUOTES_GONE);
    }
    (void)look_at_cancels(q);
    link_flush(&q->link);
    for (int reads = 0; reads < TURN_READS && (rc = receive(q)) == 1; reads++)
        link_flush(&q->link); /* what waited for the greeting */
    return rc < 0 ? rc : (int)(q->open - (q->asking[QUOTES_AT_ONCE].id != 0));
}

/* Who waits anyway waits for the cache first: the question may be answered there. */
static void await_cache(struct quotes *q)
{
    int64_t quiet = 0;

    while (q->asking[QUOTES_AT_ONCE].id && link_is_ours(&q->link))
        wait_once(q, &quiet);
}

int quotes_ask(struct quotes *q, const struct quotes_question *question, struct quotes_answer *answer)
{
    int64_t quiet = 0;

    await_cache(q);
    if (begin(q, question, answer) == QUOTES_WAITING)
        while (answer->code == QUOTES_WAITING)
            wait_once(q, &quiet);
    return answer->code;
}

int quotes_ask_many(struct quotes *q, const struct quotes_question *questions, struct quotes_answer *answers,
                    size_t count)
{
    int64_t quiet = 0;
    size_t begun = 0;

    await_cache(q);
    while (begun < count) {
        if (q->dead || !link_is_ours(&q->link) || place(q))
            (void)begin(q, &questions[begun], &answers[begun]), begun++;
        else
            wait_once(q, &quiet);
    }
    for (size_t i = 0; i < count; i++)
        while (answers[i].code == QUOTES_WAITING)
            wait_once(q, &quiet);
    for (size_t i = 0; i < count; i++)
        if (answers[i].code < 0)
            return answers[i].code;
    return 0;
}

void quotes_drop(struct quotes *q, struct quotes_answer *answer)
{
    for (size_t i = 0; i < QUOTES_AT_ONCE; i++) {
        struct asking *a = &q->asking[i];

        if (!a->id || a->answer != answer || !link_is_ours(&q->link))
            continue;
        cancel_question(q, a);
        finish(q, a, QUOTES_CANCELLED); /* what still comes has nobody to go to */
        link_flush(&q->link);
    }
}

/* ---- a connection ------------------------------------------------------------------------------------ */

int quotes_open(const struct quotes_options *options, struct quotes **out, char *words)
{
    struct quotes_options o = options ? *options : (struct quotes_options){0};
    struct quotes *q;
    int rc;

    *out = NULL;
    if (words)
        words[0] = '\0';
    if (o.index && o.index[0] != '/')
        return link_fail(words, QUOTES_ARGS, "the index %s must be named by its absolute path", o.index);
    if (o.timeout_ms < 0)
        return link_fail(words, QUOTES_ARGS, "a time limit cannot be less than 0");
    if (!(q = calloc(1, sizeof *q)))
        return link_fail(words, QUOTES_NOMEM, "%s", err_words(QUOTES_NOMEM));
    if ((rc = link_open(&q->link, &o, words)) < 0) {
        free(q);
        return rc;
    }
    q->timeout_ms = o.timeout_ms;
    q->wants_cache = o.cache != 0;
    q->held = BUF_INIT(QUOTES_AT_ONCE * (size_t)LIMIT_FRAME);
    if ((rc = put_greeting(q, &o)) < 0) {
        quotes_close(q);
        return link_fail(words, rc, "%s", err_words(rc));
    }
    if (q->wants_cache)
        fetch_cache(q);
    link_flush(&q->link);
    *out = q;
    return 0;
}

int quotes_fd(const struct quotes *q)
{
    return q->link.fd;
}

short quotes_events(const struct quotes *q)
{
    return (short)(POLLIN | (q->link.out.len ? POLLOUT : 0));
}

void quotes_close(struct quotes *q)
{
    if (!q)
        return;
    link_close(&q->link);
    cache_unmap(&q->cache);
    buf_fini(&q->held);
    free(q->room);
    free(q);
}
