/* bench_wire.c -- what an answer costs on its way, beside the floors: one record a measurement.
 *
 *      bench-wire [--json] [--quick] [NAME...]
 *
 * Floors are an exchange of a request and an answer of 300 bytes over a Unix socket with epoll and with libuv, a GET from
 * memcached and from redis (each left out with a word where it is not installed), and an mdb_get in process. Then ours: the
 * daemon over its socket, and answers out of the shared memory through quotes_ask. Client and server run on the same
 * processor; names that end in _cross have them on two. Every server is our own child, on a private socket in a temporary
 * folder, and is ended by its pid.
 *
 * A record is {"name","p50_us","p99_us","p999_us","n"}; without --json the same as a table.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <lmdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/err.h"
#include "client/quotes.h"
#include "daemon/cached.h"
#include "wire/kept.h"
#include "wire/question.h"

enum { ASKED = 100, ANSWERED = 300, MANY = 20000, HITS = 400000, SPAWNS = 300, KEYS = 512 };

#define QUESTION "{\"speaker\":\"venn %u\",\"limit\":10}"

static char folder[64], asked_bytes[4096], answered_bytes[65536];
static bool as_json;
static unsigned divide = 1; /* --quick: so many times fewer rounds */
static char **wanted;
static int wanted_count;

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench-wire: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- time -------------------------------------------------------------------------------------------- */

static double now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* `each`: so many questions are one of them. */
static void report(const char *name, double *us, unsigned n, double each)
{
    qsort(us, n, sizeof *us, by_size);
    (void)printf(as_json ? "{\"name\":\"%s\",\"p50_us\":%.3f,\"p99_us\":%.3f,\"p999_us\":%.3f,\"n\":%u}\n"
                         : "%-28s %10.3f %10.3f %10.3f  %u\n",
                 name, us[n / 2] / each, us[(size_t)n * 99 / 100] / each, us[(size_t)n * 999 / 1000] / each,
                 n);
    (void)fflush(stdout);
}

/* Is it to be measured? */
static bool is_wanted(const char *name)
{
    for (int i = 0; i < wanted_count; i++)
        if (strstr(name, wanted[i]))
            return true;
    return wanted_count == 0;
}

/* Measures `once` n times, after a tenth of that to warm up. */
static void measure(const char *name, unsigned n, void (*once)(void *ctx, unsigned i), void *ctx)
{
    double *us;

    n = n / divide + 1;
    if (!is_wanted(name))
        return;
    if (!(us = calloc(n, sizeof *us)))
        fail("memory");
    for (unsigned i = 0; i < n / 10 + 1; i++)
        once(ctx, i);
    for (unsigned i = 0; i < n; i++) {
        double began = now_us();

        once(ctx, i);
        us[i] = now_us() - began;
    }
    report(name, us, n, strstr(name, "pipelined_64") || strstr(name, "many_64") ? 64 : 1);
    free(us);
}

static void run_on(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    (void)sched_setaffinity(0, sizeof set, &set);
}

/* ---- servers ----------------------------------------------------------------------------------------- */

static const char *place(const char *name)
{
    static char path[4][108];
    static unsigned at;
    char *p = path[at++ % 4];

    (void)snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static int bound(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)unlink(path);
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof to) || listen(fd, 64))
        fail(path);
    return fd;
}

static int connected(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = -1;

    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    for (int tries = 0; tries < 500; tries++) {
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
            return fd;
        (void)close(fd);
        (void)poll(NULL, 0, 10);
    }
    fail(path);
    return -1;
}

/* A child that serves at the path on one processor. */
static pid_t served(void (*serve)(int listener), const char *path, int cpu)
{
    int listener = bound(path);
    pid_t child = fork();

    if (child == 0) {
        run_on(cpu);
        serve(listener);
        _exit(0);
    }
    (void)close(listener);
    return child;
}

static void end(pid_t child)
{
    if (child > 0) {
        (void)kill(child, SIGTERM);
        (void)waitpid(child, NULL, 0);
    }
}

