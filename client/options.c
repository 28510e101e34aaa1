#include "client/options.h"

#include <string.h>

#include "base/buf.h"
#include "client/say.h"
#include "client/suggest.h"

const struct option_row OPTION_ROWS[OPTIONS] = {
#define X(id, letter, name, value, words) {letter, name, value, words},
    OPTION_TABLE(X)
#undef X
};

static const char *const format_names[] = {
    [TEXT] = "text", [JSON] = "json", [JSONL] = "jsonl", [CSV] = "csv", NULL};
static const char *const color_names[] = {
    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL};

static const char *const sort_names[] = {"date", "-date", "speaker", "relevance", NULL};
static const char *const by_names[] = {"speaker", "source", "month", NULL};

/* The place of a word in a list that ends with NULL; else says the list and returns -1. */
static int choose(const char *option, const char *given, const char *const *names)
{
    struct buf all = BUF_INIT(200);

    for (int i = 0; names[i]; i++)
        if (strcmp(given, names[i]) == 0)
            return i;
    for (int i = 0; names[i]; i++)
        buf_printf(&all, "%s%s", i == 0 ? "" : names[i + 1] ? ", " : " or ", names[i]);
    say("--%s is %.*s, not \"%s\"", option, (int)all.len, all.at, given);
    buf_fini(&all);
    return -1;
}

static bool read_number(const char *option, const char *given, unsigned *n)
{
    unsigned long long sum = 0;
    const char *at = given;

    for (; *at >= '0' && *at <= '9' && sum <= 1000000000; at++)
        sum = sum * 10 + (unsigned)(*at - '0');
    if (at == given || *at || sum > 1000000000) {
        say("--%s needs a whole number from 0 to 1000000000, not \"%s\"", option, given);
        return false;
    }
    *n = (unsigned)sum;
    return true;
}

/* Notes the option. Returns false, after saying why, when its value makes no sense. */
static bool take(struct options *o, enum option which, const char *value)
{
    const char *name = OPTION_ROWS[which].name;
    unsigned number = 0;
    int choice;

    o->given |= 1u << which;
    switch (which) {
    case OPTION_FORMAT:
        if ((choice = choose(name, value, format_names)) < 0)
            return false;
        o->format = (enum format)choice;
        return true;
    case OPTION_JSON:
        o->format = JSON;
        return true;
    case OPTION_FORMAT_VERSION:
        if (!read_number(name, value, &number))
            return false;
        o->format_version = (int)number;
        return true;
    case OPTION_COLOR:
        if ((choice = choose(name, value, color_names)) < 0)
            return false;
        o->color = choice == COLOR_ALWAYS ? COLOR_ALWAYS : choice == COLOR_NEVER ? COLOR_NEVER : COLOR_AUTO;
        return true;
    case OPTION_LIMIT:
        return read_number(name, value, &o->limit);
    case OPTION_OFFSET:
        return read_number(name, value, &o->offset);
    case OPTION_CONTEXT:
        return read_number(name, value, &o->context);
    case OPTION_WIDTH:
        return read_number(name, value, &o->width);
    case OPTION_TIMEOUT:
        if (!read_number(name, value, &o->timeout_s))
            return false;
        if (o->timeout_s > 1000000)
            o->timeout_s = 0; /* eleven days: for ever, in milliseconds that fit */
        return true;
    case OPTION_DEADLINE:
        if (!read_number(name, value, &o->deadline_s))
            return false;
        if (o->deadline_s > 1000000)
            o->deadline_s = 0;
        return true;
    case OPTION_SORT:
        o->sort = value;
        return choose(name, value, sort_names) >= 0;
    case OPTION_BY:
        o->by = value;
        return choose(name, value, by_names) >= 0;
    case OPTION_TITLE:
        o->title = value;
        return true;
    case OPTION_DATE:
        o->date = value;
        return true;
    case OPTION_SOURCE:
        o->source = value;
        return true;
    case OPTION_URL:
        o->url = value;
        return true;
    case OPTION_STEM:
        o->stem = value;
        return true;
    case OPTION_SOCKET:
        o->socket = value;
        return true;
    case OPTION_INDEX:
        o->index = value;
        return true;
    default: /* those without a value stand in o->given */
        return true;
    }
}

static bool not_known(const char *given, size_t len)
{
    char name[40];
    const char *names[OPTIONS + 1] = {NULL}, *near;

    for (int i = 0; i < OPTIONS; i++)
        names[i] = OPTION_ROWS[i].name;
    len = len < sizeof name ? len : sizeof name - 1;
    memcpy(name, given, len);
    name[len] = '\0';
    near = suggest(name, names);
    if (near)
        say("there is no option --%s; did you mean --%s?", name, near);
    else
        say("there is no option --%s; words that begin with a dash go after \"--\"", name);
    return false;
}

/* `--name`, `--name=value`, `--name value`. */
static bool take_long(struct options *o, const char *name, struct arguments *a)
{
    size_t len = strcspn(name, "=");
    const char *value = name[len] ? name + len + 1 : NULL;

    for (int i = 0; i < OPTIONS; i++) {
        const struct option_row *row = &OPTION_ROWS[i];
        if (strlen(row->name) != len || memcmp(row->name, name, len) != 0)
            continue;
        if (!row->value && value) {
            say("--%s takes no value", row->name);
            return false;
        }
        if (row->value && !value && !(value = *a->at)) {
            say("--%s needs a value: --%s=%s", row->name, row->name, row->value);
            return false;
        }
        if (row->value && !name[len])
            a->at++;
        return take(o, (enum option)i, value);
    }
    return not_known(name, len);
}

/* `-q`, `-n5`, `-n 5`, `-qn5`. */
static bool take_letters(struct options *o, const char *letters, struct arguments *a)
{
    for (; *letters; letters++) {
        int i = 0;
        while (i < OPTIONS && OPTION_ROWS[i].letter != *letters)
            i++;
        if (i == OPTIONS) {
            say("there is no option -%c; words that begin with a dash go after \"--\"", *letters);
            return false;
        }
        if (!OPTION_ROWS[i].value) {
            if (!take(o, (enum option)i, NULL))
                return false;
            continue;
        }
        if (letters[1])
            return take(o, (enum option)i, letters + 1);
        if (!*a->at) {
            say("-%c needs a value: -%c %s", *letters, *letters, OPTION_ROWS[i].value);
            return false;
        }
        return take(o, (enum option)i, *a->at++);
    }
    return true;
}

const char *options_next(struct options *o, struct arguments *a, bool *wrong)
{
    while (*a->at) {
        const char *word = *a->at++;

        if (a->only_operands || word[0] != '-' || !word[1])
            return word;
        if (strcmp(word, "--") == 0) {
            a->only_operands = true;
            continue;
        }
        if (word[1] == '-' ? !take_long(o, word + 2, a) : !take_letters(o, word + 1, a)) {
            *wrong = true;
            return NULL;
        }
    }
    return NULL;
}

bool options_fit(const struct options *o, unsigned allowed, const char *command)
{
    for (int i = 0; i < OPTIONS; i++) {
        if (!(o->given & ~allowed & 1u << i))
            continue;
        say("\"quotes %s\" takes no --%s; see: quotes help %s", command, OPTION_ROWS[i].name, command);
        return false;
    }
    return true;
}
