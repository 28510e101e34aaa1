-- quote.lua -- quotes as an editor has them: a line of a list, words in a buffer, a place to go to.
local M = {}

-- What an answer holds is checked, not trusted: a missing text is ''.
local function text(t, key)
  local value = type(t) == 'table' and t[key]
  return type(value) == 'string' and value or ''
end
local function number(t, key)
  local value = type(t) == 'table' and t[key]
  return type(value) == 'number' and value or 0
end
local function list(t, key)
  local value = type(t) == 'table' and t[key]
  return type(value) == 'table' and value or {}
end
M.text, M.number, M.list = text, number, list

local function place(row, source)
  row.path, row.title, row.date, row.outlet =
    text(source, 'path'), text(source, 'title'), text(source, 'date'), text(source, 'outlet')
  row.line, row.column, row.record = number(source, 'line'), number(source, 'column'), number(source, 'record')
  return row
end

function M.of(q)
  local speaker = list(q, 'speaker')
  return place({
    id = text(q, 'id'),
    kind = text(q, 'kind'),
    text = text(q, 'text'),
    name = text(speaker, 'name'),
    role = text(speaker, 'role'),
    person = text(speaker, 'person'),
    reported_by = text(q, 'reported_by'),
    rule = text(q, 'rule'),
    confidence = number(q, 'confidence'),
    open = type(q) == 'table' and q.open == true,
  }, list(q, 'source'))
end

-- A passage is not anybody's words: it has no name, and is never inserted.
local function passage(document, p)
  local row = place({ kind = 'passage', text = text(p, 'text'), name = '', person = '', reported_by = '' }, document)
  row.line, row.column, row.record = number(p, 'line'), number(p, 'column'), number(p, 'record')
  return row
end

