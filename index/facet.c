#include "index/facet.h"

#include "base/err.h"

static const char *const names[] = {
    [FACET_NONE] = "", [FACET_SPEAKER] = "speaker", [FACET_SOURCE] = "source", [FACET_MONTH] = "month"};

const char *ask_facet_name(enum ask_facet facet)
{
    return names[facet];
}

bool ask_facet_named(struct span name, enum ask_facet *facet)
{
    for (size_t i = FACET_SPEAKER; i < sizeof names / sizeof *names; i++)
        if (span_eq(name, span_of(names[i]))) {
            *facet = (enum ask_facet)i;
            return true;
        }
    return false;
}

static enum column column_of(enum ask_facet facet)
{
    return facet == FACET_SPEAKER ? COLUMN_SPEAKER : facet == FACET_SOURCE ? COLUMN_SOURCE : COLUMN_DAY;
}

void facet_init(struct facet_reader *f, struct people *values, enum ask_facet facet, bool of_quotes)
{
    *f = (struct facet_reader){.values = values, .facet = facet, .of_quotes = of_quotes};
}

void facet_fini(struct facet_reader *f)
{
    arena_free(&f->mem);
    arena_free(&f->counts_mem);
}

void facet_enter(struct facet_reader *f, struct index_view *v, const struct segment *s)
{
    f->segment = s;
    column_open(&f->column, v, s, column_of(f->facet));
    quote_docs_open(&f->docs, v, s);
    f->counts = NULL;
    if (f->used &&
        f->facet != FACET_MONTH) /* names are numbered anew in each segment; days mean the same everywhere */
        memset(f->found, 0, f->slot_count * sizeof *f->found);
    if (f->facet != FACET_MONTH)
        f->used = 0;
}

static uint32_t slot_of(const struct facet_reader *f, uint32_t key)
{
    uint32_t at = (key * 2654435769u) >> 7 & (f->slot_count - 1);

    while (f->found[at] && f->keys[at] != key)
        at = (at + 1) & (f->slot_count - 1);
    return at;
}

/* Keeps the table at most half full. */
static int make_room(struct facet_reader *f)
{
    uint32_t *keys = f->keys, *found = f->found, count = f->slot_count;

    if (f->used < f->slot_count / 2)
        return 0;
    f->slot_count = count ? count * 4 : 64;
    f->keys = arena_array(&f->mem, f->slot_count, sizeof *keys);
    f->found = arena_array(&f->mem, f->slot_count, sizeof *found);
    if (!f->keys || !f->found)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < count; i++)
        if (found[i]) {
            uint32_t at = slot_of(f, keys[i]);
            f->keys[at] = keys[i];
            f->found[at] = found[i];
        }
    return 0;
}

/* Looks the value of a column's number up among the names. */
static int learn(struct facet_reader *f, uint32_t number, uint32_t *value)
{
    char iso[11] = "";
    struct arena mem = ARENA_INIT;
    struct span name = SPAN("");
    int rc = 0;

    if (f->facet == FACET_MONTH) {
        column_day_iso(number, iso);
        iso[7] = '\0';
        name = span_of(iso);
    } else {
        rc = column_name(&mem, f->column.view, f->segment, f->column.column, number, &name);
    }
    if (rc == 0)
        rc = people_find(f->values, name, value);
    arena_free(&mem);
    return rc;
}

/* The number of the column that a number of the segment has. */
static int key_of(struct facet_reader *f, uint32_t number, uint32_t *key)
{
    int rc;

    if (f->of_quotes && f->facet != FACET_SPEAKER && (rc = quote_docs_find(&f->docs, number, &number)) < 0)
        return rc;
    return column_at(&f->column, number, key);
}

int facet_of(struct facet_reader *f, uint32_t number, uint32_t *value)
{
    uint32_t key, slot;
    int rc;

    if ((rc = key_of(f, number, &key)) < 0 || (rc = make_room(f)) < 0)
        return rc;
    slot = slot_of(f, key);
    if (!f->found[slot]) {
        if ((rc = learn(f, key, value)) < 0)
            return rc;
        f->keys[slot] = key;
        f->found[slot] = *value + 1;
        f->used++;
    }
    *value = f->found[slot] - 1;
    return 0;
}

/* ---- counting ---------------------------------------------------------------------------------------- */

static int open_counts(struct facet_reader *f)
{
    int rc = column_name_count(f->column.view, f->segment, f->column.column, &f->name_count);

    arena_reset(&f->counts_mem);
    if (rc == 0 && !(f->counts = arena_array(&f->counts_mem, f->name_count, sizeof *f->counts)))
        rc = ERR_NOMEM;
    return rc;
}

int facet_count(struct facet_reader *f, uint32_t number)
{
    uint32_t key, value;
    int rc;

    if (f->facet == FACET_MONTH) {
        if ((rc = facet_of(f, number, &value)) == 0)
            f->values->at[value].quotes++;
        return rc;
    }
    if ((!f->counts && (rc = open_counts(f)) < 0) || (rc = key_of(f, number, &key)) < 0)
        return rc;
    if (key >= f->name_count)
        return ERR_CORRUPT;
    f->counts[key]++;
    return 0;
}

int facet_settle(struct facet_reader *f, const volatile bool *cancel)
{
    struct column_names_reader reader;
    struct span name;
    uint32_t value;
    int rc = 0;

    if (!f->counts)
        return 0;
    column_names_open(&reader, f->column.view, f->segment, f->column.column);
    for (uint32_t i = 0; rc == 0 && i < f->name_count; i++) {
        if (i % 4096 == 0 && cancel && *cancel)
            return ERR_CANCELLED;
        if (f->counts[i] && (rc = column_names_at(&reader, i, &name)) == 0 &&
            (rc = people_find(f->values, name, &value)) == 0)
            f->values->at[value].quotes += f->counts[i];
    }
    f->counts = NULL;
    return rc;
}
