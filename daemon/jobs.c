#include "daemon/jobs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "daemon/call.h"
#include "daemon/durable.h"
#include "daemon/log.h"
#include "daemon/server.h"

enum {
    SKIPPED_MAX = 1000,        /* files named in a result; `files` lists them all */
    SKIPPED_BYTES = 512 * 1024 /* and their bytes: a result is one frame */
};

struct job {
    struct server *server;
    struct call *call;
    struct archive archive;
    struct index_progress total;         /* of the runs that ended */
    struct buf skipped, paths, excluded; /* rows of JSON, with commas */
    uint64_t skipped_count, skipped_named;
};

/* ---- runs of the index, added up ---- */

static void add_up(struct index_progress *total, const struct index_progress *p)
{
    total->files_seen += p->files_seen;
    total->files_new += p->files_new;
    total->files_unchanged += p->files_unchanged;
    total->files_removed += p->files_removed;
    total->files_skipped += p->files_skipped;
    total->articles += p->articles;
    total->quotes += p->quotes;
    total->bytes += p->bytes;
    total->files_total += p->files_total;
}

static void on_progress(void *ctx, const struct index_progress *p)
{
    struct job *j = ctx;
    struct index_progress now = j->total;

    add_up(&now, p);
    now.path = p->path;
    now.committed = p->committed;
    writer_progress(&j->server->writer, &now);
}

static void on_skipped(void *ctx, const char *path, int err, const char *detail)
{
    struct job *j = ctx;

    j->skipped_count++;
    if (j->skipped_named >= SKIPPED_MAX || j->skipped.len > SKIPPED_BYTES)
        return;
    json_sep(&j->skipped);
    buf_char(&j->skipped, '{');
    json_put_text(&j->skipped, "path", span_of(path));
    json_put_int(&j->skipped, "error", err);
    json_put_text(&j->skipped, "reason", span_of(detail && *detail ? detail : err_words(err)));
    buf_char(&j->skipped, '}');
    j->skipped_named++;
}

/* A trouble of ours with a listed path, told like a skipped file. */
static void skip_path(struct job *j, const char *path, int err, const char *words)
{
    on_skipped(j, path, err, words);
    j->total.files_skipped++;
}

static void on_alone(void *ctx, bool yes)
{
    struct job *j = ctx;

    guard_alone(&j->server->guard, yes);
}

static struct index_run begin(struct job *j)
{
    return (struct index_run){.progress = on_progress,
                              .skipped = on_skipped,
                              .alone = on_alone,
                              .memory = j->server->writer.memory,
                              .threads = j->server->writer.threads,
                              .ctx = j,
                              .cancel = &j->call->cancel,
                              .force = call_bool(j->call, "force")};
}

static int end(struct job *j, const struct index_run *run, int rc)
{
    add_up(&j->total, &run->total);
    return guard_note(&j->server->guard, rc);
}

static bool on_belongs(void *ctx, const char *path)
{
    struct job *j = ctx;

    return archive_holds(&j->archive, path);
}

static int add_path(struct job *j, const char *path)
{
    struct index_run run = begin(j);
    int rc;

    if (archive_holds(&j->archive, path)) /* the inbox is not listed */
        run.belongs = on_belongs;
    rc = index_add(j->server->guard.ix, path, &run);

    if (rc == ERR_NOTFOUND || rc == ERR_DENIED) { /* its own trouble, not the run's */
        skip_path(j, path, rc, NULL);
        rc = 0;
    }
    return end(j, &run, rc);
}

static int remove_path(struct job *j, const char *path)
{
    struct index_run run = begin(j);
    int rc = index_remove(j->server->guard.ix, path, &run);

    return end(j, &run, rc == ERR_NOTFOUND ? 0 : rc);
}

/* ---- what the result says ---- */

static void name_path(struct buf *list, const char *path)
{
    if (list->len > SKIPPED_BYTES / 2)
        return;
    json_sep(list);
    json_text(list, span_of(path));
}

static void put_list(struct buf *b, const char *name, const struct buf *rows)
{
    json_key(b, name);
    buf_char(b, '[');
    buf_span(b, buf_view(rows));
    buf_char(b, ']');
}

static void give_result(struct job *j)
{
    struct buf *b = &j->call->object;
    const struct index_progress *t = &j->total;

    json_put_int(b, "files_seen", (int64_t)t->files_seen);
    json_put_int(b, "files_new", (int64_t)t->files_new);
    json_put_int(b, "files_unchanged", (int64_t)t->files_unchanged);
    json_put_int(b, "files_removed", (int64_t)t->files_removed);
    json_put_int(b, "files_skipped", (int64_t)t->files_skipped);
    json_put_int(b, "articles", (int64_t)t->articles);
    json_put_int(b, "quotes", (int64_t)t->quotes);
    json_put_int(b, "bytes", (int64_t)t->bytes);
    put_list(b, "paths", &j->paths);
    if (j->excluded.len)
        put_list(b, "excluded", &j->excluded);
    put_list(b, "skipped", &j->skipped);
    json_put_int(b, "skipped_more", (int64_t)(j->skipped_count - j->skipped_named));
    j->call->kind = CALL_OBJECT;
    j->call->settled = true;
}

