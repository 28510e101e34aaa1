;;; quotes-pkg.el --- What package.el knows of quotes  -*- no-byte-compile: t -*-
(define-package "quotes" "0.1.0" "Who said what, out of your own archive"
  '((emacs "27.1") (jsonrpc "1.0.14") (eldoc "1.11.0")))
;;; quotes-pkg.el ends here
