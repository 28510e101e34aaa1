/* test_quote.c -- what a case file does not show of a quote: its kind, its utterance, its twin, its role, its reasons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "index/quote.h"
#include "index/render_why.h"

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
            blocks[a.block_count++] = (struct block){at + 2, end, kind_of(text[at]), 0, 0, 0};
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
    {"a statement without marks is indirect, and of the utterance beside it that the same mention speaks",
     ". “We did it,” said Ada Kovar, the mayor, adding that the work was hard.",
     "direct 0 0 the mayor; indirect 0 1 the mayor"},
    {"a fragment after a statement goes on with its utterance",
     ". Ada Kovar said the bridge was old and called it “a ruin”.", "indirect 0 0 -; mixed 0 1 -"},
    {"another mention's statement is another utterance",
     ". “We did it,” said Ada Kovar. Kovar said that the work was hard.", "direct 0 0 -; indirect 1 1 -"},
    {"what is told inside a quotation is reported, an utterance of its own",
     ". “We did it,” said Ada Kovar. “And Orla Venn said, ‘Never.’ So there.”\n. “And again.”",
     "direct 0 0 -; direct 0 1 -; reported 2 2 -; direct 0 3 -"},
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

    assert_int_equal(quote_find(&mem, &a, QUOTE_STATEMENTS, &quotes, &count), 0);
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

/* The reasons of the last quote, up to the chances. */
static const struct {
    const char *fact, *text, *want;
} reasons[] = {
    {"a name as it stands: the rule, the cue, the mention", ". “We did it,” said Ada Kovar.",
     "quote-verb-name, as in: “…,” said Kovar | “said” (bytes 19–23), and “Ada Kovar” (24–33) | name as "
     "printed"},
    {"a short name leads to the full one", ". Ada Kovar spoke. Kovar said: “We did it.”",
     "name-verb-quote, as in: Kovar said: “…” | “said” (bytes 25–29), and “Kovar” (19–24) | "
     "“Kovar” means “Ada Kovar” (2–11): the full name in the article"},
    {"a pronoun leads to the name lately printed, and that to the full one",
     ". Ada Kovar spoke. Then Kovar left.\n. “We did it,” she said.",
     "quote-name-verb, as in: “…,” Kovar said | “said” (bytes 59–63), and “she” (55–58) | "
     "“she” means “Kovar” (24–29): pronoun: the woman lately named | "
     "“Kovar” means “Ada Kovar” (2–11): the full name in the article"},
    {"a pronoun leads over another to the name",
     ". Ada Kovar spoke. Then she left, and nobody followed.\n. “We did it,” she said.",
     "quote-name-verb, as in: “…,” Kovar said | “said” (bytes 78–82), and “she” (74–77) | "
     "“she” means “she” (24–27): pronoun: the woman lately named | "
     "“she” means “Ada Kovar” (2–11): pronoun: the woman lately named"},
    {"a pronoun that nobody fits stays one", ". “We did it,” she said.",
     "quote-name-verb, as in: “…,” Kovar said | “said” (bytes 23–27), and “she” (19–22) | "
     "pronoun: nobody it could mean"},
    {"a role leads to the one who has it", ". Ada Kovar, the mayor, slept.\n. “We did it,” the mayor said.",
     "quote-name-verb, as in: “…,” Kovar said | “said” (bytes 60–64), and “the mayor” (50–59) | "
     "“the mayor” means “Ada Kovar, the mayor” (2–22): role: the one person who has it"},
    {"and where his title tells it, to the title",
     ". Gov. Pavel Kess slept.\n. “We did it,” the governor said.",
     "quote-name-verb, as in: “…,” Kovar said | “said” (bytes 57–61), and “the governor” (44–56) | "
     "“the governor” means “Gov. Pavel Kess” (2–17): role: the one person who has it"},
    {"nobody", ". “We did it in the end, and it was hard.” The sun shone.",
     "no rule names a speaker; the sentence is shown instead"},
    {"a name line", "> Nobody thought it would hold.\n- Ada Kovar, mayor",
     "name-line, as in: the line under a pull quote | “Ada Kovar, mayor” (bytes 34–50) | the line under it"},
};

static void run_reasons(void **state)
{
    size_t row = (size_t)*state;
    struct arena mem = ARENA_INIT;
    struct article a = article_of(&mem, reasons[row].text);
    struct buf got = BUF_INIT(4096);
    struct quote *quotes;
    uint32_t count;
    char *chances;

    assert_int_equal(quote_find(&mem, &a, QUOTE_STATEMENTS | QUOTE_REASONS, &quotes, &count), 0);
    assert_true(count > 0);
    why_words(&got, a.text, &quotes[count - 1], 0, " | ");
    buf_char(&got, 0);
    if ((chances = strstr(got.at, " | chances: ")))
        *chances = 0;
    assert_string_equal(got.at, reasons[row].want);
    buf_fini(&got);
    arena_free(&mem);
}

/* Everybody who was weighed stands there once, the one taken first, and the chances make a whole. */
static void every_choice_is_told(void **state)
{
    struct arena mem = ARENA_INIT;
    struct article a =
        article_of(&mem, ". Orla Venn met Ada Kovar. “We did it,” Kovar said when Venn had left.");
    struct quote *quotes;
    const struct why *why;
    uint32_t count, sum = 0;

    (void)state;
    assert_int_equal(quote_find(&mem, &a, QUOTE_STATEMENTS | QUOTE_REASONS, &quotes, &count), 0);
    assert_int_equal(count, 1);
    why = quotes[0].details;
    assert_non_null(why);
    assert_true(why->choice_count >= 3 && why->evidence_count > 3 && why->quotation > 900);
    assert_int_equal(why->choices[0].start, quotes[0].mention_start);
    for (uint8_t i = 0; i < why->choice_count; i++) {
        sum += why->choices[i].chance;
        assert_true(i < 2 || why->choices[i].chance <= why->choices[i - 1].chance);
        for (uint8_t k = 0; k < i; k++)
            assert_int_not_equal(why->choices[i].start, why->choices[k].start);
    }
    assert_in_range(sum, 980, 1000);
    for (uint8_t i = 1; i < why->evidence_count; i++)
        assert_true(abs(why->evidence[i].weight) <= abs(why->evidence[i - 1].weight));
    assert_int_equal(quote_find(&mem, &a, QUOTE_STATEMENTS, &quotes, &count),
                     0); /* who does not ask is not told */
    assert_null(quotes[0].details);
    arena_free(&mem);
}

int main(void)
{
    enum { ROWS = sizeof table / sizeof *table, REASONS = sizeof reasons / sizeof *reasons };
    struct CMUnitTest tests[ROWS + REASONS + 1];

    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){table[i].fact, run_row, NULL, NULL, (void *)i};
    for (size_t i = 0; i < REASONS; i++)
        tests[ROWS + i] = (struct CMUnitTest){reasons[i].fact, run_reasons, NULL, NULL, (void *)i};
    tests[ROWS + REASONS] =
        (struct CMUnitTest){"every choice is told", every_choice_is_told, NULL, NULL, NULL};
    return _cmocka_run_group_tests("kinds, utterances, twins, roles, reasons", tests, ROWS + REASONS + 1,
                                   NULL, NULL) != 0;
}
