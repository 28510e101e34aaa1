/* text_cache.h -- blocks of text that were unpacked lately: what is asked while somebody types is asked again and again.
 *
 * A block never changes while a living document has text in it (text.h), so what was unpacked once is right for every
 * view. At most 16 MiB are kept; the oldest goes first. Any thread; a mutex guards it.
 */
#ifndef INDEX_TEXT_CACHE_H
#define INDEX_TEXT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_cache;

struct text_cache *text_cache_new(void); /* NULL when memory is out */
void text_cache_free(struct text_cache *c);

/* Copies bytes [from, from + len) of the block at `address` to `out`, or as many as it has: *got. False when it is not kept.
 * No cache (NULL) keeps nothing. */
bool text_cache_copy(struct text_cache *c, uint64_t address, size_t from, size_t len, char *out, size_t *got);

/* Keeps a copy of a block, or not. */
void text_cache_keep(struct text_cache *c, uint64_t address, const uint8_t *bytes, size_t len);

/* Forgets all: what was erased must be gone from memory too. */
void text_cache_clear(struct text_cache *c);

#endif
