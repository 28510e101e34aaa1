/* limits.h -- every limit, with a sentence on why that number. Beyond a limit the person is told, in words. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define LIMIT_FILE           (64u << 20) /* bytes of one text file: offsets fit 32 bits, and no article is longer */
#define LIMIT_JSONL_LINE     (16u << 20) /* bytes of one line of JSON lines: one article; the file has no limit */
#define LIMIT_CHARSET_SAMPLE (64u << 10) /* bytes shown to uchardet, which reads 3-5 MB/s of Cyrillic */
#define LIMIT_WORD           200u /* bytes of a word's key: two of them fit a key of LMDB, which ends at 511 */
#define LIMIT_TERM           401u  /* bytes of a term: a key, a byte, and another spelling (term.h) */
#define LIMIT_QUERY          4096u /* bytes of a query: longer ones are pasted by mistake */
#define LIMIT_QUERY_TERMS    256u  /* words in a query */
#define LIMIT_EXPANSIONS     16u /* words with a star or a tilde in a query: each takes two bytes a document */
#define LIMIT_PREFIX_WORDS   1000u /* words that word* stands for: all of most beginnings of three letters */
#define LIMIT_FUZZY_WORDS \
    200u /* words that *word*, *word and ~word stand for: beyond, most are meant by nobody */
#define LIMIT_NEAR        1000u /* words between near ones: two pages of a newspaper; beyond, AND will do */
#define LIMIT_PATH        4096u /* bytes of a path: the kernel's PATH_MAX */
#define LIMIT_DEPTH       64u   /* folders inside folders: deeper is a loop or a mistake */
#define LIMIT_FRAME       (1u << 20)  /* bytes of one request: documents travel by path, not inline */
#define LIMIT_INBOX       (16u << 20) /* bytes of a document given on standard input, sent in several frames */
#define LIMIT_PART        (48u << 10) /* bytes of answer in one frame; larger answers travel as parts */
#define LIMIT_IN_FLIGHT   64u         /* requests of one connection under way at once */
#define LIMIT_MANY        256u        /* questions in one lookup_many: the quotations of a long document */
#define LIMIT_CONNECTIONS 512u        /* connections in all: with the files below they fit LimitNOFILE=4096 */
#define LIMIT_CONNECTIONS_UID \
    128u /* of one person: some editors and scripts; a quarter of all, so that one leaves room */
#define LIMIT_REFUSED 16u /* refused ones that may still be told why in their own way; others are at once */
#define LIMIT_ANSWER_FILES \
    1024u /* answers that wait in a file: one for each connection, and as many being made */
#define LIMIT_QUEUE_STOP  (256u << 10) /* bytes waiting for a client before we stop reading from it */
#define LIMIT_QUEUE_CLOSE (4u << 20)   /* bytes waiting before it is closed: it does not read */
#define LIMIT_STALL_MS    30000u       /* without progress on a full queue before it is closed */
#define LIMIT_FRAME_MS    10000u       /* an unfinished frame may take so long */
#define LIMIT_IDLE_S      900 /* seconds without work after which a daemon that a client started ends */
#define LIMIT_ANSWER_LOOP (64u << 10) /* bytes of postings that a lookup on the event loop may read */
#define LIMIT_ANSWER_QUICK \
    (16u << 20) /* the same of questions that do not take long, about 50 ms: see daemon/work.h */
#define LIMIT_DEADLINE_MS \
    10000u /* a question with a limit ends after so long: nobody waits for ten results any more */
#define LIMIT_ANSWER_MEMORY \
    (1u << 20) /* bytes of an answer kept in memory; larger ones go to an unlinked file */
#define LIMIT_ANSWERS      (32u << 20) /* bytes of all answers waiting in memory; beyond, each goes to its file */
#define LIMIT_INDEX_MEMORY (256u << 20) /* bytes of memory that an index run takes unless told otherwise */
#define LIMIT_COMPACT      (16u << 20)  /* bytes of an index that is worth compacting for its free pages */
#define LIMIT_RECHECK \
    (8u << 20) /* bytes of text analysed again in one step of upkeep: questions of the writer wait as long */
#define LIMIT_CONTEXT 100u /* paragraphs round a quote */

#endif
