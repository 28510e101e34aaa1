-- name.lua -- which names may stand under the cursor: the longest capitalised run around it, in any script, and what is left of it
-- when words at its ends turn out to be none of the name ("Yesterday Orla Venn").
local M = {}

local WORDS = 6 -- of a run, on each side of the cursor
local MOST = 40 -- questions that are worth asking

local fn = vim.fn

-- Does a word that has this character stand for a name? A capital does, and any letter of a script without capitals.
local function capital(char)
  return char ~= fn.tolower(char) or (#char > 1 and fn.toupper(char) == char)
end

-- Does a word go on with this character, and does each such character stand for a word (Chinese, Japanese, Korean)?
local function class(char)
  local c = fn.char2nr(char)
  if c < 0x100 then
    return c >= 0xc0 and c ~= 0xd7 and c ~= 0xf7 or char:find('^%w$') ~= nil, false
  end
  local alone = c >= 0x3040 and c <= 0x30ff or c >= 0x3400 and c <= 0x9fff or c >= 0xac00 and c <= 0xd7af or c >= 0xf900 and c <= 0xfaff
    or c >= 0x20000 and c <= 0x3ffff
  return fn.match(char, '\\k') >= 0, alone
end

-- The words of a line: { from, to, capital, alone }, bytes from 1. "Al-Nadim" and "O’Neill" are one. Where words stand without
-- spaces between (Chinese, Japanese, Korean) each character is one.
local function words_of(line)
  local words, at, joined, begins = {}, 1, false, false
  for _, char in ipairs(fn.split(line, [[\zs]])) do
    local is_word, alone = class(char)
    local last = words[#words]
    if is_word then
      if last and joined and not alone and not last.alone then
        last.to, last.capital = at + #char - 1, last.capital or (begins and capital(char))
      else
        words[#words + 1] = { from = at, to = at + #char - 1, capital = capital(char) or alone, alone = alone }
      end
      joined, begins = true, false
    elseif joined and (char == '-' or char == '’' or char == "'" or char == '‑') then
      begins = true
    else
      joined, begins = false, false
    end
    at = at + #char
  end
  return words
end

-- May the two stand in one name? Side by side, with blanks, or with the point of an initial between.
local function beside(line, a, b)
  local between = line:sub(a.to + 1, b.from - 1)
  if between == '' then
    return a.alone or b.alone
  end
  return between:find('^%s+$') or (between:find('^%.%s*$') and fn.strchars(line:sub(a.from, a.to)) <= 2)
end

-- "de", "von", "bin" join parts of a name, when they are short and capitals stand around them.
local function particle(line, word)
  return fn.strchars(line:sub(word.from, word.to)) <= 3
end

-- How far the run goes from `here` in steps of 1 or -1: the last word that is capitalised.
local function run_end(line, words, here, step)
  local last = here
  for i = here + step, here + step * WORDS, step do
    local word = words[i]
    if not word or not beside(line, words[math.min(i, i - step)], words[math.max(i, i - step)]) then
      break
    end
    if word.capital then
      last = i
    elseif not particle(line, word) then
      break
    end
  end
  return last
end

-- The names to ask for, the longest first. `column` is the cursor's byte, from 0.
function M.around(line, column)
  local words, here = words_of(line), nil
  for i, word in ipairs(words) do
    if column + 1 >= word.from and column + 1 <= word.to then
      here = i
    end
  end
  if not here or (not words[here].capital and not particle(line, words[here])) then
    return {}
  end
  local from, to = run_end(line, words, here, -1), run_end(line, words, here, 1)
  local names = {}
  for length = to - from, 0, -1 do
    for first = math.max(from, here - length), math.min(here, to - length) do
      local a, b = words[first], words[first + length]
      if a.capital and b.capital and #names < MOST then
        names[#names + 1] = line:sub(a.from, b.to):gsub('’s$', ''):gsub("'s$", '')
      end
    end
  end
  return names
end

-- What is selected, in one line.
function M.selected()
  local from, to = fn.getpos("'<"), fn.getpos("'>")
  local lines = fn.getline(from[2], to[2])
  if #lines == 0 then
    return ''
  end
  if fn.visualmode() ~= 'V' then
    local last = lines[#lines]
    lines[#lines] = last:sub(1, math.min(#last, to[3] - 1 + #fn.matchstr(last:sub(to[3]), '^.')))
    lines[1] = lines[1]:sub(from[3])
  end
  return vim.trim(table.concat(lines, ' '))
end

return M
