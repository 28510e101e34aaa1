/* render.h -- an answer in the format asked for.
 *
 * The asking side hands over a head, then rows, section by section; a format writes each into the buffer of the
 * render, which goes to the caller's sink in pieces. One table of formats stands in render.c: a new
 * format is a file and a row there.
 *
 *      head → section "quotes" → quote quote quote → section "documents" → document → tail
 */
#ifndef INDEX_RENDER_H
#define INDEX_RENDER_H

#include "index/expand.h"
#include "index/passage.h"
#include "index/people.h"

enum { ANSWER_FORMAT_VERSION = 1 };

/* A quote with all that is told of it. Borrowed, until the call returns. */
struct shown_quote {
    const struct quote_row *row;
    const struct doc_row *doc;
    struct span text; /* of the document */
    const struct place_row *places;
    uint32_t place_count;
    uint64_t utterance, twin_of; /* ids */
    uint64_t inside;             /* id of the quotation that tells it, or 0 */
    struct span reported_by;     /* whose that is, as resolved; or empty */
    bool why;
    const struct quote
        *explained; /* with `why`: the same quote found anew, offsets counted like the row's; or NULL */
    const struct hit *hits; /* in the document's text */
    uint32_t hit_count;
    const struct person *person; /* the heading it stands under (BY), or NULL */
};

struct shown_document {
    const struct doc_row *doc;
    struct span text;
    const struct place_row *places;
    uint32_t place_count;
    double score; /* below 0: the order was another, and nobody counted it */
    bool brief;   /* neither passages nor quotes were asked for */
    const struct passage *passages;
    uint32_t passage_count;
    const struct shown_quote *quotes; /* SEARCH: those that are meant; SHOW: NULL, only counted */
    uint32_t quote_count;
    uint32_t more_quotes; /* SEARCH: that may be meant too, and are not shown */
};

struct shown_paragraph {
    uint32_t start, end; /* bytes of the document's text */
    bool quote;          /* holds words of the quote */
    struct hit hit;      /* those words; start == end when there are none */
};

/* A value, and how much of what matches counts under it. */
struct shown_facet {
    struct span value;
    uint64_t count;
};

struct shown_context {
    struct shown_quote quote;
    const struct shown_paragraph *paragraphs;
    uint32_t paragraph_count;
};

/* What is known before the first row. */
struct head {
    uint64_t total;
    const struct people *people; /* BY */
    const uint32_t *people_order;
    uint64_t values;          /* with ask->facet: how many there are in all */
    struct index_stats stats; /* VERIFY */
};

struct format;

struct render {
    const struct ask *ask;
    const struct format *format;
    ask_sink_fn sink;
    void *ctx;
    const struct ask_result *result; /* the hints of an answer that found nothing stand in it */
    struct buf out;
    int err;       /* the first failure; what is put after it is dropped */
    uint32_t rows; /* of the section so far */
    bool in_section;
    struct query_cut
        *cuts; /* words of the query that stand for more than were looked for; set before the head */
    uint32_t cut_count;
    /* The text format's: */
    uint32_t column, indent;
    bool isolated; /* inside an isolate of text from right to left */
    uint32_t doc;  /* the document and the person whose heading stands above */
    const struct person *person;
};

/* What a format can write; NULL where it writes nothing. */
struct format {
    enum ask_format id;
    void (*head)(struct render *r, const struct head *head);
    void (*section)(struct render *r, const char *name);
    void (*quote)(struct render *r, const struct shown_quote *q);
    void (*document)(struct render *r, const struct shown_document *d);
    void (*article)(struct render *r, const struct shown_document *d); /* SHOW: a document, whole */
    void (*context)(struct render *r, const struct shown_context *c);
    void (*speaker)(struct render *r, const struct person *p);
    void (*facet)(struct render *r, const struct shown_facet *f);
    void (*file)(struct render *r, const struct file_row *f);
    void (*problem)(struct render *r, struct span words);
    void (*tail)(struct render *r);
};

extern const struct format format_text, format_json, format_jsonl, format_csv;

/* Prepares; nothing is written yet. */
void render_init(struct render *r, const struct ask *ask, ask_sink_fn sink, void *ctx);

/* Each writes its piece; failures are kept for render_close. */
void render_head(struct render *r, const struct head *head);
void render_section(struct render *r, const char *name);
void render_quote(struct render *r, const struct shown_quote *q);
void render_document(struct render *r, const struct shown_document *d);
void render_article(struct render *r, const struct shown_document *d);
void render_context(struct render *r, const struct shown_context *c);
void render_speaker(struct render *r, const struct person *p);
void render_facet(struct render *r, const struct shown_facet *f);
void render_file(struct render *r, const struct file_row *f);
void render_problem(struct render *r, struct span words);

/* Hands over full buffers; called between rows. Returns 0 or the first failure. */
int render_flush(struct render *r, bool all);

/* Writes the end (unless something failed) and hands over the rest. Returns 0 or the first failure. */
int render_tail(struct render *r);

/* Frees the buffer. */
void render_fini(struct render *r);

/* ---- facts that every format tells alike -------------------------------------------------------------- */

struct span quote_words(const struct shown_quote *q);
struct span quote_context(const struct shown_quote *q);
struct span quote_mention(const struct shown_quote *q);
struct span quote_cue(const struct shown_quote *q);
bool quote_open(const struct shown_quote *q);     /* no mark closes it */
uint32_t quote_line(const struct shown_quote *q); /* in its file */
struct span file_reason(const struct file_row *f);
const char *file_state(const struct file_row *f);

/* The line in the file of byte `at` of a document, the block of which is loaded. */
uint32_t line_at(const struct doc_row *doc, struct span text, const struct place_row *place, uint32_t at);

/* The character of its line, from 1, that a byte of the text is. The text from its block's beginning on must be there. */
uint32_t column_of_line(const struct doc_row *doc, struct span text, uint32_t at);

/* The sentence that explains how a quote got its speaker, in the arena or static. */
struct span quote_explanation(const struct shown_quote *q, char out[400]);

/* A number of thousandths as 0.97, without the help of a locale; and as the value of a JSON key, which may be below 0. */
void put_thousandths(struct buf *b, uint32_t n);
void put_thousandths_of(struct buf *b, const char *name, int n);

#endif
