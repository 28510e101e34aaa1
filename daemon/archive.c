#include "daemon/archive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "daemon/durable.h"
#include "wire/paths.h"

/* ---- the list ---- */

static int add_line(struct archive *a, struct span line)
{
    if (!ARENA_MORE(&a->mem, a->lines, a->count, a->cap))
        return arena_err(&a->mem);
    a->lines[a->count] = (char *)arena_span(&a->mem, line).at; /* a copy of ours, ends with a NUL */
    if (arena_err(&a->mem))
        return arena_err(&a->mem);
    a->count++;
    return 0;
}

int archive_load(struct archive *a, const char *list)
{
    struct buf bytes = BUF_INIT(ARCHIVE_LIST_MAX);
    struct span rest;
    int rc;

    *a = (struct archive){.mem = {.max = 4 * (size_t)ARCHIVE_LIST_MAX}};
    rc = durable_read(list, &bytes);
    if (rc == ERR_NOTFOUND)
        rc = 0;
    for (rest = buf_view(&bytes); rc == 0 && rest.len;) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;

        rc = add_line(a, (struct span){rest.at, len});
        rest = span_cut(rest, end ? len + 1 : len, rest.len);
    }
    buf_fini(&bytes);
    if (rc < 0)
        archive_fini(a);
    return rc;
}

int archive_save(const struct archive *a, const char *list)
{
    struct buf bytes = BUF_INIT(ARCHIVE_LIST_MAX);
    int rc;

    for (uint32_t i = 0; i < a->count; i++) {
        buf_str(&bytes, a->lines[i]);
        buf_char(&bytes, '\n');
    }
    rc = buf_err(&bytes);
    if (rc == 0)
        rc = durable_write(list, buf_view(&bytes));
    buf_fini(&bytes);
    return rc;
}

void archive_fini(struct archive *a)
{
    arena_free(&a->mem);
    a->lines = NULL;
    a->count = a->cap = 0;
}

const char *archive_line(const char *line, bool *excluded)
{
    *excluded = line[0] == '!';
    line += *excluded;
    return line[0] == '/' ? line : NULL;
}

/* What the deepest line at or above `path` says, its depth in *len; lines at `path` itself count when
 * `itself`. */
static bool decide(const struct archive *a, const char *path, bool itself)
{
    size_t deepest = 0;
    bool holds = false;

    for (uint32_t i = 0; i < a->count; i++) {
        bool excluded;
        const char *named = archive_line(a->lines[i], &excluded);
        size_t len = named ? strlen(named) : 0;

        if (!named || len < deepest || !paths_below(path, named) || (!itself && strcmp(path, named) == 0))
            continue;
        deepest = len;
        holds = !excluded;
    }
    return holds;
}

bool archive_holds(const struct archive *a, const char *path)
{
    return decide(a, path, true);
}

/* Removes the lines at or below `path`: those that exclude, or all. True when there was one. */
static bool remove_below(struct archive *a, const char *path, bool all)
{
    uint32_t kept = 0;
    bool changed;

    for (uint32_t i = 0; i < a->count; i++) {
        bool excluded;
        const char *named = archive_line(a->lines[i], &excluded);

        if (!named || !paths_below(named, path) || (!all && !excluded))
            a->lines[kept++] = a->lines[i];
    }
    changed = kept != a->count;
    a->count = kept;
    return changed;
}

int archive_register(struct archive *a, const char *path)
{
    bool changed;
    int rc;

    if (strchr(path, '\n'))
        return ERR_ARGS;
    changed = remove_below(a, path, false);
    if (archive_holds(a, path))
        return changed;
    rc = add_line(a, span_of(path));
    return rc < 0 ? rc : 1;
}

int archive_forget(struct archive *a, const char *path, bool *excluded)
{
    bool changed = remove_below(a, path, true);
    char line[LIMIT_PATH + 1];
    int rc;

    *excluded = decide(a, path, false);
    if (!*excluded)
        return changed;
    if (strchr(path, '\n') || snprintf(line, sizeof line, "!%s", path) >= (int)sizeof line)
        return ERR_ARGS;
    rc = add_line(a, span_of(line));
    return rc < 0 ? rc : 1;
}

static int by_path(const void *left, const void *right)
{
    const char *a = *(const char *const *)left, *b = *(const char *const *)right;

    return strcmp(a + (a[0] == '!'), b + (b[0] == '!'));
}

int archive_below(struct archive *a, const char *root, const char *const **lines, uint32_t *count)
{
    const char **found = arena_array(&a->mem, a->count + 1u, sizeof *found);
    uint32_t n = 0;

    if (!found)
        return arena_err(&a->mem);
    for (uint32_t i = 0; i < a->count; i++) {
        bool excluded;
        const char *named = archive_line(a->lines[i], &excluded);

        if (named && (!root || paths_below(named, root)))
            found[n++] = a->lines[i];
    }
    qsort(found, n, sizeof *found, by_path);
    *lines = found;
    *count = n;
    return 0;
}

/* ---- the inbox ---- */

