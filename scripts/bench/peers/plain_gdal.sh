#!/usr/bin/env bash
# The plain rule by GDAL's own programs: plain_gdal.sh BEFORE AFTER SURVEY OUT leaves mask.tif and changes.gpkg in OUT.
# Intermediate images are left uncompressed, which is quickest.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/cropland.sh"

# calc OUT EXPRESSION INPUTS… computes with gdal_calc, for which no value means no data.
calc() {
    local target=$1 expression=$2
    shift 2
    gdal_calc.py --quiet --hideNoData --type=Byte --co TILED=YES --co BLOCKXSIZE=512 --co BLOCKYSIZE=512 \
        --outfile="$out/$target" --calc="$expression" "$@"
}

# Both kinds in one pass: 1 built, 2 lost, 4 valid.
p="(D.astype(float32)-C)/maximum(D.astype(float32)+C,1)" q="(S.astype(float32)-R)/maximum(S.astype(float32)+R,1)"
calc raw.tif "(($p>0.35)*($q<0.25)*(P.astype(float32)+Q+R+S>0.8*(A.astype(float32)+B+C+D))+2*($p-$q>0.2)*($q<0.4)+4)*((A>0)*(B>0)*(C>0)*(D>0)*(P>0)*(Q>0)*(R>0)*(S>0))" \
    -A "$before" --A_band=1 -B "$before" --B_band=2 -C "$before" --C_band=3 -D "$before" --D_band=4 \
    -P "$after" --P_band=1 -Q "$after" --Q_band=2 -R "$after" --R_band=3 -S "$after" --S_band=4

# GDAL counts neighbours in a virtual raster: a kernel of ones over one bit.
kernel='<Kernel normalized="0"><Size>3</Size><Coefs>1 1 1 1 1 1 1 1 1</Coefs></Kernel>'
for bit in 1 2; do
    calc "bit$bit.tif" "(A&$bit)//$bit" -A "$out/raw.tif"
    gdal_translate -q -of VRT -a_nodata none "$out/bit$bit.tif" "$out/count$bit.vrt"
    sed -i -e 's/SimpleSource>/KernelFilteredSource>/' -e "s|</KernelFilteredSource>|$kernel&|" "$out/count$bit.vrt"
done
calc kind.tif "where(V<4,0,where(A>=5,1,where((B>=5)*C,2,0)))" -A "$out/count1.vrt" -B "$out/count2.vrt" -C "$out/crop.tif" -V "$out/raw.tif"
objects "$out/kind.tif"
