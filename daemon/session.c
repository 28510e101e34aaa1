#include "daemon/session.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "daemon/call.h"
#include "daemon/keeper.h"
#include "daemon/log.h"
#include "daemon/serve.h"
#include "daemon/server.h"

enum {
    MAGIC = 0x5e5510,
    DRAIN_MS = 1000,           /* a client that is refused has so long to read why */
    LINE_MAX_BYTES = 16 << 20, /* of one line we write: a batch of parts that all grew sixfold */
    SLICE_NS = 100000          /* of the loop's time that a client takes before others have their turn */
};

/* A line on its way out. */
struct line {
    uv_write_t req;
    struct session *session;
    bool part;
    char bytes[];
};

static void turn(struct session *s);

static size_t queued(const struct session *s)
{
    return uv_stream_get_write_queue_size((const uv_stream_t *)&s->pipe);
}

/* ---- its end ---- */

static void drop_call(struct session *s, struct call *c)
{
    if (c->prev)
        c->prev->next = c->next;
    else
        s->calls = c->next;
    if (c->next)
        c->next->prev = c->prev;
    c->prev = c->next = NULL;
    c->session = NULL;
    s->calls_count--;
}

static void drop_put(struct session *s)
{
    if (!s->put)
        return;
    s->server->put_bytes -= s->put->text.len;
    document_fini(s->put);
    free(s->put);
    s->put = NULL;
}

static void on_closed(uv_handle_t *handle)
{
    struct session *s = handle->data;
    struct server *server = s->server;

    frame_fini(&s->frames);
    buf_fini(&s->gathered);
    s->magic = 0;
    free(s);
    atomic_fetch_sub(&server->sessions_count, 1);
    server_look(server);
}

void session_close(struct session *s)
{
    if (s->closing)
        return;
    s->closing = true;
    while (s->calls) {
        struct call *c = s->calls;

        drop_call(s, c);
        if (c->state == CALL_READING)
            call_cancel(c); /* nobody will read it */
        else if (c->state != CALL_WRITING)
            call_free(c);
    }
    work_forget(&s->server->work, &s->work);
    drop_put(s);
    if (s->prev)
        s->prev->next = s->next;
    else
        s->server->sessions = s->next;
    if (s->next)
        s->next->prev = s->prev;
    uv_close((uv_handle_t *)&s->pipe, on_closed);
}

/* ---- writing ---- */

static void on_written(uv_write_t *req, int status)
{
    struct line *line = (struct line *)req;
    struct session *s = line->session;

    if (line->part)
        s->part_under_way = false;
    free(line);
    if (s->closing)
        return;
    if (status < 0)
        session_close(s);
    else
        turn(s);
}

/* A line as the client reads it: behind a header that says how long it is, where it sent such. Borrowed from the buf. */
static struct span framed(const struct session *s, struct buf *line)
{
    size_t len = line->len;
    char header[40];
    int n = snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", len);

    if (!s->frames.headers)
        return buf_view(line);
    buf_put(line, header, (size_t)n);
    if (buf_err(line))
        return SPAN("");
    memmove(line->at + n, line->at, len);
    memcpy(line->at, header, (size_t)n);
    return buf_view(line);
}

/* Sends the bytes, of which the caller stays the owner. A part always waits for the next turn of the loop,
 * so that one fast reader of a large answer does not keep the loop to itself. */
static void send_bytes(struct session *s, struct span bytes, bool part)
{
    uv_buf_t out = uv_buf_init((char *)(uintptr_t)bytes.at, (unsigned)bytes.len);
    struct line *line;
    int n = 0;

    if (!part && queued(s) == 0) {
        n = uv_try_write((uv_stream_t *)&s->pipe, &out, 1);
        if (n < 0 && n != UV_EAGAIN) {
            session_close(s);
            return;
        }
        n = n < 0 ? 0 : n;
    }
    bytes = span_cut(bytes, (size_t)n, bytes.len);
    if (!bytes.len)
        return;
    if (bytes.len + queued(s) > LIMIT_QUEUE_CLOSE || !(line = malloc(sizeof *line + bytes.len))) {
        session_close(s);
        return;
    }
    *line = (struct line){.session = s, .part = part};
    memcpy(line->bytes, bytes.at, bytes.len);
    out = uv_buf_init(line->bytes, (unsigned)bytes.len);
    s->part_under_way |= part;
    if (uv_write(&line->req, (uv_stream_t *)&s->pipe, &out, 1, on_written) < 0) {
        free(line);
        session_close(s);
    }
}

