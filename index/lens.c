#include "index/lens.h"

#include <stdlib.h>

#include "base/err.h"

/* Reads the records of a segment, each checked as ever. */
static int load(struct index_view *v, const struct segment *s, struct lens *l)
{
    for (uint32_t at = 0; at < l->count;) {
        struct key k = key_part(s->id, PART_LENS, s->first_doc + at);
        struct span lens;
        int rc = record_get(v->txn, view_table(v, T_PARTS), key_span(&k), &lens);
        uint32_t here = l->count - at < LENS_COUNT ? l->count - at : LENS_COUNT;

        if (rc <= 0 || lens.len != (size_t)here * 2)
            return rc < 0 ? rc : ERR_CORRUPT;
        for (uint32_t i = 0; i < here; i++)
            l->words[at + i] = (uint16_t)((uint8_t)lens.at[2 * i] | (uint8_t)lens.at[2 * i + 1] << 8);
        at += here;
    }
    return 0;
}

static int read_column(struct index_view *v, const struct segment *s, struct lens **out)
{
    uint32_t count = s->last_doc - s->first_doc + 1;
    struct lens *l = malloc(sizeof *l + count * sizeof l->words[0]);
    int rc;

    *out = NULL;
    if (!l)
        return ERR_NOMEM;
    *l = (struct lens){.segment = s->id, .first = s->first_doc, .count = count};
    if ((rc = load(v, s, l)) < 0) {
        free(l);
        return rc;
    }
    *out = l;
    return 0;
}

static struct lens *find(struct index *ix, uint32_t segment)
{
    struct lens *l = ix->lens;

    while (l && l->segment != segment)
        l = l->next;
    return l;
}

int lens_borrow(struct index_view *v, uint32_t n, const struct lens **out)
{
    struct index *ix = v->ix;
    int rc = 0;

    *out = NULL;
    if (!v->lens && !(v->lens = calloc(v->segment_count, sizeof(struct lens *))))
        return ERR_NOMEM;
    if (v->lens[n]) {
        *out = v->lens[n];
        return 0;
    }
    (void)pthread_mutex_lock(&ix->lens_lock);
    if (!(v->lens[n] = find(ix, v->segments[n].id)) &&
        (rc = read_column(v, &v->segments[n], &v->lens[n])) == 0) {
        v->lens[n]->next = ix->lens;
        ix->lens = v->lens[n];
    }
    if (rc == 0)
        v->lens[n]->borrowed++;
    (void)pthread_mutex_unlock(&ix->lens_lock);
    *out = v->lens[n];
    return rc;
}

/* An older view may find its segment gone from the newest; it reads the column again if it must. */
static bool is_live(const struct index_view *v, uint32_t segment)
{
    for (uint32_t i = 0; i < v->segment_count; i++)
        if (v->segments[i].id == segment)
            return true;
    return false;
}

void lens_give_back(struct index_view *v)
{
    struct index *ix = v->ix;

    if (!v->lens)
        return;
    (void)pthread_mutex_lock(&ix->lens_lock);
    for (uint32_t i = 0; i < v->segment_count; i++)
        if (v->lens[i])
            v->lens[i]->borrowed--;
    for (struct lens **at = &ix->lens, *l; (l = *at);)
        if (l->borrowed == 0 && !is_live(v, l->segment)) {
            *at = l->next;
            free(l);
        } else {
            at = &l->next;
        }
    (void)pthread_mutex_unlock(&ix->lens_lock);
    free(v->lens);
    v->lens = NULL;
}

void lens_forget(struct index *ix)
{
    for (struct lens *l = ix->lens, *next; l; l = next) {
        next = l->next;
        free(l);
    }
    ix->lens = NULL;
}
