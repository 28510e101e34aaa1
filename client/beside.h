/* beside.h -- finding the programs that belong to quotes: beside it, in libexec, on the PATH, in this order. */
#ifndef CLIENT_BESIDE_H
#define CLIENT_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the path of the program `name`. False when there is none, or its path does not fit. */
bool beside_find(const char *name, char *path, size_t size);

#endif
