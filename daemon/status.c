#include "daemon/status.h"

#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "daemon/call.h"
#include "daemon/server.h"
#include "wire/version.h"

/* All that a status tells, gathered first and written in one of two ways. */
struct facts {
    struct server *server;
    struct archive archive;
    int archive_rc;
    struct index_stats stats;
    int stats_rc;
    struct writer_state writer;
    uint64_t uptime;
    unsigned clients, asked;
};

static void put_number(struct buf *b, const char *name, uint64_t n)
{
    json_put_int(b, name, (int64_t)n);
}

static void put_paths(struct buf *b, const struct archive *a, const char *name, bool wanted)
{
    json_key(b, name);
    buf_char(b, '[');
    for (uint32_t i = 0; i < a->count; i++) {
        bool excluded;
        const char *path = archive_line(a->lines[i], &excluded);

        if (path && excluded == wanted) {
            json_sep(b);
            json_text(b, span_of(path));
        }
    }
    buf_char(b, ']');
}

static void put_stats(struct buf *b, const struct index_stats *s)
{
    put_number(b, "generation", s->generation);
    put_number(b, "documents", s->documents);
    put_number(b, "documents_dead", s->documents_dead);
    put_number(b, "quotes", s->quotes);
    put_number(b, "quotes_attributed", s->quotes_attributed);
    put_number(b, "speakers", s->speakers);
    put_number(b, "files", s->files);
    put_number(b, "files_skipped", s->files_skipped);
    put_number(b, "terms", s->terms);
    put_number(b, "segments", s->segments);
    put_number(b, "text_bytes", s->text_bytes);
    put_number(b, "file_bytes", s->file_bytes);
    put_number(b, "live_bytes", s->live_bytes);
    put_number(b, "free_bytes", s->free_bytes);
    put_number(b, "stored_bytes", s->stored_bytes);
    put_number(b, "merge_debt", s->merge_debt);
    put_number(b, "outdated_files", s->outdated_files);
}

static void put_work(struct buf *b, const struct facts *f)
{
    const struct index_progress *p = &f->writer.progress;

    json_key(b, "job");
    if (f->writer.running) {
        buf_char(b, '{');
        json_put_text(b, "name", span_of(f->writer.name));
        put_number(b, "files", p->files_seen);
        put_number(b, "files_total", p->files_total);
        put_number(b, "articles", p->articles);
        put_number(b, "quotes", p->quotes);
        put_number(b, "bytes", p->bytes);
        buf_char(b, '}');
    } else {
        buf_str(b, "null");
    }
    put_number(b, "jobs_waiting", f->writer.waiting);
    json_put_bool(b, "upkeep", f->writer.tending);
    put_number(b, "clients", f->clients);
    put_number(b, "questions", f->asked);
}

static void put_cache(struct buf *b, struct keeper *k)
{
    struct cached_counts counts;

    json_key(b, "cache");
    if (!keeper_counts(k, &counts)) {
        buf_str(b, "null");
        return;
    }
    buf_char(b, '{');
    put_number(b, "bytes", counts.bytes);
    put_number(b, "answers", counts.used);
    put_number(b, "room", counts.slots);
    put_number(b, "kept", counts.puts);
    put_number(b, "hits", counts.hits);
    put_number(b, "gone", counts.evictions);
    put_number(b, "changes", counts.commits);
    put_number(b, "outlived", counts.restamps);
    buf_char(b, '}');
}

/* What needs a hand, each a sentence. */
static unsigned notes(const struct facts *f, char words[4][400])
{
    unsigned n = 0;

    if (f->server->renewed)
        snprintf(words[n++], 400, "the index was set aside and is made anew: %s", f->server->renewed_why);
    if (atomic_load(&f->server->guard.damaged) || f->stats_rc < 0)
        snprintf(words[n++], 400, "%s", err_words(f->stats_rc < 0 ? f->stats_rc : ERR_CORRUPT));
    if (f->archive_rc < 0)
        snprintf(words[n++], 400, "archive.list cannot be read: %s", err_words(f->archive_rc));
    if (f->stats_rc == 0 && f->stats.files == 0 && f->archive.count > 0 && !f->writer.running)
        snprintf(words[n++], 400, "the index is empty; fill it from the archive with: quotes reindex");
    return n;
}

static void write_json(struct buf *b, const struct facts *f)
{
    char words[4][400];
    unsigned count = notes(f, words);

    buf_char(b, '{');
    json_put_int(b, "format_version", FORMAT_VERSION);
    json_put_text(b, "version", SPAN(QUOTED_VERSION));
    json_put_int(b, "protocol", PROTOCOL_VERSION);
    json_put_int(b, "pid", getpid());
    put_number(b, "uptime", f->uptime);
    json_put_text(b, "mode", span_of(f->server->system ? "system" : "user"));
    json_put_text(b, "index", span_of(f->server->paths.index));
    json_put_text(b, "socket", span_of(f->server->paths.socket));
    json_put_text(b, "list", span_of(f->server->paths.list));
    json_put_text(b, "inbox", span_of(f->server->paths.inbox));
    put_stats(b, &f->stats);
    put_paths(b, &f->archive, "archive", false);
    put_paths(b, &f->archive, "excluded", true);
    put_work(b, f);
    put_cache(b, &f->server->keeper);
    json_key(b, "notes");
    buf_char(b, '[');
    for (unsigned i = 0; i < count; i++) {
        json_sep(b);
        json_text(b, span_of(words[i]));
    }
    buf_str(b, "]}\n");
}

