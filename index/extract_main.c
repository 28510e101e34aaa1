/* extract_main.c -- quotes-extract: JSON lines in, the quotes of each and their speakers out.
 *
 * A pure filter: no daemon, no index, no network. One line of input is one line of output, in the same
 * order, so any engine that can pipe runs it over more text than one machine holds. A line that cannot be
 * read is answered with an error record, and reading goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "index/mark.h"
#include "index/quote.h"
#include "index/render_why.h"

static const char help[] =
    "quotes-extract -- who said what, word for word\n"
    "\n"
    "  quotes-extract [FILE...]          JSON lines {\"id\",\"text\"}; standard input when no file is named\n"
    "  quotes-extract --text [FILE...]   each file (or standard input) is one plain text\n"
    "  quotes-extract --indirect ...     also what is reported without quotation marks (English only)\n"
    "  quotes-extract --why ...          also what each speaker rests on: rule, words, places, chances\n"
    "  quotes-extract --help\n"
    "\n"
    "Each line of input gives one line of output, in the same order:\n"
    "\n"
    "  {\"id\":\"a\",\"text\":\"“We did it,” said Mayor Ada Kovar.\"}\n"
    "  {\"id\":\"a\",\"quotes\":[{\"start\":3,\"end\":13,\"text\":\"We did it,\",\"speaker\":\"Ada Kovar\",\n"
    "    \"mention\":\"Mayor Ada "
    "Kovar\",\"speaker_start\":22,\"speaker_end\":37,\"cue\":\"said\",\"kind\":\"direct\",\n"
    "    \"type\":\"direct\",\"confidence\":0.985,\"rule\":\"quote-verb-name\"}]}\n"
    "\n"
    "start and end are bytes of the text and hold exactly the words, without the marks. speaker is null "
    "when\n"
    "nobody could be named; where it is a role (mayor) that the article gives to somebody, person says to "
    "whom.\n"
    "speaker_start and speaker_end are the place of the mention. kind is direct, mixed (words inside the\n"
    "reporter's sentence), pull (set apart, with a name line), reported (inside another quotation: "
    "inside_start\n"
    "and inside_end are that one's place, reported_by its speaker) or, with --indirect, indirect; type is "
    "the\n"
    "same with pull as direct. Other fields of the input are ignored. A line that cannot be read gives\n"
    "{\"id\",\"error\",\"quotes\":[]}.\n"
    "\n"
    "Exit status: 0 done, 2 wrong usage or a file that cannot be read or written.\n";

enum { EXIT_TROUBLE = 2 };

static unsigned want; /* --indirect, --why */

/* Bytes of one answer: a text of nothing but one-word quotes grows thirtyfold. */
#define ANSWER_MAX (32 * (size_t)LIMIT_FILE)

/* Answers gather to so many bytes before they are written, unless somebody may be waiting for them. */
enum { SEND_AT = 64 * 1024 };

/* Writes the answers. Returns 0 or ERR_IO. */
static int send_answers(struct buf *out)
{
    size_t sent = 0;

    while (sent < out->len) {
        ssize_t n = write(STDOUT_FILENO, out->at + sent, out->len - sent);

        if (n < 0 && errno != EINTR)
            return ERR_IO;
        sent += n < 0 ? 0 : (size_t)n;
    }
    buf_clear(out);
    return 0;
}

/* A reader of lines whose longest is LIMIT_JSONL_LINE: what is longer is skipped up to its end. It reads what
 * is there and no more, so that a program may write a line, wait for the answer, and write the next. */
struct lines {
    int fd;
    struct buf *out; /* the answers so far, which go out before anything is waited for */
    struct buf line;
    bool too_long;
    size_t at, len; /* what is left of `piece` */
    char piece[65536];
};

