/* test_library.c -- libquotes beside a daemon that says what the test wants: what it sends, in which order it gives what comes,
 * and that it never waits where it promises not to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "client/quotes.h"
#include "wire/frame.h"
#include "daemon/cached.h"
#include "wire/kept.h"
#include "wire/question.h"

/* ---- the other end: a socket that the test itself reads and writes ------------------------------------ */

static char folder[64], path[100];
static int listener, peer = -1;
static struct quotes *q;

static int setup(void **state)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};

    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/quoted-library-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/sock", folder);
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listener, 8), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    quotes_close(q);
    q = NULL;
    (void)close(listener);
    if (peer >= 0)
        (void)close(peer);
    peer = -1;
    (void)unlink(path);
    (void)rmdir(folder);
    return 0;
}

static void opened_with(struct quotes_options options)
{
    char words[QUOTES_WORDS];

    assert_int_equal(quotes_open(&options, &q, words), 0);
    peer = accept(listener, NULL, NULL);
    assert_true(peer >= 0);
}

static void opened(int timeout_ms)
{
    opened_with((struct quotes_options){.socket = path, .timeout_ms = timeout_ms});
}

/* What was sent to the daemon and not read yet, in this moment. */
static const char *sent(void)
{
    static char bytes[1 << 20];
    ssize_t n = recv(peer, bytes, sizeof bytes - 1, MSG_DONTWAIT);

    bytes[n > 0 ? n : 0] = '\0';
    return bytes;
}

static void say(const char *line)
{
    assert_int_equal(write(peer, line, strlen(line)), (ssize_t)strlen(line));
}

#define HELLO "{\"id\":0,\"result\":{\"protocol\":1}}\n"
#define FOUND(n)                                                                                          \
    "{\"id\":" #n ",\"result\":{\"found\":" #n ",\"shown\":1,\"format\":\"text\",\"answer\":\"answer " #n \
    "\"}}\n"

static const struct quotes_question venn = {.method = "by", .params = "{\"speaker\":\"venn\"}"};

/* ---- facts --------------------------------------------------------------------------------------------- */

static void answers_come_in_any_order(void **state)
{
    char text[3][32];
    struct quotes_question ask[3];
    struct quotes_answer answer[3];

    (void)state;
    opened(0);
    for (int i = 0; i < 3; i++) {
        ask[i] = venn;
        ask[i].buffer = text[i];
        ask[i].size = sizeof text[i];
        assert_int_equal(quotes_begin(q, &ask[i], &answer[i]), QUOTES_WAITING);
    }
    assert_int_equal(quotes_turn(q), 3);
    say(HELLO FOUND(3) FOUND(1));
    assert_int_equal(quotes_turn(q), 1);
    assert_int_equal(answer[1].code, QUOTES_WAITING);
    say(FOUND(2));
    assert_int_equal(quotes_turn(q), 0);
    for (int i = 0; i < 3; i++) {
        char wanted[32];

        (void)snprintf(wanted, sizeof wanted, "answer %d", i + 1);
        assert_string_equal(text[i], wanted);
        assert_int_equal(answer[i].code, 0);
        assert_int_equal(answer[i].found, i + 1);
        assert_int_equal(answer[i].bytes, strlen(wanted));
    }
}

static void a_turn_never_waits(void **state)
{
    struct quotes_answer answer;
    struct timespec a, b;

    (void)state;
    opened(0);
    assert_int_equal(quotes_begin(q, &venn, &answer), QUOTES_WAITING);
    (void)clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(quotes_turn(q), 1);
    (void)clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true(b.tv_sec - a.tv_sec < 10); /* the daemon never answers */
    assert_int_equal(quotes_events(q), POLLIN);
}

