/* test_question.c -- the key of a question (wire/question.h): the same for all who mean the same, and for nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/question.h"

/* The key with its zeros and numbers made visible, or "" when there is none. */
static const char *key(const char *method, const char *params)
{
    static char shown[4 * CACHE_KEY + 1];
    char bytes[CACHE_KEY];
    size_t len = question_key(span_of(method), span_of(params), bytes), n = 0;

    for (size_t i = 0; i < len; i++)
        if ((unsigned char)bytes[i] < ' ')
            n += (size_t)snprintf(shown + n, 8, "<%d>", bytes[i]);
        else
            shown[n++] = bytes[i];
    shown[n] = '\0';
    return shown;
}

static void a_question_has_one_key(void **state)
{
    static const char *const same[] = {
        "{\"speaker\":\"venn\",\"limit\":10}",
        "{\"limit\":10,\"speaker\":\"venn\"}",
        " { \"limit\" : 10 , \"speaker\" : \"venn\" } ",
        "{\"speaker\":\"v\\u0065nn\",\"limit\":10}",
        "{\"speaker\":\"venn\",\"limit\":10,\"format\":\"json\"}",
        "{\"speaker\":\"venn\",\"limit\":10,\"deadline_ms\":50}",
        "{\"group\":\"hover\",\"speaker\":\"venn\",\"limit\":10}",
        "{\"speaker\":\"venn\",\"limit\":10,\"offset\":0,\"count\":false,\"explain\":false}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_string_equal(key("by", same[i]), key("by", same[0]));
    assert_string_equal(key("by", same[0]), "by<0><1>venn<0><3>10<0>");
}

static void other_questions_have_other_keys(void **state)
{
    static const char *const other[] = {
        "{\"speaker\":\"venn\",\"limit\":10}",
        "{\"speaker\":\"Venn\",\"limit\":10}",
        "{\"speaker\":\"venn\",\"limit\":11}",
        "{\"speaker\":\"venn\",\"count\":true}",
        "{\"speaker\":\"venn\",\"limit\":10,\"count\":true}",
        "{\"speaker\":\"venn\",\"limit\":10,\"format\":\"text\"}",
        "{\"speaker\":\"venn\",\"limit\":10,\"query\":\"\"}",
        "{\"speaker\":\"venn\",\"limit\":10,\"query\":\"bridge\"}",
        "{\"speaker\":\"venn bridge\",\"limit\":10}",
    };
    char first[4 * CACHE_KEY];

    (void)state;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        (void)snprintf(first, sizeof first, "%s", key("by", other[i]));
        assert_true(first[0]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(key("by", other[k]), first);
    }
}

static void what_is_not_kept_has_none(void **state)
{
    char big[2 * CACHE_KEY];

    (void)state;
    assert_string_equal(key("by", "{\"speaker\":\"venn\"}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":0}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"offset\":10}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"explain\":true}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"colour\":true}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"speaker\":\"venn\",\"limit\":10}"), "");
    assert_string_equal(key("by", "{\"speaker\":7,\"limit\":10}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"group\":7}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"deadline_ms\":\"soon\"}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"count\":1}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":4294967296}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"a\\u0000b\",\"limit\":10}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":010}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":4294967296}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"group\":5}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"group\":\"\\q\"}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"deadline_ms\":\"soon\"}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"venn\",\"limit\":10,\"format\":\"\\u006ason\"}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"\\ud800\",\"limit\":10}"), "");
    assert_string_equal(key("by", "{\"speaker\":\"v\xff\",\"limit\":10}"), "");
    assert_string_equal(key("by", "[]"), "");
    assert_string_equal(key("status", "{}"), "");
    assert_string_equal(key("add", "{\"paths\":[\"/a\"]}"), "");
    assert_string_equal(key("", ""), "");
    assert_string_equal(key("show", "{\"id\":\"dgn5ra8z8y7x\"}"), "show<0><1>dgn5ra8z8y7x<0>");
    (void)snprintf(big, sizeof big, "{\"id\":\"%0*d\"}", CACHE_KEY - 15, 0);
    assert_string_not_equal(key("show", big), "");
    (void)snprintf(big, sizeof big, "{\"id\":\"%0*d\"}", CACHE_KEY - 14, 0);
    assert_string_equal(key("show", big), "");
}

