/* settings.h -- the table of settings: what may stand in quoted.conf. One row each; the parser, the check, and
 * `quoted --check-config` follow from it.
 *
 *   NUMBER(name, default, least, most, "what it does")
 *   TEXT(name, "default", "one of these|or these" or "" for any text, "what it does")
 */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

/* clang-format off */
#define SETTINGS(NUMBER, TEXT)                                                                                 \
    TEXT(mode, "user", "user|system", "system: members of the socket's group may ask, only root may change")   \
    TEXT(index, "", "", "the folder of the index; empty: the usual place")                                     \
    TEXT(socket, "", "", "the path of the socket; empty: the usual place")                                     \
    NUMBER(idle_exit, 0, 0, 31536000, "seconds without clients and work after which the daemon ends; 0: never") \
    NUMBER(index_memory, 256, 16, 16384, "megabytes of memory that reading the archive may take")               \
    NUMBER(index_threads, 0, 0, 64, "threads that read and analyse the archive; 0: as many as there are processors") \
    NUMBER(cache, 16, 0, 1024, "megabytes of answers that are kept, in memory shared with your programs; 0: none") \
    NUMBER(readers, 2, 1, 16, "threads for short questions that are not answered at once, and as many for long ones")
/* clang-format on */

#endif
