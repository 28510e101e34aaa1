/* paths.h -- where things stand on the disk. Daemon and client ask here, so they cannot disagree.
 *
 *      what            a person's own                      with QUOTED_INDEX=DIR     a system service
 *      index           $XDG_CACHE_HOME/quoted              DIR                       /var/cache/quoted
 *      archive.list    $XDG_CONFIG_HOME/quoted/archive.list  DIR.list                /var/lib/quoted/archive.list
 *      inbox           $XDG_DATA_HOME/quoted/inbox         DIR.inbox                 /var/lib/quoted/inbox
 *      socket          $XDG_RUNTIME_DIR/quoted/sock        DIR.sock                  /run/quoted/sock
 *      configuration   $XDG_CONFIG_HOME/quoted/quoted.conf over /etc/quoted/quoted.conf, or QUOTED_CONFIG alone
 *
 * QUOTED_SOCKET names the socket in every case. A private index (QUOTED_INDEX) is wholly private: nothing
 * of it mixes with the person's own. Where DIR.sock would be too long for a socket's name, the socket stands in
 * the runtime folder under a name made from DIR. Where XDG_RUNTIME_DIR is not set, /run/user/UID, and where that is
 * missing, /tmp/quoted-UID, serve for it.
 */
#ifndef WIRE_PATHS_H
#define WIRE_PATHS_H

#include <stdbool.h>

#include "base/limits.h"

enum { SOCKET_PATH_MAX = 108 }; /* sizeof sun_path: longer names would be cut in silence */

struct paths {
    char index[LIMIT_PATH];
    char list[LIMIT_PATH];
    char inbox[LIMIT_PATH];
    char socket[LIMIT_PATH];
    char config[LIMIT_PATH];        /* QUOTED_CONFIG, or the person's own */
    char config_common[LIMIT_PATH]; /* read before it; empty when QUOTED_CONFIG is set */
    char speakers[LIMIT_PATH];      /* the person's decisions about names */
    bool is_private;                /* QUOTED_INDEX names another index than the person's own */
};

/* Fills all of it, making nothing. `index` and `socket` stand over the environment and may be NULL.
 * 0; ERR_ARGS with words in `detail` (200 bytes) when a path is too long or there is no HOME. A socket
 * path that is too long is not refused here (see paths_socket_fits): the person may only want the others. */
int paths_find(struct paths *p, bool system, const char *index, const char *socket, char *detail);

/* True when the socket's path can be bound to whole. */
bool paths_socket_fits(const char *path);

/* True when `path` is `root` or lies below it. Both absolute, without a slash at the end. */
bool paths_below(const char *path, const char *root);

#endif