/* The line that answers the call, or, when the call is one of a batch, the last of it, the batch. */
static void put_response(struct call *c, struct buf *out)
{
    size_t from;
    int rc;

    if (c->batch) {
        out = &c->batch->out;
        if (c->id)
            json_sep(out);
    }
    from = out->len;
    rc = c->id ? call_response(c, out) : 0;
    if (rc < 0 && rc != ERR_NOMEM && !buf_err(out)) { /* its file cannot be read back */
        out->len = from;
        call_fail(c, rc, "%s", err_words(rc));
        (void)call_response(c, out);
    }
}

/* Sends the bytes, the first with a descriptor. What waits would have to go first: then it is refused, and may be asked for
 * again. */
static bool send_with(struct session *s, struct span *bytes, int fd)
{
    struct iovec part = {(void *)(uintptr_t)bytes->at, bytes->len};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    ssize_t n = -1;
    uv_os_fd_t to;

    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
    if (queued(s) == 0 && uv_fileno((const uv_handle_t *)&s->pipe, &to) == 0)
        n = sendmsg(to, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0)
        return false;
    *bytes = span_cut(*bytes, (size_t)n, bytes->len);
    return true;
}

/* Sends what was gathered: many small answers of a client that asks without waiting go in one piece. */
static void flush(struct session *s)
{
    if (buf_err(&s->gathered))
        session_close(s);
    else if (s->gathered.len)
        send_bytes(s, buf_view(&s->gathered), false);
    buf_fini(&s->gathered); /* an idle connection holds no memory */
}

static void respond(struct session *s, struct call *c)
{
    struct buf out = BUF_INIT(LINE_MAX_BYTES);

    keeper_keep(&s->server->keeper, c);
    put_response(c, &out);
    if (c->batch && c->batch->left == 1 && c->batch->out.len) {
        buf_char(&out, '[');
        buf_span(&out, buf_view(&c->batch->out));
        buf_char(&out, ']');
    }
    drop_call(s, c);
    if (buf_err(&out) || (c->batch && buf_err(&c->batch->out))) {
        log_error("an answer could not be written: %s", err_words(buf_err(&out) ? buf_err(&out) : ERR_NOMEM));
        session_close(s);
    } else if (out.len) {
        struct span line;

        flush(s); /* answers go in the order in which they were done */
        buf_char(&out, '\n');
        line = framed(s, &out);
        if (c->pass && !send_with(s, &line, c->pass)) {
            buf_clear(&out);
            call_fail(c, ERR_BUSY, "answers are waiting to be read; ask for the cache again when they are");
            (void)call_response(c, &out);
            buf_char(&out, '\n');
            line = framed(s, &out);
        }
        send_bytes(s, line, false);
    }
    call_free(c);
    buf_fini(&out);
}

static void send_part(struct session *s, struct call *c)
{
    struct buf out = BUF_INIT(LINE_MAX_BYTES);
    int rc = call_part(c, &out);

    if (rc < 0)
        call_fail(c, rc, "%s", err_words(rc));
    else
        send_bytes(s, framed(s, &out), true);
    buf_fini(&out);
}

/* Sends what is ready, while the client keeps up: invariants (1) and (2). */
static void send_ready(struct session *s)
{
    struct call *next;

    for (struct call *c = s->calls; c && !s->closing && queued(s) <= LIMIT_QUEUE_STOP; c = next) {
        next = c->next;
        if (c->state != CALL_READY)
            continue;
        if (!call_wants_parts(c) || !c->id)
            respond(s, c);
        else if (!s->part_under_way && queued(s) == 0)
            send_part(s, c);
    }
}

void session_progress(struct session *s, const struct call *c, const struct index_progress *now)
{
    struct buf out = BUF_INIT(64 * KiB);

    if (s->closing || !c->id || queued(s) > LIMIT_QUEUE_STOP / 4)
        return;
    buf_printf(&out, "{\"jsonrpc\":\"2.0\",\"method\":\"progress\",\"params\":{\"id\":%s", c->id);
    json_put_int(&out, "files", (int64_t)now->files_seen);
    json_put_int(&out, "files_total", (int64_t)now->files_total);
    json_put_int(&out, "articles", (int64_t)now->articles);
    json_put_int(&out, "quotes", (int64_t)now->quotes);
    json_put_int(&out, "bytes", (int64_t)now->bytes);
    if (now->path && *now->path)
        json_put_text(&out, "path", span_of(now->path));
    buf_str(&out, "}}\n");
    if (!buf_err(&out))
        send_bytes(s, framed(s, &out), false);
    buf_fini(&out);
}

