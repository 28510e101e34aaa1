#include "daemon/many.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/json.h"
#include "daemon/call.h"
#include "daemon/serve.h"
#include "daemon/server.h"

/* What all of them have, and over it what this one says. */
static json_t *merged(json_t *common, json_t *own)
{
    json_t *params = json_object();

    if (params &&
        ((common && json_object_update(params, common) < 0) || json_object_update(params, own) < 0)) {
        json_decref(params);
        return NULL;
    }
    return params;
}

/* Asks the index, and keeps what it says. */
static void ask(struct server *server, struct index_view *view, const struct call *whole, struct call *c,
                struct span params)
{
    c->keeps = whole->keeps;
    if (serve_prepare(c) < 0)
        return;
    if (!serve_is_bounded(&c->ask)) {
        call_fail(c, WIRE_PARAMS, "%s among others needs a limit, from 1 to %d", call_name(c), MANY_ROWS);
        return;
    }
    keeper_note(&server->keeper, c, params);
    serve_ask(server, view, c, &whole->cancel);
    keeper_keep(&server->keeper, c);
}

/* Its result, or its error, into `out`; an error of the whole, or ERR_TOOBIG. */
static int answer_anew(struct server *server, struct index_view *view, const struct call *whole,
                       enum request method, json_t *params, struct span text, struct buf *out)
{
    struct call *c = call_own(method, server->paths.index);
    int rc;

    if (!c)
        return ERR_NOMEM;
    c->params = json_incref(params);
    ask(server, view, whole, c, text);
    if (whole->cancel)
        rc = ERR_CANCELLED;
    else if (c->kind == CALL_ANSWER && c->answer.bytes > CACHE_VALUE)
        rc = ERR_TOOBIG;
    else
        rc = call_outcome(c, out);
    call_free(c);
    return rc;
}

static int answer_one(struct server *server, struct index_view *view, const struct call *whole, json_t *own,
                      struct buf *out)
{
    const char *named = call_text(whole, "method");
    const struct request_row *row = request_find(named, strlen(named));
    json_t *params = merged(json_object_get(whole->params, "common"), own);
    char *text = params ? json_dumps(params, JSON_COMPACT) : NULL;
    int rc = ERR_NOMEM;

    if (text && keeper_gives(&server->keeper, row, span_of(text), index_view_generation(view), out))
        rc = 0;
    else if (text)
        rc = answer_anew(server, view, whole, (enum request)(row - request_rows), params, span_of(text), out);
    free(text);
    json_decref(params);
    return rc;
}

static void refuse(struct buf *out)
{
    buf_printf(out, "{\"error\":{\"code\":%d,\"message\":\"too long to stand among others: ask it alone\"}}",
               ERR_TOOBIG);
}

int many_answer(struct server *server, struct index_view *view, struct call *c)
{
    json_t *each = json_object_get(c->params, "each"), *own;
    struct buf out = BUF_INIT(MANY_RESULT + CACHE_VALUE), item = BUF_INIT(MANY_RESULT);
    size_t i, from;
    int rc = 0;

    json_put_int(&out, "generation", (int64_t)index_view_generation(view));
    json_key(&out, "answers");
    buf_char(&out, '[');
    from = out.len;
    json_array_foreach(each, i, own)
    {
        size_t before = out.len;

        buf_clear(&item);
        rc = answer_one(server, view, c, own, &item);
        if (rc < 0 && rc != ERR_TOOBIG)
            break;
        json_sep(&out);
        if (rc == ERR_TOOBIG || !many_fits(before - from, item.len, json_array_size(each) - i - 1))
            refuse(&out);
        else
            buf_span(&out, buf_view(&item));
        rc = buf_err(&out);
    }
    buf_char(&out, ']');
    if (rc == 0)
        rc = answer_put(&c->answer, buf_view(&out));
    buf_fini(&item);
    buf_fini(&out);
    return rc;
}
