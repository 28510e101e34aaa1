#include "daemon/serve.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "daemon/call.h"
#include "daemon/log.h"
#include "daemon/many.h"
#include "daemon/server.h"
#include "daemon/session.h"
#include "daemon/status.h"
#include "wire/version.h"

/* Having spent so much on reading the index, the loop leaves that to threads until it has looked who asks. */
enum { LOOP_READ_NS = 100000 };

/* A function of the table: answers the call (it is settled), or leaves it with a thread. */
typedef void (*serve_fn)(struct server *server, struct call *c);

static void done(struct call *c)
{
    c->kind = CALL_OBJECT;
    c->settled = true;
}

/* ---- initialize ---- */

/* The same folder may be named in several ways. */
static bool is_our_index(const struct server *server, const char *named)
{
    char ours[PATH_MAX], theirs[PATH_MAX];

    if (strcmp(named, server->paths.index) == 0)
        return true;
    return realpath(server->paths.index, ours) && realpath(named, theirs) && strcmp(ours, theirs) == 0;
}

static void initialize(struct server *server, struct call *c)
{
    const char *named = call_text(c, "index");
    int64_t newest = call_int(c, "protocol", PROTOCOL_VERSION);

    if (newest < PROTOCOL_OLDEST || call_int(c, "oldest", PROTOCOL_OLDEST) > PROTOCOL_VERSION) {
        call_fail(c, WIRE_VERSION, "this daemon speaks versions %d to %d of the protocol", PROTOCOL_OLDEST,
                  PROTOCOL_VERSION);
        json_put_int(&c->object, "oldest", PROTOCOL_OLDEST);
        json_put_int(&c->object, "protocol", PROTOCOL_VERSION);
        return;
    }
    if (named && !is_our_index(server, named)) {
        call_fail(c, WIRE_OTHER_INDEX, "this daemon serves another index: %.400s", server->paths.index);
        return;
    }
    json_put_int(&c->object, "protocol", newest < PROTOCOL_VERSION ? newest : PROTOCOL_VERSION);
    json_put_int(&c->object, "format_version", FORMAT_VERSION);
    json_put_text(&c->object, "daemon", SPAN("quoted " QUOTED_VERSION));
    json_put_text(&c->object, "index", span_of(server->paths.index));
    json_key(&c->object, "limits");
    buf_char(&c->object, '{');
    for (const struct wire_limit *limit = wire_limits; limit->name; limit++)
        json_put_int(&c->object, limit->name, limit->value);
    buf_char(&c->object, '}');
    done(c);
}

static void subscribe(struct server *server, struct call *c)
{
    struct session *s = c->session;
    const json_t *on = json_object_get(c->params, "on");

    s->subscribed = !on || json_is_true(on);
    s->heard = atomic_load(&server->generation);
    json_put_int(&c->object, "generation", (int64_t)s->heard);
    done(c);
}

/* ---- the cache ---- */

/* Answers show what others asked: the memory is for programs of the same person alone. */
static bool may_share(struct server *server, struct call *c)
{
    if (!server->system && c->session->uid == geteuid())
        return true;
    call_fail(c, WIRE_NOT_ALLOWED, "the cache is for programs of the person whose daemon this is");
    return false;
}

