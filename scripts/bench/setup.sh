#!/usr/bin/env bash
# Installs from apt what tuban is compared with in scripts/bench.sh, and says what it does. tuban itself needs none of it.
. "$(dirname "$0")/../common.sh"

packages=(gdal-bin python3-gdal python3-numpy python3-rasterio python3-numba otb-bin)

missing=()
for package in "${packages[@]}"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
        missing+=("$package")
    fi
done
[ ${#missing[@]} != 0 ] || exit 0

root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing, and installing them takes root: ${missing[*]}"
    root='sudo -E'
fi
export DEBIAN_FRONTEND=noninteractive
say "bench: apt-get install ${missing[*]} (OTB alone is about 500 MB)"
# The lists on a fresh machine are empty: then fetch them and try again.
for try in 1 2; do
    if [ $try = 2 ]; then
        $root apt-get -qq update </dev/null || die "apt-get update failed: is the network there?"
    fi
    if $root apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install "${missing[@]}" </dev/null >/dev/null; then
        exit 0
    fi
done
die "apt cannot install ${missing[*]}; the sections without peers work all the same"
