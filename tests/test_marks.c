/* test_marks.c -- no text makes the pairing of marks slow: twice the text takes twice the time.
 *
 * Where the pieces of an article begin and end is shown by the case files of tests/cases/marks and by t_marks.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "base/buf.h"
#include "base/limits.h"
#include "index/quote.h"

enum {
    TEXT = MiB, /* and then twice as much */
    TRIES = 3,  /* before it counts: other programs run on the machine as well */
    RATIO = 3,  /* twice is expected; a quadratic walk would take four times, and minutes */
    SLACK_MS = 40
};

static const struct {
    const char *fact, *unit; /* repeated until the text is long enough */
} table[] = {
    {"opening marks alone", "“"},
    {"low marks alone", "„"},
    {"straight marks alone", "\""},
    {"single marks and spaces", "‘ "},
    {"opening marks before words", "“a "},
    {"straight marks before words", "\"a "},
    {"single marks before words", "‘a "},
    {"nested guillemets that nothing closes", "« « a "},
    {"alternating marks", "“”„“‘’«»\"'"},
    {"alternating marks and spaces", " “” „ “‘ ’ «» \" ' 「 』"},
    {"marks between Chinese characters", "中“"},
    {"dashes alone", "—\n"},
    {"dashes and commas", "— a, "},
    {"turns without a clause", "— A b c.\n\n"},
    {"turns of clauses", "—a —dijo Marta—. "},
    {"points after an initial", "—A —dijo M......"},
    {"quotations inside quotations", "“She said, ‘No, thank you,’ and left,” Ada Kovar said.\n\n"},
    {"quotations inside one that nothing closes", "“a he said, ‘no no,’ and Kovar said, ‘yes’. "},
    {"pronouns among names", "Ada Kovar met Victor Osei. “It is,” she said. He left. "},
    {"roles among names", "Mayor Ada Kovar met a mayor. “It is,” the mayor said. "},
};

/* Milliseconds of the processor's time that the quotes of a text of so many bytes take. */
static double measure(const char *unit, size_t bytes)
{
    struct arena mem = ARENA_INIT;
    struct buf text = BUF_INIT(2 * bytes);
    struct article like = {.line = 1}, *articles = NULL;
    struct quote *quotes;
    uint32_t article_count = 0, count;
    clock_t start;

    while (text.len < bytes)
        buf_str(&text, unit);
    like.text = buf_view(&text);
    like.end = (uint32_t)text.len;
    start = clock();
    assert_int_equal(article_split(&mem, &like, &articles, &article_count), 0);
    for (uint32_t i = 0; i < article_count; i++)
        assert_int_equal(quote_find(&mem, &articles[i], QUOTE_STATEMENTS, &quotes, &count), 0);
    start = clock() - start;
    buf_fini(&text);
    arena_free(&mem);
    return (double)start * 1000 / CLOCKS_PER_SEC;
}

static void run_row(void **state)
{
    size_t row = (size_t)*state;
    double once = 0, twice = 0;

    for (int i = 0; i < TRIES; i++) {
        once = measure(table[row].unit, TEXT);
        twice = measure(table[row].unit, 2 * TEXT);
        if (twice <= RATIO * once + SLACK_MS)
            return;
    }
    fail_msg("1 MiB took %.0f ms, 2 MiB %.0f ms", once, twice);
}

int main(void)
{
    enum { ROWS = sizeof table / sizeof *table };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){table[i].fact, run_row, NULL, NULL, (void *)i};
    return _cmocka_run_group_tests("linear in hostile texts", tests, ROWS, NULL, NULL) != 0;
}
