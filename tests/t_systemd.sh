#!/bin/sh
# systemd and the daemon: the units are sound, socket activation works, and systemd hears what it waits for.
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
B=${B:-build}
daemon=$(cd "$B" && pwd)/quoted
tmp=$(mktemp -d)
started=
trap 'for p in $started; do kill "$p" 2>/dev/null; done; rm -rf "$tmp"' EXIT

# ---- the units ----
mkdir -p "$tmp/user" "$tmp/system"
for kind in user system; do
    for unit in socket service; do
        sed "s|@bindir@|$(dirname "$daemon")|g" "systemd/$kind/quoted.$unit" >"$tmp/$kind/quoted.$unit"
    done
done
verify() { # verify KIND UNIT
    said=$(SYSTEMD_LOG_LEVEL=warning XDG_RUNTIME_DIR="$tmp" systemd-analyze verify --man=no "--$1" "$tmp/$1/quoted.$2" 2>&1)
    is "systemd-analyze verify has nothing to say about the $1 $2" "$said" ""
}
for kind in user system; do
    for unit in socket service; do
        if command -v systemd-analyze >/dev/null; then verify $kind $unit
        else skip "systemd-analyze verify of the $kind $unit" "there is no systemd-analyze"; fi
    done
done
if command -v systemd-analyze >/dev/null; then
    sed -i 's|^SocketMode=|SocketMod=|' "$tmp/user/quoted.socket"
    ok "but of a key that does not exist it would speak" \
        sh -c "XDG_RUNTIME_DIR='$tmp' systemd-analyze verify --man=no --user '$tmp/user/quoted.socket' 2>&1 | grep -q SocketMod"
else
    skip "but of a key that does not exist it would speak" "there is no systemd-analyze"
fi
none=$(grep -rn '@[a-z]*@' "$tmp/user" "$tmp/system")
is "no placeholder is left in an installed unit" "$none" ""

# ---- what systemd hears, and what it hands over ----
if ! command -v python3 >/dev/null; then
    skip "READY, WATCHDOG, STOPPING and socket activation" "there is no python3"
    done_testing
    exit
fi
cat >"$tmp/hear.py" <<'PY'
import os, socket, subprocess, sys, time, signal
daemon, tmp = sys.argv[1:]
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(tmp + '/notify')
notify.settimeout(20)
env = dict(os.environ, NOTIFY_SOCKET=tmp + '/notify', WATCHDOG_USEC='200000', HOME=tmp)
env.pop('WATCHDOG_PID', None)
p = subprocess.Popen([daemon, '--index', tmp + '/ix'], env=env, stderr=subprocess.DEVNULL)
def hear(word):
    end = time.time() + 20
    while time.time() < end:
        if word in notify.recv(4096).decode():
            return True
    return False
print('ready', hear('READY=1'))
c = socket.socket(socket.AF_UNIX)
c.connect(tmp + '/ix.sock')
c.sendall(b'{"id":1,"method":"initialize"}\n')
print('answers', b'"protocol":1' in c.recv(4096))
c.close()
t0 = time.time()
print('watchdog', hear('WATCHDOG=1') and hear('WATCHDOG=1') and time.time() - t0 < 5)
p.send_signal(signal.SIGHUP)
print('reloading', hear('RELOADING=1') and hear('READY=1'))
p.send_signal(signal.SIGTERM)
print('stopping', hear('STOPPING=1'))
print('status', p.wait(20))
PY
heard=$(python3 "$tmp/hear.py" "$daemon" "$tmp" 2>&1)
said() { echo "$heard" | sed -n "s/^$1 //p"; }
is "READY=1 comes when the daemon listens" "$(said ready)" True
is "after READY=1 it answers" "$(said answers)" True
is "WATCHDOG=1 comes again and again, from the loop" "$(said watchdog)" True
is "SIGHUP says RELOADING=1, then READY=1" "$(said reloading)" True
is "SIGTERM says STOPPING=1" "$(said stopping)" True
is "SIGTERM ends with status 0" "$(said status)" 0

if command -v systemd-socket-activate >/dev/null; then
    HOME=$tmp systemd-socket-activate -l "$tmp/activated" "$daemon" --index "$tmp/ix2" >"$tmp/activate.log" 2>&1 &
    started="$started $!"
    activated=$!
    answer=$(python3 - "$tmp/activated" <<'PY'
import socket, sys, time, os
for _ in range(200):
    if os.path.exists(sys.argv[1]): break
    time.sleep(0.05)
c = socket.socket(socket.AF_UNIX)
c.settimeout(20)
c.connect(sys.argv[1])
c.sendall(b'{"id":7,"method":"status"}\n')
print(c.makefile().readline(), end='')
PY
)
    case $answer in *"\"id\":7,\"result\""*"\"socket\":\"$tmp/activated\""*) right=yes ;; *) right="$answer$(cat "$tmp/activate.log")" ;; esac
    is "a socket passed by systemd is served, and status names it" "$right" yes
    kill "$activated" # systemd-socket-activate has become the daemon
    wait "$activated"
    is "the activated daemon ends with status 0" "$?" 0
    ok "the passed socket's file stays when the daemon ends" test -S "$tmp/activated"
else
    skip "a socket passed by systemd is served" "there is no systemd-socket-activate"
fi
done_testing
