/* arena.h -- memory that dies together.
 *
 * Everything made while one document or one request is handled lives in one arena: it is given back in
 * one call. Pieces are aligned for any type. An arena has a maximum, so that nothing read from outside
 * can make us allocate without bound. It remembers its first failure, as a buf does.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdint.h>

#include "base/span.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used, max; /* bytes handed out, and the most there may be; max 0 is no limit */
    int err;          /* 0, ERR_NOMEM or ERR_TOOBIG */
};

#define ARENA_INIT ((struct arena){0})

/* Zeroed memory, or NULL (the failure is remembered in a->err). */
void *arena_alloc(struct arena *a, size_t size);

/* `count` zeroed things of `size` bytes; the product cannot overflow. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* A larger copy of an array whose old place stays valid until the arena dies. Grow by doubling. */
void *arena_grow(struct arena *a, const void *old, size_t old_count, size_t count, size_t size);

/* A copy that ends with a NUL (not counted in len). The empty span {"" , 0} on failure. */
struct span arena_span(struct arena *a, struct span s);
char *arena_str(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* 0, or the first failure. */
int arena_err(const struct arena *a);

/* Gives everything back; the arena is empty and usable again, with the same maximum. */
void arena_free(struct arena *a);

/* Like arena_free, but keeps one block for the next round. */
void arena_reset(struct arena *a);

/* Makes room for one more in a growing array of an arena: evaluates to true when there is. */
#define ARENA_MORE(arena, array, count, cap) \
    ((count) < (cap) || arena_more_((arena), (void **)&(array), (count), &(cap), sizeof *(array)))
bool arena_more_(struct arena *a, void **array, uint32_t count, uint32_t *cap, size_t size);

#endif
