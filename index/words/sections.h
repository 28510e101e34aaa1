/* sections.h -- the sections that a .words file may have, and what they say about their words. */
#ifndef INDEX_WORDS_SECTIONS_H
#define INDEX_WORDS_SECTIONS_H

#include "index/lexicon.h"

/* How the words of a section become entries. */
enum forms {
    AS_IS,
    REGULAR,  /* a stem of English: its four forms */
    IRREGULAR /* base/s/past/ing */
};

struct section {
    const char *name;
    uint32_t bits; /* enum lex_bits */
    enum forms forms;
    uint8_t period; /* enum lex_period */
    bool tells;     /* the language is told by its words */
};

/* clang-format off */
static const struct section sections[] = {
    {"speech verbs",                          LEX_CUE | LEX_SPEECH,   AS_IS,     0, true},
    {"speech verbs, regular",                 LEX_CUE | LEX_SPEECH,   REGULAR,   0, false},
    {"speech verbs, irregular",               LEX_CUE | LEX_SPEECH,   IRREGULAR, 0, false},
    {"judgement verbs",                       LEX_CUE,                AS_IS,     0, false},
    {"judgement verbs, regular",              LEX_CUE,                REGULAR,   0, false},
    {"judgement verbs, irregular",            LEX_CUE,                IRREGULAR, 0, false},
    {"other verbs",                           LEX_VERB,               AS_IS,     0, false},
    {"he",                                    LEX_HE,                 AS_IS,     0, true},
    {"she",                                   LEX_SHE,                AS_IS,     0, true},
    {"it",                                    LEX_IT,                 AS_IS,     0, true},
    {"they",                                  LEX_THEY,               AS_IS,     0, true},
    {"I",                                     LEX_I,                  AS_IS,     0, true},
    {"who",                                   LEX_WHO,                AS_IS,     0, true},
    {"determiners",                           LEX_DET,                AS_IS,     0, true},
    {"prepositions",                          LEX_PREP,               AS_IS,     0, true},
    {"inside names",                          LEX_OF,                 AS_IS,     0, false},
    {"joining words",                         LEX_JOIN,               AS_IS,     0, true},
    {"subordinate clauses",                   LEX_SUB,                AS_IS,     0, true},
    {"auxiliaries",                           LEX_AUX,                AS_IS,     0, true},
    {"adverbs",                               LEX_ADV,                AS_IS,     0, true},
    {"small words",                           0,                      AS_IS,     0, true},
    {"calendar",                              LEX_CALENDAR,           AS_IS,     0, false},
    {"after surnames",                        LEX_SUFFIX,             AS_IS,     0, false},
    {"according to",                          LEX_ACCORDING,          AS_IS,     0, false},
    {"titles",                                LEX_TITLE,              AS_IS,     0, false},
    {"titles of men",                         LEX_TITLE | LEX_MALE,   AS_IS,     0, false},
    {"titles of women",                       LEX_TITLE | LEX_FEMALE, AS_IS,     0, false},
    {"Mr and Mrs",                            LEX_MADAM,              AS_IS,     0, false},
    {"roles",                                 LEX_ROLE,               AS_IS,     0, false},
    {"things that speak",                     LEX_DOC,                AS_IS,     0, false},
    {"organisations",                         LEX_ORG,                AS_IS,     0, false},
    {"places",                                LEX_PLACE,              AS_IS,     0, false},
    {"peoples",                               LEX_PEOPLE,             AS_IS,     0, false},
    {"first names of men",                    LEX_MALE,               AS_IS,     0, false},
    {"first names of women",                  LEX_FEMALE,             AS_IS,     0, false},
    {"names that are words",                  LEX_WORD,               AS_IS,     0, false},
    {"short: something follows",              LEX_SHORT,              AS_IS,     LEX_BEFORE, false},
    {"short with a capital: something follows", LEX_SHORT,            AS_IS,     LEX_BEFORE_CAPITAL, false},
    {"short: a number follows",               0,                      AS_IS,     LEX_NUMBER, false},
    {"short",                                 LEX_SHORT,              AS_IS,     LEX_EITHER, false},
    {"short with a capital",                  LEX_SHORT,              AS_IS,     LEX_EITHER_CAPITAL, false},
    {"begins sentences",                      0,                      AS_IS,     LEX_STARTS, false},
    {"ordinals after",                        0,                      AS_IS,     LEX_ORDINAL, false},
    {"ordinal months",                        0,                      AS_IS,     LEX_MONTH, false},
};
/* clang-format on */

enum { SECTIONS = sizeof sections / sizeof *sections };

#endif
