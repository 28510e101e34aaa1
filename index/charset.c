#include "index/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "base/eight.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "index/reader.h"

/* ---- what is no text ---------------------------------------------------------------------------- */

/* How well-known files begin, and what they are called. */
static const struct {
    struct span bytes;
    const char *words;
} signatures[] = {
    {{"%PDF-", 5}, "a PDF document"},
    {{"PK\x03\x04", 4}, "a zip archive or office document"},
    {{"\x89PNG", 4}, "a PNG picture"},
    {{"GIF8", 4}, "a GIF picture"},
    {{"\xFF\xD8\xFF", 3}, "a JPEG picture"},
    {{"\x1F\x8B", 2}, "a gzip archive"},
    {{"\xFD"
      "7zXZ",
      5},
     "an xz archive"},
    {{"(\xB5/\xFD", 4}, "a zstd archive"},
    {{"BZh", 3}, "a bzip2 archive"},
    {{"7z\xBC\xAF", 4}, "a 7-Zip archive"},
    {{"Rar!", 4}, "a RAR archive"},
    {{"\x7F"
      "ELF",
      4},
     "a program"},
    {{"\xD0\xCF\x11\xE0", 4}, "an old office document"},
    {{"SQLite format 3", 15}, "a SQLite database"},
    {{"ID3", 3}, "a sound file"},
    {{"OggS", 4}, "a sound file"},
    {{"{\\rtf", 5}, "an RTF document"},
};

static const char *known_binary(struct span s)
{
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (span_starts(s, signatures[i].bytes))
            return signatures[i].words;
    return NULL;
}

/* Neither NUL nor a control character. */
static bool is_quiet(unsigned char c)
{
    return c >= 0x20 || (c >= '\t' && c <= '\r') || c == 0x1B;
}

/* Refuses control characters by the handful; old wire copy ends with one, a binary file is full of them. */
static int check_controls(struct span s, struct read_report *report)
{
    size_t controls = 0, first = 0;

    for (size_t i = 0; i < s.len; i++) {
        while (s.len - i >= 8 && eight_from(eight_at(s.at + i), 0x20) == EIGHT(0x80))
            i += 8;
        if (i == s.len)
            break;
        if (is_quiet((unsigned char)s.at[i]))
            continue;
        if (s.at[i] == 0)
            return reading_refuse(report, ERR_NOTTEXT, "a NUL byte at %zu", i);
        if (controls++ == 0)
            first = i;
    }
    if (controls > 4 && controls > s.len / 50)
        return reading_refuse(report, ERR_NOTTEXT, "%zu control characters, the first at %zu: not a text",
                              controls, first);
    return 0;
}

/* ---- conversion --------------------------------------------------------------------------------- */

/* Names under which one encoding is meant though another is written: pages that say latin-1 use the quotation
 * marks of windows-1252, and so on. */
static const char *meant(const char *name)
{
    static const char *const wider[][2] = {
        {"iso-8859-1", "WINDOWS-1252"}, {"iso8859-1", "WINDOWS-1252"},
        {"latin-1", "WINDOWS-1252"},    {"latin1", "WINDOWS-1252"},
        {"gb2312", "GB18030"},          {"gbk", "GB18030"},
        {"iso-8859-9", "WINDOWS-1254"}, {"shift_jis", "CP932"},
        {"shift-jis", "CP932"},         {"euc-kr", "CP949"},
        {"ks_c_5601-1987", "CP949"},    {"windows-31j", "CP932"},
    };

    for (size_t i = 0; i < sizeof wider / sizeof *wider; i++)
        if (strcasecmp(name, wider[i][0]) == 0)
            return wider[i][1];
    return name;
}

/* Converts all or nothing: ERR_NOTTEXT with the place in *bad when a byte does not belong to the encoding. */
static int convert(struct arena *mem, struct span in, const char *charset, struct span *out, size_t *bad)
{
    iconv_t cd = iconv_open("UTF-8", charset);
    char *from = (char *)(uintptr_t)in.at, *to, *start;
    size_t left = in.len, room = in.len > SIZE_MAX / 4 ? 0 : in.len * 3 + 16;
    int rc = 0;

    *bad = 0;
    if (cd == (iconv_t)-1)
        return ERR_NOTTEXT;
    to = start = arena_alloc(mem, room);
    if (!to)
        rc = ERR_NOMEM;
    else if (iconv(cd, &from, &left, &to, &room) == (size_t)-1)
        rc = ERR_NOTTEXT;
    *bad = in.len - left;
    (void)iconv_close(cd);
    *out = (struct span){start, rc ? 0 : (size_t)(to - start)};
    return rc;
}

static int decode_as(struct arena *mem, struct span bytes, const char *charset, struct span *out,
                     struct read_report *report)
{
    size_t bad;
    int rc = convert(mem, bytes, meant(charset), out, &bad);

    (void)snprintf(report->charset, sizeof report->charset, "%s", meant(charset));
    if (rc == ERR_NOTTEXT)
        return reading_refuse(report, rc, "byte %zu is not %s", bad, report->charset);
    return rc ? rc : check_controls(*out, report);
}

/* ---- UTF-8 with wounds -------------------------------------------------------------------------- */

/* True when the text is UTF-8 but for a few bytes: cut in the middle of a character, or glued from two files. */
static bool mostly_utf8(struct span s)
{
    size_t good = 0, wrong = 0;
    uint32_t cp;

    for (const char *at = s.at, *end = s.at + s.len; at < end;) {
        size_t len = utf8_next(at, end, &cp);
        good += len > 1;
        wrong += len == 1 && cp == UTF8_BAD;
        at += len;
    }
    return wrong * 10 <= good;
}

