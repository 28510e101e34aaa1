/* test_peek.c -- what the client reads out of a JSON message, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "wire/peek.h"

static void values_are_told_from_nonsense(void **state)
{
    static const struct {
        const char *json;
        bool good;
    } rows[] = {
        {"{}", true},       {"[]", true},          {" [ 1 , \"a\" , {\"b\" : null} ] ", true},
        {"-1.5e3", true},   {"\"\\u00e9\"", true}, {"true", true},
        {"", false},        {"{", false},          {"[1,]", false},
        {"{\"a\"}", false}, {"{\"a\":1,}", false}, {"\"a", false},
        {"\"a\\", false},   {"1 2", false},        {"\"a\nb\"", false},
        {"tru", false},     {"{1:2}", false},      {"[1}", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (peek_valid(span_of(rows[i].json)) != rows[i].good)
            fail_msg("%s: %s", rows[i].json, rows[i].good ? "refused" : "taken");
}

static void brackets_have_a_depth(void **state)
{
    char deep[2 * PEEK_DEPTH + 8] = "";
    size_t n = PEEK_DEPTH + 2;

    (void)state;
    memset(deep, '[', n);
    memset(deep + n, ']', n);
    assert_false(peek_valid((struct span){deep, 2 * n}));
    assert_true(peek_valid((struct span){deep + 2, 2 * n - 4}));
}

static void members_are_found_where_they_stand(void **state)
{
    struct span m = SPAN("{\"a\": {\"b\":\"}\\\"\",\"c\":[1,{\"d\":2}]}, \"n\":-42 ,\"c\":true}"),
                a = peek_member(m, "a");

    (void)state;
    assert_true(span_eq(a, SPAN("{\"b\":\"}\\\"\",\"c\":[1,{\"d\":2}]}")));
    assert_true(span_eq(peek_member(a, "c"), SPAN("[1,{\"d\":2}]")));
    assert_true(span_eq(peek_member(m, "c"), SPAN("true")));
    assert_int_equal(peek_int(peek_member(m, "n"), 7), -42);
    assert_null(peek_member(m, "b").at);
    assert_null(peek_member(peek_member(m, "n"), "b").at);
}

static void lists_are_walked(void **state)
{
    struct span list = SPAN(" [1, [2,3] ,\"]\"] "), element;
    int count = 0;

    (void)state;
    while (peek_element(&list, &element))
        count++;
    assert_int_equal(count, 3);
    list = SPAN("[]");
    assert_false(peek_element(&list, &element));
    list = SPAN("{}");
    assert_false(peek_element(&list, &element));
}

static void numbers_are_whole_or_not_there(void **state)
{
    (void)state;
    assert_int_equal(peek_int(SPAN("9223372036854775807"), 7), INT64_MAX);
    assert_int_equal(peek_int(SPAN("9223372036854775808"), 7), 7);
    assert_int_equal(peek_int(SPAN("1.5"), 7), 7);
    assert_int_equal(peek_int(SPAN("-"), 7), 7);
    assert_int_equal(peek_int(SPAN("null"), 7), 7);
    assert_int_equal(peek_int((struct span){NULL, 0}, 7), 7);
}

static void texts_are_unescaped(void **state)
{
    char out[40];

    (void)state;
    peek_copy(SPAN("\"a\\n\\\"\\\\\\/\\t\\u00e9\\ud83d\\ude00\""), out, sizeof out);
    assert_string_equal(out, "a\n\"\\/\té😀");
    peek_copy(SPAN("\"\\ud83d!\""), out, sizeof out);
    assert_string_equal(out, "\xEF\xBF\xBD!");
    peek_copy(SPAN("\"\\q\""), out, sizeof out);
    assert_string_equal(out, "");
    peek_copy(SPAN("\"\\u00\""), out, sizeof out);
    assert_string_equal(out, "");
    peek_copy(SPAN("17"), out, sizeof out);
    assert_string_equal(out, "");
    peek_copy(SPAN("\"aéé\""), out, 5); /* cut between characters */
    assert_string_equal(out, "aé");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_told_from_nonsense),      cmocka_unit_test(brackets_have_a_depth),
        cmocka_unit_test(members_are_found_where_they_stand), cmocka_unit_test(lists_are_walked),
        cmocka_unit_test(numbers_are_whole_or_not_there),     cmocka_unit_test(texts_are_unescaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
