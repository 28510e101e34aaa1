#include "daemon/wanted.h"

#include "wire/cache.h"

struct head {
    char magic[8];
    uint32_t rules, count;
    uint64_t check;
};

enum { ROW_HEAD = 3 };

static const char magic[8] = "QUOTED\0W";

_Static_assert(sizeof(struct head) == 24 && CACHE_KEY == 512, "WANTED_FILE counts on it");

void wanted_row(struct buf *rows, const struct wanted *w)
{
    uint16_t len = (uint16_t)w->key.len;

    buf_char(rows, (char)w->asked);
    buf_put(rows, &len, sizeof len);
    buf_span(rows, w->key);
}

void wanted_file(struct buf *out, struct span rows, uint32_t count)
{
    struct head h = {.rules = CACHE_KEY_RULES, .count = count, .check = cache_hash(CACHE_KEY_RULES, rows)};

    memcpy(h.magic, magic, sizeof magic);
    buf_put(out, &h, sizeof h);
    buf_span(out, rows);
}

bool wanted_next(struct span *rows, struct wanted *w)
{
    uint16_t len;

    if (rows->len < ROW_HEAD)
        return false;
    memcpy(&len, rows->at + 1, sizeof len);
    w->asked = (unsigned char)rows->at[0];
    if (w->asked == 0 || w->asked > WANTED_ASKED || len == 0 || len > CACHE_KEY || len > rows->len - ROW_HEAD)
        return false;
    w->key = span_cut(*rows, ROW_HEAD, ROW_HEAD + (size_t)len);
    *rows = span_cut(*rows, ROW_HEAD + (size_t)len, rows->len);
    return true;
}

bool wanted_rows(struct span file, struct span *rows)
{
    struct span left;
    struct wanted w;
    struct head h;
    uint32_t count = 0;

    if (file.len < sizeof h || file.len > WANTED_FILE)
        return false;
    memcpy(&h, file.at, sizeof h);
    *rows = left = span_cut(file, sizeof h, file.len);
    if (memcmp(h.magic, magic, sizeof magic) != 0 || h.rules != CACHE_KEY_RULES ||
        h.check != cache_hash(CACHE_KEY_RULES, left))
        return false;
    while (wanted_next(&left, &w))
        count++;
    return left.len == 0 && count == h.count && count <= WANTED_KEYS;
}
