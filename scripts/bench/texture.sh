#!/usr/bin/env bash
# Compares PanTex with OTB's HaralickTextureExtraction (otb-bin, and gdal-bin for the piece of an image), in
# millions of pixels a second for one displacement, with the same number of threads.
#
#   scripts/bench/texture.sh                        a piece of a simulated image
#   IMAGE=after.tif SIZE=2000 scripts/bench/texture.sh   the middle SIZE × SIZE pixels of band 1 of IMAGE; MAX= is its largest number
#   THREADS="1 2" ROUNDS=3                          numbers of threads; rounds, of which medians are shown
#
# Both have windows of 31 × 31 pixels. OTB derives eight features from a matrix of 8 × 8 grey levels, and is timed from start
# to end; PanTex takes the one feature it needs, from unquantised values, the least of ten displacements, and is timed by
# its Go benchmark on noise, whose values do not matter to its speed.
. "$(dirname "$0")/../common.sh"

size=${SIZE:-1000}
rounds=${ROUNDS:-3}
dir=${BENCH_DIR:-bench}/texture
image=${IMAGE:-}

command -v otbcli_HaralickTextureExtraction >/dev/null || die "OTB is missing: apt-get install otb-bin"
command -v gdal_translate >/dev/null || die "GDAL's programs are missing: apt-get install gdal-bin"
mkdir -p "$dir"
if [ -z "$image" ]; then
    image="$dir/demo/after.tif"
    [ -f "$image" ] || bin/tuban demo --out "$dir/demo" --size "$size" --inputs-only --plain >/dev/null
fi

# Of what the image has, the middle.
read -r width height < <(gdalinfo "$image" | sed -nE 's/^Size is ([0-9]+), ([0-9]+)/\1 \2/p')
if [ "$width" -lt "$size" ] || [ "$height" -lt "$size" ]; then die "$image has $width × $height pixels, fewer than $size × $size"; fi
piece="$dir/piece-$size.tif"
gdal_translate -q -b 1 -srcwin $(((width - size) / 2)) $(((height - size) / 2)) "$size" "$size" "$image" "$piece"

# otb THREADS and ours THREADS print Mpx/s.
otb() {
    local began ended
    began=$(date +%s.%N)
    ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS=$1 otbcli_HaralickTextureExtraction -in "$piece" -channel 1 -texture simple \
        -parameters.xrad 15 -parameters.yrad 15 -parameters.xoff 3 -parameters.yoff 0 \
        -parameters.min 0 -parameters.max "${MAX:-4000}" -parameters.nbbin 8 -out "$dir/haralick.tif" float >"$dir/otb.log"
    ended=$(date +%s.%N)
    awk -v n="$size" -v s="$ended" -v b="$began" 'BEGIN {printf "%.4f\n", n * n / (s - b) / 1e6}'
}
ours() {
    "$dir/texture.test" -test.run '^$' -test.bench PanTexImage -test.cpu "$1" |
        awk '/^Benchmark/ {for (i = 2; i <= NF; i++) if ($i == "Mpx/s") print $(i - 1)}'
}
median() { sort -g | awk '{v[NR] = $1} END {m = int((NR + 1) / 2); print NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2}'; }

go test -c -o "$dir/texture.test" ./classify/texture
for threads in ${THREADS:-1 2}; do
    : >"$dir/otb.txt"
    : >"$dir/ours.txt"
    for ((round = 0; round < rounds; round++)); do
        otb "$threads" >>"$dir/otb.txt"
        ours "$threads" >>"$dir/ours.txt"
    done
    theirs=$(median <"$dir/otb.txt")
    pantex=$(median <"$dir/ours.txt")
    say "$threads threads, Mpx/s of one displacement: OTB $theirs, PanTex $pantex, $(awk "BEGIN {printf \"%.0f\", $pantex / $theirs}") times"
done
