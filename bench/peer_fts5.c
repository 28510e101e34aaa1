/* peer_fts5.c -- SQLite's FTS5, without a copy of the texts, all in one transaction, then optimised. */
#include <sqlite3.h>

#include "bench/peer.h"

static sqlite3 *db;
static sqlite3_stmt *put, *best, *count;

static void must(int rc)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
        peer_die("fts5", sqlite3_errmsg(db));
}

static void run(const char *sql)
{
    must(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static void open_index(const char *dir, bool write)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/index.db", dir);
    must(sqlite3_open(path, &db));
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-200000; PRAGMA "
        "mmap_size=4000000000");
    run("CREATE VIRTUAL TABLE IF NOT EXISTS t USING fts5(text, content='')");
    must(sqlite3_prepare_v2(
        db, "INSERT INTO t(rowid, text) VALUES((SELECT coalesce(max(id), 0) + 1 FROM t_docsize), ?)", -1,
        &put, NULL));
    must(sqlite3_prepare_v2(db, "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", -1, &best,
                            NULL));
    must(sqlite3_prepare_v2(db, "SELECT count(*) FROM t WHERE t MATCH ?", -1, &count, NULL));
    if (write)
        run("BEGIN");
}

static void create(const char *dir)
{
    open_index(dir, true);
}

static void add(const char *text, size_t len)
{
    must(sqlite3_bind_text(put, 1, text, (int)len, SQLITE_STATIC));
    must(sqlite3_step(put));
    must(sqlite3_reset(put));
}

static void commit(void)
{
    run("COMMIT; BEGIN");
}

static void close_index(void)
{
    (void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    (void)sqlite3_finalize(put), (void)sqlite3_finalize(best), (void)sqlite3_finalize(count);
    must(sqlite3_close(db));
}

static long ask(const struct question *q, bool count_only)
{
    sqlite3_stmt *s = count_only ? count : best;
    char match[400] = "";
    size_t n = 0;
    long found = 0;

    if (is_type(q, "phrase3"))
        snprintf(match, sizeof match, "\"%s\"", q->text);
    else
        for (int i = 0; i < q->count; i++)
            n += (size_t)snprintf(match + n, sizeof match - n, "%s\"%s\"%s",
                                  i == 0              ? ""
                                  : is_type(q, "or3") ? " OR "
                                                      : " AND ",
                                  q->words[i], is_type(q, "prefix") ? "*" : "");
    must(sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC));
    while (sqlite3_step(s) == SQLITE_ROW)
        found = count_only ? (long)sqlite3_column_int64(s, 0) : found + 1;
    must(sqlite3_reset(s));
    return found;
}

int main(int argc, char **argv)
{
    const struct peer peer = {"FTS5", create, open_index, add, commit, close_index, ask};

    return peer_main(&peer, argc, argv);
}
