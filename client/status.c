#include "client/ask.h"
#include "client/commands.h"

int status_run(struct call *c)
{
    struct buf params = ask_params(c, "status");

    return ask_print(c, "status", &params, "the index is empty");
}
