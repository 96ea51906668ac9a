#!/usr/bin/env bash
# Runs the tests and says loudly what was skipped, above all for lack of real imagery (TUBAN_TESTDATA).
# Arguments are passed to go test (scripts/test.sh -race ./raster/...); without packages among them, all are tested.
. "$(dirname "$0")/common.sh"

# What is tested against object storage runs on a real server.
scripts/storage.sh >/dev/null

everything=1
for a in "$@"; do
    case $a in ./* | tuban/*) everything= ;; esac
done
if [ -n "$everything" ]; then
    set -- "$@" ./...
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# The log has every test's words; what is shown as it comes is go test's line for each package, and each failure.
go test -v -timeout 25m "$@" 2>&1 | tee "$log" | { grep --line-buffered -E '^(ok|FAIL|panic:|\?) |^(ok|FAIL|\?)	|^ *--- FAIL|^# ' || true; } || status=$?

if [ $status != 0 ]; then
    say
    say "======== what failed, in its own words ========"
    grep -Ev '^=== (RUN|PAUSE|CONT|NAME)|^ *--- (PASS|SKIP)|^PASS$|^ok |\[rapid\] OK' "$log" || true
fi

# A skipped test's reason stands on the line before its verdict.
skipped=$(awk '/_test\.go:[0-9]+: / {why = $0; sub(/^ *[^ ]*_test\.go:[0-9]+: /, "", why)}
    /^ *--- SKIP: / {print "  " $3 ": " why; why = ""}' "$log" | sort -u)
if [ -n "$skipped" ]; then
    say
    say "**** SKIPPED, so not tested: $(wc -l <<<"$skipped") ****"
    say "$skipped"
    if [ -z "${TUBAN_TESTDATA:-}" ]; then
        say "**** TUBAN_TESTDATA is not set: nothing was tested on real imagery. Set it to the folder of test data. ****"
    fi
fi
exit $status
