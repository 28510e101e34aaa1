vim9script
scriptencoding utf-8
# quotes.vim -- what the commands do.
import autoload 'quotes/client.vim'
import autoload 'quotes/json.vim'
import autoload 'quotes/name.vim'
import autoload 'quotes/picker.vim'
import autoload 'quotes/quote.vim'

# ---- pickers ----

const OPERATORS = ['OR', 'AND', 'NOT', 'NEAR', 'ADJ']

# While somebody types, the last word may be unfinished and stands for all that begin so, until a space follows; so does a
# quotation mark that is not closed yet.
export def WhileTyping(text: string): string
  var query = text
  const word = matchstr(text, '[^[:blank:]"()]*$')
  if index(OPERATORS, word) < 0 && word =~ '^-\?\%(\%(speaker\|title\|role\):\)\?[^-=~*/:][^=~*/:]*$'
    query ..= '*'
  endif
  return query .. (count(text, '"') % 2 == 1 ? '"' : '')
enddef

def AskBy(text: string): list<any>
  return ['by', {speaker: trim(text) .. (text =~ '[[:blank:]*]$' ? '' : '*')}]
enddef

def AskSearch(text: string): list<any>
  return ['search', {query: WhileTyping(text)}]
enddef

export def By(who: string)
  picker.Open(who, AskBy)
enddef

export def Search(query: string)
  picker.Open(query, AskSearch)
enddef

# ---- names on the command line ----

const COMPLETE_MS = 300 # nobody waits longer for a <Tab>

export def Complete(lead: string, line: string, position: number): list<string>
  const typed = matchstr(strpart(line, 0, position), 'Quotes\a*\s\+\zs.*$') ?? lead
  const before = strpart(typed, 0, strlen(typed) - strlen(lead)) # words that stand already; only the last one is completed
  var names: list<string> = []
  var done = false
  const id = client.Ask('speakers', {speaker: typed, limit: 30}, (err, result) => {
    done = true
    for speaker in json.List(result->get('answer'), 'speakers')
      const full = json.Text(speaker, 'name')
      if tolower(strpart(full, 0, strlen(before))) == tolower(before)
        add(names, strpart(full, strlen(before)))
      endif
    endfor
  })
  const start = reltime()
  while !done && reltimefloat(reltime(start)) * 1000 < COMPLETE_MS
    sleep 2m
  endwhile
  client.Cancel(id)
  return names
enddef

# ---- who is that? ----

const NAMES = 5 # of those that match

def HoverLines(who: string, answer: any): list<string>
  const people = json.List(answer, 'people')
  var quotes = json.List(answer, 'quotes')->mapnew((_, q) => quote.Of(q))
  var lines: list<string> = []
  if len(people) > 1
    add(lines, printf('%d people match “%s”:', len(people), who))
  endif
  for person in people[: NAMES - 1]
    const full = json.Text(person, 'name')
    const count = json.Number(person, 'quotes')
    const role = quotes->copy()->filter((_, q) => (q.name == full || q.person == full) && q.role != '')->get(0, {role: ''}).role # the newest
    add(lines, printf('%s%s — %d %s', full, role == '' ? '' : ', ' .. role, count, count == 1 ? 'quote' : 'quotes'))
  endfor
  if len(people) > NAMES
    add(lines, printf('and %d more', len(people) - NAMES))
  endif
  return extend(lines, quotes->mapnew((_, q) => quote.Label(q)))->map((_, line) => quote.Flat(line))
enddef

def ShowPopup(lines: list<string>)
  popup_atcursor(lines, {border: [], moved: 'any', maxwidth: 100, zindex: 150})
enddef

# Asks for one name after the other until somebody has it.
def AskNames(names: list<string>, i: number, from: list<any>)
  client.Ask('by', {speaker: names[i], limit: 3}, (err, result) => {
    if from != Here()
      return # the cursor has gone on
    endif
    const people = json.List(result->get('answer'), 'people')
    if !empty(err)
      ShowPopup(['quotes: ' .. quote.Flat(err.words)])
    elseif !empty(people)
      ShowPopup(HoverLines(names[i], result.answer))
    elseif i + 1 < len(names)
      AskNames(names, i + 1, from)
    else
      ShowPopup([printf('Nobody is quoted as “%s”.', quote.Flat(names[0]))])
    endif
  })
enddef

def Here(): list<any>
  return [win_getid(), bufnr()] + getcurpos()
enddef

export def Hover(who: string, selected: bool)
  const names = who != '' ? [who] : selected ? [name.Selected()] : name.Around(getline('.'), col('.') - 1)
  if get(names, 0, '') == ''
    picker.Warn('no name stands here')
    return
  endif
  AskNames(names, 0, Here())
enddef

# ---- how the daemon is ----

export def Status()
  client.Ask('status', {format: 'text'}, (err, result) => {
    ShowPopup(split(empty(err) ? json.Text(result, 'answer') : 'quotes: ' .. err.words, "\n"))
  })
enddef
