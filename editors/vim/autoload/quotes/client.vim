vim9script
# client.vim -- asks the daemon over its socket, a line of JSON a message (docs/PROTOCOL.md), and never waits for it.
#
#   const id = client.Ask('by', {speaker: 'venn', limit: 3}, (err, result) => { ... })
#   client.Cancel(id)
#
# The connection is made by the first question and again after it was lost. Each question is answered once: by a result, or by
# err = {code, words}; `err` is empty when all is well. One that was cancelled is not answered any more. The other end is not
# trusted to be a daemon: what is not the protocol closes the connection.
#
# The channel is in `nl` mode. In Vim's `json` mode the other end can make Vim run commands (:help channel-commands).

import autoload 'quotes/json.vim'

export const CANCELLED = -32800
export const SHUTDOWN = -32002
export const NO_DAEMON = -10019
export const GONE = -10018
const TIMEOUT = -10021
const PROTOCOL = -10016

const SYSTEM = '/run/quoted/sock' # of a system service
const ANSWER_MAX = 64 * 1024 * 1024

var link: channel
var path = ''
var heard = 0                       # how many messages came on this connection
var last_id = 0
var greeting = 0                    # the id of `initialize` on it
var asked: dict<dict<any>> = {}     # questions on their way, by id
var Changed: func = null_function   # who wants to hear of changes,
var Lost: func = null_function      # and of the connection's end

# ---- where ----

# The sockets to try, as wire/paths.h has them; without /tmp, where anybody could put one, and Vim cannot tell whose it is.
export def Places(): list<string>
  const named = get(g:, 'quotes_socket', '') ?? $QUOTED_SOCKET
  if named != ''
    return [fnamemodify(substitute(named, '^\~/', $HOME .. '/', ''), ':p')]
  endif
  if $QUOTED_INDEX != ''
    const index = substitute(fnamemodify($QUOTED_INDEX, ':p'), '/\+$', '', '')
    if index != ($XDG_CACHE_HOME ?? $HOME .. '/.cache') .. '/quoted'
      return [index .. '.sock']
    endif
  endif
  var own = $XDG_RUNTIME_DIR
  if own == '' && filereadable('/proc/self/status')
    own = '/run/user/' .. matchstr(join(readfile('/proc/self/status'), "\n"), 'Uid:\s*\zs\d\+')
  endif
  return [own .. '/quoted/sock', SYSTEM]
enddef

# ---- the end of a question ----

def Finish(question: dict<any>, err: dict<any>, result: dict<any>)
  timer_stop(question.timer)
  if has_key(asked, question.id)
    remove(asked, question.id)
  endif
  question.done(err, result)
enddef

# The connection ends, and with it everything that was asked on it.
def Drop(code: number, words: string)
  const left = values(asked)
  const was_open = heard > 0
  asked = {}
  heard = 0
  if ch_status(link) == 'open'
    ch_close(link)
  endif
  link = null_channel
  for question in left
    Finish(question, {code: code, words: words}, {})
  endfor
  if was_open && Lost != null_function
    Lost(words)
  endif
enddef

# ---- reading ----

# The answer itself: it stands in the result or has come in parts before. False when it is neither.
def Whole(question: dict<any>, result: dict<any>): bool
  if !has_key(result, 'parts')
    return true
  endif
  const text = join(question.parts, '')
  try
    result.answer = json.Text(result, 'format') == 'json' ? json_decode(text) : text
  catch
    return false
  endtry
  return strlen(text) == json.Number(result, 'bytes')
enddef

def TakePart(params: dict<any>): bool
  var question = asked->get(string(json.Number(params, 'id')), {})
  const text = json.Text(params, 'text')
  if empty(question)
    return true # of one that was cancelled
  endif
  if text == '' || question.bytes + strlen(text) > ANSWER_MAX
    return false
  endif
  add(question.parts, text)
  question.bytes += strlen(text)
  return true
enddef

