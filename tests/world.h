/* world.h -- an index over an archive in a temporary folder, for tests that ask it. */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "index/query.h"
#include "index/store.h"

struct world {
    char dir[64], archive[80], store[80];
    struct index *index;
};

static inline void write_file(const struct world *w, const char *name, const char *text, size_t len)
{
    char path[256];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s", w->archive, name);
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

static inline void world_init(struct world *w)
{
    memset(w, 0, sizeof *w);
    (void)snprintf(w->dir, sizeof w->dir, "/tmp/quoted-test-ask-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    (void)snprintf(w->archive, sizeof w->archive, "%s/archive", w->dir);
    (void)snprintf(w->store, sizeof w->store, "%s/index", w->dir);
    assert_int_equal(mkdir(w->archive, 0700), 0);
    assert_int_equal(index_open(w->store, &w->index, NULL), 0);
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline void world_fini(struct world *w)
{
    index_close(w->index);
    (void)nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void bring_in(struct world *w)
{
    struct index_run run = {.progress = NULL};
    int rc = index_add(w->index, w->archive, &run);

    if (rc < 0)
        fail_msg("index_add: %s", err_words(rc));
}

static inline int keep(void *ctx, struct span piece)
{
    buf_span(ctx, piece);
    return buf_err(ctx);
}

/* The answer as text with a NUL; the caller frees it with buf_fini. */
static inline int answer(struct world *w, const struct ask *ask, struct ask_result *result, struct buf *out)
{
    struct index_view *view;
    int rc;

    buf_init(out, 64 * MiB);
    assert_int_equal(index_view_open(w->index, &view), 0);
    rc = index_ask(view, ask, keep, out, NULL, result);
    index_view_close(&view);
    buf_char(out, '\0');
    return rc;
}

static inline json_t *answer_json(struct world *w, struct ask ask, struct ask_result *result)
{
    struct buf out;
    json_error_t error;
    json_t *json;
    int rc;

    ask.format = FORMAT_JSON;
    rc = answer(w, &ask, result, &out);
    if (rc < 0)
        fail_msg("%s: %s", err_words(rc), result->detail);
    json = json_loads(out.at, 0, &error);
    if (!json)
        fail_msg("%s in %s", error.text, out.at);
    assert_int_equal(json_integer_value(json_object_get(json, "format_version")), 1);
    assert_int_equal((uint64_t)json_integer_value(json_object_get(json, "total")), result->found);
    buf_fini(&out);
    return json;
}

static inline const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

#endif
