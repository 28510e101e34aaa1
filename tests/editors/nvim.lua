-- nvim.lua -- tests of editors/nvim: drives a second Neovim by keys and looks at its buffers and windows. See driver.py.
local env = vim.env
local dir, root = env.QUOTES_TEST, env.QUOTES_ROOT
local facts = assert(io.open(dir .. '/facts', 'w'))
local bad = 0

local function ok(fact, good, detail)
  bad = bad + (good and 0 or 1)
  facts:write(good and 'ok' or 'not ok', ' - ', fact, '\n')
  if not good then
    facts:write('# ', vim.inspect(detail):gsub('\n', ' '):sub(1, 3000), '\n')
  end
  facts:flush()
end
local function is(fact, got, wanted) ok(fact, vim.deep_equal(got, wanted), { got = got, wanted = wanted }) end

-- ---- the Neovim that is tested ----

local child

local function lua(code, ...) return vim.rpcrequest(child, 'nvim_exec_lua', code, { ... }) end
local function keys(k) vim.rpcrequest(child, 'nvim_input', k) end
local function ex(command) vim.rpcrequest(child, 'nvim_command', command) end

local function start(socket, settings)
  child = vim.fn.jobstart({ 'nvim', '--embed', '--headless', '-u', 'NONE', '-i', 'NONE', '-n' }, { rpc = true, env = { QUOTED_SOCKET = socket } })
  lua([[
    vim.o.columns, vim.o.lines, vim.o.cmdheight = 120, 40, 3
    vim.opt.runtimepath:prepend(... .. '/editors/nvim')
    _G.seen = {}
    local notify = vim.notify
    vim.notify = function(words, ...) table.insert(_G.seen, words) end
    vim.g.quotes_library = vim.env.QUOTES_LIBRARY
  ]], root)
  for name, value in pairs(settings or {}) do
    lua('local name, value = ...; vim.g[name] = value', name, value)
  end
  ex('filetype on')
  ex('runtime plugin/quotes.lua')
end

-- Ends it; whatever went wrong in Lua or Vim script stands in its messages.
local function stop(fact)
  local messages = lua([[return vim.fn.execute('messages') .. vim.v.errmsg]])
  ok(fact .. ': no error in the editor', not messages:find('Error') and not messages:find('E%d+:') and not messages:find('traceback'), messages)
  vim.fn.jobstop(child)
end

local function wait(what) return (vim.wait(30000, what, 10)) end

-- The lines of the window that floats with `name` ("prompt", "list", "preview"), or of a lone float; nil when there is none.
local PLACES = { list = 1, preview = 2, prompt = 3 }
local function float(name)
  return lua([[
    local floats = {}
    for _, w in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(w).relative ~= '' then floats[#floats + 1] = w end
    end
    table.sort(floats)
    local w = floats[...]
    return w and vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, true) or vim.NIL
  ]], PLACES[name] or 1)
end
local function shown(name)
  local lines = float(name)
  return type(lines) == 'table' and table.concat(lines, '\n') or ''
end
local function wait_for(name, text) return wait(function() return shown(name):find(text, 1, true) end) end
local function no_float() return wait(function() return float() == vim.NIL end) end

local function fresh(name, lines, cursor)
  ex('silent! %bwipeout!')
  ex('edit ' .. name)
  lua([[local lines, cursor = ...; vim.api.nvim_buf_set_lines(0, 0, -1, true, lines); vim.api.nvim_win_set_cursor(0, cursor)]], lines, cursor)
end
local function buffer() return lua('return vim.api.nvim_buf_get_lines(0, 0, -1, true)') end
local function cursor() return lua('return vim.api.nvim_win_get_cursor(0)') end
local function mode() return vim.rpcrequest(child, 'nvim_get_mode').mode end
local function said() return lua('return table.concat(_G.seen, "\\n")') end

local function wish(word)
  io.open(dir .. '/do-' .. word, 'w'):close()
  wait(function() return vim.fn.filereadable(dir .. '/do-' .. word) == 0 end)
end

local daemon = env.QUOTED_SOCKET
local archive = dir .. '/archive'

-- ---- searching ----

