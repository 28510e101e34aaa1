/* say.h -- sentences for the person, on standard error; and the numbers a command ends with. */
#ifndef CLIENT_SAY_H
#define CLIENT_SAY_H

#include <stddef.h>

/* What the exit status says. Scripts rely on it: see "EXIT STATUS" in quotes(1). */
enum status {
    EXIT_FOUND = 0,
    EXIT_NOTHING = 1,   /* nothing found; `verify`: problems found */
    EXIT_TROUBLE = 2,   /* wrong usage, or an error */
    EXIT_NO_DAEMON = 3, /* none answers, and none could be started */
    EXIT_SEVERAL = 4,   /* several people match, and --strict was given */
    EXIT_TOO_OLD = 20,  /* --format-version is older than we write */
    EXIT_TOO_NEW = 21,  /* or newer */
    EXIT_AGAIN = 75,    /* try again */
    EXIT_INTERRUPTED = 130
};

/* Writes "quotes: SENTENCE". What could steer a terminal is shown as "?": names of files come from anywhere. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same without "quotes: ". */
void say_more(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Replaces what could steer a terminal, in place. */
void say_harmless(char *text);

#endif
