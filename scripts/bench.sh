#!/usr/bin/env bash
# Measures. Without arguments: the Go benchmarks, then one whole run of a simulated pair, with the peak memory of all its
# processes.
#
#   COUNT=6 BENCH=PanTex scripts/bench.sh     benchmarks by name, often enough for benchstat; NAME= with no run
#   SIZE=20000 BENCH=- scripts/bench.sh       the run alone: SIZE × SIZE pixels, four bands of 16 bits, DEFLATE
#   SPARSE=60000 SIZE=4096 BENCH=- scripts/bench.sh   the same county in the middle of a grid of SPARSE × SPARSE pixels, the
#                                             rest of whose files is not stored
#   RUN_FLAGS="--memory 512MiB"               flags of the run
#
# With sections as arguments: runs of tuban, beside runs that only decode the same files, in rounds, each round in another order.
# What was measured is kept in BENCH_DIR/results; report makes docs/benchmarks.md of what is there.
#
#   scripts/bench/setup.sh                    installs the peers (Debian 12): rasterio, numba, the Orfeo Toolbox
#   scripts/bench.sh peers                    the plain rule (scripts/bench/plain.yaml) by tuban and by them; PEERS="numba numpy gdal_calc otb"
#   scripts/bench.sh layouts                  on files of other layouts; LAYOUTS="deflate none band none-band strip none-strip lzw zstd img"
#   scripts/bench.sh curve                    the default kinds, candidates in a part of the blocks; SHARES="10 40 70 100";
#                                             CLUMP=4 scatters those blocks in squares of 4 × 4, by default they lie together
#   scripts/bench.sh eligible                 the same with eligible land in a part of the blocks
#   scripts/bench.sh workers                  one worker and two
#   scripts/bench.sh memory                   peak memory; SIZES="10000 40000" SPARSE="100000"
#   scripts/bench.sh storage                  from an S3 server on this machine, with DELAY=15ms before each request
#   scripts/bench.sh kernels                  the loops of rules as assembly and as plain Go
#   scripts/bench.sh texture objects          scripts/bench/texture.sh and objects.sh, which can be run by themselves
#   scripts/bench.sh all report               everything; REPORT=file for another document
#
#   ROUNDS=5 SIZE=10000                       how often, and the edge of the pair in pixels
#   BENCH_DIR=bench TUBAN=bin/tuban           where inputs and results are kept, and the program
. "$(dirname "$0")/common.sh"

# Nothing is left among the sources. The system's Python, which has apt's packages.
main() {
    NUMBA_CACHE_DIR=${BENCH_DIR:-bench}/numba PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 scripts/bench/main.py "$@"
}

case ${1:-} in
-h | --help)
    sed -n '/^# /,/^[^#]/{s/^# \{0,1\}//p}' "$0"
    exit
    ;;
?*)
    main "$@"
    exit
    ;;
esac

if [ "${BENCH:-.}" != - ]; then
    say "==== benchmarks"
    # One package at a time: they would slow each other down.
    go test -p 1 -run '^$' -bench "${BENCH:-.}" -benchmem -benchtime "${BENCHTIME:-1s}" -count "${COUNT:-1}" ./... | grep -v 'no test files'
fi
if [ "${SIZE:-8192}" != 0 ]; then
    main whole
fi