/* Fills the empty piece. Returns 1, 0 at the end of the file, ERR_IO. */
static int fill(struct lines *l)
{
    ssize_t n;

    if (send_answers(l->out) < 0)
        return ERR_IO;
    do {
        n = read(l->fd, l->piece, sizeof l->piece);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return ERR_IO;
    l->at = 0;
    l->len = (size_t)n;
    return n > 0;
}

/* 1 when there is a line (or the rest of a file without a line end), 0 at the end, ERR_IO, ERR_NOMEM. */
static int next_line(struct lines *l)
{
    bool any = false;
    int rc;

    buf_clear(&l->line);
    l->too_long = false;
    for (;;) {
        const char *start, *end;
        size_t len;

        if (l->at == l->len && (rc = fill(l)) <= 0)
            return rc < 0 ? rc : any;
        any = true;
        start = l->piece + l->at;
        end = memchr(start, '\n', l->len - l->at);
        len = end ? (size_t)(end - start) : l->len - l->at;
        l->at += len + (end != NULL);
        if (len > LIMIT_JSONL_LINE - l->line.len)
            l->too_long = true;
        if (!l->too_long)
            buf_put(&l->line, start, len);
        if (buf_err(&l->line))
            return buf_err(&l->line);
        if (end)
            return 1;
    }
}

/* 985 is 0.985 */
static void put_thousandths(struct buf *out, unsigned n)
{
    buf_int(out, n / 1000);
    buf_char(out, '.');
    for (unsigned unit = 100; unit; unit /= 10)
        buf_char(out, (char)('0' + n / unit % 10));
}

/* `outer`: the quotation that tells it, or NULL. */
static void put_quote(struct buf *out, const struct article *a, const struct quote *q,
                      const struct quote *outer)
{
    bool mention = q->mention_start < q->mention_end;

    json_sep(out);
    buf_char(out, '{');
    json_put_int(out, "start", q->start);
    json_put_int(out, "end", q->end);
    json_put_text(out, "text", span_cut(a->text, q->start, q->end));
    if (q->speaker.len)
        json_put_text(out, "speaker", q->speaker);
    else
        json_put_null(out, "speaker");
    if (q->person.len)
        json_put_text(out, "person", q->person);
    if (mention) {
        json_put_text(out, "mention", span_cut(a->text, q->mention_start, q->mention_end));
        json_put_int(out, "speaker_start", q->mention_start);
        json_put_int(out, "speaker_end", q->mention_end);
    } else {
        json_put_null(out, "mention");
        json_put_null(out, "speaker_start");
        json_put_null(out, "speaker_end");
    }
    if (q->cue_start < q->cue_end)
        json_put_text(out, "cue", span_cut(a->text, q->cue_start, q->cue_end));
    else
        json_put_null(out, "cue");
    json_put_text(out, "kind", span_of(quote_kind_name(q->kind)));
    if (q->kind != QUOTE_INDIRECT && mark_left_open(a->text, q->start, q->end))
        json_put_bool(out, "open", true);
    json_put_text(out, "type", span_of(quote_kind_name(q->kind == QUOTE_PULL ? QUOTE_DIRECT : q->kind)));
    json_key(out, "confidence");
    put_thousandths(out, q->confidence);
    json_put_text(out, "rule", span_of(q->rule));
    if (outer) {
        json_put_int(out, "inside_start", outer->start);
        json_put_int(out, "inside_end", outer->end);
        if (outer->speaker.len)
            json_put_text(out, "reported_by", outer->speaker);
        else
            json_put_null(out, "reported_by");
    }
    if (want & QUOTE_REASONS) {
        json_key(out, "why");
        buf_char(out, '{');
        why_json(out, a->text, q, 0);
        buf_char(out, '}');
    }
    buf_char(out, '}');
}

/* Appends the quotes of a text. Returns 0 or ERR_NOMEM. */
static int put_quotes(struct arena *mem, struct buf *out, struct span text)
{
    struct article like = {.text = text, .end = (uint32_t)text.len, .line = 1}, *articles = NULL;
    uint32_t article_count = 0, count;
    struct quote *quotes;
    int rc = article_split(mem, &like, &articles, &article_count);

    for (uint32_t i = 0; rc >= 0 && i < article_count; i++) {
        rc = quote_find(mem, &articles[i], want, &quotes, &count);
        for (uint32_t q = 0; rc >= 0 && q < count; q++)
            put_quote(out, &articles[i], &quotes[q],
                      quotes[q].inside == q ? NULL : &quotes[quotes[q].inside]);
    }
    return rc;
}

/* An answer in the making. Its id is JSON as it stands in the answer. */
struct answer {
    struct arena *mem;
    struct buf *out;
    size_t start; /* where in `out` it begins */
    struct span id;
};

static void put_id(struct answer *a)
{
    a->out->len = a->start;
    buf_char(a->out, '{');
    json_key(a->out, "id");
    buf_span(a->out, a->id);
}

static void put_error(struct answer *a, const char *words)
{
    put_id(a);
    json_put_text(a->out, "error", span_of(words));
    buf_str(a->out, ",\"quotes\":[]}\n");
}

/* The answer to one text, which is UTF-8 without a NUL. */
static void answer_text(struct answer *a, struct span text)
{
    int rc = text.len > LIMIT_FILE ? ERR_TOOBIG : 0;

    if (rc == 0) {
        put_id(a);
        buf_str(a->out, ",\"quotes\":[");
        rc = put_quotes(a->mem, a->out, text);
        buf_str(a->out, "]}\n");
    }
    if (rc < 0)
        put_error(a, err_words(rc));
}

/* A string as JSON. */
static struct span quoted(struct arena *mem, struct span s)
{
    struct buf b = BUF_INIT(6 * s.len + 2); /* \u001f */
    struct span copy;

    json_text(&b, s);
    copy = buf_err(&b) ? SPAN("null") : arena_span(mem, buf_view(&b));
    buf_fini(&b);
    return copy;
}

/* Answers a line that is a plain record: with a text, and an id that is a string, an integer or nothing. Else false. */
static bool answer_plain(struct answer *a, struct span line)
{
    struct json_field field = {0}, id = {.kind = FIELD_LITERAL, .raw = SPAN("null")},
                      text = {.kind = FIELD_OTHER};
    struct json_reader r;
    struct span words;
    int rc;

    json_open(&r, line);
    while ((rc = json_next(&r, &field)) == 1) {
        if (span_eq(field.key, SPAN("text")))
            text = field;
        else if (span_eq(field.key, SPAN("id")))
            id = field;
    }
    if (rc < 0 || text.kind != FIELD_STRING || id.kind == FIELD_OTHER)
        return false;
    words = json_decode(a->mem, text.raw);
    a->id = id.kind == FIELD_STRING ? quoted(a->mem, json_decode(a->mem, id.raw)) : id.raw;
    if (!words.at || arena_err(a->mem))
        put_error(a, err_words(ERR_NOMEM));
    else
        answer_text(a, words);
    return true;
}

/* Answers any other line, of which jansson can say what is wrong with it. */
static void answer_any(struct answer *a, struct span line)
{
    json_error_t error;
    json_t *record = json_loadb(line.at, line.len, 0, &error);
    json_t *text = json_object_get(record, "text"), *id = json_object_get(record, "id");
    char *dump = id && !json_is_string(id) ? json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    if (json_is_string(id))
        a->id = quoted(a->mem, (struct span){json_string_value(id), json_string_length(id)});
    else if (dump)
        a->id = span_of(dump);
    if (!record)
        put_error(a, error.text);
    else if (!json_is_string(text))
        put_error(a, "the line holds no \"text\"");
    else
        answer_text(a, (struct span){json_string_value(text), json_string_length(text)});
    free(dump);
    json_decref(record);
}

static void answer_line(struct answer *a, struct span line, bool too_long)
{
    if (too_long)
        put_error(a, "the line is longer than 16 MiB");
    else if (!answer_plain(a, line))
        answer_any(a, line);
}

/* Sends the answers when there are enough of them. Returns 0, ERR_IO, or what befell this one, which is left out. */
static int end_answer(struct answer *a)
{
    int rc = buf_err(a->out);

    if (rc < 0) {
        a->out->len = a->start;
        a->out->err = 0;
        return rc;
    }
    return a->out->len < SEND_AT ? 0 : send_answers(a->out);
}

static bool is_blank(struct span line)
{
    return span_trim(line).len == 0;
}

static int extract_lines(int fd, struct buf *out)
{
    struct lines *lines = calloc(1, sizeof *lines);
    struct arena mem = ARENA_INIT;
    int rc;

    if (!lines)
        return ERR_NOMEM;
    lines->fd = fd;
    lines->out = out;
    buf_init(&lines->line, LIMIT_JSONL_LINE + 1);
    while ((rc = next_line(lines)) == 1) {
        struct answer a = {&mem, out, out->len, SPAN("null")};

        if (!lines->too_long && is_blank(buf_view(&lines->line)))
            continue;
        answer_line(&a, buf_view(&lines->line), lines->too_long);
        arena_reset(&mem);
        if ((rc = end_answer(&a)) < 0)
            break;
    }
    arena_free(&mem);
    buf_fini(&lines->line);
    free(lines);
    return rc;
}

/* Reads the whole file. Returns 0, ERR_IO, ERR_NOMEM, ERR_TOOBIG. */
static int read_all(int fd, struct buf *text)
{
    for (;;) {
        char *room = buf_room(text, 65536);
        ssize_t n = room ? read(fd, room, 65536) : 0;

        if (!room)
            return buf_err(text);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? ERR_IO : 0;
        text->len += (size_t)n;
    }
}

static int extract_text(int fd, const char *name, struct buf *out)
{
    struct buf text = BUF_INIT(LIMIT_FILE + 65536);
    struct arena mem = ARENA_INIT;
    struct span id = span_of(name);
    struct answer a = {&mem, out, out->len, utf8_valid(id, NULL) ? quoted(&mem, id) : SPAN("null")};
    struct span all;
    int rc = read_all(fd, &text);

    if (rc >= 0) {
        all = text.at ? buf_view(&text) : SPAN("");
        if (all.len <= LIMIT_FILE && (memchr(all.at, 0, all.len) || !utf8_valid(all, NULL)))
            put_error(&a, err_words(ERR_NOTTEXT));
        else
            answer_text(&a, all);
        rc = end_answer(&a);
    }
    arena_free(&mem);
    buf_fini(&text);
    return rc;
}

/* A path of NULL is standard input. */
static int extract(const char *path, bool plain, struct buf *out)
{
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    int rc = fd < 0 ? err_from_errno(errno) : 0;
    const char *words = fd < 0 ? strerror(errno) : NULL;

    if (fd >= 0)
        rc = plain ? extract_text(fd, path ? path : "-", out) : extract_lines(fd, out);
    if (rc < 0)
        fprintf(stderr, "quotes-extract: %s: %s\n", path ? path : "standard input",
                words ? words : err_words(rc));
    if (fd > STDIN_FILENO)
        close(fd);
    return rc;
}

int main(int argc, char **argv)
{
    struct buf out = BUF_INIT(ANSWER_MAX + SEND_AT);
    bool plain = false, trouble = false;
    int first = 1;

    for (; first < argc && argv[first][0] == '-' && argv[first][1]; first++) {
        if (strcmp(argv[first], "--help") == 0 || strcmp(argv[first], "-h") == 0) {
            fputs(help, stdout);
            return fflush(stdout) ? EXIT_TROUBLE : 0;
        } else if (strcmp(argv[first], "--text") == 0) {
            plain = true;
        } else if (strcmp(argv[first], "--indirect") == 0) {
            want |= QUOTE_STATEMENTS;
        } else if (strcmp(argv[first], "--why") == 0) {
            want |= QUOTE_REASONS;
        } else if (strcmp(argv[first], "--") == 0) {
            first++;
            break;
        } else {
            fprintf(stderr, "quotes-extract: no such option: %s (try: quotes-extract --help)\n", argv[first]);
            return EXIT_TROUBLE;
        }
    }
    if (first == argc)
        trouble = extract(NULL, plain, &out) < 0;
    for (int i = first; i < argc; i++)
        trouble |= extract(strcmp(argv[i], "-") ? argv[i] : NULL, plain, &out) < 0;
    trouble |= send_answers(&out) < 0;
    buf_fini(&out);
    return trouble ? EXIT_TROUBLE : 0;
}