/* Another's program, with nothing of its output. */
static pid_t started(char *const *words, int cpu)
{
    pid_t child = fork();

    if (child == 0) {
        int null = open("/dev/null", O_RDWR);

        run_on(cpu);
        (void)dup2(null, 0), (void)dup2(null, 1), (void)dup2(null, 2);
        execvp(words[0], words);
        _exit(127);
    }
    return child;
}

static void serve_epoll(int listener)
{
    int poller = epoll_create1(EPOLL_CLOEXEC), fd = accept(listener, NULL, NULL);
    struct epoll_event event = {.events = EPOLLIN};
    size_t got = 0;

    (void)epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
    while (epoll_wait(poller, &event, 1, -1) > 0 || errno == EINTR) {
        ssize_t n = read(fd, asked_bytes, sizeof asked_bytes);

        if (n <= 0)
            return;
        for (got += (size_t)n; got >= ASKED; got -= ASKED)
            if (write(fd, answered_bytes, ANSWERED) != ANSWERED)
                return;
    }
}

static void uv_room(uv_handle_t *handle, size_t size, uv_buf_t *to)
{
    (void)handle, (void)size;
    *to = uv_buf_init(asked_bytes, sizeof asked_bytes);
}

static void uv_got(uv_stream_t *stream, ssize_t n, const uv_buf_t *from)
{
    static size_t got;
    uv_buf_t out = uv_buf_init(answered_bytes, ANSWERED);

    (void)from;
    if (n < 0)
        exit(0);
    for (got += (size_t)n; got >= ASKED; got -= ASKED)
        (void)uv_try_write(stream, &out, 1);
}

static void serve_uv(int listener)
{
    uv_loop_t *loop = uv_default_loop();
    uv_pipe_t pipe;

    (void)uv_pipe_init(loop, &pipe, 0);
    (void)uv_pipe_open(&pipe, accept(listener, NULL, NULL));
    (void)uv_read_start((uv_stream_t *)&pipe, uv_room, uv_got);
    (void)uv_run(loop, UV_RUN_DEFAULT);
}

/* ---- exchanges over a socket --------------------------------------------------------------------------- */

struct exchange {
    int fd;
    char out[4096], ends[8]; /* what an answer ends with; "": it has `size` bytes */
    size_t out_len, size;
};

static void receive(const struct exchange *x)
{
    size_t got = 0, ends = strlen(x->ends);

    for (;;) {
        ssize_t n = read(x->fd, answered_bytes + got, sizeof answered_bytes - got);

        if (n <= 0)
            fail("reading an answer");
        got += (size_t)n;
        if (ends ? got >= ends && memcmp(answered_bytes + got - ends, x->ends, ends) == 0 : got >= x->size)
            return;
    }
}

static void exchange(void *ctx, unsigned i)
{
    const struct exchange *x = ctx;

    (void)i;
    if (write(x->fd, x->out, x->out_len) != (ssize_t)x->out_len)
        fail("asking");
    receive(x);
}

static void say(struct exchange *x, const char *text)
{
    x->out_len = strlen(text);
    memcpy(x->out, text, x->out_len);
}

static void floors(void)
{
    static const struct {
        const char *name;
        void (*serve)(int listener);
    } rows[] = {{"epoll_pingpong", serve_epoll}, {"uv_pingpong", serve_uv}};

    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        struct exchange x = {.out_len = ASKED, .size = ANSWERED};
        char name[40];
        pid_t child;

        (void)snprintf(name, sizeof name, "%s%s", rows[i / 2].name, i % 2 ? "_cross" : "");
        if (!is_wanted(name))
            continue;
        child = served(rows[i / 2].serve, place("floor"), (int)(i % 2));
        x.fd = connected(place("floor"));
        measure(name, MANY, exchange, &x);
        (void)close(x.fd);
        end(child);
    }
}

static bool is_installed(const char *program)
{
    char command[100];

    (void)snprintf(command, sizeof command, "command -v %s > /dev/null 2>&1", program);
    return system(command) == 0;
}

