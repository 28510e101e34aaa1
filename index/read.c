#include "index/read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "index/charset.h"
#include "index/date.h"
#include "index/reader.h"

/* ---- the table of readers ----------------------------------------------------------------------- */

static const struct reader readers[] = {
    {".txt .text ", read_txt, NULL},
    {".md .markdown ", read_markdown, NULL},
    {".org ", read_org, NULL},
    {".jsonl .ndjson ", NULL, read_jsonl},
};

/* The ending with its dot, or the empty span: in "notes 12.3 to 14", ".3 to 14" is none. */
static struct span path_ending(struct span path)
{
    const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
    struct span name = slash ? span_cut(path, (size_t)(slash - path.at) + 1, path.len) : path;
    const char *dot = name.len ? memrchr(name.at, '.', name.len) : NULL;
    struct span ending;

    if (!dot || dot == name.at)
        return (struct span){0};
    ending = span_cut(name, (size_t)(dot - name.at), name.len);
    for (size_t i = 1; i < ending.len; i++)
        if (ending.at[i] == ' ' || (unsigned char)ending.at[i] >= 0x80 || ending.len > 12)
            return (struct span){0};
    return ending;
}

/* The reader of the file's name; plain text for what has no ending; NULL when nobody reads it. */
static const struct reader *find_reader(struct span path)
{
    struct span ending = path_ending(path);

    if (ending.len == 0)
        return &readers[0];
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        for (const char *at = readers[i].endings, *space; (space = strchr(at, ' ')) != NULL; at = space + 1)
            if ((size_t)(space - at) == ending.len && strncasecmp(at, ending.at, ending.len) == 0)
                return &readers[i];
    return NULL;
}

bool read_knows(struct span path)
{
    const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;
    struct span name = slash ? span_cut(path, (size_t)(slash - path.at) + 1, path.len) : path;

    if (name.len == 0 || name.at[0] == '.' || name.at[name.len - 1] == '~')
        return false; /* hidden files and editors' copies */
    return find_reader(path) != NULL;
}

bool read_streams(struct span path)
{
    const struct reader *reader = find_reader(path);

    return reader && reader->lines;
}

/* ---- what readers share ------------------------------------------------------------------------- */

int reading_refuse(struct read_report *report, int err, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    (void)vsnprintf(report->detail, sizeof report->detail, format, ap);
    va_end(ap);
    return err;
}

int reading_cancelled(const struct reading *r)
{
    return r->cancel && *r->cancel ? ERR_CANCELLED : 0;
}

static void fill(struct span *field, struct span hint)
{
    if (field->len == 0)
        *field = hint;
}

/* The date in the text as ISO, when it is known to so many characters at least; or the empty span. */
static struct span iso_date(struct arena *mem, struct span text, int exact)
{
    char iso[11];

    return text.len && date_parse(text, iso) >= exact ? arena_span(mem, span_of(iso)) : (struct span){0};
}

/* When the text does not say it: a given date beats the path's, that beats the headline's, and that the file's. */
static void add_date(const struct reading *r, struct arena *mem, struct article *a)
{
    const struct {
        struct span date;
        const char *basis;
    } dates[] = {
        {iso_date(mem, r->hints->date, 4), "given"},
        {span_of(r->path_date), "path"},
        {iso_date(mem, a->title, 10), "title"}, /* as hearings and minutes have it */
        {a->record ? (struct span){0} : span_of(r->file_date), "mtime"},
    };

    for (size_t i = 0; i < sizeof dates / sizeof *dates && a->date.len == 0; i++)
        if (dates[i].date.len) {
            a->date = dates[i].date;
            a->date_basis = dates[i].basis;
        }
}

/* Hints yield to what the source says. */
static void add_hints(const struct reading *r, struct arena *mem, struct article *a)
{
    const struct read_hints *h = r->hints;

    if (a->ordinal == 0) {
        fill(&a->title, h->title);
        fill(&a->url, h->url);
    }
    fill(&a->author, h->author);
    fill(&a->outlet, h->outlet);
    fill(&a->lang, h->lang);
    if (a->date.len == 0)
        add_date(r, mem, a);
}

