/* columns_merge.c -- the columns of neighbouring segments become those of one; see columns_write.h.
 *
 *      names used by the living, of each source   a b d | b c      their order, without repetition, is a b c d
 *      renumbered                                 1 2 4 | 2 3
 *
 * Column after column, about a megabyte a transaction. What is remembered from one to the next lies in memory: a merge that is
 * cut off begins anew.
 */
#include <stdlib.h>

#include "base/err.h"
#include "index/columns_write.h"

enum stage { GATHER, NAMES, VALUES };

/* The names of one source: kept ones, and the new number of each. */
struct names_of {
    struct span *at;
    uint32_t count, next, *renumbered; /* renumbered: 1 at first for each that is used */
};

struct column_merge {
    struct segment target;
    struct segment *sources;
    uint32_t count;
    struct arena mem; /* of the column at work */
    enum column column;
    enum stage stage;
    struct names_of *names;
    struct span *all; /* the target's names, by number */
    uint32_t all_count, all_cap, next_name;
    uint32_t next; /* VALUES: the next number */
};

struct column_merge *column_merge_new(const struct segment *target, const struct segment *sources,
                                      uint32_t count)
{
    struct column_merge *m = calloc(1, sizeof *m);

    if (!m || !(m->sources = calloc(count, sizeof *m->sources))) {
        free(m);
        return NULL;
    }
    memcpy(m->sources, sources, count * sizeof *sources);
    m->target = *target;
    m->count = count;
    m->column = COLUMN_BEGIN;
    m->next = target->first_doc;
    return m;
}

void column_merge_free(struct column_merge *m)
{
    if (!m)
        return;
    arena_free(&m->mem);
    free(m->sources);
    free(m);
}

static uint32_t first_of(const struct segment *s, enum column c)
{
    return column_of_documents(c) ? s->first_doc : s->first_quote;
}

/* One behind the last; no more than the first where there is none. */
static uint64_t end_of(const struct segment *s, enum column c)
{
    return (uint64_t)(column_of_documents(c) ? s->last_doc : s->last_quote) + 1;
}

static int is_dead(struct index_view *v, enum column c, uint32_t number)
{
    return column_of_documents(c) ? view_doc_dead(v, number) : view_quote_dead(v, number);
}

/* ---- names ------------------------------------------------------------------------------------------- */

/* Marks the names that something living has. */
static int mark_used(struct column_merge *m, struct index_view *v, const struct segment *s,
                     struct names_of *names)
{
    struct column_reader reader;
    int rc = 0;

    column_open(&reader, v, s, m->column);
    for (uint64_t no = first_of(s, m->column); no < end_of(s, m->column); no++) {
        uint32_t value;

        if ((rc = is_dead(v, m->column, (uint32_t)no)) < 0)
            return rc;
        if (rc == 1)
            continue;
        if ((rc = column_at(&reader, (uint32_t)no, &value)) < 0)
            return rc;
        if (value >= names->count)
            return ERR_CORRUPT;
        names->renumbered[value] = 1;
    }
    names->renumbered[0] = 0;
    return 0;
}

/* The next used name of a source, or NULL. */
static const struct span *next_used(struct names_of *n)
{
    while (n->next < n->count && !n->renumbered[n->next])
        n->next++;
    return n->next < n->count ? &n->at[n->next] : NULL;
}

static int join_names(struct column_merge *m)
{
    for (;;) {
        const struct span *least = NULL, *name;

        for (uint32_t i = 0; i < m->count; i++)
            if ((name = next_used(&m->names[i])) && (!least || span_cmp(*name, *least) < 0))
                least = name;
        if (!least)
            return 0;
        if (!ARENA_MORE(&m->mem, m->all, m->all_count, m->all_cap))
            return ERR_NOMEM;
        m->all[m->all_count] = *least;
        for (uint32_t i = 0; i < m->count; i++)
            if ((name = next_used(&m->names[i])) && span_eq(*name, m->all[m->all_count]))
                m->names[i].renumbered[m->names[i].next++] = m->all_count;
        m->all_count++;
    }
}

