#include "base/json.h"
#include "client/ask.h"
#include "client/commands.h"

int context_run(struct call *c)
{
    struct buf params = ask_params(c, "context");

    ask_operands(&params, "id", c, 0, c->count);
    json_put_int(&params, "context", c->options.context);
    return ask_print(c, "context", &params, "no quote has the id %s", c->operands[0]);
}