int reading_give(struct reading *r, struct arena *mem, struct article *like, enum clean_markup markup)
{
    struct arena own = ARENA_INIT; /* what the taker makes of one article, emptied before the next */
    struct article *articles;
    uint32_t count;
    int rc = clean_split(mem, like, markup, r->hints->whole, &articles, &count);

    for (uint32_t i = 0; rc >= 0 && i < count; i++) {
        add_hints(r, mem, &articles[i]);
        if ((rc = reading_cancelled(r)) < 0)
            break;
        r->report->articles++;
        rc = r->take(r->ctx, &own, &articles[i]);
        arena_reset(&own);
    }
    arena_free(&own);
    return rc < 0 ? rc : 0;
}

/* ---- text of one piece -------------------------------------------------------------------------- */

static int read_text(struct reading *r, const struct reader *reader, struct arena *mem, struct span bytes)
{
    struct article like = {.line = 1};
    uint32_t before = r->report->articles;
    int rc;

    if (bytes.len > LIMIT_FILE)
        return reading_refuse(r->report, ERR_TOOBIG, "%zu MiB; a text file may have %zu MiB", bytes.len / MiB,
                              LIMIT_FILE / MiB);
    if (span_trim(bytes).len == 0)
        return reading_refuse(r->report, ERR_EMPTY, bytes.len ? "only white space" : "no bytes at all");
    if ((rc = charset_decode(mem, bytes, &like.text, &like.plain, r->report)) < 0)
        return rc;
    like.start = like.plain && span_starts(like.text, SPAN("\xEF\xBB\xBF")) ? 3 : 0;
    like.end = (uint32_t)like.text.len;
    if ((rc = reader->text(r, mem, &like)) < 0)
        return rc;
    return r->report->articles > before ? 0 : reading_refuse(r->report, ERR_EMPTY, "no words in it");
}

/* ---- where bytes come from ---------------------------------------------------------------------- */

int64_t source_read(struct source *s, char *to, size_t len)
{
    ssize_t n;

    if (s->fd < 0) {
        n = (ssize_t)(len < s->memory.len ? len : s->memory.len);
        if (n == 0)
            return 0;
        memcpy(to, s->memory.at, (size_t)n);
        s->memory = span_cut(s->memory, (size_t)n, s->memory.len);
    } else {
        do
            n = read(s->fd, to, len);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return reading_refuse(s->report, err_from_errno(errno), "%s", strerror(errno));
    }
    s->report->size += (uint64_t)n;
    (void)XXH3_64bits_update(s->hash, to, (size_t)n);
    return n;
}

/* Reads a whole file of a size that is known. */
static int read_whole(struct arena *mem, struct source *s, size_t size, struct span *out)
{
    char *at = arena_alloc(mem, size + 1);
    size_t got = 0;
    int64_t n;

    if (!at)
        return ERR_NOMEM;
    while (got <= size && (n = source_read(s, at + got, size + 1 - got)) != 0) {
        if (n < 0)
            return (int)n;
        got += (size_t)n;
        if (got ==
            size) /* an ordinary file gives all it has: what is written behind that shows in its size afterwards */
            break;
    }
    *out = (struct span){at, got};
    return 0;
}

static void start_report(struct read_report *report)
{
    *report = (struct read_report){0};
}

