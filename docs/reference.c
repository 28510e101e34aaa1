/* reference.c -- the parts of docs/PROTOCOL.md that follow from wire/requests.h. Reads the document and writes it again:
 *
 *      <!-- by: made by `make docs` -->        what a marker names is written anew
 *      ...                                     up to
 *      <!-- end -->
 *
 * The names are those of the requests, and `methods`, `errors` and `limits`; each must stand there once. The rest of the
 * document is copied as it is.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/requests.h"

enum { LINE = 4096 };

static void fail(const char *words, const char *name)
{
    fprintf(stderr, "reference: %s: %s\n", name, words);
    exit(1);
}

static void put_methods(void)
{
    printf("| method | what it does | its result |\n|---|---|---|\n");
    for (size_t i = 0; i < REQUESTS; i++)
        printf("| [`%s`](#%s) | %s | %s |\n", request_rows[i].name, request_rows[i].name,
               request_rows[i].words, request_rows[i].result);
}

static void put_errors(void)
{
    printf("| code | name | when |\n|---|---|---|\n");
    for (const struct wire_error *e = wire_errors; e->name; e++)
        printf("| %d | %s | %s |\n", e->code, e->name, e->words);
}

static void put_limits(void)
{
    printf("| name | limit | of what | beyond it |\n|---|---|---|---|\n");
    for (const struct wire_limit *l = wire_limits; l->name; l++)
        printf("| `%s` | %u | %s | %s |\n", l->name, l->value, l->of, l->beyond);
}

static void put_request(const struct request_row *row)
{
    static const char *const kept[] = {
        [KEPT_NEVER] = "", [KEPT_PAGE] = " Pages are kept.", [KEPT_WHOLE] = " Answers are kept."};

    printf("%s Since version %u. Gives %s.%s\n", row->words, row->since, row->result, kept[row->kept]);
    if (row->param_count)
        printf("\n| parameter | type | left out | |\n|---|---|---|---|\n");
    for (unsigned i = 0; i < row->param_count; i++)
        printf("| `%s` | %s | %s | %s |\n", row->params[i].name, param_type_name(row->params[i].type),
               row->params[i].otherwise ? row->params[i].otherwise : "needed", row->params[i].words);
}

/* What a name stands for: the requests, then these. */
static const struct {
    const char *name;
    void (*put)(void);
} others[] = {{"methods", put_methods}, {"errors", put_errors}, {"limits", put_limits}};

enum { PARTS = REQUESTS + sizeof others / sizeof *others };

static const char *part_name(size_t part)
{
    return part < REQUESTS ? request_rows[part].name : others[part - REQUESTS].name;
}

static void put_part(const char *name, bool seen[PARTS])
{
    size_t part = 0;

    while (part < PARTS && strcmp(part_name(part), name) != 0)
        part++;
    if (part == PARTS || seen[part])
        fail(part == PARTS ? "there is no such part" : "it stands there twice", name);
    seen[part] = true;
    if (part < REQUESTS)
        put_request(&request_rows[part]);
    else
        others[part - REQUESTS].put();
}

int main(void)
{
    bool seen[PARTS] = {false}, skipping = false;
    char line[LINE], name[LINE];

    while (fgets(line, sizeof line, stdin)) {
        if (strcmp(line, "<!-- end -->\n") == 0)
            skipping = false;
        if (!skipping)
            (void)fputs(line, stdout);
        if (strstr(line, ": made by `make docs` -->") && sscanf(line, "<!-- %[a-z_]:", name) == 1) {
            put_part(name, seen);
            skipping = true;
        }
    }
    if (skipping)
        fail("its end is missing", name);
    for (size_t part = 0; part < PARTS; part++)
        if (!seen[part])
            fail("it has no place in the document", part_name(part));
    return 0;
}
