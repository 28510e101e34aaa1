#!/bin/sh
# tidy.sh -- is the tree as docs/HACKING.md says: formatted, layered, without leftovers. Prints TAP.
. tests/tap.sh

# Each folder may include only what stands to the right of it.
layers() {
    bad=$(for rule in 'base:base' 'wire:base wire' 'index:base index' 'client:base wire client' 'daemon:base index wire daemon'; do
        folder=${rule%%:*} may=${rule#*:}
        grep -nHoE '^#include "[a-z]+/' "$folder"/*.c "$folder"/*.h 2>/dev/null | while IFS= read -r line; do
            to=${line##*\"}
            case " $may " in *" ${to%/} "*) ;; *) echo "$line" ;; esac
        done
    done)
    [ -z "$bad" ] || { echo "$bad" | sed 's/^/# /'; return 1; }
}
only_in() { # only_in HEADER FILE-PATTERN...: which files may include a library
    header=$1
    shift
    bad=$(grep -lE "^#include <$header>" */*.c */*.h | grep -vE "$(echo "$*" | tr ' ' '|')" | grep -v '^tests/\|^bench/')
    [ -z "$bad" ] || { echo "# $header in: $bad"; return 1; }
}
nothing() { # nothing COMMAND...: prints nothing
    out=$("$@" 2>&1)
    [ -z "$out" ] || { echo "$out" | head -n 20 | sed 's/^/# /'; return 1; }
}
sources() { git ls-files -co --exclude-standard '*.c' '*.h'; }

ok 'every folder includes only what it may' layers
ok 'only fold.c includes utf8proc.h' only_in utf8proc.h index/fold.c
ok 'only the store includes lmdb.h' only_in lmdb.h index/store_inner.h
ok 'only the daemon includes uv.h' only_in uv.h 'daemon/'
ok 'answers hang on no clock: the index asks none for the day' nothing git grep -nE '\b(time|gettimeofday|localtime(_r)?|gmtime(_r)?|timespec_get)\(|CLOCK_REALTIME' -- index base
ok 'no marks of a merge' nothing git grep -nE '^(<<<<<<<|>>>>>>>) ' -- ':!tests/tidy.sh'
ok 'no leftovers' nothing sh -c "git grep -nIE '\\b(TODO|FIXME|XXX|HACK)\\b' -- '*.c' '*.h' '*.py' | grep -v tests/tidy.sh"
ok 'no line is longer than 130 bytes, generated tables aside' nothing sh -c "$(printf 'awk "length(\\$0) > 130 {print FILENAME \\":\\" FNR}" %s' "$(sources | grep -v char_tables.c | tr '\n' ' ')")"
if command -v clang-format >/dev/null; then
    ok 'the code is formatted' nothing sh -c "clang-format --dry-run --Werror $(sources | tr '\n' ' ') 2>&1 | grep -E 'error:' | head"
else
    skip 'the code is formatted' 'clang-format is not here'
fi
ok 'every request stands in PROTOCOL.md' nothing sh -c "sed -n 's/^ *X([A-Z_]*, *\"\\([a-z_]*\\)\".*/\\1/p' wire/requests.h | while read m; do grep -q \"\\\`\$m\\\`\" docs/PROTOCOL.md || echo \"\$m\"; done"
ok 'every header says what it is' nothing sh -c "for h in \$(git ls-files -co --exclude-standard '*.h'); do head -n 1 \$h | grep -q '^/\\* ' || echo \$h; done"
if command -v mandoc >/dev/null; then
    ok 'the manual pages are well-formed' nothing sh -c 'mandoc -T lint -W error docs/man/*.[1-8]'
else
    skip 'the manual pages are well-formed' 'mandoc is not here'
fi
done_testing
