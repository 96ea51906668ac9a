#!/usr/bin/env bash
# Measures components and rings against GDAL's sieve and polygons of the same masks, one thread each, in turns: processor
# seconds (medians of the rounds, so that what else runs counts less), their ratio, and peak memory. GDAL's layer is in memory.
#
#   scripts/bench/objects.sh                  masks of 10,000 × 10,000 pixels: speckle of 2 % and of 7 %
#   MASK=out/mask.tif scripts/bench/objects.sh    that of a product as well, as realistic change
#   ROUNDS=5 SIZE=5000 SIEVES="1 2" scripts/bench/objects.sh    SIEVES: smallest components that are kept
#
# Needs python3-numpy and python3-gdal.
. "$(dirname "$0")/../common.sh"

rounds=${ROUNDS:-3}
size=${SIZE:-10000}
python=${PYTHON:-/usr/bin/python3}
dir=${BENCH_DIR:-bench}/objects
mkdir -p "$dir"
go test -c -o "$dir/object.test" ./classify/object

"$python" - "$dir" "$size" "${MASK:-}" <<'PY'
import sys, numpy
where, size, mask = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for name, share in (('speckle-2', 0.02), ('speckle-7', 0.07)):
    random = numpy.random.default_rng(5)
    with open(f'{where}/{name}.raw', 'wb') as f:
        for row in range(size):
            f.write((random.random(size, dtype=numpy.float32) < share).astype(numpy.uint8).tobytes())
    open(f'{where}/{name}.width', 'w').write(str(size))
if mask:
    from osgeo import gdal
    pixels = gdal.Open(mask).ReadAsArray()
    pixels.tofile(f'{where}/change.raw')
    open(f'{where}/change.width', 'w').write(str(pixels.shape[1]))
PY

# Each prints: processor seconds, MiB, polygons.
ours() {
    TUBAN_MASK=$1 TUBAN_MASK_WIDTH=$2 TUBAN_MASK_SIEVE=$3 GOMAXPROCS=1 "$dir/object.test" -test.run '^$' -test.bench ObjectsOfMask -test.benchtime 1x |
        awk '/^BenchmarkObjectsOfMask/ {for (i = 3; i < NF; i += 2) v[$(i+1)] = $i; print v["cpu-s"], v["peak-MiB"], v["polygons"]}'
}

theirs() {
    "$python" - "$@" <<'PY'
import resource, sys, time, numpy
from osgeo import gdal, ogr
gdal.UseExceptions()
path, width, sieve = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mask = numpy.fromfile(path, numpy.uint8).reshape(-1, width)
raster = gdal.GetDriverByName('MEM').Create('', mask.shape[1], mask.shape[0], 1, gdal.GDT_Byte)
band = raster.GetRasterBand(1)
band.WriteArray(mask)
raster.SetGeoTransform((0, 1, 0, 0, 0, 1))
del mask
source = ogr.GetDriverByName('Memory').CreateDataSource('')
layer = source.CreateLayer('mask', None, ogr.wkbPolygon)
layer.CreateField(ogr.FieldDefn('kind', ogr.OFTInteger))
began = time.process_time()
if sieve > 1:
    gdal.SieveFilter(band, None, band, sieve, 4)
gdal.Polygonize(band, band, layer, 0)
print(f'{time.process_time() - began:.3f}', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, layer.GetFeatureCount())
PY
}

median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

for raw in "$dir"/*.raw; do
    name=$(basename "$raw" .raw)
    width=$(cat "${raw%.raw}.width")
    for sieve in ${SIEVES:-1 2 400}; do
        : >"$dir/ours.txt"
        : >"$dir/theirs.txt"
        for _ in $(seq "$rounds"); do
            ours "$raw" "$width" "$sieve" >>"$dir/ours.txt"
            theirs "$raw" "$width" "$sieve" >>"$dir/theirs.txt"
        done
        a=$(cut -d' ' -f1 "$dir/ours.txt" | median)
        b=$(cut -d' ' -f1 "$dir/theirs.txt" | median)
        say "$name, components of $sieve pixels and more: tuban $a s, $(cut -d' ' -f2 "$dir/ours.txt" | median) MiB, $(cut -d' ' -f3 "$dir/ours.txt" | tail -1) polygons;" \
            "GDAL $b s, $(cut -d' ' -f2 "$dir/theirs.txt" | median) MiB, $(cut -d' ' -f3 "$dir/theirs.txt" | tail -1) polygons; ratio $(awk "BEGIN {printf \"%.1f\", $b / $a}")"
    done
done