start(daemon)
fresh('draft.md', { 'Before.' }, { 1, 0 })
keys(':QuotesSearch<CR>')
ok('the picker opens in Insert mode', wait(function() return float('prompt') ~= vim.NIL and mode() == 'i' end), mode())
keys('pays harb')
ok('an unfinished word finds all that begin so', wait_for('list', 'The harbour pays for itself'), shown('list'))
ok('a row has date, speaker, words and title',
  shown('list'):find('2025-03-03  Zofia Łukaszek: “The harbour pays for itself or it silts up,” (Harbour dues rise again)', 1, true), shown('list'))
ok('the preview has the paragraphs around it', wait_for('preview', 'for the third time in two years'), shown('preview'))
ok('the preview says where it stands and how sure the name is',
  shown('preview'):find(archive .. '/harbour.md:10', 1, true) and shown('preview'):find('%% sure'), shown('preview'))
keys(' -minister')
ok('what is typed on searches anew', wait(function() return not shown('list'):find('silts up', 1, true) end), shown('list'))
keys('<Esc>')
ok('<Esc> closes the picker', no_float())
is('and nothing was inserted', buffer(), { 'Before.' })

keys(':QuotesSearch "promise with riv<CR>')
ok('a quotation mark need not be closed while typing', wait_for('list', 'A bridge is a promise with rivets,'), shown('list'))
keys('<CR>')
no_float()
is('<CR> inserts the quote: markdown', buffer(), {
  'Before.',
  '> “A bridge is a promise with rivets,”',
  '>',
  '> — Zofia Łukaszek, “A bridge for the islands”, Island Post, 2025-04-07, ' .. archive .. '/bridge.md:10',
})
is('in Normal mode again, behind it', { mode(), cursor()[1] }, { 'n', 4 })
keys('u')
wait(function() return #buffer() == 1 end)
is('one undo takes it out', buffer(), { 'Before.' })

fresh('draft.org', { '' }, { 1, 0 })
keys(':QuotesSearch speaker:hanlon rust<CR>')
wait_for('list', 'Rust is patient')
keys('<CR>')
no_float()
is('an empty line is replaced: org', buffer(), {
  '#+begin_quote',
  '“Rust is patient,”',
  '#+end_quote',
  '— Jean-Luc O’Hanlon, “A bridge for the islands”, Island Post, 2025-04-07, ' .. archive .. '/bridge.md:14',
})

fresh('draft.txt', { 'Он сказал: , и ушёл.' }, { 1, 18 })
keys(':QuotesBy Тихон Ясеньев<CR>')
wait_for('list', 'Река не спрашивает')
keys('<CR>')
no_float()
is('in plain text it stands at the cursor, in bytes of the line', buffer(), {
  'Он сказал: “Река не спрашивает разрешения” — Тихон Ясеньев, “Паром остаётся”, Речной листок, 2025-01-20, '
    .. archive .. '/paroma.md:10, и ушёл.',
})

fresh('draft.txt', { 'He said ' }, { 1, 7 })
lua([[vim.keymap.set('i', '<F2>', '<Cmd>QuotesBy O’Hanlon<CR>')]])
keys('A<F2>')
wait_for('list', 'Rust is patient')
keys('<CR>')
no_float()
ok('opened in Insert mode, it goes on in Insert mode', wait(function() return mode() == 'i' end), mode())
keys('!')
wait(function() return buffer()[1]:find('!$') end)
is('behind what was inserted', buffer(), {
  'He said “Rust is patient,” — Jean-Luc O’Hanlon, “A bridge for the islands”, Island Post, 2025-04-07, ' .. archive .. '/bridge.md:14!',
})
keys('<Esc>')

fresh('draft.txt', { '' }, { 1, 0 })
keys(':QuotesSearch kind:indirect painted<CR>')
wait_for('list', 'painted')
keys('<CR>')
no_float()
ok('what is reported without marks gets none, and says so', buffer()[1]:find('^that the rivets would be painted before winter — Anna Łukaszek %(reported, not word for word%), '), buffer())

lua([[vim.g.quotes_templates = { text = '{name} ({date}): {text} [{id}] {place} {nonsense}' }]])
fresh('draft.txt', { '' }, { 1, 0 })
ex('setf text')
keys(':QuotesBy O’Hanlon<CR>')
wait_for('list', 'Rust is patient')
keys('<CR>')
no_float()
ok('a template of one’s own', buffer()[1]:find('^Jean%-Luc O’Hanlon %(2025%-04%-07%): Rust is patient, %[%w+%] /.*bridge%.md:14 {nonsense}$'), buffer())
lua('vim.g.quotes_templates = nil')

-- ---- odd words and odd paths ----

local odd = vim.split(env.QUOTES_ODD .. '\nand a second line,', '\n', { plain = true })
fresh('draft.md', { '' }, { 1, 0 })
keys(':QuotesBy jsonfeld<CR>')
ok('a row with line breaks and control characters is one line', wait_for('list', 'and a second line'), shown('list'))
ok('and no control character is shown', not shown('list'):gsub('\n', ''):find('%c'), shown('list'))
keys('<CR>')
no_float()
local got = buffer()
is('words that look like commands, patterns and keys come in as they are', { got[1], got[2] }, { '> “' .. odd[1], '> ' .. odd[2] .. '”' })
fresh('draft.txt', { 'here' }, { 1, 0 })
ex('set modeline') -- root has none
keys(':QuotesBy überfeld<CR>')
wait_for('list', 'A bell may ring')
keys('<C-o>')
no_float()
local name = lua('return vim.api.nvim_buf_get_name(0)')
ok('<C-o> opens a source with any character in its path', name:find('pier #2 | `x`.txt', 1, true), name)
is('at the line and column of the quote, counted in bytes', cursor(), { 3, #'Żółć – “' })
is('to be read, and deaf to modelines', lua('return { vim.bo.readonly, vim.bo.shiftwidth, vim.go.modeline }'), { true, 8, true })
ok('(which are obeyed elsewhere)', lua('vim.cmd("split other | edit " .. vim.fn.fnameescape(...) .. "~"); return vim.bo.shiftwidth', name) == 7)
ex('close')
keys('<C-o>')
ok('and <C-o> leads back', wait(function() return lua('return vim.api.nvim_buf_get_name(0)'):find('draft.txt', 1, true) end))

fresh('draft.txt', { 'changed' }, { 1, 0 })
lua('vim.o.hidden = false')
keys(':QuotesBy Ясеньев<CR>')
wait_for('list', 'Река')
keys('<C-o>')
no_float()
is('beside a buffer that may not be hidden it opens in a window of its own',
  { lua('return #vim.api.nvim_list_wins()'), cursor(), lua('return vim.fn.expand("%:t")') }, { 2, { 10, #'«' }, 'paroma.md' })
lua('vim.o.hidden = true')

fresh('draft.txt', { 'here' }, { 1, 0 })
keys(':QuotesSearch ledger speaker:overlong title:5<CR>')
wait_for('list', 'Row 5')
keys('<C-o>')
no_float()
is('a record of a file of records opens at its line', { lua('return vim.fn.expand("%:t")'), cursor() }, { 'long.jsonl', { 6, 0 } })

fresh('draft.txt', { 'here' }, { 1, 0 })
keys(':QuotesSearch "beside remember" OR "asked for a bridge since"<CR>')
ok('an article without a quote that matches shows its passage', wait_for('list', '¶ The islands have asked'), shown('list'))
keys('<CR>')
no_float()
is('a passage is nobody’s words: <CR> opens it', { lua('return vim.fn.expand("%:t")'), cursor()[1] }, { 'bridge.md', 8 })

fresh('draft.txt', { 'here' }, { 1, 0 })
ex('setlocal nomodifiable')
keys(':QuotesBy Ясеньев<CR>')
wait_for('list', 'Река')
keys('<CR>')
no_float()
ok('a buffer that cannot be changed is said so', said():find('cannot be changed'), said())
ex('setlocal modifiable')

-- ---- many rows ----

lua('vim.g.quotes_limit = 1000')
keys(':QuotesBy Nadia Overlong<CR>')
ok('an answer in parts comes whole', wait(function() return #float('list') == 600 end), #float('list'))
keys('<C-p><Down><Down><PageDown><PageUp><Up>')
ok('keys move the choice', wait_for('preview', 'Ledger'), shown('preview'))
is('by as much as they say', lua('return vim.api.nvim_win_get_cursor(' .. [[
  (function() local f = {} for _, w in ipairs(vim.api.nvim_list_wins()) do if vim.api.nvim_win_get_config(w).relative ~= '' then f[#f+1] = w end end
  table.sort(f) return f[1] end)()]] .. ')')[1], 2)
keys('<Esc>')
no_float()
lua('vim.g.quotes_limit = nil')

keys(':QuotesBy Łukaszek<CR>')
wait(function() return #float('list') == 6 end)
keys('<Down><Down>')
wait(function() return not shown('preview'):find('^“A bridge is') end)
keys(' ')
ok('what is typed chooses the first row again', wait(function() return shown('preview'):find('^“A bridge is') end), shown('preview'))
keys('<Esc>')
no_float()

-- ---- leaving ----

keys(':QuotesBy Nadia<CR>')
wait_for('list', 'Row')
ex('wincmd w')
ok('going to another window closes the picker', no_float())
ex('set columns=60 lines=12')
keys(':QuotesBy Nadia<CR>')
ok('a small screen is enough', wait_for('list', 'Row'), shown('list'))
ex('set columns=120 lines=40')
ok('and it may grow meanwhile', lua('return vim.api.nvim_win_get_width(0)') == 116, lua('return vim.api.nvim_win_get_width(0)'))
keys('<C-c>')
ok('<C-c> closes it, too', no_float())
keys('<Esc>')

-- ---- names on the command line ----

local function complete(line)
  keys(line .. '<Tab>~') -- the last one shows that those before it are done
  wait(function() return lua('return vim.fn.getcmdline()'):find('~$') end)
  local got = lua('return vim.fn.getcmdline()')
  keys('<Esc>')
  wait(function() return mode() == 'n' end)
  return got:sub(1, -2)
end
-- A <Tab> waits a third of a second, which a busy machine may need for itself: it is pressed again then, as a person would.
local function completes(fact, line, wanted)
  local got
  for _ = 1, 20 do
    got = complete(line)
    if got == wanted then
      break
    end
  end
  is(fact, got, wanted)
end
completes('names are completed', ':QuotesBy Zof', 'QuotesBy Zofia Łukaszek')
completes('by any part of them', ':QuotesBy luk', 'QuotesBy Zofia Łukaszek')
completes('and further words', ':QuotesBy Anna Ł', 'QuotesBy Anna Łukaszek')
completes('in any script', ':QuotesBy Тих', 'QuotesBy Тихон Ясеньев')

-- ---- hover ----

local function hover(line, at, command)
  fresh('draft.txt', { line }, { 1, at })
  keys(command or ':QuotesHover<CR>')
  wait(function() return float() ~= vim.NIL end)
  local lines = shown()
  keys('<Esc>jhl0$')
  no_float()
  return lines
end
local line = 'Yesterday Zofia Łukaszek said so; Jean-Luc O’Hanlon’s friend Тихон Ясеньев did not. 黒沢源一さん or سلمى الحداد'
local got = hover(line, line:find('Łuk') + 1)
ok('hover: who it is and how many quotes, by the longest run that is a name', got:find('^Zofia Łukaszek, the harbour minister — 4 quotes\n'), got)
is('hover: the newest three', #vim.split(got, '\n'), 4)
ok('hover: the newest first', got:find('\n2025%-04%-07  Zofia Łukaszek: “A bridge is a promise with rivets,”'), got)
got = hover(line, line:find('Luc') - 1)
ok('hover: hyphens and apostrophes', got:find('^Jean%-Luc O’Hanlon, an engineer — 1 quote'), got)
got = hover(line, line:find('Тихон') - 1)
ok('hover: Cyrillic', got:find('^Тихон Ясеньев — 1 quote'), got)
got = hover(line, line:find('沢') - 1)
ok('hover: no spaces between words', got:find('^大工の黒沢源一 — 1 quote'), got)
got = hover(line, line:find('الحداد') - 1)
ok('hover: Arabic', got:find('^سلمى الحداد — 1 quote'), got)
got = hover('Łukaszek', 0)
ok('hover: several people', got:find('^2 people match “Łukaszek”:\nZofia Łukaszek, the harbour minister — 4 quotes\nAnna Łukaszek.* — 2 quotes\n'), got)
got = hover('by zofia łukaszek today', 3, 'vEE:QuotesHover<CR>')
ok('hover: what is selected', got:find('^Zofia Łukaszek'), got)
lua([[vim.keymap.set({ 'n', 'x' }, 'K', '<Plug>(quotes-hover)')]])
got = hover('see zofia łukaszek', 4, 'v$hK')
ok('hover: a key of one’s own, with a selection that ends in more than one byte', got:find('^Zofia Łukaszek, the harbour minister'), got)
got = hover('Xaver Nobody', 1, 'K')
is('hover: nobody of that name', got, 'Nobody is quoted as “Xaver Nobody”.')
got = hover('x y', 0, ':QuotesHover Тихон Ясеньев<CR>')
ok('hover: a name as its argument', got:find('^Тихон Ясеньев — 1 quote'), got)
fresh('draft.txt', { 'nothing here' }, { 1, 0 })
keys(':QuotesHover<CR>')
ok('hover: no name under the cursor is said', wait(function() return said():find('no name stands here') end), said())

local twice = lua([[
  local times, fast = {}, require('quotes.fast')
  for i = 1, 2 do
    local done
    fast.ask('by', { speaker = 'O’Hanlon', limit = 3 }, function(err, answer) done = answer end)
    times[i] = done ~= nil
    vim.wait(10000, function() return done end, 1)
  end
  return { times[2], fast.how() }
]])
local took = lua([[
  local function times(module, pick)
    local fast, took = require(module), {}
    for i = 1, 500 do
      local done
      local start = vim.loop.hrtime()
      fast.ask('by', { speaker = 'O’Hanlon', limit = 3 }, function() done = true end)
      vim.wait(10000, function() return done end, 0)
      took[i] = (vim.loop.hrtime() - start) / 1000
    end
    table.sort(took)
    return { took[250], took[495] }
  end
  return { times('quotes.fast'), times('quotes.client') }
]])
facts:write(('#: a name that was asked before, with its answer read: p50 %.0f, p99 %.0f us; over the socket %.0f, %.0f us\n')
  :format(took[1][1], took[1][2], took[2][1], took[2][2]))
is('a question that was asked before is answered at once, out of shared memory', twice, { true, 'out of shared memory (libquotes)' })

keys(':QuotesStatus<CR>')
ok(':QuotesStatus tells how the daemon is', wait_for(nil, 'quoted 0.') and shown():find('articles') and shown():find(daemon, 1, true), shown())
keys('l')
no_float()

-- ---- vim.ui ----

lua([[
  vim.g.quotes_picker = 'select'
  vim.ui.input = function(options, done) _G.asked_for = options.prompt; done('Ясеньев') end
  vim.ui.select = function(rows, options, done) _G.chosen_from = { #rows, options.kind, options.format_item(rows[1]) }; done(rows[1]) end
]])
fresh('draft.txt', { '' }, { 1, 0 })
keys(':QuotesBy<CR>')
wait(function() return #buffer()[1] > 0 end)
ok('vim.ui.select can be the picker', buffer()[1]:find('^“Река не спрашивает разрешения” — Тихон Ясеньев'), buffer())
is('with rows as ours', lua('return _G.chosen_from'), { 1, 'quotes', '2025-01-20  Тихон Ясеньев: “Река не спрашивает разрешения” (Паром остаётся)' })
lua('vim.g.quotes_picker = nil')

-- ---- the index changes, the daemon goes ----

fresh('draft.txt', { '' }, { 1, 0 })
keys(':QuotesSearch harbour umbrellas<CR>')
wait(function() return shown('list') == '' end)
wish('change')
ok('an open picker shows what has come in', wait_for('list', 'The harbour is full of umbrellas'), shown('list'))
wish('kill')
ok('it says when the daemon has gone', wait_for('list', 'no daemon answers at ' .. daemon) and shown('list'):find('systemctl --user start quoted', 1, true), shown('list'))
wish('start')
ok('and goes on when it is back', wait_for('list', 'The harbour is full of umbrellas'), shown('list'))
keys('<Esc>')
no_float()
wish('kill')
got = hover('Zofia Łukaszek', 1, 'K')
ok('without a daemon, hover says what to do', got:find('no daemon answers at ' .. daemon, 1, true) and got:find('systemctl', 1, true), got)
is('and completion has nothing, without an error', complete(':QuotesBy Zof'), 'QuotesBy Zof')
wish('start')
got = hover('Zofia Łukaszek', 1, 'K')
ok('afterwards hover works again', got:find('^Zofia Łukaszek, the harbour minister — 5 quotes'), got)
stop('an ordinary day')

-- ---- what is no daemon ----

for _, fake in ipairs(vim.split(env.QUOTES_FAKES, ' ')) do
  start(dir .. '/fake/' .. fake, { quotes_timeout = fake == 'slow' and 20000 or 700 })
  fresh('draft.txt', { 'Zofia Łukaszek' }, { 1, 0 })
  keys(':QuotesSearch a<CR>')
  wait(function() return float('prompt') ~= vim.NIL end)
  if fake == 'slow' then
    keys('b')
    keys('c<CR>')
    ok('<CR> takes nothing before the answer to what is typed has come', lua('return 1') == 1 and wait(function() return mode() == 'i' end)
      and float('prompt') ~= vim.NIL, mode())
    ok('an older answer that comes late does not take the place of a newer one', wait_for('list', 'answer to abc*'), shown('list'))
    vim.wait(1500)
    ok('not even afterwards', shown('list'):find('answer to abc*', 1, true), shown('list'))
  else
    local quiet = fake:find('^shape')
    ok(fake .. ': the picker says that something is wrong, or shows nothing',
      wait(function() return shown('list'):find('quotes: ') or (quiet and shown('prompt') ~= '') end), shown('list'))
    if fake:find('^refused') then
      ok(fake .. ': in the words of the daemon', shown('list'):find('too many clients are connected', 1, true), shown('list'))
    end
  end
  keys('bc')
  keys('<Down><CR>')
  keys('<Esc><Esc>')
  no_float()
  fresh('draft.txt', { 'Zofia Łukaszek' }, { 1, 0 })
  keys(':QuotesHover<CR>')
  ok(fake .. ': hover says something', wait(function() return float() ~= vim.NIL end), said())
  if fake == 'silent' then
    local asked = table.concat(vim.fn.readfile(dir .. '/asked'), '\n')
    ok('a question that somebody types is of a group', asked:find('"group":"picker"', 1, true), asked)
    ok('one that is not needed any more is cancelled', asked:find('cancelRequest', 1, true), asked)
  end
  keys(':QuotesStatus<CR>')
  complete(':QuotesBy Z')
  keys('<Esc>')
  ok(fake .. ': the editor goes on', lua('return 1 + 1') == 2 and not vim.rpcrequest(child, 'nvim_get_mode').blocking)
  stop(fake)
end
start(daemon, { quotes_library = '/nowhere/libquotes.so' })
got = hover('Тихон Ясеньев', 0)
ok('without the library names are looked up over the socket', got:find('^Тихон Ясеньев — 1 quote'), got)
ok('and :QuotesStatus says so', lua('return require("quotes.fast").how()'):find('over the socket', 1, true))
stop('no library')
start(dir .. '/nowhere/sock')
keys(':QuotesHover Zofia<CR>')
ok('no socket at all: what to do is said', wait_for(nil, 'Start it with: systemctl --user start quoted'), shown())
stop('no socket')

-- ---- where the socket is ----

start('', {})
lua('vim.env.QUOTED_INDEX = vim.env.QUOTES_TEST .. "/index/"')
is('a private index has a socket of its own', lua('return require("quotes.client").places()'), { dir .. '/index.sock' })
lua('vim.env.QUOTED_INDEX = nil')
is('else it is the person’s, else the system’s', lua('return require("quotes.client").places()'), { dir .. '/quoted/sock', '/run/quoted/sock' })
lua('vim.g.quotes_socket = "~/s"')
is('or the one that is set', lua('return require("quotes.client").places()'), { dir .. '/s' })
is('no key is mapped without being asked', lua([[return vim.tbl_filter(function(m) return not m.lhs:find('^<Plug>') and (m.rhs or ''):find('[Qq]uotes') end, vim.api.nvim_get_keymap('n'))]]), {})
ex('helptags ' .. root .. '/editors/nvim/doc')
ex('help :QuotesBy')
is(':help knows the commands', lua('return vim.fn.expand("%:t")'), 'quotes.txt')
stop('settings')

start(daemon)
lua('vim.schedule(function() error("on purpose") end)')
ok('(an error in the editor would have been seen)', wait(function() return lua([[return vim.fn.execute('messages')]]):find('Error') end))
vim.fn.jobstop(child)

facts:close()
vim.cmd(bad == 0 and 'qall!' or 'cquit 1')
