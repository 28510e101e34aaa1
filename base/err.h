/* err.h -- every way a call can fail, in one table.
 *
 * A function that can fail returns an int: zero or more is success, less than zero is one of these.
 * Nothing else carries an error: no errno, no out-parameter, no global. (A buf and an arena remember
 * their first failure, so that many small writes can be checked once; see there.)
 *
 * The convention is libuv's, and the numbers start past libuv's own, so that the daemon can mix both.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/* clang-format off */
#define ERR_TABLE(X)                                                                              \
    X(NOMEM,     10001, "out of memory")                                                          \
    X(IO,        10002, "the disk refused")                                                       \
    X(FULL,      10003, "no space left on the disk")                                              \
    X(CORRUPT,   10004, "the index is damaged; it can be rebuilt with: quotes reindex")           \
    X(SYNTAX,    10005, "the query cannot be read")                                               \
    X(NOTTEXT,   10006, "the file is not text in a known encoding")                               \
    X(TOOBIG,    10007, "larger than the limit")                                                  \
    X(CHANGED,   10008, "the file changed while it was being read")                               \
    X(NOTFOUND,  10009, "nothing there by that name")                                             \
    X(DENIED,    10010, "permission denied")                                                      \
    X(NETFS,     10011, "the index may not stand on a network file system")                       \
    X(VERSION,   10012, "the index was made by another version")                                  \
    X(LOCKED,    10013, "another daemon holds the index")                                         \
    X(CANCELLED, 10014, "cancelled")                                                              \
    X(ARGS,      10015, "the request cannot be read")                                             \
    X(PROTOCOL,  10016, "the other side does not speak the protocol")                             \
    X(BUSY,      10017, "too much is asked at once; try again")                                   \
    X(GONE,      10018, "the daemon went away")                                                   \
    X(NODAEMON,  10019, "no daemon answers")                                                      \
    X(EMPTY,     10020, "the file holds no text")                                                 \
    X(DEADLINE,  10022, "the answer was not ready in time")
/* clang-format on */

enum err {
#define X(name, n, words) ERR_##name = -(n),
    ERR_TABLE(X)
#undef X
};

/* The sentence for an error of the table; "an unknown error" for any other number. Static text. */
const char *err_words(int err);

/* The row of the table for an errno value (ENOSPC: ERR_FULL, EACCES: ERR_DENIED, ...). */
int err_from_errno(int number);

#endif
