/* commands.h -- the table of commands: one row each. The program, `quotes help`, `quotes VERB --help` and "did you
 * mean" follow from it. A command is a file of its own, named after it.
 *
 *   X(name, run, "operands", least, most, options, "what it does", "how it is used")
 *
 * `run` is NULL for a program of its own, quotes-NAME. `most` 0 means any number. In "how it is used" a line that
 * begins with four spaces is typed as it stands.
 */
#ifndef CLIENT_COMMANDS_H
#define CLIENT_COMMANDS_H

#include "client/options.h"

struct call;

#define EVERYWHERE                                                                                   \
    (TAKES(SOCKET) | TAKES(INDEX) | TAKES(NO_DAEMON) | TAKES(TIMEOUT) | TAKES(QUIET) | TAKES(HELP) | \
     TAKES(COLOR))
#define FORMATS (TAKES(FORMAT) | TAKES(JSON) | TAKES(FORMAT_VERSION) | TAKES(WIDTH))
#define PAGES   (TAKES(LIMIT) | TAKES(OFFSET) | TAKES(DEADLINE))
#define QUERIES (PAGES | TAKES(STEM) | TAKES(SORT) | TAKES(BY) | TAKES(COUNT) | TAKES(EXPLAIN))

/* clang-format off */
#define COMMAND_TABLE(X)                                                                                     \
    X(add, add_run, "PATH...", 1, 0, FORMATS | TAKES(FORCE) | TAKES(TITLE) | TAKES(DATE) | TAKES(SOURCE) | TAKES(URL), \
      "bring files and folders into the archive",                                                            \
      "    quotes add ~/articles\n"                                                                          \
      "    pdftotext report.pdf - | quotes add - --title 'The report' --date 2025-04-03\n"                   \
      "The files stay where they are and are only read. What is added stays in step: new and changed\n"      \
      "files are read when you add again or run \"quotes reindex\". \"-\" keeps a copy of standard input.\n" \
      "Every file that was skipped is listed with the reason.\n")                                            \
    X(rm, rm_run, "PATH...", 1, 0, FORMATS | TAKES(ERASE),                                                   \
      "take files and folders out of the archive",                                                           \
      "    quotes rm ~/articles/drafts\n"                                                                    \
      "    quotes rm --erase ~/articles/embargoed.txt\n"                                                     \
      "Your files are not touched; only the index forgets them. With --erase its file is written anew,\n"    \
      "so that the text cannot be found in it by other means either.\n")                                     \
    X(reindex, reindex_run, "", 0, 0, FORMATS | TAKES(FORCE),                                                \
      "bring the index in step with every file of the archive",                                              \
      "    quotes reindex\n"                                                                                 \
      "    quotes reindex --force\n"                                                                         \
      "New and changed files are read, vanished ones leave. The index itself may be deleted at any time:\n"  \
      "this builds it again.\n")                                                                             \
    X(status, status_run, "", 0, 0, FORMATS,                                                                 \
      "what the index holds and what the daemon is doing",                                                   \
      "    quotes status\n"                                                                                  \
      "    quotes status --json\n")                                                                          \
    X(by, by_run, "SPEAKER [QUERY]", 1, 0, FORMATS | QUERIES | TAKES(STRICT),                         \
      "what somebody said",                                                                                  \
      "    quotes by venn\n"                                                                            \
      "    quotes by Orla Venn\n"                                                                      \
      "    quotes by venn 'civilians OR \"human rights\"' --json\n"                                     \
      "    quotes by venn kind:indirect\n"                                                                     \
      "    quotes by venn --by month --limit 12\n"                                                             \
      "A part of the name is enough. The speaker is as many of the words as name somebody; those that\n"     \
      "follow are a query (\"quotes help query\") for the words of the quotes.\n")                           \
    X(search, search_run, "QUERY", 1, 0, FORMATS | QUERIES | TAKES(BRIEF),                                \
      "articles that match, with passages and quotes",                                                       \
      "    quotes search ceasefire talks\n"                                                                  \
      "    quotes search '\"rule of law\" speaker:venn since:2024'\n"                                   \
      "    quotes search --stem english bridge repair\n"                                                     \
      "    quotes search ceasefire --sort -date\n"                                                           \
      "    quotes search ceasefire --by speaker\n"                                                           \
      "All words must occur. See \"quotes help query\" for phrases, OR and fields.\n")                       \
    X(show, show_run, "ID...", 1, 0, FORMATS | TAKES(WHY),                                                   \
      "one quote or article, whole",                                                                         \
      "    quotes show 4k2mz8qw0rtx\n"                                                                       \
      "    quotes show --why 4k2mz8qw0rtx\n"                                                                 \
      "The ids stand in the answers of \"by\" and \"search\". They stay the same when the index is rebuilt.\n" \
      "With --why: which rule named the speaker, the words it rests on and their bytes, the steps from a\n" \
      "pronoun or a surname to the full name, and who else it could have been.\n")                              \
    X(context, context_run, "ID...", 1, 0, FORMATS | TAKES(CONTEXT),                                         \
      "the paragraphs round a quote",                                                                        \
      "    quotes context 4k2mz8qw0rtx -C 2\n")                                                              \
    X(speakers, speakers_run, "[NAME]", 0, 0, FORMATS | PAGES,                                               \
      "who is quoted, and how often",                                                                        \
      "    quotes speakers\n"                                                                                \
      "    quotes speakers call -n 5\n")                                                                     \
    X(files, files_run, "", 0, 0, FORMATS | TAKES(LIMIT) | TAKES(OFFSET) | TAKES(SKIPPED),                    \
      "the files of the archive and what became of each",                                                    \
      "    quotes files --skipped\n")                                                                        \
    X(dump, dump_run, "", 0, 0, 0,                                                                           \
      "everything the index holds, in a stable order",                                                       \
      "    quotes dump | sha256sum\n"                                                                        \
      "Two indexes of the same archive give the same dump, byte for byte.\n")                                \
    X(verify, verify_run, "", 0, 0, FORMATS,                                                                 \
      "walk the whole index and say what is wrong",                                                          \
      "    quotes verify\n"                                                                                  \
      "Exits 0 when all is well and 1 when there are problems.\n")                                           \
    X(extract, NULL, "[FILE...]", 0, 0, 0,                                                                   \
      "find the quotes in JSON lines on standard input, without index or daemon",                            \
      "    quotes extract < articles.jsonl > quotes.jsonl\n"                                                 \
      "A line is {\"id\":...,\"text\":...}. See quotes-extract(1).\n")                                       \
    X(stop, stop_run, "", 0, 0, 0,                                                                           \
      "end the daemon; the next question starts it again",                                                   \
      "    quotes stop\n")                                                                                   \
    X(help, help_run, "[COMMAND|query|protocol]", 0, 1, 0,                                                   \
      "explain a command",                                                                                   \
      "    quotes help by\n"                                                                                 \
      "    quotes help query\n")                                                                             \
    X(version, version_run, "", 0, 0, 0,                                                                     \
      "print the version",                                                                                   \
      "    quotes version\n")
/* clang-format on */

struct command {
    const char *name;
    int (*run)(struct call *c); /* returns the exit status; NULL: a program of its own */
    const char *operands;
    unsigned least, most; /* operands; most 0: any number, or none when `operands` is "" */
    unsigned options;     /* TAKES() of those it accepts */
    const char *words, *uses;
};

enum {
#define X(name, run, operands, least, most, options, words, uses) COMMAND_##name,
    COMMAND_TABLE(X)
#undef X
        COMMANDS
};

extern const struct command COMMAND_ROWS[COMMANDS];

/* The command of that name, or NULL. */
const struct command *command_named(const char *name);

/* Says that there is no such command, and which one may have been meant. */
void command_unknown(const char *name);

#define X(name, run, operands, least, most, options, words, uses) int name##_run(struct call *c);
COMMAND_TABLE(X)
#undef X

#endif
