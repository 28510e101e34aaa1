/* lexicon.h -- what kinds of word a word can be, for the rules that find speakers.
 *
 * The lists stand in index/words/, a text file for each language and some for all of them (first names, places), so
 * that adding a word is adding a word. Words are compared by their loose keys. A word has the kinds that it has in
 * the language asked for, and those that it has everywhere: "die" is an article in German and nothing in English.
 */
#ifndef INDEX_LEXICON_H
#define INDEX_LEXICON_H

#include <stdint.h>

#include "base/span.h"
#include "index/language.h"

enum lex_bits {
    LEX_CUE = 1 << 0,      /* a finite verb of speech or judgement: said, erklärte, called */
    LEX_SPEECH = 1 << 1,   /* with LEX_CUE and LEX_CUE_ING: surely speech (said, not called) */
    LEX_CUE_BASE = 1 << 2, /* say, add: a cue when its subject is many or a modal goes before */
    LEX_CUE_ING = 1 << 3,  /* saying, adding, calling */
    LEX_HE = 1 << 4,       /* he, er, il, él, он, han */
    LEX_SHE = 1 << 5,
    LEX_IT = 1 << 6,
    LEX_THEY = 1 << 7,
    LEX_I = 1 << 8,          /* I, we */
    LEX_WHO = 1 << 9,        /* who, which, that as a subject */
    LEX_TITLE = 1 << 10,     /* stands before a name: president, Sen., Dr. */
    LEX_ROLE = 1 << 11,      /* a noun for a person or persons: official, spokesman, critics */
    LEX_DOC = 1 << 12,       /* a thing that speaks: statement, report, resolution, poll */
    LEX_ORG = 1 << 13,       /* part of an organisation's name: Council, University, Inc. */
    LEX_PLACE = 1 << 14,     /* a town, country, or part of a place's name */
    LEX_MALE = 1 << 15,      /* a man's first name, or Mr. */
    LEX_FEMALE = 1 << 16,    /* a woman's first name, or Mrs. */
    LEX_DET = 1 << 17,       /* the, a, his, some, two */
    LEX_PREP = 1 << 18,      /* of, in, with */
    LEX_JOIN = 1 << 19,      /* and, or, but */
    LEX_SUB = 1 << 20,       /* when, because, if, that */
    LEX_AUX = 1 << 21,       /* has, was, would, did */
    LEX_ADV = 1 << 22,       /* also, later, then, not */
    LEX_CALENDAR = 1 << 23,  /* Monday, March, week, yesterday */
    LEX_PEOPLE = 1 << 24,    /* Republican, American, Germans: no one's name, and no organisation */
    LEX_SHORT = 1 << 25,     /* an abbreviation that keeps its point: Mr. Sen. Nov. */
    LEX_OF = 1 << 26,        /* joins two parts of one name or noun phrase: of, for, de, von, al */
    LEX_ACCORDING = 1 << 27, /* according, laut, selon, según, enligt */
    LEX_SUFFIX = 1 << 28,    /* Jr., III: after a surname */
    LEX_VERB = 1 << 29,      /* some other finite verb that ends a noun phrase */
    LEX_MADAM = 1 << 30      /* Mr., Mrs., Frau: its sex is sure (with LEX_MALE or LEX_FEMALE) */
};

/* With LEX_MALE or LEX_FEMALE: an ordinary word too, so that at the beginning of a sentence it may be no name. */
#define LEX_WORD 0x80000000u

#define LEX_PRONOUN  (LEX_HE | LEX_SHE | LEX_IT | LEX_THEY | LEX_I)
#define LEX_FUNCTION (LEX_DET | LEX_PREP | LEX_JOIN | LEX_SUB | LEX_AUX | LEX_PRONOUN | LEX_WHO)

