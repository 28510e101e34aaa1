#!/bin/sh
# t_words.sh -- the files in index/words/ become tables, and a mistake in one is told with its line. Prints TAP.
. tests/tap.sh
B=${B:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# A good file, on which each mistake below is made.
good() {
    cat <<'END'
# test.words -- a language of two words.
# Origin: typed by hand. Licence: MIT.

language: Test
code: xx
script: Latin
capitals: names
headlines: plain
rules: beside label

[he]
ho

[speech verbs]
zei
END
}
# mistake FACT SED-SCRIPT WORDS: the good file, changed so, is refused with these words and nothing is written.
mistake() {
    good | sed "$2" >"$dir/test.words"
    is "$1" "$($B/words-compile "$dir/test.words" 2>&1 >"$dir/out" | sed "s|^$dir/||"; [ -s "$dir/out" ] && echo and tables)" "$3"
}

good >"$dir/test.words"
"$B/words-compile" "$dir/test.words" >"$dir/out"
is 'a good file becomes tables' $? 0
ok 'and the language stands in them' grep -q '{"Test", "xx", 1, 1, 1, 3, false}' "$dir/out"
mistake 'a section that there is not' 's/\[he\]/[hee]/' \
    'test.words:11: there is no section [hee]; index/words/sections.h has all of them'
mistake 'a word twice in a section' 's/^zei/zei zegt zei/' 'test.words:15: twice in [speech verbs]: zei'
mistake 'a section twice' 's/\[speech verbs\]/[he]/' 'test.words:14: [he] is there twice'
mistake 'a file without an origin' '/^# Origin/d' \
    'test.words:1: the comment at the top does not say where the words come from: # Origin: ...'
mistake 'a file without a licence' 's/ Licence.*//' 'test.words:1: the comment at the top does not say their licence: Licence: ...'
mistake 'a file under another name' '1s/test/best/' 'test.words:1: the first line is: # test.words -- ...'
mistake 'words outside a section' 's/^\[he\]//' 'test.words:12: words stand in a section, and this is no setting: ho'
mistake 'a setting that is not there' '/^rules/d' 'test.words:14: it does not say its rules:'
mistake 'a setting below a section' 's/^ho/code: yy/' \
    'test.words:12: settings stand above the first section, and language: is the first'
mistake 'a rule that there is not' 's/label/lable/' 'test.words:15: rules: may not be lable'
mistake 'an irregular verb that lacks a form' 's/\[speech verbs\]/[speech verbs, irregular]/;s/^zei/say\/says\/said/' \
    'test.words:15: not base/s/past/ing: say/says/said'
is 'the same files give the same bytes' "$($B/words-compile index/words/*.words | cksum)" "$(cksum <"$B/index/words.c")"
ok 'every file of index/words is among those compiled' sh -c \
    "for f in index/words/*.words; do n=\$(sed -n 's/^language: //p' \$f); [ -z \"\$n\" ] || grep -q \"\\\"\$n\\\"\" $B/index/words.c || exit 1; done"
done_testing