void document_fini(struct document *d)
{
    buf_fini(&d->text);
    free(d->name);
    free(d->title);
    free(d->date);
    free(d->source);
    free(d->url);
    memset(d, 0, sizeof *d);
}

/* A line of the front matter. Line breaks would end it early; they become spaces. The reader takes one pair
 * of marks off, so a value that begins with a mark gets a pair. */
static void put_field(struct buf *b, const char *key, const char *value)
{
    const char *mark = value && (*value == '"' || *value == '\'') ? "\"" : "";

    if (!value || !*value)
        return;
    buf_printf(b, "%s: %s", key, mark);
    for (; *value; value++)
        buf_char(b, (unsigned char)*value < ' ' ? ' ' : *value);
    buf_printf(b, "%s\n", mark);
}

static bool has_fields(const struct document *d)
{
    return d->title || d->date || d->source || d->url;
}

/* The ending of the file's name, by which its reader is chosen. JSON lines speak for themselves, record by
 * record, and org has no front matter; everything else is plain text unless its name says Markdown. */
static const char *ending(const struct document *d)
{
    struct span name = span_of(d->name);

    if (span_ends(name, SPAN(".jsonl")) || span_ends(name, SPAN(".ndjson")))
        return ".jsonl";
    if (span_ends(name, SPAN(".org")) && !has_fields(d))
        return ".org";
    return span_ends(name, SPAN(".md")) || span_ends(name, SPAN(".markdown")) ? ".md" : ".txt";
}

static void compose(struct buf *b, const struct document *d, const char *end)
{
    if (has_fields(d) && strcmp(end, ".jsonl") != 0) {
        buf_str(b, "---\n");
        put_field(b, "title", d->title);
        put_field(b, "date", d->date);
        put_field(b, "source", d->source);
        put_field(b, "url", d->url);
        buf_str(b, "---\n\n");
    }
    buf_span(b, buf_view(&d->text));
    if (b->len && b->at[b->len - 1] != '\n')
        buf_char(b, '\n');
}

/* A file name out of a title: letters and digits of any script stay, everything else is a hyphen. */
static void slug(struct buf *b, struct span s)
{
    s = utf8_cut(s, 80);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;

        if (plain)
            buf_char(b, (char)c);
        else if (b->len && b->at[b->len - 1] != '-')
            buf_char(b, '-');
    }
    while (b->len && b->at[b->len - 1] == '-')
        b->len--;
}

/* What the document is called: its title, else the name it came by, without folders and ending. */
static struct span called(const struct document *d)
{
    struct span name = span_of(d->name);

    if (d->title && *d->title)
        return span_of(d->title);
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '/')
            return called(&(struct document){.name = d->name + i + 1});
    for (size_t i = name.len; i > 1; i--)
        if (name.at[i - 1] == '.')
            return span_cut(name, 0, i - 1);
    return name;
}

/* FNV-1a over the file's bytes: tells documents of the same title apart. Equal sums are compared in full. */
static uint64_t sum(struct span s)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (uint8_t)s.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* 1 when the file holds just these bytes, 0 when it is free, ERR_CHANGED when it holds others. */
static int compare(const char *path, struct span bytes)
{
    struct buf there = BUF_INIT(LIMIT_INBOX + 64 * KiB);
    int rc = durable_read(path, &there);

    if (rc == 0)
        rc = span_eq(buf_view(&there), bytes) ? 1 : ERR_CHANGED;
    else if (rc == ERR_NOTFOUND)
        rc = 0;
    else if (rc == ERR_TOOBIG)
        rc = ERR_CHANGED;
    buf_fini(&there);
    return rc;
}

int archive_keep(const char *inbox, const struct document *d, char *path)
{
    struct buf bytes = BUF_INIT(LIMIT_INBOX + 64 * KiB), name = BUF_INIT(256);
    const char *end = ending(d);
    int rc;

    compose(&bytes, d, end);
    slug(&name, called(d));
    if (!name.len)
        buf_str(&name, "document");
    if ((rc = buf_err(&bytes)) < 0 || (rc = buf_err(&name)) < 0)
        goto out;
    for (unsigned again = 0;; again++) {
        int len = snprintf(path, LIMIT_PATH, "%s/%.*s-%016" PRIx64 "%s", inbox, (int)name.len, name.at,
                           sum(buf_view(&bytes)) + again, end);
        if (len >= (int)LIMIT_PATH) {
            rc = ERR_TOOBIG;
            goto out;
        }
        rc = compare(path, buf_view(&bytes));
        if (rc != ERR_CHANGED || again == 100)
            break;
    }
    if (rc == 0)
        rc = durable_write(path, buf_view(&bytes));
    else if (rc == 1)
        rc = durable_sync_folder(inbox); /* it may have been written just before the power went */
out:
    buf_fini(&bytes);
    buf_fini(&name);
    return rc;
}

int archive_drop(const char *path)
{
    char folder[LIMIT_PATH];
    char *slash;

    if (unlink(path) < 0)
        return err_from_errno(errno);
    snprintf(folder, sizeof folder, "%s", path);
    if ((slash = strrchr(folder, '/')) && slash != folder)
        *slash = '\0';
    return durable_sync_folder(folder);
}
