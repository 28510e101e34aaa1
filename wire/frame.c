#include "wire/frame.h"

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

/* The first byte that is no white space decides how the connection speaks. */
static int begin(struct frame_reader *f, struct span line)
{
    if (!f->begun && line.len) {
        if (line.at[0] == 'C')
            return ERR_PROTOCOL;
        f->begun = true;
    }
    return 0;
}

int frame_next(struct frame_reader *f, struct span *frame)
{
    while (f->looked < f->bytes.len) {
        const char *start = f->bytes.at + f->taken;
        const char *found = memchr(f->bytes.at + f->looked, '\n', f->bytes.len - f->looked);
        size_t end = found ? (size_t)(found - f->bytes.at) : f->bytes.len;
        struct span line = {start, end - f->taken};
        int rc;

        if (line.len > LIMIT_FRAME)
            return ERR_TOOBIG;
        if ((rc = begin(f, span_trim(line))) < 0)
            return rc;
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

int frame_last(struct frame_reader *f, struct span *frame)
{
    int rc = frame_next(f, frame);

    if (rc != 0 || !frame_unfinished(f))
        return rc;
    *frame = span_trim((struct span){f->bytes.at + f->taken, f->bytes.len - f->taken});
    f->taken = f->looked = f->bytes.len;
    return frame->len > 0;
}

bool frame_unfinished(const struct frame_reader *f)
{
    return f->bytes.len > f->taken;
}
