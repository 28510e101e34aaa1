;;; quotes-test.el --- quotes.el as its commands are used  -*- lexical-binding: t -*-

;; Run by tests/t_emacs.py, which starts the daemon and writes the archive that is asked here.
;; Keys are typed by `execute-kbd-macro'; what goes wrong on the wire is arranged by fake.py.

(require 'ert)
(require 'cl-lib)
(require 'checkdoc)
(require 'org)
(require 'quotes)

(defconst q-dir (getenv "QUOTES_TEST_DIR"))
(defconst q-here (file-name-directory load-file-name))
(defconst q-source (expand-file-name "../../../editors/emacs/" q-here))
(define-derived-mode markdown-mode text-mode "Markdown") ; Debian's Emacs has none of its own
(global-set-key (kbd "C-c q") 'quotes-command-map)
(setq create-lockfiles nil make-backup-files nil minibuffer-message-timeout 0)

;;;; Helpers

(defun q-type (&rest keys)
  "Type KEYS: a text as it is, a list of one as key names."
  (execute-kbd-macro (apply #'vconcat (mapcar (lambda (key) (if (listp key) (kbd (car key)) key)) keys))))

(defmacro q-in (mode text &rest body)
  "With a selected buffer in MODE that holds TEXT, point at its |, do BODY."
  (declare (indent 2))
  `(save-window-excursion
     (let ((q-buffer (generate-new-buffer "draft")))
       (unwind-protect
           (progn
             (switch-to-buffer q-buffer)
             (funcall ,mode)
             (insert ,text)
             (when (search-backward "|" nil t) (delete-char 1))
             ,@body)
         (with-current-buffer q-buffer (set-buffer-modified-p nil))
         (kill-buffer q-buffer)))))

(defun q-wait (what)
  "Wait until WHAT returns something, for a minute at most, and return it."
  (let ((end (+ (float-time) 60)) value)
    (while (not (or (setq value (funcall what)) (> (float-time) end)))
      (accept-process-output nil 0.02))
    (or value (error "Waited in vain for %S" what))))

