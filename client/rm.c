#include "client/change.h"
#include "client/commands.h"

int rm_run(struct call *c)
{
    struct change ch;

    change_begin(&ch, c, "took out");
    return change_end(&ch, change_paths(&ch, "rm", call_given(c, OPTION_ERASE) ? "erase" : NULL));
}
