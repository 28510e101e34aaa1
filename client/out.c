#include "client/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/say.h"

static int trouble;      /* the errno of the first write that failed */
static char last = '\n'; /* the last byte written */

int out_put(const char *bytes, size_t len)
{
    if (trouble)
        return -1;
    if (!len)
        return 0;
    last = bytes[len - 1];
    errno = 0;
    if (fwrite(bytes, 1, len, stdout) == len)
        return 0;
    trouble = errno ? errno : EIO;
    return -1;
}

int out_str(const char *s)
{
    return out_put(s, strlen(s));
}

int out_printf(const char *format, ...)
{
    char text[4096];
    va_list ap;
    int len;

    va_start(ap, format);
    len = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    return len < 0 ? -1 : out_put(text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

int out_end(int status)
{
    if (last != '\n')
        (void)out_put("\n", 1);
    errno = 0;
    if (!trouble && (fflush(stdout) != 0 || (close(STDOUT_FILENO) < 0 && errno != EINTR)))
        trouble = errno ? errno : EIO; /* closing is where a network disk says that it is full */
    if (!trouble || trouble == EPIPE)
        return status;
    say("the answer could not be written: %s", strerror(trouble));
    return EXIT_TROUBLE;
}
