#include "base/json.h"
#include "client/ask.h"
#include "client/commands.h"

int show_run(struct call *c)
{
    struct buf params = ask_params(c, "show");

    ask_operands(&params, "id", c, 0, c->count);
    if (call_given(c, OPTION_WHY))
        json_put_bool(&params, "why", true);
    return ask_print(c, "show", &params, "no quote or article has the id %s", c->operands[0]);
}