/* ---- add ---- */

/* The real path of what a client named; 0, or an error that the call now has. */
static int real_path(struct job *j, const char *given, char *path)
{
    int number;

    if (realpath(given, path))
        return 0;
    number = errno;
    call_fail(j->call, err_from_errno(number), "%.400s: %s", given, strerror(number));
    return err_from_errno(number);
}

/* Everything or nothing is listed: one path that cannot be read must not leave half of a command done. */
static int list_paths(struct job *j, char (*real)[PATH_MAX], size_t count)
{
    bool changed = false;
    int rc;

    for (size_t i = 0; i < count; i++) {
        const json_t *given = json_array_get(json_object_get(j->call->params, "paths"), i);

        if ((rc = real_path(j, json_string_value(given), real[i])) < 0)
            return rc;
        if (paths_below(j->server->paths.index, real[i]) || paths_below(real[i], j->server->paths.index)) {
            call_fail(j->call, ERR_ARGS, "%.400s holds the index itself, so it cannot be part of the archive",
                      real[i]);
            return ERR_ARGS;
        }
        rc = archive_register(&j->archive, real[i]);
        if (rc == ERR_ARGS)
            call_fail(j->call, rc, "a path with a line break in it cannot be kept in the list");
        if (rc < 0)
            return rc;
        changed |= rc;
        name_path(&j->paths, real[i]);
    }
    return changed ? archive_save(&j->archive, j->server->paths.list) : 0;
}

/* What the list says of places below `root` (all when NULL), folders before what is in them. What is not there just now cannot be
 * left out by reading. */
static int apply_below(struct job *j, const char *root)
{
    const char *const *lines;
    uint32_t count;
    int rc = archive_below(&j->archive, root, &lines, &count);

    for (uint32_t i = 0; rc == 0 && i < count; i++) {
        bool excluded;
        const char *path = archive_line(lines[i], &excluded);

        if (root && strcmp(path, root) == 0)
            continue;
        if (excluded && access(path, F_OK) < 0)
            rc = remove_path(j, path);
        else if (excluded)
            continue; /* nothing of it was read: what lies above it was told what belongs */
        else if (access(path, F_OK) < 0)
            skip_path(j, path, ERR_NOTFOUND, "not there now; what is indexed of it stays");
        else
            rc = add_path(j, path);
    }
    return rc;
}

static int add(struct job *j)
{
    size_t count = json_array_size(json_object_get(j->call->params, "paths"));
    char(*real)[PATH_MAX] = calloc(count, sizeof *real);
    int rc;

    if (!real)
        return ERR_NOMEM;
    rc = list_paths(j, real, count);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if ((rc = add_path(j, real[i])) == 0)
            rc = apply_below(j, real[i]);
    }
    free(real);
    return rc;
}

/* ---- put ---- */

/* Without a text it is the daemon's own: the inbox is brought in step, in case it ended between keeping and
 * reading. */
static int put(struct job *j)
{
    const char *inbox = j->server->paths.inbox;
    char path[LIMIT_PATH];
    int rc;

    if (!j->call->document.text.len)
        return access(inbox, F_OK) == 0 ? add_path(j, inbox) : 0;
    if ((rc = archive_keep(inbox, &j->call->document, path)) < 0)
        return rc;
    name_path(&j->paths, path);
    rc = add_path(j, path);
    if (rc < 0) /* it is safe; say so, whatever became of the index */
        call_fail(j->call, rc, "the document is kept as %.300s but not indexed yet: %s", path, err_words(rc));
    return rc;
}

/* ---- rm ---- */

/* The path as the index knows it. A file that is gone still has a folder. */
static void known_path(const char *given, char *path)
{
    char folder[LIMIT_PATH], real[PATH_MAX], name[LIMIT_PATH];
    char *slash;
    size_t len;

    if (realpath(given, real)) {
        snprintf(path, LIMIT_PATH, "%s", real);
        return;
    }
    snprintf(path, LIMIT_PATH, "%s", given);
    for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
        path[len - 1] = '\0';
    snprintf(folder, sizeof folder, "%s", path);
    if ((slash = strrchr(folder, '/')) && slash != folder) {
        *slash = '\0';
        snprintf(name, sizeof name, "%s", slash + 1);
        if (realpath(folder, real) && strlen(real) + strlen(name) + 2 < LIMIT_PATH) {
            strcpy(path, strcmp(real, "/") ? real : "");
            strcat(strcat(path, "/"), name);
        }
    }
}

