-- client.lua -- asks the daemon over its socket, a line of JSON a message (docs/PROTOCOL.md), and never waits for it.
--
--   local ticket = client.ask('by', { speaker = 'venn', limit = 3 }, function(err, result) ... end)
--   client.cancel(ticket)
--
-- The connection is made by the first question and again after it was lost. Each question is answered once, in the main
-- loop: by a result, or by err = { code, words }. One that was cancelled is not answered any more. The other end is not
-- trusted to be a daemon: what is not the protocol, is too long or never ends closes the connection.
local uv = vim.uv or vim.loop

local M = {
  CANCELLED = -32800,
  DENIED = -10010,
  PROTOCOL = -10016,
  GONE = -10018,
  NO_DAEMON = -10019,
  SHUTDOWN = -32002,
  TIMEOUT = -10021,
}

local SYSTEM = '/run/quoted/sock' -- of a system service: only root can put a socket there
local LINE_MAX = 4 * 1024 * 1024 -- the daemon's lines of answers are shorter than 300 KiB
local ANSWER_MAX = 64 * 1024 * 1024

local link -- the connection: { pipe, ready, held, held_bytes, asked = { [id] = question }, heard }
local last_id = 0
local watcher -- who wants to hear of changes: { changed, gone }

-- ---- where ----

local function set(value)
  return type(value) == 'string' and value ~= '' and value or nil
end

-- The sockets to try, as wire/paths.h has them.
function M.places()
  local env = vim.env
  local named = set(vim.g.quotes_socket) or set(env.QUOTED_SOCKET)
  if named then
    named = named:gsub('^~/', (env.HOME or '') .. '/')
    return { vim.fn.fnamemodify(named, ':p') }
  end
  local index = set(env.QUOTED_INDEX)
  if index then
    index = vim.fn.fnamemodify(index, ':p'):gsub('/+$', '')
    if index ~= (set(env.XDG_CACHE_HOME) or (env.HOME or '') .. '/.cache') .. '/quoted' then
      return { index .. '.sock' }
    end
  end
  local own = '/run/user/' .. uv.getuid()
  if not uv.fs_stat(own) then
    own = '/tmp/quoted-' .. uv.getuid()
  end
  return { (set(env.XDG_RUNTIME_DIR) or own) .. '/quoted/sock', SYSTEM }
end

-- Ourselves, root, or the system's service. Anybody else has put a socket in our way and must not see what we ask.
local function ours(path)
  local stat = path ~= SYSTEM and uv.fs_stat(path)
  return not stat or stat.uid == uv.getuid() or stat.uid == 0
end

-- ---- the end of a question ----

local function finish(question, err, result)
  question.timer:stop()
  if not question.timer:is_closing() then
    question.timer:close()
  end
  question.link.asked[question.id] = nil
  vim.schedule(function()
    if not question.cancelled then
      question.done(err, result)
    end
  end)
end

-- The connection ends, and with it everything that was asked on it.
local function drop(l, code, words)
  if l.dropped then
    return true
  end
  l.dropped = true
  if link == l then
    link = nil
  end
  if l.pipe and not l.pipe:is_closing() then
    l.pipe:close()
  end
  for _, question in pairs(l.asked) do
    finish(question, { code = code, words = words })
  end
  vim.schedule(function()
    if watcher and l.ready then
      watcher.gone(words)
    end
  end)
  return true
end

-- ---- reading ----

local function a_table(value)
  return type(value) == 'table' and value or nil
end

-- The answer itself: it stands in the result or has come in parts before.
local function whole(question, result)
  if result.parts == nil then
    return result
  end
  local text = table.concat(question.parts)
  if #text ~= result.bytes then
    return nil
  end
  if result.format == 'json' then
    local fine, answer = pcall(vim.json.decode, text)
    result.answer = fine and a_table(answer) or nil
  else
    result.answer = text
  end
  return result.answer and result
end

