/* schema.h -- what stands in the store: every key and value, with the version number.
 *
 * Documents and quotes are numbered from 1, ascending, never reused. A segment is a contiguous run of
 * both, written by one transaction. Integers in keys are big end first, so that they sort; in values
 * they are varints unless said otherwise. Every value ends with a checksum: the low 32 bits of XXH3-64 over
 * the payload, seeded with XXH3-64 of the key, little end first. A value whose checksum fails is ERR_CORRUPT.
 *
 *   DB      key                                    value
 *   meta    name                                   "format", "totals" (next numbers, sums), "generations", "segments" (of
 *                                                  each first and last document and quote, sum of words, state)
 *   parts   be32 segment, u8 field, last term      the dictionary: several terms, each with df, cf and its list,
 *                                                  when that is short (entry.h)
 *           be32 segment, u8 kind, be32 hash,      hashes and the numbers that have them, up to these (ids.h; kinds: 'c' content,
 *           be32 number                            'd' document id, 'q' quote id)
 *           be32 segment, u8 80 + 2 × column + 1,  one small number for each of up to 448 documents or quotes (columns.h)
 *           be32 first
 *           be32 segment, u8 80 + 2 × column,      the names that numbers of a column stand for, from number `first` on
 *           be32 first
 *           be32 segment, u8 a0, be32 first        u16 words of up to 900 documents
 *   lists   be32 segment, u8 field, term, 00,      a chunk of a longer list (post.h); its last number is end - 1
 *           be32 end
 *   pos     .. 00, be32 first, be32 n              piece n of the positions of the block that begins at first
 *   docs    be32 document                          doc_row
 *           be32 document, u8 1, be32 last quote   its quotes up to this one (quote_rows.h)
 *           be32 document, u8 2, be32 file, be32 n nothing: article n of the file is the document
 *   dead    u8 'd' or 'q', be32 number / 8192      bitmap of 1 KiB
 *   text    be64 text address                      u32 raw length, then a zstd frame: up to 32 KiB of the
 *                                                  stored texts, one after the other
 *   files   be32 0, be32 hash, be32 number         hashes of paths and the numbers of their files, from these on (path_numbers.h)
 *           be32 file, be32 n                      document, record, start, line, plain: an article of a file, but its first
 *           be32 file, be32 ffffffff               file_row
 *
 * Fields: TEXT, TITLE, SOURCE and LANG number documents; the others number quotes. What stands in marks (or alone, as a
 * pull quote) is under QUOTE, NAME, SPEAKER, ROLE and CUE; what is only reported is under STATEMENT, STATEMENT_NAME and so on.
 */
#ifndef INDEX_SCHEMA_H
#define INDEX_SCHEMA_H

#include "index/article.h"
#include "index/quote.h"

enum { FORMAT_OF_STORE = 4 };

enum segment_state { SEGMENT_BUILDING, SEGMENT_LIVE, SEGMENT_RETIRED };

enum field {
    FIELD_TEXT = 1,           /* words of an article's blocks, boilerplate left out; unit: document */
    FIELD_QUOTE = 2,          /* words of a quote; unit: quote */
    FIELD_NAME = 3,           /* words of the resolved speaker's name; unit: quote */
    FIELD_SPEAKER = 4,        /* the whole resolved name, folded loosely, as one term; unit: quote */
    FIELD_STATEMENT = 5,      /* as QUOTE and NAME, of indirect statements: what is asked for quotes ... */
    FIELD_STATEMENT_NAME = 6, /* ... never meets them, and they stand in no count of quotes or people */
    FIELD_TITLE = 7,          /* words of the title; unit: document */
    FIELD_SOURCE = 8,         /* words of the outlet, then of the url's host; unit: document */
    FIELD_LANG = 9, /* the code of the language, as one term: given, else told by the words; unit: document */
    FIELD_ROLE = 10,           /* words of the speaker's role; unit: quote */
    FIELD_CUE = 11,            /* words of the cue: said, told reporters; unit: quote */
    FIELD_STATEMENT_ROLE = 12, /* as ROLE and CUE, of indirect statements */
    FIELD_STATEMENT_CUE = 13,
    FIELDS
};

