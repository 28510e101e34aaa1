/* serve.h -- a request becomes a function. The table is in serve.c; the rows' names are those of
 * wire/requests.h. */
#ifndef DAEMON_SERVE_H
#define DAEMON_SERVE_H

#include <stdbool.h>

struct ask;
struct call;
struct index_view;
struct server;

/* On the loop: checks the call and answers it, or gives it to a thread. When it is settled on return, it is
 * answered. */
void serve(struct server *server, struct call *c);

/* Checks the parameters and reads from them what is asked of the index. 0, or -1 and the call has its error. */
int serve_prepare(struct call *c);

/* Asks the index, on the loop or a reader thread. The call is settled afterwards. Without `wait`, and while the
 * index's file is being replaced, it stays as it was. */
void serve_read(struct server *server, struct call *c, bool wait);

/* For who asks on behalf of others (daemon/many.c, daemon/warm.c). Does what it asks for have a bound? Asks it, from this
 * view; it is settled afterwards. */
bool serve_is_bounded(const struct ask *ask);
void serve_ask(struct server *server, struct index_view *view, struct call *c, const volatile bool *cancel);

#endif
