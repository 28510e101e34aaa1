/* Any method of the table with any values for its parameters, asked as a session asks: read, checked, and, where the index
 * answers, answered from a small one; of jobs only the check. The bytes choose:
 *
 *      method | parameter  kind  value ... | parameter  kind  value ... | ...
 *
 *  (1) every request is answered: with a line of JSON that has a result, or an error with a code below zero and a sentence;
 *  (2) the order of the parameters (each of which is one) changes neither the answer nor its key;
 *  (3) what has a key is not refused for what its parameters are (it may be for one that is missing), nor found kept if it is;
 *  (4) an answer that is kept is given again byte for byte.
 */
#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "daemon/call.h"
#include "daemon/keeper.h"
#include "daemon/serve.h"
#include "daemon/server.h"
#include "wire/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { GIVEN_MAX = 24, ROOM = 64 * KiB, CACHE_BYTES = 1024 * KiB };

static struct server server;
static char dir[64], quote_id[13]; /* of a quote of the index */

/* ---- the index ------------------------------------------------------------------------------------- */

static void write_article(const char *name, const char *text)
{
    char path[128];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/archive/%s", dir, name);
    f = fopen(path, "w");
    assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void clean(void)
{
    keeper_stop(&server.keeper);
    guard_close(&server.guard);
    (void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int keep(void *ctx, struct span piece)
{
    buf_span(ctx, piece);
    return buf_err(ctx);
}

static void learn_id(void)
{
    struct ask ask = {
        .verb = ASK_BY, .format = FORMAT_JSON, .speaker = SPAN_INIT("venn"), .query = SPAN_INIT("")};
    struct buf out = BUF_INIT(ROOM);
    struct index_view *view;
    struct ask_result result;
    const char *id;

    assert(index_view_open(server.guard.ix, &view) == 0);
    assert(index_ask(view, &ask, keep, &out, NULL, &result) == 0);
    assert((id = span_find(buf_view(&out), SPAN("\"id\":\""))));
    memcpy(quote_id, id + 6, sizeof quote_id - 1);
    index_view_close(&view);
    buf_fini(&out);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct index_run run = {.progress = NULL};
    static char index[80], archive[80];
    char detail[200];
    bool renewed;

    (void)argc, (void)argv;
    (void)snprintf(dir, sizeof dir, "/tmp/quoted-fuzz-XXXXXX");
    assert(mkdtemp(dir));
    (void)snprintf(index, sizeof index, "%s/index", dir);
    (void)snprintf(archive, sizeof archive, "%s/archive", dir);
    assert(mkdir(archive, 0700) == 0);
    write_article("pier.md",
                  "---\ntitle: Pier\ndate: 2025-04-03\nsource: Harbour Post\n---\n\n"
                  "“The bridge will stay open,” said Orla Venn, the mayor of Lindholm.\n\n"
                  "“Nobody has to take the ferry,” Venn added. She said that the town had paid.\n");
    write_article(
        "lamp.txt",
        "The lamp\n\n6 May 2025\n\nThe harbour was quiet. “We sail until June,” said Mara Ellison, the "
        "captain.\n\n“Wir bleiben hier”, sagte Ellison.\n");
    write_article(
        "more.jsonl",
        "{\"title\":\"Café\",\"text\":\"“Où est la gare ?”, a demandé Émile Vautrin.\",\"date\":\"2024\"}\n"
        "{\"title\":\"No date\",\"text\":\"“It rained on the bridge for a week,” said Paul Venn.\"}\n");
    write_article("empty.txt", "");
    assert(guard_open(&server.guard, index, &renewed, detail) == 0);
    assert(index_add(server.guard.ix, archive, &run) == 0);
    (void)snprintf(server.paths.index, sizeof server.paths.index, "%s", index);
    keeper_start(&server.keeper, CACHE_BYTES, index_generation(server.guard.ix));
    learn_id();
    (void)atexit(clean);
    return 0;
}

/* ---- a request out of bytes ------------------------------------------------------------------------ */

struct bytes {
    const uint8_t *at, *end;
};

static unsigned take(struct bytes *b)
{
    return b->at < b->end ? *b->at++ : 0;
}

static struct span take_some(struct bytes *b)
{
    size_t len = take(b) & 63;
    struct span s = {(const char *)b->at, len < (size_t)(b->end - b->at) ? len : (size_t)(b->end - b->at)};

    b->at += s.len;
    return s;
}

/* Words that mean something to one method or another. */
/* clang-format off */
static const char *const words[] = {
    "venn", "orla venn", "nobody", "ferry", "bridge OR gare", "\"the bridge\"", "harb*", "*rbou*", "~brigde", "(", "NEAR/5",
    "-ferry", "kind:all", "since:2024", "speaker:venn", "json", "text", "jsonl", "csv", "english", "de", "date", "-date",
    "speaker", "month", "source", "relevance", "é", quote_id, "0", "harbuor", "x y", "title:pier", "path:*a", "date:2020..x", "",
};
static const char *const numbers[] = {
    "0", "1", "2", "3", "7", "80", "100", "101", "1000", "65536", "4294967295", "4294967296", "9223372036854775807", "-1",
    "-9223372036854775808", "01", "1.5", "1e3", "1e999", "99999999999999999999",
};
static const char *const others[] = {
    "true", "false", "null", "{}", "[]", "[\"/a\",\"/b\"]", "[\"a\"]", "[1]", "{\"a\":[{}]}", "nul", "\"\\ud800\"",
    "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\u006ason\"", "\"\\/\\n\"", "",
};
/* clang-format on */

static const char *pick(struct bytes *b, const char *const *from, size_t count)
{
    return from[take(b) % count];
}

#define PICK(b, from) pick(b, from, sizeof from / sizeof *from)

/* Words, one to four of them. */
static void put_words(struct bytes *b, struct buf *out)
{
    struct buf text = BUF_INIT(ROOM);

    for (unsigned n = take(b) % 4 + 1; n > 0; n--) {
        buf_str(&text, PICK(b, words));
        buf_str(&text, n > 1 ? " " : "");
    }
    json_text(out, buf_view(&text));
    buf_fini(&text);
}

static void put_value(struct bytes *b, struct buf *out)
{
    struct span s;

    switch (take(b) % 8) {
    case 0: /* any bytes, made a text */
        json_text(out, take_some(b));
        break;
    case 1: /* any bytes between marks */
        buf_char(out, '"');
        buf_span(out, take_some(b));
        buf_char(out, '"');
        break;
    case 2: /* a long text */
        s = take_some(b);
        buf_char(out, '"');
        for (unsigned n = take(b) * 8; n > 0 && out->len + s.len < ROOM / 2; n--)
            buf_span(out, s);
        buf_char(out, '"');
        break;
    case 3:
        buf_str(out, PICK(b, numbers));
        break;
    case 4:
        buf_str(out, PICK(b, others));
        break;
    case 5: /* any bytes, as they are */
        buf_span(out, take_some(b));
        break;
    default:
        put_words(b, out);
    }
}

/* A value as the parameter wants it, so that most questions are asked and not refused. */
static void put_fitting(struct bytes *b, struct buf *out, enum param_type type)
{
    if (type == PARAM_TEXT)
        put_words(b, out);
    else if (type == PARAM_INT)
        buf_printf(out, "%u", take(b) % 12);
    else if (type == PARAM_BOOL)
        buf_str(out, take(b) & 1 ? "true" : "false");
    else
        buf_str(out, "[\"/nowhere\"]");
}

/* Parameters, each once, with what stands before its value. */
static unsigned make_params(struct bytes *b, const struct request_row *row, struct buf given[GIVEN_MAX],
                            bool *missing)
{
    unsigned count = 0, there = 0;

    *missing = false;
    while (b->at < b->end && count < GIVEN_MAX) {
        unsigned which = take(b), place = which % (row->param_count + 1);
        struct buf *out = &given[count];

        if (there >> place & 1)
            continue;
        there |= 1u << place;
        *out = BUF_INIT(ROOM);
        buf_printf(out, "\"%s\":", place < row->param_count ? row->params[place].name : "unknown");
        if (which & 0x40 && place < row->param_count)
            put_fitting(b, out, row->params[place].type);
        else
            put_value(b, out);
        count++;
    }
    for (unsigned i = 0; i < row->param_count; i++)
        *missing |= !row->params[i].otherwise && !(there >> i & 1);
    return count;
}

static void join(struct buf *frame, struct buf *params, const struct request_row *row, struct buf *given,
                 unsigned count, bool backwards)
{
    *params = BUF_INIT(GIVEN_MAX * ROOM);
    *frame = BUF_INIT((GIVEN_MAX + 1) * ROOM);
    buf_char(params, '{');
    for (unsigned i = 0; i < count; i++) {
        buf_str(params, i ? "," : "");
        buf_span(params, buf_view(&given[backwards ? count - 1 - i : i]));
    }
    buf_char(params, '}');
    buf_printf(frame, "{\"jsonrpc\":\"2.0\",\"id\":17,\"method\":\"%s\",\"params\":", row->name);
    buf_span(frame, buf_view(params));
    buf_char(frame, '}');
    assert(!buf_err(params) && !buf_err(frame));
}

/* ---- asking ---------------------------------------------------------------------------------------- */

static void check_line(struct span line, bool response)
{
    json_t *json = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, NULL),
           *error = json_object_get(json, "error");

    assert(json && !memchr(line.at, '\n', line.len)); /* (1) */
    if (response) {
        assert(json_integer_value(json_object_get(json, "id")) == 17 &&
               !error != !json_object_get(json, "result"));
        assert(!error || (json_integer_value(json_object_get(error, "code")) < 0 &&
                          json_string_length(json_object_get(error, "message")) > 5));
    }
    json_decref(json);
}

static bool is_answered(enum request method)
{
    return method == REQUEST_STATUS || (method >= REQUEST_BY && method <= REQUEST_VERIFY);
}

/* All lines that answer the frame, into `out`. Returns whether its parameters were found good. */
static bool ask(struct span frame, struct buf *out)
{
    char why[200] = "";
    json_t *json = call_read(frame, why);
    struct call *c = json ? call_new(json, dir) : call_refusal(WIRE_PARSE, why, dir);
    bool good = json && !c->settled && call_check(c) == 0;

    assert(c && (json || *why));
    if (!json) {
        free(c->id);
        c->id = strdup("17"); /* an answer like the others */
    }
    if (good && serve_prepare(c) == 0 && is_answered(c->method)) {
        c->keeps = true;
        keeper_note_frame(&server.keeper, c, frame);
        if (c->method != REQUEST_STATUS)
            serve_read(&server, c, false);
        if (!c->settled)
            serve_read(&server, c, true);
        assert(c->settled);
        keeper_keep(&server.keeper, c);
    } else if (!c->settled) {
        call_fail(c, ERR_CANCELLED, "jobs are not for here");
    }
    while (call_wants_parts(c)) {
        size_t from = out->len;

        assert(call_part(c, out) == 1);
        check_line(span_cut(buf_view(out), from, out->len - 1), false);
    }
    why[0] = (char)(out->len > 0);
    if (call_response(c, out) == 0 && !why[0])
        check_line(buf_view(out), true);
    call_free(c);
    json_decref(json);
    return good;
}

/* Is each of them one parameter? Else another order would be another request. */
static bool are_whole(const struct buf *given, unsigned count)
{
    bool whole = true;

    for (unsigned i = 0; whole && i < count; i++) {
        struct buf alone = BUF_INIT(2 * ROOM);
        json_t *json;

        buf_char(&alone, '{');
        buf_span(&alone, buf_view(&given[i]));
        buf_char(&alone, '}');
        json = json_loadb(alone.at, alone.len, JSON_REJECT_DUPLICATES, NULL);
        whole = json_object_size(json) == 1;
        json_decref(json);
        buf_fini(&alone);
    }
    return whole;
}

/* Answers tell how long they took when they explain themselves. */
static bool is_steady(struct span params)
{
    return !span_find(params, SPAN("explain"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct bytes b = {data, data + len};
    const struct request_row *row = &request_rows[take(&b) % REQUESTS];
    struct span method = {row->name, row->len};
    struct buf given[GIVEN_MAX], frame[2], params[2], answers[2], again = BUF_INIT(ROOM * 4);
    char key[2][CACHE_KEY];
    size_t key_len[2];
    bool good[2], missing;
    unsigned count = make_params(&b, row, given, &missing);

    for (int i = 0; i < 2; i++) {
        join(&frame[i], &params[i], row, given, count, i == 1);
        answers[i] = BUF_INIT(16 * MiB);
        good[i] = ask(buf_view(&frame[i]), &answers[i]);
        key_len[i] = question_key(method, buf_view(&params[i]), key[i]);
    }
    if (are_whole(given, count)) { /* (2) */
        assert(good[0] == good[1] && key_len[0] == key_len[1] && memcmp(key[0], key[1], key_len[0]) == 0);
        if (good[0] && is_steady(buf_view(&params[0])))
            assert(span_eq(buf_view(&answers[0]), buf_view(&answers[1])));
    }
    assert(good[0] || missing || !key_len[0]);                                /* (3) */
    if (keeper_answers(&server.keeper, buf_view(&frame[0]), false, &again)) { /* (4) */
        assert(key_len[0] && good[0]);
        buf_char(&answers[0], '\n');
        assert(span_eq(buf_view(&again), buf_view(&answers[0])));
    }
    for (unsigned i = 0; i < count; i++)
        buf_fini(&given[i]);
    for (int i = 0; i < 2; i++) {
        buf_fini(&frame[i]);
        buf_fini(&params[i]);
        buf_fini(&answers[i]);
    }
    buf_fini(&again);
    return 0;
}