static void peers(void)
{
    char value[ANSWERED + 1];

    memset(value, 'v', ANSWERED);
    value[ANSWERED] = '\0';
    for (int cpu = 0; cpu < 2; cpu++) {
        char *memcached[] = {"memcached", "-u",   "nobody", "-s", (char *)(uintptr_t)place("memcached"),
                             "-a",        "0777", "-t",     "1",  NULL};
        char *redis[] = {"redis-server",
                         "--port",
                         "0",
                         "--save",
                         "",
                         "--unixsocket",
                         (char *)(uintptr_t)place("redis"),
                         NULL};
        const struct {
            const char *name, *program;
            char **words;
            const char *path, *set, *get, *get_ends;
        } rows[] = {{cpu ? "memcached_get_300_cross" : "memcached_get_300", "memcached", memcached,
                     memcached[4], "set k 0 0 300\r\n%s\r\n", "get k\r\n", "END\r\n"},
                    {cpu ? "redis_get_300_cross" : "redis_get_300", "redis-server", redis, redis[6],
                     "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$300\r\n%s\r\n", "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n",
                     "v\r\n"}};

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            struct exchange x = {.ends = "\r\n"};
            pid_t child;

            if (!is_wanted(rows[i].name))
                continue;
            if (!is_installed(rows[i].program)) {
                (void)fprintf(stderr, "%s is left out: %s is not installed\n", rows[i].name, rows[i].program);
                continue;
            }
            (void)chmod(folder, 0777); /* memcached runs as nobody */
            child = started(rows[i].words, cpu);
            x.fd = connected(rows[i].path);
            x.out_len = (size_t)snprintf(x.out, sizeof x.out, rows[i].set, value);
            exchange(&x, 0);
            say(&x, rows[i].get);
            (void)snprintf(x.ends, sizeof x.ends, "%s", rows[i].get_ends);
            measure(rows[i].name, MANY, exchange, &x);
            (void)close(x.fd);
            end(child);
        }
    }
    (void)chmod(folder, 0700);
}

/* ---- LMDB in process ----------------------------------------------------------------------------------- */

struct store {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    char keys[KEYS][80]; /* the same questions as below, as they are asked */
};

static void get(void *ctx, unsigned i)
{
    struct store *s = ctx;
    char *asked = s->keys[i * 7919 % KEYS];
    MDB_val key = {strlen(asked), asked}, value;

    if (mdb_txn_renew(s->txn) || mdb_get(s->txn, s->dbi, &key, &value))
        fail("mdb_get");
    memcpy(answered_bytes, value.mv_data, value.mv_size);
    mdb_txn_reset(s->txn);
}

static void lmdb(void)
{
    static struct store s;
    char value[ANSWERED] = {1};

    if (!is_wanted("lmdb_get_300"))
        return;
    if (mdb_env_create(&s.env) || mdb_env_set_mapsize(s.env, 64 << 20) ||
        mdb_env_open(s.env, folder, MDB_NOSYNC, 0600) || mdb_txn_begin(s.env, NULL, 0, &s.txn) ||
        mdb_dbi_open(s.txn, NULL, 0, &s.dbi))
        fail("LMDB");
    for (unsigned i = 0; i < KEYS; i++) {
        MDB_val key = {(size_t)snprintf(s.keys[i], sizeof *s.keys, QUESTION, i), s.keys[i]},
                v = {ANSWERED, value};
        (void)mdb_put(s.txn, s.dbi, &key, &v, 0);
    }
    if (mdb_txn_commit(s.txn) || mdb_txn_begin(s.env, NULL, MDB_RDONLY, &s.txn))
        fail("LMDB");
    mdb_txn_reset(s.txn);
    measure("lmdb_get_300", HITS, get, &s);
    mdb_txn_abort(s.txn);
    mdb_env_close(s.env);
}

/* ---- the daemon ---------------------------------------------------------------------------------------- */

static const char by[] =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"venn\",\"limit\":1}}\n";

struct pipelined {
    struct exchange x;
    char *out;
    size_t len;
};

