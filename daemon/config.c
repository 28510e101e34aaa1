#include "daemon/config.h"

#include <errno.h>
#include <sched.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

void config_defaults(struct config *c)
{
    memset(c, 0, sizeof *c);
#define NUMBER(name, standard, least, most, words) c->name = (standard);
#define TEXT(name, standard, choices, words)       (void)snprintf(c->name, sizeof c->name, "%s", (standard));
    SETTINGS(NUMBER, TEXT)
#undef NUMBER
#undef TEXT
}

/* True when `value` is one of the words between bars; every text is when there are none. */
static int is_choice(const char *value, const char *choices)
{
    size_t len = strlen(value);

    if (!*choices)
        return 1;
    for (const char *at = choices; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, value, len) == 0 && (at[len] == '|' || at[len] == '\0'))
            return 1;
    }
    return 0;
}

static int set_number(long *to, const char *name, const char *value, long least, long most, char *detail)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(value, &end, 10);
    if (!*value || *end || errno || number < least || number > most) {
        snprintf(detail, CONFIG_DETAIL, "%s must be a number from %ld to %ld, not \"%.60s\"", name, least,
                 most, value);
        return ERR_ARGS;
    }
    *to = number;
    return 0;
}

static int set_text(char *to, const char *name, const char *value, const char *choices, char *detail)
{
    if (!is_choice(value, choices)) {
        snprintf(detail, CONFIG_DETAIL, "%s must be one of %s, not \"%.60s\"", name, choices, value);
        return ERR_ARGS;
    }
    if (strlen(value) >= LIMIT_PATH) {
        snprintf(detail, CONFIG_DETAIL, "%s is longer than %u bytes", name, LIMIT_PATH - 1);
        return ERR_ARGS;
    }
    strcpy(to, value);
    return 0;
}

int config_set(struct config *c, const char *name, const char *value, char *detail)
{
#define NUMBER(row, standard, least, most, words) \
    if (strcmp(name, #row) == 0)                  \
        return set_number(&c->row, name, value, (least), (most), detail);
#define TEXT(row, standard, choices, words) \
    if (strcmp(name, #row) == 0)            \
        return set_text(c->row, name, value, (choices), detail);
    SETTINGS(NUMBER, TEXT)
#undef NUMBER
#undef TEXT
    snprintf(detail, CONFIG_DETAIL, "there is no setting \"%.60s\"", name);
    return ERR_ARGS;
}

/* What inih hands to its callback. */
struct reading {
    struct config config; /* the new settings, not in force before the last line is read */
    char *detail;
    int failed;
};

/* inih's callback: 1 when the line is fine. */
static int setting(void *ctx, const char *section, const char *name, const char *value)
{
    struct reading *r = ctx;

    if (r->failed)
        return 0; /* the first mistake is the one to show */
    if (*section && strcmp(section, "quoted") != 0) {
        snprintf(r->detail, CONFIG_DETAIL, "there is no section [%.60s]", section);
        r->failed = 1;
    } else if (config_set(&r->config, name, value, r->detail) < 0) {
        r->failed = 1;
    }
    return !r->failed;
}

int config_read(struct config *c, const char *path, int must_exist, char *detail)
{
    struct reading r = {.config = *c, .detail = detail};
    char words[CONFIG_DETAIL];
    FILE *file = fopen(path, "re");
    int line;

    if (!file) {
        int number = errno;

        if (number == ENOENT && !must_exist)
            return 0;
        snprintf(detail, CONFIG_DETAIL, "%.300s: %s", path, strerror(number));
        return err_from_errno(number);
    }
    detail[0] = '\0';
    line = ini_parse_file(file, setting, &r);
    fclose(file);
    if (line == 0) {
        *c = r.config;
        return 0;
    }
    snprintf(words, sizeof words, "%s", r.failed ? detail : "this line is neither a setting nor a comment");
    snprintf(detail, CONFIG_DETAIL, "%.200s: line %d: %.250s", path, line, words);
    return ERR_ARGS;
}

void config_print(const struct config *c, FILE *out)
{
    fputs("[quoted]\n", out);
#define NUMBER(name, standard, least, most, words) fprintf(out, "; %s\n%s = %ld\n", (words), #name, c->name);
#define TEXT(name, standard, choices, words)       fprintf(out, "; %s\n%s = %s\n", (words), #name, c->name);
    SETTINGS(NUMBER, TEXT)
#undef NUMBER
#undef TEXT
}

unsigned config_threads(const struct config *c)
{
    cpu_set_t mine;

    if (c->index_threads > 0)
        return (unsigned)c->index_threads;
    return sched_getaffinity(0, sizeof mine, &mine) == 0 ? (unsigned)CPU_COUNT(&mine) : 1;
}
