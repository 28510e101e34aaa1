/* ask.h -- one invocation of `quotes`, and its conversation with the daemon.
 *
 *      command ──ask_params──► "{..." ──its own──► ask_print ──► daemon ──► stdout
 *                                                     └── words, exit status
 */
#ifndef CLIENT_ASK_H
#define CLIENT_ASK_H

#include "base/buf.h"
#include "base/limits.h"
#include "client/options.h"
#include "client/quotes.h"
#include "client/say.h"

struct command;

/* What was typed, and the connection once there is one. */
struct call {
    const struct command *command;
    struct options options;
    char **operands;
    size_t count;      /* of them */
    size_t query_from; /* the operands from here on are a query */
    struct quotes *q;
};

/* True when the option was given. */
bool call_given(const struct call *c, enum option option);

/* The operands from `first` up to `end`, with spaces between, as a JSON text under `name`. */
void ask_operands(struct buf *params, const char *name, const struct call *c, size_t first, size_t end);

/* The parameters of a request, not closed yet: those options that the request takes (see wire/requests.h). */
struct buf ask_params(const struct call *c, const char *method);

/* Connects, starting a daemon when none answers and it is allowed. 0, or the status to exit with; why has been said. */
int ask_connect(struct call *c);

/* Asks. `params` is closed and emptied. 0 and the answer, or the status to exit with; why has been said. */
int ask(struct call *c, const char *method, struct buf *params, struct quotes_question *question,
        struct quotes_answer *answer);

/* Asks and prints the answer. When nothing was found, says the sentence. Returns the status to exit with. */
int ask_print(struct call *c, const char *method, struct buf *params, const char *nothing, ...)
    __attribute__((format(printf, 4, 5)));

/* The status to exit with after an error of libquotes. */
int ask_status(int error);

#endif
