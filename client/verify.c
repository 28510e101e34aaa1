/* verify.c -- is the index sound? Here `found` counts problems, so the exit status is turned round. */
#include "client/ask.h"
#include "client/commands.h"
#include "client/out.h"

static int print(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    return out_put(text, len);
}

int verify_run(struct call *c)
{
    struct buf params = ask_params(c, "verify");
    struct quotes_question question = {.piece = print};
    struct quotes_answer answer;
    int status = ask(c, "verify", &params, &question, &answer);

    if (status != 0)
        return out_end(status);
    return out_end(answer.found > 0 ? EXIT_NOTHING : EXIT_FOUND);
}
