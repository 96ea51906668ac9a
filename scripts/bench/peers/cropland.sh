# shellcheck shell=bash
# What the peers made of programs have in common; sourced, never run. Their arguments are BEFORE AFTER SURVEY OUT.

set -euo pipefail
# shellcheck disable=SC2034  # after is for who sources this
before=$1 after=$2 survey=$3 out=$4

# Cropland (耕地) of the survey as pixels, on the grid of the before image.
read -r width height < <(gdalinfo "$before" | sed -nE 's/^Size is ([0-9]+), ([0-9]+)/\1 \2/p')
read -r left top < <(gdalinfo "$before" | sed -nE 's/^Upper Left +\( *([0-9.-]+), *([0-9.-]+)\).*/\1 \2/p')
read -r right bottom < <(gdalinfo "$before" | sed -nE 's/^Lower Right +\( *([0-9.-]+), *([0-9.-]+)\).*/\1 \2/p')
gdal_rasterize -q -l DLTB -where "DLBM LIKE '01%'" -burn 1 -init 0 -ot Byte -te "$left" "$bottom" "$right" "$top" -ts "$width" "$height" \
    -co TILED=YES -co BLOCKXSIZE=512 -co BLOCKYSIZE=512 "$survey" "$out/crop.tif"

# objects KINDS drops what is smaller than 400 pixels and writes the rest as pixels and as polygons.
objects() {
    gdal_sieve.py -q -st 400 -4 "$1" "$out/mask.tif"
    gdal_edit.py -a_nodata 0 "$out/mask.tif" # polygons of what is left, not of the rest
    gdal_polygonize.py -q "$out/mask.tif" -f GPKG "$out/changes.gpkg" changes kind
}
