#include "daemon/notify.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PASSED = 3 }; /* SD_LISTEN_FDS_START */

static int socket_option(int fd, int option)
{
    int value = -1;
    socklen_t len = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 ? value : -1;
}

/* True when the variable is there and names this process. */
static int is_for_us(const char *name)
{
    const char *value = getenv(name);

    return value && strtol(value, NULL, 10) == (long)getpid();
}

int notify_listener(void)
{
    const char *count = getenv("LISTEN_FDS");
    int fd = -1;

    if (count && is_for_us("LISTEN_PID") && strtol(count, NULL, 10) >= 1 &&
        socket_option(FIRST_PASSED, SO_DOMAIN) == AF_UNIX &&
        socket_option(FIRST_PASSED, SO_TYPE) == SOCK_STREAM &&
        socket_option(FIRST_PASSED, SO_ACCEPTCONN) == 1) {
        fd = FIRST_PASSED;
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    (void)unsetenv("LISTEN_PID"); /* not for our children */
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_FDNAMES");
    return fd;
}

void notify_send(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    int fd;

    if (len < 2 || len >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@')
        to.sun_path[0] = '\0'; /* a name without a file */
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    (void)close(fd);
}

void notify_reloading(void)
{
    char state[80];
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
             (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    notify_send(state);
}

uint64_t notify_watchdog_ms(void)
{
    const char *usec = getenv("WATCHDOG_USEC");
    uint64_t ms = usec ? strtoull(usec, NULL, 10) / 2000 : 0;

    if (getenv("WATCHDOG_PID") && !is_for_us("WATCHDOG_PID"))
        return 0;
    return usec && ms == 0 ? 1 : ms;
}
