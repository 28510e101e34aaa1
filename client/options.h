/* options.h -- the table of options: one row each. The parser, the help of every command, "did you mean" and the
 * check that an option belongs to a command follow from it.
 *
 *   X(ID, 'letter' or 0, "name", "VALUE" or NULL, "what it does")
 *
 * Where a command accepts an option is said in the table of commands (commands.h).
 */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define OPTION_TABLE(X)                                                                                      \
    X(FORMAT,         'f', "format",         "FORMAT", "text (the usual), json, jsonl or csv")               \
    X(JSON,           0,   "json",           NULL,     "the same as --format=json")                          \
    X(FORMAT_VERSION, 0,   "format-version", "N",      "the version of JSON and CSV that you expect (1)")    \
    X(LIMIT,          'n', "limit",          "N",      "show at most N; 0 shows all (20)")                   \
    X(OFFSET,         0,   "offset",         "N",      "leave out the first N")                              \
    X(CONTEXT,        'C', "context",        "N",      "paragraphs before and after (1)")                    \
    X(WHY,            0,   "why",            NULL,     "name the rule and the words that led to the speaker")\
    X(STEM,           0,   "stem",           "LANG",   "words of the same stem count too: german or de, ...") \
    X(SORT,           0,   "sort",           "ORDER",  "date (newest first), -date (oldest first), speaker or relevance") \
    X(BY,             0,   "by",             "WHAT",   "count what matches by speaker, source or month")     \
    X(COUNT,          0,   "count",          NULL,     "print only how many match")                          \
    X(EXPLAIN,        0,   "explain",        NULL,     "print how the answer is come by, instead of it")     \
    X(BRIEF,          0,   "brief",          NULL,     "only which articles, without passages and quotes")   \
    X(DEADLINE,       0,   "deadline",       "SECONDS", "give up after so long; 0 never does (10 with a limit)") \
    X(STRICT,         0,   "strict",         NULL,     "when several people match, list them and exit 4")    \
    X(SKIPPED,        0,   "skipped",        NULL,     "only files that were skipped, with the reason")      \
    X(FORCE,          0,   "force",          NULL,     "read unchanged files again, too")                    \
    X(ERASE,          0,   "erase",          NULL,     "compact the index, so that no trace of the text stays") \
    X(TITLE,          0,   "title",          "TEXT",   "title of the document on standard input")            \
    X(DATE,           0,   "date",           "DATE",   "its date, as 2025-04-03")                            \
    X(SOURCE,         0,   "source",         "TEXT",   "who published it")                                   \
    X(URL,            0,   "url",            "URL",    "where it stands")                                    \
    X(COLOR,          0,   "color",          "WHEN",   "auto, always or never")                              \
    X(WIDTH,          0,   "width",          "N",      "wrap text at N columns; 0 does not wrap")            \
    X(SOCKET,         0,   "socket",         "PATH",   "ask the daemon there")                               \
    X(INDEX,          0,   "index",          "DIR",    "use a private index in this folder")                 \
    X(NO_DAEMON,      0,   "no-daemon",      NULL,     "do not start a daemon; exit 3 when none runs")       \
    X(TIMEOUT,        0,   "timeout",        "SECONDS", "give up when the daemon is silent for so long; 0 never does") \
    X(QUIET,          'q', "quiet",          NULL,     "no progress, no totals, no remarks")                 \
    X(HELP,           'h', "help",           NULL,     "explain the command")                                \
    X(VERSION,        0,   "version",        NULL,     "print the version")
/* clang-format on */

enum option {
#define X(id, letter, name, value, words) OPTION_##id,
    OPTION_TABLE(X)
#undef X
        OPTIONS
};

#define TAKES(id) (1u << OPTION_##id)

struct option_row {
    char letter; /* 0: none */
    const char *name;
    const char *value; /* what it is called in help; NULL: the option takes none */
    const char *words;
};

extern const struct option_row OPTION_ROWS[OPTIONS];

enum format { TEXT, JSON, JSONL, CSV };

/* What was asked for. Texts are borrowed from the arguments; NULL when not given. */
struct options {
    unsigned given; /* TAKES() of what was given */
    enum format format;
    int format_version;
    unsigned limit, offset, context, width, timeout_s, deadline_s;
    enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
    const char *title, *date, *source, *url, *stem, *socket, *index;
    const char *sort, *by;
};

#define OPTIONS_INIT ((struct options){.format_version = 1, .limit = 20, .context = 1})

/* Arguments, and how far they were read. */
struct arguments {
    char **at;          /* ends with NULL */
    bool only_operands; /* `--` was passed */
};

/* Reads options up to the next operand, which it returns; NULL at the end. A mistake is said on standard error and
 * ends in *wrong. Options may follow operands; of two that contradict each other the later one wins. */
const char *options_next(struct options *o, struct arguments *a, bool *wrong);

/* Says a mistake and returns false when an option was given that is not one of `allowed`. */
bool options_fit(const struct options *o, unsigned allowed, const char *command);

#endif