(defun q-fails (function)
  "The sentence of the `user-error' that FUNCTION ends with."
  (error-message-string (should-error (let ((debug-on-error nil)) (funcall function)) :type 'user-error)))

(defun q-settle ()
  "Wait until no list is about to be refreshed, so that what comes next has another cause."
  (q-wait (lambda () (not (or quotes--refreshing (> (hash-table-count (quotes--parts quotes--connection)) 0))))))

(defun q-drop ()
  "Let go of the connection, as a new Emacs has none."
  (when (and quotes--connection (jsonrpc-running-p quotes--connection))
    (setf (quotes--why quotes--connection) "the test ended")
    (delete-process (jsonrpc--process quotes--connection)))
  (setq quotes--connection nil quotes--silent-until 0)
  (quotes--forget-people)
  (mapc #'kill-buffer (quotes--lists)))

(defun q-start (program &rest args)
  "Start PROGRAM with ARGS."
  (make-process :name program :buffer (generate-new-buffer " *child*") :command (cons program args) :noquery t
                :connection-type 'pipe))

(defun q-kill (process)
  "End PROCESS, at once, and wait for it."
  (signal-process process 'KILL)
  (q-wait (lambda () (not (process-live-p process)))))

(defmacro q-fake (mode &rest body)
  "Do BODY with a daemon that behaves as fake.py does in MODE; its process is `q-daemon'."
  (declare (indent 1))
  `(let* ((quotes-socket (make-temp-name (concat q-dir "/fake")))
          (q-daemon (q-start "python3" (concat q-here "fake.py") quotes-socket ,mode))
          trouble)
     (q-drop)
     (unwind-protect
         ;; ERT sets `debug-on-error', and jsonrpc.el then does not catch what it catches otherwise.
         (let ((debug-on-error nil))
           (condition-case err
               (progn
                 (q-wait (lambda () (with-current-buffer (process-buffer q-daemon) (> (buffer-size) 0))))
                 ,@body)
             (error (setq trouble err))))
       (q-drop)
       (when (process-live-p q-daemon) (q-kill q-daemon))
       (kill-buffer (process-buffer q-daemon)))
     (when trouble (signal (car trouble) (cdr trouble)))))

(defun q-spin (what)
  "Wait until WHAT returns something, for a minute at most, while Emacs reads and runs nothing else."
  (let ((end (+ (float-time) 60)))
    (while (not (funcall what))
      (when (> (float-time) end) (error "Waited in vain"))
      (call-process "sleep" nil nil nil "0.02"))))

(defun q-real (place)
  "Start a daemon of our own in PLACE, and wait until it answers, without Emacs hearing of anything else."
  (let* ((process-environment (append (list (concat "QUOTED_INDEX=" place "/index") (concat "QUOTED_SOCKET=" place "/sock"))
                                      process-environment))
         (process (q-start (concat (getenv "B") "/quoted"))))
    (q-spin (lambda () (eql 0 (call-process (concat (getenv "B") "/quotes") nil nil nil "status" "--no-daemon"))))
    process))

(defun q-kill-unheard (process)
  "End PROCESS, at once, without Emacs's Lisp hearing of it."
  (signal-process process 'KILL)
  (q-spin (lambda () (not (eql 0 (signal-process (process-id process) 0))))))

(defun q-quotes (&rest args)
  "What the command `quotes' prints for ARGS."
  (with-temp-buffer
    (let ((coding-system-for-read 'utf-8))
      (apply #'call-process (concat (getenv "B") "/quotes") nil t nil args))
    (buffer-string)))

(defun q-text ()
  (buffer-substring-no-properties (point-min) (point-max)))

(defconst q-bridge "“The bridge will stay open,” — Mara Ellison, the harbour master of Lindholm (Pier, 2025-04-03)")

;;;; Choosing and inserting

(ert-deftest q-01-by ()
  "A name is completed, one of the person's quotes chosen, and inserted with its attribution"
  (q-in #'text-mode ""
    (q-type '("C-c q b") "mara" '("TAB RET") "bridge" '("TAB RET"))
    (should (equal (q-text) q-bridge))))

(ert-deftest q-02-by-part ()
  "A part of a name will do, in any script"
  (dolist (row '(("королева" "" "Мост будет открыт" "Вера Королёва, министр") ("vautrin" "pont" "Le pont restera ouvert" "Émile Vautrin")
                 ("小林" "" "橋は開いたままです" "小林花子") ("حداد" "" "سيبقى الجسر مفتوحا" "ليلى حداد")))
    (q-in #'text-mode ""
      (q-type '("C-c q b") (nth 0 row) '("RET") (nth 1 row) '("TAB RET"))
      (should (string-prefix-p (format "“%s” — %s" (nth 2 row) (nth 3 row)) (q-text))))))

(ert-deftest q-03-search ()
  "A search finds what begins as the last word does, and its choice is inserted"
  (q-in #'text-mode ""
    (q-type '("C-c q s") "bridge op" '("SPC DEL TAB RET"))
    (should (equal (q-text) q-bridge))))

(ert-deftest q-04-candidates ()
  "Candidates stand in the daemon's order, with who and where beside them, and know their category"
  (let* ((table (quotes--table (make-hash-table :test 'equal) 'quote (apply-partially #'quotes--find-quotes 'search nil)
                               #'quotes--affixes))
         (completion-styles '(quotes))
         (meta (completion-metadata "bri" table nil))
         (all (completion-all-completions "bri" table nil 3 meta)))
    (should (eq (completion-metadata-get meta 'category) 'quote))
    (should (= (length all) 2))
    (should (eq (completion-metadata-get meta 'display-sort-function) #'identity))
    (let ((row (assoc "The bridge will stay open," (funcall (completion-metadata-get meta 'affixation-function) all))))
      (should (string-prefix-p "Mara Ellison" (nth 1 row)))
      (should (string-match-p "Pier, 2025-04-03" (nth 2 row)))
      (should (equal (nth 2 row) (funcall (completion-metadata-get meta 'annotation-function) (car row)))))
    (should-not (completion-all-completions "zzzz" table nil 4 meta))
    ;; Half a query is an error of the daemon: what was shown stays.
    (should (equal all (progn (completion-all-completions "bri" table nil 3 meta)
                              (completion-all-completions "bri (" table nil 5 meta))))))

(ert-deftest q-05-org ()
  "In Org it is a block on lines of its own"
  (q-in #'org-mode "We heard:|"
    (q-type '("C-c q s") "bridge open" '("TAB RET"))
    (should (equal (q-text) (concat "We heard:\n#+begin_quote\n“The bridge will stay open,”\n\n"
                                    "— Mara Ellison, the harbour master of Lindholm (Pier, 2025-04-03)\n#+end_quote\n")))
    (should (eq (org-element-type (org-element-at-point)) 'quote-block))))

(ert-deftest q-06-markdown ()
  "In Markdown it is a block quotation, and nothing of it is markup"
  (q-in #'markdown-mode ""
    (q-type '("C-c q b") "joran pike" '("RET TAB RET"))
    (should (equal (q-text) (concat "> “The \\*bold\\* \\<b>bridge\\</b> of snake\\_case,”\n>\n"
                                    "> — Joran Pike (Star, 2025-04-07)\n")))))

(ert-deftest q-07-template ()
  "A template of the person's own decides, and its properties are left behind"
  (let ((quotes-templates '((text-mode . (lambda (quote) (propertize (quotes--get quote :id) 'face 'bold))))))
    (q-in #'text-mode ""
      (q-type '("C-c q s") "bridge open" '("TAB RET"))
      (should (string-match-p "\\`[a-z0-9]\\{12\\}\\'" (q-text)))
      (should-not (text-properties-at (point-min))))))

(ert-deftest q-08-text-is-text ()
  "Percent signs, backslashes, key notations and controls arrive as they are, and are shown without harm"
  (q-in #'text-mode ""
    (q-type '("C-c q b") "mara" '("RET") "paid" '("TAB RET"))
    (should (string-prefix-p "“We paid 100% of it: %s, %d and %n, \\[save-buffer] and `\\\\n`,” — Mara Ellison" (q-text)))
    (erase-buffer)
    (q-type '("C-c q b") "okafor" '("RET TAB RET"))
    (should (string-prefix-p "“Red \e[31mletters\e[0m and\a bells,” — Tilda Okafor" (q-text))))
  (let ((table (quotes--table (make-hash-table :test 'equal) 'quote (apply-partially #'quotes--find-quotes 'search nil)
                              #'quotes--affixes)))
    (should (equal (all-completions "bells" table) '("Red  [31mletters [0m and  bells,")))))

(ert-deftest q-09-passage ()
  "Where an article matches and no quote in it does, its passage is offered"
  (q-in #'text-mode ""
    (q-type '("C-c q s") "zeppelin" '("TAB RET"))
    (should (equal (q-text) "“The zeppelin stays in its hangar, and nobody spoke of it.” — Rain, 2025-04-09"))))

(ert-deftest q-10-prefix ()
  "With a prefix argument one is asked what to do: copy, context, source"
  (q-in #'text-mode ""
    (q-type '("C-u C-c q s") "bridge open" '("TAB RET w"))
    (should (equal (q-text) ""))
    (should (equal (current-kill 0) q-bridge))
    (q-type '("C-u C-c q b") "mara" '("RET") "bridge" '("TAB RET v"))
    (should (equal (file-name-nondirectory buffer-file-name) "pier.txt"))
    (should (looking-at "The bridge will stay open,"))
    (kill-buffer)))

(ert-deftest q-11-read-only ()
  "In a buffer that is read-only the context is shown instead"
  (q-in #'special-mode ""
    (q-type '("C-c q s") "bridge open" '("TAB RET"))
    (should (derived-mode-p 'quotes-list-mode))
    (should (string-match-p "The council met on Tuesday" (q-text)))
    (q-drop)))

;;;; Lists

(ert-deftest q-20-list ()
  "What is typed and none of the candidates is listed: n, p, RET, i, w, c and g"
  (q-in #'text-mode "Draft: |"
    (q-type '("C-c q b") "ellison" '("RET RET"))
    (should (derived-mode-p 'quotes-list-mode))
    (should (string-match-p "\\`ellison: 2 quotes\nMara Ellison (2)" (q-text)))
    (should (looking-at "“The bridge"))
    (q-type '("n"))
    (should (looking-at "“We paid"))
    (q-type '("p"))
    (should (looking-at "“The bridge"))
    (should (string-match-p "first" (q-fails (lambda () (q-type '("p"))))))
    (q-type '("w"))
    (should (equal (current-kill 0) q-bridge))
    (q-type '("i"))
    (with-current-buffer q-buffer (should (equal (q-text) (concat "Draft: " q-bridge))))
    (q-type '("n g"))
    (should (looking-at "“We paid"))
    (save-window-excursion
      (q-type '("c"))
      (should (string-match-p "Nobody\\|council\\|bridge" (q-text))))
    (q-type '("RET"))
    (should (looking-at "We paid 100%"))
    (kill-buffer)
    (q-drop)))

(ert-deftest q-21-list-search ()
  "A query is listed as candidates were shown for it, with passages and what matches in them"
  (q-in #'text-mode ""
    (q-type '("C-c q s") "zepp" '("RET"))
    (should (string-match-p "\\`zepp\\*: 1 article\n" (q-text)))
    (goto-char (point-min))
    (search-forward "zeppelin")
    (should (memq 'match (ensure-list (get-text-property (1- (point)) 'face))))
    (should-not (memq 'match (ensure-list (get-text-property (point) 'face))))
    (q-drop))
  (should (string-match-p "Nothing found for zepelin; did you mean: zeppelin\\?"
                          (q-fails (lambda () (quotes-search "zepelin"))))))

(ert-deftest q-22-highlight ()
  "What is highlighted is counted in bytes, also behind letters of several"
  (should (equal-including-properties (quotes--highlight "Été là" [[6 7]])
                                      #("Été là" 4 5 (face match))))
  (dolist (odd '(nil 5 [5] [[nil 2]] [["a" "b"]] [[4 999999]] [[-3 2]] [[3 1]]))
    (should (equal (quotes--highlight "Été là" odd) "Été là"))))

(ert-deftest q-23-changed ()
  "A list follows the index when it changes"
  (q-in #'text-mode ""
    (with-temp-file (concat q-dir "/new.txt") (insert "New\n\n“It begins,” said Hana Ishigo.\n"))
    (q-quotes "add" (concat q-dir "/new.txt"))
    (quotes-list 'by '(:speaker "Ishigo"))
    (let ((list (current-buffer)))
      (should (string-match-p "1 quote\n" (q-text)))
      (q-settle)
      (with-temp-file (concat q-dir "/newer.txt") (insert "Newer\n\n“It goes on,” said Hana Ishigo.\n"))
      (q-quotes "add" (concat q-dir "/newer.txt"))
      (q-wait (lambda () (with-current-buffer list (string-match-p "It goes on" (q-text)))))
      (should (string-match-p "2 quotes\n" (q-text)))
      (should (looking-at "“It begins")))
    (q-drop)))

(ert-deftest q-24-parts ()
  "An answer that comes in parts is whole, and equal to what the command prints"
  (let* ((result (quotes--answer 'by '(:speaker "Quintal")))
         (whole (json-parse-string (q-quotes "by" "Quintal" "--limit=0" "--json") :object-type 'plist :null-object nil
                                   :false-object :json-false)))
    (should (> (quotes--get result :parts) 1))
    (should (= (length (quotes--get whole :quotes)) 300))
    (should (equal (quotes--get result :answer) whole))
    (should (= (hash-table-count (quotes--parts quotes--connection)) 0)))
  (let ((text (quotes--answer 'by '(:speaker "Quintal" :format "text"))))
    (should (> (quotes--get text :parts) 1))
    (should (string-match-p "number 299 .*été" (quotes--get text :answer)))))

;;;; The name under point

(ert-deftest q-30-names ()
  "What may be a name: the capitalized words round point, particles between them, the region"
  (dolist (row '(("Yesterday Mara |Ellison said" "Yesterday Mara Ellison" "Mara Ellison" "Ellison")
                 ("said É|mile de Vautrin." "Émile de Vautrin" "Émile")
                 ("Mara\nElli|son" "Mara Ellison" "Ellison")
                 ("Mara. Elli|son" "Ellison")
                 ("Mara\n\nElli|son" "Ellison")
                 ("by J. K. Ow|en-O’Neil, who" "J. K. Owen-O’Neil" "K. Owen-O’Neil" "Owen-O’Neil")
                 ("Вера Короле|ва сказала" "Вера Королева" "Королева")
                 ("no na|me here")
                 ("|") ("Ellison said | so") ("12|3")))
    (with-temp-buffer
      (insert (car row))
      (goto-char (point-min))
      (search-forward "|")
      (delete-char -1)
      (should (equal (cons (car row) (quotes--names-here)) row))))
  (with-temp-buffer
    (insert "the harbour master")
    (transient-mark-mode)
    (set-mark (point-min))
    (should (equal (quotes--names-here) '("the harbour master")))))

(ert-deftest q-31-eldoc ()
  "ElDoc says who it is, how many quotes, and the newest of them, in any script; and nothing for a stranger"
  (dolist (row '(("Yesterday Mara Elli|son said" "Mara Ellison (2 quotes), the harbour master of Lindholm\n.*“The bridge will stay open,”  Pier, 2025-04-03")
                 ("昨日、小林|花子は述べた" "小林花子 (1 quote)\n“橋は")
                 ("قالت ليلى حد|اد" "ليلى حداد\u200e (1 quote)")
                 ("la mairie d’Émile Vau|trin" "Émile Vautrin (1 quote), le maire")
                 ("Somebody El|se" nil)))
    (q-in #'text-mode (car row)
      (let (said)
        (quotes-mode)
        (should (eq (run-hook-with-args-until-success 'eldoc-documentation-functions
                                                      (lambda (text &rest _) (setq said (list text))))
                    t))
        (q-wait (lambda () said))
        (if (nth 1 row)
            (should (string-match-p (nth 1 row) (replace-regexp-in-string "\n“We paid.*" "" (car said))))
          (should-not (car said)))
        ;; The second time it is known, and said before the function returns.
        (setq said nil)
        (quotes-eldoc-function (lambda (text &rest _) (setq said (list text))))
        (should said)
        (quotes-mode -1)
        (should-not (memq #'quotes-eldoc-function eldoc-documentation-functions))))))

(ert-deftest q-32-eldoc-shows ()
  "ElDoc itself shows it, percent signs and all"
  (q-in #'text-mode "Mara Elli|son"
    (let* (shown
           (eldoc-message-function (lambda (format &rest args) (when format (setq shown (apply #'format format args)))))
           (eldoc-echo-area-use-multiline-p t))
      (quotes-mode)
      (setq this-command nil last-command 'forward-char)
      (cl-letf (((symbol-function 'eldoc-display-message-no-interference-p) #'always))
        (eldoc-print-current-symbol-info)
        (q-wait (lambda () shown))
        (should (string-match-p "Mara Ellison" shown))))))

(ert-deftest q-33-hover ()
  "The hover says the same, or that nobody of that name is quoted"
  (let (said)
    (cl-letf (((symbol-function 'message) (lambda (&rest args) (setq said (apply #'format-message args)))))
      (q-in #'text-mode "Mara Elli|son"
        (q-type '("C-c q h"))
        (q-wait (lambda () said))
        (should (string-match-p "100% of it: %s, %d and %n" said)))
      (setq said nil)
      (q-in #'text-mode "Somebody El|se"
        (q-type '("C-c q h"))
        (q-wait (lambda () said))
        (should (equal said "Nobody called Somebody Else is quoted")))))
  (q-in #'text-mode "no na|me"
    (should (equal (q-fails #'quotes-hover) "There is no name here"))))

(ert-deftest q-34-describe ()
  "The description lists all that the person said, and leaves point where it was"
  (q-in #'text-mode "said Mara Elli|son of it"
    (q-type '("C-c q d"))
    (should (eq (current-buffer) q-buffer))
    (with-current-buffer "*quotes: Mara Ellison*"
      (should (string-match-p "\\`Mara Ellison: 2 quotes\n" (q-text))))
    (q-drop))
  (q-in #'text-mode "Somebody El|se"
    (should (equal (q-fails #'quotes-describe-at-point) "Nobody called Somebody Else is quoted"))))

(ert-deftest q-35-status ()
  "The status shows what the daemon holds"
  (q-in #'text-mode ""
    (q-type '("C-c q ?"))
    (with-current-buffer "*quotes status*"
      (should (string-match-p "^quoted [0-9.]+, pid [0-9]+" (q-text)))
      (should (string-match-p (concat "^archive   " q-dir "/archive") (q-text))))))

;;;; In words

(ert-deftest q-40-attribution ()
  "Who told it is named, who is only a role has the person beside it, and reported words get no marks"
  (let ((source '(:title "Pier" :date "2025-04" :outlet "The Mole")))
    (dolist (row `(("“No.” — Orla Venn, as told by Joran Pike (Pier, The Mole, 2025-04)"
                    :kind "reported" :speaker (:name "Orla Venn") :reported_by "Joran Pike")
                   ("“No.” — Orla Venn, as told by somebody (Pier, The Mole, 2025-04)"
                    :kind "reported" :speaker (:name "Orla Venn") :reported_by nil)
                   ("“No.” — mayor (Orla Venn) (Pier, The Mole, 2025-04)"
                    :kind "direct" :speaker (:name "mayor" :person "Orla Venn"))
                   ("“No.” — Pier, The Mole, 2025-04" :kind "direct" :speaker nil)
                   ("No. — Orla Venn (Pier, The Mole, 2025-04)" :kind "indirect" :speaker (:name "Orla Venn"))))
      (should (equal (quotes-format-plain `(,@(cdr row) :text "No." :source ,source)) (car row)))))
  (should (equal (quotes-quoted '(:kind "direct" :text "a \n  line\r\nbroken")) "“a line broken”"))
  (should (equal (quotes-quoted '(:kind "direct" :text "It goes on" :open t)) "“It goes on"))
  (should (equal (quotes-attribution '(:speaker (:name "A\u202eB\nC") :source (:path "/x/y.txt"))) "A B C (y.txt)")))

;;;; Where the daemon is

(ert-deftest q-50-socket ()
  "The socket is where the command `quotes' finds it"
  (let ((long (concat q-dir "/" (make-string 90 ?é))))
    (dolist (env `(("QUOTED_INDEX=" "QUOTED_SOCKET=/nowhere/named.sock") ("QUOTED_INDEX=/nowhere/index/" "QUOTED_SOCKET=")
                   (,(concat "QUOTED_INDEX=" long) "QUOTED_SOCKET=")
                   ("QUOTED_INDEX=/nowhere/cache/quoted" "XDG_CACHE_HOME=/nowhere/cache" "QUOTED_SOCKET=")
                   ("QUOTED_INDEX=" "QUOTED_SOCKET=" "XDG_RUNTIME_DIR=/nowhere/run")
                   ("QUOTED_INDEX=" "QUOTED_SOCKET=" "XDG_RUNTIME_DIR=")))
      (let ((process-environment (append (mapcar (lambda (set) (encode-coding-string set 'utf-8)) env) process-environment)))
        (should (string-match-p (concat (regexp-quote (quotes-socket-path)) "\\([^a-z0-9./]\\|\\'\\)")
                                (q-quotes "status" "--no-daemon"))))))
  (let ((quotes-socket "/nowhere/mine"))
    (should (equal (quotes-socket-path) "/nowhere/mine"))))

(ert-deftest q-51-strangers ()
  "A socket that somebody else could have put there is not asked"
  (let ((folder (make-temp-file (concat q-dir "/open") t)))
    (with-temp-file (concat folder "/plain"))
    (should (string-match-p "is not a socket of yours" (q-fails (lambda () (quotes--check-socket (concat folder "/plain"))))))
    (make-symbolic-link (quotes-socket-path) (concat folder "/link"))
    (should (string-match-p "is not a socket of yours" (q-fails (lambda () (quotes--check-socket (concat folder "/link"))))))
    (let ((socket (make-network-process :name "s" :family 'local :service (concat folder "/s") :server t :noquery t)))
      (should-not (quotes--check-socket (concat folder "/s")))
      (dolist (mode '(#o777 #o770 #o702))
        (set-file-modes folder mode)
        (should (string-match-p "Others may write" (q-fails (lambda () (quotes--check-socket (concat folder "/s")))))))
      (set-file-modes folder #o1777)
      (should-not (quotes--check-socket (concat folder "/s")))
      (delete-process socket))))

(ert-deftest q-52-strangers-own ()
  "Nor is one that belongs to somebody else"
  (skip-unless (= (user-uid) 0))
  (let* ((folder (make-temp-file (concat q-dir "/own") t))
         (socket (make-network-process :name "s" :family 'local :service (concat folder "/s") :server t :noquery t)))
    (should-not (quotes--check-socket (concat folder "/s")))
    (call-process "chown" nil nil nil "12345" (concat folder "/s"))
    (should (string-match-p "is not a socket of yours" (q-fails (lambda () (quotes--check-socket (concat folder "/s"))))))
    (delete-process socket)))

;;;; No daemon, a daemon that ends, one that is slow

(ert-deftest q-60-none ()
  "Without a daemon every command says what to do, and ElDoc says nothing"
  (let ((quotes-socket (concat q-dir "/none")))
    (q-drop)
    (q-in #'text-mode "Mara Elli|son"
      (dolist (command '(quotes-by quotes-search quotes-hover quotes-describe-at-point quotes-status))
        (should (string-match-p "No quoted listens at .*/none; start it with: systemctl --user start quoted, or: quotes status"
                                (q-fails (lambda () (call-interactively command))))))
      (should-not (quotes-eldoc-function (lambda (&rest _) (error "Told"))))
      (should (> quotes--silent-until (float-time))))
    (q-drop)))

(ert-deftest q-61-restart ()
  "A daemon that was killed is named as gone; one that came again is asked, and lists follow it unasked"
  (let* ((place (make-temp-file (concat q-dir "/again") t))
         (process-environment (append (list (concat "QUOTED_INDEX=" place "/index") (concat "QUOTED_SOCKET=" place "/sock"))
                                      process-environment))
         (daemon (q-real place)))
    (q-drop)
    (with-temp-file (concat place "/a.txt") (insert "A\n\n“It stands,” said Radu Pavlik.\n"))
    (q-quotes "add" (concat place "/a.txt"))
    (q-in #'text-mode ""
      (quotes-list 'by '(:speaker "pavlik"))
      (should (string-match-p "It stands" (q-text)))
      ;; Killed and started while Emacs looks elsewhere: the question is asked once more.
      (q-kill-unheard daemon)
      (let ((old quotes--connection))
        (setq daemon (q-real place))
        (should (jsonrpc-running-p old)) ; as far as Emacs knows
        (should (= 1 (quotes--get (quotes--answer 'by '(:speaker "pavlik")) :found)))
        (should-not (eq quotes--connection old)))
      ;; Killed and away: a sentence.
      (q-settle)
      (q-kill daemon)
      (should (string-match-p "No quoted \\(answers\\|listens\\) at" (q-fails #'quotes--revert)))
      ;; Away for a while, then here again: the list hears of what came meanwhile.
      (setq daemon (q-real place))
      (with-temp-file (concat place "/b.txt") (insert "B\n\n“It stands again,” said Radu Pavlik.\n"))
      (q-quotes "add" (concat place "/b.txt"))
      (q-wait (lambda () (string-match-p "It stands again" (q-text))))
      (q-kill daemon))
    (q-drop)))

(ert-deftest q-62-died-midway ()
  "A daemon that dies over a question ends the waiting"
  (let ((quotes-timeout 100))
    (q-fake "mute"
      (run-with-timer 0.2 nil (lambda () (signal-process q-daemon 'KILL)))
      (should (string-match-p "No quoted\\|ended before" (q-fails (lambda () (quotes-search "x"))))))))

(ert-deftest q-63-mute ()
  "A daemon that never answers is waited for no longer than `quotes-timeout'"
  (let ((quotes-timeout 0.2))
    (q-fake "mute"
      (should (equal (q-fails (lambda () (quotes-search "x"))) "quoted did not answer within 0.2 seconds"))
      (should (= (hash-table-count (quotes--parts quotes--connection)) 0)))))

(ert-deftest q-64-typing ()
  "A slow daemon does not hold up typing, and its late answer is there when it has come"
  (let ((quotes-timeout 100))
    (q-fake "late"
      (let ((table (quotes--table (make-hash-table :test 'equal) 'quote (apply-partially #'quotes--find-quotes 'search nil)
                                  #'quotes--affixes))
            (start (float-time)))
        (let ((unread-command-events (list ?x)))
          (should-not (all-completions "bridge" table)))
        (should (< (- (float-time) start) 0.9))
        (sleep-for 2)
        (setf (quotes--why quotes--connection) nil)
        (let ((unread-command-events (list ?x)))
          (should (equal (all-completions "bridge" table) '("The bridge stays,"))))))))

(ert-deftest q-65-many ()
  "Who asks too much at once is told so, and the daemon's limit is not reached"
  (let ((quotes-timeout 100) refused)
    (q-fake "mute"
      (dotimes (_ 40)
        (quotes--ask 'status '(:format "text") #'ignore (lambda (code _) (push code refused))))
      (should (equal refused (make-list 8 -10017))))))

;;;; What is no daemon of ours

(defun q-everything ()
  "Use what there is with whatever answers; nothing but a `user-error' may come of it."
  (q-in #'text-mode "Tilda Oka|for"
    (dolist (use (list (lambda () (quotes-list 'by '(:speaker "okafor")) (ignore-errors (quotes-list-insert (quotes--here))))
                       (lambda () (quotes-search "bridge"))
                       (lambda () (q-type '("C-c q s") "bridge" '("TAB C-g")))
                       (lambda () (quotes-describe-at-point))
                       (lambda () (quotes-status))
                       (lambda () (quotes-hover))
                       (lambda () (quotes-visit '(:text "x" :source (:path "/ssh:nowhere:/x"))))))
      (condition-case nil
          (save-window-excursion (with-current-buffer q-buffer (funcall use)))
        (user-error nil)
        (quit nil)))))

(ert-deftest q-70-good ()
  "Control: the same server, well behaved, is understood"
  (q-fake "good"
    (q-in #'text-mode ""
      (q-type '("C-c q s") "bridge" '("TAB RET"))
      (should (equal (q-text) "“The bridge stays,” — Tilda Okafor (Pier, 2025-04-03)")))
    (q-everything)
    (with-current-buffer (process-buffer q-daemon)
      (should (string-match-p "\"group\": ?\"picker\"" (q-text))))))

(ert-deftest q-71-shapes ()
  "Answers of the wrong shape neither break Emacs nor hang it"
  (let ((quotes-timeout 0.1))
    (dolist (shape '("5" "null" "[]" "\"x\"" "{\"answer\":5}" "{\"found\":-1,\"shown\":\"x\",\"answer\":[]}"
                     "{\"found\":1,\"answer\":{\"quotes\":5,\"people\":7,\"documents\":[[],5,{\"quotes\":[],\"passages\":[1]}]}}"
                     "{\"found\":1e99,\"answer\":{\"quotes\":[5,null,[],\"x\",{\"text\":5,\"speaker\":\"x\",\"source\":[]}]}}"
                     "{\"found\":2,\"answer\":{\"people\":[1,{\"name\":[]}],\"quotes\":[{\"text\":\"x\",\"source\":{\"path\":\"/ssh:a:/b\",\"line\":-5}}]}}"
                     "{\"found\":1,\"format\":\"json\",\"parts\":3}" "{\"found\":0,\"did_you_mean\":[5,\"%s\"]}"))
      (q-fake (concat "SHAPE:" shape) (q-everything)))))

(ert-deftest q-72-garbage ()
  "Bytes that are no answer end the connection or the waiting, and Emacs goes on"
  (let ((quotes-timeout 0.1))
    (dolist (raw '("HTTP/1.1 400 Bad Request\\r\\n\\r\\n" "Content-Length: 5\\r\\n\\r\\n{{{{{" "Content-Length: -1\\r\\n\\r\\n"
                   "Content-Length: 4\\r\\n\\r\\nnull" "Content-Length: 2\\r\\n\\r\\n[]" "Content-Length: 9\\r\\n\\r\\n{\"a\":\"b\"}"
                   "Content-Length: 8\\r\\n\\r\\n\\xff\\xfe\\x00\\x80abcd" "Content-Length: 12\\r\\n\\r\\n{\"method\":5}"
                   "Content-Length: 21\\r\\n\\r\\n{\"id\":3,\"error\":\"odd\"}"))
      (q-fake (concat "RAW:" raw) (q-everything)))))

(ert-deftest q-720-refused ()
  "Who is not let in is told why, in the words of the daemon"
  (let ((quotes-timeout 100))
    (q-fake "refuse"
      (should (equal (q-fails (lambda () (quotes-search "x"))) "too many clients are connected")))))

(ert-deftest q-721-broken-parts ()
  "Parts that make no sense together are an error at once, for commands and for candidates"
  (let ((quotes-timeout 100))
    (q-fake "broken"
      (should (string-match-p "\\`What answers is no quoted: " (q-fails (lambda () (quotes-search "x")))))
      (let ((table (quotes--table (make-hash-table :test 'equal) 'quote (apply-partially #'quotes--find-quotes 'search nil)
                                  #'quotes--affixes)))
        (should-not (all-completions "bridge" table))))))

(ert-deftest q-73-endless ()
  "What does not end is cut off: bytes, a message, parts"
  (let ((quotes-timeout 60))
    (dolist (mode '("flood" "long" "parts"))
      (q-fake mode
        (let ((quotes--most-bytes 8000000))
          (should (string-match-p "does not end" (q-fails (lambda () (quotes-search "x"))))))))))

(ert-deftest q-74-asks-us ()
  "Requests, notifications and parts that nobody asked for are passed over"
  (q-fake "ask"
    (should (equal (quotes--get (quotes--answer 'by '(:speaker "x")) :found) 1))
    (should (jsonrpc-running-p quotes--connection))))

(ert-deftest q-75-remote ()
  "A path that would lead to another machine is not followed"
  (dolist (path '("/ssh:nowhere:/etc/passwd" "relative.txt" 5 nil))
    (should (equal (q-fails (lambda () (quotes-visit (list :text "x" :source (list :path path)))))
                   "This quote has no file"))))

(ert-deftest q-77-variables ()
  "An article that is visited sets no variables, and evaluates nothing"
  (let ((path (concat q-dir "/evil.txt"))
        (enable-local-eval t)
        (enable-local-variables :all))
    (with-temp-file path (insert "-*- mode: emacs-lisp; fill-column: 7; eval: (setq q-evil t) -*-\n\nx\n"))
    (save-window-excursion
      (quotes-visit (list :text "x" :source (list :path path :line 3 :column 1)))
      (should (equal (buffer-file-name) path))
      (should (looking-at "x"))
      (should-not (or (boundp 'q-evil) (= fill-column 7) (derived-mode-p 'emacs-lisp-mode)))
      (kill-buffer))))

(ert-deftest q-76-other-index ()
  "A daemon that serves another index is not believed"
  (let ((process-environment (append (list (concat "QUOTED_INDEX=" q-dir "/other")) process-environment)))
    (q-drop)
    (should (string-match-p "index" (q-fails (lambda () (quotes-search "bridge")))))
    (q-drop)))

;;;; The package

(ert-deftest q-80-compiles ()
  "It compiles without a warning"
  (let ((byte-compile-error-on-warn t)
        (byte-compile-dest-file-function (lambda (_) (concat q-dir "/quotes.elc"))))
    (should (byte-compile-file (concat q-source "quotes.el")))))

(ert-deftest q-81-checkdoc ()
  "Its documentation is as checkdoc wants it"
  (let (found)
    (with-current-buffer (find-file-noselect (concat q-source "quotes.el"))
      (let ((checkdoc-create-error-function (lambda (text &rest _) (push text found) nil)))
        (checkdoc-current-buffer t))
      (kill-buffer))
    (should-not found)))

(ert-deftest q-82-autoloads ()
  "Every command that says it is autoloaded is, and the versions agree"
  (cl-flet ((read-all (file regexp)
                      (with-temp-buffer
                        (insert-file-contents (expand-file-name file q-source))
                        (let (all)
                          (while (re-search-forward regexp nil t) (push (match-string 1) all))
                          (sort all #'string<)))))
    (should (equal (read-all "quotes.el" "^;;;###autoload.*?\n?(\\(?:autoload\\|def\\(?:un\\|ine-minor-mode\\)\\) '?\\(quotes-[a-z-]+\\)")
                   (read-all "quotes-autoloads.el" "^(autoload '\\(quotes-[a-z-]+\\)")))
    (should (equal (read-all "quotes.el" "^;; Version: \\(.*\\)") (read-all "quotes-pkg.el" "\"quotes\" \"\\([^\"]+\\)\"")))
    (should (equal (read-all "quotes.el" "^;; Version: \\(.*\\)") (read-all "../../wire/version.h" "QUOTED_VERSION \"\\(.*\\)\"")))))

(ert-deftest q-83-keys ()
  "Loading it binds no key and leaves every mode and hook as it was"
  (with-temp-buffer
    (call-process (expand-file-name invocation-name invocation-directory) nil t nil "-Q" "--batch" "-L" q-source "--eval"
                  "(let ((hooks (list (default-value 'eldoc-documentation-functions) after-init-hook post-command-hook)) keys)
                     (require 'quotes)
                     (mapatoms (lambda (symbol)
                                 (when (and (string-prefix-p \"quotes\" (symbol-name symbol)) (commandp symbol))
                                   (push symbol keys)
                                   (when (where-is-internal symbol (list global-map)) (error \"%s has a key\" symbol)))))
                     (princ (and (memq 'quotes-by keys)
                                 (equal hooks (list (default-value 'eldoc-documentation-functions)
                                                    after-init-hook post-command-hook)))))")
    (should (equal (buffer-string) "t"))))

;;;; TAP

(defun q-say (format &rest args)
  "A line of FORMAT with ARGS, at once, and on a line of its own whatever Emacs printed before."
  (princ (concat "\n" (apply #'format format args) "\n") #'external-debugging-output))

(defun quotes-test-tap ()
  "Run every test, or those whose names match QUOTES_TEST_ONLY; say a line for each, and leave."
  (let ((tests (seq-filter (lambda (test)
                             (string-match-p (or (getenv "QUOTES_TEST_ONLY") "") (symbol-name (ert-test-name test))))
                           (sort (ert-select-tests t t)
                                 (lambda (a b) (string< (ert-test-name a) (ert-test-name b))))))
        (n 0) (bad 0))
    (dolist (test tests)
      (let ((result (with-timeout (120) (ert-run-test test)))
            (fact (ert-test-documentation test)))
        (cl-incf n)
        (cond ((ert-test-passed-p result) (q-say "ok %d - %s" n fact))
              ((ert-test-skipped-p result) (q-say "ok %d - %s # skip only root can arrange it" n fact))
              (t (cl-incf bad)
                 (q-say "not ok %d - %s\n# %s" n fact
                        (replace-regexp-in-string "\n" "\n# " (if result
                                                     (format "%S" (ert-test-result-with-condition-condition result))
                                                   "It did not end")))))))
    (q-say "1..%d" n)
    (kill-emacs (if (= bad 0) 0 1))))

;;; quotes-test.el ends here
