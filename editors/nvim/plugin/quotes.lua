-- quotes.lua -- the commands. Nothing else happens until one of them is used: no connection, no key.
if vim.g.loaded_quotes or vim.fn.has('nvim-0.7') == 0 then
  return
end
vim.g.loaded_quotes = 1

local function command(name, run, options)
  vim.api.nvim_create_user_command(name, run, options)
end

command('QuotesBy', function(c) require('quotes').by(c.args) end, {
  nargs = '?',
  complete = function(...) return require('quotes').complete(...) end,
  desc = 'What somebody said',
})
command('QuotesSearch', function(c) require('quotes').search(c.args) end, { nargs = '?', desc = 'Quotes and articles that match' })
command('QuotesHover', function(c) require('quotes').hover(c.args, c.range > 0) end, {
  nargs = '?',
  range = true,
  complete = function(...) return require('quotes').complete(...) end,
  desc = 'Who is the name under the cursor?',
})
command('QuotesStatus', function() require('quotes').status() end, { desc = 'How the daemon is' })

vim.keymap.set('n', '<Plug>(quotes-hover)', '<Cmd>QuotesHover<CR>')
vim.keymap.set('x', '<Plug>(quotes-hover)', ':QuotesHover<CR>', { silent = true })
