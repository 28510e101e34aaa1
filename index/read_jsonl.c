#include <jansson.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "index/front.h"
#include "index/reader.h"

/* Where in the stream we are. The buffer holds the lines that were read and not yet used. */
struct jsonl {
    struct reading *r;
    struct source *from;
    struct buf buf;
    size_t used;     /* bytes of the buffer that are done */
    size_t searched; /* bytes after these that hold no line end */
    uint32_t line;   /* the one that is being read, from 1 */
    bool skip;       /* the rest of an over-long line */
    bool done;       /* the source has ended */
};

enum { PIECE = 64 * 1024 };

/* Counts a line that cannot be used; the words are those of the first. */
static void count_bad(struct jsonl *j, const char *why)
{
    struct read_report *report = j->r->report;

    if (report->bad_records++ == 0) {
        report->first_bad_record = j->line;
        (void)reading_refuse(report, 0, "line %u: %s", j->line, why);
    }
}

/* ---- one record --------------------------------------------------------------------------------- */

/* Keys under which archives keep the text; the first that is there. */
static const char *const text_keys[] = {"text", "body", "content", "body_text", "article"};

static json_t *text_of(json_t *record)
{
    for (size_t i = 0; i < sizeof text_keys / sizeof *text_keys; i++)
        if (json_is_string(json_object_get(record, text_keys[i])))
            return json_object_get(record, text_keys[i]);
    return NULL;
}

static struct span string_of(json_t *value)
{
    return (struct span){json_string_value(value), json_string_length(value)};
}

/* The fields around the text. A number is as good an id as a word. */
static int read_fields(struct arena *mem, json_t *record, struct article *like)
{
    const char *key;
    json_t *value;
    int rc = 0;

    json_object_foreach(record, key, value)
    {
        struct span s = {0};
        if (json_is_string(value))
            s = span_trim(string_of(value));
        else if (json_is_integer(value))
            s = span_of(arena_printf(mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
        if (s.len && (rc = front_set(mem, like, span_of(key), s, "json")) < 0)
            return rc;
    }
    return arena_err(mem);
}

/* One line that is not blank. Only what stops the reading is an error; a bad line is counted. */
static int read_record(struct jsonl *j, struct arena *mem, struct span line)
{
    uint32_t before = j->r->report->articles;
    struct article like = {.line = j->line, .record = j->line};
    json_error_t error;
    json_t *record = json_loadb(line.at, line.len, 0, &error), *text;
    int rc = 0;

    if (!json_is_object(record)) {
        count_bad(j, record ? "not a JSON object" : error.text);
    } else if ((text = text_of(record)) == NULL) {
        count_bad(j, "no \"text\"");
    } else {
        like.text = string_of(text);
        like.end = (uint32_t)like.text.len;
        if ((rc = read_fields(mem, record, &like)) == 0 && like.end)
            rc = reading_give(j->r, mem, &like, CLEAN_PLAIN);
        if (rc == 0 && j->r->report->articles == before)
            count_bad(j, "its text is empty");
    }
    json_decref(record);
    return rc;
}

/* ---- lines out of a stream ---------------------------------------------------------------------- */

/* Reads on. What is done leaves the buffer first, so it never holds more than a line and a piece. */
static int fill(struct jsonl *j)
{
    char *room;
    int64_t n;

    if (j->used) {
        memmove(j->buf.at, j->buf.at + j->used, j->buf.len - j->used);
        j->buf.len -= j->used;
        j->used = 0;
    }
    if ((room = buf_room(&j->buf, PIECE)) == NULL)
        return buf_err(&j->buf);
    if ((n = source_read(j->from, room, PIECE)) < 0)
        return (int)n;
    j->buf.len += (size_t)n;
    j->done = n == 0;
    return 0;
}

static struct span rest(const struct jsonl *j)
{
    return j->buf.len ? (struct span){j->buf.at + j->used, j->buf.len - j->used} : SPAN("");
}

/* The next line without its end: 1, or 0 at the end of the source, or an error. */
static int next_line(struct jsonl *j, struct span *line)
{
    int rc;

    for (;;) {
        struct span s = rest(j);
        const char *end = s.len > j->searched ? memchr(s.at + j->searched, '\n', s.len - j->searched) : NULL;
        bool last = j->done && s.len;
        if (end || last) {
            *line = span_cut(s, 0, end ? (size_t)(end - s.at) : s.len);
            j->used += line->len + (end != NULL);
            j->searched = 0;
            return 1;
        }
        if (j->done)
            return 0;
        j->searched = s.len;
        if (s.len > LIMIT_JSONL_LINE) { /* forget it and go on; the line counts as one bad record */
            if (!j->skip)
                count_bad(j, "longer than 16 MiB");
            j->skip = true;
            j->used = j->buf.len;
            j->searched = 0;
        }
        if ((rc = fill(j)) < 0)
            return rc;
    }
}

static int read_lines(struct jsonl *j)
{
    struct arena mem = ARENA_INIT;
    struct span line;
    int rc;

    while ((rc = next_line(j, &line)) == 1) {
        bool skipped = j->skip;
        j->skip = false;
        if (j->line == 1 && span_starts(line, SPAN("\xEF\xBB\xBF")))
            line = span_cut(line, 3, line.len);
        if (line.len > LIMIT_JSONL_LINE && !skipped)
            count_bad(j, "longer than 16 MiB");
        else if (!skipped && span_trim(line).len && (rc = read_record(j, &mem, line)) < 0)
            break;
        arena_reset(&mem);
        if ((rc = reading_cancelled(j->r)) < 0)
            break;
        j->line++;
    }
    arena_free(&mem);
    return rc;
}

int read_jsonl(struct reading *r, struct source *from)
{
    struct jsonl j = {.r = r, .from = from, .buf = BUF_INIT(LIMIT_JSONL_LINE + 4 * (size_t)PIECE), .line = 1};
    int rc = read_lines(&j);

    buf_fini(&j.buf);
    (void)snprintf(r->report->charset, sizeof r->report->charset, "UTF-8");
    if (rc < 0 || r->report->articles)
        return rc < 0 ? rc : 0;
    if (r->report->bad_records)
        return ERR_NOTTEXT; /* the words for the first bad line are there already */
    return reading_refuse(r->report, ERR_EMPTY, "no lines in it");
}
