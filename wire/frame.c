#include "wire/frame.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"

void frame_init(struct frame_reader *f)
{
    *f = (struct frame_reader){.bytes = BUF_INIT(FRAME_HELD)};
}

void frame_fini(struct frame_reader *f)
{
    buf_fini(&f->bytes);
    f->taken = f->looked = 0;
}

/* Moves what is left to the front; gives the memory back when nothing is left. */
static void settle(struct frame_reader *f)
{
    size_t left = f->bytes.len - f->taken;

    if (f->taken == 0)
        return;
    if (left == 0) {
        buf_fini(&f->bytes);
        f->taken = f->looked = 0;
        return;
    }
    memmove(f->bytes.at, f->bytes.at + f->taken, left);
    f->bytes.len = left;
    f->looked -= f->taken;
    f->taken = 0;
}

int frame_feed(struct frame_reader *f, const void *bytes, size_t len)
{
    settle(f);
    buf_put(&f->bytes, bytes, len);
    return buf_err(&f->bytes);
}

/* The first byte that is no white space decides how the connection speaks: JSON begins with no letter C. */
static void begin(struct frame_reader *f)
{
    for (size_t at = f->taken; !f->begun && at < f->bytes.len; at++)
        if ((unsigned char)f->bytes.at[at] > ' ') {
            f->begun = true;
            f->headers = f->bytes.at[at] == 'C' || f->bytes.at[at] == 'c';
        }
}

/* ---- behind headers ---- */

/* The length that a line of the headers gives: 1, 0 when it is another header, or an error. */
static int read_length(struct span line, size_t *length)
{
    static const char name[] = "content-length:";

    if (line.len < sizeof name - 1 || strncasecmp(line.at, name, sizeof name - 1) != 0)
        return 0;
    line = span_trim(span_cut(line, sizeof name - 1, line.len));
    if (line.len == 0)
        return ERR_PROTOCOL;
    *length = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] < '0' || line.at[i] > '9')
            return ERR_PROTOCOL;
        *length = *length * 10 + (size_t)(line.at[i] - '0');
        if (*length > LIMIT_FRAME)
            return ERR_TOOBIG;
    }
    return 1;
}

/* Reads headers up to the empty line behind them, a line at a time: 1, 0 when more must be read first, or an error. */
static int read_headers(struct frame_reader *f)
{
    const char *found;
    struct span line;
    int rc;

    while ((found = memchr(f->bytes.at + f->looked, '\n', f->bytes.len - f->looked))) {
        line = span_trim((struct span){f->bytes.at + f->taken, (size_t)(found - f->bytes.at) - f->taken});
        f->taken = f->looked = (size_t)(found - f->bytes.at) + 1;
        if (line.len == 0 && f->measured)
            return 1;
        if (line.len == 0 && f->heading)
            return ERR_PROTOCOL;
        if (line.len == 0)
            continue; /* white space between frames, which some clients send */
        if ((rc = read_length(line, &f->length)) < 0)
            return rc;
        if (rc == 0 && !f->measured && !memchr(line.at, ':', line.len))
            return ERR_PROTOCOL;
        f->measured = f->measured || rc == 1;
        f->heading = true;
    }
    f->looked = f->bytes.len;
    return f->bytes.len - f->taken > FRAME_HEADERS ? ERR_PROTOCOL : 0;
}

static int next_behind_headers(struct frame_reader *f, struct span *frame)
{
    int rc = 1;

    while (f->bytes.len > f->taken || f->whole) {
        if (!f->whole) {
            if ((rc = read_headers(f)) != 1)
                return rc;
            f->whole = true;
        }
        if (f->bytes.len - f->taken < f->length)
            return 0;
        *frame = span_trim((struct span){f->bytes.at + f->taken, f->length});
        f->taken = f->looked = f->taken + f->length;
        f->whole = f->measured = f->heading = false;
        if (frame->len)
            return 1;
    }
    return 0;
}

/* ---- a line each ---- */

static int next_line(struct frame_reader *f, struct span *frame)
{
    while (f->looked < f->bytes.len) {
        const char *start = f->bytes.at + f->taken;
        const char *found = memchr(f->bytes.at + f->looked, '\n', f->bytes.len - f->looked);
        size_t end = found ? (size_t)(found - f->bytes.at) : f->bytes.len;
        struct span line = {start, end - f->taken};

        if (line.len > LIMIT_FRAME)
            return ERR_TOOBIG;
        f->looked = end;
        if (!found)
            break;
        f->taken = f->looked = end + 1;
        *frame = span_trim(line);
        if (frame->len)
            return 1;
    }
    return 0;
}

int frame_next(struct frame_reader *f, struct span *frame)
{
    begin(f);
    return f->headers ? next_behind_headers(f, frame) : next_line(f, frame);
}

int frame_last(struct frame_reader *f, struct span *frame)
{
    int rc = frame_next(f, frame);

    if (rc != 0 || f->headers || !frame_unfinished(f))
        return rc;
    *frame = span_trim((struct span){f->bytes.at + f->taken, f->bytes.len - f->taken});
    f->taken = f->looked = f->bytes.len;
    return frame->len > 0;
}

bool frame_unfinished(const struct frame_reader *f)
{
    return f->bytes.len > f->taken || f->heading;
}
