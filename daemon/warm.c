#include "daemon/warm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "daemon/call.h"
#include "daemon/durable.h"
#include "daemon/log.h"
#include "daemon/serve.h"
#include "daemon/server.h"
#include "daemon/wanted.h"
#include "wire/question.h"

/* Where it stands; false when the path is too long for any. */
static bool place(const struct server *server, char path[LIMIT_PATH])
{
    return snprintf(path, LIMIT_PATH, "%s/wanted", server->paths.index) < (int)LIMIT_PATH;
}

/* ---- the file ------------------------------------------------------------------------------------------ */

static bool read_all(int fd, struct buf *out)
{
    struct stat st;
    char *to;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > WANTED_FILE ||
        !(to = buf_room(out, (size_t)st.st_size)) || read(fd, to, (size_t)st.st_size) != st.st_size)
        return false;
    out->len = (size_t)st.st_size;
    return true;
}

void warm_start(struct server *server)
{
    struct warm *w = &server->warm;
    char path[LIMIT_PATH];
    int fd;

    *w = (struct warm){
        .file = BUF_INIT(WANTED_FILE), .rows = SPAN(""), .segment = keeper_segment(&server->keeper)};
    if (!w->segment || !place(server, path) ||
        (fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) < 0)
        return;
    if (!read_all(fd, &w->file) || !wanted_rows(buf_view(&w->file), &w->rows))
        w->rows = SPAN("");
    (void)close(fd);
}

int warm_forget(struct server *server)
{
    char path[LIMIT_PATH], beside[LIMIT_PATH + 4];

    if (!place(server, path))
        return 0;
    (void)snprintf(beside, sizeof beside, "%s.new",
                   path); /* of a daemon that was killed while it wrote (durable.c) */
    if ((unlink(path) < 0 && errno != ENOENT) || (unlink(beside) < 0 && errno != ENOENT))
        return err_from_errno(errno);
    return durable_sync_folder(server->paths.index);
}

/* What was wanted in this life comes first, then what is left of the list. */
static void write_file(struct server *server, const char *path)
{
    struct buf rows = BUF_INIT(WANTED_FILE), file = BUF_INIT(WANTED_FILE);
    uint32_t count = keeper_wanted(&server->keeper, &rows);
    struct wanted w;
    int rc;

    while (count < WANTED_KEYS && wanted_next(&server->warm.rows, &w)) {
        wanted_row(&rows, &w);
        count++;
    }
    wanted_file(&file, buf_view(&rows), count);
    rc = buf_err(&rows) < 0 ? buf_err(&rows) : buf_err(&file);
    if (count == 0)
        rc = warm_forget(server);
    else if (rc == 0)
        rc = durable_write(path, buf_view(&file));
    if (rc < 0)
        log_warn("which answers were wanted is not remembered: %s", err_words(rc));
    buf_fini(&rows);
    buf_fini(&file);
}

/* ---- answering again ------------------------------------------------------------------------------------- */

static void drop(struct warm *w)
{
    buf_fini(&w->file);
    w->rows = SPAN("");
}

/* The first row that is left, and goes on to the next when it is done with. */
static bool first(const struct warm *w, struct wanted *wanted)
{
    struct span rows = w->rows;

    return wanted_next(&rows, wanted);
}

static void next(struct warm *w)
{
    struct wanted done;

    if (!wanted_next(&w->rows, &done) || !w->rows.len)
        drop(w);
}

/* The call that asks it; NULL when it is no question any more. */
static struct call *question(struct server *server, struct span key)
{
    struct buf params = BUF_INIT(8 * CACHE_KEY);
    const struct request_row *row = question_of(key, &params);
    struct call *c = row ? call_own((enum request)(row - request_rows), server->paths.index) : NULL;

    if (c) {
        c->params = json_loadb(params.at, params.len, 0, NULL);
        c->keeps = c->heavy = true;
        c->deadline = uv_now(server->loop) + WARM_MS;
    }
    if (c && (!c->params || serve_prepare(c) < 0)) {
        call_free(c);
        c = NULL;
    }
    if (c)
        keeper_note(&server->keeper, c, buf_view(&params));
    buf_fini(&params);
    return c;
}

/* True when what is left of the list is not worth it any more. */
static bool enough(struct server *server)
{
    struct cached_counts counts;

    return keeper_segment(&server->keeper) != server->warm.segment ||
           !keeper_counts(&server->keeper, &counts) || counts.evictions > 0;
}

void warm_step(struct server *server)
{
    struct warm *w = &server->warm;
    struct wanted wanted;

    while (w->rows.len && !w->call && !server_stopping(server)) {
        if (enough(server) || !first(w, &wanted)) {
            drop(w);
            return;
        }
        if (work_count(&server->work) || writer_busy(&server->writer))
            return;
        if (keeper_wish(&server->keeper, wanted.key, wanted.asked - 1) ||
            !(w->call = question(server, wanted.key)))
            next(w);
        else
            work_give(&server->work, w->call);
    }
}

void warm_done(struct server *server, struct call *c)
{
    struct warm *w = &server->warm;
    struct wanted wanted;

    w->call = NULL;
    if (server_stopping(server) || enough(server) || !first(w, &wanted))
        return;
    keeper_keep(&server->keeper, c);
    (void)keeper_wish(&server->keeper, wanted.key, wanted.asked - 1);
    next(w);
    warm_step(server);
}

/* ---- the end --------------------------------------------------------------------------------------------- */

void warm_stop(struct server *server)
{
    if (server->warm.call)
        call_cancel(server->warm.call);
}

void warm_end(struct server *server)
{
    char path[LIMIT_PATH];

    if (keeper_segment(&server->keeper) != server->warm.segment)
        drop(&server->warm);
    if (!place(server, path) || access(server->paths.index, F_OK) < 0)
        ; /* the folder was thrown away: it is not made again for this */
    else if (keeper_segment(&server->keeper))
        write_file(server, path);
    else
        (void)warm_forget(server);
    drop(&server->warm);
}
