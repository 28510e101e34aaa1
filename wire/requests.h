/* requests.h -- the table of requests: what can be asked over the socket. One row each; the daemon's dispatch, the check of
 * parameters, the keys of the cache, `quotes help protocol` and the reference of docs/PROTOCOL.md follow from it.
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
    P(index, TEXT, "null", "the folder of the index that the daemon must serve") \
    P(client, TEXT, "null", "who asks, for `status`")
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
    WITH_STEM(P) WITH_SORT(P) WITH_FACET(P) WITH_COUNT(P) WITH_EXPLAIN(P) WITH_DEADLINE_MS(P) WITH_LIMIT(P) \
    WITH_OFFSET(P) WITH_FORMAT(P) WITH_COLOR(P) WITH_HEADINGS(P) WITH_WIDTH(P) WITH_GROUP(P)
#define PARAMS_SEARCH(P) \
    P(query, TEXT, NEEDED, "what articles must match") \
    WITH_STEM(P) WITH_SORT(P) WITH_FACET(P) WITH_COUNT(P) WITH_EXPLAIN(P) \
    P(brief, BOOL, "false", "only which articles, without passages and quotes") \
    WITH_DEADLINE_MS(P) WITH_LIMIT(P) WITH_OFFSET(P) WITH_FORMAT(P) WITH_COLOR(P) WITH_HEADINGS(P) WITH_WIDTH(P) WITH_GROUP(P)
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
    WITH_DEADLINE_MS(P) WITH_LIMIT(P) WITH_OFFSET(P) WITH_FORMAT(P) WITH_COLOR(P) WITH_WIDTH(P) WITH_GROUP(P)
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

struct param {
    const char *name;
    size_t len; /* of the name */
    enum param_type type;
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

enum { PROTOCOL_VERSION = 1, FORMAT_VERSION = 1 };

/* Error codes of answers, besides JSON-RPC's own (-32700 parse, -32600 request, -32601 method, -32602 params,
 * -32603 internal). The negative err.h numbers travel as they are (-10005 syntax, ...). */
enum {
    WIRE_PARSE = -32700,
    WIRE_REQUEST = -32600,
    WIRE_METHOD = -32601,
    WIRE_PARAMS = -32602,
    WIRE_CANCELLED = -32800,
    WIRE_OTHER_INDEX = -32001,
    WIRE_SHUTDOWN = -32002,
    WIRE_NOT_ALLOWED = -32003
};

#endif
