/* out.h -- the answer, on standard output. A full disk is noticed; a reader that has seen enough is no error. */
#ifndef CLIENT_OUT_H
#define CLIENT_OUT_H

#include <stddef.h>

/* Writes. 0, or -1 when no more can be written: stop, and end with out_end(). */
int out_put(const char *bytes, size_t len);
int out_str(const char *s);
int out_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sees to it that the answer ends with a line break, writes what is left, and returns the status to exit with:
 * `status`, or EXIT_TROUBLE, having said why, when the answer could not be written. */
int out_end(int status);

#endif
