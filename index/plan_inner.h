/* plan_inner.h -- the nodes of a plan: what plan_build.c makes of a query's tree, and plan.c walks. */
#ifndef INDEX_PLAN_INNER_H
#define INDEX_PLAN_INNER_H

#include "index/columns.h"
#include "index/lists.h"
#include "index/paths.h"
#include "index/plan.h"

/* A slot of a row of plain words. */
struct row_word {
    struct post *post;
    uint32_t offset; /* the slot */
    uint32_t count;  /* of its positions in the number that is tested */
};

/* What plan.h calls `word` and `words` are TERM and ROW here. */
enum node_kind { TERM, ROW, AND, OR, NOT, DATE, SAID, KIND, FIELD, PATH };

struct node {
    enum node_kind kind;
    bool walks;          /* approach may pass numbers by; else it answers the target */
    bool dear;           /* approach reads rows: an AND with cheaper lists only tests it */
    uint64_t cost;       /* about how many numbers it has */
    struct post **posts; /* AND of words of one list each: those lists, */
    uint32_t agreed;     /* and the number they were all found to stand on */
    struct node **kids;
    uint32_t kid_count;

    struct lists lists; /* TERM */
    bool ended;
    uint32_t key;

    struct node **terms; /* ROW: its lists, one a key, for positions; its kid is an AND over lists */
    uint32_t term_count;
    bool shares; /* ROW: the kid may move the same lists, since no slot has another way to be there */
    struct row_word *row; /* ROW of plain words: its lists */
    uint32_t row_count;
    const struct query_node *asked; /* ROW, DATE, KIND */

    uint32_t from_quote, doc; /* SAID: the next quote to look at, the document approached */
    enum field
        space; /* KIND, FIELD, PATH: what the numbers are that it is held against: TEXT, QUOTE or STATEMENT */
    struct path_test *path;
};

struct plan {
    struct index_view *view;
    struct arena *mem;
    struct arena scratch; /* rows and positions, until the next test */
    const struct segment *segment;
    const struct query *query;
    enum field field;
    struct node *root;
    uint32_t next, last;
    uint64_t bytes;
    const volatile bool *cancel;
    uint32_t turns;
    struct column_reader days, kinds;
    struct quote_docs docs;       /* of quotes */
    struct phrase_places *places; /* by key, for testing positions */
    uint32_t *begins;             /* of a row of plain words */
    uint32_t begin_cap;
};

/* Makes the nodes of the query over the plan's segment: plan->root. 0 or an error. */
int plan_build(struct plan *p);

#endif
