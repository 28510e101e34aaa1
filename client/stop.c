/* stop.c -- ends the daemon, and returns when it has ended: what is started next must find the index free. */
#include <poll.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/out.h"

enum { END_MS = 30000 }; /* it finishes the transaction under way */

int stop_run(struct call *c)
{
    struct buf params = BUF_INIT(16);
    struct quotes_question question = {0};
    struct quotes_answer answer;
    struct pollfd end;
    bool quiet = call_given(c, OPTION_QUIET);
    int status;

    c->options.given |= TAKES(NO_DAEMON);
    buf_char(&params, '{');
    status = ask(c, "stop", &params, &question, &answer);
    if (status != 0)
        return status;
    end = (struct pollfd){.fd = quotes_fd(c->q), .events = POLLIN};
    (void)poll(&end, 1, END_MS);
    if (!quiet)
        (void)out_str("quoted has ended; the next question starts it again\n");
    return out_end(EXIT_FOUND);
}
