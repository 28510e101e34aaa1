/* test_base.c -- buffers with a maximum, arenas, UTF-8, JSON, numbers out of untrusted bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/eight.h"
#include "base/err.h"
#include "base/json.h"
#include "base/take.h"
#include "base/utf8.h"

static void a_buf_stops_at_its_maximum_and_says_so(void **state)
{
    struct buf b = BUF_INIT(10);

    (void)state;
    buf_str(&b, "12345");
    buf_str(&b, "678901");
    assert_int_equal(buf_err(&b), ERR_TOOBIG);
    assert_int_equal(b.len, 5);
    buf_char(&b, 'x');
    assert_int_equal(b.len, 5);
    buf_clear(&b);
    buf_str(&b, "1234567890");
    assert_int_equal(buf_err(&b), 0);
    buf_fini(&b);
}

static void an_arena_has_a_maximum_and_gives_aligned_zeroes(void **state)
{
    struct arena a = {.max = 64 * KiB};
    char *p = arena_alloc(&a, 3), *q = arena_alloc(&a, 1);

    (void)state;
    assert_int_equal((uintptr_t)q % _Alignof(max_align_t), 0);
    assert_int_equal(p[0] | p[1] | p[2], 0);
    assert_null(arena_alloc(&a, 64 * KiB));
    assert_int_equal(arena_err(&a), ERR_TOOBIG);
    arena_free(&a);
    assert_non_null(arena_array(&a, 10, 100));
    assert_null(arena_array(&a, SIZE_MAX / 2, 16));
    arena_free(&a);
}

static void eight_bytes_say_what_each_of_them_says(void **state)
{
    char bytes[9] = "a'Zz0 9@";

    (void)state;
    for (unsigned c = 0; c < 256 * 8; c++) {
        unsigned char b;
        uint64_t v;

        bytes[c % 8] = (char)(c / 8);
        v = eight_at(bytes);
        for (unsigned i = 0; i < 8; i++) {
            uint64_t yes = UINT64_C(0x80) << 8 * i;

            b = (unsigned char)bytes[i];
            assert_int_equal((eight_high(v) & yes) != 0, b >= 0x80);
            assert_int_equal((eight_from(v, 0x20) & yes) != 0, b >= 0x20);
            assert_int_equal((eight_is(v, '\'') & yes) != 0, b == '\'');
            assert_int_equal((eight_within(v, '0', '9') & yes) != 0, b >= '0' && b <= '9');
            assert_int_equal(eight_until(bytes, bytes + i), eight_first(v, i));
        }
        eight_put(bytes, v);
        assert_int_equal(eight_at(bytes), v);
    }
    assert_int_equal(eight_run(0x0080008080808080), 5);
    assert_int_equal(eight_run(EIGHT(0x80)), 8);
}

static void characters_and_lines_are_counted(void **state)
{
    static const char text[] = "a\nGröße “\n\n𝒜 and more than eight bytes, ü\n";

    (void)state;
    for (size_t len = 0, characters = 0, lines = 0; len < sizeof text - 1;) {
        uint32_t cp;

        len += utf8_next(text + len, text + sizeof text - 1, &cp);
        lines += cp == '\n';
        assert_int_equal(utf8_count((struct span){text, len}), ++characters);
        assert_int_equal(utf8_lines((struct span){text, len}), lines);
    }
}

static void numbers_come_back_as_they_were_put(void **state)
{
    static const uint64_t numbers[] = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX};
    struct buf b = BUF_INIT(KiB);
    struct take t;

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buf_varint(&b, numbers[i]);
        buf_be64(&b, numbers[i]);
        buf_le64(&b, numbers[i]);
    }
    t = take_open(b.at, b.len);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_true(take_varint(&t) == numbers[i]);
        assert_true(take_be(&t, 8) == numbers[i]);
        assert_true(take_le(&t, 8) == numbers[i]);
    }
    assert_false(t.bad);
    assert_int_equal(take_left(&t), 0);
    (void)take_varint(&t);
    assert_true(t.bad);
    buf_fini(&b);
}

static void a_number_that_never_ends_is_bad(void **state)
{
    struct take t = take_open("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12);

    (void)state;
    assert_int_equal(take_varint(&t), 0);
    assert_true(t.bad);
}

/* clang-format off */
static const struct { const char *fact, *bytes; bool valid; } forms[] = {
    { "plain ASCII",          "abc",              true  },
    { "two to four bytes",    "é€😀",             true  },
    { "an overlong slash",    "\xC0\xAF",         false },
    { "an overlong euro",     "\xF0\x82\x82\xAC", false },
    { "a surrogate",          "\xED\xA0\x80",     false },
    { "past the last plane",  "\xF4\x90\x80\x80", false },
    { "a lone continuation",  "\x80",             false },
    { "a cut character",      "\xE2\x82",         false },
};
/* clang-format on */

static void only_well_formed_utf8_is_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (utf8_valid(span_of(forms[i].bytes), NULL) != forms[i].valid)
            fail_msg("%s", forms[i].fact);
}

static void every_character_is_read_forwards_and_backwards(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        char text[4];
        uint32_t got = 0, back = 0;
        size_t len;

        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        len = utf8_put(text, cp);
        assert_int_equal(utf8_next(text, text + len, &got), len);
        assert_int_equal(utf8_prev(text, text + len, &back), len);
        assert_true(got == cp && back == cp);
    }
}

static void json_text_is_escaped(void **state)
{
    struct buf b = BUF_INIT(KiB);

    (void)state;
    buf_char(&b, '{');
    json_put_text(&b, "a", SPAN("x\"\\\n\t\x1b\x7f"));
    json_put_int(&b, "b", -5);
    json_put_bool(&b, "c", true);
    json_put_null(&b, "d");
    json_put_text(&b, "e", SPAN("\xFFé"));
    buf_char(&b, '}');
    buf_char(&b, '\0');
    assert_string_equal(
        b.at,
        "{\"a\":\"x\\\"\\\\\\n\\t\\u001b\\u007f\",\"b\":-5,\"c\":true,\"d\":null,\"e\":\"\xEF\xBF\xBDé\"}");
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buf_stops_at_its_maximum_and_says_so),
        cmocka_unit_test(an_arena_has_a_maximum_and_gives_aligned_zeroes),
        cmocka_unit_test(eight_bytes_say_what_each_of_them_says),
        cmocka_unit_test(characters_and_lines_are_counted),
        cmocka_unit_test(numbers_come_back_as_they_were_put),
        cmocka_unit_test(a_number_that_never_ends_is_bad),
        cmocka_unit_test(only_well_formed_utf8_is_valid),
        cmocka_unit_test(every_character_is_read_forwards_and_backwards),
        cmocka_unit_test(json_text_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
