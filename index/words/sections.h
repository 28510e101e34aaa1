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
    uint8_t period;  /* enum lex_period */
    bool tells;      /* the language is told by its words */
    uint16_t clause; /* enum lex_clause, enum lex_noun */
};

/* clang-format off */
static const struct section sections[] = {
    {"speech verbs",                          LEX_CUE | LEX_SPEECH,   AS_IS,     0, true, 0},
    {"speech verbs, regular",                 LEX_CUE | LEX_SPEECH,   REGULAR,   0, false, 0},
    {"speech verbs, irregular",               LEX_CUE | LEX_SPEECH,   IRREGULAR, 0, false, 0},
    {"judgement verbs",                       LEX_CUE,                AS_IS,     0, false, 0},
    {"judgement verbs, regular",              LEX_CUE,                REGULAR,   0, false, 0},
    {"judgement verbs, irregular",            LEX_CUE,                IRREGULAR, 0, false, 0},
    {"governing: say",                        0,                      IRREGULAR, 0, false, LEX_THAT | LEX_BARE | LEX_SAY},
    {"governing a clause",                    0,                      REGULAR,   0, false, LEX_THAT | LEX_BARE},
    {"governing a clause, irregular",         0,                      IRREGULAR, 0, false, LEX_THAT | LEX_BARE},
    {"governing that",                        0,                      REGULAR,   0, false, LEX_THAT},
    {"governing a hearer",                    0,                      REGULAR,   0, false, LEX_HEARER},
    {"governing a hearer, irregular",         0,                      IRREGULAR, 0, false, LEX_HEARER},
    {"governing a question",                  0,                      REGULAR,   0, false, LEX_ASK},
    {"governing to",                          0,                      REGULAR,   0, false, LEX_TO},
    {"what reports do",                       0,                      REGULAR,   0, false, LEX_THAT | LEX_SHOW},
    {"what reports do, irregular",            0,                      IRREGULAR, 0, false, LEX_THAT | LEX_SHOW},
    {"other verbs",                           LEX_VERB,               AS_IS,     0, false, 0},
    {"he",                                    LEX_HE,                 AS_IS,     0, true, 0},
    {"she",                                   LEX_SHE,                AS_IS,     0, true, 0},
    {"it",                                    LEX_IT,                 AS_IS,     0, true, 0},
    {"they",                                  LEX_THEY,               AS_IS,     0, true, 0},
    {"I",                                     LEX_I,                  AS_IS,     0, true, 0},
    {"who",                                   LEX_WHO,                AS_IS,     0, true, 0},
    {"determiners",                           LEX_DET,                AS_IS,     0, true, 0},
    {"prepositions",                          LEX_PREP,               AS_IS,     0, true, 0},
    {"inside names",                          LEX_OF,                 AS_IS,     0, false, 0},
    {"joining words",                         LEX_JOIN,               AS_IS,     0, true, 0},
    {"subordinate clauses",                   LEX_SUB,                AS_IS,     0, true, 0},
    {"auxiliaries",                           LEX_AUX,                AS_IS,     0, true, 0},
    {"adverbs",                               LEX_ADV,                AS_IS,     0, true, 0},
    {"small words",                           0,                      AS_IS,     0, true, 0},
    {"calendar",                              LEX_CALENDAR,           AS_IS,     0, false, 0},
    {"after surnames",                        LEX_SUFFIX,             AS_IS,     0, false, 0},
    {"according to",                          LEX_ACCORDING,          AS_IS,     0, false, 0},
    {"titles",                                LEX_TITLE,              AS_IS,     0, false, 0},
    {"titles of men",                         LEX_TITLE | LEX_MALE,   AS_IS,     0, false, 0},
    {"titles of women",                       LEX_TITLE | LEX_FEMALE, AS_IS,     0, false, 0},
    {"Mr and Mrs",                            LEX_MADAM,              AS_IS,     0, false, 0},
    {"roles",                                 LEX_ROLE,               AS_IS,     0, false, 0},
    {"things that speak",                     LEX_DOC,                AS_IS,     0, false, 0},
    {"organisations",                         LEX_ORG,                AS_IS,     0, false, 0},
    {"places",                                LEX_PLACE,              AS_IS,     0, false, 0},
    {"peoples",                               LEX_PEOPLE,             AS_IS,     0, false, 0},
    {"first names of men",                    LEX_MALE,               AS_IS,     0, false, 0},
    {"first names of women",                  LEX_FEMALE,             AS_IS,     0, false, 0},
    {"names that are words",                  LEX_WORD,               AS_IS,     0, false, 0},
    {"leads to a name",                       0,                      AS_IS,     0, false, LEX_NAMES},
    {"makes another role",                    0,                      AS_IS,     0, false, LEX_HALF},
    {"words of somebody",                     0,                      AS_IS,     0, false, LEX_WORDS},
    {"any organisation",                      0,                      AS_IS,     0, false, LEX_FIRM},
    {"joined to names",                       0,                      AS_IS,     0, false, LEX_JOINED},
    {"short: something follows",              LEX_SHORT,              AS_IS,     LEX_BEFORE, false, 0},
    {"short with a capital: something follows", LEX_SHORT,            AS_IS,     LEX_BEFORE_CAPITAL, false, 0},
    {"short: a number follows",               0,                      AS_IS,     LEX_NUMBER, false, 0},
    {"short",                                 LEX_SHORT,              AS_IS,     LEX_EITHER, false, 0},
    {"short with a capital",                  LEX_SHORT,              AS_IS,     LEX_EITHER_CAPITAL, false, 0},
    {"begins sentences",                      0,                      AS_IS,     LEX_STARTS, false, 0},
    {"ordinals after",                        0,                      AS_IS,     LEX_ORDINAL, false, 0},
    {"ordinal months",                        0,                      AS_IS,     LEX_MONTH, false, 0},
};
/* clang-format on */

enum { SECTIONS = sizeof sections / sizeof *sections };

#endif
