#include "client/ask.h"
#include "client/commands.h"

int dump_run(struct call *c)
{
    struct buf params = ask_params(c, "dump");

    return ask_print(c, "dump", &params, "the index is empty");
}