/* A daemon that does not read: what cannot be sent waits here, and nobody waits for it. */
static void what_cannot_leave_waits(void **state)
{
    enum { BIG = 900000, ASKED = 8 };
    char *params = malloc(BIG + 64);
    struct quotes_question big = {.method = "search", .params = params};
    struct quotes_answer answer[ASKED];
    size_t came = 0;

    (void)state;
    assert_non_null(params);
    (void)snprintf(params, BIG + 64, "{\"query\":\"%0*d\"}", BIG, 7);
    opened(0);
    for (int i = 0; i < ASKED; i++)
        assert_int_equal(quotes_begin(q, &big, &answer[i]), QUOTES_WAITING);
    assert_int_equal(quotes_events(q), POLLIN | POLLOUT);
    while (quotes_events(q) & POLLOUT) {
        came += strlen(sent());
        assert_int_equal(quotes_turn(q), ASKED);
    }
    for (const char *more = sent(); *more; more = sent())
        came += strlen(more);
    assert_true(came > ASKED * (size_t)BIG);
    free(params);
}

static void only_so_many_at_once(void **state)
{
    static struct quotes_answer answer[QUOTES_AT_ONCE + 1];

    (void)state;
    opened(0);
    for (int i = 0; i < QUOTES_AT_ONCE; i++)
        assert_int_equal(quotes_begin(q, &venn, &answer[i]), QUOTES_WAITING);
    assert_int_equal(quotes_begin(q, &venn, &answer[QUOTES_AT_ONCE]), QUOTES_BUSY);
    assert_non_null(strstr(answer[QUOTES_AT_ONCE].words, "wait for one of them"));
    say(HELLO FOUND(64));
    assert_int_equal(quotes_turn(q), QUOTES_AT_ONCE - 1);
    assert_int_equal(quotes_begin(q, &venn, &answer[QUOTES_AT_ONCE]), QUOTES_WAITING);
}

/* As snprintf: what does not fit is left out, between characters, and its length is known. */
static void a_buffer_takes_what_fits(void **state)
{
    static const struct {
        size_t size;
        const char *wanted;
    } rows[] = {{0, "#"},  {1, ""},    {2, "a"},    {3, "a"},   {4, "aß"},
                {5, "aß"}, {7, "aß€"}, {8, "aß€b"}, {9, "aß€b"}};
    char text[16];
    struct quotes_question ask = venn;
    struct quotes_answer answer;

    (void)state;
    opened(0);
    say(HELLO);
    ask.buffer = text;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[200];

        memset(text, '#', sizeof text);
        text[sizeof text - 1] = '\0';
        ask.size = rows[i].size;
        assert_int_equal(quotes_begin(q, &ask, &answer), QUOTES_WAITING);
        (void)snprintf(line, sizeof line,
                       "{\"method\":\"part\",\"params\":{\"id\":%zu,\"text\":\"a\\u00df\"}}\n"
                       "{\"method\":\"part\",\"params\":{\"id\":%zu,\"text\":\"€b\"}}\n"
                       "{\"id\":%zu,\"result\":{\"found\":1,\"parts\":2,\"bytes\":7}}\n",
                       i + 1, i + 1, i + 1);
        say(line);
        assert_int_equal(quotes_turn(q), 0);
        assert_int_equal(answer.code, 0);
        assert_int_equal(answer.bytes, 7);
        if (rows[i].size)
            assert_string_equal(text, rows[i].wanted);
        else
            assert_int_equal(text[0], '#');
        assert_int_equal(text[rows[i].size], '#'); /* nothing behind it was touched */
    }
}

/* Says the line, with a descriptor. */
static void hand_over(const char *said, int fd)
{
    struct iovec part = {(void *)(uintptr_t)said, strlen(said)};
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};

    control.head = (struct cmsghdr){CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
    assert_int_equal(sendmsg(peer, &message, 0), (ssize_t)part.iov_len);
}

/* A segment with the answers to two questions: of `venn`, and of `ven`, with a hint. */
static struct cached *attached(struct span text)
{
    static const char *const params[] = {"{\"speaker\":\"venn\",\"limit\":1}",
                                         "{\"speaker\":\"ven\",\"limit\":1}"};
    char detail[CACHED_WORDS], key[CACHE_KEY], said[200], *at = said;
    struct cached *c = cached_new(CACHED_LEAST, 1, detail);

