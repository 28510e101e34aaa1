/* test_post.c -- posting lists: what goes in comes out, and no bytes make the reader stumble. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "index/pack.h"
#include "index/post_write.h"
#include "index/segment.h"
#include "index/terms.h"
#include "index/union.h"

/* A small generator of our own, so that every run sees the same numbers. */
static uint32_t random_state = 1;
static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 8) % n;
}

/* ---- blocks ------------------------------------------------------------------------------------------ */

static void a_block_comes_back_as_it_was(void **state)
{
    struct buf block = BUF_INIT(1 * MiB), where = BUF_INIT(1 * MiB);

    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        uint32_t numbers[POST_BLOCK], counts[POST_BLOCK], extras[POST_BLOCK], got[POST_BLOCK],
            weights[POST_BLOCK], positions[40], before = random_below(1000);
        uint32_t count = 1 + random_below(POST_BLOCK), at = before, gap = 1u << random_below(24), total = 0;
        struct pack p;
        struct take t;
        buf_clear(&block);
        buf_clear(&where);
        for (uint32_t i = 0; i < count; i++) {
            at += 1 + random_below(gap);
            numbers[i] = at;
            counts[i] = 1 + random_below(round % 7 ? 3 : 40);
            extras[i] = round % 3 ? 0 : random_below(round % 5 ? 3 : 300);
            for (uint32_t n = 0, pos = 0; n < counts[i]; n++, pos += 1 + random_below(500))
                positions[n] = pos;
            pack_put_positions(&where, positions, counts[i]);
            total += counts[i];
        }
        (void)pack_put(&block, before, numbers, counts, extras, count, 7, buf_view(&where));
        t = take_open(block.at, block.len);
        assert_int_equal(pack_take(&t, before, &p), 1);
        assert_int_equal(take_left(&t), 0);
        assert_int_equal(p.last, at);
        assert_int_equal(p.aside, where.len > PACK_INLINE);
        assert_int_equal(pack_numbers(&p, before, got), 1);
        assert_memory_equal(got, numbers, count * sizeof *got);
        pack_counts(&p, got);
        assert_memory_equal(got, counts, count * sizeof *got);
        pack_weights(&p, counts, weights);
        for (uint32_t i = 0; i < count; i++)
            assert_int_equal(weights[i], counts[i] + extras[i]);
        t = take_open(where.at, where.len);
        assert_true(pack_skip(&t, total));
        assert_int_equal(take_left(&t), 0);
    }
    buf_fini(&block);
    buf_fini(&where);
}