/* A slow client hears of the newest change when it has read what waits: the next turn says it. */
void session_changed(struct session *s, uint64_t generation)
{
    struct buf out = BUF_INIT(1 * KiB);

    if (!s->subscribed || s->closing || !generation || s->heard == generation ||
        queued(s) > LIMIT_QUEUE_STOP / 4)
        return;
    s->heard = generation;
    buf_printf(&out, "{\"jsonrpc\":\"2.0\",\"method\":\"changed\",\"params\":{\"generation\":%llu}}\n",
               (unsigned long long)generation);
    if (!buf_err(&out))
        send_bytes(s, framed(s, &out), false);
    buf_fini(&out);
}

/* ---- requests ---- */

/* Nobody wants it any more. What was changed stays so, and is told. */
static void withdraw(struct call *c)
{
    if (c->state == CALL_READING || c->state == CALL_WRITING)
        call_cancel(c);
    else if (c->state == CALL_READY && c->kind == CALL_ANSWER)
        call_fail(c, WIRE_CANCELLED, "cancelled");
}

/* While somebody types, the newest question of a group is the only one that matters. */
static void supersede(struct session *s, const char *group)
{
    for (struct call *c = s->calls; c; c = c->next) {
        const char *other = call_text(c, "group");

        if (other && strcmp(other, group) == 0)
            withdraw(c);
    }
}

static void keep_call(struct session *s, struct call *c)
{
    struct call *last = s->calls;

    while (last && last->next)
        last = last->next; /* LIMIT_IN_FLIGHT of them */
    c->session = s;
    c->prev = last;
    if (last)
        last->next = c;
    else
        s->calls = c;
    s->calls_count++;
}

static void refuse(struct session *s, int code, const char *words)
{
    struct call *c = call_refusal(code, words, s->server->paths.index);

    if (!c)
        session_close(s);
    else {
        keep_call(s, c);
        c->state = CALL_READY;
    }
}

/* `$/cancelRequest` and other `$/` notifications, which are no requests of the table. True when it was one. */
static bool is_notice(struct session *s, const json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    json_t *id;
    char *text;

    if (!method || strncmp(method, "$/", 2) != 0 || json_object_get(message, "id"))
        return false;
    id = json_object_get(json_object_get(message, "params"), "id");
    if (id && strcmp(method, "$/cancelRequest") == 0 &&
        (text = json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT))) {
        session_cancel(s, text);
        free(text);
    }
    return true;
}

static void take_message(struct session *s, const json_t *message, struct batch *batch, struct span frame)
{
    struct call *c;

    if (is_notice(s, message)) {
        if (batch)
            batch->left--;
        return;
    }
    if (!(c = call_new(message, s->server->paths.index))) {
        if (batch)
            batch->left--;
        session_close(s);
        return;
    }
    c->batch = batch;
    c->keeps = s->uid == geteuid();
    if (s->refusal)
        call_fail(c, s->refusal_code, "%s", s->refusal);
    if (!batch && !c->settled)
        keeper_note_frame(&s->server->keeper, c, frame);
    if (!c->settled && call_text(c, "group"))
        supersede(s, call_text(c, "group"));
    keep_call(s, c);
    if (!c->settled && s->calls_count > LIMIT_IN_FLIGHT)
        call_fail(c, ERR_BUSY, "more than %u requests of this connection are under way", LIMIT_IN_FLIGHT);
    if (!c->settled)
        serve(s->server, c);
    if (c->state == CALL_NEW) /* no thread has it */
        c->state = CALL_READY;
}

static void take_batch(struct session *s, const json_t *messages)
{
    size_t count = json_array_size(messages), i;
    const json_t *message;
    struct batch *batch;

    if (count == 0 || count > LIMIT_IN_FLIGHT) {
        refuse(s, WIRE_REQUEST, count ? "a batch holds 64 requests at most" : "the batch is empty");
        return;
    }
    if (!(batch = calloc(1, sizeof *batch))) {
        session_close(s);
        return;
    }
    batch->out = BUF_INIT(LINE_MAX_BYTES);
    batch->left = (unsigned)count + 1; /* one for us, until all have begun */
    json_array_foreach(messages, i, message)
    {
        if (s->closing)
            batch->left--;
        else
            take_message(s, message, batch, SPAN(""));
    }
    if (--batch->left == 0) {
        buf_fini(&batch->out);
        free(batch);
    }
}

