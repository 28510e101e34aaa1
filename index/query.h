/* query.h -- a typed question becomes a tree.
 *
 *      syria OR aid "bearing the cost" -oil speaker:venn date:2025-01..2025-06
 *
 *      OR ─┬─ words: syria
 *          └─ AND ─┬─ words: aid
 *                  ├─ words: bearing the cost        (at consecutive positions)
 *                  ├─ NOT ── words: oil
 *                  ├─ SPEAKER ── AND ── words: venn        (ROLE, CUE, TITLE, SOURCE, LANG likewise: one of WORDS)
 *                  └─ DATE 2025-01-01 to 2025-06-30        (KIND and PATH likewise: they hold what is asked for)
 *
 * What binds closest stands first:
 *
 *      NEAR/n ADJ/n    of words, phrases and brackets of alternatives: at most n words between (NEAR, ADJ: 10), in either order
 *                      or in this one. In a chain each thing is near the one before it; the two do not overlap.
 *      NOT -           without the one thing behind it: a word, phrase, bracket, filter or chain
 *      side by side    all must be there; AND may be said
 *      OR
 *
 * Filters are of quotes (speaker: role: cue: kind:) or of articles (the others). An article is asked for one quote of which
 * all filters of quotes hold that stand side by side, brackets of nothing but them among these; each one under NOT is held
 * against all of its quotes.
 * A quote is asked about itself and, with filters of articles, about the article it stands in.
 *
 * Brackets group. Marks that are no words ("--", "!") are passed over. A mistake is told with its column and a sentence.
 *
 * Words are made by word.h and key.h, as in the index. A slot is one place in a row of words; there may be several ways to
 * be there, each of one key or of several, one after the other:
 *
 *      typed       a way to be there
 *      al-nadim    alnadim | al nadim
 *      mueller     mueller | muller spelled müller, or müller's
 *      müller      muller | mueller
 *      l'état      etat                       (in a phrase or name: letat)
 *      =résumé     resume spelled résumé      (=resume: resume, spelled so and not otherwise)
 *      東          what begins with 東
 *      presid*     every word that begins so                  (müll*: muell* too; muell*: what is spelled müll... too)
 *      *dent*      every word that holds it
 *      *dent       every word that ends so
 *      ~presidnet  every word that is spelled almost so       (fuzzy.h)
 *
 * A star or a tilde goes with the word that it touches, in a phrase too; with a chain (al-nad*) by the part it touches. In
 * scripts without spaces every piece of a run is found anyway: there they change nothing.
 */
#ifndef INDEX_QUERY_H
#define INDEX_QUERY_H

#include "base/arena.h"
#include "index/fuzzy.h"
#include "index/quote.h"
#include "index/stem.h"

enum query_kind {
    QUERY_WORDS,
    QUERY_NEAR,
    QUERY_AND,
    QUERY_OR,
    QUERY_NOT,
    QUERY_SPEAKER, /* from here on filters: of quotes, */
    QUERY_ROLE,
    QUERY_CUE,
    QUERY_KIND,
    QUERY_TITLE, /* and of articles */
    QUERY_SOURCE,
    QUERY_LANG,
    QUERY_PATH,
    QUERY_DATE
};

static inline bool query_is_filter(enum query_kind kind)
{
    return kind >= QUERY_SPEAKER;
}

/* KIND: any of them, as bits 1 << enum quote_kind. */
enum { EVERY_KIND = (1 << QUOTE_KINDS) - 1 };

/* What a key asks for. */
enum key_how {
    KEY_LOOSE,   /* the word, however it is spelled */
    KEY_SPELLED, /* only where its exact key is `exact` */
    KEY_UMLAUT,  /* the same, or with a possessive after it */
    /* And those that expand to words of the archive (expand.h): */
    KEY_BEGINS, /* every pair of characters that begins with `loose` */
    KEY_STEM,   /* every word that begins with `loose` and has the stem `exact` */
    KEY_PREFIX, /* every word that begins with `loose`, spelled so that it begins with `exact` */
    KEY_INFIX,  /* every word that holds `loose` */
    KEY_SUFFIX, /* every word that ends with `loose` */
    KEY_FUZZY   /* every word that is spelled almost like `loose` */
};

