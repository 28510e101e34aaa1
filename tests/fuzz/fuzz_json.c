/* fuzz_json.c -- any bytes: what json_read.h accepts, jansson accepts, with the same keys and values in the same order. */
#include <assert.h>
#include <jansson.h>
#include <stdio.h>

#include "base/json_read.h"

static void same_value(struct arena *mem, const struct json_field *field, const json_t *value)
{
    struct span text;
    char *dump;

    if (field->kind == FIELD_STRING) {
        text = json_decode(mem, field->raw);
        assert(json_is_string(value));
        assert(span_eq(text, (struct span){json_string_value(value), json_string_length(value)}));
    } else if (field->kind != FIELD_OTHER) {
        assert(json_is_integer(value) == (field->kind == FIELD_INTEGER));
        dump = json_dumps(value, JSON_ENCODE_ANY);
        assert(span_eq(span_of(dump), field->raw));
        free(dump);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span text = {(const char *)data, len};
    struct arena mem = ARENA_INIT;
    struct json_reader r;
    struct json_field field;
    json_t *object = json_loadb(text.at, len, 0, NULL), *last = json_object();
    char key[64];
    int rc;

    /* The last of duplicate keys counts, so they are compared when all are known. */
    json_open(&r, text);
    while ((rc = json_next(&r, &field)) == 1) {
        assert(field.key.at >= text.at && field.key.at + field.key.len <= text.at + len);
        assert(field.raw.at >= text.at && field.raw.at + field.raw.len <= text.at + len);
        assert(span_eq(json_decode(&mem, field.key), field.key));
        (void)snprintf(key, sizeof key, "%zu", (size_t)(field.raw.at - text.at));
        json_object_setn_new(last, field.key.at, field.key.len, json_string(key));
    }
    if (rc == 0) {
        assert(json_is_object(object));
        assert(json_object_size(object) == json_object_size(last));
        json_open(&r, text);
        while (json_next(&r, &field) == 1) {
            (void)snprintf(key, sizeof key, "%zu", (size_t)(field.raw.at - text.at));
            if (strcmp(json_string_value(json_object_getn(last, field.key.at, field.key.len)), key) == 0)
                same_value(&mem, &field, json_object_getn(object, field.key.at, field.key.len));
        }
    }
    json_decref(object);
    json_decref(last);
    arena_free(&mem);
    return 0;
}
