/* status.h -- what the daemon and its index hold, and what it is doing, for a person or a program. */
#ifndef DAEMON_STATUS_H
#define DAEMON_STATUS_H

struct call;
struct index_view;
struct server;

/* Writes the status into the call's answer, in the format it asks for. 0 or an error. Any thread. */
int status_answer(struct server *server, struct index_view *view, struct call *c);

#endif
