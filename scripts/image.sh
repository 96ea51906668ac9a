#!/usr/bin/env bash
# Builds the container image and tries it: as the image's user, on a read-only root file system, without network, it
# must tell its version, run the demo into a mounted folder, and find nothing wrong with the product.
#
#   scripts/image.sh                   the image tuban:VERSION (IMAGE=name:tag names it otherwise)
#   scripts/image.sh --save FILE.tar   and as a file that docker load and podman load read
#   scripts/image.sh --fresh           without the bases and layers of an earlier build
#
# With docker or podman and a daemon that answers, these build and run it. Without one, buildah does, as root, on bases
# that debootstrap makes and this machine's Go; all of it stays in IMAGE_CACHE (~/.cache/tuban-image), no registry is asked.
# IMAGE_ENGINE=docker, podman or buildah chooses.
. "$(dirname "$0")/common.sh"

release=$(sed -n 's/^const release = "\(.*\)"$/\1/p' cmd/tuban/cmd_version.go)
[ -n "$release" ] || die "found no release in cmd/tuban/cmd_version.go: has it moved? Then scripts/image.sh must follow"
image=${IMAGE:-tuban:$release}
revision=$(make -s --no-print-directory revision)
cache=${IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tuban-image}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
save=
fresh=
while [ $# != 0 ]; do
    case $1 in
    --save)
        [ $# -ge 2 ] || die "--save takes a file"
        save=$2
        shift
        ;;
    --fresh) fresh=1 ;;
    *) die "unknown argument $1: there are --save FILE and --fresh" ;;
    esac
    shift
done
[ ! -e "$save" ] || die "$save exists: remove it, or name another file"

# The image's own user, /data and environment come from the image: what is tried is what it says of itself.
arguments=(--build-arg "VERSION=$release" --build-arg "REVISION=$revision")
for name in GOSUMDB GONOSUMDB GONOPROXY GOPRIVATE; do
    arguments+=(--build-arg "$name=$(go env $name 2>/dev/null || true)")
done

# try runs the image several times, each time with a read-only root and the same folder mounted at /data; "inside" does it.
try() {
    say "image: trying $image: not root, read-only root file system, no network"
    inside version
    inside demo --out /data/demo --size 1024
    inside check /data/demo/out
    inside plan /data/demo/run.yaml
    inside run /data/demo/run.yaml --out /data/again
}

# ---- with a daemon

with_daemon() {
    local engine=$1 proxy volume
    proxy=$(go env GOPROXY 2>/dev/null || true)
    say "image: building $image with $engine"
    DOCKER_BUILDKIT=1 "$engine" build ${fresh:+--no-cache --pull} "${arguments[@]}" --build-arg "GOPROXY=$proxy" -t "$image" .
    say "image: $("$engine" image inspect -f '{{.Size}}' "$image" | awk '{printf "%.0f MiB", $1 / 1048576}') unpacked"
    # A fresh volume takes the owner of /data in the image, whoever runs this.
    volume=$("$engine" volume create)
    # shellcheck disable=SC2064  # now: the names are local
    trap "'$engine' volume rm -f '$volume' >/dev/null" EXIT
    inside() {
        "$engine" run --rm --read-only --network none --cap-drop ALL --security-opt no-new-privileges -v "$volume:/data" "$image" "$@"
    }
    try
    [ -z "$save" ] || "$engine" save -o "$save" "$image"
}

# ---- without

