#include "client/ask.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/commands.h"
#include "client/out.h"
#include "client/start.h"
#include "client/term.h"
#include "wire/paths.h"
#include "wire/requests.h"

enum { SILENCE_MS = 60000 }; /* a question that takes longer meets a daemon that hangs */

bool call_given(const struct call *c, enum option option)
{
    return c->options.given >> option & 1;
}

/* ---- parameters -------------------------------------------------------------------------------------- */

/* True when the request has a parameter of that name. */
static bool takes(const char *method, const char *name)
{
    const struct request_row *row = request_find(method, strlen(method));

    return row && request_param(row, name, strlen(name));
}

/* How text is laid out: in colour, under headings and wrapped for a person at a terminal; else a line a quote. */
static void put_layout(struct buf *b, const struct call *c, const char *method)
{
    const struct options *o = &c->options;
    bool terminal = term_is(STDOUT_FILENO);
    unsigned width = call_given(c, OPTION_WIDTH) ? o->width : terminal ? term_width(STDOUT_FILENO) : 0;

    if (takes(method, "color"))
        json_put_bool(b, "color",
                      o->color == COLOR_ALWAYS || (o->color == COLOR_AUTO && term_color(STDOUT_FILENO)));
    if (takes(method, "headings"))
        json_put_bool(b, "headings", terminal);
    if (takes(method, "width"))
        json_put_int(b, "width", width);
}

/* What is asked about a query, besides its rows. */
static void put_question(struct buf *b, const struct call *c)
{
    if (c->options.sort)
        json_put_text(b, "sort", span_of(c->options.sort));
    if (c->options.by)
        json_put_text(b, "facet", span_of(c->options.by));
    if (call_given(c, OPTION_COUNT))
        json_put_bool(b, "count", true);
    if (call_given(c, OPTION_EXPLAIN))
        json_put_bool(b, "explain", true);
    if (call_given(c, OPTION_BRIEF))
        json_put_bool(b, "brief", true);
}

struct buf ask_params(const struct call *c, const char *method)
{
    static const char *const formats[] = {[TEXT] = "text", [JSON] = "json", [JSONL] = "jsonl", [CSV] = "csv"};
    const struct options *o = &c->options;
    struct buf b = BUF_INIT(LIMIT_FRAME);

    buf_char(&b, '{');
    if (takes(method, "format"))
        json_put_text(&b, "format", span_of(formats[o->format]));
    if (o->format == TEXT)
        put_layout(&b, c, method);
    if (takes(method, "limit"))
        json_put_int(&b, "limit", o->limit);
    if (takes(method, "stem") && o->stem)
        json_put_text(&b, "stem", span_of(o->stem));
    if (takes(method, "offset") && o->offset)
        json_put_int(&b, "offset", o->offset);
    if (takes(method, "deadline_ms") && call_given(c, OPTION_DEADLINE))
        json_put_int(&b, "deadline_ms", (int64_t)o->deadline_s * 1000);
    if (takes(method, "facet"))
        put_question(&b, c);
    return b;
}

/* The operands from `first` up to `end`, with spaces between. */
static struct buf join(const struct call *c, size_t first, size_t end)
{
    struct buf text = BUF_INIT(LIMIT_FRAME);

    for (size_t i = first; i < end; i++) {
        if (i > first)
            buf_char(&text, ' ');
        buf_str(&text, c->operands[i]);
    }
    return text;
}

void ask_operands(struct buf *params, const char *name, const struct call *c, size_t first, size_t end)
{
    struct buf text = join(c, first, end);

    json_put_text(params, name, buf_view(&text));
    buf_fini(&text);
}

/* ---- connecting -------------------------------------------------------------------------------------- */

int ask_status(int error)
{
    switch (error) {
    case QUOTES_NO_DAEMON:
        return EXIT_NO_DAEMON;
    case QUOTES_GONE:
    case QUOTES_BUSY:
    case QUOTES_SHUTDOWN:
    case QUOTES_TIMEOUT:
        return EXIT_AGAIN;
    case QUOTES_CANCELLED:
        return EXIT_INTERRUPTED;
    default:
        return EXIT_TROUBLE;
    }
}

/* Commands that may be silent for long, because they change or walk through everything. */
static bool is_patient(const struct call *c)
{
    static const char *const names[] = {"add", "rm", "reindex", "dump", "verify", "stop"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(c->command->name, names[i]) == 0)
            return true;
    return false;
}

/* How long the daemon may say nothing. */
static int silence_ms(const struct call *c)
{
    unsigned deadline_s = c->options.deadline_s;

    if (is_patient(c) || (call_given(c, OPTION_DEADLINE) && deadline_s == 0))
        return 0;
    return deadline_s * 1000 + SILENCE_MS > INT_MAX ? 0 : (int)(deadline_s * 1000) + SILENCE_MS;
}

