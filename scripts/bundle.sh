#!/usr/bin/env bash
# Packs dist/tuban-VERSION-linux-ARCH.tar.gz, with which tuban runs on a machine without internet and without GDAL: the
# program, every library that it loads down to the C library, their data and licences, examples and documents. Then it
# unpacks and tries it: checksums, version, demo, check.
#
#   scripts/bundle.sh            tried as a user, in a fresh root file system of another Debian, without network
#   scripts/bundle.sh --quick    no archive; tried where it is, with a cleared environment
#
# BUNDLE_SUITES ("bullseye") are the Debian releases to try it on: an older C library than the bundle's is the hard case.
. "$(dirname "$0")/common.sh"

quick=
case ${1:-} in
'') ;;
--quick) quick=1 ;;
*) die "unknown argument $1: there is --quick" ;;
esac
command -v dpkg-query >/dev/null || die "the bundle is packed on Debian 12, of its packages: there is no dpkg here"
[ -x bin/tuban ] || die "there is no bin/tuban: make build"
version=$(bin/tuban version | awk '{print $2}')
name=tuban-$version-linux-$(go env GOARCH)
cache=${BUNDLE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tuban-bundle}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
# A signal waits for the command in work, so that nothing is removed under it.
trap 'exit 130' INT
trap 'exit 143' TERM
began=$SECONDS

# share prints the folder in which a Debian package keeps a file of its data.
share() {
    local files
    files=$(dpkg -L "$1" | grep "/$2\$") || die "package $1 has no $2: has it moved? Then scripts/bundle.sh must follow"
    dirname "${files%%$'\n'*}"
}

# libraries lists what a program loads, the loader itself too: the name that is asked for, and the file.
libraries() {
    local missing
    missing=$(ldd "$1" | grep 'not found' || true)
    [ -z "$missing" ] || die "$1 misses libraries: $missing"
    ldd "$1" | awk '$2 == "=>" {print $1, $3} $1 ~ /^\// {n = split($1, part, "/"); print part[n], $1}'
}

# assemble makes the folder of the bundle.
assemble() {
    local to=$1 soname file gconv gdal proj package files
    mkdir -p "$to"/{lib,libexec,share,licenses}
    install bin/tuban "$to/libexec/"
    while read -r soname file; do
        install -m 644 "$(readlink -f "$file")" "$to/lib/$soname"
    done < <(libraries bin/tuban)
    # The loader is the one that the program names; the launcher starts it.
    loader=$(basename "$(ldd bin/tuban | awk '$1 ~ /^\// {print $1}')")
    chmod 755 "$to/lib/$loader"
    # The C library reads the tables of GBK and GB18030 from files: without them no Chinese Shapefile could be read.
    gconv=$(share libc6 gconv-modules)
    cp -rL "$gconv" "$to/lib/gconv"
    gdal=$(share gdal-data gdalvrt.xsd)
    proj=$(share proj-data proj.db)
    cp -rL "$gdal" "$to/share/gdal"
    cp -rL "$proj" "$to/share/proj"
    cp -r examples docs README.md README.zh.md CHANGELOG.md CONTRIBUTING.md LICENSE "$to/"
    rm -rf "$to/examples/out"

    cat >"$to/tuban" <<EOT
#!/bin/sh
# Starts tuban with the libraries and data of this folder, whatever the system has. The folder may be anywhere, and
# a symbolic link to this file may be on the PATH.
here=\$(dirname -- "\$(readlink -f -- "\$0")")
export GDAL_DATA="\$here/share/gdal" PROJ_DATA="\$here/share/proj" PROJ_LIB="\$here/share/proj" GCONV_PATH="\$here/lib/gconv"
# Plugins of a GDAL that the system has are for that GDAL.
export GDAL_DRIVER_PATH=disable
exec "\$here/lib/$loader" --argv0 tuban --inhibit-cache --library-path "\$here/lib" "\$here/libexec/tuban" "\$@"
EOT
    chmod 755 "$to/tuban"

    # Licences: of each Debian package that a file is from, with its version, and of what is compiled in. Debian knows
    # some files below /lib and others below /usr/lib.
    mapfile -t files < <(libraries bin/tuban | awk '{print $2}' | xargs readlink -f)
    { dpkg -S "${files[@]}" "${files[@]#/usr}" 2>/dev/null || true; } >"$work/owners"
    for file in "${files[@]}"; do
        grep -qF -e ": /usr${file#/usr}" -e ": ${file#/usr}" "$work/owners" || die "no package owns $file, so its licence is not known"
    done
    mkdir -p "$to/licenses/debian"
    { cut -d : -f 1 "$work/owners" && printf '%s\n' gdal-data proj-data; } | sort -u | while read -r package; do
        install -D -m 644 "/usr/share/doc/$package/copyright" "$to/licenses/debian/$package/copyright"
        # shellcheck disable=SC2016  # dpkg's own fields
        dpkg-query -W -f '${Package} ${Version}, source ${source:Package} ${source:Version}\n' "$package" | awk 'NR == 1'
    done >"$to/licenses/debian/PACKAGES"
    cp -rL /usr/share/common-licenses "$to/licenses/debian/"
    scripts/licenses.sh bin/tuban "$to/licenses/go"
    (cd "$to" && find . -type f -printf '%P\0' | sort -z | xargs -0 sha256sum) >"$work/sums"
    mv "$work/sums" "$to/SHA256SUMS"
}

