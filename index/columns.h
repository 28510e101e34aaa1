/* columns.h -- one small number for every document or quote: what is asked of many at once, without reading their rows.
 *
 *      BEGIN     document   its first quote, or where that would be: quotes lead to their documents
 *      DAY       document   when it was published, and how exactly that is known; 0: nobody knows
 *      SOURCE    document   who published it (column_source), a number of the segment's names; 0: nobody says
 *      TITLE     document   the first position of its title's words in its text, and 1; 0: it has none
 *      TITLE_WORDS          how many positions they take
 *      KIND      quote      its kind (quote.h) and 1
 *      SPEAKER   quote      under whom it is listed (quote_whose), likewise
 *      STATEMENT quote      as TITLE, of an indirect statement; 0: it is none
 *      STATEMENT_WORDS
 *
 * A column of a segment is cut into runs of COLUMN_RUN numbers, each a record; a run takes as many bytes a number as its
 * largest needs:
 *
 *      | width, 0 to 4 | least, low end first, 4 bytes | value - least + 1, `width` bytes each; 0: nothing | ...
 *
 * The names of a segment are numbered from 1 in the order of their bytes, and stand in records of about 1,700 bytes:
 *
 *      | varint length, bytes | varint length, bytes | ...
 *
 * A name of which a merge leaves no number has gone from the names, too. What is read is not trusted: a run that does not
 * fit is ERR_CORRUPT.
 */
#ifndef INDEX_COLUMNS_H
#define INDEX_COLUMNS_H

#include "base/take.h"
#include "index/store.h"

enum column {
    COLUMN_BEGIN = 1,
    COLUMN_DAY,
    COLUMN_SOURCE,
    COLUMN_TITLE,
    COLUMN_TITLE_WORDS,
    COLUMN_KIND,
    COLUMN_SPEAKER,
    COLUMN_STATEMENT,
    COLUMN_STATEMENT_WORDS,
    COLUMNS
};

enum { COLUMN_RUN = 448, COLUMN_NAME = 400 /* bytes of a name; the rest is cut off */ };

/* ---- what the numbers say ---------------------------------------------------------------------------- */

/* An ISO date as a number of DAY, and back: the day (DATE_NONE for 0), and the text with its NUL. Later days are larger. */
uint32_t column_day(struct span date);
int32_t column_day_first(uint32_t day);
int32_t column_day_last(uint32_t day);
void column_day_iso(uint32_t day, char iso[11]);

/* The outlet, or the host of the address without "www."; empty when neither is known. */
struct span column_source(const struct doc_row *doc);
struct span column_speaker(const struct quote_row *quote);

static inline bool column_of_documents(enum column c)
{
    return c < COLUMN_KIND;
}

static inline bool column_has_names(enum column c)
{
    return c == COLUMN_SOURCE || c == COLUMN_SPEAKER;
}

/* ---- reading ----------------------------------------------------------------------------------------- */

struct column_run {
    const uint8_t *at; /* borrowed */
    uint32_t first, count, least, width;
};

struct column_reader {
    struct index_view *view;
    const struct segment *segment;
    enum column column;
    struct column_run run;
};

void column_open(struct column_reader *c, struct index_view *v, const struct segment *s, enum column column);

/* Takes a run of `count` numbers out of its payload. 0 or ERR_CORRUPT. */
int column_run_take(struct span payload, uint32_t first, uint32_t count, struct column_run *run);

/* Makes the run that holds a number of the segment the current one. 0 or an error. */
int column_load(struct column_reader *c, uint32_t number);

static inline uint32_t column_run_value(const struct column_run *r, uint32_t number)
{
    const uint8_t *at = r->at + (size_t)(number - r->first) * r->width;
    uint32_t value = 0;

    for (uint32_t i = 0; i < r->width; i++)
        value |= (uint32_t)at[i] << 8 * i;
    return value ? value - 1 + r->least : 0;
}

static inline int column_at(struct column_reader *c, uint32_t number, uint32_t *value)
{
    int rc;

    if (number - c->run.first >= c->run.count && (rc = column_load(c, number)) < 0)
        return rc;
    *value = column_run_value(&c->run, number);
    return 0;
}

/* The names of a segment, from the first on: they are kept in the arena. (*names)[n] is the name of number n; of 0 it is empty.
 * *count counts the numbers, 0 too. */
int column_names(struct arena *mem, struct index_view *v, const struct segment *s, enum column column,
                 struct span **names, uint32_t *count);

/* The same count, without the names. */
int column_name_count(struct index_view *v, const struct segment *s, enum column column, uint32_t *count);

/* One name, in the arena. ERR_CORRUPT when there is none of that number. */
int column_name(struct arena *mem, struct index_view *v, const struct segment *s, enum column column,
                uint32_t number, struct span *name);

/* Names of numbers that rise: what lies between two that are near each other is passed by. */
struct column_names_reader {
    struct index_view *view;
    const struct segment *segment;
    enum column column;
    struct take left; /* of the current record, */
    uint32_t next;    /* which begins with the name of this number */
};

void column_names_open(struct column_names_reader *r, struct index_view *v, const struct segment *s,
                       enum column column);

/* The name of a number that is larger than the one before, borrowed from the view. As column_name. */
int column_names_at(struct column_names_reader *r, uint32_t number, struct span *name);

/* From quotes to their documents, and back. Quick when they rise. */
struct quote_docs {
    struct column_reader begin;
    uint32_t doc, from, until; /* the document looked at last has the quotes `from` up to `until` */
};

void quote_docs_open(struct quote_docs *q, struct index_view *v, const struct segment *s);
int quote_docs_find(struct quote_docs *q, uint32_t quote, uint32_t *doc);
int quote_docs_look(struct quote_docs *q, uint32_t doc); /* afterwards q->from and q->until are its */

#endif
