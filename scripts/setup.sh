#!/usr/bin/env bash
# Installs the system packages that tuban is built with, and says what it does. When all is there it only looks.
# "scripts/setup.sh runtime" installs those that a built tuban runs with instead, for an image; "scripts/setup.sh test" adds the
# programs of other origin that tests read products back with.
#
# The pinned versions are those of Debian 12. Where a point release has moved on, the same upstream version is taken.
# On another system nothing is installed: it says what is missing.
. "$(dirname "$0")/common.sh"

# name, pinned version, upstream version that will do as well
packages='
ca-certificates  -                *
gcc              4:12.2.0-3       4:12.2.*
g++              4:12.2.0-3       4:12.2.*
libc6-dev        -                2.36-*
pkg-config       1.8.1-1          1.8.*
libgdal-dev      3.6.2+dfsg-1+b2  3.6.2*
libgeos-dev      3.11.1-1         3.11.*
gdal-bin         3.6.2+dfsg-1+b2  3.6.2*
'
runtime='
ca-certificates  -                *
gdal-data        3.6.2+dfsg-1     3.6.2*
libgdal32        3.6.2+dfsg-1+b2  3.6.2*
libgeos-c1v5     3.11.1-1         3.11.*
proj-data        9.1.1-1          9.1.*
tzdata           -                *
'

# QGIS, PostGIS, a browser that prints, and readers of XLSX and PDF.
testing='
fonts-noto-cjk           1:20220127+repack1-1  *
chromium                 -                     *
poppler-utils            22.12.0-2             22.12.*
postgresql-15            -                     15.*
postgresql-15-postgis-3  3.3.2+dfsg-1+b1       3.3.*
python3-openpyxl         3.0.9-1               3.0.*
python3-qgis             3.22.16+dfsg-1        3.22.*
qgis-providers           3.22.16+dfsg-1        3.22.*
'

# works tells whether this machine can build, whatever its packages are called; there says with what.
works() {
    command -v gcc g++ pkg-config >/dev/null && pkg-config --exists 'gdal >= 3.6' && pkg-config --exists 'geos >= 3.11'
}
there() { say "GDAL $(pkg-config --modversion gdal), GEOS $(pkg-config --modversion geos), $(gcc --version | head -n 1)"; }

case ${1:-} in
'') command -v go >/dev/null || die "there is no Go: install the version that go.mod names, or later" ;;
test)
    command -v go >/dev/null || die "there is no Go: install the version that go.mod names, or later"
    packages+=$testing
    ;;
runtime)
    packages=$runtime
    works() { compgen -G '/usr/lib/*/libgdal.so.32' >/dev/null && compgen -G '/usr/lib/*/libgeos_c.so.1' >/dev/null; }
    there() { say "GDAL $(installed libgdal32), GEOS $(installed libgeos-c1v5), PROJ data $(installed proj-data)"; }
    ;;
*) die "no argument, \"test\" or \"runtime\", not $1" ;;
esac

# installed prints a package's version, nothing when it is not installed.
installed() { { dpkg-query -W -f '${db:Status-Abbrev}|${Version}' "$1" 2>/dev/null || true; } | sed -n 's/^ii *|//p'; }

# candidates lists the versions of a package that apt can fetch.
candidates() { { apt-cache madison "$1" 2>/dev/null || true; } | awk -F'|' '{gsub(/ /, "", $2); print $2}'; }

# pick prints what to ask apt for: the pinned version, else the newest of the same upstream version.
pick() {
    local name=$1 pinned=$2 upstream=$3 have v
    have=$(candidates "$name")
    if [ "$pinned" != - ] && grep -qxF -- "$pinned" <<<"$have"; then
        echo "$name=$pinned"
        return
    fi
    while read -r v; do
        # shellcheck disable=SC2053  # a pattern on purpose
        if [ -n "$v" ] && [[ $v == $upstream ]]; then
            echo "$name=$v"
            return
        fi
    done <<<"$have"
    return 1
}

# wants prints the requests for all missing packages; it fails on those that apt has in no version that will do.
wants() {
    local name pinned upstream request absent=0
    while read -r name pinned upstream; do
        [ -n "$name" ] || continue
        if request=$(pick "$name" "$pinned" "$upstream"); then
            echo "$request"
        else
            absent=1
        fi
    done <<<"$missing"
    return $absent
}

. /etc/os-release 2>/dev/null || true
if [ "${ID:-}" != debian ] || [ "${VERSION_ID:-}" != 12 ] || ! command -v dpkg-query >/dev/null; then
    [ "${1:-}" != runtime ] || die "${PRETTY_NAME:-this system} is not Debian 12, whose libraries tuban is built with"
    works || die "${PRETTY_NAME:-this system} is not Debian 12, so nothing is installed here. Install gcc, g++, pkg-config, GDAL 3.6 or later and GEOS 3.11 or later with their headers, then try again."
    say "setup: ${PRETTY_NAME:-this system} has GDAL $(pkg-config --modversion gdal) and GEOS $(pkg-config --modversion geos); tests run on Debian 12 with 3.6.2 and 3.11.1"
    exit 0
fi

missing=
while read -r name pinned upstream; do
    [ -n "$name" ] || continue
    version=$(installed "$name")
    # shellcheck disable=SC2053  # a pattern on purpose
    if [ -z "$version" ]; then
        missing+="$name $pinned $upstream"$'\n'
    elif [[ $version != $upstream ]]; then
        say "setup: $name $version is installed, not $upstream: left as it is"
    fi
done <<<"$packages"

if [ -z "$missing" ]; then
    works || die "the packages are installed, but GDAL and GEOS are not found: is PKG_CONFIG_PATH or another pkg-config in the way?"
    exit 0
fi

root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing, and installing them takes root: $(awk 'NF {printf "%s ", $1}' <<<"$missing")"
    root='sudo -E'
fi
export DEBIAN_FRONTEND=noninteractive
say "setup: missing: $(awk 'NF {printf "%s ", $1}' <<<"$missing")"
# The lists on a fresh machine are empty, and elsewhere they may name files that are gone: then fetch them and try again.
for try in 1 2; do
    if [ $try = 2 ]; then
        say "setup: apt-get update"
        $root apt-get -qq update </dev/null || die "apt-get update failed: is the network there?"
    fi
    if requests=$(wants); then
        mapfile -t list <<<"$requests"
        say "setup: apt-get install ${list[*]}"
        if $root apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install "${list[@]}" </dev/null >/dev/null; then
            works || die "the packages are installed, but GDAL and GEOS are not found"
            say "setup: done: $(there)"
            exit 0
        fi
    fi
done
die "apt cannot install these in a version that will do (the third column): 
$missing"
