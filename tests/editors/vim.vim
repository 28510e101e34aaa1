vim9script
scriptencoding utf-8
# vim.vim -- tests of editors/vim, by its commands and keys; looks at its popups and buffers. See driver.py.
# With $QUOTES_FAKE it stands beside a server that is no daemon.
set columns=120 lines=40 cmdheight=3 nomore shortmess+=ATI
filetype on
execute 'set runtimepath^=' .. $QUOTES_ROOT .. '/editors/vim'
if $QUOTES_FAKE != ''
  $QUOTED_SOCKET = $QUOTES_TEST .. '/fake/' .. $QUOTES_FAKE
  g:quotes_timeout = $QUOTES_FAKE == 'slow' ? 20000 : 700
endif
runtime plugin/quotes.vim

const facts = $QUOTES_TEST .. '/facts'
const archive = $QUOTES_TEST .. '/archive'
var bad = 0

def Ok(fact: string, good: bool, detail: any = '')
  writefile([(good ? 'ok - ' : 'not ok - ') .. fact], facts, 'a')
  if !good
    bad += 1
    writefile(['# ' .. substitute(string(detail), '\n', '\\n', 'g')], facts, 'a')
  endif
enddef
def Is(fact: string, got: any, wanted: any)
  Ok(fact, type(got) == type(wanted) && got == wanted, [got, wanted])
enddef
def Wait(Until: func(): bool): bool
  const start = reltime()
  while !Until() && reltimefloat(reltime(start)) < 30
    sleep 5m
  endwhile
  return Until()
enddef
function Keys(keys)
  call feedkeys(a:keys, 'xt') " as typed: not by the rules of this script
endfunction
# The lines of a popup: of the list (0), the preview (1), what is typed (2), or of a lone one (0).
def Popup(i: number): list<string>
  const id = sort(popup_list(), 'n')->get(i, -1)
  return id < 0 ? [] : getbufline(winbufnr(id), 1, '$')
enddef
def Shown(i: number): string
  return join(Popup(i), "\n")
enddef
def Holds(i: number, text: string): bool
  return stridx(Shown(i), text) >= 0
enddef
def WaitFor(i: number, text: string): bool
  return Wait(() => Holds(i, text))
enddef
def Fresh(file: string, lines: list<string>, column: number)
  silent! :%bwipeout!
  execute 'edit' file
  setline(1, lines)
  cursor(1, column)
enddef
def Wish(word: string)
  writefile([], $QUOTES_TEST .. '/do-' .. word)
  Wait(() => !filereadable($QUOTES_TEST .. '/do-' .. word))
enddef
def Complete(line: string): string
  Keys(':' .. line .. "\<Tab>\<C-b>let g:typed = '\<C-e>'\<CR>")
  return g:typed
enddef
# A <Tab> waits a third of a second, which a busy machine may need for itself: it is pressed again then, as a person would.
def Completes(fact: string, line: string, wanted: string)
  var got = ''
  for _ in range(20)
    got = Complete(line)
    if got == wanted
      break
    endif
  endfor
  Is(fact, got, wanted)
enddef
def Hover(line: string, column: number, keys: string): string
  popup_clear()
  Fresh('draft.txt', [line], column)
  Keys(keys)
  Wait(() => !empty(popup_list()))
  return Shown(0)
enddef