static void pipeline(void *ctx, unsigned round)
{
    struct pipelined *p = ctx;
    unsigned lines = 0;

    (void)round;
    if (write(p->x.fd, p->out, p->len) != (ssize_t)p->len)
        fail("asking");
    while (lines < 64) {
        ssize_t n = read(p->x.fd, answered_bytes, sizeof answered_bytes);

        if (n <= 0)
            fail("reading an answer");
        for (ssize_t i = 0; i < n; i++)
            lines += answered_bytes[i] == '\n';
    }
}

static void connect_ask_close(void *ctx, unsigned i)
{
    struct exchange x = *(struct exchange *)ctx;

    x.fd = connected(place("sock"));
    exchange(&x, i);
    (void)close(x.fd);
}

static void spawn(void *ctx, unsigned i)
{
    static posix_spawn_file_actions_t quiet;
    static bool is_quiet;
    char **words = ctx;
    pid_t child;

    (void)i;
    if (!is_quiet) {
        (void)posix_spawn_file_actions_init(&quiet);
        (void)posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
        (void)posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
        is_quiet = true;
    }
    if (posix_spawnp(&child, words[0], &quiet, NULL, words, environ) != 0)
        fail(words[0]);
    (void)waitpid(child, NULL, 0);
}

static void write_archive(void)
{
    FILE *f = fopen(place("article.txt"), "w");

    if (!f)
        fail("an article");
    (void)fputs("The harbour\n\n“We mend the crane,” said Orla Venn.\n", f);
    (void)fclose(f);
}

/* Sixty-four questions in one request. */
static const char *many_of(void)
{
    static char text[4096];
    size_t len = (size_t)snprintf(text, sizeof text,
                                  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"lookup_many\",\"params\":"
                                  "{\"method\":\"by\",\"each\":[{\"speaker\":\"venn\",\"limit\":1}");

    for (unsigned i = 1; i < 64; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, ",{\"speaker\":\"venn\",\"limit\":1}");
    (void)snprintf(text + len, sizeof text - len, "]}}\n");
    return text;
}

static void daemon_over_socket(const char *build, int cpu)
{
    char quoted[256], quotes[256], still[256];
    struct exchange x = {.ends = "\n"};
    struct pipelined p;
    pid_t child;

    (void)snprintf(quoted, sizeof quoted, "%s/quoted", build);
    (void)snprintf(quotes, sizeof quotes, "%s/quotes", build);
    (void)snprintf(still, sizeof still, "%s/quotes-static", build);
    (void)setenv("QUOTED_INDEX", place("index"), 1);
    (void)setenv("QUOTED_SOCKET", place("sock"), 1);
    (void)setenv("QUOTED_CONFIG", place("conf"), 1);
    child = started((char *[]){quoted, NULL}, cpu);
    (void)close(connected(place("sock")));
    if (!cpu) {
        char command[1024];

        write_archive();
        (void)snprintf(command, sizeof command, "%s add %s > /dev/null", quotes, place("article.txt"));
        if (system(command) != 0)
            fail("quotes add");
    }
    x.fd = connected(place("sock"));
    say(&x, by);
    measure(cpu ? "socket_by_cross" : "socket_by", MANY, exchange, &x);
    p = (struct pipelined){.x = x, .len = 64 * x.out_len, .out = malloc(64 * x.out_len)};
    for (size_t i = 0; i < 64; i++)
        memcpy(p.out + i * x.out_len, x.out, x.out_len);
    measure(cpu ? "socket_pipelined_64_cross" : "socket_pipelined_64", MANY / 64, pipeline, &p);
    free(p.out);
    say(&x, many_of());
    measure(cpu ? "socket_lookup_many_64_cross" : "socket_lookup_many_64", MANY / 64, exchange, &x);
    say(&x, by);
    measure(cpu ? "connect_ask_close_cross" : "connect_ask_close", MANY / 4, connect_ask_close, &x);
    (void)close(x.fd);
    if (!cpu) {
        measure("spawn_true", SPAWNS, spawn, (char *[]){"/bin/true", NULL});
        measure("spawn_quotes_by", SPAWNS, spawn, (char *[]){quotes, "by", "venn", "-n1", "-q", NULL});
        if (access(still, X_OK) == 0)
            measure("spawn_quotes_by_static", SPAWNS, spawn,
                    (char *[]){still, "by", "venn", "-n1", "-q", NULL});
    }
    end(child);
}

