vim9script
scriptencoding utf-8
# quote.vim -- quotes as an editor has them: a line of a list, words in a buffer, a place to go to.

import autoload 'quotes/json.vim'

def At(row: dict<any>, source: any): dict<any>
  row.line = json.Number(source, 'line')
  row.column = json.Number(source, 'column')
  row.record = json.Number(source, 'record')
  return row
enddef

def Place(row: dict<any>, source: any): dict<any>
  for key in ['path', 'title', 'date', 'outlet']
    row[key] = json.Text(source, key)
  endfor
  return At(row, source)
enddef

export def Of(q: any): dict<any>
  const speaker = json.Table(q, 'speaker')
  const sure = type(q) == v:t_dict ? q->get('confidence', 0) : 0
  var row: dict<any> = {
    id: json.Text(q, 'id'),
    kind: json.Text(q, 'kind'),
    text: json.Text(q, 'text'),
    name: json.Text(speaker, 'name'),
    role: json.Text(speaker, 'role'),
    person: json.Text(speaker, 'person'),
    reported_by: json.Text(q, 'reported_by'),
    rule: json.Text(q, 'rule'),
    open: json.True(q, 'open'),
    percent: type(sure) == v:t_float ? float2nr(sure * 100) : type(sure) == v:t_number ? sure * 100 : 0,
  }
  return Place(row, json.Table(q, 'source'))
enddef

# A passage is not anybody's words: it has no name, and is never inserted.
def Passage(document: any): dict<any>
  const passage = json.List(document, 'passages')->get(0, {})
  var row: dict<any> = {id: '', kind: 'passage', text: json.Text(passage, 'text'), name: '', role: '', person: '', reported_by: '', rule: '', percent: 0}
  return At(Place(row, document), passage)
enddef

# The rows of an answer to `by` or `search`: of each article its quotes, or where none matches a passage.
export def Rows(answer: any): list<dict<any>>
  var rows: list<dict<any>> = []
  for q in json.List(answer, 'quotes')
    add(rows, Of(q))
  endfor
  for document in json.List(answer, 'documents')
    const quotes = json.List(document, 'quotes')
    for q in quotes
      add(rows, Of(q))
    endfor
    if empty(quotes)
      add(rows, Passage(document))
    endif
  endfor
  return rows
enddef

# ---- in words ----

# Who said it, and how that is known to the reader: a name is never given more than the index says.
export def Speaker(row: dict<any>): string
  var who = row.name ?? '(speaker unknown)'
  if row.person != ''
    who ..= ' (' .. row.person .. ')'
  endif
  if row.kind == 'reported' && row.reported_by != ''
    who ..= ', as told by ' .. row.reported_by
  elseif row.kind == 'indirect'
    who ..= ' (reported, not word for word)'
  endif
  return who
enddef

# The exact words, in marks; reported ones are the reporter's and have none. What no mark closes in the article is not closed here.
export def Words(row: dict<any>): string
  return row.kind == 'indirect' || row.kind == 'passage' ? row.text : '“' .. row.text .. (get(row, 'open', false) ? '' : '”')
enddef

def Where(row: dict<any>): string
  return row.path .. ':' .. row.line
enddef

export def Source(row: dict<any>): string
  return [row.title == '' ? '' : '“' .. row.title .. '”', row.outlet, row.date, Where(row)]->filter((_, part) => part != '')->join(', ')
enddef

# A line of its own for any text: what would break it is a space.
export def Flat(text: string): string
  return substitute(text, '[[:cntrl:]]\+', ' ', 'g')
enddef

export def Label(row: dict<any>): string
  const date = row.date ?? '          '
  if row.kind == 'passage'
    return Flat(printf('%s  ¶ %s (%s)', date, row.text, row.title))
  endif
  return Flat(printf('%s  %s: %s (%s)', date, Speaker(row), Words(row), row.title))
enddef

# ---- into a buffer ----