static void damage_is_an_error_and_not_a_crash(void **state)
{
    /* The tail of an entry: df * 4 + often * 2 + far, [cf - df]; then for one number: number * 4 + weighted * 2 + aside, [extra],
     * positions; else a block: count, last, widths, positions * 8 + ranked * 4 + weighted * 2 + aside, [extra], [impact]. */
    static const struct {
        const char *title;
        const char *bytes;
        size_t len;
        int expect; /* of reading the entry, or of walking */
    } cases[] = {
#define BYTES(s) s, sizeof(s) - 1
        {"one document, one position", BYTES("\x04\x0c\x05"), 0},
        {"one document, with an extra of 2", BYTES("\x04\x0e\x02\x05"), 0},
        {"nothing at all", BYTES(""), ERR_CORRUPT},
        {"a list of no documents", BYTES("\x00\x0c\x05"), ERR_CORRUPT},
        {"a list that would stand elsewhere", BYTES("\x05"), ERR_CORRUPT},
        {"a list that stands here and elsewhere", BYTES("\x05\x0c\x05"), ERR_CORRUPT},
        {"a list that stands nowhere", BYTES("\x04"), ERR_CORRUPT},
        {"a document of number nought", BYTES("\x04\x00\x05"), ERR_CORRUPT},
        {"a document beyond the segment", BYTES("\x04\xfc\x03\x05"), ERR_CORRUPT},
        {"fewer positions than counted", BYTES("\x06\x01\x0c\x05"), ERR_CORRUPT},
        {"more positions than counted", BYTES("\x04\x0c\x05\x05"), 0},
        {"positions that end in the middle", BYTES("\x04\x0c\x85"), ERR_CORRUPT},
        {"positions said to stand aside, where nothing is", BYTES("\x04\x0d\x01"), ERR_CORRUPT},
        {"positions said to stand aside, and here", BYTES("\x04\x0d\x01\x05"), ERR_CORRUPT},
        {"a block of none", BYTES("\x08\x00\x03\x00\x00\x08\x05"), ERR_CORRUPT},
        {"a block of 129", BYTES("\x08\x81\x01\x03\x00\x00\x08\x05"), ERR_CORRUPT},
        {"widths past 32 bits", BYTES("\x08\x02\x03\x21\x00\x10\x01\x01"), ERR_CORRUPT},
        {"two documents", BYTES("\x08\x02\x02\x00\x00\x10\x05\x05"), 0},
        {"two documents with an impact", BYTES("\x08\x02\x02\x00\x00\x14\x00\x40\x05\x05"), 0},
        {"more positions to pass by than there are bytes",
         BYTES("\x08\x02\x02\x00\x20\x10\xff\xff\xff\x7f\x00\x00\x00\x00\x05\x05"), ERR_CORRUPT},
        {"half an impact", BYTES("\x08\x02\x02\x00\x00\x04\x40"), ERR_CORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena mem = ARENA_INIT;
        struct post p;
        const uint32_t *positions;
        struct term_entry e;
        int rc = entry_read((struct span){cases[i].bytes, cases[i].len}, &e);
        rc = rc < 0 ? rc : post_open_bytes(&p, &mem, &e, 0, 100);
        while (rc == 1 && (rc = post_next(&p)) == 1)
            rc = post_positions(&p, &positions) < 0 ? ERR_CORRUPT : 1;
        if (rc != cases[i].expect)
            fail_msg("%s: %d", cases[i].title, rc);
        arena_free(&mem);
    }
}

/* ---- the dictionary ---------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
    return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Terms of few letters, so that they share beginnings, some of them long ones: rising, each once. */
static uint32_t some_terms(struct arena *mem, struct span *out, uint32_t count)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        size_t len = 1 + random_below(i % 9 ? 12 : LIMIT_TERM);
        char *at = arena_alloc(mem, len);

        for (size_t n = 0; n < len; n++)
            at[n] = (char)(n + 8 < len ? 'a' : 'a' + random_below(3));
        out[i] = (struct span){at, len};
    }
    qsort(out, count, sizeof *out, by_bytes);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || !span_eq(out[i], out[i - 1]))
            out[kept++] = out[i];
    return kept;
}

static void a_record_gives_its_terms_and_each_can_be_found(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        struct arena mem = ARENA_INIT;
        struct buf record = BUF_INIT(1 * MiB);
        struct span all[60], text = SPAN("abcdefghij");
        uint32_t count = some_terms(&mem, all, 1 + random_below(60));
        struct term_entry e;
        struct entry_reader r;

        for (uint32_t i = 0; i < count; i += 2) { /* every other one is in it */
            e = (struct term_entry){1 + i, 1 + i + i % 3 * 100, i % 5 == 0,
                                    span_cut(text, 0, i % 5 ? 1 + i % 9 : 0)};
            entry_put(&record, i ? all[i - 2] : SPAN(""), all[i], &e);
        }
        entry_open(&r, buf_view(&record));
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(entry_find(buf_view(&record), all[i], &e), i % 2 == 0);
            if (i % 2)
                continue;
            assert_int_equal(entry_next(&r), 1);
            assert_true(span_eq(entry_term(&r), all[i]));
            assert_int_equal(e.df, 1 + i);
            assert_int_equal(e.cf, 1 + i + i % 3 * 100);
            assert_int_equal(e.far, i % 5 == 0);
            assert_true(span_starts(text, e.list));
            assert_int_equal(e.list.len, i % 5 ? 1 + i % 9 : 0);
        }
        assert_int_equal(entry_next(&r), 0);
        buf_fini(&record);
        arena_free(&mem);
    }
}

