/* requests.h -- the table of requests: what can be asked over the socket. One row each; the daemon's dispatch, the check of
 * parameters, the keys of the cache, `quotes help protocol` and the reference of docs/PROTOCOL.md (`make docs`) follow from it.
 *
 *   X(ID, "name", since, kept, "result", "what it does")
 *   PARAMS_ID(P), its parameters: P(name, TYPE, otherwise, "what it means")
 *
 * since       the protocol version that first had it
 * kept        whether the answer goes into the cache (wire/question.h): NEVER, a PAGE of it (with a limit, from the first row
 *             on), or the WHOLE
 * otherwise   what a parameter is where it is left out, as JSON; NEEDED: it may not be
 *
 * Keys of the cache hang on the order of parameters: a change of it, or of what stands before another, raises CACHE_KEY_RULES.
 */
#ifndef WIRE_REQUESTS_H
#define WIRE_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define REQUEST_TABLE(X) \
    X(INITIALIZE, "initialize", 1, NEVER, "protocol, format_version, daemon, index, limits", \
      "Agrees on the protocol. Optional. With `index`, refuses when the daemon serves another index.") \
    X(CACHE, "cache", 1, NEVER, "instance, size; and a descriptor", \
      "Hands over the memory in which answers are kept, as a descriptor beside the first byte of the result.") \
    X(HITS, "hits", 1, NEVER, "hits", \
      "Tells which answers were found in that memory, so that those that are wanted stay. Needs no answer, thus no `id`.") \
    X(SUBSCRIBE, "subscribe", 1, NEVER, "generation", \
      "Tells of every change of the index from now on, by `changed` notifications.") \
    X(STATUS, "status", 1, NEVER, "an answer", \
      "What the daemon and its index hold, and what it is doing.") \
    X(BY, "by", 1, PAGE, "an answer, with people", \
      "The quotes of everybody whose name matches.") \
    X(SEARCH, "search", 1, PAGE, "an answer", \
      "The articles that match, best first, with passages and quotes.") \
    X(SHOW, "show", 1, WHOLE, "an answer", \
      "One quote or article, whole.") \
    X(CONTEXT, "context", 1, WHOLE, "an answer", \
      "The paragraphs round a quote.") \
    X(SPEAKERS, "speakers", 1, PAGE, "an answer", \
      "Who is quoted, and how often.") \
    X(LOOKUP_MANY, "lookup_many", 1, NEVER, "generation, answers", \
      "Many small questions at once: each is answered as it is alone, all from one state of the index.") \
    X(FILES, "files", 1, NEVER, "an answer", \
      "The files of the archive and what became of each.") \
    X(DUMP, "dump", 1, NEVER, "an answer, jsonl", \
      "The whole logical content in a stable order.") \
    X(VERIFY, "verify", 1, NEVER, "an answer; found counts problems", \
      "Walks everything and says what is wrong.") \
    X(ADD, "add", 1, NEVER, "a run", \
      "Makes the paths part of the archive and brings them in; `progress` notifications until done.") \
    X(PUT, "put", 1, NEVER, "a run, or bytes", \
      "Keeps a document in the inbox, then brings it in. `more`: further pieces follow.") \
    X(RM, "rm", 1, NEVER, "a run, with excluded", \
      "Takes the paths out of the archive and the index.") \
    X(REINDEX, "reindex", 1, NEVER, "a run", \
      "Brings the index in step with every path of the archive.") \
    X(STOP, "stop", 1, NEVER, "stopping", \
      "Finishes the transaction under way and ends the daemon.")

#define WITH_FORMAT(P) P(format, TEXT, "\"json\"", "json, text, jsonl or csv")
#define WITH_STEM(P) P(stem, TEXT, "null", "a language: words of the same stem count too")
#define WITH_SORT(P) P(sort, TEXT, "null", "date (the newest first), -date, speaker or relevance")
#define WITH_FACET(P) P(facet, TEXT, "null", "count by speaker, source or month instead")
#define WITH_COUNT(P) P(count, BOOL, "false", "only how many match")
#define WITH_EXPLAIN(P) P(explain, BOOL, "false", "how the answer is come by, instead of it")
#define WITH_DEADLINE_MS(P) P(deadline_ms, INT, "null", "milliseconds that the answer may take; 0: as long as it takes")
#define WITH_LIMIT(P) P(limit, INT, "0", "rows at most; 0 is all")
#define WITH_OFFSET(P) P(offset, INT, "0", "rows left out before the first")
#define WITH_COLOR(P) P(color, BOOL, "false", "text: with ANSI colours")
#define WITH_HEADINGS(P) P(headings, BOOL, "false", "text: grouped under headings")
#define WITH_GROUP(P) P(group, TEXT, "null", "a newer request of the same group takes the place of this one")
#define WITH_WIDTH(P) P(width, INT, "0", "text: columns to wrap at; 0 does not wrap")
#define WITH_PATHS(P) P(paths, PATHS, NEEDED, "absolute paths")
#define WITH_FORCE(P) P(force, BOOL, "false", "read unchanged files again, too")

