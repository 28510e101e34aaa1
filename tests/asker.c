/* asker.c -- a program that asks through libquotes, as an editor would, and is told on its standard input what to do: one command
 * a line, words with tabs between them; one line of JSON in answer. Connections have numbers.
 *
 *      open N SOCKET TIMEOUT_MS CACHE     ask N METHOD PARAMS     close N     fd N
 *      fresh N FILE MS METHOD PARAMS      asks for so long; counts answers that found less than the number in FILE said before;
 *                                         says in the second number there how many it had;
 *                                         ends when the first is less than 0
 *      fork N METHOD PARAMS SOCKET        asks in a child, with the parent's connection and with one of its own
 *      threads COUNT SOCKET TIMES METHOD PARAMS     that many threads, each with a connection of its own
 *      closeall                           what a careless program does: closes every descriptor but the first three
 *      occupy PATH NUMBER                 opens PATH until the descriptor has that number
 *      same PATH NUMBER                   is that descriptor still open, and PATH?
 *      private                            kilobytes of memory that nobody else has
 *      fail COUNT                         that allocation from now on fails (tests/shim.c); says how many there were
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "client/quotes.h"

enum { HANDLES = 16, WORDS = 8 };

static struct quotes *handles[HANDLES];
static char *words[WORDS];

static const char *word(int i)
{
    return words[i] ? words[i] : "";
}

static struct quotes **handle(int i)
{
    return &handles[(unsigned)atoi(word(i)) % HANDLES];
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int take(void *ctx, const char *text, size_t len)
{
    buf_put(ctx, text, len);
    return 0;
}

/* ---- one command each ---------------------------------------------------------------------------------- */

static int do_open(struct buf *out)
{
    struct quotes_options o = {.socket = word(2), .timeout_ms = atoi(word(3)), .cache = atoi(word(4))};
    char why[QUOTES_WORDS];
    int rc = quotes_open(&o, handle(1), why);

    json_put_text(out, "words", span_of(why));
    return rc;
}

static int ask(struct quotes *q, const char *method, const char *params, struct buf *out)
{
    struct buf text = BUF_INIT(16 << 20);
    struct quotes_question question = {.method = method, .params = params, .piece = take, .ctx = &text};
    struct quotes_answer answer;
    int64_t began = now_ms();
    int rc = quotes_ask(q, &question, &answer);

    json_put_int(out, "ms", now_ms() - began);
    json_put_int(out, "found", answer.found);
    json_put_int(out, "shown", answer.shown);
    json_put_text(out, "words", span_of(answer.words));
    json_put_text(out, "answer", buf_view(&text));
    buf_fini(&text);
    return rc;
}

static int do_ask(struct buf *out)
{
    return *handle(1) ? ask(*handle(1), word(2), word(3), out) : QUOTES_ARGS;
}

static int do_close(struct buf *out)
{
    (void)out;
    quotes_close(*handle(1));
    *handle(1) = NULL;
    return 0;
}

static int do_fd(struct buf *out)
{
    json_put_int(out, "fd", quotes_fd(*handle(1)));
    return 0;
}

/* What a change brought was acknowledged before the number rose: an answer to a question asked later must have it. */
static int do_fresh(struct buf *out)
{
    struct quotes_question question = {.method = word(4), .params = word(5)};
    int64_t until = now_ms() + atoi(word(3)), asked = 0, stale = 0, backward = 0, last = 0;
    int fd = open(word(2), O_RDWR | O_CLOEXEC), rc = 0;
    _Atomic int64_t *numbers = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    struct rusage before, after;

    if (fd < 0 || numbers == MAP_FAILED)
        return QUOTES_ARGS;
    getrusage(RUSAGE_SELF, &before);
    for (; rc == 0 && now_ms() < until; asked++) {
        int64_t least = atomic_load(&numbers[0]);
        struct quotes_answer answer;

        if (least < 0)
            break;
        rc = quotes_ask(*handle(1), &question, &answer);
        stale += rc == 0 && answer.found < least;
        backward += rc == 0 && answer.found < last;
        last = rc == 0 ? answer.found : last;
        atomic_store(&numbers[1], asked);
    }
    getrusage(RUSAGE_SELF, &after);
    json_put_int(out, "asked", asked);
    json_put_int(out, "waited", after.ru_nvcsw - before.ru_nvcsw); /* a look into memory never waits */
    json_put_int(out, "stale", stale);
    json_put_int(out, "backward", backward);
    json_put_int(out, "last", last);
    (void)munmap((void *)numbers, 16);
    close(fd);
    return rc;
}

