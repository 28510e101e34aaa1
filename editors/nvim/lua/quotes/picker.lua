-- picker.lua -- three floating windows: what is typed, the rows that match it, and what the chosen row stands in.
--
-- Every change of what is typed is a question of one group, so that the daemon drops those before it. Nothing waits: rows come
-- when they come, and an older answer never takes the place of a newer one.
local client = require('quotes.client')
local quote = require('quotes.quote')

local api = vim.api
local M = {}
local space = api.nvim_create_namespace('quotes')

local open -- the picker, or nil: there is one at a time

local KEYS = {
  { '<CR>', 'accept' },
  { '<C-o>', 'source' },
  { '<Esc>', 'close' },
  { '<C-c>', 'close' },
  { '<C-n>', 'next' },
  { '<Down>', 'next' },
  { '<C-p>', 'previous' },
  { '<Up>', 'previous' },
  { '<PageDown>', 'next_page' },
  { '<PageUp>', 'previous_page' },
}

-- ---- windows ----

local function places()
  local width = math.max(20, math.min(vim.o.columns - 4, 140))
  local height = math.max(3, vim.o.lines - vim.o.cmdheight - 8) -- without three borders, and a line to spare
  local list = math.max(2, math.floor(height * 0.55))
  local left = math.max(0, math.floor((vim.o.columns - width) / 2) - 1)
  local function window(row, rows)
    return { relative = 'editor', row = row, col = left, width = width, height = rows, style = 'minimal', border = 'single' }
  end
  return { prompt = window(0, 1), list = window(3, list), preview = window(5 + list, math.max(1, height - list)) }
end

local function window(name, enter)
  local buffer = api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = 'quotes'
  local w = api.nvim_open_win(buffer, enter, places()[name])
  open.windows[name], open.buffers[name] = w, buffer
  return w, buffer
end

local function write(name, lines)
  local buffer = open.buffers[name]
  vim.bo[buffer].modifiable = true
  api.nvim_buf_set_lines(buffer, 0, -1, true, lines)
  vim.bo[buffer].modifiable = false
end

-- Says something at the right end of the line of what is typed.
local function say(words)
  api.nvim_buf_clear_namespace(open.buffers.prompt, space, 0, -1)
  api.nvim_buf_set_extmark(open.buffers.prompt, space, 0, 0, { virt_text = { { words, 'Comment' } }, virt_text_pos = 'right_align' })
end

-- ---- the chosen row ----

