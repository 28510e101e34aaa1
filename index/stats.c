#include "base/err.h"
#include "index/term.h"
#include "index/ingest.h"
#include "index/merge.h"

static int count_file(void *ctx, const struct file_row *file)
{
    struct index_stats *stats = ctx;

    stats->files++;
    stats->files_skipped += file->err != 0;
    stats->outdated_files += ingest_outdated(file);
    return 0;
}

static int count_terms(struct index_view *v, enum field field, uint64_t *count)
{
    struct arena mem = ARENA_INIT;
    struct term_walk *walk;
    struct span term;
    int rc = term_walk_open(&walk, &mem, v, field, SPAN(""));

    while (rc == 0 && (rc = term_walk_next(walk, &term)) == 1) {
        *count += !term_is_form(term);
        rc = 0;
    }
    arena_free(&mem);
    return rc < 0 ? rc : 0;
}

/* Pages of the file that hold something, and pages that are free. */
int view_pages(struct index_view *v, struct index_stats *stats)
{
    MDB_envinfo info;
    MDB_stat stat;
    uint64_t live = 2, used; /* two pages are LMDB's own */

    if (mdb_env_info(v->ix->env, &info))
        return ERR_IO;
    for (unsigned t = 0; t < TABLES; t++) {
        if (mdb_stat(v->txn, v->ix->table[t], &stat))
            return ERR_IO;
        used = stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
        live += used;
        if (t == T_TEXT)
            stats->stored_bytes = used * stat.ms_psize;
    }
    stats->file_bytes = (info.me_last_pgno + 1) * (uint64_t)stat.ms_psize;
    stats->live_bytes = live * stat.ms_psize;
    stats->free_bytes = stats->file_bytes > stats->live_bytes ? stats->file_bytes - stats->live_bytes : 0;
    return 0;
}

uint64_t index_view_generation(const struct index_view *v)
{
    return v->ix->generations + mdb_txn_id(v->txn);
}

/* What costs a walk over files and terms. */
static int count(struct index_view *v, struct index_stats *stats)
{
    struct arena mem = ARENA_INIT;
    int rc = view_files(v, &mem, count_file, stats);

    arena_free(&mem);
    if (rc < 0 || (rc = count_terms(v, FIELD_TEXT, &stats->terms)) < 0)
        return rc;
    return count_terms(v, FIELD_SPEAKER, &stats->speakers);
}

/* Counts once a generation: programs that watch the daemon ask again and again. */
static int counted(struct index_view *v, uint64_t generation, struct index_stats *stats)
{
    struct index *ix = v->ix;
    bool known;
    int rc = 0;

    pthread_mutex_lock(&ix->stats_lock);
    if ((known = ix->stats.generation == generation))
        *stats = ix->stats;
    pthread_mutex_unlock(&ix->stats_lock);
    if (known || (rc = count(v, stats)) < 0)
        return rc;
    stats->generation = generation;
    pthread_mutex_lock(&ix->stats_lock);
    ix->stats = *stats;
    pthread_mutex_unlock(&ix->stats_lock);
    return 0;
}

int index_view_stats(struct index_view *v, struct index_stats *stats)
{
    int rc;

    *stats = (struct index_stats){0};
    if ((rc = counted(v, index_view_generation(v), stats)) < 0)
        return rc;
    stats->documents = v->totals.docs;
    stats->documents_dead = v->totals.docs_dead;
    stats->quotes = v->totals.quotes;
    stats->quotes_attributed = v->totals.quotes_attributed;
    stats->segments = v->segment_count;
    stats->text_bytes = v->totals.text_bytes;
    if ((rc = view_pages(v, stats)) < 0)
        return rc;
    return merge_debt(v, &stats->merge_debt);
}
