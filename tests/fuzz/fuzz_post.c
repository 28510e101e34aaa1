/* fuzz_post.c -- any bytes as what the dictionary says of a term: numbers rise inside the segment, positions rise, the reader
 * ends, and a seek finds what a walk finds. */
#include <assert.h>
#include <stddef.h>

#include "index/post_write.h"

enum { BEFORE = 5, LIMIT = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct term_entry e = {0};
    struct arena mem = {.max = 64 * MiB};
    struct post p, q;
    uint32_t last = BEFORE;
    int rc = entry_read((struct span){(const char *)data, len}, &e), other;

    if (rc < 0)
        return 0;
    rc = post_open_bytes(&p, &mem, &e, BEFORE, LIMIT);
    other = post_open_bytes(&q, &mem, &e, BEFORE, LIMIT);
    assert(rc == other);
    while (rc == 1 && (rc = post_next(&p)) == 1) {
        const uint32_t *positions;
        int64_t count;
        assert(p.doc > last && p.doc <= LIMIT);
        count = post_positions(&p, &positions);
        assert(count != 0);
        for (int64_t i = 1; i < count; i++)
            assert(positions[i] > positions[i - 1]);
        assert(count < 0 || post_weight(&p) < 0 || post_weight(&p) >= count);
        if (p.doc % 3 == 0 && other == 1) {
            other = post_seek(&q, last + 1);
            assert(other == 1 && q.doc == p.doc && post_count(&q) == post_count(&p));
        }
        last = p.doc;
    }
    arena_free(&mem);
    return 0;
}
