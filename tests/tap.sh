# tap.sh -- for tests in sh: `. tests/tap.sh`, then `ok "fact" command...` or `is "fact" got wanted`; end with `done_testing`.
tap_n=0 tap_bad=0
ok() { # ok FACT COMMAND...
    tap_n=$((tap_n + 1)) tap_name=$1
    shift
    if "$@"; then echo "ok $tap_n - $tap_name"; else
        tap_bad=$((tap_bad + 1))
        echo "not ok $tap_n - $tap_name"
    fi
}
is() { # is FACT GOT WANTED
    tap_n=$((tap_n + 1))
    if [ "$2" = "$3" ]; then echo "ok $tap_n - $1"; else
        tap_bad=$((tap_bad + 1))
        echo "not ok $tap_n - $1"
        printf '%s\n' "$2" | sed 's/^/# got:    /'
        printf '%s\n' "$3" | sed 's/^/# wanted: /'
    fi
}
skip() { # skip FACT REASON
    tap_n=$((tap_n + 1))
    echo "ok $tap_n - $1 # skip $2"
}
done_testing() {
    echo "1..$tap_n"
    [ "$tap_bad" = 0 ]
}
