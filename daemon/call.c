#include "daemon/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "daemon/many.h"
#include "wire/cache.h"
#include "wire/kept.h"

enum {
    MAGIC = 0xca11ca11,
    DEPTH = 32,                /* brackets inside brackets: our requests need three */
    ID_MAX = 200,              /* bytes of an id: it is repeated in every part */
    RESPONSE_MAX = 8 * 1048576 /* bytes of a line that we write: a part of control characters grows sixfold */
};

/* ---- reading a message ---- */

/* How deep the brackets go, without looking at what stands in texts. */
static int depth(struct span s)
{
    int now = 0, most = 0;
    bool text = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];

        if (text && c == '\\')
            i++;
        else if (c == '"')
            text = !text;
        else if (!text && (c == '{' || c == '['))
            most = ++now > most ? now : most;
        else if (!text && (c == '}' || c == ']'))
            now--;
    }
    return most;
}

json_t *call_read(struct span frame, char words[200])
{
    json_error_t error;
    json_t *json;

    if (depth(frame) > DEPTH) {
        snprintf(words, 200, "the JSON nests deeper than %d", DEPTH);
        return NULL;
    }
    json = json_loadb(frame.at, frame.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!json) /* jansson's own words may repeat the text; where it stands is enough */
        snprintf(words, 200, "this is not JSON (column %d)", error.column);
    return json;
}

static struct call *allocate(const char *index_dir)
{
    struct call *c = calloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->magic = MAGIC;
    c->object = BUF_INIT(RESPONSE_MAX);
    c->document.text = BUF_INIT(LIMIT_INBOX);
    answer_init(&c->answer, index_dir);
    return c;
}

/* The id as JSON. A message without one is a notification; 0 then too, and *id stays NULL. */
static int read_id(const json_t *message, char **id)
{
    const json_t *value = json_object_get(message, "id");

    if (!value)
        return 0;
    if (!json_is_string(value) && !json_is_integer(value) && !json_is_null(value))
        return ERR_ARGS;
    if (json_is_string(value) && json_string_length(value) > ID_MAX)
        return ERR_ARGS;
    *id = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    return *id ? 0 : ERR_NOMEM;
}

/* What is no request is answered, too, where it has no id with null: nobody can say that it was meant as a notification. */
static void refuse(struct call *c, const char *words)
{
    if (!c->id)
        c->id = strdup("null");
    call_fail(c, WIRE_REQUEST, "%s", words);
}

static bool speaks_2_0(const json_t *message)
{
    const json_t *version = json_object_get(message, "jsonrpc");

    return !version || (json_is_string(version) && strcmp(json_string_value(version), "2.0") == 0);
}

struct call *call_new(const json_t *message, const char *index_dir)
{
    struct call *c = allocate(index_dir);
    const json_t *method = json_object_get(message, "method");
    json_t *params = json_object_get(message, "params");
    const struct request_row *row;

    if (!c)
        return NULL;
    if (!json_is_object(message) || read_id(message, &c->id) < 0) {
        refuse(c, "a request is an object with a method, and an id that is a number or a short text");
    } else if (!speaks_2_0(message)) {
        refuse(c, "jsonrpc must be \"2.0\", or left out");
    } else if (!json_is_string(method)) {
        refuse(c, "the request names no method");
    } else if (!(row = request_find(json_string_value(method), json_string_length(method)))) {
        call_fail(c, WIRE_METHOD, "there is no method \"%.60s\"", json_string_value(method));
    } else {
        c->method = (enum request)(row - request_rows);
        c->params = params && !json_is_null(params) ? json_incref(params)
                                                    : NULL; /* some libraries send null for none */
        if (c->params && !json_is_object(c->params))
            call_fail(c, WIRE_PARAMS, "the parameters must be an object with names");
    }
    return c;
}

struct call *call_own(enum request method, const char *index_dir)
{
    struct call *c = allocate(index_dir);

    if (c) {
        c->method = method;
        c->own = true;
    }
    return c;
}

