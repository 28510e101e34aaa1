-- hover.lua -- libquotes from LuaJIT, without a line of C between: what an editor's plugin does. The second question is answered
-- out of the daemon's shared memory, without a system call.
--
--      luajit hover.lua NAME
local ffi = require('ffi')
ffi.cdef [[
struct quotes_options { const char *socket, *index, *client; int timeout_ms, cache; };
struct quotes_question {
    const char *method, *params;
    char *buffer; size_t size;
    int (*piece)(void *, const char *, size_t);
    void (*progress)(void *, const char *, size_t);
    void *ctx;
    const volatile int *cancel;
};
struct quotes_answer {
    int code;
    size_t bytes;
    long long found, shown, people, column;
    char words[512];
};
int quotes_open(const struct quotes_options *, struct quotes **, char *);
int quotes_ask(struct quotes *, const struct quotes_question *, struct quotes_answer *);
int quotes_begin(struct quotes *, const struct quotes_question *, struct quotes_answer *);
int quotes_turn(struct quotes *);
int quotes_fd(const struct quotes *);
short quotes_events(const struct quotes *);
void quotes_drop(struct quotes *, struct quotes_answer *);
unsigned long long quotes_generation(const struct quotes *);
void quotes_close(struct quotes *);
]]
local lib = ffi.load('libquotes.so.1')

local out, words = ffi.new('struct quotes *[1]'), ffi.new('char[512]')
if lib.quotes_open(ffi.new('struct quotes_options', { client = 'hover', timeout_ms = 5000, cache = 1 }), out, words) < 0 then
    print(ffi.string(words))
    os.exit(1)
end
local q = ffi.gc(out[0], lib.quotes_close)

-- The strings must stay alive as long as the call: local variables see to that.
local buffer, answer = ffi.new('char[16384]'), ffi.new('struct quotes_answer')
local function ask(method, params)
    local question = ffi.new('struct quotes_question', { method = method, params = params, buffer = buffer, size = 16384 })
    if lib.quotes_ask(q, question, answer) < 0 then
        return nil, ffi.string(answer.words)
    end
    return ffi.string(buffer), tonumber(answer.found)
end

local function quoted(text) -- a JSON text
    return '"' .. text:gsub('[%c"\\]', function(c) return ('\\u%04x'):format(c:byte()) end) .. '"'
end

local params = '{"speaker":' .. quoted(arg[1]) .. ',"limit":3,"format":"text"}'
for _ = 1, 2 do
    local text, found = ask('by', params)
    print(text and text .. found .. ' quotes' or found)
end
