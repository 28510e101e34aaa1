/* main.c -- start, serve, end. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "base/err.h"
#include "daemon/log.h"
#include "daemon/notify.h"
#include "daemon/server.h"
#include "wire/version.h"

/* Exit statuses, those of sysexits.h that a script may want to tell apart. */
enum { EXIT_USAGE = 64, EXIT_TAKEN = 69, EXIT_START = 70, EXIT_CONFIG = 78 };

static const char help[] =
    "quoted " QUOTED_VERSION " -- keeps an index of your own archive and answers who said what.\n"
    "\n"
    "You seldom start it yourself: `quotes`, the client, does so when it is needed, or systemd does\n"
    "(systemctl --user enable --now quoted.socket). It reads your articles, never changes them, and never\n"
    "opens a network connection; everything it makes can be thrown away and made again (quotes reindex).\n"
    "\n"
    "    quoted [OPTION...]\n"
    "\n"
    "  --index DIR          the index's folder          (QUOTED_INDEX;  else ~/.cache/quoted)\n"
    "  --socket PATH        where it listens            (QUOTED_SOCKET; else $XDG_RUNTIME_DIR/quoted/sock)\n"
    "  --config FILE        settings                    (QUOTED_CONFIG; else ~/.config/quoted/quoted.conf\n"
    "                                                    over /etc/quoted/quoted.conf)\n"
    "  --idle-exit=SECONDS  end after so long without clients and work; 0, the usual: stay\n"
    "  --check-config       read the settings, show them, say what is wrong with them, and end\n"
    "  --version            which quoted this is\n"
    "  --help               this page\n"
    "\n"
    "With --index the archive's list and inbox stand beside it (DIR.list, DIR.inbox/) and the socket too\n"
    "(DIR.sock), so that a trial index touches nothing of yours:\n"
    "\n"
    "    quoted --index /tmp/trial &\n"
    "    QUOTED_INDEX=/tmp/trial quotes add ~/articles\n"
    "    QUOTED_INDEX=/tmp/trial quotes by venn\n"
    "\n"
    "Signals: SIGTERM and SIGINT finish the transaction under way and end; SIGHUP reads the settings again.\n"
    "Exit status: 0 ended as asked; 64 wrong use; 69 another quoted is there; 70 cannot start; 78 settings.\n"
    "A request is one line of JSON: see docs/PROTOCOL.md, or try\n"
    "    echo '{\"id\":1,\"method\":\"status\",\"params\":{\"format\":\"text\"}}' | nc -NU SOCKET\n";

struct options {
    const char *index, *socket, *config, *idle_exit;
    bool check_config;
};

/* -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {
        {"index", required_argument, NULL, 'i'},  {"socket", required_argument, NULL, 's'},
        {"config", required_argument, NULL, 'c'}, {"idle-exit", required_argument, NULL, 'x'},
        {"check-config", no_argument, NULL, 'k'}, {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    int c;

    while ((c = getopt_long(argc, argv, "h", names, NULL)) != -1) {
        switch (c) {
        case 'i':
            o->index = optarg;
            break;
        case 's':
            o->socket = optarg;
            break;
        case 'c':
            o->config = optarg;
            break;
        case 'x':
            o->idle_exit = optarg;
            break;
        case 'k':
            o->check_config = true;
            break;
        case 'v':
            puts("quoted " QUOTED_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            fputs(help, stdout);
            return EXIT_SUCCESS;
        default:
            fputs("quoted --help shows what it takes\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr,
                "quoted: it takes no arguments, and \"%s\" is one; articles come in with: quotes add %s\n",
                argv[optind], argv[optind]);
        return EXIT_USAGE;
    }
    return -1;
}

/* The settings of the files, then those of the command line over them. */
static int read_config(struct server *server, const struct options *o, char *detail)
{
    struct config *c = &server->config;
    int rc;

    config_defaults(c);
    if (o->config)
        snprintf(server->paths.config, sizeof server->paths.config, "%s", o->config);
    if (o->config)
        server->paths.config_common[0] = '\0';
    if (*server->paths.config_common && (rc = config_read(c, server->paths.config_common, 0, detail)) < 0)
        return rc;
    if (*server->paths.config && (rc = config_read(c, server->paths.config, o->config != NULL, detail)) < 0)
        return rc;
    return o->idle_exit ? config_set(c, "idle_exit", o->idle_exit, detail) : 0;
}

