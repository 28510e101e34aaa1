#include "client/quotes.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "base/limits.h"
#include "wire/peek.h"
#include "wire/frame.h"
#include "wire/kept.h"
#include "wire/paths.h"
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

#define SYSTEM_SOCKET "/run/quoted/sock" /* of a system service: only root can put a socket there */

enum {
    CANCEL_MS = 200,   /* how often a wait looks at the caller's `cancel` */
    CONNECT_MS = 5000, /* a full queue of the daemon's socket may take so long to empty */
    CONNECT_AGAIN_MS = 10,
    CACHE_AGAIN_MS = 1000 /* a cache that could not be had is not asked for again sooner */
};

struct quotes {
    int fd;
    dev_t dev; /* and the inode: which socket that is */
    ino_t ino;
    int timeout_ms;
    int dead;        /* 0, or the error after which the connection is of no use */
    bool greeted;    /* `initialize` was answered */
    int64_t last_id; /* of the newest question; `initialize` is 0 */
    struct frame_reader in;

    bool wants_cache;
    struct cache cache;
    char *room; /* CACHE_VALUE bytes for what is copied out of it; NULL: nothing was */
    char *
        ours; /* a page that a child process finds empty (MADV_WIPEONFORK); NULL where the system has no such */
    int got;       /* a descriptor that came with an answer, or -1 */
    int64_t tried; /* when the cache was last asked for, on now_ms' clock; 0: never */
};

