#!/bin/sh
# deps.sh yes|no [TARGET...] -- names the Debian packages that the targets need and that are missing; with
# `yes`, installs them with apt (through sudo when not root). Exits 1 when something stays missing.
set -u
mode=${1:-no}
shift
build='gcc libc6-dev make libuv1-dev liblmdb-dev libutf8proc-dev libstemmer-dev libzstd-dev libxxhash-dev libjansson-dev libuchardet-dev libinih-dev'
tests='libcmocka-dev python3 systemd procps unicode-data unicode-cldr-core g++ pkgconf luajit neovim vim-nox strace'
command -v emacs >/dev/null || tests="$tests emacs-nox" # any Emacs will do
want=$build
case " $* " in *' check '* | *' san '* | *' tsan '*) want="$want $tests" ;; esac
case " $* " in *' fuzz '*) want="$want clang libclang-rt-dev" ;; esac
case " $* " in *' tidy '*) want="$want clang-format mandoc" ;; esac
case " $* " in *' bench '*) want="$want python3" ;; esac
case " $* " in *' tables '*) want="$want python3 unicode-data unicode-cldr-core" ;; esac

command -v dpkg-query >/dev/null || exit 0 # not Debian: the compiler will say what it misses
missing=
for package in $want; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
if [ "$mode" != yes ]; then
    echo "These Debian packages are missing:$missing"
    echo "Install them with:  $sudo apt-get install -y --no-install-recommends$missing"
    echo "or let make do it:  make DEPS=yes $*"
    exit 1
fi
echo "Installing what is missing with apt:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 || {
    $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends $missing
} >&2