static void a_damaged_record_is_an_error_and_not_a_crash(void **state)
{
    /* Entries: shared * 16 + rest, tail, the rest, df * 4, a list of one. */
    static const struct {
        const char *title;
        const char *bytes;
        size_t len;
        int terms; /* or an error */
    } cases[] = {
        {"two terms",
         BYTES("\x02\x03"
               "ab\x04\x0c\x05"
               "\x11\x03"
               "c\x04\x0c\x05"),
         2},
        {"nothing at all", BYTES(""), 0},
        {"the same term twice",
         BYTES("\x01\x03"
               "a\x04\x0c\x05"
               "\x10\x03\x04\x0c\x05"),
         ERR_CORRUPT},
        {"a term that begins the one before it",
         BYTES("\x02\x03"
               "ab\x04\x0c\x05"
               "\x01\x03"
               "a\x04\x0c\x05"),
         ERR_CORRUPT},
        {"a term that comes too late",
         BYTES("\x01\x03"
               "b\x04\x0c\x05"
               "\x01\x03"
               "a\x04\x0c\x05"),
         ERR_CORRUPT},
        {"more shared than there is",
         BYTES("\x21\x03"
               "a\x04\x0c\x05"),
         ERR_CORRUPT},
        {"an empty term", BYTES("\x00\x03\x04\x0c\x05"), ERR_CORRUPT},
        {"a term of 402 bytes",
         BYTES("\x0f\x83\x03\x03"
               "a\x04\x0c\x05"),
         ERR_CORRUPT},
        {"a tail past the end",
         BYTES("\x01\x04"
               "a\x04\x0c\x05"),
         ERR_CORRUPT},
        {"half an entry", BYTES("\x01"), ERR_CORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct entry_reader r;
        int terms = 0, rc;

        entry_open(&r, (struct span){cases[i].bytes, cases[i].len});
        while ((rc = entry_next(&r)) == 1)
            terms++;
        if ((rc < 0 ? rc : terms) != cases[i].terms)
            fail_msg("%s: %d", cases[i].title, rc < 0 ? rc : terms);
    }
}

/* ---- lists in a store -------------------------------------------------------------------------------- */

enum { DOCS = 5000, TERMS = 7 };

/* How often term t stands in document d: common, rare, in one document very often, never. */
static uint32_t times(uint32_t t, uint32_t d)
{
    switch (t) {
    case 0:
        return 1 + d % 5; /* everywhere */
    case 1:
        return d % 7 == 0;
    case 2:
        return d % 999 == 3;
    case 3:
        return d == 2500 ? 300000 : d % 50 == 1; /* a book among notes */
    case 4:
        return d % 3 ? 0 : 40; /* positions of every block stand aside */
    case 5:
        return d == 17;
    default:
        return d == 19 ? 300 : 0; /* one document, and more of a list than an entry takes */
    }
}

static uint32_t position(uint32_t t, uint32_t d, uint32_t n)
{
    return n * (1 + (t + d) % 300) + d % 11;
}

static const char *const terms[TERMS] = {"the", "often", "seldom", "book", "aside", "once", "row"};

static void fill(struct index *ix)
{
    struct write w = {0};
    struct batch *b = batch_new();
    struct bag *bag = bag_new();

    assert_int_equal(write_begin(ix, &w), 0);
    for (uint32_t d = 1; d <= DOCS; d++) {
        struct arena mem = ARENA_INIT;
        struct bag_unit unit;
        bag_begin(bag, FIELD_TEXT, 0);
        for (uint32_t t = 0; t < TERMS; t++)
            for (uint32_t n = 0; n < times(t, d); n++)
                assert_int_equal(bag_word(bag, span_of(terms[t]), position(t, d, n)), 0);
        assert_int_equal(bag_end(bag, &mem, &unit), 0);
        assert_int_equal(batch_unit(b, &unit, d), 0);
        arena_free(&mem);
        assert_int_equal(batch_doc(b, d, d, d, 100 + d % 50), 0);
    }
    w.totals.next_doc = DOCS + 1;
    assert_int_equal(batch_write(b, &w), 0);
    assert_int_equal(write_commit(&w), 0);
    batch_free(b);
    bag_free(bag);
}

static void same_positions(struct post *p, uint32_t t)
{
    const uint32_t *positions;

    assert_int_equal(post_positions(p, &positions), times(t, p->doc));
    assert_int_equal(post_count(p), times(t, p->doc));
    assert_int_equal(post_weight(p), times(t, p->doc));
    for (uint32_t n = 0; n < times(t, p->doc); n++)
        if (positions[n] != position(t, p->doc, n))
            fail_msg("%s in %u: position %u", terms[t], p->doc, n);
}

static void walk_whole(struct index_view *v, const struct segment *s, uint32_t t)
{
    struct arena mem = ARENA_INIT;
    uint32_t seen = 0;
    struct post p;

    assert_int_equal(post_open(&p, &mem, v, s, FIELD_TEXT, span_of(terms[t])), 1);
    for (uint32_t d = 1; d <= DOCS; d++) {
        if (!times(t, d))
            continue;
        assert_int_equal(post_next(&p), 1);
        assert_int_equal(p.doc, d);
        seen++;
        same_positions(&p, t);
    }
    assert_int_equal(post_next(&p), 0);
    assert_int_equal(post_next(&p), 0);
    assert_int_equal(p.df, seen);
    arena_free(&mem);
}

static void seek_about(struct index_view *v, const struct segment *s, uint32_t t, uint32_t stride)
{
    struct arena mem = ARENA_INIT;
    struct post p;
    int rc = post_open(&p, &mem, v, s, FIELD_TEXT, span_of(terms[t]));

    for (uint32_t d = 1; rc == 1 && d <= DOCS; d += 1 + random_below(stride)) {
        uint32_t want = d > p.doc ? d : p.doc;
        while (want <= DOCS && !times(t, want))
            want++;
        rc = post_seek(&p, d);
        assert_int_equal(rc, want <= DOCS);
        if (rc == 1) {
            assert_int_equal(p.doc, want);
            if (random_below(3) == 0)
                same_positions(&p, t);
        }
    }
    arena_free(&mem);
}

/* Put together with others, as for a word with a star, a list gives the same numbers and weights. */
static void put_together(struct index_view *v, const struct segment *s, uint32_t t)
{
    struct arena mem = ARENA_INIT;
    struct list_union u;
    struct term_entry e;

    assert_int_equal(union_init(&u, &mem, s, FIELD_TEXT), 0);
    assert_int_equal(term_find(v, s->id, FIELD_TEXT, span_of(terms[t]), &e), 1);
    assert_int_equal(union_add(&u, &mem, v, s, FIELD_TEXT, span_of(terms[t]), &e), 0);
    union_close(&u);
    assert_int_equal(u.count, e.df);
    for (uint32_t d = 1; d <= DOCS; d++)
        assert_int_equal(union_weight(&u, d), times(t, d) < UINT16_MAX ? times(t, d) : UINT16_MAX);
    arena_free(&mem);
}

static void lists_come_back_from_the_store(void **state)
{
    char dir[] = "/tmp/test_post.XXXXXX", command[64];
    struct arena mem = ARENA_INIT;
    const struct segment *s;
    struct index *ix;
    struct index_view *v;
    struct post p;
    MDB_stat stat;
    uint32_t count;

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(index_open(dir, &ix, NULL), 0);
    fill(ix);
    assert_int_equal(index_view_open(ix, &v), 0);
    s = view_segments(v, &count);
    assert_int_equal(count, 1);
    for (uint32_t t = 0; t < TERMS; t++) {
        walk_whole(v, s, t);
        put_together(v, s, t);
        for (uint32_t stride = 1; stride < 3000; stride *= 4)
            seek_about(v, s, t, stride);
    }
    assert_int_equal(post_open(&p, &mem, v, s, FIELD_TEXT, SPAN("never")), 0);
    assert_int_equal(post_open(&p, &mem, v, s, FIELD_QUOTE, SPAN("the")), 0);
    for (enum table t = T_PARTS; t <= T_POS; t++) { /* every value stays inside a page */
        assert_int_equal(mdb_stat(v->txn, view_table(v, t), &stat), 0);
        assert_int_equal(stat.ms_overflow_pages, 0);
    }
    index_view_close(&v);
    index_close(ix);
    arena_free(&mem);
    (void)snprintf(command, sizeof command, "rm -rf %s", dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_comes_back_as_it_was),
        cmocka_unit_test(damage_is_an_error_and_not_a_crash),
        cmocka_unit_test(a_record_gives_its_terms_and_each_can_be_found),
        cmocka_unit_test(a_damaged_record_is_an_error_and_not_a_crash),
        cmocka_unit_test(lists_come_back_from_the_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