const TEMPLATES = {
  'markdown': "> {quote}\n>\n> — {speaker}, {source}",
  'org': "#+begin_quote\n{quote}\n#+end_quote\n— {speaker}, {source}",
  '*': '{quote} — {speaker}, {source}',
}

def Template(filetype: string): string
  const own = get(g:, 'quotes_templates', {})
  const chosen = json.Text(own, filetype) ?? (has_key(TEMPLATES, filetype) ? '' : json.Text(own, '*'))
  return chosen ?? get(TEMPLATES, filetype, TEMPLATES['*'])
enddef

def AsText(value: any): string
  return type(value) == v:t_string ? value : string(value)
enddef

# The row by a template, as lines. Line breaks of the quote go on with the marks ("> ") of the line they stand in.
export def Fill(template: string, row: dict<any>): list<string>
  var values: dict<any> = extend({quote: Words(row), speaker: Speaker(row), place: Where(row), source: Source(row)}, row)
  var lines: list<string> = []
  for line in split(template, "\n", true)
    const marks = matchstr(line, '^[> ]*')
    const filled = substitute(line, '{\(\l\+\)}',
      (m) => has_key(values, m[1]) ? join(split(AsText(values[m[1]]), '\r\?\n', true), "\n" .. marks) : m[0], 'g')
    extend(lines, split(filled, "\n", true))
  endfor
  return lines
enddef

# Puts the row in at the cursor, as one change. A template of several lines stands in lines of its own, below the cursor's or in its
# place when that is empty; a template of one line stands at the cursor: in Normal mode behind its character, as `p` would.
export def Insert(row: dict<any>)
  const template = Template(&filetype)
  var lines = Fill(template, row)
  const lnum = line('.')
  const here = getline('.')
  if stridx(template, "\n") >= 0
    if here =~ '\S'
      append(lnum, lines)
      cursor(lnum + len(lines), 1)
    else
      setline(lnum, lines[0])
      append(lnum, lines[1 : ])
      cursor(lnum + len(lines) - 1, 1)
    endif
    call('cursor', [line('.'), strlen(getline('.')) + 1])
    return
  endif
  var at = col('.') - 1
  if mode()[0] != 'i'
    at += strlen(matchstr(here, '^.', at))
  endif
  const end = strlen(lines[-1]) + (len(lines) == 1 ? at : 0)
  lines[0] = strpart(here, 0, at) .. lines[0]
  lines[-1] ..= strpart(here, at)
  setline(lnum, lines[0])
  append(lnum, lines[1 : ])
  cursor(lnum + len(lines) - 1, end + (mode()[0] == 'i' ? 1 : 0))
enddef

# ---- at its source ----

# Opens the article at the quote, to be read: 'readonly' keeps evidence from being changed by accident, and what an article from
# anywhere says in a modeline is not obeyed. The words why not, or ''.
export def Open(row: dict<any>): string
  if !filereadable(row.path)
    return 'the article is not there any more: ' .. row.path
  endif
  const nr = bufadd(row.path) # takes the name as it is, whatever characters it has
  const loaded = bufloaded(nr)
  const modeline = &g:modeline
  normal! m'
  &g:modeline = false # a new buffer begins with it
  try
    execute 'buffer' nr
  catch /^Vim\%((\a\+)\)\=:E37:/ # the one that is shown has changes and may not be hidden
    execute 'sbuffer' nr
  catch
    return 'the article cannot be opened: ' .. v:exception
  finally
    &g:modeline = modeline
  endtry
  if bufnr() != nr
    return 'the article cannot be opened: ' .. row.path
  endif
  &l:buflisted = true
  if !loaded
    &l:readonly = true
  endif
  cursor(max([1, min([row.record > 0 ? row.record : row.line, line('$')])]), 1)
  if row.record == 0 && row.column > 1 # the daemon counts characters, the editor bytes
    cursor(line('.'), max([0, byteidxcomp(getline('.'), row.column - 1)]) + 1)
  endif
  normal! zvzz
  return ''
enddef
