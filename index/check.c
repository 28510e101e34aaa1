#include "index/store_inner.h"
int view_check(struct index_view *v, void (*problem)(void *ctx, const char *words), void *ctx,
               const volatile bool *cancel)
{
    (void)v; (void)problem; (void)ctx; (void)cancel;
    return 0;
}