def Searching()
  Fresh('draft.md', ['Before.'], 1)
  Keys(":QuotesSearch pays\<CR>")
  Ok('the picker opens', WaitFor(0, 'The harbour pays for itself'), Shown(0))
  Keys(' harb')
  Ok('an unfinished word finds all that begin so', WaitFor(2, 'pays harb|') && WaitFor(2, '1 of 1 articles'), Shown(2))
  Is('a row has date, speaker, words and title', Popup(0),
    ['2025-03-03  Zofia Łukaszek: “The harbour pays for itself or it silts up,” (Harbour dues rise again)'])
  Ok('the preview has the paragraphs around it', WaitFor(1, 'for the third time in two years'), Shown(1))
  Ok('the preview says where it stands and how sure the name is', Holds(1, archive .. '/harbour.md:10') && Shown(1) =~ '\d % sure', Shown(1))
  Keys(' -minister')
  Ok('what is typed on searches anew', Wait(() => !Holds(0, 'silts up')), Shown(0))
  Keys("\<C-w>\<BS>")
  Ok('<C-w> and <BS> take back what was typed', WaitFor(2, 'pays harb|') && WaitFor(0, 'silts up'), Shown(2))
  Keys("\<C-u>жaż€")
  Ok('any character can be typed', WaitFor(2, 'жaż€|'), Shown(2))
  Keys("\<Esc>")
  Is('<Esc> closes the picker', popup_list(), [])
  Is('and nothing was inserted', getline(1, '$'), ['Before.'])

  Keys(":QuotesSearch \"promise with riv\<CR>")
  Ok('a quotation mark need not be closed while typing', WaitFor(0, 'A bridge is a promise with rivets,'), Shown(0))
  Keys("\<CR>")
  Is('<CR> inserts the quote: markdown', getline(1, '$'), [
    'Before.',
    '> “A bridge is a promise with rivets,”',
    '>',
    '> — Zofia Łukaszek, “A bridge for the islands”, Island Post, 2025-04-07, ' .. archive .. '/bridge.md:10',
  ])
  Is('with the cursor behind it', line('.'), 4)
  Keys('u')
  Is('one undo takes it out', getline(1, '$'), ['Before.'])

  Fresh('draft.org', [''], 1)
  &filetype = 'org'
  Keys(":QuotesSearch speaker:hanlon rust\<CR>")
  WaitFor(0, 'Rust is patient')
  Keys("\<CR>")
  Is('an empty line is replaced: org', getline(1, '$'), [
    '#+begin_quote',
    '“Rust is patient,”',
    '#+end_quote',
    '— Jean-Luc O’Hanlon, “A bridge for the islands”, Island Post, 2025-04-07, ' .. archive .. '/bridge.md:14',
  ])

  Fresh('draft.txt', ['Он сказал: , и ушёл.'], 19)
  Keys(":QuotesBy Тихон Ясеньев\<CR>")
  WaitFor(0, 'Река не спрашивает')
  Keys("\<CR>")
  Is('in plain text it stands at the cursor, in bytes of the line', getline(1, '$'), [
    'Он сказал: “Река не спрашивает разрешения” — Тихон Ясеньев, “Паром остаётся”, Речной листок, 2025-01-20, '
      .. archive .. '/paroma.md:10, и ушёл.'])

  Fresh('draft.txt', ['He said '], 8)
  inoremap <F2> <Cmd>QuotesBy O’Hanlon<CR>
  const timer = timer_start(20, (t) => {
    if Holds(0, 'Rust is patient')
      timer_stop(t)
      feedkeys("\<CR>!\<Esc>", 't')
    endif
  }, {repeat: -1})
  feedkeys("A\<F2>", 'xt!')
  timer_stop(timer)
  Is('opened in Insert mode, it goes on behind what was inserted', getline(1),
    'He said “Rust is patient,” — Jean-Luc O’Hanlon, “A bridge for the islands”, Island Post, 2025-04-07, ' .. archive .. '/bridge.md:14!')

  Fresh('draft.txt', [''], 1)
  Keys(":QuotesSearch kind:indirect painted\<CR>")
  WaitFor(0, 'painted')
  Keys("\<CR>")
  Ok('what is reported without marks gets none, and says so',
    getline(1) =~ '^that the rivets would be painted before winter — Anna Łukaszek (reported, not word for word), ', getline(1))

  Is('what no mark closes in the article is not closed', [quote.Words({kind: 'direct', text: 'It goes on', open: true}), quote.Words({kind: 'direct', text: 'No.', open: false})],
    ['“It goes on', '“No.”'])

  g:quotes_templates = {text: '{name} ({date}): {text} [{id}] {place} {nonsense}'}
  Fresh('draft.txt', [''], 1)
  &filetype = 'text'
  Keys(":QuotesBy O’Hanlon\<CR>")
  WaitFor(0, 'Rust is patient')
  Keys("\<CR>")
  Ok('a template of one’s own', getline(1) =~ '^Jean-Luc O’Hanlon (2025-04-07): Rust is patient, \[\w\+\] /.*bridge\.md:14 {nonsense}$', getline(1))
  unlet g:quotes_templates
enddef

