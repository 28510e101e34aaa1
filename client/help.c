#include "client/help.h"

#include <stdio.h>
#include <string.h>

#include "client/ask.h"
#include "client/commands.h"
#include "client/out.h"
#include "wire/requests.h"

static const char about[] = "quotes -- who said what, in your own articles, offline\n";

static const char beginning[] = "\n"
                                "  quotes add ~/articles         bring a folder into the archive\n"
                                "  quotes by venn                what somebody said\n"
                                "  quotes search ceasefire       articles that match\n"
                                "  quotes help                   all commands\n";

static const char query_words[] =
    "A query, for \"search\" and after the speaker of \"by\":\n"
    "\n"
    "  ceasefire talks         both words, in any order (capitals and accents do not matter)\n"
    "  \"rule of law\"           these words in a row; in a shell: '\"rule of law\"'\n"
    "  =résumé                 spelled just so, not resume; also =\"in a row\"\n"
    "  talks OR negotiations   one of them\n"
    "  talks -peace            without the other; also: talks NOT peace\n"
    "                          (put \"--\" before a query that begins with a dash)\n"
    "  (talks OR visit) paris  brackets group\n"
    "  talks NEAR/5 paris      at most 5 words between, in either order; NEAR alone is NEAR/10\n"
    "  talks ADJ/5 paris       the same in this order; both between words, \"phrases\" and (a OR b),\n"
    "                          in chains too, where each is near the one before it\n"
    "  minist*  *port  *oper*  begins so, ends so, holds it; in phrases too: \"minist* said\"\n"
    "  ~ministre               spelled almost so: 1 letter off from 4 letters on, 2 from 8 on\n"
    "NEAR and ADJ bind closest, then NOT and -, then what stands side by side, then OR.\n"
    "\n"
    "Filters of quotes. Those side by side must hold for one and the same quote:\n"
    "\n"
    "  speaker:venn            that quote somebody\n"
    "  role:mayor              whose speaker is called so; role:\"prime minister\"\n"
    "  cue:told                after such a verb\n"
    "  kind:indirect           what is reported without quotation marks (English), else left out;\n"
    "                          also kind:direct, kind:mixed, kind:pull, kind:reported (told by another\n"
    "                          speaker, inside a quotation), kind:mixed,indirect, kind:all\n"
    "\n"
    "Filters of articles, and of the articles that quotes stand in:\n"
    "\n"
    "  title:bridge            in the title; title:\"rule of law\"\n"
    "  source:courier          the outlet, or the host of the web address\n"
    "  lang:de                 the language, also lang:german\n"
    "  path:2025/march         a part of the file's path; with * and ? whole names of it: path:*.txt\n"
    "  date:2024..2025-06      from, to; also on:2025-03-04, since:2024 and until:2025-06-30\n"
    "\n"
    "A query may be nothing but what is left out: -peace.\n";

static void put_option(const struct option_row *row)
{
    char left[40], letter[8] = "    ";

    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name, row->value ? "=" : "",
             row->value ? row->value : "");
    (void)out_printf("  %-26s %s\n", left, row->words);
}

static void put_options(unsigned which)
{
    for (int i = 0; i < OPTIONS; i++)
        if (which >> i & 1)
            put_option(&OPTION_ROWS[i]);
}

int help_command(const struct command *command)
{
    unsigned own = command->options & ~EVERYWHERE;

    (void)out_printf("quotes %s%s%s -- %s\n\n%s", command->name, *command->operands ? " " : "",
                     command->operands, command->words, command->uses);
    if (own) {
        (void)out_str("\nOptions:\n");
        put_options(own);
    }
    (void)out_str("\nOptions of every command:\n");
    put_options(EVERYWHERE);
    return out_end(EXIT_FOUND);
}

static int all_commands(void)
{
    (void)out_str(about);
    (void)out_str(beginning);
    (void)out_str("\nCommands:\n");
    for (int i = 0; i < COMMANDS; i++)
        (void)out_printf("  %-10s %s\n", COMMAND_ROWS[i].name, COMMAND_ROWS[i].words);
    (void)out_str("\nAny other command VERB runs the program quotes-VERB.\n"
                  "\nOptions of every command:\n");
    put_options(EVERYWHERE);
    (void)out_str(
        "\nExit status: 0 found, 1 nothing found, 2 an error, 3 no daemon, 4 several people match and\n"
        "--strict was given, 20 and 21 another format version, 75 try again.\n"
        "\n\"quotes help COMMAND\" explains one; \"quotes help query\" how to ask. Manual: quotes(1).\n");
    return out_end(EXIT_FOUND);
}

static void put_request(const struct request_row *row)
{
    (void)out_printf("\n  %s%s\n      %s\n      gives %s (since version %u)\n", row->name,
                     row->kept == KEPT_NEVER ? "" : "  (kept)", row->words, row->result, row->since);
    for (unsigned i = 0; i < row->param_count; i++) {
        const struct param *p = &row->params[i];

        (void)out_printf("      %-13s %-7s %s (%s)\n", p->name, param_type_name(p->type), p->words,
                         p->otherwise ? p->otherwise : "needed");
    }
}

static int protocol(void)
{
    (void)out_printf("The daemon answers JSON-RPC 2.0, a line a message (protocol version %d):\n",
                     PROTOCOL_VERSION);
    for (size_t i = 0; i < REQUESTS; i++)
        put_request(&request_rows[i]);
    (void)out_str("\nErrors:\n\n");
    for (const struct wire_error *e = wire_errors; e->name; e++)
        (void)out_printf("  %-6d  %s\n", e->code, e->words);
    (void)out_str("\nLimits:\n\n");
    for (const struct wire_limit *l = wire_limits; l->name; l++)
        (void)out_printf("  %-11s  %8u  %s: %s\n", l->name, l->value, l->of, l->beyond);
    return out_end(EXIT_FOUND);
}

int help_short(void)
{
    fprintf(stderr, "%s%s", about, beginning);
    return EXIT_TROUBLE;
}

int help_run(struct call *c)
{
    const struct command *command;

    if (!c->count)
        return all_commands();
    if (strcmp(c->operands[0], "query") == 0) {
        (void)out_str(query_words);
        return out_end(EXIT_FOUND);
    }
    if (strcmp(c->operands[0], "protocol") == 0)
        return protocol();
    if ((command = command_named(c->operands[0])))
        return help_command(command);
    command_unknown(c->operands[0]);
    return EXIT_TROUBLE;
}
