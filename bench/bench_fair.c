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
 * They are asked one after the other, first while nobody else asks (fair_idle), then while another connection has one
 * question of everything under way all the time (fair_heavy_1), then 64 of them (fair_heavy_64), then while one is under
 * way on the same connection (fair_same); then while another connection sends 64 small ones at a time (fair_small_64).
 * Phases take turns, so that what else the machine does falls on all alike. A record is
 * {"name","p50_us","p99_us","p999_us","n","times"}: `times` compares the p99 with the idle one.
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

enum { ARTICLES = 20000, WORDS = 160, ROUNDS = 4, SAMPLES = 1000, KINDS = 3, DEEP = 64, SMALL_ID = 1, HEAVY_ID = 2 };

static const char heavy[] =
    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"search\",\"params\":{\"query\":\"the\",\"deadline_ms\":0}}\n";

static const struct {
    const char *name, *format; /* the format takes a speaker */
} kinds[KINDS] = {
    {"kept", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"%s\",\"limit\":3}}\n"},
    {"loop", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"%s\",\"limit\":3,\"offset\":1}}\n"},
    {"quick", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"by\",\"params\":{\"speaker\":\"%s\",\"limit\":200,"
              "\"facet\":\"month\",\"offset\":1}}\n"},
};

enum phase { IDLE, HEAVY_1, HEAVY_64, SAME, SMALL_64, PHASES };

static const char *const phases[PHASES] = {"fair_idle", "fair_heavy_1", "fair_heavy_64", "fair_same",
                                           "fair_small_64"};

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
    static const char *const syllables[] = {"ba", "do", "fel", "gri", "ha", "ken", "lo", "mir",
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
        (void)fprintf(f, "{\"id\":\"%u\",\"title\":\"Report %u\",\"date\":\"2024-%02u-%02u\",\"text\":\"", n, n, 1 + n % 12,
                      1 + n % 28);
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
    double *us;
    unsigned n;
};

static void measure(struct client *c, const char *question, struct sample *s, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        double began = now_us();

        send_all(c, question, strlen(question));
        small_answer(c);
        s->us[s->n++] = now_us() - began;
    }
}

static void run_phase(enum phase phase, char questions[KINDS][300], struct sample *samples, unsigned n)
{
    static struct client c;
    pid_t other = 0;

    connect_to(&c);
    if (phase == HEAVY_1 || phase == HEAVY_64)
        other = asking(heavy, phase == HEAVY_1 ? 1 : DEEP);
    if (phase == SMALL_64)
        other = asking(questions[1], DEEP);
    if (phase == SAME)
        send_all(&c, heavy, sizeof heavy - 1);
    (void)poll(NULL, 0, phase == IDLE ? 0 : 100); /* until it is under way */
    for (unsigned k = 0; k < KINDS; k++)
        measure(&c, questions[k], &samples[k], n);
    (void)close(c.fd);
    end(&other);
    (void)poll(NULL, 0, 100); /* what it asked is given up */
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Returns the p99. */
static double report(bool as_json, const char *phase, const char *kind, struct sample *s, double idle)
{
    char name[40];
    double p99;

    (void)snprintf(name, sizeof name, "%s_%s", phase, kind);
    qsort(s->us, s->n, sizeof *s->us, by_size);
    p99 = s->us[(size_t)s->n * 99 / 100];
    (void)printf(as_json ? "{\"name\":\"%s\",\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"n\":%u,\"times\":%.2f}\n"
                         : "%-22s %10.1f %10.1f %10.1f %8u %6.2f\n",
                 name, s->us[s->n / 2], p99, s->us[(size_t)s->n * 999 / 1000], s->n, idle > 0 ? p99 / idle : 1);
    return p99;
}

/* ---- all of it ----------------------------------------------------------------------------------------- */

static void start_daemon(const char *build, const char *corpus)
{
    static char program[256], command[1024], made[128];
    static struct client c;
    double began;

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
    began = now_us();
    send_all(&c, heavy, sizeof heavy - 1);
    while (next_line(&c) != HEAVY_ID)
        ;
    (void)fprintf(stderr, "bench-fair: a large question takes %.0f ms by itself\n", (now_us() - began) / 1000);
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
            n = SAMPLES / 10;
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
        for (enum phase p = 0; p < PHASES; p++)
            run_phase(p, questions, samples[p], n);
    if (!as_json)
        (void)printf("%-22s %10s %10s %10s %8s %6s\n", "name", "p50 us", "p99 us", "p99.9 us", "n", "times");
    for (unsigned k = 0; k < KINDS; k++) {
        double idle = 0;

        for (enum phase p = 0; p < PHASES; p++) {
            double p99 = report(as_json, phases[p], kinds[k].name, &samples[p][k], idle);
            idle = p == IDLE ? p99 : idle;
        }
    }
    end(&quoted);
    (void)nftw(folder, drop_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