/* ---- the cache ----------------------------------------------------------------------------------------- */

/* A daemon that has nothing but the segment: a thread that greets and hands it over. */
struct stub {
    struct cached *cached;
    pthread_mutex_t lock;
    int listener;
    volatile bool enough;
    unsigned per_second; /* writes */
};

static void hand_over(const struct stub *s, int fd, long long id)
{
    char line[200], hex[2 * CACHE_INSTANCE + 1];
    int pass = cached_fd(s->cached);
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct iovec part = {line, 0};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);

    for (size_t i = 0; i < CACHE_INSTANCE; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", cached_instance(s->cached)[i]);
    part.iov_len = (size_t)snprintf(
        line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%lld,\"result\":{\"instance\":\"%s\"}}\n", id, hex);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof pass);
    memcpy(CMSG_DATA(head), &pass, sizeof pass);
    (void)sendmsg(fd, &message, MSG_NOSIGNAL);
}

static void *be_stub(void *ctx)
{
    const struct stub *s = ctx;

    for (;;) {
        int fd = accept(s->listener, NULL, NULL);
        FILE *f;
        char line[1024];

        if (fd < 0)
            return NULL;
        for (f = fdopen(fd, "r"); f && fgets(line, sizeof line, f);) {
            const char *id = strstr(line, "\"id\":");

            if (strstr(line, "\"cache\""))
                hand_over(s, fd, id ? atoll(id + 5) : 0);
            else if (write(fd, "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}\n", 38) < 0)
                break;
        }
        if (f)
            (void)fclose(f);
    }
}

static void keep(struct stub *s, unsigned n, size_t len)
{
    char params[80], key[CACHE_KEY];
    struct buf value = BUF_INIT(CACHE_VALUE);
    struct kept k = {.found = 1, .shown = 1, .people = 1, .hints = SPAN(""), .answer = {answered_bytes, len}};
    size_t key_len;

    (void)snprintf(params, sizeof params, QUESTION, n);
    key_len = question_key(SPAN("by"), span_of(params), key);
    kept_put(&value, &k);
    cached_keep(s->cached, (struct span){key, key_len}, buf_view(&value), 1, CACHED_ALWAYS);
    buf_fini(&value);
}

/* Writes at a rate, in groups of a millisecond. */
static void *write_on(void *ctx)
{
    struct stub *s = ctx;
    unsigned n = 0;

    for (double next = now_us(); !s->enough; next += 1000) {
        for (unsigned i = 0; i < s->per_second / 1000 || (i == 0 && s->per_second); i++, n++)
            keep(s, 10000 + n % KEYS, ANSWERED);
        if (next > now_us())
            (void)usleep((useconds_t)(next - now_us()));
    }
    return NULL;
}

struct asker {
    struct quotes *q;
    char got[8192];
    char params[KEYS][80];
};

static void hit(void *ctx, unsigned i)
{
    struct asker *a = ctx;
    struct quotes_question question = {
        .method = "by", .params = a->params[i * 7919 % KEYS], .buffer = a->got, .size = sizeof a->got};
    struct quotes_answer answer;

    if (quotes_ask(a->q, &question, &answer) < 0 || answer.found != 1 || a->got[answer.bytes - 1] != 'a') {
        (void)fprintf(stderr, "bench-wire: no hit: %s\n", answer.words);
        exit(1);
    }
}

static void aim(struct asker *a, unsigned from)
{
    for (unsigned i = 0; i < KEYS; i++)
        (void)snprintf(a->params[i], sizeof a->params[i], QUESTION, from + i);
}

