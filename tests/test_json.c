/* test_json.c -- one JSON object read field by field: what is accepted, what is refused, and that jansson agrees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/json_read.h"

#define BYTES(literal) SPAN_INIT(literal)

/* A line, and its fields as key:kind:value; REFUSED for what only a whole parser may judge. */
#define REFUSED NULL
static const struct {
    const char *title;
    struct span line;
    const char *fields;
} cases[] = {
    {"a record", BYTES("{\"id\":\"a\",\"text\":\"Ada\"}"), "id:s:a text:s:Ada "},
    {"white space wherever it may stand", BYTES(" \t{ \"id\" : 7 ,\r\n\"text\" : \"\" } \n"),
     "id:i:7 text:s: "},
    {"nothing in it", BYTES("{}"), ""},
    {"literals", BYTES("{\"a\":true,\"b\":false,\"c\":null}"), "a:l:true b:l:false c:l:null "},
    {"what is read over", BYTES("{\"a\":[],\"b\":{},\"c\":[1,{\"d\":[\"]\"]}],\"e\":-1.50,\"f\":0}"),
     "a:o:[] b:o:{} c:o:[1,{\"d\":[\"]\"]}] e:o:-1.50 f:i:0 "},
    {"the escapes", BYTES("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"), "a:s:\"\\/\b\f\n\r\t "},
    {"escapes by number", BYTES("{\"a\":\"x\\u0041\\u00e9\\u201C\\ud83d\\ude00y\"}"),
     "a:s:xA\u00e9\u201c\U0001F600y "},
    {"long plain runs", BYTES("{\"a\":\"0123456789abcdef\\n0123456789abcde\xC3\xA9\x7F\"}"),
     "a:s:0123456789abcdef\n0123456789abcde\u00e9\x7F "},
    {"a key twice", BYTES("{\"a\":1,\"a\":2}"), "a:i:1 a:i:2 "},
    {"the largest number of 18 digits", BYTES("{\"a\":-999999999999999999}"), "a:i:-999999999999999999 "},

    {"refused: nothing", BYTES(""), REFUSED},
    {"refused: an array", BYTES("[\"text\"]"), REFUSED},
    {"refused: no end", BYTES("{\"a\":1"), REFUSED},
    {"refused: no end of the string", BYTES("{\"a\":\"1"), REFUSED},
    {"refused: a backslash at the end", BYTES("{\"a\":\"\\"), REFUSED},
    {"refused: something after it", BYTES("{\"a\":1}x"), REFUSED},
    {"refused: two of them", BYTES("{\"a\":1}{}"), REFUSED},
    {"refused: no comma", BYTES("{\"a\":1 \"b\":2}"), REFUSED},
    {"refused: a comma too many", BYTES("{\"a\":1,}"), REFUSED},
    {"refused: a comma first", BYTES("{,\"a\":1}"), REFUSED},
    {"refused: no colon", BYTES("{\"a\" 1}"), REFUSED},
    {"refused: no value", BYTES("{\"a\":}"), REFUSED},
    {"refused: a key without marks", BYTES("{a:1}"), REFUSED},
    {"refused: a key with an escape", BYTES("{\"\\u0061\":1}"), REFUSED},
    {"refused: a control character", BYTES("{\"a\":\"1\n2\"}"), REFUSED},
    {"refused: a NUL", BYTES("{\"a\":\"1\0002\"}"), REFUSED},
    {"refused: an escaped NUL", BYTES("{\"a\":\"\\u0000\"}"), REFUSED},
    {"refused: an unknown escape", BYTES("{\"a\":\"\\x41\"}"), REFUSED},
    {"refused: a short escape", BYTES("{\"a\":\"\\u041\"}"), REFUSED},
    {"refused: half a pair", BYTES("{\"a\":\"\\ud83d\"}"), REFUSED},
    {"refused: half a pair and a letter", BYTES("{\"a\":\"\\ud83d\\u0041\"}"), REFUSED},
    {"refused: the other half", BYTES("{\"a\":\"\\ude00\"}"), REFUSED},
    {"refused: a broken character", BYTES("{\"a\":\"\xE2\x80\"}"), REFUSED},
    {"refused: an overlong one", BYTES("{\"a\":\"\xC0\x80\"}"), REFUSED},
    {"refused: a surrogate in bytes", BYTES("{\"a\":\"\xED\xA0\x80\"}"), REFUSED},
    {"refused: a number that begins with 0", BYTES("{\"a\":01}"), REFUSED},
    {"refused: minus alone", BYTES("{\"a\":-}"), REFUSED},
    {"refused: minus nought, which is written 0", BYTES("{\"a\":-0}"), REFUSED},
    {"refused: a point at the end", BYTES("{\"a\":1.}"), REFUSED},
    {"refused: an exponent", BYTES("{\"a\":1e3}"), REFUSED},
    {"refused: 19 digits", BYTES("{\"a\":1000000000000000000}"), REFUSED},
    {"refused: a literal in capitals", BYTES("{\"a\":True}"), REFUSED},
    {"refused: brackets that do not meet", BYTES("{\"a\":[1}}"), REFUSED},
};

static const char *read_all(struct arena *mem, struct span line)
{
    static const char kinds[] = {
        [FIELD_STRING] = 's', [FIELD_INTEGER] = 'i', [FIELD_LITERAL] = 'l', [FIELD_OTHER] = 'o'};
    struct buf b = BUF_INIT(64 * KiB);
    struct json_reader r;
    struct json_field field;
    char *all;
    int rc;

    json_open(&r, line);
    while ((rc = json_next(&r, &field)) == 1) {
        buf_span(&b, field.key);
        buf_printf(&b, ":%c:", kinds[field.kind]);
        buf_span(&b, field.kind == FIELD_STRING ? json_decode(mem, field.raw) : field.raw);
        buf_char(&b, ' ');
    }
    buf_char(&b, '\0');
    all = rc == 0 ? arena_str(mem, b.at) : REFUSED;
    buf_fini(&b);
    return all;
}

static void records_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena mem = ARENA_INIT;
        const char *fields = read_all(&mem, cases[i].line);

        if (!fields != !cases[i].fields || (fields && strcmp(fields, cases[i].fields)))
            fail_msg("%s: %s", cases[i].title, fields ? fields : "refused");
        arena_free(&mem);
    }
}

static void what_is_accepted_jansson_accepts(void **state)
{
    unsigned both = 0, only_jansson = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *object = json_loadb(cases[i].line.at, cases[i].line.len, 0, NULL);

        if (cases[i].fields && !json_is_object(object))
            fail_msg("%s: jansson refuses it", cases[i].title);
        both += cases[i].fields && object;
        only_jansson += !cases[i].fields && json_is_object(object);
        json_decref(object);
    }
    assert_int_equal(both, 10);
    assert_int_equal(only_jansson, 4); /* the key with an escape, -0, 1e3, 19 digits */
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth < 100; depth++) {
        struct arena mem = ARENA_INIT;
        struct buf b = BUF_INIT(KiB);

        buf_str(&b, "{\"a\":");
        for (unsigned i = 0; i < depth; i++)
            buf_char(&b, '[');
        for (unsigned i = 0; i < depth; i++)
            buf_char(&b, ']');
        buf_char(&b, '}');
        assert_int_equal(read_all(&mem, buf_view(&b)) != REFUSED, depth < 32);
        buf_fini(&b);
        arena_free(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_or_refused),
        cmocka_unit_test(what_is_accepted_jansson_accepts),
        cmocka_unit_test(nesting_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
