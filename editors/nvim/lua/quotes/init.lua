-- init.lua -- what the commands do.
local client = require('quotes.client')
local quote = require('quotes.quote')

local M = {}

local function warn(words)
  vim.notify('quotes: ' .. words, vim.log.levels.WARN)
end

-- ---- pickers ----

local OPERATORS = { OR = true, AND = true, NOT = true, NEAR = true, ADJ = true }
local UNFINISHED = { ['speaker:'] = true, ['title:'] = true, ['role:'] = true, [''] = true }

-- While somebody types, the last word may be unfinished and stands for all that begin so, until a space follows; so does a
-- quotation mark that is not closed yet.
function M.while_typing(text)
  local before, word = text:match('^(.-)([^%s"()]*)$')
  local field, rest = word:match('^%-?(%l+:)(.*)$')
  if word ~= '' and not OPERATORS[word] and UNFINISHED[field or ''] and (rest or word):find('^[^=~*/:-][^=~*/:]*$') then
    word = word .. '*'
  end
  local _, marks = text:gsub('"', '')
  return before .. word .. (marks % 2 == 1 and '"' or '')
end

local function ask_by(text) return 'by', { speaker = text:find('[%s*]$') and vim.trim(text) or vim.trim(text) .. '*' } end
local function ask_search(text) return 'search', { query = M.while_typing(text) } end

-- Without windows of our own: the whole list, for whatever takes the place of vim.ui.select.
local function select(prompt, text, how)
  local origin = require('quotes.picker').origin()
  local function choose(answer)
    if not answer or not answer:find('%S') then
      return
    end
    local method, params = how(answer)
    params.limit = tonumber(vim.g.quotes_limit) or 100
    client.ask(method, params, function(err, result)
      if err then
        return warn(err.words)
      end
      local rows = quote.rows(result.answer)
      if #rows == 0 then
        return warn('nothing is found for ' .. answer)
      end
      vim.ui.select(rows, { prompt = prompt .. answer, kind = 'quotes', format_item = quote.label }, function(row)
        if row and row.kind == 'passage' then
          require('quotes.picker').source(row)
        elseif row then
          require('quotes.picker').insert(origin, row)
        end
      end)
    end)
  end
  if text ~= '' then
    return choose(text)
  end
  vim.ui.input({ prompt = prompt }, choose)
end

local function pick(prompt, text, how)
  if vim.g.quotes_picker == 'select' then
    return select(prompt, text, how)
  end
  require('quotes.picker').open(text, how)
end

function M.by(name) pick('Quotes by: ', name, ask_by) end
function M.search(query) pick('Search quotes: ', query, ask_search) end

-- ---- names on the command line ----

local COMPLETE_MS = 300 -- nobody waits longer for a <Tab>

function M.complete(lead, line, position)
  local typed = line:sub(1, position):match('Quotes%a*%s+(.*)$') or lead
  local before = typed:sub(1, #typed - #lead) -- words that stand already; only the last one is completed
  local names
  local ticket = require('quotes.fast').ask('speakers', { speaker = typed, limit = 30 }, function(err, answer)
    names = {}
    for _, speaker in ipairs(err and {} or quote.list(answer, 'speakers')) do
      local name = quote.text(speaker, 'name')
      if vim.fn.tolower(name:sub(1, #before)) == vim.fn.tolower(before) then
        names[#names + 1] = name:sub(#before + 1)
      end
    end
  end)
  vim.wait(COMPLETE_MS, function() return names ~= nil end, 2)
  if not names then
    ticket.cancel()
  end
  return names or {}
end

-- ---- who is that? ----

local NAMES = 5 -- of those that match

local function hover_lines(asked, answer)
  local people, quotes = quote.list(answer, 'people'), vim.tbl_map(quote.of, quote.list(answer, 'quotes'))
  local lines = {}
  if #people > 1 then
    lines[1] = ('%d people match “%s”:'):format(#people, asked)
  end
  for i, person in ipairs(people) do
    local name, role = quote.text(person, 'name'), nil
    for _, q in ipairs(quotes) do -- the newest first
      role = role or ((q.name == name or q.person == name) and q.role ~= '' and q.role) or nil
    end
    local count = quote.number(person, 'quotes')
    lines[#lines + 1] = ('%s%s — %d %s'):format(name, role and ', ' .. role or '', count, count == 1 and 'quote' or 'quotes')
    if i == NAMES and #people > NAMES then
      lines[#lines + 1] = ('and %d more'):format(#people - NAMES)
      break
    end
  end
  for _, q in ipairs(quotes) do
    lines[#lines + 1] = quote.label(q)
  end
  return vim.tbl_map(quote.flat, lines)
end

-- Asks for one name after the other until somebody has it.
local function ask_names(names, i, done)
  require('quotes.fast').ask('by', { speaker = names[i], limit = 3 }, function(err, answer)
    if not err and #quote.list(answer, 'people') == 0 and names[i + 1] then
      return ask_names(names, i + 1, done)
    end
    done(err, answer, names[i])
  end)
end

local function where()
  local w = vim.api.nvim_get_current_win()
  return { w, vim.api.nvim_win_get_buf(w), vim.api.nvim_win_get_cursor(w) }
end

function M.hover(name, selected)
  local names
  if name and name ~= '' then
    names = { name }
  elseif selected then
    names = { require('quotes.name').selected() }
  else
    names = require('quotes.name').around(vim.api.nvim_get_current_line(), vim.api.nvim_win_get_cursor(0)[2])
  end
  if not names[1] or names[1] == '' then
    return warn('no name stands here')
  end
  local from = where()
  ask_names(names, 1, function(err, answer, asked)
    if not vim.deep_equal(from, where()) then
      return -- the cursor has gone on
    end
    local float = require('quotes.float')
    if err then
      float.show({ 'quotes: ' .. quote.flat(err.words) })
    elseif #quote.list(answer, 'people') == 0 then
      float.show({ ('Nobody is quoted as “%s”.'):format(quote.flat(names[1])) })
    else
      float.show(hover_lines(asked, answer))
    end
  end)
end

-- ---- how the daemon is ----

function M.status()
  client.ask('status', { format = 'text' }, function(err, result)
    local words = err and 'quotes: ' .. err.words
      or vim.trim(quote.text(result, 'answer')) .. '\nhere      names are looked up ' .. require('quotes.fast').how()
    require('quotes.float').show(vim.split(words, '\n', { plain = true }))
  end)
end

return M
