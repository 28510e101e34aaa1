/* pieces.c -- an answer of any length, passed on as it comes, with Ctrl-C to end it: `piece`, `progress`, `cancel`.
 *
 *      cc pieces.c $(pkg-config --cflags --libs libquotes) -o pieces && ./pieces dump '{}' > archive.jsonl
 */
#include <quotes.h>
#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t enough;

static void stop(int signal)
{
    (void)signal;
    enough = 1;
}

/* Anything but 0 cancels the question: here, when the disk is full. */
static int write_out(void *ctx, const char *text, size_t len)
{
    return fwrite(text, 1, len, ctx) != len;
}

/* Of add, put, rm and reindex. */
static void show(void *ctx, const char *json, size_t len)
{
    (void)ctx;
    fprintf(stderr, "%.*s\n", (int)len, json);
}

int main(int argc, char **argv)
{
    struct quotes_question question = {
        .piece = write_out, .progress = show, .ctx = stdout, .cancel = &enough};
    struct quotes_answer answer;
    char words[QUOTES_WORDS];
    struct quotes *q;

    if (argc != 3) {
        puts("usage: pieces METHOD PARAMS");
        return 2;
    }
    if (quotes_open(NULL, &q, words) < 0) {
        fprintf(stderr, "%s\n", words);
        return 1;
    }
    signal(SIGINT, stop);
    question.method = argv[1];
    question.params = argv[2];
    if (quotes_ask(q, &question, &answer) < 0)
        fprintf(stderr, "%s\n", answer.words);
    quotes_close(q);
    return answer.code < 0;
}
