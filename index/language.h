/* language.h -- the languages that have a file in index/words/, and which one an article is written in.
 *
 * An article has one language, its main one. It is told by script and by small words (the, und, был), each of which
 * counts the less the more languages have it. Where that tells nothing the language is unknown: it has no words
 * of its own and no rules, so what is said there is found, and nobody is named for it.
 */
#ifndef INDEX_LANGUAGE_H
#define INDEX_LANGUAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "index/article.h"

enum { LANGUAGES_MOST = 64 }; /* a set of them is a uint64_t */

/* What the rules that find speakers may rely on in a language: `rules:` in its file. */
#define LANGUAGE_RULES(X)                                                                          \
    X(BESIDE, "beside")     /* “…,” said Kovar; Kovar said: “…”; “…,” he said */ \
    X(LABEL, "label")       /* KOVAR: “…”; “…” — Ada Kovar */                        \
    X(FAR, "far")           /* a verb of speech somewhere in the sentence */                       \
    X(SUBJECT, "subject")   /* no verb, but the subject of the sentence */                         \
    X(DIALOGUE, "dialogue") /* turns of speech after a dash */                                     \
    X(PARTICLE, "particle") /* 「…」と山本市長は述べた */

enum language_rule_index {
#define X(id, name) LANGUAGE_INDEX_##id,
    LANGUAGE_RULES(X)
#undef X
};
enum language_rule {
#define X(id, name) LANGUAGE_##id = 1 << LANGUAGE_INDEX_##id,
    LANGUAGE_RULES(X)
#undef X
};

/* `script:` in a file, one or more. */
#define LANGUAGE_SCRIPTS(X)     \
    X(LATIN, "Latin")           \
    X(GREEK, "Greek")           \
    X(CYRILLIC, "Cyrillic")     \
    X(HEBREW, "Hebrew")         \
    X(ARABIC, "Arabic")         \
    X(DEVANAGARI, "Devanagari") \
    X(KANA, "Kana")             \
    X(HAN, "Han")               \
    X(HANGUL, "Hangul")         \
    X(OTHER, "Other")

enum language_script {
#define X(id, name) SCRIPT_##id,
    LANGUAGE_SCRIPTS(X)
#undef X
        SCRIPTS
};

/* `capitals:` in a file. */
enum language_capitals {
    CAPITALS_NONE,  /* its script has none */
    CAPITALS_NAMES, /* names have them */
    CAPITALS_NOUNS  /* all nouns have them */
};

struct language {
    const char *name; /* German; "unknown" */
    const char *code; /* of ISO 639-1: de; "und" for the unknown one */
    uint8_t number;   /* of its words in words.h; 0 is the unknown one */
    uint8_t capitals; /* enum language_capitals */
    uint16_t scripts; /* a set of 1 << enum language_script */
    uint16_t rules;   /* a set of enum language_rule */
    bool title_case;  /* Its Headlines Are Written Like This: `headlines: capitals` */
};

/* By number; the unknown one is the first. */
extern const struct language languages[];
extern const unsigned language_count;

/* The main language of an article; the one it says it is in where its words do not tell. Never NULL. Linear, and it
 * reads a few thousand words at most. */
const struct language *language_of(const struct article *a);

/* The code of a language as people name it (German, de, de-CH, DE); of one that has no file any two or three letters. False
 * when it is no name of one. Small letters, ends with a NUL. */
enum { LANGUAGE_CODE = 4 };
bool language_code(struct span name, char code[LANGUAGE_CODE]);

/* The one with this code (de, de-CH), or the unknown one. */
const struct language *language_named(struct span code);

static inline bool language_allows(const struct language *l, enum language_rule rule)
{
    return (l->rules & rule) != 0;
}

#endif
