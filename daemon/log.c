#include "daemon/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool in_journal; /* set once, before there are threads */

void log_init(void)
{
    in_journal = getenv("JOURNAL_STREAM") != NULL;
}

/* One write a line, so that lines of two threads never mix. */
static void line(int level, const char *format, va_list args)
{
    char text[1024];
    int head = in_journal ? snprintf(text, sizeof text, "<%d>", level)
                          : snprintf(text, sizeof text, "quoted: ");
    int len = vsnprintf(text + head, sizeof text - (size_t)head - 1, format, args);
    size_t end = (size_t)head + (len < 0 ? 0 : (size_t)len);

    if (end > sizeof text - 2)
        end = sizeof text - 2;
    text[end++] = '\n';
    if (write(STDERR_FILENO, text, end) < 0)
        return; /* nobody listens; the daemon works on */
}

#define LEVEL(name, number)            \
    void name(const char *format, ...) \
    {                                  \
        va_list args;                  \
        va_start(args, format);        \
        line(number, format, args);    \
        va_end(args);                  \
    }

LEVEL(log_info, 6)
LEVEL(log_warn, 4)
LEVEL(log_error, 3)
