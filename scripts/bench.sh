#!/usr/bin/env bash
# Measures: the Go benchmarks, then one whole run of a simulated pair, with the peak memory of all its processes.
#
#   COUNT=6 BENCH=PanTex scripts/bench.sh     benchmarks by name, often enough for benchstat; NAME= with no run
#   SIZE=20000 BENCH=- scripts/bench.sh       the run alone: SIZE × SIZE pixels, four bands of 16 bits, DEFLATE
#   SPARSE=60000 SIZE=4096 BENCH=- scripts/bench.sh   the same county in the middle of a grid of SPARSE × SPARSE pixels, the
#                                             rest of whose files is not stored (needs gdal-bin, which make setup installs)
#   RUN_FLAGS="--memory 512MiB"               flags of the run
. "$(dirname "$0")/common.sh"

size=${SIZE:-8192}
dir=${BENCH_DIR:-bench}

reckon() { awk "BEGIN {printf \"%.3f\", $1}"; }

# sparse_pair FROM TO N lays the images of a pair into images of N × N pixels that store nothing else.
sparse_pair() {
    local from=$1 to=$2 n=$3 image x y
    [ ! -f "$to/run.yaml" ] || return 0
    mkdir -p "$to"
    read -r x y < <(gdalinfo "$from/before.tif" | sed -nE 's/^Origin = \(([0-9.-]+),([0-9.-]+)\)/\1 \2/p')
    for image in before after; do
        # Half of the surroundings on each side; a pixel is 0.5 m.
        gdal_create -q -of GTiff -outsize "$n" "$n" -bands 4 -ot UInt16 -a_srs EPSG:4530 \
            -a_ullr "$(reckon "$x - ($n - $size) / 4")" "$(reckon "$y + ($n - $size) / 4")" "$(reckon "$x + ($n + $size) / 4")" "$(reckon "$y - ($n + $size) / 4")" \
            -co SPARSE_OK=TRUE -co TILED=YES -co COMPRESS=DEFLATE -co PREDICTOR=2 -co BIGTIFF=YES "$to/$image.tif"
        gdalwarp -q -wo SKIP_NOSOURCE=YES "$from/$image.tif" "$to/$image.tif"
    done
    # Without the survey, which would end the run's grid where it ends.
    sed -e '/^survey:/,/^[a-z]/{/^survey:/d;/^ /d}' "$from/run.yaml" >"$to/run.yaml"
}

# measured FILE COMMAND… runs a command and then prints its time and the largest memory that it and its children held
# together, which no single process's accounts show. Pages that they share count once (proportional set size).
measured() {
    local file=$1 began=$SECONDS pid peak=0 now status=0
    shift
    "$@" &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        # The process, its children, and theirs; one that ends meanwhile has no accounts any more.
        now=$(ps -eo pid=,ppid= | awk -v of="$pid" '{parent[$1] = $2}
            END {for (p in parent) {for (q = p; q > 1 && q != of;) q = parent[q]; if (q == of) print "/proc/" p "/smaps_rollup"}}' |
            xargs -r awk '$1 == "Pss:" {sum += $2} END {print sum + 0}' 2>/dev/null) || true
        if [ "${now:-0}" -gt "$peak" ]; then peak=$now; fi
        sleep 0.2
    done
    wait "$pid" || status=$?
    say "$((SECONDS - began)) s, peak memory $((peak / 1024)) MiB (all its processes, shared pages once)" | tee "$file"
    return $status
}

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
    if [ -n "${SPARSE:-}" ]; then
        sparse_pair "$pair" "$pair-in-$SPARSE" "$SPARSE"
        pair="$pair-in-$SPARSE"
    fi
    # shellcheck disable=SC2086  # options, if any
    measured "$pair/memory.txt" bin/tuban run "$pair/run.yaml" --out "$pair/out" --force ${RUN_FLAGS:-}
    bin/tuban check "$pair/out"
fi