/* From here on what comes is not looked at, and soon the connection is closed. */
static void throw_away(struct session *s)
{
    s->draining = true;
    s->drain_since = uv_now(s->server->loop);
    frame_fini(&s->frames);
}

/* After an error nobody knows where the next frame begins: say so, throw away what comes, and close. */
static void drain(struct session *s, int code, const char *words)
{
    refuse(s, code, words);
    throw_away(s);
}

/* An answer that was given before is given again, unless the daemon is ending. While others are under way only a question
 * without a group is: one with a group may have to cancel some of them. */
static bool answer_again(struct session *s, struct span frame)
{
    struct buf line = BUF_INIT(LINE_MAX_BYTES);
    bool kept = false;

    if (!server_stopping(s->server))
        kept = keeper_answers(&s->server->keeper, frame, s->calls != NULL,
                              s->frames.headers ? &line : &s->gathered);
    if (line.len)
        buf_span(&s->gathered, framed(s, &line));
    buf_fini(&line);
    if (buf_err(&s->gathered) || s->gathered.len >= LIMIT_PART)
        flush(s);
    return kept;
}

static void take_frame(struct session *s, struct span frame)
{
    char words[200];
    json_t *json;

    s->frame_since = 0;
    if (!s->refusal && answer_again(s, frame))
        return;
    json = call_read(frame, words);
    if (!json)
        refuse(s, WIRE_PARSE, words);
    else if (json_is_array(json))
        take_batch(s, json);
    else
        take_message(s, json, NULL, frame);
    json_decref(json);
}

/* True when an answer is on its way: a notification has none. */
static bool is_told(const struct session *s)
{
    for (const struct call *c = s->calls; c; c = c->next)
        if (c->id)
            return true;
    return false;
}

/* True when a frame was taken and the next may be. The caller keeps the time. */
static bool take_next(struct session *s)
{
    struct span frame;
    int rc;

    if (s->draining || s->closing || queued(s) > LIMIT_QUEUE_STOP)
        return false;
    rc = s->eof ? frame_last(&s->frames, &frame) : frame_next(&s->frames, &frame);
    if (rc == 1) {
        take_frame(s, frame);
        if (s->refusal && is_told(s))
            throw_away(s);
    } else if (rc == ERR_PROTOCOL)
        drain(s, WIRE_REQUEST, "the headers before a request must say Content-Length, with a number");
    else if (rc < 0)
        drain(s, WIRE_REQUEST, rc == ERR_TOOBIG ? "a request is longer than 1048576 bytes" : err_words(rc));
    return rc == 1;
}

/* ---- reading ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *to)
{
    struct session *s = handle->data;

    (void)suggested;
    *to = uv_buf_init(s->server->read_buffer, sizeof s->server->read_buffer);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *from)
{
    struct session *s = stream->data;

    if (n == 0 || s->closing)
        return;
    if (n == UV_EOF)
        s->eof = true;
    else if (n < 0) {
        session_close(s);
        return;
    } else if (!s->draining) {
        int rc = frame_feed(&s->frames, from->base, (size_t)n);
        if (rc < 0)
            drain(s, WIRE_REQUEST, err_words(rc));
    }
    turn(s);
}

static void set_reading(struct session *s)
{
    size_t waiting = queued(s);
    bool want = !s->eof && !s->finishing && !s->again &&
                waiting <= (s->reading ? LIMIT_QUEUE_STOP : LIMIT_QUEUE_STOP / 4);

    if (want && !s->reading && uv_read_start((uv_stream_t *)&s->pipe, on_alloc, on_read) < 0)
        session_close(s);
    else if (!want && s->reading)
        uv_read_stop((uv_stream_t *)&s->pipe);
    s->reading = want;
}

/* While answers wait for the client to read, no more are made for it: invariant (3). */
static void hold_back(struct session *s)
{
    size_t waiting = queued(s);
    bool hold;

    for (const struct call *c = s->calls; c; c = c->next)
        if (c->state == CALL_READY && c->kind == CALL_ANSWER)
            waiting += (size_t)(c->answer.bytes - c->sent);
    hold = waiting > LIMIT_QUEUE_STOP;
    if (hold != s->held)
        work_hold(&s->server->work, &s->work, hold);
    s->held = hold;
}

