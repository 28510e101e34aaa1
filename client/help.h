/* help.h -- what `quotes help` and `--help` print; all of it comes from the tables. */
#ifndef CLIENT_HELP_H
#define CLIENT_HELP_H

struct command;

/* The page of one command. Returns the status to exit with. */
int help_command(const struct command *command);

/* What `quotes` alone prints: how to begin, on standard error. Returns EXIT_TROUBLE. */
int help_short(void);

#endif
