/* test_break.c -- the test files of UAX #29, as Debian's unicode-data ships them: every case of all three.
 *
 * UNICODE_DATA=DIR names another folder than /usr/share/unicode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "index/break.h"

static const struct conformance {
    const char *fact, *file;
    size_t (*cut)(struct span text, size_t at);
    int cases; /* of Unicode 15.0 */
} files[] = {
    {"words: all 1,823 cases of WordBreakTest", "auxiliary/WordBreakTest.txt", break_word, 1823},
    {"sentences: all 502 cases of SentenceBreakTest", "auxiliary/SentenceBreakTest.txt", break_sentence, 502},
    {"characters: all 602 cases of GraphemeBreakTest", "auxiliary/GraphemeBreakTest.txt", break_cluster, 602},
};

/* A line "÷ 0061 × 0308 ÷": its text and where it may be cut, 0 and the end included. */
struct expected {
    char text[1024];
    size_t len, cuts[256];
    int count;
};

static bool read_line(char *line, struct expected *e)
{
    memset(e, 0, sizeof *e);
    line[strcspn(line, "#")] = 0;
    for (char *word = strtok(line, " \t\n"); word; word = strtok(NULL, " \t\n")) {
        if (strcmp(word, "÷") == 0)
            e->cuts[e->count++] = e->len;
        else if (strcmp(word, "×") != 0)
            e->len += utf8_put(e->text + e->len, (uint32_t)strtoul(word, NULL, 16));
    }
    return e->count > 0;
}

static bool agrees(const struct conformance *c, const struct expected *e)
{
    size_t at = 0;

    for (int i = 1; i < e->count; i++)
        if (at >= e->len || (at = c->cut((struct span){e->text, e->len}, at)) != e->cuts[i])
            return false;
    return at == e->len;
}

static void every_case_agrees(void **state)
{
    const struct conformance *c = *state;
    const char *dir = getenv("UNICODE_DATA");
    char path[512], line[4096], shown[4096];
    int cases = 0;
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", dir ? dir : "/usr/share/unicode", c->file);
    if (!(file = fopen(path, "re")))
        fail_msg("%s is not there: install the package unicode-data, or set UNICODE_DATA", path);
    while (fgets(line, sizeof line, file)) {
        struct expected e;

        (void)snprintf(shown, sizeof shown, "%s", line);
        if (!read_line(line, &e))
            continue;
        cases++;
        if (!agrees(c, &e))
            fail_msg("case %d: %s", cases, shown);
    }
    fclose(file);
    assert_int_equal(cases, c->cases);
}

int main(void)
{
    enum { FILES = sizeof files / sizeof *files };
    struct CMUnitTest tests[FILES];

    for (size_t i = 0; i < FILES; i++)
        tests[i] = (struct CMUnitTest){files[i].fact, every_case_agrees, NULL, NULL, (void *)&files[i]};
    return _cmocka_run_group_tests("where a text may be cut", tests, FILES, NULL, NULL) != 0;
}
