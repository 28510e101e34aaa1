;;; quotes.el --- Who said what, out of your own archive  -*- lexical-binding: t; -*-

;; Copyright (c) 2026 the quoted authors

;; Author: the quoted authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1") (jsonrpc "1.0.14") (eldoc "1.11.0"))
;; Keywords: convenience, matching, text
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; A thin client of `quoted', the daemon that indexes articles and the
;; quotations in them.
;;
;;   M-x quotes-by                 a person, then one of that person's quotes
;;   M-x quotes-search             quotes and passages, while you type
;;   M-x quotes-describe-at-point  who the name under point is
;;   M-x quotes-mode               the same through ElDoc, while you move
;;   M-x quotes-status             what the daemon holds
;;
;; A quote that was chosen is inserted with its attribution, in a form that
;; fits the major mode (`quotes-templates'); with a prefix argument you are
;; asked what to do with it.  Where none is chosen, what was typed is listed
;; in a buffer of `quotes-list-mode'.  No key is bound anywhere; bind
;; `quotes-command-map' if you want some:
;;
;;   (global-set-key (kbd "C-c q") 'quotes-command-map)
;;
;; The conversation is JSON-RPC over a Unix socket and wholly jsonrpc.el's.
;; What the daemon says is data: it is shown, inserted and compared, never
;; evaluated and never a format.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'seq)
(eval-when-compile (require 'subr-x))

(defgroup quotes nil
  "Who said what, out of your own archive."
  :group 'text
  :prefix "quotes-")

(defcustom quotes-socket nil
  "The socket of the daemon; nil looks where the command `quotes' looks."
  :type '(choice (const :tag "Where `quotes' looks" nil) file))

(defcustom quotes-timeout 5
  "Seconds that an answer may take."
  :type 'number)

(defcustom quotes-limit 50
  "How many candidates, and how many rows of a list, are asked for."
  :type 'integer)

(defcustom quotes-marks '("“" . "”")
  "The marks that are put around the words of a quote."
  :type '(cons string string))

(defcustom quotes-templates
  '((org-mode . quotes-format-org)
    (markdown-mode . quotes-format-markdown))
  "How a quote is written, by major mode.
The first mode that the buffer's mode is, or derives from, decides; where
there is none, `quotes-format-plain' does.  The function is called with the
quote and returns a text.  One that ends in a line break begins on a line
of its own.  See `quotes-quoted' and `quotes-attribution' for its parts,
and docs/OUTPUT.md for the members of a quote, a property list."
  :type '(alist :key-type symbol :value-type function))

(defface quotes-name '((t :inherit font-lock-function-name-face))
  "Face of the name of a speaker.")

(defface quotes-source '((t :inherit shadow))
  "Face of where a quote was found.")

;;;; What the daemon sends

(defun quotes--get (plist &rest keys)
  "Follow KEYS into PLIST and the property lists in it."
  (while (and keys plist)
    (setq plist (and (consp plist) (plist-get plist (pop keys)))))
  plist)

(defun quotes--list (value)
  "VALUE as a list, when it is an array."
  (and (vectorp value) (append value nil)))

(defun quotes--words (value)
  "VALUE with its line breaks undone; empty when it is no text."
  (if (stringp value)
      (string-trim (replace-regexp-in-string "[ \t]*[\n\r\v\f\u0085\u2028\u2029]+[ \t]*" " " value t t))
    ""))

(defun quotes--line (value)
  "VALUE as a line to be shown: without controls, nor any that turn the direction."
  (replace-regexp-in-string "[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+" " " (quotes--words value) t t))

(defun quotes--filled (value)
  "VALUE as a line, or nil when nothing is left of it."
  (let ((line (quotes--line value)))
    (unless (string= line "") line)))

(defun quotes--count (value)
  "VALUE when it is a count, else 0."
  (if (natnump value) value 0))

(defun quotes--shown (text)
  "TEXT for a line of ours: names written right to left draw none of it along."
  (if (string-match-p "\\cR" text)
      (replace-regexp-in-string "[,·:()]\\|\\'" "\u200e\\&" text)
    text))

(defun quotes--plural (count what)
  "COUNT and WHAT, in the plural unless it is one."
  (format "%d %s%s" count what (if (= count 1) "" "s")))

(defun quotes--speaker (quote)
  "Who said QUOTE, or nil."
  (let ((name (quotes--filled (quotes--get quote :speaker :name)))
        (person (quotes--filled (quotes--get quote :speaker :person))))
    (if (and name person) (format "%s (%s)" name person) name)))

(defun quotes--source (quote)
  "Where QUOTE stands, in words: title, outlet, date."
  (mapconcat #'identity
             (delq nil (list (or (quotes--filled (quotes--get quote :source :title))
                                 (quotes--filled (file-name-nondirectory
                                                  (quotes--words (quotes--get quote :source :path)))))
                             (quotes--filled (quotes--get quote :source :outlet))
                             (quotes--filled (quotes--get quote :source :date))))
             ", "))

;;;; Where the daemon is

(defconst quotes--system-socket "/run/quoted/sock"
  "Where the daemon of the whole system listens.")

(defun quotes--absolute (variable)
  "The absolute path in the environment VARIABLE, or nil."
  (let ((value (getenv variable)))
    (and value (string-prefix-p "/" value) value)))

(defun quotes--runtime-folder ()
  "The folder in which sockets of this person stand."
  (or (quotes--absolute "XDG_RUNTIME_DIR")
      (let ((folder (format "/run/user/%d" (user-uid))))
        (if (eql (file-attribute-user-id (file-attributes folder 'integer)) (user-uid))
            folder
          (format "/tmp/quoted-%d" (user-uid))))))

(defun quotes--private-socket (index)
  "The socket of the daemon of the folder INDEX."
  (let ((beside (concat index ".sock"))
        (hash #xcbf29ce484222325))
    (if (< (string-bytes beside) 108)
        beside
      (seq-doseq (byte (encode-coding-string index 'utf-8-emacs))
        (setq hash (logand (* (logxor hash byte) #x100000001b3) #xffffffffffffffff)))
      (format "%s/quoted/%016x.sock" (quotes--runtime-folder) hash))))

(defun quotes--index ()
  "The folder that QUOTED_INDEX names, unless it is this person's own index."
  (let* ((given (getenv "QUOTED_INDEX"))
         (index (and given (not (string= given ""))
                     (directory-file-name (expand-file-name given command-line-default-directory))))
         (cache (or (quotes--absolute "XDG_CACHE_HOME") (expand-file-name "~/.cache"))))
    (unless (equal index (concat cache "/quoted"))
      index)))

(defun quotes-socket-path ()
  "Return where the daemon's socket is: where it is for the command `quotes'.
Where nothing is named and this person has no daemon, it is the system's."
  (let ((named (or quotes-socket (getenv "QUOTED_SOCKET")))
        (index (quotes--index))
        (own (concat (quotes--runtime-folder) "/quoted/sock")))
    (cond ((and named (not (string= named ""))) (expand-file-name named command-line-default-directory))
          (index (quotes--private-socket index))
          ((or (file-exists-p own) (not (file-exists-p quotes--system-socket))) own)
          (t quotes--system-socket))))

(defun quotes--check-socket (path)
  "Signal an error when somebody else could have put the socket at PATH.
Emacs cannot ask who is at the other end, so the owners have to do."
  (let ((socket (file-attributes path 'integer))
        (folder (file-attributes (file-name-directory path) 'integer))
        (trusted (list 0 (user-uid))))
    (unless socket
      (user-error "No quoted listens at %s; start it with: systemctl --user start quoted, or: quotes status" path))
    (unless (and (string-prefix-p "s" (file-attribute-modes socket))
                 (memql (file-attribute-user-id socket) trusted))
      (user-error "%s is not a socket of yours; quotes does not ask there" path))
    (unless (or (string= path quotes--system-socket)
                (and (memql (file-attribute-user-id folder) trusted)
                     (string-match-p "\\`.....-..-.\\|[tT]\\'" (file-attribute-modes folder))))
      (user-error "Others may write to the folder of %s; quotes does not ask there" path))))

;;;; The conversation

(defconst quotes--most-waiting 32
  "How many answers may be waited for at once; the daemon allows 64.")

(defconst quotes--most-bytes (* 64 1024 1024)
  "How long the parts of an answer may be together.")

(defclass quotes--conversation (jsonrpc-process-connection)
  ((asked :initform 0 :accessor quotes--asked :documentation "The id of the newest request.")
   (parts :initform nil :accessor quotes--parts
          :documentation "For each request that waits, the parts that came, the newest first.")
   (why :initform nil :accessor quotes--why :documentation "Why it is not listened to any more."))
  "A connection to the daemon.")

(cl-defmethod jsonrpc-connection-send :before ((conn quotes--conversation) &key id &allow-other-keys)
  "Remember the ID of what is sent through CONN: its parts will carry it."
  (when id (setf (quotes--asked conn) id)))

(defvar quotes--connection nil
  "The connection to the daemon; it may have ended.")

(defvar quotes--people (make-hash-table :test 'equal)
  "Answers about names, for `quotes-eldoc-function'; until the index changes.")

(defun quotes--forget-people ()
  "Begin `quotes--people' anew.
Answers on their way go into the old one, which they may be as old as."
  (setq quotes--people (make-hash-table :test 'equal)))

(defun quotes--drop (conn why)
  "Listen to CONN no more, and say WHY to those who wait.
It is ended from a timer, because jsonrpc.el may be in the middle of it."
  (unless (quotes--why conn)
    (setf (quotes--why conn) why)
    (run-with-timer 0 nil #'delete-process (jsonrpc--process conn))))

(defun quotes--guard (filter process string)
  "Let FILTER read STRING from PROCESS.
When it cannot, the other end is no daemon of ours: the connection ends."
  (let ((conn (process-get process 'jsonrpc-connection)))
    (unless (quotes--why conn)
      (condition-case err
          (progn
            (funcall filter process string)
            (when (> (buffer-size (process-buffer process)) (* 4 1024 1024))
              (error "A message that does not end")))
        (error (quotes--drop conn (format "What answers is no quoted: %s" (error-message-string err))))))))

(defun quotes--hear (conn method params)
  "Hear METHOD with PARAMS, a notification of CONN."
  (pcase method
    ('part
     (let* ((id (quotes--get params :id))
            (text (quotes--get params :text))
            (parts (gethash id (quotes--parts conn) 'unknown)))
       (when (and (stringp text) (listp parts))
         (puthash id (cons text parts) (quotes--parts conn))
         (when (> (apply #'+ (mapcar #'length (cons text parts))) quotes--most-bytes)
           (quotes--drop conn "What answers is no quoted: an answer that does not end")))))
    ('changed
     (quotes--forget-people)
     (quotes--refresh-soon))))

(defun quotes--ended (conn)
  "Forget what was known through CONN, which ended, and what jsonrpc.el left of it.
Lists that are open are kept current: they need another connection."
  (quotes--forget-people)
  (kill-buffer (jsonrpc-events-buffer conn))
  (jsonrpc-shutdown conn t)
  (unless (quotes--why conn)
    (run-with-timer 1 nil #'quotes--reconnect 2)))

(defun quotes--reconnect (delay)
  "Connect when a list is open, or try again after DELAY seconds."
  (when (quotes--lists)
    (condition-case nil
        (quotes--connect)
      (error (run-with-timer delay nil #'quotes--reconnect (min 60 (* 2 delay)))))))

(defun quotes--open ()
  "A new connection to the daemon."
  (let ((path (quotes-socket-path))
        (process-adaptive-read-buffering nil)
        process conn)
    (quotes--check-socket path)
    (condition-case nil
        (setq process (make-network-process :name "quoted" :family 'local :service path
                                            :coding 'utf-8-emacs-unix :noquery t))
      (file-error
       (user-error "No quoted answers at %s; start it with: systemctl --user start quoted, or: quotes status" path)))
    ;; Buffers are named after the process: with one name, the end of this one would take those of the next.
    (setq conn (apply #'make-instance 'quotes--conversation :name (process-name process) :process process
                      :notification-dispatcher #'quotes--hear :on-shutdown #'quotes--ended
                      ;; No log: archives are private.  jsonrpc 1.0.21 renamed the setting.
                      (if (fboundp 'jsonrpc-convert-to-endpoint)
                          '(:events-buffer-config (:size 0 :format full))
                        '(:events-buffer-scrollback-size 0))))
    (setf (quotes--parts conn) (make-hash-table))
    (add-function :around (process-filter process) #'quotes--guard)
    (add-function :around (process-sentinel process)
                  (lambda (sentinel &rest args) (let ((inhibit-message t)) (apply sentinel args))))
    (jsonrpc-async-request conn 'initialize
                           `(:protocol 1 :client "quotes.el" ,@(when-let ((index (quotes--index))) `(:index ,index)))
                           :success-fn #'ignore
                           :error-fn (lambda (err)
                                       (unless (eql (quotes--get err :code) -1) ; it ended
                                         (quotes--drop conn (quotes--line (quotes--get err :message))))))
    (jsonrpc-async-request conn 'subscribe '(:on t) :success-fn #'ignore :error-fn #'ignore)
    (quotes--refresh-soon)
    conn))

(defun quotes--connect ()
  "The connection to the daemon; a new one where there is none."
  (if (and quotes--connection (jsonrpc-running-p quotes--connection))
      quotes--connection
    (setq quotes--connection (quotes--open))))

(defun quotes--whole (result parts)
  "RESULT with the answer in it that came in PARTS, the newest first."
  (if (and parts (quotes--get result :parts))
      (let ((text (apply #'concat (reverse parts))))
        (plist-put result :answer
                   (if (equal (quotes--get result :format) "json")
                       (json-parse-string text :object-type 'plist :null-object nil :false-object :json-false)
                     text)))
    result))

(defun quotes--ask (method params then otherwise)
  "Ask METHOD with PARAMS, and return at once.
THEN is called with the result, or OTHERWISE with a code and a sentence: when
there is none, and when THEN finds no sense in it.  The value is a function
that takes the question back."
  (let* ((conn (quotes--connect))
         (waiting (quotes--parts conn))
         id)
    (cl-flet ((fail (code sentence)
                    (remhash id waiting)
                    (funcall otherwise code (or (quotes--why conn) sentence))))
      (if (>= (hash-table-count waiting) quotes--most-waiting)
          (fail -10017 "Too much is asked at once")
        (condition-case err
            (progn
              (jsonrpc-async-request
               conn method params :timeout quotes-timeout
               :success-fn (lambda (result)
                             (let ((parts (gethash id waiting)))
                               (remhash id waiting)
                               (condition-case-unless-debug err
                                   (if (quotes--why conn)
                                       (fail nil nil)
                                     (funcall then (quotes--whole result parts)))
                                 (error (fail nil (format "What answers is no quoted: %s" (error-message-string err)))))))
               :error-fn (lambda (err)
                           (let ((code (quotes--get err :code)))
                             (fail code (if (eql code -1)
                                            "quoted ended before it answered"
                                          (quotes--line (quotes--get err :message))))))
               :timeout-fn (lambda ()
                             (fail -10022 (format "quoted did not answer within %s seconds" quotes-timeout))))
              (setq id (quotes--asked conn))
              (puthash id nil waiting))
          ;; The other end is gone, and Emacs had not heard of it.
          (error (fail -1 (error-message-string err))))))
    (lambda ()
      (remhash id waiting)
      (ignore-errors (jsonrpc-notify conn '$/cancelRequest (list :id id))))))

(defun quotes--listen ()
  "Wait a moment for the daemon to speak.
Return as soon as something came.  (Without a process Emacs would wait for
more of it, 10 ms; and jsonrpc.el since 1.0.21 calls us from a timer.)"
  (accept-process-output (jsonrpc--process quotes--connection) 0.01))

(defun quotes--await (start)
  "Call START with a function, wait until that is called, and return its argument.
START returns a function that is called when the person does not want to wait."
  (let* (answer
         (give-up (funcall start (lambda (value) (setq answer (list value)))))
         (read-process-output-max (max read-process-output-max (* 1024 1024))))
    (unwind-protect
        (while (not answer)
          (quotes--listen))
      (unless answer
        (funcall give-up)))
    (car answer)))

(defun quotes--answer (method params)
  "The result of METHOD with PARAMS, or an error for the person.
A daemon that ended is asked once more, because systemd starts it anew."
  (let ((tries 2) found)
    (while (not found)
      (setq tries (1- tries)
            found (quotes--await
                   (lambda (done)
                     (quotes--ask method params
                                  (lambda (result) (funcall done (list 'ok result)))
                                  (lambda (code sentence) (funcall done (list code sentence)))))))
      (unless (eq (car found) 'ok)
        (if (and (eql (car found) -1) (> tries 0))
            (setq found nil)
          (user-error "%s" (cadr found)))))
    (cadr found)))

;;;; A quote in words

(defun quotes-quoted (quote)
  "The words of QUOTE between `quotes-marks'.
Reported words that nobody put between marks are not given any, and
what no mark closes in the article is not closed."
  (let ((words (quotes--words (quotes--get quote :text))))
    (if (equal (quotes--get quote :kind) "indirect")
        words
      (concat (car quotes-marks) words
              (unless (eq (quotes--get quote :open) t) (cdr quotes-marks))))))

(defun quotes--voice (quote)
  "Who said QUOTE, as whom, told by whom; nil when nobody is named."
  (when-let ((name (quotes--speaker quote)))
    (let ((role (quotes--filled (quotes--get quote :speaker :role)))
          (told-by (and (equal (quotes--get quote :kind) "reported")
                        (or (quotes--filled (quotes--get quote :reported_by)) "somebody"))))
      (concat name (and role (concat ", " role)) (and told-by (concat ", as told by " told-by))))))

(defun quotes-attribution (quote)
  "Who said QUOTE, and where it stands: name, role (source)."
  (let ((voice (quotes--voice quote))
        (source (quotes--source quote)))
    (cond ((null voice) source)
          ((string= source "") voice)
          (t (format "%s (%s)" voice source)))))

(defun quotes-format-plain (quote)
  "QUOTE and its attribution in a line."
  (format "%s — %s" (quotes-quoted quote) (quotes-attribution quote)))

(defun quotes-format-org (quote)
  "QUOTE as a block of Org."
  (format "#+begin_quote\n%s\n\n— %s\n#+end_quote\n" (quotes-quoted quote) (quotes-attribution quote)))

(defun quotes-format-markdown (quote)
  "QUOTE as a block quotation of Markdown, what would be markup in it escaped."
  (cl-flet ((plain (text) (replace-regexp-in-string "[][\\`*_<&]" "\\\\\\&" text)))
    (format "> %s\n>\n> — %s\n" (plain (quotes-quoted quote)) (plain (quotes-attribution quote)))))

;;;; What can be done with a quote

(defun quotes--here ()
  "The quote at point."
  (or (get-text-property (point) 'quotes--quote)
      (user-error "There is no quote here")))

(defun quotes-insert (quote)
  "Insert QUOTE with its attribution, by `quotes-templates' for this mode."
  (barf-if-buffer-read-only)
  (let* ((row (seq-find (lambda (row) (derived-mode-p (car row))) quotes-templates))
         (text (substring-no-properties (funcall (if row (cdr row) #'quotes-format-plain) quote))))
    (unless (or (bolp) (not (string-suffix-p "\n" text)))
      (insert "\n"))
    (insert text)))

(defun quotes-copy (quote)
  "Put QUOTE with its attribution into the kill ring."
  (interactive (list (quotes--here)))
  (kill-new (quotes-format-plain quote))
  (message "Copied"))

(defun quotes-visit (quote)
  "Show QUOTE in its article."
  (interactive (list (quotes--here)))
  (let ((path (quotes--get quote :source :path))
        (line (max 1 (quotes--count (quotes--get quote :source :line))))
        (column (max 1 (quotes--count (quotes--get quote :source :column))))
        (words (quotes--get quote :text)))
    (unless (and (stringp path) (file-name-absolute-p path) (not (file-remote-p path)))
      (user-error "This quote has no file"))
    (unless (file-readable-p path)
      (user-error "%s cannot be read" (quotes--line path)))
    ;; An article is somebody else's text: it sets no variables here.
    (let ((enable-local-variables nil)
          (enable-local-eval nil)
          (enable-dir-local-variables nil)
          (find-file-wildcards nil))
      (find-file-other-window path))
    (widen)
    (push-mark nil t)
    (goto-char (point-min))
    (forward-line (1- line))
    (forward-char (min (1- column) (- (line-end-position) (point))))
    (when (and (stringp words) (not noninteractive))
      (pulse-momentary-highlight-region (point) (min (point-max) (+ (point) (length words)))))))

(defun quotes-context (quote)
  "Show the paragraphs round QUOTE."
  (interactive (list (quotes--here)))
  (let ((id (quotes--get quote :id)))
    (if (stringp id)
        (pop-to-buffer
         (quotes--show (format "context of “%s”" (truncate-string-to-width (quotes--line (quotes--get quote :text)) 40))
                       'context (list :id id :context 2) quote))
      (quotes-visit quote))))

(defun quotes--act (quote ask)
  "Insert QUOTE; or, when ASK, what the person chooses.
Where nothing can be inserted its context is shown."
  (pcase (cond (ask (car (read-multiple-choice "What to do with it" '((?i "insert") (?c "context") (?v "visit source")
                                                                      (?w "copy")))))
               (buffer-read-only ?c)
               (t ?i))
    (?i (quotes-insert quote))
    (?c (quotes-context quote))
    (?v (quotes-visit quote))
    (?w (quotes-copy quote))))

;;;; Candidates that the daemon finds

;; What is typed is a question to the daemon, so candidates need not begin with it, nor contain it.
;; This style leaves them as they are; it is the only one in our minibuffers, whatever completes
;; there: Emacs itself, Icomplete, Fido, Vertico.

(defun quotes--style-all (string table predicate _point)
  "All that the TABLE has for STRING and PREDICATE."
  (funcall table string predicate t))

(defun quotes--style-try (string table predicate point)
  "STRING and POINT as they are, or the only candidate in TABLE for PREDICATE."
  (let ((all (quotes--style-all string table predicate point)))
    (cond ((null all) nil)
          ((cdr all) (cons string point))
          ((string= (car all) string) t)
          (t (cons (car all) (length (car all)))))))

(add-to-list 'completion-styles-alist
             '(quotes quotes--style-try quotes--style-all "What the daemon finds for the text, in its order."))

(defun quotes--candidate (line value names)
  "LINE as a candidate for VALUE, told apart from those of other values in NAMES."
  (let ((candidate line) (n 1))
    (while (not (equal (gethash candidate names value) value))
      (setq candidate (format "%s <%d>" line (cl-incf n))))
    (puthash candidate value names)
    candidate))

(defun quotes--table (names category find affixes)
  "A completion table of CATEGORY.
FIND is called with what is typed and two functions: one for a list of
lines and their values, one for the code of a failure.  What each candidate
stands for is put into NAMES.  AFFIXES returns what stands before and
behind a value."
  (let ((known (make-hash-table :test 'equal)) ; what is typed -> candidates
        shown)
    (cl-labels
        ((look (typed)
           (when (eq (gethash typed known 'unknown) 'unknown)
             (let (ended)
               (funcall find typed
                        (lambda (rows)
                          (puthash typed (mapcar (lambda (row) (quotes--candidate (car row) (cdr row) names)) rows) known)
                          (setq ended t))
                        (lambda (code)
                          ;; Half a query is none: what was shown stays.  But one that another overtook may be asked again.
                          (unless (memql code '(-1 -32800))
                            (puthash typed shown known))
                          (setq ended t)))
               ;; A key ends the waiting, not the question: when the answer comes it is kept.
               (while-no-input
                 (while (not ended)
                   (quotes--listen)))))
           (setq shown (gethash typed known shown)))
         (around (line)
           (cons line (funcall affixes (gethash (substring-no-properties line) names)))))
      (lambda (typed predicate action)
        (pcase action
          ('metadata `(metadata (category . ,category)
                                (display-sort-function . identity)
                                (cycle-sort-function . identity)
                                (affixation-function . ,(lambda (lines) (mapcar #'around lines)))
                                (annotation-function . ,(lambda (line) (nth 2 (around line))))))
          (`(boundaries . ,_) nil)
          ('lambda (gethash typed names))
          ('t (seq-filter (or predicate #'identity) (look typed)))
          (_ (let ((try (quotes--style-try typed (lambda (&rest _) (look typed)) nil 0)))
               (if (consp try) (car try) try))))))))

(defun quotes--read (prompt category history find affixes)
  "Read with PROMPT one of CATEGORY that FIND can find.
See `quotes--table' for FIND and AFFIXES.  HISTORY is a variable.  The value
is what the candidate stands for, or the text that was typed when it is none."
  (let* ((names (make-hash-table :test 'equal))
         (typed (minibuffer-with-setup-hook
                    (:append
                     (lambda ()
                       (setq-local completion-styles '(quotes)
                                   completion-category-defaults nil
                                   completion-category-overrides nil)
                       ;; A query has spaces and question marks in it.
                       (let ((map (make-sparse-keymap)))
                         (set-keymap-parent map (current-local-map))
                         (define-key map " " #'self-insert-command)
                         (define-key map "?" #'self-insert-command)
                         (use-local-map map))))
                  (completing-read prompt (quotes--table names category find affixes) nil nil nil history))))
    (or (gethash (substring-no-properties typed) names)
        (substring-no-properties typed))))

(defun quotes--affixes (quote)
  "What stands before and behind QUOTE among the candidates."
  (list (propertize (concat (truncate-string-to-width (or (quotes--speaker quote) "—") 20 nil ?\s "…") "\u200e  ")
                    'face 'quotes-name)
        (propertize (concat "\u200e  " (quotes--shown (quotes--source quote))) 'face 'quotes-source)))

(defun quotes--passage (document passage)
  "The PASSAGE of DOCUMENT in the form of a quote of nobody."
  (list :text (quotes--get passage :text) :kind "passage"
        :highlights (quotes--get passage :highlights)
        :source (list :path (quotes--get document :path) :title (quotes--get document :title)
                      :date (quotes--get document :date) :outlet (quotes--get document :outlet)
                      :line (quotes--get passage :line) :column (quotes--get passage :column))))

(defun quotes--quotes (result)
  "The quotes in RESULT; of an article in which none matches, its passages."
  (let ((answer (quotes--get result :answer)))
    (append (quotes--list (quotes--get answer :quotes))
            (mapcan (lambda (document)
                      (or (quotes--list (quotes--get document :quotes))
                          (mapcar (lambda (passage) (quotes--passage document passage))
                                  (quotes--list (quotes--get document :passages)))))
                    (quotes--list (quotes--get answer :documents))))))

(defun quotes--find (method params then failed)
  "Ask METHOD with PARAMS for candidates.
THEN is called with the result, or FAILED with a code.  A newer question
takes the place of one that is not answered."
  (condition-case err
      (quotes--ask method `(,@params :limit ,quotes-limit :group "picker" :deadline_ms ,(round (* 1000 quotes-timeout)))
                   then
                   (lambda (code _sentence) (funcall failed code)))
    (user-error
     (message "%s" (error-message-string err))
     (funcall failed -1))))

(defun quotes--unfinished (typed)
  "TYPED as a query whose last word may go on."
  (let ((query (string-trim-left typed)))
    (if (string-match-p "\\(?:\\`\\|[ (]\\)[[:alnum:]]\\{2,\\}\\'" query)
        (concat query "*")
      (string-trim query))))

(defun quotes--find-quotes (method params typed then failed)
  "Find quotes by METHOD with PARAMS that match TYPED; call THEN or FAILED."
  (let ((query (quotes--unfinished typed)))
    (if (and (eq method 'search) (string= query ""))
        (funcall then nil)
      (quotes--find method `(,@params ,@(unless (string= query "") (list :query query)))
                    (lambda (result)
                      (funcall then (mapcar (lambda (quote)
                                              (cons (truncate-string-to-width
                                                     (quotes--line (quotes--get quote :text)) 240 nil nil "…")
                                                    quote))
                                            (quotes--quotes result))))
                    failed))))

(defun quotes--find-speakers (typed then failed)
  "Find those whose names have words that begin with TYPED; call THEN or FAILED."
  (let ((name (string-trim typed)))
    (quotes--find 'speakers (unless (string= name "") (list :speaker name))
                  (lambda (result)
                    (funcall then (mapcar (lambda (speaker)
                                            (cons (quotes--line (quotes--get speaker :name)) speaker))
                                          (quotes--list (quotes--get result :answer :speakers)))))
                  failed)))

(defun quotes--speaker-affixes (speaker)
  "What stands before and behind SPEAKER among the candidates."
  (let ((years (delete-dups (mapcar (lambda (key) (car (split-string (quotes--line (quotes--get speaker key)) "-")))
                                    '(:first :last)))))
    (list ""
          (propertize (format "\u200e  %s  %s"
                              (quotes--plural (quotes--count (quotes--get speaker :quotes)) "quote")
                              (mapconcat #'identity (delete "" years) "–"))
                      'face 'quotes-source))))

(defvar quotes--speaker-history nil
  "Names that were typed.")

(defvar quotes--query-history nil
  "Queries that were typed.")

;;;###autoload
(defun quotes-by (name &optional arg)
  "Choose one of the quotes of NAME, and insert it with its attribution.
With a prefix argument ARG, ask what to do with it.  Where none is chosen,
those are listed that match what was typed; all of them when that is nothing."
  (interactive (let ((arg current-prefix-arg)
                     (speaker (progn
                                (quotes--connect)
                                (quotes--read "Quotes by: " 'quote-speaker 'quotes--speaker-history
                                              #'quotes--find-speakers #'quotes--speaker-affixes))))
                 (list (if (stringp speaker) (string-trim speaker) (quotes--line (quotes--get speaker :name))) arg)))
  (when (string= name "")
    (user-error "There is no name to look for"))
  (let ((chosen (quotes--read (format "Quotes by %s: " name) 'quote 'quotes--query-history
                              (apply-partially #'quotes--find-quotes 'by (list :speaker name))
                              #'quotes--affixes)))
    (if (stringp chosen)
        (let ((query (quotes--unfinished chosen)))
          (quotes-list 'by `(:speaker ,name ,@(unless (string= query "") (list :query query)))))
      (quotes--act chosen arg))))

;;;###autoload
(defun quotes-search (query &optional arg)
  "Choose a quote that matches QUERY, and insert it with its attribution.
Candidates change as you type; the last word may go on, unless a space ends
it.  With a prefix argument ARG, ask what to do with the quote.  Where none
is chosen, articles that match what was typed are listed."
  (interactive (let* ((arg current-prefix-arg)
                      (chosen (progn
                                (quotes--connect)
                                (quotes--read "Search quotes: " 'quote 'quotes--query-history
                                              (apply-partially #'quotes--find-quotes 'search nil) #'quotes--affixes))))
                 (list (if (stringp chosen) (quotes--unfinished chosen) chosen) arg)))
  (cond ((not (stringp query)) (quotes--act query arg))
        ((string= query "") (user-error "There is nothing to look for"))
        (t (quotes-list 'search (list :query query)))))

;;;; Lists

(defvar-local quotes--question nil
  "In a list: title, method, parameters, and the quote whose context it is.")

(defvar-local quotes--origin nil
  "In a list: the buffer it came from, where quotes are inserted.")

(defvar quotes-list-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'quotes-visit)
    (define-key map "i" #'quotes-list-insert)
    (define-key map "w" #'quotes-copy)
    (define-key map "c" #'quotes-context)
    (define-key map "n" #'quotes-list-next)
    (define-key map "p" #'quotes-list-previous)
    map)
  "Keys of `quotes-list-mode'.")

(define-derived-mode quotes-list-mode special-mode "Quotes"
  "Quotes that were found.  The list follows the index.
\\{quotes-list-mode-map}"
  (setq-local revert-buffer-function #'quotes--revert)
  (setq truncate-lines nil)
  (visual-line-mode))

(defun quotes--lists ()
  "All buffers that list quotes."
  (seq-filter (lambda (buffer) (eq (buffer-local-value 'major-mode buffer) 'quotes-list-mode)) (buffer-list)))

(defun quotes--highlight (text ranges)
  "Put a face on RANGES, which count the bytes of TEXT, in a copy of it."
  (if (not (stringp text))
      ""
    (let ((bytes (encode-coding-string text 'utf-8-emacs-unix)))
      (cl-flet ((place (byte) (length (decode-coding-string (substring bytes 0 (min (quotes--count byte) (length bytes)))
                                                            'utf-8-emacs-unix))))
        (setq text (copy-sequence text))
        (dolist (range (mapcar #'quotes--list (quotes--list ranges)) text)
          (let ((start (place (nth 0 range))) (end (place (nth 1 range))))
            (when (< start end)
              (add-face-text-property start end 'match nil text))))))))

(defun quotes--insert-row (quote)
  "Insert QUOTE as one of a list."
  (let ((start (point))
        (passage (equal (quotes--get quote :kind) "passage")))
    (if passage
        (insert (quotes--line (quotes--highlight (quotes--get quote :text) (quotes--get quote :highlights))) "\n    ")
      (insert (quotes-quoted quote) "\n    "
              (propertize (quotes--shown (or (quotes--voice quote) "speaker unknown")) 'face 'quotes-name) " · "))
    (insert (propertize (format "%s · %s:%d" (quotes--shown (quotes--source quote))
                                (quotes--line (file-name-nondirectory (quotes--words (quotes--get quote :source :path))))
                                (quotes--count (quotes--get quote :source :line)))
                        'face 'quotes-source)
            "\n")
    (put-text-property start (point) 'quotes--quote quote)
    (insert "\n")))

(defun quotes--insert-context (context quote)
  "Insert the paragraphs of CONTEXT, which is that of QUOTE."
  (dolist (paragraph (quotes--list (quotes--get context :paragraphs)))
    (let ((start (point)))
      (insert (quotes--line (quotes--highlight (quotes--get paragraph :text) (quotes--get paragraph :highlights))) "\n")
      (put-text-property start (point) 'quotes--quote
                         (if (eq (quotes--get paragraph :quote) t)
                             quote
                           (quotes--passage context paragraph)))
      (insert "\n"))))

(defun quotes--fill (result)
  "Show RESULT in this buffer, a list; point stays at its quote."
  (pcase-let ((`(,title ,method ,_ ,quote) quotes--question)
              (inhibit-read-only t)
              (here (get-text-property (point) 'quotes--quote))
              (rows (quotes--quotes result)))
    (erase-buffer)
    (insert (propertize title 'face 'bold)
            (if (eq method 'context)
                ""
              (format ": %s%s"
                      (quotes--plural (quotes--count (quotes--get result :found)) (if (eq method 'by) "quote" "article"))
                      (if (< (quotes--count (quotes--get result :shown)) (quotes--count (quotes--get result :found)))
                          (format ", the first %d" (quotes--count (quotes--get result :shown)))
                        "")))
            "\n")
    (when (eq method 'by)
      (dolist (person (quotes--list (quotes--get result :answer :people)))
        (insert (propertize (quotes--shown (quotes--line (quotes--get person :name))) 'face 'quotes-name)
                (format " (%d)  " (quotes--count (quotes--get person :quotes)))))
      (insert "\n"))
    (insert "\n")
    (if (eq method 'context)
        (dolist (context (quotes--list (quotes--get result :answer :contexts)))
          (quotes--insert-context context quote))
      (mapc #'quotes--insert-row rows))
    (goto-char (or (and here (text-property-any (point-min) (point-max) 'quotes--quote
                                                (seq-find (lambda (row) (equal row here)) rows)))
                   (next-single-property-change (point-min) 'quotes--quote)
                   (point-min)))
    (dolist (window (get-buffer-window-list nil nil t))
      (set-window-point window (point)))))

(defun quotes--show (title method params &optional quote)
  "Return a buffer called TITLE with the answer of METHOD to PARAMS.
QUOTE is the one whose context it is."
  (let* ((result (quotes--answer method params))
         (origin (or quotes--origin (current-buffer)))
         (meant (mapcar #'quotes--line (quotes--list (quotes--get result :did_you_mean)))))
    (when (eql (quotes--get result :found) 0)
      (user-error "Nothing found for %s%s" title
                  (if meant (format "; did you mean: %s?" (mapconcat #'identity meant ", ")) "")))
    (with-current-buffer (get-buffer-create (format "*quotes: %s*" title))
      (quotes-list-mode)
      (setq quotes--question (list title method params quote)
            quotes--origin origin)
      (quotes--fill result)
      (current-buffer))))

(defun quotes-list (method params)
  "List what METHOD, the symbol `by' or `search', answers to PARAMS, a plist."
  (pop-to-buffer (quotes--show (quotes--line (mapconcat #'identity (delq nil (list (plist-get params :speaker)
                                                                                   (plist-get params :query)))
                                                        " "))
                               method (plist-put (copy-sequence params) :limit quotes-limit))))

(defun quotes--revert (&rest _)
  "Ask anew for the rows of this list."
  (quotes--fill (quotes--answer (nth 1 quotes--question) (nth 2 quotes--question))))

(defvar quotes--refreshing nil
  "Non-nil when lists are to be refreshed soon.")

(defun quotes--refresh-soon ()
  "Refresh all lists in a moment: once, however much happens until then."
  (unless quotes--refreshing
    (setq quotes--refreshing (run-with-timer 0.3 nil #'quotes--refresh))))

(defun quotes--refresh ()
  "Ask anew for the rows of every list, without waiting for them."
  (setq quotes--refreshing nil)
  (dolist (buffer (quotes--lists))
    (with-current-buffer buffer
      (when quotes--question
        (ignore-errors
          (quotes--ask (nth 1 quotes--question) (nth 2 quotes--question)
                       (lambda (result)
                         (when (buffer-live-p buffer)
                           (with-current-buffer buffer (quotes--fill result))))
                       #'ignore))))))

(defun quotes-list-insert (quote)
  "Insert QUOTE where the list came from."
  (interactive (list (quotes--here)))
  (unless (buffer-live-p quotes--origin)
    (user-error "The buffer that this list came from is gone"))
  (let ((window (get-buffer-window quotes--origin)))
    (with-current-buffer quotes--origin
      (when window (goto-char (window-point window)))
      (quotes-insert quote)
      (when window (set-window-point window (point)))
      (message "Inserted into %s" (buffer-name)))))

(defun quotes-list-next ()
  "Move to the next quote."
  (interactive)
  (let* ((end (if (get-text-property (point) 'quotes--quote)
                  (next-single-property-change (point) 'quotes--quote nil (point-max))
                (point)))
         (next (next-single-property-change end 'quotes--quote)))
    (if next (goto-char next) (user-error "This is the last quote"))))

(defun quotes-list-previous ()
  "Move to the previous quote."
  (interactive)
  (let* ((start (if (get-text-property (point) 'quotes--quote)
                    (previous-single-property-change (1+ (point)) 'quotes--quote nil (point-min))
                  (point)))
         (end (previous-single-property-change start 'quotes--quote)))
    (if end
        (goto-char (previous-single-property-change end 'quotes--quote nil (point-min)))
      (user-error "This is the first quote"))))

;;;; The name under point

(defconst quotes--word
  (concat "\\(?:[[:upper:]]\\.\\)+"           ; J. or J.K.
          "\\|[[:alpha:]]+\\(?:['’ʼ·‐‑\u200c\u200d-][[:alpha:]]+\\)*")
  "A word of a name.")

(defconst quotes--particles
  (regexp-opt '("af" "al" "av" "bin" "da" "das" "de" "del" "della" "den" "der" "di" "do" "dos" "du" "e" "el" "ibn" "la"
                "le" "ter" "ten" "van" "von" "y" "zu")
              'string)
  "What stands uncapitalized between the words of a name.")

(defconst quotes--unspaced "[ก-๿ຠ-ໟက-႟ក-៿ぁ-ヿ㐀-鿿]"
  "Letters of scripts that put no space between words.")

(defun quotes--words-around ()
  "The words round point of which a name may be made.
A list of (START END CAPITALIZED), in the text's order.  Only spaces stand
between them, and each is capitalized or may stand between such words."
  (let ((here (point))
        (case-fold-search nil)
        words past)
    (save-excursion
      (goto-char (max (point-min) (- here 200)))
      (unless (bobp)
        (skip-chars-forward "[:alpha:]"))
      (while (and (not past) (re-search-forward quotes--word (min (point-max) (+ here 200)) t))
        (let* ((start (match-beginning 0))
               (end (match-end 0))
               (text (match-string-no-properties 0))
               ;; Not in lower case: a script without case has only such words.
               (capitalized (save-match-data (string-match-p "\\`[^[:lower:]]\\|['’-][[:upper:]]" text)))
               (joined (and words
                            (string-match-p "\\`\\(?:[ \t\u00a0]+\n?\\|\n\\)[ \t]*\\'"
                                            (buffer-substring-no-properties (nth 1 (car words)) start)))))
          (cond ((and (> start here) (not joined)) (setq past t))
                ((or capitalized (and joined (string-match-p quotes--particles text)))
                 (setq words (cons (list start end capitalized) (and joined words))))
                ((> start here) (setq past t))
                (t (setq words nil))))))
    (nreverse words)))

(defun quotes--pieces (start end)
  "The pieces of the text from START to END that point is in, the longest first.
That is how names are looked for where no spaces stand between words."
  (let (pieces)
    (dolist (length '(2 3 4 5 6) pieces)
      (dolist (from (number-sequence (max start (- (point) length -1)) (min (point) (- end length))))
        (push (buffer-substring-no-properties from (+ from length)) pieces)))))

(defun quotes--names-here ()
  "What may be a name at point, the longest first.
It is the region, or any run of the words round point."
  (if (use-region-p)
      (let ((text (quotes--words (buffer-substring-no-properties (region-beginning) (region-end)))))
        (and (< 0 (length text) 200) (list text)))
    (let* ((words (quotes--words-around))
           (at (seq-position words (point) (lambda (word point) (<= (nth 0 word) point (nth 1 word)))))
           names)
      (when at
        (dolist (from (nthcdr (max 0 (- at 4)) (seq-take words (1+ at))))
          (dolist (to (seq-take (nthcdr at words) 5))
            (when (and (nth 2 from) (nth 2 to))
              (push (quotes--words (buffer-substring-no-properties (nth 0 from) (nth 1 to))) names))))
        (setq names (seq-sort-by #'length #'> names))
        (pcase-let ((`(,start ,end ,_) (nth at words)))
          (if (string-match-p quotes--unspaced (buffer-substring-no-properties start end))
              (append names (quotes--pieces start end))
            names))))))

(defun quotes--who (names then)
  "Find the first of NAMES that somebody has, without ever waiting.
THEN is called with the answer about that name, or with nil and, where that
is why, a sentence about what went wrong."
  (let* ((people quotes--people)
         (known (and names (gethash (car names) people 'unknown))))
    (cond ((null names) (funcall then nil))
          ((eq known 'unknown)
           (when (> (hash-table-count people) 1000)
             (clrhash people))
           (quotes--ask 'by (list :speaker (car names) :limit 3 :deadline_ms 1000)
                        (lambda (result)
                          (puthash (car names) result people)
                          (quotes--who names then))
                        (lambda (_code sentence) (funcall then nil sentence))))
          ((> (quotes--count (quotes--get known :found)) 0) (funcall then known))
          (t (quotes--who (cdr names) then)))))

(defun quotes--who-text (result)
  "RESULT of `quotes--who' in a few lines: who, how many quotes, the newest."
  (let* ((people (quotes--list (quotes--get result :answer :people)))
         (quotes (quotes--quotes result))
         (role (and (null (cdr people))
                    (seq-some (lambda (quote) (quotes--filled (quotes--get quote :speaker :role))) quotes))))
    (mapconcat
     #'identity
     (cons (concat (mapconcat (lambda (person)
                                (format "%s (%s)"
                                        (propertize (quotes--shown (quotes--line (quotes--get person :name)))
                                                    'face 'quotes-name)
                                        (quotes--plural (quotes--count (quotes--get person :quotes)) "quote")))
                              (seq-take people 5) ", ")
                   (if (nthcdr 5 people) (format " and %d others" (length (nthcdr 5 people))) "")
                   (if role (concat ", " role) ""))
           (mapcar (lambda (quote)
                     (format "%s%s  %s"
                             (if (cdr people) (quotes--shown (concat (or (quotes--speaker quote) "") ": ")) "")
                             (quotes--shown (truncate-string-to-width (quotes-quoted quote) 100 nil nil "…"))
                             (propertize (quotes--shown (quotes--source quote)) 'face 'quotes-source)))
                   quotes))
     "\n")))

(defvar quotes--silent-until 0
  "Until when `quotes-eldoc-function' does not try to find the daemon again.")

(defun quotes-eldoc-function (callback &rest _)
  "Tell CALLBACK who the name at point is; for `eldoc-documentation-functions'."
  (when-let ((names (and (> (float-time) quotes--silent-until) (quotes--names-here))))
    (condition-case nil
        (progn
          (quotes--who names (lambda (result &rest _) (funcall callback (and result (quotes--who-text result)))))
          t)
      (error (setq quotes--silent-until (+ (float-time) 10))
             nil))))

;;;###autoload
(define-minor-mode quotes-mode
  "Say who the name at point is, and what that person said last, through ElDoc."
  :lighter nil
  (if quotes-mode
      (progn
        (add-hook 'eldoc-documentation-functions #'quotes-eldoc-function 90 t)
        (eldoc-mode))
    (remove-hook 'eldoc-documentation-functions #'quotes-eldoc-function t)))

;;;###autoload
(defun quotes-hover ()
  "Say in the echo area who the name at point is, as soon as that is known."
  (interactive)
  (let ((names (or (quotes--names-here) (user-error "There is no name here"))))
    (quotes--who names (lambda (result &optional trouble)
                         (message "%s" (cond (result (quotes--who-text result))
                                             (trouble)
                                             (t (format "Nobody called %s is quoted" (car names)))))))))

;;;###autoload
(defun quotes-describe-at-point ()
  "Show who the name at point is, and all that this person said."
  (interactive)
  (let* ((names (or (quotes--names-here) (user-error "There is no name here")))
         (name (or (seq-find (lambda (name)
                               (< 0 (quotes--count (quotes--get (quotes--answer 'by (list :speaker name :count t))
                                                                :found))))
                             names)
                   (user-error "Nobody called %s is quoted" (car names)))))
    (display-buffer (quotes--show name 'by (list :speaker name :limit quotes-limit)))))

;;;###autoload
(defun quotes-status ()
  "Show what the daemon and its index hold, and what it is doing."
  (interactive)
  (let ((text (quotes--get (quotes--answer 'status '(:format "text")) :answer)))
    (with-current-buffer (get-buffer-create "*quotes status*")
      (special-mode)
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert (mapconcat #'quotes--line (split-string (if (stringp text) text "") "\n") "\n"))
        (goto-char (point-min)))
      (display-buffer (current-buffer)))))

;;;###autoload (autoload 'quotes-command-map "quotes" "Commands of quotes." nil 'keymap)
(defvar quotes-command-map
  (let ((map (make-sparse-keymap)))
    (define-key map "b" #'quotes-by)
    (define-key map "s" #'quotes-search)
    (define-key map "d" #'quotes-describe-at-point)
    (define-key map "h" #'quotes-hover)
    (define-key map "?" #'quotes-status)
    map)
  "Commands of quotes, for a key of your choice.")
(defalias 'quotes-command-map quotes-command-map)

(provide 'quotes)
;;; quotes.el ends here
