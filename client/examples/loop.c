/* loop.c -- asks while doing other things, and hears when the index changes: quotes_begin, quotes_turn, quotes_fd, quotes_events,
 * quotes_drop, quotes_generation. An editor gives the descriptor to its own loop in the place of poll().
 *
 *      cc loop.c $(pkg-config --cflags --libs libquotes) -o loop && ./loop harbour
 *
 * Prints what was found for a query, then again each time when the archive has changed. A line of standard input ends it.
 */
#include <poll.h>
#include <quotes.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    char params[512], text[65536], words[QUOTES_WORDS];
    struct quotes_question changes = {.method = "subscribe"},
                           search = {
                               .method = "search", .params = params, .buffer = text, .size = sizeof text};
    struct quotes_answer subscribed, found = {0};
    unsigned long long asked = 0;
    struct quotes *q;

    if (argc != 2 || strpbrk(argv[1], "\"\\")) {
        puts("usage: loop WORDS");
        return 2;
    }
    if (quotes_open(NULL, &q, words) < 0) {
        puts(words);
        return 1;
    }
    snprintf(params, sizeof params, "{\"query\":\"%s\",\"limit\":5,\"format\":\"text\"}", argv[1]);
    (void)quotes_begin(q, &changes, &subscribed);
    for (;;) {
        struct pollfd ready[2] = {{quotes_fd(q), quotes_events(q), 0}, {0, POLLIN, 0}};
        int was = found.code;

        if (poll(ready, 2, -1) < 0 || ready[1].revents || quotes_turn(q) < 0)
            break;
        if (found.code != QUOTES_WAITING &&
            quotes_generation(q) != asked) { /* the index is another one now */
            asked = quotes_generation(q);
            was =
                quotes_begin(q, &search, &found); /* 0: it was in the shared memory; else it is on its way */
        }
        if (found.code != QUOTES_WAITING && was == QUOTES_WAITING) {
            printf("%s(%lld found)\n", found.code < 0 ? found.words : text, found.found);
            fflush(stdout);
        }
    }
    if (found.code == QUOTES_WAITING)
        quotes_drop(q, &found); /* nobody waits for it any more */
    quotes_close(q);
    return 0;
}