# root_fs makes a Debian 12 like the slim image: nothing but what is essential, without documentation and translations.
root_fs() {
    local to=$1
    # It mounts /proc: in a namespace of its own, where no rm can meet it, and gone when it ends, however it ends.
    unshare --mount --pid --fork --kill-child --mount-proc debootstrap --variant=minbase bookworm "$to" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
        die "debootstrap failed: $(tail -n 3 "$cache/debootstrap.log")"
    cat >"$to/etc/apt/sources.list" <<EOT
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb ${DEBIAN_SECURITY_MIRROR:-$mirror-security} bookworm-security main
EOT
    printf '%s\n' 'path-exclude /usr/share/doc/*' 'path-include /usr/share/doc/*/copyright' 'path-exclude /usr/share/man/*' \
        'path-exclude /usr/share/info/*' 'path-exclude /usr/share/locale/*' >"$to/etc/dpkg/dpkg.cfg.d/slim"
    find "$to/usr/share/doc" -type f ! -name copyright -delete
    rm -rf "$to"/usr/share/{man,info,locale}/* "$to"/var/lib/apt/lists/* "$to"/var/cache/apt/* "$to"/var/log/*
}

# from_default prints what the Dockerfile's FROM uses when nothing else is said: that is what a base must be called.
from_default() { sed -n "s/^ARG $1=//p" Dockerfile; }

# bases makes the two images that the Dockerfile starts from, unless they are there.
bases() {
    local debian golang go container root ca
    debian=$(from_default BASE_IMAGE)
    golang=$(from_default GO_IMAGE)
    go=$(go env GOVERSION)
    if ! buildah inspect --type image "$debian" >/dev/null 2>&1; then
        say "image: making $debian with debootstrap (half a minute, once)"
        root_fs "$work/debian"
        container=$(buildah from scratch)
        buildah add --quiet "$container" "$work/debian" / >/dev/null
        buildah config --cmd bash --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
        buildah commit --quiet --rm "$container" "$debian" >/dev/null
        rm -rf --one-file-system "$work/debian"
    fi
    # Another Go on this machine makes another base.
    if [ "$(buildah inspect --type image --format '{{index .OCIv1.Config.Labels "go"}}' "$golang" 2>/dev/null)" != "$go" ]; then
        say "image: making $golang of it and this machine's $go"
        container=$(buildah from --pull-never "$debian")
        buildah run "$container" -- sh -c 'apt-get -qq update && apt-get -qq -y --no-install-recommends install make ca-certificates && rm -rf /var/lib/apt/lists/*' >/dev/null 2>"$cache/apt.log" </dev/null ||
            die "apt-get failed: $(tail -n 3 "$cache/apt.log")"
        root=$(buildah mount "$container")
        cp -a "$(go env GOROOT)" "$root/usr/local/go"
        # The authorities that this machine trusts, so that modules can be fetched where it can fetch them.
        ca=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
        [ ! -f "$ca" ] || cp "$ca" "$root/etc/ssl/certs/ca-certificates.crt"
        buildah unmount "$container" >/dev/null
        buildah config --label "go=$go" --env GOTOOLCHAIN=local --env GOPATH=/go \
            --env PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
        buildah commit --quiet --rm "$container" "$golang" >/dev/null
    fi
}

# stage builds a stage of the Dockerfile. Its commands need the certificates where the base has them, not where this
# machine does.
stage() {
    env -u SSL_CERT_FILE -u SSL_CERT_DIR buildah bud --quiet --layers --pull-never "${arguments[@]}" "$@" . >"$cache/build.log" 2>&1 </dev/null || {
        tail -n 40 "$cache/build.log" >&2
        die "the build failed: all of it is in $cache/build.log"
    }
}

# tidy leaves no mount and no working container behind, whatever happened.
tidy() {
    buildah rm --all >/dev/null 2>&1 || true
    rm -rf --one-file-system "$work"
}

without_daemon() {
    local proxy modules container user setting config=()
    say "image: building with buildah, without a daemon and a registry; cache in $cache"
    for name in buildah debootstrap unshare go; do
        command -v $name >/dev/null || die "there is no $name: apt-get install buildah debootstrap util-linux, or start a docker or podman daemon"
    done
    [ "$(id -u)" = 0 ] || die "without a daemon this takes root: debootstrap and chroot do"
    mkdir -p "$cache/tmp"
    exec 9>"$cache/lock"
    flock -n 9 || die "another build uses $cache: wait for it, or set IMAGE_CACHE"
    export CONTAINERS_STORAGE_CONF=$cache/storage.conf BUILDAH_ISOLATION=chroot TMPDIR=$cache/tmp
    printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/run"\n' "$cache" "$cache" >"$CONTAINERS_STORAGE_CONF"
    work=$cache/work
    tidy # what a killed build left
    mkdir "$work"
    trap tidy EXIT
    # A signal waits for the command in work, so that nothing is removed under it.
    trap 'exit 130' INT
    trap 'exit 143' TERM
    [ -z "$fresh" ] || buildah rmi --all --force >/dev/null
    bases

    # Modules that this machine has already are taken from its cache, the rest from where it would take them.
    proxy=$(go env GOPROXY)
    modules=$(go env GOMODCACHE)/cache/download
    if [ -d "$modules" ]; then
        arguments+=(--volume "$modules:/modules:ro")
        proxy=file:///modules,$proxy
    fi
    arguments+=(--build-arg "GOPROXY=$proxy")
    say "image: building $image"
    # The first stage gets a name, so that its layers stay for the next build when those of older builds are removed.
    stage --target build --tag "$image-build"
    stage --tag "$image"
    buildah rmi --prune >/dev/null

    container=$(buildah from --pull-never "$image")
    root=$(buildah mount "$container")
    say "image: $(du -sxm "$root" | cut -f 1) MiB unpacked, of which tuban $(du -sm "$root/usr/local/bin/tuban" | cut -f 1) MiB"
    user=$(buildah inspect --type image --format '{{.OCIv1.Config.User}}' "$image")
    while read -r setting; do
        [ -z "$setting" ] || config+=("$setting")
    done < <(buildah inspect --type image --format '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' "$image")
    install -d -o "${user%:*}" -g "${user#*:}" "$work/data"
    # A mount namespace of its own: the root read-only, /data and what a container has in /dev and /proc. The kernel takes
    # it all down with the last process.
    inside() {
        # shellcheck disable=SC2016  # expanded inside
        unshare --mount --net --pid --fork --propagation private bash -euc '
            root=$1 data=$2 user=$3
            shift 3
            mount --bind "$root" "$root"
            mount --bind "$data" "$root/data"
            mount -t tmpfs -o mode=755 tmpfs "$root/dev"
            mknod -m 666 "$root/dev/null" c 1 3
            mknod -m 666 "$root/dev/urandom" c 1 9
            mount -t proc proc "$root/proc"
            mount -o remount,bind,ro "$root"
            if touch "$root/tmp/written" 2>/dev/null; then
                echo "the root file system can be written" >&2
                exit 1
            fi
            exec env -i "${@:2:$1}" chroot --userspec="$user" --groups= "$root" /usr/bin/env -C /data /usr/local/bin/tuban "${@:$1+2}"
        ' inside "$root" "$work/data" "$user" ${#config[@]} "${config[@]}" "$@"
    }
    try
    [ -z "$save" ] || buildah push --quiet "$image" "docker-archive:$save:$image"
}

# engine prints what builds: what was asked for, else what answers, else buildah.
engine() {
    local name
    for name in docker podman; do
        if command -v $name >/dev/null && $name info >/dev/null 2>&1; then
            echo $name
            return
        fi
    done
    echo buildah
}

began=$SECONDS
engine=${IMAGE_ENGINE:-$(engine)}
case $engine in
docker | podman) with_daemon "$engine" ;;
buildah) without_daemon ;;
*) die "IMAGE_ENGINE=$engine: docker, podman or buildah" ;;
esac
[ -z "$save" ] || say "image: saved as $save, $(du -m "$save" | cut -f 1) MiB"
say "image: $image is built and works, $((SECONDS - began)) s"
