/* read.h -- a file becomes articles. One table of readers, chosen by the file's name.
 *
 * The file is read with read(2) into memory and never mapped: a file that shrinks under a map kills the
 * reader. JSON lines are read a line at a time and may be of any size; every other format is refused
 * beyond LIMIT_FILE.
 */
#ifndef INDEX_READ_H
#define INDEX_READ_H

#include <stdint.h>

#include "index/article.h"

/* Raise it when readers cut or clean differently: files read with another are done again. */
enum { READ_RULES_VERSION = 2 };

/* What is known of a source beforehand; each may be empty. They yield to what the source says of itself. */
struct read_hints {
    struct span title, date, outlet, url, author, lang;
    bool
        whole; /* each file (or line of JSON lines) is one article, all of it: it is not cut into articles, nothing in it is
                 * taken for boilerplate, phrases run on from line to line, and equal files are documents of their own */
};

/* What reading found out about the file as a whole; filled on success and on failure. */
struct read_report {
    uint64_t size;             /* bytes read */
    uint64_t hash;             /* XXH3 of all bytes */
    int64_t mtime_ns;          /* of the file as opened */
    uint32_t articles;         /* given to `take` */
    uint32_t bad_records;      /* JSON lines that were skipped */
    uint32_t first_bad_record; /* the first of them, line from 1 */
    char charset[32];          /* "UTF-8", "UTF-16LE", "WINDOWS-1252", ... */
    char detail[160]; /* on failure or for bad records, words for the person ("a NUL byte at 1043") */
};

/* Called once an article; `mem` holds it and is emptied afterwards. Less than zero stops the reading. */
typedef int (*read_take_fn)(void *ctx, struct arena *mem, const struct article *a);

/* True for names that some reader reads (.txt .text .md .markdown .org .jsonl .ndjson, and names without an
 * extension). */
bool read_knows(struct span path);

/* True when the file is read record by record, however large it is; others are in memory as a whole. */
bool read_streams(struct span path);

/* Reads the file and hands its articles to take, in order. Refuses (ERR_NOTTEXT, ERR_TOOBIG, ERR_EMPTY,
 * ERR_CHANGED when size or mtime differ after reading, ERR_DENIED, ERR_NOTFOUND, ERR_IO) with words in
 * report->detail. `cancel`, unless NULL, is looked at between records; when it turns true the answer is
 * ERR_CANCELLED. */
int read_file(const char *path, const struct read_hints *hints, read_take_fn take, void *ctx,
              struct read_report *report, const volatile bool *cancel);

/* The same over bytes in memory, as if they were a file of that name. For tests and fuzzing. */
int read_bytes(struct span bytes, struct span path, const struct read_hints *hints, read_take_fn take,
               void *ctx, struct read_report *report);

#endif