struct call *call_refusal(int code, const char *words, const char *index_dir)
{
    struct call *c = allocate(index_dir);

    if (c) {
        c->id = strdup("null");
        call_fail(c, code, "%s", words);
    }
    return c;
}

void call_free(struct call *c)
{
    if (!c)
        return;
    if (c->batch && --c->batch->left == 0) {
        buf_fini(&c->batch->out);
        free(c->batch);
    }
    answer_fini(&c->answer);
    document_fini(&c->document);
    buf_fini(&c->object);
    json_decref(c->params);
    free(c->id);
    free(c->key);
    if (c->pass)
        (void)close(c->pass);
    c->magic = 0;
    free(c);
}

/* ---- its parameters ---- */

/* Texts that are part of a question are short; documents and lists of ids may be long. */
static size_t longest(const char *name)
{
    return strcmp(name, "text") == 0 ? LIMIT_FRAME : strcmp(name, "id") == 0 ? 64 * KiB : LIMIT_QUERY;
}

static bool are_paths(const json_t *value)
{
    const json_t *path;
    size_t i;

    json_array_foreach(value, i, path)
    {
        if (!json_is_string(path) || json_string_value(path)[0] != '/' ||
            json_string_length(path) >= LIMIT_PATH)
            return false;
    }
    return json_array_size(value) > 0;
}

static bool are_ints(const json_t *value)
{
    const json_t *n;
    size_t i;

    json_array_foreach(value, i, n)
    {
        if (!json_is_integer(n) || json_integer_value(n) < 0)
            return false;
    }
    return json_is_array(value) && json_array_size(value) <= CACHE_TOLD;
}

static bool are_objects(const json_t *value)
{
    const json_t *object;
    size_t i;

    json_array_foreach(value, i, object)
    {
        if (!json_is_object(object))
            return false;
    }
    return json_is_array(value) && json_array_size(value) <= LIMIT_MANY;
}

static int check_value(struct call *c, const char *name, const json_t *value)
{
    const struct request_row *row = &request_rows[c->method];
    const struct param *p = request_param(row, name, strlen(name));
    const char *wrong = NULL;

    if (!p) {
        call_fail(c, WIRE_PARAMS, "%s has no parameter \"%.60s\"", row->name, name);
        return -1;
    }
    if (p->type == PARAM_TEXT && !json_is_string(value))
        wrong = "must be a text";
    else if (p->type == PARAM_INT && (!json_is_integer(value) || json_integer_value(value) < 0 ||
                                      json_integer_value(value) > UINT32_MAX))
        wrong = "must be a whole number, zero or more";
    else if (p->type == PARAM_BOOL && !json_is_boolean(value))
        wrong = "must be true or false";
    else if (p->type == PARAM_OBJECT && !json_is_object(value))
        wrong = "must be an object with names";
    if (wrong)
        call_fail(c, WIRE_PARAMS, "%s: %s %s", row->name, name, wrong);
    else if (p->type == PARAM_TEXT && json_string_length(value) > longest(name))
        call_fail(c, WIRE_PARAMS, "%s: %s is longer than %zu bytes", row->name, name, longest(name));
    else if (p->type == PARAM_PATHS && !are_paths(value))
        call_fail(c, WIRE_PARAMS, "%s: %s must be a list of absolute paths, each shorter than %u bytes",
                  row->name, name, LIMIT_PATH);
    else if (p->type == PARAM_INTS && !are_ints(value))
        call_fail(c, WIRE_PARAMS, "%s: %s must be a list of whole numbers, %d at most", row->name, name,
                  CACHE_TOLD);
    else if (p->type == PARAM_OBJECTS && !are_objects(value))
        call_fail(c, WIRE_PARAMS, "%s: %s must be a list of objects, %u at most", row->name, name,
                  LIMIT_MANY);
    return c->settled ? -1 : 0;
}

