#!/usr/bin/env bash
# The plain rule by the Orfeo Toolbox: plain_otb.sh BEFORE AFTER SURVEY OUT leaves mask.tif and changes.gpkg in OUT.
# GDAL's programs do what it has no application for: parcels chosen by an attribute, and the sieve.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/cropland.sh"

p="(im1b4-im1b3)/(im1b4+im1b3)" q="(im2b4-im2b3)/(im2b4+im2b3)"
valid="im1b1>0 && im1b2>0 && im1b3>0 && im1b4>0 && im2b1>0 && im2b2>0 && im2b3>0 && im2b4>0"
built="$p>0.35 && $q<0.25 && im2b1+im2b2+im2b3+im2b4>0.8*(im1b1+im1b2+im1b3+im1b4)"
otbcli_BandMath -progress 0 -il "$before" "$after" "$out/crop.tif" -out "$out/raw.tif" uint8 \
    -exp "($valid) ? (($built) ? 1 : ((im3b1>0 && $p-$q>0.2 && $q<0.4) ? 2 : 0)) : 0" >"$out/log"
# The label of no data takes no part in the majority: here it is one that does not occur, because 0 must.
otbcli_ClassificationMapRegularization -progress 0 -io.in "$out/raw.tif" -io.out "$out/kind.tif" uint8 \
    -ip.radius 1 -ip.nodatalabel 255 -ip.undecidedlabel 254 >>"$out/log"
objects "$out/kind.tif"
