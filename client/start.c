#include "client/start.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "client/beside.h"
#include "client/quotes.h"
#include "client/say.h"

enum {
    START_MS = 10000, /* a daemon that finds a damaged index sets it aside first */
    LOOK_MS = 10,     /* how often the socket is tried meanwhile */
    WORDS = 2000      /* bytes of what it said that are shown */
};

#define TEXT_OF_(n) #n
#define TEXT_OF(n)  TEXT_OF_(n)
#define IDLE_EXIT   "--idle-exit=" TEXT_OF(LIMIT_IDLE_S)

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool answers(const struct paths *p)
{
    struct quotes_options o = {.socket = p->socket};
    struct quotes *q;
    int rc = quotes_open(&o, &q, NULL);

    quotes_close(q);
    return rc == 0;
}

/* Makes the folder of the socket, for the person alone, and the folders above it. A folder that is there stays as it
 * is, but one of somebody else, or that others could write to, is refused: they could put a socket of theirs in it. */
static int make_folder(const char *socket)
{
    char path[LIMIT_PATH];
    struct stat st;
    char *slash;

    snprintf(path, sizeof path, "%s", socket);
    slash = strrchr(path, '/');
    if (!slash || slash == path)
        return 0;
    *slash = '\0';
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(path, 0700);
        *at = '/';
    }
    (void)mkdir(path, 0700);
    if (stat(path, &st) < 0) {
        say("the folder %s for the socket cannot be made: %s", path, strerror(errno));
        return -1;
    }
    if (st.st_uid != geteuid() && st.st_uid != 0) {
        say("the folder %s belongs to somebody else, so the socket cannot stand there", path);
        return -1;
    }
    if ((st.st_mode & 022) && !(st.st_mode & S_ISVTX)) {
        say("others may write to %s, so the socket cannot stand there; run: chmod go-w %s", path, path);
        return -1;
    }
    return 0;
}

/* What the daemon is told: the same places as ours, absolute, because it will stand in another folder. Of the service
 * that may have started us it must not think that it is it. */
static void set_environment(const struct paths *p)
{
    static const char *const not_ours[] = {"NOTIFY_SOCKET",  "LISTEN_PID",   "LISTEN_FDS",
                                           "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC"};

    for (size_t i = 0; i < sizeof not_ours / sizeof *not_ours; i++)
        (void)unsetenv(not_ours[i]);
    if (p->is_private)
        (void)setenv("QUOTED_INDEX", p->index, 1);
    (void)setenv("QUOTED_SOCKET", p->socket, 1);
    if (getenv("QUOTED_CONFIG"))
        (void)setenv("QUOTED_CONFIG", p->config, 1);
}

/* Every signal as a new program expects it: whatever we or our caller ignored. */
static void reset_signals(void)
{
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        (void)signal(i, SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the grandchild: becomes the daemon. Never returns. */
static void become(const char *program, const struct paths *p, const char *log)
{
    int null = open("/dev/null", O_RDWR), err;

    reset_signals();
    set_environment(p);
    (void)umask(077);
    err = open(log, O_WRONLY | O_APPEND | O_NOFOLLOW);
    if (null < 0 || err < 0 || dup2(err, STDERR_FILENO) < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(null, STDOUT_FILENO) < 0)
        _exit(127);
    (void)syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
    if (chdir("/") < 0)
        _exit(127);
    execl(program, program, IDLE_EXIT, (char *)NULL);
    fprintf(stderr, "%s: %s\n", program, strerror(errno));
    fflush(stderr);
    _exit(127);
}

/* Forks twice: the daemon is nobody's child, and as it does not lead its session it never gets a terminal. Returns its
 * pid, or -1. */
static pid_t launch(const char *program, const struct paths *p, const char *log)
{
    pid_t child, daemon = -1;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    child = fork();
    if (child == 0) {
        (void)setsid();
        daemon = fork();
        if (daemon == 0)
            become(program, p, log);
        (void)!write(ends[1], &daemon, sizeof daemon);
        _exit(0);
    }
    close(ends[1]);
    if (child > 0) {
        if (read(ends[0], &daemon, sizeof daemon) != (ssize_t)sizeof daemon)
            daemon = -1;
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close(ends[0]);
    return daemon;
}

/* Waits until the daemon answers. False when it has ended, or time is up (*ended says which). */
static bool wait_for_it(const struct paths *p, pid_t daemon, bool *ended)
{
    struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, daemon, 0), .events = POLLIN};
    long long until = now_ms() + START_MS;
    bool up = false;

    *ended = end.fd < 0 && errno == ESRCH;
    while (!(up = answers(p)) && !*ended && now_ms() < until)
        *ended = poll(&end, 1, LOOK_MS) > 0; /* without a pidfd this only waits */
    if (end.fd >= 0)
        close(end.fd);
    return up;
}

/* The last words of a daemon that did not come up. */
static void show_words(int log)
{
    char text[WORDS + 1];
    off_t size = lseek(log, 0, SEEK_END);
    ssize_t n = pread(log, text, WORDS, size > WORDS ? size - WORDS : 0);

    while (n > 0 && text[n - 1] == '\n')
        n--;
    if (n <= 0)
        return;
    text[n] = '\0';
    say_more("%s", text);
}

int start_daemon(const struct paths *p)
{
    char program[LIMIT_PATH], log[LIMIT_PATH + 8];
    bool ended = false;
    int lock, status = EXIT_NO_DAEMON;
    pid_t daemon;

    if (!beside_find("quoted", program, sizeof program)) {
        say("no quoted answers at %s, and the program quoted is neither beside quotes nor on the PATH",
            p->socket);
        return EXIT_NO_DAEMON;
    }
    if (!paths_socket_fits(p->socket)) {
        say("the name of the socket %s is longer than %d bytes; choose a shorter one with QUOTED_SOCKET",
            p->socket, SOCKET_PATH_MAX - 1);
        return EXIT_NO_DAEMON;
    }
    if (make_folder(p->socket) < 0)
        return EXIT_NO_DAEMON;
    snprintf(log, sizeof log, "%s.start", p->socket);
    lock = open(log, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) {
        say("quoted cannot be started: %s: %s", log, strerror(errno));
        return EXIT_NO_DAEMON;
    }
    while (flock(lock, LOCK_EX) < 0 && errno == EINTR)
        ;
    if (answers(p)) { /* another client was quicker */
        status = 0;
    } else if (ftruncate(lock, 0) < 0 || (daemon = launch(program, p, log)) < 0) {
        say("quoted cannot be started: %s", strerror(errno));
    } else if (wait_for_it(p, daemon, &ended)) {
        status = 0;
    } else {
        say(ended ? "%s was started and ended at once; it said:"
                  : "%s was started and does not answer; it said:",
            program);
        show_words(lock);
    }
    close(lock);
    return status;
}
