/* add.c -- brings files and folders into the archive, or keeps what comes on standard input.
 *
 * A document on standard input travels in pieces, since a request is at most 1 MiB. All but the last say `more`; the
 * daemon keeps it durably before it answers the last one.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"
#include "client/change.h"
#include "client/commands.h"
#include "client/term.h"

enum { PIECE = 128 * 1024 }; /* bytes of text in a request: escaped they may take six times as much */

/* All of standard input. 0, or the status to exit with; why has been said. */
static int read_input(struct buf *text)
{
    ssize_t n;
    char *room;

    if (term_is(STDIN_FILENO))
        say_more("Type or paste the document; end with Ctrl-D on a line of its own.");
    for (;;) {
        if (!(room = buf_room(text, 64 * KiB))) {
            if (text->max - text->len >= 64 * KiB)
                say("out of memory");
            else
                say("standard input is longer than %u MiB; write it to a file in the archive instead",
                    LIMIT_INBOX >> 20);
            return EXIT_TROUBLE;
        }
        n = read(STDIN_FILENO, room, 64 * KiB);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            say("standard input: %s", strerror(errno));
            return EXIT_TROUBLE;
        }
        if (n == 0)
            return 0;
        text->len += (size_t)n;
    }
}

static bool is_text(struct span text)
{
    size_t bad;

    if (!span_trim(text).len) {
        say("there is no text on standard input");
        return false;
    }
    if (!utf8_valid(text, &bad)) {
        say("standard input is not UTF-8 text (byte %zu); convert it: iconv -f WINDOWS-1252 -t UTF-8",
            bad + 1);
        return false;
    }
    if (memchr(text.at, '\0', text.len)) {
        say("standard input is not text: it holds a byte 0");
        return false;
    }
    return true;
}

static void put_given(struct buf *b, const char *name, const char *value)
{
    if (value)
        json_put_text(b, name, span_of(value));
}

static int send_text(struct change *ch, struct span text)
{
    const struct options *o = &ch->c->options;
    int status = 0;

    while (text.len && status == 0) {
        struct span piece = utf8_cut(text, PIECE);
        struct buf params = BUF_INIT(LIMIT_FRAME);

        text = span_cut(text, piece.len, text.len);
        buf_char(&params, '{');
        json_put_text(&params, "text", piece);
        json_put_bool(&params, "more", text.len > 0);
        put_given(&params, "title", o->title);
        put_given(&params, "date", o->date);
        put_given(&params, "source", o->source);
        put_given(&params, "url", o->url);
        status = change_ask(ch, "put", &params);
    }
    return status;
}

static int add_input(struct call *c)
{
    struct buf text = BUF_INIT(LIMIT_INBOX + 64 * KiB);
    struct change ch;
    int status;

    if (c->count > 1) {
        say("\"-\" is standard input, one document; add the files by another command");
        return EXIT_TROUBLE;
    }
    status = read_input(&text);
    if (status == 0 && !is_text(buf_view(&text)))
        status = EXIT_TROUBLE;
    if (status == 0) {
        change_begin(&ch, c, "kept and indexed");
        status = change_end(&ch, send_text(&ch, buf_view(&text)));
    }
    buf_fini(&text);
    return status;
}

int add_run(struct call *c)
{
    static const enum option of_input[] = {OPTION_TITLE, OPTION_DATE, OPTION_SOURCE, OPTION_URL};
    struct change ch;

    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->operands[i], "-") == 0)
            return add_input(c);
    for (size_t i = 0; i < sizeof of_input / sizeof *of_input; i++) {
        if (call_given(c, of_input[i])) {
            say("--%s is for standard input (quotes add -); files say it themselves",
                OPTION_ROWS[of_input[i]].name);
            return EXIT_TROUBLE;
        }
    }
    change_begin(&ch, c, "indexed");
    return change_end(&ch, change_paths(&ch, "add", call_given(c, OPTION_FORCE) ? "force" : NULL));
}
