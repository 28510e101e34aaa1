vim9script
# json.vim -- members of what another program said: checked, not trusted. One that is missing or of another type is empty.

def Member(t: any, key: string, kind: number, otherwise: any): any
  const value = type(t) == v:t_dict ? t->get(key, otherwise) : otherwise
  return type(value) == kind ? value : otherwise
enddef

export def Text(t: any, key: string): string
  return Member(t, key, v:t_string, '')
enddef

export def Number(t: any, key: string): number
  return Member(t, key, v:t_number, 0)
enddef

export def List(t: any, key: string): list<any>
  return Member(t, key, v:t_list, [])
enddef

export def Table(t: any, key: string): dict<any>
  return Member(t, key, v:t_dict, {})
enddef

export def True(t: any, key: string): bool
  return Member(t, key, v:t_bool, false)
enddef
