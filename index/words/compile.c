/* compile.c -- turns the .words files into the tables of index/words.h: words-compile FILE... > words.c
 *
 *      # german.words -- what it holds.             every file begins with a comment that says so, and says
 *      # Origin: typed by hand. Licence: MIT.       where the words come from and under which licence
 *
 *      language: German                             settings, in a file that is one language's
 *      code: de
 *
 *      [determiners]                                a section of sections.h
 *      der die das                                  words, in lines as one likes
 *
 * The file names its numbers by order: the first with a `language:` is language 1. The same files give the same
 * bytes. A mistake is told with its file and line, and nothing is written.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "index/fold.h"
#include "index/words.h"
#include "index/words/sections.h"

enum {
    ENTRIES_MOST = 60000, /* words and senses: their numbers fit 16 bits */
    SLOTS_MOST = 1 << 17,
    FILE_MOST = 1 << 22,
    SETTINGS_MOST = 64 /* letters of a setting */
};

struct sense {
    uint32_t bits, next; /* next: of the same word, 0 for none; by rising language */
    uint16_t clause;
    uint8_t language;
    bool tells;
};

struct entry {
    uint32_t letters, sense;
    uint8_t len, period;
};

static struct entry entries[ENTRIES_MOST];
static struct sense senses[ENTRIES_MOST];
static uint32_t entry_count, sense_count = 1;
static uint32_t entry_of[SLOTS_MOST]; /* hash of a key -> entry, plus one */
static struct buf letters = BUF_INIT(16 * MiB);

/* The settings of a file, as written; empty when not there. */
enum setting { LANGUAGE, CODE, SCRIPT, CAPITALS, HEADLINES, RULES, SETTINGS };
static const char *const setting_names[SETTINGS] = {"language", "code",      "script",
                                                    "capitals", "headlines", "rules"};
static struct settings {
    char is[SETTINGS][SETTINGS_MOST + 1];
    uint32_t scripts, rules, capitals, title_case;
} languages_found[LANGUAGES_MOST];
static uint8_t language_last; /* the number of the last language found */

/* The file being read. */
static const char *file_name;
static unsigned line_number;