/* Every wrong byte becomes U+FFFD. */
static int mend(struct arena *mem, struct span s, struct span *out, struct read_report *report)
{
    char *to = arena_alloc(mem, s.len * 3 + 1), *start = to;
    size_t wrong = 0;
    uint32_t cp;

    if (!to)
        return ERR_NOMEM;
    for (const char *at = s.at, *end = s.at + s.len; at < end;) {
        size_t len = utf8_next(at, end, &cp);
        wrong += len == 1 && cp == UTF8_BAD;
        to += utf8_put(to, cp);
        at += len;
    }
    *out = (struct span){start, (size_t)(to - start)};
    (void)snprintf(report->charset, sizeof report->charset, "UTF-8");
    (void)snprintf(report->detail, sizeof report->detail, "%zu bytes are not UTF-8 and were replaced", wrong);
    return check_controls(*out, report);
}

/* ---- finding out -------------------------------------------------------------------------------- */

/* "UTF-16LE" or "UTF-16BE" when the zeros of the first bytes stand on one side only, as those of spaces,
 * line ends and Latin letters do; else NULL. */
static const char *utf16_by_zeros(struct span s)
{
    size_t zeros[2] = {0, 0}, n = s.len < 4096 ? s.len : 4096;

    for (size_t i = 0; i < n; i++)
        zeros[i & 1] += s.at[i] == 0;
    if (s.len % 2 || zeros[0] + zeros[1] < 2 || (zeros[0] && zeros[1]))
        return NULL;
    if (zeros[0] + zeros[1] < n / 40) /* even Japanese has a line end or a figure in forty signs */
        return NULL;
    return zeros[1] ? "UTF-16LE" : "UTF-16BE";
}

/* The charset that the first kilobyte declares, as a NUL-terminated name; false when there is none. */
static bool declared(struct span s, char name[32])
{
    static const char *const keys[] = {
        "charset:", "charset=", "coding:", "coding=", "encoding:", "encoding="};
    struct span head = span_cut(s, 0, s.len < 1024 ? s.len : 1024);

    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const char *at = memmem(head.at, head.len, keys[k], strlen(keys[k])), *end = head.at + head.len;
        size_t n = 0;
        if (!at)
            continue;
        at += strlen(keys[k]);
        while (at < end && (*at == ' ' || *at == '"' || *at == '\''))
            at++;
        for (;
             at < end && n < 31 &&
             (strchr("-_.:", *at) || (*at >= '0' && *at <= '9') || ((*at | 32) >= 'a' && (*at | 32) <= 'z'));
             at++)
            name[n++] = *at;
        name[n] = '\0';
        if (n >= 3)
            return true;
    }
    return false;
}

/* Asks uchardet about a sample round the first byte that is not ASCII. */
static bool guess(struct span s, size_t first, char name[32])
{
    size_t from = first > LIMIT_CHARSET_SAMPLE / 2 ? first - LIMIT_CHARSET_SAMPLE / 2 : 0;
    size_t n = s.len - from < LIMIT_CHARSET_SAMPLE ? s.len - from : LIMIT_CHARSET_SAMPLE;
    uchardet_t u = uchardet_new();

    name[0] = '\0';
    if (u && uchardet_handle_data(u, s.at + from, n) == 0) {
        uchardet_data_end(u);
        (void)snprintf(name, 32, "%s", uchardet_get_charset(u));
    }
    if (u)
        uchardet_delete(u);
    return name[0] && strcasecmp(name, "ASCII") != 0 && strncasecmp(name, "UTF-", 4) != 0;
}

/* The encoding that a byte order mark names, or NULL; *skip is its length. */
static const char *by_mark(struct span s, size_t *skip)
{
    static const struct {
        struct span mark;
        const char *name;
    } marks[] = {
        {{"\xEF\xBB\xBF", 3}, "UTF-8"}, {{"\xFF\xFE\0\0", 4}, "UTF-32LE"}, {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
        {{"\xFF\xFE", 2}, "UTF-16LE"},  {{"\xFE\xFF", 2}, "UTF-16BE"},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts(s, marks[i].mark)) {
            *skip = marks[i].mark.len;
            return marks[i].name;
        }
    *skip = 0;
    return NULL;
}

int charset_decode(struct arena *mem, struct span bytes, struct span *out, bool *plain,
                   struct read_report *report)
{
    size_t skip, bad = 0;
    const char *name = by_mark(bytes, &skip), *binary = known_binary(bytes);
    char found[32];
    int rc;

    *out = bytes;
    *plain = false;
    if (binary)
        return reading_refuse(report, ERR_NOTTEXT, "%s; only text is read", binary);
    if (name && strcmp(name, "UTF-8") != 0)
        return decode_as(mem, span_cut(bytes, skip, bytes.len), name, out, report);
    if (utf8_valid(bytes, &bad) && !memchr(bytes.at, 0, bytes.len)) {
        *plain = true;
        (void)snprintf(report->charset, sizeof report->charset, "UTF-8");
        return check_controls(bytes, report);
    }
    if ((name = utf16_by_zeros(bytes)) != NULL)
        return decode_as(mem, bytes, name, out, report);
    if ((rc = check_controls(bytes, report)) < 0)
        return rc;
    if (declared(bytes, found) && strncasecmp(found, "utf", 3) != 0 &&
        decode_as(mem, bytes, found, out, report) == 0)
        return 0;
    if (mostly_utf8(bytes))
        return mend(mem, bytes, out, report);
    if (!guess(bytes, bad, found))
        return reading_refuse(report, ERR_NOTTEXT, "byte %zu is not UTF-8, and no other encoding fits", bad);
    return decode_as(mem, bytes, found, out, report);
}