static void what_is_common_goes_to_each_unless_its_own_says_otherwise(void **state)
{
    static const struct {
        const char *own, *common, *same;
    } rows[] = {
        {"{\"speaker\":\"venn\"}", "{\"limit\":3}", "{\"speaker\":\"venn\",\"limit\":3}"},
        {"{\"speaker\":\"venn\",\"limit\":1}", "{\"limit\":3}", "{\"speaker\":\"venn\",\"limit\":1}"},
        {"{}", "{\"speaker\":\"venn\",\"limit\":3}", "{\"speaker\":\"venn\",\"limit\":3}"},
        {"{\"speaker\":\"venn\",\"limit\":3}", "", "{\"speaker\":\"venn\",\"limit\":3}"},
        {"{\"speaker\":\"venn\"}", "{}", "{\"speaker\":\"venn\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char got[CACHE_KEY], want[CACHE_KEY];
        struct given g = {.there = 0};
        size_t len = question_key(SPAN("by"), span_of(rows[i].same), want);

        assert_true(question_take(&request_rows[REQUEST_BY], span_of(rows[i].own), &g));
        assert_true(question_take(&request_rows[REQUEST_BY], span_of(rows[i].common), &g));
        assert_int_equal(question_key_of(&request_rows[REQUEST_BY], &g, got), len);
        assert_memory_equal(got, want, len);
    }
}

static void a_key_is_turned_back_into_its_question(void **state)
{
    static const struct {
        const char *method, *params, *back;
    } rows[] = {
        {"by", "{\"limit\":10,\"speaker\":\"v\\u0065nn\"}", "{\"speaker\":\"venn\",\"limit\":10}"},
        {"by",
         "{\"speaker\":\"\\\"é\\\\\\n\\u0001\",\"count\":true,\"color\":true,\"format\":\"text\",\"width\":"
         "80}",
         "{\"speaker\":\"\\\"é\\\\\\n\\u0001\",\"format\":\"text\",\"count\":true,\"color\":true,\"width\":"
         "80}"},
        {"speakers", "{\"speaker\":\"\",\"limit\":7,\"group\":\"g\"}", "{\"speaker\":\"\",\"limit\":7}"},
        {"show", "{\"id\":\"dgn5ra8z8y7x\",\"why\":true}", "{\"id\":\"dgn5ra8z8y7x\",\"why\":true}"},
        {"show", "", "{}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf params = BUF_INIT(8 * CACHE_KEY);
        char bytes[CACHE_KEY];
        size_t len = question_key(span_of(rows[i].method), span_of(rows[i].params), bytes);
        const struct request_row *row = question_of((struct span){bytes, len}, &params);

        assert_ptr_equal(row, request_find(rows[i].method, strlen(rows[i].method)));
        assert_int_equal(params.len, strlen(rows[i].back));
        assert_memory_equal(params.at, rows[i].back, params.len);
        buf_fini(&params);
    }
}

static void what_is_no_key_is_no_question(void **state)
{
    static const struct span rows[] = {
        SPAN_INIT(""),
        SPAN_INIT("by"),
        SPAN_INIT("nothing\0\1venn\0"),
        SPAN_INIT("status\0"),
        SPAN_INIT("by\0\1venn\0"),                 /* without a bound: never a key */
        SPAN_INIT("by\0\1venn\0\11010"),           /* cut short */
        SPAN_INIT("by\0\1venn\0\11010x\0"),        /* no number */
        SPAN_INIT("by\0\1venn\0\011010\0"),        /* digits with a zero before them */
        SPAN_INIT("by\0\01110\0\1venn\0"),         /* another order */
        SPAN_INIT("by\0\1venn\0\1venn\0\01110\0"), /* twice */
        SPAN_INIT("by\0\1v\xff\0\01110\0"),        /* no UTF-8 */
        SPAN_INIT("by\0\1venn\0\01110\0\77x\0"),   /* a parameter that there is not */
        SPAN_INIT("by\0\0\01110\0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf params = BUF_INIT(8 * CACHE_KEY);

        assert_null(question_of(rows[i], &params));
        buf_fini(&params);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_has_one_key),
        cmocka_unit_test(other_questions_have_other_keys),
        cmocka_unit_test(what_is_not_kept_has_none),
        cmocka_unit_test(what_is_common_goes_to_each_unless_its_own_says_otherwise),
        cmocka_unit_test(a_key_is_turned_back_into_its_question),
        cmocka_unit_test(what_is_no_key_is_no_question),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
