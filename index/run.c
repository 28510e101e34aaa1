#include <stdlib.h>

#include "base/err.h"
#include "index/hold.h"
#include "index/scan.h"

/* ---- the paths that the index knows ------------------------------------------------------------------ */

struct known_paths {
    struct arena mem;
    struct span *list;
    uint32_t count, cap;
};

/* Collects the paths for which `wanted` says true; one that is being brought in anew twice. */
static int collect(struct index *ix, struct known_paths *known,
                   bool (*wanted)(const void *ctx, struct span path), const void *ctx)
{
    struct arena scratch = ARENA_INIT;
    struct file_row file = {.no = 0};
    MDB_cursor *c = NULL;
    struct span payload;
    MDB_txn *txn;
    int rc = mdb_txn_begin(ix->env, NULL, MDB_RDONLY, &txn);

    if (rc)
        return store_error(ix, rc);
    rc = cursor_open(txn, ix->table[T_FILES], &c);
    while (rc == 0 && (rc = file_seek(c, file.no + 1, &payload)) == 1 &&
           (rc = get_file(&scratch, payload, &file)) == 0) {
        if (!wanted(ctx, file.path))
            ;
        else if (!ARENA_MORE(&known->mem, known->list, known->count, known->cap))
            rc = ERR_NOMEM;
        else
            known->list[known->count++] = arena_span(&known->mem, file.path);
        arena_reset(&scratch);
    }
    if (c)
        mdb_cursor_close(c);
    mdb_txn_abort(txn);
    arena_free(&scratch);
    return rc < 0 ? rc : arena_err(&known->mem);
}

/* Takes out every path for which `wanted` says true. */
static int take_out(struct ingest *in, bool (*wanted)(const void *ctx, struct span path), const void *ctx)
{
    struct known_paths known = {.mem = ARENA_INIT};
    int rc = collect(in->ix, &known, wanted, ctx);

    for (uint32_t i = 0; i < known.count && rc == 0; i++) {
        if (ingest_cancelled(in)) {
            rc = ERR_CANCELLED;
            break;
        }
        if ((rc = ingest_begin(in)) < 0 || (rc = path_drop(&in->w, known.list[i])) < 0)
            break;
        in->run->total.files_removed += rc == 1;
        rc = ingest_breathe(in);
    }
    arena_free(&known.mem);
    return rc;
}

/* ---- runs -------------------------------------------------------------------------------------------- */

/* An empty run for callers that gave none. */
static struct index_run *run_of(struct index_run *run, struct index_run *empty)
{
    *empty = (struct index_run){0};
    run = run ? run : empty;
    run->total = (struct index_progress){0};
    return run;
}

struct below {
    struct span root;
    const struct scan *found; /* NULL: nothing below it is wanted any more */
};

static bool has_gone(const void *ctx, struct span path)
{
    const struct below *b = ctx;

    return path_below(path, b->root) && !(b->found && scan_has(b->found, path));
}

static int add_files(struct ingest *in, const struct scan *found)
{
    struct arena mem = ARENA_INIT;
    int rc = 0;

    for (uint32_t i = 0; i < found->closed_count; i++)
        ingest_skipped(in, found->closed[i].path, found->closed[i].err, span_of(found->closed[i].words));
    for (uint32_t i = 0; i < found->count && rc == 0; i++) {
        struct file_row known;
        if (ingest_cancelled(in)) {
            rc = ERR_CANCELLED;
            break;
        }
        rc = ingest_known(in, &mem, span_of(found->files[i].path), &known);
        if (rc >= 0)
            rc = ingest_file(in, &found->files[i], rc == 1 ? &known : NULL);
        arena_reset(&mem);
    }
    arena_free(&mem);
    return rc < 0 ? rc : ingest_drain(in);
}

int index_add(struct index *ix, const char *path, struct index_run *run)
{
    struct index_run empty;
    struct ingest in;
    struct scan found;
    int rc;

    run = run_of(run, &empty);
    rc = scan(&found, path, run);
    if (rc == 0 && (rc = ingest_init(&in, ix, run, true)) == 0) {
        struct below gone = {span_of(path), &found};
        run->total.files_total = found.count;
        rc = add_files(&in, &found);
        if (rc == 0) /* last, so that a file that moved is found to be known */
            rc = take_out(&in, has_gone, &gone);
        rc = ingest_end(&in, rc);
        run->total.path = NULL;
    }
    scan_fini(&found);
    return rc;
}

int index_add_texts(struct index *ix, const struct index_texts *texts, struct index_run *run)
{
    struct index_run empty;
    struct ingest in;
    uint64_t size = texts->bytes_most ? texts->bytes_most : 32 * KiB;
    struct seen *seen;
    int rc;

    run = run_of(run, &empty);
    if ((rc = ingest_init(&in, ix, run, true)) < 0)
        return rc;
    run->total.files_total = texts->count;
    rc = (seen = calloc(texts->count + 1u, sizeof *seen)) ? 0 : ERR_NOMEM;
    for (uint32_t i = 0; i < texts->count && rc == 0; i++) {
        seen[i] = (struct seen){.path = texts->paths[i], .texts = texts, .text = i, .size = size};
        rc = ingest_cancelled(&in) ? ERR_CANCELLED : ingest_file(&in, &seen[i], NULL);
    }
    rc = ingest_end(&in, rc);
    free(seen);
    return rc;
}

int index_remove(struct index *ix, const char *path, struct index_run *run)
{
    struct below gone = {span_of(path), NULL};
    struct index_run empty;
    struct ingest in;
    int rc = ingest_init(&in, ix, run_of(run, &empty), false);

    if (rc < 0)
        return rc;
    return ingest_end(&in, take_out(&in, has_gone, &gone));
}

struct kept {
    const char *const *paths;
    size_t count;
};

static bool is_outside(const void *ctx, struct span path)
{
    const struct kept *k = ctx;

    for (size_t i = 0; i < k->count; i++)
        if (path_below(path, span_of(k->paths[i])))
            return false;
    return true;
}

int index_keep_only(struct index *ix, const char *const *paths, size_t count, struct index_run *run)
{
    struct kept kept = {paths, count};
    struct index_run empty;
    struct ingest in;
    int rc = ingest_init(&in, ix, run_of(run, &empty), false);

    if (rc < 0)
        return rc;
    return ingest_end(&in, take_out(&in, is_outside, &kept));
}
