#include "client/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "client/out.h"
#include "wire/peek.h"
#include "client/say.h"
#include "client/term.h"

enum {
    DRAW_MS = 100,
    BAR = 20,       /* columns of it */
    WIDE = 0x1100,  /* from here on a character may take two columns; too short a name does no harm */
    PATH_LEAST = 12 /* with fewer columns left no file is named */
};

static long long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, bool quiet)
{
    *p = (struct progress){.bar = !quiet && term_moves(STDERR_FILENO), .began_ms = now_ms()};
}

void progress_clear(struct progress *p)
{
    if (p->drawn)
        fputs("\r\033[K", stderr);
    p->drawn = false;
}

/* Digits in groups of three: 1,234,567. */
static const char *grouped(int64_t n, char out[32])
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)n), at = 0;

    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0 && digits[i - 1] != '-')
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

/* The end of a path that fits in so many columns. */
static const char *path_end(const char *path, size_t columns)
{
    const char *at = path + strlen(path);
    size_t used = 0;

    while (at > path) {
        uint32_t cp;
        size_t len = utf8_prev(path, at, &cp);
        used += cp >= WIDE ? 2 : 1;
        if (used > columns)
            break;
        at -= len;
    }
    return at;
}

static void draw(struct progress *p, const char *path)
{
    int64_t full = p->files_total > 0 ? p->files * BAR / p->files_total : 0;
    char line[256], bar[BAR + 1], a[32], b[32], c[32];
    size_t width = term_width(STDERR_FILENO), len;

    full = full < 0 ? 0 : full > BAR ? BAR : full;
    for (int i = 0; i < BAR; i++)
        bar[i] = i < full ? '#' : '.';
    bar[BAR] = '\0';
    if (p->files_total > 0)
        snprintf(line, sizeof line, "[%s]  %s/%s files  %s quotes  ", bar, grouped(p->files, a),
                 grouped(p->files_total, b), grouped(p->quotes, c));
    else /* the folders are still being walked */
        snprintf(line, sizeof line, "%s files  %s quotes  ", grouped(p->files, a), grouped(p->quotes, c));
    len = strlen(line);
    if (len >= width)
        line[width ? width - 1 : 0] = '\0';
    fprintf(stderr, "\r%s%s\033[K", line, len + PATH_LEAST < width ? path_end(path, width - 1 - len) : "");
    fflush(stderr);
    p->drawn = true;
}

void progress_update(struct progress *p, struct span json)
{
    char path[LIMIT_PATH];

    p->files = peek_int(peek_member(json, "files"), p->files);
    p->files_total = peek_int(peek_member(json, "files_total"), p->files_total);
    p->articles = peek_int(peek_member(json, "articles"), p->articles);
    p->quotes = peek_int(peek_member(json, "quotes"), p->quotes);
    if (!p->bar || (p->drawn && now_ms() - p->drawn_ms < DRAW_MS))
        return;
    peek_copy(peek_member(json, "path"), path, sizeof path);
    say_harmless(path);
    for (char *at = path; *at; at++)
        if (*at == '\n' || *at == '\t')
            *at = '?';
    draw(p, path);
    p->drawn_ms = now_ms();
}

/* "12 files", "1 file". */
static const char *counted(int64_t n, const char *thing, char out[64])
{
    char number[32];

    snprintf(out, 64, "%s %s%s", grouped(n, number), thing, n == 1 ? "" : "s");
    return out;
}

static const char *sized(int64_t bytes, char out[32])
{
    double n = (double)bytes;

    if (bytes < 1000)
        snprintf(out, 32, "%lld bytes", (long long)bytes);
    else if (bytes < 1000000)
        snprintf(out, 32, "%.0f KB", n / 1000);
    else if (bytes < 1000000000)
        snprintf(out, 32, "%.1f MB", n / 1000000);
    else
        snprintf(out, 32, "%.2f GB", n / 1000000000);
    return out;
}

void progress_close(struct progress *p, const char *done, const struct totals *t)
{
    char a[64], b[64], c[64], d[32];

    progress_clear(p);
    (void)out_printf("%s %s", done, counted(t->files_new, "file", a));
    if (t->files_new)
        (void)out_printf(": %s, %s, %s in %.1f s", counted(t->articles, "article", a),
                         counted(t->quotes, "quote", b), sized(t->bytes, d),
                         (double)(now_ms() - p->began_ms) / 1000);
    if (t->files_unchanged)
        (void)out_printf("; %s unchanged", counted(t->files_unchanged, "file", c));
    if (t->files_removed)
        (void)out_printf("; %s removed", counted(t->files_removed, "file", c));
    if (t->files_skipped)
        (void)out_printf("; %s skipped", counted(t->files_skipped, "file", c));
    (void)out_str("\n");
}
