#include "base/json.h"
#include "client/change.h"
#include "client/commands.h"

int reindex_run(struct call *c)
{
    struct buf params = BUF_INIT(64);
    struct change ch;

    buf_char(&params, '{');
    if (call_given(c, OPTION_FORCE))
        json_put_bool(&params, "force", true);
    change_begin(&ch, c, "indexed");
    return change_end(&ch, change_ask(&ch, "reindex", &params));
}