static int forget(struct job *j, const char *path)
{
    bool excluded = false;
    struct stat st;
    int rc;

    if (paths_below(path, j->server->paths.inbox)) {
        if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) && (rc = archive_drop(path)) < 0)
            return rc;
        name_path(&j->paths, path);
        return 0;
    }
    rc = archive_forget(&j->archive, path, &excluded);
    if (rc == 1)
        rc = archive_save(&j->archive, j->server->paths.list);
    if (rc == 0)
        name_path(excluded ? &j->excluded : &j->paths, path);
    return rc;
}

static int rm(struct job *j)
{
    const json_t *given;
    size_t i;
    int rc = 0;

    json_array_foreach(json_object_get(j->call->params, "paths"), i, given)
    {
        char path[LIMIT_PATH];

        known_path(json_string_value(given), path);
        if ((rc = forget(j, path)) < 0 || (rc = remove_path(j, path)) < 0)
            return rc;
    }
    if (!call_bool(j->call, "erase"))
        return 0;
    if ((rc = warm_forget(j->server)) < 0)
        return rc;
    if ((rc = guard_compact(&j->server->guard, &j->call->cancel)) == 0) /* answers hold the text, too */
        keeper_renew(&j->server->keeper, index_generation(j->server->guard.ix));
    return rc;
}

/* ---- reindex ---- */

static int keep_only(struct job *j)
{
    struct index_run run = begin(j);
    const char *const *lines;
    const char **kept;
    uint32_t count, n = 0;
    int rc = archive_below(&j->archive, NULL, &lines, &count);

    if (rc < 0)
        return rc;
    if (!(kept = arena_array(&j->archive.mem, count + 1u, sizeof *kept)))
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        bool excluded;
        const char *path = archive_line(lines[i], &excluded);

        if (!excluded) {
            kept[n++] = path;
            name_path(&j->paths, path);
        }
    }
    kept[n++] = j->server->paths.inbox;
    rc = index_keep_only(j->server->guard.ix, kept, n, &run);
    return end(j, &run, rc);
}

static int reindex(struct job *j)
{
    char why[200] = "";
    int rc = 0;

    if (atomic_load(&j->server->guard.damaged)) {
        log_warn("the index is damaged: it is set aside and made anew");
        rc = guard_renew(&j->server->guard, why);
        if (rc == 0)
            keeper_renew(&j->server->keeper, index_generation(j->server->guard.ix));
    }
    if (rc == 0)
        rc = apply_below(j, NULL);
    if (rc == 0 && access(j->server->paths.inbox, F_OK) == 0)
        rc = add_path(j, j->server->paths.inbox);
    return rc == 0 ? keep_only(j) : rc;
}

/* ---- all of them ---- */

static int run(struct job *j)
{
    int rc;

    if (j->call->cancel)
        return ERR_CANCELLED;
    if (!j->server->guard.ix && j->call->method != REQUEST_REINDEX)
        return ERR_CORRUPT;
    if ((rc = archive_load(&j->archive, j->server->paths.list)) < 0) {
        call_fail(j->call, rc, "%.400s cannot be read: %s", j->server->paths.list, err_words(rc));
        return rc;
    }
    switch (j->call->method) {
    case REQUEST_ADD:
        return add(j);
    case REQUEST_PUT:
        return put(j);
    case REQUEST_RM:
        return rm(j);
    case REQUEST_REINDEX:
        return reindex(j);
    default:
        return ERR_ARGS;
    }
}

/* Counts only: paths are private. */
static void journal(const struct job *j, int rc)
{
    const struct index_progress *t = &j->total;
    const char *who = j->call->own ? " (by itself)" : "";

    if (rc < 0)
        log_warn("%s%s stopped: %s", call_name(j->call), who, err_words(rc));
    if ((rc == 0 && !j->call->own) || t->files_new || t->files_removed)
        log_info("%s%s: %llu files seen, %llu read, %llu removed, %llu skipped; %llu articles, %llu quotes",
                 call_name(j->call), who, (unsigned long long)t->files_seen, (unsigned long long)t->files_new,
                 (unsigned long long)t->files_removed, (unsigned long long)t->files_skipped,
                 (unsigned long long)t->articles, (unsigned long long)t->quotes);
}

void jobs_run(struct server *server, struct call *c)
{
    struct job j = {.server = server,
                    .call = c,
                    .skipped = BUF_INIT(2 * SKIPPED_BYTES),
                    .paths = BUF_INIT(SKIPPED_BYTES),
                    .excluded = BUF_INIT(SKIPPED_BYTES)};
    int rc = run(&j);

    if (rc == 0)
        give_result(&j);
    else if (c->settled)
        ; /* it says itself what went wrong */
    else if (rc == ERR_CANCELLED)
        call_fail(c, server_stopping(server) ? WIRE_SHUTDOWN : WIRE_CANCELLED,
                  "%s; what was done until then stays",
                  server_stopping(server) ? "the daemon is ending" : "cancelled");
    else
        call_fail(c, rc, "%s", err_words(rc));
    journal(&j, rc);
    archive_fini(&j.archive);
    buf_fini(&j.skipped);
    buf_fini(&j.paths);
    buf_fini(&j.excluded);
}