static inline bool key_expands(enum key_how how)
{
    return how >= KEY_BEGINS;
}

struct query_key {
    enum key_how how;
    struct span loose, exact;  /* exact: empty where nothing is said of it */
    const struct fuzzy *fuzzy; /* of FUZZY */
};

/* One way to be in a slot: keys at consecutive positions. Numbers index query.keys. */
struct query_way {
    uint32_t *keys;
    uint32_t count, cap;
};

/* One place in a row of words. */
struct query_slot {
    struct query_way *ways;
    uint32_t count, cap; /* one way at least */
};

struct query_node {
    enum query_kind kind;
    struct query_node *kids,
        *next; /* AND, OR: two or more; NOT: one; filters of words: one, of WORDS and AND; NEAR: two or more,
                                     * of WORDS and OR */
    const struct query_slot *slots; /* WORDS: one word, or several at consecutive positions */
    uint32_t slot_count;
    uint32_t leaf;               /* WORDS outside filters, and NEAR: counts them from 0 */
    uint32_t most;               /* in NEAR: words that may stand between this and the one before it, */
    bool ordered;                /* and whether it must come after it */
    int32_t first_day, last_day; /* DATE: day numbers of date.h, both included */
    unsigned kinds;              /* KIND: bits 1 << enum quote_kind */
    struct span path;            /* PATH: folded (paths.h) */
};

/* Everything is the arena's. */
struct query {
    struct query_node *root; /* NULL when nothing was asked */
    struct query_key *keys;  /* distinct */
    uint32_t key_count, leaf_count;
    uint32_t starred;              /* keys with a star or a tilde */
    struct stemmer *stemmer;       /* of KEY_STEM keys; NULL when nothing is stemmed */
    struct expansions *expansions; /* expand.h */
    const volatile bool *cancel;   /* looked at in long loops; may be NULL, as it is at first */
    uint32_t column;               /* ERR_SYNTAX: where, from 1 */
    char detail[200];
};

/* Reads a query. An empty one gives root NULL. Words outside phrases and names also find words of the same stem in the
 * language `stem` (stem.h; empty: none). Returns 0, ERR_NOMEM, ERR_SYNTAX with column and detail, or ERR_ARGS
 * with detail for an unknown language. query_fini gives back the stemmer; all else is the arena's. */
int query_parse(struct query *q, struct arena *mem, struct span text, struct span stem);
void query_fini(struct query *q);

/* Makes room for what expand.h keeps. For query.c alone. */
int expand_prepare(struct query *q, struct arena *mem);

/* Asks besides that the speaker's name holds every word of `name`. ERR_SYNTAX when it has none. */
int query_add_speaker(struct query *q, struct arena *mem, struct span name);

/* Adds a copy of a node, without what stands beside it, to the kids of another. 0 or ERR_NOMEM. */
int query_add_kid(struct arena *mem, struct query_node *parent, const struct query_node *n);

/* Sets wanted[key] for each key that speaks for a document: words that are not under NOT, SPEAKER or DATE. */
void query_mark_wanted(const struct query *q, bool *wanted);

/* The kinds of quotes that can match, as bits 1 << enum quote_kind. Indirect ones only when some KIND that is not under
 * NOT names them. */
unsigned query_kinds(const struct query *q);

/* Whether a node asks about one quote and nothing else: a filter of quotes, or AND and OR of them. */
bool query_is_of_quotes(const struct query_node *n);

/* Whether a node that asks about one quote asks more than its kind. */
bool query_asks_who(const struct query_node *n);

/* What is asked about quotes, as a tree that holds for each quote that is meant by any of it; *out is NULL where nobody asks
 * who. In the arena. 0 or ERR_NOMEM. */
int query_said(const struct query *q, struct arena *mem, const struct query_node **out);

#endif
