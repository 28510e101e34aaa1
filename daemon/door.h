/* door.h -- the listening socket: who is let in, and what the others are told.
 *
 * Nobody meets a connection that ends without a word. A client too many, or of another person, is refused:
 *
 *      room for it       a session that answers the first request with the error, and closes (session.h)
 *      too many refused  the error is said at once, and the connection closed
 *      no descriptor     the same, with the descriptor that is kept for this
 *
 * Connections are counted for each uid, the daemon's own and root's like any other: a program that forgets to close takes the
 * room of one person, and root, who is counted apart, can still look what is the matter.
 *
 * The descriptors that the system allows are shared out when the daemon starts, so that connections cannot take those of the
 * index and of answers that wait in files, nor the other way round. libuv accepts what it cannot keep and closes it; so the
 * accepting is done here.
 */
#ifndef DAEMON_DOOR_H
#define DAEMON_DOOR_H

#include <uv.h>

struct server;

struct door {
    uv_poll_t listener;
    int fd, spare; /* spare: /dev/null, to be given up for a client that is told why it cannot come in */
    unsigned clients, refused, answers; /* at most so many sessions, refused ones, answers in files */
};

/* Listens on the socket, which is ours from here on. Everything else that stays open must be open already. */
int door_open(struct server *server, int fd);
void door_close(struct server *server);

/* Once a second: tries again when no descriptor was left even for a refusal. */
void door_look(struct server *server);

#endif
