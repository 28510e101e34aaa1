/* durable.h -- files that are there, whole, after the power went: written beside, fsynced, renamed. */
#ifndef DAEMON_DURABLE_H
#define DAEMON_DURABLE_H

#include "base/buf.h"

/* Makes the folder and those above it, mode 0700, and fsyncs what it changed. Existing ones are fine. */
int durable_folder(const char *path);

/* Puts the bytes in place of the file, or leaves it as it was. Its folder is made when missing. */
int durable_write(const char *path, struct span bytes);

/* Writes all of it to a descriptor, however often it is interrupted. Not yet durable: that takes an fsync. */
int durable_write_all(int fd, struct span s);

/* The folder's names are on disk. */
int durable_sync_folder(const char *path);

/* Reads a file of at most out->max bytes. ERR_NOTFOUND when there is none. */
int durable_read(const char *path, struct buf *out);

#endif
