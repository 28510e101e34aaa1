vim9script
scriptencoding utf-8
# picker.vim -- three popups: what is typed, the rows that match it, and what the chosen row stands in.
#
# Every change of what is typed is a question of one group, so that the daemon drops those before it. Nothing waits: rows come
# when they come, and an older answer never takes the place of a newer one.
import autoload 'quotes/client.vim'
import autoload 'quotes/json.vim'
import autoload 'quotes/quote.vim'

var open = false         # there is one at a time
var typed = ''
var How: func            # the method and its parameters for what is typed
var rows: list<dict<any>> = []
var at = 0               # the chosen row
var said = ''            # at the right end of what is typed
var popups: dict<number> = {}
var question = ''
var context = ''
var again = 0            # the timer that asks again while the daemon is away

# ---- popups ----

def Places(): dict<dict<number>>
  const width = max([20, min([&columns - 4, 140])])
  const height = max([3, &lines - &cmdheight - 8]) # without three borders, and a line to spare
  const list = max([2, height * 55 / 100])
  const left = max([1, (&columns - width) / 2])
  const Place = (line: number, count: number) => ({line: line, col: left, minwidth: width, maxwidth: width, minheight: count, maxheight: count})
  return {prompt: Place(1, 1), list: Place(4, list), preview: Place(6 + list, max([1, height - list]))}
enddef

def Show(name: string, options: dict<any>)
  popups[name] = popup_create('', extend({border: [], pos: 'topleft', scrollbar: 0, zindex: 200, mapping: 0}, Places()[name])->extend(options))
enddef

def Write(name: string, lines: list<string>)
  popup_settext(popups[name], lines ?? [''])
enddef

def Say(words: string)
  said = words
  const room = Places().prompt.minwidth - strdisplaywidth(typed) - strdisplaywidth(words) - 3
  Write('prompt', [quote.Flat(typed) .. '|' .. repeat(' ', max([1, room])) .. words])
enddef

# ---- the chosen row ----

def PreviewLines(row: dict<any>, paragraphs: list<any>): list<string>
  var lines = [row.text]
  if row.kind != 'passage'
    lines = [quote.Words(row), '— ' .. quote.Speaker(row) .. (row.role == '' ? '' : ', ' .. row.role)]
    if row.name != ''
      add(lines, printf('The name is %d %% sure (%s, %s)', row.percent, row.kind, row.rule))
    endif
  endif
  extend(lines, [quote.Source(row), ''])
  for paragraph in paragraphs
    extend(lines, [json.Text(paragraph, 'text'), ''])
  endfor
  return split(join(lines, "\n"), "\n", true)
enddef

def Preview()
  client.Cancel(context)
  if empty(rows)
    Write('preview', [])
    return
  endif
  const row = rows[at]
  Write('preview', PreviewLines(row, []))
  if row.kind == 'passage'
    return
  endif
  context = client.Ask('context', {id: row.id, context: 1, group: 'preview'}, (err, result) => {
    if open && empty(err)
      Write('preview', PreviewLines(row, json.List(json.List(result->get('answer'), 'contexts')->get(0, {}), 'paragraphs')))
    endif
  })
enddef

def Choose(index: number)
  at = max([0, min([index, len(rows) - 1])])
  win_execute(popups.list, 'cursor(' .. (at + 1) .. ', 1)')
  Preview()
enddef

# ---- asking ----

# `keep` is the id of the row that stays chosen when it is still there; else the first is.
def Take(found: list<dict<any>>, words: string, keep = '')
  rows = found
  Write('list', mapnew(rows, (_, row) => quote.Label(row)))
  Say(words)
  Choose(keep == '' ? 0 : rows->indexof((_, row) => row.id == keep))
enddef

# The daemon is away: asks again until it is back.
def WaitForIt(words: string)
  Take([], '')
  Write('list', ['quotes: ' .. words, 'This goes on by itself as soon as a daemon answers.'])
  timer_stop(again)
  again = timer_start(500, (_) => {
    if open
      Ask()
    endif
  })
enddef

