/* many.c -- how often each of many people is quoted, asked together: quotes_ask_many. The second round is answered out of the
 * shared memory.
 *
 *      cc many.c $(pkg-config --cflags --libs libquotes) -o many && ./many venn oyelaran sorel
 */
#include <quotes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    size_t count = (size_t)(argc - 1);
    struct quotes_question *questions = calloc(count + 1, sizeof *questions);
    struct quotes_answer *answers = calloc(count + 1, sizeof *answers);
    char(*params)[256] = calloc(count + 1, sizeof *params), words[QUOTES_WORDS];
    struct quotes_options options = {.client = "many", .cache = 1};
    struct quotes *q = NULL;

    if (!questions || !answers || !params || quotes_open(&options, &q, words) < 0) {
        puts(questions && answers && params ? words : "out of memory");
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(params[i], sizeof *params, "{\"speaker\":\"%.200s\",\"count\":true}", argv[i + 1]);
        questions[i] = (struct quotes_question){.method = "by", .params = params[i]};
    }
    for (int round = 0; round < 2; round++)
        (void)quotes_ask_many(q, questions, answers, count); /* each answer has its own code */
    for (size_t i = 0; i < count; i++)
        if (answers[i].code < 0)
            printf("%s: %s\n", argv[i + 1], answers[i].words);
        else
            printf("%s: %lld\n", argv[i + 1], answers[i].found);
    quotes_close(q);
    free(params);
    free(answers);
    free(questions);
    return 0;
}
