#include "base/json.h"
#include "client/ask.h"
#include "client/commands.h"

int files_run(struct call *c)
{
    struct buf params = ask_params(c, "files");
    bool skipped = call_given(c, OPTION_SKIPPED);

    if (skipped)
        json_put_bool(&params, "only_skipped", true);
    return ask_print(c, "files", &params,
                     skipped ? "no file was skipped" : "the archive is empty; begin with: quotes add FOLDER");
}
