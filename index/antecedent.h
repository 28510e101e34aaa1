/* antecedent.h -- he, she, it, they: whom of those lately spoken of a pronoun means.
 *
 * The article is read in order. Every mention of somebody is noted; a pronoun is tied to the mention that its attributes
 * (attribute.h) and the learned weights make the likeliest of those it fits by sex, kind and number, and is a mention itself:
 *
 *      Ada Kovar … she … Victor Osei … she
 *      [0       ]◄─[1] [2         ] ▲[3]
 *                 └────────────────────┘
 */
#ifndef INDEX_ANTECEDENT_H
#define INDEX_ANTECEDENT_H

#include "index/unnamed.h"

enum { NO_MENTION = 0xFFFFFFFF };

struct mention {
    uint32_t token, entity;       /* the entity is one of unnamed_entity */
    uint32_t start, end;          /* bytes */
    uint32_t after;               /* of a pronoun: the mention that it is tied to; NO_MENTION */
    int subject;                  /* 2 when it opened the sentence or spoke, 1 when a verb follows */
    bool speaker, pronoun, owner; /* owner: his, her */
    bool cue, first;              /* beside a verb of speech; the first person of its sentence */
    bool prep;                    /* after a preposition: in a statement */
};

struct mentions {
    struct arena *mem;
    const struct cast *cast;
    const struct unnamed *unnamed;
    struct mention *list;
    uint32_t count, cap;
    uint32_t *meant; /* by token: the mention that a pronoun there is tied to, or NO_MENTION */
};

/* One that a pronoun may mean, and what is seen of it. */
struct antecedent {
    uint32_t entity, mention; /* the latest of it */
    struct span name;
    struct attributes seen;
};

/* Shown every pronoun and its antecedents, for learning. */
typedef void antecedent_watch(void *watcher, uint32_t token, const struct antecedent *all, uint32_t count);

/* Reads the article up to the last pronoun among the mentions of voices[0 .. count), or to its end for a `watch`, which may be
 * NULL. All memory is mem's. Returns 0 or ERR_NOMEM. Linear. */
int antecedents_read(struct arena *mem, const struct unnamed *unnamed, const struct voice *voices,
                     uint32_t count, antecedent_watch *watch, void *watcher, struct mentions *out);

#endif