# closed checks that everything that the program loads comes from the bundle.
closed() {
    local dir=$1 outside
    outside=$(env -i "$dir/lib/$loader" --inhibit-cache --library-path "$dir/lib" --list "$dir/libexec/tuban" |
        grep -vF -e "$dir/lib/" -e linux-vdso || true)
    [ -z "$outside" ] || die "these libraries are not taken from the bundle: $outside"
}

# The trial, by a plain sh with nothing but coreutils: the bundle's folder, and one to write into. "run" starts itself
# again, for native code. The last step reads a Shapefile in GB18030, whose tables the C library loads while it runs.
# shellcheck disable=SC2016  # expanded inside
trial='
set -eu
cd "$1"
sha256sum --check --quiet SHA256SUMS
echo "checksums: $(wc -l < SHA256SUMS) files are what they should be"
./tuban version
ln -s "$1/tuban" "$2/tuban"
cd "$2"
./tuban demo --out demo --size 1024
./tuban check demo/out
./tuban plan demo/run.yaml
./tuban run demo/run.yaml --out again
./tuban inspect chinese.shp
'

# chinese leaves a Shapefile whose attributes are Chinese, in GB18030 and without a .cpg, as surveys are delivered.
chinese() {
    printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"地类名称":"水田"},"geometry":{"type":"Point","coordinates":[125.1,44.4]}}]}' >"$work/chinese.json"
    ogr2ogr -f 'ESRI Shapefile' -lco ENCODING=GB18030 "$1/chinese.shp" "$work/chinese.json" 2>/dev/null
    rm -f "$1/chinese.cpg"
}

# judge runs a trial, and fails where it did or where it did not read the Chinese name.
judge() {
    "$@" 2>&1 | tee "$work/trial.log" || die "the trial failed: see above"
    grep -q '地类名称' "$work/trial.log" || die "a field called 地类名称 in GB18030 was not read"
}

try_here() {
    say "bundle: trying it here, with a cleared environment (not tried: another system, no network)"
    mkdir "$work/home"
    chinese "$work/home"
    judge env -i PATH=/usr/bin:/bin sh -c "$trial" trial "$1" "$work/home"
}

# try_on tries it in a copy of a minimal Debian, as nobody, without network.
try_on() {
    local suite=$1 archive=$2 root=$work/root
    if [ ! -f "$cache/$suite.tar" ]; then
        say "bundle: making a minimal $suite with debootstrap (half a minute, once)"
        mkdir -p "$cache"
        # It mounts /proc: in a namespace of its own, where no rm can meet it, and gone when it ends, however it ends.
        unshare --mount --pid --fork --kill-child --mount-proc debootstrap --variant=minbase "$suite" "$work/minimal" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
            die "debootstrap failed: $(tail -n 3 "$cache/debootstrap.log")"
        tar -C "$work/minimal" -cf "$cache/$suite.tar.part" .
        mv "$cache/$suite.tar.part" "$cache/$suite.tar"
        rm -rf --one-file-system "$work/minimal"
    fi
    rm -rf --one-file-system "$root"
    mkdir "$root"
    tar -C "$root" -xf "$cache/$suite.tar"
    tar -C "$root/opt" -xzf "$archive"
    # As other distributions have no tables of encodings where Debian's C library looks for them.
    rm -rf "$root"/usr/lib/*/gconv
    install -d -o 65534 -g 65534 "$root/home/trial"
    chinese "$root/home/trial"
    say "bundle: trying it on $(. "$root/etc/os-release" && echo "$PRETTY_NAME"), C library $(chroot "$root" ldd --version | sed -n '1s/.* //p'), as nobody, without network"
    # /proc and the network are this process's own; they end with it.
    # shellcheck disable=SC2016  # expanded inside
    judge unshare --mount --net --pid --fork --propagation private bash -euc '
        mount -t proc proc "$1/proc"
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/home/trial chroot --userspec=65534:65534 --groups= "$1" /bin/sh -c "$2" trial "$3" /home/trial
    ' inside "$root" "$trial" "/opt/$name"
}

say "bundle: assembling $name"
assemble "$work/$name"
closed "$work/$name"
say "bundle: $(find "$work/$name" -type f | wc -l) files, $(du -sm "$work/$name" | cut -f 1) MiB, of which libraries $(du -sm "$work/$name/lib" | cut -f 1)"
if [ -n "$quick" ]; then
    try_here "$work/$name"
    say "bundle: it works, $((SECONDS - began)) s"
    exit 0
fi

# The same files make the same archive: no clock, no owner, no umask, one order.
archive=dist/$name.tar.gz
mkdir -p dist
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" \
    -cf - "$name" | gzip -n >"$archive.part"
mv "$archive.part" "$archive"
(cd dist && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
say "bundle: $archive, $(du -m "$archive" | cut -f 1) MiB, packed after $((SECONDS - began)) s"
if [ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null; then
    for suite in ${BUNDLE_SUITES:-bullseye}; do
        try_on "$suite" "$PWD/$archive"
    done
else
    say "bundle: without root and debootstrap (apt-get install debootstrap) it cannot be tried on another system"
    mkdir "$work/unpacked"
    tar -C "$work/unpacked" -xzf "$archive"
    try_here "$work/unpacked/$name"
fi
say "bundle: $archive is packed and works, $((SECONDS - began)) s"