/* What else of a segment stands in `parts`, behind its lists and in the order in which it is written. */
enum part {
    PART_CONTENTS = 'c', /* ids.h */
    PART_DOC_IDS = 'd',
    PART_QUOTE_IDS = 'q',
    PART_COLUMNS = 0x80, /* and twice the column: its names; and 1: its values (columns.h) */
    PART_LENS = 0xa0
};

/* What of a document stands in `docs` behind its row, and in this order. */
enum doc_part { DOC_QUOTES = 1, DOC_PLACES = 2 };

/* What numbers its lists hold: those of documents, or those of quotes. */
static inline bool field_of_documents(enum field field)
{
    return field == FIELD_TEXT || field == FIELD_TITLE || field == FIELD_SOURCE || field == FIELD_LANG;
}

/* Titles and statements have no lists of their own: they are stretches of the text (within.h). */
static inline bool field_has_lists(enum field field)
{
    return field != FIELD_TITLE && field != FIELD_STATEMENT;
}

/* The field whose lists hold its words. */
static inline enum field field_of_lists(enum field field)
{
    return field_has_lists(field) ? field : FIELD_TEXT;
}

/* Where a stretch of an article has its words: positions of FIELD_TEXT. */
struct words_at {
    uint32_t first, count; /* count 0: nowhere */
};

struct segment {
    uint32_t id;
    uint32_t first_doc, last_doc;     /* inclusive; a segment has a document at least */
    uint32_t first_quote, last_quote; /* inclusive; last < first when there is none */
    uint64_t words;                   /* sum of the documents' lengths */
    uint32_t state;                   /* enum segment_state */
};

/* The mean length that the impacts of the segment's blocks were written with (impact.h). */
static inline double segment_mean(const struct segment *s)
{
    return s->words ? (double)s->words / (double)(s->last_doc - s->first_doc + 1) : 1;
}

/* A stored article. Spans and blocks are the arena's that it was decoded into. Offsets count from the
 * article's start: from byte 0 of its stored text. */
struct doc_row {
    uint32_t no;
    uint64_t
        id; /* 60 bits of XXH3 over the article's key: url, else given id, else folded title and first 200 words */
    uint64_t content; /* XXH3 over text and every field: equal articles are one document */
    struct span title, date, date_basis, author, url, outlet, lang, place, given_id;
    uint32_t words;                    /* of FIELD_TEXT */
    uint32_t first_quote, quote_count; /* its quotes are numbered in a row */
    uint64_t text_at;                  /* text address */
    uint32_t text_len;
    const struct block *blocks;
    uint32_t block_count;
};

/* A stored quote. Offsets count from byte 0 of its document's stored text. */
struct quote_row {
    uint32_t no, doc;
    uint64_t id; /* 60 bits of XXH3 over the article's key, the folded words and an ordinal among equals */
    uint32_t start, end, context_start, context_end, mention_start, mention_end, cue_start, cue_end;
    uint32_t line, column; /* of start: lines from 1 counted from the article's start; characters from 1 */
    enum quote_kind kind;
    struct span speaker, role, person, rule, why;
    uint16_t confidence;
    uint32_t utterance, twin_of, inside; /* quote numbers; its own when alone */
};

/* Where an article stands: add `start` to its offsets, and `line` - 1 to its lines. */
struct place_row {
    uint32_t file, n;
    uint32_t doc;
    uint32_t record;  /* line of a JSON lines file, or 0 */
    uint32_t start;   /* byte of the file's (record's) decoded text where the article begins */
    uint32_t line;    /* its line, from 1 */
    bool plain;       /* decoded text and file are the same bytes */
    struct span path; /* the file's */
};

/* Whom the quote is listed under: the person, where the speaker is a role that somebody has. */
static inline struct span quote_whose(const struct quote_row *q)
{
    return q->person.len ? q->person : q->speaker;
}

struct file_row {
    uint32_t no;
    struct span path; /* absolute, as bytes */
    uint64_t size, hash;
    int64_t mtime_ns;
    uint32_t read_rules, word_rules, fold_rules, quote_rules; /* versions it was analysed with */
    uint32_t articles, bad_records;
    struct place_row first; /* its article 0, without file, n and path; document 0: there is none */
    bool complete;          /* false: a run was cut off in the middle of it */
    int err;                /* 0, or why it was skipped */
    struct span detail;     /* words for the person */
    struct span charset;
};

#endif