# One message. False when it is none of the protocol.
def Take(message: any): bool
  heard += 1
  const method = json.Text(message, 'method')
  if method == 'part'
    return TakePart(json.Table(message, 'params'))
  elseif method == 'changed' && Changed != null_function
    Changed()
  endif
  if method != ''
    return true
  endif
  const err = json.Table(message, 'error')
  var result = json.Table(message, 'result')
  if empty(err) && (type(message) != v:t_dict || type(message->get('result')) != v:t_dict)
    return false
  endif
  const refusal = empty(err) ? {} : {code: json.Number(err, 'code'), words: json.Text(err, 'message')}
  const id = json.Number(message, 'id')
  if id == 0 || (!empty(err) && id == greeting) # of the connection, not of a question
    if !empty(err)
      Drop(refusal.code, refusal.words)
    endif
    return !empty(err)
  endif
  var question = asked->get(string(id), {})
  if empty(question)
    return true # cancelled, or one of ours that nobody waits for
  endif
  if empty(err) && !Whole(question, result)
    return false
  endif
  Finish(question, refusal, result)
  return true
enddef

def OnLine(from: channel, line: string)
  if line == '' || from != link
    return
  endif
  var fine = false
  var message: any
  try
    message = json_decode(line)
    fine = true
  catch
  endtry
  if !fine || !Take(message)
    Drop(PROTOCOL, 'what answers at ' .. path .. ' does not speak the protocol of quoted')
  endif
enddef

def OnClose(from: channel)
  if from == link
    Drop(GONE, 'the daemon has gone')
  endif
enddef

# ---- writing ----

def Put(message: dict<any>)
  message.jsonrpc = '2.0'
  try
    ch_sendraw(link, json_encode(message) .. "\n")
  catch
  endtry
enddef

def NextId(): number
  last_id += 1
  return last_id
enddef

def Subscribe(on: bool)
  Put({id: NextId(), method: 'subscribe', params: {on: on}})
enddef

# The words why not, or ''.
def Open(): string
  if &encoding != 'utf-8'
    return "Vim's 'encoding' must be utf-8, or words would change"
  endif
  const places = Places()
  for place in places
    path = place
    try
      silent! link = ch_open('unix:' .. path, {mode: 'nl', callback: OnLine, close_cb: OnClose, timeout: 2000})
    catch
    endtry
    if ch_status(link) == 'open'
      greeting = NextId()
      Put({id: greeting, method: 'initialize', params: {protocol: 1, client: 'vim'}})
      if Changed != null_function
        Subscribe(true)
      endif
      return ''
    endif
  endfor
  path = places[0]
  return 'no daemon answers at ' .. path .. '. Start it with: systemctl --user start quoted (or: quotes status)'
enddef

# ---- what others call ----

# Milliseconds that an answer may take.
def Timeout(): number
  const own = get(g:, 'quotes_timeout', 5000)
  return type(own) == v:t_number && own > 0 ? own : 5000
enddef

def Withdraw(id: string)
  if ch_status(link) == 'open'
    Put({method: '$/cancelRequest', params: {id: str2nr(id)}})
  endif
enddef

export def Ask(method: string, params: dict<any>, Done: func(dict<any>, dict<any>)): string
  const id = string(NextId())
  if ch_status(link) != 'open'
    const why = Open()
    if why != ''
      asked[id] = {id: id, done: Done, timer: timer_start(0, (_) => {
        if has_key(asked, id)
          Finish(asked[id], {code: NO_DAEMON, words: why}, {})
        endif
      })}
      return id
    endif
  endif
  const patience = Timeout()
  const before = heard
  asked[id] = {id: id, done: Done, parts: [], bytes: 0, timer: timer_start(patience, (_) => {
    if has_key(asked, id)
      Withdraw(id)
      const silent_since = heard == before
      Finish(asked[id], {code: TIMEOUT, words: printf('the daemon did not answer within %.1f s', patience / 1000.0)}, {})
      if silent_since # nothing at all: it is of no further use
        Drop(GONE, 'the daemon has gone')
      endif
    endif
  })}
  Put({id: str2nr(id), method: method, params: params})
  return id
enddef

# The question is not answered any more. Nothing happens when it was, already.
export def Cancel(id: string)
  if has_key(asked, id)
    timer_stop(asked[id].timer)
    remove(asked, id)
    Withdraw(id)
  endif
enddef

# Hears of changes of the index, and of the connection's end, from now on; null_function: no more.
export def Watch(OnChange: func, OnLost: func)
  Changed = OnChange
  Lost = OnLost
  if ch_status(link) == 'open'
    Subscribe(OnChange != null_function)
  endif
enddef
