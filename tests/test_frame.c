/* Where one message ends and the next begins (wire/frame.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "wire/frame.h"

/* Every frame that the input holds, each followed by `|`; then `!` and the error, `...` for an unfinished
 * one. The input is fed in pieces of `piece` bytes. */
static void frames(const char *input, size_t piece, bool ended, struct buf *out)
{
    struct span left = span_of(input), frame;
    struct frame_reader f;
    int rc = 0;

    frame_init(&f);
    while (left.len && rc >= 0) {
        size_t len = left.len < piece ? left.len : piece;

        assert_int_equal(frame_feed(&f, left.at, len), 0);
        left = span_cut(left, len, left.len);
        while ((rc = frame_next(&f, &frame)) == 1) {
            buf_span(out, frame);
            buf_char(out, '|');
        }
    }
    while (ended && rc >= 0 && (rc = frame_last(&f, &frame)) == 1) {
        buf_span(out, frame);
        buf_char(out, '|');
    }
    if (rc < 0)
        buf_str(out, rc == ERR_TOOBIG ? "!big" : rc == ERR_PROTOCOL ? "!protocol" : "!");
    else if (frame_unfinished(&f))
        buf_str(out, "...");
    frame_fini(&f);
}

/* clang-format off */
static const struct {
    const char *fact, *input;
    bool ended;
    const char *wanted;
} cases[] = {
    { "a line is a frame",                               "{\"a\":1}\n",             false, "{\"a\":1}|" },
    { "several lines are several frames",                "{}\n[]\n{}\n",            false, "{}|[]|{}|" },
    { "a line without its end is not yet a frame",       "{}\n{\"a\"",              false, "{}|..." },
    { "at the end of the input it is one",               "{}\n{\"a\":2}",           true,  "{}|{\"a\":2}|" },
    { "several frames may stand before the end",         "{}\n{}",                  true,  "{}|{}|" },
    { "a carriage return before the line break is none", "{}\r\n{}\r\n",            false, "{}|{}|" },
    { "empty lines are passed over",                     "\n \n{}\n\n\n{}\n\n",     false, "{}|{}|" },
    { "white space at the end is no frame",              "{}\n  \n ",               true,  "{}|" },
    { "a first byte C means headers",                    "Content-Length: 2\r\n\r\n{}", false, "{}|" },
    { "frames behind headers follow one another",
      "Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n[1]", false, "{}|[1]|" },
    { "a frame behind headers may hold line breaks",     "Content-Length: 5\r\n\r\n{\n\n\n}", false, "{\n\n\n}|" },
    { "other headers are passed over, in any case",
      "Content-Type: a/b; charset=utf-8\r\ncontent-length:2\n\n{}", false, "{}|" },
    { "an empty frame is none",                          "Content-Length: 0\r\n\r\nContent-Length: 2\r\n\r\n{}", false, "{}|" },
    { "line breaks between frames do no harm",
      "Content-Length: 2\r\n\r\n{}\n\nContent-Length: 2\r\n\r\n[]", false, "{}|[]|" },
    { "a frame that is cut off is none",                 "Content-Length: 9\r\n\r\n{}", true, "..." },
    { "headers without a length are refused",            "Content-Type: a/b\r\n\r\nnothing\r\n", false, "!protocol" },
    { "a length that is no number is refused",           "Content-Length: 2x\r\n\r\n{}", false, "!protocol" },
    { "a length past the limit is refused at once",      "Content-Length: 1048577\r\n", false, "!big" },
    { "headers that never end are refused",              "Content-Length: 2\r\nnonsense", true, "..." },
    { "a C after the first frame is not",                "{}\nC\n",                 false, "{}|C|" },
    { "what is no JSON is a frame all the same",         "hello\n",                 false, "hello|" },
    { "nothing is nothing",                              "",                        true,  "" },
};
/* clang-format on */

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t piece = 1; piece < 12; piece++) {
            struct buf out = BUF_INIT(4096);

            frames(cases[i].input, piece, cases[i].ended, &out);
            buf_char(&out, '\0');
            if (strcmp(out.at, cases[i].wanted) != 0)
                fail_msg("%s (in pieces of %zu): %s", cases[i].fact, piece, out.at);
            buf_fini(&out);
        }
    }
}

/* Feeds `len` bytes of one line; the first answer that is not "more". */
static int long_line(size_t len, bool ends, size_t *held)
{
    static char piece[FRAME_READ];
    struct frame_reader f;
    struct span frame = {0};
    int rc = 0;

    memset(piece, 'x', sizeof piece);
    frame_init(&f);
    while (len && rc == 0) {
        size_t n = len < sizeof piece ? len : sizeof piece;

        if ((rc = frame_feed(&f, piece, n)) == 0)
            rc = frame_next(&f, &frame);
        len -= n;
        *held = f.bytes.cap;
    }
    if (rc == 0 && ends && (rc = frame_feed(&f, "\n", 1)) == 0)
        rc = frame_next(&f, &frame);
    frame_fini(&f);
    return rc;
}

static void test_the_longest_frame_is_taken(void **state)
{
    size_t held;

    (void)state;
    assert_int_equal(long_line(LIMIT_FRAME, true, &held), 1);
}

static void test_a_longer_frame_is_refused_and_memory_stays_bounded(void **state)
{
    size_t held = 0;

    (void)state;
    assert_int_equal(long_line(LIMIT_FRAME + 1, true, &held), ERR_TOOBIG);
    assert_int_equal(long_line((size_t)100 << 20, false, &held), ERR_TOOBIG);
    assert_true(held <= FRAME_HELD);
}

static void test_an_idle_reader_holds_no_memory(void **state)
{
    struct frame_reader f;
    struct span frame;

    (void)state;
    frame_init(&f);
    assert_int_equal(frame_feed(&f, "{}\n", 3), 0);
    assert_int_equal(frame_next(&f, &frame), 1);
    assert_int_equal(frame_next(&f, &frame), 0);
    assert_int_equal(frame_feed(&f, "", 0), 0);
    assert_int_equal(f.bytes.cap, 0);
    assert_false(frame_unfinished(&f));
    frame_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_the_longest_frame_is_taken),
        cmocka_unit_test(test_a_longer_frame_is_refused_and_memory_stays_bounded),
        cmocka_unit_test(test_an_idle_reader_holds_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
