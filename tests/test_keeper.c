/* test_keeper.c -- which answers are given again: those of the index that is there, and of no other. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/call.h"
#include "daemon/keeper.h"
#include "wire/question.h"

enum { GENERATION = 7 };

static const char frame[] = "{\"id\":5,\"method\":\"by\",\"params\":{\"speaker\":\"venn\",\"limit\":3}}";
static const char line[] = "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"found\":1,\"shown\":1,\"people\":0,"
                           "\"format\":\"json\",\"answer\":{}}}\n";

/* The question as a session takes it in. */
static struct call *asked(struct keeper *k)
{
    char words[200];
    json_t *message = call_read(span_of(frame), words);
    struct call *c = call_new(message, "/tmp");

    json_decref(message);
    assert_int_equal(call_check(c), 0);
    keeper_note(k, c, span_of(frame));
    assert_non_null(c->key);
    return c;
}

/* The index has answered; the session passes it on. */
static void answered(struct keeper *k, struct call *c)
{
    assert_int_equal(answer_put(&c->answer, SPAN("{}")), 0);
    assert_int_equal(answer_end(&c->answer), 0);
    c->result = (struct ask_result){.found = 1, .shown = 1};
    c->generation = GENERATION;
    c->kind = CALL_ANSWER;
    c->settled = true;
    keeper_keep(k, c);
    call_free(c);
}

static bool gives(struct keeper *k)
{
    struct buf out = BUF_INIT(4096);
    bool given = keeper_answers(k, span_of(frame), &out);

    if (given)
        assert_true(span_eq(buf_view(&out), span_of(line)));
    buf_fini(&out);
    return given;
}

static void an_answer_is_given_again(void **state)
{
    struct keeper k;

    (void)state;
    keeper_start(&k, CACHED_LEAST, GENERATION);
    assert_false(gives(&k));
    answered(&k, asked(&k));
    assert_true(gives(&k));
    keeper_told(&k, GENERATION + 1, UINT64_MAX);
    assert_false(gives(&k));
    keeper_stop(&k);
    assert_false(gives(&k));
}

/* A damaged index was set aside while a question was under way. The new one counts its commits anew, and may have come to the
 * number that the old one had. */
static void an_answer_of_the_index_before_is_not_kept(void **state)
{
    struct keeper k;
    struct call *c;

    (void)state;
    keeper_start(&k, CACHED_LEAST, GENERATION);
    c = asked(&k);
    keeper_renew(&k, GENERATION);
    answered(&k, c);
    assert_false(gives(&k));
    answered(&k, asked(&k));
    assert_true(gives(&k));
    keeper_stop(&k);
}

static void nothing_is_kept_in_no_bytes(void **state)
{
    uint8_t instance[CACHE_INSTANCE];
    struct keeper k;
    uint64_t size;

    (void)state;
    keeper_start(&k, 0, GENERATION);
    answered(&k, asked(&k));
    assert_false(gives(&k));
    assert_int_equal(keeper_fd(&k, instance, &size), -1);
    keeper_stop(&k);
}

/* ---- threads ------------------------------------------------------------------------------------------- */

enum { ROUNDS = 200 };

static atomic_bool enough;
static atomic_ulong hits;

/* A program of its own that asks, as libquotes would: attaches, looks, and attaches anew when the segment is retired. */
static void *look_on(void *ctx)
{
    struct keeper *k = ctx;
    struct cache r = {.at = NULL};
    char key[CACHE_KEY], out[256];
    size_t len = question_key(SPAN("by"), SPAN("{\"speaker\":\"venn\",\"limit\":3}"), key);

    while (!enough) {
        uint8_t instance[CACHE_INSTANCE];
        uint64_t size;
        int fd;

        if (!cache_alive(&r) && (fd = keeper_fd(k, instance, &size)) >= 0) {
            cache_unmap(&r);
            (void)cache_map(&r, fd, instance);
            close(fd);
        }
        hits += cache_get(&r, (struct span){key, len}, out, sizeof out) > 0;
    }
    cache_unmap(&r);
    return NULL;
}

static void *sweep_on(void *ctx)
{
    while (!enough)
        keeper_sweep(ctx);
    return NULL;
}

/* Readers, commits, sweeps and segments that take each other's place, all at once: for the sanitizers. */
static void all_of_it_at_once(void **state)
{
    pthread_t readers[3], sweeper;
    struct keeper k;

    (void)state;
    enough = false;
    hits = 0;
    keeper_start(&k, CACHED_LEAST, GENERATION);
    for (unsigned i = 0; i < 3; i++)
        pthread_create(&readers[i], NULL, look_on, &k);
    pthread_create(&sweeper, NULL, sweep_on, &k);
    for (unsigned i = 0; i < ROUNDS || hits < ROUNDS; i++) {
        keeper_told(&k, GENERATION, i % 2 ? 0 : UINT64_MAX);
        answered(&k, asked(&k));
        (void)gives(&k);
        sched_yield();
        if (i % 16 == 0)
            keeper_renew(&k, GENERATION);
    }
    enough = true;
    for (unsigned i = 0; i < 3; i++)
        pthread_join(readers[i], NULL);
    pthread_join(sweeper, NULL);
    keeper_stop(&k);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_given_again),
        cmocka_unit_test(an_answer_of_the_index_before_is_not_kept),
        cmocka_unit_test(nothing_is_kept_in_no_bytes),
        cmocka_unit_test(all_of_it_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