local function take_part(l, params)
  local question = params and l.asked[params.id]
  if not question then
    return true -- of one that was cancelled
  end
  if type(params.text) ~= 'string' or question.bytes + #params.text > ANSWER_MAX then
    return false
  end
  question.parts[#question.parts + 1] = params.text
  question.bytes = question.bytes + #params.text
  return true
end

-- One line. False when it is none of the protocol.
local function take(l, line)
  if line == '' then
    return true
  end
  local fine, message = pcall(vim.json.decode, line)
  if not fine or type(message) ~= 'table' then
    return false
  end
  l.heard = uv.now()
  if message.method == 'part' then
    return take_part(l, a_table(message.params))
  end
  if message.method == 'changed' then
    vim.schedule(function()
      if watcher then
        watcher.changed()
      end
    end)
  end
  if type(message.method) == 'string' then
    return true
  end
  local result, err = a_table(message.result), a_table(message.error)
  if not result and not err then
    return false
  end
  local refusal = err and { code = tonumber(err.code) or M.PROTOCOL, words = tostring(err.message) }
  if message.id == nil or message.id == vim.NIL or (err and message.id == l.greeting) then -- of the connection, not of a question
    return refusal and drop(l, refusal.code, refusal.words) or false
  end
  local question = l.asked[message.id]
  if not question then
    return true -- cancelled, or one of ours that nobody waits for
  end
  if err then
    finish(question, refusal)
    return true
  end
  result = whole(question, result)
  if not result then
    return false
  end
  finish(question, nil, result)
  return true
end

local function misunderstood(l)
  drop(l, M.PROTOCOL, 'what answers at ' .. l.path .. ' does not speak the protocol of quoted')
end

local function read(l, err, data)
  if l.dropped then
    return
  end
  if err or not data then
    return drop(l, M.GONE, 'the daemon has gone')
  end
  local from = 1
  while true do
    local stop = data:find('\n', from, true)
    if not stop then
      break
    end
    l.held[#l.held + 1] = data:sub(from, stop - 1)
    local line = table.concat(l.held)
    l.held, l.held_bytes = {}, 0
    from = stop + 1
    if l.dropped then
      return
    end
    if not take(l, line) then
      return misunderstood(l)
    end
  end
  l.held[#l.held + 1] = data:sub(from)
  l.held_bytes = l.held_bytes + #data - from + 1
  if l.held_bytes > LINE_MAX then
    misunderstood(l)
  end
end

-- ---- writing ----

local function put(l, message)
  message.jsonrpc = '2.0'
  local line = vim.json.encode(message) .. '\n'
  if l.ready then
    l.pipe:write(line)
  else
    l.unsent[#l.unsent + 1] = line
  end
end

local function next_id()
  last_id = last_id + 1
  return last_id
end

local function subscribe(l, on)
  put(l, { id = next_id(), method = 'subscribe', params = { on = on } })
end

local connect

local function connected(l, places, at, err)
  if l.dropped then
    return
  end
  if not err then
    l.ready = true
    l.pipe:read_start(function(...) read(l, ...) end)
    l.pipe:write(table.concat(l.unsent))
    return
  end
  l.pipe:close()
  if (err:find('ENOENT') or err:find('ECONNREFUSED')) and at < #places then
    return connect(l, places, at + 1)
  end
  if err:find('EACCES') or err:find('EPERM') then
    return drop(l, M.DENIED, 'the socket ' .. places[at] .. ' is not open to you')
  end
  drop(l, M.NO_DAEMON, 'no daemon answers at ' .. places[1] .. '. Start it with: systemctl --user start quoted (or: quotes status)')
end

function connect(l, places, at)
  l.path = places[at]
  if not ours(l.path) then
    return drop(l, M.DENIED, 'the program at ' .. l.path .. ' belongs to another user; it was asked nothing')
  end
  l.pipe = uv.new_pipe(false)
  local fine, err = pcall(l.pipe.connect, l.pipe, l.path, function(e) connected(l, places, at, e) end)
  if not fine then
    drop(l, M.NO_DAEMON, tostring(err))
  end
end

local function open()
  local l = { asked = {}, held = {}, held_bytes = 0, unsent = {} }
  link = l
  l.greeting = next_id()
  put(l, { id = l.greeting, method = 'initialize', params = { protocol = 1, client = 'neovim' } })
  if watcher then
    subscribe(l, true)
  end
  vim.schedule(function() connect(l, M.places(), 1) end)
  return l
end

-- ---- what others call ----

-- Milliseconds that an answer may take.
function M.timeout()
  return tonumber(vim.g.quotes_timeout) or 5000
end

function M.late(patience)
  return { code = M.TIMEOUT, words = ('the daemon did not answer within %g s'):format(patience / 1000) }
end

-- Tells the daemon that nobody waits any more.
local function withdraw(question)
  if not question.link.dropped then
    put(question.link, { method = '$/cancelRequest', params = { id = question.id } })
  end
end

function M.ask(method, params, done)
  local l = link or open()
  local question = { id = next_id(), link = l, done = done, parts = {}, bytes = 0, timer = uv.new_timer(), since = uv.now() }
  l.asked[question.id] = question
  put(l, { id = question.id, method = method, params = next(params) and params or vim.empty_dict() })
  local patience = M.timeout()
  question.timer:start(patience, 0, function()
    withdraw(question)
    finish(question, M.late(patience))
    if not l.heard or l.heard < question.since then -- nothing at all: it is of no further use
      drop(l, M.GONE, 'the daemon has gone')
    end
  end)
  return question
end

-- The question is not answered any more. Nothing happens when it was, already.
function M.cancel(question)
  question.cancelled = true
  if question.link.asked[question.id] then
    withdraw(question)
    finish(question)
  end
end

-- Hears of changes of the index, and of the connection's end, from now on; nil: no more.
function M.watch(who)
  watcher = who
  if link then
    subscribe(link, who ~= nil)
  end
end

return M