/* Bytes as a person says them. */
static void put_bytes(struct buf *b, uint64_t n)
{
    if (n < 1000000)
        buf_printf(b, "%.1f kB", (double)n / 1e3);
    else if (n < 1000000000)
        buf_printf(b, "%.1f MB", (double)n / 1e6);
    else
        buf_printf(b, "%.1f GB", (double)n / 1e9);
}

static void put_span_of_time(struct buf *b, uint64_t seconds)
{
    if (seconds < 120)
        buf_printf(b, "%llu s", (unsigned long long)seconds);
    else if (seconds < 7200)
        buf_printf(b, "%llu min", (unsigned long long)seconds / 60);
    else
        buf_printf(b, "%llu h", (unsigned long long)seconds / 3600);
}

static void write_archive(struct buf *b, const struct facts *f)
{
    bool any = false;

    for (uint32_t i = 0; i < f->archive.count; i++) {
        bool excluded;
        const char *path = archive_line(f->archive.lines[i], &excluded);

        if (!path)
            continue;
        buf_printf(b, "%-10s%s%s\n", any ? "" : "archive", path, excluded ? "  (left out)" : "");
        any = true;
    }
    if (!any)
        buf_str(b, "archive   empty; begin with: quotes add FOLDER\n");
}

static void write_text(struct buf *b, const struct facts *f)
{
    const struct index_stats *s = &f->stats;
    const struct index_progress *p = &f->writer.progress;
    char words[4][400];
    unsigned count = notes(f, words);

    buf_printf(b, "quoted " QUOTED_VERSION ", pid %ld, up ", (long)getpid());
    put_span_of_time(b, f->uptime);
    buf_printf(b, ", %u client%s%s\n", f->clients, f->clients == 1 ? "" : "s",
               f->server->system ? ", serving the whole system" : "");
    write_archive(b, f);
    buf_printf(b, "holds     %llu articles, %llu quotes (%llu with a speaker), %llu speakers\n",
               (unsigned long long)s->documents, (unsigned long long)s->quotes,
               (unsigned long long)s->quotes_attributed, (unsigned long long)s->speakers);
    buf_printf(b, "files     %llu read, %llu skipped%s\n", (unsigned long long)(s->files - s->files_skipped),
               (unsigned long long)s->files_skipped,
               s->files_skipped ? " (quotes files --skipped names them)" : "");
    buf_printf(b, "index     %s, ", f->server->paths.index);
    put_bytes(b, s->file_bytes);
    buf_str(b, " (");
    put_bytes(b, s->free_bytes);
    buf_str(b, " of it free) for ");
    put_bytes(b, s->text_bytes);
    buf_printf(b, " of text, generation %llu, %llu segments", (unsigned long long)s->generation,
               (unsigned long long)s->segments);
    if (s->merge_debt) {
        buf_str(b, ", ");
        put_bytes(b, s->merge_debt);
        buf_str(b, " to be merged");
    }
    buf_char(b, '\n');
    buf_printf(b, "socket    %s\n", f->server->paths.socket);
    buf_str(b, "doing     ");
    if (f->writer.running)
        buf_printf(b, "%s: %llu of %llu files, %llu articles, %llu quotes", f->writer.name,
                   (unsigned long long)p->files_seen, (unsigned long long)p->files_total,
                   (unsigned long long)p->articles, (unsigned long long)p->quotes);
    else
        buf_str(b, f->writer.tending ? "tidying the index" : "nothing; ready");
    if (f->writer.waiting)
        buf_printf(b, "; %u more waiting", f->writer.waiting);
    buf_char(b, '\n');
    for (unsigned i = 0; i < count; i++)
        buf_printf(b, "note      %s\n", words[i]);
}

int status_answer(struct server *server, struct index_view *view, struct call *c)
{
    struct facts f = {.server = server, .uptime = (c->began - server->began) / 1000};
    struct buf out = BUF_INIT(ARCHIVE_LIST_MAX * 2);
    int rc;

    f.clients = atomic_load(&server->sessions_count);
    f.asked = work_count(&server->work) - 1; /* besides this one */
    f.stats_rc = view ? index_view_stats(view, &f.stats) : ERR_CORRUPT;
    f.archive_rc = archive_load(&f.archive, server->paths.list);
    writer_look(&server->writer, &f.writer);
    if (c->ask.format == FORMAT_JSON || c->ask.format == FORMAT_JSONL)
        write_json(&out, &f);
    else
        write_text(&out, &f);
    rc = buf_err(&out);
    if (rc == 0)
        rc = answer_put(&c->answer, buf_view(&out));
    c->result.found = c->result.shown = 1;
    archive_fini(&f.archive);
    buf_fini(&out);
    return rc;
}
