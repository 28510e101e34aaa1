/* reader.h -- what read.c and the readers of single formats share.
 *
 *      file --read.c--> bytes --charset.c--> decoded text --read_txt.c, read_md.c--> articles --> take
 *        \--read_jsonl.c--> a line --> its "text" -----------------------------------> articles --> take
 */
#ifndef INDEX_READER_H
#define INDEX_READER_H

#include "index/clean.h"
#include "index/read.h"

/* One file being read. */
struct reading {
    struct span path;
    const struct read_hints *hints; /* never NULL */
    read_take_fn take;
    void *ctx;
    struct read_report *report;
    const volatile bool *cancel; /* may be NULL */
    char path_date[11];          /* the date in the path, or "" */
    char file_date[11];          /* the day of the file's mtime, or ""; never used for JSON lines */
};

/* Bytes that arrive in pieces. Exactly one of the two is read: memory when fd is -1. */
struct source {
    int fd;
    struct span memory;
    void *hash; /* XXH3 state: all that passes is hashed */
    struct read_report *report;
};

/* Up to `len` more bytes: how many, 0 at the end, or an error. */
int64_t source_read(struct source *s, char *to, size_t len);

/* A format. One of the two functions is set. */
struct reader {
    const char *endings; /* ".txt .text " : each ends with a space */
    int (*text)(struct reading *r, struct arena *mem, struct article *like); /* of a decoded text */
    int (*lines)(struct reading *r, struct source *from);                    /* of a stream */
};

int read_txt(struct reading *r, struct arena *mem, struct article *like);
int read_markdown(struct reading *r, struct arena *mem, struct article *like);
int read_org(struct reading *r, struct arena *mem, struct article *like);
int read_jsonl(struct reading *r, struct source *from);

/* Splits the text, adds the hints and gives each article to r->take. `mem` holds text and articles. */
int reading_give(struct reading *r, struct arena *mem, struct article *like, enum clean_markup markup);

/* Sets the report's words and returns `err`. */
int reading_refuse(struct read_report *report, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ERR_CANCELLED when the reading shall end, else 0. */
int reading_cancelled(const struct reading *r);

#endif
