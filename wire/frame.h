/* frame.h -- where one message ends and the next begins.
 *
 * A message is one JSON object (or an array of them) on a line of its own:
 *
 *      {"jsonrpc":"2.0","id":1,"method":"status"}\n {"jsonrpc":"2.0","id":2, ... }\n
 *      |<-------------- a frame ---------------->|  |<------- a frame ------->|
 *
 * JSON writes a line break inside a text as \n, so a bare one can only end a message. That is easy to
 * read and to write in a shell, in Python, in Neovim and in Vim's `nl` mode.
 *
 * A connection whose first byte is `C` or `c` speaks `Content-Length:` headers instead, as language servers do, both ways:
 *
 *      Content-Length: 45\r\n \r\n {"jsonrpc":"2.0", ... } Content-Length: ...
 *      |<------ headers ------->| |<---- a frame ---->|
 *
 * Other headers are passed over; names may be written in any case, lines may end without \r.
 *
 * Promises:
 *  (1) a reader never holds more than FRAME_HELD bytes, whatever is sent to it;
 *  (2) an idle connection holds none: the memory goes back when the last frame has been taken;
 *  (3) it looks at each byte once, however small the pieces in which they come.
 */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include "base/buf.h"
#include "base/limits.h"

enum {
    FRAME_READ = 64 * 1024, /* feed at most so many bytes at a time */
    FRAME_HEADERS = 4096,   /* bytes of headers before a frame: two short lines are usual */
    FRAME_HELD = (int)LIMIT_FRAME + 2 * FRAME_READ + 1 /* one frame, one piece, and what came before it */
};

struct frame_reader {
    struct buf bytes; /* what came and has not been taken */
    size_t taken;     /* of them: handed out already */
    size_t looked;    /* of them: known to hold no line break after `taken` */
    bool begun;       /* the first byte has been seen */
    bool headers;     /* and it was a `C` or a `c` */
    bool heading;     /* headers of the next frame have come */
    bool measured;    /* they gave the `length` of the next frame */
    bool whole;       /* and ended: the frame follows */
    size_t length;
};

void frame_init(struct frame_reader *f);
void frame_fini(struct frame_reader *f);

/* Adds bytes that were read, FRAME_READ at most. Take every frame before feeding more.
 * 0, ERR_NOMEM or ERR_TOOBIG. */
int frame_feed(struct frame_reader *f, const void *bytes, size_t len);

/* Takes the next frame: 1 and its bytes without the line break, valid until the next call of this file;
 * 0 when more must be read first; ERR_TOOBIG for a frame past LIMIT_FRAME; ERR_PROTOCOL for headers that do not say how long
 * the frame is. Empty lines and frames are passed over. After an error nothing more can be read. */
int frame_next(struct frame_reader *f, struct span *frame);

/* After the end of the input: takes what stands there without a line break, as if it had one. Of a frame behind headers that
 * is cut off nothing is taken. 1, 0 or an error, as above. */
int frame_last(struct frame_reader *f, struct span *frame);

/* True when a frame has begun and not ended. */
bool frame_unfinished(const struct frame_reader *f);

#endif
