#!/bin/sh
# demo.sh -- the main job, on the sample archive: index it, ask four questions, leave nothing behind.
# Run by `make demo`, which gives B, the build folder.
set -u
B=$(cd "${B:-build}" && pwd)
samples=$(cd "$(dirname "$0")" && pwd)/sample-archive
work=$(mktemp -d) || exit 1
export QUOTED_INDEX="$work/index" QUOTED_SOCKET="$work/sock" QUOTED_CONFIG="$work/quoted.conf"
PATH=$B:$PATH

leave() {
    quotes stop >/dev/null 2>&1 # our own daemon: it listens on the socket in $work
    rm -rf "$work"
}
trap leave EXIT
trap 'exit 130' INT TERM

ask() {
    printf '\n$ quotes'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_./:-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    quotes "$@" || { # exit 1 is "nothing found"
        echo "demo: that question was not answered (exit $?)" >&2
        exit 1
    }
}

echo "Indexing $samples with a private daemon in $work"
cd "$samples/.." || exit 1
ask add sample-archive
ask by venn --limit 6
ask search '"the bridge is open"'
ask speakers --limit 12
id=$(quotes by łukaszczyk --format jsonl --limit 1 | sed 's/.*"id":"\([a-z0-9]*\)".*/\1/;q')
ask context "$id" -C 1

cat <<'END'

The same with a folder of your own (plain text, Markdown, org, JSON lines):

    make DEPS=yes && sudo make install
    quotes add ~/archive
    quotes by NAME
    quotes search '"exact words" other words'
    quotes help
END