/* The first parameter of the row that may not be left out and was. */
static int check_missing(struct call *c)
{
    const struct request_row *row = &request_rows[c->method];

    for (unsigned i = 0; i < row->param_count; i++)
        if (!row->params[i].otherwise && !json_object_get(c->params, row->params[i].name)) {
            call_fail(c, WIRE_PARAMS, "%s needs the parameter %s", row->name, row->params[i].name);
            return -1;
        }
    return 0;
}

int call_check(struct call *c)
{
    const char *name;
    json_t *value;

    json_object_foreach(c->params, name, value)
    {
        if (check_value(c, name, value) < 0)
            return -1;
    }
    return check_missing(c);
}

const char *call_text(const struct call *c, const char *name)
{
    return json_string_value(json_object_get(c->params, name));
}

int64_t call_int(const struct call *c, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(c->params, name);
    return value ? json_integer_value(value) : otherwise;
}

bool call_bool(const struct call *c, const char *name)
{
    return json_is_true(json_object_get(c->params, name));
}

/* ---- its end ---- */

void call_fail(struct call *c, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->message, sizeof c->message, format, args);
    va_end(args);
    buf_clear(&c->object);
    c->kind = CALL_ERROR;
    c->code = code;
    c->settled = true;
}

/* The index looks at the flag as a plain volatile bool, between pieces of work; late is fine. The sanitizer
 * cannot know that, so the one place that raises it is kept from its eyes. */
__attribute__((noinline, no_sanitize_thread)) void call_cancel(struct call *c)
{
    c->cancel = true;
}

__attribute__((noinline, no_sanitize_thread)) void call_end(struct call *c)
{
    c->late = true;
    c->cancel = true;
}

const char *call_name(const struct call *c)
{
    return request_rows[c->method].name;
}

static const char *const formats[] = {
    [FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_JSONL] = "jsonl", [FORMAT_CSV] = "csv"};

const char *call_format(const struct call *c)
{
    return formats[c->ask.format];
}

int call_format_named(const char *name, enum ask_format *format)
{
    for (int i = 0; i < (int)(sizeof formats / sizeof *formats); i++) {
        if (strcmp(formats[i], name) == 0) {
            *format = (enum ask_format)i;
            return 0;
        }
    }
    return ERR_ARGS;
}

bool call_wants_parts(const struct call *c)
{
    size_t room = LIMIT_PART;

    if (c->batch) /* the line that answers a batch stays a frame, too */
        room = c->batch->out.len < room ? room - c->batch->out.len : 0;
    return c->kind == CALL_ANSWER && (c->sent || c->answer.bytes > room) && c->sent < c->answer.bytes;
}

int call_part(struct call *c, struct buf *out)
{
    struct buf piece = BUF_INIT(LIMIT_PART + 8);
    int rc = answer_read(&c->answer, c->sent, LIMIT_PART, &piece);

    if (rc == 0 && piece.len) {
        buf_printf(out, "{\"jsonrpc\":\"2.0\",\"method\":\"part\",\"params\":{\"id\":%s,\"text\":", c->id);
        json_text(out, buf_view(&piece));
        buf_str(out, "}}\n");
        rc = buf_err(out);
        c->sent += piece.len;
        c->parts++;
        rc = rc < 0 ? rc : 1;
    }
    buf_fini(&piece);
    return rc;
}

/* An answer in JSON stands in the response as it is; but a line break would end the line. */
static void put_json(struct buf *out, struct span json)
{
    size_t from = out->len;

    json = span_trim(json);
    buf_span(out, json.len ? json : SPAN("null"));
    for (size_t i = from; i < out->len; i++)
        if (out->at[i] == '\n' || out->at[i] == '\r')
            out->at[i] = ' ';
}

static void put_hints(struct buf *out, const struct ask_result *result)
{
    buf_char(out, '[');
    for (uint32_t i = 0; i < result->hint_count; i++) {
        json_sep(out);
        json_text(out, span_of(result->hints[i]));
    }
    buf_char(out, ']');
}

static bool tells_people(const struct call *c)
{
    return c->method == REQUEST_BY && !c->ask.count && !c->ask.facet;
}

