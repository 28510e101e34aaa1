/* start.h -- starting the daemon when none answers, so that nobody has to set anything up.
 *
 *      quotes ─lock─► does one answer now? ─no─► fork, setsid, fork ─► quoted --idle-exit=900
 *         └── waits until the socket answers, or until quoted has ended ◄──┘
 *
 * The lock is the file SOCKET.start: of ten clients that start at once, one starts the daemon and nine find it. The
 * same file takes what the daemon says on standard error, so that a failed start can be explained in its words.
 * The daemon has no descriptor of ours, so that `x=$(quotes by Venn)` returns when quotes does.
 */
#ifndef CLIENT_START_H
#define CLIENT_START_H

#include "wire/paths.h"

/* Starts the daemon of these paths. 0 when it answers, else the status to exit with; why has been said. */
int start_daemon(const struct paths *p);

#endif
