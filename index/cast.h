/* cast.h -- the people, organisations and places that an article names.
 *
 * Every run of capitals outside quotation marks is a mention: titles first, then the name. Mentions of one entity
 * are found by their words: a surname or a first name belongs to the full name that stands somewhere in the
 * article, a short name to the organisation that begins with it. Two people of one surname stay two. Nothing is
 * carried from one article into another.
 *
 *      Mayor Ada Kovar … Lindau Water Board … Kovar … the Board
 *      [run, entity 0  ] [run, entity 1    ]  [0  ]
 *            [name    ]
 */
#ifndef INDEX_CAST_H
#define INDEX_CAST_H

#include "index/noun.h"

enum entity_kind { UNKNOWN, PERSON, ORGANISATION, PLACE };
enum sex { NO_SEX = 0, MALE = LEX_MALE, FEMALE = LEX_FEMALE };

enum { NO_ENTITY = 0xFFFFFFFF };

struct entity {
    struct span name; /* the longest form printed */
    uint32_t start;   /* where it stands in the article */
    enum entity_kind kind;
    uint32_t sex;
    uint32_t first_word, last_word; /* hashes of their keys */
    uint32_t acronym;               /* of the letters in brackets after it; 0 for none */
    uint32_t words, count;
    bool sure; /* a title or a known first name shows that it is a person */
};

/* A run of capitals: titles, then the name. */
struct run {
    uint32_t first, end; /* tokens, with titles */
    uint32_t name;       /* token where the name begins; equal to `end` when it is only a title */
    enum entity_kind kind;
    uint32_t sex;
    bool sure;       /* a person, by a title or a known first name */
    uint32_t entity; /* NO_ENTITY for a title without a name */
};

struct link {
    uint32_t word, entity, next;
};

struct cast {
    struct arena *mem;
    const struct scan *s;
    struct run *runs;
    uint32_t run_count, run_cap;
    struct entity *entities;
    uint32_t entity_count, entity_cap;
    struct link *links;
    uint32_t link_count, link_cap;
    uint32_t *heads, head_count; /* hash of a word -> its links, newest first */
};

/* Reads the article's cast. All memory is mem's. Returns 0 or ERR_NOMEM. Linear. */
int cast_read(struct arena *mem, const struct scan *s, struct cast *out);

/* A hash of the word as it is compared: folded, without its ending of possession, without al-. */
uint32_t cast_word(struct span word);

/* The last run that begins before token `end` and not before `first`, or NULL. */
const struct run *cast_run_before(const struct cast *c, uint32_t first, uint32_t end);

/* The last run of capitals in the head of a phrase, or NULL, and where the head ends: where "of", "for", "from"
 * leads to something else, as in: a spokesman | for Mayor Kovar. */
const struct run *cast_head_run(const struct cast *c, struct noun n, uint32_t *end);

/* The entity that a phrase names by its head, or NULL. */
const struct entity *cast_entity(const struct cast *c, struct noun n);

/* The leader of the party, Ada Kovar, said: the run of the name beside a role that has none, or NULL. */
const struct run *cast_apposed(const struct cast *c, struct noun n);

/* The one entity that a name means, in full ("Ada Kovar") or in short ("Kovar"); NULL when none or several do. */
const struct entity *cast_known(const struct cast *c, struct span name);

#endif
