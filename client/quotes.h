/* quotes.h -- ask the quote index `quoted` from a program of yours.
 *
 *      char text[4096], words[QUOTES_WORDS];
 *      struct quotes_answer answer;
 *      struct quotes *q;
 *
 *      if (quotes_open(NULL, &q, words) < 0)
 *          return puts(words);
 *      struct quotes_question venn = {
 *          .method = "by", .params = "{\"speaker\":\"venn\",\"limit\":3}", .buffer = text, .size = sizeof text};
 *      puts(quotes_ask(q, &venn, &answer) < 0 ? answer.words : text);
 *      quotes_close(q);
 *
 * Methods and parameters are those of docs/PROTOCOL.md; both travel as JSON text, so that this library needs nothing but libc
 * and has no types to keep in step. Programs for each function stand in client/examples.
 *
 * Errors. A function that can fail returns an int: less than zero is a number of `enum quotes_error` or a code of
 * docs/PROTOCOL.md. Each comes with a sentence for the person, in UTF-8.
 *
 * Ownership. quotes_open allocates, quotes_close frees; NULL may be closed. All that a callback is given is borrowed and valid
 * until it returns. The strings of options and questions need to live as long as the call that takes them; what an answer is
 * written to (the answer, `buffer`, `cancel`, what `ctx` points to), until it is there.
 *
 * Threads. One connection is one thread's at a time; different connections do not know of each other. There is no state outside
 * of a connection and no thread of its own, no signal is raised or handled (a vanished daemon is QUOTES_GONE), and nothing is
 * printed. No function may be called for a connection from one of its own callbacks. After fork() the connections of the parent
 * are QUOTES_GONE in the child: it may close them and open its own. They are closed on exec. When the program closes the
 * descriptor under us, or puts another file in its place, that is QUOTES_GONE, and the other file is left alone.
 *
 * Binary interface. The functions and structures below stay as they are as long as the library is libquotes.so.1.
 */
#ifndef QUOTES_H
#define QUOTES_H

#include <signal.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUOTES_API __attribute__((visibility("default")))

/* What can go wrong on this side of the socket, and the codes of the daemon that callers tell apart. */
enum quotes_error {
    QUOTES_WAITING = 1,          /* no error: the answer is on its way */
    QUOTES_NOMEM = -10001,       /* out of memory */
    QUOTES_SYNTAX = -10005,      /* the query cannot be read; see answer.column */
    QUOTES_TOOBIG = -10007,      /* the question is larger than the daemon takes */
    QUOTES_DENIED = -10010,      /* the socket belongs to somebody else */
    QUOTES_ARGS = -10015,        /* the options or the question make no sense */
    QUOTES_PROTOCOL = -10016,    /* the other side does not speak the protocol */
    QUOTES_BUSY = -10017,        /* too much is asked at once; try again */
    QUOTES_GONE = -10018,        /* the daemon ended before it had answered */
    QUOTES_NO_DAEMON = -10019,   /* no daemon listens there */
    QUOTES_TIMEOUT = -10021,     /* the daemon said nothing for too long */
    QUOTES_DEADLINE = -10022,    /* the answer was not ready in time: see deadline_ms in docs/PROTOCOL.md */
    QUOTES_OTHER_INDEX = -32001, /* the daemon serves another index than options.index */
    QUOTES_SHUTDOWN = -32002,    /* the daemon is about to end; ask again */
    QUOTES_NOT_ALLOWED = -32003, /* this person may ask, not change */
    QUOTES_CANCELLED = -32800    /* the question was cancelled */
};

enum {
    QUOTES_WORDS = 512, /* bytes for a sentence, with its NUL */
    QUOTES_AT_ONCE = 64 /* questions of one connection that may be on their way */
};

struct quotes; /* a connection to the daemon */

struct quotes_options {
    /* NULL: $QUOTED_SOCKET, else the person's own daemon, else the system's. */
    const char *socket;

    /* NULL: any. Else an absolute path: every question fails unless the daemon serves that index. (Not asked of the system's
     * daemon, which has an index of its own.) */
    const char *index;

    /* NULL, or who asks ("neovim"). Nothing hangs on it. */
    const char *client;

    /* The longest silence of the daemon while a call waits for it, in milliseconds; 0: for ever. */
    int timeout_ms;

    /* Not 0: answers are looked for in the daemon's shared memory first. For a program that asks many questions: it costs a
     * question of its own, and 17 MB of addresses. Where that memory cannot be had, all is as without it. */
    int cache;
};

