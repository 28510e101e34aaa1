#include "wire/paths.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"

enum { DETAIL = 200 };

/* Writes a path of LIMIT_PATH bytes; ERR_ARGS when it does not fit. */
__attribute__((format(printf, 2, 3))) static int set(char *path, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(path, LIMIT_PATH, format, args);
    va_end(args);
    return len < 0 || len >= (int)LIMIT_PATH ? ERR_ARGS : 0;
}

/* An environment variable that says something, or NULL. */
static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* A folder of the XDG specification: the variable when it is absolute, else the place below HOME. */
static int xdg(char *path, const char *name, const char *below_home)
{
    const char *value = environment(name), *home = environment("HOME");

    if (value && value[0] == '/')
        return set(path, "%s", value);
    return home && home[0] == '/' ? set(path, "%s/%s", home, below_home) : ERR_ARGS;
}

static int runtime_folder(char *path)
{
    const char *value = environment("XDG_RUNTIME_DIR");
    struct stat st;
    int rc;

    if (value && value[0] == '/')
        return set(path, "%s", value);
    if ((rc = set(path, "/run/user/%u", (unsigned)getuid())) < 0)
        return rc;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == getuid())
        return 0;
    return set(path, "/tmp/quoted-%u", (unsigned)getuid());
}

/* Absolute, and without slashes at the end. */
static int absolute(char *path, const char *given)
{
    char here[LIMIT_PATH];
    size_t len;
    int rc;

    if (given[0] == '/')
        rc = set(path, "%s", given);
    else
        rc = getcwd(here, sizeof here) ? set(path, "%s/%s", here, given) : ERR_ARGS;
    if (rc < 0)
        return rc;
    for (len = strlen(path); len > 1 && path[len - 1] == '/'; len--)
        path[len - 1] = '\0';
    return 0;
}

/* FNV-1a: a short name for a long path. Two indexes that share it would be told apart by `initialize`. */
static uint64_t short_name(const char *path)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *path; path++)
        hash = (hash ^ (uint8_t)*path) * UINT64_C(0x100000001b3);
    return hash;
}

static int private_socket(struct paths *p, const char *runtime)
{
    int rc = set(p->socket, "%s.sock", p->index);

    if (rc == 0 && paths_socket_fits(p->socket))
        return 0;
    return set(p->socket, "%s/quoted/%016" PRIx64 ".sock", runtime, short_name(p->index));
}

static int find_system(struct paths *p)
{
    int rc;

    if ((rc = set(p->index, "/var/cache/quoted")) < 0 ||
        (rc = set(p->list, "/var/lib/quoted/archive.list")) < 0 ||
        (rc = set(p->inbox, "/var/lib/quoted/inbox")) < 0 || (rc = set(p->socket, "/run/quoted/sock")) < 0 ||
        (rc = set(p->config, "/etc/quoted/quoted.conf")) < 0)
        return rc;
    return set(p->speakers, "/etc/quoted/speakers.conf");
}

static int find_own(struct paths *p, const char *runtime)
{
    char cache[LIMIT_PATH], config[LIMIT_PATH], data[LIMIT_PATH];
    int rc;

    if ((rc = xdg(cache, "XDG_CACHE_HOME", ".cache")) < 0 ||
        (rc = xdg(config, "XDG_CONFIG_HOME", ".config")) < 0 ||
        (rc = xdg(data, "XDG_DATA_HOME", ".local/share")) < 0)
        return rc;
    if ((rc = set(p->index, "%s/quoted", cache)) < 0 ||
        (rc = set(p->list, "%s/quoted/archive.list", config)) < 0 ||
        (rc = set(p->inbox, "%s/quoted/inbox", data)) < 0 ||
        (rc = set(p->socket, "%s/quoted/sock", runtime)) < 0 ||
        (rc = set(p->config, "%s/quoted/quoted.conf", config)) < 0 ||
        (rc = set(p->config_common, "/etc/quoted/quoted.conf")) < 0)
        return rc;
    return set(p->speakers, "%s/quoted/speakers.conf", config);
}

/* The index named by the caller. When it is the one there would have been anyway, nothing else moves. */
static int use_index(struct paths *p, const char *given, const char *runtime)
{
    char index[LIMIT_PATH];
    int rc;

    if ((rc = absolute(index, given)) < 0)
        return rc;
    if (strcmp(index, p->index) == 0)
        return 0;
    p->is_private = true;
    if ((rc = set(p->index, "%s", index)) < 0 || (rc = set(p->list, "%s.list", index)) < 0 ||
        (rc = set(p->inbox, "%s.inbox", index)) < 0)
        return rc;
    return private_socket(p, runtime);
}

int paths_find(struct paths *p, bool system, const char *index, const char *socket, char *detail)
{
    const char *config = environment("QUOTED_CONFIG");
    char runtime[LIMIT_PATH];
    int rc;

    memset(p, 0, sizeof *p);
    detail[0] = '\0';
    index = index ? index : environment("QUOTED_INDEX");
    socket = socket ? socket : environment("QUOTED_SOCKET");
    if ((rc = runtime_folder(runtime)) < 0)
        goto out;
    rc = system ? find_system(p) : find_own(p, runtime);
    if (rc < 0 && index && !environment("HOME"))
        rc = 0; /* a private index needs no HOME */
    if (rc < 0 || (index && (rc = use_index(p, index, runtime)) < 0))
        goto out;
    if (socket && (rc = absolute(p->socket, socket)) < 0)
        goto out;
    if (config) {
        p->config_common[0] = '\0';
        rc = absolute(p->config, config);
    }
out:
    if (rc < 0)
        snprintf(detail, DETAIL, "%s",
                 environment("HOME") ? "a path is longer than 4095 bytes" : "HOME is not set");
    return rc;
}

bool paths_socket_fits(const char *path)
{
    return strlen(path) < SOCKET_PATH_MAX;
}

bool paths_below(const char *path, const char *root)
{
    size_t len = strlen(root);

    if (len == 1 && root[0] == '/')
        return path[0] == '/';
    return strncmp(path, root, len) == 0 && (path[len] == '\0' || path[len] == '/');
}