/* Does what can be done now, for a slice of time: then it is the others' turn first (server_again). Everything that happens to
 * a session ends here. */
static void turn(struct session *s)
{
    uint64_t began;

    if (s->pumping || s->closing)
        return;
    s->pumping = true;
    s->again = false;
    began = uv_hrtime();
    do
        send_ready(s);
    while (take_next(s) && !(s->again = uv_hrtime() - began > SLICE_NS));
    flush(s);
    send_ready(s); /* taking may have refused */
    s->pumping = false;
    session_changed(s, atomic_load(&s->server->generation));
    if (s->closing)
        return;
    if (s->again)
        server_again(s->server);
    hold_back(s);
    set_reading(s);
    if (s->closing)
        return;
    if (!s->reading || s->draining || !frame_unfinished(&s->frames))
        s->frame_since = 0;
    else if (!s->frame_since)
        s->frame_since = uv_now(s->server->loop);
    if ((s->eof || s->finishing) && !s->again && !s->calls && queued(s) == 0)
        session_close(s);
}

/* ---- what the rest of the daemon calls ---- */

bool session_accept(struct server *server, int fd, uid_t uid, int refusal_code, const char *refusal)
{
    struct session *s = calloc(1, sizeof *s);

    if (!s)
        return false;
    *s = (struct session){.magic = MAGIC,
                          .server = server,
                          .uid = uid,
                          .refusal = refusal,
                          .refusal_code = refusal_code,
                          .gathered = BUF_INIT(LINE_MAX_BYTES),
                          .moved_at = uv_now(server->loop),
                          .drain_since = uv_now(server->loop)};
    if (uv_pipe_init(server->loop, &s->pipe, 0) < 0) {
        free(s);
        return false;
    }
    s->pipe.data = s;
    frame_init(&s->frames);
    work_client_init(&s->work);
    if ((s->next = server->sessions))
        s->next->prev = s;
    server->sessions = s;
    atomic_fetch_add(&server->sessions_count, 1);
    if (uv_pipe_open(&s->pipe, fd) < 0) {
        session_close(s);
        return false;
    }
    turn(s);
    return true;
}

void session_ready(struct session *s, struct call *c)
{
    (void)c;
    turn(s);
}

void session_again(struct session *s)
{
    if (s->again)
        turn(s);
}

void session_cancel(struct session *s, const char *id)
{
    for (struct call *c = s->calls; c; c = c->next) {
        if (!c->id || strcmp(c->id, id) != 0)
            continue;
        withdraw(c);
        return;
    }
}

/* True when an answer waits for the client to read. */
static bool has_parts_waiting(const struct session *s)
{
    for (const struct call *c = s->calls; c; c = c->next)
        if (c->state == CALL_READY)
            return true;
    return false;
}

/* True when the peer has closed both ways: shutting down its writing side alone gives no POLLHUP. */
static bool has_gone(const struct session *s)
{
    struct pollfd p = {.fd = -1};

    if (uv_fileno((const uv_handle_t *)&s->pipe, &p.fd) < 0)
        return true;
    return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR));
}

void session_tick(struct session *s, uint64_t now)
{
    size_t waiting = queued(s);

    if (s->closing)
        return;
    if (waiting != s->queue_seen || waiting == 0) {
        s->queue_seen = waiting;
        s->moved_at = now;
    }
    if (now - s->moved_at >= LIMIT_STALL_MS && (waiting > LIMIT_QUEUE_STOP || has_parts_waiting(s))) {
        log_warn("a client that does not read was closed");
        session_close(s);
    } else if (s->draining && now - s->drain_since >= DRAIN_MS && !s->calls) {
        session_close(s);
    } else if (s->refusal && !s->draining && now - s->drain_since >= DRAIN_MS) { /* it asks nothing */
        drain(s, s->refusal_code, s->refusal);
        turn(s);
    } else if (s->eof && has_gone(s)) {
        session_close(s);
    } else if (s->frame_since && now - s->frame_since >= LIMIT_FRAME_MS) {
        drain(s, WIRE_REQUEST, "the request was begun and not ended within 10 seconds");
        turn(s);
    }
}

void session_finish(struct session *s)
{
    s->finishing = true;
    turn(s);
}