-- The rows of an answer to `by` or `search`: of each article its quotes, or where none matches a passage.
function M.rows(answer)
  local rows = {}
  for _, q in ipairs(list(answer, 'quotes')) do
    rows[#rows + 1] = M.of(q)
  end
  for _, document in ipairs(list(answer, 'documents')) do
    local quotes = list(document, 'quotes')
    for _, q in ipairs(quotes) do
      rows[#rows + 1] = M.of(q)
    end
    if #quotes == 0 then
      rows[#rows + 1] = passage(document, list(document, 'passages')[1])
    end
  end
  return rows
end

-- ---- in words ----

-- Who said it, and how that is known to the reader: a name is never given more than the index says.
function M.speaker(row)
  local who = row.name ~= '' and row.name or '(speaker unknown)'
  if row.person ~= '' then
    who = who .. ' (' .. row.person .. ')'
  end
  if row.kind == 'reported' and row.reported_by ~= '' then
    who = who .. ', as told by ' .. row.reported_by
  elseif row.kind == 'indirect' then
    who = who .. ' (reported, not word for word)'
  end
  return who
end

-- The exact words, in marks; reported ones are the reporter's and have none. What no mark closes in the article is not closed here.
function M.words(row)
  return (row.kind == 'indirect' or row.kind == 'passage') and row.text or '“' .. row.text .. (row.open and '' or '”')
end

function M.place(row)
  return row.path .. ':' .. row.line
end

function M.source(row)
  local parts = {}
  for _, part in ipairs({ row.title ~= '' and '“' .. row.title .. '”' or '', row.outlet, row.date, M.place(row) }) do
    if part ~= '' then
      parts[#parts + 1] = part
    end
  end
  return table.concat(parts, ', ')
end

-- A line of its own for any text: what would break it is a space.
function M.flat(s)
  return (s:gsub('[%c]+', ' '))
end

function M.label(row)
  local date = row.date ~= '' and row.date or '          '
  if row.kind == 'passage' then
    return M.flat(('%s  ¶ %s (%s)'):format(date, row.text, row.title))
  end
  return M.flat(('%s  %s: %s (%s)'):format(date, M.speaker(row), M.words(row), row.title))
end

-- ---- into a buffer ----

local TEMPLATES = {
  markdown = '> {quote}\n>\n> — {speaker}, {source}',
  org = '#+begin_quote\n{quote}\n#+end_quote\n— {speaker}, {source}',
  ['*'] = '{quote} — {speaker}, {source}',
}

local function template(filetype)
  local own = type(vim.g.quotes_templates) == 'table' and vim.g.quotes_templates or {}
  local chosen = own[filetype] or (own['*'] and not TEMPLATES[filetype] and own['*'])
  return type(chosen) == 'string' and chosen or TEMPLATES[filetype] or TEMPLATES['*']
end

-- The row by a template, as lines. Line breaks of the quote go on with the marks ("> ") of the line they stand in.
function M.fill(pattern, row)
  local values = {
    quote = M.words(row),
    text = row.text,
    speaker = M.speaker(row),
    name = row.name,
    role = row.role,
    title = row.title,
    date = row.date,
    outlet = row.outlet,
    path = row.path,
    line = tostring(row.line),
    place = M.place(row),
    source = M.source(row),
    id = row.id,
  }
  local lines = {}
  for _, line in ipairs(vim.split(pattern, '\n', { plain = true })) do
    local marks = line:match('^[> ]*')
    local filled = line:gsub('{(%l+)}', function(key)
      local value = values[key]
      return value and (value:gsub('\r?\n', '\n' .. marks))
    end)
    vim.list_extend(lines, vim.split(filled, '\n', { plain = true }))
  end
  return lines
end

-- Puts the row in, as one change. A template of several lines stands in lines of its own, below the cursor's or in its place when
-- that is empty; a template of one line stands at the cursor: in Normal mode behind its character, as `p` would.
-- `row0`, `column` are from 0, in bytes. Returns where the text ends.
function M.insert(buffer, row0, column, insert_mode, row)
  local pattern = template(vim.bo[buffer].filetype)
  local lines = M.fill(pattern, row)
  local line = vim.api.nvim_buf_get_lines(buffer, row0, row0 + 1, true)[1]
  if pattern:find('\n', 1, true) then
    local from = line:find('%S') and row0 + 1 or row0
    vim.api.nvim_buf_set_lines(buffer, from, row0 + 1, true, lines)
    return from + #lines - 1, #lines[#lines]
  end
  column = math.min(column, #line)
  if not insert_mode then
    column = column + #vim.fn.matchstr(line:sub(column + 1), '^.')
  end
  vim.api.nvim_buf_set_text(buffer, row0, column, row0, column, lines)
  return row0 + #lines - 1, #lines[#lines] + (#lines == 1 and column or 0)
end

-- ---- at its source ----

-- Opens the article at the quote, to be read: `readonly` keeps evidence from being changed by accident, and what an article
-- from anywhere says in a modeline is not obeyed. False with words when it cannot.
function M.open(row)
  if not (vim.uv or vim.loop).fs_stat(row.path) then
    return false, 'the article is not there any more: ' .. row.path
  end
  local buffer = vim.fn.bufadd(row.path) -- takes the name as it is, whatever characters it has
  local loaded = vim.api.nvim_buf_is_loaded(buffer)
  local modeline = vim.go.modeline
  vim.cmd("normal! m'")
  vim.go.modeline = false -- a new buffer begins with it
  pcall(vim.cmd, 'buffer ' .. buffer)
  if vim.api.nvim_get_current_buf() ~= buffer then -- the one that is shown has changes and may not be hidden
    pcall(vim.cmd, 'sbuffer ' .. buffer)
  end
  vim.go.modeline = modeline
  if vim.api.nvim_get_current_buf() ~= buffer then
    return false, 'the article cannot be opened: ' .. row.path
  end
  vim.bo[buffer].buflisted = true
  if not loaded then
    vim.bo[buffer].readonly = true
  end
  local number_of_line = math.max(1, math.min(row.record > 0 and row.record or row.line, vim.api.nvim_buf_line_count(buffer)))
  local line = vim.api.nvim_buf_get_lines(buffer, number_of_line - 1, number_of_line, true)[1]
  local column = 0
  if row.record == 0 and row.column > 1 then -- the daemon counts characters, the editor bytes
    local inside, bytes = pcall(vim.str_byteindex, line, row.column - 1)
    column = inside and bytes or 0
  end
  vim.api.nvim_win_set_cursor(0, { number_of_line, column })
  vim.cmd('normal! zvzz')
  return true
end

return M