/* A sentence, cut to fit. Returns `code`, so that a failure is one line. */
static int fail(char *words, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int fail(char *words, int code, const char *format, ...)
{
    char all[2 * QUOTES_WORDS];
    struct span fits;
    va_list ap;

    if (!words)
        return code;
    va_start(ap, format);
    vsnprintf(all, sizeof all, format, ap);
    va_end(ap);
    fits = utf8_cut(span_of(all), QUOTES_WORDS - 1);
    memcpy(words, fits.at, fits.len);
    words[fits.len] = '\0';
    return code;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- connecting -------------------------------------------------------------------------------------- */

/* Connects to the socket at `path`. Returns a descriptor or a negative errno. */
static int connect_to(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int64_t until = now_ms() + CONNECT_MS;
    int fd, error;

    if (strlen(path) >= sizeof to.sun_path)
        return -ENAMETOOLONG;
    memcpy(to.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    while (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        error = errno;
        if (error == EINTR)
            continue;
        if (error != EAGAIN || now_ms() > until) { /* EAGAIN: its queue is full for the moment */
            close(fd);
            return -error;
        }
        (void)poll(NULL, 0, CONNECT_AGAIN_MS);
    }
    return fd;
}

/* Who listens there? Ourselves, root, or the service of the system, whose folder below /run only root can make.
 * Anybody else has put a socket in our way and must not see what we ask. */
static bool peer_is_ours(int fd, const char *path)
{
    struct ucred peer;
    socklen_t len = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
        return false;
    return peer.uid == geteuid() || peer.uid == 0 || strcmp(path, SYSTEM_SOCKET) == 0;
}

static int open_socket(const char *path, int *fd, char *words)
{
    *fd = connect_to(path);
    if (*fd == -ENAMETOOLONG)
        return fail(words, QUOTES_ARGS,
                    "the name of the socket %s is longer than the %zu bytes that the system takes", path,
                    sizeof((struct sockaddr_un *)0)->sun_path - 1);
    if (*fd == -EACCES || *fd == -EPERM)
        return fail(words, QUOTES_DENIED, "the socket %s is not open to you", path);
    if (*fd < 0)
        return fail(words, QUOTES_NO_DAEMON, "no quoted answers at %s (%s)", path, strerror(-*fd));
    if (!peer_is_ours(*fd, path)) {
        close(*fd);
        return fail(words, QUOTES_DENIED, "the program at %s belongs to another user; it was asked nothing",
                    path);
    }
    return 0;
}

/* Finds the daemon that the options and the environment name; else the person's own; else the system's. The
 * last one's index is not the person's, so it is not asked whether it serves that. */
static int open_place(struct quotes_options *o, int *fd, char *words)
{
    struct paths p;
    char detail[200];
    int rc = paths_find(&p, false, o->index, o->socket, detail);

    if (rc < 0)
        return fail(words, QUOTES_ARGS, "the socket of quoted cannot be named: %s", detail);
    rc = open_socket(p.socket, fd, words);
    if (rc != QUOTES_NO_DAEMON || o->socket || p.is_private || getenv("QUOTED_SOCKET"))
        return rc;
    if (open_socket(SYSTEM_SOCKET, fd, NULL) < 0)
        return rc;
    o->index = NULL;
    return 0;
}

/* ---- sending ----------------------------------------------------------------------------------------- */

/* Waits until the socket is ready for `events`. Returns 1, or 0 when the caller wishes to cancel, or an error. */
static int wait_for(struct quotes *q, short events, const volatile sig_atomic_t *cancel)
{
    struct pollfd p = {.fd = q->fd, .events = events};
    int64_t until = now_ms() + q->timeout_ms;

    for (;;) {
        int64_t left = q->timeout_ms ? until - now_ms() : CANCEL_MS;
        int n;

        if (cancel && *cancel)
            return 0;
        if (left <= 0)
            return QUOTES_TIMEOUT;
        if (!cancel && !q->timeout_ms)
            left = -1;
        else if (cancel && left > CANCEL_MS)
            left = CANCEL_MS;
        n = poll(&p, 1, (int)left);
        if (n > 0)
            return 1;
        if (n < 0 && errno != EINTR)
            return QUOTES_GONE;
    }
}

static int send_all(struct quotes *q, struct span frame)
{
    while (frame.len) {
        ssize_t n = send(q->fd, frame.at, frame.len, MSG_NOSIGNAL);
        int rc;

        if (n >= 0)
            frame = span_cut(frame, (size_t)n, frame.len);
        else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if ((rc = wait_for(q, POLLOUT, NULL)) < 0)
                return rc;
        } else if (errno != EINTR)
            return QUOTES_GONE;
    }
    return 0;
}

/* Sends one request, or a notification when id is less than 0. `params` is JSON. */
static int send_frame(struct quotes *q, int64_t id, const char *method, struct span params)
{
    struct buf out = BUF_INIT(LIMIT_FRAME);
    int rc;

    buf_str(&out, "{\"jsonrpc\":\"2.0\"");
    if (id >= 0)
        json_put_int(&out, "id", id);
    json_put_text(&out, "method", span_of(method));
    json_key(&out, "params");
    buf_span(&out, params);
    buf_str(&out, "}\n");
    rc = buf_err(&out) ? buf_err(&out) : send_all(q, buf_view(&out));
    buf_fini(&out);
    return rc;
}

static int send_cancel(struct quotes *q, int64_t id)
{
    char params[40];
    int len = snprintf(params, sizeof params, "{\"id\":%lld}", (long long)id);

    return send_frame(q, -1, "$/cancelRequest", (struct span){params, (size_t)len});
}

static int send_greeting(struct quotes *q, const struct quotes_options *o)
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
    rc = buf_err(&params) ? buf_err(&params) : send_frame(q, 0, "initialize", buf_view(&params));
    buf_fini(&params);
    return rc;
}

/* ---- receiving --------------------------------------------------------------------------------------- */

/* As recv; a descriptor that comes along is kept, any further one closed. */
static ssize_t receive_bytes(struct quotes *q, char *bytes, size_t size)
{
    struct iovec part = {bytes, size};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(4 * sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(q->fd, &message, MSG_CMSG_CLOEXEC);

    for (struct cmsghdr *h = n < 0 ? NULL : CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
        size_t count = h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS
                           ? (h->cmsg_len - CMSG_LEN(0)) / sizeof(int)
                           : 0;

        for (size_t i = 0; i < count; i++) {
            int fd;

            memcpy(&fd, CMSG_DATA(h) + i * sizeof fd, sizeof fd);
            if (q->got < 0)
                q->got = fd;
            else
                close(fd);
        }
    }
    return n;
}

/* Receives more. Returns 1, 0 when the caller wishes to cancel, or an error. */
static int receive(struct quotes *q, const volatile sig_atomic_t *cancel)
{
    char bytes[FRAME_READ];
    int rc = wait_for(q, POLLIN, cancel);
    ssize_t n;

    if (rc <= 0)
        return rc;
    n = receive_bytes(q, bytes, sizeof bytes);
    if (n > 0)
        rc = frame_feed(&q->in, bytes, (size_t)n);
    else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        rc = QUOTES_GONE;
    return rc == ERR_TOOBIG ? QUOTES_PROTOCOL : rc < 0 ? rc : 1;
}

/* The next whole frame, borrowed until the next call. Returns 1, 0 to cancel, or an error. */
static int next_frame(struct quotes *q, struct span *frame, const volatile sig_atomic_t *cancel)
{
    int rc;

    while ((rc = frame_next(&q->in, frame)) == 0)
        if ((rc = receive(q, cancel)) <= 0)
            return rc;
    return rc == ERR_TOOBIG ? QUOTES_PROTOCOL : rc;
}

/* ---- one question ------------------------------------------------------------------------------------ */

struct asking {
    struct quotes *q;
    const struct quotes_question *question;
    struct quotes_answer *answer;
    int64_t id;
    int64_t bytes;  /* of parts */
    bool refused;   /* by the caller's piece(), which is not called again */
    bool cancelled; /* the daemon was told; its answer is still awaited */
    int failed;     /* an error of ours that the answer cannot mend */
};

static void cancel_question(struct asking *a)
{
    if (!a->cancelled)
        (void)send_cancel(a->q, a->id);
    a->cancelled = true;
}

static void give_piece(struct asking *a, struct span text)
{
    a->bytes += (int64_t)text.len;
    if (a->refused || !a->question->piece || !text.len)
        return;
    a->refused = a->question->piece(a->question->ctx, text.at, text.len) != 0;
    if (a->refused)
        cancel_question(a);
}

/* A JSON text as a piece. */
static void give_text(struct asking *a, struct span value)
{
    struct buf text = BUF_INIT(LIMIT_FRAME);
    int rc = peek_text(value, &text);

    if (rc == 0)
        give_piece(a, buf_view(&text));
    else
        a->failed = rc == ERR_NOMEM ? QUOTES_NOMEM : QUOTES_PROTOCOL;
    buf_fini(&text);
}

static void take_notification(struct asking *a, struct span frame)
{
    struct span method = peek_member(frame, "method"), params = peek_member(frame, "params");

    if (peek_int(peek_member(params, "id"), -1) != a->id)
        return;
    if (span_eq(method, SPAN("\"part\"")))
        give_text(a, peek_member(params, "text"));
    else if (span_eq(method, SPAN("\"progress\"")) && a->question->progress)
        a->question->progress(a->question->ctx, params.at, params.len);
}

/* The error of an answer, in the daemon's words. */
static int take_error(struct asking *a, struct span error)
{
    int64_t code = peek_int(peek_member(error, "code"), 0);

    peek_copy(peek_member(error, "message"), a->answer->words, QUOTES_WORDS);
    a->answer->column = peek_int(peek_member(peek_member(error, "data"), "column"), 0);
    if (code == ERR_CANCELLED)
        code = QUOTES_CANCELLED;
    if (code >= 0 || code < INT_MIN)
        code = QUOTES_PROTOCOL;
    if (!a->answer->words[0])
        (void)fail(a->answer->words, 0, "quoted refused without saying why (error %lld)", (long long)code);
    return (int)code;
}

/* What may have been meant, as a sentence. */
static void take_hints(struct asking *a, struct span hints)
{
    struct buf words = BUF_INIT(QUOTES_WORDS - 1);
    struct span hint;

    for (int i = 0; peek_element(&hints, &hint); i++) {
        char text[QUOTES_WORDS];

        peek_copy(hint, text, sizeof text);
        buf_printf(&words, "%s%s", i ? ", or " : "Did you mean ", text);
    }
    if (words.len) {
        buf_char(&words, '?');
        if (!buf_err(&words))
            (void)fail(a->answer->words, 0, "%.*s", (int)words.len, words.at);
    }
    buf_fini(&words);
}

static int take_result(struct asking *a, struct span result)
{
    struct span text = peek_member(result, "answer");
    int64_t parts = peek_int(peek_member(result, "parts"), 0);

    a->answer->found = peek_int(peek_member(result, "found"), -1);
    a->answer->shown = peek_int(peek_member(result, "shown"), -1);
    a->answer->people = peek_int(peek_member(result, "people"), -1);
    take_hints(a, peek_member(result, "did_you_mean"));
    if (parts > 0) {
        if (!a->failed && a->bytes != peek_int(peek_member(result, "bytes"), a->bytes))
            a->failed = QUOTES_PROTOCOL;
    } else if (!text.len)
        give_piece(a, result);
    else if (text.at[0] == '"')
        give_text(a, text);
    else
        give_piece(a, text);
    return a->failed;
}

/* Reads until the answer with the id is there, and takes what belongs to the question on the way. */
static int await(struct asking *a, int64_t id)
{
    struct span frame, result;
    int64_t got;
    int rc;

    for (;;) {
        rc = next_frame(a->q, &frame, a->cancelled ? NULL : a->question->cancel);
        if (rc < 0)
            return a->q->dead = rc;
        if (rc == 0) {
            cancel_question(a);
            continue;
        }
        if (!peek_valid(frame))
            return a->q->dead = QUOTES_PROTOCOL;
        got = peek_int(peek_member(frame, "id"), -1);
        if (got == -1 && peek_member(frame, "method").len) {
            take_notification(a, frame);
            continue;
        }
        result = peek_member(frame, "result");
        if (got == -1) /* the daemon could not even read an id: it closes now */
            return a->q->dead = take_error(a, peek_member(frame, "error"));
        if (got == 0 && !a->q->greeted) {
            a->q->greeted = true;
            if (!result.len)
                return a->q->dead = take_error(a, peek_member(frame, "error"));
        }
        if (got != id)
            continue; /* the answer to a question that was given up */
        if (id == 0)
            return 0;
        return result.len ? take_result(a, result) : take_error(a, peek_member(frame, "error"));
    }
}

/* A question that changes something must not reach the daemon of another index: its greeting is awaited first.
 * Any other travels together with the greeting. */
static bool changes(const char *method)
{
    static const char *const names[] = {"add", "put", "rm", "reindex", "stop"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(method, names[i]) == 0)
            return true;
    return false;
}

/* The sentence for an error of this side. */
static void explain(int rc, struct quotes *q, char *words)
{
    if (rc == QUOTES_GONE)
        (void)fail(words, rc, "quoted ended before it had answered");
    else if (rc == QUOTES_TIMEOUT)
        (void)fail(words, rc, "quoted said nothing for %d seconds", (q->timeout_ms + 999) / 1000);
    else if (rc == QUOTES_PROTOCOL)
        (void)fail(words, rc, "what answers is not quoted, or its answer is damaged");
    else if (rc == QUOTES_TOOBIG)
        (void)fail(words, rc, "the question is longer than the %u bytes that quoted takes", LIMIT_FRAME);
    else if (rc == QUOTES_CANCELLED)
        (void)fail(words, rc, "cancelled");
    else
        (void)fail(words, rc, "%s", err_words(rc));
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

    if (q->got >= 0 && read_instance(peek_member((struct span){text, len}, "instance"), instance))
        (void)cache_map(&q->cache, q->got, instance);
    return 0;
}

static int ask(struct quotes *q, const struct quotes_question *question, struct quotes_answer *answer);

/* Asks for the segment, when there is none or its daemon has gone. Without one everything is asked over the socket. */
static void fetch_cache(struct quotes *q)
{
    struct quotes_question question = {.method = "cache", .piece = take_cache, .ctx = q};
    struct quotes_answer answer;
    int64_t now = now_ms();

    if (q->dead || (q->tried && now - q->tried < CACHE_AGAIN_MS))
        return;
    q->tried = now;
    cache_unmap(&q->cache);
    (void)ask(q, &question, &answer);
    if (q->got >= 0)
        close(q->got); /* the mapping holds the memory; a program may close any descriptor under us */
    q->got = -1;
}

/* Gives an answer that lies in the segment. */
static bool answer_from_cache(struct quotes *q, const struct quotes_question *question, struct span params,
                              struct quotes_answer *answer, int *rc)
{
    char key[CACHE_KEY];
    size_t len = question_key(span_of(question->method), params, key);
    struct asking a = {.q = q, .question = question, .answer = answer, .cancelled = true};
    struct kept kept;
    long n;

    if (!len)
        return false;
    if (!cache_alive(&q->cache))
        fetch_cache(q);
    if (!q->cache.at || (!q->room && !(q->room = malloc(CACHE_VALUE))) ||
        (n = cache_get(&q->cache, (struct span){key, len}, q->room, CACHE_VALUE)) < 0 ||
        !kept_take((struct span){q->room, (size_t)n}, &kept))
        return false;
    answer->found = kept.found;
    answer->shown = kept.shown;
    answer->people = kept.people;
    take_hints(&a, kept.hints);
    give_piece(&a, kept.answer);
    *rc = a.refused ? QUOTES_CANCELLED : 0;
    return true;
}

/* False in a child of the process that connected: it must not talk on its parent's socket. */
static bool is_ours(const struct quotes *q)
{
    return !q->ours || *(volatile char *)q->ours;
}

/* Is our descriptor still our socket? A program may have closed it, as all from 3 on are closed by some; by now its number may be
 * a file of that program, which is not ours to write to or to close. */
static bool holds_socket(struct quotes *q)
{
    struct stat st;

    if (q->fd >= 0 && (fstat(q->fd, &st) || st.st_ino != q->ino || st.st_dev != q->dev))
        q->fd = -1;
    return q->fd >= 0;
}

static void clear_answer(struct quotes_answer *answer)
{
    *answer = (struct quotes_answer){.found = -1, .shown = -1, .people = -1};
}

int quotes_ask(struct quotes *q, const struct quotes_question *question, struct quotes_answer *answer)
{
    struct span params = question->params ? span_of(question->params) : SPAN("{}");
    int rc;

    clear_answer(answer);
    if (!is_ours(q))
        return fail(answer->words, QUOTES_GONE, "this connection belongs to the process that forked");
    if (q->wants_cache && answer_from_cache(q, question, params, answer, &rc))
        return rc;
    return ask(q, question, answer);
}

static int ask(struct quotes *q, const struct quotes_question *question, struct quotes_answer *answer)
{
    struct asking a = {.q = q, .question = question, .answer = answer, .id = ++q->last_id};
    struct span params = question->params ? span_of(question->params) : SPAN("{}");
    int rc = q->dead;

    clear_answer(answer);
    if (!holds_socket(q))
        return q->dead = fail(answer->words, QUOTES_GONE,
                              "this program closed the descriptor of its connection to quoted");
    if (rc == 0 && changes(question->method) && !q->greeted)
        rc = await(&a, 0);
    if (rc == 0)
        rc = send_frame(q, a.id, question->method, params);
    if (rc == 0 || rc == QUOTES_GONE) /* a daemon that closes may have said why */
        rc = await(&a, a.id);
    if (rc == 0 && a.refused)
        rc = QUOTES_CANCELLED;
    if (rc == QUOTES_GONE)
        q->dead = rc;
    if (rc < 0 && !answer->words[0])
        explain(rc, q, answer->words);
    return rc;
}

/* ---- a connection ------------------------------------------------------------------------------------ */

/* A page with a byte that is 1 here and 0 in every child. */
static char *page_of_ours(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    char *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return NULL;
    if (madvise(page, size, MADV_WIPEONFORK)) {
        (void)munmap(page, size);
        return NULL;
    }
    *page = 1;
    return page;
}

int quotes_open(const struct quotes_options *options, struct quotes **out, char *words)
{
    struct quotes_options o = options ? *options : (struct quotes_options){0};
    struct stat st;
    int fd = -1, rc;

    *out = NULL;
    if (words)
        words[0] = '\0';
    if (o.index && o.index[0] != '/')
        return fail(words, QUOTES_ARGS, "the index %s must be named by its absolute path", o.index);
    if (o.timeout_ms < 0)
        return fail(words, QUOTES_ARGS, "a time limit cannot be less than 0");
    if ((rc = open_place(&o, &fd, words)) < 0)
        return rc;
    *out = calloc(1, sizeof **out);
    if (!*out) {
        close(fd);
        return fail(words, QUOTES_NOMEM, "%s", err_words(QUOTES_NOMEM));
    }
    **out = (struct quotes){
        .fd = fd, .timeout_ms = o.timeout_ms, .got = -1, .wants_cache = o.cache != 0, .ours = page_of_ours()};
    if (fstat(fd, &st) == 0) {
        (*out)->dev = st.st_dev;
        (*out)->ino = st.st_ino;
    }
    frame_init(&(*out)->in);
    (void)send_greeting(*out, &o); /* when it fails, so does the first question, which can say it */
    return 0;
}

int quotes_fd(const struct quotes *q)
{
    return q->fd;
}

void quotes_close(struct quotes *q)
{
    if (!q)
        return;
    if (holds_socket(q))
        close(q->fd);
    if (q->got >= 0)
        close(q->got);
    cache_unmap(&q->cache);
    if (q->ours)
        (void)munmap(q->ours, (size_t)sysconf(_SC_PAGESIZE));
    frame_fini(&q->in);
    free(q->room);
    free(q);
}
