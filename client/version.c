#include "wire/version.h"

#include "client/ask.h"
#include "client/commands.h"
#include "client/out.h"
#include "wire/requests.h"

int version_run(struct call *c)
{
    (void)c;
    (void)out_printf("quotes %s (protocol %d, format %d)\n", QUOTED_VERSION, PROTOCOL_VERSION,
                     FORMAT_VERSION);
    return out_end(EXIT_FOUND);
}
