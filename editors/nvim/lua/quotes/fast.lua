-- fast.lua -- small questions that are asked again and again: through libquotes, which finds kept answers in the daemon's shared
-- memory without a system call. Without the library, and whatever goes wrong with it, they go over the socket (client.lua).
--
--   local ticket = fast.ask('by', { speaker = 'venn', limit = 3 }, function(err, answer) ... end)
--   ticket.cancel()
--
-- A kept answer is there before ask() returns; any other comes later, in the main loop.
local client = require('quotes.client')
local uv = vim.uv or vim.loop

local M = {}

local has_ffi, ffi = pcall(require, 'ffi')
local SIZE = 64 * 1024 -- of an answer; a longer one comes over the socket
local WAITING, POLLOUT = 1, 4

local DECLARATIONS = [[
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
int quotes_begin(struct quotes *, const struct quotes_question *, struct quotes_answer *);
int quotes_turn(struct quotes *);
int quotes_fd(const struct quotes *);
short quotes_events(const struct quotes *);
void quotes_drop(struct quotes *, struct quotes_answer *);
void quotes_close(struct quotes *);
]]

local lib -- nil: not looked for yet; false: there is none
local q, poll -- the connection, and what wakes us for it
local waiting = {} -- questions on their way; what C writes to is kept alive here

local function load()
  if lib ~= nil then
    return lib
  end
  lib = false
  if not has_ffi or not pcall(ffi.cdef, DECLARATIONS) then
    return lib
  end
  local own = vim.g.quotes_library
  for _, name in ipairs(own and { own } or { 'libquotes.so.1', 'libquotes.so' }) do
    local fine, found = pcall(ffi.load, name)
    if fine and pcall(function() return found.quotes_begin end) then
      lib = found
      break
    end
  end
  return lib
end

-- How questions are answered, for the person.
function M.how()
  return load() and 'out of shared memory (libquotes)' or 'over the socket (libquotes is not found)'
end

-- ---- the connection ----

local function close()
  if poll then
    poll:close()
    poll = nil
  end
  if q then
    lib.quotes_close(q)
    q = nil
  end
end

local function over_socket(w)
  w.question = client.ask(w.method, w.params, function(err, result) w.done(err, result and result.answer) end)
end

-- What was on its way on a connection that is lost is asked over the socket, which knows what to say.
local function lost()
  local left = waiting
  waiting = {}
  close()
  vim.schedule(function()
    for w in pairs(left) do
      w.timer:close()
      if not w.cancelled then
        over_socket(w)
      end
    end
  end)
end

local function deliver(w)
  if w.answer.code < 0 then
    return w.done({ code = w.answer.code, words = ffi.string(w.answer.words) })
  end
  if w.answer.bytes >= SIZE then
    return over_socket(w)
  end
  local fine, answer = pcall(vim.json.decode, ffi.string(w.buffer, w.answer.bytes))
  if not fine or type(answer) ~= 'table' then
    return w.done({ code = client.PROTOCOL, words = 'the answer is damaged' })
  end
  w.done(nil, answer)
end

local turn

local function listen()
  local out = bit.band(lib.quotes_events(q), POLLOUT) ~= 0
  poll:start(out and 'rw' or 'r', turn)
end

function turn()
  if lib.quotes_turn(q) < 0 then
    return lost()
  end
  for w in pairs(waiting) do
    if w.answer.code ~= WAITING then
      waiting[w] = nil
      w.timer:close()
      vim.schedule(function()
        if not w.cancelled then
          deliver(w)
        end
      end)
    end
  end
  listen()
end

local function open()
  if q then
    return true
  end
  local out = ffi.new('struct quotes *[1]')
  local socket = vim.g.quotes_socket and client.places()[1] or nil -- lives as long as the call
  local options = ffi.new('struct quotes_options', { socket = socket, client = 'neovim', cache = 1 })
  if lib.quotes_open(options, out, nil) < 0 then
    return false
  end
  q = out[0]
  poll = uv.new_poll(lib.quotes_fd(q))
  listen()
  return true
end

-- ---- what others call ----

function M.ask(method, params, done)
  local w = { method = method, params = params, done = done }
  function w.cancel()
    w.cancelled = true
    if w.question then
      client.cancel(w.question)
    elseif waiting[w] then
      waiting[w] = nil
      w.timer:close()
      lib.quotes_drop(q, w.answer)
    end
  end
  if not load() or not open() then
    over_socket(w)
    return w
  end
  w.buffer, w.answer = ffi.new('char[?]', SIZE), ffi.new('struct quotes_answer')
  local text = vim.json.encode(params)
  local question = ffi.new('struct quotes_question', { method = method, params = text, buffer = w.buffer, size = SIZE })
  local code = lib.quotes_begin(q, question, w.answer)
  if code == 0 then
    deliver(w)
  elseif code ~= WAITING then
    lost()
    over_socket(w)
  else
    w.timer = uv.new_timer()
    waiting[w] = true
    local patience = client.timeout()
    w.timer:start(patience, 0, function()
      w.cancel()
      lost()
      vim.schedule(function() done(client.late(patience)) end)
    end)
    listen()
  end
  return w
end

return M
