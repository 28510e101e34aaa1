#include "wire/requests.h"

#include <string.h>

#include "base/err.h"
#include "base/limits.h"

#define IS(name, other) (__builtin_strcmp(name, other) == 0)
#define PART(name)                                                 \
    (IS(name, "limit")                              ? PART_LIMIT   \
     : IS(name, "count")                            ? PART_COUNT   \
     : IS(name, "format")                           ? PART_FORMAT  \
     : IS(name, "offset")                           ? PART_OFFSET  \
     : IS(name, "explain")                          ? PART_EXPLAIN \
     : IS(name, "group") || IS(name, "deadline_ms") ? PART_ASIDE   \
                                                    : PART_OF_KEY)
#define NEEDED NULL
#define P(name, type, otherwise, words) \
    {#name, sizeof(#name) - 1, #name[0], PARAM_##type, PART(#name), otherwise, words},
#define X(id, name, since, kept, result, words) \
    static const struct param params_##id[] = { \
        PARAMS_##id(P){NULL, 0, 0, PARAM_TEXT, PART_ASIDE, NULL, NULL}};
REQUEST_TABLE(X)
#undef X

const struct request_row request_rows[REQUESTS] = {
#define X(id, name, since, kept, result, words)                 \
    {name,        sizeof(name) - 1,                             \
     since,       KEPT_##kept,                                  \
     params_##id, sizeof params_##id / sizeof *params_##id - 1, \
     result,      words},
    REQUEST_TABLE(X)
#undef X
};

#define X(id, name, since, kept, result, words)                                    \
    _Static_assert(sizeof params_##id / sizeof *params_##id - 1 <= REQUEST_PARAMS, \
                   "more parameters than readers have room for");
REQUEST_TABLE(X)
#undef X

const struct wire_error wire_errors[] = {
#define X(name, n, words) {#name, -(n), words},
    WIRE_ERROR_TABLE(X) ERR_TABLE(X)
#undef X
        {NULL, 0, NULL}};

const struct wire_limit wire_limits[] = {
#define X(name, value, of, beyond) {#name, value, of, beyond},
    WIRE_LIMIT_TABLE(X)
#undef X
        {NULL, 0, NULL, NULL}};

const struct request_row *request_find(const char *name, size_t len)
{
    for (size_t i = 0; i < REQUESTS; i++)
        if (request_rows[i].len == len && request_rows[i].name[0] == *name &&
            memcmp(request_rows[i].name, name, len) == 0)
            return &request_rows[i];
    return NULL;
}

const struct param *request_param(const struct request_row *row, const char *name, size_t len)
{
    for (unsigned i = 0; i < row->param_count; i++)
        if (row->params[i].len == len && row->params[i].first == *name &&
            memcmp(row->params[i].name, name, len) == 0)
            return &row->params[i];
    return NULL;
}

const char *param_type_name(enum param_type type)
{
    static const char *const names[] = {
        [PARAM_TEXT] = "text", [PARAM_INT] = "int",       [PARAM_BOOL] = "bool",      [PARAM_PATHS] = "paths",
        [PARAM_INTS] = "ints", [PARAM_OBJECT] = "object", [PARAM_OBJECTS] = "objects"};

    return names[type];
}
