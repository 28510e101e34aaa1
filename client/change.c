#include "client/change.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/commands.h"
#include "client/out.h"
#include "wire/peek.h"

enum { PATHS_BYTES = 256 * 1024 }; /* of paths in one request: escaped they may take three times as much */

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* SA_RESETHAND: a second Ctrl-C ends the program as usual. */
void change_begin(struct change *ch, struct call *c, const char *done)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};

    *ch = (struct change){.c = c,
                          .done = done,
                          .paths = BUF_INIT(64 * MiB),
                          .skipped = BUF_INIT(64 * MiB),
                          .result = BUF_INIT(16 * MiB)};
    buf_char(&ch->paths, '[');
    buf_char(&ch->skipped, '[');
    progress_begin(&ch->progress, call_given(c, OPTION_QUIET));
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

static void take_progress(void *ctx, const char *json, size_t len)
{
    struct change *ch = ctx;

    progress_update(&ch->progress, (struct span){json, len});
}

static int take_result(void *ctx, const char *json, size_t len)
{
    struct change *ch = ctx;

    buf_put(&ch->result, json, len);
    return 0;
}

/* Puts the elements of a list after those that are there; change_end closes the bracket. */
static void gather(struct buf *all, struct span list)
{
    struct span element;

    while (peek_element(&list, &element)) {
        json_sep(all);
        buf_span(all, element);
    }
}

