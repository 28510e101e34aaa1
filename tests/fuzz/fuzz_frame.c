/* Any bytes, in any pieces: the frames are those of the input as a whole, read in the plainest way; none is longer than
 * allowed, and no more is held than promised. The first byte of the input says how large the pieces are. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <strings.h>

#include "base/err.h"
#include "wire/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Cuts the next line off, without its line break. False when there is no line break. */
static bool cut_line(struct span *rest, struct span *line)
{
    const char *end = memchr(rest->at, '\n', rest->len);

    if (!end)
        return false;
    *line = span_trim(span_cut(*rest, 0, (size_t)(end - rest->at)));
    *rest = span_cut(*rest, (size_t)(end - rest->at) + 1, rest->len);
    return true;
}

/* The next frame behind headers; false when there is none, or nobody can say. */
static bool cut_measured(struct span *rest, struct span *frame)
{
    bool measured = false;
    size_t length = 0;
    struct span line;

    while (cut_line(rest, &line)) {
        if (line.len >= 15 && strncasecmp(line.at, "content-length:", 15) == 0) {
            measured = true;
            length = (size_t)strtoul(span_trim(span_cut(line, 15, line.len)).at, NULL, 10);
        } else if (!line.len && measured) {
            if (length > rest->len)
                return false;
            *frame = span_trim(span_cut(*rest, 0, length));
            *rest = span_cut(*rest, length, rest->len);
            measured = false;
            if (frame->len)
                return true;
        }
    }
    return false;
}

static bool cut_frame(struct span *rest, bool headers, struct span *frame)
{
    if (headers)
        return cut_measured(rest, frame);
    while (cut_line(rest, frame))
        if (frame->len)
            return true;
    *frame = span_trim(*rest);
    rest->len = 0;
    return frame->len > 0;
}

/* The frame must be the next one. */
static void expect(struct span *rest, bool headers, struct span frame)
{
    struct span wanted;

    assert(cut_frame(rest, headers, &wanted));
    assert(span_eq(wanted, frame));
    assert(frame.len <= LIMIT_FRAME);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    size_t piece = len ? (size_t)data[0] + 1 : 1;
    struct span input = {(const char *)data + (len > 0), len ? len - 1 : 0}, rest = input, frame;
    bool headers = span_trim(input).len && (span_trim(input).at[0] | 0x20) == 'c';
    struct frame_reader f;
    int rc = 0;

    frame_init(&f);
    while (input.len && rc >= 0) {
        size_t n = input.len < piece ? input.len : piece;

        rc = frame_feed(&f, input.at, n);
        input = span_cut(input, n, input.len);
        while (rc >= 0 && (rc = frame_next(&f, &frame)) == 1)
            expect(&rest, headers, frame);
        assert(f.bytes.cap <= FRAME_HELD);
    }
    while (rc >= 0 && (rc = frame_last(&f, &frame)) == 1)
        expect(&rest, headers, frame);
    assert(rc == 0 || rc == ERR_TOOBIG || rc == ERR_PROTOCOL);
    if (rc == 0 && (!headers || !frame_unfinished(&f)))
        assert(!cut_frame(&rest, headers, &frame));
    frame_fini(&f);
    return 0;
}