static int64_t nanoseconds(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Opens an ordinary file; a pipe or a device is refused before it can hold us up. */
static int open_file(const char *path, struct stat *st, struct read_report *report)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;

    if (fd < 0 || fstat(fd, st) < 0) {
        rc = reading_refuse(report, err_from_errno(errno), "%s", strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    if (!S_ISREG(st->st_mode)) {
        (void)close(fd);
        return reading_refuse(report, ERR_NOTTEXT,
                              S_ISDIR(st->st_mode) ? "a folder" : "not an ordinary file");
    }
    report->mtime_ns = nanoseconds(st->st_mtim);
    return fd;
}

static int read_opened(struct reading *r, const struct reader *reader, struct source *s,
                       const struct stat *st)
{
    struct arena mem = ARENA_INIT;
    struct span bytes = {0};
    struct stat after;
    int rc;

    if (reader->lines) {
        rc = reader->lines(r, s);
    } else if ((uint64_t)st->st_size > LIMIT_FILE) {
        rc = reading_refuse(r->report, ERR_TOOBIG, "%llu MiB; a text file may have %zu MiB",
                            (unsigned long long)st->st_size / MiB, LIMIT_FILE / MiB);
    } else if ((rc = read_whole(&mem, s, (size_t)st->st_size, &bytes)) == 0) {
        if (fstat(s->fd, &after) == 0 && (after.st_size != st->st_size || bytes.len != (size_t)st->st_size ||
                                          nanoseconds(after.st_mtim) != nanoseconds(st->st_mtim)))
            rc = reading_refuse(r->report, ERR_CHANGED, "it was written while it was being read");
        else
            rc = read_text(r, reader, &mem, bytes);
    }
    if (rc == 0 && reader->lines && fstat(s->fd, &after) == 0 &&
        (after.st_size != st->st_size || nanoseconds(after.st_mtim) != nanoseconds(st->st_mtim)))
        rc = reading_refuse(r->report, ERR_CHANGED, "it was written while it was being read");
    arena_free(&mem);
    return rc;
}

static int start_reading(struct reading *r, struct source *s, const struct reader **reader)
{
    *reader = find_reader(r->path);
    if (!*reader)
        *reader = &readers[0]; /* asked for by name: the bytes will show whether it is text */
    (void)date_parse_path(r->path, r->path_date);
    s->hash = XXH3_createState();
    if (!s->hash)
        return ERR_NOMEM;
    (void)XXH3_64bits_reset(s->hash);
    return 0;
}

static void end_reading(struct reading *r, struct source *s)
{
    if (s->hash)
        r->report->hash = XXH3_64bits_digest(s->hash);
    (void)XXH3_freeState(s->hash);
}

int read_file(const char *path, const struct read_hints *hints, read_take_fn take, void *ctx,
              struct read_report *report, const volatile bool *cancel)
{
    static const struct read_hints none;
    struct reading r = {span_of(path), hints ? hints : &none, take, ctx, report, cancel, "", ""};
    struct source s = {.fd = -1, .report = report};
    const struct reader *reader;
    struct stat st;
    int rc;

    start_report(report);
    if ((s.fd = open_file(path, &st, report)) < 0)
        return s.fd;
    date_iso(st.st_mtim.tv_sec / 86400, r.file_date);
    if ((rc = start_reading(&r, &s, &reader)) == 0)
        rc = read_opened(&r, reader, &s, &st);
    end_reading(&r, &s);
    (void)close(s.fd);
    return rc;
}

int read_bytes(struct span bytes, struct span path, const struct read_hints *hints, read_take_fn take,
               void *ctx, struct read_report *report)
{
    static const struct read_hints none;
    struct reading r = {path, hints ? hints : &none, take, ctx, report, NULL, "", ""};
    struct source s = {.fd = -1, .memory = bytes, .report = report};
    struct arena mem = ARENA_INIT;
    const struct reader *reader;
    int rc;

    start_report(report);
    if ((rc = start_reading(&r, &s, &reader)) == 0 && reader->lines) {
        rc = reader->lines(&r, &s);
    } else if (rc == 0) {
        report->size = bytes.len;
        (void)XXH3_64bits_update(s.hash, bytes.at, bytes.len);
        rc = read_text(&r, reader, &mem, bytes);
    }
    end_reading(&r, &s);
    arena_free(&mem);
    return rc;
}
