/* notify.h -- what systemd wants to hear, and what it hands over. No libsystemd: it is one datagram.
 *
 * All of it does nothing when the daemon was not started by systemd.
 */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

#include <stdint.h>

/* The listening socket that systemd passed (LISTEN_PID, LISTEN_FDS): its descriptor, or -1. Only a Unix
 * stream socket that listens is taken. Call it first of all: the number must not be somebody else's yet. */
int notify_listener(void);

/* Sends "READY=1", "STOPPING=1", ... to NOTIFY_SOCKET. Failure is nobody's concern. */
void notify_send(const char *state);

/* "RELOADING=1" with the time that systemd asks for. */
void notify_reloading(void);

/* How often the watchdog wants to be fed, in milliseconds: half of WATCHDOG_USEC; 0 when there is none. */
uint64_t notify_watchdog_ms(void);

#endif
