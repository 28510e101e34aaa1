/* ask.c -- the newest words of a person: quotes_open, quotes_ask, quotes_close.
 *
 *      cc ask.c $(pkg-config --cflags --libs libquotes) -o ask && ./ask venn
 */
#include <quotes.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    char params[512], text[16384], words[QUOTES_WORDS];
    struct quotes_question question = {.method = "by", .params = params, .buffer = text, .size = sizeof text};
    struct quotes_options options = {.client = "ask", .timeout_ms = 5000};
    struct quotes_answer answer;
    struct quotes *q;

    if (argc != 2 || strpbrk(argv[1], "\"\\")) { /* a real program escapes what it puts into JSON */
        puts("usage: ask NAME");
        return 2;
    }
    if (quotes_open(&options, &q, words) < 0) {
        puts(words);
        return 1;
    }
    snprintf(params, sizeof params, "{\"speaker\":\"%s\",\"limit\":3,\"format\":\"text\"}", argv[1]);
    if (quotes_ask(q, &question, &answer) < 0)
        puts(answer.words);
    else if (answer.found == 0)
        printf("nothing by %s. %s\n", argv[1], answer.words); /* perhaps "Did you mean ...?" */
    else
        printf("%s%s(%lld of %lld)\n", text, answer.bytes >= sizeof text ? "[...]\n" : "", answer.shown,
               answer.found);
    quotes_close(q);
    return answer.code < 0;
}