static void miss(void *ctx, unsigned i)
{
    const struct cache *c = ctx;
    static const char params[] = "{\"speaker\":\"nobody at all\",\"limit\":10}";
    char key[CACHE_KEY], out[64];
    size_t len = question_key(SPAN("by"), span_of(params), key);

    (void)i;
    if (cache_get(c, (struct span){key, len}, out, sizeof out) >= 0)
        fail("a miss");
}

static void attach(void *ctx, unsigned i)
{
    const struct stub *s = ctx;
    struct cache c;

    (void)i;
    if (!cache_map(&c, cached_fd(s->cached), cached_instance(s->cached)))
        fail("attaching");
    cache_unmap(&c);
}

static void cache_hits(void)
{
    char detail[CACHED_WORDS];
    struct stub s = {.cached = cached_new(16 << 20, 1, detail), .listener = bound(place("stub"))};
    struct quotes_options options = {.socket = place("stub"), .cache = 1};
    static struct asker a;
    struct cache direct;
    pthread_t greeter, writer;

    if (!s.cached)
        fail(detail);
    memset(answered_bytes, 'a', sizeof answered_bytes); /* what was read there before is no text */
    for (unsigned i = 0; i < KEYS; i++)
        keep(&s, i, ANSWERED);
    for (unsigned i = 0; i < KEYS / 4; i++)
        keep(&s, 20000 + i, 4096);
    (void)pthread_create(&greeter, NULL, be_stub, &s);
    if (quotes_open(&options, &a.q, detail) < 0)
        fail(detail);
    aim(&a, 0);
    measure("cache_hit_300", HITS, hit, &a);
    for (unsigned rate = 1000; rate <= 100000; rate *= 100) {
        s.enough = false;
        s.per_second = rate;
        (void)pthread_create(&writer, NULL, write_on, &s);
        measure(rate == 1000 ? "cache_hit_300_w1000" : "cache_hit_300_w100000", HITS, hit, &a);
        s.enough = true;
        (void)pthread_join(writer, NULL);
    }
    for (unsigned i = 0; i < KEYS; i++)
        (void)snprintf(a.params[i], sizeof a.params[i], QUESTION, 20000 + i % (KEYS / 4));
    measure("cache_hit_4096", HITS / 4, hit, &a);
    if (cache_map(&direct, cached_fd(s.cached), cached_instance(s.cached)))
        measure("cache_miss", HITS, miss, &direct);
    measure("attach", MANY, attach, &s);
    quotes_close(a.q);
    cached_free(s.cached);
}

/* ---- all of it ----------------------------------------------------------------------------------------- */

static int drop_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void clean_up(void)
{
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
    const char *build = getenv("B") ? getenv("B") : "build";

    for (wanted = argv + 1, wanted_count = 0; argc > 1 && argv[1 + wanted_count]; wanted_count++)
        if (strcmp(argv[1 + wanted_count], "--json") == 0 || strcmp(argv[1 + wanted_count], "--quick") == 0) {
            as_json |= strcmp(argv[1 + wanted_count], "--json") == 0;
            divide = strcmp(argv[1 + wanted_count], "--quick") == 0 ? 20 : divide;
            memmove(&argv[1 + wanted_count], &argv[2 + wanted_count],
                    (size_t)(argc - wanted_count - 1) * sizeof *argv);
            wanted_count--;
            argc--;
        }
    (void)snprintf(folder, sizeof folder, "/tmp/bench-wire-XXXXXX");
    if (!mkdtemp(folder))
        fail("a folder");
    (void)signal(SIGPIPE, SIG_IGN);
    memset(answered_bytes, 'a', sizeof answered_bytes);
    run_on(0);
    if (!as_json)
        (void)printf("%-28s %10s %10s %10s  %s\n", "name", "p50 us", "p99 us", "p99.9 us", "n");
    floors();
    peers();
    lmdb();
    for (int cpu = 0; cpu < 2; cpu++)
        daemon_over_socket(build, cpu);
    cache_hits();
    clean_up();
    return 0;
}