def OddWords()
  const odd = split($QUOTES_ODD .. "\nand a second line,", "\n")
  Fresh('draft.md', [''], 1)
  Keys(":QuotesBy jsonfeld\<CR>")
  Ok('a row with line breaks and control characters is one line', WaitFor(0, 'and a second line') && len(Popup(0)) == 1, Popup(0))
  Ok('and no control character is shown', Shown(0) !~ '[[:cntrl:]]', Shown(0))
  Keys("\<CR>")
  Is('words that look like commands, patterns and keys come in as they are', getline(1, 2), ['> “' .. odd[0], '> ' .. odd[1] .. '”'])

  Fresh('draft.txt', ['here'], 1)
  silent write
  set modeline # root has none
  Keys(":QuotesBy überfeld\<CR>")
  WaitFor(0, 'A bell may ring')
  Keys("\<C-o>")
  Ok('<C-o> opens a source with any character in its path', stridx(bufname(), 'pier #2 | `x`.txt') > 0, bufname())
  Is('at the line and column of the quote, counted in bytes', [line('.'), col('.')], [3, strlen('Żółć – “') + 1])
  Is('to be read, and deaf to modelines', [&readonly, &shiftwidth, &g:modeline], [true, 8, true])
  execute 'split' fnameescape(expand('%:p') .. '~')
  Is('(which are obeyed elsewhere)', &shiftwidth, 7)
  close
  Keys("\<C-o>")
  Is('and <C-o> leads back', expand('%:t'), 'draft.txt')
  delete('draft.txt')

  Fresh('draft.txt', ['changed'], 1)
  Keys(":QuotesBy Ясеньев\<CR>")
  WaitFor(0, 'Река')
  Keys("\<C-o>")
  Is('beside a buffer that may not be hidden it opens in a window of its own',
    [winnr('$'), line('.'), col('.'), expand('%:t')], [2, 10, strlen('«') + 1, 'paroma.md'])

  Fresh('draft.txt', ['here'], 1)
  set hidden
  Keys(":QuotesSearch ledger speaker:overlong title:5\<CR>")
  WaitFor(0, 'Row 5')
  Keys("\<C-o>")
  Is('a record of a file of records opens at its line', [expand('%:t'), line('.')], ['long.jsonl', 6])
  Fresh('draft.txt', ['here'], 1)
  Keys(":QuotesSearch \"beside remember\" OR \"asked for a bridge since\"\<CR>")
  Ok('an article without a quote that matches shows its passage', WaitFor(0, '¶ The islands have asked'), Shown(0))
  Keys("\<CR>")
  Is('a passage is nobody’s words: <CR> opens it', [expand('%:t'), line('.')], ['bridge.md', 8])
  Fresh('draft.txt', ['here'], 1)
  setlocal nomodifiable
  Keys(":QuotesBy Ясеньев\<CR>")
  WaitFor(0, 'Река')
  Keys("\<CR>")
  Ok('a buffer that cannot be changed is said so', execute('messages') =~ 'cannot be changed')
  Is('and left alone', getline(1, '$'), ['here'])
enddef

def Many()
  g:quotes_limit = 1000
  Fresh('draft.txt', [''], 1)
  Keys(":QuotesBy Nadia Overlong\<CR>")
  Ok('an answer in parts comes whole', Wait(() => len(Popup(0)) == 600), len(Popup(0)))
  Keys("\<C-p>\<Down>\<Down>\<PageDown>\<PageUp>\<Up>")
  Is('keys move the choice', getcurpos(sort(popup_list(), 'n')[0])[1], 2)
  Ok('and the preview with it', WaitFor(1, 'Ledger'), Shown(1))
  set columns=60 lines=12
  doautocmd VimResized
  Is('a small screen is enough', popup_getpos(sort(popup_list(), 'n')[2]).core_width, 56)
  set columns=120 lines=40
  doautocmd VimResized
  Is('and it may grow meanwhile', popup_getpos(sort(popup_list(), 'n')[2]).core_width, 116)
  Keys("\<C-c>")
  Is('<C-c> closes it, too', popup_list(), [])
  unlet g:quotes_limit
  Keys(":QuotesBy Łukaszek\<CR>")
  Wait(() => len(Popup(0)) == 6)
  Keys("\<Down>\<Down> ")
  Ok('what is typed chooses the first row again', Wait(() => Shown(1) =~ '^“A bridge is'), Shown(1))
  Keys("\<Esc>")
