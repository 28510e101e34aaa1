#include "daemon/guard.h"

#include "base/err.h"

int guard_open(struct guard *g, const char *dir, bool *renewed, char *detail)
{
    pthread_rwlockattr_t attr;
    char why[200] = "";
    int rc;

    *renewed = false;
    *g = (struct guard){.dir = dir};
    rc = index_open(dir, &g->ix, why);
    if (rc == ERR_CORRUPT || rc == ERR_VERSION) {
        *renewed = true;
        if ((rc = index_set_aside(dir)) == 0)
            rc = index_open(dir, &g->ix, detail);
    }
    if (*renewed || rc < 0)
        memcpy(detail, why, sizeof why);
    if (rc < 0)
        return rc;
    /* A waiting writer goes first: otherwise a stream of questions could hold it back for ever. */
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&g->lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    return 0;
}

void guard_watch(struct guard *g, index_told_fn told, void *ctx)
{
    g->told = told;
    g->told_ctx = ctx;
    if (g->ix)
        index_watch(g->ix, told, ctx);
}

void guard_close(struct guard *g)
{
    if (!g->ix)
        return;
    index_close(g->ix);
    g->ix = NULL;
    pthread_rwlock_destroy(&g->lock);
}

int guard_view(struct guard *g, bool wait, struct index_view **view)
{
    int rc = wait ? pthread_rwlock_rdlock(&g->lock) : pthread_rwlock_tryrdlock(&g->lock);

    *view = NULL;
    if (rc != 0)
        return ERR_BUSY;
    rc = g->ix ? index_view_open(g->ix, view) : ERR_CORRUPT;
    if (rc < 0)
        pthread_rwlock_unlock(&g->lock);
    return guard_note(g, rc);
}

void guard_view_close(struct guard *g, struct index_view **view)
{
    if (!*view)
        return;
    index_view_close(view);
    *view = NULL;
    pthread_rwlock_unlock(&g->lock);
}

int guard_note(struct guard *g, int rc)
{
    if (rc == ERR_CORRUPT)
        atomic_store(&g->damaged, true);
    return rc;
}

void guard_alone(void *guard, bool yes)
{
    struct guard *g = guard;

    if (yes)
        pthread_rwlock_wrlock(&g->lock);
    else
        pthread_rwlock_unlock(&g->lock);
}

int guard_compact(struct guard *g, const volatile bool *cancel)
{
    struct index_run run = {.alone = guard_alone, .ctx = g, .cancel = cancel};

    return guard_note(g, index_compact(g->ix, &run));
}

int guard_renew(struct guard *g, char *detail)
{
    int rc;

    pthread_rwlock_wrlock(&g->lock);
    if (g->told)
        g->told(g->told_ctx, 0, UINT64_MAX);
    if (g->ix)
        index_close(g->ix);
    g->ix = NULL;
    if ((rc = index_set_aside(g->dir)) == 0 && (rc = index_open(g->dir, &g->ix, detail)) == 0) {
        index_watch(g->ix, g->told, g->told_ctx);
        atomic_store(&g->damaged, false);
    }
    pthread_rwlock_unlock(&g->lock);
    return rc;
}
