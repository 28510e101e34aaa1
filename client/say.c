#include "client/say.h"

#include <stdarg.h>
#include <stdio.h>

enum { LONGEST = 12 * 1024 }; /* a sentence with two paths in it */

void say_harmless(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at; at++) {
        if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f)
            *at = '?';
        else if (*at == 0xc2 && at[1] >= 0x80 &&
                 at[1] <= 0x9f) /* the second set of controls, U+0080 to U+009F */
            at[0] = at[1] = '?';
    }
}

__attribute__((format(printf, 2, 0))) static void put(const char *before, const char *format, va_list ap)
{
    char text[LONGEST];

    vsnprintf(text, sizeof text, format, ap);
    say_harmless(text);
    fprintf(stderr, "%s%s\n", before, text);
}

void say(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    put("quotes: ", format, ap);
    va_end(ap);
}

void say_more(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    put("", format, ap);
    va_end(ap);
}
