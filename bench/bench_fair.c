/* bench_fair.c -- what small questions wait while somebody asks large ones: one record a measurement.
 *
 *      bench-fair [--json] [--quick] [CORPUS]
 *
 * The index is made of CORPUS, or of text of our own when none is named. Small questions are of three kinds:
 *
 *      kept    its answer was given before
 *      loop    read on the daemon's loop
 *      quick   read by a thread of the quick lane
 *
 * They are asked one after the other, first while nobody else asks (fair_idle); then while another connection has one question
 * that takes long under way all the time (fair_heavy_1), 64 of them (fair_heavy_64), one for everything, whose answer is large
 * (fair_large), or 64 small ones (fair_small_64); and while one that takes long is under way on the same connection (fair_same).
 * Phases take turns, so that what else the machine does falls on all alike. A record is
 * {"name","p50_us","p99_us","p999_us","n","times"}: `times` is the p99 beside the idle one of the same round, the median of all
 * rounds.
 */
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ARTICLES = 20000,
    WORDS = 160,
    ROUNDS = 9,
    SAMPLES = 500,
    KINDS = 3,
    DEEP = 64,
    SMALL_ID = 1,
    HEAVY_ID = 2
};

/* Reads much and answers little; reads little for each row and answers with all of them. Neither is kept. */
static const char heavy[] =
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"search\",\"params\":{\"query\":\""
    "(*en* NEAR/5 *an*) OR (*or* NEAR/5 *el*) OR (*st* NEAR/5 *as*) OR (*em* NEAR/5 *ir*)"
    "\",\"limit\":5,\"offset\":1,\"deadline_ms\":0}}\n";
static const char large[] =
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"search\",\"params\":{\"query\":\"the\",\"deadline_ms\":0}}\n";

static const struct {
    const char *name, *format; /* the format takes a speaker */
} kinds[KINDS] = {
    {"kept",
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"%s\",\"limit\":3}}\n"},
    {"loop", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"%s\",\"limit\":3,"
             "\"offset\":1}}\n"},
    {"quick", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"%s\",\"limit\":200,"
              "\"facet\":\"month\",\"offset\":1}}\n"},
};

/* What others ask meanwhile, and how many at a time; NULL: a small one. */
static const struct {
    const char *name, *asked;
    unsigned deep;
    bool same; /* on the same connection */
} phases[] = {
    {"fair_idle", NULL, 0, false}, {"fair_heavy_1", heavy, 1, false}, {"fair_heavy_64", heavy, DEEP, false},
    {"fair_same", heavy, 1, true}, {"fair_large", large, 1, false},   {"fair_small_64", NULL, DEEP, false},
};

enum { PHASES = sizeof phases / sizeof *phases };

static char folder[64], socket_path[100];
static pid_t quoted;

static int drop_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void end(pid_t *child)
{
    if (*child > 0) {
        (void)kill(*child, SIGTERM);
        (void)waitpid(*child, NULL, 0);
    }
    *child = 0;
}

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench-fair: %s: %s\n", what, strerror(errno));
    end(&quoted);
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
    exit(1);
}

static double now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

/* ---- the archive --------------------------------------------------------------------------------------- */

/* A word of the made-up language, its rank falling off as in a real one. */
static const char *word(unsigned *seed)
{
    static const char *const syllables[] = {"ba", "do", "fel", "gri", "ha",  "ken", "lo", "mir",
                                            "nu", "or", "pas", "rel", "sto", "tan", "vi", "zem"};
    static char text[40];
    unsigned rank = (unsigned)rand_r(seed) % 4096;

    rank = rank * rank / 4096;
    if (rank < 400)
        return "the";
    (void)snprintf(text, sizeof text, "%s%s%s", syllables[rank / 256], syllables[rank / 16 % 16],
                   syllables[rank % 16]);
    return text;
}

static void write_archive(const char *path)
{
    static const char *const first[] = {"Orla", "Tomas", "Miriam", "Radu", "Hana", "Ines"};
    static const char *const last[] = {"Venn", "Hallberg", "Adeyo", "Pavlik", "Ishigo", "Quintal", "Sorel"};
    FILE *f = fopen(path, "w");
    unsigned seed = 1;

    if (!f)
        fail(path);
    for (unsigned n = 0; n < ARTICLES; n++) {
        (void)fprintf(f, "{\"id\":\"%u\",\"title\":\"Report %u\",\"date\":\"2024-%02u-%02u\",\"text\":\"", n,
                      n, 1 + n % 12, 1 + n % 28);
        for (unsigned i = 0; i < WORDS; i++)
            (void)fprintf(f, "%s%s", word(&seed), i % 20 == 19 ? ".\\n\\n" : " ");
        (void)fprintf(f, "“The %s will stay open,” said %s %s.\"}\n", word(&seed), first[n % 6], last[n % 7]);
    }
    if (fclose(f) != 0)
        fail(path);
}

