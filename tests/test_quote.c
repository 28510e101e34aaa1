/* test_quote.c -- what a case file does not show of a quote: its kind, its utterance, its twin, its role. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "base/buf.h"
#include "index/quote.h"

/* Blocks by hand, so that the test rests on quote_find alone: one a line, its kind by the first character. */
static enum block_kind kind_of(char sign)
{
    switch (sign) {
    case '#':
        return BLOCK_TITLE;
    case '*':
        return BLOCK_BULLET;
    case '>':
        return BLOCK_PULL;
    case '-':
        return BLOCK_NAME_LINE;
    case '!':
        return BLOCK_BOILERPLATE;
    default:
        return BLOCK_BODY;
    }
}

static struct article article_of(struct arena *mem, const char *text)
{
    struct article a = {.text = span_of(text), .end = (uint32_t)strlen(text), .line = 1};
    struct block *blocks = arena_array(mem, 32, sizeof *blocks);

    for (uint32_t at = 0; at < a.end && a.block_count < 32;) {
        uint32_t end = at + (uint32_t)strcspn(text + at, "\n");

        if (end > at + 2)
            blocks[a.block_count++] = (struct block){at + 2, end, kind_of(text[at]), 0};
        at = end + 1;
    }
    a.blocks = blocks;
    return a;
}

static const struct {
    const char *fact, *text;
    const char *want; /* kind utterance twin role, one quote after the other */
} table[] = {
    {"a sentence of its own is direct", ". “We did it,” said Ada Kovar.", "direct 0 0 -"},
    {"words inside the reporter's sentence are mixed", ". Ada Kovar called it “a great day”.", "mixed 0 0 -"},
    {"the role before a name is kept as printed", ". “We did it,” said city mayor Ada Kovar.",
     "direct 0 0 city mayor"},
    {"the role after a name is kept as printed",
     ". “We did it,” said Ada Kovar, the mayor of Lind, on Monday.", "direct 0 0 the mayor of Lind"},
    {"a role that becomes a name is kept, without its article",
     ". Ada Kovar, the mayor, slept.\n. “We did it,” the mayor said.", "direct 0 0 mayor"},
    {"one that is nobody's alone is the speaker itself",
     ". Ada Kovar, the mayor of Lind, met Rosa Amadi, the mayor of Sell.\n. “We did it,” the mayor said.",
     "direct 0 0 -"},
    {"fragments of one sentence are one utterance", ". Ada Kovar said it was “a great day” and “a long one”.",
     "mixed 0 0 -; mixed 0 1 -"},
    {"a quotation over paragraphs is one utterance", ". Ada Kovar said: “We did it.\n. “And we would again.”",
     "direct 0 0 -; direct 0 1 -"},
    {"a turn of dialogue is one utterance, whoever speaks",
     ". —No lo sé —dijo Marta—. Ya veremos.\n. —Nunca —contestó—. Jamás.",
     "direct 0 0 -; direct 0 1 -; direct 2 2 -; direct 2 3 -"},
    {"two speakers are two utterances", ". “We did it,” said Ada Kovar. “Too late,” said Victor Osei.",
     "direct 0 0 -; direct 1 1 -"},
    {"a headline that repeats the body is its twin",
     "# Mayor: bridge is ‘a promise kept at last’\n. “It is a promise kept at last,” said Ada Kovar.",
     "mixed 0 1 -; direct 1 1 -"},
    {"a pull quote is its body quote's twin, and has the role of its name line",
     "> Nobody thought it would hold.\n- Ada Kovar, mayor\n. “Nobody thought it would hold,” Ada Kovar said.",
     "pull 0 1 mayor; direct 1 1 -"},
    {"a statement without marks is indirect, and an utterance of its own",
     ". “We did it,” said Ada Kovar, the mayor, adding that the work was hard.",
     "direct 0 0 the mayor; indirect 1 1 the mayor"},
    {"what comes after one keeps its utterance and its twin",
     "# Mayor: bridge is ‘a promise kept at last’\n. Ada Kovar said the river was high.\n"
     ". “It is a promise kept at last,” said Ada Kovar.\n. “And a long one.",
     "mixed 0 2 -; indirect 1 1 -; direct 2 2 -; direct 2 3 -"},
    {"a headline's words without marks are no twin",
     "# The river is high, Ada Kovar said\n. Ada Kovar said the river is high.",
     "indirect 0 0 -; indirect 1 1 -"},
    {"a pull quote holds no statement",
     "> Ada Kovar said the river was high in the town.\n- Rosa Amadi, mayor\n. The end of the story.",
     "pull 0 0 mayor"},
    {"boilerplate holds no quotes", "! “Subscribe to our letter today,” said Ada Kovar.", ""},
};

static void run_row(void **state)
{
    size_t row = (size_t)*state;
    struct arena mem = ARENA_INIT;
    struct article a = article_of(&mem, table[row].text);
    struct buf got = BUF_INIT(4096);
    struct quote *quotes;
    uint32_t count;

    assert_int_equal(quote_find(&mem, &a, &quotes, &count), 0);
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&got, "%s%s %u %u ", i ? "; " : "", quote_kind_name(quotes[i].kind), quotes[i].utterance,
                   quotes[i].twin_of);
        buf_span(&got, quotes[i].role.len ? quotes[i].role : SPAN("-"));
    }
    buf_char(&got, 0);
    assert_string_equal(got.at, table[row].want);
    buf_fini(&got);
    arena_free(&mem);
}

int main(void)
{
    enum { ROWS = sizeof table / sizeof *table };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){table[i].fact, run_row, NULL, NULL, (void *)i};
    return _cmocka_run_group_tests("kinds, utterances, twins, roles", tests, ROWS, NULL, NULL) != 0;
}
