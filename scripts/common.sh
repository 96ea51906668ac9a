# What the scripts share; sourced, never run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# The packages that need GDAL or GEOS and thus a C compiler: the two leaves, and the programs that link them.
native='/(raster/(gdal|geos)|cmd|scripts)(/|$)'

# pure_packages lists all packages but those: they build and pass with CGO_ENABLED=0.
pure_packages() { go list ./... | grep -Ev "$native"; }
