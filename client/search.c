#include "client/ask.h"
#include "client/commands.h"

int search_run(struct call *c)
{
    struct buf params = ask_params(c, "search");

    ask_operands(&params, "query", c, 0, c->count);
    return ask_print(c, "search", &params,
                     "no article matches; \"quotes status\" says what the archive holds");
}