struct quotes_question {
    const char *method; /* "by", "search", ... */
    const char *params; /* a JSON object; NULL: no parameters */

    /* Where the answer goes: text, csv, or the serialized JSON. For a method whose result has no `answer` (add, put, rm,
     * reindex, ...) the result object is it. What does not fit is left out, between characters; a NUL ends it. NULL: nowhere. */
    char *buffer;
    size_t size; /* with the NUL */

    /* Takes the next piece of the same, which ends between characters. Anything but 0 cancels the question. May be NULL. */
    int (*piece)(void *ctx, const char *text, size_t len);

    /* Takes the parameters of a progress notification, a JSON object. May be NULL. */
    void (*progress)(void *ctx, const char *json, size_t len);

    void *ctx; /* passed to both */

    /* When it points to something other than 0, the question is cancelled, within a fifth of a second while a call waits, else
     * in the next quotes_turn. A signal handler or another thread may set it. May be NULL. */
    const volatile sig_atomic_t *cancel;
};

struct quotes_answer {
    int code;         /* 0, QUOTES_WAITING or an error */
    size_t bytes;     /* of the whole answer, NUL not counted: with `size` or more, something was left out */
    long long found;  /* rows in all, -1 when the method does not count */
    long long shown;  /* rows in the answer, -1 likewise */
    long long people; /* `by`: people whose name matches, -1 otherwise */
    long long column; /* QUOTES_SYNTAX: where in the query, from 1; else 0 */

    /* On failure a sentence for the person; when nothing was found perhaps "Did you mean ...?". */
    char words[QUOTES_WORDS];
};

/* Connects. `options` may be NULL. 0, and *out is the connection; or an error, *out is NULL and `words` (QUOTES_WORDS bytes,
 * may be NULL) holds a sentence. The daemon must run as the caller, as root, or as the system's service in its own folder below
 * /run. Does not start a daemon; the program `quotes` does. */
QUOTES_API int quotes_open(const struct quotes_options *options, struct quotes **out, char *words);

/* Asks one question and waits for its answer, which is filled in every case. Returns answer->code. After QUOTES_GONE,
 * QUOTES_PROTOCOL, QUOTES_TIMEOUT and QUOTES_OTHER_INDEX the connection is of no further use: close it. So it is when the daemon
 * did not let it in (with QUOTES_BUSY, for example, where there are too many): in any such case quotes_turn is less than 0. An
 * answer out of the shared memory costs no system call. */
QUOTES_API int quotes_ask(struct quotes *q, const struct quotes_question *question,
                          struct quotes_answer *answer);

/* Asks `count` questions together, which costs a tenth of asking one after the other, and waits for all answers. 0, or the code
 * of the first answer that failed; the others may be fine: each has its own. */
QUOTES_API int quotes_ask_many(struct quotes *q, const struct quotes_question *questions,
                               struct quotes_answer *answers, size_t count);

/* For a loop of one's own: asks without waiting. 0: the answer was in the shared memory and is filled in. QUOTES_WAITING: it is
 * on its way, and a later quotes_turn fills it in. Else an error, QUOTES_BUSY when QUOTES_AT_ONCE are on their way. */
QUOTES_API int quotes_begin(struct quotes *q, const struct quotes_question *question,
                            struct quotes_answer *answer);

/* Reads and writes what is possible without waiting, 128 KiB at most: what is left makes quotes_fd ready at once. How many
 * questions are still on their way; or an error, which all of them then have. Call it when quotes_fd is ready for what
 * quotes_events names. */
QUOTES_API int quotes_turn(struct quotes *q);

/* The socket, still owned by the connection, and what to poll it for: POLLIN, or POLLIN | POLLOUT. */
QUOTES_API int quotes_fd(const struct quotes *q);
QUOTES_API short quotes_events(const struct quotes *q);

/* Cancels a question that is on its way: nothing is written to the answer any more, no callback is called. */
QUOTES_API void quotes_drop(struct quotes *q, struct quotes_answer *answer);

/* A number that changes whenever the index does, or 0 when none is known: out of the shared memory where that is mapped, else
 * what came last to a connection that asked `subscribe`. No system call. */
QUOTES_API unsigned long long quotes_generation(const struct quotes *q);

/* Gives up what is on its way and frees the connection. */
QUOTES_API void quotes_close(struct quotes *q);

#ifdef __cplusplus
}
#endif
#endif