#define PARAMS_INITIALIZE(P) \
    P(protocol, INT, "1", "the newest version that the client speaks") \
    P(oldest, INT, "1", "the oldest version that the client speaks") \
    P(index, TEXT, "null", "the folder of the index that the daemon must serve") \
    P(client, TEXT, "null", "who asks; nothing hangs on it")
#define PARAMS_CACHE(P)
#define PARAMS_HITS(P) \
    P(count, INT, NEEDED, "how many were found since it was told last") \
    P(slots, INTS, "[]", "where some of them stand, 16 at most; one that was found often may stand there often")
#define PARAMS_SUBSCRIBE(P) P(on, BOOL, "true", "false: no more")
#define PARAMS_STATUS(P) \
    WITH_FORMAT(P)
#define PARAMS_BY(P) \
    P(speaker, TEXT, NEEDED, "a name or a part of it") \
    P(query, TEXT, "null", "what the quotes must match") \
    WITH_LIMIT(P) WITH_OFFSET(P) WITH_FORMAT(P) WITH_STEM(P) WITH_SORT(P) WITH_FACET(P) WITH_COUNT(P) WITH_EXPLAIN(P) \
    WITH_DEADLINE_MS(P) WITH_COLOR(P) WITH_HEADINGS(P) WITH_WIDTH(P) WITH_GROUP(P)
#define PARAMS_SEARCH(P) \
    P(query, TEXT, NEEDED, "what articles must match") \
    WITH_LIMIT(P) WITH_OFFSET(P) WITH_FORMAT(P) WITH_STEM(P) WITH_SORT(P) WITH_FACET(P) WITH_COUNT(P) WITH_EXPLAIN(P) \
    P(brief, BOOL, "false", "only which articles, without passages and quotes") \
    WITH_DEADLINE_MS(P) WITH_COLOR(P) WITH_HEADINGS(P) WITH_WIDTH(P) WITH_GROUP(P)
#define PARAMS_SHOW(P) \
    P(id, TEXT, NEEDED, "ids, with spaces between") \
    P(why, BOOL, "false", "how the speaker was found") \
    WITH_FORMAT(P) WITH_COLOR(P) WITH_WIDTH(P) WITH_GROUP(P)
#define PARAMS_CONTEXT(P) \
    P(id, TEXT, NEEDED, "ids of quotes, with spaces between") \
    P(context, INT, "1", "paragraphs on each side, 100 at most") \
    WITH_FORMAT(P) WITH_COLOR(P) WITH_WIDTH(P) WITH_GROUP(P)
#define PARAMS_SPEAKERS(P) \
    P(speaker, TEXT, "null", "beginnings of words of the name") \
    WITH_LIMIT(P) WITH_OFFSET(P) WITH_FORMAT(P) WITH_DEADLINE_MS(P) WITH_COLOR(P) WITH_WIDTH(P) WITH_GROUP(P)
#define PARAMS_LOOKUP_MANY(P) \
    P(method, TEXT, NEEDED, "by, search, show, context or speakers") \
    P(each, OBJECTS, NEEDED, "the parameters of each question, 256 at most") \
    P(common, OBJECT, "{}", "parameters of all of them; their own win") \
    WITH_DEADLINE_MS(P) WITH_GROUP(P)
#define PARAMS_FILES(P) \
    P(only_skipped, BOOL, "false", "only those that were skipped") \
    WITH_LIMIT(P) WITH_OFFSET(P) WITH_FORMAT(P)
#define PARAMS_DUMP(P)
#define PARAMS_VERIFY(P) \
    WITH_FORMAT(P)
#define PARAMS_ADD(P) \
    WITH_PATHS(P) WITH_FORCE(P)
#define PARAMS_PUT(P) \
    P(text, TEXT, NEEDED, "the text, or a piece of it") \
    P(more, BOOL, "false", "further pieces follow") \
    P(name, TEXT, "null", "chooses the reader by its ending") \
    P(title, TEXT, "null", "its title") \
    P(date, TEXT, "null", "its date") \
    P(source, TEXT, "null", "who published it") \
    P(url, TEXT, "null", "where it stands")
#define PARAMS_RM(P) \
    WITH_PATHS(P) \
    P(erase, BOOL, "false", "compact the index, so that no trace of the text stays")
#define PARAMS_REINDEX(P) \
    WITH_FORCE(P)
#define PARAMS_STOP(P)
/* clang-format on */

enum request {
#define X(id, name, since, kept, result, words) REQUEST_##id,
    REQUEST_TABLE(X)
#undef X
        REQUESTS
};