enddef

def Names()
  Completes('names are completed', 'QuotesBy Zof', 'QuotesBy Zofia Łukaszek')
  Completes('by any part of them', 'QuotesBy luk', 'QuotesBy Zofia Łukaszek')
  Completes('and further words', 'QuotesBy Anna Ł', 'QuotesBy Anna Łukaszek')
  Completes('in any script', 'QuotesBy Тих', 'QuotesBy Тихон Ясеньев')

  const text = 'Yesterday Zofia Łukaszek said so; Jean-Luc O’Hanlon’s friend Тихон Ясеньев did not. 黒沢源一さん or سلمى الحداد'
  const hover = ":QuotesHover\<CR>"
  var got = Hover(text, stridx(text, 'Łuk') + 3, hover)
  Ok('hover: who it is and how many quotes, by the longest run that is a name', got =~ '^Zofia Łukaszek, the harbour minister — 4 quotes\n', got)
  Is('hover: the newest three', count(got, "\n"), 3)
  Ok('hover: the newest first', got =~ '\n2025-04-07  Zofia Łukaszek: “A bridge is a promise with rivets,”', got)
  got = Hover(text, stridx(text, 'Luc') + 1, hover)
  Ok('hover: hyphens and apostrophes', got =~ '^Jean-Luc O’Hanlon, an engineer — 1 quote', got)
  got = Hover(text, stridx(text, 'Тихон') + 1, hover)
  Ok('hover: Cyrillic', got =~ '^Тихон Ясеньев — 1 quote', got)
  got = Hover(text, stridx(text, '沢') + 1, hover)
  Ok('hover: no spaces between words', got =~ '^大工の黒沢源一 — 1 quote', got)
  got = Hover(text, stridx(text, 'الحداد') + 1, hover)
  Ok('hover: Arabic', got =~ '^سلمى الحداد — 1 quote', got)
  got = Hover('Łukaszek', 1, hover)
  Ok('hover: several people', got =~ '^2 people match “Łukaszek”:\nZofia Łukaszek, the harbour minister — 4 quotes\nAnna Łukaszek.* — 2 quotes\n', got)
  got = Hover('by zofia łukaszek today', 4, 'vEE:QuotesHover' .. "\<CR>")
  Ok('hover: what is selected', got =~ '^Zofia Łukaszek', got)
  nmap K <Plug>(quotes-hover)
  xmap K <Plug>(quotes-hover)
  got = Hover('see zofia łukaszek', 5, 'v$hK')
  Ok('hover: a key of one’s own, with a selection that ends in more than one byte', got =~ '^Zofia Łukaszek, the harbour minister', got)
  got = Hover('Xaver Nobody', 2, 'K')
  Is('hover: nobody of that name', got, 'Nobody is quoted as “Xaver Nobody”.')
  got = Hover('x', 1, ":QuotesHover Тихон Ясеньев\<CR>")
  Ok('hover: a name as its argument', got =~ '^Тихон Ясеньев — 1 quote', got)
  popup_clear()
  Fresh('draft.txt', ['nothing here'], 1)
  Keys(hover)
  Ok('hover: no name under the cursor is said', execute('messages') =~ 'no name stands here')
  Keys(":QuotesStatus\<CR>")
  Ok(':QuotesStatus tells how the daemon is', WaitFor(0, 'quoted 0.') && Holds(0, 'articles') && Holds(0, $QUOTED_SOCKET), Shown(0))
  popup_clear()
enddef