local function preview_lines(row, paragraphs)
  local lines = { quote.words(row), '— ' .. quote.speaker(row) .. (row.role and row.role ~= '' and ', ' .. row.role or '') }
  if row.kind == 'passage' then
    lines = { row.text }
  elseif row.name ~= '' then
    lines[#lines + 1] = ('The name is %d %% sure (%s, %s)'):format(row.confidence * 100, row.kind, row.rule)
  end
  vim.list_extend(lines, { quote.source(row), '' })
  for _, paragraph in ipairs(paragraphs) do
    vim.list_extend(lines, { quote.text(paragraph, 'text'), '' })
  end
  return vim.split(table.concat(lines, '\n'), '\n', { plain = true })
end

local function preview()
  local row, id = open.rows[open.at], open.id
  if open.context then
    client.cancel(open.context)
    open.context = nil
  end
  write('preview', row and preview_lines(row, {}) or {})
  if not row or row.kind == 'passage' then
    return
  end
  open.context = client.ask('context', { id = row.id, context = 1, group = 'preview' }, function(err, result)
    if open and open.id == id and not err then
      write('preview', preview_lines(row, quote.list(quote.list(result.answer, 'contexts')[1], 'paragraphs')))
    end
  end)
end

local function choose(at)
  open.at = math.max(1, math.min(at, #open.rows))
  if #open.rows > 0 then
    api.nvim_win_set_cursor(open.windows.list, { open.at, 0 })
  end
  preview()
end

-- ---- asking ----

local function typed()
  return table.concat(api.nvim_buf_get_lines(open.buffers.prompt, 0, -1, true), ' ')
end

-- `keep` is the id of the row that stays chosen when it is still there; else the first is.
local function show(rows, words, keep)
  open.rows = rows
  write('list', vim.tbl_map(quote.label, rows))
  say(words)
  local at = 1
  for i, row in ipairs(rows) do
    at = keep and row.id == keep and i or at
  end
  choose(at)
end

local ask

-- The daemon is away: asks again until it is back.
local function wait_for_it(words)
  local id = open.id
  show({}, '')
  write('list', { 'quotes: ' .. words, 'This goes on by itself as soon as a daemon answers.' })
  vim.defer_fn(function()
    if open and open.id == id then
      ask()
    end
  end, 500)
end

function ask(keep)
  local text, id = typed(), open.id
  if open.question then
    client.cancel(open.question)
    open.question = nil
  end
  if not text:find('%S') then
    return show({}, '')
  end
  local method, params = open.how(text)
  params.limit = tonumber(vim.g.quotes_limit) or 100
  params.group = 'picker'
  open.question = client.ask(method, params, function(err, result)
    if not open or open.id ~= id then
      return
    end
    open.question = nil
    if not err then
      local rows = quote.rows(result.answer)
      local maybe = quote.list(result, 'did_you_mean')[1]
      local words = ('%d of %d %s'):format(quote.number(result, 'shown'), quote.number(result, 'found'),
        method == 'search' and 'articles' or 'quotes')
      return show(rows, #rows == 0 and type(maybe) == 'string' and 'none; ' .. maybe .. '?' or words, keep)
    end
    if err.code == client.CANCELLED then
      return
    end
    if err.code == client.NO_DAEMON or err.code == client.GONE or err.code == client.SHUTDOWN then
      return wait_for_it(err.words)
    end
    show({}, '')
    write('list', { 'quotes: ' .. quote.flat(err.words) })
  end)
end

-- ---- keys ----

-- Where the cursor was, wherever that has moved to meanwhile.
local function settle(origin)
  if origin.mark and api.nvim_buf_is_valid(origin.buffer) then
    origin.row0, origin.column = unpack(api.nvim_buf_get_extmark_by_id(origin.buffer, space, origin.mark, {}))
    api.nvim_buf_del_extmark(origin.buffer, space, origin.mark)
  end
  origin.mark = nil
end

local actions = {}

function actions.close()
  local p = open
  if not p then
    return
  end
  open = nil
  settle(p.origin)
  client.watch(nil)
  for _, question in ipairs({ p.question or false, p.context or false }) do
    if question then
      client.cancel(question)
    end
  end
  api.nvim_del_augroup_by_id(p.group)
  for _, w in pairs(p.windows) do
    if api.nvim_win_is_valid(w) then
      api.nvim_win_close(w, true)
    end
  end
  if api.nvim_win_is_valid(p.origin.window) then
    api.nvim_set_current_win(p.origin.window)
  end
end

-- Back to where it was opened, in the mode of then; the cursor behind what was put in.
local function go_back(origin, row0, column)
  local line = api.nvim_buf_get_lines(origin.buffer, row0, row0 + 1, true)[1]
  if origin.insert then
    if column >= #line then
      vim.cmd('startinsert!')
    else
      vim.cmd('startinsert')
    end
  elseif column > 0 then
    column = column - #vim.fn.matchstr(line:sub(1, column), '.$')
  end
  api.nvim_win_set_cursor(0, { row0 + 1, math.min(column, #line) })
end

function M.insert(origin, row)
  if not (api.nvim_win_is_valid(origin.window) and api.nvim_win_get_buf(origin.window) == origin.buffer) then
    return vim.notify('quotes: the buffer is not shown any more', vim.log.levels.WARN)
  end
  if not vim.bo[origin.buffer].modifiable then
    return vim.notify('quotes: the buffer cannot be changed', vim.log.levels.WARN)
  end
  settle(origin)
  go_back(origin, quote.insert(origin.buffer, origin.row0, origin.column, origin.insert, row))
end

function M.origin()
  local at = api.nvim_win_get_cursor(0)
  return {
    window = api.nvim_get_current_win(),
    buffer = api.nvim_get_current_buf(),
    mark = api.nvim_buf_set_extmark(0, space, at[1] - 1, at[2], {}),
    insert = api.nvim_get_mode().mode:sub(1, 1) == 'i',
  }
end

function M.source(row)
  local fine, words = quote.open(row)
  if not fine then
    vim.notify('quotes: ' .. words, vim.log.levels.WARN)
  end
end

-- The chosen row, unless its successors are on their way: nothing is taken that was not asked for by all that is typed.
local function chosen()
  return not open.question and open.rows[open.at]
end

function actions.accept()
  local row, origin = chosen(), open.origin
  if not row then
    return
  end
  actions.close()
  if row.kind == 'passage' then
    return M.source(row)
  end
  M.insert(origin, row)
end

function actions.source()
  local row = chosen()
  if row then
    actions.close()
    M.source(row)
  end
end

function actions.next() choose(open.at + 1) end
function actions.previous() choose(open.at - 1) end
function actions.next_page() choose(open.at + api.nvim_win_get_height(open.windows.list)) end
function actions.previous_page() choose(open.at - api.nvim_win_get_height(open.windows.list)) end

function M.key(action, left_insert)
  if open then
    actions[action]()
  end
  if open and left_insert then
    vim.cmd('startinsert!')
  end
end

-- Closing keys leave Insert mode first, in the window that is closed: it would move the cursor of another.
local function map_keys(buffer)
  for _, key in ipairs(KEYS) do
    local run = "<Cmd>lua require('quotes.picker').key('%s', %s)<CR>"
    local leaves = key[2] == 'accept' or key[2] == 'source' or key[2] == 'close'
    vim.keymap.set('i', key[1], (leaves and '<Esc>' or '') .. run:format(key[2], leaves), { buffer = buffer })
    vim.keymap.set('n', key[1], run:format(key[2], false), { buffer = buffer })
  end
end

-- ---- its beginning ----

-- `how(text)` gives the method and its parameters for what is typed.
function M.open(text, how)
  actions.close()
  local origin = M.origin()
  open = { id = {}, how = how, rows = {}, at = 1, windows = {}, buffers = {}, origin = origin }
  local id = open.id
  open.group = api.nvim_create_augroup('quotes_picker', { clear = true })
  local list = window('list')
  vim.wo[list].cursorline = true
  vim.wo[list].wrap = false
  local below = window('preview')
  vim.wo[below].wrap = true
  vim.wo[below].linebreak = true
  local _, prompt = window('prompt', true)
  api.nvim_buf_set_lines(prompt, 0, -1, true, { text })
  map_keys(prompt)
  api.nvim_buf_attach(prompt, false, {
    on_lines = function()
      vim.schedule(function()
        if open and open.id == id then
          ask()
        end
      end)
    end,
  })
  api.nvim_create_autocmd('WinLeave', {
    group = open.group,
    buffer = prompt,
    callback = vim.schedule_wrap(function()
      actions.close()
      if not origin.insert then
        vim.cmd('stopinsert')
      end
    end),
  })
  api.nvim_create_autocmd('VimResized', {
    group = open.group,
    callback = function()
      for name, place in pairs(places()) do
        api.nvim_win_set_config(open.windows[name], place)
      end
    end,
  })
  client.watch({
    changed = function() ask(open.rows[open.at] and open.rows[open.at].id) end,
    gone = wait_for_it,
  })
  vim.cmd('startinsert!')
  ask()
end

return M