enum kept_rule { KEPT_NEVER, KEPT_PAGE, KEPT_WHOLE };
enum param_type { PARAM_TEXT, PARAM_INT, PARAM_BOOL, PARAM_PATHS, PARAM_INTS, PARAM_OBJECT, PARAM_OBJECTS };

/* What a parameter does to the key of an answer that may be kept (wire/question.h). */
enum param_part {
    PART_OF_KEY,  /* another value, another answer */
    PART_LIMIT,   /* the same; and more than 0 bounds the answer */
    PART_COUNT,   /* the same; and true bounds it */
    PART_FORMAT,  /* the same; json goes without saying */
    PART_OFFSET,  /* more than 0: not kept */
    PART_EXPLAIN, /* true: not kept */
    PART_ASIDE    /* does not change the answer */
};

struct param {
    const char *name;
    size_t len; /* of the name */
    char first; /* letter of the name */
    enum param_type type;
    enum param_part part;
    const char *otherwise; /* NULL: needed */
    const char *words;
};

struct request_row {
    const char *name;
    size_t len;
    unsigned since;
    enum kept_rule kept;
    const struct param *params;
    unsigned param_count;
    const char *result, *words;
};

enum { REQUEST_PARAMS = 16 /* of one request, at most */ };

extern const struct request_row request_rows[REQUESTS];

/* The request of that name, or NULL; and a parameter of it. */
const struct request_row *request_find(const char *name, size_t len);
const struct param *request_param(const struct request_row *row, const char *name, size_t len);

/* "text", "int", ... */
const char *param_type_name(enum param_type type);

/* The newest version of the protocol, and the oldest that is still spoken; the version of answers in JSON. */
enum { PROTOCOL_VERSION = 1, PROTOCOL_OLDEST = 1, FORMAT_VERSION = 1 };

/* Error codes of answers, JSON-RPC's own first, and when they are given. Those of base/err.h travel as they are. */
/* clang-format off */
#define WIRE_ERROR_TABLE(X) \
    X(PARSE,       32700, "what came is no JSON") \
    X(REQUEST,     32600, "no request; or a frame too long or too slow, headers without a length: these close the connection") \
    X(METHOD,      32601, "there is no such method") \
    X(PARAMS,      32602, "a parameter is missing, unknown or of the wrong type") \
    X(CANCELLED,   32800, "cancelled, or a newer request of the group came") \
    X(OTHER_INDEX, 32001, "the daemon serves another index") \
    X(SHUTDOWN,    32002, "the daemon is ending") \
    X(NOT_ALLOWED, 32003, "another person's daemon, or a change by somebody other than root in a system service") \
    X(VERSION,     32004, "no version of the protocol that both sides speak")

/* What a client must know of base/limits.h: `initialize` tells it. */
#define WIRE_LIMIT_TABLE(X) \
    X(frame,       LIMIT_FRAME,       "bytes of a request",                      "error -32600, then closed") \
    X(frame_ms,    LIMIT_FRAME_MS,    "milliseconds in which a request that was begun must end", "error -32600, then closed") \
    X(part,        LIMIT_PART,        "bytes of an answer in one piece",         "it comes in parts") \
    X(batch,       LIMIT_IN_FLIGHT,   "requests in a batch",                     "error -32600") \
    X(many,        LIMIT_MANY,        "questions in one `lookup_many`",          "error -32602") \
    X(in_flight,   LIMIT_IN_FLIGHT,   "requests of a connection under way",      "error -10017") \
    X(connections, LIMIT_CONNECTIONS_UID, "connections of one uid", \
      "the first request is answered with error -10017, then closed") \
    X(connections_all, LIMIT_CONNECTIONS, "connections of all; fewer where the system allows fewer open files", "the same") \
    X(queue,       LIMIT_QUEUE_STOP,  "bytes that wait for a client", \
      "it is not read from until it has read, and no further question of it is begun") \
    X(stall_ms,    LIMIT_STALL_MS,    "milliseconds without reading while so much, or an answer, waits", "closed") \
    X(query,       LIMIT_QUERY,       "bytes of a query, a name, a format",      "error -32602") \
    X(document,    LIMIT_INBOX,       "bytes of a document given with `put`",    "error -10007") \
    X(deadline_ms, LIMIT_DEADLINE_MS, "milliseconds for a question that asks for some rows and says no `deadline_ms`", \
      "error -10022")
/* clang-format on */

enum {
#define X(name, n, words) WIRE_##name = -(n),
    WIRE_ERROR_TABLE(X)
#undef X
};

struct wire_error {
    const char *name;
    int code;
    const char *words;
};

struct wire_limit {
    const char *name;
    unsigned value;
    const char *of, *beyond;
};

/* Both end with a row without a name. The errors are those above, then those of base/err.h. */
extern const struct wire_error wire_errors[];
extern const struct wire_limit wire_limits[];

#endif