static void add_up(struct change *ch, struct span result)
{
    struct totals *t = &ch->totals;
    const struct {
        const char *name;
        int64_t *sum;
    } rows[] = {{"files_seen", &t->files_seen},
                {"files_new", &t->files_new},
                {"files_unchanged", &t->files_unchanged},
                {"files_removed", &t->files_removed},
                {"files_skipped", &t->files_skipped},
                {"articles", &t->articles},
                {"quotes", &t->quotes},
                {"bytes", &t->bytes},
                {"skipped_more", &ch->skipped_more}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        *rows[i].sum += peek_int(peek_member(result, rows[i].name), 0);
    gather(&ch->paths, peek_member(result, "paths"));
    gather(&ch->skipped, peek_member(result, "skipped"));
}

int change_ask(struct change *ch, const char *method, struct buf *params)
{
    struct quotes_question question = {
        .piece = take_result, .progress = take_progress, .ctx = ch, .cancel = &interrupted};
    struct quotes_answer answer;
    int status;

    buf_clear(&ch->result);
    status = ask(ch->c, method, params, &question, &answer);
    progress_clear(&ch->progress);
    if (status == 0)
        add_up(ch, buf_view(&ch->result));
    return status;
}

/* The absolute name of an operand, without "..", "." and symbolic links: the daemon stands in another folder. What is
 * gone (`rm` takes that, too) is resolved as far as it is there. NULL when that cannot be said; freed by the caller. */
static char *absolute(const char *operand, bool must_exist)
{
    char *real = realpath(operand, NULL), *folder = NULL, *name, *path = NULL;
    const char *slash;

    if (real || must_exist || errno != ENOENT)
        return real;
    if (!(name = strdup(operand)))
        return NULL;
    for (size_t len = strlen(name); len > 1 && name[len - 1] == '/'; len--)
        name[len - 1] = '\0';
    slash = strrchr(name, '/');
    if (!slash)
        folder = realpath(".", NULL);
    else if (slash == name)
        folder = strdup("");
    else {
        name[slash - name] = '\0';
        folder = absolute(name, false);
    }
    if (folder && asprintf(&path, "%s/%s", folder, slash ? slash + 1 : name) < 0)
        path = NULL;
    free(folder);
    free(name);
    return path;
}

/* Writes the operand's absolute name. False when there is none, having said why. */
static bool put_path(struct buf *b, const char *operand, bool must_exist)
{
    char *path = absolute(operand, must_exist);
    bool good = path && utf8_valid(span_of(path), NULL);

    if (!path)
        say("%s: %s", operand, strerror(errno));
    else if (!good)
        say("%s: this name is not UTF-8, so it cannot be asked for; add the folder that it is in", operand);
    if (good) {
        json_sep(b);
        json_text(b, span_of(path));
    }
    free(path);
    return good;
}

int change_paths(struct change *ch, const char *method, const char *flag)
{
    struct call *c = ch->c;
    bool must_exist = c->command->run == add_run;
    int status = 0;

    for (size_t i = 0; i < c->count && status == 0;) {
        struct buf params = BUF_INIT(LIMIT_FRAME);
        size_t start;

        buf_char(&params, '{');
        if (flag)
            json_put_bool(&params, flag, true);
        json_key(&params, "paths");
        buf_char(&params, '[');
        for (start = params.len; i < c->count && params.len - start < PATHS_BYTES; i++) {
            if (!put_path(&params, c->operands[i], must_exist)) {
                buf_fini(&params);
                return EXIT_TROUBLE;
            }
        }
        buf_char(&params, ']');
        status = change_ask(ch, method, &params);
    }
    return status;
}

/* ---- the end ----------------------------------------------------------------------------------------- */

static void print_json(const struct change *ch)
{
    const struct totals *t = &ch->totals;
    struct buf b = BUF_INIT(160 * MiB);

    buf_char(&b, '{');
    json_put_int(&b, "format_version", 1);
    json_put_int(&b, "files_seen", t->files_seen);
    json_put_int(&b, "files_new", t->files_new);
    json_put_int(&b, "files_unchanged", t->files_unchanged);
    json_put_int(&b, "files_removed", t->files_removed);
    json_put_int(&b, "files_skipped", t->files_skipped);
    json_put_int(&b, "articles", t->articles);
    json_put_int(&b, "quotes", t->quotes);
    json_put_int(&b, "bytes", t->bytes);
    json_key(&b, "paths");
    buf_span(&b, buf_view(&ch->paths));
    json_key(&b, "skipped");
    buf_span(&b, buf_view(&ch->skipped));
    json_put_int(&b, "skipped_more", ch->skipped_more);
    buf_str(&b, "}\n");
    (void)out_put(b.at, b.len);
    buf_fini(&b);
}

/* Every skipped file is named, whatever else is kept quiet. */
static void say_skipped(const struct change *ch)
{
    char path[LIMIT_PATH], reason[300];
    struct span list = buf_view(&ch->skipped), file;

    while (peek_element(&list, &file)) {
        peek_copy(peek_member(file, "path"), path, sizeof path);
        peek_copy(peek_member(file, "reason"), reason, sizeof reason);
        say_more("skipped: %s: %s", path, reason);
    }
    if (ch->skipped_more)
        say_more("and %lld more; all of them: quotes files --skipped --limit=0", (long long)ch->skipped_more);
}

static void say_interrupted(const struct change *ch)
{
    const struct progress *p = &ch->progress;

    say("stopped as you asked; what was written until then stays in the index");
    if (p->files_total > 0)
        say_more("%lld of %lld files were looked at. Run the same command again: it continues where it was.",
                 (long long)p->files, (long long)p->files_total);
    else
        say_more("Run the same command again: it continues where it was.");
}

int change_end(struct change *ch, int status)
{
    const struct totals *t = &ch->totals;

    progress_clear(&ch->progress);
    buf_char(&ch->paths, ']');
    buf_char(&ch->skipped, ']');
    if (status == EXIT_INTERRUPTED)
        say_interrupted(ch);
    else if (status == 0 && ch->c->options.format != TEXT)
        print_json(ch);
    else if (status == 0 && !call_given(ch->c, OPTION_QUIET))
        progress_close(&ch->progress, ch->done, t);
    if (ch->c->options.format == TEXT)
        say_skipped(ch);
    if (status == 0 && t->files_skipped && !t->files_new && !t->files_unchanged && !t->files_removed)
        status = EXIT_NOTHING; /* nothing of what was named could be read */
    buf_fini(&ch->paths);
    buf_fini(&ch->skipped);
    buf_fini(&ch->result);
    return out_end(status);
}
