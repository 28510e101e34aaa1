-- float.lua -- a small window of words at the cursor that goes when the cursor does.
local M = {}

local window

function M.close()
  if window and vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_win_close(window, true)
  end
  window = nil
end

-- How many lines of the screen they take.
local function height_of(lines, width)
  local height = 0
  for _, line in ipairs(lines) do
    height = height + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  return height
end

function M.show(lines)
  M.close()
  local widest = 1
  for _, line in ipairs(lines) do
    widest = math.max(widest, vim.fn.strdisplaywidth(line))
  end
  local width = math.max(1, math.min(widest, vim.o.columns - 4, 100))
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, true, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].filetype = 'quotes'
  local below = vim.o.lines - vim.fn.screenrow() - 3
  local above = vim.fn.screenrow() - 3
  local under = below >= above or below >= height_of(lines, width)
  window = vim.api.nvim_open_win(buffer, false, {
    relative = 'cursor',
    anchor = under and 'NW' or 'SW',
    row = under and 1 or 0,
    col = 0,
    width = width,
    height = math.max(1, math.min(height_of(lines, width), under and below or above)),
    style = 'minimal',
    border = 'single',
  })
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
  vim.api.nvim_create_autocmd({ 'CursorMoved', 'CursorMovedI', 'InsertEnter', 'BufLeave' }, {
    once = true,
    callback = M.close,
  })
end

return M
