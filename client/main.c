/* main.c -- `quotes`: reads what was typed, finds the command in the table, runs it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/ask.h"
#include "client/beside.h"
#include "client/commands.h"
#include "client/help.h"
#include "client/suggest.h"
#include "wire/requests.h"

const struct command COMMAND_ROWS[COMMANDS] = {
#define X(name, run, operands, least, most, options, words, uses) \
    {#name, run, operands, least, most, EVERYWHERE | (options), words, uses},
    COMMAND_TABLE(X)
#undef X
};

const struct command *command_named(const char *name)
{
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(COMMAND_ROWS[i].name, name) == 0)
            return &COMMAND_ROWS[i];
    return NULL;
}

void command_unknown(const char *name)
{
    const char *names[COMMANDS + 1] = {NULL}, *near;

    for (int i = 0; i < COMMANDS; i++)
        names[i] = COMMAND_ROWS[i].name;
    near = suggest(name, names);
    if (near)
        say("there is no command \"%s\"; did you mean \"quotes %s\"?", name, near);
    else
        say("there is no command \"%s\"; \"quotes help\" lists them", name);
}

/* Becomes the program quotes-VERB; -1 when there is none. What was said about index and socket goes along. */
static int run_program(const char *verb, const struct options *o, char **args)
{
    char name[64], path[LIMIT_PATH];

    if (snprintf(name, sizeof name, "quotes-%s", verb) >= (int)sizeof name ||
        !beside_find(name, path, sizeof path))
        return -1;
    if (o->socket)
        (void)setenv("QUOTED_SOCKET", o->socket, 1);
    if (o->index)
        (void)setenv("QUOTED_INDEX", o->index, 1);
    (void)signal(SIGPIPE, SIG_DFL);
    args[0] = name;
    execv(path, args);
    say("%s: %s", path, strerror(errno));
    return EXIT_TROUBLE;
}

/* Machines that ask for another version of JSON and CSV are told so before anything is printed. */
static int check_format_version(const struct options *o)
{
    if (o->format_version == FORMAT_VERSION)
        return 0;
    say("--format-version=%d: this version of quotes writes version %d", o->format_version, FORMAT_VERSION);
    return o->format_version < FORMAT_VERSION ? EXIT_TOO_OLD : EXIT_TOO_NEW;
}

static bool count_fits(const struct command *command, size_t count)
{
    size_t most = *command->operands ? command->most : 0;

    if (count >= command->least && (count <= most || (*command->operands && most == 0)))
        return true;
    say("%s: quotes %s %s", count < command->least ? "something is missing" : "that is too much",
        command->name, command->operands);
    say_more("See: quotes help %s", command->name);
    return false;
}

static int run_command(struct call *c, struct arguments *rest)
{
    char **operands = rest->at; /* written over what has been read: it can only be behind */
    const char *word;
    bool wrong = false;
    int status;

    c->operands = operands;
    while ((word = options_next(&c->options, rest, &wrong)))
        operands[c->count++] = (char *)(size_t)word;
    if (wrong)
        return EXIT_TROUBLE;
    if (call_given(c, OPTION_HELP))
        return help_command(c->command);
    if (!options_fit(&c->options, c->command->options, c->command->name) || !count_fits(c->command, c->count))
        return EXIT_TROUBLE;
    if ((status = check_format_version(&c->options)) != 0)
        return status;
    status = c->command->run(c);
    quotes_close(c->q);
    return status;
}

/* A descriptor 0, 1 or 2 that the caller closed would be given to the socket, and the answer written into it. */
static void fill_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

int main(int argc, char **argv)
{
    struct call c = {.options = OPTIONS_INIT};
    struct arguments rest = {.at = argv + (argc > 0)};
    bool wrong = false;
    const char *verb;
    int status;

    fill_descriptors();
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that has gone shows as EPIPE, see out.c */
    verb = options_next(&c.options, &rest, &wrong);
    if (wrong)
        return EXIT_TROUBLE;
    if (!verb) {
        if (call_given(&c, OPTION_HELP))
            return help_run(&c);
        return call_given(&c, OPTION_VERSION) ? version_run(&c) : help_short();
    }
    c.command = command_named(verb);
    if (c.command && c.command->run)
        return run_command(&c, &rest);
    if ((status = run_program(verb, &c.options, rest.at - 1)) >= 0)
        return status;
    if (c.command)
        say("the program quotes-%s is neither beside quotes nor on the PATH", verb);
    else
        command_unknown(verb);
    return EXIT_TROUBLE;
}
