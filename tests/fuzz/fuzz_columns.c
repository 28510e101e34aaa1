/* fuzz_columns.c -- any bytes as a run of a column: it is refused, or every number of it can be read. Any two texts as words:
 * counting mistakes ends, and goes both ways. */
#include <assert.h>

#include "index/columns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span all = {(const char *)data, len};
    struct column_run run;
    uint32_t count = len ? data[0] * 2u : 0, sum = 0;

    if (len == 0)
        return 0;
    all = span_cut(all, 1, len);
    if (column_run_take(all, 5, count, &run) == 0)
        for (uint32_t i = 0; i < count; i++)
            sum += column_run_value(&run, 5 + i);
    else
        assert(run.count == 0);
    (void)sum;
    return 0;
}