/* What a word says about the end of sentences (period.h). The CAPITAL ones hold only when it has a capital. */
enum lex_period {
    LEX_BEFORE = 1 << 0, /* with a point, something always follows: Dr., vs., z. B. */
    LEX_BEFORE_CAPITAL = 1 << 1,
    LEX_NUMBER = 1 << 2, /* with a point, it stands before a number: No. 5 */
    LEX_EITHER = 1 << 3, /* with a point, it may close a sentence or not: p.m., Inc. */
    LEX_EITHER_CAPITAL = 1 << 4,
    LEX_STARTS = 1 << 5,  /* begins sentences */
    LEX_ORDINAL = 1 << 6, /* makes an ordinal of a number with a point: am 3. Tag */
    LEX_MONTH = 1 << 7    /* so does this after it: 3. Oktober */
};

/* What a verb may govern without marks (indirect.h); filled for English. Beside it lex_clause says which form of the
 * verb the word is: LEX_CUE (finite), LEX_CUE_BASE or LEX_CUE_ING. */
enum lex_clause {
    LEX_THAT = 1 << 4,   /* a clause with that: she argued that … */
    LEX_BARE = 1 << 5,   /* and one without: she said … */
    LEX_SAY = 1 << 6,    /* say itself, after which nearly anything is a clause */
    LEX_HEARER = 1 << 7, /* a hearer, then a clause: she told reporters … */
    LEX_ASK = 1 << 8,    /* a question: she asked whether … */
    LEX_TO = 1 << 9,     /* what the speaker will do: she vowed to … */
    LEX_SHOW = 1 << 10   /* what only a report or a poll does: it found that … */
};

/* What else some nouns and small words say, told by lex_noun. */
enum lex_noun {
    LEX_NAMES = 1 << 11, /* leads to a name or a term in marks, not to speech: the film “…”, dubbed “…” */
    LEX_HALF = 1 << 12,  /* beside a role, makes it another: the former mayor, the deputy mayor */
    LEX_WORDS = 1 << 13, /* words of whoever owns it: Kovar’s claim, her answer */
    LEX_FIRM = 1 << 14,  /* any organisation may be called so: the company, the firm */
    LEX_JOINED =
        1 << 15 /* written together with a name, after which it has a small letter: al-Khatib, d’Arcy */
};

/* The kinds of a word in a language, whatever its case; 0 for an unknown one. Any thread. */
uint32_t lex_bits(struct span word, const struct language *language);

/* Its kinds in all languages together, where the language is not known yet: where sentences end. */
uint32_t lex_bits_anywhere(struct span word);

/* Its bits of enum lex_period; the same in every language. */
uint32_t lex_period(struct span word);

/* Its bits of enum lex_clause, and its form; 0 when it governs nothing. */
uint32_t lex_clause(struct span word, const struct language *language);

/* Its bits of enum lex_noun, in the language and in all of them. */
uint32_t lex_noun(struct span word, const struct language *language);

/* The languages of which it is a small word (or a verb of speech): a set of 1 << number. With a capital, a first name
 * or a place is none: Ada, Per, Split. */
uint64_t lex_tells(struct span word, bool capital);

/* A word of ASCII letters and digits alone, cut, folded and hashed in one walk. */
struct lex_plain {
    uint32_t hash, len; /* of the whole word */
    bool digits;        /* it has some */
    char key[64];       /* no longer one is in the lists; zeroes after it, to a multiple of eight */
};

/* Reads the one at `at`, perhaps of no letter, and returns where it ends. */
const char *lex_read_plain(const char *at, const char *end, struct lex_plain *word);

/* lex_bits() and lex_tells() of it. */
uint32_t lex_plain_bits(const struct lex_plain *word, const struct language *language);
uint64_t lex_plain_tells(const struct lex_plain *word, bool capital);

/* A hash of a word's key, the same for all its spellings. */
uint32_t lex_hash(struct span word);

/* A folded key, as lex_bits makes it: lower case, no diacritics, no possessive. `key` holds LIMIT_WORD. */
struct span lex_key(struct span word, char *key);

#endif
