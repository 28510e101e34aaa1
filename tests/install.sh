#!/bin/sh
# install.sh -- `make install` puts everything in its place below DESTDIR, and what is installed runs.
. tests/tap.sh
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make -s DEPS=no install DESTDIR="$root" prefix=/usr >/dev/null || echo "# make install failed"
for f in bin/quoted bin/quotes bin/quotes-extract lib/libquotes.so lib/libquotes.a include/quotes.h lib/pkgconfig/libquotes.pc \
    lib/systemd/user/quoted.service lib/systemd/user/quoted.socket lib/systemd/system/quoted.service \
    lib/systemd/system/quoted.socket share/man/man1/quotes.1 share/man/man3/libquotes.3 share/man/man8/quoted.8 \
    share/emacs/site-lisp/quotes.el; do
    ok "$f is installed" test -e "$root/usr/$f"
done
ok 'no placeholder is left in a unit' sh -c "! grep -rqE '@[a-z]+@' '$root/usr/lib/systemd'"
ok 'the installed client says its version' "$root/usr/bin/quotes" version
ok 'the installed daemon says its version' "$root/usr/bin/quoted" --version
ok 'Neovim finds the commands and the manual without configuration' env HOME="$root" XDG_DATA_DIRS="$root/usr/share" nvim --headless -i NONE -n \
    -c 'helptags ALL' -c 'exe exists(":QuotesBy") == 2 && luaeval("pcall(require, [[quotes]])") ? "" : "cquit"' -c 'help :QuotesBy' \
    -c 'exe expand("%:t") ==# "quotes.txt" ? "qa" : "cquit"' -c 'cquit'
ok 'and passes over the plugin of Vim' env HOME="$root" nvim --headless -u NONE -i NONE -n -c "set rtp=$root/usr/share/vim/vimfiles,\$VIMRUNTIME" \
    -c 'runtime! plugin/quotes.vim' -c 'exe exists(":QuotesBy") || v:errmsg != "" ? "cquit" : "qa"'
# With the last of Vim's folders at another root: Debian's has /usr/share/vim/vimfiles in 'runtimepath' by itself.
ok 'Vim finds the commands and the manual' env HOME="$root" vim.nox -N -u NORC -i NONE -n -es --not-a-term \
    --cmd "let &rtp = substitute(&rtp, '/usr/share/vim/vimfiles', '$root&', 'g')" -c "helptags $root/usr/share/vim/vimfiles/doc" -c 'help :QuotesBy' \
    -c 'exe exists(":QuotesBy") == 2 && expand("%:t") ==# "quotes.txt" ? "qa!" : "cquit"'
printf '#include "quotes.h"\nint main(void) { return 0; }\n' >"$root/t.c"
ok 'the installed header compiles by itself' ${CC:-gcc} -std=c11 -I"$root/usr/include" -c "$root/t.c" -o "$root/t.o"

# Emacs activates what it finds in site-lisp/elpa when it starts.
if command -v emacs >/dev/null; then
    cat >"$root/t.el" <<'END'
(require 'package)
(package-activate-all)
(unless (and (commandp 'quotes-by) (not (featurep 'quotes))) (kill-emacs 1))
(autoload-do-load (symbol-function 'quotes-by) 'quotes-by)
(kill-emacs (if (featurep 'quotes) 0 2))
END
    ok 'an installed Emacs has its commands without configuration' \
        env HOME="$root" EMACSLOADPATH="$root/usr/share/emacs/site-lisp:" emacs -Q --batch -l "$root/t.el"
else
    skip 'an installed Emacs has its commands without configuration' 'emacs is not here'
fi
done_testing