/* Where everything stands depends on the settings, and where those stand on the environment: so twice. */
static int prepare(struct server *server, const struct options *o, char *detail)
{
    char config[LIMIT_PATH], common[LIMIT_PATH];
    const struct config *c = &server->config;
    const char *system = getenv("QUOTED_SYSTEM");
    int rc;

    server->system = system && *system && strcmp(system, "0") != 0;
    server->config_path = o->config;
    if ((rc = paths_find(&server->paths, server->system, o->index, o->socket, detail)) < 0 ||
        (rc = read_config(server, o, detail)) < 0)
        return rc;
    memcpy(config, server->paths.config, sizeof config);
    memcpy(common, server->paths.config_common, sizeof common);
    server->system |= strcmp(c->mode, "system") == 0;
    /* the command line stands over the environment, and the environment over the settings */
    rc = paths_find(&server->paths, server->system,
                    o->index                               ? o->index
                    : !getenv("QUOTED_INDEX") && *c->index ? c->index
                                                           : NULL,
                    o->socket                                ? o->socket
                    : !getenv("QUOTED_SOCKET") && *c->socket ? c->socket
                                                             : NULL,
                    detail);
    memcpy(server->paths.config, config, sizeof config);
    memcpy(server->paths.config_common, common, sizeof common);
    return rc;
}

/* What we hold is private: no core dumps, no files for others, and no debugger of another process. */
static void shut_curtains(void)
{
    struct rlimit none = {0, 0};

    umask(077);
    (void)setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its leak check traces the process */
    (void)prctl(PR_SET_DUMPABLE, 0);
#endif
    (void)signal(SIGPIPE, SIG_IGN); /* a client that went away is an error of write(), not our end */
}

/* The socket that systemd passed stands where its unit says, not where we would have put it. */
static void name_passed(struct server *server, int passed)
{
    struct sockaddr_un name = {0};
    socklen_t len = sizeof name;

    if (getsockname(passed, (struct sockaddr *)&name, &len) == 0 && name.sun_path[0] == '/')
        snprintf(server->paths.socket, sizeof server->paths.socket, "%.*s", (int)sizeof name.sun_path,
                 name.sun_path);
}

static int open_index(struct server *server)
{
    char detail[200] = "";
    int rc = guard_open(&server->guard, server->paths.index, &server->renewed, detail);

    if (rc < 0) {
        log_error("the index in %s cannot be opened: %s%s%s", server->paths.index, err_words(rc),
                  *detail ? ": " : "", detail);
        return rc == ERR_LOCKED ? EXIT_TAKEN : EXIT_START;
    }
    if (server->renewed) {
        snprintf(server->renewed_why, sizeof server->renewed_why, "%s",
                 *detail ? detail : "it could not be read");
        log_warn("the index was set aside and is made anew from the archive: %s", server->renewed_why);
    }
    return EXIT_SUCCESS;
}

static int serve_until_the_end(struct server *server, int passed)
{
    uv_loop_t loop;
    int status;

    if (uv_loop_init(&loop) < 0) {
        log_error("cannot start: %s", err_words(ERR_NOMEM));
        return EXIT_START;
    }
    server->loop = &loop;
    if ((status = open_index(server)) != EXIT_SUCCESS)
        return status;
    if (server_start(server, passed) < 0)
        return EXIT_START;
    log_info("version " QUOTED_VERSION " listens on %s, index %s, generation %llu", server->paths.socket,
             server->paths.index, (unsigned long long)atomic_load(&server->generation));
    uv_run(&loop, UV_RUN_DEFAULT);
    guard_close(&server->guard);
    server_fini(server);
    (void)uv_loop_close(&loop);
    log_info("ended");
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static struct server server; /* zeroed; large, for its read buffer */
    struct options options = {0};
    char detail[CONFIG_DETAIL] = "";
    int status = read_options(argc, argv, &options), passed, rc;

    if (status >= 0)
        return status;
    passed = notify_listener(); /* before anything else may take its number */
    log_init();
    shut_curtains();
    json_object_seed(0); /* before there are threads */
    server.lock_fd = -1;
    if ((rc = prepare(&server, &options, detail)) < 0) {
        log_error("%s", detail);
        return EXIT_CONFIG;
    }
    if (options.check_config) {
        config_print(&server.config, stdout);
        return EXIT_SUCCESS;
    }
    if (passed >= 0)
        name_passed(&server, passed);
    if ((rc = server_lock(&server, passed >= 0, detail)) < 0) {
        log_error("%s", detail);
        return rc == ERR_LOCKED ? EXIT_TAKEN : rc == ERR_ARGS ? EXIT_USAGE : EXIT_START;
    }
    return serve_until_the_end(&server, passed);
}