static int put_answer(const struct call *c, struct buf *out)
{
    struct buf whole = BUF_INIT(LIMIT_PART + 8);
    int rc = 0;

    buf_char(out, '{');
    json_put_int(out, "found", (int64_t)c->result.found);
    json_put_int(out, "shown", (int64_t)c->result.shown);
    if (tells_people(c))
        json_put_int(out, "people", c->result.people);
    if (c->result.hint_count) {
        json_key(out, "did_you_mean");
        put_hints(out, &c->result);
    }
    json_put_text(out, "format", span_of(call_format(c)));
    if (c->parts) {
        json_put_int(out, "parts", c->parts);
        json_put_int(out, "bytes", (int64_t)c->answer.bytes);
    } else if ((rc = answer_read(&c->answer, 0, LIMIT_PART, &whole)) == 0) {
        json_key(out, "answer");
        if (c->ask.format == FORMAT_JSON)
            put_json(out, buf_view(&whole));
        else
            json_text(out, buf_view(&whole));
    }
    buf_char(out, '}');
    buf_fini(&whole);
    return rc;
}

bool call_kept(const struct call *c, struct kept *kept, struct buf *text, struct buf *hints)
{
    if (c->kind != CALL_ANSWER || c->parts || c->answer.bytes > CACHE_VALUE - KEPT_NUMBERS ||
        answer_read(&c->answer, 0, CACHE_VALUE, text) < 0)
        return false;
    if (c->result.hint_count)
        put_hints(hints, &c->result);
    *kept = (struct kept){.found = (int64_t)c->result.found,
                          .shown = (int64_t)c->result.shown,
                          .people = tells_people(c) ? (int64_t)c->result.people : -1,
                          .hints = buf_view(hints),
                          .answer = buf_view(text)};
    if (buf_err(text) || buf_err(hints))
        return false;
    if (c->ask.format != FORMAT_JSON)
        return true;
    kept->answer = span_trim(kept->answer);
    return kept->answer.len && !memchr(kept->answer.at, '\n', kept->answer.len);
}

static int put_members(const struct call *c, struct buf *out)
{
    struct buf members = BUF_INIT(MANY_RESULT + 8);
    int rc = 0;

    buf_char(out, '{');
    if (c->kind == CALL_OBJECT)
        buf_span(out, buf_view(&c->object));
    else if ((rc = answer_read(&c->answer, 0, MANY_RESULT, &members)) == 0)
        buf_span(out, buf_view(&members));
    buf_char(out, '}');
    buf_fini(&members);
    return rc;
}

static int put_result(const struct call *c, struct buf *out)
{
    int rc = c->kind == CALL_ANSWER ? put_answer(c, out) : put_members(c, out);

    return rc < 0 ? rc : buf_err(out);
}

static int put_error(const struct call *c, struct buf *out)
{
    buf_printf(out, "\"error\":{\"code\":%d,\"message\":", c->code);
    json_text(out, span_of(c->message));
    if (c->object.len) {
        buf_str(out, ",\"data\":{");
        buf_span(out, buf_view(&c->object));
        buf_char(out, '}');
    }
    buf_char(out, '}');
    return buf_err(out);
}

int call_outcome(const struct call *c, struct buf *out)
{
    int rc;

    if (c->kind != CALL_ERROR)
        return put_result(c, out);
    buf_char(out, '{');
    rc = put_error(c, out);
    buf_char(out, '}');
    return rc < 0 ? rc : buf_err(out);
}

int call_response(const struct call *c, struct buf *out)
{
    int rc;

    buf_printf(out, "{\"jsonrpc\":\"2.0\",\"id\":%s,", c->id ? c->id : "null");
    if (c->kind == CALL_ERROR) {
        rc = put_error(c, out);
    } else {
        buf_str(out, "\"result\":");
        rc = put_result(c, out);
    }
    buf_char(out, '}');
    return rc < 0 ? rc : buf_err(out);
}