    assert_non_null(c);
    for (int i = 0; i < 2; i++) {
        struct buf value = BUF_INIT(CACHE_VALUE);
        struct kept kept = {i ? 0 : 9, 1, 1, i ? SPAN("[\"Venn\"]") : SPAN(""), text};

        kept_put(&value, &kept);
        cached_keep(c, (struct span){key, question_key(SPAN("by"), span_of(params[i]), key)},
                    buf_view(&value), 1, CACHED_ALWAYS);
        buf_fini(&value);
    }
    at += sprintf(at, HELLO "{\"id\":1,\"result\":{\"size\":1,\"instance\":\"");
    for (int i = 0; i < CACHE_INSTANCE; i++)
        at += sprintf(at, "%02x", cached_instance(c)[i]);
    (void)sprintf(at, "\"}}\n");
    opened_with((struct quotes_options){.socket = path, .cache = 1});
    hand_over(said, cached_fd(c));
    assert_int_equal(quotes_turn(q), 0);
    (void)sent();
    return c;
}

/* The same out of the memory, which is copied straight to where it is wanted, numbers and all, if there is room for them. */
static void a_buffer_takes_what_fits_of_the_memory(void **state)
{
    static const char whole[] = "aß€ answers";
    enum { LEN = sizeof whole - 1, MOST = LEN + KEPT_NUMBERS + 20 };
    struct quotes_question ask = {.method = "by"};
    struct quotes_answer answer;
    struct cached *c = attached(SPAN(whole));
    char text[MOST + 1];

    (void)state;
    ask.buffer = text;
    for (size_t size = 0; size <= MOST; size++)
        for (int hint = 0; hint < 2; hint++) {
            size_t fits = size > LEN ? LEN : size ? size - 1 : 0;

            fits -= fits == 2 || fits == 4 || fits == 5; /* between characters: 1, 2 and 3 bytes */
            fits -= fits == 4;
            memset(text, '#', sizeof text);
            ask.size = size;
            ask.params = hint ? "{\"limit\":1,\"speaker\":\"ven\"}" : "{\"limit\":1,\"speaker\":\"venn\"}";
            assert_int_equal(quotes_begin(q, &ask, &answer), 0);
            assert_int_equal(answer.bytes, LEN);
            assert_int_equal(answer.found, hint ? 0 : 9);
            assert_string_equal(answer.words, hint ? "Did you mean Venn?" : "");
            if (size) {
                assert_memory_equal(text, whole, fits);
                assert_int_equal(text[fits], '\0');
            }
            for (size_t i = size; i <= MOST; i++)
                assert_int_equal(text[i], '#'); /* nothing behind it was touched */
        }
    assert_string_equal(sent(), "");
    cached_free(c);
    ask.size = sizeof text;
    assert_int_equal(quotes_begin(q, &ask, &answer), QUOTES_WAITING); /* the control: that was the memory */
}

static void a_dropped_question_writes_nothing(void **state)
{
    char text[32] = "before";
    struct quotes_question ask = venn;
    struct quotes_answer answer, other;

    (void)state;
    opened(0);
    ask.buffer = text;
    ask.size = sizeof text;
    say(HELLO);
    assert_int_equal(quotes_turn(q), 0);
    assert_int_equal(quotes_begin(q, &ask, &answer), QUOTES_WAITING);
    assert_int_equal(quotes_begin(q, &venn, &other), QUOTES_WAITING);
    quotes_drop(q, &answer);
    assert_non_null(strstr(sent(), "\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}"));
    memset(&answer, 7, sizeof answer);
    (void)strcpy(text, "after");
    say(FOUND(1) FOUND(2));
    assert_int_equal(quotes_turn(q), 0);
    assert_string_equal(text, "after");
    assert_int_equal(answer.code, 0x07070707);
    assert_int_equal(other.code, 0);
}

