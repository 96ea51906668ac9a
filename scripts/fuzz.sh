#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (5s) each. Targets are found, not listed; arguments are packages to look in.
. "$(dirname "$0")/common.sh"

time=${FUZZTIME:-5s}
[ $# != 0 ] || set -- ./...

# "go test -list" prints the targets of a package, then a line "ok package time".
targets=$(go test -list '^Fuzz' "$@" | awk '/^Fuzz/ {names[n++] = $1}
    /^ok/ {for (i = 0; i < n; i++) print $2, names[i]; n = 0}')
[ -n "$targets" ] || die "there is no fuzz target in $*"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
while read -r package target; do
    for try in 1 2; do
        if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" >"$log" 2>&1 </dev/null; then
            say "ok   $package $target: $(grep -o 'execs: [0-9]*' "$log" | tail -n 1)"
            continue 2
        fi
        # Go 1.26 can take the end of -fuzztime for a failure (golang/go#75804): then no input has been written. Once more.
        if [ $try = 1 ] && grep -q 'context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"; then
            continue
        fi
        break
    done
    failed=1
    say "FAIL $package $target"
    sed 's/^/     /' "$log"
done <<<"$targets"
exit $failed
