/* asking.h -- one question while it is being answered: what the verbs share.
 *
 * Each verb is a function here and a row in ask.c: it finds its rows, tells the render how many there are, and
 * hands over those between offset and limit. All memory dies with the question.
 */
#ifndef INDEX_ASKING_H
#define INDEX_ASKING_H

#include "index/explain.h"
#include "index/render.h"

struct asking {
    struct index_view *view;
    const struct ask *ask;
    struct ask_result *result;
    const volatile bool *cancel;
    struct arena mem; /* until the answer is given */
    struct query query;
    bool who; /* the query asks who said something, and how */
    struct render render;
    uint32_t turns;
    struct explained explained; /* what `explain` will tell */
};

int ask_by(struct asking *a);       /* ask_by.c */
int ask_search(struct asking *a);   /* ask_search.c */
int ask_show(struct asking *a);     /* ask_show.c */
int ask_context(struct asking *a);  /* ask_show.c */
int ask_speakers(struct asking *a); /* ask_list.c */
int ask_files(struct asking *a);    /* ask_list.c */
int ask_verify(struct asking *a);   /* ask_list.c */
int ask_dump(struct asking *a);     /* dump.c */

/* What BY and SEARCH may be asked instead of their rows. The query is parsed. */
int ask_count(struct asking *a); /* ask_count.c */
int ask_facet(struct asking *a); /* ask_facet.c */

/* Nothing was found: looks for what may have been meant (ask_hint.c). */
int ask_hint(struct asking *a);

/* The fields that hold what a verb counts: of documents, or of the quotes of the kinds that are asked for. Returns how many. */
uint32_t asking_fields(const struct asking *a, bool quotes, enum field fields[2]);

/* Notes for `explain` that a step is over. */
void asking_mark(struct asking *a, enum explain_step step);

/* True when the asker went away; looked at every 64th time, or always when `now`. */
bool asking_cancelled(struct asking *a, bool now);

/* Parses ask.query into a->query; a mistake goes to the result with its column. */
int asking_parse(struct asking *a);

/* Besides, the name of ask.speaker. */
int asking_parse_name(struct asking *a);

/* Notes which words of the query stand for more than were looked for: after the rows are found, before the head is rendered. */
int asking_cuts(struct asking *a);

/* What to show of `total` rows: [*from, *to). */
void asking_window(const struct asking *a, uint64_t total, uint64_t *from, uint64_t *to);

/* ---- a document with all that is shown of it ---------------------------------------------------------- */

struct loaded {
    struct arena mem; /* emptied when another document is loaded */
    struct doc_row doc;
    struct span
        text; /* as long as the document's; of a long one only what load_text was asked for is there, the rest is zeros */
    uint8_t *loaded; /* which pieces of it are, a bit a piece */
    struct place_row *places;
    uint32_t place_count;
};

/* Loads a document, unless it is the one that is loaded, but not its text. */
int load_doc(struct loaded *l, struct asking *a, uint32_t no);

/* Has bytes [start, end) of its text there. */
int load_text(struct loaded *l, struct asking *a, uint32_t start, uint32_t end);

/* A quote of the loaded document, ready to be shown but for highlights and heading. `row` stays where it is. */
int load_quote(struct loaded *l, struct asking *a, const struct quote_row *row, struct shown_quote *out);

#endif