/* ---- asking -------------------------------------------------------------------------------------------- */

/* One connection. Lines are looked at as they pass; only how they begin is kept. */
struct client {
    int fd;
    char head[64]; /* of the line that comes */
    size_t head_len;
    char bytes[1 << 16];
    size_t at, len;
};

static void connect_to(struct client *c)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};

    *c = (struct client){.fd = -1};
    (void)snprintf(to.sun_path, sizeof to.sun_path, "%s", socket_path);
    for (int tries = 0; tries < 1000; tries++) {
        c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0)
            return;
        (void)close(c->fd);
        (void)poll(NULL, 0, 10);
    }
    fail(socket_path);
}

static void send_all(const struct client *c, const char *text, size_t len)
{
    if (write(c->fd, text, len) != (ssize_t)len)
        fail("asking");
}

/* Reads to the end of the next line: the id of an answer, 0 for a part. */
static int next_line(struct client *c)
{
    static const char answer[] = "{\"jsonrpc\":\"2.0\",\"id\":";

    for (c->head_len = 0;;) {
        const char *from = c->bytes + c->at, *found = memchr(from, '\n', c->len - c->at);
        size_t n = (found ? (size_t)(found - from) : c->len - c->at), room = sizeof c->head - 1 - c->head_len;

        memcpy(c->head + c->head_len, from, n < room ? n : room);
        c->head_len += n < room ? n : room;
        c->at += n + (found != NULL);
        if (found)
            break;
        ssize_t got = read(c->fd, c->bytes, sizeof c->bytes);
        if (got <= 0)
            fail("reading an answer");
        c->at = 0;
        c->len = (size_t)got;
    }
    c->head[c->head_len] = '\0';
    if (strncmp(c->head, answer, sizeof answer - 1) != 0)
        return 0;
    if (!strstr(c->head, "\"result\"")) {
        (void)fprintf(stderr, "bench-fair: %s\n", c->head);
        fail("an error came for an answer");
    }
    return atoi(c->head + sizeof answer - 1);
}

/* Waits for the small answer; when a large one ended meanwhile, the next is asked. */
static void small_answer(struct client *c)
{
    int id;

    while ((id = next_line(c)) != SMALL_ID)
        if (id == HEAVY_ID)
            send_all(c, heavy, sizeof heavy - 1);
}

/* A child that keeps so many of one question under way, until it is ended. */
static pid_t asking(const char *question, unsigned deep)
{
    static struct client c;
    pid_t child = fork();

    if (child)
        return child;
    connect_to(&c);
    for (unsigned i = 0; i < deep; i++)
        send_all(&c, question, strlen(question));
    for (;;)
        if (next_line(&c))
            send_all(&c, question, strlen(question));
}

/* ---- measuring ----------------------------------------------------------------------------------------- */

struct sample {
    double *us; /* of all rounds, one behind the other */
    double p99[ROUNDS], times[ROUNDS];
};

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void measure(struct client *c, const char *question, struct sample *s, unsigned round, unsigned n)
{
    double *us = s->us + (size_t)round * n;

    for (unsigned i = 0; i < n; i++) {
        double began = now_us();

        send_all(c, question, strlen(question));
        small_answer(c);
        us[i] = now_us() - began;
    }
    qsort(us, n, sizeof *us, by_size);
    s->p99[round] = us[n * 99 / 100];
}

static void run_phase(unsigned p, char questions[KINDS][300], struct sample *samples, unsigned round,
                      unsigned n)
{
    static struct client c;
    const char *asked = phases[p].asked ? phases[p].asked : questions[1];
    pid_t other = phases[p].deep && !phases[p].same ? asking(asked, phases[p].deep) : 0;

    connect_to(&c);
    if (phases[p].same)
        send_all(&c, asked, strlen(asked));
    if (phases[p].deep)
        (void)poll(NULL, 0, 100); /* until it is under way */
    for (unsigned k = 0; k < KINDS; k++)
        measure(&c, questions[k], &samples[k], round, n);
    (void)close(c.fd);
    end(&other);
    (void)poll(NULL, 0, 100); /* what it asked is given up */
}

