/* Any bytes, in any pieces: the frames are the lines of the input, none is longer than allowed, and no more
 * is held than promised. The first byte of the input says how large the pieces are. */
#include <assert.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Checks the frame against the lines from *at on: it must be the next one that is not empty. */
static void expect(struct span *rest, struct span frame)
{
    struct span line;

    do {
        const char *end;

        assert(rest->len);
        end = memchr(rest->at, '\n', rest->len);
        line = span_cut(*rest, 0, end ? (size_t)(end - rest->at) : rest->len);
        *rest = span_cut(*rest, end ? line.len + 1 : line.len, rest->len);
        line = span_trim(line);
    } while (!line.len);
    assert(span_eq(line, frame));
    assert(frame.len <= LIMIT_FRAME);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    size_t piece = len ? (size_t)data[0] + 1 : 1;
    struct span input = {(const char *)data + (len > 0), len ? len - 1 : 0}, rest = input, frame;
    struct frame_reader f;
    int rc = 0;

    frame_init(&f);
    while (input.len && rc >= 0) {
        size_t n = input.len < piece ? input.len : piece;

        rc = frame_feed(&f, input.at, n);
        input = span_cut(input, n, input.len);
        while (rc >= 0 && (rc = frame_next(&f, &frame)) == 1)
            expect(&rest, frame);
        assert(f.bytes.cap <= FRAME_HELD);
    }
    while (rc >= 0 && (rc = frame_last(&f, &frame)) == 1)
        expect(&rest, frame);
    assert(rc == 0 || rc == ERR_TOOBIG || rc == ERR_PROTOCOL);
    if (rc == 0)
        assert(span_trim(rest).len == 0);
    frame_fini(&f);
    return 0;
}