/* What changes an archive must not reach the daemon of another one. */
static void a_change_waits_for_the_greeting(void **state)
{
    struct quotes_question add = {.method = "add", .params = "{\"paths\":[\"/a\"]}"};
    struct quotes_answer answer, read, dropped;

    (void)state;
    opened(0);
    assert_int_equal(quotes_begin(q, &add, &answer), QUOTES_WAITING);
    assert_int_equal(quotes_begin(q, &venn, &read), QUOTES_WAITING);
    assert_null(strstr(sent(), "\"add\""));
    assert_int_equal(quotes_begin(q, &add, &dropped), QUOTES_WAITING);
    quotes_drop(q, &dropped);
    say(HELLO);
    assert_int_equal(quotes_turn(q), 2);
    {
        const char *all = sent(), *second = strstr(all, "\"id\":3,");

        assert_non_null(strstr(all, "\"id\":1,\"method\":\"add\""));
        assert_non_null(second);
        assert_non_null(strstr(second, "$/cancelRequest")); /* never before the question */
    }
}

static void another_index_is_asked_nothing_more(void **state)
{
    struct quotes_question add = {.method = "add", .params = "{\"paths\":[\"/a\"]}"};
    struct quotes_answer answer, read, after;

    (void)state;
    opened(0);
    assert_int_equal(quotes_begin(q, &add, &answer), QUOTES_WAITING);
    assert_int_equal(quotes_begin(q, &venn, &read), QUOTES_WAITING);
    say("{\"id\":0,\"error\":{\"code\":-32001,\"message\":\"another index\"}}\n");
    assert_int_equal(quotes_turn(q), QUOTES_OTHER_INDEX);
    assert_int_equal(answer.code, QUOTES_OTHER_INDEX);
    assert_string_equal(answer.words, "another index");
    assert_int_equal(read.code, QUOTES_OTHER_INDEX);
    assert_null(strstr(sent(), "\"add\""));
    assert_int_equal(quotes_ask(q, &venn, &after), QUOTES_OTHER_INDEX);
    assert_string_equal(after.words, "another index");
}

/* Too many are connected: another connection has to be tried, and quotes_turn says so. */
static void who_is_not_let_in_stays_outside(void **state)
{
    struct quotes_answer answer, after;

    (void)state;
    opened(0);
    assert_int_equal(quotes_begin(q, &venn, &answer), QUOTES_WAITING);
    say("{\"id\":0,\"error\":{\"code\":-10017,\"message\":\"too many\"}}\n");
    assert_int_equal(quotes_turn(q), QUOTES_BUSY);
    assert_int_equal(answer.code, QUOTES_BUSY);
    assert_int_equal(quotes_ask(q, &venn, &after), QUOTES_BUSY);
    assert_string_equal(after.words, "too many");
    assert_int_equal(quotes_turn(q), QUOTES_BUSY);
}

static void odd_parameters_harm_nobody_else(void **state)
{
    static const char *const odd[] = {"", "x", "[]", "{", "{}}", "{\"a\":1", "\"{}\"", "{\"a\":\"\n\"}", "7"};
    struct quotes_question ask = venn;
    struct quotes_answer answer, other;

    (void)state;
    opened(0);
    assert_int_equal(quotes_begin(q, &venn, &other), QUOTES_WAITING);
    (void)sent();
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        ask.params = odd[i];
        assert_int_equal(quotes_ask(q, &ask, &answer), QUOTES_ARGS);
        assert_non_null(strstr(answer.words, "not a JSON object"));
    }
    assert_string_equal(sent(), "");
    ask.params = " {\n \"speaker\" : \"venn\"\n}\n"; /* a line break between values is no end of a frame */
    assert_int_equal(quotes_begin(q, &ask, &answer), QUOTES_WAITING);
    {
        const char *frame = sent();

        assert_string_equal(strchr(frame, '\n'), "\n");
    }
    say(HELLO FOUND(1) FOUND(2));
    assert_int_equal(quotes_turn(q), 0);
    assert_int_equal(other.code, 0);
}

static void the_newest_generation_is_known(void **state)
{
    struct quotes_question subscribe = {.method = "subscribe"};
    struct quotes_answer answer;

    (void)state;
    opened(0);
    assert_int_equal(quotes_generation(q), 0);
    assert_int_equal(quotes_begin(q, &subscribe, &answer), QUOTES_WAITING);
    say(HELLO "{\"id\":1,\"result\":{\"generation\":41}}\n");
    assert_int_equal(quotes_turn(q), 0);
    assert_int_equal(quotes_generation(q), 41);
    say("{\"method\":\"changed\",\"params\":{\"generation\":42}}\n");
    assert_int_equal(quotes_turn(q), 0);
    assert_int_equal(quotes_generation(q), 42);
}

