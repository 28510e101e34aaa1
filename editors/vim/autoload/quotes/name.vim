vim9script
scriptencoding utf-8
# name.vim -- which names may stand under the cursor: the longest capitalised run around it, in any script, and what is left of it
# when words at its ends turn out to be none of the name ("Yesterday Orla Venn").

const WORDS = 6 # of a run, on each side of the cursor
const MOST = 40 # questions that are worth asking

# Does a word that begins so stand for a name? With a capital it does, and with any letter of a script without capitals.
def Capital(char: string): bool
  return char != tolower(char) || (strlen(char) > 1 && toupper(char) == char)
enddef

# The words of a line: {from, to, capital, alone}, bytes from 0, `to` behind the last. "Al-Nadim" and "O’Neill" are one. Where words
# stand without spaces between (Chinese, Japanese, Korean) each character is one.
def WordsOf(line: string): list<dict<any>>
  var words: list<dict<any>> = []
  var at = 0
  var joined = false # the character before belongs to a word that may go on,
  var begins = false # after a hyphen or an apostrophe
  for char in split(line, '\zs')
    const class = charclass(char)
    const alone = class > 3
    const end = at + strlen(char)
    if class >= 2 && class != 3 && char != '_'
      if joined && !alone && !words[-1].alone
        words[-1].to = end
        words[-1].capital = words[-1].capital || (begins && Capital(char))
      else
        add(words, {from: at, to: end, capital: alone || Capital(char), alone: alone})
      endif
      joined = true
      begins = false
    elseif joined && index(['-', '’', "'", '‑'], char) >= 0
      begins = true
    else
      joined = false
      begins = false
    endif
    at = end
  endfor
  return words
enddef


# May the two stand in one name? Side by side, with blanks, or with the point of an initial between.
def Beside(line: string, a: dict<any>, b: dict<any>): bool
  const between = strpart(line, a.to, b.from - a.to)
  if between == ''
    return a.alone || b.alone
  endif
  return between =~ '^\s\+$' || (between =~ '^\.\s*$' && strcharlen(strpart(line, a.from, a.to - a.from)) <= 2)
enddef

# "de", "von", "bin" join parts of a name, when they are short and capitals stand around them.
def Particle(line: string, word: dict<any>): bool
  return strcharlen(strpart(line, word.from, word.to - word.from)) <= 3
enddef

# How far the run goes from `here` in steps of 1 or -1: the last word that is capitalised.
def RunEnd(line: string, words: list<dict<any>>, here: number, step: number): number
  var last = here
  for i in range(here + step, here + step * WORDS, step)
    if i < 0 || i >= len(words) || !Beside(line, words[min([i, i - step])], words[max([i, i - step])])
      break
    endif
    if words[i].capital
      last = i
    elseif !Particle(line, words[i])
      break
    endif
  endfor
  return last
enddef

# The names to ask for, the longest first. `column` is the cursor's byte, from 0.
export def Around(line: string, column: number): list<string>
  const words = WordsOf(line)
  const here = words->indexof((_, word) => column >= word.from && column < word.to)
  if here < 0 || (!words[here].capital && !Particle(line, words[here]))
    return []
  endif
  const from = RunEnd(line, words, here, -1)
  const to = RunEnd(line, words, here, 1)
  var names: list<string> = []
  for length in range(to - from, 0, -1)
    for first in range(max([from, here - length]), min([here, to - length]))
      const a = words[first]
      const b = words[first + length]
      if a.capital && b.capital && len(names) < MOST
        add(names, strpart(line, a.from, b.to - a.from)->substitute('[’'']s$', '', ''))
      endif
    endfor
  endfor
  return names
enddef

# What is selected, in one line.
export def Selected(): string
  const from = getpos("'<")
  const to = getpos("'>")
  var lines = getline(from[1], to[1])
  if empty(lines)
    return ''
  endif
  if visualmode() != 'V'
    const last = lines[-1]
    lines[-1] = strpart(last, 0, to[2] - 1 + strlen(matchstr(last, '^.', to[2] - 1)))
    lines[0] = strpart(lines[0], from[2] - 1)
  endif
  return trim(join(lines, ' '))
enddef
