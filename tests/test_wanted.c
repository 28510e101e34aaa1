/* test_wanted.c -- the file of what was wanted (daemon/wanted.h): read as it was written, and not at all when it was damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/wanted.h"
#include "wire/cache.h"

static const struct wanted some[] = {
    {SPAN_INIT("by\0\1venn\0\01110\0"), 4}, {SPAN_INIT("show\0\1dgn5ra8z8y7x\0"), 2}, {SPAN_INIT("x"), 1}};

enum { SOME = sizeof some / sizeof *some };

static void write_some(struct buf *file)
{
    struct buf rows = BUF_INIT(WANTED_FILE);

    for (unsigned i = 0; i < SOME; i++)
        wanted_row(&rows, &some[i]);
    wanted_file(file, buf_view(&rows), SOME);
    buf_fini(&rows);
}

/* Is it read as what write_some wrote? */
static bool is_read(struct span file)
{
    struct span rows;
    struct wanted w;
    unsigned count = 0;

    if (!wanted_rows(file, &rows))
        return false;
    for (; wanted_next(&rows, &w); count++)
        if (count == SOME || w.asked != some[count].asked || !span_eq(w.key, some[count].key))
            return false;
    return count == SOME;
}

static void it_is_read_as_it_was_written(void **state)
{
    struct buf file = BUF_INIT(WANTED_FILE);

    (void)state;
    write_some(&file);
    assert_true(is_read(buf_view(&file)));
    buf_fini(&file);
}

static void each_changed_bit_and_each_cut_is_noticed(void **state)
{
    struct buf file = BUF_INIT(WANTED_FILE);

    (void)state;
    write_some(&file);
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        file.at[bit / 8] = (char)(file.at[bit / 8] ^ 1 << bit % 8);
        assert_false(is_read(buf_view(&file)));
        file.at[bit / 8] = (char)(file.at[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t len = 0; len < file.len; len++)
        assert_false(is_read(span_cut(buf_view(&file), 0, len)));
    buf_char(&file, '\0');
    assert_false(is_read(buf_view(&file)));
    buf_fini(&file);
}

/* One whose check is right, and yet was not written by us. */
static void what_cannot_have_been_written_is_refused(void **state)
{
    static char long_key[CACHE_KEY + 1];
    const struct {
        struct wanted row;
        unsigned rows, said;
        bool good;
    } odd[] = {
        {{SPAN("k"), 1}, 1, 1, true},
        {{{long_key, CACHE_KEY}, WANTED_ASKED}, 1, 1, true},
        {{SPAN("k"), 1}, WANTED_KEYS, WANTED_KEYS, true},
        {{SPAN("k"), 1}, WANTED_KEYS + 1, WANTED_KEYS + 1, false},
        {{SPAN("k"), 1}, 2, 1, false},
        {{SPAN("k"), 1}, 1, 2, false},
        {{SPAN("k"), 0}, 1, 1, false},
        {{SPAN("k"), WANTED_ASKED + 1}, 1, 1, false},
        {{SPAN(""), 1}, 1, 1, false},
        {{{long_key, CACHE_KEY + 1}, 1}, 1, 1, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        struct buf rows = BUF_INIT(WANTED_FILE), file = BUF_INIT(WANTED_FILE);
        struct span got;

        for (unsigned n = 0; n < odd[i].rows; n++)
            wanted_row(&rows, &odd[i].row);
        wanted_file(&file, buf_view(&rows), odd[i].said);
        assert_int_equal(wanted_rows(buf_view(&file), &got), odd[i].good);
        buf_fini(&rows);
        buf_fini(&file);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(each_changed_bit_and_each_cut_is_noticed),
        cmocka_unit_test(what_cannot_have_been_written_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