static void silence_ends_a_question(void **state)
{
    struct quotes_answer answer, after;

    (void)state;
    opened(50);
    assert_int_equal(quotes_ask(q, &venn, &answer), QUOTES_TIMEOUT);
    assert_string_equal(answer.words, "quoted said nothing for 1 seconds");
    assert_int_equal(quotes_ask(q, &venn, &after), QUOTES_TIMEOUT);
}

/* A program may close any descriptor, and open a file of its own at the same number. */
static void a_file_in_our_place_is_left_alone(void **state)
{
    char file[128], back[64] = "";
    struct quotes_answer answer;
    int fd;

    (void)state;
    opened(0);
    (void)snprintf(file, sizeof file, "%s/theirs", folder);
    (void)close(quotes_fd(q));
    fd = open(file, O_RDWR | O_CREAT, 0600);
    assert_int_equal(fd, quotes_fd(q));
    assert_int_equal(write(fd, "theirs", 6), 6);
    assert_int_equal(quotes_ask(q, &venn, &answer), QUOTES_GONE);
    quotes_close(q);
    q = NULL;
    assert_int_equal(pread(fd, back, sizeof back, 0), 6); /* neither written nor closed */
    assert_string_equal(back, "theirs");
    (void)close(fd);
    (void)unlink(file);
}

/* What was on its way when the process forked is answered in the parent only. */
static void a_child_hears_that_it_is_none(void **state)
{
    struct quotes_answer answer;
    int status;

    (void)state;
    opened(0);
    assert_int_equal(quotes_begin(q, &venn, &answer), QUOTES_WAITING);
    if (fork() == 0)
        _exit(quotes_turn(q) == QUOTES_GONE && answer.code == QUOTES_GONE && strstr(answer.words, "forked")
                  ? 7
                  : 1);
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 7 << 8);
    say(HELLO FOUND(1));
    assert_int_equal(quotes_turn(q), 0);
    assert_int_equal(answer.code, 0);
}

/* A daemon may talk without end; one turn takes a bounded part of it, and the program has its loop back. */
static void who_talks_without_end_is_left(void **state)
{
    static const char line[] = "{\"method\":\"changed\",\"params\":{\"generation\":7}}\n";
    static char lines[1000 * (sizeof line - 1)];
    int left = 0, room = 1 << 20;
    ssize_t n, said = 0;

    (void)state;
    for (size_t at = 0; at < sizeof lines; at += sizeof line - 1)
        memcpy(lines + at, line, sizeof line - 1);
    opened(0);
    say(HELLO);
    (void)setsockopt(peer, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    while ((n = send(peer, lines, sizeof lines, MSG_DONTWAIT)) > 0)
        said += n;
    assert_true(said > 2 * FRAME_READ); /* more than a turn takes waits */
    assert_int_equal(quotes_turn(q), 0);
    assert_int_equal(quotes_generation(q), 7);
    assert_int_equal(ioctl(quotes_fd(q), FIONREAD, &left), 0);
    assert_true(left > 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_come_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(a_turn_never_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_leave_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(only_so_many_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_buffer_takes_what_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(a_buffer_takes_what_fits_of_the_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dropped_question_writes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_waits_for_the_greeting, setup, teardown),
        cmocka_unit_test_setup_teardown(another_index_is_asked_nothing_more, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_not_let_in_stays_outside, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_parameters_harm_nobody_else, setup, teardown),
        cmocka_unit_test_setup_teardown(the_newest_generation_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(silence_ends_a_question, setup, teardown),
        cmocka_unit_test_setup_teardown(who_talks_without_end_is_left, setup, teardown),
        cmocka_unit_test_setup_teardown(a_child_hears_that_it_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_in_our_place_is_left_alone, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
