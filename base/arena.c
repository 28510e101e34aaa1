#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

struct arena_block {
    struct arena_block *next;
    size_t used, cap;
    alignas(max_align_t) unsigned char bytes[];
};

enum { BLOCK_MIN = 16 * 1024, BLOCK_MAX = 1024 * 1024 };

static void *refuse(struct arena *a, int err)
{
    if (!a->err)
        a->err = err;
    return NULL;
}

/* Room of `size` bytes, which may hold anything unless *fresh: then zeroes. */
static void *take_room(struct arena *a, size_t size, bool *fresh)
{
    struct arena_block *b = a->blocks;
    size_t step = alignof(max_align_t);
    void *at;

    *fresh = false;
    if (size > SIZE_MAX / 2)
        return refuse(a, ERR_TOOBIG);
    size = size ? (size + step - 1) / step * step : step;
    if (a->max && (a->used > a->max || size > a->max - a->used))
        return refuse(a, ERR_TOOBIG);
    if (!b || b->cap - b->used < size) {
        size_t cap = b ? b->cap * 2 : BLOCK_MIN;
        if (cap > BLOCK_MAX)
            cap = BLOCK_MAX;
        if (cap < size)
            cap = size;
        *fresh = size > BLOCK_MAX / 4; /* zeros that the kernel gives need not be written */
        b = *fresh ? calloc(1, sizeof *b + cap) : malloc(sizeof *b + cap);
        if (!b)
            return refuse(a, ERR_NOMEM);
        *b = (struct arena_block){.next = a->blocks, .cap = cap};
        a->blocks = b;
    }
    at = b->bytes + b->used;
    b->used += size;
    a->used += size;
    return at;
}

/* Zeroes, but for the first `used` bytes, which the caller writes. */
static void *alloc_after(struct arena *a, size_t size, size_t used)
{
    bool fresh;
    char *at = take_room(a, size, &fresh);

    if (at && !fresh)
        memset(at + used, 0, size - used);
    return at;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return alloc_after(a, size, 0);
}

static void *array_after(struct arena *a, size_t count, size_t size, size_t used_count)
{
    if (size && count > SIZE_MAX / 2 / size)
        return refuse(a, ERR_TOOBIG);
    return alloc_after(a, count * size, used_count * size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    return array_after(a, count, size, 0);
}

void *arena_grow(struct arena *a, const void *old, size_t old_count, size_t count, size_t size)
{
    void *at = array_after(a, count, size, old_count);

    if (at && old_count)
        memcpy(at, old, old_count * size);
    return at;
}

bool arena_more_(struct arena *a, void **array, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t more = *cap ? *cap * 2 : 8;
    void *at;

    if (more <= *cap) {
        (void)refuse(a, ERR_TOOBIG);
        return false;
    }
    at = arena_grow(a, *array, count, more, size);
    if (!at)
        return false;
    *array = at;
    *cap = more;
    return true;
}

struct span arena_span(struct arena *a, struct span s)
{
    char *at = s.len < SIZE_MAX / 2 ? alloc_after(a, s.len + 1, s.len) : refuse(a, ERR_TOOBIG);

    if (!at)
        return SPAN("");
    if (s.len)
        memcpy(at, s.at, s.len);
    return (struct span){at, s.len};
}

char *arena_str(struct arena *a, const char *s)
{
    size_t len = strlen(s);
    char *at = arena_alloc(a, len + 1);

    return at ? memcpy(at, s, len + 1) : NULL;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap, again;
    char *at = NULL;
    int n;

    va_start(ap, format);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, ap);
    if (n >= 0 && (at = arena_alloc(a, (size_t)n + 1)) != NULL)
        vsnprintf(at, (size_t)n + 1, format, again);
    va_end(again);
    va_end(ap);
    return at;
}

int arena_err(const struct arena *a)
{
    return a->err;
}

void arena_free(struct arena *a)
{
    struct arena_block *next;

    for (struct arena_block *b = a->blocks; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct arena){.max = a->max};
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->blocks;

    if (!keep) {
        a->err = 0;
        return;
    }
    a->blocks = keep->next;
    arena_free(a);
    keep->next = NULL;
    keep->used = 0;
    a->blocks = keep;
}