static _Noreturn __attribute__((format(printf, 1, 2))) void mistake(const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%u: ", file_name, line_number);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* ---- words ---------------------------------------------------------------------------------------------- */

/* The entry of a word, made if need be. */
static struct entry *entry_for(struct span word)
{
    char buffer[LIMIT_WORD];
    struct span key = {buffer, fold_text(word, FOLD_LOOSE, buffer, LIMIT_WORD)};
    uint32_t i = word_hash_of(key) % SLOTS_MOST;

    if (key.len == 0 || key.len > WORD_LONGEST)
        mistake("this is no word: %.*s", (int)word.len, word.at);
    for (; entry_of[i]; i = (i + 1) % SLOTS_MOST) {
        struct entry *e = &entries[entry_of[i] - 1];

        if (span_eq((struct span){letters.at + e->letters, e->len}, key))
            return e;
    }
    if (entry_count == ENTRIES_MOST)
        mistake("too many words");
    entries[entry_count] = (struct entry){.letters = (uint32_t)letters.len, .len = (uint8_t)key.len};
    buf_span(&letters, key);
    entry_of[i] = entry_count + 1;
    return &entries[entry_count++];
}

static void put(struct span word, uint32_t bits, const struct section *section, uint8_t language)
{
    struct entry *e = entry_for(word);
    uint32_t *at = &e->sense;

    e->period |= section->period;
    if (!bits && !section->tells && !section->clause)
        return;
    while (*at && senses[*at].language < language)
        at = &senses[*at].next;
    if (!*at || senses[*at].language != language) {
        if (sense_count == ENTRIES_MOST)
            mistake("too many words");
        senses[sense_count] = (struct sense){.next = *at, .language = language};
        *at = sense_count++;
    }
    senses[*at].bits |= bits;
    senses[*at].clause |= section->clause;
    senses[*at].tells |= section->tells && language;
}

/* ---- the forms of English verbs ------------------------------------------------------------------------- */

static void put_form(struct span stem, size_t cut, const char *ending, uint32_t bits,
                     const struct section *section, uint8_t language)
{
    char form[WORD_LONGEST];
    size_t len = stem.len - cut, more = strlen(ending);

    if (len + more > sizeof form)
        mistake("too long: %.*s", (int)stem.len, stem.at);
    memcpy(form, stem.at, len);
    memcpy(form + len, ending, more);
    put((struct span){form, len + more}, bits, section, language);
}

/* The bits of a form that is not finite. A section without bits of its own leaves the form to the one that has them. */
static uint32_t form_bits(const struct section *section, uint32_t form)
{
    return section->bits ? (section->bits & ~(uint32_t)LEX_CUE) | form : 0;
}

static void put_regular(struct span stem, const struct section *section, uint8_t language)
{
    uint32_t finite = section->bits, base = form_bits(section, LEX_CUE_BASE);
    uint32_t ing = form_bits(section, LEX_CUE_ING);
    bool doubles = stem.at[stem.len - 1] == '+';
    char last;

    stem.len -= doubles;
    if (stem.len < 2)
        mistake("a stem has two letters at least");
    last = stem.at[stem.len - 1];
    put(stem, base, section, language);
    if (doubles) {
        char past[4] = {last, 'e', 'd', 0}, present[5] = {last, 'i', 'n', 'g', 0};

        put_form(stem, 0, "s", finite, section, language);
        put_form(stem, 0, past, finite, section, language);
        put_form(stem, 0, present, ing, section, language);
    } else if (last == 'e') {
        put_form(stem, 0, "s", finite, section, language);
        put_form(stem, 0, "d", finite, section, language);
        put_form(stem, 1, "ing", ing, section, language);
    } else if (last == 'y' && !strchr("aeiou", stem.at[stem.len - 2])) {
        put_form(stem, 1, "ies", finite, section, language);
        put_form(stem, 1, "ied", finite, section, language);
        put_form(stem, 0, "ing", ing, section, language);
    } else {
        bool hisses = last == 's' || last == 'x' || span_ends(stem, SPAN("ch")) ||
                      span_ends(stem, SPAN("sh"));

        put_form(stem, 0, hisses ? "es" : "s", finite, section, language);
        put_form(stem, 0, "ed", finite, section, language);
        put_form(stem, 0, "ing", ing, section, language);
    }
}

static void put_irregular(struct span row, const struct section *section, uint8_t language)
{
    uint32_t finite = section->bits;
    uint32_t kinds[4] = {form_bits(section, LEX_CUE_BASE), finite, finite, form_bits(section, LEX_CUE_ING)};
    struct span rest = row;

    for (int i = 0; i < 4; i++) {
        const char *slash = memchr(rest.at, '/', rest.len);
        size_t len = slash ? (size_t)(slash - rest.at) : rest.len;

        if (!slash != (i == 3))
            mistake("not base/s/past/ing: %.*s", (int)row.len, row.at);
        put((struct span){rest.at, len}, kinds[i], section, language);
        rest = slash ? span_cut(rest, len + 1, rest.len) : rest;
    }
}

/* ---- settings ------------------------------------------------------------------------------------------- */

/* The next word of a line; false at its end. */
static bool next_word(struct span *line, struct span *word)
{
    *line = span_trim(*line);
    word->at = line->at;
    word->len = 0;
    while (word->len < line->len && (unsigned char)line->at[word->len] > ' ')
        word->len++;
    *line = span_cut(*line, word->len, line->len);
    return word->len > 0;
}

struct choice {
    const char *name;
    uint32_t bits;
};

/* clang-format off */
static const struct choice scripts[] = {
#define X(id, name) {name, 1u << SCRIPT_##id},
    LANGUAGE_SCRIPTS(X)
#undef X
    {NULL, 0}};
static const struct choice rules[] = {
#define X(id, name) {name, LANGUAGE_##id},
    LANGUAGE_RULES(X)
#undef X
    {"none", 0}, {NULL, 0}};
/* clang-format on */
static const struct choice capitals[] = {
    {"none", CAPITALS_NONE}, {"names", CAPITALS_NAMES}, {"nouns", CAPITALS_NOUNS}, {NULL, 0}};
static const struct choice headlines[] = {{"plain", false}, {"capitals", true}, {NULL, 0}};

/* All words of a setting are among the choices: their bits together. */
static uint32_t chosen(const struct settings *s, enum setting which, const struct choice *choices)
{
    struct span line = span_of(s->is[which]), word;
    uint32_t bits = 0;

    while (next_word(&line, &word)) {
        const struct choice *c = choices;

        while (c->name && !span_eq(word, span_of(c->name)))
            c++;
        if (!c->name)
            mistake("%s: may not be %.*s", setting_names[which], (int)word.len, word.at);
        bits |= c->bits;
    }
    return bits;
}

/* All are there, and say what they may. */
static void check_settings(struct settings *s)
{
    for (int i = 0; i < SETTINGS; i++)
        if (!s->is[i][0])
            mistake("it does not say its %s:", setting_names[i]);
    s->scripts = chosen(s, SCRIPT, scripts);
    s->rules = chosen(s, RULES, rules);
    s->capitals = chosen(s, CAPITALS, capitals);
    s->title_case = chosen(s, HEADLINES, headlines);
}

/* ---- lines ---------------------------------------------------------------------------------------------- */

static const struct section *section_named(struct span name)
{
    for (int i = 0; i < SECTIONS; i++)
        if (span_eq(name, span_of(sections[i].name)))
            return &sections[i];
    mistake("there is no section [%.*s]; index/words/sections.h has all of them", (int)name.len, name.at);
}

/* The setting that the line gives, or SETTINGS when it gives none. */
static enum setting setting_of(struct span line)
{
    int i = 0;

    while (i < SETTINGS && !(span_starts(line, span_of(setting_names[i])) &&
                             line.len > strlen(setting_names[i]) && line.at[strlen(setting_names[i])] == ':'))
        i++;
    return (enum setting)i;
}

static void read_setting(struct span line, enum setting i)
{
    struct span value = span_trim(span_cut(line, strlen(setting_names[i]) + 1, line.len));

    if (i == LANGUAGE && ++language_last == LANGUAGES_MOST)
        mistake("more than %d languages", LANGUAGES_MOST - 1);
    if (value.len == 0 || value.len > SETTINGS_MOST)
        mistake("%s: says nothing, or too much", setting_names[i]);
    if (languages_found[language_last].is[i][0])
        mistake("%s: is said twice", setting_names[i]);
    memcpy(languages_found[language_last].is[i], value.at, value.len);
}

/* A comment at the top names the file, where its words come from, and their licence. */
static void check_head(struct span text)
{
    const char *base = strrchr(file_name, '/');
    size_t end = 0, len;
    struct span head;
    char first[128];

    while (end < text.len && text.at[end] == '#')
        end += strcspn(text.at + end, "\n") + 1;
    head = span_cut(text, 0, end < text.len ? end : text.len);
    len = (size_t)snprintf(first, sizeof first, "# %s -- ", base ? base + 1 : file_name);
    line_number = 1;
    if (!span_starts(head, (struct span){first, len}))
        mistake("the first line is: %s...", first);
    if (!memmem(head.at, head.len, "\n# Origin: ", 11))
        mistake("the comment at the top does not say where the words come from: # Origin: ...");
    if (!memmem(head.at, head.len, "Licence: ", 9))
        mistake("the comment at the top does not say their licence: Licence: ...");
}

/* The words of a section of one file, to find one that stands there twice. */
static struct span seen[ENTRIES_MOST];
static uint32_t seen_count;

static void read_words(struct span line, const struct section *section, uint8_t language)
{
    struct span word;

    while (next_word(&line, &word)) {
        for (uint32_t i = 0; i < seen_count; i++)
            if (span_eq(seen[i], word))
                mistake("twice in [%s]: %.*s", section->name, (int)word.len, word.at);
        if (seen_count == ENTRIES_MOST)
            mistake("too many words");
        seen[seen_count++] = word;
        if (section->forms == REGULAR)
            put_regular(word, section, language);
        else if (section->forms == IRREGULAR)
            put_irregular(word, section, language);
        else
            put(word, section->bits, section, language);
    }
}

static void read_lines(struct span text)
{
    const struct section *section = NULL;
    uint8_t before = language_last;
    bool there[SECTIONS] = {false};
    enum setting setting;
    struct span line;

    check_head(text);
    line_number = 0;
    for (size_t at = 0; at < text.len; at += line.len + 1) {
        line = span_cut(text, at, text.len);
        line.len = strcspn(line.at, "\n");
        line_number++;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (line.at[0] == '[' && line.at[line.len - 1] == ']') {
            section = section_named(span_cut(line, 1, line.len - 1));
            if (there[section - sections])
                mistake("[%s] is there twice", section->name);
            there[section - sections] = true;
            seen_count = 0;
        } else if ((setting = setting_of(line)) != SETTINGS) {
            if (section || (setting != LANGUAGE && language_last == before))
                mistake("settings stand above the first section, and language: is the first");
            read_setting(line, setting);
        } else if (section) {
            read_words(line, section, language_last > before ? language_last : 0);
        } else {
            mistake("words stand in a section, and this is no setting: %.*s", (int)line.len, line.at);
        }
    }
    if (language_last > before)
        check_settings(&languages_found[language_last]);
}

static void read_file(const char *path)
{
    static char text[FILE_MOST + 1];
    FILE *file = fopen(path, "re");
    size_t len;

    file_name = path;
    line_number = 0;
    if (!file)
        mistake("it cannot be opened");
    len = fread(text, 1, FILE_MOST, file);
    if (ferror(file) || !feof(file))
        mistake("it cannot be read, or is too long");
    fclose(file);
    text[len] = '\0';
    if (strlen(text) != len)
        mistake("it is not text");
    read_lines((struct span){text, len});
}

/* ---- writing -------------------------------------------------------------------------------------------- */

static void write_languages(void)
{
    printf("const struct language languages[] = {\n    {\"unknown\", \"und\", 0, 0, 0, 0, false},\n");
    for (unsigned i = 1; i <= language_last; i++) {
        const struct settings *s = &languages_found[i];

        printf("    {\"%s\", \"%s\", %u, %u, %u, %u, %s},\n", s->is[LANGUAGE], s->is[CODE], i, s->capitals,
               s->scripts, s->rules, s->title_case ? "true" : "false");
    }
    printf("};\nconst unsigned language_count = %u;\n\n", language_last + 1u);
}

/* The senses of a word stand in a row; returns where. */
static void write_senses(uint32_t *first)
{
    uint32_t count = 1;

    printf("const struct word_sense word_senses[] = {\n    {0, 0, 0, true},\n");
    for (uint32_t e = 0; e < entry_count; e++) {
        first[e] = entries[e].sense ? count : 0;
        for (uint32_t s = entries[e].sense; s; s = senses[s].next, count++)
            printf("    {%uu, %u, %u, %s},\n", senses[s].bits, senses[s].clause, senses[s].language,
                   senses[s].next ? "false" : "true");
    }
    printf("};\n\n");
}

/* The languages that a word tells. Language 0 is none: its bit says that the word is a name. */
static uint64_t tells_of(const struct entry *e)
{
    uint64_t set = 0;

    for (uint32_t s = e->sense; s; s = senses[s].next) {
        set |= (uint64_t)senses[s].tells << senses[s].language;
        if (senses[s].language == 0 && (senses[s].bits & (LEX_MALE | LEX_FEMALE | LEX_PLACE)))
            set |= WORD_NAME;
    }
    return set;
}

static struct span key_of(const struct entry *e)
{
    return (struct span){letters.at + e->letters, e->len};
}

static void write_slots(const uint32_t *first)
{
    static uint32_t at[SLOTS_MOST];
    uint32_t slots = 16;

    while (2 * slots < 3 * entry_count)
        slots *= 2;
    for (uint32_t e = 0; e < entry_count; e++) {
        uint32_t i = word_hash_of(key_of(&entries[e])) & (slots - 1);

        while (at[i])
            i = (i + 1) & (slots - 1);
        at[i] = e + 1;
    }
    printf("const uint32_t word_slot_mask = %u;\nconst struct word_slot word_slots[] = {\n", slots - 1);
    for (uint32_t i = 0; i < slots; i++) {
        const struct entry *e = at[i] ? &entries[at[i] - 1] : NULL;

        if (e)
            printf("    [%u] = {%#" PRIx64 "u, %#" PRIx64 "u, %u, %u, %u, %u},\n", i,
                   eight_until(letters.at + e->letters, letters.at + e->letters + e->len), tells_of(e),
                   e->letters, first[at[i] - 1], e->len, e->period);
    }
    if (!at[slots - 1])
        printf("    [%u] = {0},\n", slots - 1);
    printf("};\n\nconst uint8_t word_tags[%u] = {\n", slots);
    for (uint32_t i = 0; i < slots; i++)
        if (at[i])
            printf("    [%u] = %u,\n", i, word_tag_of(word_hash_of(key_of(&entries[at[i] - 1]))));
    printf("};\n\n");
}

static void write_letters(void)
{
    printf("const char word_letters[] =");
    for (size_t i = 0; i < letters.len; i++) {
        if (i % 24 == 0)
            printf("%s\n    \"", i ? "\"" : "");
        printf("\\%03o", (unsigned char)letters.at[i]);
    }
    printf("\";\n");
}

int main(int argc, char **argv)
{
    static uint32_t first[ENTRIES_MOST];

    for (int i = 1; i < argc; i++)
        read_file(argv[i]);
    if (entry_count == 0 || buf_err(&letters)) {
        fprintf(stderr, "words-compile FILE...: there are no words\n");
        return 1;
    }
    printf("/* words.c -- written by index/words/compile.c from the files in index/words/. */\n"
           "#include \"index/language.h\"\n#include \"index/words.h\"\n\n");
    write_languages();
    write_senses(first);
    write_slots(first);
    write_letters();
    buf_fini(&letters);
    return fflush(stdout) || ferror(stdout);
}