/* In a child: the parent's connection is not its to use; one of its own is. */
static int do_fork(struct buf *out)
{
    int to_us[2], status = 0;
    char line[4096];
    ssize_t n;
    pid_t child;

    if (pipe(to_us) != 0 || (child = fork()) < 0)
        return QUOTES_ARGS;
    if (child == 0) {
        struct quotes_options o = {.socket = word(4), .timeout_ms = 20000, .cache = 1};
        struct buf b = BUF_INIT(1 << 20);
        struct quotes *own;

        json_key(&b, "inherited");
        buf_char(&b, '{');
        json_put_int(&b, "rc", ask(*handle(1), word(2), word(3), &b));
        buf_str(&b, "},\"own\":{");
        quotes_close(*handle(1));
        if (quotes_open(&o, &own, NULL) == 0)
            json_put_int(&b, "rc", ask(own, word(2), word(3), &b));
        quotes_close(own);
        buf_char(&b, '}');
        _exit(write(to_us[1], b.at, b.len) != (ssize_t)b.len);
    }
    close(to_us[1]);
    n = read(to_us[0], line, sizeof line);
    close(to_us[0]);
    (void)waitpid(child, &status, 0);
    if (n > 0)
        buf_put(out, line, (size_t)n);
    json_put_int(out, "status", status);
    return ask(*handle(1), word(2), word(3), out);
}

static atomic_long wrong, errors;
static atomic_llong first_found;

static void *ask_on(void *ctx)
{
    struct quotes_options o = {.socket = word(2), .timeout_ms = 60000, .cache = 1};
    struct quotes_question question = {.method = word(4), .params = word(5)};
    struct quotes *q;

    (void)ctx;
    if (quotes_open(&o, &q, NULL) < 0) {
        errors++;
        return NULL;
    }
    for (int i = atoi(word(3)); i; i--) {
        struct quotes_answer answer;

        if (quotes_ask(q, &question, &answer) < 0)
            errors++;
        else
            wrong += answer.found != first_found;
    }
    quotes_close(q);
    return NULL;
}

static int do_threads(struct buf *out)
{
    pthread_t threads[16];
    int count = atoi(word(1));
    struct quotes_options o = {.socket = word(2), .timeout_ms = 60000};
    struct quotes_question question = {.method = word(4), .params = word(5)};
    struct quotes_answer answer;
    struct quotes *q;
    int rc = quotes_open(&o, &q, NULL);

    rc = rc < 0 ? rc : quotes_ask(q, &question, &answer);
    quotes_close(q);
    if (rc < 0 || count > 16)
        return rc;
    wrong = errors = 0;
    first_found = answer.found;
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, ask_on, NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    json_put_int(out, "found", first_found);
    json_put_int(out, "wrong", wrong);
    json_put_int(out, "errors", errors);
    return 0;
}

static int do_closeall(struct buf *out)
{
    (void)out;
    for (int fd = 3; fd < 256; fd++)
        close(fd);
    return 0;
}

static int do_occupy(struct buf *out)
{
    int wanted = atoi(word(2)), fd;

    (void)out;
    while ((fd = open(word(1), O_RDWR | O_APPEND | O_CLOEXEC)) >= 0 && fd < wanted)
        ;
    return fd == wanted ? 0 : QUOTES_ARGS;
}

static int do_same(struct buf *out)
{
    struct stat a, b;

    json_put_bool(out, "same",
                  fstat(atoi(word(2)), &a) == 0 && stat(word(1), &b) == 0 && a.st_ino == b.st_ino &&
                      a.st_dev == b.st_dev);
    return 0;
}

static int do_private(struct buf *out)
{
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    long long sum = 0, kb;

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Private_Clean: %lld kB", &kb) == 1 ||
            sscanf(line, "Private_Dirty: %lld kB", &kb) == 1)
            sum += kb;
    if (f)
        (void)fclose(f);
    json_put_int(out, "kb", sum);
    return f ? 0 : QUOTES_ARGS;
}

static int do_fail(struct buf *out)
{
    unsigned long (*fail)(unsigned long) =
        (unsigned long (*)(unsigned long))(uintptr_t)dlsym(RTLD_DEFAULT, "shim_fail");

    if (!fail)
        return QUOTES_ARGS;
    json_put_int(out, "allocations", (int64_t)fail(strtoul(word(1), NULL, 10)));
    return 0;
}

/* ---- the whole --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(struct buf *out);
} commands[] = {{"open", do_open},     {"ask", do_ask},   {"close", do_close},     {"fd", do_fd},
                {"fresh", do_fresh},   {"fork", do_fork}, {"threads", do_threads}, {"closeall", do_closeall},
                {"occupy", do_occupy}, {"same", do_same}, {"private", do_private}, {"fail", do_fail}};

int main(void)
{
    struct buf out = BUF_INIT(64 << 20);
    char *line = NULL;
    size_t cap = 0;

    (void)buf_room(&out, 1 << 20); /* so that allocations that fail are those of the library */
    while (getline(&line, &cap, stdin) > 0) {
        char *rest = line;
        int rc = QUOTES_ARGS;

        line[strcspn(line, "\n")] = 0;
        memset(words, 0, sizeof words);
        for (int i = 0; i < WORDS && rest; i++)
            words[i] = strsep(&rest, "\t");
        buf_clear(&out);
        buf_char(&out, '{');
        for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
            if (strcmp(commands[i].name, word(0)) == 0)
                rc = commands[i].run(&out);
        json_put_int(&out, "rc", rc);
        buf_str(&out, "}\n");
        if (buf_err(&out) || fwrite(out.at, 1, out.len, stdout) != out.len || fflush(stdout))
            return 2;
    }
    for (int i = 0; i < HANDLES; i++)
        quotes_close(handles[i]);
    buf_fini(&out);
    free(line);
    return 0;
}
