#!/usr/bin/env bash
# Measures: the Go benchmarks, then one whole run of a simulated pair, with its peak memory where /usr/bin/time is.
#
#   COUNT=6 BENCH=PanTex scripts/bench.sh     benchmarks by name, often enough for benchstat; NAME= with no run
#   SIZE=20000 BENCH=- scripts/bench.sh       the run alone: SIZE × SIZE pixels, four bands of 16 bits, DEFLATE
. "$(dirname "$0")/common.sh"

size=${SIZE:-8192}
dir=${BENCH_DIR:-bench}

if [ "${BENCH:-.}" != - ]; then
    say "==== benchmarks"
    # One package at a time: they would slow each other down.
    go test -p 1 -run '^$' -bench "${BENCH:-.}" -benchmem -benchtime "${BENCHTIME:-1s}" -count "${COUNT:-1}" ./... | grep -v 'no test files'
fi

if [ "$size" != 0 ]; then
    say "==== a whole run, $size × $size pixels, on $(nproc) processors"
    pair="$dir/$size"
    if [ ! -f "$pair/run.yaml" ]; then
        bin/tuban demo --out "$pair" --size "$size" --inputs-only --plain
    fi
    run=(bin/tuban run "$pair/run.yaml" --out "$pair/out" --force)
    if [ -x /usr/bin/time ]; then
        # shellcheck disable=SC2086  # options, if any
        /usr/bin/time -v "${run[@]}" ${RUN_FLAGS:-} 2>"$pair/time.txt" || {
            cat "$pair/time.txt" >&2
            exit 1
        }
        grep -E 'Elapsed|Maximum resident|User time|System time|Major' "$pair/time.txt"
    else
        # shellcheck disable=SC2086
        time "${run[@]}" ${RUN_FLAGS:-}
        say "(install the package time to see the peak memory)"
    fi
    bin/tuban check "$pair/out"
fi
