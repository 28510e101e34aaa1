#include "client/ask.h"
#include "client/commands.h"

int speakers_run(struct call *c)
{
    struct buf params = ask_params(c, "speakers");

    if (c->count)
        ask_operands(&params, "speaker", c, 0, c->count);
    return ask_print(c, "speakers", &params,
                     c->count ? "nobody of that name is quoted"
                              : "nobody is quoted yet; begin with: quotes add FOLDER");
}
