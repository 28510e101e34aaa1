" quotes.vim -- the commands. Nothing else happens until one of them is used: no connection, no key.
" Neovim has a plugin of its own and passes over this one.
if !has('vim9script') || !has('channel') || !has('popupwin') || exists('g:loaded_quotes')
  finish
endif
vim9script
g:loaded_quotes = 1

import autoload 'quotes.vim'

command! -nargs=? -complete=customlist,quotes.Complete QuotesBy quotes.By(<q-args>)
command! -nargs=? QuotesSearch quotes.Search(<q-args>)
command! -nargs=? -range -complete=customlist,quotes.Complete QuotesHover quotes.Hover(<q-args>, <range> > 0)
command! -nargs=0 QuotesStatus quotes.Status()

nnoremap <silent> <Plug>(quotes-hover) <Cmd>QuotesHover<CR>
xnoremap <silent> <Plug>(quotes-hover) :QuotesHover<CR>
