/* call.h -- one request, from the line it came in to the line that answers it.
 *
 *      session --parse--> CALL_NEW --> the loop answers at once ---------------.
 *                            |--> CALL_READING: a reader thread has it --------|
 *                            `--> CALL_WRITING: the writer thread has it ------+--> CALL_READY --> sent, freed
 *
 * Who holds a call may touch it: the loop while it is NEW or READY, else the thread that it was given to.
 * Always the loop's alone are `state`, `session` (NULL when the client has gone) and the session's list; so
 * the thread that gives a call its result sets `settled`, and the loop makes it READY when it has come
 * back. `cancel` is raised by the loop and looked at by the thread.
 */
#ifndef DAEMON_CALL_H
#define DAEMON_CALL_H

#include <jansson.h>

#include "daemon/answer.h"
#include "daemon/archive.h"
#include "index/index.h"
#include "wire/requests.h"

struct kept;
struct session;

enum call_state { CALL_NEW, CALL_READING, CALL_WRITING, CALL_READY };

/* What kind of result it has, once it is ready. */
enum call_result {
    CALL_ERROR,  /* code, message; `object` holds the members of its data, if it has any */
    CALL_OBJECT, /* `object` holds the members of the result */
    CALL_ANSWER, /* `answer`, with found and shown */
    CALL_MANY    /* `answer` holds the members of the result, MANY_RESULT bytes at most (daemon/many.h) */
};

/* Several requests in one line, answered in one line. */
struct batch {
    struct buf out; /* the answers so far, with commas between */
    unsigned left;  /* calls that have not been freed */
};

struct call {
    unsigned magic;
    enum call_state state;
    struct session *session;  /* NULL when there is nobody to answer */
    struct call *prev, *next; /* all calls of the session */
    struct call *queue_next;  /* in the one queue it stands in */
    bool settled;             /* it has its result, or its error */
    struct batch *batch;      /* NULL for a request on its own */

    enum request method;
    char *id;                   /* as JSON; NULL for a notification, which is not answered */
    json_t *params;             /* what the spans in `ask` point into */
    volatile bool cancel, late; /* late: cancelled because its deadline passed */
    uint64_t deadline;          /* milliseconds of the loop's clock; 0: it has none */

    struct ask ask;
    bool keeps; /* who asks is the person whose daemon this is: nobody else's questions are kept */
    char *key;  /* under which the answer is kept (wire/question.h), or NULL */
    size_t key_len;
    uint64_t segment;    /* of the keeper, when it was asked */
    uint64_t generation; /* of the snapshot that answered */
    int pass;            /* a descriptor that goes with the answer, ours; 0: none */
    bool own;            /* the daemon's own job: nobody asked */
    bool heavy;          /* may take a whole thread for long: dump, verify, everything at once */
    uint64_t cost;       /* of an ask, as far as it is known (index_ask_cost) */
    struct document document;
    uint64_t began; /* milliseconds of the loop's clock */

    enum call_result kind;
    int code;
    char message[512];
    struct buf object;
    struct ask_result result;
    struct answer answer;
    uint64_t sent;  /* bytes of the answer that went as parts */
    unsigned parts; /* how many */
};

/* Reads the JSON of a frame. NULL, with words, for what is no JSON or nests too deeply. */
json_t *call_read(struct span frame, char words[200]);

/* A call for one message, which is borrowed. A message that is no proper request gives a call that is
 * settled with an error. NULL when there is no memory. */
struct call *call_new(const json_t *message, const char *index_dir);

/* A call that nobody asked for: the daemon's own jobs. */
struct call *call_own(enum request method, const char *index_dir);

/* A call that is settled with an error, for a frame that held no message. */
struct call *call_refusal(int code, const char *words, const char *index_dir);
void call_free(struct call *c);

/* Checks the parameters by the row of the table. 0, or -1 and the call has its error. */
int call_check(struct call *c);

/* A parameter, or the given value when it was left out. Text ends with a NUL and may be NULL. */
const char *call_text(const struct call *c, const char *name);
int64_t call_int(const struct call *c, const char *name, int64_t otherwise);
bool call_bool(const struct call *c, const char *name);

/* Gives the call an error. */
void call_fail(struct call *c, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Raises the flag that the thread looks at. */
void call_cancel(struct call *c);
void call_end(struct call *c); /* the same, because the deadline passed */

/* The name of the method, and of the answer's format. */
const char *call_name(const struct call *c);
const char *call_format(const struct call *c);
int call_format_named(const char *name, enum ask_format *format);

/* Writes the response of a settled call, without a line break. An answer that wants parts must have gone as such. */
int call_response(const struct call *c, struct buf *out);

/* What came of a settled call, as one of several: its result, or `{"error":...}`. */
int call_outcome(const struct call *c, struct buf *out);

/* The answer as it is kept; false when it is none, or too large. Its texts live in the two bufs. */
bool call_kept(const struct call *c, struct kept *kept, struct buf *text, struct buf *hints);

/* True when the answer must go as parts first. */
bool call_wants_parts(const struct call *c);

/* Writes the next part, as a line. 1 when there was one, 0 when all have gone, or an error. */
int call_part(struct call *c, struct buf *out);

#endif
