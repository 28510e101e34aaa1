;;; quotes-autoloads.el --- Commands of quotes, before it is loaded  -*- lexical-binding: t -*-

;; package.el loads this when Emacs starts.  A test compares it with the cookies in quotes.el.

;;; Code:

(autoload 'quotes-by "quotes" "Choose one of somebody's quotes, and insert it with its attribution." t)
(autoload 'quotes-search "quotes" "Choose a quote while typing a query, and insert it with its attribution." t)
(autoload 'quotes-mode "quotes" "Say who the name at point is, through ElDoc." t)
(autoload 'quotes-hover "quotes" "Say in the echo area who the name at point is." t)
(autoload 'quotes-describe-at-point "quotes" "Show who the name at point is, and all that this person said." t)
(autoload 'quotes-status "quotes" "Show what the daemon and its index hold, and what it is doing." t)
(autoload 'quotes-command-map "quotes" "Commands of quotes." nil 'keymap)

(provide 'quotes-autoloads)
;;; quotes-autoloads.el ends here
