/* term.h -- what kind of place the answer goes to. */
#ifndef CLIENT_TERM_H
#define CLIENT_TERM_H

#include <stdbool.h>

/* A terminal; and one that understands more than text, which TERM=dumb does not. */
bool term_is(int fd);
bool term_moves(int fd);

/* Columns; 80 when nobody knows. */
unsigned term_width(int fd);

/* Whether to colour when nothing was asked for. NO_COLOR (not empty) says no; then CLICOLOR_FORCE (not empty, not 0)
 * says yes; else a terminal that understands it is coloured. */
bool term_color(int fd);

#endif
