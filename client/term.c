#include "client/term.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_UNKNOWN = 80, WIDTH_MOST = 1000 };

bool term_is(int fd)
{
    return isatty(fd) == 1;
}

bool term_moves(int fd)
{
    const char *term = getenv("TERM");

    return term_is(fd) && term && *term && strcmp(term, "dumb") != 0;
}

unsigned term_width(int fd)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    long n;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    n = columns ? strtol(columns, NULL, 10) : 0;
    return n > 0 && n <= WIDTH_MOST ? (unsigned)n : WIDTH_UNKNOWN;
}

bool term_color(int fd)
{
    const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE");

    if (no && *no)
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return term_moves(fd);
}
