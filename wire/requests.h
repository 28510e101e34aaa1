/* requests.h -- the table of requests: what can be asked over the socket. One row each; the daemon's
 * dispatch, the check of parameters, `quotes help protocol` and PROTOCOL.md's table follow from it.
 *
 *   X(ID, "name", since, kept, "parameters", "what it does")
 *
 * Kept: whether the answer goes into the cache (wire/question.h): NEVER, a PAGE of it (with a limit, from the first row on), or the WHOLE.
 *
 * Parameters: NAME:TYPE, `?` after the type when it may be left out; types: text, int, bool, paths.
 */
#ifndef WIRE_REQUESTS_H
#define WIRE_REQUESTS_H

/* clang-format off */
#define REQUEST_TABLE(X)                                                                                   \
    X(INITIALIZE, "initialize", 1, NEVER, "protocol:int? index:text? client:text?",                               \
      "Agrees on the protocol. Optional. With `index`, refuses when the daemon serves another index.")     \
    X(CACHE,    "cache",    1, NEVER, "",                                                                    \
      "Hands over the memory in which answers are kept, as a descriptor beside the first byte of the result.")  \
    X(STATUS,   "status",   1, NEVER, "format:text?",                                                             \
      "What the daemon and its index hold, and what it is doing.")                                         \
    X(BY,       "by",       1, PAGE, "speaker:text query:text? stem:text? sort:text? facet:text? count:bool? "   \
      "explain:bool? deadline_ms:int? limit:int? offset:int? format:text? color:bool? group:bool? width:int?", \
      "The quotes of everybody whose name matches.")                                                       \
    X(SEARCH,   "search",   1, PAGE, "query:text stem:text? sort:text? facet:text? count:bool? explain:bool? "   \
      "brief:bool? deadline_ms:int? limit:int? offset:int? format:text? color:bool? group:bool? width:int?",           \
      "The articles that match, best first, with passages and quotes.")                                    \
    X(SHOW,     "show",     1, WHOLE, "id:text why:bool? format:text? color:bool? width:int?",                    \
      "One quote or article, whole.")                                                                      \
    X(CONTEXT,  "context",  1, WHOLE, "id:text context:int? format:text? color:bool? width:int?",                 \
      "The paragraphs round a quote.")                                                                     \
    X(SPEAKERS, "speakers", 1, PAGE, "speaker:text? deadline_ms:int? limit:int? offset:int? format:text? color:bool? " \
      "width:int?",                                                                                        \
      "Who is quoted, and how often.")                                                                     \
    X(FILES,    "files",    1, NEVER, "only_skipped:bool? limit:int? offset:int? format:text?",                   \
      "The files of the archive and what became of each.")                                                 \
    X(DUMP,     "dump",     1, NEVER, "",                                                                         \
      "The whole logical content in a stable order.")                                                      \
    X(VERIFY,   "verify",   1, NEVER, "format:text?",                                                             \
      "Walks everything and says what is wrong.")                                                          \
    X(ADD,      "add",      1, NEVER, "paths:paths force:bool?",                                                  \
      "Makes the paths part of the archive and brings them in; `progress` notifications until done.")      \
    X(PUT,      "put",      1, NEVER, "text:text more:bool? name:text? title:text? date:text? source:text? url:text?", \
      "Keeps a document in the inbox, then brings it in. `more`: further pieces follow.")                  \
    X(RM,       "rm",       1, NEVER, "paths:paths erase:bool?",                                                  \
      "Takes the paths out of the archive and the index.")                                                 \
    X(REINDEX,  "reindex",  1, NEVER, "force:bool?",                                                              \
      "Brings the index in step with every path of the archive.")                                          \
    X(STOP,     "stop",     1, NEVER, "",                                                                         \
      "Finishes the transaction under way and ends the daemon.")
/* clang-format on */

enum request {
#define X(id, name, since, kept, params, words) REQUEST_##id,
    REQUEST_TABLE(X)
#undef X
        REQUESTS
};

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