def Answer(method: string, err: dict<any>, result: dict<any>, keep: string)
  if !open
    return
  endif
  question = ''
  if empty(err)
    const found = quote.Rows(result->get('answer'))
    const maybe = json.List(result, 'did_you_mean')->get(0)
    Take(found, empty(found) && type(maybe) == v:t_string ? 'none; ' .. maybe .. '?'
      : printf('%d of %d %s', json.Number(result, 'shown'), json.Number(result, 'found'), method == 'search' ? 'articles' : 'quotes'), keep)
  elseif err.code == client.NO_DAEMON || err.code == client.GONE || err.code == client.SHUTDOWN
    WaitForIt(err.words)
  elseif err.code != client.CANCELLED
    Take([], '')
    Write('list', ['quotes: ' .. quote.Flat(err.words)])
  endif
enddef

def Ask(keep = '')
  client.Cancel(question)
  question = ''
  Say(said)
  if typed !~ '\S'
    Take([], '')
    return
  endif
  const [method, params] = How(typed)
  question = client.Ask(method, extend({limit: get(g:, 'quotes_limit', 100), group: 'picker'}, params), (err, result) => Answer(method, err, result, keep))
enddef

# ---- keys ----

export def Close()
  if !open
    return
  endif
  open = false
  client.Watch(null_function, null_function)
  client.Cancel(question)
  client.Cancel(context)
  timer_stop(again)
  for id in values(popups)
    popup_close(id)
  endfor
  popups = {}
  autocmd! quotes_picker
enddef

export def OpenSource(row: dict<any>)
  const why = quote.Open(row)
  if why != ''
    Warn(why)
  endif
enddef

export def Warn(words: string)
  echohl WarningMsg
  echomsg 'quotes: ' .. words
  echohl None
enddef

# Is there a row to take? Not while its successors are on their way: nothing is taken that was not asked for by all that is typed.
def Ready(): bool
  return question == '' && !empty(rows)
enddef

def Accept()
  if !Ready()
    return
  endif
  const row = rows[at]
  Close()
  if row.kind == 'passage'
    OpenSource(row)
  elseif !&modifiable
    Warn('the buffer cannot be changed')
  else
    quote.Insert(row)
  endif
enddef

def GoToSource()
  if Ready()
    const row = rows[at]
    Close()
    OpenSource(row)
  endif
enddef

def Type(text: string)
  typed = text
  Ask()
enddef

def Page(): number
  return Places().list.maxheight
enddef

const KEYS = {
  "\<CR>": () => Accept(),
  "\<C-o>": () => GoToSource(),
  "\<Esc>": () => Close(),
  "\<C-c>": () => Close(),
  "\<C-n>": () => Choose(at + 1),
  "\<Down>": () => Choose(at + 1),
  "\<C-p>": () => Choose(at - 1),
  "\<Up>": () => Choose(at - 1),
  "\<PageDown>": () => Choose(at + Page()),
  "\<PageUp>": () => Choose(at - Page()),
  "\<BS>": () => Type(substitute(typed, '.$', '', '')),
  "\<C-h>": () => Type(substitute(typed, '.$', '', '')),
  "\<C-w>": () => Type(substitute(typed, '\S*\s*$', '', '')),
  "\<C-u>": () => Type(''),
}

# Every key is for the picker. Special ones that it does not know begin with a byte that no character begins with.
def Key(_: number, key: string): bool
  if has_key(KEYS, key)
    KEYS[key]()
  elseif key[0] !~ '[[:cntrl:]]' && char2nr(key) >= 32 && strpart(key, 0, 1) != "\x80"
    Type(typed .. key)
  endif
  return true
enddef

# ---- its beginning ----

# `OwnHow(text)` gives the method and its parameters for what is typed.
export def Open(text: string, OwnHow: func)
  Close()
  open = true
  [typed, rows, at, said] = [text, [], 0, '']
  How = OwnHow
  Show('list', {cursorline: 1, wrap: 0})
  Show('preview', {wrap: 1})
  Show('prompt', {filter: Key, filtermode: 'a', callback: (_, _) => Close()})
  augroup quotes_picker
    autocmd!
    autocmd VimResized * Resize()
  augroup END
  client.Watch(() => Ask(get(rows, at, {})->get('id', '')), WaitForIt)
  Ask()
enddef

def Resize()
  for [name, place] in items(Places())
    popup_move(popups[name], place)
  endfor
enddef