static void report(bool as_json, const char *phase, const char *kind, struct sample *s,
                   const struct sample *idle, unsigned n)
{
    char name[40];

    for (unsigned round = 0; round < ROUNDS; round++)
        s->times[round] = s->p99[round] / idle->p99[round];
    (void)snprintf(name, sizeof name, "%s_%s", phase, kind);
    n *= ROUNDS;
    qsort(s->us, n, sizeof *s->us, by_size);
    qsort(s->times, ROUNDS, sizeof *s->times, by_size);
    (void)printf(
        as_json
            ? "{\"name\":\"%s\",\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"n\":%u,\"times\":%.2f}\n"
            : "%-22s %10.1f %10.1f %10.1f %8u %6.2f\n",
        name, s->us[n / 2], s->us[(size_t)n * 99 / 100], s->us[(size_t)n * 999 / 1000], n,
        s->times[ROUNDS / 2]);
}

/* ---- all of it ----------------------------------------------------------------------------------------- */

static void start_daemon(const char *build, const char *corpus)
{
    static char program[256], command[1024], made[128];
    static struct client c;

    if (!corpus) {
        (void)snprintf(made, sizeof made, "%s/archive.jsonl", folder);
        write_archive(corpus = made);
    }
    (void)snprintf(program, sizeof program, "%s/quoted", build);
    (void)snprintf(command, sizeof command, "%s/index", folder);
    (void)setenv("QUOTED_INDEX", command, 1);
    (void)setenv("QUOTED_SOCKET", socket_path, 1);
    (void)snprintf(command, sizeof command, "%s/conf", folder);
    (void)setenv("QUOTED_CONFIG", command, 1);
    if ((quoted = fork()) == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(126);
        execl(program, program, (char *)NULL);
        _exit(127);
    }
    connect_to(&c);
    (void)snprintf(command, sizeof command, "%s/quotes add '%s' > /dev/null", build, corpus);
    if (system(command) != 0)
        fail("quotes add");
    for (unsigned i = 0; i < 2; i++) {
        double began = now_us();

        send_all(&c, i ? large : heavy, strlen(i ? large : heavy));
        while (next_line(&c) != HEAVY_ID)
            ;
        (void)fprintf(stderr, "bench-fair: the %s question takes %.0f ms by itself\n", i ? "large" : "heavy",
                      (now_us() - began) / 1000);
    }
    (void)close(c.fd);
}

/* Whoever is quoted most. */
static void find_speaker(const char *build, char name[100])
{
    char command[400];
    FILE *f;

    (void)snprintf(command, sizeof command,
                   "%s/quotes speakers --json -n1 | sed 's/.*\"name\":\"\\([^\"]*\\)\".*/\\1/'", build);
    if (!(f = popen(command, "r")) || !fgets(name, 100, f))
        fail("quotes speakers");
    (void)pclose(f);
    name[strcspn(name, "\n")] = '\0';
}

int main(int argc, char **argv)
{
    static struct sample samples[PHASES][KINDS];
    const char *build = getenv("B") ? getenv("B") : "build", *corpus = NULL;
    unsigned n = SAMPLES;
    char questions[KINDS][300], name[100];
    bool as_json = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            as_json = true;
        else if (strcmp(argv[i], "--quick") == 0)
            n = SAMPLES / 5;
        else
            corpus = argv[i];
    }
    (void)snprintf(folder, sizeof folder, "/tmp/bench-fair-XXXXXX");
    if (!mkdtemp(folder))
        fail("a folder");
    (void)snprintf(socket_path, sizeof socket_path, "%s/sock", folder);
    (void)signal(SIGPIPE, SIG_IGN);
    start_daemon(build, corpus);
    find_speaker(build, name);
    for (unsigned k = 0; k < KINDS; k++)
        (void)snprintf(questions[k], sizeof questions[k], kinds[k].format, name);
    for (unsigned p = 0; p < PHASES; p++)
        for (unsigned k = 0; k < KINDS; k++)
            if (!(samples[p][k].us = calloc((size_t)n * ROUNDS, sizeof(double))))
                fail("memory");
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned p = 0; p < PHASES; p++)
            run_phase(p, questions, samples[p], round, n);
    if (!as_json)
        (void)printf("%-22s %10s %10s %10s %8s %6s\n", "name", "p50 us", "p99 us", "p99.9 us", "n", "times");
    for (unsigned k = 0; k < KINDS; k++)
        for (unsigned p = 0; p < PHASES; p++)
            report(as_json, phases[p].name, kinds[k].name, &samples[p][k], &samples[0][k], n);
    end(&quoted);
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