static void cache(struct server *server, struct call *c)
{
    uint8_t instance[CACHE_INSTANCE];
    char text[2 * CACHE_INSTANCE + 1];
    uint64_t size;
    int fd;

    if (!may_share(server, c))
        return;
    if (c->batch || (fd = keeper_fd(&server->keeper, instance, &size)) < 0) {
        call_fail(c, ERR_NOTFOUND,
                  c->batch ? "the cache cannot be had in a batch" : "this daemon keeps no answers");
        return;
    }
    for (size_t i = 0; i < CACHE_INSTANCE; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", instance[i]);
    c->pass = fd;
    json_put_text(&c->object, "instance", span_of(text));
    json_put_int(&c->object, "size", (int64_t)size);
    done(c);
}

static void hits(struct server *server, struct call *c)
{
    const json_t *named = json_object_get(c->params, "slots"), *slot;
    uint64_t slots[CACHE_TOLD] = {0}, all;
    size_t i;

    if (!may_share(server, c))
        return;
    json_array_foreach(named, i, slot)
    {
        slots[i] = (uint64_t)json_integer_value(slot);
    }
    all = keeper_told_hits(&server->keeper, (uint64_t)call_int(c, "count", 0), slots, json_array_size(named));
    json_put_int(&c->object, "hits", (int64_t)all);
    done(c);
}

/* ---- asking ---- */

/* What one ask may touch before it has a thread to itself. */
bool serve_is_bounded(const struct ask *ask)
{
    if (ask->verb == ASK_SHOW || ask->verb == ASK_CONTEXT)
        return true;
    if ((ask->verb == ASK_BY || ask->verb == ASK_SEARCH) && ask->count)
        return true;
    return (ask->verb == ASK_BY || ask->verb == ASK_SEARCH || ask->verb == ASK_SPEAKERS) && ask->limit >= 1 &&
           ask->limit <= MANY_ROWS;
}

/* Asks and leaves the answer in the call. */
static int ask_index(struct server *server, struct index_view *view, struct call *c,
                     const volatile bool *cancel)
{
    int rc;

    if (view)
        c->generation = index_view_generation(view);
    if (c->method == REQUEST_STATUS)
        rc = status_answer(server, view, c);
    else if (c->method == REQUEST_LOOKUP_MANY)
        rc = many_answer(server, view, c);
    else
        rc = index_ask(view, &c->ask, answer_put, &c->answer, cancel, &c->result);
    if (rc >= 0)
        rc = answer_end(&c->answer);
    return guard_note(&server->guard, rc < 0 ? rc : 0);
}

/* The result of an ask that ended. */
static void conclude(struct call *c, int rc)
{
    if (rc >= 0) {
        c->kind = c->method == REQUEST_LOOKUP_MANY ? CALL_MANY : CALL_ANSWER;
        c->settled = true;
        return;
    }
    answer_fini(&c->answer);
    if (rc == ERR_CANCELLED && c->late)
        rc = ERR_DEADLINE;
    if (rc == ERR_CANCELLED) {
        call_fail(c, WIRE_CANCELLED, "cancelled");
        return;
    }
    call_fail(c, rc, "%s", c->result.detail[0] ? c->result.detail : err_words(rc));
    if (rc == ERR_SYNTAX && c->result.column)
        json_put_int(&c->object, "column", c->result.column);
}

/* True when reading on the loop would make others wait: a connection with more than one question under way has threads for
 * them, and so have all when the loop has read enough since it last looked who asks. */
static bool is_crowded(const struct server *server, const struct call *c)
{
    return (c->session && c->session->calls_count > 1) || server->read_ns > LOOP_READ_NS;
}

/* 0, or the error of the whole; or 1 when it is too much for the loop. */
static int read_now(struct server *server, struct call *c, bool wait)
{
    struct index_view *view = NULL;
    int rc = guard_view(&server->guard, wait, &view);

    if (rc == ERR_BUSY && !wait)
        return 1;
    if (rc < 0 && c->method != REQUEST_STATUS) /* the status can say what is wrong */
        return rc;
    if (!wait)
        c->cost = index_ask_cost(view, &c->ask);
    if (!wait && (c->cost > LIMIT_ANSWER_LOOP || !serve_is_bounded(&c->ask) || is_crowded(server, c)))
        rc = 1;
    else
        rc = ask_index(server, view, c, &c->cancel);
    guard_view_close(&server->guard, &view);
    return rc;
}

void serve_read(struct server *server, struct call *c, bool wait)
{
    int rc = wait && c->cancel ? ERR_CANCELLED : read_now(server, c, wait);

    if (rc != 1)
        conclude(c, rc);
}

void serve_ask(struct server *server, struct index_view *view, struct call *c, const volatile bool *cancel)
{
    conclude(c, ask_index(server, view, c, cancel));
}

/* Small questions are answered here and now: a hop to another thread would take longer than they do. */
static void ask(struct server *server, struct call *c)
{
    if (c->method != REQUEST_STATUS) {
        uint64_t began = uv_hrtime();

        serve_read(server, c, false);
        server->read_ns += uv_hrtime() - began;
    }
    if (c->settled)
        return;
    c->heavy = c->method != REQUEST_STATUS && (c->ask.verb == ASK_DUMP || c->ask.verb == ASK_VERIFY ||
                                               c->ask.verb == ASK_FILES || c->cost > LIMIT_ANSWER_QUICK);
    work_give(&server->work, c);
}

/* Those whose answers are all kept never come here: keeper.c has answered them. */
static void lookup_many(struct server *server, struct call *c)
{
    const char *named = call_text(c, "method");
    const struct request_row *row = request_find(named, strlen(named));

    if (!row || row->kept == KEPT_NEVER)
        call_fail(c, WIRE_PARAMS, "lookup_many: method must be by, search, show, context or speakers");
    else if (c->batch)
        call_fail(c, WIRE_REQUEST, "lookup_many cannot stand in a batch");
    else
        work_give(&server->work, c);
}

/* ---- changing ---- */

static void give_writer(struct server *server, struct call *c)
{
    int rc = writer_give(&server->writer, c);

    if (rc == ERR_CANCELLED)
        call_fail(c, WIRE_SHUTDOWN, "the daemon is ending");
    else if (rc < 0)
        call_fail(c, rc, "%s", err_words(rc));
}

/* Replaces a text of the document, when the piece names one. */
static int set_text(char **text, const struct call *c, const char *name)
{
    const char *value = call_text(c, name);
    char *copy;

    if (!value || !*value)
        return 0;
    if (!(copy = strdup(value)))
        return ERR_NOMEM;
    free(*text);
    *text = copy;
    return 0;
}

static int add_piece(struct server *server, struct document *d, const struct call *c)
{
    const char *text = call_text(c, "text");
    size_t before = d->text.len;
    int rc;

    if ((rc = set_text(&d->name, c, "name")) < 0 || (rc = set_text(&d->title, c, "title")) < 0 ||
        (rc = set_text(&d->date, c, "date")) < 0 || (rc = set_text(&d->source, c, "source")) < 0 ||
        (rc = set_text(&d->url, c, "url")) < 0)
        return rc;
    buf_str(&d->text, text);
    server->put_bytes += d->text.len - before;
    return buf_err(&d->text);
}

static void end_put(struct server *server, struct session *s)
{
    server->put_bytes -= s->put->text.len;
    free(s->put);
    s->put = NULL;
}

/* The pieces gather in the session; the last takes the whole to the writer. */
static void put(struct server *server, struct call *c)
{
    struct session *s = c->session;
    int rc = 0;

    if (!s->put) {
        if (server->put_bytes > 4 * LIMIT_INBOX) /* of several clients, who each stopped half way */
            rc = ERR_BUSY;
        else if (!(s->put = calloc(1, sizeof *s->put)))
            rc = ERR_NOMEM;
        else
            s->put->text = BUF_INIT(LIMIT_INBOX);
    }
    if (rc == 0 && (rc = add_piece(server, s->put, c)) < 0) {
        struct document dropped = *s->put;

        end_put(server, s);
        document_fini(&dropped);
    }
    if (rc == ERR_TOOBIG) {
        call_fail(c, rc, "a document given this way holds %u MiB at most; save it as a file and add that",
                  LIMIT_INBOX >> 20);
    } else if (rc < 0) {
        call_fail(c, rc, "%s", err_words(rc));
    } else if (call_bool(c, "more")) {
        json_put_int(&c->object, "bytes", (int64_t)s->put->text.len);
        done(c);
    } else if (span_trim(buf_view(&s->put->text)).len == 0) {
        struct document dropped = *s->put;

        end_put(server, s);
        document_fini(&dropped);
        call_fail(c, ERR_EMPTY, "the document holds no text");
    } else {
        c->document = *s->put;
        end_put(server, s);
        give_writer(server, c);
    }
}

static void stop(struct server *server, struct call *c)
{
    json_put_bool(&c->object, "stopping", true);
    done(c);
    server_stop(server, "it was asked to");
}

/* ---- the table ---- */

/* clang-format off */
static const struct {
    serve_fn run;
    bool changes; /* only for those who may change the index */
    int verb;     /* of the ask, or -1 */
} methods[REQUESTS] = {
    [REQUEST_INITIALIZE] = { initialize,  false, -1 },
    [REQUEST_CACHE]      = { cache,       false, -1 },
    [REQUEST_HITS]       = { hits,        false, -1 },
    [REQUEST_SUBSCRIBE]  = { subscribe,   false, -1 },
    [REQUEST_STATUS]     = { ask,         false, -1 },
    [REQUEST_BY]         = { ask,         false, ASK_BY },
    [REQUEST_SEARCH]     = { ask,         false, ASK_SEARCH },
    [REQUEST_SHOW]       = { ask,         false, ASK_SHOW },
    [REQUEST_CONTEXT]    = { ask,         false, ASK_CONTEXT },
    [REQUEST_SPEAKERS]   = { ask,         false, ASK_SPEAKERS },
    [REQUEST_LOOKUP_MANY] = { lookup_many, false, -1 },
    [REQUEST_FILES]      = { ask,         false, ASK_FILES },
    [REQUEST_DUMP]       = { ask,         false, ASK_DUMP },
    [REQUEST_VERIFY]     = { ask,         false, ASK_VERIFY },
    [REQUEST_ADD]        = { give_writer, true,  -1 },
    [REQUEST_PUT]        = { put,         true,  -1 },
    [REQUEST_RM]         = { give_writer, true,  -1 },
    [REQUEST_REINDEX]    = { give_writer, true,  -1 },
    [REQUEST_STOP]       = { stop,        true,  -1 },
};
/* clang-format on */

static uint64_t clock_ns(void)
{
    return uv_hrtime();
}

/* When the answer must be there. Whoever asks for everything waits as long as it takes, unless he says otherwise. */
static void set_deadline(struct server *server, struct call *c)
{
    bool many = c->method == REQUEST_LOOKUP_MANY, some = many || c->ask.limit || c->ask.count || c->ask.facet;
    bool searches = many || c->method == REQUEST_BY || c->method == REQUEST_SEARCH ||
                    c->method == REQUEST_SPEAKERS;
    int64_t ms = searches ? call_int(c, "deadline_ms", some ? LIMIT_DEADLINE_MS : 0) : 0;

    c->deadline = ms ? uv_now(server->loop) + (uint64_t)ms : 0;
}

static int fill_order(struct call *c)
{
    const char *sort = call_text(c, "sort"), *facet = call_text(c, "facet");

    if (sort && !ask_sort_named(span_of(sort), &c->ask.sort)) {
        call_fail(c, WIRE_PARAMS, "sort must be date, -date, speaker or relevance, not \"%.40s\"", sort);
        return -1;
    }
    if (facet && !ask_facet_named(span_of(facet), &c->ask.facet)) {
        call_fail(c, WIRE_PARAMS, "facet must be speaker, source or month, not \"%.40s\"", facet);
        return -1;
    }
    return 0;
}

/* A text of the question; an empty one, never NULL, when it was left out. */
static struct span asked(const struct call *c, const char *name)
{
    const char *text = call_text(c, name);

    return text ? span_of(text) : SPAN("");
}

static int fill_ask(struct call *c)
{
    const char *format = call_text(c, "format");
    int verb = methods[c->method].verb;

    c->ask = (struct ask){.verb = verb < 0 ? ASK_FILES : (enum ask_verb)verb,
                          .format = c->method == REQUEST_DUMP ? FORMAT_JSONL : FORMAT_JSON,
                          .speaker = asked(c, "speaker"),
                          .query = asked(c, "query"),
                          .stem = asked(c, "stem"),
                          .id = asked(c, "id"),
                          .limit = (uint32_t)call_int(c, "limit", 0),
                          .offset = (uint32_t)call_int(c, "offset", 0),
                          .context = (uint32_t)call_int(c, "context", 1),
                          .count = call_bool(c, "count"),
                          .explain = call_bool(c, "explain"),
                          .brief = call_bool(c, "brief"),
                          .clock_ns = clock_ns,
                          .why = call_bool(c, "why"),
                          .only_skipped = call_bool(c, "only_skipped"),
                          .color = call_bool(c, "color"),
                          .group = call_bool(c, "headings"),
                          .width = (uint32_t)call_int(c, "width", 0)};
    if (format && call_format_named(format, &c->ask.format) < 0) {
        call_fail(c, WIRE_PARAMS, "the format must be json, text, jsonl or csv, not \"%.40s\"", format);
        return -1;
    }
    if (c->ask.context > LIMIT_CONTEXT) {
        call_fail(c, WIRE_PARAMS, "context may be %u paragraphs at most", LIMIT_CONTEXT);
        return -1;
    }
    return fill_order(c);
}

int serve_prepare(struct call *c)
{
    return call_check(c) < 0 || fill_ask(c) < 0 ? -1 : 0;
}

void serve(struct server *server, struct call *c)
{
    uid_t uid = c->session->uid;

    c->began = uv_now(server->loop);
    if (serve_prepare(c) < 0)
        return;
    set_deadline(server, c);
    if (server_stopping(server))
        call_fail(c, WIRE_SHUTDOWN, "the daemon is ending");
    else if (methods[c->method].changes && server->system && uid != 0 && uid != geteuid())
        call_fail(c, WIRE_NOT_ALLOWED, "only root may %s here: this index is shared", call_name(c));
    else
        methods[c->method].run(server, c);
}