def Changes()
  Fresh('draft.txt', [''], 1)
  Keys(":QuotesSearch harbour umbrellas\<CR>")
  WaitFor(2, '0 of 0 articles')
  Wish('change')
  Ok('an open picker shows what has come in', WaitFor(0, 'The harbour is full of umbrellas'), Shown(0))
  Wish('kill')
  Ok('it says when the daemon has gone', WaitFor(0, 'no daemon answers at ' .. $QUOTED_SOCKET) && Holds(0, 'systemctl --user start quoted'), Shown(0))
  Wish('start')
  Ok('and goes on when it is back', WaitFor(0, 'The harbour is full of umbrellas'), Shown(0))
  Keys("\<Esc>")
  Wish('kill')
  var got = Hover('Zofia Łukaszek', 1, ":QuotesHover\<CR>")
  Ok('without a daemon, hover says what to do', got =~ 'no daemon answers at ' .. $QUOTED_SOCKET .. '.*systemctl', got)
  Is('and completion has nothing, without an error', Complete('QuotesBy Zof'), "QuotesBy Zof")
  Wish('start')
  got = Hover('Zofia Łukaszek', 1, ":QuotesHover\<CR>")
  Ok('afterwards hover works again', got =~ '^Zofia Łukaszek, the harbour minister — 5 quotes', got)
  popup_clear()
enddef

def Settings()
  $QUOTED_SOCKET = ''
  $QUOTED_INDEX = $QUOTES_TEST .. '/index/'
  Is('a private index has a socket of its own', client.Places(), [$QUOTES_TEST .. '/index.sock'])
  $QUOTED_INDEX = ''
  Is('else it is the person’s, else the system’s', client.Places(), [$QUOTES_TEST .. '/quoted/sock', '/run/quoted/sock'])
  $XDG_RUNTIME_DIR = ''
  Ok('which stands in /run/user', client.Places()[0] =~ '^/run/user/\d\+/quoted/sock$', client.Places())
  g:quotes_socket = '~/s'
  Is('or the one that is set', client.Places(), [$HOME .. '/s'])
  Is('no key is mapped without being asked', maplist()->filter((_, m) => m.lhs !~ '^<Plug>\|^K$\|^<F2>$' && m.rhs =~? 'quotes'), [])
  execute 'helptags' $QUOTES_ROOT .. '/editors/vim/doc'
  help :QuotesBy
  Is(':help knows the commands', expand('%:t'), 'quotes.txt')
enddef

def Fake()
  Fresh('draft.txt', ['Zofia Łukaszek'], 1)
  Keys(":QuotesSearch a\<CR>")
  if $QUOTES_FAKE == 'slow'
    Keys('b')
    Keys("c\<CR>")
    Is('<CR> takes nothing before the answer to what is typed has come', [len(popup_list()), getline(1, '$')], [3, ['Zofia Łukaszek']])
    Ok('an older answer that comes late does not take the place of a newer one', WaitFor(0, 'answer to abc*'), Shown(0))
    sleep 1500m
    Ok('not even afterwards', Holds(0, 'answer to abc*'), Shown(0))
  else
    Ok($QUOTES_FAKE .. ': the picker says that something is wrong, or shows nothing',
      Wait(() => Holds(0, 'quotes: ') || ($QUOTES_FAKE =~ '^shape' && len(popup_list()) == 3)), Shown(0))
    if $QUOTES_FAKE =~ '^refused'
      Ok($QUOTES_FAKE .. ': in the words of the daemon', Holds(0, 'too many clients are connected'), Shown(0))
    endif
  endif
  Keys('bc')
  Keys("\<Down>\<CR>")
  Keys("\<Esc>")
  Fresh('draft.txt', ['Zofia Łukaszek'], 1)
  Ok($QUOTES_FAKE .. ': hover says something', Hover('Zofia Łukaszek', 1, ":QuotesHover\<CR>") != '')
  if $QUOTES_FAKE == 'silent'
    const asked = join(readfile($QUOTES_TEST .. '/asked'), "\n")
    Ok('a question that somebody types is of a group', stridx(asked, '"group":"picker"') > 0, asked)
    Ok('one that is not needed any more is cancelled', stridx(asked, 'cancelRequest') > 0, asked)
  endif
  Keys(":QuotesStatus\<CR>")
  Complete('QuotesBy Z')
  popup_clear()
enddef

import autoload 'quotes/client.vim'
import autoload 'quotes/quote.vim'

try
  if $QUOTES_FAKE == ''
    Searching()
    OddWords()
    Many()
    Names()
    Changes()
    Settings()
  else
    Fake()
  endif
catch
  Ok('no exception', false, v:exception .. ' at ' .. v:throwpoint)
endtry
Ok('no error in the editor', execute('messages') !~ 'Error\|E\d\+:', execute('messages'))
execute bad == 0 ? 'qall!' : 'cquit 1'