static int gather(struct column_merge *m, struct index_view *v)
{
    int rc = 0;

    if (!(m->names = arena_array(&m->mem, m->count, sizeof *m->names)) ||
        !ARENA_MORE(&m->mem, m->all, m->all_count, m->all_cap))
        return ERR_NOMEM;
    m->all[m->all_count++] = SPAN("");
    for (uint32_t i = 0; i < m->count && rc == 0; i++) {
        struct names_of *n = &m->names[i];

        if ((rc = column_names(&m->mem, v, &m->sources[i], m->column, &n->at, &n->count)) < 0)
            break;
        if (!(n->renumbered = arena_array(&m->mem, n->count, sizeof *n->renumbered)))
            return ERR_NOMEM;
        n->next = 1;
        rc = mark_used(m, v, &m->sources[i], n);
    }
    return rc < 0 ? rc : join_names(m);
}

/* ---- values ------------------------------------------------------------------------------------------ */

/* The numbers of one source that lie in a run of the target. */
static int copy_values(struct column_merge *m, struct index_view *v, uint32_t source, uint32_t first,
                       uint32_t *values, uint32_t count)
{
    const struct segment *s = &m->sources[source];
    uint64_t from = first_of(s, m->column), end = end_of(s, m->column);
    struct column_reader reader;
    int rc;

    column_open(&reader, v, s, m->column);
    if (from < first)
        from = first;
    if (end > (uint64_t)first + count)
        end = (uint64_t)first + count;
    for (uint64_t no = from; no < end; no++) {
        uint32_t value;

        rc = m->column == COLUMN_BEGIN
                 ? 0
                 : is_dead(v, m->column, (uint32_t)no); /* BEGIN rises over the dead, too */
        if (rc < 0)
            return rc;
        if (rc == 1)
            continue;
        if ((rc = column_at(&reader, (uint32_t)no, &value)) < 0)
            return rc;
        if (column_has_names(m->column))
            value = value < m->names[source].count ? m->names[source].renumbered[value] : 0;
        values[no - first] = value;
    }
    return 0;
}

/* A number between the sources that none has begins where the next one does. */
static void fill_gaps(const struct column_merge *m, uint32_t first, uint32_t *values, uint32_t count)
{
    uint32_t next = m->target.last_quote + 1;

    for (uint32_t i = 0; i < m->count; i++)
        if (m->sources[i].first_doc >= first + count) {
            next = m->sources[i].first_quote;
            break;
        }
    for (uint32_t i = count; i-- > 0;) {
        if (values[i])
            next = values[i];
        values[i] = next;
    }
}

static int put_values(struct column_merge *m, struct index_view *v, struct write *w, bool append,
                      uint64_t bytes)
{
    uint64_t end = end_of(&m->target, m->column);
    int rc = 0;

    for (uint64_t done = 0; m->next < end && done < bytes && rc == 0; done += COLUMN_RUN * 2) {
        uint32_t values[COLUMN_RUN] = {0};
        uint32_t count = end - m->next < COLUMN_RUN ? (uint32_t)(end - m->next) : COLUMN_RUN;

        for (uint32_t i = 0; i < m->count && rc == 0; i++)
            rc = copy_values(m, v, i, m->next, values, count);
        if (rc == 0 && m->column == COLUMN_BEGIN)
            fill_gaps(m, m->next, values, count);
        if (rc == 0)
            rc = column_put(w, m->target.id, m->column, m->next, values, count, append);
        m->next += count;
    }
    return rc < 0 ? rc : m->next < end;
}

/* ---- the steps --------------------------------------------------------------------------------------- */

static void next_column(struct column_merge *m)
{
    arena_free(&m->mem);
    m->names = NULL;
    m->all = NULL;
    m->all_count = m->all_cap = m->next_name = 0;
    m->column++;
    m->stage = GATHER;
    m->next = first_of(&m->target, m->column);
}

int column_merge_step(struct column_merge *m, struct index_view *v, struct write *w, bool append,
                      uint64_t bytes)
{
    int rc = 0;

    if (m->column == COLUMNS)
        return 0;
    if (m->stage == GATHER && column_has_names(m->column))
        rc = gather(m, v);
    if (rc == 0 && m->stage == GATHER) {
        m->stage = column_has_names(m->column) ? NAMES : VALUES;
        m->next_name = 1;
    } else if (rc == 0 && m->stage == NAMES) {
        rc = column_put_names(w, m->target.id, m->column, m->all, m->all_count, &m->next_name, append, bytes);
        if (m->next_name >= m->all_count)
            m->stage = VALUES;
    } else if (rc == 0) {
        rc = put_values(m, v, w, append, bytes);
        if (rc == 0)
            next_column(m);
    }
    return rc < 0 ? rc : m->column < COLUMNS;
}