int ask_connect(struct call *c)
{
    struct options *o = &c->options;
    struct quotes_options where = {.client = "quotes"};
    struct paths p;
    char words[QUOTES_WORDS], detail[200];
    int rc;

    if (c->q)
        return 0;
    if (paths_find(&p, false, o->index, o->socket, detail) < 0) {
        say("the socket of quoted cannot be named: %s", detail);
        return EXIT_TROUBLE;
    }
    /* An index that was named must be the one that answers. Otherwise the settings of the daemon may name it. */
    where.index = o->index || getenv("QUOTED_INDEX") ? p.index : NULL;
    where.socket = o->socket ? p.socket : NULL;
    where.timeout_ms = call_given(c, OPTION_TIMEOUT) ? (int)o->timeout_s * 1000 : silence_ms(c);
    rc = quotes_open(&where, &c->q, words);
    if (rc == QUOTES_NO_DAEMON && !call_given(c, OPTION_NO_DAEMON)) {
        if ((rc = start_daemon(&p)) != 0)
            return rc;
        rc = quotes_open(&where, &c->q, words);
    }
    if (rc == 0)
        return 0;
    say("%s", words);
    return ask_status(rc);
}

/* ---- asking ------------------------------------------------------------------------------------------ */

/* Shows the query and, below it, where it cannot be read. Columns are characters, from 1. */
static void point_at(const struct call *c, long long column)
{
    struct buf query = join(c, c->query_from, c->count);

    if (query.len && column > 0 && (size_t)column <= query.len + 1 && query.len <= LIMIT_QUERY)
        say_more("  %.*s\n  %*s^", (int)query.len, query.at, (int)column - 1, "");
    buf_fini(&query);
}

static void say_trouble(const struct call *c, int rc, const struct quotes_answer *answer)
{
    say("%s", answer->words);
    if (rc == QUOTES_OTHER_INDEX)
        say_more("Name that index (QUOTED_INDEX or --index), or the socket of another daemon (QUOTED_SOCKET "
                 "or --socket).");
    else if (rc == QUOTES_SYNTAX) {
        point_at(c, answer->column);
        say_more("How a query is written: quotes help query");
    } else if (rc == QUOTES_GONE && is_patient(c) && c->command->run != stop_run)
        say_more("What was written stays. Run the same command again: it continues where it was.");
    else if (rc == QUOTES_DEADLINE)
        say_more(
            "Ask for less, or give it more time: --deadline=60, or --deadline=0 for as long as it takes.");
    else if (ask_status(rc) == EXIT_AGAIN)
        say_more("Run the same command again.");
}

struct sink {
    struct quotes_question *question;
    bool begun; /* a piece has come, so the question cannot be asked again */
};

static int sink_piece(void *ctx, const char *text, size_t len)
{
    struct sink *s = ctx;

    s->begun = true;
    return s->question->piece ? s->question->piece(s->question->ctx, text, len) : 0;
}

static void sink_progress(void *ctx, const char *json, size_t len)
{
    struct sink *s = ctx;

    s->begun = true;
    if (s->question->progress)
        s->question->progress(s->question->ctx, json, len);
}

int ask(struct call *c, const char *method, struct buf *params, struct quotes_question *question,
        struct quotes_answer *answer)
{
    struct sink sink = {.question = question};
    struct quotes_question passed = *question;
    int rc, status;

    buf_char(params, '}');
    buf_char(params, '\0');
    if (buf_err(params)) {
        say("the question is longer than the %u bytes that quoted takes", LIMIT_FRAME);
        buf_fini(params);
        return EXIT_TROUBLE;
    }
    passed.method = method;
    passed.params = params->at;
    passed.piece = sink_piece;
    passed.progress = sink_progress;
    passed.ctx = &sink;
    for (int attempt = 0;; attempt++) {
        if ((status = ask_connect(c)) != 0)
            break;
        rc = quotes_ask(c->q, &passed, answer);
        if (rc == 0)
            break;
        /* A daemon ends after idle minutes, perhaps just when it is asked. A question may be asked twice. */
        if ((rc == QUOTES_GONE || rc == QUOTES_SHUTDOWN) && attempt == 0 && !sink.begun && !is_patient(c)) {
            quotes_close(c->q);
            c->q = NULL;
            continue;
        }
        status = ask_status(rc);
        if (rc != QUOTES_CANCELLED)
            say_trouble(c, rc, answer);
        break;
    }
    buf_fini(params);
    return status;
}

static int print_piece(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    return out_put(text, len);
}

int ask_print(struct call *c, const char *method, struct buf *params, const char *nothing, ...)
{
    struct quotes_question question = {.piece = print_piece};
    struct quotes_answer answer;
    char words[1024];
    va_list ap;
    int status = ask(c, method, params, &question, &answer);

    if (status == EXIT_INTERRUPTED)
        return out_end(
            EXIT_FOUND); /* we cancelled it ourselves: nobody reads any more, or the disk is full */
    if (status != 0)
        return out_end(status);
    if (answer.found != 0)
        return out_end(EXIT_FOUND);
    va_start(ap, nothing);
    vsnprintf(words, sizeof words, nothing, ap);
    va_end(ap);
    if (!call_given(c, OPTION_QUIET)) {
        say("%s", words);
        if (answer.words[0])
            say_more("%s", answer.words);
    }
    return out_end(EXIT_NOTHING);
}
